/*
 * chart: bars, sparklines, columns and their axes in cells, with eighths of a
 * cell where the terminal has them.
 */
#ifndef TUI_CHART_H
#define TUI_CHART_H

#include "tui/canvas.h"

/*
 * A horizontal bar of `value` out of `max` over w columns; a non-zero value
 * shows at least a sliver.
 */
void chart_hbar(struct canvas *c, int x, int y, int w, double value, double max, enum role role);

/*
 * n values as one row of ▁..▇ (0 is a blank) scaled to `max` (0: their own
 * largest). ASCII: " .:-=+*#".
 */
void chart_spark(struct canvas *c, int x, int y, int n, const uint32_t *values, uint32_t max,
		 enum role role);

/*
 * Stacked columns: n buckets, `layers` values each (value[i * layers + l], l
 * = 0 at the bottom, at most CHART_LAYERS), drawn over rows y .. y + h - 1,
 * one column a bucket, w of them. A cell takes the role of the layer that
 * fills most of it. So that an error is never hidden, a non-zero layer with
 * `keep[l]` has at least one cell: it takes one of its neighbours', and a
 * column with too few cells grows by one; where there is no room for all, upper
 * layers win. max is the axis' top (chart_nice).
 *
 * On a grid with tones a cell shows two layers, one behind the other, to an eighth of a
 * cell; a kept layer then has an eighth at least.
 */
enum { CHART_LAYERS = 8 };
void chart_columns(struct canvas *c, int x, int y, int w, int h, const uint32_t *value, int layers,
		   const enum role *roles, const bool *keep, uint32_t max);

/*
 * The axis at the left of columns of h rows: "214┤" at the top, half way where
 * that is a whole number on a row of its own, and "  0┤" at the bottom.
 * Returns the columns it takes, which are the same for every max of the same
 * length.
 */
int chart_axis_y(struct canvas *c, int x, int y, int h, uint32_t max);
/* The same width without drawing, to know how many buckets fit. */
int chart_axis_width(uint32_t max);

/*
 * Labels under columns: each is centred on its column and moved inside x .. x
 * + w - 1; one that would touch its left neighbour is left out, but the last
 * one always stands.
 */
struct chart_tick {
	int at; /* column */
	const char *label;
};
void chart_axis_x(struct canvas *c, int x, int y, int w, const struct chart_tick *ticks, int n);

/*
 * The smallest of 1, 2, 5, 10, 20, 50, ... at or above v; at least 1. Beyond
 * the last of them, UINT32_MAX.
 */
uint32_t chart_nice(uint32_t v);

#endif
