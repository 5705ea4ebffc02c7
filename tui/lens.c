/*
 * lens: the state that all panes share.
 *
 * Two things are told to the engine: the filter, which is the AND of the
 * filters that are on and of the minimum level, and the search, which is what
 * was typed AND the filter, so that hits are counted among what is shown. Both
 * are compiled again whenever a part of them changes.
 *
 * A narrowing adds at most one filter, so a step needs to remember only how
 * many there were before it.
 */
#include "config.h"

#include "tui/lens.h"

#include "core/alloc.h"

#include <stdlib.h>

#define MINUTE (60 * NSEC)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)

enum { MUTED = 64 }; /* filters that a step can switch off; more than anybody stacks */

static const int64_t windows[] = {
	MINUTE, 5 * MINUTE, 15 * MINUTE, 30 * MINUTE, HOUR,     3 * HOUR,
	6 * HOUR, 12 * HOUR, DAY,        3 * DAY,     7 * DAY,  30 * DAY,
};

/* A log that has a level at all seldom has one below INFO: one key press is enough to hide these. */
static const enum level min_levels[] = {
	LEVEL_NONE, LEVEL_INFO, LEVEL_WARNING, LEVEL_ERROR, LEVEL_CRITICAL,
};

void
lens_init(struct lens *l, struct engine *e, int64_t window)
{
	*l = (struct lens){ .engine = e, .window = window, .edge = TIME_NONE, .min_level = LEVEL_NONE };
}

void
lens_release(struct lens *l)
{
	while (l->n_filters)
		free(l->filters[--l->n_filters].query);
	while (l->n_steps)
		free(l->steps[--l->n_steps].label);
	marks_release(&l->marks);
	free(l->filters);
	free(l->steps);
	free(l->search);
	strbuf_release(&l->counted);
}

void
lens_advance(struct lens *l, int64_t now)
{
	int64_t edge = l->paused && l->edge == TIME_NONE ? l->paused_edge : l->edge;

	l->now = now;
	l->frame = view_timeframe(l->engine, l->window, edge, now);
}

/* ---- what the engine is asked ---- */

/*
 * OR binds weaker than standing side by side. A blank before the parenthesis:
 * a query may end in a backslash.
 */
void
lens_add_term(struct strbuf *out, const char *query)
{
	if (out->n)
		strbuf_char(out, ' ');
	strbuf_addf(out, strstr(query, "OR") ? "(%s )" : "%s", query);
}

static void
query_without(const struct lens *l, size_t filter, struct strbuf *out)
{
	struct strbuf all = STRBUF_INIT;

	if (l->min_level != LEVEL_NONE)
		strbuf_addf(&all, "level>=%s", level_info[l->min_level].name);
	for (size_t i = 0; i < l->n_filters; i++)
		if (l->filters[i].on && i != filter)
			lens_add_term(&all, l->filters[i].query);
	strbuf_add(out, strbuf_span(&all));
	strbuf_release(&all);
}

void
lens_stack_query(const struct lens *l, struct strbuf *out)
{
	query_without(l, SIZE_MAX, out);
}

void
lens_query(const struct lens *l, struct strbuf *out)
{
	if (!l->unfiltered)
		lens_stack_query(l, out);
}

/* NULL for a query that has every record. */
static struct query *
compile(const struct lens *l, struct span text, struct err *err)
{
	struct query *q = query_compile(text, l->now, err);

	if (q && query_is_empty(q)) {
		query_free(q);
		return NULL;
	}
	return q;
}

static void
search_among(struct lens *l, const char *search, size_t without)
{
	struct strbuf text = STRBUF_INIT, both = STRBUF_INIT;
	struct query *q = NULL;
	struct err err;

	if (search) {
		if (!l->unfiltered)
			query_without(l, without, &text);
		if (text.n)
			lens_add_term(&both, text.p);
		lens_add_term(&both, search);
		q = compile(l, strbuf_span(&both), &err);
	}
	engine_set_search(l->engine, q);
	strbuf_release(&text);
	strbuf_release(&both);
}

