/*
 * screen_commands: what the commands do that no pane takes for itself, as a
 * table from command to handler. A handler changes state and says what must
 * follow, or leaves a message that says why it could not. Those that narrow
 * are in screen_narrow.c.
 */
#include "config.h"

#include "tui/screen_internal.h"

#include "core/alloc.h"
#include "core/mask.h"
#include "core/units.h"

#include <stdio.h>
#include <stdlib.h>

/* ---- opening and going back ---- */

static int
close_detail(struct screen *s)
{
	s->wish.detail = false;
	if (s->wish.zoomed == SLOT_DETAIL)
		s->wish.zoomed = SLOT_NONE;
	if (s->focus == SLOT_DETAIL)
		screen_focus(s, SLOT_LOG);
	return EFFECT_RELAYOUT;
}

static int
open_detail(struct screen *s)
{
	struct view_row row;

	if (!pane_log_current(screen_log(s), &row))
		return screen_say(s, "no record is under the cursor");
	/* Beside the log it goes along with the cursor, which must not run away with the newest. */
	pane_log_go(screen_log(s), row.place);
	pane_detail_show(s->pane[SLOT_DETAIL], row.id);
	pane_detail_explain(s->pane[SLOT_DETAIL], false);
	s->detail_of = row.id;
	s->wish.detail = true;
	screen_layout(s);
	if (!s->layout.detail_beside || !s->layout.rect[SLOT_LOG].w)
		screen_focus(s, SLOT_DETAIL);
	return EFFECT_RELAYOUT;
}

static int
do_open(struct screen *s)
{
	if (s->focus == SLOT_LOG)
		return s->wish.detail ? close_detail(s) : open_detail(s);
	if (s->focus == SLOT_DETAIL)
		return close_detail(s);
	return s->focus == SLOT_TIMELINE ? screen_narrow_to_time(s) : screen_narrow_to_target(s, false);
}

static int
do_explain(struct screen *s)
{
	int effects = open_detail(s);

	if (s->wish.detail)
		pane_detail_explain(s->pane[SLOT_DETAIL], true);
	return effects;
}

static int
do_back(struct screen *s)
{
	int effects;

	if (screen_find_stop(s))
		return screen_say(s, "the search for the next one was ended");
	if (screen_export_stop(s))
		return screen_say(s, "nothing was written: the file was removed");
	if (s->wish.help) {
		s->wish.help = false;
		return EFFECT_RELAYOUT;
	}
	if (s->wish.detail)
		return close_detail(s);
	if (s->wish.filters && s->focus == SLOT_FILTERS)
		return screen_close_filters(s);
	if ((effects = screen_undo_step(s)) >= 0)
		return effects;
	if (s->wish.zoomed != SLOT_NONE) {
		s->wish.zoomed = SLOT_NONE;
		s->lent = false;
		screen_layout(s);
		screen_focus(s, s->layout.rect[s->focus].w ? s->focus : SLOT_LOG);
		return EFFECT_RELAYOUT;
	}
	if (s->lens.search) {
		lens_search(&s->lens, NULL, NULL);
		return EFFECT_UPDATE;
	}
	return screen_say(s, "nothing to go back to (q quits)");
}

/* ---- panes ---- */

static int
step_focus(struct screen *s, int direction)
{
	int slot = s->focus;

	s->wish.help = false;
	if (s->wish.zoomed != SLOT_NONE && !s->wish.detail) {
		do
			slot = (slot + direction + SLOT_DETAIL) % SLOT_DETAIL;
		while (slot == SLOT_FILTERS && !s->wish.filters);
		screen_focus(s, slot);
		return EFFECT_RELAYOUT;
	}
	do
		slot = (slot + direction + SLOT_HELP) % SLOT_HELP;
	while (!s->layout.rect[slot].w && slot != s->focus);
	if (s->layout.rect[slot].w)
		screen_focus(s, slot);
	return EFFECT_RELAYOUT;
}

static int do_pane_next(struct screen *s) { return step_focus(s, 1); }
static int do_pane_previous(struct screen *s) { return step_focus(s, -1); }

/* A detail over the panes goes, or it would hide the one that was asked for. */
static int
go_to(struct screen *s, int slot)
{
	s->wish.help = false;
	if (s->wish.detail && !s->layout.detail_beside)
		s->wish.detail = false;
	screen_focus(s, slot);
	return EFFECT_RELAYOUT;
}

static int do_pane_1(struct screen *s) { return go_to(s, SLOT_TIMELINE); }
static int do_pane_2(struct screen *s) { return go_to(s, SLOT_LEVELS); }
static int do_pane_3(struct screen *s) { return go_to(s, SLOT_REQUESTS); }
static int do_pane_4(struct screen *s) { return go_to(s, SLOT_LOG); }
static int do_sources(struct screen *s) { return go_to(s, SLOT_SOURCES); }

static int
do_zoom_pane(struct screen *s)
{
	bool zoomed = s->wish.zoomed != SLOT_NONE;

	if (s->wish.help)
		return screen_say(s, "help has the full screen already");
	s->wish.zoomed = zoomed ? SLOT_NONE : s->focus;
	s->lent = false;
	screen_layout(s);
	if (!s->layout.rect[s->focus].w)
		screen_focus(s, SLOT_LOG);
	return EFFECT_RELAYOUT;
}

