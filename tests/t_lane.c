/*
 * Unit tests of core/lane: which records are handed out, when, and once each;
 * and of core/dedup over what it hands out.
 */
#include "config.h"

#include "core/dedup.h"
#include "core/lane.h"
#include "tests/source_script.h"

#define AT(second) "2025-09-09 10:00:" second ",000 "
#define TRACE "Traceback (most recent call last):\n  File \"a.py\", line 1, in f\nValueError: no\n"

static struct lane lane;

static void
setup(void)
{
	append("app.log", "");
	ck_assert_int_eq(source_open(s), 0);
	lane_init(&lane, s, NULL);
}

static void
teardown(void)
{
	lane_release(&lane);
}

/* All records that are complete, "|" after each. */
static const char *
taken(void)
{
	struct record r = { 0 };
	struct block *b;
	uint32_t row;

	strbuf_clear(&got);
	strbuf_str(&got, "");
	while (lane_pull(&lane, 1 << 16, 1))
		;
	while ((b = lane_next(&lane, &row))) {
		ck_assert(block_record(b, row, &r));
		strbuf_add(&got, r.bytes);
		strbuf_char(&got, '|');
		lane_pass(&lane);
	}
	record_release(&r);
	return got.p;
}

START_TEST(a_record_is_complete_when_the_next_begins)
{
	append("app.log", AT("01") "ERROR app: one\n");
	ck_assert_str_eq(taken(), "");
	ck_assert(lane_pending(&lane));
	append("app.log", TRACE);
	ck_assert_str_eq(taken(), "");
	append("app.log", AT("02") "INFO app: two\n");
	ck_assert_str_eq(taken(), AT("01") "ERROR app: one\nTraceback (most recent call last):\n"
					   "  File \"a.py\", line 1, in f\nValueError: no|");
	ck_assert_str_eq(taken(), "");
}
END_TEST

START_TEST(one_that_takes_no_more_lines_is_complete_at_once)
{
	append("app.log", "{\"level\":\"INFO\",\"message\":\"one\",\"time\":\"2025-09-09T10:00:00Z\"}\n");
	ck_assert_str_ne(taken(), "");
	ck_assert(!lane_pending(&lane));
}
END_TEST

START_TEST(a_settled_record_is_given_once)
{
	append("app.log", AT("01") "INFO app: one\n");
	ck_assert_str_eq(taken(), "");
	ck_assert(!lane_patient(&lane));
	lane_settle(&lane);
	ck_assert_str_eq(taken(), AT("01") "INFO app: one|");
	append("app.log", "late line\n");
	ck_assert_str_eq(taken(), "late line|");
	append("app.log", AT("02") "INFO app: two\n" AT("03") "INFO app: three\n");
	ck_assert_str_eq(taken(), AT("02") "INFO app: two|");
}
END_TEST

START_TEST(errors_and_half_lines_are_given_time)
{
	append("app.log", AT("01") "ERROR app: one\n");
	taken();
	ck_assert(lane_patient(&lane));
	append("app.log", AT("02") "INFO app: two\n");
	taken();
	ck_assert(!lane_patient(&lane));
	append("app.log", "and ha");
	taken();
	ck_assert(lane_patient(&lane));
}
END_TEST

START_TEST(rotation_ends_a_record)
{
	append("app.log", AT("01") "INFO app: one\n");
	ck_assert_str_eq(taken(), "");
	rotate("app.log.1", AT("02") "INFO app: two\n");
	ck_assert_str_eq(taken(), AT("01") "INFO app: one|");
	ck_assert(lane_pending(&lane));
}
END_TEST

START_TEST(little_is_held)
{
	struct strbuf text = STRBUF_INIT;
	uint32_t row;
	unsigned n = 0;

	while (text.n < 4 << 20)
		strbuf_str(&text, AT("01") "INFO app: a line that says nothing much\n");
	append("app.log", text.p);
	while (lane_pull(&lane, 64 << 10, 1)) {
		for (; lane_next(&lane, &row); lane_pass(&lane))
			n++;
		ck_assert_uint_le(lane.n, 2);
	}
	for (; lane_next(&lane, &row); lane_pass(&lane))
		n++;
	ck_assert_uint_eq(n + 1, text.n / strlen(AT("01") "INFO app: a line that says nothing much\n"));
	strbuf_release(&text);
}
END_TEST

