/*
 * source_columns: the columns as a table, each with the function that draws a
 * cell of it. What is as it should be is plain or dim; what is not is in the
 * role of a warning, errors in theirs.
 */
#include "config.h"

#include "tui/source_columns.h"

#include "core/alloc.h"
#include "core/silence.h"
#include "core/units.h"
#include "tui/chart.h"

#include <stdio.h>

enum { NAME_MIN = 16, STATE_W = 11 };

const char *const source_sort_words[SOURCE_SORTS] = {
	[SOURCES_ADDED] = "order of coming", [SOURCES_NAME] = "name",         [SOURCES_RATE] = "rate",
	[SOURCES_RECORDS] = "records",       [SOURCES_ERRORS] = "errors",     [SOURCES_PERCENT] = "error rate",
	[SOURCES_LAST] = "last record",      [SOURCES_BYTES] = "bytes",       [SOURCES_LAG] = "bytes behind",
	[SOURCES_LOST] = "bytes lost",       [SOURCES_MEMORY] = "memory",
};

/* ---- cells -------------------------------------------------------------------- */

static const struct view_source *
source_of(const struct column_cell *a)
{
	return &((const struct source_row *)a->row)->v;
}

static int64_t
now_of(const struct column_cell *a)
{
	return *(const int64_t *)a->arg;
}

enum role
source_state(const struct source_row *r, int64_t now, char *buf, size_t n)
{
	const struct view_source *v = &r->v;
	bool trouble = v->state == SOURCE_FAILED || v->state == SOURCE_WAITING || v->missing || v->broken ||
		       v->ended_badly;
	char age[16];

	view_source_state(v, buf, n);
	/* "exited 1" says more than "ended". */
	if (v->command && v->state == SOURCE_ENDED && v->note[0])
		snprintf(buf, n, "%s", v->note);
	if (v->closed)
		return ROLE_DIM;
	if (trouble)
		return ROLE_WARNING;
	if (r->hidden) {
		snprintf(buf, n, "hidden");
		return ROLE_DIM;
	}
	if (strcmp(buf, "silent") != 0)
		return ROLE_DIM;
	snprintf(buf, n, "silent %s", units_age(now - v->last_read, age));
	return ROLE_WARNING;
}

static void
draw_name(const struct column_cell *a)
{
	const struct source_row *r = a->row;
	bool away = r->hidden || r->v.closed;

	canvas_text(a->c, a->x, a->y, a->w, away ? ROLE_DIM : ROLE_NORMAL, span_str(r->v.name));
}

static void
draw_state(const struct column_cell *a)
{
	char text[32];
	enum role role = source_state(a->row, now_of(a), text, sizeof text);

	canvas_text(a->c, a->x, a->y, a->w, role, span_str(text));
}

/* A number whose zero is nothing to look at. */
static void
draw_number(const struct column_cell *a, bool zero, enum role role, const char *text)
{
	canvas_right(a->c, a->x + a->w, a->y, zero ? ROLE_DIM : role, text);
}

static void
draw_rate(const struct column_cell *a)
{
	const struct view_source *v = source_of(a);
	char text[16];

	if (v->rate >= 0.05)
		draw_number(a, false, ROLE_NORMAL, silence_rate_text(v->rate, text));
	else
		draw_number(a, true, ROLE_DIM, "0/s");
}

static void
draw_chart(const struct column_cell *a)
{
	const struct view_source *v = source_of(a);
	int n = a->w < VIEW_RATES - 1 ? a->w : VIEW_RATES - 1;

	chart_spark(a->c, a->x, a->y, n, v->rates + VIEW_RATES - 1 - n, 0, ROLE_CHART);
}

static void
draw_records(const struct column_cell *a)
{
	char text[32];
	uint64_t n = source_of(a)->records;

	draw_number(a, !n, ROLE_NORMAL, n < 1000000 ? units_thousands(n, text) : units_count(n, text));
}

static void
draw_errors(const struct column_cell *a)
{
	char text[32];
	uint64_t n = source_of(a)->errors;

	draw_number(a, !n, ROLE_ERROR, units_count(n, text));
}

static double
percent_of(const struct view_source *v)
{
	return v->records ? 100.0 * (double)v->errors / (double)v->records : 0;
}

static void
draw_percent(const struct column_cell *a)
{
	double percent = percent_of(source_of(a));
	char text[16];

	if (percent > 0 && percent < 0.05)
		snprintf(text, sizeof text, "<0.1");
	else
		snprintf(text, sizeof text, percent >= 99.95 ? "%.0f" : "%.1f", percent);
	draw_number(a, percent <= 0, percent >= 1 ? ROLE_ERROR : ROLE_WARNING, text);
}

/* Of the newest record by its own time, else of the last bytes. */
static void
draw_last(const struct column_cell *a)
{
	const struct view_source *v = source_of(a);
	int64_t last = v->newest != TIME_NONE ? v->newest : v->last_read;
	char text[16];

	if (last)
		draw_number(a, false, v->silent ? ROLE_WARNING : ROLE_NORMAL, units_age(now_of(a) - last, text));
	else
		draw_number(a, true, ROLE_DIM, "-");
}

