/*
 * screen_narrow: every way to look at fewer records, and back.
 *
 * Whatever narrows becomes one filter and one step with a name, so that Esc
 * takes it back and the last row can say where one is.
 */
#include "config.h"

#include "tui/screen_internal.h"

#include "core/alloc.h"
#include "core/timestamp.h"

#include <stdlib.h>

int
screen_say(struct screen *s, const char *text)
{
	screen_message(s, false, "%s", text);
	return EFFECT_REDRAW;
}

int
screen_narrow_from(struct screen *s, const char *query, const char *label, int focus)
{
	struct pane *log = screen_log(s);
	struct err err;
	struct step step;

	for (size_t i = 0; i < s->lens.n_filters; i++)
		if (!strcmp(s->lens.filters[i].query, query))
			return screen_say(s, "only that is shown already");
	struct log_stance stance = pane_log_stance(log);

	lens_step(&s->lens, label, &stance, s->focus);
	if (lens_filter(&s->lens, query, &err)) {
		screen_message(s, true, "%s", err.msg);
		if (lens_back(&s->lens, &step))
			free(step.label);
		return EFFECT_REDRAW;
	}
	screen_focus(s, focus);
	return EFFECT_UPDATE;
}

int
screen_narrow(struct screen *s, const char *query, const char *label)
{
	return screen_narrow_from(s, query, label, SLOT_LOG);
}

/* As short as reads back as the same: "2025-09-09T10:42", with more where that is not enough. */
static void
add_time(struct strbuf *out, const char *test, int64_t t)
{
	char text[40];
	int64_t back;

	clock_format(t, CLOCK_DATE_MINUTE, text, sizeof text);
	*strchr(text, ' ') = 'T';
	if (!timestamp_human(span_str(text), t, &back) || back != t)
		clock_format(t, CLOCK_ISO, text, sizeof text);
	strbuf_addf(out, "%s%s ", test, text);
}

/* All that a target says, as one query. */
static void
target_query(const struct target *t, struct strbuf *out)
{
	if (t->from != TIME_NONE)
		add_time(out, "time>=", t->from);
	if (t->to != TIME_NONE)
		add_time(out, "time<", t->to);
	strbuf_add(out, strbuf_span(&t->query));
	while (out->n && out->p[out->n - 1] == ' ')
		out->p[--out->n] = '\0';
}

int
screen_narrow_to_target(struct screen *s, bool exclude)
{
	struct pane *p = s->pane[s->focus];
	struct strbuf query = STRBUF_INIT, text = STRBUF_INIT;
	struct target t;
	int effects;

	target_init(&t);
	if (p->ops->target && p->ops->target(p, &t))
		target_query(&t, &query);
	if (query.n) {
		strbuf_addf(&text, exclude ? "NOT (%s )" : "%s", query.p);
		char *label = xasprintf("%s%s", exclude ? "not " : "", t.label.p ? t.label.p : query.p);

		effects = screen_narrow(s, text.p, label);
		free(label);
	} else {
		effects = screen_say(s, "nothing is under the cursor: move it with the arrows first");
	}
	target_release(&t);
	strbuf_release(&query);
	strbuf_release(&text);
	return effects;
}

int
screen_undo_step(struct screen *s)
{
	struct step step;

	if (!lens_back(&s->lens, &step))
		return -1;
	pane_log_restore(screen_log(s), &step.log);
	screen_focus(s, step.focus);
	free(step.label);
	return EFFECT_RELAYOUT;
}

bool
screen_record(struct screen *s, struct view_record *out)
{
	struct view_row row;

	return pane_log_current(screen_log(s), &row) && view_record_as_is(s->engine, row.id, out);
}

static int
choose_likeness(struct screen *s, bool exclude)
{
	struct view_record r;

	if (s->focus == SLOT_SOURCES)
		return screen_toggle_source(s, exclude);
	if (s->focus != SLOT_LOG && s->focus != SLOT_DETAIL)
		return screen_narrow_to_target(s, exclude);
	if (!screen_record(s, &r))
		return screen_say(s, "no record is under the cursor");
	menu_open(&s->menu, &r, exclude);
	view_record_release(&r);
	return EFFECT_REDRAW;
}

int
screen_menu_key(struct screen *s, uint32_t key)
{
	const struct menu_item *item = menu_take(&s->menu, key);

	if (!item)
		return EFFECT_REDRAW;
	if (!item->query.n)
		return screen_ask(s, PROMPT_FILTER, s->menu.exclude ? SPAN_LIT("-") : SPAN_LIT(""));
	return screen_narrow(s, item->query.p, item->label.p);
}

static int do_keep(struct screen *s) { return choose_likeness(s, false); }
static int do_exclude(struct screen *s) { return choose_likeness(s, true); }

static int
do_trace(struct screen *s)
{
	static const enum field ids[] = { FIELD_REQUEST_ID, FIELD_TASK_ID };
	struct strbuf query = STRBUF_INIT;
	struct view_record r;
	int effects = -1;

	if (!screen_record(s, &r))
		return screen_say(s, "no record is under the cursor");
	for (size_t i = 0; i < ARRAY_SIZE(ids) && effects < 0; i++)
		for (size_t f = 0; f < r.n && effects < 0; f++) {
			if (r.fields[f].id != ids[i] || !r.fields[f].value.n)
				continue;
			char *label = xasprintf("request %.*s", SPAN_FMT(span_head(r.fields[f].value, 12)));

			strbuf_addf(&query, "%s=", field_info[ids[i]].name);
			query_quote(&query, r.fields[f].value);
			effects = screen_narrow(s, query.p, label);
			free(label);
		}
	view_record_release(&r);
	strbuf_release(&query);
	return effects < 0 ? screen_say(s, "this record has no request id") : effects;
}

static int
do_filter_pop(struct screen *s)
{
	return lens_filter_pop(&s->lens) ? EFFECT_UPDATE : screen_say(s, "there is no filter");
}

static int
do_filter_clear(struct screen *s)
{
	bool any = s->lens.n_filters || s->lens.min_level != LEVEL_NONE;

	lens_filter_clear(&s->lens);
	return any ? EFFECT_UPDATE : screen_say(s, "there is no filter");
}

static int
change_level(struct screen *s, int direction)
{
	enum level before = s->lens.min_level;

	lens_min_level(&s->lens, direction);
	if (s->lens.min_level == LEVEL_NONE)
		screen_say(s, before == LEVEL_NONE ? "all levels are shown already" : "all levels");
	else
		screen_message(s, false, "%s and worse%s", level_info[s->lens.min_level].name,
			       before == s->lens.min_level ? ": there is no higher level" : "");
	return EFFECT_UPDATE;
}

static int do_level_down(struct screen *s) { return change_level(s, -1); }
static int do_level_up(struct screen *s) { return change_level(s, 1); }

screen_handler *const screen_narrow_handlers[CMD_COUNT] = {
	[CMD_EXCLUDE] = do_exclude,
	[CMD_KEEP] = do_keep,
	[CMD_TRACE] = do_trace,
	[CMD_FILTER_POP] = do_filter_pop,
	[CMD_FILTER_CLEAR] = do_filter_clear,
	[CMD_LEVEL_DOWN] = do_level_down,
	[CMD_LEVEL_UP] = do_level_up,
};
