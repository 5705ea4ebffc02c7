/*
 * Unit tests of core/inputs and core/expand: a small engine takes what the
 * sources give, and each test runs the loop until it is there, at most for a
 * few seconds.
 */
#include "config.h"

#include "core/alloc.h"
#include "core/inputs.h"
#include "core/strbuf.h"
#include "tests/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static char top[] = "/tmp/t_inputs.XXXXXX";
static uv_loop_t loop;
static struct inputs *in;
static struct strbuf got;      /* what was read of all sources, as it came */
static unsigned n_changed;
static size_t appetite = SIZE_MAX; /* reads that the engine makes at a time */

static void
run(const char *command)
{
	ck_assert_int_eq(system(command), 0);
}

/* What an engine does: open it when it is not, and read until it is idle or enough was read. */
static void
look(void *arg, struct source *s)
{
	char buf[4096];
	size_t n;

	ck_assert_ptr_eq(arg, &got);
	n_changed++;
	if (s->state == SOURCE_WAITING || s->state == SOURCE_FAILED)
		source_open(s);
	for (size_t i = 0; i < appetite && s->state == SOURCE_OPEN; i++) {
		enum source_event ev = source_next(s, buf, appetite == SIZE_MAX ? sizeof buf : 1, &n, 0);

		if (ev == SOURCE_IDLE || ev == SOURCE_CLOSED)
			return;
		strbuf_add(&got, span_of(buf, n));
	}
}

static const struct inputs_ops ops = { .added = look, .changed = look };

static void
start(bool follow)
{
	struct err err = { 0 };

	in = inputs_new(&loop, follow, &ops, &got, &err);
	ck_assert_msg(in && !err.code, "%s", err.msg);
}

static void
setup(void)
{
	ck_assert_ptr_nonnull(mkdtemp(top));
	ck_assert_int_eq(chdir(top), 0);
	run("mkdir logs");
	got = (struct strbuf)STRBUF_INIT;
	uv_loop_init(&loop);
	start(true);
}

static void
teardown(void)
{
	inputs_free(in);
	uv_run(&loop, UV_RUN_DEFAULT);
	ck_assert_int_eq(uv_loop_close(&loop), 0);
	strbuf_release(&got);
	char *command = xasprintf("chmod -R u+rwx '%s'; rm -rf '%s'", top, top);

	run(command);
	free(command);
}

static void
add(const char *arg)
{
	struct err err = { 0 };

	ck_assert_msg(inputs_add(in, arg, &err) == 0, "%s", err.msg);
}

static void
assert_names(const char *want)
{
	struct strbuf names = STRBUF_INIT;

	strbuf_str(&names, "");
	for (size_t i = 0; i < inputs_count(in); i++) {
		const struct source *s = inputs_get(in, i);

		ck_assert_uint_eq(s->id, i);
		strbuf_addf(&names, "%s%s", i ? " " : "", s->name);
	}
	ck_assert_str_eq(names.p, want);
	strbuf_release(&names);
}

enum { STEP_MS = 10 };

static void
on_timer(uv_timer_t *t)
{
	++*(unsigned *)t->data;
}

static bool
has(const char *text)
{
	return got.p && strstr(got.p, text);
}

/* Run the loop until the text was read, at most for ms. */
static bool
await_for(const char *text, unsigned ms)
{
	unsigned steps = 0;
	uv_timer_t timer;

	uv_timer_init(&loop, &timer);
	timer.data = &steps;
	uv_timer_start(&timer, on_timer, STEP_MS, STEP_MS);
	while (steps < ms / STEP_MS && !has(text))
		uv_run(&loop, UV_RUN_ONCE);
	uv_close((uv_handle_t *)&timer, NULL);
	uv_run(&loop, UV_RUN_NOWAIT);
	return has(text);
}

static void
await(const char *text)
{
	ck_assert_msg(await_for(text, 8000), "waited for \"%s\", read \"%s\"", text, got.p ? got.p : "");
	strbuf_clear(&got);
}

START_TEST(a_folder_gives_its_logs)
{
	run("cd logs && touch b.log a.json syslog messages app.out c.txt error_log"
	    " b.log.1 b.log-20250909 c.txt.2.gz syslog.2.zst .hidden.log login.py notes logs.tar.gz"
	    " roll.log roll.1.log day.2025-09-09.log && mkdir d.log && printf 'a\\0b' > bin.log");
	add("logs");
	assert_names("a.json app.out b.log c.txt day.2025-09-09.log error_log messages roll.log syslog");
	ck_assert_ptr_null(inputs_waiting(in));
}
END_TEST

