/* The inside of the timeline pane, for its tests. */
#ifndef TUI_PANE_TIMELINE_H
#define TUI_PANE_TIMELINE_H

#include "tui/pane.h"

struct timeline_pane {
	struct pane base;
	struct view_timeline view; /* owned */
	int width;            /* of the pane */
	int bar;              /* columns a bucket has */
	uint64_t errors;      /* ERROR and CRITICAL in the window, for the title */
	struct timeframe frame;
	int64_t cursor;       /* a time in the bucket under the cursor, TIME_NONE: the newest */
};

/* The step and the width of bars that show `window` ns in w columns. */
int64_t timeline_step(int64_t window, int w, int *bar);

#endif
