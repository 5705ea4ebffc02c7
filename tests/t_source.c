/*
 * Unit tests of core/source and core/source_stream: what happens to a log on
 * disk, scripted, and what is read of it. Rotations and cuts stand in the
 * text that is compared: "|R|" and "|T|".
 */
#include "config.h"

#include "core/alloc.h"
#include "core/source.h"
#include "core/strbuf.h"
#include "tests/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define LONG_LINE "0123456789 abcdefghijklmnopqrstuvwxyz 0123456789 abcdefghijklmnopqrstuvwxyz\n"

static char dir[] = "/tmp/t_source.XXXXXX";
static struct source *s;
static struct strbuf got;

static void
setup(void)
{
	ck_assert_ptr_nonnull(mkdtemp(dir));
	ck_assert_int_eq(chdir(dir), 0);
	char *path = xasprintf("%s/app.log", dir);

	s = source_new(7, path, "app.log");
	free(path);
	got = (struct strbuf)STRBUF_INIT;
	strbuf_reserve(&got, 0);
}

static void
remove_dir(const char *name)
{
	char *command = xasprintf("rm -rf '%s'", name);

	ck_assert_int_eq(system(command), 0);
	free(command);
}

static void
teardown(void)
{
	source_free(s);
	strbuf_release(&got);
	remove_dir(dir);
}

static void
put(const char *name, const char *text, int flags)
{
	int fd = open(name, O_WRONLY | O_CREAT | flags, 0644);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
}

static void
append(const char *name, const char *text)
{
	put(name, text, O_APPEND);
}

/* Read until nothing more comes; the last event. A small buffer makes many reads of a few bytes. */
static enum source_event
pull(void)
{
	static const char *const marks[] = { [SOURCE_ROTATED] = "|R|", [SOURCE_TRUNCATED] = "|T|" };
	char buf[13];
	size_t n;

	for (;;) {
		enum source_event ev = source_next(s, buf, sizeof buf, &n, 42);

		if (ev == SOURCE_DATA)
			strbuf_add(&got, span_of(buf, n));
		else if (ev == SOURCE_IDLE || ev == SOURCE_CLOSED)
			return ev;
		else
			strbuf_str(&got, marks[ev]);
	}
}

static void
assert_pulls(const char *want)
{
	strbuf_clear(&got);
	strbuf_str(&got, "");
	ck_assert_int_eq(pull(), SOURCE_IDLE);
	ck_assert_str_eq(got.p, want);
	ck_assert(s->idle);
}

/* app.log with a text that was read. */
static void
open_with(const char *text)
{
	append("app.log", text);
	ck_assert_int_eq(source_open(s), 0);
	ck_assert_int_eq(s->state, SOURCE_OPEN);
	assert_pulls(text);
}

START_TEST(reads_what_is_there_and_what_is_appended)
{
	open_with("one\ntwo\n");
	assert_pulls("");
	append("app.log", "three\nfo");
	append("app.log", "ur\n");
	assert_pulls("three\nfour\n");
	ck_assert_uint_eq(s->offset, 19);
	ck_assert_uint_eq(s->bytes, 19);
	ck_assert_uint_eq(source_size(s), 19);
	ck_assert_int_eq(s->last_read, 42);
	ck_assert_uint_eq(source_pos(s, s->offset), 19);
}
END_TEST

START_TEST(starts_where_it_is_told)
{
	append("app.log", LONG_LINE LONG_LINE "end\n");
	ck_assert_int_eq(source_open(s), 0);
	s->offset = 2 * strlen(LONG_LINE);
	assert_pulls("end\n");
	append("app.log", "more\n");
	assert_pulls("more\n");
}
END_TEST

START_TEST(waits_for_a_file_that_is_not_there)
{
	ck_assert_int_eq(source_open(s), -ENOENT);
	ck_assert_int_eq(s->state, SOURCE_WAITING);
	ck_assert(s->missing);
	ck_assert_int_eq(pull(), SOURCE_CLOSED);
	open_with("here\n");
	ck_assert(!s->missing);
	ck_assert_uint_eq(s->generation, 0);
}
END_TEST

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

