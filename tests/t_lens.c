/* Unit tests of tui/lens, over an engine that read a small log. */
#include "config.h"

#include "core/alloc.h"
#include "tests/unit.h"
#include "tui/lens.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define HOUR (3600 * NSEC)

/* A record a minute from 10:00 on: 9 INFO, one ERROR, and so on. */
enum { RECORDS = 120, ERRORS = 12, WARNINGS = 6 };

static uv_loop_t loop;
static struct engine *engine;
static struct lens lens;
static char path[] = "/tmp/t_lens_XXXXXX";
static int64_t newest;

static void
write_log(void)
{
	FILE *f = fdopen(mkstemp(path), "w");

	ck_assert_ptr_nonnull(f);
	for (int i = 0; i < RECORDS; i++)
		fprintf(f, "{\"asctime\": \"2025-09-09 %02d:%02d:00,000\", \"levelname\": \"%s\", \"name\": \"app\", "
			"\"message\": \"record %d\"}\n", 10 + i / 60, i % 60,
			i % 10 == 9 ? "ERROR" : i % 20 == 0 ? "WARNING" : "INFO", i);
	fclose(f);
}

static void
setup(void)
{
	struct engine_options o;
	struct err err;

	ck_assert_int_eq(clock_set_zone("UTC", NULL), 0);
	write_log();
	engine_options_init(&o);
	o.follow = false;
	o.threads = 0;
	uv_loop_init(&loop);
	engine = engine_new(&loop, &o);
	ck_assert_int_eq(engine_add(engine, path, &err), 0);
	while (!engine_loaded(engine))
		uv_run(&loop, UV_RUN_ONCE);
	newest = clock_from_civil(&(struct civil){ .year = 2025, .month = 9, .day = 9, .hour = 11, .minute = 59 });
	lens_init(&lens, engine, HOUR);
	lens_advance(&lens, newest + 30 * 24 * HOUR);
}

static void
teardown(void)
{
	lens_release(&lens);
	engine_free(engine);
	uv_run(&loop, UV_RUN_DEFAULT);
	uv_loop_close(&loop);
	unlink(path);
	memcpy(path + strlen(path) - 6, "XXXXXX", 6);
}

static struct view_log
counts(void)
{
	struct view_log v;

	while (engine_step(engine, INT64_MAX))
		;
	view_log(engine, PLACE_LAST, false, 0, 0, &v);
	view_log_release(&(struct view_log){ .rows = v.rows, .text = v.text });
	return v;
}

static void
expect_query(const char *want)
{
	struct strbuf q = STRBUF_INIT;

	lens_query(&lens, &q);
	ck_assert_str_eq(q.p ? q.p : "", want);
	strbuf_release(&q);
}

START_TEST(the_frame_ends_at_the_newest)
{
	ck_assert_int_eq(lens.frame.to, newest + 1);
	ck_assert_int_eq(lens.frame.to - lens.frame.from, HOUR);
}
END_TEST

START_TEST(filters_stack)
{
	struct err err;

	expect_query("");
	ck_assert_int_eq(lens_filter(&lens, "level>=warning", &err), 0);
	ck_assert_uint_eq(counts().matched, ERRORS + WARNINGS);
	ck_assert_int_eq(lens_filter(&lens, "record OR nothing", &err), 0);
	ck_assert_int_eq(lens_filter(&lens, "level=error", &err), 0);
	expect_query("level>=warning (record OR nothing ) level=error");
	ck_assert_uint_eq(counts().matched, ERRORS);
	ck_assert(lens_filter_pop(&lens));
	ck_assert(lens_filter_pop(&lens));
	ck_assert_uint_eq(counts().matched, ERRORS + WARNINGS);
	lens_filter_clear(&lens);
	ck_assert(!lens_filter_pop(&lens));
	ck_assert_uint_eq(counts().matched, RECORDS);
}
END_TEST