static int
do_help(struct screen *s)
{
	s->wish.help = !s->wish.help;
	return EFFECT_RELAYOUT;
}

static int
no_sort(struct screen *s)
{
	return screen_say(s, "only the requests and the sources can be sorted (3 and 5 go there)");
}

static int
no_wrap(struct screen *s)
{
	return screen_say(s, "only the log and a record wrap their lines (4 goes to the log)");
}

/* ---- marks, and what is typed ---- */

static int
do_mark(struct screen *s)
{
	struct marks *marks = &s->lens.marks;
	struct view_row row;

	if ((s->focus != SLOT_LOG && s->focus != SLOT_DETAIL) || !pane_log_current(screen_log(s), &row))
		return screen_say(s, "only a record can be marked (4 goes to the log)");
	bool marked = marks_toggle(marks, row.place);

	screen_message(s, false, "%s, %zu in all", marked ? "marked" : "no longer marked", marks->n);
	return EFFECT_REDRAW;
}

static int
do_next_mark(struct screen *s)
{
	const struct marks *marks = &s->lens.marks;
	size_t i = marks_after(marks, pane_log_place(screen_log(s)));

	if (i == SIZE_MAX)
		return screen_say(s, "no record is marked");
	pane_log_go(screen_log(s), marks->v[i]);
	if (s->focus != SLOT_LOG && s->focus != SLOT_DETAIL)
		screen_focus(s, SLOT_LOG);
	screen_message(s, false, "mark %zu of %zu", i + 1, marks->n);
	return screen_went_along(s);
}

static int do_filter(struct screen *s) { return screen_ask(s, PROMPT_FILTER, SPAN_LIT("")); }
static int do_command(struct screen *s) { return screen_ask(s, PROMPT_COMMAND, SPAN_LIT("")); }

/* ---- the rest ---- */

int
screen_set_theme(struct screen *s, const char *name)
{
	struct theme theme;
	struct err err;

	if (theme_load(&theme, name, &err)) {
		screen_message(s, true, "%s", err.msg);
		return EFFECT_REDRAW;
	}
	s->o.terminal->theme(&theme);
	snprintf(s->theme, sizeof s->theme, "%s", theme.name);
	screen_message(s, false, "theme: %s%s%s", theme.name, theme.title[0] ? ", " : "", theme.title);
	return EFFECT_REDRAW;
}

static int
do_theme(struct screen *s)
{
	size_t i = 0;

	while (theme_name(i) && strcmp(theme_name(i), s->theme))
		i++;
	const char *next = theme_name(i) ? theme_name(i + 1) : NULL;

	return screen_set_theme(s, next ? next : theme_name(0));
}

static int
do_copy(struct screen *s)
{
	struct strbuf masked = STRBUF_INIT;
	struct view_record r;
	char size[16];

	if (!screen_record(s, &r))
		return screen_say(s, "no record is under the cursor");
	bool hidden = engine_masks(s->engine) && mask_text(r.raw, &masked);
	struct span text = hidden ? strbuf_span(&masked) : r.raw;

	s->o.terminal->copy(text);
	screen_message(s, false, "copied %s bytes to the terminal's clipboard%s", units_size(text.n, size),
		       hidden ? ", secrets masked" : "");
	strbuf_release(&masked);
	view_record_release(&r);
	return EFFECT_REDRAW;
}

static int
do_redraw(struct screen *s)
{
	s->o.terminal->redraw();
	return EFFECT_UPDATE;
}

static int
do_suspend(struct screen *s)
{
	s->o.terminal->suspend();
	return EFFECT_UPDATE;
}

static int
do_quit(struct screen *s)
{
	(void)s;
	return EFFECT_QUIT;
}

static screen_handler *const handlers[CMD_COUNT] = {
	[CMD_OPEN] = do_open,
	[CMD_BACK] = do_back,
	[CMD_PANE_NEXT] = do_pane_next,
	[CMD_PANE_PREVIOUS] = do_pane_previous,
	[CMD_PANE_1] = do_pane_1,
	[CMD_PANE_2] = do_pane_2,
	[CMD_PANE_3] = do_pane_3,
	[CMD_PANE_4] = do_pane_4,
	[CMD_SOURCES] = do_sources,
	[CMD_ZOOM_PANE] = do_zoom_pane,
	[CMD_SORT] = no_sort,
	[CMD_SORT_REVERSE] = no_sort,
	[CMD_MARK] = do_mark,
	[CMD_NEXT_MARK] = do_next_mark,
	[CMD_FILTER] = do_filter,
	[CMD_WRAP] = no_wrap,
	[CMD_EXPLAIN] = do_explain,
	[CMD_THEME] = do_theme,
	[CMD_COPY] = do_copy,
	[CMD_COMMAND] = do_command,
	[CMD_HELP] = do_help,
	[CMD_REDRAW] = do_redraw,
	[CMD_SUSPEND] = do_suspend,
	[CMD_QUIT] = do_quit,
};

int
screen_common_command(struct screen *s, enum command c)
{
	screen_handler *const *const tables[] = {
		handlers, screen_narrow_handlers, screen_sources_handlers, screen_export_handlers,
		screen_filters_handlers, screen_search_handlers, screen_time_handlers,
	};

	for (size_t i = 0; i < ARRAY_SIZE(tables); i++)
		if (tables[i][c])
			return tables[i][c](s);
	return EFFECT_NONE;
}