/* All names one up, as RotatingFileHandler does. */
static void
shift(int highest)
{
	char from[32], to[32];

	for (int k = highest; k >= 0; k--) {
		snprintf(from, sizeof from, k ? "app.log.%d" : "app.log", k);
		snprintf(to, sizeof to, "app.log.%d", k + 1);
		rename(from, to);
	}
}

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

START_TEST(what_cannot_be_opened_says_why_and_is_tried_again)
{
	ck_assert_int_eq(mkdir("app.log", 0755), 0);
	ck_assert_int_eq(source_open(s), -EISDIR);
	ck_assert_int_eq(s->state, SOURCE_FAILED);
	ck_assert_int_eq(s->error, EISDIR);
	rmdir("app.log");
	open_with("a file now\n");
	ck_assert_int_eq(s->error, 0);
}
END_TEST

START_TEST(the_next_file_cannot_be_opened)
{
	open_with("one\n");
	rename("app.log", "app.log.1");
	append("app.log.1", "two\n");
	mkdir("app.log", 0755);
	strbuf_clear(&got);
	ck_assert_int_eq(pull(), SOURCE_CLOSED);
	ck_assert_str_eq(got.p, "two\n");
	ck_assert_int_eq(s->state, SOURCE_FAILED);
	ck_assert_ptr_null(s->file);
	rmdir("app.log");
	append("app.log", "three\n");
	ck_assert_int_eq(source_open(s), 0);
	assert_pulls("three\n");
	ck_assert_uint_eq(s->generation, 1);
}
END_TEST

