/*
 * source_card: a rule with the path, then a fact a line, from a table of
 * labels and of functions that say what stands behind them. Where there is
 * room at the right, what arrived in the last minute is a chart.
 */
#include "config.h"

#include "tui/source_card.h"

#include "core/alloc.h"
#include "core/silence.h"
#include "core/units.h"
#include "core/utf8.h"
#include "tui/chart.h"

#include <stdio.h>

enum { LABEL_W = 10, MARGIN = 1, WIDE = 150, CHART_W = 68, CHART_H = 5 };

struct fact {
	const struct source_row *row;
	int64_t now;
	struct strbuf text;
	enum role role; /* of what stands from `mark` on */
	size_t mark;
};

static void
add_count(struct strbuf *out, uint64_t n, const char *one, const char *many)
{
	char buf[32];

	strbuf_addf(out, "%s%s %s", out->n ? ", " : "", units_thousands(n, buf), n == 1 ? one : many);
}

/* ---- facts ---------------------------------------------------------------------- */

static const char *
why_state(const struct source_row *r)
{
	const struct view_source *v = &r->v;

	if (v->closed)
		return "not read any more, its records stay";
	if (v->note[0])
		return v->note;
	if (v->error)
		return strerror(v->error);
	if (v->state == SOURCE_WAITING)
		return "nothing is at its path yet";
	if (v->missing)
		return "nothing is at its path now; the open file may still grow";
	if (v->state == SOURCE_OPEN && v->polled && !v->silent)
		return v->watch_note ? v->watch_note : "looked at once a second";
	if (r->hidden)
		return "a filter keeps its records away";
	return NULL;
}

static void
say_state(struct fact *f)
{
	const char *why = why_state(f->row);
	char text[32];

	f->role = source_state(f->row, f->now, text, sizeof text);
	if (f->role == ROLE_DIM)
		f->role = ROLE_VALUE;
	strbuf_addf(&f->text, "%s%s%s", text, why ? ": " : "", why ? why : "");
}

static void
say_rate(struct fact *f)
{
	const struct view_source *v = &f->row->v;
	char rate[16];

	strbuf_addf(&f->text, "%s now", v->rate >= 0.05 ? silence_rate_text(v->rate, rate) : "0/s");
	if (v->usual > 0)
		strbuf_addf(&f->text, ", usually %s", silence_rate_text(v->usual, rate));
	if (v->silent) {
		strbuf_str(&f->text, ", ");
		f->mark = f->text.n;
		strbuf_addf(&f->text, "silent for %s", units_age(f->now - v->last_read, rate));
		f->role = ROLE_WARNING;
	}
}

static void
say_last(struct fact *f)
{
	const struct view_source *v = &f->row->v;
	char age[16], time[40];

	if (v->newest != TIME_NONE)
		strbuf_addf(&f->text, "%s ago by its own time, %s", units_age(f->now - v->newest, age),
			    clock_format(v->newest, CLOCK_DATE_MINUTE, time, sizeof time));
	if (v->last_read)
		strbuf_addf(&f->text, "%swritten %s ago", f->text.n ? "; " : "", units_age(f->now - v->last_read, age));
	if (!f->text.n)
		strbuf_str(&f->text, "nothing came yet");
}

static void
say_read(struct fact *f)
{
	const struct view_source *v = &f->row->v;
	char size[16];

	strbuf_addf(&f->text, "%s", units_size(v->bytes, size));
	add_count(&f->text, v->lines, "line", "lines");
	add_count(&f->text, v->records, "record", "records");
	if (v->cut)
		add_count(&f->text, v->cut, "line cut", "lines cut");
	if (v->lag)
		strbuf_addf(&f->text, ", %s behind its end", units_size(v->lag, size));
}

static void
say_levels(struct fact *f)
{
	const struct view_source *v = &f->row->v;
	char n[32];

	for (int l = LEVEL_COUNT - 1; l > LEVEL_NONE; l--)
		if (v->by_level[l])
			strbuf_addf(&f->text, "%s%s %s", f->text.n ? ", " : "", level_info[l].name,
				    units_thousands(v->by_level[l], n));
	if (!f->text.n)
		strbuf_str(&f->text, "none seen");
	if (!v->errors)
		return;
	strbuf_str(&f->text, ": ");
	f->mark = f->text.n;
	f->role = ROLE_ERROR;
	strbuf_addf(&f->text, "%.1f%% errors", 100.0 * (double)v->errors / (double)v->records);
}

