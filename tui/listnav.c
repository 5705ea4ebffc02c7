/*
 * listnav: arithmetic of a cursor and a window over n rows.
 *
 *	0 ............ top ....... cursor ....... top+height ........ n
 *	               |<------- what is seen ------->|
 */
#include "config.h"

#include "tui/listnav.h"

static int
clamp(int v, int low, int high)
{
	if (v > high)
		v = high;
	return v < low ? low : v;
}

static void
settle(struct listnav *l)
{
	if (l->cursor >= 0) {
		if (l->top > l->cursor)
			l->top = l->cursor;
		if (l->top < l->cursor - l->height + 1)
			l->top = l->cursor - l->height + 1;
	}
	l->top = clamp(l->top, 0, l->n - l->height);
}

void
listnav_set(struct listnav *l, int n, int height)
{
	l->n = n > 0 ? n : 0;
	l->height = height > 1 ? height : 1;
	if (l->cursor >= l->n)
		l->cursor = l->n - 1;
	settle(l);
}

void
listnav_go(struct listnav *l, int cursor)
{
	l->cursor = cursor < 0 ? -1 : clamp(cursor, -1, l->n - 1);
	settle(l);
}

/* Where a step of `by` rows starts: from no cursor, just outside what is seen. */
static int
origin(const struct listnav *l, int by)
{
	if (l->cursor >= 0)
		return l->cursor;
	return by > 0 ? l->top - by : l->top + l->height - by - 1;
}

static void
step(struct listnav *l, int by)
{
	if (l->n)
		listnav_go(l, clamp(origin(l, by) + by, 0, l->n - 1));
}

bool
listnav_command(struct listnav *l, enum command c)
{
	/* A page keeps one row of the last one in sight. */
	int page = l->height > 1 ? l->height - 1 : 1;

	switch (c) {
	case CMD_UP:
		step(l, -1);
		return true;
	case CMD_DOWN:
		step(l, 1);
		return true;
	case CMD_PAGE_UP:
		step(l, -page);
		return true;
	case CMD_PAGE_DOWN:
		step(l, page);
		return true;
	case CMD_FIRST:
		listnav_go(l, 0);
		return true;
	case CMD_LAST:
		listnav_go(l, l->n - 1);
		return true;
	default:
		return false;
	}
}
