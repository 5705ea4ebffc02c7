/* The log pane: what it draws from given rows, and how it moves over a real file. */
#include "config.h"

#include "core/alloc.h"
#include "tests/golden.h"
#include "tests/unit.h"
#include "tui/pane_log.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* 2025-09-09 10:42:06.120 UTC. */
#define NOW (INT64_C(1757414526120) * 1000000)

static struct log_pane *pane;

static void
setup(void)
{
	golden_setup();
	pane = (struct log_pane *)pane_new(&pane_log, NULL);
	pane->now = NOW;
	pane->slow_limit = 1;
}

static void
teardown(void)
{
	pane_free(&pane->base);
}

static const struct sample {
	enum level level;
	const char *logger, *text;
	double duration;
	uint32_t more;
} samples[] = {
	{ LEVEL_INFO, "django.server", "\"GET /api/orders/42/ HTTP/1.1\" 200 1234", 0.033, 0 },
	{ LEVEL_ERROR, "django.request", "Internal Server Error: /api/checkout/", -1, 18 },
	{ LEVEL_WARNING, "myapp.views", "Slow request detected POST /api/checkout/ with a message that goes on and on "
	  "until no screen is wide enough to hold it and then some more of it, so that it must be cut or wrapped", 2.31, 0 },
	{ LEVEL_DEBUG, "django.db.backends.postgresql.introspection", "(0.001) SELECT 1", -1, 1 },
	{ LEVEL_NONE, "", "Performing system checks... \x1b[32mok\x1b[0m \x1b]0;evil\a \xff", -1, 0 },
	{ LEVEL_CRITICAL, "celery.worker", "Out of memory: \xed\x95\x9c\xea\xb8\x80 \xe6\xb8\xac\xe8\xa9\xa6", -1, 0 },
};

static void
fill(size_t n)
{
	pane->view.rows = xcalloc(n, sizeof *pane->view.rows);
	pane->view.n = n;
	for (size_t i = 0; i < n; i++) {
		const struct sample *s = &samples[i % ARRAY_SIZE(samples)];
		int64_t time = NOW - (int64_t)(n - 1 - i) * 861 * 1000000;
		struct view_row *row = &pane->view.rows[i];

		*row = (struct view_row){
			.id = i + 1, .place = { time, 0, i }, .time = time, .own_time = s->level != LEVEL_NONE,
			.level = s->level, .source = (unsigned)i % 2, .text = span_str(s->text),
			.duration = s->duration, .more_lines = s->more,
		};
		snprintf(row->logger, sizeof row->logger, "%s", s->logger);
	}
	pane->view.matched = pane->view.total = 70397;
}

static void
filter(const char *query)
{
	strbuf_str(&pane->filter, query);
	pane->view.matched = 1212;
}

START_TEST(draws_the_end)
{
	static const struct golden_size sizes[] = {
		{ 100, 9, false }, { 100, 9, true }, { 80, 10, false }, { 200, 20, false }, { 50, 6, false },
	};

	fill(8);
	pane->base.focused = true;
	golden_pane(&pane->base, "log-following", sizes, ARRAY_SIZE(sizes));
	golden_every_size(&pane->base);
}
END_TEST

START_TEST(draws_sources_where_it_is_wide)
{
	static const struct golden_size sizes[] = { { 130, 8, false }, { 110, 8, false } };

	fill(8);
	strcpy(pane->sources[0], "app.log");
	strcpy(pane->sources[1], "nginx/access-of-a-long-name.log");
	pane->n_sources = 2;
	golden_pane(&pane->base, "log-sources", sizes, ARRAY_SIZE(sizes));
}
END_TEST

