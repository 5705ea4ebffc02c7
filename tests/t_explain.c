/* Unit tests of core/explain, explain_marks, explain_kinds and the command: how lines were read, as text. */
#include "config.h"

#include "core/alloc.h"
#include "core/block.h"
#include "core/explain.h"
#include "core/explain_kinds.h"
#include "core/explain_marks.h"
#include "core/headless.h"
#include "core/joiner.h"
#include "tests/unit.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static void
setup(void)
{
	ck_assert_ptr_nonnull(setlocale(LC_CTYPE, "C.UTF-8"));
	ck_assert_int_eq(clock_set_zone("UTC", NULL), 0);
}

static struct block *
block_of(struct span text, const struct format_memory *memory)
{
	struct block *b = block_new(0, 0, NULL);
	struct joiner j;

	memcpy(block_room(b, text.n + 1), text.p, text.n);
	b->len = text.n;
	joiner_init(&j, memory, NULL);
	joiner_start(&j, b, 0);
	joiner_feed(&j, SIZE_MAX);
	joiner_finish(&j);
	joiner_release(&j);
	block_seal(b, 0);
	return b;
}

/* The first record of a text, explained. */
static char *
explained(const char *text, const struct format_memory *memory)
{
	struct strbuf out = STRBUF_INIT;
	struct block *b = block_of(span_str(text), memory);
	struct record r = { 0 };
	struct parser p;

	parser_init(&p);
	r.parser = &p;
	ck_assert(b->n > 0 && block_record(b, 0, &r));
	explain_record(&r, &out);
	record_release(&r);
	parser_release(&p);
	block_free(b);
	return out.p;
}

/* What does not depend on the other formats: without the lines that begin with "  not ". */
static void
drop_others(char *text)
{
	char *from;

	while ((from = strstr(text, "\n  not "))) {
		char *to = strchr(from + 1, '\n');

		memmove(from, to, strlen(to) + 1);
	}
}

