/*
 * Unit tests of core/source_child through core/inputs: what a command writes is
 * read to its end, how it ended is known, and it ends with us.
 */
#include "config.h"

#include "core/alloc.h"
#include "core/inputs.h"
#include "core/strbuf.h"
#include "tests/unit.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static uv_loop_t loop;
static struct inputs *in;
static struct strbuf got[CHILD_ENDS];
static const char *argv[8];
static size_t appetite = SIZE_MAX; /* bytes that are taken at most */

static void
look(void *arg, struct source *s)
{
	char buf[4096];
	size_t n;

	(void)arg;
	if (s->state == SOURCE_WAITING || s->state == SOURCE_FAILED)
		source_open(s);
	while (s->state == SOURCE_OPEN && got[s->child_end].n < appetite) {
		enum source_event ev = source_next(s, buf, sizeof buf, &n, 0);

		if (ev == SOURCE_IDLE || ev == SOURCE_CLOSED)
			return;
		strbuf_add(&got[s->child_end], span_of(buf, n));
	}
}

static const struct inputs_ops ops = { .added = look, .changed = look };

static void
setup(void)
{
	struct err err = { 0 };

	uv_loop_init(&loop);
	in = inputs_new(&loop, true, &ops, NULL, &err);
}

static void
leave(void)
{
	inputs_free(in);
	in = NULL;
	uv_run(&loop, UV_RUN_DEFAULT);
}

static void
teardown(void)
{
	leave();
	ck_assert_int_eq(uv_loop_close(&loop), 0);
	for (int i = 0; i < CHILD_ENDS; i++)
		strbuf_release(&got[i]);
}

/* Run a shell's command line, or with NULL what argv has. */
static void
start(const char *command)
{
	if (command) {
		argv[0] = "/bin/sh";
		argv[1] = "-c";
		argv[2] = command;
	}
	inputs_add_command(in, (char *const *)argv);
	ck_assert_uint_eq(inputs_count(in), CHILD_ENDS);
}

static const struct source *
end(unsigned which)
{
	return inputs_get(in, which);
}

static bool
is_over(void)
{
	return !inputs_command_runs(in) && end(CHILD_OUT)->state != SOURCE_OPEN && end(CHILD_ERR)->state != SOURCE_OPEN;
}

static void
on_timer(uv_timer_t *t)
{
	++*(unsigned *)t->data;
}

/* Run the loop until it is so, at most for ten seconds. */
static void
await(bool (*so)(void))
{
	unsigned steps = 0;
	uv_timer_t timer;

	uv_timer_init(&loop, &timer);
	timer.data = &steps;
	uv_timer_start(&timer, on_timer, 10, 10);
	while (steps < 1000 && !so())
		uv_run(&loop, UV_RUN_ONCE);
	uv_close((uv_handle_t *)&timer, NULL);
	uv_run(&loop, UV_RUN_NOWAIT);
	ck_assert(so());
}

START_TEST(both_outputs_are_sources)
{
	start("echo out; echo err >&2; echo again");
	ck_assert_str_eq(end(CHILD_OUT)->name, "sh");
	ck_assert_str_eq(end(CHILD_ERR)->name, "sh stderr");
	ck_assert_str_eq(end(CHILD_OUT)->path, "-- /bin/sh -c echo out; echo err >&2; echo again");
	await(is_over);
	ck_assert_str_eq(got[CHILD_OUT].p, "out\nagain\n");
	ck_assert_str_eq(got[CHILD_ERR].p, "err\n");
	ck_assert_str_eq(end(CHILD_OUT)->note, "exited 0");
	ck_assert(!child_failed(end(CHILD_OUT)->child));
}
END_TEST

static const struct {
	const char *command, *note;
} end_rows[] = {
	{ "exit 3", "exited 3" },
	{ "kill -SEGV $$", "killed by SIGSEGV (Segmentation fault)" },
	{ "kill -KILL $$", "killed by SIGKILL (Killed)" },
};

START_TEST(how_it_ended_is_known)
{
	start(end_rows[_i].command);
	await(is_over);
	ck_assert_str_eq(end(CHILD_OUT)->note, end_rows[_i].note);
	ck_assert_str_eq(end(CHILD_ERR)->note, end_rows[_i].note);
	ck_assert(child_failed(end(CHILD_OUT)->child));
}
END_TEST

START_TEST(a_command_that_does_not_exist)
{
	argv[0] = "/nonexistent/command";
	argv[1] = NULL;
	start(NULL);
	ck_assert_int_eq(end(CHILD_OUT)->state, SOURCE_FAILED);
	ck_assert_int_eq(end(CHILD_OUT)->error, ENOENT);
	ck_assert_int_eq(end(CHILD_ERR)->state, SOURCE_ENDED);
	ck_assert(!inputs_command_runs(in));
}
END_TEST

