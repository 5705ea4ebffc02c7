/*
 * lens_filters: the parts of what is filtered, and what each of them does.
 *
 * A part is the minimum level, where there is one, or a filter. Of each, two
 * numbers are counted by the engine (a census): what it has by itself, and what
 * there would be with it the other way round, on instead of off. Behind them comes
 * what there is.
 *
 *	queries   part 0   without part 0   part 1   with part 1   ...   all
 */
#include "config.h"

#include "tui/lens.h"

#include "core/alloc.h"
#include "core/units.h"

#include <stdio.h>
#include <stdlib.h>

size_t
lens_parts(const struct lens *l)
{
	return l->n_filters + (l->min_level != LEVEL_NONE);
}

void
lens_part(const struct lens *l, size_t i, struct lens_part *out)
{
	*out = (struct lens_part){ .on = true, .filter = SIZE_MAX };
	if (l->min_level != LEVEL_NONE && i-- == 0) {
		snprintf(out->level, sizeof out->level, "level>=%s", level_info[l->min_level].name);
		return;
	}
	out->filter = i;
	out->on = l->filters[i].on;
}

const char *
lens_part_query(const struct lens *l, const struct lens_part *part)
{
	return part->filter == SIZE_MAX ? part->level : l->filters[part->filter].query;
}

/* All parts that are on, with one of them the other way round; SIZE_MAX: none. */
static void
turned_query(const struct lens *l, size_t turned, struct strbuf *out)
{
	struct lens_part part;

	for (size_t i = 0; i < lens_parts(l); i++) {
		lens_part(l, i, &part);
		if (part.on != (i == turned))
			lens_add_term(out, lens_part_query(l, &part));
	}
}

/* The text of a query of the census. */
static void
census_query(const struct lens *l, size_t i, struct strbuf *out)
{
	size_t n = lens_parts(l);
	struct lens_part part;

	if (i == 2 * n) {
		turned_query(l, SIZE_MAX, out);
	} else if (i % 2) {
		turned_query(l, i / 2, out);
	} else {
		lens_part(l, i / 2, &part);
		strbuf_str(out, lens_part_query(l, &part));
	}
}

static struct query *
compile(const struct lens *l, struct span text)
{
	struct err err;

	return text.n ? query_compile(text, l->now, &err) : NULL;
}

/* Have n texts counted, unless they are already; they are released. */
static void
census(struct lens *l, struct strbuf *texts, size_t n)
{
	struct query **queries = xcalloc(n + 1, sizeof *queries);
	struct strbuf key = STRBUF_INIT;

	for (size_t i = 0; i < n; i++) {
		strbuf_add(&key, strbuf_span(&texts[i]));
		strbuf_char(&key, '\n');
	}
	if (span_eq(strbuf_span(&key), strbuf_span(&l->counted))) {
		engine_census_refresh(l->engine);
		strbuf_release(&key);
	} else {
		for (size_t i = 0; i < n; i++)
			queries[i] = compile(l, strbuf_span(&texts[i]));
		engine_census(l->engine, queries, n);
		strbuf_release(&l->counted);
		l->counted = key;
	}
	for (size_t i = 0; i < n; i++)
		strbuf_release(&texts[i]);
	free(queries);
}

void
lens_count_filters(struct lens *l)
{
	size_t n = lens_parts(l) ? 2 * lens_parts(l) + 1 : 0;
	struct strbuf *texts = xcalloc(n + 1, sizeof *texts);

	for (size_t i = 0; i < n; i++)
		census_query(l, i, &texts[i]);
	census(l, texts, n);
	free(texts);
}

void
lens_count_queries(struct lens *l, const char *const *queries, size_t n)
{
	struct strbuf *texts = xcalloc(n + 1, sizeof *texts);

	for (size_t i = 0; i < n; i++) {
		lens_query(l, &texts[i]);
		lens_add_term(&texts[i], queries[i]);
	}
	census(l, texts, n);
	free(texts);
}

void
lens_part_count(const struct lens *l, size_t i, struct lens_count *out)
{
	uint64_t turned, now;
	struct lens_part part;
	bool sure = view_census(l->engine, 2 * i, &out->keeps);

	lens_part(l, i, &part);
	sure &= view_census(l->engine, 2 * i + 1, &turned);
	sure &= view_census(l->engine, 2 * lens_parts(l), &now);
	uint64_t more = part.on ? turned : now, fewer = part.on ? now : turned;

	out->hides = more > fewer ? more - fewer : 0;
	out->sure = sure;
}

bool
lens_why_empty(const struct lens *l, uint64_t held, char *buf, size_t size)
{
	uint64_t most = 0;
	size_t best = 0, n = lens_parts(l);
	struct lens_count count;
	struct lens_part part;
	char number[32];

	for (size_t i = 0; i < n; i++) {
		lens_part(l, i, &part);
		lens_part_count(l, i, &count);
		if (!count.sure)
			return false;
		if (part.on && !count.keeps) {
			snprintf(buf, size, "No record passes: `%.120s` alone hides all %s", lens_part_query(l, &part),
				 units_thousands(held, number));
			return true;
		}
		if (part.on && count.hides > most) {
			most = count.hides;
			best = i;
		}
	}
	if (!n)
		return false;
	lens_part(l, best, &part);
	if (most)
		snprintf(buf, size, "No record passes: without `%.120s` there would be %s", lens_part_query(l, &part),
			 units_thousands(most, number));
	else
		snprintf(buf, size, "No record passes the %zu filters, nor would any without one of them", n);
	return true;
}