/* Copies whose log is not there are all there is of it. */
START_TEST(a_folder_gives_copies_without_their_log)
{
	run("cd logs && touch app.log.1 x.log-20250909 && echo y | gzip > y.log.gz && touch b.log b.log.2");
	add("logs");
	assert_names("app.log.1 b.log x.log-20250909 y.log.gz");
	await("y\n");
	/* Between the two halves of a rotation the log is not there. */
	run("mv logs/b.log logs/b.log.1; cp logs/b.log.1 logs/b.log.3");
	await_for("never", 300);
	assert_names("app.log.1 b.log x.log-20250909 y.log.gz");
}
END_TEST

START_TEST(a_folder_without_logs_waits)
{
	add("logs/");
	ck_assert_str_eq(inputs_waiting(in), "logs/: no log files yet, waiting");
	run("echo no > logs/notes; echo old > logs/app.log.1; echo hello > logs/app.log");
	await("hello\n");
	assert_names("app.log");
	ck_assert_ptr_null(inputs_waiting(in));
	run("echo again >> logs/app.log");
	await("again\n");
}
END_TEST

START_TEST(a_folder_that_is_not_there_yet)
{
	add("a/b/");
	ck_assert_str_eq(inputs_waiting(in), "a/b/: not there yet, waiting");
	run("mkdir -p a/b; echo hello > a/b/app.log");
	await("hello\n");
	assert_names("app.log");
}
END_TEST

START_TEST(a_folder_that_is_replaced)
{
	run("echo one > logs/app.log");
	add("logs");
	await("one\n");
	run("mv logs old; mkdir logs; echo two > logs/app.log; echo three > logs/b.log");
	ck_assert(await_for("two\n", 8000));
	await("three\n");
	run("echo four >> logs/b.log");
	await("four\n");
	assert_names("app.log b.log");
}
END_TEST

START_TEST(a_glob_gives_its_matches)
{
	run("mkdir logs/x logs/y; cd logs; touch x/app.log y/app.log x/b.log a.dat b.dat a.dat.1");
	add("logs/*.dat*");
	assert_names("a.dat b.dat");
	add("logs/*/app.log");
	assert_names("a.dat b.dat x/app.log y/app.log");
	run("echo hello > logs/c.dat; echo no > logs/c.txt");
	await("hello\n");
	run("mkdir logs/z; echo deep > logs/z/app.log");
	await("deep\n");
	assert_names("a.dat b.dat x/app.log y/app.log c.dat z/app.log");
}
END_TEST

/* A glob that means the copies gets them. */
START_TEST(a_glob_of_copies)
{
	run("cd logs; touch c.log c.log.1; echo c | gzip > c.log.2.gz");
	add("logs/c.log.*");
	assert_names("c.log.1 c.log.2.gz");
	await("c\n");
}
END_TEST

START_TEST(a_glob_without_matches_waits)
{
	add("logs/*.log");
	ck_assert_str_eq(inputs_waiting(in), "logs/*.log: no file matches yet, waiting");
	run("echo hello > logs/a.log");
	await("hello\n");
	ck_assert_ptr_null(inputs_waiting(in));
}
END_TEST

START_TEST(a_missing_file_that_appears)
{
	add("new/deep/app.log");
	assert_names("app.log");
	ck_assert_int_eq(inputs_get(in, 0)->state, SOURCE_WAITING);
	run("mkdir -p new/deep; echo hello > new/deep/app.log");
	await("hello\n");
}
END_TEST

START_TEST(a_rotation_is_seen)
{
	run("echo one > logs/app.log");
	add("logs/app.log");
	await("one\n");
	for (int i = 0; i < 3; i++) {
		run("mv logs/app.log logs/app.log.1; echo two > logs/app.log");
		await("two\n");
	}
	ck_assert_uint_eq(inputs_get(in, 0)->rotations, 3);
	ck_assert(!inputs_get(in, 0)->polled);
}
END_TEST

START_TEST(a_symlink_that_is_swapped)
{
	run("mkdir one two; echo one > one/app.log; echo two > two/app.log;"
	    "ln -s ../one/app.log logs/app.log");
	add("logs/app.log");
	await("one\n");
	run("echo more >> one/app.log");
	await("more\n");
	run("ln -s ../two/app.log logs/new; mv logs/new logs/app.log");
	await("two\n");
	run("echo more >> two/app.log");
	await("more\n");
}
END_TEST

