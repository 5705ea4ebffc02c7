/* Unit tests of the JSON formats: fields of lines as programs write them. */
#include "config.h"

#include "core/format.h"

#include "core/alloc.h"
#include "core/json.h"
#include "tests/unit.h"

#include <stdio.h>

/* What is expected of a line; NULL, 0 and negative values are not looked at. */
static const struct row {
	const char *line;
	enum format_id format;
	int64_t time;
	enum level level;
	const char *logger, *message, *method, *path, *request_id, *user_id;
	int status;
	double duration;
	unsigned flags;
} rows[] = {
	{ /* python-json-logger */
	  "{\"asctime\": \"2025-09-08 21:48:00,219\", \"name\": \"django.request\", \"levelname\": "
	  "\"INFO\", \"message\": \"Request started\", \"pathname\": \"/srv/app/m.py\", \"lineno\": 28, "
	  "\"request_id\": \"a8c94e7d\", \"method\": \"GET\", \"path\": \"/\\uc5c6/\", \"view_kwargs\": "
	  "{\"pk\": 15}, \"user_id\": null, \"ip_address\": \"10.20.3.111\"}",
	  FORMAT_JSON, INT64_C(1757335680219000000), LEVEL_INFO, "django.request", "Request started",
	  "GET", "/\xec\x97\x86/", "a8c94e7d", "", 0, -1, 0 },
	{ "{\"asctime\": \"2025-09-08 21:48:00,219\", \"name\": \"django.request\", \"levelname\": "
	  "\"INFO\", \"message\": \"Request completed\", \"request_id\": \"a8c94e7d\", \"status_code\": "
	  "200, \"duration\": 0.29413866996765137, \"response_size\": 13}",
	  FORMAT_JSON, INT64_C(1757335680219000000), LEVEL_INFO, "django.request", "Request completed",
	  "", "", "a8c94e7d", NULL, 200, 0.29413866996765137, 0 },
	{ /* Rails' lograge: the keys beside a bare duration tell its unit */
	  "{\"method\":\"GET\",\"path\":\"/j\",\"controller\":\"J\",\"action\":\"show\",\"status\":200,"
	  "\"duration\":58.33,\"@timestamp\":\"2025-09-08T12:48:00.219Z\",\"message\":\"ok\"}",
	  FORMAT_JSON, INT64_C(1757335680219000000), LEVEL_NONE, NULL, "ok", "GET", "/j", NULL, NULL, 200,
	  0.05833, 0 },
	{ /* one that names its unit is left alone */
	  "{\"controller\":\"J\",\"duration\":\"2s\",\"message\":\"ok\"}",
	  FORMAT_JSON, TIME_NONE, LEVEL_NONE, NULL, "ok", NULL, NULL, NULL, NULL, 0, 2, 0 },
	{ /* Google Cloud */
	  "{\"severity\":\"ERROR\",\"httpRequest\":{\"requestMethod\":\"GET\",\"requestUrl\":"
	  "\"https://a.b/x\",\"status\":500,\"latency\":\"0.123s\"},\"message\":\"bad\","
	  "\"timestamp\":\"2025-09-08T12:48:00.219Z\"}",
	  FORMAT_JSON, INT64_C(1757335680219000000), LEVEL_ERROR, NULL, "bad", "GET", "https://a.b/x", NULL,
	  NULL, 500, 0.123, 0 },
	{ /* a whole request line, and a time in brackets */
	  "{\"time\":\"[08/Sep/2025:21:48:00 +0900]\",\"request\":\"GET /x?y=1 HTTP/1.1\",\"status\":\"200\","
	  "\"message\":\"\"}",
	  FORMAT_JSON, INT64_C(1757335680000000000), LEVEL_NONE, NULL, "", "GET", "/x?y=1", NULL, NULL, 200,
	  -1, 0 },
	{ /* not one */
	  "{\"request\":\"checkout\",\"message\":\"ok\",\"s\":\"W\"}",
	  FORMAT_JSON, TIME_NONE, LEVEL_WARNING, NULL, "ok", NULL, NULL, NULL, NULL, 0, -1, 0 },
	{ /* a dict was logged; the second time does not count */
	  "{\"asctime\": \"2025-09-08 21:48:00,219\", \"levelname\": \"INFO\", \"message\": null, "
	  "\"event\": \"report_requested\", \"conversion_rate\": NaN, \"timestamp\": "
	  "\"2020-01-01T00:00:00Z\", \"user_id\": 42}",
	  FORMAT_JSON, INT64_C(1757335680219000000), LEVEL_INFO, NULL, "", NULL, NULL, NULL, "42", 0, -1,
	  0 },
	{ /* structlog */
	  "{\"user_id\": 7, \"event\": \"product_viewed\", \"logger\": \"myapp.business\", \"level\": "
	  "\"warning\", \"timestamp\": \"2025-09-08T12:48:00.422516Z\"}",
	  FORMAT_JSON, INT64_C(1757335680422516000), LEVEL_WARNING, "myapp.business", "product_viewed",
	  NULL, NULL, NULL, "7", 0, -1, 0 },
	{ /* structlog through a JSON formatter */
	  "{\"levelname\": \"INFO\", \"name\": \"shop\", \"message\": \"{\\\"event\\\": \\\"x\\\", "
	  "\\\"level\\\": \\\"error\\\", \\\"user_id\\\": 5}\"}",
	  FORMAT_JSON, TIME_NONE, LEVEL_INFO, "shop",
	  "{\"event\": \"x\", \"level\": \"error\", \"user_id\": 5}", NULL, NULL, NULL, "", 0, -1, 0 },
	{ /* nginx */
	  "{\"time_iso8601\":\"2025-09-08T21:48:00+09:00\",\"remote_addr\":\"10.20.3.111\","
	  "\"request_method\":\"GET\",\"request_uri\":\"/x/?q=1\",\"status\":404,\"body_bytes_sent\":179,"
	  "\"request_time\":0.290,\"upstream_response_time\":\"0.290\",\"request_id\":\"b106\"}",
	  FORMAT_JSON, INT64_C(1757335680000000000), LEVEL_WARNING, "", "", "GET", "/x/?q=1", "b106",
	  NULL, 404, 0.29, PARSED_ACCESS },
	{ /* pino with its HTTP plug-in */
	  "{\"level\":50,\"time\":1757335680219,\"pid\":3,\"hostname\":\"w\",\"req\":{\"id\":\"r1\","
	  "\"method\":\"POST\",\"url\":\"/pay\",\"headers\":{\"host\":\"x\"}},\"res\":{\"statusCode\":502},"
	  "\"responseTime\":12.5,\"msg\":\"request errored\"}",
	  FORMAT_JSON, INT64_C(1757335680219000000), LEVEL_ERROR, NULL, "request errored", "POST", "/pay",
	  "r1", NULL, 502, 0.0125, 0 },
	{ /* ECS */
	  "{\"@timestamp\":\"2025-09-08T12:48:00.219Z\",\"log.level\":\"error\",\"log\":{\"logger\":\"a.b\"},"
	  "\"message\":\"boom\",\"http\":{\"request\":{\"method\":\"GET\"},\"response\":{\"status_code\":"
	  "500}},\"url\":{\"path\":\"/q\"},\"event\":{\"duration\":1500000000},\"user\":{\"id\":\"u9\"}}",
	  FORMAT_JSON, INT64_C(1757335680219000000), LEVEL_ERROR, "a.b", "boom", "GET", "/q", NULL, "u9",
	  500, 1.5, 0 },
	{ /* Caddy */
	  "{\"level\":\"info\",\"ts\":1757335680.2193,\"logger\":\"http.log.access\",\"msg\":\"handled "
	  "request\",\"request\":{\"remote_ip\":\"1.2.3.4\",\"method\":\"GET\",\"uri\":\"/\"},\"duration\":"
	  "0.000929675,\"size\":10900,\"status\":200}",
	  FORMAT_JSON, INT64_C(1757335680219300000), LEVEL_INFO, "http.log.access", "handled request",
	  "GET", "/", NULL, NULL, 200, 0.000929675, 0 },
	{ /* journalctl -o json */
	  "{\"__REALTIME_TIMESTAMP\":\"1757335680219320\",\"PRIORITY\":\"3\",\"SYSLOG_IDENTIFIER\":\"cron\","
	  "\"_PID\":\"77\",\"MESSAGE\":\"~ nothing known\"}",
	  FORMAT_JSON, INT64_C(1757335680219320000), LEVEL_ERROR, "cron", "~ nothing known", NULL, NULL,
	  NULL, NULL, 0, -1, 0 },
	{ /* Docker's json-file with a line of Django in it */
	  "{\"log\":\"ERROR 2025-09-08 21:48:01,000 views 4711 140213345678912 Caf\\u00e9 closed\\n\",\"stream\":\"stdout\","
	  "\"time\":\"2025-09-08T12:48:00.219320123Z\"}",
	  FORMAT_JSON, INT64_C(1757335680219320123), LEVEL_ERROR, "views", "Caf\xc3\xa9 closed", NULL, NULL,
	  NULL, NULL, 0, -1, 0 },
	{ "{\"log\":\"{\\\"level\\\": \\\"error\\\", \\\"logger\\\": \\\"in\\\", \\\"event\\\": \\\"a\\\\\\\"b\\\"}"
	  "\\n\",\"stream\":\"stdout\",\"time\":\"2025-09-08T12:48:00.219320123Z\"}",
	  FORMAT_JSON, INT64_C(1757335680219320123), LEVEL_ERROR, "in", "a\"b", NULL, NULL, NULL, NULL, 0, -1,
	  0 },
	{ "{\"log\":\"~ just text\\r\\n\",\"stream\":\"stderr\",\"time\":\"2025-09-08T12:48:00Z\"}",
	  FORMAT_JSON, INT64_C(1757335680000000000), LEVEL_NONE, NULL, "~ just text", NULL, NULL, NULL, NULL,
	  0, -1, 0 },
	{ /* the duration of a function is no request's */
	  "{\"function\": \"price\", \"duration_ms\": 250, \"message\": \"done\"}",
	  FORMAT_JSON, TIME_NONE, LEVEL_NONE, NULL, "done", "", "", NULL, NULL, 0, 0.25, PARSED_FUNCTION },
	{ "{\"function\": \"price\", \"execution_time\": 0.5, \"message\": \"done\"}",
	  FORMAT_JSON, TIME_NONE, LEVEL_NONE, NULL, "done", "", "", NULL, NULL, 0, -1, 0 },
	{ /* values that are not what their key says leave the field to another */
	  "{\"status\": \"ok\", \"level\": \"gold\", \"severity\": \"warn\", \"duration\": \"long\", "
	  "\"elapsed\": \"1.5s\", \"time\": \"noon\", \"ts\": 1757335680}",
	  FORMAT_JSON, INT64_C(1757335680000000000), LEVEL_WARNING, NULL, NULL, NULL, NULL, NULL, NULL, 0, 1.5,
	  0 },
	{ /* Python's own numbers */
	  "{\"levelno\": 40, \"msg\": \"x\"}",
	  FORMAT_JSON, TIME_NONE, LEVEL_ERROR, NULL, "x", NULL, NULL, NULL, NULL, 0, -1, 0 },
	{ "{\"duration\": NaN, \"msg\": \"x\"}",
	  FORMAT_JSON, TIME_NONE, LEVEL_NONE, NULL, "x", NULL, NULL, NULL, NULL, 0, -1, 0 },
	{ "{\"duration\": true, \"msg\": \"x\"}",
	  FORMAT_JSON, TIME_NONE, LEVEL_NONE, NULL, "x", NULL, NULL, NULL, NULL, 0, -1, 0 },
	{ "{}", FORMAT_JSON, TIME_NONE, LEVEL_NONE, NULL, "", NULL, NULL, NULL, NULL, 0, -1, 0 },

	/* The formatter that does not escape. */
	{ "{\"level\": \"INFO\", \"time\": \"2025-09-08 21:48:00,552\", \"module\": \"middleware\", "
	  "\"message\": \"Request started\"}",
	  FORMAT_JSON_NAIVE, INT64_C(1757335680552000000), LEVEL_INFO, "middleware", "Request started", NULL,
	  NULL, NULL, NULL, 0, -1, 0 },
	{ "{\"level\": \"WARNING\", \"time\": \"2025-09-08 21:48:00,552\", \"module\": \"views\", "
	  "\"message\": \"user said: \"it's\"\"}",
	  FORMAT_JSON_NAIVE, INT64_C(1757335680552000000), LEVEL_WARNING, "views", "user said: \"it's\"", NULL,
	  NULL, NULL, NULL, 0, -1, PARSED_BROKEN },
	{ "{\"level\": \"INFO\", \"time\": \"2025-09-08 21:48:00,552\", \"module\": \"views\", "
	  "\"message\": \"path C:\\temp\\new and \\d+\"}",
	  FORMAT_JSON_NAIVE, INT64_C(1757335680552000000), LEVEL_INFO, "views", "path C:\\temp\\new and \\d+",
	  NULL, NULL, NULL, NULL, 0, -1, PARSED_BROKEN },
	{ /* valid by chance, but not meant so */
	  "{\"level\": \"INFO\", \"time\": \"2025-09-08 21:48:00,552\", \"module\": \"views\", "
	  "\"message\": \"C:\\new\"}",
	  FORMAT_JSON_NAIVE, INT64_C(1757335680552000000), LEVEL_INFO, "views", "C:\\new", NULL, NULL, NULL,
	  NULL, 0, -1, 0 },
	{ /* the message goes on in the next line */
	  "{\"level\": \"INFO\", \"time\": \"2025-09-08 21:48:00,552\", \"module\": \"views\", "
	  "\"message\": \"first line",
	  FORMAT_JSON_NAIVE, INT64_C(1757335680552000000), LEVEL_INFO, "views", "first line", NULL, NULL, NULL,
	  NULL, 0, -1, PARSED_BROKEN },
	{ "{\"level\": \"INFO\", \"time\": \"2025-09-08 21:48:00,552\", \"module\": \"views\", "
	  "\"message\": \"a\", \"b\": c\"}",
	  FORMAT_JSON_NAIVE, INT64_C(1757335680552000000), LEVEL_INFO, "views", "a\", \"b\": c", NULL, NULL,
	  NULL, NULL, 0, -1, PARSED_BROKEN },
	{ /* any other line that is cut, or glued to the next */
	  "{\"asctime\": \"2025-09-08 21:48:00,219\", \"levelname\": \"ERROR\", \"message\": \"Request st",
	  FORMAT_JSON_NAIVE, INT64_C(1757335680219000000), LEVEL_ERROR, NULL, "Request st", NULL, NULL, NULL,
	  NULL, 0, -1, PARSED_BROKEN },
	{ "{\"levelname\": \"ERROR\", \"message\": \"a\\tb\", \"request_id\": \"r1\"}{\"levelname\": \"INF",
	  FORMAT_JSON_NAIVE, TIME_NONE, LEVEL_ERROR, NULL, "a\tb", NULL, NULL, "r1", NULL, 0, -1,
	  PARSED_BROKEN },
	{ "{\"level\": \"INFO\", \"time\": \"2025-09-08 21:48:00,552\", \"module\": \"views\", "
	  "\"message\": \"with more keys\", \"user_id\": 3}",
	  FORMAT_JSON, INT64_C(1757335680552000000), LEVEL_INFO, "views", "with more keys", NULL, NULL, NULL,
	  "3", 0, -1, 0 },
	{ "{\"a\": \"b\" c}", FORMAT_RAW, 0, LEVEL_NONE, NULL, NULL, NULL, NULL, NULL, NULL, 0, -1, 0 },
	{ "{\"message\": \"no level, no time", FORMAT_RAW, 0, LEVEL_NONE, NULL, NULL, NULL, NULL, NULL, NULL,
	  0, -1, 0 },
	{ "{not json", FORMAT_RAW, 0, LEVEL_NONE, NULL, NULL, NULL, NULL, NULL, NULL, 0, -1, 0 },
};

