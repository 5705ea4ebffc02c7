/* The list of filters: how it looks at several sizes, what its keys stand for, what excludes. */
#include "config.h"

#include "core/alloc.h"
#include "tests/golden.h"
#include "tests/unit.h"
#include "tui/pane_filters.h"

#include <stdlib.h>

static struct filters_pane *pane;

static const struct filter_row filters[] = {
	{ { .on = true, .filter = SIZE_MAX }, (char *)"level>=WARNING", { 2054, 67000, true } },
	{ { .on = true, .filter = 0 }, (char *)"status=5xx OR has:exception", { 211, 1843, true } },
	{ { .on = false, .filter = 1 }, (char *)"-logger=django.request", { 70112, 12, true } },
	{ { .on = true, .filter = 2 }, (char *)"path~^/api/v[0-9]+/orders/[0-9]+/items/ NOT user_id=42", { 912, 0, false } },
};

static void
setup(void)
{
	golden_setup();
	pane = (struct filters_pane *)pane_new(&pane_filters, NULL);
}

static void
teardown(void)
{
	pane_free(&pane->base);
}

static void
fill(void)
{
	pane->n = ARRAY_SIZE(filters);
	pane->rows = xcalloc(pane->n, sizeof *pane->rows);
	for (size_t i = 0; i < pane->n; i++) {
		pane->rows[i] = filters[i];
		pane->rows[i].query = xstrdup(filters[i].query);
	}
	pane->shown = 199;
	pane->held = 70397;
	pane->base.focused = true;
	listnav_set(&pane->nav, (int)pane->n, 20);
	listnav_go(&pane->nav, 1);
}

START_TEST(draws_the_list)
{
	static const struct golden_size sizes[] = {
		{ 80, 6, false }, { 100, 8, false }, { 80, 24, false }, { 100, 30, true }, { 40, 6, false },
	};

	golden_pane(&pane->base, "filters-empty", sizes, 1);
	fill();
	golden_pane(&pane->base, "filters", sizes, ARRAY_SIZE(sizes));
	golden_every_size(&pane->base);
	pane->unfiltered = pane->counting = true;
	golden_pane(&pane->base, "filters-aside", sizes, 1);
}
END_TEST

START_TEST(says_what_is_under_the_cursor)
{
	struct lens_part part;

	ck_assert(!pane_filters_current(&pane->base, &part));
	fill();
	ck_assert(pane_filters_current(&pane->base, &part));
	ck_assert_uint_eq(part.filter, 0);
	ck_assert_int_eq(pane_filters.command(&pane->base, CMD_LAST), EFFECT_REDRAW);
	ck_assert(pane_filters_current(&pane->base, &part));
	ck_assert_uint_eq(part.filter, 2);
	ck_assert_int_eq(pane_filters.click(&pane->base, 3, 2, false), EFFECT_REDRAW);
	ck_assert(pane_filters_current(&pane->base, &part));
	ck_assert_uint_eq(part.filter, SIZE_MAX);
	ck_assert_int_eq(pane_filters.click(&pane->base, 3, 9, false), -1);
}
END_TEST

static const struct { enum command c, means; } meanings[] = {
	{ CMD_PAUSE, CMD_FILTER_TOGGLE }, { CMD_OPEN, CMD_FILTER_TOGGLE }, { CMD_NEXT_ERROR, CMD_FILTER_EDIT },
	{ CMD_FILTER, CMD_FILTER },       { CMD_DOWN, CMD_DOWN },
};

START_TEST(keys_stand_for_something_else_here)
{
	ck_assert_int_eq((int)pane_filters.meaning(meanings[_i].c), (int)meanings[_i].means);
}
END_TEST

static const struct { const char *query; bool excludes; } kinds[] = {
	{ "-level=INFO", true }, { "NOT (a b )", true }, { "NOT(a)", true }, { "NOTHING", false }, { "a -b", false },
};

START_TEST(knows_what_excludes)
{
	ck_assert_msg(filter_excludes(kinds[_i].query) == kinds[_i].excludes, "%s", kinds[_i].query);
}
END_TEST

static Suite *
suite(void)
{
	Suite *s = suite_create("pane_filters");
	TCase *t = tcase_create("pane_filters");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, draws_the_list);
	tcase_add_test(t, says_what_is_under_the_cursor);
	tcase_add_loop_test(t, keys_stand_for_something_else_here, 0, ARRAY_SIZE(meanings));
	tcase_add_loop_test(t, knows_what_excludes, 0, ARRAY_SIZE(kinds));
	suite_add_tcase(s, t);
	return s;
}

int
main(void)
{
	return unit_run(suite());
}
