/* The inside of the filter list, for its tests and the screen. */
#ifndef TUI_PANE_FILTERS_H
#define TUI_PANE_FILTERS_H

#include "tui/listnav.h"
#include "tui/pane.h"

struct filter_row {
	struct lens_part part;
	char *query;             /* owned */
	struct lens_count count;
};

struct filters_pane {
	struct pane base;
	struct filter_row *rows; /* owned; as they were made, the minimum level first */
	size_t n;
	bool unfiltered;         /* nothing heeds them for now */
	uint64_t shown, held;    /* records */
	bool counting;           /* `shown` may still grow */
	struct listnav nav;
};

/* Whether a filter leaves out what it names: "-level=INFO", "NOT (a b)". */
bool filter_excludes(const char *query);

#endif