START_TEST(a_filter_leaves_from_among_the_others)
{
	static const struct log_stance stance = { .follow = true };
	struct step step;
	struct err err;

	for (int i = 0; i < 3; i++) {
		static const char *const queries[] = { "level>=warning", "record", "level=error" };

		lens_step(&lens, queries[i], &stance, i);
		ck_assert_int_eq(lens_filter(&lens, queries[i], &err), 0);
	}
	ck_assert_uint_eq(lens_filter_find(&lens, "nothing"), SIZE_MAX);
	lens_filter_drop(&lens, lens_filter_find(&lens, "level>=warning"));
	expect_query("record level=error");
	ck_assert_uint_eq(counts().matched, ERRORS);
	/* Each step that is left takes its own filter back. */
	ck_assert(lens_back(&lens, &step));
	ck_assert_str_eq(step.label, "level=error");
	free(step.label);
	expect_query("record");
	ck_assert(lens_back(&lens, &step));
	ck_assert_str_eq(step.label, "record");
	free(step.label);
	expect_query("");
	ck_assert(!lens_back(&lens, &step));
}
END_TEST

START_TEST(a_wrong_filter_changes_nothing)
{
	struct err err = { 0 };

	ck_assert_int_eq(lens_filter(&lens, "level>=eror", &err), -1);
	ck_assert_int_ne(err.msg[0], '\0');
	ck_assert_uint_eq(lens.n_filters, 0);
	ck_assert_int_eq(lens_filter(&lens, "  ", &err), 0);
	ck_assert_uint_eq(lens.n_filters, 0);
	ck_assert_int_eq(lens_search(&lens, "(", NULL), -1);
	ck_assert_ptr_null(lens.search);
}
END_TEST

START_TEST(the_minimum_level_has_ends)
{
	static const enum level up[] = { LEVEL_INFO, LEVEL_WARNING, LEVEL_ERROR, LEVEL_CRITICAL, LEVEL_CRITICAL };

	for (size_t i = 0; i < ARRAY_SIZE(up); i++) {
		lens_min_level(&lens, 1);
		ck_assert_int_eq(lens.min_level, up[i]);
	}
	ck_assert_uint_eq(counts().matched, 0);
	lens_min_level(&lens, -1);
	expect_query("level>=ERROR");
	ck_assert_uint_eq(counts().matched, ERRORS);
	for (int i = 0; i < 5; i++)
		lens_min_level(&lens, -1);
	ck_assert_int_eq(lens.min_level, LEVEL_NONE);
}
END_TEST

START_TEST(a_search_counts_among_what_is_shown)
{
	struct err err;

	ck_assert_int_eq(lens_search(&lens, "level=error", &err), 0);
	ck_assert_uint_eq(counts().hits, ERRORS);
	ck_assert_int_eq(lens_filter(&lens, "time<2025-09-09T10:30", &err), 0);
	ck_assert_uint_eq(counts().hits, 3);
	ck_assert_int_eq(lens_preview(&lens, "level=warning", &err), 0);
	ck_assert_uint_eq(counts().hits, 2);
	ck_assert_str_eq(lens.search, "level=error");
	ck_assert_int_eq(lens_preview(&lens, NULL, NULL), 0);
	ck_assert_uint_eq(counts().hits, 3);
	ck_assert_int_eq(lens_search(&lens, "", &err), 0);
	ck_assert_ptr_null(lens.search);
	ck_assert_uint_eq(counts().hits, 0);
}
END_TEST