START_TEST(draws_a_held_place)
{
	static const struct golden_size sizes[] = { { 100, 9, false }, { 60, 9, false } };

	fill(8);
	filter("level>=warning path~^/api");
	pane->base.focused = true;
	pane->live = pane->follow = false;
	pane->cursor = pane->view.rows[2].place;
	pane->cursor_y = 2;
	pane->newer = 312;
	golden_pane(&pane->base, "log-held", sizes, ARRAY_SIZE(sizes));
	pane->older_gone = true;
	golden_pane(&pane->base, "log-gone", sizes, 1);
}
END_TEST

START_TEST(wraps_and_scrolls)
{
	static const struct golden_size sizes[] = { { 80, 12, false }, { 80, 12, true } };

	fill(6);
	pane->live = pane->follow = false;
	pane->base.focused = true;
	pane->cursor = pane->view.rows[2].place;
	pane->cursor_y = 2;
	pane->wrap = true;
	golden_pane(&pane->base, "log-wrapped", sizes, ARRAY_SIZE(sizes));
	golden_every_size(&pane->base);
	pane->wrap = false;
	pane->shift = 16;
	golden_pane(&pane->base, "log-shifted", sizes, ARRAY_SIZE(sizes));
}
END_TEST

START_TEST(marks_hits)
{
	static const struct golden_size sizes[] = { { 90, 8, false } };
	struct err err;

	fill(6);
	pane->search.query = query_compile(SPAN_LIT("request /err.r/i select"), 0, &err);
	ck_assert_ptr_nonnull(pane->search.query);
	pane->view.hits = 14;
	pane->view.rows[0].hit = pane->view.rows[1].hit = pane->view.rows[5].hit = true;
	golden_pane(&pane->base, "log-hits", sizes, ARRAY_SIZE(sizes));
}
END_TEST

START_TEST(draws_a_bar_of_hits)
{
	static const struct golden_size sizes[] = { { 90, 11, false }, { 90, 11, true } };
	static const uint32_t hits[10] = { 3, 0, 0, 1, 0, 0, 700, 0, 0, 2 };

	fill(8);
	pane->live = pane->follow = false;
	pane->cursor = pane->view.rows[2].place;
	pane->cursor_y = 2;
	pane->view.hits = 706;
	pane->barred = true;
	/* What is seen are some 6 s: two of the ten lines. */
	pane->bar = (struct view_hits){
		.from = NOW - 30 * NSEC, .to = NOW + 10 * NSEC, .step = 4 * NSEC, .n = 10, .count = xcalloc(10, sizeof *hits),
	};
	memcpy(pane->bar.count, hits, sizeof hits);
	golden_pane(&pane->base, "log-bar", sizes, ARRAY_SIZE(sizes));
	golden_every_size(&pane->base);
}
END_TEST

START_TEST(shows_dates_when_they_differ)
{
	static const struct golden_size sizes[] = { { 80, 5, false } };

	fill(4);
	pane->view.rows[0].time -= 86400 * NSEC;
	golden_pane(&pane->base, "log-dates", sizes, ARRAY_SIZE(sizes));
}
END_TEST

START_TEST(draws_lines_without_time_level_and_logger)
{
	static const struct golden_size sizes[] = { { 80, 4, false } };

	fill(2);
	for (size_t i = 0; i < 2; i++) {
		pane->view.rows[i].own_time = false;
		pane->view.rows[i].level = LEVEL_NONE;
		pane->view.rows[i].logger[0] = '\0';
	}
	golden_pane(&pane->base, "log-raw", sizes, ARRAY_SIZE(sizes));
}
END_TEST

START_TEST(says_why_it_is_empty)
{
	static const struct golden_size sizes[] = { { 60, 6, false }, { 30, 6, true } };

	filter("level>=error path~^/x");
	pane->view.matched = 0;
	snprintf(pane->empty, sizeof pane->empty, "No record matches: level>=error path~^/x  (0 clears the filters)");
	golden_pane(&pane->base, "log-empty", sizes, ARRAY_SIZE(sizes));
}
END_TEST

/* ---- over a real file -------------------------------------------------------------- */

