/*
 * view_log.c: rows of the merged log, and walking from one to the next.
 */
#include "config.h"

#include "core/engine_internal.h"
#include "core/view.h"

#include "core/alloc.h"
#include "core/units.h"

#include <stdio.h>
#include <stdlib.h>

#define LOOK_NS (6 * (NSEC / 1000)) /* for records that a filter does not know yet, of a frame */

enum { TEXT_MAX = 4096 }; /* of a row's text; the record's own view has all of it */

static void
add_text(struct strbuf *out, struct span text)
{
	strbuf_add(out, span_head(text, TEXT_MAX));
}

static void
add_field(struct strbuf *out, struct record *r, enum field f)
{
	struct span value = record_field(r, f);

	if (!value.n)
		return;
	strbuf_char(out, ' ');
	add_text(out, value);
}

static void
add_request(struct strbuf *out, struct record *r)
{
	add_field(out, r, FIELD_METHOD);
	add_field(out, r, FIELD_PATH);
	add_field(out, r, FIELD_STATUS);
}

/* A line of an access log, without what has columns of its own. */
static void
access_text(struct record *r, struct strbuf *out)
{
	char size[16];

	add_request(out, r);
	if (record_parsed(r)->size >= 0)
		strbuf_addf(out, " %s", units_size((uint64_t)record_parsed(r)->size, size));
	add_field(out, r, FIELD_IP);
	add_field(out, r, FIELD_AGENT);
}

static void
exception_text(struct record *r, struct strbuf *out)
{
	add_field(out, r, FIELD_EXCEPTION);
	if (!record_field(r, FIELD_EXCEPTION).n || !record_field(r, FIELD_EXCEPTION_MESSAGE).n)
		return;
	strbuf_char(out, ':');
	add_field(out, r, FIELD_EXCEPTION_MESSAGE);
}

/* "Request completed" does not say which: the record that began the request does. */
static void
add_path_of_start(struct engine *e, struct record *r, struct strbuf *out)
{
	struct span id = record_field(r, FIELD_REQUEST_ID);
	const struct request *q = id.n ? requests_find(e->requests, span_hash(id)) : NULL;
	struct record start = { 0 };
	uint32_t row;
	struct block *b = q && q->start_record ? ring_find(&e->ring, q->start_record, &row) : NULL;

	if (!b || q->start_record == r->id || !engine_record(e, b, row, &start))
		return;
	start.parser = &e->other;
	add_field(out, &start, FIELD_METHOD);
	add_field(out, &start, FIELD_PATH);
	record_release(&start);
}

static void
completion_text(struct engine *e, struct record *r, struct strbuf *out)
{
	add_field(out, r, FIELD_STATUS);
	if (record_parsed(r)->status && record_parsed(r)->duration >= 0)
		add_path_of_start(e, r, out);
}

static void
add_pair(void *arg, const struct keyvalue *kv)
{
	struct strbuf *out = arg;

	if (kv->id != FIELD_OTHER || !kv->value.n)
		return;
	strbuf_char(out, ' ');
	strbuf_add(out, kv->key);
	strbuf_char(out, '=');
	add_text(out, kv->value);
}

/*
 * One line that says what happened: the message, and for structured lines the
 * request it is about ("Request completed 500 GET /api/orders/").
 */
static void
row_text(struct engine *e, struct record *r, struct strbuf *out)
{
	bool access = record_parsed(r)->flags & PARSED_ACCESS;

	if (access && record_field(r, FIELD_PATH).n) {
		access_text(r, out);
		return;
	}
	add_text(out, record_field(r, FIELD_MESSAGE));
	if (r->format->id != FORMAT_JSON)
		return;
	/* A dictionary was logged: what it holds is the message. */
	if (!record_field(r, FIELD_MESSAGE).n)
		record_each(r, add_pair, out);
	if (record_field(r, FIELD_PATH).n)
		add_request(out, r);
	else
		completion_text(e, r, out);
	exception_text(r, out);
}

/* Mask what stands in the buffer from there on. */
static void
mask_from(struct strbuf *text, size_t from)
{
	struct strbuf masked = STRBUF_INIT;

	if (!mask_text(span_from(strbuf_span(text), from), &masked))
		return;
	text->n = from;
	strbuf_add(text, strbuf_span(&masked));
	strbuf_release(&masked);
}

static uint32_t
count_lines(struct span s)
{
	uint32_t n = 0;

	for (ptrdiff_t nl; s.n && (nl = span_chr(s, '\n')) >= 0; s = span_from(s, (size_t)nl + 1))
		n++;
	return n + (s.n != 0);
}

