/*
 * Unit tests of core/timestamp. The instants of the tables were computed with
 * Python's datetime and zoneinfo. Every stamp is read twice by one reader, so
 * that both the full and the remembered way are taken.
 */
#include "config.h"

#include "core/timestamp.h"

#include "core/alloc.h"
#include "tests/stamps.h"
#include "tests/unit.h"

#include <stdio.h>
#include <stdlib.h>

static const struct row {
	const char *zone, *text;
	size_t n; /* bytes that the stamp takes, 0: it is none */
	int64_t t;
} rows[] = {
	{ "Asia/Seoul", "2025-09-08 21:48:00,219", 23, INT64_C(1757335680219000000) },
	{ "Asia/Seoul", "2025-09-08 21:48:59.999", 23, INT64_C(1757335739999000000) },
	{ "Asia/Seoul", "2025-09-08 21:48:07", 19, INT64_C(1757335687000000000) },
	{ "Asia/Seoul", "2025-09-08 21:49:07", 19, INT64_C(1757335747000000000) },
	{ "Asia/Seoul", "2025-09-08 22:00:00", 19, INT64_C(1757336400000000000) },
	{ "Asia/Seoul", "2025-09-08T12:48:00.210320Z", 27, INT64_C(1757335680210320000) },
	{ "Asia/Seoul", "2025-09-08T12:48:00.210320123Z", 30, INT64_C(1757335680210320123) },
	{ "Asia/Seoul", "2025-09-08T12:48:00.2103201239Z", 31, INT64_C(1757335680210320123) },
	{ "Asia/Seoul", "2025/09/08 21:48:00", 19, INT64_C(1757335680000000000) },
	{ "Asia/Seoul", "2025-09-08T21:48:00+09:00", 25, INT64_C(1757335680000000000) },
	{ "Asia/Seoul", "2025-09-08T21:48:00.5+0530", 26, INT64_C(1757348280500000000) },
	{ "Asia/Seoul", "2025-09-08 21:48:00-03", 22, INT64_C(1757378880000000000) },
	{ "Asia/Seoul", "2025-09-08 21:48:00 -0330", 25, INT64_C(1757380680000000000) },
	{ "Asia/Seoul", "2025-09-08 21:48:00 +0900", 25, INT64_C(1757335680000000000) },
	{ "Asia/Seoul", "2025-09-08 21:48:00.123 UTC", 27, INT64_C(1757368080123000000) },
	{ "Asia/Seoul", "2025-09-08 21:48:00 GMT", 23, INT64_C(1757368080000000000) },
	{ "Asia/Seoul", "2025-09-08 21:48:00, message", 19, INT64_C(1757335680000000000) },
	{ "Asia/Seoul", "2025-09-08 21:48:00,219 views 12 34", 23, INT64_C(1757335680219000000) },
	{ "Asia/Seoul", "2025-09-08 21:48:00 -12 is text", 19, INT64_C(1757335680000000000) },
	{ "Asia/Seoul", "2025-09-08 21:48:00 UTCish", 19, INT64_C(1757335680000000000) },
	{ "Asia/Seoul", "2025-09-08T21:48", 16, INT64_C(1757335680000000000) },
	{ "Asia/Seoul", "2025-09-08  21:48:01", 20, INT64_C(1757335681000000000) },
	{ "Asia/Seoul", "2024-02-29 23:59:59", 19, INT64_C(1709218799000000000) },
	{ "Asia/Seoul", "2000-02-29 00:00:00", 19, INT64_C(951750000000000000) },
	{ "Asia/Seoul", "1999-12-31 23:59:59.001", 23, INT64_C(946652399001000000) },
	{ "Asia/Seoul", "1969-12-31 23:59:59.250", 23, INT64_C(-32400750000000) },
	{ "Asia/Seoul", "1970-01-01 09:00:00", 19, INT64_C(0) },
	{ "Asia/Seoul", "2100-03-01 00:00:00Z", 20, INT64_C(4107542400000000000) },
	{ "Asia/Seoul", "08/Sep/2025:21:48:00 +0900", 26, INT64_C(1757335680000000000) },
	{ "Asia/Seoul", "08/Sep/2025:21:48:00 -0700", 26, INT64_C(1757393280000000000) },
	{ "Asia/Seoul", "08/Sep/2025 21:48:00", 20, INT64_C(1757335680000000000) },
	{ "Asia/Seoul", "08 Sep 2025 12:47:59.123", 24, INT64_C(1757303279123000000) },
	{ "Asia/Seoul", "Mon, 08 Sep 2025 12:48:00 GMT", 29, INT64_C(1757335680000000000) },
	{ "Asia/Seoul", "Mon Sep  8 21:48:00 2025", 24, INT64_C(1757335680000000000) },
	{ "Asia/Seoul", "Mon Sep 08 21:48:00.123456 2025", 31, INT64_C(1757335680123456000) },
	{ "Asia/Seoul", "Sep  8 21:48:00", 15, INT64_C(1757335680000000000) },
	{ "Asia/Seoul", "Sep 18 01:02:03 host tag: x", 15, INT64_C(1758124923000000000) },
	{ "Asia/Seoul", "Dec 31 23:59:59", 15, INT64_C(1735657199000000000) },
	{ "Asia/Seoul", "Oct  9 00:00:00", 15, INT64_C(1759935600000000000) },
	{ "Asia/Seoul", "Oct 10 23:59:59", 15, INT64_C(1760108399000000000) },
	{ "Asia/Seoul", "Oct 12 00:00:00", 15, INT64_C(1728658800000000000) },
	{ "Asia/Seoul", "Feb 29 12:00:00", 15, INT64_C(1709175600000000000) },
	{ "Asia/Seoul", "Sep  8 2023 21:48:00", 20, INT64_C(1694177280000000000) },
	{ "Asia/Seoul", "Sep  8 21:48:00 2023", 20, INT64_C(1694177280000000000) },
	{ "America/New_York", "2025-03-09 01:59:59", 19, INT64_C(1741503599000000000) },
	{ "America/New_York", "2025-03-09 02:30:00", 19, INT64_C(1741505400000000000) },
	{ "America/New_York", "2025-03-09 03:00:00", 19, INT64_C(1741503600000000000) },
	{ "America/New_York", "2025-11-02 00:59:59", 19, INT64_C(1762059599000000000) },
	{ "America/New_York", "2025-11-02 01:30:00", 19, INT64_C(1762061400000000000) },
	{ "America/New_York", "2025-11-02 02:00:00", 19, INT64_C(1762066800000000000) },
	{ "America/New_York", "2025-11-02T01:30:00-05:00", 25, INT64_C(1762065000000000000) },
	{ "America/New_York", "2025-07-04 12:00:00", 19, INT64_C(1751644800000000000) },
	{ "Australia/Lord_Howe", "2025-10-05 01:59:59", 19, INT64_C(1759591799000000000) },
	{ "Australia/Lord_Howe", "2025-10-05 02:15:00", 19, INT64_C(1759592700000000000) },
	{ "Australia/Lord_Howe", "2025-10-05 02:30:00", 19, INT64_C(1759591800000000000) },
	{ "Australia/Lord_Howe", "2025-10-05 02:45:00", 19, INT64_C(1759592700000000000) },
	{ "Australia/Lord_Howe", "2025-04-06 01:29:59", 19, INT64_C(1743863399000000000) },
	{ "Australia/Lord_Howe", "2025-04-06 01:45:00", 19, INT64_C(1743864300000000000) },
	{ "Australia/Lord_Howe", "2025-04-06 02:00:00", 19, INT64_C(1743867000000000000) },
	{ "Asia/Kolkata", "2025-09-08 21:48:00", 19, INT64_C(1757348280000000000) },
	{ "Asia/Kolkata", "2025-09-08 21:15:00,5", 21, INT64_C(1757346300500000000) },
	{ "Europe/Berlin", "2025-03-30 02:30:00", 19, INT64_C(1743298200000000000) },
	{ "Europe/Berlin", "2025-10-26 02:30:00", 19, INT64_C(1761438600000000000) },
	{ "UTC", "2025-12-31 23:59:59,999999", 26, INT64_C(1767225599999999000) },
	{ "UTC", "", 0, 0 },
	{ "UTC", "2025", 0, 0 },
	{ "UTC", "2025-09-08", 0, 0 },
	{ "UTC", "2025-13-08 21:48:00", 0, 0 },
	{ "UTC", "2025-02-29 21:48:00", 0, 0 },
	{ "UTC", "2025-09-31 00:00:00", 0, 0 },
	{ "UTC", "2025-09-08 24:00:00", 0, 0 },
	{ "UTC", "2025-09-08 21:60:00", 0, 0 },
	{ "UTC", "2025-09-08 21:48:61", 0, 0 },
	{ "UTC", "20250908 21:48:00", 0, 0 },
	{ "UTC", "2025-9-8 21:48:00", 0, 0 },
	{ "UTC", "0001-01-01 00:00:00", 0, 0 },
	{ "UTC", "9999-12-31 23:59:59", 0, 0 },
	{ "UTC", "2191-01-01 00:00:00", 0, 0 },
	{ "UTC", "1899-12-31 23:59:59", 0, 0 },
	{ "UTC", "Sep 31 00:00:00", 0, 0 },
	{ "UTC", "Foo  8 21:48:00", 0, 0 },
	{ "UTC", "Mon", 0, 0 },
	{ "UTC", "08/Sep/25 21:48:00", 0, 0 },
	{ "UTC", "GET / HTTP/1.1 200", 0, 0 },
};

