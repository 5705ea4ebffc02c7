/*
 * Unit tests of core/source_trail: files that are cut and rewritten, and the copies made of them.
 */
#include "config.h"

#include "tests/source_script.h"

/* What is in the file when it was read, what it is overwritten with, what is read then. */
static const struct {
	const char *before, *after, *want;
} cut_rows[] = {
	{ "one\ntwo\n", "", "|T|" },
	{ "one\ntwo\n", "1\n", "|T|1\n" },
	{ "one\ntwo\n", "ONE\nTWO\n", "|T|ONE\nTWO\n" },
	{ "one\ntwo\n", "ONE\nTWO\nTHREE\n", "|T|ONE\nTWO\nTHREE\n" },
	{ "one\ntwo\n", "one\nTWO\nthree\n", "|T|one\nTWO\nthree\n" },
	{ "a" LONG_LINE, "b" LONG_LINE, "|T|b" LONG_LINE },
	{ "a" LONG_LINE, "a" LONG_LINE "b\n", "b\n" },
	{ LONG_LINE "a\n", LONG_LINE "b\n" LONG_LINE, "|T|" LONG_LINE "b\n" LONG_LINE },
};

START_TEST(cut_and_rewritten)
{
	open_with(cut_rows[_i].before);
	/* Times of files are as fine as the kernel's tick; this one is not this file's last. */
	struct timespec old[2] = { { .tv_sec = 1 }, { .tv_sec = 1 } };

	ck_assert_int_eq(utimensat(AT_FDCWD, "app.log", old, 0), 0);
	assert_pulls("");
	put("app.log", cut_rows[_i].after, O_TRUNC);
	assert_pulls(cut_rows[_i].want);
	bool cut = cut_rows[_i].want[0] == '|';

	ck_assert_uint_eq(s->truncations, cut);
	ck_assert_uint_eq(s->generation, cut);
	append("app.log", "more\n");
	assert_pulls("more\n");
}
END_TEST

START_TEST(copytruncate)
{
	open_with("one\n");
	for (int i = 0; i < 3; i++) {
		append("app.log", "two\n");
		assert_pulls("two\n");
		ck_assert_int_eq(system("cp app.log app.log.1 && : > app.log"), 0);
		append("app.log", "three\n");
		assert_pulls("|T|three\n");
	}
	ck_assert_uint_eq(s->lost, 0);
	ck_assert_uint_eq(s->truncations, 3);
}
END_TEST

START_TEST(bytes_that_were_cut_unread_are_counted)
{
	char buf[4];
	size_t n;

	append("app.log", "one\ntwo\n");
	ck_assert_int_eq(source_open(s), 0);
	ck_assert_int_eq(source_next(s, buf, sizeof buf, &n, 1), SOURCE_DATA);
	put("app.log", "", O_TRUNC);
	assert_pulls("|T|");
	ck_assert_uint_eq(s->lost, 4);
}
END_TEST

START_TEST(a_hole_is_not_read)
{
	open_with("one\n");
	put("app.log", "", O_TRUNC);
	int fd = open("app.log", O_WRONLY | O_CLOEXEC);

	ck_assert_int_eq(pwrite(fd, "two\n", 4, 1 << 20), 4);
	close(fd);
	ck_assert_int_eq(pull(), SOURCE_IDLE);
	ck_assert_uint_lt(got.n, 1 << 17);
	ck_assert_str_eq(got.p + got.n - 4, "two\n");
}
END_TEST

START_TEST(what_was_not_read_is_in_the_copy)
{
	open_with("one\n");
	append("app.log", "two\n");
	copy_and_cut("app.log.1");
	append("app.log", "three\n");
	assert_pulls("two\n|T|three\n");
	ck_assert_uint_eq(s->lost, 0);
	ck_assert_uint_eq(s->truncations, 1);
	ck_assert_uint_eq(s->rotations, 0);
	append("app.log", "four\n");
	assert_pulls("four\n");
}
END_TEST

START_TEST(half_a_line_goes_on_in_the_copy)
{
	open_with("one\ntw");
	append("app.log", "o\nthree\n");
	copy_and_cut("app.log-20250909");
	assert_pulls("o\nthree\n");
	append("app.log", "four\n");
	assert_pulls("|T|four\n");
	ck_assert_uint_eq(s->lost, 0);
}
END_TEST

START_TEST(two_copies_between_two_looks)
{
	open_with("one\n");
	append("app.log", "two\n");
	copy_and_cut("app.log.1");
	append("app.log", "three\n");
	rename("app.log.1", "app.log.2");
	copy_and_cut("app.log.1");
	append("app.log", "four\n");
	assert_pulls("two\n|R|three\n|T|four\n");
	ck_assert_uint_eq(s->lost, 0);
	ck_assert_uint_eq(s->truncations, 2);
}
END_TEST