static const struct {
	const char *text, *explained;
	uint64_t spoken;
} rows[] = {
	{ "ERROR 2025-09-08 21:48:01,000 views 17771 139977653405376 Boom\n"
	  "Traceback (most recent call last):\n"
	  "  File \"/srv/app/shop/views.py\", line 3, in pay\n"
	  "ValueError: no\n",
	  "django: Django verbose text (level, time, module)\n"
	  "  ERROR 2025-09-08 21:48:01,000 views 17771 139977653405376 Boom\n"
	  "  ~~~~~ ~~~~~~~~~~~~~~~~~~~~~~~ ~~~~~ ~~~~~ ~~~~~~~~~~~~~~~ ~~~~\n"
	  "  level time                    logger      thread          message\n"
	  "                                      pid\n"
	  "  time              2025-09-08 21:48:01.000 +00:00\n"
	  "  level             ERROR\n"
	  "  exception         ValueError\n"
	  "  exception_message no\n"
	  "  frame             views.py:3 pay\n"
	  "  3 lines continue it\n", 0 },
	{ "{\"time\": \"2025-09-08T21:48:00Z\", \"level\": \"warn\", \"msg\": \"a \\\"b\\\"\", \"duration_ms\": 12.5,"
	  " \"path\": \"/orders/17/\", \"shop\": \"x\"}\n",
	  "json: JSON object\n"
	  "  {\"time\": \"2025-09-08T21:48:00Z\", \"level\": \"warn\", \"msg\": \"a \\\"b\\\"\", \"duration_ms\": 12.5,"
	  " \"path\": \"\n"
	  "            ~~~~~~~~~~~~~~~~~~~~             ~~~~           ~~~~~~~                  ~~~~\n"
	  "            time                             level          message                  duration\n"
	  "  /orders/17/\", \"shop\": \"x\"}\n"
	  "  ~~~~~~~~~~~\n"
	  "  path\n"
	  "  time              2025-09-08 21:48:00.000 +00:00\n"
	  "  level             WARNING\n"
	  "  duration          0.0125 s\n"
	  "  route             /orders/<int>/\n"
	  "  other keys        shop\n", 0 },
	{ "192.0.2.7 - - [08/Sep/2025:21:48:00 +0000] \"GET /a/3/ HTTP/1.1\" 404 9 \"-\" \"curl/8.5\"\n",
	  "access: Access lines (common and combined, with durations)\n"
	  "  192.0.2.7 - - [08/Sep/2025:21:48:00 +0000] \"GET /a/3/ HTTP/1.1\" 404 9 \"-\" \"curl/8.5\"\n"
	  "  ~~~~~~~~~      ~~~~~~~~~~~~~~~~~~~~~~~~~~   ~~~ ~~~~~           ~~~ ~      ~~~~~~~~\n"
	  "  ip             time                         method              status     agent\n"
	  "                                                  path                size\n"
	  "  time              2025-09-08 21:48:00.000 +00:00\n"
	  "  level             WARNING\n"
	  "  status            404\n"
	  "  size              9 bytes\n"
	  "  route             /a/<int>/\n"
	  "  an access line: a request by itself, and its own message\n", 0 },
	/* colours are left out, and places are those of what is shown */
	{ "\033[32m[08/Sep/2025 21:48:00] \"GET / HTTP/1.1\" 200 3\033[0m\n",
	  "runserver: Django's runserver (WSGI and ASGI)\n"
	  "  [08/Sep/2025 21:48:00] \"GET / HTTP/1.1\" 200 3\n"
	  "   ~~~~~~~~~~~~~~~~~~~~   ~~~ ~           ~~~ ~\n"
	  "   time                   method          status\n"
	  "                              path            size\n"
	  "  time              2025-09-08 21:48:00.000 +00:00\n"
	  "  level             INFO\n"
	  "  status            200\n"
	  "  size              3 bytes\n"
	  "  route             /\n"
	  "  an access line: a request by itself, and its own message\n", 0 },
	{ "[2025-09-08 21:48:00 +0000] [17829] [INFO] Booting worker\n",
	  "gunicorn: gunicorn's error log\n"
	  "  [2025-09-08 21:48:00 +0000] [17829] [INFO] Booting worker\n"
	  "   ~~~~~~~~~~~~~~~~~~~~~~~~~   ~~~~~   ~~~~  ~~~~~~~~~~~~~~\n"
	  "   time                        pid     level message\n"
	  "  time              2025-09-08 21:48:00.000 +00:00\n"
	  "  level             INFO\n", 0 },
	{ "Sep  8 21:48:00 web-01 django[17829]: ERROR myapp.views: no\n",
	  "syslog: syslog (RFC 3164, RFC 5424), with an inner format\n"
	  "  Sep  8 21:48:00 web-01 django[17829]: ERROR myapp.views: no\n"
	  "  ~~~~~~~~~~~~~~~ ~~~~~~        ~~~~~   ~~~~~ ~~~~~~~~~~~  ~~\n"
	  "  time            host          pid     level logger       message\n", 0 },
	/* a message with marks inside, and a weak format in a source that speaks it */
	{ "INFO GET /transfer/ -> 400 in 487.03ms\n",
	  "simple: Django simple text (level, message)\n"
	  "  INFO GET /transfer/ -> 400 in 487.03ms\n"
	  "  ~~~~ ~~~ ~~~~~~~~~~    ~~~    ~~~~~~~~\n"
	  "  level    path          status duration\n"
	  "       method\n"
	  "       ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~\n"
	  "       message\n"
	  "  level             INFO\n"
	  "  status            400\n"
	  "  duration          0.48703 s\n"
	  "  route             /transfer/\n", UINT64_C(1) << FORMAT_SIMPLE },
	/* nothing of a log reaches the terminal raw */
	{ "no \033]0;title\a \xff line\n",
	  "raw: Lines no format knows\n"
	  "  no ^[]0;title^G <ff> line\n", 0 },
};

START_TEST(a_record_explained)
{
	struct format_memory memory = { rows[_i].spoken };
	char *got = explained(rows[_i].text, &memory);

	drop_others(got);
	/* A stamp without a year has that of the clock: only the marks are compared. */
	if (!strncmp(got, "syslog", 6))
		got[strlen(rows[_i].explained)] = '\0';
	ck_assert_str_eq(got, rows[_i].explained);
	free(got);
}
END_TEST

static const struct {
	const char *text, *says;
} other_rows[] = {
	{ "[2025-09-08 21:48:00 +0000] [17829] [INFO] Booting\n", "\n  not text          could read it too, but gunicorn" },
	{ "ERROR nothing but a level\n", "\n  not simple        could read it, but its start is weak" },
	{ "[08/Sep/2025 21:48:00] \"GET / HTTP/1.1\" 200 3\n", "a level after the time (at byte 24)\n" },
	{ "{\"a\": 1, \"b\n", "\n  not json          lacks " },
	{ "2025-09-08 21:48:00,123 no level here\n", "\n  not text          lacks a level after the time (at byte " },
};

