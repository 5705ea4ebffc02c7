/*
 * The inside of the timeline pane: shared by its two halves (what is looked at,
 * pane_timeline.c; how it is drawn, pane_timeline_draw.c) and its tests.
 */
#ifndef TUI_PANE_TIMELINE_H
#define TUI_PANE_TIMELINE_H

#include "tui/pane.h"

enum { TIMELINE_MARGIN = 1, TIMELINE_TOP_MIN = 4 }; /* columns at either side; the least top of the axis */

struct timeline_pane {
	struct pane base;
	struct view_timeline view; /* owned */
	int width;            /* of the pane */
	int bar;              /* columns a bucket has */
	uint64_t errors;      /* ERROR and CRITICAL in the window, for the title */
	struct timeframe frame;
	int64_t cursor;       /* a time in the bucket under the cursor, TIME_NONE: the newest */
	int64_t mark;         /* a time in the other end of a stretch that is being marked, TIME_NONE: none is */
	struct view_hits hits; /* owned; of the search, by bucket */
};

/* The step and the width of bars that show `window` ns in w columns. */
int64_t timeline_step(int64_t window, int w, int *bar);
/* "per minute" */
const char *timeline_step_words(int64_t step);
/* When a bucket begins. */
static inline int64_t
timeline_bucket(const struct timeline_pane *t, int i)
{
	return t->view.from + i * t->view.step;
}
/* The buckets that are marked, first and last: the one under the cursor when none are. There must be some. */
void timeline_marked(const struct timeline_pane *t, int *first, int *last);
/* "10:42", or, of what is marked, "10:30-10:42": the second is its end. Returns buf. */
const char *timeline_stretch(const struct timeline_pane *t, char *buf, size_t size);
void timeline_draw(struct pane *p, struct canvas *c);

#endif
