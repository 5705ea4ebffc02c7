/*
 * Unit tests of core/source_trail: files that are renamed, deleted and swapped.
 */
#include "config.h"

#include "tests/source_script.h"

START_TEST(rename_and_create)
{
	open_with("one\n");
	append("app.log", "two\n");
	rename("app.log", "app.log.1");
	append("app.log.1", "late\n");
	append("app.log", "three\n");
	assert_pulls("two\nlate\n|R|three\n");
	ck_assert_uint_eq(s->rotations, 1);
	ck_assert_uint_eq(source_pos(s, s->offset), (uint64_t)1 << 48 | 6);
}
END_TEST

START_TEST(late_writes_to_the_old_file_are_read)
{
	open_with("one\n");
	rename("app.log", "app.log.1");
	assert_pulls("");
	ck_assert(s->missing);
	ck_assert_int_eq(s->state, SOURCE_OPEN);
	append("app.log.1", "late\n");
	assert_pulls("late\n");
	/* logrotate's "create": the writer has not been told yet. */
	append("app.log", "");
	assert_pulls("");
	append("app.log.1", "later\n");
	assert_pulls("later\n");
	append("app.log", "new\n");
	assert_pulls("|R|new\n");
}
END_TEST

START_TEST(several_rotations_between_two_looks)
{
	append("app.log.1", "older\n");
	open_with("a\n");
	for (const char *c = "bcdef"; *c; c++) {
		char line[3] = { *c, '\n', '\0' };

		shift(8);
		append("app.log", line);
	}
	assert_pulls("|R|b\n|R|c\n|R|d\n|R|e\n|R|f\n");
	ck_assert_uint_eq(s->rotations, 5);
}
END_TEST

START_TEST(looked_at_in_the_middle_of_a_rotation)
{
	open_with("a\n");
	shift(3);
	append("app.log", "b\n");
	/* The next one has moved our file, but not the one after it. */
	rename("app.log.1", "app.log.2");
	assert_pulls("|R|b\n");
	rename("app.log", "app.log.1");
	append("app.log", "c\n");
	assert_pulls("|R|c\n");
}
END_TEST

START_TEST(delete_and_recreate)
{
	open_with("one\n");
	append("app.log", "last\n");
	unlink("app.log");
	assert_pulls("last\n");
	ck_assert(s->missing);
	append("app.log", "one\n");
	assert_pulls("|R|one\n");
	ck_assert(!s->missing);
	ck_assert_uint_eq(s->truncations, 0);
}
END_TEST

START_TEST(a_symlink_that_is_swapped)
{
	append("one", "one\n");
	append("two", "two\n");
	ck_assert_int_eq(symlink("one", "app.log"), 0);
	ck_assert_int_eq(source_open(s), 0);
	assert_pulls("one\n");
	append("one", "more\n");
	ck_assert_int_eq(symlink("two", "new"), 0);
	rename("new", "app.log");
	assert_pulls("more\n|R|two\n");
}
END_TEST

START_TEST(a_fixed_source_stays_with_its_file)
{
	s->fixed = true;
	open_with("one\n");
	rename("app.log", "app.log.1");
	append("app.log", "another\n");
	assert_pulls("");
	append("app.log.1", "two\n");
	assert_pulls("two\n");
}
END_TEST

/* Names that rotation gives, oldest first. */
static const struct {
	const char *names[4];
} counted_rows[] = {
	{ { "app.log.1", "app.log.2", "app.log.3", "app.log.4" } },
	{ { "app.log.8", "app.log.9", "app.log.10", "app.log.11" } },
	{ { "app.log-20250909", "app.log-20250910", "app.log-20250911", "app.log-20250912" } },
	{ { "app.log.2025-09-09", "app.log.2025-09-30", "app.log.2025-10-01", "app.log.2026-01-01" } },
	{ { "app-2025-09-09.log", "app-2025-09-30.log", "app-2025-10-01.log", "app-2026-01-01.log" } },
	{ { "app.1.log", "app.2.log", "app.3.log", "app.4.log" } },
	{ { "app.log.1757401200", "app.log.1757401201", "app.log.1757401202", "app.log.1757401203" } },
};

