/* Unit tests of core/engine, core/loader and core/intake over real files: counts, order, appending. */
#include "config.h"

#include "core/alloc.h"
#include "core/view.h"
#include "tests/unit.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char dir[64];
static uv_loop_t loop;

static void
setup(void)
{
	strcpy(dir, "/tmp/tailboard-test-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(dir));
	uv_loop_init(&loop);
	clock_set_zone("UTC", NULL);
}

static void
teardown(void)
{
	char *rm = xasprintf("rm -rf %s", dir);

	ck_assert_int_eq(system(rm), 0);
	free(rm);
	uv_loop_close(&loop);
}

static const char *
path_of(const char *name)
{
	static char path[128];

	snprintf(path, sizeof path, "%s/%s", dir, name);
	return path;
}

static void
append(const char *name, const char *text, size_t n)
{
	FILE *f = fopen(path_of(name), "a");

	ck_assert_ptr_nonnull(f);
	ck_assert_uint_eq(fwrite(text, 1, n, f), n);
	fclose(f);
}

/* n records of a second each from midnight on, every tenth an error with a traceback. */
static void
write_log(const char *name, unsigned from, unsigned n)
{
	struct strbuf text = STRBUF_INIT;

	for (unsigned i = from; i < from + n; i++) {
		strbuf_addf(&text, "%s 2025-09-%02u %02u:%02u:%02u,000 views 17771 139626058688192 record %u\n",
			    i % 10 ? "INFO" : "ERROR", 8 + i / 86400, i / 3600 % 24, i / 60 % 60, i % 60, i);
		if (i % 10 == 0)
			strbuf_str(&text, "Traceback (most recent call last):\n  File \"a.py\", line 1, in f\nValueError: x\n");
	}
	append(name, text.p, text.n);
	strbuf_release(&text);
}

static struct engine *
open_engine(unsigned threads, bool follow, uint64_t memory, const char *name)
{
	struct engine_options o;
	struct err err = { 0 };

	engine_options_init(&o);
	o.threads = threads;
	o.follow = follow;
	o.memory = memory;
	struct engine *e = engine_new(&loop, &o);

	ck_assert_int_eq(engine_add(e, path_of(name), &err), 0);
	return e;
}

static void
load(struct engine *e)
{
	while (!engine_loaded(e))
		uv_run(&loop, UV_RUN_ONCE);
	while (engine_step(e, INT64_MAX))
		;
}

/* All rows in merged order, as text. */
static char *
dump(struct engine *e)
{
	struct view_log v;
	struct strbuf out = STRBUF_INIT;
	char time[64];

	view_log(e, PLACE_FIRST, true, 0, 1 << 20, &v);
	for (size_t i = 0; i < v.n; i++)
		strbuf_addf(&out, "%s %d %u %.*s +%u\n", clock_format(v.rows[i].time, CLOCK_FULL, time, sizeof time),
			    v.rows[i].level, v.rows[i].source, SPAN_FMT(v.rows[i].text), v.rows[i].more_lines);
	view_log_release(&v);
	return out.p ? out.p : xstrdup("");
}

START_TEST(history_is_read_whole_and_in_order)
{
	struct view_status st;
	unsigned n = 100000; /* several chunks */

	write_log("a.log", 0, n / 2);
	write_log("a.log", n / 2, n / 2);
	struct engine *e = open_engine(2, false, UINT64_C(1) << 30, "a.log");

	load(e);
	view_status(e, clock_now(), &st);
	ck_assert_uint_eq(st.records, n);
	ck_assert_uint_eq(st.held, n);
	ck_assert_uint_eq(st.unparsed, 0);

	struct engine *inline_engine = open_engine(0, false, UINT64_C(1) << 30, "a.log");

	load(inline_engine);
	char *one = dump(e), *two = dump(inline_engine);

	ck_assert(!strcmp(one, two));
	ck_assert_ptr_nonnull(strstr(one, "00:00:00.000 5 0 record 0 +3\n"));
	free(one);
	free(two);
	engine_free(e);
	engine_free(inline_engine);
}
END_TEST

START_TEST(numbers_outlive_what_is_evicted)
{
	struct view_status st;
	struct view_timeline v;
	unsigned n = 150000;

	write_log("a.log", 0, n);
	struct engine *e = open_engine(0, false, 4 << 20, "a.log");

	load(e);
	view_status(e, clock_now(), &st);
	ck_assert_uint_eq(st.records, n);
	ck_assert_uint_gt(st.evicted, 0);
	ck_assert_uint_eq(st.held + st.evicted, n);
	ck_assert_uint_le(st.memory, 4 << 20);
	/* the newest are held */
	ck_assert_int_gt(st.newest, st.evicted_to);
	view_timeline(e, st.newest + 1, 3600 * NSEC, 48, &v);
	ck_assert_uint_eq(v.total[LEVEL_ERROR] + v.total[LEVEL_INFO], n);
	view_timeline_release(&v);
	engine_free(e);
}
END_TEST

static void
wait_for(struct engine *e, uint64_t records)
{
	struct view_status st = { .records = 0 };
	int64_t give_up = clock_mono() + 10 * NSEC;

	while (st.records < records && clock_mono() < give_up) {
		uv_run(&loop, UV_RUN_ONCE);
		view_status(e, clock_now(), &st);
	}
	ck_assert_uint_eq(st.records, records);
}

START_TEST(appended_lines_arrive_and_halves_wait)
{
	static const char half[] = "INFO 2025-09-08 12:00:06,000 views 17771 139626058688192 half";
	struct view_log v;

	write_log("a.log", 1, 5);
	struct engine *e = open_engine(0, true, UINT64_C(1) << 28, "a.log");

	wait_for(e, 5);
	append("a.log", half, sizeof half - 1);
	write_log("b.log", 0, 1); /* not followed */
	for (int i = 0; i < 3; i++)
		uv_run(&loop, UV_RUN_NOWAIT);
	view_log(e, PLACE_LAST, true, 1, 0, &v);
	ck_assert(span_eq_str(v.rows[0].text, "record 5"));
	view_log_release(&v);
	append("a.log", " and half\n", 10);
	wait_for(e, 6);
	view_log(e, PLACE_LAST, true, 1, 0, &v);
	ck_assert(span_eq_str(v.rows[0].text, "half and half"));
	view_log_release(&v);
	engine_free(e);
}
END_TEST

START_TEST(what_comes_later_is_matched_too)
{
	struct view_log v;
	struct err err = { 0 };

	write_log("a.log", 1, 20);
	struct engine *e = open_engine(0, true, UINT64_C(1) << 28, "a.log");

	wait_for(e, 20);
	engine_set_filter(e, query_compile(span_str("record level>=error"), 0, &err));
	while (engine_step(e, INT64_MAX))
		;
	write_log("a.log", 21, 20);
	wait_for(e, 40);
	while (engine_step(e, INT64_MAX))
		;
	view_log(e, PLACE_FIRST, true, 0, 0, &v); /* looks at no block */
	ck_assert_uint_eq(v.matched, 4);
	ck_assert_uint_eq(v.total, 40);
	view_log_release(&v);
	engine_free(e);
}
END_TEST

START_TEST(a_traceback_is_completed_when_it_arrives)
{
	struct view_log v;
	static const char head[] = "ERROR 2025-09-08 12:00:06,000 views 17771 139626058688192 bad\nTraceback (most recent call last):\n";
	static const char rest[] = "  File \"a.py\", line 1, in f\nValueError: x\n";
	static const char next[] = "INFO 2025-09-08 12:00:07,000 views 17771 139626058688192 next\n";

	append("a.log", head, sizeof head - 1);
	struct engine *e = open_engine(0, true, UINT64_C(1) << 28, "a.log");

	wait_for(e, 1);
	append("a.log", rest, sizeof rest - 1);
	append("a.log", next, sizeof next - 1);
	wait_for(e, 2);
	view_log(e, PLACE_FIRST, true, 0, 2, &v);
	ck_assert_uint_eq(v.n, 2);
	ck_assert_uint_eq(v.rows[0].more_lines, 3);
	view_log_release(&v);
	engine_free(e);
}
END_TEST

START_TEST(rotation_and_truncation_lose_nothing)
{
	char *to = xasprintf("%s/a.log.1", dir), *from = xasprintf("%s/a.log", dir);

	write_log("a.log", 1, 5);
	struct engine *e = open_engine(0, true, UINT64_C(1) << 28, "a.log");

	wait_for(e, 5);
	write_log("a.log", 6, 2);
	ck_assert_int_eq(rename(from, to), 0);
	write_log("a.log", 8, 3);
	wait_for(e, 10);
	ck_assert_int_eq(truncate(from, 0), 0);
	for (int64_t give_up = clock_mono() + 3 * NSEC; clock_mono() < give_up;) {
		struct view_sources s;

		uv_run(&loop, UV_RUN_ONCE);
		view_sources(e, clock_now(), &s);
		bool truncated = s.v[0].truncations > 0;

		view_sources_release(&s);
		if (truncated)
			break;
	}
	write_log("a.log", 11, 4);
	wait_for(e, 14);
	char *all = dump(e);

	for (unsigned i = 1; i < 15; i++) {
		char want[32];

		snprintf(want, sizeof want, " record %u ", i);
		ck_assert_ptr_nonnull(strstr(all, want));
	}
	free(all);
	free(to);
	free(from);
	engine_free(e);
}
END_TEST

START_TEST(a_hundred_megabyte_line_is_survived)
{
	static char block[1 << 20];
	struct view_status st;

	memset(block, 'x', sizeof block);
	write_log("a.log", 1, 5);
	for (int i = 0; i < 100; i++)
		append("a.log", block, sizeof block);
	append("a.log", "\n", 1);
	write_log("a.log", 6, 5);
	struct engine *e = open_engine(0, false, 48 << 20, "a.log");

	load(e);
	view_status(e, clock_now(), &st);
	ck_assert_uint_eq(st.cut, 1);
	char *all = dump(e);

	ck_assert_ptr_nonnull(strstr(all, "record 1 "));
	ck_assert_ptr_nonnull(strstr(all, "record 10 "));
	free(all);
	ck_assert_uint_le(st.memory, 48 << 20);
	engine_free(e);
}
END_TEST

START_TEST(sources_are_merged_by_time)
{
	static const char a[] = "INFO 2025-09-08 12:00:01,000 v 17771 139626058688192 a1\nINFO 2025-09-08 12:00:03,000 v 17771 139626058688192 a3\n";
	static const char b[] = "INFO 2025-09-08 12:00:02,000 v 17771 139626058688192 b2\nINFO 2025-09-08 12:00:04,000 v 17771 139626058688192 b4\n";
	struct view_log v;

	append("a.log", a, sizeof a - 1);
	append("b.log", b, sizeof b - 1);
	struct engine *e = open_engine(0, false, UINT64_C(1) << 28, ".");

	load(e);
	view_log(e, PLACE_FIRST, true, 0, 10, &v);
	ck_assert_uint_eq(v.n, 4);
	ck_assert(span_eq_str(v.rows[0].text, "a1") && span_eq_str(v.rows[1].text, "b2"));
	ck_assert(span_eq_str(v.rows[2].text, "a3") && span_eq_str(v.rows[3].text, "b4"));
	ck_assert(v.at_end);
	view_log_release(&v);
	engine_free(e);
}
END_TEST

START_TEST(a_completion_shows_the_path_of_its_start)
{
	static const char text[] =
		"{\"asctime\": \"2025-09-08 12:00:01,000\", \"levelname\": \"INFO\", \"message\": \"Request started\", "
		"\"request_id\": \"r1\", \"method\": \"GET\", \"path\": \"/orders/12/\"}\n"
		"{\"asctime\": \"2025-09-08 12:00:02,000\", \"levelname\": \"INFO\", \"message\": \"Request completed\", "
		"\"request_id\": \"r1\", \"status_code\": 200, \"duration\": 0.25}\n";
	struct view_log v;

	append("a.log", text, sizeof text - 1);
	struct engine *e = open_engine(0, false, UINT64_C(1) << 28, "a.log");

	load(e);
	view_log(e, PLACE_LAST, true, 1, 0, &v);
	ck_assert(span_eq_str(v.rows[0].text, "Request completed 200 GET /orders/12/"));
	ck_assert(v.rows[0].duration == 0.25);
	view_log_release(&v);
	engine_free(e);
}
END_TEST

START_TEST(a_logged_dictionary_is_its_own_message)
{
	static const char text[] = "{\"asctime\": \"2025-09-08 12:00:01,000\", \"levelname\": \"INFO\", "
				   "\"message\": null, \"stock\": 7, \"sku\": \"A-1\"}\n";
	struct view_log v;

	append("a.log", text, sizeof text - 1);
	struct engine *e = open_engine(0, false, UINT64_C(1) << 28, "a.log");

	load(e);
	view_log(e, PLACE_LAST, true, 1, 0, &v);
	ck_assert(span_eq_str(v.rows[0].text, "stock=7 sku=A-1"));
	view_log_release(&v);
	engine_free(e);
}
END_TEST

START_TEST(a_missing_file_is_told_and_picked_up)
{
	struct view_status st;
	struct engine *e = open_engine(0, true, UINT64_C(1) << 28, "late.log");

	uv_run(&loop, UV_RUN_NOWAIT);
	view_status(e, clock_now(), &st);
	ck_assert_uint_eq(st.waiting, 1);
	ck_assert_ptr_nonnull(strstr(st.message, "late.log"));
	ck_assert(engine_failed(e));
	write_log("late.log", 1, 3);
	wait_for(e, 3);
	ck_assert(!engine_failed(e));
	engine_free(e);
}
END_TEST

/* ---- sources ---- */

static struct view_source
first_source(struct engine *e)
{
	struct view_sources v;

	view_sources(e, clock_now(), &v);
	ck_assert_uint_ge(v.n, 1);
	struct view_source first = v.v[0];

	view_sources_release(&v);
	return first;
}

START_TEST(a_source_has_books_of_its_own)
{
	write_log("a.log", 0, 200);
	write_log("b.log", 0, 30);
	struct engine *e = open_engine(0, false, UINT64_C(1) << 28, "a.log");
	struct err err;

	ck_assert_int_eq(engine_add(e, path_of("b.log"), &err), 0);
	load(e);
	struct view_source a = first_source(e);

	ck_assert_str_eq(a.name, "a.log");
	ck_assert_uint_eq(a.records, 200);
	ck_assert_uint_eq(a.lines, 260);
	ck_assert_uint_eq(a.errors, 20);
	ck_assert_uint_eq(a.by_level[LEVEL_INFO], 180);
	ck_assert_uint_eq(a.held, 200);
	ck_assert_uint_eq(a.held_bytes, a.bytes);
	ck_assert_str_eq(a.formats, "django");
	ck_assert_double_eq_tol(a.usual, 1, 0.01);
	ck_assert(!a.silent); /* its records are of another year */
	engine_free(e);
}
END_TEST

START_TEST(a_closed_source_goes_on_where_it_was)
{
	char *to = xasprintf("%s/a.log.1", dir), *from = xasprintf("%s/a.log", dir);
	struct err err;

	write_log("a.log", 1, 5);
	struct engine *e = open_engine(0, true, UINT64_C(1) << 28, "a.log");

	wait_for(e, 5);
	ck_assert_int_eq(engine_close(e, 0, &err), 0);
	write_log("a.log", 6, 2);
	ck_assert_int_eq(rename(from, to), 0);
	write_log("a.log", 8, 3);
	for (int64_t stop = clock_mono() + 1500 * 1000000; clock_mono() < stop;)
		uv_run(&loop, UV_RUN_ONCE);
	struct view_source closed = first_source(e);

	ck_assert(closed.closed);
	ck_assert_uint_eq(closed.records, 5);
	ck_assert_uint_gt(closed.lag, 0);
	engine_follow(e, 0);
	wait_for(e, 10);
	struct view_source open = first_source(e);

	ck_assert(!open.closed);
	ck_assert_uint_eq(open.rotations, 1);
	ck_assert_uint_eq(open.lag, 0);
	free(to);
	free(from);
	engine_free(e);
}
END_TEST

START_TEST(the_numbers_say_how_far_back_they_reach)
{
	struct view_status st;

	write_log("a.log", 0, 150000);
	struct engine *e = open_engine(0, false, UINT64_C(1) << 30, "a.log");

	view_status(e, clock_now(), &st);
	ck_assert_double_lt(st.loading, 1);
	ck_assert_int_gt(st.reach, st.newest - 3600 * NSEC);
	for (int64_t before = st.reach; uv_run(&loop, UV_RUN_ONCE), !engine_loaded(e); before = st.reach) {
		view_status(e, clock_now(), &st);
		ck_assert_int_le(st.reach, before);
		ck_assert_int_ge(st.reach, st.oldest);
	}
	view_status(e, clock_now(), &st);
	ck_assert_double_eq(st.loading, 1);
	ck_assert_int_eq(st.reach, TIME_NONE);
	ck_assert_uint_eq(st.records, 150000);
	engine_free(e);
}
END_TEST

static Suite *
suite(void)
{
	Suite *s = suite_create("engine");
	TCase *t = tcase_create("engine");

	tcase_set_timeout(t, 120);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, history_is_read_whole_and_in_order);
	tcase_add_test(t, numbers_outlive_what_is_evicted);
	tcase_add_test(t, appended_lines_arrive_and_halves_wait);
	tcase_add_test(t, what_comes_later_is_matched_too);
	tcase_add_test(t, a_traceback_is_completed_when_it_arrives);
	tcase_add_test(t, rotation_and_truncation_lose_nothing);
	tcase_add_test(t, a_hundred_megabyte_line_is_survived);
	tcase_add_test(t, sources_are_merged_by_time);
	tcase_add_test(t, a_source_has_books_of_its_own);
	tcase_add_test(t, a_closed_source_goes_on_where_it_was);
	tcase_add_test(t, the_numbers_say_how_far_back_they_reach);
	tcase_add_test(t, a_completion_shows_the_path_of_its_start);
	tcase_add_test(t, a_logged_dictionary_is_its_own_message);
	tcase_add_test(t, a_missing_file_is_told_and_picked_up);
	suite_add_tcase(s, t);
	return s;
}

int
main(void)
{
	return unit_run(suite());
}
