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
#include "core/saved_filter.h"
#include "core/timestamp.h"
#include "core/units.h"

#include <stdio.h>
#include <stdlib.h>

/* ---- verbs ---- */

static int
verb_filter(struct screen *s, const char *arg)
{
	char *saved = xasprintf("@%s", arg);
	const char *query = saved_filter(span_str(arg)).n ? saved : arg;
	int effects = screen_narrow(s, query, query);

	free(saved);
	return effects;
}

/* The first ones are no names of commands. */
enum { OWN_VERBS = 3 };
static const struct verb {
	const char *name;
	int (*run)(struct screen *s, const char *arg);
} verbs[] = {
	{ "save-filter", screen_save_filter },
	{ "goto", screen_goto },       { "window", screen_window },   { "theme", screen_set_theme },
	{ "filter", verb_filter },     { "search", screen_search_verb }, { "open", screen_open },
	{ "around", screen_around },   { "export", screen_export },
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
	if (span_eq_str(before, "filter "))
		return saved_filter_name(i);
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
	return i < FIELD_COUNT ? field_info[i].name : saved_filter_name(i - FIELD_COUNT);
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
	for (size_t i = 0; i < ARRAY_SIZE(verbs); i++)
		if ((arg.n || i < OWN_VERBS) && span_eq_str(name, verbs[i].name)) {
			char *copy = xstrndup(arg.n ? arg.p : "", arg.n);
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
	s->editing = SIZE_MAX;
	prompt_open(&s->prompt, kind, text, words[kind], s);
	return EFFECT_REDRAW;
}

static int
filter_typed(struct screen *s, const char *text)
{
	if (s->editing != SIZE_MAX && *text)
		lens_preview_instead(&s->lens, s->editing, text, NULL);
	else
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
	struct err err;

	lens_preview(&s->lens, NULL, NULL);
	if (!*text)
		return EFFECT_UPDATE;
	if (s->editing == SIZE_MAX)
		return screen_narrow_from(s, text, text, s->focus == SLOT_FILTERS ? SLOT_FILTERS : SLOT_LOG);
	if (lens_filter_replace(&s->lens, s->editing, text, &err))
		screen_message(s, true, "%s", err.msg);
	return EFFECT_UPDATE;
}

static const struct {
	bool query;
	int (*typed)(struct screen *s, const char *text); /* may be NULL */
	int (*done)(struct screen *s, const char *text);
	int (*left)(struct screen *s);                    /* may be NULL */
} kinds[PROMPT_KINDS] = {
	[PROMPT_SEARCH] = { true, screen_search_typed, screen_search_done, screen_search_left },
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
	char hits[32], rest[32];

	if (!kinds[p->kind].query || p->listing || p->err.code != QUERY_OK || !*prompt_text(p))
		return;
	view_log(s->engine, PLACE_LAST, false, 0, 0, &v);
	units_thousands(v.hits, hits);
	if (p->kind == PROMPT_SEARCH)
		snprintf(p->note, sizeof p->note, "%s%s", hits, v.hits == 1 ? " hit" : " hits");
	else if (s->editing != SIZE_MAX)
		snprintf(p->note, sizeof p->note, "would keep %s", hits);
	else
		snprintf(p->note, sizeof p->note, "would keep %s, hide %s", hits,
			 units_thousands(v.matched > v.hits ? v.matched - v.hits : 0, rest));
	if (v.counting)
		snprintf(p->note + strlen(p->note), sizeof p->note - strlen(p->note), ", counting");
	view_log_release(&v);
}