/* As Kubernetes does it: the folder on the way is the link. */
START_TEST(a_folder_link_that_is_swapped)
{
	run("mkdir v1 v2; echo one > v1/app.log; echo two > v2/app.log; ln -s v1 data;"
	    "ln -s ../data/app.log logs/app.log");
	add("logs/app.log");
	await("one\n");
	run("ln -s v2 tmp; mv -T tmp data");
	await("two\n");
}
END_TEST

START_TEST(two_names_for_one_file)
{
	run("cd logs; echo one > app.log; ln app.log hard.log; ln -s app.log aaa.log");
	add("logs");
	await("one\n");
	assert_names("app.log");
	add("logs/aaa.log");
	add("./logs//app.log");
	assert_names("app.log");
	run("echo two >> logs/hard.log; echo end >> logs/app.log");
	ck_assert(await_for("end\n", 8000));
	ck_assert_str_eq(got.p, "two\nend\n");
}
END_TEST

START_TEST(names_tell_sources_apart)
{
	run("mkdir -p a/x b/x c; touch a/x/app.log b/x/app.log c/app.log c/b.log");
	add("c/b.log");
	add("a/x/app.log");
	assert_names("b.log app.log");
	add("c/app.log");
	assert_names("b.log x/app.log c/app.log");
	add("b/x/app.log");
	assert_names("b.log a/x/app.log c/app.log b/x/app.log");
}
END_TEST

START_TEST(a_rotated_copy_is_not_followed)
{
	run("cd logs; echo old > app.log.1; echo new > app.log");
	add("logs/app.log");
	add("logs/app.log.1");
	await("new\nold\n");
	run("cd logs; mv app.log.1 app.log.2; mv app.log app.log.1; echo newest > app.log");
	ck_assert(await_for("newest\n", 8000));
	ck_assert_str_eq(got.p, "newest\n");
}
END_TEST

START_TEST(what_cannot_be_read_goes_on_when_it_can)
{
	run("mkdir logs/app.log.d; echo fine > logs/b.log");
	ck_assert_int_eq(mkdir("logs/x", 0755), 0);
	add("logs/b.log");
	await("fine\n");
	add("logs/y");
	run("mkdir logs/y");
	/* A folder where a file was awaited. */
	for (int i = 0; i < 500 && inputs_get(in, 1)->state != SOURCE_FAILED; i++)
		uv_run(&loop, UV_RUN_ONCE);
	ck_assert_int_eq(inputs_get(in, 1)->error, EISDIR);
	run("rmdir logs/y; echo hello > logs/y; echo fine >> logs/b.log");
	ck_assert(await_for("hello\n", 8000));
	await("fine\n");
}
END_TEST

static const struct {
	const char *arg, *msg;
} bad_rows[] = {
	{ "", "a file name is empty" },
	{ "logs/app[1.log", "logs/app[1.log: \"[\" is not closed" },
};

START_TEST(bad_arguments)
{
	struct err err = { 0 };

	ck_assert_int_eq(inputs_add(in, bad_rows[_i].arg, &err), -1);
	ck_assert_str_eq(err.msg, bad_rows[_i].msg);
	ck_assert_uint_eq(inputs_count(in), 0);
}
END_TEST

START_TEST(a_name_with_wildcards_is_a_file_when_it_is_there)
{
	run("echo one > 'logs/app[1.log'; echo two > 'logs/*.log'");
	add("logs/app[1.log");
	add("logs/*.log");
	assert_names("app[1.log *.log");
}
END_TEST

static void
read_stdin_from(int fd)
{
	dup2(fd, STDIN_FILENO);
	close(fd);
	add("-");
	assert_names("stdin");
}

START_TEST(a_pipe_on_standard_input)
{
	int p[2];

	ck_assert_int_eq(pipe2(p, O_CLOEXEC), 0);
	read_stdin_from(p[0]);
	add("-");
	ck_assert_int_eq(write(p[1], "one\n", 4), 4);
	await("one\n");
	ck_assert_int_eq(write(p[1], "two\n", 4), 4);
	await("two\n");
	close(p[1]);
	for (int i = 0; i < 5 && inputs_get(in, 0)->state == SOURCE_OPEN; i++)
		uv_run(&loop, UV_RUN_ONCE);
	ck_assert_int_eq(inputs_get(in, 0)->state, SOURCE_ENDED);
	assert_names("stdin");
}
END_TEST

