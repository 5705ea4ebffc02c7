/*
 * Unit tests of core/source: opening, reading on, and streams.
 */
#include "config.h"

#include "tests/source_script.h"

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

START_TEST(a_file_that_does_not_say_its_size)
{
	source_free(s);
	s = source_new(7, "/proc/version", "version");
	ck_assert_int_eq(source_open(s), 0);
	strbuf_clear(&got);
	ck_assert_int_eq(pull(), SOURCE_IDLE);
	ck_assert_uint_gt(got.n, 10);
	assert_pulls("");
	source_glance(s, script_now);
	assert_pulls("");
	ck_assert_uint_eq(s->truncations, 0);
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

	script_now += 61 * INT64_C(1000000000);
	assert_pulls("");
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

static Suite *
source_suite(void)
{
	Suite *suite = suite_create("source");
	TCase *tc = script_case(suite, "file");

	tcase_add_test(tc, reads_what_is_there_and_what_is_appended);
	tcase_add_test(tc, a_file_that_does_not_say_its_size);
	tcase_add_test(tc, starts_where_it_is_told);
	tcase_add_test(tc, waits_for_a_file_that_is_not_there);
	tcase_add_test(tc, what_cannot_be_opened_says_why_and_is_tried_again);
	tcase_add_test(tc, the_next_file_cannot_be_opened);
	tcase_add_test(tc, permission_denied);
	tcase_add_test(tc, a_file_outlives_its_source);
	tcase_add_test(tc, descriptors_are_not_inherited);
	tc = script_case(suite, "stream");
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
