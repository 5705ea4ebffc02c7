/*
 * pane_timeline_draw: the bars of the timeline, what stands under them, and the title.
 *
 * Errors stand at the bottom, where their heights compare, warnings on top of them,
 * unless these are so many that the errors would be a line at the floor. A
 * bucket with records and no errors has a faint floor; one without any
 * records has none, so that a silence is seen. While something is searched for
 * a row under the bars has the hits of each bucket.
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

enum { LAYERS = 3, MARGIN = TIMELINE_MARGIN, TOP_MIN = TIMELINE_TOP_MIN, DWARFED = 4 };

static const enum level layer_level[LAYERS] = { LEVEL_CRITICAL, LEVEL_ERROR, LEVEL_WARNING };
static const enum role layer_role[LAYERS] = { ROLE_CRITICAL, ROLE_ERROR, ROLE_WARNING };
static const bool layer_keep[LAYERS] = { true, true, false };

/* Times that people expect on an axis. */
static const int64_t tick_steps[] = {
	SECOND, 5 * SECOND, 10 * SECOND, 15 * SECOND, 30 * SECOND,
	MINUTE, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE, 15 * MINUTE, 30 * MINUTE,
	HOUR, 2 * HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR,
	DAY, 2 * DAY, 7 * DAY, 14 * DAY, 28 * DAY,
};

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

struct plot {
	int x, w, h; /* of the columns; y is 0 */
	int hits, axis; /* rows of what is under them; -1: none */
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

static void
draw_hits(const struct timeline_pane *t, struct canvas *c, const struct plot *at)
{
	uint32_t max = 0;

	for (size_t i = 0; i < t->hits.n; i++)
		max = t->hits.count[i] > max ? t->hits.count[i] : max;
	for (size_t i = 0; max && i < t->hits.n; i++)
		for (int k = 0; k < t->bar; k++)
			chart_spark(c, bucket_column(t, at, (int)i) + k, at->hits, 1, &t->hits.count[i], max, ROLE_ACCENT);
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
		int64_t time = timeline_bucket(t, i), local = time + clock_offset(time) * NSEC;
		int64_t past = (step - local % step) % step;

		if (past >= t->view.step)
			continue;
		ticks[n].at = bucket_column(t, at, i) - at->x + t->bar / 2;
		ticks[n].label = pane_time_label(time + past, step, text[n], sizeof text[n]);
		n++;
	}
	struct canvas axis = canvas_sub(c, at->x, at->axis, at->w, 1);

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

/* Which rows are for what: times, and hits while something is searched for, where there is room. */
static struct plot
plot_rows(const struct timeline_pane *t, int h)
{
	struct plot at = { .h = h, .hits = -1, .axis = -1 };

	if (h > 2)
		at.axis = --at.h;
	if (h > 3 && t->hits.count && t->hits.n == t->view.n)
		at.hits = --at.h;
	return at;
}

/* What the cursor is on; all that is marked is. */
static void
draw_cursor(const struct timeline_pane *t, struct canvas *c, const struct plot *at)
{
	int first, last;

	timeline_marked(t, &first, &last);
	for (int y = 0; y < at->h; y++)
		canvas_cursor(c, bucket_column(t, at, first), y, (last - first + 1) * t->bar);
}

static void
draw_plot(const struct timeline_pane *t, struct canvas *body)
{
	struct canvas c = canvas_sub(body, MARGIN, 0, body->w - 2 * MARGIN, body->h);
	struct plot at = plot_rows(t, c.h);
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
	if (at.hits >= 0)
		draw_hits(t, &c, &at);
	if (at.axis >= 0)
		draw_times(t, &c, &at);
	if (!max) {
		struct canvas middle = canvas_sub(&c, at.x, 0, at.w, at.h - 1);

		pane_say(&middle, "No errors in this window");
	}
	if (t->base.focused)
		draw_cursor(t, &c, &at);
}

/* "10:42  3 errors, 12 warnings of 1,204" */
static void
describe_buckets(const struct timeline_pane *t, char *out, size_t size)
{
	uint64_t n = 0, warned = 0, records = 0, found = 0;
	char time[80], errors[32], warnings[32], all[32], hits[32];
	int first, last;

	out[0] = '\0';
	if (!t->base.focused || !t->view.n)
		return;
	timeline_marked(t, &first, &last);
	for (size_t i = (size_t)first; i <= (size_t)last; i++) {
		n += (uint64_t)bucket_count(t, i, LEVEL_ERROR) + bucket_count(t, i, LEVEL_CRITICAL);
		warned += bucket_count(t, i, LEVEL_WARNING);
		records += bucket_records(t, i);
		found += t->hits.count && i < t->hits.n ? t->hits.count[i] : 0;
	}
	int used = snprintf(out, size, "  %s  ", timeline_stretch(t, time, sizeof time));

	if (t->hits.count)
		used += snprintf(out + used, size - (size_t)used, "%s hit%s, ", units_thousands(found, hits),
				 found == 1 ? "" : "s");
	snprintf(out + used, size - (size_t)used, "%s error%s, %s warning%s of %s", units_thousands(n, errors),
		 n == 1 ? "" : "s", units_thousands(warned, warnings), warned == 1 ? "" : "s",
		 units_thousands(records, all));
}

void
timeline_draw(struct pane *p, struct canvas *c)
{
	const struct timeline_pane *t = (const struct timeline_pane *)p;
	char title[320], bucket[256], figure[32];

	describe_buckets(t, bucket, sizeof bucket);
	snprintf(title, sizeof title, "Errors %s%s%s", timeline_step_words(t->view.step),
		 t->view.filtered ? ", filtered" : "", bucket);
	struct canvas body = pane_frame(c, title, units_thousands(t->errors, figure), p->focused,
					t->errors ? ROLE_ERROR : ROLE_DIM);

	if (body.h > 0 && body.w > 2 * MARGIN)
		draw_plot(t, &body);
}
