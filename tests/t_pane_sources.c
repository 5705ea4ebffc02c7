/* The sources pane: the table and the card at several sizes, order, what Enter opens. */
#include "config.h"

#include "core/alloc.h"
#include "tests/golden.h"
#include "tests/unit.h"
#include "tui/pane_sources.h"

#include <errno.h>
#include <stdlib.h>

#define NOW (INT64_C(1757419200) * NSEC) /* 2025-09-09 12:00 UTC */

static struct sources_pane *pane;

static const struct source_row sources[] = {
	{ .v = { .id = 0, .name = "application.log", .path = "/srv/app/logs/application.log", .state = SOURCE_OPEN,
		 .loading = 1, .bytes = 412u << 20, .lines = 2301204, .records = 2284001, .cut = 2,
		 .by_level = { [LEVEL_CRITICAL] = 3, [LEVEL_ERROR] = 2110, [LEVEL_WARNING] = 18400, [LEVEL_INFO] = 2263488 },
		 .errors = 2113, .formats = "json django", .held = 1200000, .held_bytes = 210u << 20, .memory = 41u << 20,
		 .rotations = 2, .rate = 12.2, .usual = 11.8, .newest = NOW - NSEC, .last_read = NOW - NSEC } },
	{ .v = { .id = 1, .name = "error.log", .path = "/srv/app/logs/error.log", .state = SOURCE_OPEN, .loading = 1,
		 .bytes = 90000, .lines = 900, .records = 120, .by_level = { [LEVEL_ERROR] = 120 }, .errors = 120,
		 .formats = "django", .held = 120, .held_bytes = 90000, .memory = 98000, .lost = 2048, .gaps = 1,
		 .truncations = 1, .usual = 0.5, .silent = true, .newest = NOW - 245 * NSEC, .last_read = NOW - 244 * NSEC } },
	{ .v = { .id = 2, .name = "nginx/access.log", .path = "/var/log/nginx/access.log", .state = SOURCE_OPEN,
		 .loading = 0.434, .bytes = 6u << 20, .lines = 50000, .records = 50000, .by_level = { [LEVEL_INFO] = 49990,
		 [LEVEL_ERROR] = 10 }, .errors = 10, .formats = "access", .held = 50000, .held_bytes = 6u << 20,
		 .memory = 9u << 20, .lag = 5u << 20, .rate = 1204, .usual = 1100, .newest = NOW, .last_read = NOW },
	  .hidden = true },
	{ .v = { .id = 3, .name = "worker.log", .path = "/srv/app/logs/worker.log", .state = SOURCE_WAITING,
		 .error = ENOENT, .loading = 1, .newest = TIME_NONE } },
	{ .v = { .id = 4, .name = "old.log", .path = "/srv/app/logs/old.log", .state = SOURCE_OPEN, .loading = 1,
		 .closed = true, .bytes = 812, .lines = 9, .records = 9, .formats = "raw", .newest = TIME_NONE,
		 .last_read = NOW - 7300 * NSEC } },
	{ .v = { .id = 5, .name = "shared.log", .path = "/mnt/share/shared.log", .state = SOURCE_FAILED, .error = EACCES,
		 .polled = true, .loading = 1, .newest = TIME_NONE } },
};

static void
setup(void)
{
	golden_setup();
	pane = (struct sources_pane *)pane_new(&pane_sources, NULL);
}

static void
teardown(void)
{
	pane_free(&pane->base);
}

static void
fill(int cursor)
{
	pane->now = NOW;
	pane->n = ARRAY_SIZE(sources);
	pane->rows = xcalloc(pane->n, sizeof *pane->rows);
	memcpy(pane->rows, sources, sizeof sources);
	for (size_t i = 0; i < VIEW_RATES; i++) {
		pane->rows[0].v.rates[i] = (uint32_t)(i % 7 + 8);
		pane->rows[2].v.rates[i] = (uint32_t)(1100 + i % 11 * 20);
	}
	listnav_set(&pane->nav, (int)pane->n, 20);
	listnav_go(&pane->nav, cursor);
	pane->base.focused = true;
}

START_TEST(draws_the_table_and_the_card)
{
	static const struct golden_size sizes[] = {
		{ 100, 28, false }, { 100, 28, true }, { 80, 22, false }, { 200, 48, false }, { 60, 9, false }, { 30, 5, false },
	};

	golden_pane(&pane->base, "sources-empty", sizes, 2);
	fill(0);
	golden_pane(&pane->base, "sources", sizes, ARRAY_SIZE(sizes));
	golden_every_size(&pane->base);
}
END_TEST

