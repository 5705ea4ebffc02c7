/*
 * pane_levels: how many records of each level the window has, worst first.
 *
 * The levels that every service has always stand at the same place; TRACE and
 * records without a level have a row when there are any.
 */
#include "config.h"

#include "tui/pane_levels.h"

#include "core/alloc.h"
#include "core/units.h"
#include "core/utf8.h"
#include "tui/chart.h"
#include "tui/pane_draw.h"

#include <ctype.h>
#include <stdio.h>

enum { MARGIN = 1, NAME = 8, COUNT = 7, PERCENT = 6, BAR_MIN = 3 };

static const struct {
	enum level level;
	const char *name;
	bool always;
} rows[] = {
	{ LEVEL_CRITICAL, "CRITICAL", true }, { LEVEL_ERROR, "ERROR", true }, { LEVEL_WARNING, "WARNING", true },
	{ LEVEL_INFO, "INFO", true },         { LEVEL_DEBUG, "DEBUG", true }, { LEVEL_TRACE, "TRACE", false },
	{ LEVEL_NONE, "no level", false },
};

/* The index in rows[] of the i-th row that is shown; -1 beyond the last. */
static int
shown_row(const struct view_levels *v, int i)
{
	for (size_t r = 0; r < ARRAY_SIZE(rows); r++)
		if ((rows[r].always || v->count[rows[r].level]) && i-- == 0)
			return (int)r;
	return -1;
}

static int
shown_rows(const struct view_levels *v)
{
	int n = 0;

	while (shown_row(v, n) >= 0)
		n++;
	return n;
}

static void
levels_init(struct pane *p)
{
	((struct levels_pane *)p)->nav.cursor = -1;
}

static void
levels_update(struct pane *p, int w, int h)
{
	struct levels_pane *l = (struct levels_pane *)p;

	(void)w;
	view_levels(p->lens->engine, &p->lens->frame, &l->view);
	listnav_set(&l->nav, shown_rows(&l->view), h - 1);
	if (p->focused && l->nav.cursor < 0)
		listnav_go(&l->nav, 0);
}

static const char *
percent_text(uint64_t count, uint64_t total, char *buf, size_t size)
{
	double percent = total ? 100.0 * (double)count / (double)total : 0;

	if (!count)
		snprintf(buf, size, "-");
	else if (percent < 0.05)
		snprintf(buf, size, "<0.1%%");
	else
		snprintf(buf, size, "%.1f%%", percent);
	return buf;
}

static const char *
count_text(uint64_t count, char *buf)
{
	return count < 1000000 ? units_thousands(count, buf) : units_count(count, buf);
}

static const char *
level_glyph(const struct canvas *c, enum level level)
{
	return c->grid->ascii ? level_info[level].ascii : level_info[level].glyph;
}

static void
draw_level(const struct levels_pane *l, struct canvas *c, int y, int row)
{
	enum level level = rows[row].level;
	uint64_t count = l->view.count[level];
	/* What is normal must not outshine what is not: only warnings and worse have a bar in colour. */
	enum role role = count ? role_of_level(level) : ROLE_DIM;
	enum role bar_role = level >= LEVEL_WARNING ? role : ROLE_DIM;
	char text[32];
	int x = MARGIN, end = c->w - MARGIN;

	/* The name gives way, not the number. */
	int name = end - x - 2 - 1 - COUNT;

	name = name > NAME ? NAME : name < 0 ? 0 : name;
	canvas_printf(c, x, y, role, "%s", level_glyph(c, level));
	canvas_text(c, x + 2, y, name, role, span_str(rows[row].name));
	x += 2 + name + 1 + COUNT;
	canvas_right(c, x, y, count ? level >= LEVEL_WARNING ? role : ROLE_NORMAL : ROLE_DIM, count_text(count, text));
	x += 2;
	if (end - x >= PERCENT) {
		canvas_right(c, end, y, ROLE_DIM, percent_text(count, l->view.total, text, sizeof text));
		end -= PERCENT + 1;
	}
	if (end - x >= BAR_MIN)
		chart_hbar(c, x, y, end - x, (double)count, (double)l->view.total, bar_role);
}