START_TEST(what_the_copy_lacks_is_counted)
{
	open_with("one\n");
	append("app.log", "two\nthree\n");
	source_glance(s, script_now);
	append("app.log.1", "one\ntwo\n");
	put("app.log", "", O_TRUNC);
	append("app.log", "four\n");
	assert_pulls("two\n|T|four\n");
	ck_assert_uint_eq(s->lost, 6);
}
END_TEST

START_TEST(another_file_is_no_copy)
{
	open_with("one\n");
	append("app.log", "two\n");
	source_glance(s, script_now);
	append("app.log.1", "another\ntwo\n");
	append("app.log.2", "one\nTWO");
	append("other.log.1", "one\ntwo\n");
	append("app.log.3", "on");
	put("app.log", "", O_TRUNC);
	append("app.log", "three\n");
	assert_pulls("|T|three\n");
	ck_assert_uint_eq(s->lost, 4);
}
END_TEST

START_TEST(there_is_no_copy)
{
	open_with("one\n");
	append("app.log", "two\n");
	source_glance(s, script_now);
	put("app.log", "", O_TRUNC);
	assert_pulls("|T|");
	ck_assert_uint_eq(s->lost, 4);
	append("app.log", "three\n");
	assert_pulls("three\n");
}
END_TEST

START_TEST(a_copy_is_not_read_again_when_names_move)
{
	open_with("one\n");
	append("app.log", "two\n");
	copy_and_cut("app.log.1");
	append("app.log", "three\n");
	assert_pulls("two\n|T|three\n");
	shift(2);
	append("app.log", "four\n");
	assert_pulls("|R|four\n");
	shift(3);
	append("app.log", "five\n");
	assert_pulls("|R|five\n");
}
END_TEST

START_TEST(a_copy_is_found_before_anything_is_read)
{
	append("app.log", "one\n");
	ck_assert_int_eq(source_open(s), 0);
	append("app.log", "two\n");
	copy_and_cut("app.log.1");
	append("app.log", "three\n");
	assert_pulls("one\ntwo\n|T|three\n");
}
END_TEST

START_TEST(cut_while_nobody_could_take_more)
{
	open_with("one\n");
	append("app.log", "two\n");
	source_glance(s, script_now);
	copy_and_cut("app.log.1");
	append("app.log", "a longer line than before\n");
	source_glance(s, script_now);
	unlink("app.log.1");
	copy_and_cut("app.log.1");
	source_glance(s, script_now);
	unlink("app.log.1");
	append("app.log", "the last\n");
	assert_pulls("two\n|T|a longer line than before\n|T|the last\n");
	ck_assert_uint_eq(s->lost, 0);
}
END_TEST

START_TEST(a_file_that_shrinks_while_it_is_read)
{
	char buf[13];
	size_t n;

	append("app.log", LONG_LINE LONG_LINE);
	ck_assert_int_eq(source_open(s), 0);
	ck_assert_int_eq(source_next(s, buf, sizeof buf, &n, 1), SOURCE_DATA);
	ck_assert_int_eq(truncate("app.log", 20), 0);
	assert_pulls("|T|0123456789 abcdefghi");
	ck_assert_uint_eq(s->lost, 2 * strlen(LONG_LINE) - sizeof buf);
	ck_assert_int_eq(s->state, SOURCE_OPEN);
}
END_TEST

static Suite *
source_cut_suite(void)
{
	Suite *suite = suite_create("source_cut");
	TCase *tc = script_case(suite, "cut");

	tcase_add_loop_test(tc, cut_and_rewritten, 0, ARRAY_SIZE(cut_rows));
	tcase_add_test(tc, copytruncate);
	tcase_add_test(tc, bytes_that_were_cut_unread_are_counted);
	tcase_add_test(tc, a_hole_is_not_read);
	tc = script_case(suite, "copies");
	tcase_add_test(tc, what_was_not_read_is_in_the_copy);
	tcase_add_test(tc, half_a_line_goes_on_in_the_copy);
	tcase_add_test(tc, two_copies_between_two_looks);
	tcase_add_test(tc, what_the_copy_lacks_is_counted);
	tcase_add_test(tc, another_file_is_no_copy);
	tcase_add_test(tc, there_is_no_copy);
	tcase_add_test(tc, a_copy_is_not_read_again_when_names_move);
	tcase_add_test(tc, a_copy_is_found_before_anything_is_read);
	tcase_add_test(tc, cut_while_nobody_could_take_more);
	tcase_add_test(tc, a_file_that_shrinks_while_it_is_read);
	return suite;
}

int
main(void)
{
	return unit_run(source_cut_suite());
}
