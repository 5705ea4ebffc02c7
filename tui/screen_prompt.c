/*
 * screen_prompt: what is done with what is typed.
 *
 * A search is in force while it is typed, so that hits are marked and counted,
 * but the view stays where it is until Enter. A filter is only counted. `:`
 * takes the name of any command, and verbs that have an argument.
 */
#include "config.h"

#include "tui/screen_internal.h"

#include "core/alloc.h"
#include "core/export.h"
#include "core/timestamp.h"
#include "core/units.h"

#include <stdio.h>
#include <stdlib.h>

/* ---- verbs ---- */

static int
verb_goto(struct screen *s, const char *arg)
{
	int64_t t;

	/* "10:30" is the one before the end of what is looked at, which may be an old log. */
	if (!timestamp_human(span_str(arg), s->lens.frame.to, &t)) {
		screen_message(s, true, "goto: a time is expected, such as 10:30, 2025-09-09T10:30 "
			       "or -2h");
		return EFFECT_REDRAW;
	}
	pane_log_go(screen_log(s), (struct place){ .time = t });
	if (t < s->lens.frame.from || t >= s->lens.frame.to)
		s->lens.edge = t + s->lens.window / 2;
	screen_focus(s, SLOT_LOG);
	return EFFECT_UPDATE;
}

static int
verb_window(struct screen *s, const char *arg)
{
	int64_t ns;

	if (!units_parse_duration(span_str(arg), &ns) || ns < 60 * NSEC || ns > 366 * 86400 * NSEC) {
		screen_message(s, true, "window: a length from a minute to a year is expected, such as "
			       "15m, 6h or 7d");
		return EFFECT_REDRAW;
	}
	s->lens.window = ns;
	return EFFECT_UPDATE;
}

static int
verb_filter(struct screen *s, const char *arg)
{
	return screen_narrow(s, arg, arg);
}

static int
verb_search(struct screen *s, const char *arg)
{
	struct err err;

	if (lens_search(&s->lens, arg, &err))
		screen_message(s, true, "%s", err.msg);
	else if (!screen_jump(s, PLACE_LAST, FIND_HIT, -1))
		screen_message(s, false, "nothing is like %s", arg);
	return EFFECT_UPDATE;
}

/* The first ones are no names of commands. */
enum { OWN_VERBS = 2 };
static const struct verb {
	const char *name;
	int (*run)(struct screen *s, const char *arg);
} verbs[] = {
	{ "goto", verb_goto },         { "window", verb_window },     { "theme", screen_set_theme },
	{ "filter", verb_filter },     { "search", verb_search },     { "open", screen_open },
	{ "export", screen_export },
};

static const char *
path_word(struct path_words *p, size_t i, struct span word)
{
	if (!i)
		path_words_find(p, word);
	return i < p->n ? p->v[i] : NULL;
}

static const char *
command_word(void *arg, size_t i, struct span before, struct span word)
{
	struct screen *s = arg;

	if (span_eq_str(before, "theme "))
		return theme_name(i);
	if (span_eq_str(before, "export "))
		return i < EXPORT_KINDS ? export_kind_name[i] : NULL;
	if (span_eq_str(before, "open "))
		return path_word(&s->paths, i, word);
	if (before.n)
		return NULL;
	if (i < OWN_VERBS)
		return verbs[i].name;
	i -= OWN_VERBS;
	return i + 1 < CMD_COUNT ? command_info[i + 1].name : NULL;
}

static const char *
any_command_word(size_t i, const void *unused)
{
	(void)unused;
	return command_word(NULL, i, SPAN_LIT(""), SPAN_LIT(""));
}

static const char *
field_word(void *arg, size_t i, struct span before, struct span word)
{
	(void)arg;
	(void)before;
	(void)word;
	return i < FIELD_COUNT ? field_info[i].name : NULL;
}

static int
run_line(struct screen *s, const char *line)
{
	struct span text = span_trim(span_str(line));
	ptrdiff_t blank = span_chr(text, ' ');
	struct span name = span_head(text, blank < 0 ? text.n : (size_t)blank);
	struct span arg = span_trim(span_from(text, name.n));

	if (!name.n)
		return EFFECT_REDRAW;
	for (size_t i = 0; arg.n && i < ARRAY_SIZE(verbs); i++)
		if (span_eq_str(name, verbs[i].name)) {
			char *copy = xstrndup(arg.p, arg.n);
			int effects = verbs[i].run(s, copy);

			free(copy);
			return effects;
		}
	enum command c = command_by_name(name);

	if (c != CMD_NONE)
		return screen_command(s, c);
	char *word = xstrndup(name.p, name.n < 40 ? name.n : 40);
	const char *near = err_nearest(word, any_command_word, NULL);

	screen_message(s, true, "no command is called \"%s\"%s%s%s", word, near ? " (did you mean " : "",
		       near ? near : "", near ? "?)" : "");
	free(word);
	return EFFECT_REDRAW;
}

