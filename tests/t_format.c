/* Unit tests of core/format and of the families of formats: what is read from real lines. */
#include "config.h"

#include "core/alloc.h"
#include "core/format_rows.h"
#include "tests/unit.h"

#include <math.h>
#include <stdlib.h>

static struct parser parser;

static void
set_up(void)
{
	ck_assert_int_eq(clock_set_zone("UTC", NULL), 0);
	parser_init(&parser);
	/* The end of 2025, for stamps without a year. */
	parser.time.yearless_ref = INT64_C(1767139200) * NSEC;
}

static void
tear_down(void)
{
	parser_release(&parser);
}

START_TEST(every_sample_is_read_by_its_own_format)
{
	const struct format *f = format_get((enum format_id)_i), *found;
	struct parsed out;

	ck_assert_ptr_nonnull(f);
	if (f->id == FORMAT_RAW)
		return;
	ck_assert_ptr_nonnull(f->samples[0]);
	for (const char *const *s = f->samples; *s; s++) {
		parser.memory.spoken = f->start == START_WEAK ? UINT64_C(1) << f->id : 0;
		found = format_detect(&parser, span_str(*s), &out);
		ck_assert_msg(found == f, "%s: read as %s, not %s", *s,
			      found ? found->name : "nothing", f->name);
	}
}
END_TEST

START_TEST(a_row_is_found_by_id_and_by_name)
{
	const struct format *f = format_get((enum format_id)_i);

	ck_assert_int_eq((int)f->id, _i);
	ck_assert_ptr_eq(format_by_name(f->name), f);
	ck_assert(strlen(f->title) > 0);
}
END_TEST

START_TEST(an_unknown_name_has_no_row)
{
	ck_assert_ptr_null(format_by_name("no such format"));
}
END_TEST

/* What a line must give; NULL and 0 mean absent, a duration below 0 too. */
struct row {
	const char *line;
	enum format_id format;
	enum level level;
	const char *time; /* UTC */
	const char *logger, *message, *method, *path;
	int status;
	double duration;
	const char *more; /* "field=value", one further field */
};

#define ACCESS_LINE(n, text, level, status, duration, method, path, more) \
	{ text, FORMAT_##n, LEVEL_##level, "2025-09-08 12:48:00.000", NULL, text, method, path, \
	  status, duration, more }

