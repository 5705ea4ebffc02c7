/*
 * hit_levels.c: a block that is sealed and looked at to the end is counted once,
 * by the second; what a window wants of it is a sum of a few seconds. Where
 * seconds are nearly as many as records, and in blocks that a window cuts,
 * records are counted one by one.
 */
#include "config.h"

#include "core/hit_levels.h"

#include "core/alloc.h"

#include <stdlib.h>

enum { ROWS_A_SECOND = 4 }; /* fewer on average: the seconds are not kept */

/* A stretch of time in which everything counts in the same place. */
struct stretch {
	int64_t from, to;
	uint32_t *count; /* by level */
};

struct steps {
	int64_t from, step;
	size_t n;
	uint32_t *count;
};

/* The step that t is in. */
static void
find_step(const struct steps *w, int64_t t, struct stretch *out)
{
	int64_t i = (t - w->from) / w->step;

	out->from = w->from + i * w->step;
	out->to = out->from + w->step;
	out->count = w->count + (size_t)i * LEVEL_COUNT;
}

static bool
is_within(const struct steps *w, int64_t t)
{
	return t >= w->from && t < w->from + w->step * (int64_t)w->n;
}

enum { GROUP = 64 };

/* Which rows of a group match and have times of their own; how many there are. */
static unsigned
group_hits(const struct block *b, const struct hits *h, uint32_t group, uint32_t row[GROUP])
{
	unsigned n = 0;

	for (uint64_t left = h->bits[group]; left; left &= left - 1) {
		row[n] = group * GROUP + (uint32_t)__builtin_ctzll(left);
		n += b->flags[row[n]] & ROW_OWN_TIME ? 1 : 0;
	}
	return n;
}

static uint32_t
groups(const struct hits *h)
{
	return (h->rows + GROUP - 1) / GROUP;
}

static void
add_rows(const struct block *b, const struct hits *h, const struct steps *w)
{
	struct stretch at = { 0 };
	uint32_t row[GROUP];

	for (uint32_t g = 0; g < groups(h); g++)
		for (unsigned i = 0, n = group_hits(b, h, g, row); i < n; i++) {
			int64_t t = b->time[row[i]];

			if (!is_within(w, t))
				continue;
			if (t < at.from || t >= at.to)
				find_step(w, t, &at);
			at.count[b->level[row[i]]]++;
		}
}

/* The second that t is in, put behind those there are. NULL: there are too many. */
static struct hit_second *
new_second(struct hits *h, uint32_t *cap, int64_t t)
{
	int64_t part = t % NSEC;

	if (h->n_seconds == h->count / ROWS_A_SECOND)
		return NULL;
	ARRAY_GROW(h->seconds, h->n_seconds, *cap);
	h->seconds[h->n_seconds] = (struct hit_second){ .at = t - (part < 0 ? part + NSEC : part) };
	return &h->seconds[h->n_seconds++];
}

static void
forget_seconds(struct hits *h)
{
	free(h->seconds);
	h->seconds = NULL;
	h->n_seconds = 0;
}

void
hit_levels_count(const struct block *b, struct hits *h)
{
	struct hit_second *at = NULL;
	uint32_t row[GROUP], cap = 0;

	h->counted = true;
	for (uint32_t g = 0; g < groups(h); g++)
		for (unsigned i = 0, n = group_hits(b, h, g, row); i < n; i++) {
			int64_t t = b->time[row[i]];

			if ((!at || t < at->at || t >= at->at + NSEC) && !(at = new_second(h, &cap, t))) {
				forget_seconds(h);
				return;
			}
			at->level[b->level[row[i]]]++;
		}
	if (h->n_seconds)
		h->seconds = xreallocarray(h->seconds, h->n_seconds, sizeof *h->seconds);
}

static void
add_seconds(const struct hits *h, const struct steps *w)
{
	struct stretch at = { 0 };

	for (uint32_t i = 0; i < h->n_seconds; i++) {
		const struct hit_second *s = &h->seconds[i];

		if (s->at < at.from || s->at >= at.to)
			find_step(w, s->at < w->from ? w->from : s->at, &at);
		for (int l = 0; l < LEVEL_COUNT; l++)
			at.count[l] += s->level[l];
	}
}

void
hit_levels_add(const struct selection *s, struct block *b, int64_t from, int64_t step, size_t n, uint32_t *count)
{
	struct steps w = { from, step, n, count };
	struct hits *h = &b->hits[s->slot];

	if (!b->n || !is_within(&w, b->first < from ? from : b->first) || b->last < from ||
	    h->generation != s->generation || !h->count)
		return;
	if (h->seconds && is_within(&w, b->first) && is_within(&w, b->last))
		add_seconds(h, &w);
	else
		add_rows(b, h, &w);
}
