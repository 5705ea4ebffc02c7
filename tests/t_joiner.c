/* Unit tests of core/joiner and core/block: bytes to records. */
#include "config.h"

#include "core/alloc.h"
#include "core/joiner.h"
#include "tests/unit.h"

#include <stdlib.h>

#define HEAD "INFO 2025-09-08 21:48:00,123 views 17771 1396 "
#define BAD "ERROR 2025-09-08 21:48:01,000 views 17771 1396 "
#define JSON "{\"asctime\": \"2025-09-08 21:48:00,219\", \"levelname\": \"INFO\", \"message\": \"m\"}"

/* Records of `text` as "size format/size format", lines and cuts after a bar. */
static char *
describe(struct span text, size_t piece, bool finish)
{
	struct strbuf out = STRBUF_INIT;
	struct block *b = block_new(0, 0, NULL);
	struct joiner j;

	joiner_init(&j, NULL, NULL);
	joiner_start(&j, b, 0);
	while (text.n) {
		struct span part = span_head(text, piece);

		memcpy(block_room(b, part.n), part.p, part.n);
		b->len += part.n;
		joiner_feed(&j, SIZE_MAX);
		text = span_from(text, part.n);
	}
	if (finish)
		joiner_finish(&j);
	block_seal(b, 0);
	block_check(b);
	for (uint32_t i = 0; i < b->n; i++)
		strbuf_addf(&out, "%s%u %s", i ? "/" : "", b->size[i], format_get(b->format[i])->name);
	strbuf_addf(&out, "|%u", b->lines);
	if (b->cut)
		strbuf_addf(&out, " cut %u", b->cut);
	joiner_release(&j);
	block_free(b);
	return out.p;
}

static const struct {
	const char *text, *records;
	bool finish;
} rows[] = {
	{ "", "|0", true },
	{ JSON "\n", "75 json|1", true },
	{ JSON, "|0", false },
	{ JSON, "75 json|1", true },
	{ JSON "\r\n", "75 json|1", true },
	{ HEAD "a\n" HEAD "b\n", "47 django/47 django|2", true },
	/* continuation lines, blank ones inside included, belong to the text record before them */
	{ BAD "x\nTraceback (most recent call last):\n\n  File\nValueError: y\n" HEAD "b\n", "105 django/47 django|6", true },
	/* but never to a JSON record */
	{ JSON "\n  stray\n" JSON "\n", "75 json/7 raw/75 json|3", true },
	{ JSON "\n\n" JSON "\n", "75 json/75 json|3", true },
	{ "stray\n" HEAD "a\n", "5 raw/47 django|2", true },
	{ "stray\nmore\n", "5 raw/4 raw|2", true },
	/* a start that any format knows ends the record before it */
	{ HEAD "a\n" JSON "\n", "47 django/75 json|2", true },
	/* but a line of another format from another year was pasted into the message */
	{ HEAD "a\n[2021-01-01 00:00:00 +0000] [77] [CRITICAL] pasted\n", "98 django|2", true },
	{ HEAD "a\n[2025-09-08 21:48:01 +0000] [77] [CRITICAL] not\n", "47 django/47 gunicorn|2", true },
	{ "INFO 1900-09-08 21:48:00,123 v 1 2 a\n[2190-01-01 00:00:00 +0000] [77] [CRITICAL] pasted\n", "87 django|2", true },
};

START_TEST(records_of_text)
{
	for (size_t piece = 1; piece < 200; piece += 13) {
		char *got = describe(span_str(rows[_i].text), piece, rows[_i].finish);

		ck_assert_str_eq(got, rows[_i].records);
		free(got);
	}
}
END_TEST

START_TEST(an_overlong_line_is_cut_and_counted)
{
	size_t n = 3 * LINE_MAX_BYTES;
	char *text = xmalloc(n + 200);

	memset(text, 'x', n);
	strcpy(text + n, "\n" JSON "\n");
	for (size_t piece = 4096; piece <= 4 * n; piece *= 9) {
		char *got = describe(span_str(text), piece, true);

		ck_assert_str_eq(got, "1048576 raw/75 json|2 cut 1");
		free(got);
	}
	free(text);
}
END_TEST

/* Nor is it taken for pasted: whether a block ends before it makes no difference. */
START_TEST(a_full_record_takes_no_further_line)
{
	struct strbuf text = STRBUF_INIT;

	strbuf_str(&text, HEAD "a\n");
	for (unsigned i = 1; i < RECORD_MAX_BYTES / 1024; i++)
		strbuf_addf(&text, "%01023u\n", i);
	strbuf_addf(&text, "[2021-01-01 00:00:00 +0000] [77] [CRITICAL] %01000u\n", 0);
	char *got = describe(strbuf_span(&text), SIZE_MAX, true);

	ck_assert_str_eq(got, "4193327 django/1044 gunicorn|4097");
	free(got);
	strbuf_release(&text);
}
END_TEST

