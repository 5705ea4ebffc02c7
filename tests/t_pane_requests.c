/* The requests table: columns at every width, order, sorting, what Enter opens. */
#include "config.h"

#include "core/alloc.h"
#include "tests/golden.h"
#include "tests/unit.h"
#include "tui/pane_requests.h"

#include <stdlib.h>

static struct requests_pane *pane;

static const struct view_route routes[] = {
	{ "POST", "/api/checkout/", 1, 1203, 20.05, 4.1, 0.412, 0.220, 2.31, 4.8, 9.1,
	  { 210, 300, 900, 1200, 4000, 4800, 2000, 900, 500, 300, 210, 220, 230, 240, 250, 260 } },
	{ "GET", "/api/orders/<int>/", 2, 18442, 307.4, 0.2, 0.041, 0.033, 0.120, 0.402, 2.2,
	  { 120, 120, 120, 121, 120, 120, 119, 120, 120, 120, 120, 120, 120, 120, 120, 120 } },
	{ "GET", "/api/users/<int>/notifications/preferences/<str>/history/", 3, 12, 0.2, 0, 0.009, 0.008, 0.0101,
	  0.0121, 0.0121, { 0, 0, 0, 12, 0, 0, 0, 0, 0, 10, 0, 0, 0, 0, 0, 9 } },
	{ "", "", 4, 2345678, 39094.6, 0.01, 0.002, 0.001, 0.005, 0.0072, 0.3, { 0 } },
	{ "DELETE", "/api/carts/<uuid>/", 5, 1, 0.016, 100, 75.2, 75.2, 75.2, 75.2, 75.2, { [15] = 75200 } },
};

static void
setup(void)
{
	golden_setup();
	pane = (struct requests_pane *)pane_new(&pane_requests, NULL);
}

static void
teardown(void)
{
	pane_free(&pane->base);
}

static void
fill(void)
{
	pane->view.n = ARRAY_SIZE(routes);
	pane->view.rows = xcalloc(pane->view.n, sizeof *pane->view.rows);
	memcpy(pane->view.rows, routes, sizeof routes);
	pane->view.slow = 84;
	listnav_set(&pane->nav, (int)pane->view.n, 7);
}

START_TEST(draws_the_table)
{
	static const struct golden_size sizes[] = {
		{ 100, 8, false }, { 100, 8, true }, { 80, 6, false }, { 200, 12, false }, { 50, 8, false },
		{ 30, 5, false },
	};

	golden_pane(&pane->base, "requests-empty", sizes, 2);
	fill();
	pane->base.focused = true;
	listnav_go(&pane->nav, 1);
	golden_pane(&pane->base, "requests", sizes, ARRAY_SIZE(sizes));
	golden_every_size(&pane->base);
}
END_TEST

START_TEST(keeps_the_column_that_is_sorted_by)
{
	static const struct golden_size sizes[] = { { 60, 7, false }, { 60, 7, true } };

	fill();
	pane->sort = SORT_P50;
	pane->reverse = true;
	pane->view.filtered = true;
	pane->slow_limit = 0.25;
	golden_pane(&pane->base, "requests-sorted", sizes, ARRAY_SIZE(sizes));
}
END_TEST

START_TEST(sorts_by_the_next_column)
{
	ck_assert_int_eq(pane_requests.command(&pane->base, CMD_SORT), EFFECT_UPDATE);
	ck_assert_int_eq(pane->sort, SORT_P99);
	ck_assert(pane->resort);
	pane_requests.command(&pane->base, CMD_RIGHT);
	pane_requests.command(&pane->base, CMD_RIGHT);
	ck_assert_int_eq(pane->sort, SORT_ROUTE);
	pane_requests.command(&pane->base, CMD_LEFT);
	ck_assert_int_eq(pane->sort, SORT_MAX);
	pane_requests.command(&pane->base, CMD_SORT_REVERSE);
	ck_assert(pane->reverse);
}
END_TEST

START_TEST(sorts_by_the_head_that_is_clicked)
{
	fill();
	pane->width = 100;
	ck_assert_int_eq(pane_requests.click(&pane->base, 9, 1, false), EFFECT_UPDATE);
	ck_assert_int_eq(pane->sort, SORT_ROUTE);
	ck_assert(!pane->reverse);
	pane_requests.click(&pane->base, 9, 1, false);
	ck_assert(pane->reverse);
	ck_assert_int_eq(pane_requests.click(&pane->base, 9, 3, false), EFFECT_REDRAW);
	ck_assert_int_eq(pane->nav.cursor, 1);
	ck_assert_int_eq(pane_requests.click(&pane->base, 9, 30, false), -1);
}
END_TEST

static const struct {
	int row;
	const char *query, *label; /* NULL: nothing to open */
} target_rows[] = {
	{ 0, "route=/api/checkout/ method=POST", "POST /api/checkout/" },
	{ 1, "route=\"/api/orders/<int>/\" method=GET", "GET /api/orders/<int>/" },
	{ 3, NULL, NULL },
};

START_TEST(opens_a_route)
{
	struct target t;

	fill();
	listnav_go(&pane->nav, target_rows[_i].row);
	target_init(&t);
	ck_assert_int_eq(pane_requests.target(&pane->base, &t), target_rows[_i].query != NULL);
	if (target_rows[_i].query) {
		struct err err;
		struct query *q = query_compile(strbuf_span(&t.query), 0, &err);

		/* However it is quoted, it reads back as these two tests. */
		ck_assert_ptr_nonnull(q);
		struct query *same = query_compile(span_str(target_rows[_i].query), 0, &err);
		char *a = query_dump(q), *b = query_dump(same);

		ck_assert_str_eq(a, b);
		ck_assert_str_eq(t.label.p, target_rows[_i].label);
		free(a);
		free(b);
		query_free(q);
		query_free(same);
	}
	target_release(&t);
}
END_TEST

START_TEST(opens_a_row_of_many_routes)
{
	struct target t;

	fill();
	snprintf(pane->view.rows[0].route, sizeof pane->view.rows[0].route, "/products/<slug>/");
	listnav_go(&pane->nav, 0);
	target_init(&t);
	ck_assert(pane_requests.target(&pane->base, &t));
	ck_assert_str_eq(t.query.p, "route=/products/*/ method=POST");
	ck_assert_str_eq(t.label.p, "POST /products/<slug>/");
	target_release(&t);
}
END_TEST

static Suite *
suite(void)
{
	Suite *s = suite_create("pane_requests");
	TCase *t = tcase_create("pane_requests");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, draws_the_table);
	tcase_add_test(t, keeps_the_column_that_is_sorted_by);
	tcase_add_test(t, sorts_by_the_next_column);
	tcase_add_test(t, sorts_by_the_head_that_is_clicked);
	tcase_add_loop_test(t, opens_a_route, 0, ARRAY_SIZE(target_rows));
	tcase_add_test(t, opens_a_row_of_many_routes);
	suite_add_tcase(s, t);
	return s;
}

int
main(void)
{
	return unit_run(suite());
}
