/*
 * wrap: text cut into lines that fit.
 */
#ifndef TUI_WRAP_H
#define TUI_WRAP_H

#include "core/span.h"

/*
 * Take the next line of at most w columns (at least one glyph) off the front
 * of a text. It ends at a line end, which is dropped, or at a blank where one
 * is near its end. false when the text is used up.
 */
bool wrap_next(struct span *text, int w, struct span *line);

/* Lines the text takes, at least one; counting stops at `max`. */
int wrap_lines(struct span text, int w, int max);

/* The rest of the text after as many glyphs as fill `columns`. */
struct span wrap_skip(struct span text, int columns);

#endif
