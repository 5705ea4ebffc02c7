/* The inside of the detail pane, for its tests. */
#ifndef TUI_PANE_DETAIL_H
#define TUI_PANE_DETAIL_H

#include "tui/pager.h"
#include "tui/pane.h"

struct detail_pane {
	struct pane base;
	uint64_t record;         /* RECORD_NONE: none was chosen */
	struct view_record view; /* owned */
	bool gone;
	struct pager pager;
};

#endif
