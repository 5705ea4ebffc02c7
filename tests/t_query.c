/* Unit tests of the query language: what is understood, what is refused, and what matches. */
#include "config.h"

#include "core/query.h"

#include "core/alloc.h"
#include "tests/unit.h"

#include <locale.h>
#include <stdlib.h>

/* 2025-09-09 10:00:00 UTC */
#define NOW (INT64_C(1757412000) * NSEC)

static const struct {
	const char *query, *dump;
} dump_rows[] = {
	{ "", "(all)" },
	{ "  \t", "(all)" },
	{ "error timeout", "(and (word \"error\") (word \"timeout\"))" },
	{ "Error", "(word-case \"Error\")" },
	{ "größe Größe Ümlaut", "(and (word \"größe\") (word-case \"Größe\") (word-case \"Ümlaut\"))" },
	{ "\"exact phrase\"", "(word \"exact phrase\")" },
	{ "\"a \\\"b\\\" \\d \\\\\"", "(word \"a \\\"b\\\" \\\\d \\\\\")" },
	{ "/reg.ex/ /a b/i", "(and (regex-case \"reg.ex\") (regex \"a b\"))" },
	{ "/api/orders/", "(word \"/api/orders/\")" },
	{ "/login /index.html", "(and (word \"/login\") (word \"/index.html\"))" },
	{ "get_user(1) (a)", "(and (word \"get_user(1)\") (word \"a\"))" },
	{ "http://x views.py:103 10:30 a->b",
	  "(and (word \"http://x\") (word \"views.py:103\") (word \"10:30\") (word \"a->b\"))" },
	{ "-> - --limit", "(and (word \"->\") (word \"-\") (word \"--limit\"))" },
	/* Precedence: NOT, AND, OR. */
	{ "a b OR c AND NOT d",
	  "(or (and (word \"a\") (word \"b\")) (and (word \"c\") (not (word \"d\"))))" },
	{ "-a -(b OR c)", "(and (not (word \"a\")) (not (or (word \"b\") (word \"c\"))))" },
	{ "NOT NOT a", "(not (not (word \"a\")))" },
	{ "and or not", "(and (word \"and\") (word \"or\") (word \"not\"))" },
	{ "((a))", "(word \"a\")" },
	/* As written, whatever the order of evaluation. */
	{ "/a+/ level=error", "(and (regex-case \"a+\") (level ERROR))" },
	/* Values by the kind of the field. */
	{ "level>=warning", "(level WARNING ERROR CRITICAL)" },
	{ "level!=err", "(level NONE TRACE DEBUG INFO WARNING CRITICAL)" },
	{ "level:none level<debug", "(and (level NONE) (level NONE TRACE))" },
	{ "status=5xx", "(= status 500..599)" },
	{ "status==404 status:500", "(and (= status 404) (= status 500))" },
	{ "status<5xx status>4xx", "(and (< status 500) (> status 499))" },
	{ "status=50*", "(= status \"50*\")" },
	{ "duration>1.5s duration<=250ms duration<2m",
	  "(and (> duration 1.5) (<= duration 0.25) (< duration 120))" },
	{ "size<10kB", "(< size 10240)" },
	{ "time>=10:30", "(>= time 2025-09-08T10:30:00.000+00:00)" },
	{ "time<2025-09-09T10:00", "(< time 2025-09-09T10:00:00.000+00:00)" },
	{ "since:-10m", "(>= time 2025-09-09T09:50:00.000+00:00)" },
	{ "user_id=42 logger=django.* path~^/api/ event!=login",
	  "(and (= user_id \"42\") (= logger \"django.*\") (~ path \"^/api/\") (!= event \"login\"))" },
	{ "path~^/(a|b)/ x", "(and (~ path \"^/(a|b)/\") (word \"x\"))" },
	{ "(path~^/(a|b))", "(~ path \"^/(a|b)\")" },
	{ "path!~\"a b\"", "(!~ path \"a b\")" },
	{ "module=x request=y user=z", "(and (= logger \"x\") (= request_id \"y\") (= user_id \"z\"))" },
	{ "text:\"a b\" message:c text~d", "(and (: message \"a b\") (: message \"c\") (~ message \"d\"))" },
	{ "source:error.log format=json", "(and (= source \"error.log\") (= format \"json\"))" },
	{ "has:exception has:cart.id", "(and (has exception) (has cart.id))" },
	{ "cart.owner=me cart.items>=10k", "(and (= cart.owner \"me\") (>= cart.items 10000))" },
	{ "uid=7 ids=7", "(and (= uid \"7\") (= ids \"7\"))" },
	{ "\"pth\"=3 \"a b\">2", "(and (= pth \"3\") (> a b 2))" },
};

