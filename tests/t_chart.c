/* Unit tests of tui/chart: what bars, columns and axes look like, in eighths and in ASCII. */
#include "config.h"

#include "core/alloc.h"
#include "tests/unit.h"
#include "tui/chart.h"

#include <locale.h>
#include <stdlib.h>

static struct grid grid;
static struct canvas canvas;
static struct strbuf dump;

static void
start(int w, int h, bool ascii)
{
	setlocale(LC_CTYPE, "C.UTF-8");
	grid_init(&grid, w, h, ascii);
	canvas = canvas_whole(&grid);
}

static void
teardown(void)
{
	grid_release(&grid);
	strbuf_release(&dump);
}

static const char *
text(void)
{
	strbuf_clear(&dump);
	grid_dump(&grid, &dump);
	return dump.p;
}

static const struct {
	double value, max;
	const char *bar, *ascii;
} hbar_rows[] = {
	{ 0, 80, "\n", "\n" },
	{ 1, 80, "▏\n", "-\n" },
	{ 0.0001, 80, "▏\n", "-\n" },
	{ 10, 80, "█\n", "#\n" },
	{ 15, 80, "█▌\n", "#=\n" },
	{ 79.6, 80, "████████\n", "########\n" },
	{ 80, 80, "████████\n", "########\n" },
	{ 999, 80, "████████\n", "########\n" },
	{ 5, 0, "\n", "\n" },
	{ -5, 80, "\n", "\n" },
};

START_TEST(bars)
{
	start(8, 1, false);
	chart_hbar(&canvas, 0, 0, 8, hbar_rows[_i].value, hbar_rows[_i].max, ROLE_CHART);
	ck_assert_str_eq(text(), hbar_rows[_i].bar);
	teardown();
	start(8, 1, true);
	chart_hbar(&canvas, 0, 0, 8, hbar_rows[_i].value, hbar_rows[_i].max, ROLE_CHART);
	ck_assert_str_eq(text(), hbar_rows[_i].ascii);
}
END_TEST

START_TEST(sparklines)
{
	static const uint32_t values[] = { 0, 1, 10, 20, 30, 40, 50, 60, 70, 500 };

	start(10, 2, false);
	chart_spark(&canvas, 0, 0, 10, values, 70, ROLE_CHART);
	chart_spark(&canvas, 0, 1, 9, values, 0, ROLE_CHART);
	ck_assert_str_eq(text(), " ▁▁▂▃▄▅▆▇▇\n ▁▁▂▃▄▅▆▇\n");
	teardown();
	start(10, 2, true);
	chart_spark(&canvas, 0, 0, 10, values, 70, ROLE_CHART);
	chart_spark(&canvas, 0, 1, 2, (uint32_t[]){ 0, 0 }, 0, ROLE_CHART);
	ck_assert_str_eq(text(), " ..:-=+*##\n\n");
}
END_TEST

enum { LAYERS = 3 };
static const enum role layer_roles[LAYERS] = { ROLE_INFO, ROLE_WARNING, ROLE_ERROR };
static const bool keep_error[LAYERS] = { false, false, true };

/* The owners of one column of h cells, from the bottom, as letters: i w e. */
static const char *
owners(const uint32_t value[LAYERS], const bool *keep, uint32_t max, int h)
{
	static char out[32];
	int n = 0;

	start(1, h, false);
	chart_columns(&canvas, 0, 0, 1, h, value, LAYERS, layer_roles, keep, max);
	for (int y = h - 1; y >= 0; y--) {
		const struct cell *c = &grid.cells[y];

		if (c->attrs & ATTR_SOLID)
			out[n++] = c->role == ROLE_INFO ? 'i' : c->role == ROLE_WARNING ? 'w' : 'e';
	}
	out[n] = '\0';
	teardown();
	start(1, 1, false);
	return out;
}

