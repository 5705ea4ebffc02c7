/*
 * view_filters.c: how many records each of several queries has, for the list
 * of filters.
 *
 * A census: one query after the other is given to a selection of its own, which
 * works behind the filter and the search as they do: newest blocks first, on
 * workers where there are any. What was counted stays until it is counted again,
 * which is not done as long as nobody asks, nor so often that it would be noticed.
 */
#include "config.h"

#include "core/engine_internal.h"
#include "core/view.h"

#include "core/alloc.h"

#include <stdlib.h>

#define REST_LEAST (2 * NSEC) /* between two rounds */
enum { REST_TIMES = 10 };     /* as long as a round took, and at least that often */

struct census {
	struct selection selection;
	struct census_query {
		struct query *query; /* owned; NULL: every record */
		uint64_t count;
		uint64_t records;    /* taken in when it was counted; 0: it never was */
	} *v;                        /* owned */
	size_t n, at;                /* the one under way; n: none is */
	int64_t began, ended;        /* monotonic, of the last round */
};

struct census *
census_new(const struct match_ops *ops, void *arg, struct sweep *sweep, void (*found)(void *arg))
{
	struct census *c = xcalloc(1, sizeof *c);

	selection_init(&c->selection, HITS_CENSUS, ops, arg);
	if (sweep)
		selection_employ(&c->selection, sweep, found);
	return c;
}

static void
forget(struct census *c)
{
	for (size_t i = 0; i < c->n; i++)
		query_free(c->v[i].query);
	free(c->v);
	c->v = NULL;
	c->n = c->at = 0;
}

void
census_free(struct census *c)
{
	forget(c);
	selection_release(&c->selection);
	free(c);
}

/* Go to a query; behind the last one the selection has nothing more to do. */
static void
turn_to(struct engine *e, size_t at)
{
	struct census *c = e->census;
	const struct query *q = at < c->n ? c->v[at].query : NULL;

	c->at = at;
	if (at == 0)
		c->began = clock_mono();
	if (at == c->n)
		c->ended = clock_mono();
	selection_set(&c->selection, q ? query_clone(q) : NULL, &e->ring);
	e->version++;
}

void
engine_census(struct engine *e, struct query **queries, size_t n)
{
	struct census *c = e->census;

	forget(c);
	c->n = n;
	c->v = xcalloc(n + 1, sizeof *c->v);
	for (size_t i = 0; i < n; i++)
		c->v[i].query = queries[i];
	turn_to(e, 0);
}

void
engine_census_refresh(struct engine *e)
{
	struct census *c = e->census;
	int64_t rest = REST_TIMES * (c->ended - c->began);

	if (!c->n || c->at < c->n || c->v[0].records == e->records)
		return;
	if (clock_mono() - c->ended >= (rest > REST_LEAST ? rest : REST_LEAST))
		turn_to(e, 0);
}

void
census_again(struct engine *e)
{
	struct census *c = e->census;

	for (size_t i = 0; i < c->n; i++)
		c->v[i].records = 0;
	if (c->n)
		turn_to(e, 0);
}

void
census_touch(struct engine *e)
{
	if (e->census->at < e->census->n)
		selection_touch(&e->census->selection, &e->ring);
}

void
census_feed(struct engine *e)
{
	selection_feed(&e->census->selection);
}

bool
census_step(struct engine *e, int64_t deadline)
{
	struct census *c = e->census;

	while (c->at < c->n) {
		struct census_query *q = &c->v[c->at];

		if (!selection_step(&c->selection, &e->ring, deadline))
			return false;
		if (!selection_done(&c->selection))
			return true; /* workers go on */
		q->count = selection_count(&c->selection, &e->ring);
		q->records = e->records;
		turn_to(e, c->at + 1);
	}
	return true;
}

bool
view_census(const struct engine *e, size_t i, uint64_t *count)
{
	const struct census *c = e->census;

	*count = 0;
	if (i >= c->n)
		return false;
	*count = c->v[i].count;
	if (!c->v[i].records && i == c->at)
		*count = selection_count(&c->selection, &e->ring);
	return c->v[i].records && c->v[i].records == e->records;
}
