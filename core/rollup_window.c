/*
 * rollup_window: what stands in a window, from the slots of a rollup.
 *
 *   from |               window                          | to
 *      .:|mmmm|hhhhhhhhhhhh|hhhhhhhhhhhh|hhhhhhhhhhhh|mmmm|:.
 *       seconds   whole hours                     minutes  seconds
 *
 * One walk finds the pieces, oldest first: whole hours where the question allows it,
 * whole minutes, and of the minute at either edge the seconds. Where something finer
 * is gone, the coarser slot counts when it begins in the window. A week by the minute
 * would be a million counters; its 168 hours, and two by the minute, are a
 * fiftieth of that.
 */
#include "config.h"

#include "core/rollup_internal.h"

#include "core/alloc.h"
#include "core/route_window.h"

#include <stdlib.h>

#define TREND_BY_HOUR (4 * HOUR) /* parts of the trend as long as this do without minutes at their edges */

enum { PARTS = 16 };

/* A walk: what is wanted, and who takes the pieces. */
struct walk {
	int64_t from, to;
	bool levels;           /* these are asked for, not counters */
	bool by_minute;        /* no hours where there are minutes */
	bool by_second;        /* no minutes either, and only where there are seconds */
	uint64_t part;         /* ns: no hours that lie in two parts, 0: they may */
	void (*whole)(void *arg, const struct slot *s);
	void (*seconds)(void *arg, const struct slot *minute, unsigned from, unsigned to);
	void *arg;
	int64_t minutes_from, seconds_from; /* slots before have none for this question */
};

static bool
in_two_parts(const struct walk *w, int64_t hour)
{
	uint64_t at = (uint64_t)hour - (uint64_t)w->from;

	return w->part && at / w->part != (at + HOUR - 1) / w->part;
}

static bool
begins_in(const struct walk *w, const struct slot *s)
{
	return s->at >= w->from && s->at < w->to;
}

static void
walk_minute(const struct walk *w, const struct slot *s)
{
	bool whole = s->at >= w->from && s->at + MINUTE <= w->to;

	if (s->has_seconds && s->at >= w->seconds_from && (!whole || w->by_second)) {
		int64_t first = w->from > s->at ? (w->from - s->at + NSEC - 1) / NSEC : 0;
		int64_t end = w->to < s->at + MINUTE ? (w->to - s->at + NSEC - 1) / NSEC : 60;

		if (first < end)
			w->seconds(w->arg, s, (unsigned)first, (unsigned)end);
	} else if (!w->by_second && s->at >= w->from) {
		w->whole(w->arg, s);
	}
}

static void
walk_minutes(struct rollup *r, const struct walk *w, int64_t hour)
{
	int64_t first = rollup_floor(w->from, MINUTE), end = hour + HOUR < w->to ? hour + HOUR : w->to;
	struct slots_place place = slots_seek(&r->minutes, first > hour ? first : hour);
	const struct slot *s;

	while ((s = slots_next(&r->minutes, &place)) && s->at < end)
		walk_minute(w, s);
}

static void
walk_hour(struct rollup *r, const struct walk *w, const struct slot *hour)
{
	bool whole = hour->at >= w->from && hour->at + HOUR <= w->to;

	if (hour->at >= w->minutes_from && (!whole || w->by_minute || in_two_parts(w, hour->at)))
		walk_minutes(r, w, hour->at);
	else if (!w->by_second && begins_in(w, hour))
		w->whole(w->arg, hour);
}

/* The counters of `older` stand in its tray; make a run of them. */
static void
pack_older(struct rollup *r)
{
	if (r->older.counters.n || !r->older_tray.n)
		return;
	strbuf_clear(&r->run);
	tray_pack(&r->older_tray, 0, COUNTER_KINDS - 1, &r->run);
	counters_append(&r->older.counters, strbuf_span(&r->run), tray_names(&r->older_tray));
}

static void
walk(struct rollup *r, struct walk *w)
{
	const struct slot *s;

	rollup_settle(r);
	w->minutes_from = w->levels ? r->minutes_from : r->from[MINUTES];
	w->seconds_from = w->levels ? r->seconds_from : r->from[SECONDS];
	w->from = rollup_clamp(w->from);
	w->to = w->to > TIME_LAST ? TIME_LAST + HOUR : w->to;
	if (r->older_first != TIME_NONE && !w->by_second && begins_in(w, &r->older)) {
		pack_older(r);
		w->whole(w->arg, &r->older);
	}
	struct slots_place place = slots_seek(&r->hours, rollup_floor(w->from, HOUR));

	while ((s = slots_next(&r->hours, &place)) && s->at < w->to)
		walk_hour(r, w, s);
}

