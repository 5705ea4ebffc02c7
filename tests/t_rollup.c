/* Unit tests of core/rollup (and the slots and cells below it) against counts made the slow way. */
#include "config.h"

#include "core/alloc.h"
#include "core/demo_rand.h"
#include "core/request.h"
#include "core/rollup.h"
#include "core/slots.h"
#include "tests/unit.h"

#include <stdlib.h>

#define MINUTE (60 * NSEC)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)
/* 2025-09-09 00:00 UTC: a whole day. */
#define START (INT64_C(1757376000) * NSEC)
#define FOREVER_FROM INT64_MIN
#define FOREVER_TO INT64_MAX

static void
record(struct rollup *r, int64_t time, enum level level)
{
	rollup_add(r, time, counter_key(COUNTER_LEVEL, level, COUNTER_COUNT), 1);
}

/* ---- slots ----------------------------------------------------------------------- */

static int
compare_times(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

START_TEST(slots_keep_the_order)
{
	enum { N = 3000 };
	static int64_t times[N];
	struct demo_rand r = { (uint64_t)_i };
	struct slots s = { 0 };

	for (size_t i = 0; i < N; i++) {
		int64_t rising = (int64_t)i * 10 + demo_rand_below(&r, 10);

		times[i] = _i == 0 ? rising : _i == 1 ? -rising : (int64_t)demo_rand_next(&r);
		ck_assert_ptr_null(slots_find(&s, times[i]));
		slots_insert(&s, times[i], &times[i]);
		ck_assert_ptr_eq(slots_find(&s, times[i]), &times[i]);
	}
	int64_t sorted[N];

	memcpy(sorted, times, sizeof sorted);
	qsort(sorted, N, sizeof *sorted, compare_times);
	struct slots_place place = slots_seek(&s, sorted[1000] + 1);

	for (size_t i = 1001; i < N; i++)
		ck_assert_int_eq(*(int64_t *)slots_next(&s, &place), sorted[i]);
	ck_assert_ptr_null(slots_next(&s, &place));
	ck_assert_int_eq(*(int64_t *)slots_last(&s), sorted[N - 1]);
	for (size_t i = 0; i < N; i++) {
		ck_assert_int_eq(*(int64_t *)slots_first(&s), sorted[i]);
		ck_assert_int_eq(*(int64_t *)slots_remove_first(&s), sorted[i]);
	}
	ck_assert_ptr_null(slots_first(&s));
	ck_assert_ptr_null(slots_last(&s));
	ck_assert_ptr_null(slots_find(&s, 0));
	slots_release(&s);
}
END_TEST

/* ---- against the slow way -------------------------------------------------------- */

struct event {
	int64_t time;
	enum level level;
	uint32_t route; /* of a request; ROUTE_NONE for none */
	double seconds;
	bool failed, slow;
	uint32_t logger, source, status; /* status: 0 for none, else a class */
};

enum { EVENTS = 20000, ROUTES = 12 };
static struct event events[EVENTS];

static void
make_events(struct demo_rand *r, int64_t from, int64_t span)
{
	for (size_t i = 0; i < EVENTS; i++) {
		double seconds = demo_rand_latency(r, 0.05, 1.2);

		events[i] = (struct event){
			.time = from + (int64_t)(demo_rand_unit(r) * (double)span),
			.level = demo_rand_below(r, LEVEL_COUNT),
			.route = demo_rand_chance(r, 0.5) ? demo_rand_below(r, ROUTES) : ROUTE_NONE,
			.seconds = seconds,
			.failed = demo_rand_chance(r, 0.1),
			.slow = seconds > 0.2,
			.logger = demo_rand_below(r, 1 + demo_rand_below(r, 30)),
			.source = demo_rand_below(r, 3),
			.status = demo_rand_below(r, 6),
		};
	}
}

static void
count(struct rollup *r, int64_t time, enum counter_kind kind, uint32_t id, bool error)
{
	rollup_add(r, time, counter_key(kind, id, COUNTER_COUNT), 1);
	if (error)
		rollup_add(r, time, counter_key(kind, id, COUNTER_ERRORS), 1);
}

static void
feed(struct rollup *r, const struct event *e, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		record(r, e[i].time, e[i].level);
		count(r, e[i].time, COUNTER_LOGGER, e[i].logger, e[i].level >= LEVEL_ERROR);
		count(r, e[i].time, COUNTER_SOURCE, e[i].source, e[i].level >= LEVEL_ERROR);
		if (e[i].status)
			count(r, e[i].time, COUNTER_STATUS, e[i].status, e[i].status == 5);
		if (e[i].route != ROUTE_NONE)
			rollup_request(r, e[i].time, e[i].route, e[i].seconds, e[i].failed,
				       e[i].slow);
	}
}