START_TEST(steps_are_taken_back)
{
	struct place at = { newest, 0, 77 };
	struct step step;
	struct err err;

	lens_step(&lens, "ERROR", &(struct log_stance){ .at = at }, 2);
	ck_assert_int_eq(lens_filter(&lens, "level=error", &err), 0);
	lens_zoom(&lens, 1);
	lens_step(&lens, "10:42", &(struct log_stance){ .at = PLACE_LAST, .follow = true }, 0);
	ck_assert_int_eq(lens_filter(&lens, "time>=2025-09-09T10:42", &err), 0);
	ck_assert(lens_back(&lens, &step));
	ck_assert_str_eq(step.label, "10:42");
	ck_assert(step.log.follow);
	free(step.label);
	expect_query("level=error");
	ck_assert_int_eq(lens.window, 3 * HOUR);
	ck_assert(lens_back(&lens, &step));
	ck_assert_int_eq(place_cmp(step.log.at, at), 0);
	ck_assert_int_eq(step.focus, 2);
	free(step.label);
	ck_assert_int_eq(lens.window, HOUR);
	ck_assert_uint_eq(counts().matched, RECORDS);
	ck_assert(!lens_back(&lens, &step));
}
END_TEST

START_TEST(dropping_a_filter_drops_its_step)
{
	struct err err;

	lens_step(&lens, "a", &(struct log_stance){ .at = PLACE_LAST, .follow = true }, 0);
	lens_filter(&lens, "record", &err);
	lens_step(&lens, "b", &(struct log_stance){ .at = PLACE_LAST, .follow = true }, 0);
	lens_filter(&lens, "level=error", &err);
	ck_assert(lens_filter_pop(&lens));
	ck_assert_uint_eq(lens.n_steps, 1);
	ck_assert_str_eq(lens.steps[0].label, "a");
	lens_filter_clear(&lens);
	ck_assert_uint_eq(lens.n_steps, 0);
}
END_TEST

START_TEST(a_step_mutes_filters_until_it_is_taken_back)
{
	struct step step;
	struct err err;

	lens_filter(&lens, "level=error", &err);
	lens_filter(&lens, "nothing", &err);
	lens_filter(&lens, "record", &err);
	lens_filter_toggle(&lens, 1);
	lens_min_level(&lens, 1);
	expect_query("level>=INFO level=error record");
	lens_step(&lens, "around", &(struct log_stance){ .at = PLACE_LAST }, 0);
	lens_mute(&lens);
	expect_query("");
	lens_filter(&lens, "time>=11:00", &err);
	expect_query("time>=11:00");
	lens_filter_drop(&lens, 1); /* the others stay as they were */
	ck_assert(lens_back(&lens, &step));
	ck_assert_str_eq(step.label, "around");
	free(step.label);
	expect_query("level>=INFO level=error record");
	ck_assert_uint_eq(lens.n_filters, 2);
}
END_TEST

START_TEST(dropping_the_filter_of_a_step_ends_its_muting)
{
	struct err err;

	for (int way = 0; way < 2; way++) {
		lens_filter(&lens, "level=error", &err);
		lens_step(&lens, "around", &(struct log_stance){ .at = PLACE_LAST }, 0);
		lens_mute(&lens);
		lens_filter(&lens, "time>=11:00", &err);
		if (way)
			lens_filter_drop(&lens, 1);
		else
			lens_filter_pop(&lens);
		expect_query("level=error");
		ck_assert_uint_eq(counts().matched, ERRORS);
		ck_assert_uint_eq(lens.n_steps, 0);
		lens_filter_clear(&lens);
	}
}
END_TEST

START_TEST(a_filter_is_switched_off_and_edited)
{
	struct err err;

	ck_assert_int_eq(lens_filter(&lens, "level=error", &err), 0);
	ck_assert_int_eq(lens_filter(&lens, "record", &err), 0);
	lens_filter_toggle(&lens, 0);
	expect_query("record");
	ck_assert_uint_eq(counts().matched, RECORDS);
	lens_filter_toggle(&lens, 0);
	expect_query("level=error record");
	ck_assert_int_eq(lens_preview_instead(&lens, 0, "level=warning", &err), 0);
	ck_assert_uint_eq(counts().hits, WARNINGS);
	ck_assert_uint_eq(counts().matched, ERRORS);
	ck_assert_int_eq(lens_preview(&lens, NULL, &err), 0);
	ck_assert_int_eq(lens_filter_replace(&lens, 0, "level>=eror", &err), -1);
	expect_query("level=error record");
	lens_filter_toggle(&lens, 0);
	ck_assert_int_eq(lens_filter_replace(&lens, 0, "level=warning", &err), 0);
	expect_query("level=warning record");
	ck_assert_uint_eq(counts().matched, WARNINGS);
}
END_TEST

