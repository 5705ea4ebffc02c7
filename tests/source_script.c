/*
 * source_script.c: a folder, a source that follows app.log in it, and verbs for
 * what programs do to logs.
 */
#include "config.h"

#include "tests/source_script.h"

char dir[] = "/tmp/t_source.XXXXXX";
struct source *s;
struct strbuf got;
int64_t script_now;

static void
setup(void)
{
	ck_assert_ptr_nonnull(mkdtemp(dir));
	ck_assert_int_eq(chdir(dir), 0);
	char *path = xasprintf("%s/app.log", dir);

	s = source_new(7, path, "app.log");
	free(path);
	script_now = 42;
	got = (struct strbuf)STRBUF_INIT;
	strbuf_reserve(&got, 0);
}

static void
remove_dir(const char *name)
{
	char *command = xasprintf("rm -rf '%s'", name);

	ck_assert_int_eq(system(command), 0);
	free(command);
}

static void
teardown(void)
{
	source_free(s);
	strbuf_release(&got);
	remove_dir(dir);
}

void
put(const char *name, const char *text, int flags)
{
	int fd = open(name, O_WRONLY | O_CREAT | flags, 0644);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
}

void
append(const char *name, const char *text)
{
	put(name, text, O_APPEND);
}

enum source_event
pull(void)
{
	static const char *const marks[] = { [SOURCE_ROTATED] = "|R|", [SOURCE_TRUNCATED] = "|T|" };
	char buf[13];
	size_t n;

	for (;;) {
		enum source_event ev = source_next(s, buf, sizeof buf, &n, script_now);

		if (ev == SOURCE_DATA)
			strbuf_add(&got, span_of(buf, n));
		else if (ev == SOURCE_IDLE || ev == SOURCE_CLOSED)
			return ev;
		else
			strbuf_str(&got, marks[ev]);
	}
}

void
assert_pulls(const char *want)
{
	strbuf_clear(&got);
	strbuf_str(&got, "");
	ck_assert_int_eq(pull(), SOURCE_IDLE);
	ck_assert_str_eq(got.p, want);
	ck_assert(s->idle);
}

void
open_with(const char *text)
{
	append("app.log", text);
	ck_assert_int_eq(source_open(s), 0);
	ck_assert_int_eq(s->state, SOURCE_OPEN);
	assert_pulls(text);
}

void
shift(int highest)
{
	char from[32], to[32];

	for (int k = highest; k >= 0; k--) {
		snprintf(from, sizeof from, k ? "app.log.%d" : "app.log", k);
		snprintf(to, sizeof to, "app.log.%d", k + 1);
		rename(from, to);
	}
}

void
rotate(const char *name, const char *text)
{
	ck_assert_int_eq(rename("app.log", name), 0);
	append("app.log", text);
}

void
copy_and_cut(const char *copy)
{
	char *command = xasprintf("cp app.log '%s' && : > app.log", copy);

	ck_assert_int_eq(system(command), 0);
	free(command);
}

TCase *
script_case(Suite *suite, const char *name)
{
	TCase *tc = tcase_create(name);

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_set_timeout(tc, 30);
	suite_add_tcase(suite, tc);
	return tc;
}
