/* Unit tests of tui/path_words, over a folder that is made for them. */
#include "config.h"

#include "core/alloc.h"
#include "core/strbuf.h"
#include "tests/unit.h"
#include "tui/path_words.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char home[64];
static struct path_words words;

static void
make(const char *name, bool folder)
{
	char *path = xasprintf("%s/%s", home, name);
	int fd = folder ? mkdir(path, 0700) : open(path, O_CREAT | O_WRONLY, 0600);

	ck_assert_int_ge(fd, 0);
	if (!folder)
		close(fd);
	free(path);
}

static void
setup(void)
{
	strcpy(home, "/tmp/tailboard-test-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(home));
	make("logs", true);
	make("logs/app.log", false);
	make("logs/access.log", false);
	make("logs/nginx", true);
	make(".hidden", false);
	setenv("HOME", home, 1);
	ck_assert_int_eq(chdir(home), 0);
}

static void
teardown(void)
{
	char *rm = xasprintf("rm -rf %s", home);

	path_words_release(&words);
	ck_assert_int_eq(system(rm), 0);
	free(rm);
}

static const struct {
	const char *typed, *found; /* apart by blanks */
} rows[] = {
	{ "", "logs/" },
	{ "lo", "logs/" },
	{ "logs/", "logs/access.log logs/app.log logs/nginx/" },
	{ "logs/ap", "logs/app.log" },
	{ "logs/x", "" },
	{ "~/", "~/logs/" },
	{ "~/logs/n", "~/logs/nginx/" },
	{ ".", ".hidden" },
	{ "nowhere/", "" },
	{ "./logs/a", "./logs/access.log ./logs/app.log" },
};

START_TEST(finds_what_goes_on_like_it)
{
	struct strbuf all = STRBUF_INIT;

	path_words_find(&words, span_str(rows[_i].typed));
	for (size_t i = 0; i < words.n; i++)
		strbuf_addf(&all, "%s%s", i ? " " : "", words.v[i]);
	ck_assert_str_eq(all.p ? all.p : "", rows[_i].found);
	strbuf_release(&all);
}
END_TEST

static const struct {
	const char *typed, *tail;
	bool at_home;
} homes[] = {
	{ "~/x.log", "/x.log", true }, { "~", "", true }, { "~bob/x", "~bob/x", false }, { "/a/~/b", "/a/~/b", false },
};

START_TEST(a_tilde_is_the_home_folder)
{
	char *got = path_words_home(span_str(homes[_i].typed));
	char *want = xasprintf("%s%s", homes[_i].at_home ? home : "", homes[_i].tail);

	ck_assert_str_eq(got, want);
	free(got);
	free(want);
}
END_TEST

static Suite *
suite(void)
{
	Suite *s = suite_create("path_words");
	TCase *t = tcase_create("path_words");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, finds_what_goes_on_like_it, 0, ARRAY_SIZE(rows));
	tcase_add_loop_test(t, a_tilde_is_the_home_folder, 0, ARRAY_SIZE(homes));
	suite_add_tcase(s, t);
	return s;
}

int
main(void)
{
	return unit_run(suite());
}
