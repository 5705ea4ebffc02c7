/*
 * screen_sources: what can be done to a source: hidden, shown alone, closed,
 * followed again, added.
 *
 * Hidden and alone are filters like any other: the title of the log names
 * them, Esc and Backspace take them away, and so does the key again.
 */
#include "config.h"

#include "tui/screen_internal.h"

#include "core/alloc.h"
#include "tui/pane_sources.h"

#include <stdio.h>
#include <stdlib.h>

/* Only one can be alone. */
static void
drop_alone(struct lens *l)
{
	for (size_t i = l->n_filters; i-- > 0;)
		if (source_filter_is_alone(l->filters[i].query))
			lens_filter_drop(l, i);
}

int
screen_toggle_source(struct screen *s, bool hide)
{
	const struct view_source *v = pane_sources_current(s->pane[SLOT_SOURCES]);
	struct strbuf query = STRBUF_INIT;
	int effects = EFFECT_UPDATE;

	if (!v)
		return screen_say(s, "no source is under the cursor");
	source_filter(&query, v->name, hide);
	size_t at = lens_filter_find(&s->lens, query.p);

	if (at != SIZE_MAX) {
		lens_filter_drop(&s->lens, at);
		screen_message(s, false, hide ? "%s is shown again" : "%s is not alone any more", v->name);
	} else {
		char *label = xasprintf("%s%s", hide ? "not " : "", v->name);

		if (!hide)
			drop_alone(&s->lens);
		effects = screen_narrow_from(s, query.p, label, SLOT_SOURCES);
		free(label);
	}
	strbuf_release(&query);
	return effects;
}

static int
do_close(struct screen *s)
{
	const struct view_source *v = pane_sources_current(s->pane[SLOT_SOURCES]);
	struct err err;

	if (s->focus != SLOT_SOURCES)
		return screen_say(s, "only a source can be closed (5 goes to them)");
	if (!v)
		return screen_say(s, "no source is under the cursor");
	if (v->closed) {
		engine_follow(s->engine, v->id);
		screen_message(s, false, "%s is followed again, from where it was left", v->name);
	} else if (engine_close(s->engine, v->id, &err)) {
		screen_message(s, true, "%s", err.msg);
	} else {
		screen_message(s, false, "%s is closed: its records stay; the same key follows it again", v->name);
	}
	return EFFECT_UPDATE;
}

static int
do_restart(struct screen *s)
{
	const struct view_source *v = pane_sources_current(s->pane[SLOT_SOURCES]);
	struct err err;

	if (s->focus != SLOT_SOURCES || !v)
		return screen_say(s, "only a command can be run again (5 goes to the sources)");
	if (engine_restart(s->engine, v->id, &err))
		screen_message(s, true, "%s", err.msg);
	else
		screen_message(s, false, "%s runs again", v->name);
	return EFFECT_UPDATE;
}

int
screen_open(struct screen *s, const char *path)
{
	char *full = path_words_home(span_str(path));
	struct view_status before, after;
	struct err err = { 0 };

	view_status(s->engine, s->lens.now, &before);
	if (engine_add(s->engine, full, &err)) {
		screen_message(s, true, "%s", err.msg);
	} else {
		view_status(s->engine, s->lens.now, &after);
		unsigned n = after.sources - before.sources;

		if (after.waiting + after.failed > before.waiting + before.failed)
			screen_message(s, false, "%s: added, but nothing can be read there yet", path);
		else if (n)
			screen_message(s, false, "%s: %u %s added", path, n, n == 1 ? "source" : "sources");
		else
			screen_message(s, false, "%s: nothing new to read", path);
	}
	free(full);
	return EFFECT_UPDATE;
}

screen_handler *const screen_sources_handlers[CMD_COUNT] = {
	[CMD_CLOSE] = do_close,
	[CMD_RESTART] = do_restart,
};
