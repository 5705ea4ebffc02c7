/*
 * chart: numbers as lengths.
 *
 * Lengths are counted in eighths of a cell. A column is first a height in
 * eighths, then the cells that height touches, then an owner (a layer) for
 * each of these cells:
 *
 *	   ▃   top cell: height % 8 as a glyph, its owner's role
 *	   █   |
 *	   █   cells under it are full
 *
 * A role has one foreground, so a cell belongs to one layer: the boundary
 * between two layers is rounded to a cell. Knows no time and no units beyond
 * short counts on the axis.
 */
#include "config.h"

#include "tui/chart.h"

#include "core/alloc.h"
#include "core/utf8.h"

#include <stdio.h>

enum { EIGHTHS = 8, ROWS_MAX = 128 };

static const char *const lower[EIGHTHS + 1] = { " ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█" };
static const char *const lower_ascii[EIGHTHS + 1] = { " ", ".", ".", ":", ":", ":", "|", "|", "#" };
static const char *const left[EIGHTHS + 1] = { " ", "▏", "▎", "▍", "▌", "▋", "▊", "▉", "█" };
static const char *const left_ascii[EIGHTHS + 1] = { " ", "-", "-", "-", "=", "=", "=", "#", "#" };
/* A sparkline stays off the row above it, so that those of a table do not grow into one another. */
enum { SPARK_STEPS = 7 };
static const char *const spark_ascii[SPARK_STEPS + 1] = { " ", ".", ":", "-", "=", "+", "*", "#" };

/* value / max of `whole` steps, rounded; at least one when there is anything. */
static int
steps_of(double value, double max, int whole)
{
	if (!(value > 0) || !(max > 0) || whole <= 0)
		return 0;
	if (value >= max)
		return whole;
	int n = (int)(value / max * whole + 0.5);

	return n > 0 ? n : 1;
}

/* Cells of a bar: a coloured area. */
static void
fill(struct canvas *c, int x, int y, int n, enum role role, const char *glyph, const char *ascii)
{
	canvas_fill(c, x, y, n, role, glyph, ascii);
	canvas_attr(c, x, y, n, ATTR_SOLID);
}

void
chart_hbar(struct canvas *c, int x, int y, int w, double value, double max, enum role role)
{
	int n = steps_of(value, max, w * EIGHTHS), full = n / EIGHTHS, rest = n % EIGHTHS;

	fill(c, x, y, full, role, left[EIGHTHS], left_ascii[EIGHTHS]);
	if (rest)
		fill(c, x + full, y, 1, role, left[rest], left_ascii[rest]);
}

void
chart_spark(struct canvas *c, int x, int y, int n, const uint32_t *values, uint32_t max,
	    enum role role)
{
	if (!max)
		for (int i = 0; i < n; i++)
			max = values[i] > max ? values[i] : max;
	for (int i = 0; i < n; i++) {
		int e = steps_of(values[i], max, SPARK_STEPS);

		if (e) /* a blank is the row's own */
			fill(c, x + i, y, 1, role, lower[e], spark_ascii[e]);
	}
}

struct column {
	int height; /* in eighths */
	int cells;  /* that it touches */
	int room;   /* cells there are */
	int owner[ROWS_MAX];
	int owned[CHART_LAYERS]; /* cells each layer owns */
};

/* The layer that fills most of the cell `row` (0 at the bottom), by the values' own proportions. */
static int
main_layer(const uint32_t *value, int layers, double per_eighth, int row, int height)
{
	double from = row * EIGHTHS, to = from + EIGHTHS, bottom = 0, most = 0;
	int best = -1, last = 0;

	if (to > height)
		to = height;
	for (int l = 0; l < layers; l++) {
		double top = bottom + value[l] * per_eighth;
		double part = (top < to ? top : to) - (bottom > from ? bottom : from);

		if (part > 0 && part >= most) {
			most = part;
			best = l;
		}
		if (value[l])
			last = l;
		bottom = top;
	}
	return best < 0 ? last : best;
}

static void
give(struct column *col, int row, int layer)
{
	col->owned[col->owner[row]]--;
	col->owner[row] = layer;
	col->owned[layer]++;
}

/* Rows between `row` and a layer that lies between the rows at - 1 and at. */
static int
distance(int at, int row)
{
	return row < at ? at - 1 - row : row - at;
}

/*
 * The row that a layer without a cell may take: the nearest one to where the
 * layer lies whose owner can spare it, so that layers stay in their order as
 * far as they can; -1 when nobody can.
 */
