/* The inside of the sources pane, for its tests and the screen. */
#ifndef TUI_PANE_SOURCES_H
#define TUI_PANE_SOURCES_H

#include "tui/listnav.h"
#include "tui/pane.h"
#include "tui/source_columns.h"

struct sources_pane {
	struct pane base;
	struct source_row *rows; /* owned; in the order that is shown */
	size_t n;
	int64_t now;
	enum source_sort sort;
	bool reverse;
	bool resort;           /* rows are to be put in order anew; else they stay where they are */
	unsigned *order;       /* owned: ids as they stood */
	size_t n_order;
	struct listnav nav;    /* over the rows */
	int width;             /* of the pane */
	bool unfiltered;       /* there are filters, which these numbers do not heed */
};

/* The filter that shows a source alone, or hides it; appended to out. */
void source_filter(struct strbuf *out, const char *name, bool hide);
/* Whether a filter is one that shows a source alone. */
bool source_filter_is_alone(const char *query);

#endif
