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

/* The first row from *row on that matches and has a time of its own. */
static bool
next_hit(const struct block *b, const struct hits *h, uint32_t *row)
{
	uint32_t group = *row / 64, end = (h->rows + 63) / 64;
	uint64_t left = group < end ? h->bits[group] >> *row % 64 << *row % 64 : 0;

	for (; group < end; left = ++group < end ? h->bits[group] : 0)
		for (; left; left &= left - 1) {
			*row = group * 64 + (uint32_t)__builtin_ctzll(left);
			if (b->flags[*row] & ROW_OWN_TIME)
				return true;
		}
	return false;
}

static void
add_rows(const struct block *b, const struct hits *h, const struct steps *w)
{
	struct stretch at = { 0 };

	for (uint32_t row = 0; next_hit(b, h, &row); row++) {
		int64_t t = b->time[row];

		if (!is_within(w, t))
			continue;
		if (t < at.from || t >= at.to)
			find_step(w, t, &at);
		at.count[b->level[row]]++;
	}
}

/* Count a block by the second, unless there are too many. */
static void
make_seconds(const struct block *b, struct hits *h)
{
	uint32_t most = h->count / ROWS_A_SECOND, cap = 0;
	struct hit_second *s = NULL;

	h->counted = true;
	for (uint32_t row = 0; next_hit(b, h, &row); row++) {
		int64_t t = b->time[row];

		if (!h->n_seconds || t < s[h->n_seconds - 1].at || t >= s[h->n_seconds - 1].at + NSEC) {
			if (h->n_seconds == most) {
				h->n_seconds = 0;
				free(s);
				return;
			}
			ARRAY_GROW(s, h->n_seconds, cap);
			int64_t part = t % NSEC;

			s[h->n_seconds++] = (struct hit_second){ .at = t - (part < 0 ? part + NSEC : part) };
		}
		s[h->n_seconds - 1].level[b->level[row]]++;
	}
	h->seconds = h->n_seconds ? xreallocarray(s, h->n_seconds, sizeof *s) : s;
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
	bool whole = b->sealed && is_within(&w, b->first) && is_within(&w, b->last) && selection_knows_all(s, b);

	if (whole && !h->counted)
		make_seconds(b, h);
	if (whole && h->seconds)
		add_seconds(h, &w);
	else
		add_rows(b, h, &w);
}
