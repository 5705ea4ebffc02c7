/*
 * pager: a page of lines that scrolls, without a cursor.
 */
#ifndef TUI_PAGER_H
#define TUI_PAGER_H

#include "tui/command.h"

struct pager {
	int top;           /* first line that is seen */
	int lines, height; /* there are; are seen */
};

/* New counts; true when the top had to move, so that what was drawn is wrong. */
bool pager_fit(struct pager *p, int lines, int height);
/* Scroll by a command (UP, DOWN, PAGE_*, FIRST, LAST); true when it was one of these. */
bool pager_command(struct pager *p, enum command c);
/* "1-20 of 58 lines", "" when all is seen. */
const char *pager_figure(const struct pager *p, char *buf, size_t n);

#endif
