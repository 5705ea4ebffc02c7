/* Unit tests of core/units. */
#include "config.h"

#include "core/units.h"

#include "core/alloc.h"
#include "tests/unit.h"

#include <math.h>

static const struct {
	const char *text;
	bool ok;
	uint64_t bytes;
} sizes[] = {
	{ "4096", true, 4096 },
	{ "64M", true, UINT64_C(64) << 20 },
	{ "1.5GiB", true, UINT64_C(3) << 29 },
	{ "10kB", true, 10240 },
	{ "10 KB", true, 10240 },
	{ "12b", true, 12 },
	{ "0", true, 0 },
	{ "15E", true, UINT64_C(15) << 60 },
	{ "16E", false, 0 },
	{ "", false, 0 },
	{ "M", false, 0 },
	{ "-1", false, 0 },
	{ "1X", false, 0 },
	{ "1MBs", false, 0 },
	{ "1.2.3", false, 0 },
};

START_TEST(sizes_are_read)
{
	uint64_t bytes = 0;

	ck_assert_msg(units_parse_size(span_str(sizes[_i].text), &bytes) == sizes[_i].ok, "%s",
		      sizes[_i].text);
	if (sizes[_i].ok)
		ck_assert_uint_eq(bytes, sizes[_i].bytes);
}
END_TEST

static const struct {
	const char *text;
	bool ok;
	int64_t ns;
} durations[] = {
	{ "90", true, INT64_C(90000000000) },
	{ "60m", true, INT64_C(3600000000000) },
	{ "1.5s", true, 1500000000 },
	{ "250ms", true, 250000000 },
	{ "250 ms", true, 250000000 },
	{ "12us", true, 12000 },
	{ "12\xc2\xb5s", true, 12000 },
	{ "7ns", true, 7 },
	{ "2h", true, INT64_C(7200000000000) },
	{ "1d", true, INT64_C(86400000000000) },
	{ "1h30m", true, INT64_C(5400000000000) },
	{ "1m20s", true, INT64_C(80000000000) },
	{ "", false, 0 },
	{ "s", false, 0 },
	{ "-2s", false, 0 },
	{ "1x", false, 0 },
	{ "1m20", false, 0 },
	{ "1.5.2s", false, 0 },
	{ "999999999999d", false, 0 },
};

START_TEST(durations_are_read)
{
	int64_t ns = 0;

	ck_assert_msg(units_parse_duration(span_str(durations[_i].text), &ns) == durations[_i].ok,
		      "%s", durations[_i].text);
	if (durations[_i].ok)
		ck_assert_int_eq(ns, durations[_i].ns);
}
END_TEST

START_TEST(sizes_are_written)
{
	static const struct {
		uint64_t bytes;
		const char *text;
	} rows[] = {
		{ 0, "0" },
		{ 812, "812" },
		{ 1023, "1023" },
		{ 1024, "1.0k" },
		{ 17 << 10, "17k" },
		{ UINT64_C(612) << 20, "612M" },
		{ UINT64_C(3) << 29, "1.5G" },
		{ (UINT64_C(1) << 20) - 1, "1.0M" },
		{ UINT64_MAX, "16E" },
	};
	char buf[16];

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		ck_assert_str_eq(units_size(rows[i].bytes, buf), rows[i].text);
}
END_TEST

START_TEST(durations_are_written)
{
	static const struct {
		double seconds;
		const char *text;
	} rows[] = {
		{ 0, "0s" },           { 0.00085, "850us" },  { 0.0042, "4.2ms" },  { 0.033, "33ms" },
		{ 0.412, "412ms" },    { 0.9996, "1.00s" },   { 2.314, "2.31s" },   { 12.34, "12.3s" },
		{ 59.96, "1m00s" },    { 80, "1m20s" },       { 3599.4, "59m59s" }, { 3600, "1h00m" },
		{ 86399, "1d00h" },    { 90000, "1d01h" },    { 8.64e7, "1000d" },  { -1, "-" },
		{ 1e30, "999999d" },
	};
	char buf[16];

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		ck_assert_str_eq(units_duration(rows[i].seconds, buf), rows[i].text);
		ck_assert_uint_le(strlen(buf), 7);
	}
	ck_assert_str_eq(units_duration(NAN, buf), "-");
}
END_TEST

START_TEST(counts_are_written)
{
	static const struct {
		uint64_t n;
		const char *brief, *full;
	} rows[] = {
		{ 0, "0", "0" },
		{ 999, "999", "999" },
		{ 1203, "1,203", "1,203" },
		{ 9999, "9,999", "9,999" },
		{ 18442, "18.4k", "18,442" },
		{ 99960, "100k", "99,960" },
		{ 999600, "1.00M", "999,600" },
		{ 2480000, "2.48M", "2,480,000" },
		{ UINT64_C(12345678901), "12.3G", "12,345,678,901" },
		{ UINT64_MAX, "18.4E", "18,446,744,073,709,551,615" },
	};
	char buf[32];

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		ck_assert_str_eq(units_count(rows[i].n, buf), rows[i].brief);
		ck_assert_uint_le(strlen(buf), 6);
		ck_assert_str_eq(units_thousands(rows[i].n, buf), rows[i].full);
	}
}
END_TEST

START_TEST(ages_are_written)
{
	static const struct {
		int64_t seconds;
		const char *text;
	} rows[] = {
		{ -5, "0s" }, { 0, "0s" }, { 59, "59s" }, { 60, "1m" }, { 119, "1m" }, { 7199, "119m" }, { 7200, "2h" },
		{ 2 * 86400 - 1, "47h" }, { 2 * 86400, "2d" }, { 4000 * 86400, "4000d" },
	};
	char buf[16];

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		ck_assert_str_eq(units_age(rows[i].seconds * 1000000000 + 999, buf), rows[i].text);
}
END_TEST

static Suite *
suite(void)
{
	Suite *s = suite_create("units");
	TCase *c = tcase_create("units");

	tcase_add_loop_test(c, sizes_are_read, 0, ARRAY_SIZE(sizes));
	tcase_add_loop_test(c, durations_are_read, 0, ARRAY_SIZE(durations));
	tcase_add_test(c, sizes_are_written);
	tcase_add_test(c, durations_are_written);
	tcase_add_test(c, ages_are_written);
	tcase_add_test(c, counts_are_written);
	suite_add_tcase(s, c);
	return s;
}

int
main(void)
{
	return unit_run(suite());
}
