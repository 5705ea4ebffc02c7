/*
 * pager: always 0 <= top, and no empty lines at the end while there are enough
 * to fill the height.
 */
#include "config.h"

#include "tui/pager.h"

#include <stdio.h>

static void
clamp_top(struct pager *p)
{
	if (p->top > p->lines - p->height)
		p->top = p->lines - p->height;
	if (p->top < 0)
		p->top = 0;
}

bool
pager_fit(struct pager *p, int lines, int height)
{
	int top = p->top;

	p->lines = lines;
	p->height = height;
	clamp_top(p);
	return p->top != top;
}

bool
pager_command(struct pager *p, enum command c)
{
	/* A page keeps one line of the last one in sight. */
	int page = p->height > 2 ? p->height - 1 : 1;

	switch (c) {
	case CMD_UP:        p->top--; break;
	case CMD_DOWN:      p->top++; break;
	case CMD_PAGE_UP:   p->top -= page; break;
	case CMD_PAGE_DOWN: p->top += page; break;
	case CMD_FIRST:     p->top = 0; break;
	case CMD_LAST:      p->top = p->lines; break;
	default:            return false;
	}
	clamp_top(p);
	return true;
}

const char *
pager_figure(const struct pager *p, char *buf, size_t n)
{
	buf[0] = '\0';
	if (p->lines > p->height && p->height > 0)
		snprintf(buf, n, "%d-%d of %d lines", p->top + 1, p->top + p->height, p->lines);
	return buf;
}