START_TEST(zero_bytes_and_binary_are_raw_lines)
{
	static const char text[] = "\0\0\1\377\n" JSON "\n";
	char *got = describe(span_of(text, sizeof text - 1), 7, true);

	ck_assert_str_eq(got, "4 raw/75 json|2");
	free(got);
}
END_TEST

START_TEST(a_full_block_ends_before_the_next_start)
{
	static const char text[] = HEAD "a\nmore\n" HEAD "b\n";
	struct block *b = block_new(0, 0, NULL);
	struct joiner j;

	joiner_init(&j, NULL, NULL);
	joiner_start(&j, b, 0);
	memcpy(block_room(b, sizeof text), text, sizeof text - 1);
	b->len = sizeof text - 1;
	ck_assert(joiner_feed(&j, 10));
	ck_assert_uint_eq(j.framed, strlen(HEAD "a\nmore\n"));
	ck_assert_uint_eq(b->n, 1);
	joiner_release(&j);
	block_free(b);
}
END_TEST

START_TEST(rows_out_of_time_order_get_an_order)
{
	static const char text[] =
		"INFO 2025-09-08 21:48:03,000 v 1 2 third\n"
		"INFO 2025-09-08 21:48:01,000 v 1 2 first\n"
		"INFO 2025-09-08 21:48:02,000 v 1 2 second\n"
		"INFO 2025-09-08 21:48:02,000 v 1 2 second again\n";
	static const uint32_t order[] = { 1, 2, 3, 0 };
	struct block *b = block_new(0, 0, NULL);
	struct joiner j;

	joiner_init(&j, NULL, NULL);
	joiner_start(&j, b, 0);
	memcpy(block_room(b, sizeof text), text, sizeof text - 1);
	b->len = sizeof text - 1;
	joiner_feed(&j, SIZE_MAX);
	block_seal(b, 0);
	block_check(b);
	for (uint32_t i = 0; i < 4; i++)
		ck_assert_uint_eq(block_row(b, i), order[i]);
	joiner_release(&j);
	block_free(b);
}
END_TEST

START_TEST(lines_before_the_first_time_get_it)
{
	static const char text[] = "stray\nstray\n" HEAD "a\n";
	struct block *b = block_new(0, 0, NULL);
	struct joiner j;

	joiner_init(&j, NULL, NULL);
	joiner_start(&j, b, 0);
	memcpy(block_room(b, sizeof text), text, sizeof text - 1);
	b->len = sizeof text - 1;
	joiner_feed(&j, SIZE_MAX);
	block_seal(b, 77);
	block_check(b);
	ck_assert(b->time[0] == b->time[2] && b->time[1] == b->time[2] && b->first == b->time[2]);
	ck_assert(!(b->flags[0] & ROW_OWN_TIME) && (b->flags[2] & ROW_OWN_TIME));
	joiner_release(&j);
	block_free(b);
}
END_TEST

START_TEST(finds_where_the_first_record_starts)
{
	static const char text[] = "half a line\n  File x\nValueError\n" HEAD "a\n" HEAD "b\n";
	struct parser p;

	parser_init(&p);
	ck_assert_int_eq(joiner_find_start(&p, span_str(text)), (int)strlen("half a line\n  File x\nValueError\n"));
	ck_assert_int_eq(joiner_find_start(&p, span_str("no\nstart\n")), -1);
	ck_assert_int_eq(joiner_find_start(&p, span_str("no line end")), -1);
	parser_release(&p);
}
END_TEST

static Suite *
suite(void)
{
	Suite *s = suite_create("joiner");
	TCase *t = tcase_create("joiner");

	tcase_add_loop_test(t, records_of_text, 0, ARRAY_SIZE(rows));
	tcase_add_test(t, an_overlong_line_is_cut_and_counted);
	tcase_add_test(t, a_full_record_takes_no_further_line);
	tcase_add_test(t, zero_bytes_and_binary_are_raw_lines);
	tcase_add_test(t, a_full_block_ends_before_the_next_start);
	tcase_add_test(t, rows_out_of_time_order_get_an_order);
	tcase_add_test(t, lines_before_the_first_time_get_it);
	tcase_add_test(t, finds_where_the_first_record_starts);
	suite_add_tcase(s, t);
	return s;
}

int
main(void)
{
	return unit_run(suite());
}
