/* Unit tests of core/export, core/record_out and the views of secrets, over real files. */
#include "config.h"

#include "core/alloc.h"
#include "core/export.h"
#include "core/mask.h"
#include "tests/unit.h"

#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static const char log_text[] =
	"{\"asctime\": \"2025-09-09 10:00:00,000\", \"name\": \"auth\", \"levelname\": \"INFO\", "
	"\"message\": \"login password=hunter2, \\\"ok\\\"\"}\n"
	"{\"asctime\": \"2025-09-09 10:00:01,000\", \"name\": \"pay\", \"levelname\": \"ERROR\", "
	"\"message\": \"charge 17 failed\", \"exc_info\": \"Traceback (most recent call last):\\n  File \\\"/srv/pay.py\\\", "
	"line 3, in pay\\n    ```| token=abc\\nValueError: no | funds\"}\n"
	"{\"asctime\": \"2025-09-09 10:00:02,000\", \"name\": \"pay\", \"levelname\": \"ERROR\", \"message\": \"slot 18 is 'a'\"}\n"
	"{\"asctime\": \"2025-09-09 10:00:03,000\", \"name\": \"pay\", \"levelname\": \"ERROR\", \"message\": \"slot 9 is 'b'\"}\n"
	"{\"asctime\": \"2025-09-09 10:00:04,000\", \"name\": \"web\", \"levelname\": \"INFO\", \"message\": \"done\", "
	"\"method\": \"GET\", \"path\": \"/orders/7/\", \"status_code\": 200, \"duration\": 0.25}\n";

static char dir[64];
static uv_loop_t loop;
static struct engine *engine;
static struct export_what what;

static void
setup(void)
{
	struct engine_options o;
	struct err err;
	char path[128];

	strcpy(dir, "/tmp/tailboard-test-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(dir));
	snprintf(path, sizeof path, "%s/app.log", dir);
	FILE *f = fopen(path, "w");

	ck_assert_ptr_nonnull(f);
	fputs(log_text, f);
	fclose(f);
	uv_loop_init(&loop);
	clock_set_zone("UTC", NULL);
	engine_options_init(&o);
	o.follow = false;
	o.threads = 0;
	engine = engine_new(&loop, &o);
	ck_assert_int_eq(engine_add(engine, path, &err), 0);
	while (!engine_loaded(engine))
		uv_run(&loop, UV_RUN_ONCE);
	while (engine_step(engine, INT64_MAX))
		;
	int64_t at = INT64_C(1757412000) * NSEC; /* 2025-09-09 10:00 */

	what = (struct export_what){
		.frame = { at - 60 * NSEC, at + 60 * NSEC, false }, .filter = "", .now = at, .mask = true,
	};
}

static void
teardown(void)
{
	char *rm = xasprintf("rm -rf %s", dir);

	engine_free(engine);
	uv_loop_close(&loop);
	ck_assert_int_eq(system(rm), 0);
	free(rm);
}

static const char *
contents(const char *path)
{
	static char text[16384];
	FILE *f = fopen(path, "r");

	ck_assert_msg(f != NULL, "%s", path);
	text[fread(text, 1, sizeof text - 1, f)] = '\0';
	fclose(f);
	return text;
}

static void
export_all(enum export_kind kind, const char *path, struct export_done *done)
{
	struct err err = { 0 };
	struct export *x = export_records(engine, kind, &what, path, &err);

	ck_assert_msg(x != NULL, "%s", err.msg);
	while (export_step(x, INT64_MAX))
		;
	ck_assert_msg(export_end(x, done, &err) == 0, "%s", err.msg);
}

START_TEST(records_as_they_stand)
{
	struct export_done done;
	struct stat st;

	what.mask = false;
	export_all(EXPORT_RAW, dir, &done);
	ck_assert_uint_eq(done.rows, 5);
	ck_assert_ptr_nonnull(strstr(done.path, "/tailboard-20250909-100000.log"));
	ck_assert_str_eq(contents(done.path), log_text);
	ck_assert_int_eq(stat(done.path, &st), 0);
	ck_assert_uint_eq(st.st_mode & 0777, 0600);
}
END_TEST

START_TEST(records_are_masked)
{
	struct export_done done;

	export_all(EXPORT_RAW, dir, &done);
	ck_assert_ptr_null(strstr(contents(done.path), "hunter2"));
	ck_assert_ptr_null(strstr(contents(done.path), "token=abc"));
	export_all(EXPORT_CSV, dir, &done);
	ck_assert_ptr_null(strstr(contents(done.path), "hunter2"));
	ck_assert_ptr_nonnull(strstr(contents(done.path), ", \"\"ok\"\"\""));
	export_all(EXPORT_JSON, dir, &done);
	ck_assert_ptr_null(strstr(contents(done.path), "hunter2"));
	ck_assert_ptr_null(strstr(contents(done.path), "token=abc"));
}
END_TEST

START_TEST(only_what_the_filter_has)
{
	struct export_done done;
	struct err err;

	engine_set_filter(engine, query_compile(SPAN_LIT("level=error slot"), what.now, &err));
	export_all(EXPORT_RAW, dir, &done);
	ck_assert_uint_eq(done.rows, 2);
}
END_TEST

START_TEST(nothing_is_overwritten)
{
	struct export_done done;
	char path[128], second[128];

	snprintf(path, sizeof path, "%s/my.file.csv", dir);
	snprintf(second, sizeof second, "%s/my.file-2.csv", dir);
	export_all(EXPORT_CSV, path, &done);
	ck_assert_str_eq(done.path, path);
	export_all(EXPORT_CSV, path, &done);
	ck_assert_str_eq(done.path, second);
	snprintf(path, sizeof path, "%s/plain", dir);
	export_all(EXPORT_RAW, path, &done);
	export_all(EXPORT_RAW, path, &done);
	export_all(EXPORT_RAW, path, &done);
	ck_assert_ptr_nonnull(strstr(done.path, "/plain-3"));
}
END_TEST

START_TEST(in_steps)
{
	struct err err;
	struct export *x = export_records(engine, EXPORT_RAW, &what, dir, &err);
	struct export_done done;

	/* A deadline that has passed still lets some through. */
	while (export_step(x, 0))
		;
	ck_assert_uint_eq(export_written(x), 5);
	ck_assert_int_eq(export_end(x, &done, &err), 0);
}
END_TEST

START_TEST(another_filter_ends_it)
{
	struct export_done done;
	struct err err = { 0 };
	struct export *x = export_records(engine, EXPORT_RAW, &what, dir, &err);

	engine_set_filter(engine, query_compile(SPAN_LIT("slot"), what.now, &err));
	ck_assert(!export_step(x, INT64_MAX));
	ck_assert_int_eq(export_end(x, &done, &err), -1);
	ck_assert_str_eq(err.msg, "the filter was changed meanwhile: the file was removed");
}
END_TEST

static int
files(void)
{
	char *command = xasprintf("exit $(ls %s | wc -l)", dir);
	int n = WEXITSTATUS(system(command));

	free(command);
	return n;
}

START_TEST(a_partial_file_goes)
{
	struct rlimit small = { 100, RLIM_INFINITY };
	struct export_done done;
	struct err err = { 0 };

	export_cancel(export_records(engine, EXPORT_RAW, &what, dir, &err));
	ck_assert_int_eq(files(), 1);
	ck_assert_ptr_null(export_records(engine, EXPORT_RAW, &what, "/no/such/folder/x", &err));
	ck_assert_str_eq(err.msg, "cannot write /no/such/folder/x: No such file or directory");
	signal(SIGXFSZ, SIG_IGN);
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &small), 0);
	struct export *x = export_records(engine, EXPORT_RAW, &what, dir, &err);

	while (export_step(x, INT64_MAX))
		;
	ck_assert_int_eq(export_end(x, &done, &err), -1);
	ck_assert_ptr_nonnull(strstr(err.msg, "File too large (it was removed)"));
	ck_assert_int_eq(export_report(engine, &what, dir, &done, &err), -1);
	ck_assert_int_eq(files(), 1);
}
END_TEST

