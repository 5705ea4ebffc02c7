/*
 * request_columns: the columns as a table, each with the function that draws a
 * cell of it.
 *
 * Where the width is short, columns give way in the order of their rank. What
 * is normal is plain, zeros and units are dim; slow is in the role of a
 * warning, and so are some errors; one per cent of errors is an error.
 */
#include "config.h"

#include "tui/request_columns.h"

#include "core/units.h"
#include "tui/chart.h"

#include <ctype.h>
#include <stdio.h>

enum { ROUTE_MIN = 20, TRENDS = 16, GAP_MAX = 4 };

/* Times the mean: a trend that stays below it does not reach the top of its cells. */
#define CALM 3u

/* ---- cells ------------------------------------------------------------------- */

struct cell_at {
	struct canvas *c;
	int x, w, y;
	const struct view_route *route;
	double slow_limit;
};

static void
draw_method(const struct cell_at *a)
{
	canvas_text(a->c, a->x, a->y, a->w, ROLE_LABEL, span_str(a->route->method));
}

static void
draw_route(const struct cell_at *a)
{
	if (a->route->route[0])
		canvas_text(a->c, a->x, a->y, a->w, ROLE_NORMAL, span_str(a->route->route));
	else
		canvas_text(a->c, a->x, a->y, a->w, ROLE_DIM, SPAN_LIT("(path not known)"));
}

static void
draw_count(const struct cell_at *a)
{
	char text[32];
	uint64_t n = a->route->count;

	canvas_right(a->c, a->x + a->w, a->y, n ? ROLE_NORMAL : ROLE_DIM,
		     n < 1000000 ? units_thousands(n, text) : units_count(n, text));
}

static void
draw_rate(const struct cell_at *a)
{
	char text[32];
	double rate = a->route->per_minute;

	if (rate >= 999.95)
		units_count((uint64_t)(rate + 0.5), text);
	else if (rate > 0 && rate < 0.05)
		snprintf(text, sizeof text, "<0.1");
	else
		snprintf(text, sizeof text, "%.1f", rate);
	canvas_right(a->c, a->x + a->w, a->y, rate > 0 ? ROLE_NORMAL : ROLE_DIM, text);
}

static void
draw_errors(const struct cell_at *a)
{
	char text[32];
	double percent = a->route->error_percent;

	if (percent > 0 && percent < 0.05)
		snprintf(text, sizeof text, "<0.1");
	else
		snprintf(text, sizeof text, percent >= 99.95 ? "%.0f" : "%.1f", percent);
	canvas_right(a->c, a->x + a->w, a->y, percent >= 1 ? ROLE_ERROR : percent > 0 ? ROLE_WARNING : ROLE_DIM, text);
}

static void
draw_seconds(const struct cell_at *a, double seconds)
{
	char text[16];
	bool slow = seconds > a->slow_limit;

	/* Requests are known, their durations are not. */
	units_duration(a->route->max > 0 ? seconds : -1, text);
	int used = canvas_right(a->c, a->x + a->w, a->y, slow ? ROLE_WARNING : seconds > 0 ? ROLE_NORMAL : ROLE_DIM, text);
	int unit = 0;

	while (unit < used && isalpha((unsigned char)text[used - 1 - unit]))
		unit++;
	if (!slow)
		canvas_role(a->c, a->x + a->w - unit, a->y, unit, ROLE_DIM);
}

static void draw_avg(const struct cell_at *a) { draw_seconds(a, a->route->avg); }
static void draw_p50(const struct cell_at *a) { draw_seconds(a, a->route->p50); }
static void draw_p95(const struct cell_at *a) { draw_seconds(a, a->route->p95); }
static void draw_p99(const struct cell_at *a) { draw_seconds(a, a->route->p99); }
static void draw_max(const struct cell_at *a) { draw_seconds(a, a->route->max); }

