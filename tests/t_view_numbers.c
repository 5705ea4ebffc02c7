/* Unit tests of core/view_numbers and core/view_breakdown: a whole engine over a file, against what was written. */
#include "config.h"

#include "core/alloc.h"
#include "core/demo_rand.h"
#include "core/view.h"
#include "tests/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { RECORDS = 30000, NAMES = 6 };

#define START (INT64_C(1757376000) * NSEC) /* 2025-09-09 00:00 UTC */

static const char *const loggers[NAMES] = { "app.views", "app.tasks", "app.mail", "django.request", "x", "y.z" };
static const char *const paths[3] = { "/orders/", "/cart/add/", "/" };
static const char *const methods[2] = { "GET", "POST" };
static const unsigned statuses[] = { 200, 204, 302, 404, 500 };

static char path[64];
static uv_loop_t loop;

/* A record that was written: a line of a logger, or of an access log (logger < 0). */
static struct line {
	int64_t time;
	int logger;
	unsigned level, status, method, path;
} lines[RECORDS];

static void
write_line(FILE *f, const struct line *l)
{
	static const char *const names[] = { "INFO", "WARNING", "ERROR" };
	struct civil c;

	clock_civil(l->time, &c);
	if (l->logger >= 0)
		fprintf(f, "{\"asctime\": \"2025-09-%02d %02d:%02d:%02d\", \"levelname\": \"%s\", \"name\": \"%s\", "
			   "\"message\": \"m\"}\n",
			c.day, c.hour, c.minute, c.second, names[l->level], loggers[l->logger]);
	else
		fprintf(f, "127.0.0.1 - - [%02d/Sep/2025:%02d:%02d:%02d +0000] \"%s %s HTTP/1.1\" %u 12\n",
			c.day, c.hour, c.minute, c.second, methods[l->method], paths[l->path], l->status);
}

/* Half a day, mostly in order. */
static void
setup(void)
{
	struct demo_rand r = { 12 };

	strcpy(path, "/tmp/tailboard-test-XXXXXX");
	int fd = mkstemp(path);
	FILE *f = fdopen(fd, "w");

	ck_assert_ptr_nonnull(f);
	clock_set_zone("UTC", NULL);
	for (int64_t i = 0; i < RECORDS; i++) {
		bool access = demo_rand_chance(&r, 0.4);
		int64_t second = i * 43200 / RECORDS + demo_rand_below(&r, 5);

		lines[i] = (struct line){
			.time = START + second * NSEC,
			.logger = access ? -1 : (int)demo_rand_below(&r, NAMES),
			.level = demo_rand_below(&r, 3),
			.status = statuses[demo_rand_below(&r, ARRAY_SIZE(statuses))],
			.method = demo_rand_below(&r, 2), .path = demo_rand_below(&r, 3),
		};
		if (access)
			lines[i].level = lines[i].status >= 500 ? 2 : lines[i].status >= 400 ? 1 : 0;
		write_line(f, &lines[i]);
	}
	fclose(f);
	uv_loop_init(&loop);
}

static void
teardown(void)
{
	unlink(path);
	uv_loop_close(&loop);
}

static struct engine *
load(unsigned threads)
{
	struct engine_options o;
	struct err err = { 0 };

	engine_options_init(&o);
	o.threads = threads;
	o.follow = false;
	struct engine *e = engine_new(&loop, &o);

	ck_assert_int_eq(engine_add(e, path, &err), 0);
	while (!engine_loaded(e))
		uv_run(&loop, UV_RUN_ONCE);
	while (engine_step(e, INT64_MAX))
		;
	return e;
}

/* ---- the slow way ------------------------------------------------------------------ */

static void
name_of(const struct line *l, enum view_by by, char *out, size_t n)
{
	out[0] = '\0';
	if (by == BY_SOURCE)
		snprintf(out, n, "%s", strrchr(path, '/') + 1);
	else if (by == BY_LOGGER && l->logger >= 0)
		snprintf(out, n, "%s", loggers[l->logger]);
	else if (by == BY_STATUS && l->logger < 0)
		snprintf(out, n, "%uxx", l->status / 100);
	else if (by == BY_METHOD && l->logger < 0)
		snprintf(out, n, "%s", methods[l->method]);
	else if (by == BY_ROUTE && l->logger < 0)
		snprintf(out, n, "%s %s", methods[l->method], paths[l->path]);
}

static bool
is_error(const struct line *l, enum view_by by)
{
	return by == BY_LOGGER || by == BY_SOURCE ? l->level == 2 : l->status >= 500;
}

static void
assert_row(const struct view_count *row, enum view_by by, const struct timeframe *t, unsigned min_level)
{
	uint64_t count = 0, errors = 0;

	for (size_t i = 0; i < RECORDS; i++) {
		char name[64];

		name_of(&lines[i], by, name, sizeof name);
		if (strcmp(name, row->name) || lines[i].time < t->from || lines[i].time >= t->to ||
		    lines[i].level < min_level)
			continue;
		count++;
		errors += is_error(&lines[i], by);
	}
	ck_assert_uint_eq(row->count, count);
	ck_assert_uint_eq(row->errors, errors);
}

