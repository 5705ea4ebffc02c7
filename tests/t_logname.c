/* Unit tests of core/logname. */
#include "config.h"

#include "core/alloc.h"
#include "core/logname.h"
#include "tests/unit.h"

#include <stdlib.h>
#include <unistd.h>

static char top[] = "/tmp/t_logname.XXXXXX";

static void
run(const char *command)
{
	ck_assert_int_eq(system(command), 0);
}

static void
setup(void)
{
	ck_assert_ptr_nonnull(mkdtemp(top));
	ck_assert_int_eq(chdir(top), 0);
}

static void
teardown(void)
{
	char *command = xasprintf("rm -rf '%s'", top);

	run(command);
	free(command);
}

static const struct {
	const char *name;
	bool log, rotated;
} name_rows[] = {
	{ "app.log", true, false },
	{ "app.LOG", true, false },
	{ "events.jsonl", true, false },
	{ "access_log", true, false },
	{ "syslog", true, false },
	{ "messages", true, false },
	{ "stderr.err", true, false },
	{ "gunicorn-8000.log", true, false },
	{ "mylog2", true, false },
	{ "login.py", false, false },
	{ "CHANGELOG.md", false, false },
	{ ".app.log", false, false },
	{ "README", false, false },
	{ "app.log.1", true, true },
	{ "app.log.12.gz", true, true },
	{ "app.log-20250909", true, true },
	{ "app.log-20250909.zst", true, true },
	{ "app.log.2025-09-09", true, true },
	{ "app.log.2025-09-09_10-30", true, true },
	{ "app.log.old", true, true },
	{ "app.log~", true, true },
};

START_TEST(names_of_logs)
{
	ck_assert_int_eq(logname_is_log(name_rows[_i].name), name_rows[_i].log);
	ck_assert_int_eq(logname_is_rotated(name_rows[_i].name), name_rows[_i].rotated);
}
END_TEST

START_TEST(numbers_before_the_extension)
{
	run("touch app.log app.1.log day.2025-09-09.log app");
	ck_assert(logname_has_current(".", "app.1.log"));
	ck_assert(logname_has_current(top, "app-2025-09-09.log"));
	ck_assert(!logname_has_current(".", "day.2025-09-09.log"));
	ck_assert(!logname_has_current(".", "app.log"));
	ck_assert(!logname_has_current(".", "app"));
}
END_TEST

START_TEST(text_and_binary)
{
	run("printf 'text\\n' > text; printf 'a\\0b' > binary; : > empty; printf '%64d\\0%64d\\n' 1 2 > stray");
	ck_assert(logname_is_text("text"));
	ck_assert(!logname_is_text("binary"));
	ck_assert(logname_is_text("stray"));
	ck_assert(logname_is_text("empty"));
	ck_assert(logname_is_text("missing"));
}
END_TEST

static Suite *
logname_suite(void)
{
	Suite *suite = suite_create("logname");
	TCase *tc = tcase_create("logname");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, names_of_logs, 0, ARRAY_SIZE(name_rows));
	tcase_add_test(tc, numbers_before_the_extension);
	tcase_add_test(tc, text_and_binary);
	suite_add_tcase(suite, tc);
	return suite;
}

int
main(void)
{
	return unit_run(logname_suite());
}
