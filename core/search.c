#include "config.h"

#include "core/search.h"

#include "core/dedup.h"
#include "core/search_context.h"
#include "core/engine_internal.h"

#include <jansson.h>
#include <stdlib.h>

void
search_flags_query(const struct options *o, struct strbuf *out)
{
	const struct { const char *field, *value; } flags[] = {
		{ "text:", o->text }, { "level=", o->level }, { "logger=", o->module },
		{ "user_id=", o->user }, { "request_id=", o->request },
	};

	for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) {
		if (!flags[i].value)
			continue;
		strbuf_str(out, out->n ? " " : "");
		strbuf_str(out, flags[i].field);
		query_quote(out, span_str(flags[i].value));
	}
}

struct record_out
search_form(const struct options *o)
{
	return (struct record_out){ .kind = o->output, .mask = o->mask, .fields = o->fields, .n_fields = o->n_fields };
}

/* ---- pages ------------------------------------------------------------------------- */

enum { PAGE_SIZE = 100 };

struct pages {
	uint64_t total, first, end; /* records [first, end) are printed */
	uint64_t page, size, count;
};

static struct pages
cut_pages(const struct options *o, uint64_t total)
{
	struct pages p = { .total = total, .page = o->page ? o->page : 1, .size = o->page_size, .end = total };

	if (o->limit && o->limit < total)
		p.first = total - o->limit;
	uint64_t n = total - p.first;

	if (!p.size)
		p.size = o->page ? PAGE_SIZE : n ? n : 1;
	p.count = n ? (n + p.size - 1) / p.size : 1;
	p.first += (p.page - 1) * p.size;
	if (p.first > total)
		p.first = total;
	if (p.end - p.first > p.size)
		p.end = p.first + p.size;
	return p;
}

static void
put_json(json_t *logs, const struct pages *p, FILE *out)
{
	json_t *o = json_pack("{s:I, s:I, s:I, s:b, s:b, s:o}", "total_count", (json_int_t)p->total, "page",
			      (json_int_t)p->page, "total_pages", (json_int_t)p->count, "has_next", p->page < p->count,
			      "has_previous", p->page > 1, "logs", logs);

	json_dumpf(o, out, JSON_INDENT(2) | JSON_ENSURE_ASCII);
	fputc('\n', out);
	json_decref(o);
}

/* ---- the filter's records, but for duplicates -------------------------------------- */

struct walk {
	struct engine *e;
	struct cursor cursor;
	struct record record;
	struct dedup *dedup; /* NULL: duplicates count as records */
};

static void
walk_begin(struct walk *w, struct engine *e, bool dedup)
{
	*w = (struct walk){ .e = e, .dedup = dedup ? dedup_new() : NULL };
	cursor_seek(&w->cursor, &e->ring, &e->filter, PLACE_FIRST, 1);
}

static void
walk_end(struct walk *w)
{
	cursor_release(&w->cursor);
	record_release(&w->record);
	dedup_free(w->dedup);
}

/* The next one. `wanted`: it is to be looked at, too: *there says whether w->record could be had. */
static bool
walk_next(struct walk *w, bool wanted, bool *there)
{
	struct block *b;
	uint32_t row;

	do {
		b = cursor_next(&w->cursor, &row);
		*there = b && (wanted || w->dedup) && engine_record(w->e, b, row, &w->record);
	} while (*there && w->dedup && dedup_seen(w->dedup, &w->record));
	return b != NULL;
}

static uint64_t
count(struct engine *e, bool dedup)
{
	struct walk w;
	uint64_t n = 0;
	bool there;

	if (!dedup)
		return selection_count(&e->filter, &e->ring);
	walk_begin(&w, e, true);
	while (walk_next(&w, false, &there))
		n++;
	if (dedup_folded(w.dedup))
		fprintf(stderr, "tailboard: %llu duplicates folded\n", (unsigned long long)dedup_folded(w.dedup));
	walk_end(&w);
	return n;
}

static void
print_page(struct engine *e, const struct options *o, const struct pages *p, FILE *out)
{
	json_t *logs = o->output == OUTPUT_JSON ? json_array() : NULL;
	struct record_out form = search_form(o);
	struct surroundings *around = o->context ? surroundings_new(e, &form, o->context, logs, out) : NULL;
	struct walk w;
	bool there;

	record_out_head(&form, out);
	walk_begin(&w, e, o->dedup);
	for (uint64_t i = 0; i < p->end && walk_next(&w, i >= p->first, &there); i++) {
		if (i < p->first || !there)
			continue;
		if (around)
			surroundings_put(around, &w.record);
		else if (logs)
			json_array_append_new(logs, record_out_json(&form, &w.record));
		else
			record_out_put(&form, &w.record, out);
	}
	walk_end(&w);
	surroundings_free(around);
	if (logs)
		put_json(logs, p, out);
}

uint64_t
search_print(struct engine *e, const struct options *o, FILE *out)
{
	uint64_t total = count(e, o->dedup);
	struct pages p = cut_pages(o, total);

	if (o->count)
		fprintf(out, "%llu\n", (unsigned long long)total);
	else
		print_page(e, o, &p, out);
	return total;
}