START_TEST(names_that_count_up_are_read_once)
{
	const char *const *names = counted_rows[_i].names;

	open_with("a\n");
	rotate(names[0], "b\n");
	assert_pulls("|R|b\n");
	rotate(names[1], "c\n");
	assert_pulls("|R|c\n");
	rotate(names[2], "d\n");
	rotate(names[3], "e\n");
	assert_pulls("|R|d\n|R|e\n");
	ck_assert_uint_eq(s->rotations, 4);
	ck_assert_uint_eq(s->gaps, 0);
}
END_TEST

START_TEST(names_that_count_up_between_two_looks)
{
	const char *const *names = counted_rows[_i].names;

	open_with("a\n");
	rotate(names[0], "b\n");
	assert_pulls("|R|b\n");
	for (int i = 1; i < 4; i++) {
		char text[] = { (char)('b' + i), '\n', '\0' };

		rotate(names[i], text);
	}
	assert_pulls("|R|c\n|R|d\n|R|e\n");
}
END_TEST

START_TEST(files_older_than_the_log_are_not_read)
{
	struct timespec old[2] = { { .tv_sec = 1757401200 }, { .tv_sec = 1757401200 } };

	open_with("a\n");
	/* Copied here after the log was made: their births say nothing. */
	append("app.log.2", "old\n");
	append("app.log-20250101", "old\n");
	ck_assert_int_eq(utimensat(AT_FDCWD, "app.log.2", old, 0), 0);
	ck_assert_int_eq(utimensat(AT_FDCWD, "app.log-20250101", old, 0), 0);
	append("app.log.bak", "a\n");
	append("app.log.gz", "a\n");
	rotate("app.log.3", "b\n");
	assert_pulls("|R|b\n");
}
END_TEST

START_TEST(more_rotations_than_backups)
{
	open_with("a\n");
	shift(2);
	append("app.log", "b\n");
	assert_pulls("|R|b\n");
	ck_assert_uint_eq(s->gaps, 0);
	for (const char *c = "cdef"; *c; c++) {
		char line[] = { *c, '\n', '\0' };

		shift(1);
		append("app.log", line);
	}
	/* c is gone with its file; that of b, which was read, does not show it any more. */
	assert_pulls("|R|d\n|R|e\n|R|f\n");
	ck_assert_uint_eq(s->gaps, 1);
}
END_TEST

START_TEST(deleted_behind_us_is_no_gap)
{
	char buf[64];
	size_t n;

	open_with("a\n");
	shift(2);
	append("app.log", "b\n");
	shift(2);
	append("app.log", "c\n");
	ck_assert_int_eq(source_next(s, buf, sizeof buf, &n, 1), SOURCE_ROTATED);
	/* b is open, and c is known to come after it. */
	unlink("app.log.1");
	unlink("app.log.2");
	rotate("app.log.1", "d\n");
	assert_pulls("b\n|R|c\n|R|d\n");
	ck_assert_uint_eq(s->gaps, 0);
}
END_TEST

START_TEST(one_between_that_cannot_be_read_is_a_gap)
{
	/* Root reads everything: a folder's mode does not help either. */
	if (geteuid() == 0 && (chmod(dir, 0777) || seteuid(65534)))
		return;
	open_with("a\n");
	shift(2);
	append("app.log", "b\n");
	shift(2);
	append("app.log", "c\n");
	ck_assert_int_eq(chmod("app.log.1", 0), 0);
	assert_pulls("|R|c\n");
	ck_assert_uint_eq(s->gaps, 1);
	ck_assert(getuid() != 0 || seteuid(0) == 0);
}
END_TEST

static void
point_to(const char *name)
{
	unlink("app.log");
	ck_assert_int_eq(symlink(name, "app.log"), 0);
}

START_TEST(a_file_that_comes_back_goes_on)
{
	append("two", "two\n");
	append("one", "one\n");
	point_to("one");
	ck_assert_int_eq(source_open(s), 0);
	assert_pulls("one\n");
	point_to("two");
	assert_pulls("|R|two\n");
	point_to("one");
	assert_pulls("");
	append("one", "more\n");
	assert_pulls("|R|more\n");
}
END_TEST