/* Year-less stamps were written by 2025-10-10 00:00 in Seoul, and may be a day late. */
#define YEARLESS_REF STAMPS_REFERENCE

static void
set_zone(const char *zone)
{
	struct err err;

	ck_assert_msg(clock_set_zone(zone, &err) == 0, "%s", err.msg);
}

START_TEST(stamps_are_read)
{
	const struct row *row = &rows[_i];
	struct timestamp_reader r;
	struct span s = span_str(row->text);

	set_zone(row->zone);
	timestamp_init(&r);
	r.yearless_ref = YEARLESS_REF;
	for (int pass = 0; pass < 2; pass++) {
		int64_t t = 0;

		ck_assert_msg(timestamp_read(&r, s, &t) == row->n, "%s: %zu", row->text,
			      timestamp_read(&r, s, &t));
		if (row->n)
			ck_assert_msg(t == row->t, "%s: %lld", row->text, (long long)t);
		ck_assert_int_eq(timestamp_parse(&r, s, &t), row->n && row->n == s.n);
	}
}
END_TEST

START_TEST(stamps_mean_what_python_says)
{
	struct timestamp_reader r;
	struct span s = span_str(stamps[_i].text);

	set_zone(stamps[_i].zone);
	timestamp_init(&r);
	r.yearless_ref = STAMPS_REFERENCE;
	for (int pass = 0; pass < 2; pass++) {
		int64_t t = 0;

		ck_assert_msg(timestamp_parse(&r, s, &t), "%s", stamps[_i].text);
		ck_assert_msg(t == stamps[_i].t, "%s in %s: %lld", stamps[_i].text, stamps[_i].zone,
			      (long long)(t - stamps[_i].t));
	}
}
END_TEST