static const struct {
	uint32_t value[LAYERS];
	bool keep[LAYERS];
	uint32_t max;
	int h;
	const char *owners;
} stack_rows[] = {
	{ { 0, 0, 0 }, { false, true, true }, 40, 4, "" },
	{ { 40, 0, 0 }, { false, true, true }, 40, 4, "iiii" },
	{ { 20, 10, 10 }, { false, false, false }, 40, 4, "iiwe" },
	{ { 20, 10, 10 }, { false, true, true }, 40, 4, "iiwe" },
	/* A little of an error is seen only when it is kept, and takes its neighbour's cell. */
	{ { 39, 0, 1 }, { false, false, false }, 40, 4, "iiii" },
	{ { 39, 0, 1 }, { false, false, true }, 40, 4, "iiie" },
	{ { 38, 1, 1 }, { false, true, true }, 40, 4, "iiwe" },
	/* One cell for all: the error has it. */
	{ { 3, 0, 1 }, { false, false, true }, 40, 4, "e" },
	/* Two that are kept and one cell: the column grows, as far as there is room. */
	{ { 3, 1, 1 }, { false, true, true }, 40, 4, "we" },
	{ { 3, 1, 1 }, { true, true, true }, 40, 4, "iwe" },
	{ { 3, 1, 1 }, { true, true, true }, 40, 2, "we" },
	{ { 3, 1, 1 }, { true, true, true }, 40, 1, "e" },
	/* What stands at the bottom and is kept does not go to the top. */
	{ { 1, 39, 0 }, { true, false, true }, 40, 4, "iwww" },
	/* More than the axis has: cut, in proportion. */
	{ { 100, 0, 100 }, { false, false, true }, 40, 4, "iiee" },
	{ { UINT32_MAX, UINT32_MAX, 1 }, { false, false, true }, UINT32_MAX, 4, "iiwe" },
};

START_TEST(stacks)
{
	ck_assert_str_eq(owners(stack_rows[_i].value, stack_rows[_i].keep, stack_rows[_i].max, stack_rows[_i].h),
			 stack_rows[_i].owners);
}
END_TEST

static const uint32_t columns[][LAYERS] = {
	{ 0, 0, 0 }, { 1, 0, 0 }, { 5, 0, 0 }, { 10, 0, 0 }, { 12, 0, 0 }, { 15, 5, 0 },
	{ 20, 5, 5 }, { 28, 5, 5 }, { 40, 0, 0 }, { 90, 0, 0 }, { 3, 0, 0 }, { 0, 0, 0 },
};

START_TEST(columns_have_eighths)
{
	start(12, 4, false);
	chart_columns(&canvas, 0, 0, 12, 4, columns[0], LAYERS, layer_roles, keep_error, 40);
	ck_assert_str_eq(text(), "       ▆██\n"
				 "      ████\n"
				 "    ▂█████\n"
				 " ▁▄███████▂\n");
}
END_TEST

/* One column of two rows over three layers, info at the bottom: "glyph role|behind" from the bottom up. */
static const struct {
	uint32_t value[3], max;
	const char *cells;
	bool first; /* keep the first layer, not the last */
} tones[] = {
	{ { 16, 0, 0 }, 16, "█i █i", false },
	{ { 4, 0, 0 }, 16, "▄i", false },
	{ { 4, 12, 0 }, 16, "▄i|w █w", false },
	{ { 4, 8, 4 }, 16, "▄i|w ▄w|e", false },
	/* too few to see, but never hidden */
	{ { 1600, 0, 1 }, 1601, "█i ▇i|e", false },
	{ { 0, 0, 1 }, 1600, "▁e", false },
	/* the top has room for one colour only */
	{ { 3, 3, 0 }, 16, "▆i", false },
	{ { 2, 0, 3 }, 16, "▅e", false },
	/* what is kept is as high as it is; what is above it is rounded */
	{ { 1, 2, 0 }, 16, "▁i", true },
	{ { 1, 5, 0 }, 16, "▁i|w", true },
	{ { 1, 9, 0 }, 16, "▁i|w ▂w", true },
};

START_TEST(columns_in_two_tones)
{
	static const bool keep_first[LAYERS] = { true, false, false };
	static const char letter[ROLE_COUNT] = { [ROLE_INFO] = 'i', [ROLE_WARNING] = 'w', [ROLE_ERROR] = 'e' };
	struct strbuf got = STRBUF_INIT;

	start(1, 2, false);
	grid.tones = true;
	chart_columns(&canvas, 0, 0, 1, 2, tones[_i].value, LAYERS, layer_roles, tones[_i].first ? keep_first : keep_error,
		      tones[_i].max);
	for (int y = 1; y >= 0; y--) {
		const struct cell *c = &grid.cells[y];

		if (c->attrs & ATTR_SOLID)
			strbuf_addf(&got, "%s%s%c", got.n ? " " : "", c->text, letter[c->role]);
		if (c->behind)
			strbuf_addf(&got, "|%c", letter[c->behind]);
	}
	ck_assert_str_eq(got.p, tones[_i].cells);
	strbuf_release(&got);
}
END_TEST

START_TEST(columns_in_ascii)
{
	start(12, 4, true);
	chart_columns(&canvas, 0, 0, 12, 4, columns[0], LAYERS, layer_roles, keep_error, 40);
	ck_assert_str_eq(text(), "       |##\n"
				 "      ####\n"
				 "    .#####\n"
				 " .:#######.\n");
}
END_TEST