static void
apply_search(struct lens *l, const char *search)
{
	search_among(l, search, SIZE_MAX);
}

static void
apply(struct lens *l)
{
	struct strbuf text = STRBUF_INIT;
	struct err err;

	l->filterings++;
	lens_query(l, &text);
	engine_set_filter(l->engine, compile(l, strbuf_span(&text), &err));
	strbuf_release(&text);
	apply_search(l, l->search);
}

/* 1: it is a query; 0: an empty one; -1 and err: none. */
static int
check(const struct lens *l, const char *query, struct err *err)
{
	struct err unused;
	struct query *q = query_compile(span_str(query), l->now, err ? err : &unused);
	bool empty = q && query_is_empty(q);

	if (!q)
		return -1;
	query_free(q);
	return !empty;
}

/* ---- filters and the search ---- */

int
lens_filter(struct lens *l, const char *query, struct err *err)
{
	int rc = check(l, query, err);

	if (rc <= 0)
		return rc;
	l->unfiltered = false;
	ARRAY_GROW(l->filters, l->n_filters, l->filters_cap);
	l->filters[l->n_filters++] = (struct filter){ xstrdup(query), true };
	apply(l);
	return 0;
}

static void
cut_filters(struct lens *l, size_t n)
{
	while (l->n_filters > n)
		free(l->filters[--l->n_filters].query);
}

/* What a step has switched off goes on again. */
static void
unmute(struct lens *l, const struct step *step)
{
	if (!step->mutes)
		return;
	for (size_t i = 0; i < l->n_filters && i < MUTED; i++)
		l->filters[i].on |= step->muted >> i & 1;
	l->min_level = step->min_level;
}

/* Steps that were made by filters which are no longer there. */
static void
forget_steps(struct lens *l)
{
	while (l->n_steps && l->steps[l->n_steps - 1].filters >= l->n_filters) {
		unmute(l, &l->steps[--l->n_steps]);
		free(l->steps[l->n_steps].label);
	}
}

/* The bits of the filters that are left when one is taken from among them. */
static uint64_t
without_bit(uint64_t bits, size_t i)
{
	uint64_t below = i < MUTED ? (UINT64_C(1) << i) - 1 : UINT64_MAX;

	return (bits & below) | (bits >> 1 & ~below);
}

bool
lens_filter_pop(struct lens *l)
{
	if (!l->n_filters)
		return false;
	cut_filters(l, l->n_filters - 1);
	forget_steps(l);
	apply(l);
	return true;
}

size_t
lens_filter_find(const struct lens *l, const char *query)
{
	for (size_t i = 0; i < l->n_filters; i++)
		if (l->filters[i].on && strcmp(l->filters[i].query, query) == 0)
			return i;
	return SIZE_MAX;
}

void
lens_filter_drop(struct lens *l, size_t i)
{
	size_t kept = 0;

	free(l->filters[i].query);
	l->n_filters--;
	memmove(l->filters + i, l->filters + i + 1, (l->n_filters - i) * sizeof *l->filters);
	for (size_t k = 0; k < l->n_steps; k++) {
		struct step *step = &l->steps[k];

		if (step->filters == i) {
			unmute(l, step);
			free(step->label);
			continue;
		}
		step->muted = without_bit(step->muted, i);
		step->filters -= step->filters > i;
		l->steps[kept++] = *step;
	}
	l->n_steps = kept;
	apply(l);
}

void
lens_filter_clear(struct lens *l)
{
	cut_filters(l, 0);
	forget_steps(l);
	l->min_level = LEVEL_NONE;
	l->unfiltered = false;
	apply(l);
}

void
lens_filter_toggle(struct lens *l, size_t i)
{
	l->filters[i].on = !l->filters[i].on;
	apply(l);
}

int
lens_filter_replace(struct lens *l, size_t i, const char *query, struct err *err)
{
	int rc = check(l, query, err);

	if (rc <= 0)
		return rc;
	free(l->filters[i].query);
	l->filters[i] = (struct filter){ xstrdup(query), true };
	for (size_t k = 0; k < l->n_steps; k++)
		if (l->steps[k].filters == i) {
			free(l->steps[k].label);
			l->steps[k].label = xstrdup(query);
		}
	l->unfiltered = false;
	apply(l);
	return 0;
}

