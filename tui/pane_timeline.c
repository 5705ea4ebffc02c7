/*
 * pane_timeline: errors over time, stacked by level.
 *
 *	 40┤                      ▗▟▙
 *	 20┤    ▂     ▂▆▃        ▃▇███▆▂
 *	  0┤▁▁▁▁█▁▁▁▂▁███    ▁▁▁▂████████
 *	   10:00       10:15      10:30
 *
 * A bucket is one to three columns wide. The step is the shortest that lets the
 * window fit, and what room is left shows what was before the window. Errors
 * stand at the bottom, where their heights compare, warnings on top of them,
 * unless these are so many that the errors would be a line at the floor. A
 * bucket with records and no errors has a faint floor; one without any
 * records has none, so that a silence is seen.
 *
 * It shows no other levels and compares with no other window.
 */
#include "config.h"

#include "tui/pane_timeline.h"

#include "core/alloc.h"
#include "core/units.h"
#include "tui/chart.h"
#include "tui/pane_draw.h"

#include <stdio.h>
#include <stdlib.h>

#define SECOND NSEC
#define MINUTE (60 * NSEC)
#define HOUR (3600 * NSEC)
#define DAY (86400 * NSEC)

enum { LAYERS = 3, MARGIN = 1, BAR_MAX = 3, TOP_MIN = 4, DWARFED = 4 };

static const enum level layer_level[LAYERS] = { LEVEL_CRITICAL, LEVEL_ERROR, LEVEL_WARNING };
static const enum role layer_role[LAYERS] = { ROLE_CRITICAL, ROLE_ERROR, ROLE_WARNING };
static const bool layer_keep[LAYERS] = { true, true, false };

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

/* Times that people expect on an axis. */
static const int64_t tick_steps[] = {
	SECOND, 5 * SECOND, 10 * SECOND, 15 * SECOND, 30 * SECOND,
	MINUTE, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE, 15 * MINUTE, 30 * MINUTE,
	HOUR, 2 * HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR,
	DAY, 2 * DAY, 7 * DAY, 14 * DAY, 28 * DAY,
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

static const char *
step_words(int64_t step)
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
	int plot = w - 2 * MARGIN - chart_axis_width(TOP_MIN);

	return plot > 0 ? plot : 0;
}

static void
timeline_init(struct pane *p)
{
	((struct timeline_pane *)p)->cursor = TIME_NONE;
}

static void
timeline_release(struct pane *p)
{
	view_timeline_release(&((struct timeline_pane *)p)->view);
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
	view_levels(l->engine, &l->frame, &levels);
	t->errors = levels.count[LEVEL_ERROR] + levels.count[LEVEL_CRITICAL];
	t->frame = l->frame;
}

static uint32_t
bucket_count(const struct timeline_pane *t, size_t i, enum level level)
{
	return t->view.count[i * LEVEL_COUNT + level];
}

static uint64_t
bucket_records(const struct timeline_pane *t, size_t i)
{
	uint64_t sum = 0;

	for (int l = 0; l < LEVEL_COUNT; l++)
		sum += bucket_count(t, i, l);
	return sum;
}

/* Warnings, the last layer, are left out where their peak would dwarf that of the errors. */
static int
layers_shown(const struct timeline_pane *t)
{
	uint64_t errors = 0, warnings = 0;

	for (size_t i = 0; i < t->view.n; i++) {
		uint64_t n = (uint64_t)bucket_count(t, i, LEVEL_ERROR) + bucket_count(t, i, LEVEL_CRITICAL);
		uint64_t warned = bucket_count(t, i, LEVEL_WARNING);

		errors = n > errors ? n : errors;
		warnings = warned > warnings ? warned : warnings;
	}
	return errors && warnings > DWARFED * errors ? LAYERS - 1 : LAYERS;
}

/* What the columns stack up to. */
static uint32_t
bucket_height(const struct timeline_pane *t, size_t i, int layers)
{
	uint64_t sum = 0;

	for (int l = 0; l < layers; l++)
		sum += bucket_count(t, i, layer_level[l]);
	return sum < UINT32_MAX ? (uint32_t)sum : UINT32_MAX;
}