START_TEST(others_say_what_they_lacked)
{
	char *got = explained(other_rows[_i].text, NULL);
	ck_assert_msg(strstr(got, other_rows[_i].says) != NULL, "no %s in %s", other_rows[_i].says, got);
	free(got);
}
END_TEST

START_TEST(at_most_three_others_are_named)
{
	char *got = explained("[08/Sep/2025 21:48:00] \"GET / HTTP/1.1\" 200 3\n", NULL);
	int n = 0;

	for (const char *at = got; (at = strstr(at, "\n  not ")); at++)
		n++;
	ck_assert(n > 0 && n <= TRIALS_SHOWN);
	free(got);
}
END_TEST

START_TEST(long_lines_are_cut_and_wide_ones_wrapped)
{
	struct strbuf line = STRBUF_INIT, out = STRBUF_INIT;
	struct mark mark = { .from = 36, .to = 42, .name = "a" };
	struct span rest;

	for (int i = 0; i < 1000; i++)
		strbuf_str(&line, i % 2 ? "x" : "가");
	size_t shown = marks_draw(strbuf_span(&line), &mark, 1, 60, &out);

	ck_assert(shown > 0 && shown < line.n);
	rest = strbuf_span(&out);
	while (rest.n) {
		ptrdiff_t nl = span_chr(rest, '\n');

		ck_assert_int_ge(nl, 0);
		ck_assert_int_le(nl, 60 * 3);
		rest = span_from(rest, (size_t)nl + 1);
	}
	/* 36 bytes are nine pairs of a wide and a narrow character: 27 columns behind the indent. */
	ck_assert_msg(strstr(out.p, "\n                             ~~~") != NULL, "%s", out.p);
	strbuf_release(&line);
	strbuf_release(&out);
}
END_TEST

/* ---- counting -------------------------------------------------------------------------- */

static char *
data_path(const char *name)
{
	const char *top = getenv("srcdir");

	return xasprintf("%s/tests/data/logs/%s", top ? top : ".", name);
}

static void
read_file(const char *path, struct strbuf *out)
{
	FILE *f = fopen(path, "r");
	char part[65536];
	size_t n;

	ck_assert_msg(f != NULL, "%s", path);
	while ((n = fread(part, 1, sizeof part, f)))
		strbuf_add(out, span_of(part, n));
	fclose(f);
}

static void
count_line(struct format_counts *c, struct parser *p, struct span line, const struct format **before)
{
	struct parsed parsed;
	const struct format *f = format_detect(p, line, &parsed);

	c->lines_in_all++;
	if (!f && *before && (*before)->multiline) {
		c->lines[(*before)->id]++;
		return;
	}
	*before = f;
	if (!f && !span_trim(line).n)
		return;
	c->records[f ? f->id : FORMAT_RAW]++;
	c->lines[f ? f->id : FORMAT_RAW]++;
}

/* The rules of issue and design, line by line, without blocks and joiners. */
static void
walk(struct span text, struct format_counts *c)
{
	const struct format *before = NULL;
	struct parser p;
	size_t sample = text.n < 65536 ? text.n : 65536;

	parser_init(&p);
	format_sniff(&p.memory, span_head(text, sample));
	format_sniff(&p.memory, span_from(text, text.n - sample));
	while (text.n) {
		ptrdiff_t nl = span_chr(text, '\n');
		struct span line = span_head(text, nl < 0 ? text.n : (size_t)nl);

		text = span_from(text, line.n + 1);
		if (line.n && line.p[line.n - 1] == '\r')
			line.n--;
		count_line(c, &p, line, &before);
	}
	parser_release(&p);
}

/* What the command prints for a file; *status is its exit status. */
static void
run_command(const char *path, struct strbuf *out, int *status)
{
	char name[] = "/tmp/tailboard-explain-XXXXXX";
	const char *inputs[] = { path };
	struct options o = { .inputs = inputs, .n_inputs = path != NULL };
	int file = mkstemp(name), saved = dup(STDOUT_FILENO);

	engine_options_init(&o.engine);
	fflush(stdout);
	dup2(file, STDOUT_FILENO);
	*status = headless_explain(&o);
	fflush(stdout);
	dup2(saved, STDOUT_FILENO);
	close(saved);
	close(file);
	read_file(name, out);
	unlink(name);
}