START_TEST(a_file_on_standard_input)
{
	run("echo one > logs/a");
	read_stdin_from(open("logs/a", O_RDONLY | O_CLOEXEC));
	await("one\n");
	ck_assert_int_eq(inputs_get(in, 0)->state, SOURCE_ENDED);
}
END_TEST

START_TEST(a_fifo_and_its_next_writer)
{
	run("mkfifo logs/pipe");
	add("logs/pipe");
	run("echo one > logs/pipe");
	await("one\n");
	run("echo two > logs/pipe");
	await("two\n");
	run("echo three > logs/pipe");
	await("three\n");
}
END_TEST

START_TEST(a_slow_reader_is_not_told_again)
{
	int p[2];

	ck_assert_int_eq(pipe2(p, O_CLOEXEC), 0);
	appetite = 2;
	ck_assert_int_eq(write(p[1], "one two three\n", 14), 14);
	read_stdin_from(p[0]);
	await_for("never", 1500);
	ck_assert_uint_le(n_changed, 2);
	ck_assert_uint_le(got.n, 4);
	/* The engine goes on by itself, and is told of what comes after that. */
	appetite = SIZE_MAX;
	look(&got, inputs_get(in, 0));
	ck_assert_int_eq(write(p[1], "four\n", 5), 5);
	await("four\n");
	close(p[1]);
}
END_TEST

START_TEST(a_report_takes_what_is_there)
{
	int p[2];

	inputs_free(in);
	start(false);
	run("echo one > logs/a.log; echo two > logs/b.log");
	add("logs");
	ck_assert_str_eq(got.p, "one\ntwo\n");
	n_changed = 0;
	/* Nothing keeps the loop but streams. */
	ck_assert_int_eq(uv_run(&loop, UV_RUN_DEFAULT), 0);
	ck_assert_uint_eq(n_changed, 0);
	ck_assert_int_eq(pipe2(p, O_CLOEXEC), 0);
	dup2(p[0], STDIN_FILENO);
	add("-");
	ck_assert_int_eq(write(p[1], "three\n", 6), 6);
	await("three\n");
	close(p[1]);
	close(p[0]);
	ck_assert_int_eq(uv_run(&loop, UV_RUN_DEFAULT), 0);
	ck_assert_int_eq(inputs_get(in, 2)->state, SOURCE_ENDED);
}
END_TEST

START_TEST(without_inotify_files_are_polled)
{
	struct err err = { 0 };
	struct rlimit all, few;
	int lowest = dup(STDIN_FILENO);

	inputs_free(in);
	uv_run(&loop, UV_RUN_NOWAIT);
	getrlimit(RLIMIT_NOFILE, &all);
	few = (struct rlimit){ .rlim_cur = (rlim_t)lowest, .rlim_max = all.rlim_max };
	setrlimit(RLIMIT_NOFILE, &few);
	in = inputs_new(&loop, true, &ops, &got, &err);
	setrlimit(RLIMIT_NOFILE, &all);
	close(lowest);
	ck_assert_ptr_nonnull(in);
	ck_assert_int_eq(err.code, EMFILE);
	run("echo one > logs/a.log");
	add("logs");
	await("one\n");
	ck_assert(inputs_get(in, 0)->polled);
	ck_assert_str_eq(inputs_get(in, 0)->watch_note,
			 "the limit of inotify instances is reached (fs.inotify.max_user_instances)");
	run("echo two >> logs/a.log; echo three > logs/b.log");
	ck_assert(await_for("two\n", 8000));
	await("three\n");
}
END_TEST

/* The kernel changes what is in /proc without an event, as servers do on file systems of the network. */
START_TEST(a_file_system_without_events)
{
	run("echo one > logs/a.log");
	add("/proc/version");
	add("logs/a.log");
	ck_assert(inputs_get(in, 0)->polled);
	ck_assert_str_eq(inputs_get(in, 0)->watch_note, "its file system does not tell of changes");
	/* The others are watched all the same. */
	ck_assert(!inputs_get(in, 1)->polled);
	ck_assert_ptr_null(inputs_get(in, 1)->watch_note);
	n_changed = 0;
	await_for("never", 1200);
	ck_assert_uint_ge(n_changed, 2);
}
END_TEST

