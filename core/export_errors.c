/*
 * export_errors.c: errors that are alike, counted together.
 *
 * Alike are those of one logger with one type of exception and, where there is
 * none, one shape of message: its text without what varies, which is words with a digit
 * in them and what stands in quotes. Newest first, at most so many are looked at.
 */
#include "config.h"

#include "core/export_internal.h"

#include "core/alloc.h"
#include "core/engine_internal.h"
#include "core/mask.h"

#include <stdlib.h>

enum { ERRORS_MOST = 200000, GROUPS_MOST = 1000, SHAPE_MOST = 400 };

static bool
is_word(char c)
{
	return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == '_' || c < 0;
}

/* The word at s: its bytes, and whether it has a digit. */
static size_t
take_word(struct span s, bool *digit)
{
	size_t n = 0;

	*digit = false;
	for (; n < s.n && is_word(s.p[n]); n++)
		*digit |= s.p[n] >= '0' && s.p[n] <= '9';
	return n;
}

static void
add_shape(struct span s, struct strbuf *out)
{
	bool digit;

	for (s = span_head(s, SHAPE_MOST); s.n;) {
		size_t n = take_word(s, &digit);
		ptrdiff_t quote = n || (s.p[0] != '"' && s.p[0] != '\'') ? -1 : span_chr(span_from(s, 1), s.p[0]);

		if (quote >= 0) {
			n = (size_t)quote + 2;
			strbuf_char(out, '"');
		} else if (digit) {
			strbuf_char(out, '#');
		} else {
			n = n ? n : 1;
			strbuf_add(out, span_head(s, n));
		}
		s = span_from(s, n);
	}
}

static uint64_t
group_key(struct record *r, struct strbuf *scratch)
{
	struct span exception = record_field(r, FIELD_EXCEPTION);

	strbuf_clear(scratch);
	strbuf_add(scratch, r->logger);
	strbuf_char(scratch, '\n');
	if (exception.n)
		strbuf_add(scratch, exception);
	else
		add_shape(record_field(r, FIELD_MESSAGE), scratch);
	return span_hash(strbuf_span(scratch));
}

/* One line for it: the exception with its message, or the message. */
static void
set_title(struct error_group *g, struct record *r, bool mask)
{
	struct strbuf title = STRBUF_INIT, masked = STRBUF_INIT;

	strbuf_add(&title, record_field(r, FIELD_EXCEPTION));
	if (title.n && record_field(r, FIELD_EXCEPTION_MESSAGE).n)
		strbuf_str(&title, ": ");
	strbuf_add(&title, title.n ? record_field(r, FIELD_EXCEPTION_MESSAGE) : record_field(r, FIELD_MESSAGE));
	struct span text = mask && mask_text(strbuf_span(&title), &masked) ? strbuf_span(&masked) : strbuf_span(&title);

	if (span_chr(text, '\n') >= 0)
		text = span_head(text, (size_t)span_chr(text, '\n'));
	snprintf(g->title, sizeof g->title, "%.*s", SPAN_FMT(text));
	strbuf_release(&title);
	strbuf_release(&masked);
}

static struct error_group *
find_group(struct error_groups *out, uint64_t key)
{
	for (size_t i = 0; i < out->n; i++)
		if (out->v[i].key == key)
			return &out->v[i];
	return NULL;
}

static void
add(struct error_groups *out, struct record *r, struct strbuf *scratch, bool mask)
{
	uint64_t key = group_key(r, scratch);
	struct error_group *g = find_group(out, key);

	out->errors++;
	if (!g && out->n < GROUPS_MOST) {
		ARRAY_GROW(out->v, out->n, out->cap);
		g = &out->v[out->n++];
		*g = (struct error_group){ .key = key, .last = r->time, .level = r->level, .sample = r->id };
		snprintf(g->logger, sizeof g->logger, "%.*s", SPAN_FMT(r->logger));
		set_title(g, r, mask);
	}
	if (!g)
		return;
	g->count++;
	g->first = r->time;
	g->level = r->level > g->level ? r->level : g->level;
}

static int
by_count(const void *a, const void *b)
{
	const struct error_group *x = a, *y = b;

	if (x->count != y->count)
		return x->count < y->count ? 1 : -1;
	return x->last < y->last ? 1 : x->last > y->last ? -1 : 0;
}

void
error_groups(struct engine *e, const struct timeframe *t, bool mask, struct error_groups *out)
{
	struct strbuf scratch = STRBUF_INIT;
	struct record r = { 0 };
	struct cursor c;
	struct block *b;
	uint32_t row;

	*out = (struct error_groups){ .n = 0 };
	cursor_seek(&c, &e->ring, &e->filter, (struct place){ t->to, 0, 0 }, -1);
	while ((b = cursor_next(&c, &row)) && b->time[row] >= t->from && !out->cut) {
		if (b->level[row] >= LEVEL_ERROR && engine_record(e, b, row, &r))
			add(out, &r, &scratch, mask);
		out->cut = out->errors == ERRORS_MOST;
	}
	cursor_release(&c);
	record_release(&r);
	strbuf_release(&scratch);
	if (out->n)
		qsort(out->v, out->n, sizeof *out->v, by_count);
}

void
error_groups_release(struct error_groups *g)
{
	free(g->v);
	*g = (struct error_groups){ .n = 0 };
}