static void
assert_breakdown(struct engine *e, enum view_by by, const struct timeframe *t, unsigned min_level)
{
	struct view_breakdown v;
	uint64_t all = 0;

	view_breakdown(e, t, by, &v);
	for (size_t i = 0; i < v.n; i++) {
		assert_row(&v.rows[i], by, t, v.filtered ? min_level : 0);
		ck_assert(!v.rows[i].other);
		ck_assert(!i || v.rows[i - 1].count >= v.rows[i].count);
		all += v.rows[i].count;
	}
	ck_assert_uint_eq(v.count, all);
	for (size_t i = 0; i < RECORDS; i++) {
		char name[64];

		name_of(&lines[i], by, name, sizeof name);
		all -= name[0] && lines[i].time >= t->from && lines[i].time < t->to &&
		       lines[i].level >= (v.filtered ? min_level : 0);
	}
	ck_assert_uint_eq(all, 0);
	view_breakdown_release(&v);
}

static const struct timeframe frames[] = {
	{ START, START + 86400 * NSEC, false },
	{ START + 3600 * NSEC, START + 2 * 3600 * NSEC, false },
	{ START + 3601 * NSEC, START + 9 * 3600 * NSEC + 17 * NSEC, false },
	{ START + 30011 * NSEC, START + 30014 * NSEC, false },
	{ START - 3600 * NSEC, START, false },
};

/* Inline and with workers; _i counts both and the frames. */
START_TEST(breakdowns_equal_the_slow_way)
{
	const struct timeframe *t = &frames[_i / 2];
	struct engine *e = load(_i % 2 ? 2 : 0);
	struct err err = { 0 };

	for (enum view_by by = 0; by < BY_COUNT; by++)
		assert_breakdown(e, by, t, 0);
	engine_set_filter(e, query_compile(span_str("level>=warning"), 0, &err));
	for (enum view_by by = 0; by < BY_COUNT; by++)
		assert_breakdown(e, by, t, 1);
	engine_free(e);
}
END_TEST

START_TEST(levels_and_requests_equal_the_slow_way)
{
	const struct timeframe *t = &frames[_i];
	struct engine *e = load(0);
	struct view_levels levels;
	struct view_requests requests;
	uint64_t records = 0, errors = 0, access = 0, failed = 0;

	for (size_t i = 0; i < RECORDS; i++) {
		bool in = lines[i].time >= t->from && lines[i].time < t->to;

		records += in;
		errors += in && lines[i].level == 2;
		access += in && lines[i].logger < 0;
		failed += in && lines[i].logger < 0 && lines[i].status >= 500;
	}
	view_levels(e, t, &levels);
	ck_assert_uint_eq(levels.total, records);
	ck_assert_uint_eq(levels.count[LEVEL_ERROR], errors);
	view_requests(e, t, SORT_COUNT, false, &requests);
	ck_assert_uint_eq(requests.count, access);
	ck_assert_uint_eq(requests.failed, failed);
	view_requests_release(&requests);
	engine_free(e);
}
END_TEST

/* Inline and with workers; _i counts both and the frames. */
START_TEST(filtered_requests_equal_the_slow_way)
{
	const struct timeframe *t = &frames[_i / 2];
	struct engine *e = load(_i % 2 ? 2 : 0);
	struct view_requests v;
	struct err err = { 0 };
	uint64_t all = 0;

	engine_set_filter(e, query_compile(span_str("level>=warning OR path=/"), 0, &err));
	while (engine_step(e, INT64_MAX))
		;
	view_requests(e, t, SORT_COUNT, false, &v);
	ck_assert(v.filtered && !v.partial);
	for (size_t i = 0; i < v.n; i++) {
		uint64_t count = 0, failed = 0;

		for (size_t k = 0; k < RECORDS; k++) {
			const struct line *l = &lines[k];
			bool in = l->logger < 0 && l->time >= t->from && l->time < t->to && (l->level || l->path == 2);

			if (!in || strcmp(methods[l->method], v.rows[i].method) || strcmp(paths[l->path], v.rows[i].route))
				continue;
			count++;
			failed += l->status >= 500;
		}
		ck_assert_uint_eq(v.rows[i].count, count);
		ck_assert_double_eq_tol(v.rows[i].error_percent, count ? 100.0 * (double)failed / (double)count : 0, 1e-9);
		all += count;
	}
	ck_assert_uint_eq(v.count, all);
	ck_assert_uint_eq(v.n, t->from < START ? 0 : t->to - t->from < 60 * NSEC ? v.n : 6);
	view_requests_release(&v);
	engine_free(e);
}
END_TEST

static Suite *
view_numbers_suite(void)
{
	Suite *s = suite_create("view_numbers");
	TCase *tc = tcase_create("view_numbers");

	suite_add_tcase(s, tc);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, breakdowns_equal_the_slow_way, 0, 2 * ARRAY_SIZE(frames));
	tcase_add_loop_test(tc, levels_and_requests_equal_the_slow_way, 0, ARRAY_SIZE(frames));
	tcase_add_loop_test(tc, filtered_requests_equal_the_slow_way, 0, 2 * ARRAY_SIZE(frames));
	return s;
}

int
main(void)
{
	return unit_run(view_numbers_suite());
}