static const struct row rows[] = {
	/* Django */
	{ "INFO 2025-09-08 21:48:00,123 middleware 17771 139626058688192 Request started",
	  FORMAT_DJANGO, LEVEL_INFO, "2025-09-08 21:48:00.123", "middleware", "Request started",
	  NULL, NULL, 0, -1, "thread=139626058688192" },
	{ "INFO 2025-09-08 21:48:00,580 middleware GET /users/10/ -> 200 in 542.74ms",
	  FORMAT_DJANGO, LEVEL_INFO, "2025-09-08 21:48:00.580", "middleware",
	  "GET /users/10/ -> 200 in 542.74ms", "GET", "/users/10/", 200, 0.54274, NULL },
	{ "INFO 2025-09-08 21:48:00,580 views 3 4 items", FORMAT_DJANGO, LEVEL_INFO,
	  "2025-09-08 21:48:00.580", "views", "3 4 items", NULL, NULL, 0, -1, NULL },
	{ "ERROR 2025-09-08 21:48:00,580 views", FORMAT_DJANGO, LEVEL_ERROR,
	  "2025-09-08 21:48:00.580", "views", "", NULL, NULL, 0, -1, NULL },
	{ "\xef\xbb\xbfINFO 2025-09-08 21:48:00,580 views a", FORMAT_DJANGO, LEVEL_INFO,
	  "2025-09-08 21:48:00.580", "views", "a", NULL, NULL, 0, -1, NULL },
	{ "\033[31mERROR\033[0m 2025-09-08 21:48:00,580 views a", FORMAT_DJANGO, LEVEL_ERROR,
	  "2025-09-08 21:48:00.580", "views", "a", NULL, NULL, 0, -1, NULL },
	{ "WARNING:django.request:Not Found: /x", FORMAT_BASIC, LEVEL_WARNING, NULL,
	  "django.request", "Not Found: /x", NULL, NULL, 0, -1, NULL },
	/* Written from the documentation of other programs */
	{ "2025-09-08T21:48:00.123Z pid=42 tid=abc class=Job jid=01 INFO: start", FORMAT_PYTHON,
	  LEVEL_INFO, "2025-09-08 21:48:00.123", NULL, "start", NULL, NULL, 0, -1, "task_id=01" },
	{ "2025-09-08T21:48:00.123Z ERROR request{method=GET path=/x}: app::web: failed", FORMAT_PYTHON,
	  LEVEL_ERROR, "2025-09-08 21:48:00.123", "app::web", "failed", "GET", "/x", 0, -1, NULL },
	{ "2025-09-08T21:48:00.123+0000\tINFO\tstarted\t{\"port\": 8080}", FORMAT_PYTHON, LEVEL_INFO,
	  "2025-09-08 21:48:00.123", NULL, "started\t{\"port\": 8080}", NULL, NULL, 0, -1, NULL },
	{ "2025-09-08T21:48:00.123+0000\tINFO\thttp.log\thandled\t{\"status\": 200, \"duration\": 0.1}",
	  FORMAT_PYTHON, LEVEL_INFO, "2025-09-08 21:48:00.123", "http.log",
	  "handled\t{\"status\": 200, \"duration\": 0.1}", NULL, NULL, 200, 0.1, NULL },
	{ "I, [2025-09-08T21:48:00.123456 #42]  INFO -- : [1b4e28ba-2fa1-11d2-883f-0016d3cca427] "
	  "Completed 404 Not Found in 12ms (Views: 8.1ms)", FORMAT_PYTHON, LEVEL_INFO,
	  "2025-09-08 21:48:00.123", NULL, "Completed 404 Not Found in 12ms (Views: 8.1ms)", NULL, NULL,
	  404, 0.012, "request_id=1b4e28ba-2fa1-11d2-883f-0016d3cca427" },
	{ "I, [2025-09-08T21:48:00.123456 #42]  INFO -- : Parameters: {\"a\"=>\"1\"}", FORMAT_PYTHON,
	  LEVEL_INFO, "2025-09-08 21:48:00.123", NULL, "Parameters: {\"a\"=>\"1\"}", NULL, NULL, 0, -1,
	  NULL },
	{ "I, [2025-09-08T21:48:00.123456 #42]  INFO -- : method=GET path=/j controller=J status=200 "
	  "duration=58.33", FORMAT_PYTHON, LEVEL_INFO, "2025-09-08 21:48:00.123", NULL,
	  "method=GET path=/j controller=J status=200 duration=58.33", "GET", "/j", 200, 0.05833, NULL },
	{ "2025-09-08 21:48:00.123 | INFO     | __main__:<module>:3 - up", FORMAT_PYTHON, LEVEL_INFO,
	  "2025-09-08 21:48:00.123", "__main__", "up", NULL, NULL, 0, -1, "function=<module>" },
	{ "2025-09-08 21:48:00,123 - uvicorn.access - INFO - 127.0.0.1:52 - \"POST /y HTTP/1.1\" 201",
	  FORMAT_PYTHON, LEVEL_INFO, "2025-09-08 21:48:00.123", "uvicorn.access",
	  "127.0.0.1:52 - \"POST /y HTTP/1.1\" 201", "POST", "/y", 201, -1, "ip=127.0.0.1:52" },
	{ "2025-09-08 21:48:00.123 ERROR 42 --- [main] o.a.c.c.C.[.[/].[dispatcher]  : failed",
	  FORMAT_PYTHON, LEVEL_ERROR, "2025-09-08 21:48:00.123", "o.a.c.c.C.[.[/].[dispatcher]", "failed",
	  NULL, NULL, 0, -1, "thread=main" },
	{ "[08-Sep-2025 21:48:00 Europe/Berlin] PHP Fatal error:  Uncaught Exception", FORMAT_PYTHON,
	  LEVEL_CRITICAL, "2025-09-08 21:48:00.000", NULL, "Uncaught Exception", NULL, NULL, 0, -1, NULL },
	{ "2025-09-08T21:48:00.123456Z 0 [System] [MY-010116] [Server] starting", FORMAT_PYTHON, LEVEL_INFO,
	  "2025-09-08 21:48:00.123", "Server", "starting", NULL, NULL, 0, -1, "pid=0" },
	{ "2025-09-08  9:48:00 12 [Warning] Aborted connection", FORMAT_PYTHON, LEVEL_WARNING,
	  "2025-09-08 09:48:00.000", NULL, "Aborted connection", NULL, NULL, 0, -1, "pid=12" },
	{ "INFO  [main] 2025-09-08 21:48:00,123 Daemon.java:507 - up", FORMAT_PYTHON, LEVEL_INFO,
	  "2025-09-08 21:48:00.123", "Daemon.java", "up", NULL, NULL, 0, -1, "line=507" },
	{ "9:48PM ERR failed", FORMAT_PYTHON, LEVEL_ERROR, NULL, NULL, "failed", NULL, NULL, 0, -1, NULL },
	{ "2025-09-08T21:48:00.123Z - info: old style", FORMAT_PYTHON, LEVEL_INFO,
	  "2025-09-08 21:48:00.123", NULL, "old style", NULL, NULL, 0, -1, NULL },
	{ "2025-09-08 21:48:00 UTC:192.0.2.7(51):app@shop:[42]:ERROR:  duplicate key", FORMAT_POSTGRES,
	  LEVEL_ERROR, "2025-09-08 21:48:00.000", NULL, "duplicate key", NULL, NULL, 0, -1, "pid=42" },
	{ "192.0.2.7 - - [08/Sep/2025:21:48:00 +0000] \"GET /x HTTP/1.1\" 502 15 \"-\" \"-\" 13 "
	  "\"x@docker\" \"http://172.18.0.3:80\" 1503ms", FORMAT_ACCESS, LEVEL_ERROR,
	  "2025-09-08 21:48:00.000", NULL, NULL, "GET", "/x", 502, 1.503, NULL },
	{ "2025-09-08T21:48:00.123456789Z stdout F 192.0.2.7 - - [08/Sep/2025:21:48:00 +0000] "
	  "\"GET /x HTTP/1.1\" 200 2", FORMAT_CRI, LEVEL_INFO, "2025-09-08 21:48:00.123", NULL, NULL, "GET",
	  "/x", 200, -1, "ip=192.0.2.7" },
	{ "2025-09-08T21:48:00.123456789Z ERROR:root:failed", FORMAT_DOCKER, LEVEL_ERROR,
	  "2025-09-08 21:48:00.123", "root", "failed", NULL, NULL, 0, -1, NULL },
	{ "Started GET \"/a/1\" for ::1 at 2025-09-08 21:48:00 +0000", FORMAT_RAILS, LEVEL_NONE,
	  "2025-09-08 21:48:00.000", NULL, "Started GET \"/a/1\" for ::1 at 2025-09-08 21:48:00 +0000",
	  "GET", "/a/1", 0, -1, "ip=::1" },
	{ "Completed 500 Internal Server Error in 34ms (ActiveRecord: 1.2ms)", FORMAT_RAILS, LEVEL_ERROR,
	  NULL, NULL, NULL, NULL, NULL, 500, 0.034, NULL },
	/* A time, and a level soon after */
	{ "2025-09-08 21:48:00,123 INFO myapp.views Request started", FORMAT_PYTHON, LEVEL_INFO,
	  "2025-09-08 21:48:00.123", "myapp.views", "Request started", NULL, NULL, 0, -1, NULL },
	{ "2025-09-08 21:48:00,123 - myapp - ERROR - could not start", FORMAT_PYTHON, LEVEL_ERROR,
	  "2025-09-08 21:48:00.123", "myapp", "could not start", NULL, NULL, 0, -1, NULL },
	{ "2025-09-08 21:48:00,123 [WARNING] myapp: took 250ms", FORMAT_PYTHON, LEVEL_WARNING,
	  "2025-09-08 21:48:00.123", "myapp", "took 250ms", NULL, NULL, 0, 0.25, NULL },
	{ "[2025-09-08 21:48:00] INFO [django.request:241] started", FORMAT_PYTHON, LEVEL_INFO,
	  "2025-09-08 21:48:00.000", "django.request", "started", NULL, NULL, 0, -1, "line=241" },
	{ "2025-09-08 21:48:00,123 ERROR Request failed: 3 times", FORMAT_PYTHON, LEVEL_ERROR,
	  "2025-09-08 21:48:00.123", NULL, "Request failed: 3 times", NULL, NULL, 0, -1, NULL },
	{ "2025-09-08 21:48:00.123  WARN 4242 --- [nio-1] c.e.Shop   : low", FORMAT_PYTHON,
	  LEVEL_WARNING, "2025-09-08 21:48:00.123", "c.e.Shop", "low", NULL, NULL, 0, -1,
	  "thread=nio-1" },
	{ "2025-09-08 21:48:00.123 | INFO     | app.web:run:33 - up", FORMAT_PYTHON, LEVEL_INFO,
	  "2025-09-08 21:48:00.123", "app.web", "up", NULL, NULL, 0, -1, "function=run" },
	{ "2025-09-08T21:48:00.123Z  INFO app::web: listening", FORMAT_PYTHON, LEVEL_INFO,
	  "2025-09-08 21:48:00.123", "app::web", "listening", NULL, NULL, 0, -1, NULL },
	{ "I, [2025-09-08T21:48:00.123456 #4242]  INFO -- : up", FORMAT_PYTHON, LEVEL_INFO,
	  "2025-09-08 21:48:00.123", NULL, "up", NULL, NULL, 0, -1, "pid=4242" },
	{ "[2025-09-08 21:48:00] local.ERROR: no such table", FORMAT_PYTHON, LEVEL_ERROR,
	  "2025-09-08 21:48:00.000", "local", "no such table", NULL, NULL, 0, -1, NULL },
	{ "2025-09-08T21:48:00.123Z\terror\tweb/run.go:33\tfailed", FORMAT_PYTHON, LEVEL_ERROR,
	  "2025-09-08 21:48:00.123", NULL, "failed", NULL, NULL, 0, -1, "file=web/run.go" },
	{ "2025-09-08 21:48:00,123:INFO:myapp:started: 3", FORMAT_PYTHON, LEVEL_INFO,
	  "2025-09-08 21:48:00.123", "myapp", "started: 3", NULL, NULL, 0, -1, NULL },
	{ "2025-09-08 21:48:00,123 DEBUG    [main] myapp.db: query", FORMAT_PYTHON, LEVEL_DEBUG,
	  "2025-09-08 21:48:00.123", "myapp.db", "query", NULL, NULL, 0, -1, "thread=main" },
	{ "INFO  2025-09-08 21:48:00,123 [main] org.x.Y: up", FORMAT_PYTHON, LEVEL_INFO,
	  "2025-09-08 21:48:00.123", "org.x.Y", "up", NULL, NULL, 0, -1, "thread=main" },
	{ "2025-09-08T21:48:00.123Z [worker] info: up", FORMAT_PYTHON, LEVEL_INFO,
	  "2025-09-08 21:48:00.123", "worker", "up", NULL, NULL, 0, -1, NULL },
	{ "[2025-09-08 21:48:00,123] INFO [Server id=0] up", FORMAT_PYTHON, LEVEL_INFO,
	  "2025-09-08 21:48:00.123", NULL, "[Server id=0] up", NULL, NULL, 0, -1, NULL },
	{ "21:48:00.123 [main] WARN c.e.App - low", FORMAT_PYTHON, LEVEL_WARNING, NULL, "c.e.App",
	  "low", NULL, NULL, 0, -1, "thread=main" },
	/* Access lines; 21:48 in +09:00 is 12:48 */
	ACCESS_LINE(ACCESS, "::1 - kim [08/Sep/2025:21:48:00 +0900] \"GET /a?b=1 HTTP/1.1\" 200 "
		    "186 \"-\" \"curl/8.5\" 602051", INFO, 200, 0.602051, "GET", "/a?b=1",
		    "agent=curl/8.5"),
	ACCESS_LINE(ACCESS, "192.0.2.7 - - [08/Sep/2025:21:48:00 +0900] \"GET / HTTP/1.1\" 404 "
		    "9 \"-\" \"a \\\"b\\\"\" 0.305732", WARNING, 404, 0.305732, "GET", "/",
		    "agent=a \\\"b\\\""),
	ACCESS_LINE(ACCESS, "192.0.2.7 - - [08/Sep/2025:21:48:00 +0900] \"POST / HTTP/1.1\" 502 "
		    "9 \"https://a/\" \"b\" rt=0.290 uct=\"0.0\"", ERROR, 502, 0.29, "POST", "/",
		    "referer=https://a/"),
	ACCESS_LINE(ACCESS, "192.0.2.7 - - [08/Sep/2025:21:48:00 +0900] \"\\x16\\x03\\x01\" 400 0",
		    WARNING, 400, -1, NULL, NULL, "size=0"),
	ACCESS_LINE(ACCESS, " - - [08/Sep/2025:21:48:00 +0900] \"GET / HTTP/1.0\" 200 -", INFO,
		    200, -1, "GET", "/", NULL),
	ACCESS_LINE(ACCESS, "192.0.2.7 - - [08/Sep/2025:21:48:00 +0900] \"GET /?q=\"x\" HTTP/1.1\" "
		    "200 5", INFO, 200, -1, "GET", "/?q=\"x\"", "ip=192.0.2.7"),
	ACCESS_LINE(ACCESS, "a.b:443 192.0.2.7 - - [08/Sep/2025:21:48:00 +0900] \"GET / HTTP/2\" "
		    "200 5", INFO, 200, -1, "GET", "/", "ip=192.0.2.7"),
	{ "[08/Sep/2025 21:48:00] \033[31;1m\"GET /a HTTP/1.1\" 500 186\033[0m", FORMAT_RUNSERVER,
	  LEVEL_ERROR, "2025-09-08 21:48:00.000", NULL,
	  "[08/Sep/2025 21:48:00] \"GET /a HTTP/1.1\" 500 186", "GET", "/a", 500, -1, "size=186" },
	{ "HTTP GET /a/ 404 [0.14, 127.0.0.1:34966]", FORMAT_RUNSERVER, LEVEL_WARNING, NULL, NULL,
	  "HTTP GET /a/ 404 [0.14, 127.0.0.1:34966]", "GET", "/a/", 404, 0.14,
	  "ip=127.0.0.1:34966" },
	{ "127.0.0.1:50080 - - [08/Sep/2025:21:48:00] \"WSCONNECT /ws/\" - -", FORMAT_DAPHNE,
	  LEVEL_INFO, "2025-09-08 21:48:00.000", NULL,
	  "127.0.0.1:50080 - - [08/Sep/2025:21:48:00] \"WSCONNECT /ws/\" - -", "WSCONNECT",
	  "/ws/", 0, -1, NULL },
	{ "2025-09-08 21:48:00,022 INFO     GET /a -> 200 in 3ms", FORMAT_DAPHNE, LEVEL_INFO,
	  "2025-09-08 21:48:00.022", NULL, "GET /a -> 200 in 3ms", NULL, NULL, 0, -1, NULL },
	{ "INFO:     127.0.0.1:52 - \"GET /a HTTP/1.1\" 500 Internal Server Error", FORMAT_UVICORN,
	  LEVEL_ERROR, NULL, NULL,
	  "INFO:     127.0.0.1:52 - \"GET /a HTTP/1.1\" 500 Internal Server Error", "GET", "/a",
	  500, -1, NULL },
	{ "[pid: 42|app: 0|req: 7/9] 192.0.2.7 () {40 vars in 600 bytes} [Mon Sep  8 21:48:00 2025] "
	  "GET /a => generated 186 bytes in 33 msecs (HTTP/1.1 200) 4 headers",
	  FORMAT_UWSGI, LEVEL_INFO, "2025-09-08 21:48:00.000", NULL, NULL, "GET", "/a", 200, 0.033,
	  "size=186" },
	/* Servers */
	{ "[2025-09-08 21:48:00 +0900] [17808] [CRITICAL] WORKER TIMEOUT (pid:9)", FORMAT_GUNICORN,
	  LEVEL_CRITICAL, "2025-09-08 12:48:00.000", NULL, "WORKER TIMEOUT (pid:9)", NULL, NULL, 0,
	  -1, "pid=17808" },
	{ "2025/09/08 21:48:00 [crit] 7#8: *4 open() failed, client: ::1, server: a, request: "
	  "\"GET /x HTTP/1.1\", host: \"a.b\"",
	  FORMAT_NGINX, LEVEL_CRITICAL, "2025-09-08 21:48:00.000", NULL, "open() failed, client: "
	  "::1, server: a, request: \"GET /x HTTP/1.1\", host: \"a.b\"", "GET", "/x", 0, -1,
	  "host=a.b" },
	{ "[Mon Sep 08 21:48:00.5 2025] [core:error] [pid 7:tid 9] [client ::1:80] AH1: x",
	  FORMAT_APACHE, LEVEL_ERROR, "2025-09-08 21:48:00.500", "core", "AH1: x", NULL, NULL, 0,
	  -1, "ip=::1:80" },
	{ "[2025-09-08 21:48:00,219: INFO/ForkPoolWorker-2] Task a.b.c[9f0c36ea-81b0] succeeded in "
	  "1.0000287249999928s: None",
	  FORMAT_CELERY, LEVEL_INFO, "2025-09-08 21:48:00.219", NULL, "Task a.b.c[9f0c36ea-81b0] "
	  "succeeded in 1.0000287249999928s: None", NULL, NULL, 0, 1.000028724999993, "task=a.b.c" },
	{ "[2025-09-08 21:48:00,219: WARNING/MainProcess] Retry in 1s", FORMAT_CELERY,
	  LEVEL_WARNING, "2025-09-08 21:48:00.219", NULL, "Retry in 1s", NULL, NULL, 0, -1,
	  "thread=MainProcess" },
	{ "17705:M 08 Sep 2025 12:48:00.026 # Server started", FORMAT_REDIS, LEVEL_WARNING,
	  "2025-09-08 12:48:00.026", NULL, "Server started", NULL, NULL, 0, -1, "pid=17705" },
	{ "2025-09-08 21:48:00.123 UTC [42] app@shop FATAL:  no more connections", FORMAT_POSTGRES,
	  LEVEL_CRITICAL, "2025-09-08 21:48:00.123", NULL, "no more connections", NULL, NULL, 0, -1,
	  "pid=42" },
	/* One format inside another */
	{ "Sep  8 21:48:00 web-01 django[17829]: INFO shop.middleware: GET / -> 400 in 107.82ms",
	  FORMAT_SYSLOG, LEVEL_INFO, "2025-09-08 21:48:00.000", "shop.middleware",
	  "GET / -> 400 in 107.82ms", "GET", "/", 400, 0.10782, "host=web-01" },
	{ "2025-09-08T21:48:00.037520+09:00 web-01 kernel: usb 1-1: new device", FORMAT_SYSLOG,
	  LEVEL_NONE, "2025-09-08 12:48:00.037", "kernel", "usb 1-1: new device", NULL, NULL, 0, -1,
	  NULL },
	{ "<34>1 2025-09-08T21:48:00.003Z web-01 app 42 ID47 [x@1 user_id=\"7\"] up",
	  FORMAT_SYSLOG, LEVEL_CRITICAL, "2025-09-08 21:48:00.003", "app", "up", NULL, NULL, 0, -1,
	  "user_id=7" },
	{ "2025-09-08T21:48:00.123456789Z stdout F ERROR:root:failed", FORMAT_CRI, LEVEL_ERROR,
	  "2025-09-08 21:48:00.123", "root", "failed", NULL, NULL, 0, -1, NULL },
	{ "<30>Sep  8 21:48:00 lb haproxy[7]: 192.0.2.7:80 [08/Sep/2025:21:48:00.123] front b/web1 "
	  "0/0/1/12/13 503 186 - - ---- 1/1/0/0/0 0/0 \"GET /a HTTP/1.1\"",
	  FORMAT_SYSLOG, LEVEL_ERROR, "2025-09-08 21:48:00.000", "haproxy", NULL, "GET", "/a", 503,
	  0.013, "ip=192.0.2.7:80" },
	/* No format's */
	{ "Traceback (most recent call last):", FORMAT_RAW, LEVEL_NONE, NULL, NULL, NULL, NULL,
	  NULL, 0, -1, NULL },
	{ "  File \"/srv/app/views.py\", line 3, in index", FORMAT_RAW, LEVEL_NONE, NULL, NULL, NULL,
	  NULL, NULL, 0, -1, NULL },
	{ "ERROR in the middle of a message", FORMAT_RAW, LEVEL_NONE, NULL, NULL, NULL, NULL, NULL,
	  0, -1, NULL },
	{ "2025-09-08 21:48:00 a time alone is nobody's", FORMAT_RAW, LEVEL_NONE, NULL, NULL, NULL,
	  NULL, NULL, 0, -1, NULL },
	{ "2025-09-08 21:48:00.123 UTC [42] STATEMENT:  SELECT 1", FORMAT_RAW, LEVEL_NONE, NULL,
	  NULL, NULL, NULL, NULL, 0, -1, NULL },
	{ "", FORMAT_RAW, LEVEL_NONE, NULL, NULL, NULL, NULL, NULL, 0, -1, NULL },
};

