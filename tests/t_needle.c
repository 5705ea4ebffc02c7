/* Unit tests of core/needle and core/regex. */
#include "config.h"

#include "core/needle.h"
#include "core/regex.h"

#include "core/alloc.h"
#include "tests/unit.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>

static const struct {
	const char *needle, *hay;
	bool nocase;
	int start, end; /* -1: not there */
} rows[] = {
	{ "", "abc", false, 0, 0 },
	{ "", "", true, 0, 0 },
	{ "a", "", true, -1, 0 },
	{ "b", "abc", false, 1, 2 },
	{ "B", "abc", false, -1, 0 },
	{ "B", "abc", true, 1, 2 },
	{ "timeout", "a TimeOut", true, 2, 9 },
	{ "timeout", "a TimeOut", false, -1, 0 },
	{ "a@[", "A`{ a@{ A@[", true, 8, 11 },
	{ "longer than", "the hay", true, -1, 0 },
	{ "größe", "die GRÖßE da", true, 4, 11 },
	{ "größe", "die GRÖßE da", false, -1, 0 },
	{ "привет", "Всем ПРИВЕТ", true, 9, 21 },
	{ "σας", "ΣΑΣ", true, 0, 6 },
	{ "결제", "x 결제 y", true, 2, 8 },
	{ "é", "\xc3 \xc3\xa9", true, 2, 4 },
	{ "\xff\xfe", "a\xff\xfe", true, 1, 3 },
};

START_TEST(finds)
{
	struct needle n;
	size_t start, end;

	setlocale(LC_CTYPE, "C.UTF-8");
	needle_init(&n, span_str(rows[_i].needle), rows[_i].nocase);
	ck_assert_int_eq(needle_find(&n, span_str(rows[_i].hay), 0, &start, &end), rows[_i].start >= 0);
	if (rows[_i].start >= 0) {
		ck_assert_int_eq((int)start, rows[_i].start);
		ck_assert_int_eq((int)end, rows[_i].end);
	}
	needle_release(&n);
}
END_TEST

/* Every needle of a few letters in every place of texts around the width of a vector. */
START_TEST(agrees_with_the_plain_way)
{
	unsigned seed = 1;

	for (int round = 0; round < 4000; round++) {
		char text[100], word[6];
		size_t n = (size_t)rand_r(&seed) % sizeof text, m = 1 + (size_t)rand_r(&seed) % sizeof word;
		bool nocase = round & 1;
		struct needle needle;
		size_t start, end, from = n ? (size_t)rand_r(&seed) % n : 0;

		for (size_t i = 0; i < n; i++)
			text[i] = "abAB"[rand_r(&seed) % 4];
		for (size_t i = 0; i < m; i++)
			word[i] = "abAB"[rand_r(&seed) % 4];
		/* On the heap and of exact size, so that reads beyond it are seen. */
		char *hay = xstrndup(text, n);
		size_t expected = from;

		while (expected + m <= n && (nocase ? strncasecmp(hay + expected, word, m) :
					     strncmp(hay + expected, word, m)) != 0)
			expected++;
		needle_init(&needle, span_of(word, m), nocase);
		bool found = needle_find(&needle, span_of(hay, n), from, &start, &end);
		ck_assert_int_eq(found, expected + m <= n);
		if (found)
			ck_assert_uint_eq(start, expected);
		needle_release(&needle);
		free(hay);
	}
}
END_TEST