/* One reader, all stamps of a zone in turn: what it remembers never harms. */
START_TEST(a_reader_forgets_what_is_over)
{
	struct timestamp_reader r;

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		int64_t t;

		if (i == 0 || strcmp(rows[i].zone, rows[i - 1].zone) != 0) {
			set_zone(rows[i].zone);
			timestamp_init(&r);
			r.yearless_ref = YEARLESS_REF;
		}
		if (timestamp_read(&r, span_str(rows[i].text), &t))
			ck_assert_msg(t == rows[i].t, "%s: %lld", rows[i].text, (long long)t);
	}
	for (size_t i = 0; i < ARRAY_SIZE(stamps); i++) {
		int64_t t;

		if (i == 0 || strcmp(stamps[i].zone, stamps[i - 1].zone) != 0) {
			set_zone(stamps[i].zone);
			timestamp_init(&r);
			r.yearless_ref = STAMPS_REFERENCE;
		}
		ck_assert(timestamp_parse(&r, span_str(stamps[i].text), &t));
		ck_assert_msg(t == stamps[i].t, "%s: %lld", stamps[i].text, (long long)t);
	}
}
END_TEST

/* A stamp at the very end of its memory is not read beyond it. */
START_TEST(what_is_refused_leaves_the_time)
{
	static const char *const texts[] = { "2025-09-08 21:48:00 xyz", "2025-09-08 21:48:61", "Feb 30 21:48:00", "12" };
	struct timestamp_reader r;

	timestamp_init(&r);
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		int64_t t = 7;

		ck_assert(!timestamp_parse(&r, span_str(texts[i]), &t));
		ck_assert_int_eq(t, 7);
	}
}
END_TEST

