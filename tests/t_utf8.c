/* Unit tests of core/utf8. Widths are those of a UTF-8 locale. */
#include "config.h"

#include "core/utf8.h"

#include "core/alloc.h"
#include "core/strbuf.h"
#include "tests/unit.h"

#include <locale.h>
#include <wchar.h>

static const struct {
	const char *bytes;
	uint32_t cp;
	size_t len;
} codes[] = {
	{ "a", 'a', 1 },
	{ "\x7f", 0x7f, 1 },
	{ "\xc2\x80", 0x80, 2 },
	{ "\xdf\xbf", 0x7ff, 2 },
	{ "\xe0\xa0\x80", 0x800, 3 },
	{ "\xed\x9f\xbf", 0xd7ff, 3 },
	{ "\xee\x80\x80", 0xe000, 3 },
	{ "\xef\xbf\xbf", 0xffff, 3 },
	{ "\xf0\x90\x80\x80", 0x10000, 4 },
	{ "\xf4\x8f\xbf\xbf", 0x10ffff, 4 },
	{ "\x80", UTF8_INVALID, 1 },
	{ "\xbf", UTF8_INVALID, 1 },
	{ "\xc0\x80", UTF8_INVALID, 1 },         /* a longer form of NUL */
	{ "\xc1\xbf", UTF8_INVALID, 1 },
	{ "\xe0\x9f\xbf", UTF8_INVALID, 1 },     /* overlong */
	{ "\xed\xa0\x80", UTF8_INVALID, 1 },     /* a surrogate */
	{ "\xf0\x8f\xbf\xbf", UTF8_INVALID, 1 }, /* overlong */
	{ "\xf4\x90\x80\x80", UTF8_INVALID, 1 }, /* beyond the last */
	{ "\xf5\x80\x80\x80", UTF8_INVALID, 1 },
	{ "\xff", UTF8_INVALID, 1 },
	{ "\xc3", UTF8_INVALID, 1 },             /* cut */
	{ "\xe1\x80", UTF8_INVALID, 1 },
	{ "\xe1\x80z", UTF8_INVALID, 1 },
	{ "\xf1\x80\x80", UTF8_INVALID, 1 },
	{ "\xf1\x80\x80\xc0", UTF8_INVALID, 1 },
};

START_TEST(bytes_are_decoded)
{
	size_t len;
	char out[4];
	uint32_t cp = utf8_decode(span_str(codes[_i].bytes), &len);

	ck_assert_uint_eq(cp, codes[_i].cp);
	ck_assert_uint_eq(len, codes[_i].len);
	if (cp != UTF8_INVALID) {
		ck_assert_uint_eq(utf8_encode(cp, out), len);
		ck_assert_mem_eq(out, codes[_i].bytes, len);
	}
}
END_TEST

START_TEST(every_code_point_comes_back)
{
	for (uint32_t cp = 0; cp < 0x110000; cp++) {
		char out[4];
		size_t len, n = utf8_encode(cp, out);
		bool surrogate = cp >= 0xd800 && cp < 0xe000;

		ck_assert(utf8_decode(span_of(out, n), &len) == (surrogate ? UTF8_INVALID : cp));
		ck_assert_uint_eq(len, surrogate ? 1 : n);
	}
}
END_TEST

START_TEST(widths_agree_with_wcwidth)
{
	setlocale(LC_ALL, "C.UTF-8");
	for (uint32_t cp = 0x20; cp < 0x20000; cp++) {
		int libc = wcwidth((wchar_t)cp);

		ck_assert_int_eq(utf8_width(cp), libc < 0 ? 1 : libc);
	}
	ck_assert_int_eq(utf8_width(0xd55c), 2);
	ck_assert_int_eq(utf8_width(0x0301), 0);
}
END_TEST

/* What is drawn for a text: its glyphs, one after the other in brackets. */
static void
draw(const char *text, struct strbuf *out, size_t *columns)
{
	struct span s = span_str(text);
	struct glyph g;

	*columns = 0;
	while (text_next(&s, &g)) {
		strbuf_char(out, '[');
		strbuf_add(out, span_of(g.utf8, g.n));
		strbuf_char(out, ']');
		*columns += g.width;
	}
}