/* ---- the prompt ---- */

static prompt_words *const words[PROMPT_KINDS] = {
	[PROMPT_SEARCH] = field_word, [PROMPT_FILTER] = field_word, [PROMPT_COMMAND] = command_word,
};

int
screen_ask(struct screen *s, enum prompt_kind kind, struct span text)
{
	free(s->search_before);
	s->search_before = s->lens.search ? xstrdup(s->lens.search) : NULL;
	prompt_open(&s->prompt, kind, text, words[kind], s);
	return EFFECT_REDRAW;
}

static int
search_typed(struct screen *s, const char *text)
{
	lens_search(&s->lens, text, NULL);
	return screen_ask_again(s, SLOT_LOG);
}

static int
search_done(struct screen *s, const char *text)
{
	struct pane *log = screen_log(s);
	struct place at = pane_log_place(log);

	if (!*text)
		return EFFECT_UPDATE;
	at.pos++; /* the record under the cursor may be it */
	if (pane_log_follows(log))
		at = PLACE_LAST;
	if (!screen_jump(s, at, FIND_HIT, -1) && !screen_jump(s, at, FIND_HIT, 1))
		screen_message(s, false, "nothing that is shown is like %s", text);
	return EFFECT_UPDATE;
}

static int
search_left(struct screen *s)
{
	lens_search(&s->lens, s->search_before, NULL);
	return screen_ask_again(s, SLOT_LOG);
}

static int
filter_typed(struct screen *s, const char *text)
{
	lens_preview(&s->lens, *text ? text : NULL, NULL);
	return screen_ask_again(s, SLOT_LOG);
}

static int
filter_left(struct screen *s)
{
	lens_preview(&s->lens, NULL, NULL);
	return screen_ask_again(s, SLOT_LOG);
}

static int
filter_done(struct screen *s, const char *text)
{
	lens_preview(&s->lens, NULL, NULL);
	return *text ? screen_narrow(s, text, text) : EFFECT_UPDATE;
}

static const struct {
	bool query;
	int (*typed)(struct screen *s, const char *text); /* may be NULL */
	int (*done)(struct screen *s, const char *text);
	int (*left)(struct screen *s);                    /* may be NULL */
} kinds[PROMPT_KINDS] = {
	[PROMPT_SEARCH] = { true, search_typed, search_done, search_left },
	[PROMPT_FILTER] = { true, filter_typed, filter_done, filter_left },
	[PROMPT_COMMAND] = { false, NULL, run_line, NULL },
};

/* Enter on a mistake: the prompt stays, and says what is wrong. */
static int
refuse(struct screen *s)
{
	s->prompt.err.code = QUERY_BAD;
	s->prompt.open = true;
	return EFFECT_REDRAW;
}

int
screen_prompt_key(struct screen *s, uint32_t key)
{
	struct prompt *p = &s->prompt;
	enum prompt_kind kind = p->kind;
	enum lineedit_state state = prompt_feed(p, key);

	if (state == LINEEDIT_GOES_ON)
		return EFFECT_REDRAW;
	if (state == LINEEDIT_CANCELLED)
		return kinds[kind].left ? kinds[kind].left(s) : EFFECT_REDRAW;
	if (kinds[kind].query && !prompt_check(p, s->lens.now))
		return state == LINEEDIT_DONE ? refuse(s) : EFFECT_REDRAW;
	if (state == LINEEDIT_CHANGED)
		return kinds[kind].typed ? kinds[kind].typed(s, prompt_text(p)) : EFFECT_REDRAW;
	/* What is run may open the prompt again. */
	char *text = xstrdup(prompt_text(p));
	int effects = kinds[kind].done(s, text);

	free(text);
	return effects | EFFECT_REDRAW;
}

void
screen_prompt_note(struct screen *s)
{
	struct prompt *p = &s->prompt;
	struct view_log v;
	char hits[32], all[32];

	if (!kinds[p->kind].query || p->listing || p->err.code != QUERY_OK || !*prompt_text(p))
		return;
	view_log(s->engine, PLACE_LAST, false, 0, 0, &v);
	units_thousands(v.hits, hits);
	if (p->kind == PROMPT_SEARCH)
		snprintf(p->note, sizeof p->note, "%s%s", hits, v.hits == 1 ? " hit" : " hits");
	else
		snprintf(p->note, sizeof p->note, "would keep %s of %s", hits, units_thousands(v.matched, all));
	if (v.counting)
		snprintf(p->note + strlen(p->note), sizeof p->note - strlen(p->note), ", counting");
	view_log_release(&v);
}