/* A user namespace of our own has limits of its own. */
static bool
limit_watches(unsigned n)
{
	FILE *f = unshare(CLONE_NEWUSER) ? NULL : fopen("/proc/sys/user/max_inotify_watches", "we");
	bool done = f && fprintf(f, "%u\n", n) > 0;

	return f && fclose(f) == 0 && done;
}

START_TEST(the_limit_of_watches_is_reached)
{
	inputs_free(in);
	uv_run(&loop, UV_RUN_NOWAIT);
	if (!limit_watches(2)) {
		start(true);
		return;
	}
	run("mkdir a b; echo one > a/a.log; echo two > b/b.log");
	start(true);
	add("a");
	add("b/b.log");
	ck_assert(!inputs_get(in, 0)->polled);
	ck_assert(inputs_get(in, 1)->polled);
	ck_assert_str_eq(inputs_get(in, 1)->watch_note,
			 "the limit of watches is reached (fs.inotify.max_user_watches)");
	await("one\ntwo\n");
	run("echo three >> a/a.log; echo four >> b/b.log");
	ck_assert(await_for("three\n", 8000));
	await("four\n");
	/* It is watched as soon as it can be. */
	run("rm -rf a");
	for (int i = 0; i < 500 && inputs_get(in, 1)->polled; i++)
		uv_run(&loop, UV_RUN_ONCE);
	ck_assert(!inputs_get(in, 1)->polled);
	ck_assert_ptr_null(inputs_get(in, 1)->watch_note);
}
END_TEST

START_TEST(one_wake_up_a_second)
{
	run("cd logs; for i in 1 2 3 4 5 6 7 8 9; do echo x > $i.log; done");
	add("logs");
	await("x\n");
	n_changed = 0;
	uint64_t from = uv_now(&loop);

	uv_run(&loop, UV_RUN_ONCE);
	ck_assert_uint_eq(n_changed, 9);
	uv_run(&loop, UV_RUN_ONCE);
	ck_assert_uint_eq(n_changed, 18);
	ck_assert_uint_ge(uv_now(&loop) - from, 900);
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
add_argument_tests(Suite *suite)
{
	TCase *tc = add_case(suite, "arguments");

	tcase_add_test(tc, a_folder_gives_its_logs);
	tcase_add_test(tc, a_folder_gives_copies_without_their_log);
	tcase_add_test(tc, a_folder_without_logs_waits);
	tcase_add_test(tc, a_folder_that_is_not_there_yet);
	tcase_add_test(tc, a_folder_that_is_replaced);
	tcase_add_test(tc, a_glob_gives_its_matches);
	tcase_add_test(tc, a_glob_of_copies);
	tcase_add_test(tc, a_glob_without_matches_waits);
	tcase_add_test(tc, two_names_for_one_file);
	tcase_add_test(tc, names_tell_sources_apart);
	tcase_add_loop_test(tc, bad_arguments, 0, ARRAY_SIZE(bad_rows));
	tcase_add_test(tc, a_name_with_wildcards_is_a_file_when_it_is_there);
}

static Suite *
inputs_suite(void)
{
	Suite *suite = suite_create("inputs");

	add_argument_tests(suite);
	TCase *tc = add_case(suite, "files");

	tcase_add_test(tc, a_missing_file_that_appears);
	tcase_add_test(tc, a_rotation_is_seen);
	tcase_add_test(tc, a_symlink_that_is_swapped);
	tcase_add_test(tc, a_folder_link_that_is_swapped);
	tcase_add_test(tc, a_rotated_copy_is_not_followed);
	tcase_add_test(tc, what_cannot_be_read_goes_on_when_it_can);
	tcase_add_test(tc, a_report_takes_what_is_there);
	tcase_add_test(tc, without_inotify_files_are_polled);
	tcase_add_test(tc, a_file_system_without_events);
	tcase_add_test(tc, the_limit_of_watches_is_reached);
	tcase_add_test(tc, one_wake_up_a_second);
	tc = add_case(suite, "streams");
	tcase_add_test(tc, a_pipe_on_standard_input);
	tcase_add_test(tc, a_file_on_standard_input);
	tcase_add_test(tc, a_fifo_and_its_next_writer);
	tcase_add_test(tc, a_slow_reader_is_not_told_again);
	return suite;
}

int
main(void)
{
	return unit_run(inputs_suite());
}
