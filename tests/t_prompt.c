/* Unit tests of tui/prompt: keys in, a row of cells out. */
#include "config.h"

#include "core/alloc.h"
#include "core/query.h"
#include "tests/unit.h"
#include "tui/key.h"
#include "tui/prompt.h"

#include <locale.h>
#include <stdio.h>

enum { W = 60 };

static struct prompt prompt;
static struct grid grid;
static int cursor;

static void
setup(void)
{
	prompt_init(&prompt);
	grid_init(&grid, W, 1, false);
}

static void
teardown(void)
{
	prompt_release(&prompt);
	grid_release(&grid);
}

static enum lineedit_state
type(const char *keys)
{
	enum lineedit_state state = LINEEDIT_GOES_ON;

	for (; *keys; keys++)
		state = prompt_feed(&prompt, (unsigned char)*keys);
	return state;
}

static void
expect_row(const char *want)
{
	struct strbuf got = STRBUF_INIT;
	struct canvas c = canvas_whole(&grid);

	grid_clear(&grid);
	cursor = prompt_draw(&prompt, &c);
	grid_dump(&grid, &got);
	while (got.n && got.p[got.n - 1] == '\n')
		got.p[--got.n] = '\0';
	ck_assert_str_eq(got.p, want);
	strbuf_release(&got);
}

static const char *
fruit(void *arg, size_t i, struct span before, struct span word)
{
	static const char *const names[] = { "apple", "apricot", "cherry", NULL };

	(void)arg;
	(void)word;
	return before.n ? NULL : names[i];
}

static const struct {
	enum prompt_kind kind;
	const char *typed, *note, *row;
	int code;
} rows[] = {
	{ PROMPT_SEARCH, "status=500", "385 hits", " /status=500                                       385 hits", QUERY_OK },
	{ PROMPT_FILTER, "level>=error", "", " filter level>=error", QUERY_OK },
	{ PROMPT_SEARCH, "\"abc", "", " /\"abc                              the quote is still open", QUERY_INCOMPLETE },
	{ PROMPT_SEARCH, "(a", "", " /(a                          the parenthesis is still open", QUERY_INCOMPLETE },
	{ PROMPT_SEARCH, "a )", "", " /a )                           no parenthesis is open here", QUERY_BAD },
	{ PROMPT_COMMAND, "window 15m", "", " :window 15m", QUERY_OK },
};

START_TEST(rows_are_drawn)
{
	prompt_open(&prompt, rows[_i].kind, SPAN_LIT(""), NULL, NULL);
	ck_assert_int_ne(type(rows[_i].typed), LINEEDIT_CANCELLED);
	if (rows[_i].kind != PROMPT_COMMAND)
		ck_assert_int_eq(prompt_check(&prompt, 0), rows[_i].code == QUERY_OK);
	ck_assert_int_eq(prompt.err.code, rows[_i].code);
	snprintf(prompt.note, sizeof prompt.note, "%s", rows[_i].note);
	expect_row(rows[_i].row);
}
END_TEST

START_TEST(the_cursor_stands_behind_the_text)
{
	prompt_open(&prompt, PROMPT_SEARCH, SPAN_LIT("abc"), NULL, NULL);
	expect_row(" /abc");
	ck_assert_int_eq(cursor, 5);
}
END_TEST

START_TEST(a_mistake_is_marked_where_it_stands)
{
	grid_resize(&grid, 100, 1);
	prompt_open(&prompt, PROMPT_FILTER, SPAN_LIT("x level>=eror y"), NULL, NULL);
	ck_assert(!prompt_check(&prompt, 0));
	ck_assert_int_eq(prompt.err.code, QUERY_BAD);
	struct canvas c = canvas_whole(&grid);

	prompt_draw(&prompt, &c);
	int first = -1, last = -1;

	for (int x = 0; x < 50; x++)
		if (grid.cells[x].attrs & ATTR_UNDERLINE) {
			first = first < 0 ? x : first;
			last = x;
			ck_assert_int_eq(grid.cells[x].role, ROLE_MESSAGE_ERROR);
		}
	/* " filter x level>=eror y": the value begins in column 17. */
	ck_assert_int_eq(first, 8 + (int)prompt.err.pos);
	ck_assert_int_eq(last, 8 + 12);
}
END_TEST

START_TEST(a_mistake_that_typing_can_mend_is_not_marked)
{
	prompt_open(&prompt, PROMPT_FILTER, SPAN_LIT("level>="), NULL, NULL);
	ck_assert(!prompt_check(&prompt, 0));
	ck_assert_int_eq(prompt.err.code, QUERY_INCOMPLETE);
	struct canvas c = canvas_whole(&grid);

	prompt_draw(&prompt, &c);
	for (int x = 0; x < W; x++)
		ck_assert_int_eq(grid.cells[x].attrs & ATTR_UNDERLINE, 0);
}
END_TEST

static const struct {
	const char *typed, *text, *note;
} completions[] = {
	{ "ch\t", "cherry ", "" },
	{ "ap\t", "ap", "apple apricot" },
	{ "apr\t", "apricot ", "" },
	{ "x\t", "x", "" },
	{ "apple c\t", "apple c", "" },
	{ "\t", "", "apple apricot cherry" },
};

START_TEST(tab_completes)
{
	prompt_open(&prompt, PROMPT_COMMAND, SPAN_LIT(""), fruit, NULL);
	type(completions[_i].typed);
	ck_assert_str_eq(prompt_text(&prompt), completions[_i].text);
	ck_assert_str_eq(prompt.note, completions[_i].note);
}
END_TEST

START_TEST(enter_closes_and_remembers)
{
	prompt_open(&prompt, PROMPT_SEARCH, SPAN_LIT(""), NULL, NULL);
	ck_assert_int_eq(type("one\r"), LINEEDIT_DONE);
	ck_assert(!prompt.open);
	ck_assert_str_eq(prompt_text(&prompt), "one");
	prompt_open(&prompt, PROMPT_SEARCH, SPAN_LIT(""), NULL, NULL);
	prompt_feed(&prompt, KEYC_UP);
	ck_assert_str_eq(prompt_text(&prompt), "one");
	/* Each kind has its own. */
	prompt_open(&prompt, PROMPT_FILTER, SPAN_LIT(""), NULL, NULL);
	prompt_feed(&prompt, KEYC_UP);
	ck_assert_str_eq(prompt_text(&prompt), "");
}
END_TEST

START_TEST(escape_closes)
{
	prompt_open(&prompt, PROMPT_SEARCH, SPAN_LIT("abc"), NULL, NULL);
	ck_assert(prompt.open);
	ck_assert_int_eq(prompt_feed(&prompt, 0x1b), LINEEDIT_CANCELLED);
	ck_assert(!prompt.open);
}
END_TEST

static Suite *
prompt_suite(void)
{
	Suite *s = suite_create("prompt");
	TCase *tc = tcase_create("prompt");

	suite_add_tcase(s, tc);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, rows_are_drawn, 0, ARRAY_SIZE(rows));
	tcase_add_test(tc, the_cursor_stands_behind_the_text);
	tcase_add_test(tc, a_mistake_is_marked_where_it_stands);
	tcase_add_test(tc, a_mistake_that_typing_can_mend_is_not_marked);
	tcase_add_loop_test(tc, tab_completes, 0, ARRAY_SIZE(completions));
	tcase_add_test(tc, enter_closes_and_remembers);
	tcase_add_test(tc, escape_closes);
	return s;
}

int
main(void)
{
	setlocale(LC_ALL, "C.UTF-8");
	return unit_run(prompt_suite());
}
