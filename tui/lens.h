/*
 * lens: what the person is looking at, and how they got there.
 *
 * The window of log time, the filters, the search, whether the screen is
 * held. Shared by all panes, owned by the screen. Every narrowing is a step
 * that Esc takes back: a step remembers the window, the filters and where the
 * log stood.
 */
#ifndef TUI_LENS_H
#define TUI_LENS_H

#include "core/engine.h"
#include "core/view.h"
#include "tui/marks.h"

struct filter {
	char *query; /* owned; in the language of core/query.h */
	bool on;
};

/* How the log stood: where its cursor was, and on which line of the pane. */
struct log_stance {
	struct place at;  /* of the record under the cursor */
	bool follow;
	int line;         /* of the pane, the cursor's */
	int logger_width; /* columns */
};

/* What Esc returns to. */
struct step {
	char *label;         /* owned: the breadcrumb, "ERROR", "10:42", "POST /api/checkout/" */
	size_t filters;      /* how many there were before */
	int64_t window, edge;
	struct log_stance log;
	int focus;           /* pane */
	bool mutes;          /* filters were switched off for it: */
	uint64_t muted;      /* those that were on, a bit each */
	enum level min_level;
};

struct lens {
	struct engine *engine; /* borrowed */
	int64_t now;           /* wall clock of this round */
	int64_t window;        /* ns */
	int64_t edge;          /* right edge, TIME_NONE: the newest */
	struct timeframe frame; /* of this round, from window and edge */
	bool paused;
	uint64_t paused_at;    /* records taken in when the screen was held */
	int64_t paused_edge;

	struct filter *filters; /* owned stack */
	size_t n_filters, filters_cap;
	enum level min_level;   /* LEVEL_NONE: all */
	bool unfiltered;        /* they are kept, but nothing heeds them for now */
	unsigned filterings;    /* how often what is let through has changed */
	struct strbuf counted;  /* owned: the queries whose records the engine was told to count */
	char *search;           /* owned; NULL: none */
	struct marks marks;
	struct step *steps;     /* owned stack */
	size_t n_steps, steps_cap;
};

void lens_init(struct lens *l, struct engine *e, int64_t window);
void lens_release(struct lens *l);

/* Once a round, before panes update. */
void lens_advance(struct lens *l, int64_t now);

/* Push a filter (checked by compiling it); -1 and err when the query is wrong. */
int lens_filter(struct lens *l, const char *query, struct err *err);
bool lens_filter_pop(struct lens *l);
/* The place of a filter that is on, SIZE_MAX when there is none. */
size_t lens_filter_find(const struct lens *l, const char *query);
/* Take one from among the others away, and the step that it was. */
void lens_filter_drop(struct lens *l, size_t i);
void lens_filter_clear(struct lens *l);
/* One level up or down; the engine's filter follows. */
void lens_min_level(struct lens *l, int direction);
/* Set or (NULL, "") end the search; -1 and err when the query is wrong. */
int lens_search(struct lens *l, const char *query, struct err *err);
/*
 * For a prompt: let the engine's search count what a query would have among
 * what is shown, without making it the search; NULL goes back to the search.
 */
int lens_preview(struct lens *l, const char *query, struct err *err);
/* The same while a filter is edited: among what would be shown without it. */
int lens_preview_instead(struct lens *l, size_t filter, const char *query, struct err *err);
/*
 * All filters that are on, and the minimum level, as one query; empty when there
 * is none, or when nothing heeds them. Appended to out.
 */
void lens_query(const struct lens *l, struct strbuf *out);
/* The same, heeded or not. */
void lens_stack_query(const struct lens *l, struct strbuf *out);
/* Set a query beside others. */
void lens_add_term(struct strbuf *out, const char *query);

/* On or off. */
void lens_filter_toggle(struct lens *l, size_t i);
/* Another query in its place; -1 and err when it is wrong. */
int lens_filter_replace(struct lens *l, size_t i, const char *query, struct err *err);
void lens_min_level_clear(struct lens *l);
/* Let everything show what there would be without filters, or heed them again. */
void lens_unfiltered(struct lens *l, bool on);

/* ---- lens_filters.c: what is filtered, part by part ---- */

struct lens_part {
	bool on;
	size_t filter;  /* SIZE_MAX: the minimum level */
	char level[32]; /* its query */
};
size_t lens_parts(const struct lens *l);
void lens_part(const struct lens *l, size_t i, struct lens_part *out);
const char *lens_part_query(const struct lens *l, const struct lens_part *part);

/* Have the engine count what each part has; once more if there are other records by now. */
void lens_count_filters(struct lens *l);
struct lens_count {
	uint64_t keeps; /* of the records held, by itself */
	uint64_t hides; /* that the others would show; of one that is off: that it would hide */
	bool sure;      /* all were looked at */
};
void lens_part_count(const struct lens *l, size_t i, struct lens_count *out);
/* Have the engine count, in the place of these, what each of n queries has of what is shown (view_census). */
void lens_count_queries(struct lens *l, const char *const *queries, size_t n);
/* Which part is to blame for there being no record, of so many held; false while that is not known. */
bool lens_why_empty(const struct lens *l, uint64_t held, char *buf, size_t size);

/* Remember where we are as a step called `label`, before narrowing. */
void lens_step(struct lens *l, const char *label, const struct log_stance *log, int focus);
/* Switch all filters and the minimum level off, until the step that was made last is taken back. */
void lens_mute(struct lens *l);
/* Take the last step back: window and filters are restored here; *out (whose label the caller frees) tells the rest. */
bool lens_back(struct lens *l, struct step *out);

/* Window lengths that zooming goes through; direction +1 is longer. */
void lens_zoom(struct lens *l, int direction);
/* Shift by half a window; +1 is later, and reaching the newest lets the edge go again. */
void lens_shift(struct lens *l, int direction);
void lens_pause(struct lens *l, bool on);

#endif