void
lens_unfiltered(struct lens *l, bool on)
{
	l->unfiltered = on;
	apply(l);
}

void
lens_min_level_clear(struct lens *l)
{
	l->min_level = LEVEL_NONE;
	apply(l);
}

void
lens_min_level(struct lens *l, int direction)
{
	int at = 0, last = (int)ARRAY_SIZE(min_levels) - 1;

	while (at < last && min_levels[at] < l->min_level)
		at++;
	at += direction;
	at = at < 0 ? 0 : at > last ? last : at;
	if (min_levels[at] == l->min_level)
		return;
	l->min_level = min_levels[at];
	l->unfiltered = false;
	apply(l);
}

int
lens_search(struct lens *l, const char *query, struct err *err)
{
	int rc = query ? check(l, query, err) : 0;

	if (rc < 0)
		return rc;
	free(l->search);
	l->search = rc ? xstrdup(query) : NULL;
	apply_search(l, l->search);
	return 0;
}

int
lens_preview(struct lens *l, const char *query, struct err *err)
{
	int rc = query ? check(l, query, err) : 0;

	if (rc < 0)
		return rc;
	apply_search(l, query ? query : l->search);
	return 0;
}

int
lens_preview_instead(struct lens *l, size_t filter, const char *query, struct err *err)
{
	int rc = check(l, query, err);

	if (rc > 0)
		search_among(l, query, filter);
	return rc < 0 ? rc : 0;
}

/* ---- steps ---- */

void
lens_step(struct lens *l, const char *label, const struct log_stance *log, int focus)
{
	ARRAY_GROW(l->steps, l->n_steps, l->steps_cap);
	l->steps[l->n_steps++] = (struct step){
		.label = xstrdup(label), .filters = l->n_filters, .window = l->window, .edge = l->edge,
		.log = *log, .focus = focus,
	};
}

void
lens_mute(struct lens *l)
{
	struct step *step = &l->steps[l->n_steps - 1];

	step->mutes = true;
	step->min_level = l->min_level;
	for (size_t i = 0; i < l->n_filters && i < MUTED; i++) {
		step->muted |= (uint64_t)l->filters[i].on << i;
		l->filters[i].on = false;
	}
	l->min_level = LEVEL_NONE;
	apply(l);
}

bool
lens_back(struct lens *l, struct step *out)
{
	if (!l->n_steps)
		return false;
	*out = l->steps[--l->n_steps];
	l->window = out->window;
	l->edge = out->edge;
	cut_filters(l, out->filters);
	unmute(l, out);
	apply(l);
	return true;
}

/* ---- time ---- */

void
lens_zoom(struct lens *l, int direction)
{
	size_t n = ARRAY_SIZE(windows), i = 0;

	if (direction > 0) {
		while (i < n - 1 && windows[i] <= l->window)
			i++;
		if (windows[i] > l->window)
			l->window = windows[i];
	} else {
		i = n - 1;
		while (i > 0 && windows[i] >= l->window)
			i--;
		if (windows[i] < l->window)
			l->window = windows[i];
	}
}

void
lens_shift(struct lens *l, int direction)
{
	struct timeframe newest = view_timeframe(l->engine, l->window, TIME_NONE, l->now);
	struct view_status st;
	int64_t edge = l->frame.to + direction * (l->window / 2);

	view_status(l->engine, l->now, &st);
	if (direction < 0 && (st.oldest == TIME_NONE || l->frame.from < st.oldest))
		return; /* there is nothing before */
	l->edge = edge >= newest.to ? TIME_NONE : edge;
}

void
lens_pause(struct lens *l, bool on)
{
	struct view_status st;

	if (on == l->paused)
		return;
	view_status(l->engine, l->now, &st);
	l->paused = on;
	l->paused_at = st.records;
	l->paused_edge = l->frame.to;
}
