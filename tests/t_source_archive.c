/*
 * Unit tests of core/source_archive, and of archives as sources: what gzip and
 * zstd make is read whole, whatever pieces it comes in; what is damaged is read
 * as far as it goes.
 */
#include "config.h"

#include "core/alloc.h"
#include "core/source.h"
#include "core/strbuf.h"
#include "tests/unit.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { LINES = 50000, BIG = 1 << 24 };

static char top[] = "/tmp/t_archive.XXXXXX";
static struct source *s;
static struct strbuf got;

static void
run(const char *command)
{
	ck_assert_msg(system(command) == 0, "%s", command);
}

static void
setup(void)
{
	ck_assert_ptr_nonnull(mkdtemp(top));
	ck_assert_int_eq(chdir(top), 0);
	got = (struct strbuf)STRBUF_INIT;
	run("seq 1 50000 > plain");
}

static void
teardown(void)
{
	source_free(s);
	s = NULL;
	strbuf_release(&got);
	char *command = xasprintf("rm -rf '%s'", top);

	run(command);
	free(command);
}

/* Whether this machine and this build have it; a test without it says nothing. */
static bool
can(enum archive_kind kind)
{
	struct archive *a = archive_new(kind);
	bool tool = system(kind == ARCHIVE_ZSTD ? "command -v zstd >/dev/null" : "command -v gzip >/dev/null") == 0;

	archive_free(a);
	return a && tool;
}

static const struct {
	const char *bytes;
	size_t n;
	enum archive_kind kind;
} kind_rows[] = {
	{ "", 0, ARCHIVE_UNSURE },
	{ "\x1f", 1, ARCHIVE_UNSURE },
	{ "\x1f\x8b\x08\x00", 4, ARCHIVE_GZIP },
	{ "\x1f\x8c", 2, ARCHIVE_NONE },
	{ "(", 1, ARCHIVE_UNSURE },
	{ "\x28\xb5\x2f\xfd", 4, ARCHIVE_ZSTD },
	{ "(no archive)", 12, ARCHIVE_NONE },
	{ "2025", 4, ARCHIVE_NONE },
};

START_TEST(kinds)
{
	ck_assert_int_eq(archive_kind(span_of(kind_rows[_i].bytes, kind_rows[_i].n)), kind_rows[_i].kind);
}
END_TEST

/* Read until it is idle or closed; the last event. */
static enum source_event
pull(size_t cap)
{
	char *buf = xmalloc(cap);
	enum source_event ev;
	size_t n;

	while ((ev = source_next(s, buf, cap, &n, 1)) == SOURCE_DATA)
		strbuf_add(&got, span_of(buf, n));
	free(buf);
	return ev;
}

static void
open_source(const char *name)
{
	s = source_new(0, name, name);
	ck_assert_int_eq(source_open(s), 0);
}

/* What was read are the lines from 1 to n, and no others. */
static void
assert_lines(unsigned n)
{
	const char *p = got.p;
	unsigned next = 1;

	for (char *end; p && p < got.p + got.n; p = end + 1) {
		ck_assert_uint_eq(strtoul(p, &end, 10), next++);
		ck_assert_int_eq(*end, '\n');
	}
	ck_assert_uint_eq(next - 1, n);
}

static const struct {
	enum archive_kind kind;
	const char *make;
} make_rows[] = {
	{ ARCHIVE_GZIP, "gzip -c plain > log.1" },
	{ ARCHIVE_GZIP, "(head -n 7 plain | gzip -c; : | gzip -c; tail -n +8 plain | gzip -c) > log.1" },
	{ ARCHIVE_GZIP, "(gzip -c plain; head -c 512 /dev/zero) > log.1" },
	{ ARCHIVE_ZSTD, "zstd -q -c plain > log.1" },
	{ ARCHIVE_ZSTD, "(head -n 7 plain | zstd -q -c; tail -n +8 plain | zstd -q -c) > log.1" },
};

START_TEST(all_of_an_archive_is_read)
{
	if (!can(make_rows[_i].kind))
		return;
	run(make_rows[_i].make);
	for (size_t cap = 7; cap <= 1 << 16; cap *= 96) {
		strbuf_clear(&got);
		open_source("log.1");
		ck_assert(s->stream && s->packed);
		ck_assert_int_eq(pull(cap), SOURCE_CLOSED);
		ck_assert_int_eq(s->state, SOURCE_ENDED);
		ck_assert(!s->broken && !source_revive(s));
		assert_lines(LINES);
		ck_assert_uint_eq(s->offset, got.n);
		source_free(s);
		s = NULL;
	}
}
END_TEST

START_TEST(an_archive_that_ends_early_is_read_as_far_as_it_goes)
{
	run("gzip -c plain > whole; head -c 60000 whole > log.gz");
	open_source("log.gz");
	ck_assert_int_eq(pull(4096), SOURCE_IDLE);
	ck_assert_int_eq(s->state, SOURCE_OPEN);
	ck_assert(s->broken);
	ck_assert_str_eq(s->note, "the archive ends early");
	ck_assert_uint_gt(got.n, 10000);
	ck_assert_int_eq(memcmp(got.p, "1\n2\n", 4), 0);
	/* It was being written. */
	run("tail -c +60001 whole >> log.gz");
	ck_assert_int_eq(pull(4096), SOURCE_CLOSED);
	ck_assert_int_eq(s->state, SOURCE_ENDED);
	ck_assert(!s->broken);
	ck_assert_ptr_null(s->note);
	assert_lines(LINES);
	run("echo 50001 | gzip -c >> log.gz");
	ck_assert(source_revive(s));
	ck_assert_int_eq(pull(4096), SOURCE_CLOSED);
	assert_lines(LINES + 1);
}
END_TEST