static void
check_field(const struct parsed *out, enum field f, const char *want)
{
	struct strbuf text = STRBUF_INIT;

	if (!want)
		return;
	strbuf_str(&text, "");
	if (out->escaped >> f & 1)
		json_unescape(out->field[f], &text);
	else
		strbuf_add(&text, out->field[f]);
	ck_assert_msg(strcmp(text.p, want) == 0, "%s: %s", field_info[f].name, text.p);
	strbuf_release(&text);
}

static void
check_row(const struct row *row, const struct parsed *out)
{
	ck_assert_int_eq(out->time, row->time);
	ck_assert_int_eq(out->level, row->level);
	check_field(out, FIELD_LOGGER, row->logger);
	check_field(out, FIELD_MESSAGE, row->message);
	check_field(out, FIELD_METHOD, row->method);
	check_field(out, FIELD_PATH, row->path);
	check_field(out, FIELD_REQUEST_ID, row->request_id);
	check_field(out, FIELD_USER_ID, row->user_id);
	ck_assert_int_eq(out->status, row->status);
	ck_assert_double_eq(out->duration, row->duration);
	ck_assert_uint_eq(out->flags, row->flags);
}

static void
count_emitted(void *arg, const struct keyvalue *kv)
{
	ck_assert(kv->value.p != NULL);
	++*(unsigned *)arg;
}

