/*
 * Unit tests of core/outlet: a pipe whose reader takes its time, or leaves.
 */
#include "config.h"

#include "core/alloc.h"
#include "core/outlet.h"
#include "tests/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static uv_loop_t loop;
static struct outlet *o;
static int ends[2], drained, closed_with;

static void
on_drained(void *arg)
{
	ck_assert_ptr_eq(arg, &loop);
	drained++;
}

static void
on_closed(void *arg, int error)
{
	ck_assert_ptr_eq(arg, &loop);
	closed_with = error;
}

static const struct outlet_ops ops = { on_drained, on_closed };

static void
open_on(int fd)
{
	uv_loop_init(&loop);
	signal(SIGPIPE, SIG_IGN);
	o = outlet_new(&loop, fd, &ops, &loop);
	drained = closed_with = 0;
}

static void
release(void)
{
	outlet_free(o);
	uv_run(&loop, UV_RUN_DEFAULT);
	ck_assert_int_eq(uv_loop_close(&loop), 0);
}

static void
setup(void)
{
	ck_assert_int_eq(pipe(ends), 0);
	open_on(ends[1]);
}

static void
put_bytes(size_t n)
{
	char *buf = xcalloc(1, n);

	outlet_put(o, span_of(buf, n));
	free(buf);
}

static size_t
drain(size_t most)
{
	char buf[4096];
	size_t all = 0;

	while (all < most) {
		ssize_t n = read(ends[0], buf, most - all < sizeof buf ? most - all : sizeof buf);

		if (n <= 0)
			break;
		all += (size_t)n;
	}
	return all;
}

START_TEST(what_fits_is_written_at_once)
{
	outlet_put(o, span_str("one\n"));
	ck_assert_uint_eq(outlet_waiting(o), 4);
	ck_assert(outlet_flush(o));
	ck_assert_uint_eq(outlet_waiting(o), 0);
	ck_assert_uint_eq(drain(4), 4);
	ck_assert_int_eq(fcntl(ends[1], F_GETFL) & O_NONBLOCK, 0);
	release();
}
END_TEST

START_TEST(the_rest_waits_for_the_reader)
{
	size_t all = 1 << 20;

	put_bytes(all);
	ck_assert(!outlet_flush(o));
	ck_assert_uint_gt(outlet_waiting(o), 0);
	for (int i = 0; i < 5; i++)
		uv_run(&loop, UV_RUN_NOWAIT);
	ck_assert_int_eq(drained, 0);
	for (size_t got = 0; got < all;) {
		got += drain(all - got < 32768 ? all - got : 32768);
		for (int i = 0; i < 5; i++)
			uv_run(&loop, UV_RUN_NOWAIT);
	}
	ck_assert_int_eq(drained, 1);
	ck_assert_uint_eq(outlet_waiting(o), 0);
	release();
}
END_TEST

START_TEST(a_reader_that_leaves_is_noticed_without_writing)
{
	uv_run(&loop, UV_RUN_NOWAIT);
	ck_assert_int_eq(closed_with, 0);
	close(ends[0]);
	for (int i = 0; i < 5; i++)
		uv_run(&loop, UV_RUN_NOWAIT);
	ck_assert_int_eq(closed_with, EPIPE);
	outlet_put(o, span_str("for nobody"));
	ck_assert_uint_eq(outlet_waiting(o), 0);
	release();
}
END_TEST

START_TEST(a_reader_that_leaves_is_noticed_by_writing)
{
	close(ends[0]);
	outlet_put(o, span_str("for nobody"));
	outlet_flush(o);
	ck_assert_int_eq(closed_with, EPIPE);
	release();
}
END_TEST

START_TEST(a_file_takes_everything)
{
	FILE *f = tmpfile();

	release();
	open_on(fileno(f));
	put_bytes(1 << 20);
	ck_assert(outlet_flush(o));
	ck_assert_int_eq(lseek(fileno(f), 0, SEEK_END), 1 << 20);
	release();
	fclose(f);
}
END_TEST

START_TEST(a_full_disk_is_told)
{
	int fd = open("/dev/full", O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		fd = ends[0];
	release();
	open_on(fd);
	put_bytes(10);
	outlet_flush(o);
	ck_assert_int_eq(closed_with, fd == ends[0] ? EBADF : ENOSPC);
	release();
}
END_TEST

static Suite *
outlet_suite(void)
{
	Suite *suite = suite_create("outlet");
	TCase *tc = tcase_create("pipe");

	tcase_add_checked_fixture(tc, setup, NULL);
	tcase_add_test(tc, what_fits_is_written_at_once);
	tcase_add_test(tc, the_rest_waits_for_the_reader);
	tcase_add_test(tc, a_reader_that_leaves_is_noticed_without_writing);
	tcase_add_test(tc, a_reader_that_leaves_is_noticed_by_writing);
	tcase_add_test(tc, a_file_takes_everything);
	tcase_add_test(tc, a_full_disk_is_told);
	suite_add_tcase(suite, tc);
	return suite;
}

int
main(void)
{
	return unit_run(outlet_suite());
}