static void
fill_row(struct engine *e, struct block *b, uint32_t row, struct record *r, struct view_log *v, struct view_row *out)
{
	*out = (struct view_row){
		.id = record_id(b, row), .place = block_place(b, row), .time = b->time[row],
		.own_time = b->flags[row] & ROW_OWN_TIME, .level = b->level[row],
		.format = format_get(b->format[row])->name, .source = b->source, .duration = -1,
	};
	size_t start = v->text.n;

	if (!engine_record(e, b, row, r)) {
		strbuf_str(&v->text, "(these bytes are gone: the file was cut, and no copy of it was found)");
		out->text = span_of((const char *)start, v->text.n - start);
		return;
	}

	/* celery, nginx and others name no logger: what they are says as much. */
	struct span logger = r->logger.n || r->format->id == FORMAT_RAW ? r->logger : span_str(r->format->name);

	snprintf(out->logger, sizeof out->logger, "%.*s", SPAN_FMT(logger));
	row_text(e, r, &v->text);
	if (e->masks)
		mask_from(&v->text, start);
	start += v->text.n > start && v->text.p[start] == ' ';
	out->text = span_of((const char *)start, v->text.n - start); /* an offset until the buffer stands still */
	out->duration = record_parsed(r)->duration;
	out->more_lines = count_lines(record_rest(r));
	if (r->format->id == FORMAT_JSON)
		out->more_lines += count_lines(record_field(r, FIELD_TRACEBACK));
	out->hit = e->search.query && selection_has(&e->search, b, row);
}

static size_t
collect(struct engine *e, struct place at, int direction, int64_t deadline, size_t max, struct view_log *v, size_t into)
{
	struct cursor c;
	struct record r = { 0 };
	struct block *b;
	uint32_t row;
	size_t n = 0;

	cursor_seek(&c, &e->ring, &e->filter, at, direction);
	c.deadline = deadline;
	while (n < max && (b = cursor_next(&c, &row)))
		fill_row(e, b, row, &r, v, &v->rows[into + n++]);
	cursor_release(&c);
	record_release(&r);
	return n;
}

static void
reverse_rows(struct view_row *rows, size_t n)
{
	for (size_t i = 0; i + 1 < n - i; i++) {
		struct view_row row = rows[i];

		rows[i] = rows[n - 1 - i];
		rows[n - 1 - i] = row;
	}
}

static bool
nothing_after(struct engine *e, struct place at, int64_t deadline)
{
	struct cursor c;
	uint32_t row;

	cursor_seek(&c, &e->ring, &e->filter, at, 1);
	c.deadline = deadline;
	bool none = !cursor_next(&c, &row);

	cursor_release(&c);
	return none;
}

/* The last place that comes before `at`. */
static struct place
place_before(struct place at)
{
	if (at.pos)
		return (struct place){ at.time, at.source, at.pos - 1 };
	if (at.source)
		return (struct place){ at.time, at.source - 1, UINT64_MAX };
	return (struct place){ at.time - (at.time > INT64_MIN), UINT32_MAX, UINT64_MAX };
}

void
view_log(struct engine *e, struct place at, bool inclusive, size_t before, size_t after, struct view_log *out)
{
	int64_t deadline = selection_done(&e->filter) ? INT64_MAX : clock_mono() + LOOK_NS;

	memset(out, 0, sizeof *out);
	out->rows = xcalloc(before + after + 1, sizeof *out->rows);
	out->n = collect(e, at, -1, deadline, before, out, 0);
	if (out->n)
		reverse_rows(out->rows, out->n);
	out->n += collect(e, inclusive ? place_before(at) : at, 1, deadline, after, out, out->n);
	for (size_t i = 0; i < out->n; i++)
		out->rows[i].text.p = strbuf_span(&out->text).p + (size_t)out->rows[i].text.p;
	out->matched = selection_count(&e->filter, &e->ring);
	out->total = e->ring.records;
	out->hits = e->search.query ? selection_count(&e->search, &e->ring) : 0;
	out->counting = !engine_settled(e);
	out->at_end = nothing_after(e, out->n ? out->rows[out->n - 1].place : at, deadline);
}

void
view_log_release(struct view_log *v)
{
	free(v->rows);
	strbuf_release(&v->text);
	memset(v, 0, sizeof *v);
}

/* Levels are in columns, and blocks say which they have; what the search does not know yet is looked at. */
enum view_found
view_find(struct engine *e, struct place from, enum view_find what, int direction, int64_t deadline, struct place *out)
{
	static const enum level least[] = {
		[FIND_HIT] = LEVEL_NONE, [FIND_ERROR] = LEVEL_ERROR, [FIND_WARNING] = LEVEL_WARNING,
	};
	struct selection *s = what == FIND_HIT ? &e->search : &e->filter;
	struct cursor c;
	struct block *b;
	uint32_t row;

	if (what == FIND_HIT && !s->query)
		return FOUND_NONE;
	cursor_seek(&c, &e->ring, s, from, direction);
	c.least = least[what];
	c.deadline = deadline;
	if ((b = cursor_next(&c, &row)))
		*out = block_place(b, row);
	enum view_found found = b ? FOUND : c.cut ? FOUND_LATER : FOUND_NONE;

	cursor_release(&c);
	return found;
}
