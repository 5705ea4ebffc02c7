/*
 * view_hits.c: where in time the hits of a search are, for the bars and ticks that
 * point at them. Only records with a time of their own count.
 */
#include "config.h"

#include "core/engine_internal.h"
#include "core/hit_levels.h"
#include "core/view.h"

#include "core/alloc.h"

#include <stdlib.h>

/* The first or last time there is; where records would have to be looked at first, that of the nearest. */
static bool
end_time(struct engine *e, struct place from, int direction, int64_t *t)
{
	struct cursor c;
	uint32_t row;

	cursor_seek(&c, &e->ring, &e->filter, from, direction);
	c.deadline = 0;
	const struct block *b = cursor_next(&c, &row);

	if (b)
		*t = b->time[row];
	else if (c.cut)
		*t = direction > 0 ? c.heap[0].block->first : c.heap[0].block->last;
	bool any = b || c.cut;

	cursor_release(&c);
	return any;
}

bool
view_span(struct engine *e, int64_t *from, int64_t *to)
{
	if (!end_time(e, PLACE_FIRST, 1, from) || !end_time(e, PLACE_LAST, -1, to))
		return false;
	++*to;
	return *from < *to;
}

/* Add up the levels of [from, from + n steps), all of one length. */
static void
count_parts(struct engine *e, int64_t from, int64_t step, size_t n, uint32_t *count)
{
	uint32_t *levels = xcalloc(n * LEVEL_COUNT, sizeof *levels);

	for (size_t i = 0; i < e->ring.n; i++)
		hit_levels_add(&e->search, e->ring.blocks[i], from, step, n, levels);
	for (size_t i = 0; i < n * LEVEL_COUNT; i++)
		count[i / LEVEL_COUNT] += levels[i];
	free(levels);
}

void
view_hits(struct engine *e, int64_t from, int64_t to, size_t n, struct view_hits *out)
{
	int64_t length;

	*out = (struct view_hits){ .from = from, .to = to };
	if (!n || to <= from || __builtin_sub_overflow(to, from, &length))
		return;
	out->n = n;
	out->step = length / (int64_t)n > 0 ? length / (int64_t)n : 1;
	if (!e->search.query)
		return;
	out->count = xcalloc(n, sizeof *out->count);
	for (size_t i = 0; i < e->ring.n; i++)
		if (!e->ring.blocks[i]->sealed)
			selection_block(&e->search, e->ring.blocks[i]);
	/* Together where seconds, which are counted already, make up the parts; else each by itself. */
	if (from % NSEC == 0 && length == out->step * (int64_t)n && out->step % NSEC == 0)
		count_parts(e, from, out->step, n, out->count);
	else
		for (size_t i = 0; i < n; i++) {
			int64_t start = from + (int64_t)i * out->step;
			int64_t end = i + 1 < n ? start + out->step : to;

			if (start < end)
				count_parts(e, start, end - start, 1, out->count + i);
		}
	for (size_t i = 0; i < n; i++)
		out->total += out->count[i];
}

size_t
view_hits_part(const struct view_hits *v, int64_t t)
{
	size_t i = t <= v->from ? 0 : (size_t)(t - v->from) / (size_t)v->step;

	return i < v->n ? i : v->n - 1;
}

void
view_hits_release(struct view_hits *v)
{
	free(v->count);
	*v = (struct view_hits){ 0 };
}
