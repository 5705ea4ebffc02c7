/*
 * Unit tests of core/match, query_rows, look and sweep: what a selection finds is what query_match says
 * of each record by itself, whoever looks and whatever happens meanwhile.
 */
#include "config.h"

#include "core/alloc.h"
#include "core/engine_internal.h"
#include "core/view.h"
#include "tests/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { RANDOM_QUERIES = 300, STRIDE = 97 };

static char dir[64];
static uv_loop_t loop;
static unsigned seed;

static void
setup(void)
{
	strcpy(dir, "/tmp/tailboard-test-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(dir));
	uv_loop_init(&loop);
	clock_set_zone("UTC", NULL);
	seed = 11;
}

static void
teardown(void)
{
	char *rm = xasprintf("rm -rf %s", dir);

	ck_assert_int_eq(system(rm), 0);
	free(rm);
	uv_loop_close(&loop);
}

static unsigned
dice(unsigned n)
{
	return (unsigned)rand_r(&seed) % n;
}

/* ---- engines ----------------------------------------------------------------------- */

static struct engine *
open_engine(unsigned threads, bool follow, const char *path)
{
	struct engine_options o;
	struct err err = { 0 };

	engine_options_init(&o);
	o.threads = threads;
	o.follow = follow;
	o.memory = UINT64_C(1) << 30;
	struct engine *e = engine_new(&loop, &o);

	ck_assert_int_eq(engine_add(e, path, &err), 0);
	while (!engine_loaded(e))
		uv_run(&loop, UV_RUN_ONCE);
	engine_step(e, INT64_MAX);
	return e;
}

/* Let blocks be read from where their bytes are at home, all that can. */
static void
evacuate(struct engine *e)
{
	for (size_t i = 0; i < e->ring.n; i++) {
		struct block *b = e->ring.blocks[i];

		if (b->sealed && b->bytes && home_exists(&b->home) && !b->pins)
			block_evacuate(b);
	}
}

static void
ask(struct engine *e, const char *text)
{
	struct err err = { 0 };
	struct query *q = query_compile(span_str(text), INT64_C(1757412000) * NSEC, &err);

	ck_assert_msg(q != NULL, "%s: %s", text, err.msg);
	engine_set_filter(e, q);
}

/* What the filter has is what each record says, of every so-many-th one. */
static void
check_rows(struct engine *e, const char *text, uint32_t stride)
{
	struct query *q = query_compile(span_str(text), INT64_C(1757412000) * NSEC, NULL);
	struct record r = { 0 };
	uint64_t n = 0;

	for (size_t i = 0; i < e->ring.n; i++) {
		struct block *b = e->ring.blocks[i];

		for (uint32_t row = (uint32_t)(i * 7) % stride; row < b->n; row += stride) {
			ck_assert(engine_record(e, b, row, &r));
			bool match = query_match(q, &r);

			ck_assert(selection_knows(&e->filter, b, row));
			ck_assert_msg(selection_shows(&e->filter, b, row) == match, "%s: %d for %.*s", text, match,
				      SPAN_FMT(r.bytes));
			n += match;
		}
	}
	if (stride == 1)
		ck_assert_uint_eq(selection_count(&e->filter, &e->ring), n);
	record_release(&r);
	query_free(q);
}

static void
check_query(struct engine *e, const char *text, uint32_t stride)
{
	ask(e, text);
	engine_step(e, INT64_MAX);
	ck_assert(selection_done(&e->filter));
	check_rows(e, text, stride);
}

/* ---- queries ----------------------------------------------------------------------- */

static const char *const fixed_queries[] = {
	"", "error", "Error", "slow", "-slow", "timeout OR refused", "error -timeout", "NOT (error OR warn)",
	"level>=error", "level>=warning timeout", "level=info OR slow", "level=none", "-level=info",
	"duration>1s", "duration>1s path~^/api/", "duration<=10ms", "duration!=0.1", "-duration>0", "took>1s",
	"duration>=0 level>=warning", "status=404", "status>=500", "status=5xx", "status!=200", "-status=2xx", "status<300",
	"status=5xx OR duration>1s", "code=200", "request_id=nothing", "request=nothing", "-request_id=nothing",
	"logger=django.request", "logger=django.*", "logger~request$", "module=django.*", "logger!=django.request",
	"logger:REQUEST", "logger<d", "has:logger", "-has:logger", "logger=\"\"", "logger!~.",
	"route=/api/orders/<int>/", "route~api", "route!=/cart/", "has:route", "-has:route", "view_name=x", "endpoint~.",
	"method=GET", "method!=GET", "method~^P", "has:method", "route~api method=POST",
	"format=json", "format!=json", "format=raw", "source:app.log", "source=*.log", "source!=app.log",
	"time>=2025-09-09T10:00", "time<2025-09-09T10:00 error", "since:2025-09-09 until:2025-09-10",
	"/time(d )?out|refused|reset/i", "/[a-z]+error/", "/(GET|POST) \\/api/", "/^\\[/", "-/django/",
	"/orders/", "\"Internal Server\"", "größe", "K\xc3\xb6ln", "\xed\x95\x9c", "user_id=42", "user_id>100 -slow",
	"has:exception", "exception:Error", "message:timeout", "message~^[A-Z]", "size>10kB", "has:duration",
	"ip=10.*", "xx", "e", "\"{\"", "\"\\\"\"", "a b c", "\"\"",
};

/* The text of a field of some record, to be asked for. */
struct pick {
	struct strbuf out;
	unsigned left; /* fields to be passed over */
};

static void
pick_field(void *arg, const struct keyvalue *kv)
{
	static const char *const ops[] = { "=", "!=", "=", ":", ">=", "<", "~", "!~" };
	struct pick *p = arg;

	if (p->left-- || kv->value.n > 60 || !kv->value.n || span_chr(kv->value, '\n') >= 0)
		return;
	const char *op = ops[dice(ARRAY_SIZE(ops))];

	query_quote(&p->out, kv->key);
	strbuf_str(&p->out, op);
	query_quote(&p->out, dice(3) ? kv->value : span_head(kv->value, dice((unsigned)kv->value.n) + 1));
}

static void
add_word(struct strbuf *out, struct span bytes)
{
	size_t n = 2 + dice(9), from = bytes.n > n ? dice((unsigned)(bytes.n - n)) : 0;
	struct span word = span_head(span_from(bytes, from), n);

	strbuf_str(out, dice(3) ? "" : "-");
	query_quote(out, word);
}

static void
add_term(struct engine *e, struct strbuf *out)
{
	struct block *b = e->ring.blocks[dice((unsigned)e->ring.n)];
	struct record r = { 0 };

	if (b->n && engine_record(e, b, dice(b->n), &r)) {
		struct pick p = { .out = STRBUF_INIT, .left = dice(12) };

		record_each(&r, pick_field, &p);
		if (p.out.n && dice(4))
			strbuf_add(out, strbuf_span(&p.out));
		else
			add_word(out, r.bytes);
		strbuf_release(&p.out);
	}
	record_release(&r);
}

/* One to three terms; NULL where they make no query. */
static char *
random_query(struct engine *e)
{
	static const char *const between[] = { " ", " OR ", " AND NOT ", " level>=warning OR ", " duration>0.1 " };
	struct strbuf out = STRBUF_INIT;

	add_term(e, &out);
	for (unsigned n = dice(3); n; n--) {
		strbuf_str(&out, between[dice(ARRAY_SIZE(between))]);
		add_term(e, &out);
	}
	struct query *q = query_compile(strbuf_span(&out), 0, NULL);

	if (!q) {
		strbuf_release(&out);
		return NULL;
	}
	query_free(q);
	return out.p;
}

static char *
data_path(void)
{
	const char *top = getenv("srcdir");

	return xasprintf("%s/tests/data/logs", top ? top : ".");
}

START_TEST(many_rows_at_once_say_what_each_does)
{
	char *path = data_path();
	struct engine *e = open_engine(_i ? 2 : 0, false, path);

	evacuate(e);
	for (size_t i = 0; i < ARRAY_SIZE(fixed_queries); i++)
		check_query(e, fixed_queries[i], STRIDE);
	for (unsigned i = 0; i < RANDOM_QUERIES; i++) {
		char *text = random_query(e);

		if (text)
			check_query(e, text, STRIDE);
		free(text);
	}
	engine_free(e);
	free(path);
}
END_TEST

/* ---- records that parts say little of ---------------------------------------------- */

static const char *const odd_lines[] = {
	"{\"message\": \"a\", \"level\": \"INFO\", \"status\": \"42\", \"request_id\": \"r\\u002d1\"}",
	"{\"message\": \"b\", \"level\": \"INFO\", \"status\": 42, \"duration\": \"soon\"}",
	"{\"message\": \"c\", \"level\": \"INFO\", \"duration\": -3, \"request_id\": \"\"}",
	"{\"message\": \"d\", \"level\": \"INFO\", \"status\": 404, \"duration\": \"5k\", \"path\": \"/a/1/\"}",
	"{\"message\": \"e\", \"level\": \"INFO\", \"request_id\": \"r-1\", \"path\": \"/b/2/\", \"method\": \"GET\"}",
	"{\"message\": \"f\", \"level\": \"INFO\", \"request_id\": \"r-1\", \"status\": 500, \"duration\": 2.5}",
	"{\"message\": \"g\", \"level\": \"INFO\", \"request_id\": 17, \"path\": \"\"}",
	"{\"message\": \"h\", \"level\": \"INFO\", \"request\": \"r-1\", \"took\": \"1.5s\", \"name\": \"\"}",
	"{\"message\": \"i\", \"level\": \"INFO\", \"view_name\": \"cart\", \"code\": \"500\"}",
	"{\"message\": \"j\", \"level\": \"INFO\", \"path\": \"\\/caf\\u00e9\\/\", \"method\": \"P\\u004fST\"}",
	"10.0.0.1 - - [09/Sep/2025:10:00:00 +0000] \"GET /b/3/ HTTP/1.1\" 404 12 \"-\" \"x\"",
	"INFO 2025-09-09 10:00:00,000 views 1 2 done in 1.10s",
	"a line of no format, status=500 duration=3s",
};
static const char *const odd_queries[] = {
	"status=42", "status<100", "status>0", "status!=404", "-status>=0", "duration>1", "duration>=0", "-duration>0",
	"duration=5000", "took>1", "request_id=r-1", "request_id!=r-1", "request=r-1", "request_id=17", "request_id=17.0",
	"request_id=\"\"", "request_id~1", "has:request_id", "route=/b/<int>/", "route=\"\"", "route=/", "route!=/b/<int>/",
	"route=cart", "view_name=cart", "-has:route", "method=GET", "method=POST", "method!=GET", "logger=\"\"", "name=\"\"",
	"has:logger", "code=500", "route~caf\xc3\xa9", "path=/caf\xc3\xa9/", "status=500 OR request_id=r-1",
};

/* A file of so many lines, all of the odd ones in turn; returns its path. */
static char *
odd_file(unsigned n)
{
	char *path = xasprintf("%s/odd.log", dir);
	FILE *f = fopen(path, "w");

	ck_assert_ptr_nonnull(f);
	for (unsigned i = 0; i < n; i++)
		fprintf(f, "%s\n", odd_lines[i % ARRAY_SIZE(odd_lines)]);
	fclose(f);
	return path;
}

START_TEST(what_is_odd_is_looked_at)
{
	char *path = odd_file(8000);
	struct engine *e = open_engine(_i ? 2 : 0, false, path);

	for (size_t i = 0; i < ARRAY_SIZE(odd_queries); i++)
		check_query(e, odd_queries[i], 3);
	engine_free(e);
	free(path);
}
END_TEST

/* ---- workers ----------------------------------------------------------------------- */

/* A file of several blocks; returns its path. */
static char *
big_file(void)
{
	char *path = xasprintf("%s/big.log", dir);
	FILE *f = fopen(path, "w");

	ck_assert_ptr_nonnull(f);
	for (unsigned i = 0; i < 120000; i++)
		fprintf(f, "INFO 2025-09-%02u %02u:%02u:%02u,000 views 17771 139626058688192 record %u %s of some length\n",
			8 + i / 86400, i / 3600 % 24, i / 60 % 60, i % 60, i, i % 5003 ? "straw" : "needle");
	fclose(f);
	return path;
}

START_TEST(a_new_question_cancels_the_old)
{
	char *path = big_file();
	struct engine *e = open_engine(2, false, path);

	ck_assert_uint_ge(e->ring.n, 3);
	evacuate(e);
	for (unsigned i = 0; i < 50; i++) {
		ask(e, i & 1 ? "straw" : "/(x+x+)+y|needl[e]/");
		engine_step(e, clock_mono()); /* given to workers, not waited for */
		if (i % 3 == 0)
			uv_run(&loop, UV_RUN_NOWAIT);
	}
	ck_assert_uint_gt(sweep_under_way(e->sweep, &e->filter), 0);
	check_query(e, "needle", 97);
	ck_assert_uint_eq(selection_count(&e->filter, &e->ring), 24);
	/* And in the middle of one. */
	ask(e, "straw");
	engine_step(e, clock_mono());
	engine_free(e);
	free(path);
}
END_TEST

static void
look_away(void *arg, struct block *b)
{
	(void)arg;
	ck_assert_uint_eq(b->pins, 0);
}

START_TEST(what_workers_look_at_is_not_evicted)
{
	char *path = big_file();
	struct engine *e = open_engine(2, false, path);

	evacuate(e);
	ask(e, "straw");
	engine_step(e, clock_mono());
	ck_assert_uint_gt(sweep_under_way(e->sweep, &e->filter), 0);
	e->ring.budget = 1;
	while (!selection_done(&e->filter)) {
		selection_touch(&e->filter, &e->ring);
		engine_step(e, clock_mono() + NSEC / 1000);
		uv_run(&loop, UV_RUN_ONCE);
		ring_trim(&e->ring, look_away, NULL);
	}
	engine_step(e, INT64_MAX);
	check_rows(e, "straw", 31);
	engine_free(e);
	free(path);
}
END_TEST

START_TEST(a_file_that_is_cut_takes_its_records_along)
{
	char *path = big_file();
	struct engine *e = open_engine(_i ? 2 : 0, false, path);

	evacuate(e);
	ck_assert_int_eq(truncate(path, 100), 0);
	ask(e, "needle OR level>=error");
	engine_step(e, INT64_MAX);
	ck_assert(selection_done(&e->filter));
	ck_assert_uint_lt(selection_count(&e->filter, &e->ring), 5); /* the end of it is in memory */
	ask(e, "level=info");
	engine_step(e, INT64_MAX);
	ck_assert_uint_eq(selection_count(&e->filter, &e->ring), 120000);
	engine_free(e);
	free(path);
}
END_TEST

START_TEST(records_are_found_in_the_copy_of_a_file_that_was_cut)
{
	char *path = big_file(), *cp = xasprintf("cp %s %s.1", path, path);
	struct engine *e = open_engine(_i ? 2 : 0, true, path);

	ck_assert_int_eq(system(cp), 0);
	ck_assert_int_eq(truncate(path, 0), 0);
	while (!e->feeds[0]->intake.source->truncations)
		uv_run(&loop, UV_RUN_ONCE);
	evacuate(e);
	check_query(e, "needle", 97);
	ck_assert_uint_eq(selection_count(&e->filter, &e->ring), 24);
	engine_free(e);
	free(cp);
	free(path);
}
END_TEST

START_TEST(grams_pass_over_what_is_not_there)
{
	static const char *const queries[] = { "needle", "NEEDLE", "straw", "absentia", "-needle", "absentia OR needle",
					       "/needle|absentia/", "/absent(ia|ee)/", "message:needle", "record 5003" };
	char *path = big_file();
	struct engine *e = open_engine(2, true, path);

	for (bool made = false; !made;) {
		engine_step(e, clock_mono() + NSEC / 1000);
		uv_run(&loop, UV_RUN_ONCE);
		made = true;
		for (size_t i = 0; i < e->ring.n; i++)
			made = made && (!e->ring.blocks[i]->sealed || e->ring.blocks[i]->grams);
	}
	for (size_t i = 0; i < ARRAY_SIZE(queries); i++)
		check_query(e, queries[i], 61);
	/* They are believed: nothing is read where they rule the word out. */
	evacuate(e);
	ck_assert_int_eq(truncate(path, 100), 0);
	ask(e, "-absentia");
	engine_step(e, INT64_MAX);
	ck_assert_uint_ge(selection_count(&e->filter, &e->ring), 119000);
	engine_free(e);
	free(path);
}
END_TEST

START_TEST(a_frame_does_not_wait_for_a_slow_question)
{
	char *path = big_file();
	struct engine *e = open_engine(0, false, path);
	struct view_log v;

	evacuate(e);
	ask(e, "absentia");
	view_log(e, PLACE_LAST, false, 30, 0, &v);
	ck_assert_uint_eq(v.n, 0);
	ck_assert(v.counting);
	view_log_release(&v);
	engine_step(e, INT64_MAX);
	view_log(e, PLACE_LAST, false, 30, 0, &v);
	ck_assert(!v.counting);
	view_log_release(&v);
	/* The newest are there at once, and no more of the file is looked at than they need. */
	ask(e, "straw");
	view_log(e, PLACE_LAST, false, 30, 0, &v);
	ck_assert_uint_eq(v.n, 30);
	ck_assert_uint_lt(v.matched, 20000);
	view_log_release(&v);
	engine_free(e);
	free(path);
}
END_TEST

START_TEST(a_completion_read_before_its_start_is_found_by_its_route)
{
	char *path = xasprintf("%s/late.log", dir);
	FILE *f = fopen(path, "w");

	ck_assert_ptr_nonnull(f);
	for (unsigned i = 0; i < 40000; i++) {
		bool start = i < 20000;

		fprintf(f, "{\"asctime\": \"2025-09-09 %02u:%02u:%02u,000\", \"levelname\": \"INFO\", \"message\": \"Request %s\", "
			"\"request_id\": \"id-%u\", %s}\n", 10 + i / 3600, i / 60 % 60, i % 60, start ? "started" : "completed",
			i % 20000, start ? "\"method\": \"GET\", \"path\": \"/api/x/\"" : "\"status\": 200, \"duration\": 0.1");
	}
	fclose(f);
	struct engine_options o;
	struct err err = { 0 };

	engine_options_init(&o);
	o.threads = _i ? 2 : 0;
	o.follow = false;
	struct engine *e = engine_new(&loop, &o);

	ask(e, "route=/api/x/");
	ck_assert_int_eq(engine_add(e, path, &err), 0);
	while (!engine_loaded(e)) {
		uv_run(&loop, UV_RUN_ONCE);
		engine_step(e, clock_mono() + NSEC / 1000);
	}
	engine_step(e, INT64_MAX);
	ck_assert_uint_eq(selection_count(&e->filter, &e->ring), 40000);
	engine_free(e);
	free(path);
}
END_TEST

static Suite *
suite(void)
{
	Suite *s = suite_create("match");
	TCase *t = tcase_create("match");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_set_timeout(t, 120);
	/* Each without workers and with two. */
	tcase_add_loop_test(t, many_rows_at_once_say_what_each_does, 0, 2);
	tcase_add_loop_test(t, what_is_odd_is_looked_at, 0, 2);
	tcase_add_loop_test(t, a_file_that_is_cut_takes_its_records_along, 0, 2);
	tcase_add_loop_test(t, records_are_found_in_the_copy_of_a_file_that_was_cut, 0, 2);
	tcase_add_loop_test(t, a_completion_read_before_its_start_is_found_by_its_route, 0, 2);
	tcase_add_test(t, a_new_question_cancels_the_old);
	tcase_add_test(t, what_workers_look_at_is_not_evicted);
	tcase_add_test(t, grams_pass_over_what_is_not_there);
	tcase_add_test(t, a_frame_does_not_wait_for_a_slow_question);
	suite_add_tcase(s, t);
	return s;
}

int
main(void)
{
	return unit_run(suite());
}
