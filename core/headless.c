/*
 * headless.c: load what is there with the same engine as the screen, then
 * print.
 */
#include "config.h"

#include "core/headless.h"

#include "core/alloc.h"
#include "core/regex.h"
#include "core/report.h"
#include "core/search.h"
#include "core/search_follow.h"
#include "core/utf8.h"
#include "core/view.h"

#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

enum { SLOW_MS = 1000, SIGNALS = 3 };

/* A line on standard error; names of files may hold anything. */
static void
complain(const char *what, const char *why)
{
	fputs("tailboard: ", stderr);
	text_write(stderr, span_str(what));
	fprintf(stderr, "%s%s\n", why ? ": " : "", why ? why : "");
}

static int
fail(int status, const char *msg)
{
	complain(msg, NULL);
	return status;
}

static void
tell_failure(const struct view_source *s)
{
	if (s->broken || s->ended_badly)
		complain(s->path, s->note);
	else if (s->state == SOURCE_FAILED || (s->state == SOURCE_WAITING && !s->bytes))
		complain(s->path, s->error ? strerror(s->error) : "no such file");
}

/* One line for each source that could not be read. */
static void
tell_failures(struct engine *e)
{
	struct view_sources s;

	view_sources(e, clock_now(), &s);
	for (size_t i = 0; i < s.n; i++)
		tell_failure(&s.v[i]);
	if (!s.n) {
		char why[512];

		view_empty_reason(e, why, sizeof why);
		complain(why, NULL);
	}
	view_sources_release(&s);
}

/* A stream that has nothing yet is waited for; after a second that is said. */
static void
on_slow(uv_timer_t *timer)
{
	struct view_sources s;

	view_sources(timer->data, clock_now(), &s);
	for (size_t i = 0; i < s.n; i++)
		if (s.v[i].stream && s.v[i].state == SOURCE_OPEN && s.v[i].note[0])
			complain(s.v[i].path, s.v[i].note);
	view_sources_release(&s);
}

/* A command has a session of its own: what ends us does not reach it. */
static void
on_signal(uv_signal_t *handle, int number)
{
	engine_stop_commands(handle->data);
	uv_signal_stop(handle);
	raise(number);
}

static void
read_all(uv_loop_t *loop, struct engine *e)
{
	static const int numbers[SIGNALS] = { SIGINT, SIGTERM, SIGHUP };
	uv_signal_t signals[SIGNALS];
	struct sigaction now;
	uv_timer_t slow;

	for (int i = 0; i < SIGNALS; i++) {
		uv_signal_init(loop, &signals[i]);
		signals[i].data = e;
		/* Who was told to ignore it (nohup) goes on to. */
		if (!sigaction(numbers[i], NULL, &now) && now.sa_handler != SIG_IGN)
			uv_signal_start(&signals[i], on_signal, numbers[i]);
	}
	uv_timer_init(loop, &slow);
	slow.data = e;
	uv_timer_start(&slow, on_slow, SLOW_MS, 0);
	while (!engine_loaded(e))
		uv_run(loop, UV_RUN_ONCE);
	uv_close((uv_handle_t *)&slow, NULL);
	for (int i = 0; i < SIGNALS; i++)
		uv_close((uv_handle_t *)&signals[i], NULL);
	uv_run(loop, UV_RUN_NOWAIT);
	while (engine_step(e, INT64_MAX))
		;
}

/* Read all there is, but for the first `used` inputs. NULL with a message printed and *status set. */
static struct engine *
load(uv_loop_t *loop, const struct engine_options *eo, const struct options *o, size_t used, int *status)
{
	struct err err = { 0 };
	struct engine *e = engine_new(loop, eo);

	*status = EXIT_USAGE;
	for (size_t i = used; e && i < o->n_inputs; i++)
		if (engine_add(e, o->inputs[i], &err)) {
			engine_free(e);
			e = NULL;
		}
	if (e && o->command)
		engine_add_command(e, o->command);
	if (!e) {
		fail(*status, err.msg);
		return NULL;
	}
	read_all(loop, e);
	return e;
}

/* The window ends at the newest record: find it in the ends of the files. */
static int
resolve_window(struct options *o)
{
	struct engine_options tail = o->engine;
	uv_loop_t loop;
	int status;

	if (o->window == TIME_NONE || o->engine.since != TIME_NONE)
		return 0;
	bool once = o->command;

	for (size_t i = 0; i < o->n_inputs; i++)
		once |= !strcmp(o->inputs[i], "-");
	if (once)
		return fail(EXIT_USAGE, "--window needs files; for standard input and commands say --since");
	int64_t to = o->engine.until;

	if (to == TIME_NONE) {
		struct view_status st;

		tail.tail_only = true;
		uv_loop_init(&loop);
		struct engine *e = load(&loop, &tail, o, 0, &status);

		if (!e) {
			uv_loop_close(&loop);
			return status;
		}
		view_status(e, clock_now(), &st);
		engine_free(e);
		uv_loop_close(&loop);
		if (st.newest == TIME_NONE)
			return 0;
		to = o->engine.until = st.newest + 1;
	}
	o->engine.since = to - o->window;
	return 0;
}

static int
end(uv_loop_t *loop, struct engine *e, int status)
{
	tell_failures(e);
	if (engine_failed(e))
		status = EXIT_INPUT;
	engine_free(e);
	uv_loop_close(loop);
	return fflush(stdout) || ferror(stdout) ? EXIT_INPUT : status;
}