START_TEST(tables)
{
	struct export_done done;
	struct err err;

	ck_assert_int_eq(export_table(engine, TABLE_LEVELS, EXPORT_CSV, &what, dir, &done, &err), 0);
	ck_assert_str_eq(contents(done.path), "level,count\nCRITICAL,0\nERROR,3\nWARNING,0\nINFO,2\nDEBUG,0\nTRACE,0\nNONE,0\n");
	ck_assert_int_eq(export_table(engine, TABLE_REQUESTS, EXPORT_CSV, &what, dir, &done, &err), 0);
	ck_assert_uint_eq(done.rows, 1);
	ck_assert_ptr_nonnull(strstr(contents(done.path), "method,route,count,"));
	ck_assert_ptr_nonnull(strstr(contents(done.path), "GET,/orders/<int>/,1,"));
	ck_assert_int_eq(export_table(engine, TABLE_SOURCES, EXPORT_JSON, &what, dir, &done, &err), 0);
	ck_assert_ptr_nonnull(strstr(contents(done.path), "\"records\": 5"));
	ck_assert_int_eq(export_table(engine, TABLE_LOGGERS, EXPORT_CSV, &what, dir, &done, &err), 0);
	ck_assert_ptr_nonnull(strstr(contents(done.path), "pay,3,3\n"));
}
END_TEST