static void
check_field(const struct row *row, struct span got, const char *want)
{
	if (!want)
		ck_assert_msg(!got.p, "%s: \"%.*s\" is not wanted", row->line, SPAN_FMT(got));
	else
		ck_assert_msg(got.p && span_eq_str(got, want), "%s: \"%.*s\", not \"%s\"", row->line,
			      SPAN_FMT(got), want);
}

static void
check_more(const struct row *row, const struct parsed *out)
{
	const char *equals = row->more ? strchr(row->more, '=') : NULL;

	if (!equals)
		return;
	enum field f = field_by_name(span_of(row->more, (size_t)(equals - row->more)));

	ck_assert_int_lt((int)f, FIELD_COUNT);
	check_field(row, out->field[f], equals + 1);
}

START_TEST(lines_give_their_fields)
{
	const struct row *row = &rows[_i];
	struct parsed out;
	const struct format *f = format_detect(&parser, span_str(row->line), &out);
	char time[64];

	ck_assert_msg((f ? f->id : FORMAT_RAW) == row->format, "%s: read as %s", row->line,
		      f ? f->name : "nothing");
	ck_assert_int_eq((int)out.level, (int)row->level);
	if (row->time)
		ck_assert_str_eq(clock_format(out.time, CLOCK_FULL, time, sizeof time), row->time);
	else
		ck_assert(out.time == TIME_NONE);
	check_field(row, out.field[FIELD_LOGGER], row->logger);
	if (row->message || !(out.flags & PARSED_ACCESS))
		check_field(row, out.field[FIELD_MESSAGE], row->message);
	check_field(row, out.field[FIELD_METHOD], row->method);
	check_field(row, out.field[FIELD_PATH], row->path);
	ck_assert_int_eq(out.status, row->status);
	ck_assert_msg(fabs(out.duration - row->duration) < 1e-9, "%s: %g s", row->line, out.duration);
	check_more(row, &out);
}
END_TEST