/* The same answer whether somebody listens or not. */
START_TEST(lines_are_read)
{
	const struct row *row = &rows[_i];
	struct parser p;
	struct parsed out;

	clock_set_zone("Asia/Seoul", NULL);
	parser_init(&p);
	for (int listening = 0; listening < 2; listening++) {
		unsigned emitted = 0;

		p.emit = listening ? count_emitted : NULL;
		p.emit_arg = &emitted;
		const struct format *f = format_detect(&p, span_str(row->line), &out);

		ck_assert_msg(f == (row->format ? format_get(row->format) : NULL), "%s",
			      f ? f->name : "none");
		if (f)
			check_row(row, &out);
	}
	parser_release(&p);
}
END_TEST

static void
note(void *arg, const struct keyvalue *kv)
{
	strbuf_addf(arg, "%.*s:%d=%.*s;", SPAN_FMT(kv->key), kv->id == FIELD_OTHER ? -1 : (int)kv->id,
		    SPAN_FMT(kv->value));
}

static void
emit_all(const char *line, struct strbuf *told)
{
	struct parser p;
	struct parsed out;

	parser_init(&p);
	p.emit = note;
	p.emit_arg = told;
	strbuf_str(told, "");
	format_detect(&p, span_str(line), &out);
	parser_release(&p);
}

