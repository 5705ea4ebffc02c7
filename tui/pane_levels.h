/* The inside of the levels pane, for its tests. */
#ifndef TUI_PANE_LEVELS_H
#define TUI_PANE_LEVELS_H

#include "tui/listnav.h"
#include "tui/pane.h"

struct levels_pane {
	struct pane base;
	struct view_levels view;
	struct listnav nav; /* over the levels that are shown, worst first */
};

#endif
