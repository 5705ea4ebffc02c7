/*
 * The inside of the log pane: shared by its two halves (what is looked at,
 * pane_log.c; how it is drawn, pane_log_draw.c) and its tests.
 *
 * The pane is anchored at its cursor: the record of place `cursor` begins on
 * line `cursor_y`, the rows around it follow from that. What arrives cannot
 * move the rows that are read. Following is the other state: the last row is
 * the newest record, and the cursor is on it.
 */
#ifndef TUI_PANE_LOG_H
#define TUI_PANE_LOG_H

#include "tui/hit_marks.h"
#include "tui/pane.h"

enum { LOG_SOURCES = 64, LOG_EMPTY = 320 };

/* Where the columns begin; -1: not shown. */
struct log_columns {
	int time, date, level, name, source, logger, text;
	int time_w, source_w, logger_w;
};

struct log_pane {
	struct pane base;
	struct view_log view;      /* owned; the rows that are seen, and a few more */
	char sources[LOG_SOURCES][VIEW_SOURCE_NAME];
	size_t n_sources;
	struct strbuf filter;      /* owned; what hides records, in words */
	int64_t now;
	double slow_limit;         /* seconds */

	bool follow;               /* stay at the end, unless the screen is held */
	bool live;                 /* it is at the end now */
	struct place cursor;
	int cursor_y;
	int pending;               /* rows the cursor has still to move */
	bool paging;               /* by moving the rows, not the cursor */

	bool wrap;
	int shift;                 /* columns scrolled to the right, when not wrapped */
	bool older_gone;           /* no record is held before the first row, because they were evicted */
	bool recount;              /* newer counts from here */
	uint64_t counted, newer;   /* records there were when it began to be held, and since */

	struct view_hits bar;      /* owned; hits by line of the pane, over the time of what is shown */
	bool barred;               /* there is a bar: the log is longer than the pane */
	struct hit_marks search;   /* owned; of the search */
	char empty[LOG_EMPTY];     /* why there is no row */

	/* The layout, of log_layout(). */
	int width, height;         /* of the pane, and lines for rows */
	int at;                    /* row of the cursor, -1: none */
	int *y;                    /* owned; line each row begins on, and the end of the last */
	int y_cap;
	bool marked;               /* the first line says that older lines are gone */
	struct log_columns columns;
	int logger_kept;           /* widest logger so far: columns that stand still */
	int logger_again;          /* what it is to be when the filter changes: a step back */
	struct strbuf scratch;     /* owned */
};

/* Place the rows in a pane of w x h cells, frame included. */
void log_layout(struct log_pane *p, int w, int h);
void log_draw(struct pane *p, struct canvas *c);

#endif
