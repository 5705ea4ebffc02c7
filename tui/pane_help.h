/* The inside of the help pane, for its tests. */
#ifndef TUI_PANE_HELP_H
#define TUI_PANE_HELP_H

#include "tui/pager.h"
#include "tui/pane.h"

struct help_pane {
	struct pane base;
	const struct keymap *keys; /* borrowed */
	struct pager pager;
};

#endif
