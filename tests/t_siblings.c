/* Unit tests of core/siblings: which copies of a log there are, the newest first, each once. */
#include "config.h"

#include "core/alloc.h"
#include "core/clock.h"
#include "core/siblings.h"
#include "core/source.h"
#include "core/strbuf.h"
#include "tests/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static char top[] = "/tmp/t_siblings.XXXXXX";
static struct siblings l;
static int log_fd;

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
}

static void
begin(const char *path)
{
	log_fd = open(path, O_RDONLY | O_CLOEXEC);
	siblings_init(&l, path, log_fd, clock_now());
}

static void
teardown(void)
{
	close(log_fd);
	siblings_release(&l);
	char *command = xasprintf("rm -rf '%s'", top);

	run(command);
	free(command);
}

/* The name of the next one, "" for none; in a buffer of its own. */
static const char *
next(void)
{
	static char name[64];
	struct sibling s;

	if (!siblings_next(&l, &s))
		return "";
	snprintf(name, sizeof name, "%s%s", strrchr(s.path, '/') + 1,
		 s.fd < 0 ? " (denied)" : s.kind == ARCHIVE_GZIP ? " (gzip)" : "");
	sibling_release(&s);
	return name;
}

static void
assert_all(const char *want)
{
	struct strbuf all = STRBUF_INIT;

	strbuf_str(&all, "");
	for (const char *name; *(name = next());)
		strbuf_addf(&all, "%s%s", all.n ? ", " : "", name);
	ck_assert_str_eq(all.p, want);
	strbuf_release(&all);
}

static const struct {
	const char *make, *want;
} order_rows[] = {
	{ "", "" },
	{ "echo 1 > app.log.1; echo 2 > app.log.2; echo 10 > app.log.10", "app.log.1, app.log.2, app.log.10" },
	{ "echo 1 > app.log.1; echo 2 | gzip > app.log.2.gz; echo 3 | gzip > app.log.3.gz",
	  "app.log.1, app.log.2.gz (gzip), app.log.3.gz (gzip)" },
	{ "echo 1 > app.log-20250908; echo 2 | gzip > app.log-20250907.gz; echo 3 > app.log-20250909",
	  "app.log-20250909, app.log-20250908, app.log-20250907.gz (gzip)" },
	{ "echo 1 > app-2025-09-08.log; echo 2 > app-2025-09-09.log", "app-2025-09-09.log, app-2025-09-08.log" },
	/* Numbers that count up: the last writes say so. */
	{ "echo 1 > app.log.1; echo 2 > app.log.2; touch -d 2025-09-01 app.log.1; touch -d 2025-09-02 app.log.2",
	  "app.log.2, app.log.1" },
	{ "echo 1 > app.log.old; echo other > other.log.1; echo x > app.logs; echo x > app.log.x; mkdir app.log.3",
	  "app.log.old" },
	{ ": > app.log.1; printf 'a\\0b\\0c' > app.log.2; echo 3 > app.log.3", "app.log.3" },
	/* The log itself under another name, a copy of it, a copy packed before the first one went. */
	{ "ln app.log app.log.1; cp app.log app.log.2; echo 3 > app.log.3; gzip -c app.log.3 > app.log.3.gz",
	  "app.log.3" },
};

START_TEST(siblings_newest_first)
{
	run("echo now > app.log");
	run(order_rows[_i].make[0] ? order_rows[_i].make : ":");
	begin("app.log");
	assert_all(order_rows[_i].want);
	ck_assert_str_eq(next(), "");
}
END_TEST

START_TEST(a_rotation_meanwhile)
{
	run("echo now > app.log; echo 1 > app.log.1; echo 2 > app.log.2; echo 3 > app.log.3");
	begin("app.log");
	ck_assert_str_eq(next(), "app.log.1");
	run("mv app.log.3 app.log.4; mv app.log.2 app.log.3; mv app.log.1 app.log.2; mv app.log app.log.1; echo x > app.log");
	ck_assert_str_eq(next(), "app.log.3");
	/* Packed since. */
	run("gzip app.log.3 app.log.2; cp app.log.4 app.log.5");
	assert_all("app.log.4");
}
END_TEST

START_TEST(a_file_that_came_later_is_none)
{
	run("echo now > app.log; echo 1 > app.log.1");
	begin("app.log");
	run("sleep 0.05; echo 0 > app.log.0");
	assert_all("app.log.1");
}
END_TEST

START_TEST(what_was_read_is_known_by_more_than_its_inode)
{
	run("echo now > app.log; echo 1 > app.log.1; echo 2 > app.log.2");
	begin("app.log");
	ck_assert(siblings_has_file(&l, "app.log"));
	ck_assert(!siblings_has_file(&l, "app.log.1"));
	assert_all("app.log.1, app.log.2");
	run("mv app.log.1 other.log; echo more >> other.log");
	ck_assert(siblings_has_file(&l, "other.log"));
	/* As a file that comes to have a deleted one's inode. */
	run("echo x > app.log.2");
	ck_assert(!siblings_has_file(&l, "app.log.2"));
	run(": > app.log.2");
	ck_assert(!siblings_has_file(&l, "app.log.2"));
	ck_assert(!siblings_has_file(&l, "missing"));
}
END_TEST

START_TEST(beside_what_a_link_leads_to)
{
	run("mkdir pods; echo now > pods/0.log; echo 1 > pods/0.log.20250909-101010; ln -s pods/0.log app.log");
	begin("app.log");
	assert_all("0.log.20250909-101010");
}
END_TEST

/* What a source gives until it has nothing more, in a buffer of its own. */
static const char *
pull(struct source *s)
{
	static char all[256];
	size_t used = 0, n;
	enum source_event ev;

	while ((ev = source_next(s, all + used, sizeof all - 1 - used, &n, clock_now())) != SOURCE_IDLE &&
	       ev != SOURCE_CLOSED)
		used += n;
	all[used] = '\0';
	return all;
}

/* Born after the log and written to after it, as copies that somebody restored are. */
START_TEST(what_stood_beside_a_log_does_not_follow_it)
{
	run("echo now > app.log; sleep 0.05; echo 1 > app.log.1; echo 2 > app.log.2");
	begin("app.log");
	char *path = xasprintf("%s/app.log", top);
	struct source *s = source_new(0, path, "app.log");

	ck_assert_int_eq(source_open(s), 0);
	succession_begin(&s->past, s->path, s->file->fd);
	ck_assert_str_eq(pull(s), "now\n");
	run("mv app.log.2 app.log.3; mv app.log.1 app.log.2; mv app.log app.log.1; echo new > app.log");
	ck_assert_str_eq(pull(s), "new\n");
	run("mv app.log.1 app.log.4; mv app.log app.log.1; echo newer > app.log");
	ck_assert_str_eq(pull(s), "newer\n");
	source_free(s);
	free(path);
}
END_TEST

static Suite *
siblings_suite(void)
{
	Suite *suite = suite_create("siblings");
	TCase *tc = tcase_create("siblings");

	tcase_add_checked_fixture(tc, setup, teardown);
	suite_add_tcase(suite, tc);
	tcase_add_loop_test(tc, siblings_newest_first, 0, ARRAY_SIZE(order_rows));
	tcase_add_test(tc, a_rotation_meanwhile);
	tcase_add_test(tc, a_file_that_came_later_is_none);
	tcase_add_test(tc, what_was_read_is_known_by_more_than_its_inode);
	tcase_add_test(tc, what_stood_beside_a_log_does_not_follow_it);
	tcase_add_test(tc, beside_what_a_link_leads_to);
	return suite;
}

int
main(void)
{
	return unit_run(siblings_suite());
}
