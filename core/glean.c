/*
 * glean: see glean.h.
 *
 * Each block is read once more, which costs a core about a second for each
 * gigabyte, and never while there is something to load or to look for. Blocks
 * that cannot be read get grams of no windows: they rule nothing out.
 */
#include "config.h"

#include "core/glean.h"

#include "core/alloc.h"
#include "core/match.h"

#include <stdlib.h>

struct glean {
	struct sweep_job job; /* first: a job is its owner */
	struct sweep *sweep;
	struct ring *ring;
	uint64_t next_seq;    /* the ring's, when all blocks before it had their grams */
	struct grams *made;
	struct loan loan;
	struct grams_scratch scratch;
};

/* ---- on a worker ------------------------------------------------------------------- */

static uint32_t
count_windows(const struct block *b)
{
	struct match_window w = { 0 };
	uint32_t n = 0;

	while (match_next(b, &w))
		n++;
	return n;
}

static struct grams *
make_grams(struct glean *g, const struct block *b)
{
	struct grams *made = grams_new(count_windows(b));
	struct match_window w = { 0 };

	while (match_next(b, &w)) {
		size_t from = b->offset[w.from], end = b->offset[w.to - 1] + b->size[w.to - 1];
		struct span bytes = block_bytes(b, from, end - from, &g->loan);

		if (!bytes.p || sweep_enough(&g->job)) {
			grams_free(made);
			return bytes.p ? NULL : grams_new(0);
		}
		grams_fill(&g->scratch, bytes, made->tables + (size_t)w.index * GRAMS_BYTES);
	}
	return made;
}

static void
work(struct sweep_job *j)
{
	struct glean *g = (struct glean *)j;

	j->until = INT64_MAX; /* one block; a cancelled one begins anew */
	g->made = make_grams(g, j->block[0]);
}

/* ---- on the loop's thread ---------------------------------------------------------- */

static void
done(struct sweep_job *j)
{
	struct glean *g = (struct glean *)j;

	j->block[0]->grams = g->made;
	g->made = NULL;
	ring_account(g->ring, j->block[0]);
}

struct glean *
glean_new(struct sweep *sweep, struct ring *ring)
{
	struct glean *g = xcalloc(1, sizeof *g);

	g->sweep = sweep;
	g->ring = ring;
	g->job.work = work;
	g->job.done = done;
	g->job.owner = g;
	return g;
}

void
glean_free(struct glean *g)
{
	if (!g)
		return;
	loan_release(&g->loan);
	free(g);
}

static struct block *
newest_without(const struct ring *r)
{
	struct block *found = NULL;

	for (size_t i = 0; i < r->n; i++) {
		struct block *b = r->blocks[i];

		if (b->sealed && !b->grams && (!found || b->last > found->last))
			found = b;
	}
	return found;
}

void
glean_feed(struct glean *g)
{
	if (g->job.running || g->next_seq == g->ring->next_seq || !sweep_has_room(g->sweep))
		return;
	struct block *b = newest_without(g->ring);

	if (!b) {
		g->next_seq = g->ring->next_seq;
		return;
	}
	if (sweep_add(&g->job, b))
		sweep_give(g->sweep, &g->job);
	else
		b->grams = grams_new(0);
}
