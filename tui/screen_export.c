/*
 * screen_export: what is shown, into a file; and whether secrets are shown.
 *
 * Records go out a step at a time, between the keys. What is exported is masked as
 * long as the screen is.
 */
#include "config.h"

#include "tui/screen_internal.h"

#include "core/alloc.h"
#include "core/export.h"
#include "core/units.h"

#include <stdlib.h>

/* Most exports are done within the first step. */
enum { FIRST_STEP_NS = 40 * 1000000 };

static const enum export_table tables[SLOT_PANES] = {
	[SLOT_TIMELINE] = TABLE_LEVELS, [SLOT_LEVELS] = TABLE_LEVELS, [SLOT_REQUESTS] = TABLE_REQUESTS,
	[SLOT_SOURCES] = TABLE_SOURCES,
};

static bool
shows_table(const struct screen *s)
{
	return s->focus == SLOT_TIMELINE || s->focus == SLOT_LEVELS || s->focus == SLOT_REQUESTS ||
	       s->focus == SLOT_SOURCES;
}

/* What was given to the program, as far as it can be given again; the caller frees the array. */
static const char **
inputs_of(const struct view_sources *v, size_t *n)
{
	const char **inputs = xcalloc(v->n + 1, sizeof *inputs);

	*n = 0;
	for (size_t i = 0; i < v->n; i++)
		if (!v->v[i].stream && !v->v[i].command)
			inputs[(*n)++] = v->v[i].path;
	return inputs;
}

static void
tell_done(struct screen *s, const struct export_done *done, const char *what)
{
	char n[32];

	if (what)
		screen_message(s, false, "wrote %s: %s %s%s", done->path, units_thousands(done->rows, n), what,
			       done->rows == 1 ? "" : "s");
	else
		screen_message(s, false, "wrote %s", done->path);
}

static void
finish(struct screen *s)
{
	struct export_done done;
	struct err err = { 0 };

	if (export_end(s->export, &done, &err))
		screen_message(s, true, "%s", err.msg);
	else
		tell_done(s, &done, "record");
	s->export = NULL;
}

bool
screen_export_work(struct screen *s, int64_t deadline)
{
	char n[32];

	if (!s->export)
		return false;
	if (export_step(s->export, deadline))
		screen_message(s, false, "writing: %s records so far (Esc ends it)",
			       units_thousands(export_written(s->export), n));
	else
		finish(s);
	return true;
}

bool
screen_export_stop(struct screen *s)
{
	if (!s->export)
		return false;
	export_cancel(s->export);
	s->export = NULL;
	return true;
}

static void
export_to(struct screen *s, enum export_kind kind, const struct export_what *w, const char *path)
{
	struct export_done done;
	struct err err = { 0 };
	bool table = shows_table(s) && kind != EXPORT_RAW && kind != EXPORT_REPORT;
	int failed = 0;

	if (kind == EXPORT_REPORT)
		failed = export_report(s->engine, w, path, &done, &err);
	else if (table)
		failed = export_table(s->engine, tables[s->focus], kind, w, path, &done, &err);
	else
		failed = !(s->export = export_records(s->engine, kind, w, path, &err));
	if (failed)
		screen_message(s, true, "%s", err.msg);
	else if (s->export)
		screen_export_work(s, clock_mono() + FIRST_STEP_NS);
	else
		tell_done(s, &done, table ? "row" : NULL);
}

/* "md", "csv FILE" */
int
screen_export(struct screen *s, const char *arg)
{
	struct span rest = span_str(arg);
	ptrdiff_t blank = span_chr(rest, ' ');
	enum export_kind kind = export_kind_of(blank < 0 ? rest : span_head(rest, (size_t)blank));
	struct span name = blank < 0 ? SPAN_NONE : span_trim(span_from(rest, (size_t)blank));

	if (kind == EXPORT_KINDS) {
		screen_message(s, true, "export: md, raw, json or csv is expected, and a file if you like");
		return EFFECT_REDRAW;
	}
	if (s->export)
		return screen_say(s, "another export is still being written");
	struct strbuf query = STRBUF_INIT;
	struct view_sources sources;
	struct export_what w = {
		.frame = s->lens.frame, .now = s->lens.now, .mask = engine_masks(s->engine),
	};
	char *path = name.n ? path_words_home(name) : NULL;

	lens_query(&s->lens, &query);
	w.filter = query.p ? query.p : "";
	view_sources(s->engine, s->lens.now, &sources);
	w.inputs = inputs_of(&sources, &w.n_inputs);
	export_to(s, kind, &w, path);
	free((void *)w.inputs);
	view_sources_release(&sources);
	strbuf_release(&query);
	free(path);
	return EFFECT_REDRAW;
}

static int
do_export(struct screen *s)
{
	return screen_ask(s, PROMPT_COMMAND, SPAN_LIT("export "));
}

static int
do_mask(struct screen *s)
{
	bool on = !engine_masks(s->engine);

	engine_set_masking(s->engine, on);
	screen_message(s, false, on ? "secrets are masked" : "secrets are shown as they are, and exported so; "
							     "the same key masks them again");
	return EFFECT_UPDATE;
}

/* The loggers that write most of them, as far as the line goes. */
static int
do_secrets(struct screen *s)
{
	struct strbuf text = STRBUF_INIT;
	struct view_secrets v;
	char n[32], all[32];

	view_secrets(s->engine, &v);
	strbuf_addf(&text, "%s of %s records hold secrets", units_thousands(v.records, n), units_thousands(v.looked, all));
	for (size_t i = 0; i < v.n && i < 4; i++)
		strbuf_addf(&text, "%s %s %s in %s", i ? "," : ":", units_thousands(v.rows[i].records, n), v.rows[i].rule,
			    v.rows[i].logger[0] ? v.rows[i].logger : "no logger");
	screen_message(s, false, "%s%s", text.p, v.counting ? " (counting: ask again)" : "");
	view_secrets_release(&v);
	strbuf_release(&text);
	return EFFECT_REDRAW;
}

screen_handler *const screen_export_handlers[CMD_COUNT] = {
	[CMD_EXPORT] = do_export,
	[CMD_MASK] = do_mask,
	[CMD_SECRETS] = do_secrets,
};
