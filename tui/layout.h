/*
 * layout: which part of the screen each pane has. Pure: numbers in, numbers
 * out.
 */
#ifndef TUI_LAYOUT_H
#define TUI_LAYOUT_H

#include <stdbool.h>

enum { LAYOUT_MIN_W = 80, LAYOUT_MIN_H = 24 };

enum slot {
	SLOT_TIMELINE,
	SLOT_LEVELS,
	SLOT_REQUESTS,
	SLOT_LOG,
	SLOT_SOURCES, /* has no room of its own: the whole screen, when it has the focus */
	SLOT_FILTERS, /* has the room of the requests while it is open */
	SLOT_DETAIL,
	SLOT_HELP,
	SLOT_PANES, /* the ones before it hold panes */
	SLOT_STATUS = SLOT_PANES,
	SLOT_HINTS,
	SLOT_COUNT,
	SLOT_NONE = -1
};

struct rect {
	int x, y, w, h; /* w == 0: not shown */
};

struct layout_wish {
	int zoomed;  /* a slot that has the whole screen, or SLOT_NONE */
	bool detail; /* the detail of a record is open */
	bool help;   /* help is open */
	bool filters; /* the list of filters is open */
};

struct layout {
	bool too_small;    /* nothing is shown but a message */
	bool levels_strip; /* the levels are a strip in the timeline's title */
	bool detail_beside; /* detail stands beside the log, not over it */
	struct rect rect[SLOT_COUNT];
};

/* What is shown covers the screen and does not overlap. */
void layout_compute(struct layout *l, int w, int h, const struct layout_wish *wish);
/* The pane at a cell, SLOT_NONE when there is none. */
int layout_at(const struct layout *l, int x, int y);

#endif