static const struct {
	const char *query;
	int code;
	size_t pos;
	const char *message;
} error_rows[] = {
	{ "pth=3", QUERY_BAD, 0, "unknown field \"pth\" (did you mean path?)" },
	{ "a statsu>=3", QUERY_BAD, 2, "unknown field \"statsu\" (did you mean status?)" },
	{ "has:exeption", QUERY_BAD, 4, "unknown field \"exeption\" (did you mean exception?)" },
	{ "level>=wanring", QUERY_BAD, 7, "unknown level \"wanring\" (did you mean WARNING?)" },
	{ "format=jsno", QUERY_BAD, 7, "unknown format \"jsno\" (did you mean json?)" },
	{ "status=9xx", QUERY_BAD, 7, "\"9xx\" is no status (such as 404 or 5xx)" },
	{ "duration>fast", QUERY_BAD, 9, "\"fast\" is no duration (such as 1.5s, 250ms or 2m)" },
	{ "size>big", QUERY_BAD, 5, "\"big\" is no size (such as 512, 10kB or 1.5M)" },
	{ "pid=me", QUERY_BAD, 4, "\"me\" is no number" },
	{ "time>noon", QUERY_BAD, 5,
	  "\"noon\" is no time (such as 10:30, 2025-09-09T10:00, -2h or yesterday)" },
	{ "time~10", QUERY_BAD, 0, "time cannot be compared with ~" },
	{ "since=10:30", QUERY_BAD, 0, "since cannot be compared with =" },
	{ "a)", QUERY_BAD, 1, "no parenthesis is open here" },
	{ "()", QUERY_BAD, 1, "a search term is missing before )" },
	{ "OR x", QUERY_BAD, 0, "a search term is missing before OR" },
	{ "a AND OR b", QUERY_BAD, 6, "a search term is missing before OR" },
	{ "x >= 3", QUERY_BAD, 2, "no field right before >= (quote it to search for it)" },
	{ "level>= warn", QUERY_BAD, 7, "a value is missing after level>=" },
	{ "x /a[b/", QUERY_BAD, 6, "bad pattern: missing terminating ] for character class" },
	{ "path~a**", QUERY_BAD, 7, NULL },
	{ "\"\"=3", QUERY_BAD, 0, "a name is missing" },
	{ "(a", QUERY_INCOMPLETE, 0, "the parenthesis is still open" },
	{ "(", QUERY_INCOMPLETE, 1, "a search term is missing at the end" },
	{ "a AND", QUERY_INCOMPLETE, 5, "a search term is missing at the end" },
	{ "a OR ", QUERY_INCOMPLETE, 5, "a search term is missing at the end" },
	{ "NOT", QUERY_INCOMPLETE, 3, "a search term is missing at the end" },
	{ "a -", QUERY_INCOMPLETE, 3, "a search term is missing at the end" },
	{ "a \"open", QUERY_INCOMPLETE, 2, "the quote is still open" },
	{ "path=\"open", QUERY_INCOMPLETE, 5, "the quote is still open" },
	{ "level>=", QUERY_INCOMPLETE, 7, "a value is missing after level>=" },
	{ "has:", QUERY_INCOMPLETE, 4, "a value is missing after has:" },
	{ "/a[b", QUERY_INCOMPLETE, 0, "the pattern needs a / at its end" },
	{ "path~(a", QUERY_INCOMPLETE, 7, "bad pattern: missing closing parenthesis" },
};

