/*
 * dashboard: the live screen, from opening the terminal to leaving it.
 */
#ifndef TUI_DASHBOARD_H
#define TUI_DASHBOARD_H

#include "core/engine.h"

struct dashboard_options {
	const struct engine_options *engine;
	const char *const *inputs; /* files, folders, globs, "-" */
	size_t n_inputs;
	char *const *command;      /* whose output is shown too, or NULL */
	int64_t window;            /* ns, TIME_NONE: the default of an hour */
	const char *theme;         /* name or path, NULL: default */
	const char *keys;          /* path, NULL: defaults only */
	bool color, ascii, mouse;
};

/*
 * Runs until the person quits or the terminal goes. Returns the exit status: 0,
 * or 2 with one line on standard error when it cannot start.
 */
int dashboard_run(const struct dashboard_options *o);

#endif
