/* Unit tests of tui/marks. */
#include "config.h"

#include "tests/unit.h"
#include "tui/marks.h"

static struct place
at(int64_t time, uint64_t pos)
{
	return (struct place){ time, 0, pos };
}

START_TEST(marks_come_and_go)
{
	struct marks m = { 0 };

	ck_assert_uint_eq(marks_after(&m, PLACE_FIRST), SIZE_MAX);
	for (int i = 0; i < 20; i++)
		ck_assert(marks_toggle(&m, at(i * 7 % 20, 1)));
	ck_assert_uint_eq(m.n, 20);
	for (size_t i = 1; i < m.n; i++)
		ck_assert_int_lt(place_cmp(m.v[i - 1], m.v[i]), 0);
	ck_assert(marks_has(&m, at(3, 1)));
	ck_assert(!marks_has(&m, at(3, 2)));
	ck_assert(!marks_toggle(&m, at(3, 1)));
	ck_assert(!marks_has(&m, at(3, 1)));
	ck_assert_uint_eq(m.n, 19);
	marks_release(&m);
}
END_TEST

START_TEST(the_next_one_goes_round)
{
	struct marks m = { 0 };

	marks_toggle(&m, at(10, 0));
	marks_toggle(&m, at(20, 0));
	ck_assert_uint_eq(marks_after(&m, at(5, 0)), 0);
	ck_assert_uint_eq(marks_after(&m, at(10, 0)), 1);
	ck_assert_uint_eq(marks_after(&m, at(15, 0)), 1);
	ck_assert_uint_eq(marks_after(&m, at(20, 0)), 0);
	ck_assert_uint_eq(marks_after(&m, PLACE_LAST), 0);
	marks_release(&m);
}
END_TEST

static Suite *
suite(void)
{
	Suite *s = suite_create("marks");
	TCase *t = tcase_create("marks");

	tcase_add_test(t, marks_come_and_go);
	tcase_add_test(t, the_next_one_goes_round);
	suite_add_tcase(s, t);
	return s;
}

int
main(void)
{
	return unit_run(suite());
}