static const struct {
	const char *line;
	bool access, function;
} flag_rows[] = {
	{ "192.0.2.7 - - [08/Sep/2025:21:48:00 +0900] \"GET / HTTP/1.1\" 200 1", true, false },
	{ "[2025-09-08 21:48:00,219: INFO/F] Task a.b[9f0c36ea-81b0] succeeded in 1.0s: None", false,
	  true },
	{ "INFO 2025-09-08 21:48:00,123 views report done in 1.5s", false, true },
	{ "INFO 2025-09-08 21:48:00,580 views GET /a -> 200 in 5.74ms", false, false },
};

START_TEST(durations_are_of_requests_or_of_functions)
{
	struct parsed out;

	ck_assert_ptr_nonnull(format_detect(&parser, span_str(flag_rows[_i].line), &out));
	ck_assert_int_eq((out.flags & PARSED_ACCESS) != 0, flag_rows[_i].access);
	ck_assert_int_eq((out.flags & PARSED_FUNCTION) != 0, flag_rows[_i].function);
}
END_TEST

/* Samples of sources, and a line whose format depends on what the source speaks. */
static const struct {
	const char *sample, *line;
	enum format_id format;
} sniff_rows[] = {
	{ "INFO started\nERROR failed\nTraceback (most recent call last):\n  File \"a\", line 1\n"
	  "ValueError: x\nINFO done\n", "ERROR foo", FORMAT_SIMPLE },
	{ "INFO a: started\nERROR a.b: failed\nINFO stopped\n", "ERROR a.b: foo", FORMAT_TAGGED },
	{ "INFO Request started\nERROR Error: /a\nINFO x\nINFO y\n", "WARNING foo: bar",
	  FORMAT_SIMPLE },
	{ "INFO 2025-09-08 21:48:00,123 views a\nERROR foo\nINFO 2025-09-08 21:48:00,124 views b\n"
	  "INFO 2025-09-08 21:48:00,125 views c\n", "ERROR foo", FORMAT_RAW },
	{ "2025-09-08 21:48:00,022 INFO     Task\n2025-09-08 21:48:00 [info     ] paid   a=1\n"
	  "2025-09-08 21:48:00,022 INFO     Task\n", "2025-09-08 21:48:00 [info     ] paid",
	  FORMAT_RAW },
	{ "2025-09-08 21:48:00 [info     ] paid   a=1\n", "2025-09-08 21:48:00 [info     ] paid",
	  FORMAT_STRUCTLOG },
	{ "time=2025-09-08T21:48:00Z level=info msg=up\n", "level=error msg=down", FORMAT_LOGFMT },
	{ "I0908 21:48:00.123456    4242 server.go:33] up\n",
	  "E0908 21:48:00.123456    4242 server.go:34] down", FORMAT_KLOG },
	{ "INFO Unauthorized: /a\nINFO Forbidden: /b\n", "WARNING Unauthorized: /c",
	  FORMAT_SIMPLE },
	{ "2025/09/08 21:48:00 listening\n2025/09/08 21:48:00 serving\n", "2025/09/08 21:48:00 foo",
	  FORMAT_TIMED },
	{ "web_1  | INFO started\ndb_1   | ready\nweb_1  | stopped\n", "web_1  | ERROR x",
	  FORMAT_COMPOSE },
	{ "INFO started\r\nERROR failed\r\n", "ERROR foo", FORMAT_SIMPLE },
	/* a prefix is counted before lines of a trace too */
	{ "web-1  | ERROR:a:b\nweb-1  | Traceback (most recent call last):\nweb-1  |   File \"a\"\n"
	  "web-1  | ValueError: x\n", "web-1  | up", FORMAT_COMPOSE },
	{ "info: A.B[0]\n      up\nfail: A.B[1]\n      down\n", "warn: A.B[2]", FORMAT_TAGGED },
	{ "INFO[0000] up\nWARN[0001] slow\n", "FATA[0002] down", FORMAT_TAGGED },
	{ "GET /a 200 1.2 ms - 5\nGET /b 500 3.4 ms - -\n", "POST /c 302 9.1 ms - 3", FORMAT_MORGAN },
	{ "1757335680.123 542 192.0.2.7 TCP_MISS/200\n", "1757335681.123 12 192.0.2.7 TCP_HIT/200",
	  FORMAT_TIMED },
	{ "2025/09/08 21:48:00 up\n", "2025-09-08 21:48:00.123 UTC [42] DETAIL:  Key (id)=(1)",
	  FORMAT_RAW },
	{ "2025/09/08 21:48:00 up\n", "2025-09-08T21:48:00.123456789Z stderr F   File \"a\", line 1",
	  FORMAT_RAW },
	/* %(M)s, told by times that are too short for %(D)s */
	{ "192.0.2.7 - - [08/Sep/2025:21:48:00 +0000] \"GET / HTTP/1.1\" 200 1 \"-\" \"-\" 12\n",
	  "192.0.2.7 - - [08/Sep/2025:21:48:00 +0000] \"GET / HTTP/1.1\" 200 1 \"-\" \"-\" 1204",
	  FORMAT_ACCESS_MS },
	{ "192.0.2.7 - - [08/Sep/2025:21:48:00 +0000] \"GET / HTTP/1.1\" 200 1 \"-\" \"-\" 1204\n",
	  "192.0.2.7 - - [08/Sep/2025:21:48:00 +0000] \"GET / HTTP/1.1\" 200 1 \"-\" \"-\" 12",
	  FORMAT_ACCESS },
	{ "192.0.2.7 - - [08/Sep/2025:21:48:00 +0000] \"GET / HTTP/1.1\" 200 1 \"-\" \"-\" 12\n",
	  "192.0.2.7 - - [08/Sep/2025:21:48:00 +0000] \"GET / HTTP/1.1\" 200 1 \"-\" \"-\" 0.012",
	  FORMAT_ACCESS },
	{ "", "ERROR foo", FORMAT_RAW },
};