START_TEST(filters_are_left_aside_for_a_look)
{
	struct strbuf all = STRBUF_INIT;
	struct err err;

	ck_assert_int_eq(lens_filter(&lens, "level=error", &err), 0);
	lens_unfiltered(&lens, true);
	expect_query("");
	ck_assert_uint_eq(counts().matched, RECORDS);
	lens_stack_query(&lens, &all);
	ck_assert_str_eq(all.p, "level=error");
	strbuf_release(&all);
	lens_unfiltered(&lens, false);
	ck_assert_uint_eq(counts().matched, ERRORS);
	lens_unfiltered(&lens, true);
	/* Who filters wants to see what it does. */
	ck_assert_int_eq(lens_filter(&lens, "record", &err), 0);
	expect_query("level=error record");
}
END_TEST

/* Filters, those whose bit is in `off` switched off; and what is counted of the part. */
static const struct {
	const char *query[3];
	unsigned off;
	bool level; /* INFO and worse comes first */
	size_t part;
	uint64_t keeps, hides;
	const char *why; /* there is no record, NULL: there is */
} counted[] = {
	{ { "level>=warning", "level=error" }, 0, false, 0, ERRORS + WARNINGS, 0, NULL },
	{ { "level>=warning", "level=error" }, 0, false, 1, ERRORS, WARNINGS, NULL },
	{ { "level>=warning", "level=error" }, 2, false, 1, ERRORS, WARNINGS, NULL },
	{ { "level>=warning", "level=error" }, 1, false, 0, ERRORS + WARNINGS, 0, NULL },
	{ { "-level=error" }, 0, false, 0, RECORDS - ERRORS, ERRORS, NULL },
	{ { "level=error" }, 0, true, 0, RECORDS, 0, NULL },
	{ { "level=error" }, 0, true, 1, ERRORS, RECORDS - ERRORS, NULL },
	{ { "record", "nowhere" }, 0, false, 1, 0, RECORDS, "No record passes: `nowhere` alone hides all 120" },
	{ { "level=error", "level=warning" }, 0, false, 0, ERRORS, WARNINGS,
	  "No record passes: without `level=warning` there would be 12" },
	{ { "level=error", "level=warning", "level=info" }, 0, false, 0, ERRORS, 0,
	  "No record passes the 3 filters, nor would any without one of them" },
};

START_TEST(parts_are_counted)
{
	struct lens_count count;
	char why[200];
	struct err err;

	lens_count_filters(&lens);
	ck_assert(!lens_why_empty(&lens, RECORDS, why, sizeof why));
	if (counted[_i].level)
		lens_min_level(&lens, 1);
	for (size_t i = 0; i < 3 && counted[_i].query[i]; i++) {
		ck_assert_int_eq(lens_filter(&lens, counted[_i].query[i], &err), 0);
		if (counted[_i].off & 1u << i)
			lens_filter_toggle(&lens, i);
	}
	lens_count_filters(&lens);
	lens_part_count(&lens, counted[_i].part, &count);
	ck_assert(!count.sure);
	ck_assert(!lens_why_empty(&lens, RECORDS, why, sizeof why));
	bool empty = !counts().matched;

	lens_part_count(&lens, counted[_i].part, &count);
	ck_assert(count.sure);
	ck_assert_uint_eq(count.keeps, counted[_i].keeps);
	ck_assert_uint_eq(count.hides, counted[_i].hides);
	ck_assert(empty == (counted[_i].why != NULL));
	if (empty) {
		ck_assert(lens_why_empty(&lens, RECORDS, why, sizeof why));
		ck_assert_str_eq(why, counted[_i].why);
	}
	/* Asked again, with nothing new: it is known still. */
	lens_count_filters(&lens);
	lens_part_count(&lens, counted[_i].part, &count);
	ck_assert(count.sure);
}
END_TEST

