/*
 * Unit tests of core/watch: each runs the loop until what it waits for was
 * told, at most for a few seconds.
 */
#include "config.h"

#include "core/alloc.h"
#include "core/strbuf.h"
#include "core/watch.h"
#include "tests/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static char top[] = "/tmp/t_watch.XXXXXX";
static uv_loop_t loop;
static struct watch *w;
static struct strbuf told; /* "logs/name ", or "* " for everything */

static void
on_changed(void *arg, const char *dir, const char *name)
{
	ck_assert_ptr_eq(arg, &told);
	ck_assert_int_eq(!dir, !name);
	if (name)
		strbuf_addf(&told, "%s/%s ", strrchr(dir, '/') + 1, name);
	else
		strbuf_str(&told, "* ");
}

static void
run(const char *command)
{
	ck_assert_int_eq(system(command), 0);
}

static void
setup(void)
{
	struct err err = { 0 };

	ck_assert_ptr_nonnull(mkdtemp(top));
	ck_assert_int_eq(chdir(top), 0);
	run("mkdir logs");
	told = (struct strbuf)STRBUF_INIT;
	uv_loop_init(&loop);
	w = watch_new(&loop, on_changed, &told, &err);
	ck_assert_msg(w != NULL, "%s", err.msg);
}

static void
teardown(void)
{
	watch_free(w);
	uv_run(&loop, UV_RUN_DEFAULT);
	ck_assert_int_eq(uv_loop_close(&loop), 0);
	strbuf_release(&told);
	char *command = xasprintf("rm -rf '%s'", top);

	run(command);
	free(command);
}

static int
watch_name(const char *name)
{
	char *dir = xasprintf("%s/%s", top, name);
	int r = watch_dir(w, dir);

	free(dir);
	return r;
}

static void
on_timer(uv_timer_t *t)
{
	*(bool *)t->data = true;
}

static void
forget(void)
{
	strbuf_clear(&told);
	strbuf_str(&told, "");
}

/* Run the loop until the text was told. */
static void
await(const char *text)
{
	bool late = false;
	uv_timer_t timer;

	uv_timer_init(&loop, &timer);
	timer.data = &late;
	uv_timer_start(&timer, on_timer, 5000, 0);
	while (!late && !(told.p && strstr(told.p, text)))
		uv_run(&loop, UV_RUN_ONCE);
	uv_close((uv_handle_t *)&timer, NULL);
	uv_run(&loop, UV_RUN_NOWAIT);
	ck_assert_msg(!late, "waited for \"%s\", was told \"%s\"", text, told.p ? told.p : "");
	forget();
}

static const struct {
	const char *command, *want;
} event_rows[] = {
	{ "echo x > logs/new.log", "logs/new.log " },
	{ "echo x >> logs/app.log", "logs/app.log " },
	{ "mv logs/app.log logs/app.log.1", "logs/app.log logs/app.log.1 " },
	{ "rm logs/app.log", "logs/app.log " },
	{ "chmod 600 logs/app.log", "logs/app.log " },
	{ "ln -s app.log logs/link", "logs/link " },
	{ "mkdir logs/sub", "logs/sub " },
	{ ": > 'logs/a b\xff'", "logs/a b\xff " },
};

START_TEST(names_are_told)
{
	run("echo x > logs/app.log");
	ck_assert_int_eq(watch_name("logs"), 0);
	run(event_rows[_i].command);
	await(event_rows[_i].want);
}
END_TEST

START_TEST(a_name_is_told_once_a_round)
{
	ck_assert_int_eq(watch_name("logs"), 0);
	run("for i in 1 2 3 4 5; do echo $i >> logs/a; echo $i >> logs/b; done");
	uv_run(&loop, UV_RUN_NOWAIT);
	ck_assert_str_eq(told.p, "logs/a logs/b ");
}
END_TEST

START_TEST(a_folder_under_two_names)
{
	run("ln -s logs link");
	ck_assert_int_eq(watch_name("logs"), 0);
	ck_assert_int_eq(watch_name("link"), 0);
	ck_assert_int_eq(watch_name("link"), 0);
	run("echo x > logs/a");
	await("logs/a link/a ");
}
END_TEST

START_TEST(what_cannot_be_watched)
{
	run("echo x > logs/file");
	ck_assert_int_eq(watch_name("missing"), -ENOENT);
	ck_assert_int_eq(watch_name("logs/file"), -ENOTDIR);
	ck_assert_int_eq(watch_name("logs"), 0);
}
END_TEST