START_TEST(weak_formats_count_where_they_are_spoken)
{
	const struct format *f;
	struct parsed out;

	format_sniff(&parser.memory, span_str(sniff_rows[_i].sample));
	f = format_detect(&parser, span_str(sniff_rows[_i].line), &out);
	ck_assert_msg((f ? f->id : FORMAT_RAW) == sniff_rows[_i].format, "%s: read as %s",
		      sniff_rows[_i].line, f ? f->name : "nothing");
}
END_TEST

START_TEST(only_the_given_format_is_tried)
{
	struct parsed out;

	parser.only = format_by_name("simple");
	ck_assert_ptr_eq(format_detect(&parser, SPAN_LIT("ERROR foo"), &out), parser.only);
	ck_assert_ptr_null(format_detect(&parser, SPAN_LIT("ERROR:root:foo"), &out));
	ck_assert_ptr_null(out.field[FIELD_LEVEL].p);
}
END_TEST

struct heard {
	int n, loggers;
	bool role;
};

static void
hear(void *arg, const struct keyvalue *kv)
{
	struct heard *heard = arg;

	heard->n++;
	heard->loggers += kv->id == FIELD_LOGGER;
	heard->role |= span_eq_str(kv->key, "role") && kv->id == FIELD_OTHER &&
		       span_eq_str(kv->value, "M");
}

