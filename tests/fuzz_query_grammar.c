/*
 * Fuzzes the query language with queries that are made by its grammar, and with
 * the same queries damaged. The input decides what is made; where it ends, numbers
 * go on that follow from it.
 *
 * Checked beyond crashes: a query that the grammar makes is none that more typing
 * could mend; the shortcuts never contradict the long way; and nothing takes long,
 * patterns that try without end included, which are given up and counted.
 */
#include "config.h"

#include "core/query.h"

#include "core/alloc.h"
#include "core/clock.h"
#include "core/strbuf.h"
#include "tests/fuzz.h"

#include <stdlib.h>

enum { QUERIES = 24, DEPTH = 6, LONG = 20000 };

/* Time for one query on all records; sanitizers and a busy machine take their part. */
static const int64_t most_ns = 20 * NSEC;

struct maker {
	const uint8_t *data;
	size_t size;
	uint64_t state;
	struct strbuf out;
};

static unsigned
choose(struct maker *m, unsigned n)
{
	if (m->size) {
		m->size--;
		return *m->data++ % n;
	}
	m->state ^= m->state << 13;
	m->state ^= m->state >> 7;
	m->state ^= m->state << 17;
	return (unsigned)(m->state % n);
}

#define CHOOSE(m, list) (list)[choose(m, ARRAY_SIZE(list))]

static const char *const words[] = {
	"error", "Timeout", "http://x/y?a=b", "views.py:103", "a->b", "get_user(1)", "caf\xc3\xa9", "\xec\xa3\xbc\xeb\xac\xb8",
	"%s", "a*b", "--", "x", "\xff\xfe", "10:30", "AKIA", "\\u00f6", "K\xc3\xb6ln",
};
static const char *const fields[] = {
	"level", "logger", "message", "text", "user_id", "path", "status", "duration", "size", "time", "source", "format",
	"any.key", "h.s", "n", "pid", "exception", "traceback", "module", "route", "frame", "\"a key\"", "since", "until",
};
static const char *const ops[] = { "=", "!=", "<", "<=", ">", ">=", "~", "!~", ":", "==", "=~" };
static const char *const values[] = {
	"1", "-3.5e7", "5xx", "1.5s", "10kB", "4k", "warning", "10:30", "2025-09-09", "2025-09-09T09:30:00.1Z", "-2h",
	"yesterday", "django.*", "*", "a*b*c", "\"x y\"", "\"\"", "^/api/", "(a|b)+$", "none", "json", "app.log", "[a-z", "NaN",
	"1e999", "\"\\\"\\\\\"", "42",
};
static const char *const patterns[] = {
	"/a+b/", "/(a+)+$/", "/(a|aa)+$/i", "/(.*)*x/", "/^INFO|x$/", "/\\bK\\w+/", "/[\xc3\xa9]/", "/a{1,50}{1,50}b/",
	"/(?=(a+))\\1z/", "/\\//", "/((((a*)*)*)*)*b/", "/x*?y/i", "/(?:a?){40}a{40}/",
};

static void
make_term(struct maker *m)
{
	switch (choose(m, 6)) {
	case 0:
		strbuf_str(&m->out, CHOOSE(m, words));
		break;
	case 1:
		strbuf_addf(&m->out, "\"%s %s\"", CHOOSE(m, words), CHOOSE(m, words));
		break;
	case 2:
		strbuf_str(&m->out, CHOOSE(m, patterns));
		break;
	case 3:
		strbuf_addf(&m->out, "has:%s", CHOOSE(m, fields));
		break;
	default:
		strbuf_str(&m->out, CHOOSE(m, fields));
		strbuf_str(&m->out, CHOOSE(m, ops));
		strbuf_str(&m->out, CHOOSE(m, values));
	}
}

static void
make_query(struct maker *m, unsigned depth)
{
	static const char *const joins[] = { " ", " AND ", " OR ", "  " };
	static const char *const before[] = { "NOT ", "-", "(", "NOT NOT " };

	if (depth == DEPTH || choose(m, 5) < 2) {
		make_term(m);
	} else if (choose(m, 2)) {
		make_query(m, depth + 1);
		strbuf_str(&m->out, CHOOSE(m, joins));
		make_query(m, depth + 1);
	} else {
		const char *sign = CHOOSE(m, before);

		strbuf_str(&m->out, sign);
		make_query(m, depth + 1);
		strbuf_str(&m->out, *sign == '(' ? ")" : "");
	}
}