/* ---- duplicates ---------------------------------------------------------------------- */

static struct dedup *dedup;
static struct parser parser;

/* Which of the records are new: "1" or "0" each. */
static const char *
novelty(void)
{
	static char digits[64];
	struct record r = { 0 };
	struct block *b;
	uint32_t row;
	size_t n = 0;

	parser_init(&parser);
	while (lane_pull(&lane, 1 << 16, 1))
		;
	lane_settle(&lane);
	for (; (b = lane_next(&lane, &row)); lane_pass(&lane)) {
		ck_assert(block_record(b, row, &r));
		r.parser = &parser;
		bool seen = dedup_seen(dedup, &r);

		if (n + 1 < sizeof digits)
			digits[n++] = seen ? '0' : '1';
	}
	digits[n] = '\0';
	record_release(&r);
	parser_release(&parser);
	return digits;
}

static const struct {
	const char *lines, *novelty;
} same_rows[] = {
	{ AT("01") "INFO app: x\n" AT("01") "INFO app: x\n" AT("01") "INFO app: x\n", "100" },
	{ AT("01") "INFO app: x\n" AT("02") "INFO app: x\n", "11" },
	{ AT("01") "INFO app: x\n" AT("01") "INFO app: y\n", "11" },
	{ AT("01") "INFO app: x\n" AT("01") "INFO other: x\n", "11" },
	{ AT("01") "INFO app: x\n" AT("02") "INFO app: y\n" AT("01") "INFO app: x\n", "110" },
	{ AT("01") "ERROR app: x\n" TRACE AT("01") "ERROR app: x\n" TRACE, "10" },
	{ AT("01") "ERROR app: x\n" TRACE AT("01") "ERROR app: x\n", "11" },
	{ "no time\nno time\n", "11" },
	{ "{\"time\":\"2025-09-09T10:00:00Z\",\"message\":\"x\",\"pid\":1}\n"
	  "{\"time\":\"2025-09-09T10:00:00Z\",\"message\":\"x\",\"pid\":2}\n"
	  "{\"pid\":1,\"message\":\"x\",\"time\":\"2025-09-09T10:00:00Z\"}\n", "110" },
};

START_TEST(what_is_the_same)
{
	dedup = dedup_new();
	append("app.log", same_rows[_i].lines);
	ck_assert_str_eq(novelty(), same_rows[_i].novelty);
	dedup_free(dedup);
}
END_TEST

static void
append_numbered(unsigned from, unsigned to)
{
	struct strbuf text = STRBUF_INIT;

	for (unsigned i = from; i < to; i++)
		strbuf_addf(&text, AT("01") "INFO app: %u\n", i);
	append("app.log", text.p);
	strbuf_release(&text);
}

START_TEST(only_the_last_are_remembered)
{
	dedup = dedup_new();
	append_numbered(0, DEDUP_WINDOW);
	novelty();
	append_numbered(0, 1);
	ck_assert_str_eq(novelty(), "0");
	append_numbered(DEDUP_WINDOW, DEDUP_WINDOW + 1);
	ck_assert_str_eq(novelty(), "1");
	append_numbered(0, 2);
	/* 0 was pushed out; its return pushed out 1. */
	ck_assert_str_eq(novelty(), "11");
	append_numbered(3, 4);
	ck_assert_str_eq(novelty(), "0");
	ck_assert_uint_eq(dedup_folded(dedup), 2);
	dedup_free(dedup);
}
END_TEST

static Suite *
lane_suite(void)
{
	Suite *suite = suite_create("lane");
	TCase *tc = script_case(suite, "records");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, a_record_is_complete_when_the_next_begins);
	tcase_add_test(tc, one_that_takes_no_more_lines_is_complete_at_once);
	tcase_add_test(tc, a_settled_record_is_given_once);
	tcase_add_test(tc, errors_and_half_lines_are_given_time);
	tcase_add_test(tc, rotation_ends_a_record);
	tcase_add_test(tc, little_is_held);
	tc = script_case(suite, "duplicates");
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, what_is_the_same, 0, ARRAY_SIZE(same_rows));
	tcase_add_test(tc, only_the_last_are_remembered);
	return suite;
}

int
main(void)
{
	return unit_run(lane_suite());
}