START_TEST(the_emitter_hears_every_field_once)
{
	struct heard heard = { 0, 0, false };
	struct parsed out;

	parser.emit = hear;
	parser.emit_arg = &heard;
	ck_assert_ptr_nonnull(format_detect(&parser,
		SPAN_LIT("2025-09-08 21:48:00,123 INFO myapp.views started"), &out));
	ck_assert_int_eq(heard.n, 4);
	ck_assert_int_eq(heard.loggers, 1);
	ck_assert_ptr_nonnull(format_detect(&parser,
		SPAN_LIT("7:M 08 Sep 2025 12:48:00.026 # up"), &out));
	ck_assert(heard.role);
}
END_TEST

START_TEST(a_refusal_says_what_was_expected_where)
{
	struct parsed out;

	ck_assert(!format_parse(format_get(FORMAT_GUNICORN), &parser,
		SPAN_LIT("[2025-09-08 21:48:00 +0900] [x] [INFO] up"), &out));
	ck_assert_str_eq(parser.miss, "a number");
	ck_assert_uint_eq(parser.miss_pos, 29);
}
END_TEST

static Suite *
suite(void)
{
	Suite *s = suite_create("format");
	TCase *t = tcase_create("format");

	tcase_add_checked_fixture(t, set_up, tear_down);
	tcase_add_loop_test(t, every_sample_is_read_by_its_own_format, 0, FORMAT_USER);
	tcase_add_loop_test(t, a_row_is_found_by_id_and_by_name, 0, FORMAT_USER);
	tcase_add_test(t, an_unknown_name_has_no_row);
	tcase_add_loop_test(t, lines_give_their_fields, 0, (int)ARRAY_SIZE(rows));
	tcase_add_loop_test(t, durations_are_of_requests_or_of_functions, 0,
			    (int)ARRAY_SIZE(flag_rows));
	tcase_add_loop_test(t, weak_formats_count_where_they_are_spoken, 0,
			    (int)ARRAY_SIZE(sniff_rows));
	tcase_add_test(t, only_the_given_format_is_tried);
	tcase_add_test(t, the_emitter_hears_every_field_once);
	tcase_add_test(t, a_refusal_says_what_was_expected_where);
	suite_add_tcase(s, t);
	return s;
}

int
main(void)
{
	return unit_run(suite());
}
