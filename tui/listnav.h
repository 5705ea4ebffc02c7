/*
 * listnav: a cursor in a list that scrolls. Knows numbers, not rows.
 *
 * Always: 0 <= top, the last page has no empty rows while there are enough to
 * fill it, and the cursor, where there is one, is among the rows seen.
 */
#ifndef TUI_LISTNAV_H
#define TUI_LISTNAV_H

#include "tui/command.h"

struct listnav {
	int n;      /* rows there are */
	int height; /* rows that are seen */
	int cursor; /* -1: none */
	int top;
};

/* New counts; keeps the cursor where it can. */
void listnav_set(struct listnav *l, int n, int height);
/*
 * Move by a command (UP, DOWN, PAGE_*, FIRST, LAST); true when it was one of
 * these. Without a cursor the first move puts it on the nearest row seen.
 */
bool listnav_command(struct listnav *l, enum command c);
/* Put the cursor on a row (clamped to those there are), or take it away with -1. */
void listnav_go(struct listnav *l, int cursor);

#endif
