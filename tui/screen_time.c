/*
 * screen_time: what is looked at in time: the window and its edges, a stretch
 * that was marked, a time that was typed, and the minute around a record.
 */
#include "config.h"

#include "tui/screen_internal.h"

#include "core/alloc.h"
#include "core/timestamp.h"
#include "core/units.h"

#include <stdlib.h>

#define MINUTE (60 * NSEC)

/* ---- the window ---- */

static int
zoom(struct screen *s, int direction)
{
	int64_t before = s->lens.window;

	lens_zoom(&s->lens, direction);
	if (s->lens.window == before)
		return screen_say(s, direction > 0 ? "30 days is the longest window"
						   : "a minute is the shortest window");
	return EFFECT_UPDATE;
}

static int do_time_in(struct screen *s) { return zoom(s, -1); }
static int do_time_out(struct screen *s) { return zoom(s, 1); }

static int
shift(struct screen *s, int direction)
{
	int64_t before = s->lens.edge;

	lens_shift(&s->lens, direction);
	if (s->lens.edge == before)
		return screen_say(s, direction > 0 ? "this is the newest" : "there is nothing before");
	return EFFECT_UPDATE;
}

static int do_window_earlier(struct screen *s) { return shift(s, -1); }
static int do_window_later(struct screen *s) { return shift(s, 1); }

static void
hold(struct screen *s, bool on)
{
	struct pane *log = screen_log(s);

	if (on == s->lens.paused)
		return;
	lens_pause(&s->lens, on);
	if (on) {
		s->held_following = pane_log_follows(log);
		pane_log_go(log, pane_log_place(log));
	} else if (s->held_following) {
		pane_log_follow(log);
	}
}

static int
do_pause(struct screen *s)
{
	hold(s, !s->lens.paused);
	return EFFECT_UPDATE;
}

static int
do_now(struct screen *s)
{
	hold(s, false);
	s->lens.edge = TIME_NONE;
	pane_log_follow(screen_log(s));
	return EFFECT_UPDATE;
}

int
screen_window(struct screen *s, const char *arg)
{
	int64_t ns;

	if (!units_parse_duration(span_str(arg), &ns) || ns < MINUTE || ns > 366 * 86400 * NSEC) {
		screen_message(s, true, "window: a length from a minute to a year is expected, such as "
			       "15m, 6h or 7d");
		return EFFECT_REDRAW;
	}
	s->lens.window = ns;
	return EFFECT_UPDATE;
}

/* ---- a stretch ---- */

static int
do_select(struct screen *s)
{
	return screen_say(s, "a stretch of time is marked in the timeline (1 goes there)");
}

/* A stretch becomes the window, too: Esc takes back both. */
int
screen_narrow_to_time(struct screen *s)
{
	struct pane *p = s->pane[SLOT_TIMELINE];
	struct target t;
	size_t steps = s->lens.n_steps;

	target_init(&t);
	bool marked = pane_timeline_marks(p) && p->ops->target(p, &t);
	int effects = screen_narrow_to_target(s, false);

	if (marked && s->lens.n_steps > steps) {
		s->lens.window = t.to - t.from > MINUTE ? t.to - t.from : MINUTE;
		s->lens.edge = t.to;
		pane_timeline_go(p, TIME_NONE);
	}
	target_release(&t);
	return effects;
}

/* ---- a time ---- */

int
screen_goto(struct screen *s, const char *arg)
{
	char text[32];
	int64_t t;

	/* "10:30" is the one before the end of what is looked at, which may be an old log. */
	if (!timestamp_human(span_str(arg), s->lens.frame.to, &t)) {
		screen_message(s, true, "goto: a time is expected, such as 10:30, 2025-09-09T10:30, yesterday or -2h");
		return EFFECT_REDRAW;
	}
	pane_log_go(screen_log(s), (struct place){ .time = t });
	pane_timeline_go(s->pane[SLOT_TIMELINE], t);
	if (t < s->lens.frame.from || t >= s->lens.frame.to)
		s->lens.edge = t + s->lens.window / 2;
	if (s->focus != SLOT_TIMELINE)
		screen_focus(s, SLOT_LOG);
	screen_message(s, false, "%s", clock_format(t, CLOCK_DATE_MINUTE, text, sizeof text));
	return EFFECT_UPDATE;
}

/* ---- around a record ---- */

/* To the second, as it is read in the zone that times are shown in; in full where that says another. */
static void
add_second(struct strbuf *out, const char *test, int64_t t)
{
	char text[40];
	int64_t back;

	clock_format(t, CLOCK_FULL, text, sizeof text);
	*strchr(text, ' ') = 'T';
	*strrchr(text, '.') = '\0';
	if (!timestamp_human(span_str(text), t, &back) || back != t)
		clock_format(t, CLOCK_ISO, text, sizeof text);
	strbuf_addf(out, "%s%s", test, text);
}

/* All that was within `ns` of a record, whatever the filters, as a step: Esc brings the filters back. */
static int
look_around(struct screen *s, const struct view_row *row, int64_t ns)
{
	struct log_stance stance = pane_log_stance(screen_log(s));
	struct strbuf query = STRBUF_INIT;
	int64_t from = row->time - ns, to = row->time + ns;
	struct err err;
	char at[32];

	char *label = xasprintf("around %s", clock_format(row->time, CLOCK_TIME, at, sizeof at));

	add_second(&query, "time>=", from - from % NSEC);
	add_second(&query, " time<=", to % NSEC ? to - to % NSEC + NSEC : to);
	lens_step(&s->lens, label, &stance, s->focus);
	lens_mute(&s->lens);
	lens_filter(&s->lens, query.p, &err);
	s->lens.window = 2 * ns > MINUTE ? 2 * ns : MINUTE;
	s->lens.edge = row->time + s->lens.window / 2;
	pane_log_go(screen_log(s), row->place);
	pane_timeline_go(s->pane[SLOT_TIMELINE], row->time);
	screen_focus(s, SLOT_LOG);
	strbuf_release(&query);
	free(label);
	return EFFECT_UPDATE;
}

int
screen_around(struct screen *s, const char *arg)
{
	struct view_row row;
	int64_t ns;

	if (!units_parse_duration(span_str(arg), &ns) || ns < NSEC || ns > 86400 * NSEC) {
		screen_message(s, true, "around: a length from a second to a day is expected, such as 30s, 1m or 1h");
		return EFFECT_REDRAW;
	}
	if (!pane_log_current(screen_log(s), &row) || row.time == TIME_NONE)
		return screen_say(s, "no record is under the cursor");
	return look_around(s, &row, ns);
}

static int do_around(struct screen *s) { return screen_around(s, "1m"); }

screen_handler *const screen_time_handlers[CMD_COUNT] = {
	[CMD_TIME_IN] = do_time_in,
	[CMD_TIME_OUT] = do_time_out,
	[CMD_WINDOW_EARLIER] = do_window_earlier,
	[CMD_WINDOW_LATER] = do_window_later,
	[CMD_SELECT] = do_select,
	[CMD_AROUND] = do_around,
	[CMD_NOW] = do_now,
	[CMD_PAUSE] = do_pause,
};
