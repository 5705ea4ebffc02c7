/* Unit tests of core/clock. Expected values were computed with Python's zoneinfo. */
#include "config.h"

#include "core/clock.h"

#include "core/alloc.h"
#include "tests/unit.h"

static void
set_zone(const char *zone)
{
	struct err err;

	ck_assert_msg(clock_set_zone(zone, &err) == 0, "%s", err.msg);
}

static const struct {
	const char *zone;
	bool ok;
	int offset; /* at 2025-07-01 00:00 UTC */
} zones[] = {
	{ "UTC", true, 0 },
	{ "utc", true, 0 },
	{ "Z", true, 0 },
	{ "Asia/Seoul", true, 32400 },
	{ "America/New_York", true, -14400 },
	{ "Asia/Kolkata", true, 19800 },
	{ "Australia/Lord_Howe", true, 37800 },
	{ "EST5EDT,M3.2.0,M11.1.0", true, -14400 },
	{ "<+03>-3", true, 10800 },
	{ "+09:00", true, 32400 },
	{ "+0530", true, 19800 },
	{ "-03:30", true, -12600 },
	{ "-7", true, -25200 },
	{ "Asia/Soul", false, 0 },
	{ "", false, 0 },
	{ "+", false, 0 },
	{ "+25:00", false, 0 },
	{ "+09:00x", false, 0 },
	{ "../../etc/passwd", false, 0 },
	{ "/etc/passwd", false, 0 },
};

START_TEST(zones_are_set)
{
	struct err err = { 0, 0, "" };
	int rc = clock_set_zone(zones[_i].zone, &err);

	ck_assert_msg(rc == (zones[_i].ok ? 0 : -1), "%s", zones[_i].zone);
	if (zones[_i].ok)
		ck_assert_int_eq(clock_offset(INT64_C(1751328000) * NSEC), zones[_i].offset);
	else
		ck_assert_msg(strstr(err.msg, "time zone") != NULL, "%s", err.msg);
}
END_TEST

/* A refused zone leaves the one in force. */
START_TEST(a_refused_zone_changes_nothing)
{
	set_zone("Asia/Seoul");
	ck_assert_int_eq(clock_set_zone("Nowhere", NULL), -1);
	ck_assert_int_eq(clock_offset(0), 32400);
	set_zone("local");
	ck_assert_int_eq(clock_offset(0), 32400);
}
END_TEST

START_TEST(offsets_have_a_text)
{
	static const struct {
		int seconds;
		const char *text;
	} rows[] = {
		{ 0, "+00:00" }, { 32400, "+09:00" }, { -12600, "-03:30" }, { 45900, "+12:45" },
	};
	char text[8];

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		clock_offset_text(rows[i].seconds, text);
		ck_assert_str_eq(text, rows[i].text);
	}
}
END_TEST

START_TEST(days_are_counted)
{
	static const struct {
		int year, month, day;
		int64_t days;
	} rows[] = {
		{ 1970, 1, 1, 0 },      { 1969, 12, 31, -1 },  { 2000, 2, 29, 11016 },
		{ 2000, 3, 1, 11017 },  { 2025, 9, 8, 20339 }, { 1900, 3, 1, -25508 },
		{ 1, 1, 1, -719162 },   { 2262, 4, 11, 106751 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		ck_assert_int_eq(clock_days(rows[i].year, rows[i].month, rows[i].day), rows[i].days);
}
END_TEST

/* Each row is an instant and what the clocks of New York show then. */
START_TEST(instants_and_civil_times)
{
	static const struct {
		int64_t seconds;
		struct civil civil;
		bool back; /* the civil time means this instant */
	} rows[] = {
		{ 1741503599, { 2025, 3, 9, 1, 59, 59, 5, -18000 }, true },
		{ 1741503600, { 2025, 3, 9, 3, 0, 0, 5, -14400 }, true },
		{ 1762061400, { 2025, 11, 2, 1, 30, 0, 5, -14400 }, true },
		{ 1762065000, { 2025, 11, 2, 1, 30, 0, 5, -18000 }, false },
		{ 1762066800, { 2025, 11, 2, 2, 0, 0, 5, -18000 }, true },
		{ 0, { 1969, 12, 31, 19, 0, 0, 5, -18000 }, true },
		{ -1, { 1969, 12, 31, 18, 59, 59, 5, -18000 }, true },
	};

	set_zone("America/New_York");
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct civil c;
		int64_t t = rows[i].seconds * NSEC + 5;

		clock_civil(t, &c);
		ck_assert_mem_eq(&c, &rows[i].civil, sizeof c);
		ck_assert_int_eq(clock_from_civil(&c) == t, rows[i].back);
	}
}
END_TEST

START_TEST(skipped_times_move_on)
{
	struct civil skipped = { .year = 2025, .month = 3, .day = 9, .hour = 2, .minute = 30 };

	set_zone("America/New_York");
	ck_assert_int_eq(clock_from_civil(&skipped), INT64_C(1741505400) * NSEC);
}
END_TEST

START_TEST(far_years_are_none)
{
	struct civil far = { .year = 9999, .month = 1, .day = 1 };

	set_zone("UTC");
	ck_assert(clock_from_civil(&far) == TIME_NONE);
}
END_TEST

START_TEST(times_are_written)
{
	static const char *const texts[] = {
		[CLOCK_TIME] = "21:48:00",
		[CLOCK_TIME_MS] = "21:48:00.219",
		[CLOCK_MINUTE] = "21:48",
		[CLOCK_DATE] = "2025-09-08",
		[CLOCK_DATE_MINUTE] = "2025-09-08 21:48",
		[CLOCK_FULL] = "2025-09-08 21:48:00.219",
		[CLOCK_ISO] = "2025-09-08T21:48:00.219+09:00",
	};
	char buf[40];

	set_zone("Asia/Seoul");
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
		ck_assert_str_eq(clock_format(INT64_C(1757335680219999999), (enum clock_style)i, buf,
					      sizeof buf), texts[i]);
	ck_assert_str_eq(clock_format(TIME_NONE, CLOCK_ISO, buf, sizeof buf), "-");
	/* Before the epoch the fraction still counts upward. */
	ck_assert_str_eq(clock_format(-1, CLOCK_TIME_MS, buf, sizeof buf), "08:59:59.999");
	ck_assert_str_eq(clock_format(0, CLOCK_ISO, buf, 5), "1970");
}
END_TEST

START_TEST(clocks_run)
{
	int64_t mono = clock_mono();

	ck_assert_int_gt(clock_now(), INT64_C(1700000000) * NSEC);
	ck_assert_int_ge(clock_mono(), mono);
}
END_TEST

static Suite *
suite(void)
{
	Suite *s = suite_create("clock");
	TCase *c = tcase_create("clock");

	tcase_add_loop_test(c, zones_are_set, 0, ARRAY_SIZE(zones));
	tcase_add_test(c, a_refused_zone_changes_nothing);
	tcase_add_test(c, offsets_have_a_text);
	tcase_add_test(c, days_are_counted);
	tcase_add_test(c, instants_and_civil_times);
	tcase_add_test(c, skipped_times_move_on);
	tcase_add_test(c, far_years_are_none);
	tcase_add_test(c, times_are_written);
	tcase_add_test(c, clocks_run);
	suite_add_tcase(s, c);
	return s;
}

int
main(void)
{
	return unit_run(suite());
}
