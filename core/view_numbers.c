/*
 * view_numbers.c: the status line, errors over time, levels, requests and
 * sources. Without a filter the numbers come from the rollups, which remember
 * what the ring has evicted; with one, from the records that are held.
 */
#include "config.h"

#include "core/engine_internal.h"
#include "core/view.h"

#include "core/alloc.h"
#include "core/route_groups.h"

#include <stdio.h>
#include <stdlib.h>

enum {
	RATE_SECONDS = 5,
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

/* ---- status line ------------------------------------------------------------------ */

static void
describe_trouble(struct engine *e, struct view_status *out)
{
	for (size_t i = 0; i < e->n_feeds; i++) {
		const struct source *s = e->feeds[i]->intake.source;
		const char *why = s->error ? strerror(s->error) : "not there yet";

		out->waiting += s->state == SOURCE_WAITING;
		out->failed += s->state == SOURCE_FAILED;
		out->lost += s->lost;
		out->gaps += s->gaps;
		if (!out->message[0] && (s->state == SOURCE_FAILED || s->state == SOURCE_WAITING))
			snprintf(out->message, sizeof out->message, "%s: %s", s->path, why);
	}
	if (!out->message[0] && e->watch_error.code)
		snprintf(out->message, sizeof out->message, "%s", e->watch_error.msg);
}

static void
fill_rates(struct engine *e, int64_t now, struct view_status *out)
{
	uint64_t sum = 0;

	engine_rates_advance(e, now);
	for (int i = 0; i < VIEW_RATES; i++)
		out->rates[i] = e->rates[(e->rate_second + 1 + i) % ENGINE_RATES];
	for (int i = VIEW_RATES - 1 - RATE_SECONDS; i < VIEW_RATES - 1; i++)
		sum += out->rates[i];
	out->rate = (double)sum / RATE_SECONDS;
}

void
view_status(struct engine *e, int64_t now, struct view_status *out)
{
	uint64_t total, done;

	memset(out, 0, sizeof *out);
	out->sources = (unsigned)e->n_feeds;
	describe_trouble(e, out);
	fill_rates(e, now, out);
	loader_progress(e->loader, &total, &done);
	out->loading = total ? (double)done / (double)total : 1;
	out->records = e->records;
	out->held = e->ring.records;
	out->evicted = e->ring.evicted;
	out->evicted_to = e->ring.evicted_to;
	out->memory = e->ring.bytes + rollup_memory(e->rollup);
	out->memory_limit = e->o.memory;
	out->log_bytes = e->ring.log_bytes;
	out->unparsed = e->stats.unparsed;
	out->cut = e->stats.cut;
	out->slow = e->stats.requests.slow_count;
	out->slow_limit = e->o.slow;
	out->oldest = e->oldest;
	out->newest = e->newest;
	out->in_flight = requests_in_flight(e->requests, now - 3600 * NSEC);
}

/* ---- counts of levels, filtered ------------------------------------------------------ */

/* Calls fn for every held record of the filter with a time of its own in [from, to). */
static void
each_in(struct engine *e, int64_t from, int64_t to, void (*fn)(void *arg, int64_t time, enum level level), void *arg)
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
			    selection_has(&e->filter, b, row))
				fn(arg, b->time[row], b->level[row]);
	}
}

static void
count_bucket(void *arg, int64_t time, enum level level)
{
	struct view_timeline *v = arg;

	v->count[(size_t)((time - v->from) / v->step) * LEVEL_COUNT + level]++;
}

static void
count_level(void *arg, int64_t time, enum level level)
{
	struct view_levels *v = arg;

	(void)time;
	v->count[level]++;
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
		each_in(e, out->from, out->from + (int64_t)n * step, count_bucket, out);
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
	memset(out, 0, sizeof *out);
	out->filtered = e->filter.query != NULL;
	if (out->filtered)
		each_in(e, t->from, t->to, count_level, out);
	else
		rollup_level_totals(e->rollup, t->from, t->to, out->count);
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

/* ---- sources -------------------------------------------------------------------------------- */

size_t
view_sources(struct engine *e, struct view_source *out, size_t max)
{
	size_t n = e->n_feeds < max ? e->n_feeds : max;

	for (size_t i = 0; i < n; i++) {
		const struct source *s = e->feeds[i]->intake.source;

		out[i] = (struct view_source){
			.name = s->name, .path = s->path, .state = s->state, .error = s->error, .bytes = s->bytes,
			.records = e->feeds[i]->records, .rotations = s->rotations, .truncations = s->truncations,
			.last_read = s->last_read,
		};
	}
	return n;
}

void
view_empty_reason(struct engine *e, char *buf, size_t n)
{
	const char *waiting = inputs_waiting(e->inputs);
	struct view_status st = { .message = "" };

	buf[0] = '\0';
	if (e->ring.records)
		return;
	describe_trouble(e, &st);
	if (waiting)
		snprintf(buf, n, "%s", waiting);
	else if (st.message[0])
		snprintf(buf, n, "%s", st.message);
	else
		snprintf(buf, n, "%s", loader_idle(e->loader) ? "no records yet" : "reading...");
}
