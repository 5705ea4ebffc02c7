/*
 * view_routes.c: the requests that the filter's records belong to, by route.
 *
 * The rollups cannot be asked: they have forgotten which records they counted. So
 * what matching records say of requests is walked, newest blocks first, and each
 * request counts once, as the engine's table of requests knows it: a start that
 * matches stands for its completion too. Of very many only the newest are
 * taken, which is told. Only records that are held can be asked.
 */
#include "config.h"

#include "core/engine_internal.h"
#include "core/view_routes.h"

#include "core/alloc.h"
#include "core/route_window.h"

#include <math.h>
#include <stdlib.h>

enum {
	PARTS_MOST = 20000, /* some 2 ms: it is counted within a frame */
	PARTS = 16,
	SEEN_LEAST = 1024,
};

/* A duration for the trend. */
struct sample {
	uint32_t row, part; /* of the rows; sixteenth of the window */
	float seconds;
};

struct routes {
	struct engine *e;
	int64_t from, to;
	struct route_window window;
	struct sample *samples; /* owned */
	size_t n, cap;
	uint64_t *seen;         /* owned; ids of requests, open addressing */
	size_t n_seen, seen_cap;
	size_t parts;           /* looked at */
};

/* ---- which were counted -------------------------------------------------------------- */

static uint64_t *
seen_slot(const struct routes *w, uint64_t id)
{
	size_t at = id & (w->seen_cap - 1);

	while (w->seen[at] && w->seen[at] != id)
		at = (at + 1) & (w->seen_cap - 1);
	return &w->seen[at];
}

static void
grow_seen(struct routes *w)
{
	uint64_t *old = w->seen;
	size_t n = w->seen_cap;

	w->seen_cap = n ? n * 2 : SEEN_LEAST;
	w->seen = xcalloc(w->seen_cap, sizeof *w->seen);
	for (size_t i = 0; i < n; i++)
		if (old[i])
			*seen_slot(w, old[i]) = old[i];
	free(old);
}

/* Whether a request was counted already; from now on it is. */
static bool
was_seen(struct routes *w, uint64_t id)
{
	if (w->n_seen * 2 >= w->seen_cap)
		grow_seen(w);
	uint64_t *slot = seen_slot(w, id);
	bool seen = *slot != 0;

	w->n_seen += !seen;
	*slot = id;
	return seen;
}

/* ---- counting -------------------------------------------------------------------------- */

static void
count(struct routes *w, const struct request *q)
{
	if (q->end_time < w->from || q->end_time >= w->to)
		return;
	struct rollup_route *row = route_window_row(&w->window, q->route);
	uint64_t part = (uint64_t)(q->end_time - w->from) / ((uint64_t)(w->to - w->from) / PARTS + 1);

	row->count++;
	row->failed += q->failed;
	if (q->duration < 0)
		return;
	row->slow += q->duration > w->e->o.slow;
	sketch_add(&row->latency, q->duration);
	ARRAY_GROW(w->samples, w->n, w->cap);
	w->samples[w->n++] = (struct sample){ (uint32_t)(row - w->window.rows), (uint32_t)part, (float)q->duration };
}

/* What a record says of a request: it is one by itself, or one that the engine knows. */
static void
count_part(struct routes *w, const struct block *b, const struct part *p)
{
	struct request_part says = engine_request_part(b, p);
	const struct request *q = says.id_hash ? requests_find(w->e->requests, says.id_hash) : NULL;
	bool ended = q ? q->end_time != TIME_NONE : !says.start && (!says.id_hash || says.duration >= 0);

	if (!ended || (says.id_hash && was_seen(w, says.id_hash)))
		return;
	count(w, q ? q : &(struct request){
		.end_time = says.time, .route = says.route, .duration = says.duration,
		.failed = says.failed || says.status >= 500,
	});
}

static void
count_block(struct routes *w, struct block *b)
{
	selection_block(&w->e->filter, b);
	if (!b->hits[HITS_FILTER].count)
		return;
	for (uint32_t i = b->n_parts; i-- > 0 && w->parts < PARTS_MOST;) {
		const struct part *p = &b->parts[i];

		if (engine_is_request(p) && b->time[p->row] >= w->from && selection_shows(&w->e->filter, b, p->row)) {
			w->parts++;
			count_part(w, b, p);
		}
	}
}

static int
by_newest(const void *a, const void *b)
{
	const struct block *x = *(struct block *const *)a, *y = *(struct block *const *)b;

	return (x->last < y->last) - (x->last > y->last);
}

/* ---- the trend ---------------------------------------------------------------------- */

static int
compare_samples(const void *a, const void *b)
{
	const struct sample *x = a, *y = b;

	if (x->row != y->row)
		return x->row < y->row ? -1 : 1;
	if (x->part != y->part)
		return x->part < y->part ? -1 : 1;
	return x->seconds < y->seconds ? -1 : x->seconds > y->seconds;
}

/* The p95 of each row and sixteenth. */
static void
make_trends(struct routes *w)
{
	if (w->n)
		qsort(w->samples, w->n, sizeof *w->samples, compare_samples);
	for (size_t i = 0, end; i < w->n; i = end) {
		const struct sample *s = &w->samples[i];

		for (end = i; end < w->n && w->samples[end].row == s->row && w->samples[end].part == s->part; end++)
			;
		double ms = round((double)w->samples[i + (end - i) * 95 / 100].seconds * 1000);

		w->window.rows[s->row].trend[s->part] = ms < 1 ? 1 : (uint32_t)ms;
	}
}

size_t
filtered_routes(struct engine *e, int64_t from, int64_t to, struct rollup_route **routes, bool *partial)
{
	struct routes w = { .e = e, .from = from, .to = to, .window = ROUTE_WINDOW_INIT };
	struct block **blocks = xcalloc(e->ring.n + 1, sizeof *blocks);
	size_t n = 0;

	for (size_t i = 0; i < e->ring.n; i++)
		if (e->ring.blocks[i]->n_parts && e->ring.blocks[i]->last >= from)
			blocks[n++] = e->ring.blocks[i];
	if (n)
		qsort(blocks, n, sizeof *blocks, by_newest);
	for (size_t i = 0; i < n && w.parts < PARTS_MOST; i++)
		count_block(&w, blocks[i]);
	*partial = w.parts >= PARTS_MOST || !selection_done(&e->filter);
	make_trends(&w);
	free(blocks);
	free(w.samples);
	free(w.seen);
	return route_window_finish(&w.window, routes);
}