int
headless_report(struct options *o)
{
	uv_loop_t loop;
	int status;

	if (!o->n_inputs && !o->command)
		return fail(EXIT_USAGE, "report needs a file, a folder, a glob or - (see tailboard report --help)");
	o->engine.follow = false;
	if ((status = resolve_window(o)))
		return status;
	o->engine.keep_values = true;
	uv_loop_init(&loop);
	struct engine *e = load(&loop, &o->engine, o, 0, &status);

	if (!e) {
		uv_loop_close(&loop);
		return status;
	}
	json_t *report = report_json(e, &(struct report_options){ o->by_minute, o->mask, o->engine.secrets },
				     clock_now());

	if (o->output == OUTPUT_JSON) {
		json_dumpf(report, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(17));
		putchar('\n');
	} else {
		struct strbuf out = STRBUF_INIT;

		report_text(report, &out);
		fwrite(out.p, 1, out.n, stdout);
		strbuf_release(&out);
	}
	json_decref(report);
	return end(&loop, e, EXIT_FINE);
}

/* What comes is new whatever time it says. */
static bool
only_new(const struct options *o)
{
	return o->follow && o->since && !strcmp(o->since, "now");
}

/* --since and --until are part of what is asked for. */
static struct query *
bounded(const struct options *o, struct span text, struct err *err)
{
	struct strbuf whole = STRBUF_INIT;

	if (text.n)
		strbuf_addf(&whole, "(%.*s )", SPAN_FMT(text));
	if (o->since && !only_new(o)) {
		strbuf_str(&whole, " time>=");
		query_quote(&whole, span_str(o->since));
	}
	if (o->until) {
		strbuf_str(&whole, " time<");
		query_quote(&whole, span_str(o->until));
	}
	struct query *q = query_compile(strbuf_span(&whole), clock_now(), err);

	strbuf_release(&whole);
	return q;
}

/* The query of a search: the flags, or the first argument when there are none. */
static struct query *
search_query(struct options *o, size_t *used, struct err *err)
{
	struct strbuf text = STRBUF_INIT;

	search_flags_query(o, &text);
	/* To follow all records of a file, its name is enough. */
	*used = !text.n && o->n_inputs && !(o->follow && o->n_inputs == 1 && !o->command);
	if (*used)
		strbuf_str(&text, o->inputs[0]);
	/* Compiled as it was typed first, for where its mistakes are. */
	struct query *q = query_compile(strbuf_span(&text), clock_now(), err);

	if (q && (o->since || o->until)) {
		bool empty = query_is_empty(q);

		query_free(q);
		q = bounded(o, empty ? SPAN_NONE : strbuf_span(&text), err);
	}
	strbuf_release(&text);
	return q;
}

static int
follow(struct options *o, struct query *q, size_t used)
{
	if (o->count || o->page || o->page_size) {
		query_free(q);
		return fail(EXIT_USAGE, "--follow has no --count and no pages");
	}
	if (o->engine.history) {
		query_free(q);
		return fail(EXIT_USAGE, "--follow has no --history: search for what is there first");
	}
	return search_follow(&(struct follow_options){
		.o = o, .query = q, .inputs = o->inputs + used, .n_inputs = o->n_inputs - used,
		.only_new = only_new(o), .fd = STDOUT_FILENO, .complain = complain,
	});
}

/* A pattern that tries without end is given up, record by record. */
static void
tell_limited(void)
{
	unsigned long n = regex_limited_in_all();

	if (n)
		fprintf(stderr, "tailboard: a pattern was given up %lu time%s, because it tried too much on one record\n", n,
			n == 1 ? "" : "s");
}

int
headless_search(struct options *o)
{
	struct err err = { 0 };
	uv_loop_t loop;
	size_t used;
	int status;
	char where[320];
	struct query *q = search_query(o, &used, &err);

	if (!q) {
		snprintf(where, sizeof where, "query:%zu: %s", err.pos + 1, err.msg);
		return fail(EXIT_USAGE, where);
	}
	if (o->n_inputs <= used && !o->command) {
		query_free(q);
		return fail(EXIT_USAGE, "search needs a query and a file: tailboard search 'level>=error' app.log");
	}
	if (o->follow)
		return follow(o, q, used);
	o->engine.follow = false;
	uv_loop_init(&loop);
	struct engine *e = load(&loop, &o->engine, o, used, &status);

	if (!e) {
		query_free(q);
		uv_loop_close(&loop);
		return status;
	}
	engine_set_filter(e, q);
	while (engine_step(e, INT64_MAX))
		;
	uint64_t found = search_print(e, o, stdout);
	struct view_status st;

	view_status(e, clock_now(), &st);
	if (st.evicted)
		fprintf(stderr, "tailboard: %llu older records did not fit into --memory and were not searched\n",
			(unsigned long long)st.evicted);
	tell_limited();
	return end(&loop, e, found ? EXIT_FINE : EXIT_NOTHING);
}

int
headless_version(void)
{
	printf("tailboard %s\nlibuv %s, jansson %s\narchives: %s\n", PACKAGE_VERSION, uv_version_string(),
	       JANSSON_VERSION, archive_names());
	return EXIT_FINE;
}
