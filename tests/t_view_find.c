/*
 * Unit tests of view_find and view_hits: walking to hits, errors and warnings within a deadline, and where
 * in time hits are, over a whole engine.
 */
#include "config.h"

#include "core/view.h"
#include "tests/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { RECORDS = 20000, RARE = 1234 };

#define START (INT64_C(1757376000) * NSEC) /* 2025-09-09 00:00 UTC */

static char path[64];
static uv_loop_t loop;
static struct engine *engine;

static const char *
level_of(int i)
{
	return i % 5000 == 2500 ? "ERROR" : i % 1000 == 7 ? "WARNING" : "INFO";
}

static void
setup(void)
{
	struct engine_options o;
	struct err err;

	strcpy(path, "/tmp/tailboard-test-XXXXXX");
	int fd = mkstemp(path);
	FILE *f = fdopen(fd, "w");

	ck_assert_ptr_nonnull(f);
	clock_set_zone("UTC", NULL);
	for (int i = 0; i < RECORDS; i++)
		fprintf(f, "%s 2025-09-09 %02d:%02d:%02d,000 views 1 2 record %d%s\n", level_of(i), i / 3600, i / 60 % 60,
			i % 60, i, i == RARE ? " needle" : "");
	fclose(f);
	uv_loop_init(&loop);
	engine_options_init(&o);
	o.threads = 0;
	o.follow = false;
	engine = engine_new(&loop, &o);
	ck_assert_int_eq(engine_add(engine, path, &err), 0);
	while (!engine_loaded(engine))
		uv_run(&loop, UV_RUN_ONCE);
	while (engine_step(engine, INT64_MAX))
		;
}

static void
teardown(void)
{
	engine_free(engine);
	uv_run(&loop, UV_RUN_DEFAULT);
	uv_loop_close(&loop);
	unlink(path);
}

static void
search_for(const char *query)
{
	struct err err;

	engine_set_search(engine, query ? query_compile(span_str(query), START, &err) : NULL);
}

static struct place
place_of(int record)
{
	return (struct place){ .time = START + record * NSEC, .pos = UINT64_MAX };
}

/* The record that a walk without a deadline comes to, -1: none. */
static int
walk(struct place from, enum view_find what, int direction)
{
	struct place at;

	if (view_find(engine, from, what, direction, INT64_MAX, &at) != FOUND)
		return -1;
	return (int)((at.time - START) / NSEC);
}

START_TEST(goes_from_level_to_level)
{
	ck_assert_int_eq(walk(PLACE_LAST, FIND_ERROR, -1), 17500);
	ck_assert_int_eq(walk(PLACE_FIRST, FIND_ERROR, 1), 2500);
	ck_assert_int_eq(walk(place_of(2500), FIND_ERROR, 1), 7500);
	ck_assert_int_eq(walk(place_of(17500), FIND_ERROR, 1), -1);
	ck_assert_int_eq(walk(place_of(2400), FIND_WARNING, 1), 2500);
	ck_assert_int_eq(walk(place_of(2600), FIND_WARNING, 1), 3007);
	ck_assert_int_eq(walk(PLACE_FIRST, FIND_WARNING, -1), -1);
}
END_TEST

START_TEST(levels_are_among_what_the_filter_has)
{
	struct err err;

	engine_set_filter(engine, query_compile(span_str("/record 1...$/"), START, &err));
	ck_assert_int_eq(walk(PLACE_LAST, FIND_ERROR, -1), -1);
	ck_assert_int_eq(walk(PLACE_LAST, FIND_WARNING, -1), 1007);
}
END_TEST

START_TEST(finds_nothing_that_is_not_searched_for)
{
	ck_assert_int_eq(walk(PLACE_LAST, FIND_HIT, -1), -1);
	search_for("unobtainium");
	ck_assert_int_eq(walk(PLACE_LAST, FIND_HIT, -1), -1);
	ck_assert_int_eq(walk(PLACE_FIRST, FIND_HIT, 1), -1);
}
END_TEST

START_TEST(a_deadline_that_has_passed_looks_at_nothing)
{
	struct place at;

	search_for("needle");
	ck_assert_int_eq(view_find(engine, PLACE_LAST, FIND_HIT, -1, clock_mono() - 1, &at), FOUND_LATER);
	while (engine_step(engine, INT64_MAX))
		;
	/* What is known is walked whatever the time. */
	ck_assert_int_eq(view_find(engine, PLACE_LAST, FIND_HIT, -1, clock_mono() - 1, &at), FOUND);
	ck_assert_int_eq((at.time - START) / NSEC, RARE);
	ck_assert_int_eq(view_find(engine, at, FIND_HIT, -1, clock_mono() - 1, &at), FOUND_NONE);
}
END_TEST