/* Records to ask about. */
static const struct {
	const char *bytes;
	const char *format; /* NULL: raw */
	const char *source;
	enum level level;
} records[] = {
	{ "{\"levelname\": \"ERROR\", \"asctime\": \"2025-09-09 09:30:00,120\", \"name\": \"django.request\", "
	  "\"message\": \"K\\u00f6ln \\\"down\\\" on /api/cart/\", \"user_id\": 42, \"duration\": 1.75, "
	  "\"path\": \"\\/api\\/cart\\/7\\/\", \"http\": {\"status\": \"lost\"}, \"ids\": null, "
	  "\"exc_info\": \"Traceback (most recent call last):\\n  File \\\"a.py\\\", line 3, in f\\n"
	  "    g()\\nValueError: no stock\"}",
	  "json", "/srv/app/logs/error.log", LEVEL_ERROR },
	{ "INFO 2025-09-09 09:45:00,001 views 17 139 Größe ready\n  second line here", "django",
	  "app.log", LEVEL_INFO },
	{ "10.0.0.1 - - [09/Sep/2025:09:50:00 +0000] \"GET /media/x.png?id=5 HTTP/1.1\" 503 512 "
	  "\"-\" \"curl/8\"",
	  "access", "access.log.1", LEVEL_ERROR },
	{ "no format knows this Timeout line", NULL, "app.log", LEVEL_NONE },
};

/* `hits` has a digit for each record that matches. */
static const struct {
	const char *query, *hits;
} match_rows[] = {
	{ "", "0123" },
	/* words */
	{ "timeout", "3" }, { "Timeout", "3" }, { "TIMEOUT", "" },
	{ "second", "1" }, { "\"second line\"", "1" }, { "ready second", "1" },
	{ "größe", "1" }, { "Größe", "1" }, { "GRÖSSE", "" }, { "GRÖßE", "" },
	{ "köln", "0" }, { "Köln", "0" }, { "KÖLN", "" }, { "k\\u00f6ln", "0" },
	{ "\"\\\"down\\\"\"", "0" }, { "/api/cart/7", "0" }, { "\"Köln \\\"down\\\" on\"", "0" },
	{ "-timeout", "012" }, { "timeout OR größe", "13" },
	{ "NOT (timeout OR größe)", "02" }, { "\"\"", "0123" },
	/* patterns */
	{ "/time.*line$/i", "3" }, { "/^  second/", "1" }, { "/K.ln \"down/", "0" },
	{ "/\\bGET\\b/", "2" }, { "-/line\\b/", "2" },
	/* columns */
	{ "level>=warning", "02" }, { "level=none", "3" }, { "level<info", "3" }, { "level!=error", "13" },
	{ "time>=09:45", "12" }, { "time=09:45", "1" }, { "time<2025-09-09T09:45", "0" },
	{ "time>09:30", "12" }, { "time<=09:30", "0" }, { "time=2025-09-09", "012" },
	{ "since:-15m", "12" }, { "until:-15m", "0" }, { "time!=09:45", "023" },
	/* fields */
	{ "status=5xx", "2" }, { "status>=500", "2" }, { "status=503", "2" }, { "status!=503", "013" },
	{ "status=5*", "2" }, { "duration>1.5s", "0" }, { "duration>1750ms", "" },
	{ "duration>=1.75", "0" }, { "size<1k", "2" }, { "size=512", "2" },
	{ "user_id=42", "0" }, { "user=42.0", "0" }, { "user_id=4", "" }, { "user_id>=10", "0" },
	{ "logger=django.*", "0" }, { "logger=django", "" }, { "logger=views", "1" },
	{ "module=views", "1" }, { "logger:REQ", "0" }, { "logger~^django", "0" }, { "logger!~^django", "123" },
	{ "path=/api/cart/7/", "0" }, { "path~^/api/", "0" }, { "path:MEDIA", "2" },
	{ "path=*png*", "2" }, { "path=\"*png*\"", "" }, { "route=/api/cart/<int>/", "0" },
	{ "method=GET", "2" }, { "exception=ValueError", "0" }, { "exception_message:stock", "0" },
	/* keys */
	{ "http.status=lost", "0" }, { "http.status>losa", "0" }, { "http.status>m", "" },
	{ "\"http.status\"!=lost", "123" }, { "nothing.there=1", "" },
	/* presence */
	{ "has:exception", "0" }, { "has:status", "2" }, { "has:http.status", "0" }, { "has:ids", "" },
	{ "has:time", "012" }, { "has:level", "012" }, { "-has:user_id", "123" },
	/* the record's origin */
	{ "source:error.log", "0" }, { "source=app.log", "13" }, { "source:logs/error.log", "0" },
	{ "source=access.log*", "2" }, { "source:log", "" }, { "source!=app.log", "02" },
	{ "format=json", "0" }, { "format!=json", "123" },
	/* message and the lines that follow */
	{ "text:KÖLN", "0" }, { "text:\"größe READY\"", "1" }, { "text:SECOND", "1" },
	{ "text:ValueError", "" }, { "text:views", "" }, { "text:curl", "2" },
	{ "text:timeout", "3" }, { "text~ready$", "1" }, { "-text:line", "02" },
};

