/*
 * explain_marks: a line of a log with the places of its fields marked under
 * it, as plain text of a given width.
 */
#ifndef CORE_EXPLAIN_MARKS_H
#define CORE_EXPLAIN_MARKS_H

#include "core/strbuf.h"

/* The bytes [from, to) of the line are called `name` (owned by nobody, at most 63 bytes are kept). */
struct mark {
	size_t from, to;
	char name[64];
	unsigned layer; /* filled by marks_draw */
};

enum { MARKS_MAX = 64, MARKS_WIDTH_MIN = 40, MARKS_WIDTH_MAX = 400, MARKS_ROWS = 5 };

/*
 * Append the line, wrapped to `width` columns (indent included) and cut after
 * MARKS_ROWS rows, each row with its marks and their names under it. Marks are
 * put in order. Every byte goes through text_next(). Returns how many bytes of
 * the line are shown.
 */
size_t marks_draw(struct span line, struct mark *marks, size_t n, size_t width, struct strbuf *out);

/* Append a text made safe, cut to so many columns. */
void marks_text(struct span text, size_t columns, struct strbuf *out);

#endif