START_TEST(a_folder_that_appears)
{
	ck_assert_int_eq(watch_name("later"), -ENOENT);
	watch_tick(w);
	ck_assert_ptr_null(told.p);
	run("mkdir later");
	watch_tick(w);
	ck_assert_str_eq(told.p, "* ");
	run("echo x > later/a");
	await("later/a ");
}
END_TEST

/* How a folder goes, each followed by a new one of its name. */
static const char *const gone_rows[] = {
	"rm -rf logs",
	"mv logs old",
	"mv logs old; rm -rf old",
};

START_TEST(a_folder_that_goes_and_comes_back)
{
	ck_assert_int_eq(watch_name("logs"), 0);
	run("echo x > logs/held");
	/* A deleted file that is held open keeps the kernel from telling that the folder went. */
	int held = open("logs/held", O_RDONLY | O_CLOEXEC);

	for (int i = 0; i < 3; i++) {
		run(gone_rows[_i]);
		run("mkdir logs");
		forget();
		watch_tick(w);
		ck_assert_str_eq(told.p, "* ");
		run("echo x > logs/app.log; rm -rf old");
		await("logs/app.log ");
	}
	close(held);
}
END_TEST

START_TEST(the_folder_goes_by_itself)
{
	ck_assert_int_eq(watch_name("logs"), 0);
	run("rm -rf logs");
	await("* ");
	run("mkdir logs");
	watch_tick(w);
	await("* ");
}
END_TEST

START_TEST(quiet_when_nothing_happens)
{
	ck_assert_int_eq(watch_name("logs"), 0);
	for (int i = 0; i < 10; i++) {
		watch_tick(w);
		uv_run(&loop, UV_RUN_NOWAIT);
	}
	ck_assert_ptr_null(told.p);
}
END_TEST

static int
queue_limit(void)
{
	FILE *f = fopen("/proc/sys/fs/inotify/max_queued_events", "re");
	int n = 0;

	if (f && fscanf(f, "%d", &n) != 1)
		n = 0;
	if (f)
		fclose(f);
	return n;
}

START_TEST(an_overflow_asks_for_everything)
{
	int limit = queue_limit();

	if (limit <= 0 || limit > 100000)
		return;
	ck_assert_int_eq(watch_name("logs"), 0);
	int a = open("logs/a", O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	int b = open("logs/b", O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	for (int i = 0; i < limit; i++)
		ck_assert_int_eq(write(i & 1 ? a : b, "x", 1), 1);
	close(a);
	close(b);
	await("* ");
	run("echo x > logs/after");
	await("logs/after ");
}
END_TEST

START_TEST(many_names_ask_for_everything)
{
	ck_assert_int_eq(watch_name("logs"), 0);
	run("cd logs && i=0; while [ $i -lt 400 ]; do : > $i; i=$((i+1)); done");
	await("* ");
}
END_TEST

START_TEST(the_descriptor_is_not_inherited)
{
	ck_assert_int_eq(watch_name("logs"), 0);
	run("! ls -l /proc/self/fd | grep inotify");
}
END_TEST

START_TEST(nothing_is_printed)
{
	int saved = dup(STDERR_FILENO);

	ck_assert_ptr_nonnull(freopen("errors", "w", stderr));
	ck_assert_int_eq(watch_name("logs"), 0);
	run("rm -rf logs");
	await("* ");
	watch_name("logs");
	watch_tick(w);
	run("mkdir logs");
	watch_tick(w);
	fflush(stderr);
	dup2(saved, STDERR_FILENO);
	close(saved);
	run("test ! -s errors");
}
END_TEST

static Suite *
watch_suite(void)
{
	Suite *suite = suite_create("watch");
	TCase *tc = tcase_create("watch");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_set_timeout(tc, 30);
	suite_add_tcase(suite, tc);
	tcase_add_loop_test(tc, names_are_told, 0, ARRAY_SIZE(event_rows));
	tcase_add_test(tc, a_name_is_told_once_a_round);
	tcase_add_test(tc, a_folder_under_two_names);
	tcase_add_test(tc, what_cannot_be_watched);
	tcase_add_test(tc, a_folder_that_appears);
	tcase_add_loop_test(tc, a_folder_that_goes_and_comes_back, 0, ARRAY_SIZE(gone_rows));
	tcase_add_test(tc, the_folder_goes_by_itself);
	tcase_add_test(tc, quiet_when_nothing_happens);
	tcase_add_test(tc, an_overflow_asks_for_everything);
	tcase_add_test(tc, many_names_ask_for_everything);
	tcase_add_test(tc, the_descriptor_is_not_inherited);
	tcase_add_test(tc, nothing_is_printed);
	return suite;
}

int
main(void)
{
	return unit_run(watch_suite());
}