START_TEST(every_member_is_told)
{
	struct strbuf told = STRBUF_INIT;
	char want[200];

	emit_all("{\"level\": \"INFO\", \"\\uc5c6\": 1, \"a\": {\"b\": [1, {\"c\": 2}], \"status\": {}}, "
		 "\"name\": \"x\", \"logger\": \"y\"}", &told);
	snprintf(want, sizeof want,
		 "level:%d=INFO;\xec\x97\x86:-1=1;a.b:-1=[1, {\"c\": 2}];a.status:-1={};name:%d=x;logger:%d=y;",
		 FIELD_LEVEL, FIELD_LOGGER, FIELD_LOGGER);
	ck_assert_str_eq(told.p, want);
	strbuf_release(&told);
}
END_TEST

START_TEST(a_broken_message_is_told_whole)
{
	struct strbuf told = STRBUF_INIT;
	char want[200];

	emit_all("{\"level\": \"INFO\", \"message\": \"no \"x\" here\"}", &told);
	snprintf(want, sizeof want, "level:%d=INFO;message:%d=no \"x\" here;", FIELD_LEVEL, FIELD_MESSAGE);
	ck_assert_str_eq(told.p, want);
	strbuf_release(&told);
}
END_TEST

START_TEST(other_fields)
{
	static const struct {
		const char *member;
		enum field field;
		const char *text;
	} cases[] = {
		{ "\"exc_info\": \"Traceback:\\n  File\"", FIELD_TRACEBACK, "Traceback:\n  File" },
		{ "\"exception\": \"Traceback:\\n  File\"", FIELD_TRACEBACK, "Traceback:\n  File" },
		{ "\"exception\": \"ValueError\"", FIELD_EXCEPTION, "ValueError" },
		{ "\"exc_info\": true", FIELD_TRACEBACK, "" },
		{ "\"exception_type\": \"KeyError\"", FIELD_EXCEPTION, "KeyError" },
		{ "\"err\": {\"message\": \"bad\"}", FIELD_EXCEPTION_MESSAGE, "bad" },
		{ "\"process\": 12, \"thread\": 140", FIELD_PID, "12" },
		{ "\"view_name\": \"product_detail\"", FIELD_ROUTE, "product_detail" },
		{ "\"user_agent\": \"curl/8\", \"agent\": \"x\"", FIELD_AGENT, "curl/8" },
		{ "\"agent\": \"x\", \"user_agent\": \"curl/8\"", FIELD_AGENT, "curl/8" },
		{ "\"lineno\": 28", FIELD_LINE, "28" },
	};
	struct parser p;
	struct parsed out;
	char line[200];

	parser_init(&p);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		snprintf(line, sizeof line, "{%s}", cases[i].member);
		ck_assert_ptr_nonnull(format_detect(&p, span_str(line), &out));
		check_field(&out, cases[i].field, cases[i].text);
	}
	parser_release(&p);
}
END_TEST