static void
levels_draw(struct pane *p, struct canvas *c)
{
	const struct levels_pane *l = (const struct levels_pane *)p;
	char figure[32];
	struct canvas body = canvas_frame(c, l->view.filtered ? "Levels, filtered" : "Levels",
					  units_thousands(l->view.total, figure), p->focused);

	if (!l->view.total) {
		pane_say(&body, "No records in this window");
		return;
	}
	for (int y = 0; y < body.h; y++) {
		int row = shown_row(&l->view, l->nav.top + y);

		if (row < 0)
			break;
		draw_level(l, &body, y, row);
		if (p->focused && l->nav.top + y == l->nav.cursor)
			canvas_cursor(&body, 0, y, body.w);
	}
}

/* Which levels the strip has, and in which order it gives them up. */
static const enum level strip_levels[] = { LEVEL_CRITICAL, LEVEL_ERROR, LEVEL_WARNING, LEVEL_INFO };

static int
strip_item(const struct levels_pane *l, struct canvas *c, enum level level, char *buf, size_t size)
{
	char count[32];

	snprintf(buf, size, "%s %s", level_glyph(c, level), count_text(l->view.count[level], count));
	return (int)text_width(span_str(buf));
}

void
pane_levels_strip(const struct pane *p, struct canvas *c, int x, int y, int w)
{
	const struct levels_pane *l = (const struct levels_pane *)p;
	char text[48];
	int n = 0, used = 0;

	for (; n < (int)ARRAY_SIZE(strip_levels); n++) {
		int width = strip_item(l, c, strip_levels[n], text, sizeof text) + 2;

		if (used + width > w)
			break;
		used += width;
	}
	if (!n)
		return;
	x += w - used;
	canvas_text(c, x, y, used, ROLE_BORDER, SPAN_LIT(" "));
	for (int i = 0, at = x + 1; i < n; i++) {
		bool any = l->view.count[strip_levels[i]];

		strip_item(l, c, strip_levels[i], text, sizeof text);
		at += canvas_text(c, at, y, -1, any ? role_of_level(strip_levels[i]) : ROLE_DIM, span_str(text));
		at += canvas_text(c, at, y, i < n - 1 ? 2 : 1, ROLE_BORDER, i < n - 1 ? SPAN_LIT("  ") : SPAN_LIT(" "));
	}
}

static int
levels_command(struct pane *p, enum command c)
{
	return listnav_command(&((struct levels_pane *)p)->nav, c) ? EFFECT_REDRAW : -1;
}

static bool
levels_target(struct pane *p, struct target *out)
{
	const struct levels_pane *l = (const struct levels_pane *)p;
	int row = l->nav.cursor < 0 ? -1 : shown_row(&l->view, l->nav.cursor);

	if (row < 0)
		return false;
	strbuf_str(&out->query, "level=");
	for (const char *s = level_info[rows[row].level].name; *s; s++)
		strbuf_char(&out->query, (char)tolower((unsigned char)*s));
	strbuf_str(&out->label, rows[row].name);
	return true;
}

static int
levels_click(struct pane *p, int x, int y, bool twice)
{
	struct levels_pane *l = (struct levels_pane *)p;

	(void)x;
	(void)twice;
	if (y < 1 || l->nav.top + y - 1 >= l->nav.n)
		return -1;
	listnav_go(&l->nav, l->nav.top + y - 1);
	return EFFECT_REDRAW;
}

static const enum command levels_hints[] = { CMD_UP, CMD_DOWN, CMD_OPEN, CMD_LEVEL_DOWN, CMD_LEVEL_UP, CMD_NONE };

const struct pane_ops pane_levels = {
	.name = "levels",
	.size = sizeof(struct levels_pane),
	.init = levels_init,
	.update = levels_update,
	.draw = levels_draw,
	.command = levels_command,
	.target = levels_target,
	.click = levels_click,
	.hints = levels_hints,
};
