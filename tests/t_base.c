/* Unit tests of core/err, core/span, core/strbuf and the growing array of core/alloc. */
#include "config.h"

#include "core/alloc.h"
#include "core/embedded.h"
#include "core/err.h"
#include "core/span.h"
#include "core/strbuf.h"
#include "tests/unit.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

START_TEST(err_set_fills_and_returns_the_code)
{
	struct err e = { 0, 0, "" };

	ck_assert_int_eq(err_set(&e, EINVAL, 12, "unknown field \"%s\"", "pth"), EINVAL);
	ck_assert_int_eq(e.code, EINVAL);
	ck_assert_uint_eq(e.pos, 12);
	ck_assert_str_eq(e.msg, "unknown field \"pth\"");
}
END_TEST

START_TEST(err_set_takes_no_struct)
{
	ck_assert_int_eq(err_set(NULL, ERANGE, 3, "%s", "not kept"), ERANGE);
}
END_TEST

START_TEST(err_set_cuts_long_messages)
{
	struct err e;
	char text[2 * sizeof e.msg];

	memset(text, 'x', sizeof text - 1);
	text[sizeof text - 1] = '\0';
	err_set(&e, 1, 0, "%s", text);
	ck_assert_uint_eq(strlen(e.msg), sizeof e.msg - 1);
}
END_TEST

static const char *const fields[] = { "level", "logger", "path", "route", "status", NULL };

static const char *
field(size_t i, const void *arg)
{
	return ((const char *const *)arg)[i];
}

static const struct {
	const char *word, *nearest;
} nearest_rows[] = {
	{ "level", "level" },
	{ "pth", "path" },
	{ "lvel", "level" },
	{ "paths", "path" },
	{ "statsu", "status" },
	{ "route ", "route" },
	{ "qqqqqqqq", NULL },
	{ "", NULL },
};

START_TEST(err_nearest_finds)
{
	const char *found = err_nearest(nearest_rows[_i].word, field, fields);

	ck_assert_pstr_eq(found, nearest_rows[_i].nearest);
}
END_TEST

START_TEST(err_nearest_prefers_the_closer_one)
{
	static const char *const words[] = { "levels", "level", "lever", NULL };

	ck_assert_str_eq(err_nearest("level", field, words), "level");
}
END_TEST

START_TEST(err_nearest_survives_long_words)
{
	char word[201];

	memset(word, 'x', sizeof word - 1);
	word[sizeof word - 1] = '\0';
	const char *const words[] = { word, NULL };

	/* Beyond what is compared nothing is promised but an answer. */
	const char *found = err_nearest(word, field, words);
	ck_assert(found == NULL || found == word);
	ck_assert_ptr_null(err_nearest(word, field, fields));
}
END_TEST

static void
assert_span(struct span s, const char *text)
{
	ck_assert_uint_eq(s.n, strlen(text));
	ck_assert_mem_eq(s.p, text, s.n);
}

START_TEST(span_parts)
{
	struct span s = SPAN_LIT("10:42:06");

	assert_span(span_from(s, 3), "42:06");
	assert_span(span_from(s, 8), "");
	assert_span(span_from(s, 99), "");
	assert_span(span_head(s, 2), "10");
	assert_span(span_head(s, 99), "10:42:06");
	ck_assert_int_eq(span_chr(s, ':'), 2);
	ck_assert_int_eq(span_chr(s, 'x'), -1);
	ck_assert_int_eq(span_chr(SPAN_NONE, ':'), -1);
}
END_TEST

START_TEST(span_compares)
{
	ck_assert(span_eq(SPAN_LIT("a\0b"), SPAN_LIT("a\0b")));
	ck_assert(!span_eq(SPAN_LIT("a\0b"), SPAN_LIT("a\0c")));
	ck_assert(!span_eq(SPAN_LIT("a"), SPAN_LIT("ab")));
	ck_assert(span_eq(SPAN_NONE, SPAN_LIT("")));
	ck_assert(span_eq_str(SPAN_LIT("info"), "info"));
	ck_assert(!span_eq_str(SPAN_LIT("INFO"), "info"));
	ck_assert(span_caseeq_str(SPAN_LIT("InFo"), "info"));
	ck_assert(!span_caseeq_str(SPAN_LIT("infos"), "info"));
}
END_TEST

