/* Unit tests of tui/columns: what gives way, what grows, what a click at a head sorts by. */
#include "config.h"

#include "core/alloc.h"
#include "tests/golden.h"
#include "tests/unit.h"
#include "tui/columns.h"

enum { NAME, COUNT, CHART, RATE, COLUMNS };

static const struct column v[] = {
	[NAME] = { "NAME", 10, 0, 0, true, NULL },
	[COUNT] = { "COUNT", 6, 1, 2, false, NULL },
	[CHART] = { "CHART", 5, COLUMN_UNSORTED, 1, true, NULL },
	[RATE] = { "RATE", 5, 2, 3, false, NULL },
};

static const struct columns table = { .v = v, .n = COLUMNS, .name = NAME, .chart = CHART, .chart_max = 8 };

static const struct {
	int w, sort;
	int widths[COLUMNS];
} rows[] = {
	{ 29, 0, { 10, 6, 5, 5 } },    /* what they need, a blank between two */
	{ 39, 0, { 20, 6, 5, 5 } },    /* the name grows to twice that */
	{ 41, 0, { 20, 6, 7, 5 } },    /* then the chart */
	{ 46, 0, { 24, 6, 8, 5 } },    /* then the name again */
	{ 28, 0, { 15, 6, 0, 5 } },    /* the chart gives way first */
	{ 22, 0, { 16, 0, 0, 5 } },
	{ 22, 1, { 15, 6, 0, 0 } },    /* not the one that is sorted by */
	{ 12, 0, { 12, 0, 0, 0 } },
	{ 100, 0, { 69, 6, 8, 5 } },   /* wide: gaps of four */
};

START_TEST(columns_fit)
{
	struct column_plan p;
	int x = 0, gap = rows[_i].w >= 100 ? 4 : 1;

	columns_plan(&p, &table, rows[_i].w, rows[_i].sort);
	for (int i = 0; i < COLUMNS; i++) {
		ck_assert_int_eq(p.w[i], rows[_i].widths[i]);
		if (!p.w[i])
			continue;
		ck_assert_int_eq(p.x[i], x);
		x += p.w[i] + gap;
	}
	ck_assert_int_eq(x - gap, rows[_i].w);
}
END_TEST

START_TEST(a_head_is_found)
{
	struct column_plan p;

	columns_plan(&p, &table, 29, 0);
	ck_assert_int_eq(columns_sort_at(&p, &table, 0), 0);
	ck_assert_int_eq(columns_sort_at(&p, &table, 9), 0);
	ck_assert_int_eq(columns_sort_at(&p, &table, 10), COLUMN_UNSORTED);
	ck_assert_int_eq(columns_sort_at(&p, &table, 11), 1);
	ck_assert_int_eq(columns_sort_at(&p, &table, 20), COLUMN_UNSORTED);
	ck_assert_int_eq(columns_sort_at(&p, &table, 28), 2);
	ck_assert_int_eq(columns_sort_at(&p, &table, 29), COLUMN_UNSORTED);
}
END_TEST

START_TEST(heads_say_what_is_sorted_by)
{
	struct strbuf out = STRBUF_INIT;
	struct column_plan p;
	struct grid g;

	grid_init(&g, 29, 1, false);
	struct canvas c = canvas_whole(&g);

	columns_plan(&p, &table, 29, 1);
	columns_heads(&c, &p, &table, 1, false);
	grid_dump(&g, &out);
	ck_assert_str_eq(out.p, "NAME       COUNT▼ CHART  RATE\n");
	strbuf_release(&out);
	grid_release(&g);
}
END_TEST

static Suite *
suite(void)
{
	Suite *s = suite_create("columns");
	TCase *t = tcase_create("columns");

	tcase_add_checked_fixture(t, golden_setup, NULL);
	tcase_add_loop_test(t, columns_fit, 0, ARRAY_SIZE(rows));
	tcase_add_test(t, a_head_is_found);
	tcase_add_test(t, heads_say_what_is_sorted_by);
	suite_add_tcase(s, t);
	return s;
}

int
main(void)
{
	return unit_run(suite());
}
