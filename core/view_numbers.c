/*
 * view_numbers.c: errors over time, levels and requests.
 * Without a filter the numbers come from the rollups, which remember what the
 * ring has evicted; with one, from the records that are held.
 */
#include "config.h"

#include "core/engine_internal.h"
#include "core/hit_levels.h"
#include "core/view.h"
#include "core/view_routes.h"

#include "core/alloc.h"
#include "core/route_groups.h"

#include <stdio.h>
#include <stdlib.h>

enum {
	FRESH = 60, /* s: a newest record no older than this makes a log live at once */
};

struct timeframe
view_timeframe(const struct engine *e, int64_t window, int64_t edge, int64_t now)
{
	struct timeframe t = { .to = edge };

	if (edge == TIME_NONE) {
		bool fresh = e->newest != TIME_NONE && now - e->newest < FRESH * NSEC && e->newest <= now + FRESH * NSEC;

		t.live = fresh || (e->last_live && e->newest != TIME_NONE && now - e->newest < window / 2);
		t.to = t.live || e->newest == TIME_NONE ? now : e->newest + 1;
	}
	t.from = t.to - window;
	return t;
}

/* ---- counts of levels, filtered ------------------------------------------------------ */

void
engine_each_filtered(struct engine *e, int64_t from, int64_t to,
		     void (*fn)(void *arg, const struct block *b, uint32_t row), void *arg)
{
	for (size_t i = 0; i < e->ring.n; i++) {
		struct block *b = e->ring.blocks[i];

		if (!b->n || b->last < from || b->first >= to)
			continue;
		selection_block(&e->filter, b);
		if (!b->hits[HITS_FILTER].count)
			continue;
		for (uint32_t row = 0; row < b->n; row++)
			if (b->time[row] >= from && b->time[row] < to && (b->flags[row] & ROW_OWN_TIME) &&
			    selection_shows(&e->filter, b, row))
				fn(arg, b, row);
	}
}

/* The filter's levels in n steps from `from` on. */
static void
filtered_levels(struct engine *e, int64_t from, int64_t step, size_t n, uint32_t *count)
{
	for (size_t i = 0; i < e->ring.n; i++) {
		struct block *b = e->ring.blocks[i];

		if (!b->sealed)
			selection_block(&e->filter, b);
		hit_levels_add(&e->filter, b, from, step, n, count);
	}
}

/* The start of the step after `t`, on whole steps of local time. */
static int64_t
next_step(int64_t t, int64_t step)
{
	int64_t offset = clock_offset(t) * NSEC, local = t - 1 + offset;
	int64_t n = local / step + (local % step >= 0);

	return n * step - offset;
}

void
view_timeline(struct engine *e, int64_t to, int64_t step, size_t n, struct view_timeline *out)
{
	memset(out, 0, sizeof *out);
	out->step = step;
	out->n = n;
	out->from = next_step(to, step) - (int64_t)n * step;
	out->count = xcalloc(n * LEVEL_COUNT, sizeof *out->count);
	out->gone_to = e->ring.evicted_to;
	out->filtered = e->filter.query != NULL;
	if (out->filtered)
		filtered_levels(e, out->from, step, n, out->count);
	else
		rollup_levels(e->rollup, out->from, step, n, out->count);
	for (size_t i = 0; i < n * LEVEL_COUNT; i++)
		out->total[i % LEVEL_COUNT] += out->count[i];
}

void
view_timeline_release(struct view_timeline *v)
{
	free(v->count);
	v->count = NULL;
}

void
view_levels(struct engine *e, const struct timeframe *t, struct view_levels *out)
{
	uint32_t filtered[LEVEL_COUNT] = { 0 };

	memset(out, 0, sizeof *out);
	out->filtered = e->filter.query != NULL;
	if (out->filtered)
		filtered_levels(e, t->from, t->to - t->from, 1, filtered);
	else
		rollup_level_totals(e->rollup, t->from, t->to, out->count);
	for (int l = 0; out->filtered && l < LEVEL_COUNT; l++)
		out->count[l] = filtered[l];
	for (int l = 0; l < LEVEL_COUNT; l++)
		out->total += out->count[l];
}

