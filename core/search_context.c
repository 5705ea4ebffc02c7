/*
 * search_context: see search_context.h.
 *
 * A cursor of its own walks all records up to the next one that matches. Of each
 * source the last n that were passed and not printed are kept, by their names;
 * they are printed when a match comes. After a match the next n of its source are
 * printed as they are passed.
 */
#include "config.h"

#include "core/search_context.h"

#include "core/alloc.h"
#include "core/engine_internal.h"

#include <stdlib.h>

/* What was passed of a source. */
struct passed {
	uint64_t *id;     /* owned; a ring of the last n */
	uint64_t seen;    /* records */
	uint64_t printed; /* of these, up to and with the last one that was */
	uint64_t after;   /* so many are still to be printed */
};

struct surroundings {
	struct engine *e;
	const struct record_out *form;
	uint64_t n;
	json_t *logs;
	FILE *out;
	struct cursor cursor;
	struct passed *of;    /* owned; by source */
	size_t n_sources;
	uint64_t waiting;     /* sources that have records to be printed */
	const struct passed *last; /* the source printed last, NULL: nothing was */
	struct record record;
};

struct surroundings *
surroundings_new(struct engine *e, const struct record_out *form, uint64_t n, json_t *logs, FILE *out)
{
	struct surroundings *s = xcalloc(1, sizeof *s);

	*s = (struct surroundings){ .e = e, .form = form, .n = n, .logs = logs, .out = out, .n_sources = e->n_feeds };
	s->of = xcalloc(e->n_feeds + 1, sizeof *s->of);
	cursor_seek(&s->cursor, &e->ring, NULL, PLACE_FIRST, 1);
	return s;
}

/* Print the record that is number `at` of its source, from 0. */
static void
print(struct surroundings *s, struct passed *of, uint64_t at, struct record *r, bool match)
{
	bool follows = of == s->last && of->printed == at;

	if (s->logs) {
		json_t *json = record_out_json(s->form, r);

		json_object_set_new(json, "match", json_boolean(match));
		json_array_append_new(s->logs, json);
	} else {
		if (s->last && !follows)
			fputs("--\n", s->out);
		record_out_put(s->form, r, s->out);
	}
	of->printed = at + 1;
	s->last = of;
}

/* One that is no match, by its name. */
static void
print_other(struct surroundings *s, struct passed *of, uint64_t at, uint64_t id)
{
	uint32_t row;
	struct block *b = ring_find(&s->e->ring, id, &row);

	if (b && engine_record(s->e, b, row, &s->record))
		print(s, of, at, &s->record, false);
}

static void
print_before(struct surroundings *s, struct passed *of)
{
	uint64_t from = of->seen > s->n ? of->seen - s->n : 0;

	for (uint64_t at = from > of->printed ? from : of->printed; at < of->seen; at++)
		print_other(s, of, at, of->id[at % s->n]);
}

/* A record that is no match goes by. */
static void
pass(struct surroundings *s, struct passed *of, uint64_t id)
{
	if (!of->id)
		of->id = xcalloc(s->n, sizeof *of->id);
	of->id[of->seen % s->n] = id;
	if (of->after) {
		print_other(s, of, of->seen, id);
		s->waiting -= --of->after == 0;
	}
	of->seen++;
}

void
surroundings_put(struct surroundings *s, struct record *match)
{
	struct block *b;
	uint32_t row;

	while ((b = cursor_next(&s->cursor, &row)) && record_id(b, row) != match->id)
		pass(s, &s->of[b->source], record_id(b, row));
	if (!b)
		return;
	struct passed *of = &s->of[b->source];

	print_before(s, of);
	print(s, of, of->seen++, match, true);
	s->waiting += of->after == 0;
	of->after = s->n;
}

void
surroundings_free(struct surroundings *s)
{
	struct block *b;
	uint32_t row;

	if (!s)
		return;
	while (s->waiting && (b = cursor_next(&s->cursor, &row)))
		pass(s, &s->of[b->source], record_id(b, row));
	for (size_t i = 0; i < s->n_sources; i++)
		free(s->of[i].id);
	free(s->of);
	cursor_release(&s->cursor);
	record_release(&s->record);
	free(s);
}