static const struct {
	int64_t from;
	int direction;
	int64_t to;
} zooms[] = {
	{ HOUR, 1, 3 * HOUR }, { HOUR, -1, HOUR / 2 }, { HOUR / 60, -1, HOUR / 60 }, { 720 * HOUR, 1, 720 * HOUR },
	{ 2 * HOUR, 1, 3 * HOUR }, { 2 * HOUR, -1, HOUR }, { 900 * HOUR, 1, 900 * HOUR }, { 900 * HOUR, -1, 720 * HOUR },
};

START_TEST(zoom_goes_through_the_windows)
{
	lens.window = zooms[_i].from;
	lens_zoom(&lens, zooms[_i].direction);
	ck_assert_int_eq(lens.window, zooms[_i].to);
}
END_TEST

START_TEST(the_window_shifts_between_the_oldest_and_the_newest)
{
	lens_shift(&lens, 1);
	ck_assert_int_eq(lens.edge, TIME_NONE);
	for (int i = 0; i < 10; i++) {
		lens_shift(&lens, -1);
		lens_advance(&lens, lens.now);
	}
	ck_assert_int_eq(lens.edge, newest + 1 - HOUR);
	for (int i = 0; i < 3; i++) {
		lens_shift(&lens, 1);
		lens_advance(&lens, lens.now);
	}
	ck_assert_int_eq(lens.edge, TIME_NONE);
	ck_assert_int_eq(lens.frame.to, newest + 1);
}
END_TEST

START_TEST(a_held_frame_stands)
{
	struct timeframe before = lens.frame;

	lens_pause(&lens, true);
	lens_pause(&lens, true);
	ck_assert_uint_eq(lens.paused_at, RECORDS);
	lens_advance(&lens, lens.now + HOUR);
	ck_assert_int_eq(lens.frame.to, before.to);
	lens_zoom(&lens, 1);
	lens_advance(&lens, lens.now + HOUR);
	ck_assert_int_eq(lens.frame.to, before.to);
	ck_assert_int_eq(lens.frame.from, before.to - 3 * HOUR);
	lens_pause(&lens, false);
	ck_assert(!lens.paused);
}
END_TEST

static Suite *
lens_suite(void)
{
	Suite *s = suite_create("lens");
	TCase *tc = tcase_create("lens");

	suite_add_tcase(s, tc);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, the_frame_ends_at_the_newest);
	tcase_add_test(tc, filters_stack);
	tcase_add_test(tc, a_filter_leaves_from_among_the_others);
	tcase_add_test(tc, a_wrong_filter_changes_nothing);
	tcase_add_test(tc, the_minimum_level_has_ends);
	tcase_add_test(tc, a_search_counts_among_what_is_shown);
	tcase_add_test(tc, steps_are_taken_back);
	tcase_add_test(tc, dropping_a_filter_drops_its_step);
	tcase_add_test(tc, a_step_mutes_filters_until_it_is_taken_back);
	tcase_add_test(tc, dropping_the_filter_of_a_step_ends_its_muting);
	tcase_add_test(tc, a_filter_is_switched_off_and_edited);
	tcase_add_test(tc, filters_are_left_aside_for_a_look);
	tcase_add_loop_test(tc, parts_are_counted, 0, ARRAY_SIZE(counted));
	tcase_add_loop_test(tc, zoom_goes_through_the_windows, 0, ARRAY_SIZE(zooms));
	tcase_add_test(tc, the_window_shifts_between_the_oldest_and_the_newest);
	tcase_add_test(tc, a_held_frame_stands);
	return s;
}

int
main(void)
{
	return unit_run(lens_suite());
}