/* ---- requests ---------------------------------------------------------------------------- */

static void
fill_route(const struct rollup_route *from, struct span name, const struct timeframe *t, struct view_route *out)
{
	ptrdiff_t blank = span_chr(name, ' ');
	struct span method = span_head(name, blank < 0 ? 0 : (size_t)blank);
	struct span route = span_from(name, blank < 0 ? 0 : (size_t)blank + 1);
	double minutes = (double)(t->to - t->from) / (60.0 * NSEC);

	memset(out, 0, sizeof *out);
	snprintf(out->method, sizeof out->method, "%.*s", SPAN_FMT(method));
	snprintf(out->route, sizeof out->route, "%.*s", SPAN_FMT(route));
	/* Groups have no number that lasts; their names do. */
	out->id = (uint32_t)span_hash(name);
	out->count = from->count;
	out->per_minute = minutes > 0 ? (double)from->count / minutes : 0;
	out->error_percent = from->count ? 100.0 * (double)from->failed / (double)from->count : 0;
	out->avg = sketch_mean(&from->latency);
	out->p50 = sketch_quantile(&from->latency, 0.50);
	out->p95 = sketch_quantile(&from->latency, 0.95);
	out->p99 = sketch_quantile(&from->latency, 0.99);
	out->max = from->latency.max;
	memcpy(out->trend, from->trend, sizeof out->trend);
}

static double
sort_value(const struct view_route *r, enum view_sort sort)
{
	switch (sort) {
	case SORT_COUNT:  return (double)r->count;
	case SORT_ERRORS: return r->error_percent;
	case SORT_AVG:    return r->avg;
	case SORT_P50:    return r->p50;
	case SORT_P95:    return r->p95;
	case SORT_P99:    return r->p99;
	case SORT_MAX:    return r->max;
	default:          return 0;
	}
}

struct order {
	enum view_sort sort;
	bool reverse;
};

/* Largest first, by name where equal, so that rows stay where they are. */
static int
compare_routes(const void *a, const void *b, void *arg)
{
	const struct view_route *x = a, *y = b;
	const struct order *o = arg;
	double vx = sort_value(x, o->sort), vy = sort_value(y, o->sort);
	int order = vx < vy ? 1 : vx > vy ? -1 : 0;

	if (o->reverse)
		order = -order;
	if (!order)
		order = strcmp(x->route, y->route);
	if (!order)
		order = strcmp(x->method, y->method);
	return o->sort == SORT_ROUTE && o->reverse ? -order : order;
}

void
view_requests(struct engine *e, const struct timeframe *t, enum view_sort sort, bool reverse, struct view_requests *out)
{
	struct route_groups groups = ROUTE_GROUPS_INIT;
	struct rollup_route *routes;
	struct sketch all = SKETCH_INIT;

	memset(out, 0, sizeof *out);
	out->frame = *t;
	out->filtered = e->filter.query != NULL;
	if (out->filtered)
		out->n = filtered_routes(e, t->from, t->to, &routes, &out->partial);
	else
		out->n = rollup_routes(e->rollup, t->from, t->to, &routes);
	out->n = route_groups_fold(&groups, routes, out->n, &e->routes);
	out->rows = xcalloc(out->n, sizeof *out->rows);
	for (size_t i = 0; i < out->n; i++) {
		fill_route(&routes[i], route_groups_name(&groups, &e->routes, routes[i].route), t, &out->rows[i]);
		out->count += routes[i].count;
		out->slow += routes[i].slow;
		out->failed += routes[i].failed;
		sketch_merge(&all, &routes[i].latency);
	}
	out->p95 = sketch_quantile(&all, 0.95);
	sketch_release(&all);
	rollup_routes_free(routes, out->n);
	route_groups_release(&groups);
	qsort_r(out->rows, out->n, sizeof *out->rows, compare_routes, &(struct order){ sort, reverse });
}

void
view_requests_release(struct view_requests *v)
{
	free(v->rows);
	v->rows = NULL;
}