static struct parser parser;

static void
setup(void)
{
	setlocale(LC_CTYPE, "C.UTF-8");
	ck_assert_int_eq(clock_set_zone("UTC", NULL), 0);
	parser_init(&parser);
}

static void
teardown(void)
{
	parser_release(&parser);
}

static struct query *
compile(const char *text)
{
	struct err err;
	struct query *q = query_compile(span_str(text), NOW, &err);

	ck_assert_msg(q != NULL, "%s: %s", text, err.msg);
	return q;
}

START_TEST(dumps)
{
	struct query *q = compile(dump_rows[_i].query);
	char *dump = query_dump(q);

	ck_assert_str_eq(dump, dump_rows[_i].dump);
	ck_assert_int_eq(query_is_empty(q), strcmp(dump, "(all)") == 0);
	free(dump);
	query_free(q);
}
END_TEST

START_TEST(refuses)
{
	struct err err;

	ck_assert_ptr_null(query_compile(span_str(error_rows[_i].query), NOW, &err));
	ck_assert_int_eq(err.code, error_rows[_i].code);
	if (error_rows[_i].message)
		ck_assert_str_eq(err.msg, error_rows[_i].message);
	ck_assert_uint_eq(err.pos, error_rows[_i].pos);
	ck_assert_ptr_null(query_compile(span_str(error_rows[_i].query), NOW, NULL));
}
END_TEST

/* The i-th record as its block would lend it. */
static void
lend(size_t i, struct record *r)
{
	struct parsed parsed;

	record_reset(r);
	r->bytes = span_str(records[i].bytes);
	r->format = records[i].format ? format_by_name(records[i].format) : format_get(FORMAT_RAW);
	ck_assert_ptr_nonnull(r->format);
	r->level = records[i].level;
	r->source = span_str(records[i].source);
	r->parser = &parser;
	r->time = TIME_NONE;
	if (records[i].format) {
		parsed_clear(&parsed);
		ck_assert(format_parse(r->format, &parser, record_first_line(r), &parsed));
		r->time = parsed.time;
	}
	r->own_time = r->time != TIME_NONE;
}

START_TEST(matches)
{
	struct query *q = compile(match_rows[_i].query);
	struct record r = { 0 };
	char hits[ARRAY_SIZE(records) + 1] = "";
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_SIZE(records); i++) {
		lend(i, &r);
		bool match = query_match(q, &r), answer;

		if (match)
			hits[n++] = (char)('0' + i);
		/* The shortcuts agree with the long way. */
		if (query_match_columns(q, r.level, r.time, &answer))
			ck_assert_int_eq(answer, match);
		uint32_t levels[LEVEL_COUNT] = { 0 };
		struct query_summary s = { r.time, r.time, levels, r.source };
		levels[r.level] = 1;
		ck_assert(query_may_match(q, &s) || !match);
	}
	ck_assert_msg(strcmp(hits, match_rows[_i].hits) == 0, "%s: records %s, expected %s",
		      match_rows[_i].query, hits, match_rows[_i].hits);
	record_release(&r);
	query_free(q);
}
END_TEST