static void
say_formats(struct fact *f)
{
	strbuf_str(&f->text, f->row->v.formats[0] ? f->row->v.formats : "none seen");
}

static void
say_held(struct fact *f)
{
	const struct view_source *v = &f->row->v;
	char size[16];

	add_count(&f->text, v->held, "record", "records");
	strbuf_addf(&f->text, ", %s of log", units_size(v->held_bytes, size));
	strbuf_addf(&f->text, " in %s of memory", units_size(v->memory, size));
	if (v->held < v->records)
		strbuf_str(&f->text, "; older ones are counted only");
}

static void
say_turns(struct fact *f)
{
	const struct view_source *v = &f->row->v;

	if (v->rotations)
		add_count(&f->text, v->rotations, "rotation", "rotations");
	if (v->truncations)
		add_count(&f->text, v->truncations, "truncation", "truncations");
	f->mark = f->text.n;
	if (v->lost)
		add_count(&f->text, v->lost, "byte lost", "bytes lost");
	if (v->gaps)
		add_count(&f->text, v->gaps, "gap in which lines may be lost", "gaps in which lines may be lost");
	if (v->lost || v->gaps)
		f->role = ROLE_WARNING;
	else
		strbuf_str(&f->text, f->text.n ? ", nothing lost" : "none seen, nothing lost");
}

static const struct {
	const char *label;
	void (*say)(struct fact *f);
} facts[] = {
	{ "state", say_state },   { "rate", say_rate },       { "last line", say_last }, { "read", say_read },
	{ "levels", say_levels }, { "formats", say_formats }, { "held", say_held },      { "rotations", say_turns },
};
_Static_assert(ARRAY_SIZE(facts) == SOURCE_CARD_H - 1, "a line a fact, below the rule");

/* ---- drawing -------------------------------------------------------------------- */

static void
draw_rule(struct canvas *c, const char *path)
{
	canvas_fill(c, 0, 0, c->w, ROLE_BORDER, "─", "-");
	if (c->w > 4) {
		int used = canvas_text(c, 2, 0, c->w - 5, ROLE_BRIGHT, span_str(path));

		canvas_text(c, 1, 0, 1, ROLE_BORDER, SPAN_LIT(" "));
		canvas_text(c, 2 + used, 0, 1, ROLE_BORDER, SPAN_LIT(" "));
	}
}

static void
draw_fact(struct canvas *c, int x, int y, int w, const struct fact *f)
{
	struct span text = strbuf_span(&f->text);
	int plain = canvas_text(c, x, y, w, ROLE_VALUE, text);
	int before = (int)text_width(span_head(text, f->mark));

	if (before < plain)
		canvas_role(c, x + before, y, plain - before, f->role);
}

/* The last second is not over and left out. */
static void
draw_minute(struct canvas *c, int x, const struct view_source *v)
{
	static const enum role roles[] = { ROLE_CHART };
	static const bool keep[] = { true };
	enum { n = VIEW_RATES - 1 };
	static const struct chart_tick ticks[] = { { 0, "a minute ago" }, { n - 1, "now" } };
	uint32_t most = 1;

	for (int i = 0; i < n; i++)
		most = v->rates[i] > most ? v->rates[i] : most;
	uint32_t max = chart_nice(most);
	int axis = chart_axis_y(c, x, 2, CHART_H, max);

	canvas_text(c, x, 1, -1, ROLE_LABEL, SPAN_LIT("records a second"));
	chart_columns(c, x + axis, 2, n, CHART_H, v->rates, 1, roles, keep, max);
	chart_axis_x(c, x + axis, 2 + CHART_H, n, ticks, 2);
}

void
source_card_draw(struct canvas *c, const struct source_row *r, int64_t now)
{
	int text_w = c->w - 2 * MARGIN - LABEL_W;

	if (c->w >= WIDE) {
		text_w -= CHART_W;
		draw_minute(c, c->w - CHART_W + 2 * MARGIN, &r->v);
	}
	draw_rule(c, r->v.path);
	for (size_t i = 0; i < ARRAY_SIZE(facts); i++) {
		struct fact f = { .row = r, .now = now, .text = STRBUF_INIT, .role = ROLE_VALUE };
		int y = 1 + (int)i;

		facts[i].say(&f);
		canvas_text(c, MARGIN, y, LABEL_W, ROLE_LABEL, span_str(facts[i].label));
		draw_fact(c, MARGIN + LABEL_W, y, text_w, &f);
		strbuf_release(&f.text);
	}
}
