/* The inside of the detail pane, for its tests. */
#ifndef TUI_PANE_DETAIL_H
#define TUI_PANE_DETAIL_H

#include "tui/hit_marks.h"
#include "tui/pager.h"
#include "tui/pane.h"

struct detail_pane {
	struct pane base;
	uint64_t record;         /* RECORD_NONE: none was chosen */
	struct view_record view; /* owned */
	bool gone;
	bool explains;           /* shows how the record was read instead of what it holds */
	struct strbuf explanation; /* owned */
	struct pager pager;

	struct hit_marks search; /* owned */
	int *hits;               /* owned; the lines of the page that have one, in order, as they were drawn */
	size_t n_hits, hits_cap;
	int at;                  /* the one that was gone to; -1: none */
	int seek;                /* go to the first (+1) or last (-1) when they are known; 0: stay */
};

#endif