START_TEST(every_prefix_is_safe)
{
	struct timestamp_reader r;

	set_zone("UTC");
	timestamp_init(&r);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		for (size_t n = 0; n <= strlen(rows[i].text); n++) {
			char *copy = malloc(n + !n);
			int64_t t;

			memcpy(copy, rows[i].text, n);
			ck_assert_uint_le(timestamp_read(&r, span_of(copy, n), &t), n);
			timestamp_epoch(span_of(copy, n), &t);
			free(copy);
		}
}
END_TEST

static const char *const parts[][12] = {
	{ "2025-09-08 21:48", "2025-09-08T21:48", "2025-10-26 02:59", "2025-10-26 01:59", "08/Sep/2025:21:48",
	  "Mon Sep  8 21:48", "Sep  8 21:48", "2025/09/08 21:47" },
	{ ":00", ":59", ":07", ":60", ":7", "", ":0x" },
	{ ",219", ".5", ".210320", ".123456789", ".1234567890", "", ",", "." },
	{ "", "", "Z", "+09:00", " +0900", "+09", " UTC", " 2025", " +09", "z", "-03:30" },
	{ "", " INFO x", "] x", "\"", " [12] x", ":30", "5", "a", " Z", " ", "  UTC", ",1 x" },
};

static unsigned
draw(uint32_t *seed, unsigned n)
{
	*seed = *seed * 1664525 + 1013904223;
	return (*seed >> 16) % n;
}

/* Most parts stay from one stamp to the next, so that what a reader keeps of the last one is used. */
START_TEST(a_reader_that_has_read_others_reads_the_same)
{
	uint32_t seed = 1;
	unsigned chosen[ARRAY_SIZE(parts)] = { 0 };
	struct timestamp_reader used, fresh;
	char text[80];

	set_zone("CET-1CEST,M3.5.0,M10.5.0/3");
	timestamp_init(&used);
	used.yearless_ref = INT64_C(1761444000) * NSEC;
	for (int i = 0; i < 40000; i++) {
		int64_t t = 0, same = 0;
		unsigned part = draw(&seed, ARRAY_SIZE(parts));

		do
			chosen[part] = draw(&seed, ARRAY_SIZE(parts[0]));
		while (!parts[part][chosen[part]]);
		snprintf(text, sizeof text, "%s%s%s%s%s", parts[0][chosen[0]], parts[1][chosen[1]],
			 parts[2][chosen[2]], parts[3][chosen[3]], parts[4][chosen[4]]);
		timestamp_init(&fresh);
		fresh.yearless_ref = INT64_C(1761444000) * NSEC;
		size_t n = timestamp_read(&fresh, span_str(text), &t);

		ck_assert_msg(timestamp_read(&used, span_str(text), &same) == n, "%s", text);
		ck_assert_msg(same == t && (!n || used.naive == fresh.naive), "%s", text);
	}
}
END_TEST