static const struct {
	const char *query;
	bool may_match;
} summary_rows[] = {
	/* The block: 09:00 to 09:59, DEBUG and INFO, app.log. */
	{ "", true },
	{ "level>=warning", false },
	{ "level>=info", true },
	{ "-level<warning", false },
	{ "word level=error", false },
	{ "word OR level=error", true },
	{ "time>=09:30", true },
	{ "time<2025-09-09T09:00", false },
	{ "time>=2025-09-09T10:00", false },
	{ "time!=2025-09-09", false },
	{ "-time<2025-09-09T10:00", false },
	{ "source=app.log", true },
	{ "source:error.log", false },
	{ "-source:app.log word", false },
	{ "-word", true },
};

START_TEST(skips_blocks)
{
	struct query *q = compile(summary_rows[_i].query);
	uint32_t levels[LEVEL_COUNT] = { [LEVEL_DEBUG] = 3, [LEVEL_INFO] = 90 };
	struct query_summary s = { NOW - 3600 * NSEC, NOW - 60 * NSEC, levels, SPAN_LIT("app.log") };

	ck_assert_int_eq(query_may_match(q, &s), summary_rows[_i].may_match);
	query_free(q);
}
END_TEST

static const struct {
	const char *query;
	bool known, match;
} column_rows[] = {
	/* A record: WARNING, 10:00. */
	{ "", true, true },
	{ "level=warning", true, true },
	{ "level=error", true, false },
	{ "level=warning -time<2025-09-09T10:00", true, true },
	{ "level=error OR time>2025-09-09T10:00", true, false },
	{ "word", false, false },
	{ "level=error word", true, false },
	{ "level=warning word", false, false },
	{ "level=warning OR word", true, true },
};

START_TEST(answers_from_columns)
{
	struct query *q = compile(column_rows[_i].query);
	bool match;

	ck_assert_int_eq(query_match_columns(q, LEVEL_WARNING, NOW, &match), column_rows[_i].known);
	if (column_rows[_i].known)
		ck_assert_int_eq(match, column_rows[_i].match);
	query_free(q);
}
END_TEST

static const struct {
	const char *query, *text, *marked; /* hits in brackets */
} hit_rows[] = {
	{ "error", "an Error, two errors", "an [Error], two [error]s" },
	{ "Error", "an Error, two errors", "an [Error], two errors" },
	{ "-error two", "an error, two", "an error, [two]" },
	{ "-(-error)", "an error", "an [error]" },
	{ "tim timeout", "a timeout", "a [timeout]" },
	{ "/o+/ level=info", "foo boo", "f[oo] b[oo]" },
	{ "/x*/", "axxb", "a[xx]b" },
	{ "text:größe", "Die GRÖßE", "Die [GRÖßE]" },
	{ "path=abc", "abc", "abc" },
	{ "", "abc", "abc" },
};

START_TEST(marks_hits)
{
	struct query *q = compile(hit_rows[_i].query);
	struct span text = span_str(hit_rows[_i].text);
	struct strbuf out = STRBUF_INIT;
	size_t at = 0, start, end;

	while (query_next_hit(q, text, at, &start, &end)) {
		strbuf_add(&out, span_of(text.p + at, start - at));
		strbuf_addf(&out, "[%.*s]", (int)(end - start), text.p + start);
		at = end;
	}
	strbuf_add(&out, span_from(text, at));
	ck_assert_str_eq(out.p, hit_rows[_i].marked);
	strbuf_release(&out);
	query_free(q);
}
END_TEST

static const struct {
	const char *value, *quoted;
} quote_rows[] = {
	{ "word", "word" },
	{ "a.b_9", "a.b_9" },
	{ "", "\"\"" },
	{ "AND", "\"AND\"" },
	{ "two words", "\"two words\"" },
	{ "a=b", "\"a=b\"" },
	{ "-x", "\"-x\"" },
	{ "say \"hi\" \\o/", "\"say \\\"hi\\\" \\\\o/\"" },
};