static const char *const files[] = { "mixed.log", "simple.log", "celery.log", "runserver-color.log", "crlf-error.log" };

START_TEST(counts_agree_with_a_naive_walk)
{
	struct strbuf text = STRBUF_INIT, got = STRBUF_INIT, want = STRBUF_INIT;
	struct format_counts counts = { .cut = 0 };
	char *path = data_path(files[_i]);
	int status;

	read_file(path, &text);
	walk(strbuf_span(&text), &counts);
	strbuf_str(&want, "== in all\n");
	format_counts_print(&counts, &want);
	run_command(path, &got, &status);
	ck_assert_int_eq(status, EXIT_FINE);
	ck_assert(got.n > want.n);
	ck_assert_str_eq(got.p + got.n - want.n, want.p);
	ck_assert_ptr_null(strchr(got.p, '\033'));
	strbuf_release(&text);
	strbuf_release(&got);
	strbuf_release(&want);
	free(path);
}
END_TEST

START_TEST(says_what_a_source_speaks)
{
	struct strbuf got = STRBUF_INIT;
	char *path = data_path("simple.log");
	int status;

	run_command(path, &got, &status);
	ck_assert_ptr_nonnull(strstr(got.p, "\nsimple: spoken: "));
	ck_assert_ptr_nonnull(strstr(got.p, "\n  continues the record before (simple): "));
	strbuf_release(&got);
	free(path);
}
END_TEST

START_TEST(exit_status)
{
	struct strbuf got = STRBUF_INIT;
	int status;

	run_command("/nonexistent/app.log", &got, &status);
	ck_assert_int_eq(status, EXIT_INPUT);
	run_command(NULL, &got, &status);
	ck_assert_int_eq(status, EXIT_USAGE);
	strbuf_release(&got);
}
END_TEST

START_TEST(many_kinds_are_counted_not_shown)
{
	struct strbuf text = STRBUF_INIT, out = STRBUF_INIT;
	struct format_memory memory = { 0 };
	struct record r = { 0 };
	struct parser p;
	struct kinds k;
	int shown = 0;

	/* A set of fields for each number's bits. */
	for (unsigned i = 0; i < 512; i++) {
		static const char *const keys[] = { "level", "logger", "user_id", "path", "method", "ip", "pid",
			"thread", "host" };

		strbuf_str(&text, "{\"time\": 1757368080");
		for (unsigned bit = 0; bit < ARRAY_SIZE(keys); bit++)
			if (i >> bit & 1)
				strbuf_addf(&text, ", \"%s\": \"7\"", keys[bit]);
		strbuf_str(&text, "}\n");
	}
	struct block *b = block_of(strbuf_span(&text), NULL);

	parser_init(&p);
	r.parser = &p;
	kinds_init(&k, 100);
	for (uint32_t row = 0; row < b->n; row++)
		if (block_record(b, row, &r))
			kinds_add(&k, &r);
	kinds_print(&k, &memory, true, &out);
	for (const char *at = out.p; (at = strstr(at, "\033[1mjson: ")); at++)
		shown++;
	ck_assert_int_eq(shown, 20);
	ck_assert_msg(strstr(out.p, "492 further lines are of more than 236 other kinds") != NULL, "%s",
		      strstr(out.p, "further"));
	ck_assert_uint_eq(k.counts.records[FORMAT_JSON], 512);
	kinds_release(&k);
	record_release(&r);
	parser_release(&p);
	block_free(b);
	strbuf_release(&text);
	strbuf_release(&out);
}
END_TEST

static Suite *
suite(void)
{
	Suite *s = suite_create("explain");
	TCase *t = tcase_create("explain");

	tcase_add_checked_fixture(t, setup, NULL);
	tcase_add_loop_test(t, a_record_explained, 0, ARRAY_SIZE(rows));
	tcase_add_loop_test(t, others_say_what_they_lacked, 0, ARRAY_SIZE(other_rows));
	tcase_add_test(t, at_most_three_others_are_named);
	tcase_add_test(t, long_lines_are_cut_and_wide_ones_wrapped);
	tcase_add_loop_test(t, counts_agree_with_a_naive_walk, 0, ARRAY_SIZE(files));
	tcase_add_test(t, says_what_a_source_speaks);
	tcase_add_test(t, exit_status);
	tcase_add_test(t, many_kinds_are_counted_not_shown);
	suite_add_tcase(s, t);
	return s;
}

int
main(void)
{
	return unit_run(suite());
}
