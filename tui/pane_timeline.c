/*
 * pane_timeline: errors over time, stacked by level.
 *
 *	 40┤                      ▗▟▙
 *	 20┤    ▂     ▂▆▃        ▃▇███▆▂
 *	  0┤▁▁▁▁█▁▁▁▂▁███    ▁▁▁▂████████
 *	   10:00       10:15      10:30
 *
 * A bucket is one to three columns wide. The step is the shortest that lets the
 * window fit, and what room is left shows what was before the window. Drawing
 * is pane_timeline_draw.c's.
 *
 * It shows no other levels and compares with no other window.
 */
#include "config.h"

#include "tui/pane_timeline.h"

#include "core/alloc.h"
#include "tui/chart.h"
#include "tui/pane_draw.h"

#include <stdio.h>

#define SECOND NSEC
#define MINUTE (60 * NSEC)
#define HOUR (3600 * NSEC)
#define DAY (86400 * NSEC)

enum { MARGIN = TIMELINE_MARGIN, BAR_MAX = 3 };

static const struct {
	int64_t step;
	const char *words;
} steps[] = {
	{ SECOND, "per second" },     { 2 * SECOND, "per 2 s" },    { 5 * SECOND, "per 5 s" },
	{ 10 * SECOND, "per 10 s" },  { 15 * SECOND, "per 15 s" },  { 30 * SECOND, "per 30 s" },
	{ MINUTE, "per minute" },     { 2 * MINUTE, "per 2 min" },  { 5 * MINUTE, "per 5 min" },
	{ 10 * MINUTE, "per 10 min" }, { 15 * MINUTE, "per 15 min" }, { 30 * MINUTE, "per 30 min" },
	{ HOUR, "per hour" },         { 2 * HOUR, "per 2 h" },      { 3 * HOUR, "per 3 h" },
	{ 6 * HOUR, "per 6 h" },      { 12 * HOUR, "per 12 h" },    { DAY, "per day" },
};

int64_t
timeline_step(int64_t window, int w, int *bar)
{
	size_t i = 0;

	if (w < 1)
		w = 1;
	/* A window may lose a sixth at its left edge: minutes read better than two minutes. */
	int64_t least = window - window / 6;

	while (i < ARRAY_SIZE(steps) - 1 && (least + steps[i].step - 1) / steps[i].step > w)
		i++;
	int64_t n = (least + steps[i].step - 1) / steps[i].step;
	int64_t fit = n > 0 ? w / n : BAR_MAX;

	*bar = fit < 1 ? 1 : fit > BAR_MAX ? BAR_MAX : (int)fit;
	return steps[i].step;
}

const char *
timeline_step_words(int64_t step)
{
	for (size_t i = 0; i < ARRAY_SIZE(steps); i++)
		if (steps[i].step == step)
			return steps[i].words;
	return "over time";
}

/* The columns that buckets have in a pane of w. The axis is as wide for every round number. */
static int
plot_width(int w)
{
	int plot = w - 2 * MARGIN - chart_axis_width(TIMELINE_TOP_MIN);

	return plot > 0 ? plot : 0;
}

static void
timeline_init(struct pane *p)
{
	struct timeline_pane *t = (struct timeline_pane *)p;

	t->cursor = t->mark = TIME_NONE;
}

static void
timeline_release(struct pane *p)
{
	view_timeline_release(&((struct timeline_pane *)p)->view);
	view_hits_release(&((struct timeline_pane *)p)->hits);
}

static void
timeline_update(struct pane *p, int w, int h)
{
	struct timeline_pane *t = (struct timeline_pane *)p;
	struct lens *l = p->lens;
	struct view_levels levels;
	int plot = plot_width(w);
	int64_t step = timeline_step(l->window, plot, &t->bar);

	(void)h;
	t->width = w;
	view_timeline_release(&t->view);
	view_timeline(l->engine, l->frame.to, step, (size_t)(plot / t->bar), &t->view);
	view_hits_release(&t->hits);
	if (l->search)
		view_hits(l->engine, t->view.from, t->view.from + (int64_t)t->view.n * step, t->view.n, &t->hits);
	view_levels(l->engine, &l->frame, &levels);
	t->errors = levels.count[LEVEL_ERROR] + levels.count[LEVEL_CRITICAL];
	t->frame = l->frame;
}

/* The bucket that a time is in or nearest to, TIME_NONE being the newest; -1 when there are no buckets. */
static int
bucket_of(const struct timeline_pane *t, int64_t time)
{
	if (time == TIME_NONE || !t->view.n || time >= t->view.from + (int64_t)t->view.n * t->view.step)
		return (int)t->view.n - 1;
	return time < t->view.from ? 0 : (int)((time - t->view.from) / t->view.step);
}