/* As cronolog does: the dated file is the log, and the path a link to it. */
START_TEST(a_link_to_the_newest_dated_file)
{
	char name[] = "app.log-2025090x";

	for (int i = 0; i < 4; i++) {
		char text[] = { (char)('a' + i), '\n', '\0' };

		name[sizeof name - 2] = (char)('1' + i);
		append(name, text);
		point_to(name);
		if (!i)
			ck_assert_int_eq(source_open(s), 0);
	}
	assert_pulls("a\n|R|b\n|R|c\n|R|d\n");
}
END_TEST

#define SECOND INT64_C(1000000000)

START_TEST(late_lines_come_before_those_of_the_next_file)
{
	open_with("a1\n");
	rename("app.log", "app.log.1");
	append("app.log", "b1\n");
	append("app.log.1", "a2\n");
	assert_pulls("a2\n|R|b1\n");
	append("app.log.1", "a3\n");
	append("app.log", "b2\n");
	assert_pulls("|R|a3\n|R|b2\n");
	shift(1);
	append("app.log", "c1\n");
	append("app.log.2", "a4\n");
	append("app.log.1", "b3\n");
	assert_pulls("|R|a4\n|R|b3\n|R|c1\n");
	ck_assert_uint_eq(s->rotations, 2);
	ck_assert_uint_eq(s->gaps, 0);
}
END_TEST

START_TEST(going_to_a_late_line_parts_none)
{
	open_with("a\n");
	rotate("app.log.1", "b1\nha");
	assert_pulls("|R|b1\n");
	append("app.log.1", "la");
	assert_pulls("");
	append("app.log", "lf\n");
	assert_pulls("half\n");
	append("app.log.1", "te\n");
	assert_pulls("|R|late\n");
	append("app.log", "b3\n");
	assert_pulls("|R|b3\n");
}
END_TEST

START_TEST(half_a_line_at_the_end_is_waited_for)
{
	open_with("a\nha");
	rotate("app.log.1", "b\n");
	assert_pulls("");
	append("app.log.1", "lf\n");
	assert_pulls("lf\n|R|b\n");
}
END_TEST

START_TEST(half_a_line_that_stays_one_is_not_waited_for)
{
	open_with("a\nha");
	rotate("app.log.1", "b\n");
	assert_pulls("");
	script_now += 2 * SECOND;
	assert_pulls("|R|b\n");
	append("app.log.1", "late");
	assert_pulls("");
	script_now += 2 * SECOND;
	assert_pulls("|R|late");
}
END_TEST

START_TEST(a_quiet_file_is_let_go)
{
	open_with("a\n");
	int fd = s->file->fd;

	rotate("app.log.1", "b\n");
	assert_pulls("|R|b\n");
	ck_assert_int_ne(fcntl(fd, F_GETFD), -1);
	script_now += 61 * SECOND;
	assert_pulls("");
	ck_assert_int_eq(fcntl(fd, F_GETFD), -1);
	append("app.log", "c\n");
	assert_pulls("c\n");
}
END_TEST

START_TEST(few_files_are_held)
{
	char name[32];

	open_with("a\n");
	for (int i = 0; i < 90; i++) {
		snprintf(name, sizeof name, "app.log.%02d", i);
		rotate(name, "b\n");
		assert_pulls("|R|b\n");
	}
	ck_assert_uint_lt(s->trail.n, 20);
	ck_assert_uint_eq(s->rotations, 90);
}
END_TEST

START_TEST(what_was_glanced_at_can_be_deleted)
{
	open_with("a\n");
	append("app.log", "b\n");
	rotate("app.log.1", "c\n");
	source_glance(s, script_now);
	rotate("app.log.1", "d\n");
	source_glance(s, script_now);
	unlink("app.log.1");
	unlink("app.log");
	append("app.log", "e\n");
	source_glance(s, script_now);
	ck_assert_uint_eq(s->bytes, 2);
	assert_pulls("b\n|R|c\n|R|d\n|R|e\n");
	ck_assert_uint_eq(s->gaps, 0);
	ck_assert_uint_eq(s->lost, 0);
}
END_TEST