static void
draw_size(const struct column_cell *a, uint64_t bytes, enum role role)
{
	char text[16];

	draw_number(a, !bytes, role, units_size(bytes, text));
}

static void draw_bytes(const struct column_cell *a) { draw_size(a, source_of(a)->bytes, ROLE_NORMAL); }
static void draw_lag(const struct column_cell *a) { draw_size(a, source_of(a)->lag, ROLE_WARNING); }
static void draw_memory(const struct column_cell *a) { draw_size(a, source_of(a)->memory, ROLE_NORMAL); }

static void
draw_lost(const struct column_cell *a)
{
	const struct view_source *v = source_of(a);

	if (!v->lost && v->gaps)
		draw_number(a, false, ROLE_WARNING, "?");
	else
		draw_size(a, v->lost, ROLE_WARNING);
}

static void
draw_turns(const struct column_cell *a)
{
	unsigned n = source_of(a)->rotations + source_of(a)->truncations;
	char text[16];

	draw_number(a, !n, ROLE_NORMAL, units_count(n, text));
}

static void
draw_formats(const struct column_cell *a)
{
	canvas_text(a->c, a->x, a->y, a->w, ROLE_LABEL, span_str(source_of(a)->formats));
}

/* ---- columns -------------------------------------------------------------------- */

enum {
	COLUMN_NAME, COLUMN_STATE, COLUMN_RATE, COLUMN_CHART, COLUMN_RECORDS, COLUMN_ERRORS, COLUMN_PERCENT, COLUMN_LAST,
	COLUMN_BYTES, COLUMN_LAG, COLUMN_TURNS, COLUMN_LOST, COLUMN_MEMORY, COLUMN_FORMATS,
};

static const struct column columns[] = {
	[COLUMN_NAME] = { "SOURCE", NAME_MIN, SOURCES_NAME, 0, true, draw_name },
	[COLUMN_STATE] = { "STATE", STATE_W, COLUMN_UNSORTED, 0, true, draw_state },
	[COLUMN_RATE] = { "RATE", 7, SOURCES_RATE, 11, false, draw_rate },
	[COLUMN_CHART] = { "LAST MINUTE", 11, COLUMN_UNSORTED, 6, true, draw_chart },
	[COLUMN_RECORDS] = { "RECORDS", 8, SOURCES_RECORDS, 10, false, draw_records },
	[COLUMN_ERRORS] = { "ERRORS", 7, SOURCES_ERRORS, 9, false, draw_errors },
	[COLUMN_PERCENT] = { "ERR%", 5, SOURCES_PERCENT, 8, false, draw_percent },
	[COLUMN_LAST] = { "LAST", 5, SOURCES_LAST, 12, false, draw_last },
	[COLUMN_BYTES] = { "BYTES", 6, SOURCES_BYTES, 5, false, draw_bytes },
	[COLUMN_LAG] = { "BEHIND", 7, SOURCES_LAG, 7, false, draw_lag },
	[COLUMN_TURNS] = { "ROTATED", 7, COLUMN_UNSORTED, 3, false, draw_turns },
	[COLUMN_LOST] = { "LOST", 5, SOURCES_LOST, 4, false, draw_lost },
	[COLUMN_MEMORY] = { "MEMORY", 7, SOURCES_MEMORY, 2, false, draw_memory },
	[COLUMN_FORMATS] = { "FORMAT", 16, COLUMN_UNSORTED, 1, true, draw_formats },
};

const struct columns source_columns = {
	.v = columns, .n = ARRAY_SIZE(columns), .name = COLUMN_NAME, .chart = COLUMN_CHART, .chart_max = VIEW_RATES - 1,
};

/* ---- order ---------------------------------------------------------------------- */

static double
sort_value(const struct view_source *v, enum source_sort sort)
{
	switch (sort) {
	case SOURCES_RATE:    return v->rate;
	case SOURCES_RECORDS: return (double)v->records;
	case SOURCES_ERRORS:  return (double)v->errors;
	case SOURCES_PERCENT: return percent_of(v);
	case SOURCES_LAST:    return (double)v->newest;
	case SOURCES_BYTES:   return (double)v->bytes;
	case SOURCES_LAG:     return (double)v->lag;
	case SOURCES_LOST:    return (double)v->lost;
	case SOURCES_MEMORY:  return (double)v->memory;
	default:              return 0;
	}
}

int
source_row_cmp(const struct source_row *a, const struct source_row *b, enum source_sort sort, bool reverse)
{
	double va = sort_value(&a->v, sort), vb = sort_value(&b->v, sort);
	int order = va < vb ? 1 : va > vb ? -1 : 0;

	if (sort == SOURCES_NAME)
		order = strcmp(a->v.name, b->v.name);
	if (!order)
		order = a->v.id < b->v.id ? -1 : a->v.id > b->v.id;
	return reverse ? -order : order;
}
