/* Unit tests of core/level. */
#include "config.h"

#include "core/level.h"

#include "core/alloc.h"
#include "tests/unit.h"

static const struct {
	const char *word;
	enum level level;
} words[] = {
	{ "DEBUG", LEVEL_DEBUG },       { "INFO", LEVEL_INFO },         { "WARNING", LEVEL_WARNING },
	{ "ERROR", LEVEL_ERROR },       { "CRITICAL", LEVEL_CRITICAL }, { "info", LEVEL_INFO },
	{ "Warn", LEVEL_WARNING },      { "err", LEVEL_ERROR },         { "crit", LEVEL_CRITICAL },
	{ "emerg", LEVEL_CRITICAL },    { "alert", LEVEL_CRITICAL },    { "notice", LEVEL_INFO },
	{ "panic", LEVEL_CRITICAL },    { "fatal", LEVEL_CRITICAL },    { "trace", LEVEL_TRACE },
	{ "SEVERE", LEVEL_ERROR },      { "Information", LEVEL_INFO },  { "DEBUG3", LEVEL_DEBUG },
	{ "LOG", LEVEL_INFO },          { "W", LEVEL_WARNING },         { ".", LEVEL_DEBUG },
	{ "-", LEVEL_INFO },            { "*", LEVEL_INFO },            { "#", LEVEL_WARNING },
	{ "", LEVEL_NONE },             { "infos", LEVEL_NONE },        { "inf0", LEVEL_NONE },
	{ "DEBUG9", LEVEL_NONE },       { "hello", LEVEL_NONE },        { "..", LEVEL_NONE },
	{ "NONE", LEVEL_NONE },         { "{info", LEVEL_NONE },        { "\xec\x9e\x90", LEVEL_NONE },
};

START_TEST(words_are_levels)
{
	ck_assert_msg(level_parse(span_str(words[_i].word)) == words[_i].level, "%s: %d",
		      words[_i].word, level_parse(span_str(words[_i].word)));
}
END_TEST

START_TEST(names_are_their_own_levels)
{
	for (int i = LEVEL_TRACE; i < LEVEL_COUNT; i++) {
		ck_assert_int_eq(level_parse(span_str(level_info[i].name)), i);
		ck_assert_int_eq(level_parse(span_str(level_info[i].brief)), i);
		ck_assert_uint_le(strlen(level_info[i].brief), 5);
	}
}
END_TEST

START_TEST(numbers_are_levels)
{
	static const struct {
		long n;
		enum level level;
	} rows[] = {
		{ 0, LEVEL_CRITICAL }, { 2, LEVEL_CRITICAL }, { 3, LEVEL_ERROR },  { 4, LEVEL_WARNING },
		{ 5, LEVEL_INFO },     { 6, LEVEL_INFO },     { 7, LEVEL_DEBUG },  { 8, LEVEL_NONE },
		{ 10, LEVEL_TRACE },   { 20, LEVEL_DEBUG },   { 30, LEVEL_INFO },  { 35, LEVEL_INFO },
		{ 40, LEVEL_WARNING }, { 50, LEVEL_ERROR },   { 60, LEVEL_CRITICAL }, { 70, LEVEL_NONE },
		{ -1, LEVEL_NONE },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		ck_assert_msg(level_from_number(rows[i].n) == rows[i].level, "%ld", rows[i].n);
}
END_TEST

START_TEST(statuses_are_levels)
{
	ck_assert_int_eq(level_from_status(503), LEVEL_ERROR);
	ck_assert_int_eq(level_from_status(500), LEVEL_ERROR);
	ck_assert_int_eq(level_from_status(499), LEVEL_WARNING);
	ck_assert_int_eq(level_from_status(404), LEVEL_WARNING);
	ck_assert_int_eq(level_from_status(302), LEVEL_INFO);
	ck_assert_int_eq(level_from_status(101), LEVEL_INFO);
}
END_TEST

static Suite *
suite(void)
{
	Suite *s = suite_create("level");
	TCase *c = tcase_create("level");

	tcase_add_loop_test(c, words_are_levels, 0, ARRAY_SIZE(words));
	tcase_add_test(c, names_are_their_own_levels);
	tcase_add_test(c, numbers_are_levels);
	tcase_add_test(c, statuses_are_levels);
	suite_add_tcase(s, c);
	return s;
}

int
main(void)
{
	return unit_run(suite());
}