static int
row_to_take(const struct column *col, int layer, const bool *keep)
{
	int at = 0, best = -1;

	while (at < col->cells && col->owner[at] < layer)
		at++;
	for (int row = 0; row < col->cells; row++) {
		if (keep[col->owner[row]] && col->owned[col->owner[row]] < 2)
			continue;
		if (best < 0 || distance(at, row) < distance(at, best))
			best = row;
	}
	return best;
}

/* One more cell, above the cells of the layers below this one. */
static bool
grow(struct column *col, int layer)
{
	int at = col->cells;

	if (col->cells >= col->room)
		return false;
	for (; at > 0 && col->owner[at - 1] > layer; at--)
		col->owner[at] = col->owner[at - 1];
	col->owner[at] = layer;
	col->owned[layer]++;
	col->cells++;
	col->height += EIGHTHS;
	return true;
}

/* The highest row of a lower layer; -1 when there is none. */
static int
row_below(const struct column *col, int layer)
{
	int row = col->cells - 1;

	while (row >= 0 && col->owner[row] > layer)
		row--;
	return row;
}

static void
keep_layers(struct column *col, const uint32_t *value, int layers, const bool *keep)
{
	for (int l = layers - 1; l >= 0; l--) {
		if (!keep[l] || !value[l] || col->owned[l])
			continue;
		int row = row_to_take(col, l, keep);

		if (row < 0 && grow(col, l))
			continue;
		if (row < 0)
			row = row_below(col, l);
		if (row >= 0)
			give(col, row, l);
	}
}

static void
stack(struct column *col, const uint32_t *value, int layers, const bool *keep, uint32_t max, int h)
{
	double sum = 0;

	for (int l = 0; l < layers; l++)
		sum += value[l];
	*col = (struct column){ .height = steps_of(sum, max, h * EIGHTHS), .room = h };
	col->cells = (col->height + EIGHTHS - 1) / EIGHTHS;
	/* A column that is cut at the top, or lifted to a sliver, keeps its proportions. */
	double per_eighth = sum > 0 ? col->height / sum : 0;

	for (int row = 0; row < col->cells; row++) {
		col->owner[row] = main_layer(value, layers, per_eighth, row, col->height);
		col->owned[col->owner[row]]++;
	}
	if (col->cells)
		keep_layers(col, value, layers, keep);
}

/*
 * Where each layer of a column ends, in eighths from the bottom. A layer that
 * must be kept has one at least: it pushes those above it up, at the top those below it down.
 */
static int
layer_ends(const uint32_t *value, int layers, const bool *keep, uint32_t max, int h, int *ends)
{
	double sum = 0, below = 0;

	for (int l = 0; l < layers; l++)
		sum += value[l];
	int height = steps_of(sum, max, h * EIGHTHS), at = 0;

	for (int l = 0; l < layers; l++) {
		below += value[l];
		int end = sum > 0 ? (int)(below / sum * height + 0.5) : 0;

		if (keep[l] && value[l] && end <= at)
			end = at + 1;
		at = ends[l] = end > at ? end : at;
	}
	int room = h * EIGHTHS;

	for (int l = layers - 1; l >= 0; l--) {
		ends[l] = ends[l] < room ? ends[l] : room;
		room = ends[l] - (keep[l] && value[l]);
	}
	return ends[layers - 1];
}

/*
 * One cell of a column that can show two layers: the lower one as the block,
 * the one above it behind. Where the column's top leaves part of the cell
 * empty there is no third colour. A lower layer that must be kept then shows
 * as high as it is, and what is above it fills the rest of the cell or is left
 * out, whichever is nearer; else the larger one has the cell.
 */
static void
tone_cell(struct canvas *c, int x, int y, const int *ends, int layers, const enum role *roles, const bool *keep,
	  int from, int to)
{
	int low = 0, up;

	while (low < layers - 1 && ends[low] <= from)
		low++;
	int end = ends[low] < to ? ends[low] : to;

	for (up = low + 1; up < layers - 1 && ends[up] <= end; up++)
		;
	int height = to - from, lower_part = end - from;
	bool split = lower_part < height && (height == EIGHTHS || keep[low]);
	int part = split ? lower_part : height;
	enum role role = split || lower_part >= height - lower_part ? roles[low] : roles[up];

	fill(c, x, y, 1, role, lower[part], lower_ascii[part]);
	if (split && height >= EIGHTHS / 2)
		canvas_behind(c, x, y, roles[up]);
}

