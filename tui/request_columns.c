/*
 * request_columns: the columns as a table, each with the function that draws a
 * cell of it. What is normal is plain, zeros and units are dim; slow is in the
 * role of a warning, and so are some errors; one per cent of errors is an
 * error.
 */
#include "config.h"

#include "tui/request_columns.h"

#include "core/alloc.h"
#include "core/units.h"
#include "tui/chart.h"

#include <ctype.h>
#include <stdio.h>

enum { ROUTE_MIN = 20, TRENDS = 16 };

/* Times the mean: a trend that stays below it does not reach the top of its cells. */
#define CALM 3u

/* ---- cells ------------------------------------------------------------------- */

static const struct view_route *
route_of(const struct column_cell *a)
{
	return a->row;
}

static void
draw_method(const struct column_cell *a)
{
	canvas_text(a->c, a->x, a->y, a->w, ROLE_LABEL, span_str(route_of(a)->method));
}

static void
draw_route(const struct column_cell *a)
{
	if (route_of(a)->route[0])
		canvas_text(a->c, a->x, a->y, a->w, ROLE_NORMAL, span_str(route_of(a)->route));
	else
		canvas_text(a->c, a->x, a->y, a->w, ROLE_DIM, SPAN_LIT("(path not known)"));
}

static void
draw_count(const struct column_cell *a)
{
	char text[32];
	uint64_t n = route_of(a)->count;

	canvas_right(a->c, a->x + a->w, a->y, n ? ROLE_NORMAL : ROLE_DIM,
		     n < 1000000 ? units_thousands(n, text) : units_count(n, text));
}

static void
draw_rate(const struct column_cell *a)
{
	char text[32];
	double rate = route_of(a)->per_minute;

	if (rate >= 999.95)
		units_count((uint64_t)(rate + 0.5), text);
	else if (rate > 0 && rate < 0.05)
		snprintf(text, sizeof text, "<0.1");
	else
		snprintf(text, sizeof text, "%.1f", rate);
	canvas_right(a->c, a->x + a->w, a->y, rate > 0 ? ROLE_NORMAL : ROLE_DIM, text);
}

static void
draw_errors(const struct column_cell *a)
{
	char text[32];
	double percent = route_of(a)->error_percent;

	if (percent > 0 && percent < 0.05)
		snprintf(text, sizeof text, "<0.1");
	else
		snprintf(text, sizeof text, percent >= 99.95 ? "%.0f" : "%.1f", percent);
	canvas_right(a->c, a->x + a->w, a->y, percent >= 1 ? ROLE_ERROR : percent > 0 ? ROLE_WARNING : ROLE_DIM, text);
}

static void
draw_seconds(const struct column_cell *a, double seconds)
{
	char text[16];
	bool slow = seconds > *(const double *)a->arg;

	/* Requests are known, their durations are not. */
	units_duration(route_of(a)->max > 0 ? seconds : -1, text);
	int used = canvas_right(a->c, a->x + a->w, a->y, slow ? ROLE_WARNING : seconds > 0 ? ROLE_NORMAL : ROLE_DIM, text);
	int unit = 0;

	while (unit < used && isalpha((unsigned char)text[used - 1 - unit]))
		unit++;
	if (!slow)
		canvas_role(a->c, a->x + a->w - unit, a->y, unit, ROLE_DIM);
}

static void draw_avg(const struct column_cell *a) { draw_seconds(a, route_of(a)->avg); }
static void draw_p50(const struct column_cell *a) { draw_seconds(a, route_of(a)->p50); }
static void draw_p95(const struct column_cell *a) { draw_seconds(a, route_of(a)->p95); }
static void draw_p99(const struct column_cell *a) { draw_seconds(a, route_of(a)->p99); }
static void draw_max(const struct column_cell *a) { draw_seconds(a, route_of(a)->max); }

/* Each cell is the worst of the parts it stands for. What does not change is a low line, not a wall. */
static void
draw_trend(const struct column_cell *a)
{
	uint32_t value[TRENDS] = { 0 };
	int n = a->w < TRENDS ? a->w : TRENDS, parts = 0;
	uint64_t sum = 0, max = 0;

	for (int i = 0; n > 0 && i < TRENDS; i++)
		if (route_of(a)->trend[i] > value[i * n / TRENDS])
			value[i * n / TRENDS] = route_of(a)->trend[i];
	for (int i = 0; i < n; i++) {
		sum += value[i];
		parts += value[i] != 0;
		max = value[i] > max ? value[i] : max;
	}
	if (!parts)
		return;
	if (max < CALM * sum / (unsigned)parts)
		max = CALM * sum / (unsigned)parts;
	chart_spark(a->c, a->x, a->y, n, value, max < UINT32_MAX ? (uint32_t)max : UINT32_MAX, ROLE_CHART);
}

/* ---- columns -------------------------------------------------------------------- */

enum {
	COLUMN_METHOD, COLUMN_ROUTE, COLUMN_COUNT, COLUMN_RATE, COLUMN_ERRORS, COLUMN_AVG, COLUMN_P50, COLUMN_P95,
	COLUMN_P99, COLUMN_MAX, COLUMN_TREND,
};

static const struct column columns[] = {
	[COLUMN_METHOD] = { "METHOD", 6, COLUMN_UNSORTED, 6, true, draw_method },
	[COLUMN_ROUTE] = { "ROUTE", ROUTE_MIN, SORT_ROUTE, 0, true, draw_route },
	[COLUMN_COUNT] = { "COUNT", 7, SORT_COUNT, 9, false, draw_count },
	[COLUMN_RATE] = { "/MIN", 6, COLUMN_UNSORTED, 3, false, draw_rate },
	[COLUMN_ERRORS] = { "ERR%", 5, SORT_ERRORS, 8, false, draw_errors },
	[COLUMN_AVG] = { "AVG", 6, SORT_AVG, 4, false, draw_avg },
	[COLUMN_P50] = { "P50", 6, SORT_P50, 2, false, draw_p50 },
	[COLUMN_P95] = { "P95", 6, SORT_P95, 10, false, draw_p95 },
	[COLUMN_P99] = { "P99", 6, SORT_P99, 5, false, draw_p99 },
	[COLUMN_MAX] = { "MAX", 6, SORT_MAX, 7, false, draw_max },
	[COLUMN_TREND] = { "TREND", 5, COLUMN_UNSORTED, 1, true, draw_trend },
};

const struct columns request_columns = {
	.v = columns, .n = ARRAY_SIZE(columns), .name = COLUMN_ROUTE, .chart = COLUMN_TREND, .chart_max = TRENDS,
};
