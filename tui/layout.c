/*
 * layout: rows and columns out of two small tables.
 *
 *	status                       1
 *	timeline | levels            by the height; levels from 100 columns on
 *	requests, or the filters     by the height
 *	log      | detail            the rest; detail from 160 columns on
 *	hints                        1
 *
 * A narrower screen shows the detail in place of the log and the requests. A
 * pane that is zoomed, or help, has everything between status and hints.
 */
#include "config.h"

#include "tui/layout.h"

#include <stddef.h>

/* The last row whose height is reached counts. What is not named is the log's. */
static const struct {
	int height, timeline, requests;
} heights[] = {
	{ 24, 6, 6 }, { 27, 7, 7 }, { 30, 7, 8 }, { 36, 8, 10 }, { 44, 9, 13 },
	{ 60, 11, 18 }, { 80, 13, 24 }, { 100, 16, 30 },
};

static const struct {
	int width, levels;
} widths[] = {
	{ 0, 0 }, { 100, 40 }, { 120, 44 }, { 160, 52 }, { 220, 64 }, { 300, 80 },
};

enum { BESIDE_W = 160 };

static size_t
height_row(int h)
{
	size_t i = 0;

	while (i + 1 < sizeof heights / sizeof *heights && heights[i + 1].height <= h)
		i++;
	return i;
}

static int
levels_width(int w)
{
	size_t i = 0;

	while (i + 1 < sizeof widths / sizeof *widths && widths[i + 1].width <= w)
		i++;
	return widths[i].levels;
}

/* The log's part, with or without the detail. */
static void
share_log(struct layout *l, struct rect r, bool detail)
{
	int beside = r.w * 2 / 5;

	l->rect[SLOT_LOG] = r;
	if (!detail)
		return;
	l->rect[SLOT_LOG].w -= beside;
	l->rect[SLOT_DETAIL] = (struct rect){ r.x + r.w - beside, r.y, beside, r.h };
}

static void
divide(struct layout *l, struct rect r, const struct layout_wish *wish)
{
	size_t row = height_row(r.h + 2);
	int levels = levels_width(r.w), top = heights[row].timeline, middle = heights[row].requests;
	struct rect below = { r.x, r.y + top, r.w, r.h - top };

	l->levels_strip = !levels;
	l->rect[SLOT_TIMELINE] = (struct rect){ r.x, r.y, r.w - levels, top };
	if (levels)
		l->rect[SLOT_LEVELS] = (struct rect){ r.x + r.w - levels, r.y, levels, top };
	if (wish->detail && !l->detail_beside) {
		l->rect[SLOT_DETAIL] = below;
		return;
	}
	l->rect[wish->filters ? SLOT_FILTERS : SLOT_REQUESTS] = (struct rect){ below.x, below.y, below.w, middle };
	below.y += middle;
	below.h -= middle;
	share_log(l, below, wish->detail);
}

void
layout_compute(struct layout *l, int w, int h, const struct layout_wish *wish)
{
	struct rect r = { 0, 1, w, h - 2 };

	*l = (struct layout){
		.too_small = w < LAYOUT_MIN_W || h < LAYOUT_MIN_H,
		.detail_beside = w >= BESIDE_W,
	};
	if (l->too_small)
		return;
	l->rect[SLOT_STATUS] = (struct rect){ 0, 0, w, 1 };
	l->rect[SLOT_HINTS] = (struct rect){ 0, h - 1, w, 1 };
	if (wish->help)
		l->rect[SLOT_HELP] = r;
	else if (wish->zoomed == SLOT_LOG && wish->detail && l->detail_beside)
		share_log(l, r, true);
	else if (wish->zoomed != SLOT_NONE)
		l->rect[wish->detail ? SLOT_DETAIL : wish->zoomed] = r;
	else
		divide(l, r, wish);
}

int
layout_at(const struct layout *l, int x, int y)
{
	for (int i = 0; i < SLOT_PANES; i++) {
		const struct rect *r = &l->rect[i];

		if (x >= r->x && x < r->x + r->w && y >= r->y && y < r->y + r->h)
			return i;
	}
	return SLOT_NONE;
}
