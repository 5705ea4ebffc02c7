/* The inside of the requests pane, for its tests. */
#ifndef TUI_PANE_REQUESTS_H
#define TUI_PANE_REQUESTS_H

#include "tui/listnav.h"
#include "tui/pane.h"

struct requests_pane {
	struct pane base;
	struct view_requests view; /* owned; in the order that is shown */
	enum view_sort sort;
	bool reverse;
	bool ever;             /* requests were seen, perhaps outside the window */
	double slow_limit;     /* seconds */
	struct listnav nav;    /* over the view's rows */
	int width;             /* of the pane */

	/* When and what was asked last; the order is good for a second. */
	int64_t asked_at, asked_window, asked_to;
	unsigned asked_filtering;
	bool resort;
	uint32_t *order;       /* owned: ids of the rows as they stood */
	size_t n_order;
};

#endif