/* The bucket under the cursor; -1 when there are no buckets. */
static int
cursor_bucket(const struct timeline_pane *t)
{
	if (t->cursor == TIME_NONE || !t->view.n || t->cursor >= t->view.from + (int64_t)t->view.n * t->view.step)
		return (int)t->view.n - 1;
	return t->cursor < t->view.from ? 0 : (int)((t->cursor - t->view.from) / t->view.step);
}

static int64_t
bucket_time(const struct timeline_pane *t, int i)
{
	return t->view.from + i * t->view.step;
}

/* The top of the axis: round, and with a half that is whole. A single error must not look like a wall. */
static uint32_t
axis_top(uint32_t max)
{
	static const uint32_t round[] = { 10, 20, 40, 60, 80 };

	if (max <= TOP_MIN)
		return TOP_MIN;
	if (max <= 8)
		return max <= 6 ? 6 : 8;
	for (uint64_t power = 1;; power *= 10)
		for (size_t i = 0; i < ARRAY_SIZE(round); i++) {
			if (power * round[i] > UINT32_MAX)
				return UINT32_MAX;
			if (power * round[i] >= max)
				return (uint32_t)(power * round[i]);
		}
}

/* ---- drawing ------------------------------------------------------------------ */

struct plot {
	int x, w, h; /* of the columns; y is 0 */
	int first;   /* columns left over before the first bucket */
};

static int
bucket_column(const struct timeline_pane *t, const struct plot *at, int i)
{
	return at->x + at->first + i * t->bar;
}

static void
draw_floor(const struct timeline_pane *t, struct canvas *c, const struct plot *at)
{
	for (size_t i = 0; i < t->view.n; i++)
		if (bucket_records(t, i))
			canvas_fill(c, bucket_column(t, at, (int)i), at->h - 1, t->bar, ROLE_BORDER, "▁", "_");
}

static void
draw_columns(const struct timeline_pane *t, struct canvas *c, const struct plot *at, int layers, uint32_t top)
{
	uint32_t *value = xcalloc((size_t)at->w * (size_t)layers, sizeof *value);

	for (int x = at->first; x < at->w; x++) {
		size_t i = (size_t)((x - at->first) / t->bar);

		for (int l = 0; l < layers && i < t->view.n; l++)
			value[x * layers + l] = bucket_count(t, i, layer_level[l]);
	}
	chart_columns(c, at->x, 0, at->w, at->h, value, layers, layer_role, layer_keep, top);
	free(value);
}

static int64_t
tick_step(const struct timeline_pane *t)
{
	size_t i = 0;

	while (i < ARRAY_SIZE(tick_steps) - 1 &&
	       (tick_steps[i] < t->view.step || tick_steps[i] % t->view.step ||
		tick_steps[i] / t->view.step * t->bar < (tick_steps[i] < MINUTE ? 13 : 10)))
		i++;
	return tick_steps[i];
}

static void
draw_times(const struct timeline_pane *t, struct canvas *c, const struct plot *at)
{
	enum { TICKS_MAX = 64 };
	struct chart_tick ticks[TICKS_MAX];
	char text[TICKS_MAX][24];
	int64_t step = tick_step(t);
	int n = 0;

	for (int i = 0; i < (int)t->view.n && n < TICKS_MAX; i++) {
		/* The round time in the bucket; after a change of the clock it need not be its start. */
		int64_t time = bucket_time(t, i), local = time + clock_offset(time) * NSEC;
		int64_t past = (step - local % step) % step;

		if (past >= t->view.step)
			continue;
		ticks[n].at = bucket_column(t, at, i) - at->x + t->bar / 2;
		ticks[n].label = pane_time_label(time + past, step, text[n], sizeof text[n]);
		n++;
	}
	struct canvas axis = canvas_sub(c, at->x, at->h, at->w, 1);

	chart_axis_x(&axis, 0, 0, at->w, ticks, n);
}

/* Where lines can no longer be opened. Bars are drawn over it. */
static void
draw_gone(const struct timeline_pane *t, struct canvas *c, const struct plot *at)
{
	if (t->view.gone_to == TIME_NONE || t->view.gone_to < t->view.from)
		return;
	int64_t n = (t->view.gone_to - t->view.from) / t->view.step;
	int w = n < (int64_t)t->view.n ? (int)n * t->bar : at->w;

	if (w > 12)
		canvas_text(c, at->x + at->first, 0, w, ROLE_DIM, SPAN_LIT("lines gone"));
}

