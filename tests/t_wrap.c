/* Wrapping of text into lines. */
#include "config.h"

#include "core/alloc.h"
#include "core/strbuf.h"
#include "tests/unit.h"
#include "tui/wrap.h"

#include <locale.h>

static const struct {
	const char *text;
	int w;
	const char *lines; /* joined by | */
} rows[] = {
	{ "", 10, "" },
	{ "short", 10, "short" },
	{ "exactly it", 10, "exactly it" },
	{ "two words here", 10, "two words|here" },
	{ "a verylongwordwithoutblanks", 10, "a verylong|wordwithou|tblanks" },
	{ "one\ntwo\n\nfour", 10, "one|two||four" },
	{ "end\n", 10, "end" },
	{ "dos\r\nline", 10, "dos|line" },
	{ "한글 測試", 5, "한글|測試" },
	{ "한글", 1, "한|글" },
	{ "ab\xff", 2, "ab|\xff" },
	{ "abc", 0, "a|b|c" },
};

START_TEST(cuts_lines)
{
	struct strbuf out = STRBUF_INIT;
	struct span rest = span_str(rows[_i].text), line;
	int n = 0;

	setlocale(LC_CTYPE, "C.UTF-8");
	for (; wrap_next(&rest, rows[_i].w, &line); n++) {
		if (n)
			strbuf_char(&out, '|');
		strbuf_add(&out, line);
	}
	ck_assert(span_eq_str(strbuf_span(&out), rows[_i].lines));
	ck_assert_int_eq(wrap_lines(span_str(rows[_i].text), rows[_i].w, 100), n ? n : 1);
	strbuf_release(&out);
}
END_TEST

START_TEST(counts_up_to_a_limit)
{
	ck_assert_int_eq(wrap_lines(SPAN_LIT("a\nb\nc\nd"), 10, 3), 3);
}
END_TEST

START_TEST(skips_columns)
{
	setlocale(LC_CTYPE, "C.UTF-8");
	ck_assert(span_eq_str(wrap_skip(SPAN_LIT("abcdef"), 2), "cdef"));
	ck_assert(span_eq_str(wrap_skip(SPAN_LIT("abc"), 9), ""));
	ck_assert(span_eq_str(wrap_skip(SPAN_LIT("한글x"), 3), "x"));
}
END_TEST

static Suite *
suite(void)
{
	Suite *s = suite_create("wrap");
	TCase *t = tcase_create("wrap");

	tcase_add_loop_test(t, cuts_lines, 0, ARRAY_SIZE(rows));
	tcase_add_test(t, counts_up_to_a_limit);
	tcase_add_test(t, skips_columns);
	suite_add_tcase(s, t);
	return s;
}

int
main(void)
{
	return unit_run(suite());
}
