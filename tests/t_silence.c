/* Unit tests of core/silence: what is usual, and what is longer than that. */
#include "config.h"

#include "core/alloc.h"
#include "core/silence.h"
#include "tests/unit.h"

#include <math.h>

static struct silence s;

static void
setup(void)
{
	s = (struct silence){ 0 };
}

static void
speak(unsigned times, double gap, unsigned together)
{
	for (unsigned i = 0; i < times; i++)
		silence_learn(&s, gap, together);
}

static void
expect_limit(double want)
{
	double got = silence_limit(&s);

	ck_assert_msg(fabs(got - want) < 0.02 * want, "%g seconds, not %g", got, want);
}

START_TEST(a_few_records_say_nothing)
{
	speak(SILENCE_RECORDS - 1, 0.1, 1);
	ck_assert_double_lt(silence_limit(&s), 0);
	ck_assert_double_eq(silence_rate(&s), 0);
	speak(1, 0.1, 1);
	ck_assert_double_gt(silence_limit(&s), 0);
}
END_TEST

static const struct {
	unsigned times;
	double gap;
	unsigned together;
	double limit, rate;
} steady[] = {
	{ 2000, 1.0 / 12, 1, 10, 12 },     /* never less than ten seconds */
	{ 2000, 0.001, 1, 10, 1000 },
	{ 2000, 2, 1, 40, 0.5 },           /* twenty gaps */
	{ 500, 60, 1, 1200, 1.0 / 60 },
	{ 500, 0.25, 50, 10, 200 },        /* read in handfuls */
	{ 500, 60, 200, 180, 200.0 / 60 }, /* a burst a minute: three of the gaps between them */
};

START_TEST(a_steady_source)
{
	speak(steady[_i].times, steady[_i].gap, steady[_i].together);
	expect_limit(steady[_i].limit);
	ck_assert_msg(fabs(silence_rate(&s) - steady[_i].rate) < 0.02 * steady[_i].rate, "%g", silence_rate(&s));
}
END_TEST

START_TEST(an_outage_is_not_what_is_usual)
{
	speak(2000, 0.1, 1);
	speak(1, 3600, 1);
	ck_assert_double_lt(silence_limit(&s), 31);
	speak(3000, 0.1, 1);
	expect_limit(10);
	ck_assert_double_gt(silence_rate(&s), 9.9);
}
END_TEST

START_TEST(a_source_that_becomes_slow_is_learnt)
{
	speak(2000, 0.1, 1);
	speak(1500, 30, 1);
	ck_assert_double_gt(silence_limit(&s), 300);
	ck_assert_double_lt(silence_rate(&s), 0.06);
}
END_TEST

START_TEST(a_clock_that_steps_back_is_no_gap)
{
	speak(200, 1, 1);
	speak(1, -3600, 1);
	ck_assert_double_gt(silence_rate(&s), 0.9);
	silence_learn(&s, 5, 0);
	ck_assert_uint_eq(s.records, 201);
}
END_TEST

static const struct {
	double rate;
	const char *text;
} texts[] = {
	{ 12.04, "12/s" }, { 1204, "1,204/s" }, { 12040, "12.0k/s" }, { 1, "1/s" }, { 0.5, "30/m" }, { 3.0 / 60, "3/m" },
	{ 2.0 / 3600, "2/h" }, { 1.0 / 86400, "1/d" }, { 0.5 / 86400, "0.5/d" },
};

START_TEST(rates_in_words)
{
	char buf[16];

	ck_assert_str_eq(silence_rate_text(texts[_i].rate, buf), texts[_i].text);
}
END_TEST

static Suite *
suite(void)
{
	Suite *suite = suite_create("silence");
	TCase *t = tcase_create("silence");

	tcase_add_checked_fixture(t, setup, NULL);
	tcase_add_test(t, a_few_records_say_nothing);
	tcase_add_loop_test(t, a_steady_source, 0, ARRAY_SIZE(steady));
	tcase_add_test(t, an_outage_is_not_what_is_usual);
	tcase_add_test(t, a_source_that_becomes_slow_is_learnt);
	tcase_add_test(t, a_clock_that_steps_back_is_no_gap);
	tcase_add_loop_test(t, rates_in_words, 0, ARRAY_SIZE(texts));
	suite_add_tcase(suite, t);
	return suite;
}

int
main(void)
{
	return unit_run(suite());
}
