/* Unit tests of core/hops. */
#include "config.h"

#include "core/alloc.h"
#include "core/hops.h"
#include "core/strbuf.h"
#include "tests/unit.h"

#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

static char top[] = "/tmp/t_hops.XXXXXX";

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
	const char *path, *hops, *end;
	bool direct;
} hop_rows[] = {
	{ "/plain", "/:plain ", "/plain", true },
	{ "/d/plain", "/d:plain ", "/d/plain", true },
	{ "/d/./../plain", "/:plain ", "/plain", true },
	{ "/d/missing", "/d:missing ", NULL, false },
	{ "/none/deeper/file", "/:none ", NULL, false },
	{ "/link", "/:link /d:plain ", "/d/plain", false },
	{ "/dl/plain", "/:dl /d:plain ", "/d/plain", false },
	{ "/loop", NULL, NULL, false },
};

START_TEST(hops_on_the_way)
{
	struct hops h = HOPS_INIT;
	struct strbuf text = STRBUF_INIT;
	char real[PATH_MAX];

	run("mkdir d; touch plain d/plain; ln -s d/plain link; ln -s \"$PWD/d\" dl; ln -s loop loop");
	ck_assert_ptr_nonnull(realpath(top, real));
	size_t n = strlen(real);
	char *path = xasprintf("%s%s", real, hop_rows[_i].path);

	hops_walk(&h, path);
	hops_walk(&h, path);
	for (size_t i = 0; i < h.n; i++) {
		strbuf_addf(&text, "%s:%s ", h.v[i].dir[n] ? h.v[i].dir + n : "/", h.v[i].name);
		ck_assert(hops_has(&h, h.v[i].dir, h.v[i].name));
	}
	ck_assert(!hops_has(&h, real, "other"));
	if (hop_rows[_i].hops)
		ck_assert_str_eq(text.p, hop_rows[_i].hops);
	ck_assert_int_eq(!h.end, !hop_rows[_i].end);
	if (h.end)
		ck_assert_str_eq(h.end + n, hop_rows[_i].end);
	ck_assert_int_eq(h.direct, hop_rows[_i].direct);
	hops_release(&h);
	strbuf_release(&text);
	free(path);
}
END_TEST

static Suite *
hops_suite(void)
{
	Suite *suite = suite_create("hops");
	TCase *tc = tcase_create("hops");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, hops_on_the_way, 0, ARRAY_SIZE(hop_rows));
	suite_add_tcase(suite, tc);
	return suite;
}

int
main(void)
{
	return unit_run(hops_suite());
}