START_TEST(the_whole_folder_vanishes)
{
	open_with("a\n");
	append("app.log", "b\n");
	unlink("app.log");
	ck_assert_int_eq(chdir("/"), 0);
	ck_assert_int_eq(rmdir(dir), 0);
	assert_pulls("b\n");
	ck_assert(s->missing);
	ck_assert_int_eq(s->state, SOURCE_OPEN);
	ck_assert_int_eq(mkdir(dir, 0755), 0);
	ck_assert_int_eq(chdir(dir), 0);
	append("app.log", "c\n");
	assert_pulls("|R|c\n");
}
END_TEST

static unsigned lines_written;

static void
append_line(void)
{
	char text[32];

	snprintf(text, sizeof text, "line %u\n", lines_written++);
	append("app.log", text);
}

/* One event of a log's life; what is deleted or cut was read before, the rest is read some day. */
static void
live(unsigned what)
{
	append_line();
	if (what < 6) {
		shift(50);
	} else if (what < 8) {
		ck_assert_int_eq(pull(), SOURCE_IDLE);
		if (what == 6)
			put("app.log", "", O_TRUNC);
		else
			unlink("app.log");
		append_line();
	}
	if (what > 4 && what < 9)
		ck_assert_int_eq(pull(), SOURCE_IDLE);
}

START_TEST(every_line_once)
{
	unsigned next = 0, seed = 1;
	char *end;

	append("app.log", "");
	ck_assert_int_eq(source_open(s), 0);
	for (int round = 0; round < 2000; round++) {
		seed = seed * 1103515245 + 12345;
		live(seed >> 16 & 15);
	}
	pull();
	for (char *p = got.p; *p; p = end) {
		end = p + 3;
		if (*p == '|')
			continue;
		ck_assert_uint_eq(strtoul(p + 5, &end, 10), next++);
		ck_assert_int_eq(*end++, '\n');
	}
	ck_assert_uint_eq(next, lines_written);
	ck_assert_uint_gt(s->rotations, 200);
	ck_assert_uint_gt(s->truncations, 50);
}
END_TEST

static Suite *
source_rotate_suite(void)
{
	Suite *suite = suite_create("source_rotate");
	TCase *tc = script_case(suite, "rename");

	tcase_add_test(tc, rename_and_create);
	tcase_add_test(tc, late_writes_to_the_old_file_are_read);
	tcase_add_test(tc, several_rotations_between_two_looks);
	tcase_add_test(tc, looked_at_in_the_middle_of_a_rotation);
	tcase_add_test(tc, delete_and_recreate);
	tcase_add_test(tc, a_symlink_that_is_swapped);
	tcase_add_test(tc, a_fixed_source_stays_with_its_file);
	tc = script_case(suite, "names");
	tcase_add_loop_test(tc, names_that_count_up_are_read_once, 0, ARRAY_SIZE(counted_rows));
	tcase_add_loop_test(tc, names_that_count_up_between_two_looks, 0, ARRAY_SIZE(counted_rows));
	tcase_add_test(tc, files_older_than_the_log_are_not_read);
	tcase_add_test(tc, more_rotations_than_backups);
	tcase_add_test(tc, deleted_behind_us_is_no_gap);
	tcase_add_test(tc, one_between_that_cannot_be_read_is_a_gap);
	tcase_add_test(tc, a_file_that_comes_back_goes_on);
	tcase_add_test(tc, a_link_to_the_newest_dated_file);
	tc = script_case(suite, "late");
	tcase_add_test(tc, late_lines_come_before_those_of_the_next_file);
	tcase_add_test(tc, going_to_a_late_line_parts_none);
	tcase_add_test(tc, half_a_line_at_the_end_is_waited_for);
	tcase_add_test(tc, half_a_line_that_stays_one_is_not_waited_for);
	tcase_add_test(tc, a_quiet_file_is_let_go);
	tcase_add_test(tc, few_files_are_held);
	tcase_add_test(tc, what_was_glanced_at_can_be_deleted);
	tcase_add_test(tc, the_whole_folder_vanishes);
	tc = script_case(suite, "life");
	tcase_add_test(tc, every_line_once);
	return suite;
}

int
main(void)
{
	return unit_run(source_rotate_suite());
}
