/*
 * request_columns: the columns of the requests table: which fit into a width,
 * and how their cells look.
 */
#ifndef TUI_REQUEST_COLUMNS_H
#define TUI_REQUEST_COLUMNS_H

#include "core/view.h"
#include "tui/canvas.h"

enum { REQUEST_COLUMNS = 11 };

struct request_plan {
	int x[REQUEST_COLUMNS], w[REQUEST_COLUMNS]; /* w 0: not shown */
};

/*
 * Fit the columns into w: drop what must go, never the one that is sorted by,
 * then give room to the trend, the gaps and the route.
 */
void request_plan(struct request_plan *p, int w, enum view_sort sort);

/* The heads, on line 0. */
void request_heads(struct canvas *c, const struct request_plan *plan, enum view_sort sort, bool reverse);
void request_row(struct canvas *c, const struct request_plan *plan, int y, const struct view_route *route,
		 double slow_limit);

/* What the column at x sorts by; SORT_COLUMNS: nothing. */
enum view_sort request_sort_at(const struct request_plan *plan, int x);

/* The sign of an order: largest first, or reversed. */
const char *request_arrow(const struct canvas *c, bool reverse);

#endif