static const struct {
	const char *text, *part;
	bool starts, ends;
} affix_rows[] = {
	{ "app.log", "app", true, false },
	{ "app.log", ".log", false, true },
	{ "app.log", "app.log", true, true },
	{ "app.log", "app.log.1", false, false },
	{ "app.log", "", true, true },
	{ "", "", true, true },
	{ "", "a", false, false },
};

START_TEST(span_starts_and_ends)
{
	struct span text = span_str(affix_rows[_i].text), part = span_str(affix_rows[_i].part);

	ck_assert_int_eq(span_starts(text, part), affix_rows[_i].starts);
	ck_assert_int_eq(span_ends(text, part), affix_rows[_i].ends);
}
END_TEST

static const struct {
	const char *text, *trimmed;
} trim_rows[] = {
	{ "word", "word" },
	{ "  two words\t ", "two words" },
	{ "\n x \n", "\n x \n" },
	{ " \t ", "" },
	{ "", "" },
};

START_TEST(span_trims)
{
	assert_span(span_trim(span_str(trim_rows[_i].text)), trim_rows[_i].trimmed);
}
END_TEST

START_TEST(span_tells_absent_from_empty)
{
	ck_assert_ptr_null(span_str(NULL).p);
	ck_assert_uint_eq(span_str(NULL).n, 0);
	ck_assert_ptr_nonnull(span_str("").p);
}
END_TEST

START_TEST(span_hash_sees_every_byte)
{
	ck_assert(span_hash(SPAN_LIT("a\0b")) == span_hash(SPAN_LIT("a\0b")));
	ck_assert(span_hash(SPAN_LIT("a\0b")) != span_hash(SPAN_LIT("a\0c")));
	ck_assert(span_hash(SPAN_LIT("a")) != span_hash(SPAN_LIT("a\0")));
	ck_assert(span_hash(SPAN_LIT("")) == span_hash(SPAN_NONE));
}
END_TEST

START_TEST(strbuf_appends)
{
	struct strbuf b = STRBUF_INIT;

	assert_span(strbuf_span(&b), "");
	strbuf_str(&b, "status");
	strbuf_char(&b, '=');
	strbuf_addf(&b, "%d", 500);
	strbuf_addf(&b, "%s", "");
	strbuf_add(&b, SPAN_LIT("!"));
	strbuf_add(&b, SPAN_NONE);
	assert_span(strbuf_span(&b), "status=500!");
	ck_assert_str_eq(b.p, "status=500!");
	strbuf_release(&b);
	ck_assert_ptr_null(b.p);
	ck_assert_uint_eq(b.n, 0);
}
END_TEST

START_TEST(strbuf_keeps_nul_bytes)
{
	struct strbuf b = STRBUF_INIT;

	strbuf_add(&b, SPAN_LIT("a\0b"));
	strbuf_char(&b, '\0');
	ck_assert(span_eq(strbuf_span(&b), SPAN_LIT("a\0b\0")));
	ck_assert_int_eq(b.p[b.n], '\0');
	strbuf_release(&b);
}
END_TEST

START_TEST(strbuf_grows)
{
	struct strbuf b = STRBUF_INIT;

	for (int i = 0; i < 10000; i++)
		strbuf_addf(&b, "%04d", i);
	ck_assert_uint_eq(b.n, 40000);
	ck_assert_mem_eq(b.p + 4 * 9999, "9999", 5);
	ck_assert_uint_lt(b.n, b.cap);
	strbuf_release(&b);
}
END_TEST

