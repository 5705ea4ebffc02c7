/*
 * Unit tests of core/source_trail: files that cannot be read. preadv() goes
 * through a seam that the linker makes (--wrap).
 */
#include "config.h"

#include "tests/source_script.h"

#include <sys/uio.h>

ssize_t __real_preadv(int fd, const struct iovec *v, int n, off_t offset);
ssize_t __wrap_preadv(int fd, const struct iovec *v, int n, off_t offset);

static ino_t broken; /* the file that cannot be read, 0: none */
static unsigned interrupted;

ssize_t
__wrap_preadv(int fd, const struct iovec *v, int n, off_t offset)
{
	struct stat st;

	if (interrupted) {
		interrupted--;
		errno = EINTR;
		return -1;
	}
	if (broken && fstat(fd, &st) == 0 && st.st_ino == broken) {
		errno = EIO;
		return -1;
	}
	return __real_preadv(fd, v, n, offset);
}

static void
break_file(const char *name)
{
	struct stat st;

	ck_assert_int_eq(stat(name, &st), 0);
	broken = st.st_ino;
}

static void
assert_fails(const char *want)
{
	strbuf_clear(&got);
	strbuf_str(&got, "");
	ck_assert_int_eq(pull(), SOURCE_CLOSED);
	ck_assert_str_eq(got.p, want);
	ck_assert_int_eq(s->state, SOURCE_FAILED);
	ck_assert_int_eq(s->error, EIO);
}

START_TEST(a_disk_that_fails_and_comes_back)
{
	open_with("one\n");
	append("app.log", "two\n");
	break_file("app.log");
	assert_fails("");
	broken = 0;
	append("app.log", "three\n");
	ck_assert_int_eq(source_open(s), 1);
	ck_assert_int_eq(s->state, SOURCE_OPEN);
	assert_pulls("two\nthree\n");
	ck_assert_uint_eq(s->lost, 0);
}
END_TEST

START_TEST(rotated_while_the_disk_fails)
{
	open_with("one\n");
	append("app.log", "two\n");
	break_file("app.log");
	assert_fails("");
	rotate("app.log.1", "three\n");
	broken = 0;
	ck_assert_int_eq(source_open(s), 1);
	assert_pulls("two\n|R|three\n");
}
END_TEST

START_TEST(a_file_that_was_left_cannot_be_read)
{
	open_with("one\n");
	rotate("app.log.1", "two\n");
	assert_pulls("|R|two\n");
	append("app.log.1", "late\n");
	append("app.log", "three\n");
	break_file("app.log.1");
	assert_pulls("three\n");
	ck_assert_int_eq(s->state, SOURCE_OPEN);
	ck_assert_uint_eq(s->lost, 5);
}
END_TEST

START_TEST(a_read_that_is_interrupted)
{
	open_with("one\n");
	append("app.log", "two\n");
	interrupted = 3;
	assert_pulls("two\n");
}
END_TEST

static Suite *
errors_suite(void)
{
	Suite *suite = suite_create("source_errors");
	TCase *tc = script_case(suite, "read");

	tcase_add_test(tc, a_disk_that_fails_and_comes_back);
	tcase_add_test(tc, rotated_while_the_disk_fails);
	tcase_add_test(tc, a_file_that_was_left_cannot_be_read);
	tcase_add_test(tc, a_read_that_is_interrupted);
	return suite;
}

int
main(void)
{
	return unit_run(errors_suite());
}
