/*
 * source_columns: the columns of the table of sources, how their cells look,
 * and the order of rows. A row is a struct source_row, what cells share is
 * the time of the clock (int64_t).
 */
#ifndef TUI_SOURCE_COLUMNS_H
#define TUI_SOURCE_COLUMNS_H

#include "core/view.h"
#include "tui/columns.h"

/* SOURCES_ADDED is the order in which they were added. */
enum source_sort {
	SOURCES_ADDED, SOURCES_NAME, SOURCES_RATE, SOURCES_RECORDS, SOURCES_ERRORS, SOURCES_PERCENT, SOURCES_LAST,
	SOURCES_BYTES, SOURCES_LAG, SOURCES_LOST, SOURCES_MEMORY, SOURCE_SORTS
};
extern const char *const source_sort_words[SOURCE_SORTS];

struct source_row {
	struct view_source v;
	bool hidden; /* by a filter */
};

extern const struct columns source_columns;

/* Largest first, names from the first; for rows that are equal in it, as they were added. */
int source_row_cmp(const struct source_row *a, const struct source_row *b, enum source_sort sort, bool reverse);

/* How it is, "silent 4m", and the role that says how much that matters. */
enum role source_state(const struct source_row *r, int64_t now, char *buf, size_t n);

#endif
