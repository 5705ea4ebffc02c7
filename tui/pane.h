/*
 * pane: a part of the screen that shows one thing.
 *
 * A pane is a small vtable and private state. It asks the engine in update()
 * and draws what it got in draw(); draw() never asks, so tests draw a pane from
 * values they made. Handlers of commands change state and say what must
 * follow (enum effect); they never draw.
 */
#ifndef TUI_PANE_H
#define TUI_PANE_H

#include "core/query.h"
#include "tui/canvas.h"
#include "tui/command.h"
#include "tui/lens.h"

struct pane;
struct keymap;

/* What "the records behind the thing under the cursor" are. */
struct target {
	struct strbuf query; /* a filter, "" for none */
	struct strbuf label; /* for the breadcrumb */
	int64_t from, to;    /* a window to look at, TIME_NONE: leave it */
	uint64_t record;     /* a record to open, RECORD_NONE: none */
};

struct pane_ops {
	const char *name;  /* in layouts: "log" */
	size_t size;       /* of the pane's own struct, which begins with a struct pane */
	void (*init)(struct pane *p);
	void (*release)(struct pane *p);
	/* Ask for what w x h cells (frame included) will show. */
	void (*update)(struct pane *p, int w, int h);
	/* Draw everything, frame included. */
	void (*draw)(struct pane *p, struct canvas *c);
	/* A bit set of effects; -1 when the command is none of the pane's. May be NULL. */
	int (*command)(struct pane *p, enum command c);
	/* What is under the cursor; false when nothing is. May be NULL. */
	bool (*target)(struct pane *p, struct target *out);
	/* What a command stands for while the pane has the focus; may be NULL: for itself. */
	enum command (*meaning)(enum command c);
	/* A click at a cell of the pane; effects or -1. May be NULL. */
	int (*click)(struct pane *p, int x, int y, bool twice);
	/* The commands worth a hint in the last row, most useful first, ended by CMD_NONE. */
	const enum command *hints;
};

struct pane {
	const struct pane_ops *ops;
	struct lens *lens; /* borrowed */
	bool focused;
};

struct pane *pane_new(const struct pane_ops *ops, struct lens *lens);
void pane_free(struct pane *p);

void target_init(struct target *t);
void target_release(struct target *t);

extern const struct pane_ops pane_timeline, pane_levels, pane_requests, pane_log, pane_sources, pane_filters, pane_detail, pane_help;

/* ---- what the screen must know of some panes ---- */

/* The log: where its cursor is, and put it there. */
struct place pane_log_place(const struct pane *p);
struct log_stance pane_log_stance(const struct pane *p);
void pane_log_restore(struct pane *p, const struct log_stance *stance);
bool pane_log_follows(const struct pane *p);
void pane_log_go(struct pane *p, struct place at);   /* cursor on the record at the place, or the nearest after it */
void pane_log_follow(struct pane *p);                /* to the end, and stay there */
/* The record under the cursor; false when there is none. Its text is good until the next update. */
bool pane_log_current(const struct pane *p, struct view_row *out);

/* Detail: which record it shows. */
void pane_detail_show(struct pane *p, uint64_t record);
/* Show how it was read instead of what it holds, or that again. */
void pane_detail_explain(struct pane *p, bool on);
/* Have its first hit in sight (direction +1) or its last (-1) when it is drawn. */
void pane_detail_seek(struct pane *p, int direction);

/*
 * The levels in one row, "✖ 3  ● 211  ▲ 1,840  · 61.2k", ending before column x
 * + w; the least of them are left out where w is too small. The levels pane
 * must be kept up to date for it.
 */
void pane_levels_strip(const struct pane *p, struct canvas *c, int x, int y, int w);

/* The timeline: whether a stretch is being marked; put its cursor on a time (TIME_NONE: the newest), nothing marked. */
bool pane_timeline_marks(const struct pane *p);
void pane_timeline_go(struct pane *p, int64_t t);

/* The source under the cursor; NULL when there is none. Good until the next update. */
const struct view_source *pane_sources_current(const struct pane *p);

/* The part of the filters under the cursor; false when there is none. */
bool pane_filters_current(const struct pane *p, struct lens_part *out);

/* Whose keys the help shows; borrowed. */
void pane_help_set(struct pane *p, const struct keymap *keys);

#endif
