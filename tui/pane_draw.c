/*
 * pane_draw: the look of frames, empty panes and short times.
 */
#include "config.h"

#include "tui/pane_draw.h"

#include "core/utf8.h"
#include "tui/wrap.h"

#include <stdio.h>

struct canvas
pane_frame(struct canvas *c, const char *title, const char *figure, bool focus,
	   enum role figure_role)
{
	struct canvas body = canvas_frame(c, title, figure, focus);

	/* Where the figure went, and whether it found room, is the frame's business: it is the bright part. */
	for (int x = 0; x < c->w && c->h > 0; x++) {
		struct cell *cell = &c->grid->cells[(size_t)c->y * (size_t)c->grid->w + (size_t)(c->x + x)];

		if (cell->role == ROLE_BRIGHT)
			cell->role = (uint8_t)figure_role;
	}
	return body;
}

void
pane_say(struct canvas *c, const char *text)
{
	int w = c->w - 4 > 0 ? c->w - 4 : c->w, lines = wrap_lines(span_str(text), w > 0 ? w : 1, 8);
	int y = lines < c->h ? (c->h - lines) / 2 : 0;
	struct span rest = span_str(text), line;

	for (; wrap_next(&rest, w > 0 ? w : 1, &line) && y < c->h; y++) {
		int width = (int)text_width(line);

		canvas_text(c, width < c->w ? (c->w - width) / 2 : 0, y, -1, ROLE_DIM, line);
	}
}

static bool
is_midnight(int64_t t)
{
	struct civil c;

	clock_civil(t, &c);
	return !c.hour && !c.minute && !c.second;
}

const char *
pane_time_label(int64_t t, int64_t step, char *buf, size_t n)
{
	struct civil c;

	if (step >= 60 * NSEC && !is_midnight(t) && step < 86400 * NSEC)
		return clock_format(t, CLOCK_MINUTE, buf, n);
	if (step < 60 * NSEC)
		return clock_format(t, CLOCK_TIME, buf, n);
	clock_civil(t, &c);
	snprintf(buf, n, "%02d-%02d", c.month, c.day);
	return buf;
}
