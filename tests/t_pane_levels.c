/* The levels pane and its one-line form. */
#include "config.h"

#include "core/alloc.h"
#include "tests/golden.h"
#include "tests/unit.h"
#include "tui/pane_levels.h"

#include <stdlib.h>

static struct levels_pane *pane;

static void
setup(void)
{
	golden_setup();
	pane = (struct levels_pane *)pane_new(&pane_levels, NULL);
	listnav_set(&pane->nav, 5, 7);
}

static void
teardown(void)
{
	pane_free(&pane->base);
}

static void
fill(void)
{
	static const uint64_t count[LEVEL_COUNT] = {
		[LEVEL_CRITICAL] = 3, [LEVEL_ERROR] = 211, [LEVEL_WARNING] = 1840, [LEVEL_INFO] = 61203,
		[LEVEL_DEBUG] = 7140,
	};

	memcpy(pane->view.count, count, sizeof count);
	for (int l = 0; l < LEVEL_COUNT; l++)
		pane->view.total += count[l];
}

START_TEST(draws_counts)
{
	static const struct golden_size sizes[] = {
		{ 42, 8, false }, { 42, 8, true }, { 26, 6, false }, { 70, 12, false }, { 18, 4, false },
	};

	golden_pane(&pane->base, "levels-empty", sizes, 1);
	fill();
	pane->base.focused = true;
	listnav_go(&pane->nav, 1);
	golden_pane(&pane->base, "levels", sizes, ARRAY_SIZE(sizes));
	golden_every_size(&pane->base);
}
END_TEST

START_TEST(draws_the_levels_that_are_rare_when_they_are_there)
{
	static const struct golden_size sizes[] = { { 42, 9, false } };

	pane->view = (struct view_levels){
		.count = { [LEVEL_TRACE] = 12, [LEVEL_NONE] = 7, [LEVEL_INFO] = 12345678 }, .total = 12345697,
		.filtered = true,
	};
	golden_pane(&pane->base, "levels-rare", sizes, ARRAY_SIZE(sizes));
}
END_TEST

static const struct {
	int w;
	bool ascii;
	const char *want;
} strip_rows[] = {
	{ 60, false, "                         ✖ 3  ● 211  ▲ 1,840  · 61,203\n" },
	{ 36, false, " ✖ 3  ● 211  ▲ 1,840  · 61,203\n" },
	{ 31, true, " C 3  E 211  ! 1,840  . 61,203\n" },
	{ 30, false, "        ✖ 3  ● 211  ▲ 1,840\n" },
	{ 14, false, " ✖ 3  ● 211\n" },
	{ 4, false, "\n" },
};

START_TEST(draws_a_strip)
{
	struct strbuf out = STRBUF_INIT;
	struct grid g;

	fill();
	grid_init(&g, strip_rows[_i].w, 1, strip_rows[_i].ascii);
	struct canvas c = canvas_whole(&g);

	pane_levels_strip(&pane->base, &c, 0, 0, strip_rows[_i].w);
	grid_dump(&g, &out);
	/* However wide, it ends one column before the edge. */
	ck_assert_str_eq(out.p + strspn(out.p, " "), strip_rows[_i].want + strspn(strip_rows[_i].want, " "));
	strbuf_release(&out);
	grid_release(&g);
}
END_TEST

START_TEST(opens_a_level)
{
	struct target t;

	fill();
	target_init(&t);
	ck_assert(!pane_levels.target(&pane->base, &t));
	ck_assert_int_eq(pane_levels.command(&pane->base, CMD_FIRST), EFFECT_REDRAW);
	ck_assert_int_eq(pane_levels.command(&pane->base, CMD_DOWN), EFFECT_REDRAW);
	ck_assert(pane_levels.target(&pane->base, &t));
	ck_assert_str_eq(t.query.p, "level=error");
	ck_assert_str_eq(t.label.p, "ERROR");
	ck_assert_int_eq(t.from, TIME_NONE);
	target_release(&t);
	ck_assert_int_eq(pane_levels.click(&pane->base, 5, 1, false), EFFECT_REDRAW);
	ck_assert_int_eq(pane->nav.cursor, 0);
	ck_assert_int_eq(pane_levels.click(&pane->base, 5, 6, false), -1);
}
END_TEST

static Suite *
suite(void)
{
	Suite *s = suite_create("pane_levels");
	TCase *t = tcase_create("pane_levels");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, draws_counts);
	tcase_add_test(t, draws_the_levels_that_are_rare_when_they_are_there);
	tcase_add_loop_test(t, draws_a_strip, 0, ARRAY_SIZE(strip_rows));
	tcase_add_test(t, opens_a_level);
	suite_add_tcase(s, t);
	return s;
}

int
main(void)
{
	return unit_run(suite());
}