START_TEST(columns_stay_in_their_rows)
{
	start(4, 5, false);
	chart_columns(&canvas, 1, 1, 2, 2, columns[8], LAYERS, layer_roles, keep_error, 40);
	ck_assert_str_eq(text(), "\n ██\n ██\n\n\n");
}
END_TEST

static const struct {
	int h;
	uint32_t max;
	const char *axis;
	int width;
} axis_rows[] = {
	{ 4, 40, "  40┤\n    │\n  20┤\n   0┤\n", 5 },
	{ 6, 200, " 200┤\n    │\n    │\n 100┤\n    │\n   0┤\n", 5 },
	{ 4, 5, "   5┤\n    │\n    │\n   0┤\n", 5 },
	{ 5, 20, "  20┤\n    │\n    │\n    │\n   0┤\n", 5 },
	{ 2, 5000, "5000┤\n   0┤\n", 5 },
	{ 2, 10000, " 10k┤\n   0┤\n", 5 },
	{ 4, 500000, "500k┤\n    │\n250k┤\n   0┤\n", 5 },
	{ 4, 2000000000, "  2G┤\n    │\n  1G┤\n   0┤\n", 5 },
	{ 4, 5000000, "  5M┤\n    │\n2.5M┤\n   0┤\n", 5 },
	{ 1, 10, "  10┤\n", 5 },
	{ 2, UINT32_MAX, "4.2G┤\n   0┤\n", 5 },
};

START_TEST(value_axes)
{
	start(8, axis_rows[_i].h, false);
	ck_assert_int_eq(chart_axis_y(&canvas, 0, 0, axis_rows[_i].h, axis_rows[_i].max), axis_rows[_i].width);
	ck_assert_int_eq(chart_axis_width(axis_rows[_i].max), axis_rows[_i].width);
	ck_assert_str_eq(text(), axis_rows[_i].axis);
}
END_TEST

static const struct {
	struct chart_tick ticks[4];
	int n;
	const char *axis;
} tick_rows[] = {
	{ { { 0, "09:45" }, { 14, "10:00" }, { 29, "10:15" } }, 3, "09:45       10:00        10:15\n" },
	{ { { 0, "09:45" }, { 6, "10:00" } }, 2, "    10:00\n" },
	{ { { 1, "09:45" }, { 4, "10:00" }, { 9, "10:15" }, { 29, "10:42" } }, 4, "09:45  10:15             10:42\n" },
	{ { { 24, "10:30" }, { 29, "10:42" } }, 2, "                         10:42\n" },
	{ { { 0, "" } }, 0, "\n" },
};

START_TEST(time_axes)
{
	start(30, 1, false);
	chart_axis_x(&canvas, 0, 0, 30, tick_rows[_i].ticks, tick_rows[_i].n);
	ck_assert_str_eq(text(), tick_rows[_i].axis);
}
END_TEST

static const struct {
	uint32_t v, nice;
} nice_rows[] = {
	{ 0, 1 },     { 1, 1 },     { 2, 2 },       { 3, 5 },           { 5, 5 },
	{ 6, 10 },    { 11, 20 },   { 99, 100 },    { 171, 200 },       { 201, 500 },
	{ 501, 1000 }, { 12000, 20000 }, { 2000000000, 2000000000 }, { 2000000001, UINT32_MAX },
	{ UINT32_MAX, UINT32_MAX },
};

START_TEST(nice_numbers)
{
	ck_assert_uint_eq(chart_nice(nice_rows[_i].v), nice_rows[_i].nice);
}
END_TEST

static Suite *
chart_suite(void)
{
	Suite *s = suite_create("chart");
	TCase *tc = tcase_create("chart");

	suite_add_tcase(s, tc);
	tcase_add_checked_fixture(tc, NULL, teardown);
	tcase_add_loop_test(tc, bars, 0, ARRAY_SIZE(hbar_rows));
	tcase_add_test(tc, sparklines);
	tcase_add_loop_test(tc, stacks, 0, ARRAY_SIZE(stack_rows));
	tcase_add_test(tc, columns_have_eighths);
	tcase_add_loop_test(tc, columns_in_two_tones, 0, ARRAY_SIZE(tones));
	tcase_add_test(tc, columns_in_ascii);
	tcase_add_test(tc, columns_stay_in_their_rows);
	tcase_add_loop_test(tc, value_axes, 0, ARRAY_SIZE(axis_rows));
	tcase_add_loop_test(tc, time_axes, 0, ARRAY_SIZE(tick_rows));
	tcase_add_loop_test(tc, nice_numbers, 0, ARRAY_SIZE(nice_rows));
	return s;
}

int
main(void)
{
	return unit_run(chart_suite());
}
