/*
 * Fuzzes the query language: what compiles is dumped, asked of a fixed set of
 * records, and used to mark their text. The input is the query.
 *
 * Checked beyond crashes: an error lies within the text; the shortcuts
 * (columns, summary, candidates) never contradict the long way; marks go
 * forward.
 */
#include "config.h"

#include "core/query.h"

#include "core/alloc.h"
#include "tests/fuzz.h"

#include <stdlib.h>

static const struct {
	const char *format, *bytes;
	enum level level;
} records[] = {
	{ "json", "{\"levelname\": \"ERROR\", \"asctime\": \"2025-09-09 09:30:00,120\", \"name\": \"a.b\", "
		  "\"message\": \"K\\u00f6ln \\\"x\\\"\", \"user_id\": 42, \"duration\": 1.75, "
		  "\"path\": \"\\/a\\/7\\/\", \"h\": {\"s\": [1, 2]}, \"n\": null}", LEVEL_ERROR },
	{ "django", "INFO 2025-09-09 09:45:00,001 views 17 139 Gr\xc3\xb6\xc3\x9f" "e\n"
		    "Traceback (most recent call last):\n  File \"a.py\", line 3, in f\nValueError: x",
	  LEVEL_INFO },
	{ "raw", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa \xff\xfe\\u00", LEVEL_NONE },
	{ "raw", "", LEVEL_NONE },
};

static void
check_marks(struct query *q, struct span text)
{
	size_t at = 0, start, end;

	while (query_next_hit(q, text, at, &start, &end)) {
		FUZZ_ASSERT(start >= at && end > start && end <= text.n);
		at = end;
	}
}

static void
check_record(struct query *q, struct record *r)
{
	bool match = query_match(q, r), answer;
	uint32_t levels[LEVEL_COUNT] = { 0 };
	struct query_summary s = { r->time, r->time, levels, r->source };

	levels[r->level] = 1;
	FUZZ_ASSERT(query_match(q, r) == match);
	if (query_match_columns(q, r->level, r->time, &answer))
		FUZZ_ASSERT(answer == match);
	FUZZ_ASSERT(query_may_match(q, &s) || !match);
	check_marks(q, r->bytes);
}

static void
check_query(struct query *q)
{
	static struct parser parser;
	struct record r = { .source = SPAN_LIT("logs/app.log"), .parser = &parser };

	parser_init(&parser);
	for (size_t i = 0; i < ARRAY_SIZE(records); i++) {
		record_reset(&r);
		r.bytes = span_str(records[i].bytes);
		r.format = format_by_name(records[i].format);
		r.level = records[i].level;
		r.time = i < 2 ? INT64_C(1757410200) * NSEC : TIME_NONE;
		r.own_time = i < 2;
		check_record(q, &r);
	}
	record_release(&r);
	parser_release(&parser);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span text = span_of((const char *)data, size);
	struct err err;
	struct query *q = query_compile(text, INT64_C(1757412000) * NSEC, &err);

	if (!q) {
		FUZZ_ASSERT(err.code != QUERY_OK && err.pos <= size && err.msg[0]);
		return 0;
	}
	char *dump = query_dump(q);

	FUZZ_ASSERT(dump[0] == '(');
	free(dump);
	check_query(q);
	query_free(q);
	return 0;
}
