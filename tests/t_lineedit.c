/* Unit tests of tui/lineedit: keys to text and cursor, history, drawing. */
#include "config.h"

#include "core/alloc.h"
#include "core/utf8.h"
#include "tests/unit.h"
#include "tui/key.h"
#include "tui/keymap.h"
#include "tui/lineedit.h"

#include <locale.h>
#include <stdio.h>

static struct lineedit edit;

static void
setup(void)
{
	setlocale(LC_CTYPE, "C.UTF-8");
	lineedit_init(&edit);
}

static void
teardown(void)
{
	lineedit_release(&edit);
}

/* Type a text in which "{Left}" is a key by its name; the last state. */
static enum lineedit_state
type(const char *keys)
{
	enum lineedit_state state = LINEEDIT_GOES_ON;
	struct span s = span_str(keys);

	while (s.n) {
		ptrdiff_t end = *s.p == '{' ? span_chr(s, '}') : -1;
		size_t len;
		uint32_t key = utf8_decode(s, &len);

		if (end > 0) {
			key = key_by_name(span_of(s.p + 1, (size_t)end - 1));
			ck_assert_msg(key != KEYC_NONE, "%s", keys);
			len = (size_t)end + 1;
		}
		state = lineedit_feed(&edit, key);
		s = span_from(s, len);
	}
	return state;
}

static const struct {
	const char *keys, *text; /* | is the cursor */
	enum lineedit_state state;
} key_rows[] = {
	{ "abc", "abc|", LINEEDIT_CHANGED },
	{ "abc{Left}", "ab|c", LINEEDIT_GOES_ON },
	{ "abc{Left}x", "abx|c", LINEEDIT_CHANGED },
	{ "abc{C-b}{C-b}{C-f}", "ab|c", LINEEDIT_GOES_ON },
	{ "abc{Home}x", "x|abc", LINEEDIT_CHANGED },
	{ "abc{C-a}{End}x", "abcx|", LINEEDIT_CHANGED },
	{ "abc{C-a}{C-e}", "abc|", LINEEDIT_GOES_ON },
	{ "abc{Home}{Left}", "|abc", LINEEDIT_GOES_ON },
	{ "abc{Right}", "abc|", LINEEDIT_GOES_ON },
	{ "abc{Backspace}", "ab|", LINEEDIT_CHANGED },
	{ "abc{C-h}", "ab|", LINEEDIT_CHANGED },
	{ "abc{Home}{Backspace}", "|abc", LINEEDIT_GOES_ON },
	{ "abc{Home}{Delete}", "|bc", LINEEDIT_CHANGED },
	{ "abc{C-d}", "abc|", LINEEDIT_GOES_ON },
	{ "abc{Left}{C-k}", "ab|", LINEEDIT_CHANGED },
	{ "abc{Left}{C-u}", "|c", LINEEDIT_CHANGED },
	{ "one two  {C-w}", "one |", LINEEDIT_CHANGED },
	{ "one two{C-w}{C-w}", "|", LINEEDIT_CHANGED },
	{ "one two{C-w}{C-w}{C-w}", "|", LINEEDIT_GOES_ON },
	{ "one two{Left}{C-w}", "one |o", LINEEDIT_CHANGED },
	/* Characters of more than one byte, wide ones, and marks with their base. */
	{ "h\xc3\xa9h{Left}{Left}x", "hx|\xc3\xa9h", LINEEDIT_CHANGED },
	{ "日本{Backspace}", "日|", LINEEDIT_CHANGED },
	{ "日本{Home}{Delete}", "|本", LINEEDIT_CHANGED },
	{ "e\xcc\x81{Backspace}", "|", LINEEDIT_CHANGED },
	{ "ae\xcc\x81z{Home}{Right}{Right}", "ae\xcc\x81|z", LINEEDIT_GOES_ON },
	{ "ae\xcc\x81z{Home}{Right}{Delete}", "a|z", LINEEDIT_CHANGED },
	/* What is no text. */
	{ "ab{Tab}{C-x}{F5}{PgUp}", "ab|", LINEEDIT_GOES_ON },
	{ "ab\xc2\x9b", "ab|", LINEEDIT_GOES_ON },
	/* The end. */
	{ "ab{Enter}", "ab|", LINEEDIT_DONE },
	{ "{Enter}", "|", LINEEDIT_DONE },
	{ "ab{Esc}", "ab|", LINEEDIT_CANCELLED },
	{ "ab{C-c}", "ab|", LINEEDIT_CANCELLED },
	{ "ab{C-g}", "ab|", LINEEDIT_CANCELLED },
	{ "{Backspace}", "|", LINEEDIT_CANCELLED },
	{ "a{Backspace}{Backspace}", "|", LINEEDIT_CANCELLED },
	{ "{Up}{Down}", "|", LINEEDIT_GOES_ON },
};

