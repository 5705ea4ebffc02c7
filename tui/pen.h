/*
 * pen: what a role becomes on a terminal of so many colours: the last step
 * between a theme and what is drawn with. Pure; knows no terminal.
 */
#ifndef TUI_PEN_H
#define TUI_PEN_H

#include "tui/theme.h"

struct pen {
	int fg, bg;    /* a colour's number there (color_nearest), -1: the terminal's own */
	uint8_t attrs; /* ATTR_*, without ATTR_SOLID */
};

/*
 * The pen for letters of a role, or for bars (`solid`, see ATTR_SOLID),
 * `under` the cursor or elsewhere. colors 0: no colours.
 *
 * Under the cursor a role keeps its own colour. Where the terminal has the
 * background that the theme gives the cursor, the row is tinted; else it is in
 * reverse.
 */
struct pen pen_for(const struct theme *t, enum role role, bool under, bool solid, int colors);

#endif
