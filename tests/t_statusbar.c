/* Golden tests of tui/statusbar and tui/hints: values in, a row of text out. */
#include "config.h"

#include "core/alloc.h"
#include "tests/unit.h"
#include "tui/hints.h"
#include "tui/statusbar.h"

#include <locale.h>
#include <stdlib.h>

#define NOON (INT64_C(1757419200) * NSEC) /* 2025-09-09 12:00 UTC */

static void
setup(void)
{
	ck_assert_int_eq(clock_set_zone("UTC", NULL), 0);
}

static struct view_status
busy(void)
{
	struct view_status st = {
		.sources = 3, .rate = 1204, .records = 2480000, .held = 2480000, .memory = 612u << 20,
		.log_bytes = UINT64_C(5400) << 20, .loading = 1, .reach = TIME_NONE, .oldest = NOON - 3600 * NSEC,
		.newest = NOON - NSEC,
	};

	for (uint32_t i = 0; i < VIEW_RATES; i++)
		st.rates[i] = i % 8 + 1;
	return st;
}

static struct status_line
live(const struct view_status *st)
{
	return (struct status_line){ .status = st, .now = NOON, .window = 3600 * NSEC, .edge = TIME_NONE, .live = true };
}

static char *
status_row(const struct status_line *line, int w, bool ascii)
{
	struct strbuf out = STRBUF_INIT;
	struct grid g;

	grid_init(&g, w, 1, ascii);
	struct canvas c = canvas_whole(&g);

	status_draw(&c, line);
	grid_dump(&g, &out);
	grid_release(&g);
	while (out.n && out.p[out.n - 1] == '\n')
		out.p[--out.n] = '\0';
	return out.p;
}

static void
expect_row(const struct status_line *line, int w, const char *want)
{
	char *got = status_row(line, w, false);

	ck_assert_str_eq(got, want);
	free(got);
}

static void
expect_part(const struct status_line *line, bool ascii, const char *part)
{
	char *got = status_row(line, 200, ascii);

	ck_assert_msg(strstr(got, part), "\"%s\" in \"%s\"", part, got);
	free(got);
}

START_TEST(parts_go_by_importance)
{
	struct view_status st = busy();
	struct status_line line = live(&st);

	expect_row(&line, 120, " tailboard  3 sources  1,204/s ▂▃▄▄▅▆▇▁▂▃  2.48M held  5.3G of logs in 612M  60m  ● LIVE    0 unparsed  12:00:00 +00:00");
	expect_row(&line, 100, " tailboard  3 sources  1,204/s ▂▃▄▄▅▆▇▁▂▃  2.48M held  5.3G of logs in 612M  60m  ● LIVE   12:00:00");
	expect_row(&line, 80, " 3 sources  1,204/s  2.48M held  5.3G of logs in 612M  60m  ● LIVE     12:00:00");
	st.loading = 0.43;
	st.reach = NOON - 3 * 3600 * NSEC;
	st.silent = 1;
	expect_row(&line, 80, " 3 sources 1 silent  1,204/s  2.48M held  60m  ◷ back to 09:00, 43%    12:00:00");
	st.evicted = 1000;
	st.evicted_to = NOON - 3600 * NSEC;
	st.loading = 1;
	expect_row(&line, 80, " 3 sources 1 silent  1,204/s  2.48M held  oldest gone  60m  ● LIVE     12:00:00");
}
END_TEST

START_TEST(no_width_overflows)
{
	struct view_status st = busy();
	struct status_line line = live(&st);

	st.waiting = 2;
	st.failed = 1;
	st.lost = 123456789;
	st.evicted = 99999999;
	st.unparsed = st.cut = 123456;
	for (int w = 1; w <= 400; w++)
		free(status_row(&line, w, w % 2));
}
END_TEST

START_TEST(states_in_words)
{
	struct view_status st = busy();
	struct status_line line = live(&st);

	expect_part(&line, false, "● LIVE");
	expect_part(&line, true, "* LIVE");
	st.newest = NOON - 250 * NSEC;
	expect_part(&line, false, "○ QUIET 4m");
	line.live = false;
	st.newest = NOON - 5 * 3600 * NSEC;
	expect_part(&line, false, "○ QUIET 5h");
	st.newest = NOON - 40 * 3600 * NSEC;
	expect_part(&line, false, "■ END 2025-09-07 20:00");
	line.edge = NOON - 3600 * NSEC;
	expect_part(&line, false, "◀ UNTIL 11:00");
	st.loading = 0.434;
	expect_part(&line, false, "◷ loading 43%");
	st.reach = NOON - 3 * 3600 * NSEC;
	expect_part(&line, false, "◷ back to 09:00, 43%");
	expect_part(&line, true, "~ back to 09:00, 43%");
	st.reach = NOON - 50 * 3600 * NSEC;
	expect_part(&line, false, "◷ back to 2025-09-07 10:00, 43%");
	line.paused = true;
	line.arrived = 1204;
	expect_part(&line, false, "❚❚ PAUSED +1,204");
	expect_part(&line, true, "|| PAUSED +1,204");
	st = (struct view_status){ .loading = 1, .oldest = TIME_NONE, .newest = TIME_NONE };
	line = live(&st);
	expect_part(&line, false, "○ NO RECORDS");
}
END_TEST