static void
check_text(const char *want)
{
	struct strbuf is = STRBUF_INIT;

	strbuf_add(&is, span_head(strbuf_span(&edit.text), edit.cursor));
	strbuf_char(&is, '|');
	strbuf_add(&is, span_from(strbuf_span(&edit.text), edit.cursor));
	ck_assert_str_eq(is.p, want);
	strbuf_release(&is);
}

START_TEST(keys_edit)
{
	ck_assert_int_eq(type(key_rows[_i].keys), key_rows[_i].state);
	check_text(key_rows[_i].text);
}
END_TEST

static void
enter(const char *text)
{
	lineedit_set(&edit, span_str(text));
	lineedit_remember(&edit);
	lineedit_set(&edit, SPAN_LIT(""));
}

START_TEST(history_goes_back_and_forth)
{
	enter("one");
	enter("two");
	enter("two");
	enter("");
	ck_assert_uint_eq(edit.history_n, 2);
	ck_assert_int_eq(type("dra{Up}"), LINEEDIT_CHANGED);
	check_text("two|");
	type("{C-p}");
	check_text("one|");
	ck_assert_int_eq(type("{Up}"), LINEEDIT_GOES_ON);
	check_text("one|");
	type("{Down}");
	check_text("two|");
	type("{C-n}");
	check_text("dra|");
	ck_assert_int_eq(type("{Down}"), LINEEDIT_GOES_ON);
	/* A line of history that was changed is a new line. */
	type("{Up}{Up}!");
	lineedit_remember(&edit);
	ck_assert_uint_eq(edit.history_n, 3);
	ck_assert_str_eq(edit.history[0], "one");
	ck_assert_str_eq(edit.history[2], "one!");
}
END_TEST

START_TEST(history_has_an_end)
{
	char text[32];

	for (int i = 0; i < LINEEDIT_HISTORY + 20; i++) {
		snprintf(text, sizeof text, "line %d", i);
		enter(text);
	}
	ck_assert_uint_eq(edit.history_n, LINEEDIT_HISTORY);
	ck_assert_str_eq(edit.history[0], "line 20");
	type("{Up}");
	check_text("line 119|");
}
END_TEST

START_TEST(text_has_an_end)
{
	for (int i = 0; i < LINEEDIT_MAX + 10; i++)
		lineedit_feed(&edit, 'x');
	ck_assert_uint_eq(edit.text.n, LINEEDIT_MAX);
	ck_assert_int_eq(lineedit_feed(&edit, 'x'), LINEEDIT_GOES_ON);
}
END_TEST

START_TEST(set_takes_text_only)
{
	lineedit_set(&edit, SPAN_LIT("a\033[31m\nb\xff\xc3\xa9\0\xed\xa0\x80z"));
	check_text("a[31mb\xc3\xa9z|");
}
END_TEST

static const struct {
	const char *keys;
	int w;
	const char *row;
	int cursor;
} draw_rows[] = {
	{ "", 6, "/\n", 1 },
	{ "abc", 6, "/abc\n", 4 },
	{ "abcde", 6, "/abcde\n", 6 },
	{ "abcdef", 6, "/bcdef\n", 6 },
	{ "abcdefghij", 6, "/fghij\n", 6 },
	{ "abcdefghij{Home}", 6, "/abcde…\n", 1 },
	{ "abcdefghij{Left}", 6, "/fghij\n", 5 },
	{ "abcdefghij{Left}{Left}", 6, "/efghij\n", 5 },
	{ "abcdefghij{Left}{Left}{Left}", 6, "/defgh…\n", 5 },
	{ "日本語日本語", 6, "/本語\n", 5 },
	{ "abc", 2, "/\n", 1 },
	{ "abc", 1, "/\n", 1 },
	{ "abc", 0, "/\n", 1 },
};

START_TEST(drawing_scrolls)
{
	struct grid grid;
	struct strbuf out = STRBUF_INIT;

	grid_init(&grid, 12, 1, false);
	struct canvas c = canvas_whole(&grid);

	type(draw_rows[_i].keys);
	canvas_printf(&c, 0, 0, ROLE_PROMPT, "/");
	int cursor = lineedit_draw(&edit, &c, 1, 0, draw_rows[_i].w);

	grid_dump(&grid, &out);
	ck_assert_str_eq(out.p, draw_rows[_i].row);
	ck_assert_int_eq(cursor, draw_rows[_i].cursor);
	strbuf_release(&out);
	grid_release(&grid);
}
END_TEST

static Suite *
lineedit_suite(void)
{
	Suite *s = suite_create("lineedit");
	TCase *tc = tcase_create("lineedit");

	suite_add_tcase(s, tc);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, keys_edit, 0, ARRAY_SIZE(key_rows));
	tcase_add_test(tc, history_goes_back_and_forth);
	tcase_add_test(tc, history_has_an_end);
	tcase_add_test(tc, text_has_an_end);
	tcase_add_test(tc, set_takes_text_only);
	tcase_add_loop_test(tc, drawing_scrolls, 0, ARRAY_SIZE(draw_rows));
	return s;
}

int
main(void)
{
	return unit_run(lineedit_suite());
}