START_TEST(samples_are_read_by_their_format)
{
	static const enum format_id ids[] = { FORMAT_JSON, FORMAT_JSON_NAIVE };
	struct parser p;
	struct parsed out;

	parser_init(&p);
	for (size_t i = 0; i < ARRAY_SIZE(ids); i++)
		for (const char *const *s = format_get(ids[i])->samples; *s; s++)
			ck_assert_msg(format_detect(&p, span_str(*s), &out) == format_get(ids[i]), "%s", *s);
	parser_release(&p);
}
END_TEST

/* What `explain` shows of a refused line. */
START_TEST(a_refusal_says_what_was_missed)
{
	struct parser p;
	struct parsed out;

	parser_init(&p);
	ck_assert(!format_parse(format_get(FORMAT_JSON), &p, SPAN_LIT("{\"a\": 1, b}"), &out));
	ck_assert_str_eq(p.miss, "a key in quotes");
	ck_assert_uint_eq(p.miss_pos, 9);
	ck_assert(!format_parse(format_get(FORMAT_JSON_NAIVE), &p, SPAN_LIT("{\"a\": 1}"), &out));
	ck_assert_ptr_nonnull(p.miss);
	parser_release(&p);
}
END_TEST

static Suite *
suite(void)
{
	Suite *s = suite_create("format_json");
	TCase *c = tcase_create("format_json");

	tcase_add_loop_test(c, lines_are_read, 0, ARRAY_SIZE(rows));
	tcase_add_test(c, every_member_is_told);
	tcase_add_test(c, a_broken_message_is_told_whole);
	tcase_add_test(c, other_fields);
	tcase_add_test(c, samples_are_read_by_their_format);
	tcase_add_test(c, a_refusal_says_what_was_missed);
	suite_add_tcase(s, c);
	return s;
}

int
main(void)
{
	return unit_run(suite());
}
