/* Unit tests of core/route_groups: which routes are shown as one, and what is known of them then. */
#include "config.h"

#include "core/alloc.h"
#include "core/route_groups.h"
#include "tests/unit.h"

#include <stdio.h>
#include <stdlib.h>

static struct intern names;
static struct route_groups groups;
static struct rollup_route rows[4096];
static size_t n;

static void
set_up(void)
{
	intern_init(&names, 0);
	groups = (struct route_groups)ROUTE_GROUPS_INIT;
	memset(rows, 0, sizeof rows);
	n = 0;
}

static void
tear_down(void)
{
	for (size_t i = 0; i < n; i++)
		sketch_release(&rows[i].latency);
	route_groups_release(&groups);
	intern_release(&names);
}

/* A route that was asked for once and took so many seconds. */
static void
add(const char *name, double seconds)
{
	rows[n].route = intern_add(&names, span_str(name));
	rows[n].count = 1;
	rows[n].trend[n % 16] = (uint32_t)(seconds * 1000);
	sketch_add(&rows[n].latency, seconds);
	n++;
}

/* Routes made of a pattern with one %d. */
static void
add_many(const char *pattern, int from, int to)
{
	char name[128];

	for (int i = from; i < to; i++) {
		snprintf(name, sizeof name, "%s", pattern);
		char *at = strstr(name, "%d");

		snprintf(at, sizeof name - (size_t)(at - name), "name-%c%c%s", 'a' + i / 26, 'a' + i % 26,
			 strstr(pattern, "%d") + 2);
		add(name, 0.1);
	}
}

static void
fold(void)
{
	n = route_groups_fold(&groups, rows, n, &names);
}

static const struct rollup_route *
find(const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (span_eq_str(route_groups_name(&groups, &names, rows[i].route), name))
			return &rows[i];
	return NULL;
}

START_TEST(up_to_the_limit_routes_stand_for_themselves)
{
	add_many("GET /products/%d/", 0, ROUTE_SIBLINGS);
	add("GET /about/", 0.1);
	fold();
	ck_assert_uint_eq(n, ROUTE_SIBLINGS + 1);
	ck_assert_ptr_nonnull(find("GET /products/name-aa/"));
}
END_TEST

START_TEST(more_are_one_row_with_what_is_known_of_all)
{
	add_many("GET /products/%d/", 0, ROUTE_SIBLINGS + 1);
	rows[0].failed = 1;
	rows[1].slow = 1;
	rows[2].trend[7] = 900;
	add("GET /about/", 3.0);
	fold();
	ck_assert_uint_eq(n, 2);
	const struct rollup_route *r = find("GET /products/<slug>/");

	ck_assert_ptr_nonnull(r);
	ck_assert_uint_eq(r->count, ROUTE_SIBLINGS + 1);
	ck_assert_uint_eq(r->failed, 1);
	ck_assert_uint_eq(r->slow, 1);
	ck_assert_uint_eq(r->trend[7], 900);
	ck_assert_uint_eq(r->trend[3], 100);
	ck_assert_uint_eq(r->latency.count, ROUTE_SIBLINGS + 1);
	ck_assert_double_eq(r->latency.max, 0.1);
	ck_assert_uint_eq(find("GET /about/")->count, 1);
}
END_TEST

START_TEST(methods_and_tails_are_apart)
{
	add_many("GET /u/%d/orders/", 0, 40);
	add_many("POST /u/%d/orders/", 0, 20);
	add_many("GET /u/%d/profile", 0, 20);
	add_many("GET /v/%d/orders/", 0, 20);
	fold();
	ck_assert_uint_eq(n, 61);
	ck_assert_uint_eq(find("GET /u/<slug>/orders/")->count, 40);
	ck_assert_ptr_nonnull(find("POST /u/name-aa/orders/"));
	ck_assert_ptr_nonnull(find("GET /u/name-aa/profile"));
}
END_TEST

START_TEST(two_segments_that_vary)
{
	char pattern[64];

	for (char c = 'a'; c <= 'z'; c++) {
		snprintf(pattern, sizeof pattern, "GET /shop/brand-%c/%%d/", c);
		add_many(pattern, 0, 30);
	}
	fold();
	ck_assert_uint_eq(n, 1);
	ck_assert_uint_eq(find("GET /shop/<slug>/<slug>/")->count, 26 * 30);
}
END_TEST

START_TEST(what_varies_beside_placeholders)
{
	add_many("GET /a/<int>/%d", 0, 30);
	add("GET /a/<int>/", 0.1);
	fold();
	ck_assert_uint_eq(n, 2);
	ck_assert_uint_eq(find("GET /a/<int>/<slug>")->count, 30);
}
END_TEST

START_TEST(the_parts_of_an_application_are_not_slugs)
{
	add_many("GET /%d/", 0, 100);
	fold();
	ck_assert_uint_eq(n, 100);
}
END_TEST

START_TEST(rows_without_a_name)
{
	add_many("GET /p/%d", 0, 30);
	rows[n].route = UINT32_MAX;
	rows[n++].count = 5;
	add("GET *", 0.1);
	add("", 0.1);
	fold();
	ck_assert_uint_eq(n, 4);
	ck_assert_uint_eq(rows[1].route, UINT32_MAX);
	ck_assert_uint_eq(rows[1].count, 5);
}
END_TEST

static const struct {
	const char *route, *glob;
} globs[] = {
	{ "/products/<slug>/", "/products/*/" },
	{ "/a/<slug>/b/<slug>.png", "/a/*/b/*.png" },
	{ "/a/<int>/<slug>", "/a/*int*/*" },
	{ "/a b(/<slug>", "/a*b*/*" },
};

START_TEST(the_pattern_of_a_group)
{
	struct strbuf out = STRBUF_INIT;

	route_groups_glob(&out, span_str(globs[_i].route));
	ck_assert_str_eq(out.p, globs[_i].glob);
	strbuf_release(&out);
}
END_TEST

static Suite *
suite(void)
{
	Suite *s = suite_create("route_groups");
	TCase *t = tcase_create("route_groups");

	tcase_add_checked_fixture(t, set_up, tear_down);
	tcase_add_test(t, up_to_the_limit_routes_stand_for_themselves);
	tcase_add_test(t, more_are_one_row_with_what_is_known_of_all);
	tcase_add_test(t, methods_and_tails_are_apart);
	tcase_add_test(t, two_segments_that_vary);
	tcase_add_test(t, what_varies_beside_placeholders);
	tcase_add_test(t, the_parts_of_an_application_are_not_slugs);
	tcase_add_test(t, rows_without_a_name);
	tcase_add_loop_test(t, the_pattern_of_a_group, 0, (int)ARRAY_SIZE(globs));
	suite_add_tcase(s, t);
	return s;
}

int
main(void)
{
	return unit_run(suite());
}
