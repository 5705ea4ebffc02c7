/*
 * statusbar: the first row, which says what is watched and how it goes. Draws
 * from values only.
 */
#ifndef TUI_STATUSBAR_H
#define TUI_STATUSBAR_H

#include "core/view.h"
#include "tui/canvas.h"

struct status_line {
	const struct view_status *status;
	int64_t now;      /* wall clock */
	int64_t window;   /* ns */
	int64_t edge;     /* right edge that was chosen, TIME_NONE: the newest */
	bool live;        /* of the timeframe */
	bool paused;
	bool secrets_shown;
	bool unfiltered;  /* filters are left aside */
	uint64_t arrived; /* records since the screen was held */
};

/* Parts are left out by importance until the rest fits. */
void status_draw(struct canvas *c, const struct status_line *s);

/* A window's length as the status line has it: "60m", "24h", "7d". */
const char *window_text(int64_t ns, char *buf, size_t n);

#endif
