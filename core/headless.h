/*
 * headless: the commands that print and end: report, search, explain.
 */
#ifndef CORE_HEADLESS_H
#define CORE_HEADLESS_H

#include "core/options.h"

enum { EXIT_FINE = 0, EXIT_NOTHING = 1, EXIT_USAGE = 2, EXIT_INPUT = 3 };

/* Each returns the exit status; mistakes are one line on standard error. */
int headless_report(struct options *o);
int headless_search(struct options *o);
int headless_explain(struct options *o);
int headless_version(void);

#endif