/* No step() in between: the walk itself makes progress. */
START_TEST(goes_on_where_the_deadline_came)
{
	enum view_found found;
	struct place at;
	int rounds = 0;

	search_for("/record .*n[e]+dle/");
	while ((found = view_find(engine, PLACE_LAST, FIND_HIT, -1, clock_mono() + 200000, &at)) == FOUND_LATER)
		ck_assert_int_lt(rounds++, 100000);
	ck_assert_int_eq(found, FOUND);
	ck_assert_int_eq((at.time - START) / NSEC, RARE);
}
END_TEST

static void
look_at_all(void)
{
	while (engine_step(engine, INT64_MAX))
		;
}

/* Those of records first, first + apart, ... that are in a part. */
static uint32_t
hits_within(int64_t from, int64_t to, int first, int apart)
{
	uint32_t n = 0;

	for (int i = first; i < RECORDS; i += apart)
		n += START + i * NSEC >= from && START + i * NSEC < to;
	return n;
}

/* Whole seconds, whole seconds that do not divide, and less than a second. */
static const struct {
	int64_t from, to;
	size_t n;
} stretches[] = {
	{ 0, 20000 * NSEC, 20 }, { 0, 20000 * NSEC, 37 }, { 100 * NSEC + 1, 9000 * NSEC + 7, 12 },
	{ 5 * NSEC / 2, 12 * NSEC, 30 }, { -5000 * NSEC, 40000 * NSEC, 9 }, { 7, 8, 4 },
};

START_TEST(counts_hits_by_parts_of_a_stretch)
{
	int64_t from = START + stretches[_i].from, to = START + stretches[_i].to;
	struct view_hits v;
	uint64_t sum = 0;

	view_hits(engine, from, to, stretches[_i].n, &v);
	ck_assert_uint_eq(v.n, stretches[_i].n);
	ck_assert_ptr_null(v.count); /* nothing is searched for */
	search_for("level=warning");
	look_at_all();
	view_hits(engine, from, to, stretches[_i].n, &v);
	for (size_t i = 0; i < v.n; i++) {
		int64_t start = from + (int64_t)i * v.step, end = i + 1 < v.n ? start + v.step : to;

		ck_assert_uint_eq(v.count[i], hits_within(start, end, 7, 1000));
		ck_assert(start >= end || view_hits_part(&v, start) == i);
		sum += v.count[i];
	}
	ck_assert_uint_eq(v.total, sum);
	ck_assert_uint_eq(view_hits_part(&v, from - NSEC), 0);
	ck_assert_uint_eq(view_hits_part(&v, to + NSEC), v.n - 1);
	view_hits_release(&v);
}
END_TEST

START_TEST(the_span_is_of_what_the_filter_has)
{
	int64_t from, to;
	struct err err;

	ck_assert(view_span(engine, &from, &to));
	ck_assert_int_eq(from, START);
	ck_assert_int_eq(to, START + (RECORDS - 1) * NSEC + 1);
	engine_set_filter(engine, query_compile(span_str("level=error"), START, &err));
	look_at_all();
	ck_assert(view_span(engine, &from, &to));
	ck_assert_int_eq(from, START + 2500 * NSEC);
	ck_assert_int_eq(to, START + 17500 * NSEC + 1);
	engine_set_filter(engine, query_compile(span_str("unobtainium"), START, &err));
	look_at_all();
	ck_assert(!view_span(engine, &from, &to));
}
END_TEST

static Suite *
suite(void)
{
	Suite *s = suite_create("view_find");
	TCase *t = tcase_create("view_find");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, goes_from_level_to_level);
	tcase_add_test(t, levels_are_among_what_the_filter_has);
	tcase_add_test(t, finds_nothing_that_is_not_searched_for);
	tcase_add_test(t, a_deadline_that_has_passed_looks_at_nothing);
	tcase_add_test(t, goes_on_where_the_deadline_came);
	tcase_add_loop_test(t, counts_hits_by_parts_of_a_stretch, 0, sizeof stretches / sizeof *stretches);
	tcase_add_test(t, the_span_is_of_what_the_filter_has);
	suite_add_tcase(s, t);
	return s;
}

int
main(void)
{
	return unit_run(suite());
}