/* The bucket under the cursor; -1 when there are no buckets. */
static int
cursor_bucket(const struct timeline_pane *t)
{
	return bucket_of(t, t->cursor);
}

void
timeline_marked(const struct timeline_pane *t, int *first, int *last)
{
	int at = cursor_bucket(t), other = t->mark == TIME_NONE ? at : bucket_of(t, t->mark);

	*first = at < other ? at : other;
	*last = at < other ? other : at;
}

const char *
timeline_stretch(const struct timeline_pane *t, char *buf, size_t size)
{
	char from[32], to[32];
	int first, last;

	timeline_marked(t, &first, &last);
	pane_time_label(timeline_bucket(t, first), t->view.step, from, sizeof from);
	pane_time_label(timeline_bucket(t, last + 1), t->view.step, to, sizeof to);
	if (t->mark == TIME_NONE)
		snprintf(buf, size, "%s", from);
	else
		snprintf(buf, size, "%s-%s", from, to);
	return buf;
}

/* ---- commands ------------------------------------------------------------------- */

static int
go_to_bucket(struct timeline_pane *t, int i)
{
	int last = (int)t->view.n - 1;

	/* On the newest bucket the cursor moves on with the clock. */
	t->cursor = i >= last ? TIME_NONE : timeline_bucket(t, i > 0 ? i : 0);
	return EFFECT_REDRAW;
}

/* Mark one end of a stretch, or let go of it. */
static int
toggle_mark(struct timeline_pane *t)
{
	if (!t->view.n)
		return EFFECT_NONE;
	/* Both ends stay where they are while the clock moves on. */
	t->cursor = timeline_bucket(t, cursor_bucket(t));
	t->mark = t->mark == TIME_NONE ? t->cursor : TIME_NONE;
	return EFFECT_REDRAW;
}

static int
drop_mark(struct timeline_pane *t)
{
	if (t->mark == TIME_NONE)
		return -1;
	t->mark = TIME_NONE;
	return EFFECT_REDRAW;
}

static int
timeline_command(struct pane *p, enum command c)
{
	struct timeline_pane *t = (struct timeline_pane *)p;
	int at = cursor_bucket(t), page = (int)t->view.n / 4;

	switch (c) {
	case CMD_LEFT:      return go_to_bucket(t, at - 1);
	case CMD_RIGHT:     return go_to_bucket(t, at + 1);
	case CMD_PAGE_UP:   return go_to_bucket(t, at - page);
	case CMD_PAGE_DOWN: return go_to_bucket(t, at + page);
	case CMD_FIRST:     return go_to_bucket(t, 0);
	case CMD_LAST:      return go_to_bucket(t, (int)t->view.n - 1);
	case CMD_SELECT:    return toggle_mark(t);
	case CMD_BACK:      return drop_mark(t);
	default:            return -1;
	}
}

static bool
timeline_target(struct pane *p, struct target *out)
{
	const struct timeline_pane *t = (const struct timeline_pane *)p;
	int first, last;
	char time[80];

	if (!t->view.n)
		return false;
	timeline_marked(t, &first, &last);
	out->from = timeline_bucket(t, first);
	out->to = timeline_bucket(t, last + 1);
	strbuf_str(&out->label, timeline_stretch(t, time, sizeof time));
	return true;
}

bool
pane_timeline_marks(const struct pane *p)
{
	return ((const struct timeline_pane *)p)->mark != TIME_NONE;
}

void
pane_timeline_go(struct pane *p, int64_t t)
{
	struct timeline_pane *l = (struct timeline_pane *)p;

	l->cursor = t;
	l->mark = TIME_NONE;
}

static int
timeline_click(struct pane *p, int x, int y, bool twice)
{
	struct timeline_pane *t = (struct timeline_pane *)p;
	int plot = (int)t->view.n * t->bar;

	(void)twice;
	/* The buckets end at the right edge, whatever was left over is before them. */
	if (y < 1 || !t->view.n || x >= t->width)
		return -1;
	return go_to_bucket(t, (x - (t->width - MARGIN - plot)) / t->bar);
}

static const enum command timeline_hints[] = {
	CMD_LEFT, CMD_RIGHT, CMD_OPEN, CMD_SELECT, CMD_TIME_IN, CMD_TIME_OUT, CMD_WINDOW_EARLIER, CMD_WINDOW_LATER,
	CMD_NOW, CMD_NONE,
};

const struct pane_ops pane_timeline = {
	.name = "timeline",
	.size = sizeof(struct timeline_pane),
	.init = timeline_init,
	.release = timeline_release,
	.update = timeline_update,
	.draw = timeline_draw,
	.command = timeline_command,
	.target = timeline_target,
	.click = timeline_click,
	.hints = timeline_hints,
};
