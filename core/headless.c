/*
 * headless.c: load what is there with the same engine as the screen, then
 * print.
 */
#include "config.h"

#include "core/headless.h"

#include "core/alloc.h"
#include "core/report.h"
#include "core/search.h"
#include "core/utf8.h"
#include "core/view.h"

#include <stdlib.h>

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

/* One line for each source that could not be read. */
static void
tell_failures(struct engine *e)
{
	struct view_source s[256];
	size_t n = view_sources(e, s, ARRAY_SIZE(s));

	for (size_t i = 0; i < n; i++)
		if (s[i].state == SOURCE_FAILED || (s[i].state == SOURCE_WAITING && !s[i].bytes))
			complain(s[i].path, s[i].error ? strerror(s[i].error) : "no such file");
	if (!n) {
		char why[512];

		view_empty_reason(e, why, sizeof why);
		complain(why, NULL);
	}
}

/* Read all there is. NULL with a message printed and *status set. */
static struct engine *
load(uv_loop_t *loop, const struct engine_options *eo, const char *const *inputs, size_t n, int *status)
{
	struct err err = { 0 };
	struct engine *e = engine_new(loop, eo);

	*status = EXIT_USAGE;
	for (size_t i = 0; e && i < n; i++)
		if (engine_add(e, inputs[i], &err)) {
			engine_free(e);
			e = NULL;
		}
	if (!e) {
		fail(*status, err.msg);
		return NULL;
	}
	while (!engine_loaded(e))
		uv_run(loop, UV_RUN_ONCE);
	while (engine_step(e, INT64_MAX))
		;
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
	for (size_t i = 0; i < o->n_inputs; i++)
		if (!strcmp(o->inputs[i], "-"))
			return fail(EXIT_USAGE, "--window needs files; for standard input say --since");
	int64_t to = o->engine.until;

	if (to == TIME_NONE) {
		struct view_status st;

		tail.tail_only = true;
		uv_loop_init(&loop);
		struct engine *e = load(&loop, &tail, o->inputs, o->n_inputs, &status);

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

	if (!o->n_inputs)
		return fail(EXIT_USAGE, "report needs a file, a folder, a glob or - (see tailboard report --help)");
	o->engine.follow = false;
	if ((status = resolve_window(o)))
		return status;
	o->engine.keep_values = true;
	uv_loop_init(&loop);
	struct engine *e = load(&loop, &o->engine, o->inputs, o->n_inputs, &status);

	if (!e) {
		uv_loop_close(&loop);
		return status;
	}
	json_t *report = report_json(e, o->by_minute, clock_now());

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

/* --since and --until are part of what is asked for. */
static struct query *
bounded(const struct options *o, struct span text, struct err *err)
{
	struct strbuf whole = STRBUF_INIT;

	if (text.n)
		strbuf_addf(&whole, "(%.*s )", SPAN_FMT(text));
	if (o->since) {
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
	*used = !text.n;
	if (*used && o->n_inputs)
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
	if (o->n_inputs <= used) {
		query_free(q);
		return fail(EXIT_USAGE, "search needs a query and a file: tailboard search 'level>=error' app.log");
	}
	o->engine.follow = false;
	uv_loop_init(&loop);
	struct engine *e = load(&loop, &o->engine, o->inputs + used, o->n_inputs - used, &status);

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
	return end(&loop, e, found ? EXIT_FINE : EXIT_NOTHING);
}

int
headless_version(void)
{
	printf("tailboard %s\nlibuv %s, jansson %s\n", PACKAGE_VERSION, uv_version_string(), JANSSON_VERSION);
	return EXIT_FINE;
}
