/*
 * columns: the columns of a table: which of them fit into a width, their
 * heads, and a row of their cells. What a cell looks like is its column's.
 */
#ifndef TUI_COLUMNS_H
#define TUI_COLUMNS_H

#include "tui/canvas.h"

enum { COLUMNS_MAX = 16, COLUMN_UNSORTED = -1 };

/* A cell that is to be drawn. */
struct column_cell {
	struct canvas *c;
	int x, w, y;
	const void *row; /* what the table is of */
	const void *arg; /* what the cells of a table share */
};

struct column {
	const char *head;
	int w;     /* of the one that takes what is left, its least */
	int sort;  /* what the table is sorted by when it is by this one, COLUMN_UNSORTED: never */
	int rank;  /* the lowest gives way first; 0 never */
	bool left; /* aligned */
	void (*draw)(const struct column_cell *a);
};

struct columns {
	const struct column *v;
	int n;
	int name;             /* the one that takes what is left */
	int chart, chart_max; /* the one that grows first, and how far */
};

struct column_plan {
	int x[COLUMNS_MAX], w[COLUMNS_MAX]; /* w 0: not shown */
};

/* Fit the columns into w: drop what must go, never the one that is sorted by. */
void columns_plan(struct column_plan *p, const struct columns *t, int w, int sort);

/* The heads, on line 0. */
void columns_heads(struct canvas *c, const struct column_plan *p, const struct columns *t, int sort, bool reverse);
void columns_row(struct canvas *c, const struct column_plan *p, const struct columns *t, int y, const void *row,
		 const void *arg);

/* What the column at x sorts by; COLUMN_UNSORTED: nothing. */
int columns_sort_at(const struct column_plan *p, const struct columns *t, int x);

/* The sign of an order: largest first, or reversed. */
const char *columns_arrow(const struct canvas *c, bool reverse);

#endif