static const struct {
	const char *pattern, *literals; /* these with | between them */
} literal_rows[] = {
	{ "timeout", "timeout" },
	{ "^/api/orders/\\d+", "orders" },
	{ "a|b", "a|b" },
	{ "timeout|deadlock|refused", "timeout|deadlock|refused" },
	{ "timeout|\\d+", "" },
	{ "timeout|", "" },
	{ "one (two|three) fours", " fours" },
	{ "x(timeout|dead(?:lock|ly))y", "timeout|dead" },
	{ "(timeout|deadlock)?x", "x" },
	{ "(timeout|deadlock)+x", "timeout|deadlock" },
	{ "(abc(def)?)", "abc" },
	{ "a|b|c|d|e|f|g|h", "a|b|c|d|e|f|g|h" },
	{ "a|b|c|d|e|f|g|h|i", "" },
	{ "ab{c|d", "a|d" },
	{ "colou?r", "colo" },
	{ "abc*de", "ab" },
	{ "abc+de", "abc" },
	{ "ab{0,2}cd", "cd" },
	{ "a[bcdefg]hi", "hi" },
	{ "a[^]bcd]e", "" },
	{ "a[[:alpha:]xyz]", "" },
	{ "(?i)timeout", "" },
	{ "\\x41bcdef", "" },
	{ "\\Qa*b\\Ecd", "" },
	{ "a\\.bc", "bc" },
	{ "([(]x)abc", "abc" },
	{ "(a\\)b)cd", "cd" },
	{ "", "" },
};

START_TEST(literals_of_a_pattern)
{
	struct span one[REGEX_LITERALS];
	size_t n = regex_literals(span_str(literal_rows[_i].pattern), one);
	char text[256] = "";

	for (size_t i = 0; i < n; i++)
		sprintf(text + strlen(text), "%s%.*s", i ? "|" : "", SPAN_FMT(one[i]));
	ck_assert_str_eq(text, literal_rows[_i].literals);
}
END_TEST

static const struct {
	const char *pattern, *text;
	unsigned flags;
	int start; /* -1: no match */
} regex_rows[] = {
	{ "b+", "abba", 0, 1 },
	{ "B+", "abba", 0, -1 },
	{ "B+", "abba", REGEX_NOCASE, 1 },
	{ "ÖL", "köln", REGEX_NOCASE, 1 },
	{ "^b", "a\nb", 0, -1 },
	{ "^b", "a\nb", REGEX_LINES, 2 },
	{ "x", "\xff\xc3x", 0, 2 },
	{ "^.$", "ö", 0, 0 },
};

START_TEST(matches)
{
	struct err err;
	struct regex *re = regex_new(span_str(regex_rows[_i].pattern), regex_rows[_i].flags, &err);
	size_t start, end;

	ck_assert_ptr_nonnull(re);
	bool found = regex_find(re, span_str(regex_rows[_i].text), 0, &start, &end);
	ck_assert_int_eq(found ? (int)start : -1, regex_rows[_i].start);
	ck_assert_uint_eq(regex_limited(re), 0);
	regex_free(re);
}
END_TEST

static const struct {
	const char *pattern;
	int code;
	size_t pos;
} mistake_rows[] = {
	{ "a(b", REGEX_UNFINISHED, 3 }, { "a[b", REGEX_UNFINISHED, 3 }, { "a\\", REGEX_UNFINISHED, 2 },
	{ "a)b", REGEX_BAD, 1 },	{ "*a", REGEX_BAD, 0 },		{ "\\C", REGEX_BAD, 2 },
};

START_TEST(tells_mistakes)
{
	struct err err;

	ck_assert_ptr_null(regex_new(span_str(mistake_rows[_i].pattern), 0, &err));
	ck_assert_int_eq(err.code, mistake_rows[_i].code);
	ck_assert_uint_eq(err.pos, mistake_rows[_i].pos);
}
END_TEST

static Suite *
needle_suite(void)
{
	Suite *s = suite_create("needle");
	TCase *tc = tcase_create("needle");

	suite_add_tcase(s, tc);
	tcase_add_loop_test(tc, finds, 0, ARRAY_SIZE(rows));
	tcase_add_test(tc, agrees_with_the_plain_way);
	tc = tcase_create("regex");
	suite_add_tcase(s, tc);
	tcase_add_loop_test(tc, literals_of_a_pattern, 0, ARRAY_SIZE(literal_rows));
	tcase_add_loop_test(tc, matches, 0, ARRAY_SIZE(regex_rows));
	tcase_add_loop_test(tc, tells_mistakes, 0, ARRAY_SIZE(mistake_rows));
	return s;
}

int
main(void)
{
	return unit_run(needle_suite());
}