static void
draw_plot(const struct timeline_pane *t, struct canvas *body)
{
	struct canvas c = canvas_sub(body, MARGIN, 0, body->w - 2 * MARGIN, body->h);
	struct plot at = { .h = c.h > 2 ? c.h - 1 : c.h };
	uint32_t max = 0;
	uint64_t records = 0;
	int layers = layers_shown(t);

	for (size_t i = 0; i < t->view.n; i++) {
		uint32_t height = bucket_height(t, i, layers);

		max = height > max ? height : max;
		records += bucket_records(t, i);
	}
	if (!records) {
		pane_say(body, t->view.filtered ? "No record matches the filter here" : "No records in this window");
		return;
	}
	uint32_t top = axis_top(max);

	at.x = chart_axis_y(&c, 0, 0, at.h, top);
	at.w = c.w - at.x;
	at.first = at.w - (int)t->view.n * t->bar;
	if (at.w <= 0 || at.first < 0)
		return;
	draw_floor(t, &c, &at);
	draw_gone(t, &c, &at);
	draw_columns(t, &c, &at, layers, top);
	if (at.h < c.h)
		draw_times(t, &c, &at);
	if (!max) {
		struct canvas middle = canvas_sub(&c, at.x, 0, at.w, at.h - 1);

		pane_say(&middle, "No errors in this window");
	}
	if (t->base.focused)
		for (int y = 0; y < at.h; y++)
			canvas_cursor(&c, bucket_column(t, &at, cursor_bucket(t)), y, t->bar);
}

/* "10:42  3 errors, 12 warnings of 1,204" */
static void
describe_bucket(const struct timeline_pane *t, char *out, size_t size)
{
	int i = cursor_bucket(t);
	char time[32], errors[32], warnings[32], all[32];

	out[0] = '\0';
	if (!t->base.focused || i < 0)
		return;
	size_t b = (size_t)i;
	uint32_t n = bucket_count(t, b, LEVEL_ERROR) + bucket_count(t, b, LEVEL_CRITICAL);
	uint32_t warned = bucket_count(t, b, LEVEL_WARNING);

	snprintf(out, size, "  %s  %s error%s, %s warning%s of %s",
		 pane_time_label(bucket_time(t, i), t->view.step, time, sizeof time), units_thousands(n, errors),
		 n == 1 ? "" : "s", units_thousands(warned, warnings), warned == 1 ? "" : "s",
		 units_thousands(bucket_records(t, b), all));
}

static void
timeline_draw(struct pane *p, struct canvas *c)
{
	const struct timeline_pane *t = (const struct timeline_pane *)p;
	char title[160], bucket[100], figure[32];

	describe_bucket(t, bucket, sizeof bucket);
	snprintf(title, sizeof title, "Errors %s%s%s", step_words(t->view.step),
		 t->view.filtered ? ", filtered" : "", bucket);
	struct canvas body = pane_frame(c, title, units_thousands(t->errors, figure), p->focused,
					t->errors ? ROLE_ERROR : ROLE_DIM);

	if (body.h > 0 && body.w > 2 * MARGIN)
		draw_plot(t, &body);
}

/* ---- commands ------------------------------------------------------------------- */

static int
go_to_bucket(struct timeline_pane *t, int i)
{
	int last = (int)t->view.n - 1;

	/* On the newest bucket the cursor moves on with the clock. */
	t->cursor = i >= last ? TIME_NONE : bucket_time(t, i > 0 ? i : 0);
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
	default:            return -1;
	}
}

static bool
timeline_target(struct pane *p, struct target *out)
{
	const struct timeline_pane *t = (const struct timeline_pane *)p;
	int i = cursor_bucket(t);
	char time[32];

	if (i < 0)
		return false;
	out->from = bucket_time(t, i);
	out->to = out->from + t->view.step;
	strbuf_str(&out->label, pane_time_label(out->from, t->view.step, time, sizeof time));
	return true;
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
	CMD_LEFT, CMD_RIGHT, CMD_OPEN, CMD_TIME_IN, CMD_TIME_OUT, CMD_WINDOW_EARLIER, CMD_WINDOW_LATER,
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
