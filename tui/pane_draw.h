/*
 * pane_draw: what panes draw alike.
 */
#ifndef TUI_PANE_DRAW_H
#define TUI_PANE_DRAW_H

#include "core/clock.h"
#include "tui/canvas.h"

/* canvas_frame(), with the key figure in a role of its own. */
struct canvas pane_frame(struct canvas *c, const char *title, const char *figure, bool focus,
			 enum role figure_role);

/* An empty state: words in the middle, dim, wrapped where they must be. */
void pane_say(struct canvas *c, const char *text);

/*
 * A time of day as short as a step of `step` ns allows: "10:42:06" below a
 * minute, "10:42", or "09-09" for a midnight and for steps of days.
 */
const char *pane_time_label(int64_t t, int64_t step, char *buf, size_t n);

#endif
