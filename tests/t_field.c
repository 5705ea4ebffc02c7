/* Unit tests of core/field. */
#include "config.h"

#include "core/field.h"

#include "core/alloc.h"
#include "tests/unit.h"

#include <stdlib.h>

static const struct {
	const char *key;
	enum field field;
	double scale;
} keys[] = {
	{ "asctime", FIELD_TIME, 1 },
	{ "@timestamp", FIELD_TIME, 1 },
	{ "t", FIELD_TIME, 1 },
	{ "ts", FIELD_TIME, 1 },
	{ "time_iso8601", FIELD_TIME, 1 },
	{ "__REALTIME_TIMESTAMP", FIELD_TIME, 1 },
	{ "levelname", FIELD_LEVEL, 1 },
	{ "LogLevel", FIELD_LEVEL, 1 },
	{ "PRIORITY", FIELD_LEVEL, 1 },
	{ "name", FIELD_LOGGER, 1 },
	{ "msg", FIELD_MESSAGE, 1 },
	{ "MESSAGE", FIELD_MESSAGE, 1 },
	{ "event", FIELD_EVENT, 1 },
	{ "requestId", FIELD_REQUEST_ID, 1 },
	{ "x-request-id", FIELD_REQUEST_ID, 1 },
	{ "http.request.method", FIELD_METHOD, 1 },
	{ "HTTP.Response.Status_Code", FIELD_STATUS, 1 },
	{ "url.path", FIELD_PATH, 1 },
	{ "request_uri", FIELD_PATH, 1 },
	{ "view_name", FIELD_ROUTE, 1 },
	{ "status_code", FIELD_STATUS, 1 },
	{ "duration", FIELD_DURATION, 1 },
	{ "request_time", FIELD_DURATION, 1 },
	{ "duration_ms", FIELD_DURATION, 1e-3 },
	{ "elapsed_us", FIELD_DURATION, 1e-6 },
	{ "latency_ns", FIELD_DURATION, 1e-9 },
	{ "request_duration_seconds", FIELD_DURATION, 1 },
	{ "Duration_MS", FIELD_OTHER, 1 }, /* only what is written out folds case */
	{ "responseTime", FIELD_DURATION, 1e-3 },
	{ "event.duration", FIELD_DURATION, 1e-9 },
	{ "httpRequest.requestMethod", FIELD_METHOD, 1 },
	{ "DownstreamStatus", FIELD_STATUS, 1 },
	{ "t.$date", FIELD_TIME, 1 },
	{ "controller", FIELD_OTHER, 1e-3 }, /* the unit of what stands beside it */
	{ "entryPointName", FIELD_OTHER, 1e-9 },
	{ "response_size", FIELD_SIZE, 1 },
	{ "ip_address", FIELD_IP, 1 },
	{ "user_agent", FIELD_AGENT, 1 },
	{ "http_referer", FIELD_REFERER, 1 },
	{ "_PID", FIELD_PID, 1 },
	{ "threadName", FIELD_THREAD, 1 },
	{ "exc_info", FIELD_TRACEBACK, 1 },
	{ "exception_type", FIELD_EXCEPTION, 1 },
	{ "lineno", FIELD_LINE, 1 },
	{ "execution_time", FIELD_OTHER, 1 },
	{ "upstream_response_time", FIELD_OTHER, 1 },
	{ "view_args", FIELD_OTHER, 1 },
	{ "status_ms", FIELD_OTHER, 1 },
	{ "_ms", FIELD_OTHER, 1 },
	{ "", FIELD_OTHER, 1 },
	{ "x", FIELD_OTHER, 1 },
	{ "leveln", FIELD_OTHER, 1 },
	{ "http.request.nothod", FIELD_OTHER, 1 },
	{ "http.requezt.method", FIELD_OTHER, 1 }, /* the middle counts too */
};

START_TEST(keys_are_fields)
{
	unsigned rank;
	double scale;

	ck_assert_msg(field_by_key(span_str(keys[_i].key), &rank, &scale) == keys[_i].field, "%s",
		      keys[_i].key);
	ck_assert_double_eq(scale, keys[_i].scale);
}
END_TEST

/* A key is compared whole: with its memory cut to size, nothing beyond it is read. */
START_TEST(keys_end_where_they_end)
{
	unsigned rank;
	double scale;

	for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
		for (size_t n = 0; n <= strlen(keys[i].key); n++) {
			char *copy = xstrndup(keys[i].key, n);
			char *exact = xmalloc(n + !n);

			memcpy(exact, copy, n);
			ck_assert(field_by_key(span_of(exact, n), &rank, &scale) ==
				  field_by_key(span_str(copy), &rank, &scale));
			free(exact);
			free(copy);
		}
}
END_TEST

static unsigned
rank_of(const char *key)
{
	unsigned rank;
	double scale;

	ck_assert_msg(field_by_key(span_str(key), &rank, &scale) != FIELD_OTHER, "%s", key);
	return rank;
}

START_TEST(ranks_order_what_means_the_same)
{
	static const char *const order[][2] = {
		{ "asctime", "timestamp" },  { "timestamp", "ts" },     { "levelname", "level" },
		{ "level", "levelno" },      { "logger", "name" },      { "name", "module" },
		{ "message", "msg" },        { "msg", "log" },          { "request_id", "trace_id" },
		{ "path", "request_uri" },   { "duration", "took" },    { "status_code", "status" },
		{ "exc_info", "exception" }, { "user_id", "user" },     { "view_name", "endpoint" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(order); i++)
		ck_assert_msg(rank_of(order[i][0]) < rank_of(order[i][1]), "%s, %s", order[i][0],
			      order[i][1]);
}
END_TEST

START_TEST(names_are_fields)
{
	for (size_t i = 0; i < FIELD_COUNT; i++)
		ck_assert_uint_eq(field_by_name(span_str(field_info[i].name)), i);
	ck_assert_int_eq(field_by_name(SPAN_LIT("module")), FIELD_LOGGER);
	ck_assert_int_eq(field_by_name(SPAN_LIT("Status")), FIELD_STATUS);
	ck_assert_int_eq(field_by_name(SPAN_LIT("url")), FIELD_PATH);
	ck_assert_int_eq(field_by_name(SPAN_LIT("elapsed_ms")), FIELD_OTHER);
	ck_assert_int_eq(field_by_name(SPAN_LIT("pth")), FIELD_OTHER);
}
END_TEST

static Suite *
suite(void)
{
	Suite *s = suite_create("field");
	TCase *c = tcase_create("field");

	tcase_add_loop_test(c, keys_are_fields, 0, ARRAY_SIZE(keys));
	tcase_add_test(c, keys_end_where_they_end);
	tcase_add_test(c, ranks_order_what_means_the_same);
	tcase_add_test(c, names_are_fields);
	suite_add_tcase(s, c);
	return s;
}

int
main(void)
{
	return unit_run(suite());
}