/* ---- levels ---------------------------------------------------------------------- */

struct level_buckets {
	int64_t from, step;
	uint32_t *count;
};

static void
add_capped(uint32_t *to, uint64_t n)
{
	*to = n > UINT32_MAX - *to ? UINT32_MAX : *to + (uint32_t)n;
}

static uint32_t *
bucket_of(const struct level_buckets *b, int64_t at)
{
	return &b->count[(size_t)((at - b->from) / b->step) * LEVEL_COUNT];
}

static void
bucket_slot(void *arg, const struct slot *s)
{
	uint32_t *count = bucket_of(arg, s->at);

	for (size_t l = 0; l < LEVEL_COUNT; l++)
		add_capped(&count[l], s->level[l]);
}

static void
bucket_seconds(void *arg, const struct slot *s, unsigned from, unsigned to)
{
	struct counters_reader in = counters_read(s->level_seconds.p, s->level_seconds.n);
	uint32_t second[60];
	struct counter c;

	while (counters_next_series(&in, &c, second))
		for (unsigned i = from; i < to; i++)
			add_capped(bucket_of(arg, s->at + i * NSEC) + counter_id(c.key), second[i]);
}

void
rollup_levels(struct rollup *r, int64_t from, int64_t step, size_t n, uint32_t *count)
{
	struct level_buckets buckets = { rollup_clamp(from), step, count };
	int64_t to, length;

	memset(count, 0, n * LEVEL_COUNT * sizeof *count);
	if (step <= 0 || __builtin_mul_overflow(step, n, &length) || __builtin_add_overflow(from, length, &to))
		return;
	walk(r, &(struct walk){
		.from = from, .to = to, .levels = true, .by_minute = true, .by_second = step < MINUTE,
		.whole = bucket_slot, .seconds = bucket_seconds, .arg = &buckets,
	});
}

static void
total_slot(void *arg, const struct slot *s)
{
	uint64_t *count = arg;

	for (size_t l = 0; l < LEVEL_COUNT; l++)
		count[l] += s->level[l];
}

static void
total_seconds(void *arg, const struct slot *s, unsigned from, unsigned to)
{
	struct counters_reader in = counters_read(s->level_seconds.p, s->level_seconds.n);
	uint64_t *count = arg;
	uint32_t second[60];
	struct counter c;

	while (counters_next_series(&in, &c, second))
		for (unsigned i = from; i < to; i++)
			count[counter_id(c.key)] += second[i];
}

void
rollup_level_totals(struct rollup *r, int64_t from, int64_t to, uint64_t count[LEVEL_COUNT])
{
	memset(count, 0, LEVEL_COUNT * sizeof *count);
	walk(r, &(struct walk){
		.from = from, .to = to, .levels = true,
		.whole = total_slot, .seconds = total_seconds, .arg = count,
	});
}

/* ---- what a kind has --------------------------------------------------------------- */

struct kind_counts {
	enum counter_kind kind;
	struct tray *tray;
};

static void
count_slot(void *arg, const struct slot *s)
{
	const struct kind_counts *k = arg;
	struct counters_reader in = counters_read(s->counters.p, s->counters.n);
	struct counter c;

	while (counters_next(&in, &c))
		if (counter_kind(c.key) == k->kind)
			tray_row(k->tray, c.key)->n += c.n;
}

static uint64_t
sum_of(const uint32_t second[60], unsigned from, unsigned to)
{
	uint64_t n = 0;

	while (from < to)
		n += second[from++];
	return n;
}

static void
count_seconds(void *arg, const struct slot *s, unsigned from, unsigned to)
{
	const struct kind_counts *k = arg;
	struct counters_reader in = counters_read(s->seconds.p, s->seconds.n);
	uint32_t second[60];
	struct counter c;

	while (counters_next_series(&in, &c, second)) {
		uint64_t n = sum_of(second, from, to);

		if (counter_kind(c.key) == k->kind && n)
			tray_row(k->tray, c.key)->n += n;
	}
}