static void
assert_levels(struct rollup *r, int64_t from, int64_t step, size_t n)
{
	uint32_t *got = xcalloc(n * LEVEL_COUNT, sizeof *got),
		 *want = xcalloc(n * LEVEL_COUNT, sizeof *want);
	uint64_t total[LEVEL_COUNT], want_total[LEVEL_COUNT] = { 0 };

	for (size_t i = 0; i < EVENTS; i++) {
		int64_t bucket = events[i].time - from;

		if (bucket < 0 || bucket / step >= (int64_t)n)
			continue;
		want[(size_t)(bucket / step) * LEVEL_COUNT + events[i].level]++;
		want_total[events[i].level]++;
	}
	rollup_levels(r, from, step, n, got);
	ck_assert_mem_eq(got, want, n * LEVEL_COUNT * sizeof *got);
	rollup_level_totals(r, from, from + step * (int64_t)n, total);
	ck_assert_mem_eq(total, want_total, sizeof total);
	free(got);
	free(want);
}

/* What event i counts as under a kind; false: as nothing. */
static bool
counts_as(const struct event *e, enum counter_kind kind, uint32_t *id, bool *error)
{
	*error = kind == COUNTER_STATUS ? e->status == 5 :
		 kind == COUNTER_ROUTE ? e->failed : e->level >= LEVEL_ERROR;
	*id = kind == COUNTER_LOGGER ? e->logger : kind == COUNTER_SOURCE ? e->source :
	      kind == COUNTER_STATUS ? e->status : e->route;
	return kind == COUNTER_STATUS ? e->status : kind == COUNTER_ROUTE ? e->route != ROUTE_NONE : true;
}

static void
assert_sums(struct rollup *r, int64_t from, int64_t to)
{
	for (enum counter_kind kind = COUNTER_LOGGER; kind < COUNTER_KINDS; kind++) {
		uint64_t count[64] = { 0 }, errors[64] = { 0 };
		struct counter_sum *sums;
		size_t n = rollup_sums(r, from, to, kind, &sums), names = 0;

		for (size_t i = 0; i < EVENTS; i++) {
			uint32_t id;
			bool error;

			if (events[i].time < from || events[i].time >= to ||
			    !counts_as(&events[i], kind, &id, &error))
				continue;
			names += !count[id]++;
			errors[id] += error;
		}
		ck_assert_uint_eq(n, names);
		for (size_t i = 0; i < n; i++) {
			ck_assert_uint_eq(sums[i].count, count[sums[i].id]);
			ck_assert_uint_eq(sums[i].errors, errors[sums[i].id]);
		}
		free(sums);
	}
}

static void
assert_totals(struct rollup *r, int64_t from, int64_t to)
{
	uint64_t got[LEVEL_COUNT], want[LEVEL_COUNT] = { 0 };

	for (size_t i = 0; i < EVENTS; i++)
		want[events[i].level] += events[i].time >= from && events[i].time < to;
	rollup_level_totals(r, from, to, got);
	ck_assert_mem_eq(got, want, sizeof got);
}