static void
tone_column(struct canvas *c, int x, int y, int h, const uint32_t *value, int layers, const enum role *roles,
	    const bool *keep, uint32_t max)
{
	int ends[CHART_LAYERS];
	int height = layer_ends(value, layers, keep, max, h, ends);

	for (int from = 0; from < height; from += EIGHTHS) {
		int to = from + EIGHTHS < height ? from + EIGHTHS : height;

		tone_cell(c, x, y + h - 1 - from / EIGHTHS, ends, layers, roles, keep, from, to);
	}
}

void
chart_columns(struct canvas *c, int x, int y, int w, int h, const uint32_t *value, int layers,
	      const enum role *roles, const bool *keep, uint32_t max)
{
	struct column col;

	if (h > ROWS_MAX)
		h = ROWS_MAX;
	for (int i = 0; i < w; i++) {
		if (c->grid->tones && !c->grid->ascii) {
			tone_column(c, x + i, y, h, value + (size_t)i * (size_t)layers, layers, roles, keep, max);
			continue;
		}
		stack(&col, value + (size_t)i * (size_t)layers, layers, keep, max, h);
		for (int row = 0; row < col.cells; row++) {
			int part = col.height - row * EIGHTHS;
			int e = part < EIGHTHS ? part : EIGHTHS;

			fill(c, x + i, y + h - 1 - row, 1, roles[col.owner[row]], lower[e],
			     lower_ascii[e]);
		}
	}
}

/* An axis label: whole up to 9999, then with k, M, G and at most one digit behind the point. */
static int
axis_label(uint32_t v, char *buf, size_t size)
{
	static const struct {
		uint32_t unit;
		char name;
	} units[] = { { 1000000000, 'G' }, { 1000000, 'M' }, { 1000, 'k' } };

	for (size_t i = 0; v >= 10000 && i < ARRAY_SIZE(units); i++) {
		uint32_t tenths = v / (units[i].unit / 10);

		if (v < units[i].unit)
			continue;
		if (tenths % 10 == 0)
			return snprintf(buf, size, "%u%c", tenths / 10, units[i].name);
		return snprintf(buf, size, "%u.%u%c", tenths / 10, tenths % 10, units[i].name);
	}
	return snprintf(buf, size, "%u", v);
}

int
chart_axis_width(uint32_t max)
{
	char text[16];
	int width = axis_label(max, text, sizeof text);

	/* Four at least: an axis that grows from 5 to 500 must not push the columns about. */
	return (width > 4 ? width : 4) + 1;
}

static void
axis_row(struct canvas *c, int x, int y, int w, uint32_t v)
{
	char text[16];

	axis_label(v, text, sizeof text);
	canvas_right(c, x + w - 1, y, ROLE_LABEL, text);
	canvas_fill(c, x + w - 1, y, 1, ROLE_BORDER, "┤", "|");
}

int
chart_axis_y(struct canvas *c, int x, int y, int h, uint32_t max)
{
	int w = chart_axis_width(max);

	for (int row = 0; row < h; row++)
		canvas_fill(c, x + w - 1, y + row, 1, ROLE_BORDER, "│", "|");
	if (h > 1)
		axis_row(c, x, y + h - 1, w, 0);
	/* The label names the upper edge of its row, so half of an even height is a row's edge. */
	if (h >= 4 && h % 2 == 0 && max % 2 == 0)
		axis_row(c, x, y + h / 2, w, max / 2);
	if (h > 0)
		axis_row(c, x, y, w, max);
	return w;
}

static int
tick_start(const struct chart_tick *t, int width, int w)
{
	int start = t->at - width / 2;

	if (start + width > w)
		start = w - width;
	return start > 0 ? start : 0;
}

void
chart_axis_x(struct canvas *c, int x, int y, int w, const struct chart_tick *ticks, int n)
{
	if (n <= 0)
		return;
	int last_w = (int)text_width(span_str(ticks[n - 1].label));
	int last_start = tick_start(&ticks[n - 1], last_w, w), free_from = 0;

	for (int i = 0; i < n; i++) {
		int width = (int)text_width(span_str(ticks[i].label));
		int start = tick_start(&ticks[i], width, w);

		if (i < n - 1 && (start < free_from || start + width >= last_start))
			continue;
		canvas_text(c, x + start, y, w - start, ROLE_LABEL, span_str(ticks[i].label));
		free_from = start + width + 1;
	}
}

uint32_t
chart_nice(uint32_t v)
{
	static const uint32_t steps[] = { 1, 2, 5 };

	for (uint64_t power = 1;; power *= 10)
		for (size_t i = 0; i < ARRAY_SIZE(steps); i++) {
			uint64_t nice = power * steps[i];

			if (nice > UINT32_MAX)
				return UINT32_MAX;
			if (nice >= v)
				return (uint32_t)nice;
		}
}