START_TEST(draws_the_card_of_each)
{
	static const struct golden_size size = { 80, 22, false };
	char name[32];

	fill(_i);
	snprintf(name, sizeof name, "sources-card-%d", _i);
	golden_pane(&pane->base, name, &size, 1);
}
END_TEST

static const struct {
	enum source_sort sort;
	bool reverse;
	const char *first, *last;
} orders[] = {
	{ SOURCES_ADDED, false, "application.log", "shared.log" },
	{ SOURCES_ADDED, true, "shared.log", "application.log" },
	{ SOURCES_NAME, false, "application.log", "worker.log" },
	{ SOURCES_RATE, false, "nginx/access.log", "shared.log" },
	{ SOURCES_ERRORS, false, "application.log", "shared.log" },
	{ SOURCES_PERCENT, false, "error.log", "shared.log" },
	{ SOURCES_LAST, false, "nginx/access.log", "shared.log" },
	{ SOURCES_LAG, false, "nginx/access.log", "shared.log" },
	{ SOURCES_LOST, true, "shared.log", "error.log" },
};

static int
by(const void *a, const void *b, void *arg)
{
	int i = *(int *)arg;

	return source_row_cmp(a, b, orders[i].sort, orders[i].reverse);
}

START_TEST(rows_are_put_in_order)
{
	fill(0);
	qsort_r(pane->rows, pane->n, sizeof *pane->rows, by, &_i);
	ck_assert_str_eq(pane->rows[0].v.name, orders[_i].first);
	ck_assert_str_eq(pane->rows[pane->n - 1].v.name, orders[_i].last);
}
END_TEST

START_TEST(sorts_by_the_next_column)
{
	ck_assert_int_eq(pane_sources.command(&pane->base, CMD_SORT), EFFECT_UPDATE);
	ck_assert_int_eq(pane->sort, SOURCES_NAME);
	ck_assert(pane->resort);
	pane_sources.command(&pane->base, CMD_LEFT);
	pane_sources.command(&pane->base, CMD_LEFT);
	ck_assert_int_eq(pane->sort, SOURCES_MEMORY);
	pane_sources.command(&pane->base, CMD_SORT_REVERSE);
	ck_assert(pane->reverse);
	ck_assert_int_eq(pane_sources.command(&pane->base, CMD_CLOSE), -1);
}
END_TEST

START_TEST(a_click_sorts_or_moves)
{
	fill(0);
	pane->width = 100;
	ck_assert_int_eq(pane_sources.click(&pane->base, 3, 1, false), EFFECT_UPDATE);
	ck_assert_int_eq(pane->sort, SOURCES_NAME);
	ck_assert_int_eq(pane_sources.click(&pane->base, 3, 4, false), EFFECT_REDRAW);
	ck_assert_int_eq(pane->nav.cursor, 2);
	ck_assert_int_eq(pane_sources.click(&pane->base, 3, 12, false), -1);
}
END_TEST

START_TEST(opens_a_source)
{
	struct target t;

	target_init(&t);
	ck_assert(!pane_sources.target(&pane->base, &t));
	fill(2);
	ck_assert(pane_sources.target(&pane->base, &t));
	ck_assert_str_eq(t.query.p, "source=\"nginx/access.log\"");
	ck_assert_str_eq(t.label.p, "nginx/access.log");
	ck_assert_uint_eq(pane_sources_current(&pane->base)->id, 2);
	target_release(&t);
}
END_TEST

static Suite *
suite(void)
{
	Suite *s = suite_create("pane_sources");
	TCase *t = tcase_create("pane_sources");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, draws_the_table_and_the_card);
	tcase_add_loop_test(t, draws_the_card_of_each, 1, ARRAY_SIZE(sources));
	tcase_add_loop_test(t, rows_are_put_in_order, 0, ARRAY_SIZE(orders));
	tcase_add_test(t, sorts_by_the_next_column);
	tcase_add_test(t, a_click_sorts_or_moves);
	tcase_add_test(t, opens_a_source);
	suite_add_tcase(s, t);
	return s;
}

int
main(void)
{
	return unit_run(suite());
}