START_TEST(trouble_is_counted)
{
	struct view_status st = busy();
	struct status_line line = live(&st);

	st.waiting = 1;
	st.failed = 2;
	st.unparsed = 12;
	st.evicted = 3100000;
	st.gaps = 1;
	st.silent = 1;
	st.evicted_to = NOON - 2 * 3600 * NSEC;
	st.behind = 3u << 20;
	expect_part(&line, false, "3 sources 1 missing 2 unreadable 1 silent");
	expect_part(&line, false, "oldest gone to 10:00");
	expect_part(&line, false, "3.0M behind");
	expect_part(&line, false, "12 unparsed");
	expect_part(&line, false, "lines may be lost");
	st.lost = 2048;
	expect_part(&line, false, "2.0k lost");
}
END_TEST

static const struct {
	int64_t seconds;
	const char *text;
} windows[] = {
	{ 45, "45s" }, { 60, "1m" }, { 3600, "60m" }, { 5400, "90m" }, { 10800, "3h" }, { 86400, "24h" },
	{ 3 * 86400, "3d" }, { 90, "90s" },
};

START_TEST(windows_are_short)
{
	char buf[16];

	ck_assert_str_eq(window_text(windows[_i].seconds * NSEC, buf, sizeof buf), windows[_i].text);
}
END_TEST

/* ---- hints ---- */

static const enum command commands[] = {
	CMD_SEARCH, CMD_FILTER, CMD_PAUSE, CMD_NEXT_ERROR, CMD_PREVIOUS_ERROR, CMD_TIME_IN, CMD_NONE,
};

static const struct {
	int w, n_trail;
	bool back;
	const char *row;
} hint_rows[] = {
	{ 100, 0, false, " / search  f filter  Space pause  e/E error  +/- zoom  Tab pane  z full  ? help" },
	{ 60, 0, false, " / search  f filter  Space pause  e/E error  z full  ? help" },
	{ 100, 2, true, " All › 10:42 › ERROR   Esc back  / search  f filter  Space pause  e/E error  +/- zoom  ? help" },
	{ 40, 2, true, " All › 10:42 › ERROR   Esc back  ? help" },
	{ 30, 2, false, " … › ERROR   / search  ? help" },
};

START_TEST(hints_fit)
{
	static const char *const trail[] = { "10:42", "ERROR" };
	struct keymap *keys = keymap_new();
	struct strbuf out = STRBUF_INIT;
	struct grid g;

	grid_init(&g, hint_rows[_i].w, 1, false);
	struct canvas c = canvas_whole(&g);

	hints_draw(&c, &(struct hint_line){
		.trail = trail, .n_trail = (size_t)hint_rows[_i].n_trail, .commands = commands, .keys = keys,
		.back = hint_rows[_i].back,
	});
	grid_dump(&g, &out);
	out.p[strcspn(out.p, "\n")] = '\0';
	ck_assert_str_eq(out.p, hint_rows[_i].row);
	strbuf_release(&out);
	grid_release(&g);
	keymap_free(keys);
}
END_TEST

static Suite *
statusbar_suite(void)
{
	Suite *s = suite_create("statusbar");
	TCase *tc = tcase_create("status");

	suite_add_tcase(s, tc);
	tcase_add_checked_fixture(tc, setup, NULL);
	tcase_add_test(tc, parts_go_by_importance);
	tcase_add_test(tc, no_width_overflows);
	tcase_add_test(tc, states_in_words);
	tcase_add_test(tc, trouble_is_counted);
	tcase_add_loop_test(tc, windows_are_short, 0, ARRAY_SIZE(windows));
	tc = tcase_create("hints");
	suite_add_tcase(s, tc);
	tcase_add_loop_test(tc, hints_fit, 0, ARRAY_SIZE(hint_rows));
	return s;
}

int
main(void)
{
	setlocale(LC_ALL, "C.UTF-8");
	return unit_run(statusbar_suite());
}