/* Each cell is the worst of the parts it stands for. What does not change is a low line, not a wall. */
static void
draw_trend(const struct cell_at *a)
{
	uint32_t value[TRENDS] = { 0 };
	int n = a->w < TRENDS ? a->w : TRENDS, parts = 0;
	uint64_t sum = 0, max = 0;

	for (int i = 0; n > 0 && i < TRENDS; i++)
		if (a->route->trend[i] > value[i * n / TRENDS])
			value[i * n / TRENDS] = a->route->trend[i];
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

enum { COLUMN_METHOD, COLUMN_ROUTE, COLUMN_COUNT, COLUMN_TREND = REQUEST_COLUMNS - 1 };

static const struct column {
	const char *head;
	int w;               /* of the route: what is left */
	enum view_sort sort; /* SORT_COLUMNS: by none */
	int rank;            /* the lowest gives way first; 0 never */
	bool left;           /* aligned */
	void (*draw)(const struct cell_at *a);
} columns[REQUEST_COLUMNS] = {
	[COLUMN_METHOD] = { "METHOD", 6, SORT_COLUMNS, 6, true, draw_method },
	[COLUMN_ROUTE] = { "ROUTE", ROUTE_MIN, SORT_ROUTE, 0, true, draw_route },
	[COLUMN_COUNT] = { "COUNT", 7, SORT_COUNT, 9, false, draw_count },
	{ "/MIN", 6, SORT_COLUMNS, 3, false, draw_rate },
	{ "ERR%", 5, SORT_ERRORS, 8, false, draw_errors },
	{ "AVG", 6, SORT_AVG, 4, false, draw_avg },
	{ "P50", 6, SORT_P50, 2, false, draw_p50 },
	{ "P95", 6, SORT_P95, 10, false, draw_p95 },
	{ "P99", 6, SORT_P99, 5, false, draw_p99 },
	{ "MAX", 6, SORT_MAX, 7, false, draw_max },
	[COLUMN_TREND] = { "TREND", 5, SORT_COLUMNS, 1, true, draw_trend },
};

static int
plan_width(const struct request_plan *p, int gap)
{
	int w = -gap;

	for (int i = 0; i < REQUEST_COLUMNS; i++)
		w += p->w[i] ? p->w[i] + gap : 0;
	return w;
}

static int
first_to_go(const struct request_plan *p, enum view_sort sort)
{
	int least = -1;

	for (int i = 0; i < REQUEST_COLUMNS; i++)
		if (p->w[i] && columns[i].rank && columns[i].sort != sort &&
		    (least < 0 || columns[i].rank < columns[least].rank))
			least = i;
	return least;
}

/* Fit the columns into w: drop what must go, then give room to the trend, the gaps and the route. */
void
request_plan(struct request_plan *p, int w, enum view_sort sort)
{
	int gap = 1, go;

	for (int i = 0; i < REQUEST_COLUMNS; i++)
		p->w[i] = columns[i].w;
	while (plan_width(p, gap) > w && (go = first_to_go(p, sort)) >= 0)
		p->w[go] = 0;
	int spare = w - plan_width(p, gap) - ROUTE_MIN;

	if (p->w[COLUMN_TREND] && spare > 0) {
		int more = spare < TRENDS - columns[COLUMN_TREND].w ? spare : TRENDS - columns[COLUMN_TREND].w;

		p->w[COLUMN_TREND] += more;
	}
	while (gap < GAP_MAX && w - plan_width(p, gap + 1) >= 3 * ROUTE_MIN)
		gap++;
	p->w[COLUMN_ROUTE] += w - plan_width(p, gap);
	for (int i = 0, x = 0; i < REQUEST_COLUMNS; i++) {
		p->x[i] = x;
		x += p->w[i] ? p->w[i] + gap : 0;
	}
}

void
request_heads(struct canvas *c, const struct request_plan *plan, enum view_sort sort, bool reverse)
{
	for (int i = 0; i < REQUEST_COLUMNS; i++) {
		const struct column *column = &columns[i];
		bool sorted = column->sort == sort;
		enum role role = sorted ? ROLE_BRIGHT : ROLE_LABEL;
		char text[16];

		if (!plan->w[i])
			continue;
		snprintf(text, sizeof text, "%s%s", column->head, sorted ? request_arrow(c, reverse) : "");
		if (column->left)
			canvas_text(c, plan->x[i], 0, plan->w[i], role, span_str(text));
		else
			canvas_right(c, plan->x[i] + plan->w[i], 0, role, text);
	}
}

void
request_row(struct canvas *c, const struct request_plan *plan, int y, const struct view_route *route,
	    double slow_limit)
{
	for (int i = 0; i < REQUEST_COLUMNS; i++)
		if (plan->w[i])
			columns[i].draw(&(struct cell_at){ c, plan->x[i], plan->w[i], y, route, slow_limit });
}

enum view_sort
request_sort_at(const struct request_plan *plan, int x)
{
	for (int i = 0; i < REQUEST_COLUMNS; i++)
		if (x >= plan->x[i] && x < plan->x[i] + plan->w[i])
			return columns[i].sort;
	return SORT_COLUMNS;
}

const char *
request_arrow(const struct canvas *c, bool reverse)
{
	if (c->grid->ascii)
		return reverse ? "^" : "v";
	return reverse ? "▲" : "▼";
}
