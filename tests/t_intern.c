/* Unit tests of core/intern. */
#include "config.h"

#include "core/alloc.h"
#include "core/intern.h"
#include "tests/unit.h"

#include <stdio.h>

static struct span
made_name(char *buf, size_t n, unsigned i)
{
	return span_of(buf, (size_t)snprintf(buf, n, "GET /route/%u/", i * 7919));
}

START_TEST(numbers_rise_and_repeat)
{
	static const struct {
		struct span name;
		uint32_t number;
	} rows[] = {
		{ { "GET /a/", 7 }, 0 }, { { "GET /b/", 7 }, 1 }, { { "GET /a/", 7 }, 0 },
		{ { "GET /a", 6 }, 2 },  { { "", 0 }, 3 },        { { NULL, 0 }, 3 },
		{ { "a\0b", 3 }, 4 },    { { "a\0c", 3 }, 5 },    { { "a\0b", 3 }, 4 },
	};
	struct intern t;

	intern_init(&t, 0);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		ck_assert_uint_eq(intern_add(&t, rows[i].name), rows[i].number);
	ck_assert_uint_eq(t.n, 6);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		ck_assert_uint_eq(intern_find(&t, rows[i].name), rows[i].number);
		ck_assert(span_eq(intern_name(&t, rows[i].number), rows[i].name));
	}
	intern_release(&t);
}
END_TEST

START_TEST(unknown_is_none)
{
	struct intern t;

	intern_init(&t, 0);
	ck_assert_uint_eq(intern_find(&t, SPAN_LIT("x")), INTERN_NONE);
	ck_assert_ptr_null(intern_name(&t, 0).p);
	intern_add(&t, SPAN_LIT("y"));
	ck_assert_uint_eq(intern_find(&t, SPAN_LIT("x")), INTERN_NONE);
	ck_assert_ptr_null(intern_name(&t, 1).p);
	ck_assert_ptr_null(intern_name(&t, INTERN_NONE).p);
	intern_release(&t);
	ck_assert_uint_eq(intern_find(&t, SPAN_LIT("y")), INTERN_NONE);
}
END_TEST

START_TEST(limit_refuses_only_new_names)
{
	struct intern t;

	intern_init(&t, 3);
	ck_assert_uint_eq(intern_add(&t, SPAN_LIT("a")), 0);
	ck_assert_uint_eq(intern_add(&t, SPAN_LIT("b")), 1);
	ck_assert_uint_eq(intern_add(&t, SPAN_LIT("c")), 2);
	ck_assert_uint_eq(intern_add(&t, SPAN_LIT("d")), INTERN_NONE);
	ck_assert_uint_eq(intern_add(&t, SPAN_LIT("b")), 1);
	ck_assert_uint_eq(t.n, 3);
	intern_release(&t);
}
END_TEST

START_TEST(names_stay_where_they_are)
{
	enum { N = 20000 };
	struct intern t;
	char buf[40];

	intern_init(&t, 0);
	intern_add(&t, made_name(buf, sizeof buf, 0));
	const char *first = intern_name(&t, 0).p;

	for (unsigned i = 0; i < N; i++)
		ck_assert_uint_eq(intern_add(&t, made_name(buf, sizeof buf, i)), i);
	ck_assert_ptr_eq(intern_name(&t, 0).p, first);
	for (unsigned i = 0; i < N; i++) {
		struct span name = made_name(buf, sizeof buf, i);

		ck_assert_uint_eq(intern_find(&t, name), i);
		ck_assert(span_eq(intern_name(&t, i), name));
	}
	ck_assert_uint_gt(t.bytes, N * 20);
	ck_assert_uint_lt(t.bytes, N * 150);
	intern_release(&t);
	ck_assert_uint_eq(t.bytes, 0);
}
END_TEST

static Suite *
intern_suite(void)
{
	Suite *s = suite_create("intern");
	TCase *tc = tcase_create("intern");

	suite_add_tcase(s, tc);
	tcase_add_test(tc, numbers_rise_and_repeat);
	tcase_add_test(tc, unknown_is_none);
	tcase_add_test(tc, limit_refuses_only_new_names);
	tcase_add_test(tc, names_stay_where_they_are);
	return s;
}

int
main(void)
{
	return unit_run(intern_suite());
}
