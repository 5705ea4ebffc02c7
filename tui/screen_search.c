/*
 * screen_search: finding, and going from one find to the next.
 *
 * A search is in force while it is typed, so that hits are marked and counted,
 * but the view stays where it is until Enter.
 *
 * A walk to the next find has one leg or two: the second goes on from the other
 * end, or the other way. It looks for as long as a frame may take when the key
 * is pressed, and goes on in the rounds after that (screen_find_work), until a
 * command is given. What was looked at stays known to the selection, so a walk
 * remembers no more than where it began.
 */
#include "config.h"

#include "tui/screen_internal.h"

#include "core/alloc.h"

#include <stdio.h>

#define FIRST_STEP_NS (8 * (NSEC / 1000))

/* ---- a walk ---- */

/* The log's cursor was put elsewhere: a detail that hides the log goes along. */
int
screen_went_along(struct screen *s)
{
	struct view_row row;

	if (s->wish.detail && !s->layout.detail_beside) {
		screen_log(s)->ops->update(screen_log(s), s->w, s->h);
		if (pane_log_current(screen_log(s), &row))
			pane_detail_show(s->pane[SLOT_DETAIL], s->detail_of = row.id);
	}
	return screen_ask_again(s, SLOT_LOG);
}

static void
land(struct screen *s, struct place at)
{
	const struct walk *w = &s->walk;
	bool only = place_cmp(at, pane_log_place(screen_log(s))) == 0;

	if (w->leg && w->round)
		screen_message(s, false, only ? "this is the only hit" : "no %s hit: this is the %s",
			       w->legs[1].direction > 0 ? "later" : "earlier", w->legs[1].direction > 0 ? "first" : "last");
	pane_log_go(screen_log(s), at);
	if (s->focus != SLOT_LOG && s->focus != SLOT_DETAIL)
		screen_focus(s, SLOT_LOG);
	screen_went_along(s);
	if (w->what == FIND_HIT)
		pane_detail_seek(s->pane[SLOT_DETAIL], w->legs[w->leg].direction);
}

static void
found_none(struct screen *s)
{
	static const char *const names[] = { [FIND_ERROR] = "error", [FIND_WARNING] = "warning or worse" };
	const struct walk *w = &s->walk;

	if (w->what == FIND_HIT)
		screen_message(s, false, "no hit: nothing that is shown is like %s", s->lens.search ? s->lens.search : "");
	else
		screen_message(s, false, "no %s %s", w->legs[0].direction > 0 ? "later" : "earlier", names[w->what]);
}

bool
screen_find_work(struct screen *s, int64_t deadline)
{
	struct walk *w = &s->walk;
	struct place at;

	if (!w->on)
		return false;
	for (; w->leg < w->n; w->leg++) {
		const struct leg *leg = &w->legs[w->leg];
		enum view_found found = view_find(s->engine, leg->from, w->what, leg->direction, deadline, &at);

		if (found == FOUND_LATER) {
			screen_say(s, "searching... (Esc ends it)");
			return true;
		}
		if (found == FOUND) {
			w->on = false;
			s->message[0] = '\0';
			land(s, at);
			return true;
		}
	}
	w->on = false;
	found_none(s);
	return true;
}

bool
screen_find_stop(struct screen *s)
{
	bool on = s->walk.on;

	s->walk.on = false;
	return on;
}

static int
start(struct screen *s, const struct walk *w)
{
	s->walk = *w;
	s->walk.on = true;
	screen_find_work(s, clock_mono() + FIRST_STEP_NS);
	return EFFECT_REDRAW;
}

/* To the next hit, and round the end. */
static int
next_hit(struct screen *s, int direction)
{
	struct place end = direction > 0 ? PLACE_FIRST : PLACE_LAST;

	if (!s->lens.search)
		return screen_say(s, "nothing was searched for: / searches");
	return start(s, &(struct walk){
		.what = FIND_HIT, .n = 2, .round = true,
		.legs = { { pane_log_place(screen_log(s)), direction }, { end, direction } },
	});
}

static int
next_level(struct screen *s, enum view_find what, int direction)
{
	return start(s, &(struct walk){
		.what = what, .n = 1, .legs = { { pane_log_place(screen_log(s)), direction } },
	});
}

/* To the nearest hit at or before a place, or else after it. */
static int
nearest_hit(struct screen *s, struct place at)
{
	return start(s, &(struct walk){ .what = FIND_HIT, .n = 2, .legs = { { at, -1 }, { at, 1 } } });
}

static int do_search_next(struct screen *s) { return next_hit(s, 1); }
static int do_search_previous(struct screen *s) { return next_hit(s, -1); }
static int do_next_error(struct screen *s) { return next_level(s, FIND_ERROR, 1); }
static int do_previous_error(struct screen *s) { return next_level(s, FIND_ERROR, -1); }
static int do_next_warning(struct screen *s) { return next_level(s, FIND_WARNING, 1); }
static int do_previous_warning(struct screen *s) { return next_level(s, FIND_WARNING, -1); }

/* ---- what is typed ---- */

static int do_search(struct screen *s) { return screen_ask(s, PROMPT_SEARCH, SPAN_LIT("")); }

/* Hits are marked in the log, in the record beside it, and over time. */
static int
show_hits(struct screen *s)
{
	screen_ask_again(s, SLOT_TIMELINE);
	return screen_ask_again(s, SLOT_LOG);
}

int
screen_search_typed(struct screen *s, const char *text)
{
	lens_search(&s->lens, text, NULL);
	return show_hits(s);
}

int
screen_search_left(struct screen *s)
{
	lens_search(&s->lens, s->search_before, NULL);
	return show_hits(s);
}

int
screen_search_done(struct screen *s, const char *text)
{
	struct pane *log = screen_log(s);
	struct place at = pane_log_place(log);

	if (!*text)
		return EFFECT_UPDATE;
	at.pos++; /* the record under the cursor may be it */
	return nearest_hit(s, pane_log_follows(log) ? PLACE_LAST : at) | EFFECT_UPDATE;
}

/* ":search QUERY": to the newest hit. */
int
screen_search_verb(struct screen *s, const char *query)
{
	struct err err;

	if (!lens_search(&s->lens, query, &err))
		return nearest_hit(s, PLACE_LAST) | EFFECT_UPDATE;
	screen_message(s, true, "%s", err.msg);
	return EFFECT_UPDATE;
}

screen_handler *const screen_search_handlers[CMD_COUNT] = {
	[CMD_SEARCH] = do_search,
	[CMD_SEARCH_NEXT] = do_search_next,
	[CMD_SEARCH_PREVIOUS] = do_search_previous,
	[CMD_NEXT_ERROR] = do_next_error,
	[CMD_PREVIOUS_ERROR] = do_previous_error,
	[CMD_NEXT_WARNING] = do_next_warning,
	[CMD_PREVIOUS_WARNING] = do_previous_warning,
};