START_TEST(permission_denied)
{
	append("app.log", "secret\n");
	chmod("app.log", 0);
	/* Root would read it all the same. */
	bool root = geteuid() == 0;

	if (root && (chmod(dir, 0755) || seteuid(65534)))
		return;
	ck_assert_int_eq(source_open(s), -EACCES);
	ck_assert_int_eq(s->state, SOURCE_FAILED);
	ck_assert(!root || seteuid(0) == 0);
	chmod("app.log", 0644);
	ck_assert_int_eq(source_open(s), 0);
	assert_pulls("secret\n");
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

START_TEST(a_file_outlives_its_source)
{
	open_with("one\n");
	struct source_file *f = source_file_ref(s->file);
	char buf[4];

	rename("app.log", "app.log.1");
	append("app.log", "two\n");
	assert_pulls("|R|two\n");
	ck_assert_ptr_ne(f, s->file);
	ck_assert_int_eq(pread(f->fd, buf, 4, 0), 4);
	ck_assert_mem_eq(buf, "one\n", 4);
	int fd = f->fd;

	source_file_unref(f);
	ck_assert_int_eq(fcntl(fd, F_GETFD), -1);
	source_file_unref(NULL);
}
END_TEST

START_TEST(descriptors_are_not_inherited)
{
	open_with("one\n");
	ck_assert_int_eq(fcntl(s->file->fd, F_GETFD), FD_CLOEXEC);
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

/* The next file is at the path: app.log is renamed to `name`, and the text goes to a new one. */
static void
rotate(const char *name, const char *text)
{
	ck_assert_int_eq(rename("app.log", name), 0);
	append("app.log", text);
}

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

START_TEST(fifo)
{
	ck_assert_int_eq(mkfifo("app.log", 0644), 0);
	ck_assert_int_eq(source_open(s), 0);
	ck_assert(s->stream);
	ck_assert_uint_eq(source_size(s), 0);
	assert_pulls("");
	ck_assert_int_eq(s->state, SOURCE_OPEN);
	int fd = open("app.log", O_WRONLY | O_CLOEXEC);

	assert_pulls("");
	ck_assert_int_eq(write(fd, "one\n", 4), 4);
	assert_pulls("one\n");
	close(fd);
	ck_assert_int_eq(pull(), SOURCE_CLOSED);
	ck_assert_int_eq(s->state, SOURCE_ENDED);
	ck_assert(!source_revive(s));
	append("app.log", "two\n");
	ck_assert(source_revive(s));
	strbuf_clear(&got);
	ck_assert_int_eq(pull(), SOURCE_CLOSED);
	ck_assert_str_eq(got.p, "two\n");
	ck_assert_uint_eq(s->offset, 8);
}
END_TEST

static void
read_stdin_from(int fd)
{
	source_free(s);
	dup2(fd, STDIN_FILENO);
	s = source_new(0, "-", "stdin");
	ck_assert(s->stream);
	ck_assert_int_eq(source_open(s), 0);
	ck_assert_int_ne(s->file->fd, STDIN_FILENO);
	ck_assert_int_eq(fcntl(STDIN_FILENO, F_GETFL) & O_NONBLOCK, 0);
}

START_TEST(standard_input_is_a_pipe)
{
	int p[2];

	ck_assert_int_eq(pipe(p), 0);
	read_stdin_from(p[0]);
	assert_pulls("");
	ck_assert_int_eq(write(p[1], "one\n", 4), 4);
	assert_pulls("one\n");
	ck_assert_int_eq(write(p[1], "tw", 2), 2);
	close(p[1]);
	strbuf_clear(&got);
	ck_assert_int_eq(pull(), SOURCE_CLOSED);
	ck_assert_str_eq(got.p, "tw");
	ck_assert_int_eq(s->state, SOURCE_ENDED);
	ck_assert(!source_revive(s));
}
END_TEST

START_TEST(standard_input_is_a_file)
{
	append("app.log", "one\ntwo\n");
	int fd = open("app.log", O_RDONLY);

	read_stdin_from(fd);
	ck_assert_int_eq(pull(), SOURCE_CLOSED);
	ck_assert_str_eq(got.p, "one\ntwo\n");
	ck_assert_int_eq(s->state, SOURCE_ENDED);
	close(fd);
}
END_TEST

static TCase *
add_case(Suite *suite, const char *name)
{
	TCase *tc = tcase_create(name);

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_set_timeout(tc, 30);
	suite_add_tcase(suite, tc);
	return tc;
}

static void
add_rotation_tests(Suite *suite)
{
	TCase *tc = add_case(suite, "rotation");

	tcase_add_test(tc, rename_and_create);
	tcase_add_test(tc, late_writes_to_the_old_file_are_read);
	tcase_add_test(tc, several_rotations_between_two_looks);
	tcase_add_test(tc, looked_at_in_the_middle_of_a_rotation);
	tcase_add_test(tc, delete_and_recreate);
	tcase_add_loop_test(tc, cut_and_rewritten, 0, ARRAY_SIZE(cut_rows));
	tcase_add_test(tc, copytruncate);
	tcase_add_test(tc, bytes_that_were_cut_unread_are_counted);
	tcase_add_test(tc, a_hole_is_not_read);
	tcase_add_test(tc, a_symlink_that_is_swapped);
	tcase_add_test(tc, a_fixed_source_stays_with_its_file);
	tcase_add_loop_test(tc, names_that_count_up_are_read_once, 0, ARRAY_SIZE(counted_rows));
	tcase_add_loop_test(tc, names_that_count_up_between_two_looks, 0, ARRAY_SIZE(counted_rows));
	tcase_add_test(tc, files_older_than_the_log_are_not_read);
	tcase_add_test(tc, more_rotations_than_backups);
	tcase_add_test(tc, deleted_behind_us_is_no_gap);
	tcase_add_test(tc, one_between_that_cannot_be_read_is_a_gap);
	tcase_add_test(tc, a_file_that_comes_back_goes_on);
	tcase_add_test(tc, a_link_to_the_newest_dated_file);
	tcase_add_test(tc, every_line_once);
}

static Suite *
source_suite(void)
{
	Suite *suite = suite_create("source");
	TCase *tc = add_case(suite, "file");

	tcase_add_test(tc, reads_what_is_there_and_what_is_appended);
	tcase_add_test(tc, starts_where_it_is_told);
	tcase_add_test(tc, waits_for_a_file_that_is_not_there);
	tcase_add_test(tc, what_cannot_be_opened_says_why_and_is_tried_again);
	tcase_add_test(tc, the_next_file_cannot_be_opened);
	tcase_add_test(tc, permission_denied);
	tcase_add_test(tc, a_file_outlives_its_source);
	tcase_add_test(tc, descriptors_are_not_inherited);
	add_rotation_tests(suite);
	tc = add_case(suite, "stream");
	tcase_add_test(tc, fifo);
	tcase_add_test(tc, standard_input_is_a_pipe);
	tcase_add_test(tc, standard_input_is_a_file);
	return suite;
}

int
main(void)
{
	return unit_run(source_suite());
}
