/*
 * screen_filters: what is done to the filters as a whole and in their list:
 * seen, switched, edited, dropped, left aside for a look at everything.
 */
#include "config.h"

#include "tui/screen_internal.h"

#include "core/alloc.h"
#include "core/saved_filter.h"

#include <stdio.h>
#include <stdlib.h>

int
screen_close_filters(struct screen *s)
{
	s->wish.filters = false;
	if (s->wish.zoomed == SLOT_FILTERS)
		s->wish.zoomed = SLOT_NONE;
	screen_focus(s, SLOT_LOG);
	return EFFECT_RELAYOUT;
}

static int
do_filters(struct screen *s)
{
	s->wish.help = false;
	if (s->focus == SLOT_FILTERS)
		return screen_close_filters(s);
	if (s->wish.detail && !s->layout.detail_beside)
		s->wish.detail = false;
	screen_focus(s, SLOT_FILTERS);
	return EFFECT_RELAYOUT;
}

/* The part under the cursor of the list; false, and said why, when there is none. */
static bool
current(struct screen *s, struct lens_part *part)
{
	bool listed = s->focus == SLOT_FILTERS;

	if (listed && pane_filters_current(s->pane[SLOT_FILTERS], part))
		return true;
	screen_say(s, listed ? "there is no filter" : "only a listed filter is switched, edited or dropped (F lists them)");
	return false;
}

static int
drop_min_level(struct screen *s)
{
	lens_min_level_clear(&s->lens);
	screen_say(s, "all levels (> hides the lowest)");
	return EFFECT_UPDATE;
}

static int
do_toggle(struct screen *s)
{
	struct lens_part part;

	if (!current(s, &part))
		return EFFECT_REDRAW;
	if (part.filter == SIZE_MAX)
		return drop_min_level(s);
	lens_filter_toggle(&s->lens, part.filter);
	return EFFECT_UPDATE;
}

static int
do_drop(struct screen *s)
{
	struct lens_part part;

	if (!current(s, &part))
		return EFFECT_REDRAW;
	if (part.filter == SIZE_MAX)
		return drop_min_level(s);
	lens_filter_drop(&s->lens, part.filter);
	return EFFECT_UPDATE;
}

static int
do_edit(struct screen *s)
{
	struct lens_part part;
	int effects;

	if (!current(s, &part))
		return EFFECT_REDRAW;
	if (part.filter == SIZE_MAX)
		return screen_say(s, "the minimum level is changed by < and >");
	effects = screen_ask(s, PROMPT_FILTER, span_str(s->lens.filters[part.filter].query));
	s->editing = part.filter;
	return effects;
}

static int
do_unfiltered(struct screen *s)
{
	if (!lens_parts(&s->lens))
		return screen_say(s, "there is no filter");
	lens_unfiltered(&s->lens, !s->lens.unfiltered);
	screen_say(s, s->lens.unfiltered ? "everything, as if there was no filter; the same key heeds them again"
					 : "filters are heeded again");
	return EFFECT_UPDATE;
}

static int
do_now_on(struct screen *s)
{
	char iso[64], time[32];
	struct view_status st;

	view_status(s->engine, s->lens.now, &st);
	/* A clock that is ahead of ours has written what is there already. */
	int64_t from = st.newest != TIME_NONE && st.newest >= s->lens.now ? st.newest + 1 : s->lens.now;
	char *query = xasprintf("time>=%s", clock_format(from, CLOCK_ISO, iso, sizeof iso));
	char *label = xasprintf("from %s on", clock_format(from, CLOCK_TIME, time, sizeof time));
	int effects = screen_narrow(s, query, label);

	free(query);
	free(label);
	return effects;
}

int
screen_save_filter(struct screen *s, const char *name)
{
	struct strbuf query = STRBUF_INIT;
	struct err err = { 0 };
	const char *path;

	lens_stack_query(&s->lens, &query);
	if (!query.n)
		screen_say(s, "there is no filter to save");
	else if ((path = saved_filter_write(name, query.p, &err)))
		screen_message(s, false, "saved in %s: @%s stands for it in every query", path, name);
	else
		screen_message(s, true, "save-filter: %s", err.msg);
	strbuf_release(&query);
	/* What is shown may speak of the name. */
	lens_unfiltered(&s->lens, s->lens.unfiltered);
	return EFFECT_UPDATE;
}

screen_handler *const screen_filters_handlers[CMD_COUNT] = {
	[CMD_FILTERS] = do_filters,
	[CMD_FILTER_TOGGLE] = do_toggle,
	[CMD_FILTER_EDIT] = do_edit,
	[CMD_FILTER_DROP] = do_drop,
	[CMD_UNFILTERED] = do_unfiltered,
	[CMD_NOW_ON] = do_now_on,
};