START_TEST(quotes)
{
	struct strbuf out = STRBUF_INIT, text = STRBUF_INIT;
	size_t start, end;

	query_quote(&out, span_str(quote_rows[_i].value));
	ck_assert_str_eq(out.p, quote_rows[_i].quoted);
	/* What is read back is the value. */
	struct query *q = compile(out.p);

	strbuf_addf(&text, "<%s>", quote_rows[_i].value);
	if (query_next_hit(q, strbuf_span(&text), 0, &start, &end))
		ck_assert_uint_eq(end - start, text.n - 2);
	else
		ck_assert_str_eq(quote_rows[_i].value, "");
	query_free(q);
	strbuf_release(&out);
	strbuf_release(&text);
}
END_TEST

static const struct {
	const char *query;
	bool columns, request;
} kind_rows[] = {
	{ "", true, false }, { "level>=error -time>10:30", true, false }, { "source:a.log OR format=json", true, false },
	{ "level>=error timeout", false, false }, { "status=500", false, false }, { "x route=/a/", false, true },
	{ "NOT (a OR method=GET)", false, true }, { "has:route", false, true }, { "any.route=x", false, false },
};

START_TEST(tells_what_it_asks_for)
{
	struct query *q = compile(kind_rows[_i].query), *again = query_clone(q);
	char *dump = query_dump(q), *other = query_dump(again);

	ck_assert_int_eq(query_is_columns(q), kind_rows[_i].columns);
	ck_assert_int_eq(query_asks_request(q), kind_rows[_i].request);
	ck_assert_str_eq(dump, other);
	free(dump);
	free(other);
	query_free(q);
	query_free(again);
}
END_TEST

START_TEST(bounds_patterns)
{
	struct query *q = compile("/^(a+)+$/");
	struct record r = { .bytes = SPAN_LIT("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab"),
			    .format = format_get(FORMAT_RAW), .parser = &parser };

	ck_assert(!query_match(q, &r));
	ck_assert_uint_ge(query_limited(q), 1);
	record_release(&r);
	query_free(q);
}
END_TEST

/* `piece` n times, then `end`. */
static struct err
compile_repeated(const char *piece, size_t n, const char *end)
{
	struct strbuf text = STRBUF_INIT;
	struct err err;

	for (size_t i = 0; i < n; i++)
		strbuf_str(&text, piece);
	strbuf_str(&text, end);
	query_free(query_compile(strbuf_span(&text), NOW, &err));
	strbuf_release(&text);
	return err;
}

START_TEST(bounds_nesting)
{
	ck_assert_int_eq(compile_repeated("NOT ", 50, "a").code, QUERY_OK);
	ck_assert_str_eq(compile_repeated("(", 100000, "a").msg, "nested more than 100 deep");
	ck_assert_str_eq(compile_repeated("-", 3, "a").msg, "");
	ck_assert_str_eq(compile_repeated("NOT ", 100000, "a").msg, "nested more than 100 deep");
	ck_assert_str_eq(compile_repeated("a ", 2000, "a").msg, "more than 1000 terms");
}
END_TEST

static Suite *
query_suite(void)
{
	Suite *s = suite_create("query");
	TCase *tc = tcase_create("query");

	suite_add_tcase(s, tc);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, dumps, 0, ARRAY_SIZE(dump_rows));
	tcase_add_loop_test(tc, refuses, 0, ARRAY_SIZE(error_rows));
	tcase_add_loop_test(tc, matches, 0, ARRAY_SIZE(match_rows));
	tcase_add_loop_test(tc, skips_blocks, 0, ARRAY_SIZE(summary_rows));
	tcase_add_loop_test(tc, answers_from_columns, 0, ARRAY_SIZE(column_rows));
	tcase_add_loop_test(tc, marks_hits, 0, ARRAY_SIZE(hit_rows));
	tcase_add_loop_test(tc, quotes, 0, ARRAY_SIZE(quote_rows));
	tcase_add_loop_test(tc, tells_what_it_asks_for, 0, ARRAY_SIZE(kind_rows));
	tcase_add_test(tc, bounds_patterns);
	tcase_add_test(tc, bounds_nesting);
	return s;
}

int
main(void)
{
	return unit_run(query_suite());
}