/* A byte changed, a piece taken out, the end cut off. */
static void
damage(struct maker *m)
{
	static const char bytes[] = "()\"/\\-=<>~!:*[] \t\n\xff" "AN0";

	for (unsigned n = choose(m, 4); n && m->out.n; n--) {
		size_t at = choose(m, (unsigned)m->out.n);

		switch (choose(m, 3)) {
		case 0:
			m->out.p[at] = bytes[choose(m, sizeof bytes)];
			break;
		case 1:
			memmove(m->out.p + at, m->out.p + at + 1, m->out.n - at);
			m->out.n--;
			break;
		default:
			m->out.n = at;
		}
	}
}

/* ---- asking --------------------------------------------------------------------------- */

static char many[LONG + 1];

static const struct {
	const char *format, *bytes;
	enum level level;
} records[] = {
	{ "json", "{\"levelname\": \"ERROR\", \"asctime\": \"2025-09-09 09:30:00,120\", \"name\": \"django.db\", \"a key\": 1, "
		  "\"message\": \"K\\u00f6ln \\\"x y\\\"\", \"user_id\": 42, \"duration\": 1.75, \"any\": {\"key\": \"5xx\"}, "
		  "\"path\": \"\\/api\\/7\\/\", \"h\": {\"s\": [1, 2]}, \"n\": null, \"exc_info\": \"ValueError: x\"}", LEVEL_ERROR },
	{ "django", "INFO 2025-09-09 09:45:00,001 views 17 139 Timeout of get_user(1)\nTraceback (most recent call last):\n"
		    "  File \"views.py\", line 103, in f\nValueError: x", LEVEL_INFO },
	{ "raw", many, LEVEL_NONE },
	{ "raw", "", LEVEL_NONE },
};

static void
check_record(struct query *q, struct record *r)
{
	bool match = query_match(q, r), answer;
	uint32_t levels[LEVEL_COUNT] = { 0 };
	struct query_summary s = { r->time, r->time, levels, r->source };
	size_t start, end;

	levels[r->level] = 1;
	if (query_match_columns(q, r->level, r->time, &answer))
		FUZZ_ASSERT(answer == match);
	FUZZ_ASSERT(query_may_match(q, &s) || !match);
	if (query_next_hit(q, r->bytes, 0, &start, &end))
		FUZZ_ASSERT(start < end && end <= r->bytes.n);
}

static void
ask(struct query *q)
{
	static struct parser parser;
	struct record r = { .source = SPAN_LIT("logs/app.log"), .parser = &parser };
	int64_t begun = clock_mono();

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
	FUZZ_ASSERT(clock_mono() - begun < most_ns);
	record_release(&r);
	parser_release(&parser);
}

static void
try_query(struct span text)
{
	struct err err = { 0 };
	struct query *q = query_compile(text, INT64_C(1757412000) * NSEC, &err);

	if (!q) {
		FUZZ_ASSERT(err.code != QUERY_OK && err.pos <= text.n && err.msg[0]);
		return;
	}
	char *dump = query_dump(q);

	FUZZ_ASSERT(dump[0] == '(');
	free(dump);
	ask(q);
	query_free(q);
}

/* A pattern that has no end to its tries is given up, and says so. */
static void
check_limit(void)
{
	static struct parser parser;
	struct record r = { .bytes = span_str(many), .parser = &parser };
	struct err err;
	struct query *q = query_compile(SPAN_LIT("/^(a+)+$/"), 0, &err);

	parser_init(&parser);
	r.format = format_by_name("raw");
	FUZZ_ASSERT(q && !query_match(q, &r) && query_limited(q) > 0);
	query_free(q);
	record_release(&r);
	parser_release(&parser);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct maker m = { .data = data, .size = size, .state = size + 88172645463325252u };

	for (size_t i = 0; i < size; i++)
		m.state = (m.state ^ data[i]) * 0x100000001b3u | 1;
	if (!many[0]) {
		memset(many, 'a', LONG - 1);
		many[LONG - 1] = '!';
		check_limit();
	}
	for (int i = 0; i < QUERIES; i++) {
		strbuf_clear(&m.out);
		make_query(&m, 0);
		try_query(strbuf_span(&m.out));
		damage(&m);
		try_query(strbuf_span(&m.out));
	}
	strbuf_release(&m.out);
	return 0;
}