START_TEST(a_damaged_archive_says_so_and_stays_so)
{
	run("gzip -c plain > log.gz; printf XXXXXXXX | dd of=log.gz bs=1 seek=60000 conv=notrunc 2>/dev/null");
	open_source("log.gz");
	ck_assert_int_eq(pull(4096), SOURCE_CLOSED);
	ck_assert_int_eq(s->state, SOURCE_FAILED);
	ck_assert(s->broken);
	ck_assert_msg(strncmp(s->note, "the archive cannot be read on: ", 31) == 0, "%s", s->note);
	ck_assert_uint_gt(got.n, 10000);
	ck_assert_int_lt(source_open(s), 0);
	ck_assert_int_eq(s->state, SOURCE_FAILED);
}
END_TEST

START_TEST(what_follows_an_archive_is_not_taken_for_a_log)
{
	run("(gzip -c plain; echo not gzip at all) > log.gz");
	open_source("log.gz");
	ck_assert_int_eq(pull(4096), SOURCE_CLOSED);
	ck_assert_int_eq(s->state, SOURCE_FAILED);
	assert_lines(LINES);
}
END_TEST

/* 16 MiB of zeros are 16 KiB of gzip: what is decoded at a time is bounded by who asks. */
START_TEST(much_from_little_comes_in_pieces)
{
	char buf[512];
	size_t n, all = 0;

	run("head -c 16777216 /dev/zero | gzip -c > log.gz");
	open_source("log.gz");
	while (source_next(s, buf, sizeof buf, &n, 1) == SOURCE_DATA) {
		ck_assert_uint_le(n, sizeof buf);
		all += n;
	}
	ck_assert_uint_eq(all, BIG);
}
END_TEST

/* On a pipe, byte by byte. */
START_TEST(an_archive_on_standard_input)
{
	int p[2], fd;
	char c;

	run("echo hello | gzip -c > log");
	ck_assert_int_eq(pipe2(p, O_CLOEXEC), 0);
	dup2(p[0], STDIN_FILENO);
	close(p[0]);
	open_source("-");
	ck_assert(!s->packed);
	fd = open("log", O_RDONLY | O_CLOEXEC);
	while (read(fd, &c, 1) == 1) {
		ck_assert_int_eq(write(p[1], &c, 1), 1);
		ck_assert_int_eq(pull(4096), SOURCE_IDLE);
	}
	close(fd);
	close(p[1]);
	ck_assert_int_eq(pull(4096), SOURCE_CLOSED);
	ck_assert_str_eq(got.p, "hello\n");
	ck_assert(!s->broken);
}
END_TEST

static const struct {
	const char *bytes;
} text_rows[] = { { "(" }, { "(x\n" }, { "x" }, { "\x1f" } };

/* Bytes that could have begun an archive are not lost. */
START_TEST(text_on_a_pipe_is_text)
{
	int p[2];
	const char *bytes = text_rows[_i].bytes;

	ck_assert_int_eq(pipe2(p, O_CLOEXEC), 0);
	dup2(p[0], STDIN_FILENO);
	close(p[0]);
	open_source("-");
	ck_assert_int_eq(pull(4096), SOURCE_IDLE);
	ck_assert_int_eq(write(p[1], bytes, strlen(bytes)), (ssize_t)strlen(bytes));
	ck_assert_int_eq(pull(4096), SOURCE_IDLE);
	close(p[1]);
	ck_assert_int_eq(pull(4096), SOURCE_CLOSED);
	ck_assert_str_eq(got.p, bytes);
}
END_TEST

static Suite *
archive_suite(void)
{
	Suite *suite = suite_create("source_archive");
	TCase *tc = tcase_create("source_archive");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_set_timeout(tc, 60);
	suite_add_tcase(suite, tc);
	tcase_add_loop_test(tc, kinds, 0, ARRAY_SIZE(kind_rows));
	tcase_add_loop_test(tc, all_of_an_archive_is_read, 0, ARRAY_SIZE(make_rows));
	tcase_add_loop_test(tc, text_on_a_pipe_is_text, 0, ARRAY_SIZE(text_rows));
	if (!can(ARCHIVE_GZIP))
		return suite;
	tcase_add_test(tc, an_archive_that_ends_early_is_read_as_far_as_it_goes);
	tcase_add_test(tc, a_damaged_archive_says_so_and_stays_so);
	tcase_add_test(tc, what_follows_an_archive_is_not_taken_for_a_log);
	tcase_add_test(tc, much_from_little_comes_in_pieces);
	tcase_add_test(tc, an_archive_on_standard_input);
	return suite;
}

int
main(void)
{
	return unit_run(archive_suite());
}