START_TEST(strbuf_clear_keeps_the_room)
{
	struct strbuf b = STRBUF_INIT;

	strbuf_clear(&b);
	strbuf_reserve(&b, 100);
	strbuf_str(&b, "gone");
	const char *p = b.p;

	strbuf_clear(&b);
	ck_assert_str_eq(b.p, "");
	strbuf_str(&b, "a text that fits in what was reserved");
	ck_assert_ptr_eq(b.p, p);
	strbuf_release(&b);
}
END_TEST

START_TEST(array_grow_keeps_what_it_held)
{
	size_t n = 0, cap = 0, grown = 0;
	size_t *v = NULL;

	while (n < 1000) {
		size_t before = cap;

		ARRAY_GROW(v, n, cap);
		grown += cap != before;
		v[n] = n * n;
		n++;
		ck_assert_uint_le(n, cap);
	}
	for (size_t i = 0; i < n; i++)
		ck_assert_uint_eq(v[i], i * i);
	ck_assert_uint_eq(cap, 1024);
	ck_assert_uint_eq(grown, 8);
	free(v);
}
END_TEST

START_TEST(alloc_copies_strings)
{
	char *whole = xstrdup("tailboard"), *part = xstrndup("tailboard", 4);
	char *empty = xstrndup(NULL, 0), *made = xasprintf("%d %s", 3, "sources");

	ck_assert_str_eq(whole, "tailboard");
	ck_assert_str_eq(part, "tail");
	ck_assert_str_eq(empty, "");
	ck_assert_str_eq(made, "3 sources");
	free(whole);
	free(part);
	free(empty);
	free(made);
}
END_TEST

START_TEST(embedded_texts_are_whole)
{
	ck_assert_str_eq(embedded_keys.name, "default");
	ck_assert_uint_eq(strlen(embedded_keys.text), embedded_keys.size);
	ck_assert_uint_gt(embedded_keys.size, 0);
	ck_assert_ptr_nonnull(embedded_themes[0].name);
	for (const struct embedded *t = embedded_themes; t->name; t++)
		ck_assert_uint_eq(strlen(t->text), t->size);
}
END_TEST

static TCase *
add_case(Suite *s, const char *name)
{
	TCase *tc = tcase_create(name);

	suite_add_tcase(s, tc);
	return tc;
}

static void
add_span_tests(Suite *s)
{
	TCase *tc = add_case(s, "span");

	tcase_add_test(tc, span_parts);
	tcase_add_test(tc, span_compares);
	tcase_add_loop_test(tc, span_starts_and_ends, 0, ARRAY_SIZE(affix_rows));
	tcase_add_loop_test(tc, span_trims, 0, ARRAY_SIZE(trim_rows));
	tcase_add_test(tc, span_tells_absent_from_empty);
	tcase_add_test(tc, span_hash_sees_every_byte);
}

static Suite *
base_suite(void)
{
	Suite *s = suite_create("base");
	TCase *tc = add_case(s, "err");

	tcase_add_test(tc, err_set_fills_and_returns_the_code);
	tcase_add_test(tc, err_set_takes_no_struct);
	tcase_add_test(tc, err_set_cuts_long_messages);
	tcase_add_loop_test(tc, err_nearest_finds, 0, ARRAY_SIZE(nearest_rows));
	tcase_add_test(tc, err_nearest_prefers_the_closer_one);
	tcase_add_test(tc, err_nearest_survives_long_words);
	add_span_tests(s);
	tc = add_case(s, "strbuf");
	tcase_add_test(tc, strbuf_appends);
	tcase_add_test(tc, strbuf_keeps_nul_bytes);
	tcase_add_test(tc, strbuf_grows);
	tcase_add_test(tc, strbuf_clear_keeps_the_room);
	tc = add_case(s, "alloc");
	tcase_add_test(tc, array_grow_keeps_what_it_held);
	tcase_add_test(tc, alloc_copies_strings);
	tc = add_case(s, "embedded");
	tcase_add_test(tc, embedded_texts_are_whole);
	return s;
}

int
main(void)
{
	return unit_run(base_suite());
}