static bool
has_all(void)
{
	return got[CHILD_OUT].n >= appetite;
}

/* 20 MB are written as fast as we read, and no faster. */
START_TEST(nothing_is_dropped_where_we_are_slow)
{
	appetite = 100000;
	start("i=0; while [ $i -lt 20000 ]; do echo $i; i=$((i+1)); done");
	await(has_all);
	ck_assert_uint_lt(got[CHILD_OUT].n, appetite + 4096);
	ck_assert(inputs_command_runs(in) || end(CHILD_OUT)->state == SOURCE_OPEN);
	appetite = SIZE_MAX;
	look(NULL, inputs_get(in, CHILD_OUT));
	await(is_over);
	const char *p = got[CHILD_OUT].p;

	for (unsigned i = 0; i < 20000; i++) {
		char *after;

		ck_assert_uint_eq(strtoul(p, &after, 10), i);
		p = after + 1;
	}
	ck_assert_int_eq(*p, '\0');
}
END_TEST

static bool
has_two(void)
{
	return got[CHILD_OUT].n && strstr(strchr(got[CHILD_OUT].p, '\n') + 1, "\n");
}

static bool
has_one(void)
{
	return got[CHILD_OUT].n;
}

static const struct {
	const char *command;
	bool (*before)(void);
} again_rows[] = {
	{ "echo $$", is_over },                       /* it has ended */
	{ "echo $$; exec sleep 60", has_one },        /* it runs */
	{ "trap '' TERM; echo $$; while :; do sleep 0.1; done", has_one }, /* and will not end */
};

START_TEST(it_is_started_again)
{
	struct err err = { 0 };

	start(again_rows[_i].command);
	await(again_rows[_i].before);
	ck_assert_int_eq(inputs_restart(in, inputs_get(in, CHILD_ERR), &err), 0);
	await(has_two);
	unsigned long one, two;

	ck_assert_int_eq(sscanf(got[CHILD_OUT].p, "%lu %lu", &one, &two), 2);
	ck_assert_uint_ne(one, two);
	ck_assert_uint_eq(end(CHILD_OUT)->generation, 1);
}
END_TEST

START_TEST(only_commands_are_started_again)
{
	struct err err = { 0 };

	ck_assert_int_eq(inputs_add(in, "/nonexistent.log", &err), 0);
	ck_assert_int_eq(inputs_restart(in, inputs_get(in, 0), &err), -1);
	ck_assert_str_eq(err.msg, "nonexistent.log is no command: it cannot be started again");
}
END_TEST

static bool
is_gone(long pid)
{
	for (int i = 0; i < 100; i++) {
		if (kill((pid_t)pid, 0) && errno == ESRCH)
			return true;
		nanosleep(&(struct timespec){ .tv_nsec = 10000000 }, NULL);
	}
	return false;
}

static const char *const leave_rows[] = {
	"echo $$; exec sleep 60",
	"echo $$; sleep 60; true",
	"trap '' TERM; echo $$; while :; do sleep 0.1; done",
};

START_TEST(it_ends_with_us)
{
	start(leave_rows[_i]);
	await(has_one);
	long pid = strtol(got[CHILD_OUT].p, NULL, 10);

	ck_assert_int_eq(kill((pid_t)pid, 0), 0);
	leave();
	ck_assert(is_gone(pid));
}
END_TEST

/* Its own session: no signal of the terminal's is meant for it, and no key. */
START_TEST(it_has_a_session_of_its_own)
{
	start("cut -d ' ' -f 6 /proc/$$/stat; cat; readlink /proc/self/fd/0");
	await(is_over);
	ck_assert_int_ne(strtol(got[CHILD_OUT].p, NULL, 10), getsid(0));
	ck_assert_ptr_nonnull(strstr(got[CHILD_OUT].p, "/dev/null"));
}
END_TEST

static Suite *
child_suite(void)
{
	Suite *suite = suite_create("source_child");
	TCase *tc = tcase_create("source_child");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_set_timeout(tc, 30);
	suite_add_tcase(suite, tc);
	tcase_add_test(tc, both_outputs_are_sources);
	tcase_add_loop_test(tc, how_it_ended_is_known, 0, ARRAY_SIZE(end_rows));
	tcase_add_test(tc, a_command_that_does_not_exist);
	tcase_add_test(tc, nothing_is_dropped_where_we_are_slow);
	tcase_add_loop_test(tc, it_is_started_again, 0, ARRAY_SIZE(again_rows));
	tcase_add_test(tc, only_commands_are_started_again);
	tcase_add_loop_test(tc, it_ends_with_us, 0, ARRAY_SIZE(leave_rows));
	tcase_add_test(tc, it_has_a_session_of_its_own);
	return suite;
}

int
main(void)
{
	return unit_run(child_suite());
}