enum { W = 100, H = 11, ROWS = H - 1 };

static char path[64];
static uv_loop_t loop;
static struct engine *engine;
static struct lens lens;

static void
append(unsigned from, unsigned n)
{
	FILE *f = fopen(path, "a");

	ck_assert_ptr_nonnull(f);
	for (unsigned i = from; i < from + n; i++)
		fprintf(f, "%s 2025-09-09 10:%02u:%02u,000 views 17771 139626058688192 record %u\n",
			i % 10 ? "INFO" : "ERROR", i / 60, i % 60, i);
	fclose(f);
}

static void
take_in(uint64_t records)
{
	struct view_status st;

	do {
		uv_run(&loop, UV_RUN_ONCE);
		while (engine_step(engine, INT64_MAX))
			;
		view_status(engine, NOW, &st);
	} while (st.records < records);
}

static void
update(void)
{
	lens_advance(&lens, NOW);
	pane->base.ops->update(&pane->base, W, H);
}

static void
press(enum command c)
{
	ck_assert_int_ge(pane->base.ops->command(&pane->base, c), 0);
	update();
}

static void
live_setup(void)
{
	struct engine_options o;
	struct err err;

	golden_setup();
	strcpy(path, "/tmp/tailboard-test-XXXXXX");
	int fd = mkstemp(path);

	ck_assert_int_ge(fd, 0);
	close(fd);
	append(0, 100);
	uv_loop_init(&loop);
	engine_options_init(&o);
	o.threads = 0;
	engine = engine_new(&loop, &o);
	ck_assert_int_eq(engine_add(engine, path, &err), 0);
	take_in(100);
	lens_init(&lens, engine, 3600 * NSEC);
	pane = (struct log_pane *)pane_new(&pane_log, &lens);
	update();
}

static void
live_teardown(void)
{
	pane_free(&pane->base);
	lens_release(&lens);
	engine_free(engine);
	uv_run(&loop, UV_RUN_DEFAULT);
	uv_loop_close(&loop);
	unlink(path);
}

static unsigned
number(const struct view_row *row)
{
	char text[64];
	unsigned n = 9999;

	snprintf(text, sizeof text, "%.*s", SPAN_FMT(row->text));
	sscanf(text, "record %u", &n);
	return n;
}

/* The record on a line of the screen. */
static unsigned
on_line(int y)
{
	for (size_t i = 0; i < pane->view.n; i++)
		if (pane->y[i] <= y && y < pane->y[i + 1])
			return number(&pane->view.rows[i]);
	return 9999;
}

static unsigned
under_cursor(void)
{
	struct view_row row;

	ck_assert(pane_log_current(&pane->base, &row));
	return number(&row);
}

static void
expect(unsigned cursor, unsigned first, unsigned last)
{
	ck_assert_uint_eq(under_cursor(), cursor);
	ck_assert_uint_eq(on_line(0), first);
	ck_assert_uint_eq(on_line(ROWS - 1), last);
}

START_TEST(follows_the_end)
{
	ck_assert(pane_log_follows(&pane->base));
	expect(99, 90, 99);
	append(100, 3);
	take_in(103);
	update();
	expect(102, 93, 102);
}
END_TEST

START_TEST(rows_stand_still_while_one_reads)
{
	press(CMD_UP);
	ck_assert(!pane_log_follows(&pane->base));
	expect(98, 90, 99);
	append(100, 50);
	take_in(150);
	update();
	expect(98, 90, 99);
	ck_assert_uint_eq(pane->newer, 50);
	press(CMD_DOWN);
	expect(99, 90, 99);
	press(CMD_DOWN);
	expect(100, 91, 100);
	press(CMD_LAST);
	ck_assert(pane_log_follows(&pane->base));
	expect(149, 140, 149);
}
END_TEST