START_TEST(report)
{
	static const char *const input = "/srv/o'neil/app.log";
	struct strbuf out = STRBUF_INIT;

	what.inputs = &input;
	what.n_inputs = 1;
	what.filter = "logger=pay";
	export_report_text(engine, &what, &out);
	static const char *const parts[] = {
		"# Log report, 2025-09-09 10:00\n",
		"- Window: 2025-09-09T09:59:00.000+00:00 to 2025-09-09T10:01:00.000+00:00 (2m)\n",
		"tailboard --since '2025-09-09T09:59:00.000+00:00' --until '2025-09-09T10:01:00.000+00:00' "
		"'/srv/o'\\''neil/app.log'\n",
		" -- 'logger=pay' ",
		"| ERROR | 3 |\n",
		"3 in 2 kinds:\n",
		"### slot 9 is 'b'\n\n2 times, ERROR, pay; first 2025-09-09 10:00:02.000, last 2025-09-09 10:00:03.000\n",
		"### ValueError: no \\| funds\n",
		"````\ncharge 17 failed\nTraceback",
		"| token=\xe2\x80\xa2\xe2\x80\xa2\xe2\x80\xa2\n",
		"| GET | /orders/\\<int\\>/ | 1 | 0.0% | 250ms |",
	};

	for (size_t i = 0; i < ARRAY_SIZE(parts); i++)
		ck_assert_msg(strstr(out.p, parts[i]) != NULL, "%s\nis not in\n%s", parts[i], out.p);
	ck_assert_ptr_null(strstr(out.p, "token=abc"));
	strbuf_release(&out);
}
END_TEST

START_TEST(fields_by_name)
{
	static const struct span names[] = { SPAN_LIT("logger"), SPAN_LIT("a.b"), SPAN_LIT("none"), SPAN_LIT("module") };
	static struct parser parser;
	struct record_out form = { OUTPUT_CSV, false, names, ARRAY_SIZE(names) };
	struct record r = { .bytes = SPAN_LIT("{\"a\": {\"b\": \"x,\\\"y\\\"\"}, \"none\": null}"), .parser = &parser };
	char *text;
	size_t n;
	FILE *f = open_memstream(&text, &n);

	parser_init(&parser);
	r.format = format_by_name("json");
	r.logger = SPAN_LIT("shop");
	record_out_head(&form, f);
	record_out_put(&form, &r, f);
	form.kind = OUTPUT_TEXT;
	record_out_put(&form, &r, f);
	form.kind = OUTPUT_JSON;
	record_out_put(&form, &r, f);
	fclose(f);
	ck_assert_str_eq(text, "logger,a.b,none,module\nshop,\"x,\"\"y\"\"\",,shop\nshop\tx,\"y\"\t\tshop\n"
			       "{\"logger\":\"shop\",\"a.b\":\"x,\\\"y\\\"\",\"none\":null,\"module\":\"shop\"}\n");
	free(text);
	record_release(&r);
	parser_release(&parser);
}
END_TEST

START_TEST(secrets_are_counted)
{
	struct view_secrets v;

	view_secrets(engine, &v);
	ck_assert(v.counting);
	view_secrets_release(&v);
	while (engine_step(engine, INT64_MAX))
		;
	view_secrets(engine, &v);
	ck_assert(!v.counting);
	ck_assert_uint_eq(v.looked, 5);
	ck_assert_uint_eq(v.records, 2);
	ck_assert_uint_eq(v.n, 2);
	ck_assert_str_eq(v.rows[0].logger, "auth");
	ck_assert_str_eq(v.rows[0].rule, "password");
	ck_assert_str_eq(v.rows[1].rule, "token");
	ck_assert_uint_eq(v.rows[1].records, 1);
	view_secrets_release(&v);
}
END_TEST

START_TEST(views_mask)
{
	struct view_log v;
	struct view_record r;

	engine_set_masking(engine, true);
	view_log(engine, PLACE_FIRST, true, 0, 5, &v);
	ck_assert_uint_eq(v.n, 5);
	ck_assert_msg(span_eq_str(v.rows[0].text, "login password=\xe2\x80\xa2\xe2\x80\xa2\xe2\x80\xa2, \"ok\""), "%.*s",
		      SPAN_FMT(v.rows[0].text));
	ck_assert(view_record(engine, v.rows[1].id, &r));
	ck_assert_ptr_null(memmem(r.text.p, r.text.n, "token=abc", 9));
	ck_assert_ptr_nonnull(memmem(r.traceback.p, r.traceback.n, "ValueError", 10));
	view_record_release(&r);
	ck_assert(view_record_as_is(engine, v.rows[1].id, &r));
	ck_assert_ptr_nonnull(memmem(r.text.p, r.text.n, "token=abc", 9));
	view_record_release(&r);
	view_log_release(&v);
	engine_set_masking(engine, false);
	view_log(engine, PLACE_FIRST, true, 0, 1, &v);
	ck_assert_ptr_nonnull(memmem(v.rows[0].text.p, v.rows[0].text.n, "hunter2", 7));
	view_log_release(&v);
}
END_TEST

static Suite *
suite(void)
{
	Suite *s = suite_create("export");
	TCase *t = tcase_create("export");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, records_as_they_stand);
	tcase_add_test(t, records_are_masked);
	tcase_add_test(t, only_what_the_filter_has);
	tcase_add_test(t, nothing_is_overwritten);
	tcase_add_test(t, in_steps);
	tcase_add_test(t, another_filter_ends_it);
	tcase_add_test(t, a_partial_file_goes);
	tcase_add_test(t, tables);
	tcase_add_test(t, report);
	tcase_add_test(t, fields_by_name);
	tcase_add_test(t, secrets_are_counted);
	tcase_add_test(t, views_mask);
	suite_add_tcase(s, t);
	return s;
}

int
main(void)
{
	setlocale(LC_CTYPE, "C.UTF-8");
	return unit_run(suite());
}