size_t
rollup_sums(struct rollup *r, int64_t from, int64_t to, enum counter_kind kind, struct counter_sum **sums)
{
	struct tray tray = TRAY_INIT;

	walk(r, &(struct walk){
		.from = from, .to = to, .whole = count_slot, .seconds = count_seconds,
		.arg = &(struct kind_counts){ kind, &tray },
	});
	size_t n = tray_sums(&tray, kind, sums);

	tray_release(&tray);
	return n;
}

/* ---- routes ---------------------------------------------------------------------- */

struct routes {
	struct route_window window;
	int64_t from;
	uint64_t part; /* ns */
};

static void
add_what(struct rollup_route *row, enum counter_what what, uint64_t n)
{
	uint64_t *const sums[] = {
		[COUNTER_COUNT] = &row->count, [COUNTER_ERRORS] = &row->failed, [COUNTER_SLOW] = &row->slow,
	};

	*sums[what] += n;
}

static uint32_t
part_of(const struct routes *w, int64_t at)
{
	uint64_t part = w->part && at > w->from ? ((uint64_t)at - (uint64_t)w->from) / w->part : 0;

	return part < PARTS ? (uint32_t)part : PARTS - 1;
}

static void
routes_slot(void *arg, const struct slot *s)
{
	struct routes *w = arg;
	struct counters_reader in = counters_read(s->counters.p, s->counters.n);
	uint32_t part = part_of(w, s->at);
	struct counter c;

	while (counters_next(&in, &c)) {
		if (counter_kind(c.key) != COUNTER_ROUTE)
			continue;
		struct rollup_route *row = route_window_row(&w->window, counter_id(c.key));

		add_what(row, counter_what(c.key), c.n);
		if (c.latency)
			route_window_latency(&w->window, row, c.latency, part);
	}
}

/* Of the routes that have requests in these seconds, the latencies of the minute. */
static void
routes_latency(struct routes *w, const struct slot *s, const struct tray *had)
{
	struct counters_reader in = counters_read(s->counters.p, s->counters.n);
	struct counter c;

	while (counters_next(&in, &c))
		if (c.latency && tray_find(had, c.key))
			route_window_latency(&w->window, route_window_row(&w->window, counter_id(c.key)), c.latency,
					     part_of(w, s->at));
}

static void
routes_seconds(void *arg, const struct slot *s, unsigned from, unsigned to)
{
	struct routes *w = arg;
	struct counters_reader in = counters_read(s->seconds.p, s->seconds.n);
	struct tray had = TRAY_INIT;
	uint32_t second[60];
	struct counter c;

	while (counters_next_series(&in, &c, second)) {
		uint64_t n = counter_kind(c.key) == COUNTER_ROUTE ? sum_of(second, from, to) : 0;

		if (!n)
			continue;
		add_what(route_window_row(&w->window, counter_id(c.key)), counter_what(c.key), n);
		tray_row(&had, c.key);
	}
	routes_latency(w, s, &had);
	tray_release(&had);
}

size_t
rollup_routes(struct rollup *r, int64_t from, int64_t to, struct rollup_route **routes)
{
	int64_t origin = rollup_clamp(from);
	uint64_t part = to > from ? ((uint64_t)rollup_clamp(to) - (uint64_t)origin) / PARTS : 0;
	struct routes w = { .window = ROUTE_WINDOW_INIT, .from = origin, .part = part };

	walk(r, &(struct walk){
		.from = from, .to = to, .part = part < TREND_BY_HOUR ? part : 0,
		.whole = routes_slot, .seconds = routes_seconds, .arg = &w,
	});
	return route_window_finish(&w.window, routes);
}

void
rollup_routes_free(struct rollup_route *routes, size_t n)
{
	for (size_t i = 0; i < n; i++)
		sketch_release(&routes[i].latency);
	free(routes);
}

/* ---- all of it --------------------------------------------------------------------- */

bool
rollup_range(struct rollup *r, int64_t *first, int64_t *last)
{
	rollup_settle(r);
	const struct slot *minute = slots_first(&r->minutes), *hour = slots_first(&r->hours);

	if (!minute)
		return false;
	*first = hour->at < r->minutes_from ? hour->at : minute->at;
	if (r->older_first != TIME_NONE && r->older_first < *first)
		*first = r->older_first;
	*last = ((const struct slot *)slots_last(&r->minutes))->at;
	return true;
}