START_TEST(moves_by_rows_pages_and_to_the_ends)
{
	for (int i = 0; i < 10; i++)
		press(CMD_UP);
	expect(89, 89, 98);
	press(CMD_PAGE_UP);
	expect(80, 80, 89);
	press(CMD_PAGE_DOWN);
	expect(89, 89, 98);
	press(CMD_FIRST);
	expect(0, 0, 9);
	press(CMD_UP);
	expect(0, 0, 9);
	press(CMD_DOWN);
	expect(1, 0, 9);
	press(CMD_PAGE_UP);
	expect(0, 0, 9);
}
END_TEST

START_TEST(takes_several_keys_in_one_round)
{
	for (int i = 0; i < 25; i++)
		pane_log.command(&pane->base, CMD_UP);
	update();
	expect(74, 74, 83);
	for (int i = 0; i < 12; i++)
		pane_log.command(&pane->base, CMD_DOWN);
	update();
	expect(86, 77, 86);
}
END_TEST

START_TEST(pushing_against_the_end_follows)
{
	press(CMD_UP);
	press(CMD_DOWN);
	ck_assert(!pane_log_follows(&pane->base));
	press(CMD_DOWN);
	ck_assert(pane_log_follows(&pane->base));
}
END_TEST

START_TEST(a_held_screen_does_not_follow)
{
	lens_advance(&lens, NOW);
	lens_pause(&lens, true);
	update();
	append(100, 5);
	take_in(105);
	update();
	expect(99, 90, 99);
	lens_pause(&lens, false);
	update();
	expect(104, 95, 104);
}
END_TEST

START_TEST(counts_hits_and_marks_their_rows)
{
	struct err err;

	ck_assert_int_eq(lens_search(&lens, "\"record 95\"", &err), 0);
	while (engine_step(engine, INT64_MAX))
		;
	update();
	ck_assert_uint_eq(pane->view.hits, 1);
	ck_assert_ptr_nonnull(pane->search.query);
	for (size_t i = 0; i < pane->view.n; i++)
		ck_assert_int_eq(pane->view.rows[i].hit, number(&pane->view.rows[i]) == 95);
	ck_assert_int_eq(lens_search(&lens, NULL, &err), 0);
	update();
	ck_assert_ptr_null(pane->search.query);
}
END_TEST

START_TEST(has_a_bar_while_one_reads)
{
	struct err err;
	uint64_t sum = 0;

	ck_assert(!pane->barred);
	press(CMD_UP);
	ck_assert(pane->barred);
	ck_assert_ptr_null(pane->bar.count);
	ck_assert_uint_eq(pane->bar.n, ROWS);
	ck_assert_uint_eq(view_hits_part(&pane->bar, pane->view.rows[pane->view.n - 1].time), ROWS - 1);
	press(CMD_LAST);
	ck_assert(!pane->barred);
	ck_assert_int_eq(lens_search(&lens, "\"record 5\"", &err), 0); /* 5, 50 to 59 */
	while (engine_step(engine, INT64_MAX))
		;
	update();
	ck_assert(!pane->barred);
	press(CMD_UP);
	ck_assert(pane->barred);
	for (size_t i = 0; i < pane->bar.n; i++)
		sum += pane->bar.count[i];
	ck_assert_uint_eq(sum, 11);
	ck_assert_uint_eq(pane->bar.count[0], 1);
	ck_assert_uint_ge(pane->bar.count[5], 9);
	ck_assert_int_eq(lens_filter(&lens, "\"record 59\"", &err), 0); /* there is no more than is seen */
	while (engine_step(engine, INT64_MAX))
		;
	update();
	ck_assert(!pane->barred);
}
END_TEST