static const struct {
	const char *text;
	bool ok;
	int64_t t;
} epochs[] = {
	{ "1757335680", true, INT64_C(1757335680000000000) },
	{ "1757335680.219", true, INT64_C(1757335680219000000) },
	{ "1757335680.2193204", true, INT64_C(1757335680219320400) },
	{ "1757335680219", true, INT64_C(1757335680219000000) },
	{ "1757335680219.5", true, INT64_C(1757335680219500000) },
	{ "1757335680219320", true, INT64_C(1757335680219320000) },
	{ "1757335680219320123", true, INT64_C(1757335680219320123) },
	{ "6974121599999999999", true, INT64_C(6974121599999999999) },
	{ "6974121600000000000", false, 0 },
	{ "6974121600", false, 0 },
	{ "9223372036854775807", false, 0 },
	{ "9223372036854775808", false, 0 },
	{ "99999999999999999999", false, 0 },
	{ "12", false, 0 },
	{ "", false, 0 },
	{ "-1757335680", false, 0 },
	{ "1757335680.", false, 0 },
	{ "1757335680x", false, 0 },
	{ "1757335680.21x", false, 0 },
	{ "NaN", false, 0 },
};

START_TEST(epochs_are_told_apart_by_size)
{
	int64_t t;

	ck_assert_msg(timestamp_epoch(span_str(epochs[_i].text), &t) == epochs[_i].ok, "%s",
		      epochs[_i].text);
	if (epochs[_i].ok)
		ck_assert_msg(t == epochs[_i].t, "%s: %lld", epochs[_i].text, (long long)t);
}
END_TEST

/* Now is 2025-09-08 21:48:00 in Seoul. */
#define NOW INT64_C(1757335680)

static const struct {
	const char *text;
	bool ok;
	int64_t seconds;
} humans[] = {
	{ "now", true, NOW },
	{ "today", true, INT64_C(1757257200) },
	{ "Yesterday", true, INT64_C(1757170800) },
	{ "-2h", true, NOW - 7200 },
	{ "-90", true, NOW - 90 },
	{ "-1h30m", true, NOW - 5400 },
	{ "10:30", true, INT64_C(1757295000) },
	{ "21:48", true, NOW },
	{ "22:15:30", true, INT64_C(1757250930) },
	{ "2025-09-01", true, INT64_C(1756652400) },
	{ "2025-09-01 10:00", true, INT64_C(1756688400) },
	{ " 2025-09-01T01:00:00Z ", true, INT64_C(1756688400) },
	{ "1757335680", true, NOW },
	{ "", false, 0 },
	{ "-", false, 0 },
	{ "-2x", false, 0 },
	{ "25:00", false, 0 },
	{ "tomorrow", false, 0 },
	{ "2025-02-30", false, 0 },
};

START_TEST(people_write_times)
{
	int64_t t = 0;

	set_zone("Asia/Seoul");
	ck_assert_msg(timestamp_human(span_str(humans[_i].text), NOW * NSEC, &t) == humans[_i].ok,
		      "%s", humans[_i].text);
	if (humans[_i].ok)
		ck_assert_msg(t == humans[_i].seconds * NSEC, "%s: %lld", humans[_i].text,
			      (long long)t);
}
END_TEST

static Suite *
suite(void)
{
	Suite *s = suite_create("timestamp");
	TCase *c = tcase_create("timestamp");

	tcase_add_loop_test(c, stamps_are_read, 0, ARRAY_SIZE(rows));
	tcase_add_loop_test(c, stamps_mean_what_python_says, 0, ARRAY_SIZE(stamps));
	tcase_add_test(c, a_reader_forgets_what_is_over);
	tcase_add_test(c, a_reader_that_has_read_others_reads_the_same);
	tcase_add_test(c, what_is_refused_leaves_the_time);
	tcase_add_test(c, every_prefix_is_safe);
	tcase_add_loop_test(c, epochs_are_told_apart_by_size, 0, ARRAY_SIZE(epochs));
	tcase_add_loop_test(c, people_write_times, 0, ARRAY_SIZE(humans));
	suite_add_tcase(s, c);
	return s;
}

int
main(void)
{
	return unit_run(suite());
}