static int
compare_doubles(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* p95 of a route's requests in [from, to) and how many there are. */
static double
slow_p95(uint32_t route, int64_t from, int64_t to, size_t *n)
{
	static double values[EVENTS];

	*n = 0;
	for (size_t i = 0; i < EVENTS; i++)
		if (events[i].route == route && events[i].time >= from && events[i].time < to)
			values[(*n)++] = events[i].seconds;
	qsort(values, *n, sizeof *values, compare_doubles);
	return *n ? values[(size_t)((double)*n * 0.95)] : 0;
}

static void
assert_routes(struct rollup *r, int64_t from, int64_t to)
{
	struct rollup_route *routes;
	size_t n = rollup_routes(r, from, to, &routes), in_window = 0, counted = 0;

	for (size_t i = 0; i < EVENTS; i++)
		in_window += events[i].route != ROUTE_NONE && events[i].time >= from &&
			     events[i].time < to;
	for (size_t i = 0; i < n; i++) {
		const struct rollup_route *row = &routes[i];
		size_t count, failed = 0, slow = 0;
		double p95 = slow_p95(row->route, from, to, &count);

		for (size_t j = 0; j < EVENTS; j++) {
			bool in = events[j].route == row->route && events[j].time >= from &&
				  events[j].time < to;

			failed += in && events[j].failed;
			slow += in && events[j].slow;
		}
		ck_assert_uint_eq(row->count, count);
		ck_assert_uint_eq(row->latency.count, count);
		ck_assert_uint_eq(row->failed, failed);
		ck_assert_uint_eq(row->slow, slow);
		ck_assert_double_le(fabs(sketch_quantile(&row->latency, 0.95) - p95), 0.01 * p95);
		for (int part = 0; part < 16; part++) {
			int64_t wide = (to - from) / 16;
			double ms = 1000 * slow_p95(row->route, from + part * wide,
						    from + (part + 1) * wide, &count);

			ck_assert_double_le(fabs(row->trend[part] - ms), count ? 1 + 0.01 * ms : 0);
		}
		counted += row->count;
	}
	ck_assert_uint_eq(counted, in_window);
	rollup_routes_free(routes, n);
}

/* In random order, rising, falling; over as much as minutes and seconds hold. */
START_TEST(windows_equal_the_slow_way)
{
	struct demo_rand rand = { 42 + (uint64_t)_i };
	struct rollup *r = rollup_new();
	int64_t first, last;

	make_events(&rand, START, DAY);
	if (_i > 0)
		qsort(events, EVENTS, sizeof *events, compare_times);
	for (size_t i = 0; _i == 2 && i < EVENTS / 2; i++) {
		struct event e = events[i];

		events[i] = events[EVENTS - 1 - i];
		events[EVENTS - 1 - i] = e;
	}
	feed(r, events, EVENTS);
	assert_levels(r, START, MINUTE, 24 * 60);
	assert_levels(r, START, HOUR, 24);
	assert_levels(r, START + 7 * MINUTE, 5 * MINUTE, 100);
	assert_levels(r, START, NSEC, 86400);
	assert_levels(r, START + 12345 * NSEC, 10 * NSEC, 777);
	assert_levels(r, START - DAY, MINUTE, 3 * 24 * 60);
	assert_routes(r, START, START + DAY);
	assert_routes(r, START + HOUR, START + HOUR + 16 * MINUTE);
	assert_routes(r, START + 3 * HOUR, START + 11 * HOUR);
	assert_sums(r, START, START + DAY);
	assert_sums(r, START + 3 * HOUR + 7 * MINUTE, START + 9 * HOUR + 59 * MINUTE);
	for (int i = 0; i < 50; i++) {
		int64_t from = START + (int64_t)demo_rand_below(&rand, 86400) * NSEC;
		int64_t to = from + (int64_t)demo_rand_below(&rand, i % 2 ? 200 : 40000) * NSEC;

		assert_sums(r, from, to);
		assert_totals(r, from, to);
	}
	ck_assert(rollup_range(r, &first, &last));
	ck_assert_int_eq(first, START);
	ck_assert_int_eq(last, START + DAY - MINUTE);
	rollup_free(r);
}
END_TEST

START_TEST(seconds_of_the_newest_day_only)
{
	struct demo_rand rand = { 9 };
	struct rollup *r = rollup_new();
	uint32_t *count = xcalloc(86400 * LEVEL_COUNT, sizeof *count);
	uint64_t held = 0;

	make_events(&rand, START, 2 * DAY);
	qsort(events, EVENTS, sizeof *events, compare_times);
	feed(r, events, EVENTS);
	int64_t newest_day = START + 2 * DAY - 1440 * MINUTE;

	assert_levels(r, newest_day, NSEC, 86400);
	assert_levels(r, START, MINUTE, 2880);
	rollup_levels(r, START, NSEC, 3600, count);
	for (size_t i = 0; i < 3600 * LEVEL_COUNT; i++)
		held += count[i];
	ck_assert_uint_eq(held, 0);
	free(count);
	rollup_free(r);
}
END_TEST

/* Six days, so that windows are answered by hours, and the counts of a route add up to the second. */
START_TEST(long_windows_equal_the_slow_way)
{
	struct demo_rand rand = { 77 + (uint64_t)_i };
	struct rollup *r = rollup_new();

	make_events(&rand, START, 6 * DAY);
	if (_i)
		qsort(events, EVENTS, sizeof *events, compare_times);
	feed(r, events, EVENTS);
	for (int i = 0; i < 30; i++) {
		int64_t from = START + (int64_t)demo_rand_below(&rand, 5 * 1440) * MINUTE;
		int64_t to = from + (int64_t)demo_rand_below(&rand, 2 * 1440) * MINUTE;
		struct rollup_route *routes;
		size_t n = rollup_routes(r, from, to, &routes);

		assert_sums(r, from, to);
		assert_totals(r, from, to);
		for (size_t k = 0; k < n; k++) {
			size_t want;
			double p95 = slow_p95(routes[k].route, from, to, &want);

			ck_assert_uint_eq(routes[k].count, want);
			ck_assert_uint_eq(routes[k].latency.count, want);
			ck_assert_double_le(fabs(sketch_quantile(&routes[k].latency, 0.95) - p95), 0.01 * p95);
		}
		rollup_routes_free(routes, n);
	}
	rollup_free(r);
}
END_TEST

/* Of a minute that is cut by the window: its requests to the second, the latencies of all of it. */
START_TEST(routes_at_the_edge_of_a_window)
{
	struct rollup *r = rollup_new();
	struct rollup_route *routes;

	for (int i = 0; i < 60; i++)
		rollup_request(r, START + i * NSEC, (uint32_t)(i >= 30), 0.1, i % 10 == 0, i % 20 == 0);
	size_t n = rollup_routes(r, START - MINUTE + 45 * NSEC, START + 25 * NSEC, &routes);

	ck_assert_uint_eq(n, 1);
	ck_assert_uint_eq(routes[0].route, 0);
	ck_assert_uint_eq(routes[0].count, 25);
	ck_assert_uint_eq(routes[0].failed, 3);
	ck_assert_uint_eq(routes[0].slow, 2);
	ck_assert_uint_eq(routes[0].latency.count, 30);
	rollup_routes_free(routes, n);
	rollup_free(r);
}
END_TEST

START_TEST(an_empty_rollup_answers)
{
	struct rollup *r = rollup_new();
	struct rollup_route *routes;
	uint64_t total[LEVEL_COUNT];
	uint32_t count[3 * LEVEL_COUNT] = { 7 };
	int64_t first, last;

	ck_assert(!rollup_range(r, &first, &last));
	rollup_levels(r, START, MINUTE, 3, count);
	ck_assert_uint_eq(count[0], 0);
	rollup_levels(r, FOREVER_FROM, HOUR, 3, count);
	rollup_level_totals(r, FOREVER_FROM, FOREVER_TO, total);
	ck_assert_uint_eq(total[LEVEL_INFO], 0);
	ck_assert_uint_eq(rollup_routes(r, FOREVER_FROM, FOREVER_TO, &routes), 0);
	rollup_routes_free(routes, 0);
	rollup_free(r);
}
END_TEST

/* ---- folding --------------------------------------------------------------------- */

static uint64_t
records_in(struct rollup *r, int64_t from, int64_t to)
{
	uint64_t total[LEVEL_COUNT], n = 0;

	rollup_level_totals(r, from, to, total);
	for (int l = 0; l < LEVEL_COUNT; l++)
		n += total[l];
	return n;
}

static uint64_t
requests_in(struct rollup *r, int64_t from, int64_t to)
{
	struct rollup_route *routes;
	size_t n = rollup_routes(r, from, to, &routes);
	uint64_t count = 0;

	for (size_t i = 0; i < n; i++)
		count += routes[i].count;
	rollup_routes_free(routes, n);
	return count;
}

/* Ten days, forwards (0) or backwards (1): seven stand by the minute, three by the hour. */
START_TEST(old_minutes_fold_into_hours)
{
	enum { N = 10 * 24 * 60 };
	struct rollup *r = rollup_new();
	int64_t first, last;

	for (int64_t i = 0; i < N; i++) {
		int64_t t = START + (_i ? N - 1 - i : i) * MINUTE;

		record(r, t, LEVEL_INFO);
		record(r, t + 59 * NSEC, LEVEL_ERROR);
		rollup_request(r, t, 3, 0.1, false, false);
	}
	ck_assert_uint_eq(records_in(r, FOREVER_FROM, FOREVER_TO), 2 * N);
	ck_assert_uint_eq(requests_in(r, FOREVER_FROM, FOREVER_TO), N);
	for (int day = 0; day < 10; day++) {
		int64_t from = START + day * DAY;

		ck_assert_uint_eq(records_in(r, from, from + HOUR), 120);
		ck_assert_uint_eq(requests_in(r, from + 5 * HOUR, from + DAY), 19 * 60);
		ck_assert_uint_eq(records_in(r, from + MINUTE, from + 2 * MINUTE), day < 3 ? 0 : 2);
		ck_assert_uint_eq(requests_in(r, from + MINUTE, from + 2 * MINUTE),
				  day < 3 ? 0 : 1);
	}
	ck_assert(rollup_range(r, &first, &last));
	ck_assert_int_eq(first, START);
	ck_assert_int_eq(last, START + (N - 1) * MINUTE);
	rollup_free(r);
}
END_TEST

START_TEST(old_hours_fold_into_one_slot)
{
	enum { N = 70000 };
	struct rollup *r = rollup_new();
	int64_t first, last;

	for (int64_t i = 0; i < N; i++) {
		record(r, START + i * HOUR, LEVEL_INFO);
		rollup_request(r, START + i * HOUR, (uint32_t)(i % 5), 0.1, false, false);
	}
	int64_t older = START + (N - 50000 - 1) * HOUR;

	ck_assert_uint_eq(records_in(r, FOREVER_FROM, FOREVER_TO), N);
	ck_assert_uint_eq(requests_in(r, FOREVER_FROM, FOREVER_TO), N);
	ck_assert_uint_eq(records_in(r, older, older + HOUR), N - 50000);
	ck_assert_uint_eq(records_in(r, older + HOUR, older + 11 * HOUR), 10);
	ck_assert(rollup_range(r, &first, &last));
	ck_assert_int_eq(first, START);
	ck_assert_int_eq(last, START + (N - 1) * HOUR);
	rollup_free(r);
}
END_TEST

START_TEST(routes_keep_to_their_limit)
{
	enum { MINUTES = 3000, EACH = 100 };
	struct demo_rand rand = { 3 };
	struct rollup *r = rollup_new();

	rollup_limit(r, 2 << 20);
	for (int64_t i = 0; i < MINUTES; i++)
		for (uint32_t j = 0; j < EACH; j++) {
			int64_t t = START + i * MINUTE + j * NSEC / 2;

			record(r, t, LEVEL_INFO);
			rollup_request(r, t, j % 40, demo_rand_latency(&rand, 0.05, 1), false,
				       false);
		}
	/* Two tiers, `older` with 40 dense sketches, and the counts. */
	ck_assert_uint_le(rollup_memory(r), (2 << 20) + (1 << 20) + 40 * 10240 + 1440 * 1680);
	ck_assert_uint_eq(requests_in(r, FOREVER_FROM, FOREVER_TO), MINUTES * EACH);
	for (int64_t i = 0; i < MINUTES; i += 100)
		ck_assert_uint_eq(records_in(r, START + i * MINUTE, START + (i + 1) * MINUTE),
				  EACH);
	int64_t end = START + MINUTES * MINUTE;

	ck_assert_uint_eq(requests_in(r, end - 60 * MINUTE, end), 60 * EACH);
	/* Late requests for a time whose routes folded go where those are. */
	rollup_request(r, START, 1, 0.1, false, false);
	rollup_request(r, START, 2, -1, true, false);
	ck_assert_uint_eq(requests_in(r, FOREVER_FROM, FOREVER_TO), MINUTES * EACH + 2);
	rollup_limit(r, 0);
	ck_assert_uint_eq(requests_in(r, FOREVER_FROM, FOREVER_TO), MINUTES * EACH + 2);
	rollup_free(r);
}
END_TEST

START_TEST(too_many_routes_are_counted_together)
{
	struct rollup *r = rollup_new();
	struct rollup_route *routes;
	uint64_t other = 0;

	for (uint32_t route = 0; route < 10000; route++)
		rollup_request(r, START, route, 0.1, false, false);
	size_t n = rollup_routes(r, START, START + MINUTE, &routes);

	ck_assert_uint_eq(n, 2049);
	for (size_t i = 0; i < n; i++)
		if (routes[i].route == ROUTE_NONE)
			other = routes[i].count;
	ck_assert_uint_eq(other, 10000 - 2048);
	rollup_routes_free(routes, n);
	rollup_free(r);
}
END_TEST

/* Everything that was counted is somewhere, however little may be held. */
START_TEST(sums_survive_any_limit)
{
	static const size_t limits[] = { 8 << 20, 256 << 10, 16 << 10, 0 };
	struct demo_rand rand = { 5 + (uint64_t)_i };
	struct rollup *r = rollup_new();

	make_events(&rand, START, 20 * DAY);
	if (_i % 2)
		qsort(events, EVENTS, sizeof *events, compare_times);
	for (size_t i = 0; i < ARRAY_SIZE(limits); i++) {
		rollup_limit(r, limits[i]);
		if (!i)
			feed(r, events, EVENTS / 2);
		if (i == 1)
			feed(r, events + EVENTS / 2, EVENTS - EVENTS / 2);
		if (i)
			assert_sums(r, FOREVER_FROM, FOREVER_TO);
	}
	assert_totals(r, FOREVER_FROM, FOREVER_TO);
	ck_assert_uint_eq(requests_in(r, FOREVER_FROM, FOREVER_TO), requests_in(r, START, START + 20 * DAY));
	rollup_free(r);
}
END_TEST

START_TEST(too_many_loggers_are_counted_together)
{
	struct rollup *r = rollup_new();
	struct counter_sum *sums;
	uint64_t other = 0, other_errors = 0;

	for (uint32_t id = 0; id < 5000; id++) {
		count(r, START, COUNTER_LOGGER, id % 3000, true);
		if (id % 1000 == 0)
			free((rollup_sums(r, START, START + MINUTE, COUNTER_LOGGER, &sums), sums));
	}
	for (int64_t width = MINUTE; width <= HOUR; width *= 60) {
		size_t n = rollup_sums(r, START, START + width, COUNTER_LOGGER, &sums);

		ck_assert_uint_eq(n, COUNTER_LOGGERS_MAX + 1);
		for (size_t i = 0; i < n; i++) {
			other = sums[i].id == COUNTER_OTHER ? sums[i].count : other;
			other_errors = sums[i].id == COUNTER_OTHER ? sums[i].errors : other_errors;
		}
		ck_assert_uint_eq(other, 5000 - 2 * COUNTER_LOGGERS_MAX);
		ck_assert_uint_eq(other_errors, other);
		free(sums);
	}
	rollup_free(r);
}
END_TEST

/* One record of the year 2038, first, last or in the middle: a week and its seconds stay. */
START_TEST(one_wild_time_costs_one_minute)
{
	enum { N = 8 * 1440 };
	struct rollup *r = rollup_new();
	uint32_t count[60 * LEVEL_COUNT];

	for (int64_t i = 0; i < N; i++) {
		if (i == _i * (N / 2 - 1))
			record(r, INT64_C(2147483647) * NSEC, LEVEL_INFO);
		record(r, START + i * MINUTE + 7 * NSEC, LEVEL_INFO);
	}
	int64_t end = START + N * MINUTE;

	ck_assert_uint_eq(records_in(r, end - 7 * DAY + MINUTE, end - 7 * DAY + 2 * MINUTE), 1);
	rollup_levels(r, end - DAY + MINUTE, NSEC, 60, count);
	ck_assert_uint_eq(count[7 * LEVEL_COUNT + LEVEL_INFO], 1);
	ck_assert_uint_eq(records_in(r, FOREVER_FROM, FOREVER_TO), N + 1);
	rollup_free(r);
}
END_TEST

/* A clock that says anything: 1 M times from all of int64_t, and a sane hour that must survive. */
START_TEST(wild_times_are_bounded)
{
	enum { N = 1000000 };
	struct demo_rand rand = { 11 };
	struct rollup *r = rollup_new();
	static const int64_t extreme[] = { INT64_MIN, INT64_MIN + 1, -1,       0,
					   1,         INT64_MAX - 1, INT64_MAX };

	rollup_limit(r, 4 << 20);
	for (size_t i = 0; i < ARRAY_SIZE(extreme); i++) {
		record(r, extreme[i], LEVEL_INFO);
		rollup_request(r, extreme[i], 1, 0.1, false, false);
	}
	for (int i = 0; i < N; i++) {
		int64_t t = (int64_t)demo_rand_next(&rand);

		record(r, t, LEVEL_INFO);
		rollup_request(r, t, (uint32_t)i % 50, 0.1 + i * 1e-6, false, false);
	}
	ck_assert_uint_eq(records_in(r, FOREVER_FROM, FOREVER_TO), N + ARRAY_SIZE(extreme));
	ck_assert_uint_eq(requests_in(r, FOREVER_FROM, FOREVER_TO), N + ARRAY_SIZE(extreme));
	ck_assert_uint_le(rollup_memory(r), 20 << 20);
	rollup_free(r);
}
END_TEST

START_TEST(a_wild_time_leaves_the_others_alone)
{
	struct rollup *r = rollup_new();

	for (int64_t i = 0; i < 600; i++) {
		record(r, START + i * NSEC, LEVEL_INFO);
		if (i % 50 == 0)
			record(r, i % 100 ? INT64_MAX - i * DAY : INT64_MIN + i * DAY,
				      LEVEL_INFO);
	}
	uint32_t count[600 * LEVEL_COUNT];

	rollup_levels(r, START, NSEC, 600, count);
	for (int i = 0; i < 600; i++)
		ck_assert_uint_eq(count[i * LEVEL_COUNT + LEVEL_INFO], 1);
	rollup_free(r);
}
END_TEST

static Suite *
rollup_suite(void)
{
	Suite *s = suite_create("rollup");
	TCase *tc = tcase_create("rollup");

	suite_add_tcase(s, tc);
	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, slots_keep_the_order, 0, 3);
	tcase_add_loop_test(tc, windows_equal_the_slow_way, 0, 3);
	tcase_add_test(tc, seconds_of_the_newest_day_only);
	tcase_add_loop_test(tc, long_windows_equal_the_slow_way, 0, 2);
	tcase_add_test(tc, routes_at_the_edge_of_a_window);
	tcase_add_test(tc, an_empty_rollup_answers);
	tcase_add_loop_test(tc, old_minutes_fold_into_hours, 0, 2);
	tcase_add_test(tc, old_hours_fold_into_one_slot);
	tcase_add_test(tc, routes_keep_to_their_limit);
	tcase_add_loop_test(tc, sums_survive_any_limit, 0, 2);
	tcase_add_test(tc, too_many_routes_are_counted_together);
	tcase_add_test(tc, too_many_loggers_are_counted_together);
	tcase_add_loop_test(tc, one_wild_time_costs_one_minute, 0, 3);
	tcase_add_test(tc, wild_times_are_bounded);
	tcase_add_test(tc, a_wild_time_leaves_the_others_alone);
	return s;
}

int
main(void)
{
	return unit_run(rollup_suite());
}
