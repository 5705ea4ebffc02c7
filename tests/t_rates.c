/* Unit tests of core/rates: the counts of the last minute. */
#include "config.h"

#include "core/clock.h"
#include "core/rates.h"
#include "tests/unit.h"

#define START (INT64_C(1757419200) * NSEC)

static struct rates r;
static uint32_t out[RATES_SECONDS];

static void
setup(void)
{
	r = (struct rates){ { 0 }, 0 };
}

static uint32_t
sum(void)
{
	uint32_t n = 0;

	for (int i = 0; i < RATES_SECONDS; i++)
		n += out[i];
	return n;
}

START_TEST(counts_are_of_their_second)
{
	rates_add(&r, START, 3);
	rates_add(&r, START + NSEC - 1, 4);
	rates_add(&r, START + 2 * NSEC, 5);
	rates_read(&r, START + 3 * NSEC, out);
	ck_assert_uint_eq(out[RATES_SECONDS - 4], 7);
	ck_assert_uint_eq(out[RATES_SECONDS - 3], 0);
	ck_assert_uint_eq(out[RATES_SECONDS - 2], 5);
	ck_assert_uint_eq(out[RATES_SECONDS - 1], 0);
	ck_assert_uint_eq(sum(), 12);
}
END_TEST

START_TEST(a_minute_later_they_are_gone)
{
	rates_add(&r, START, 3);
	rates_read(&r, START + 59 * NSEC, out);
	ck_assert_uint_eq(out[0], 3);
	rates_read(&r, START + 60 * NSEC, out);
	ck_assert_uint_eq(sum(), 0);
	rates_add(&r, START + 7200 * NSEC, 1);
	rates_read(&r, START + 7200 * NSEC, out);
	ck_assert_uint_eq(sum(), 1);
}
END_TEST

START_TEST(the_mean_leaves_out_the_second_that_runs)
{
	for (int i = 0; i < 20; i++)
		rates_add(&r, START + i * NSEC, 10);
	rates_add(&r, START + 20 * NSEC, 1000);
	rates_read(&r, START + 20 * NSEC, out);
	ck_assert_double_eq(rates_mean(out), 10);
}
END_TEST

START_TEST(a_clock_that_is_set_back_loses_nothing)
{
	rates_add(&r, START, 3);
	rates_add(&r, START - 500 * NSEC, 4);
	rates_read(&r, START - 500 * NSEC, out);
	ck_assert_uint_eq(sum(), 7);
}
END_TEST

static Suite *
suite(void)
{
	Suite *s = suite_create("rates");
	TCase *t = tcase_create("rates");

	tcase_add_checked_fixture(t, setup, NULL);
	tcase_add_test(t, counts_are_of_their_second);
	tcase_add_test(t, a_minute_later_they_are_gone);
	tcase_add_test(t, the_mean_leaves_out_the_second_that_runs);
	tcase_add_test(t, a_clock_that_is_set_back_loses_nothing);
	suite_add_tcase(s, t);
	return s;
}

int
main(void)
{
	return unit_run(suite());
}
