/* The help: the default keys, in as many columns as there is room for. */
#include "config.h"

#include "core/alloc.h"
#include "tests/golden.h"
#include "tests/unit.h"
#include "tui/keymap.h"
#include "tui/pane_help.h"

static struct help_pane *pane;
static struct keymap *keys;

static void
setup(void)
{
	golden_setup();
	pane = (struct help_pane *)pane_new(&pane_help, NULL);
	keys = keymap_new();
	pane_help_set(&pane->base, keys);
}

static void
teardown(void)
{
	pane_free(&pane->base);
	keymap_free(keys);
}

START_TEST(draws_the_keys)
{
	static const struct golden_size sizes[] = {
		{ 80, 24, false }, { 80, 80, true }, { 100, 30, false }, { 200, 50, false },
	};

	golden_pane(&pane->base, "help", sizes, ARRAY_SIZE(sizes));
	golden_every_size(&pane->base);
}
END_TEST

START_TEST(shows_every_command)
{
	struct strbuf out = STRBUF_INIT;
	struct grid g;

	grid_init(&g, 140, 200, false);
	struct canvas c = canvas_whole(&g);

	pane_help.draw(&pane->base, &c);
	grid_dump(&g, &out);
	for (int i = CMD_NONE + 1; i < CMD_COUNT; i++)
		ck_assert_msg(strstr(out.p, command_info[i].what), "%s is missing", command_info[i].name);
	strbuf_release(&out);
	grid_release(&g);
}
END_TEST

START_TEST(names_commands_that_have_no_key)
{
	struct strbuf out = STRBUF_INIT;
	struct err err;
	struct grid g;

	ck_assert_int_eq(keymap_parse(keys, "T none\n", "test", &err), 0);
	grid_init(&g, 70, 120, false);
	struct canvas c = canvas_whole(&g);

	pane_help.draw(&pane->base, &c);
	grid_dump(&g, &out);
	ck_assert_ptr_nonnull(strstr(out.p, ":theme "));
	strbuf_release(&out);
	grid_release(&g);
}
END_TEST

START_TEST(scrolls)
{
	static const struct golden_size sizes[] = { { 80, 12, false } };

	golden_pane(&pane->base, "help-top", sizes, 1);
	ck_assert_int_eq(pane_help.command(&pane->base, CMD_LAST), EFFECT_REDRAW);
	ck_assert_int_eq(pane->pager.top, pane->pager.lines - 11);
	golden_pane(&pane->base, "help-end", sizes, 1);
}
END_TEST

static Suite *
suite(void)
{
	Suite *s = suite_create("pane_help");
	TCase *t = tcase_create("pane_help");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, draws_the_keys);
	tcase_add_test(t, shows_every_command);
	tcase_add_test(t, names_commands_that_have_no_key);
	tcase_add_test(t, scrolls);
	suite_add_tcase(s, t);
	return s;
}

int
main(void)
{
	return unit_run(suite());
}