START_TEST(goes_to_a_place_and_keeps_it_through_a_filter)
{
	struct view_row row;
	struct err err;

	press(CMD_FIRST);
	for (int i = 0; i < 20; i++)
		press(CMD_DOWN);
	struct place at = pane_log_place(&pane->base);

	ck_assert_uint_eq(under_cursor(), 20);
	ck_assert_int_eq(lens_filter(&lens, "level>=error", &err), 0);
	while (engine_step(engine, INT64_MAX))
		;
	update();
	expect(20, 0, 90);
	ck_assert_str_eq(pane->filter.p, "level>=error");
	lens_filter_clear(&lens);
	pane_log_follow(&pane->base);
	update();
	pane_log_go(&pane->base, at);
	update();
	ck_assert_uint_eq(under_cursor(), 20);
	ck_assert(pane_log_current(&pane->base, &row));
	ck_assert_int_eq(place_cmp(row.place, at), 0);
}
END_TEST

START_TEST(a_filter_that_has_nothing_after_the_cursor_shows_what_is_before)
{
	struct err err;

	press(CMD_UP);
	ck_assert_int_eq(lens_filter(&lens, "\"record 1\"", &err), 0);
	while (engine_step(engine, INT64_MAX))
		;
	update();
	expect(19, 10, 19);
	ck_assert_int_eq(lens_filter(&lens, "nowhere", &err), 0);
	while (engine_step(engine, INT64_MAX))
		;
	update();
	ck_assert_uint_eq(pane->view.n, 0);
	ck_assert_ptr_nonnull(strstr(pane->empty, "No record matches: "));
	press(CMD_UP);
	press(CMD_PAGE_DOWN);
	lens_filter_clear(&lens);
	update();
	ck_assert_uint_gt(pane->view.n, 0);
}
END_TEST

START_TEST(opens_the_record_under_the_cursor)
{
	struct target t;
	struct view_row row;

	target_init(&t);
	press(CMD_UP);
	ck_assert(pane_log.target(&pane->base, &t));
	ck_assert(pane_log_current(&pane->base, &row));
	ck_assert_uint_eq(t.record, row.id);
	target_release(&t);
	ck_assert_int_eq(pane_log.click(&pane->base, 3, 4, false), EFFECT_UPDATE);
	update();
	expect(93, 90, 99);
}
END_TEST

static Suite *
suite(void)
{
	Suite *s = suite_create("pane_log");
	TCase *drawing = tcase_create("drawing"), *moving = tcase_create("moving");

	tcase_add_checked_fixture(drawing, setup, teardown);
	tcase_add_test(drawing, draws_the_end);
	tcase_add_test(drawing, draws_sources_where_it_is_wide);
	tcase_add_test(drawing, draws_a_held_place);
	tcase_add_test(drawing, wraps_and_scrolls);
	tcase_add_test(drawing, marks_hits);
	tcase_add_test(drawing, draws_a_bar_of_hits);
	tcase_add_test(drawing, shows_dates_when_they_differ);
	tcase_add_test(drawing, draws_lines_without_time_level_and_logger);
	tcase_add_test(drawing, says_why_it_is_empty);
	suite_add_tcase(s, drawing);
	tcase_add_checked_fixture(moving, live_setup, live_teardown);
	tcase_add_test(moving, follows_the_end);
	tcase_add_test(moving, rows_stand_still_while_one_reads);
	tcase_add_test(moving, moves_by_rows_pages_and_to_the_ends);
	tcase_add_test(moving, takes_several_keys_in_one_round);
	tcase_add_test(moving, pushing_against_the_end_follows);
	tcase_add_test(moving, a_held_screen_does_not_follow);
	tcase_add_test(moving, counts_hits_and_marks_their_rows);
	tcase_add_test(moving, has_a_bar_while_one_reads);
	tcase_add_test(moving, goes_to_a_place_and_keeps_it_through_a_filter);
	tcase_add_test(moving, a_filter_that_has_nothing_after_the_cursor_shows_what_is_before);
	tcase_add_test(moving, opens_the_record_under_the_cursor);
	suite_add_tcase(s, moving);
	return s;
}

int
main(void)
{
	return unit_run(suite());
}
