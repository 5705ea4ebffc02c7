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
	bool explains;           /* shows how the record was read instead of what it holds */
	struct strbuf explanation; /* owned */
	struct pager pager;
};

#endif