static const struct {
	const char *text, *drawn;
	size_t columns;
} texts[] = {
	{ "", "", 0 },
	{ "ab", "[a][b]", 2 },
	{ "a\tb", "[a][ ][b]", 3 },
	{ "\x1b[31m", "[^[][[][3][1][m]", 6 },
	{ "\a\x7f", "[^G][^?]", 4 },
	{ "a\nb", "[a][\xe2\x86\xb5][b]", 3 },
	{ "\xc2\x9b" "31m", "[<9b>][3][1][m]", 7 },
	{ "\xff\xe1\x80", "[<ff>][<e1>][<80>]", 12 },
	{ "\xed\xa0\x80", "[<ed>][<a0>][<80>]", 12 },
	{ "\xed\x95\x9c\xea\xb8\x80", "[\xed\x95\x9c][\xea\xb8\x80]", 4 },
	{ "e\xcc\x81x", "[e\xcc\x81][x]", 2 },
	{ "\xcc\x81x", "[ \xcc\x81][x]", 2 },
	/* Only four marks are drawn. */
	{ "e\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81", "[e\xcc\x81\xcc\x81\xcc\x81\xcc\x81]", 1 },
	/* Bidirectional override, zero width space, byte order mark, soft hyphen, a tag. */
	{ "\xe2\x80\xae", "[<202e>]", 6 },
	{ "\xe2\x81\xa6", "[<2066>]", 6 },
	{ "a\xe2\x80\x8b", "[a][<200b>]", 7 },
	{ "\xef\xbb\xbf", "[<feff>]", 6 },
	{ "\xc2\xad", "[<ad>]", 4 },
	{ "\xf3\xa0\x81\x81", "[<e0041>]", 7 },
	{ "\xe2\x80\xa8", "[<2028>]", 6 },
	{ "\xc2\x85", "[<85>]", 4 },
	/* A family: its members without the joiners. */
	{ "\xf0\x9f\x91\xa8\xe2\x80\x8d\xf0\x9f\x91\xa9",
	  "[\xf0\x9f\x91\xa8][\xf0\x9f\x91\xa9]", 4 },
	/* A thumb with a skin tone, a heart asked to be an emoji. */
	{ "\xf0\x9f\x91\x8d\xf0\x9f\x8f\xbd", "[\xf0\x9f\x91\x8d]", 2 },
	{ "\xe2\x9d\xa4\xef\xb8\x8f", "[\xe2\x9d\xa4]", 1 },
	{ "\xf0\x9f\x8e\x89!", "[\xf0\x9f\x8e\x89][!]", 3 },
	{ "\xe2\x80\x8d", "[<200d>]", 6 },
	/* A code point that is not assigned. */
	{ "\xf0\xaf\xbf\xbf", "[<2ffff>]", 7 },
};

START_TEST(texts_are_drawn_safely)
{
	struct strbuf drawn = STRBUF_INIT;
	size_t columns;

	setlocale(LC_ALL, "C.UTF-8");
	draw(texts[_i].text, &drawn, &columns);
	ck_assert_msg(span_eq_str(strbuf_span(&drawn), texts[_i].drawn), "%s", drawn.p);
	ck_assert_uint_eq(columns, texts[_i].columns);
	ck_assert_uint_eq(text_width(span_str(texts[_i].text)), texts[_i].columns);
	strbuf_release(&drawn);
}
END_TEST

/* Whatever the bytes: what is drawn is UTF-8 without control characters. */
START_TEST(nothing_raw_gets_through)
{
	unsigned seed = 1;

	setlocale(LC_ALL, "C.UTF-8");
	for (int round = 0; round < 20000; round++) {
		char bytes[12];
		struct glyph g;
		struct span s = span_of(bytes, sizeof bytes);

		for (size_t i = 0; i < sizeof bytes; i++) {
			seed = seed * 1103515245u + 12345u;
			bytes[i] = (char)(seed >> 16);
		}
		while (text_next(&s, &g)) {
			size_t len;

			ck_assert_uint_le(g.n, sizeof g.utf8);
			for (struct span at = span_of(g.utf8, g.n); at.n; at = span_from(at, len)) {
				uint32_t cp = utf8_decode(at, &len);

				ck_assert(cp != UTF8_INVALID && cp >= 0x20 && cp != 0x7f &&
					  (cp < 0x80 || cp >= 0xa0));
			}
		}
	}
}
END_TEST

START_TEST(case_is_folded)
{
	setlocale(LC_ALL, "C.UTF-8");
	ck_assert_uint_eq(utf8_fold('A'), 'a');
	ck_assert_uint_eq(utf8_fold('['), '[');
	ck_assert_uint_eq(utf8_fold(0xd1), 0xf1);   /* N with tilde */
	ck_assert_uint_eq(utf8_fold(0x416), 0x436); /* Cyrillic */
	ck_assert_uint_eq(utf8_fold(0x3a3), utf8_fold(0x3c2));
	ck_assert_uint_eq(utf8_fold(0xd55c), 0xd55c);
}
END_TEST

static const struct {
	const char *text;
	size_t n;
} escapes[] = {
	{ "\x1b[31mred", 5 },
	{ "\x1b[0m", 4 },
	{ "\x1b[m", 3 },
	{ "\x1b[38;5;12mx", 10 },
	{ "\x1b[?25l", 6 },
	{ "\x1b]0;title\a.", 10 },
	{ "\x1b]0;title\x1b\\.", 11 },
	{ "\x1b(B.", 3 },
	{ "\x1b" "c.", 2 },
	{ "\x1bPq\x1b\\", 5 },
	{ "", 0 },
	{ "x", 0 },
	{ "\x1b", 0 },
	{ "\x1b[31", 0 },
	{ "\x1b[3\x01", 0 },
	{ "\x1b]0;never ends", 0 },
	{ "\x1b\x07", 0 },
};

START_TEST(escape_sequences_are_skipped)
{
	ck_assert_uint_eq(ansi_skip(span_str(escapes[_i].text)), escapes[_i].n);
}
END_TEST

static Suite *
suite(void)
{
	Suite *s = suite_create("utf8");
	TCase *c = tcase_create("utf8");

	tcase_add_loop_test(c, bytes_are_decoded, 0, ARRAY_SIZE(codes));
	tcase_add_test(c, every_code_point_comes_back);
	tcase_add_test(c, widths_agree_with_wcwidth);
	tcase_add_loop_test(c, texts_are_drawn_safely, 0, ARRAY_SIZE(texts));
	tcase_add_test(c, nothing_raw_gets_through);
	tcase_add_test(c, case_is_folded);
	tcase_add_loop_test(c, escape_sequences_are_skipped, 0, ARRAY_SIZE(escapes));
	suite_add_tcase(s, c);
	return s;
}

int
main(void)
{
	return unit_run(suite());
}
