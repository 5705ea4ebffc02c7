/*
 * canvas: a grid of cells that panes draw into and tests read.
 *
 * A canvas is a view (origin and size) into a grid that somebody owns; a pane
 * gets one of its own size, and whatever it draws outside is clipped. Bytes
 * of logs go through canvas_text() only, which lets nothing reach the
 * terminal raw (core/utf8.h).
 */
#ifndef TUI_CANVAS_H
#define TUI_CANVAS_H

#include "core/span.h"
#include "core/strbuf.h"
#include "tui/style.h"

struct cell {
	char text[16];   /* one glyph, NUL-terminated; "" is the right half of a wide one */
	uint8_t role;    /* enum role: colours */
	uint8_t attrs;   /* ATTR_* on top of the role */
	uint8_t under;   /* ROLE_CURSOR for a cell in the cursor's row, else 0 */
	uint8_t behind;  /* of a bar: the role whose colour fills the rest of the cell, 0 for none */
};

struct grid {
	int w, h;
	struct cell *cells; /* owned */
	bool tones;         /* the terminal has colours: a bar's cell can show two (cell.behind) */
	bool ascii;         /* no glyphs beyond ASCII (borders, bars, marks); text of logs is not touched */
};

struct canvas {
	struct grid *grid;
	int x, y, w, h; /* in the grid */
};

void grid_init(struct grid *g, int w, int h, bool ascii);
void grid_resize(struct grid *g, int w, int h); /* clears */
void grid_clear(struct grid *g);
void grid_release(struct grid *g);
/* The rows as lines of text, trailing blanks cut; and a second form with the roles, for golden tests. */
void grid_dump(const struct grid *g, struct strbuf *out);
void grid_dump_roles(const struct grid *g, struct strbuf *out);

struct canvas canvas_whole(struct grid *g);
/* A part of c, clipped to it. */
struct canvas canvas_sub(const struct canvas *c, int x, int y, int w, int h);

/*
 * Draw text at x, y: returns the columns used. At most `max` columns (negative:
 * to the right edge); what does not fit is cut and its last column is "…" (">"
 * in ASCII). Safe for any bytes; stand-ins get ROLE_ESCAPED. The colours that
 * ANSI sequences in the text give it are roles of their own; the sequences are not drawn.
 */
int canvas_text(struct canvas *c, int x, int y, int max, enum role role, struct span text);
/* Our own words: the same, from a C string with %. */
int canvas_printf(struct canvas *c, int x, int y, enum role role, const char *fmt, ...)
	__attribute__((format(printf, 5, 6)));
/* Right-aligned so that it ends before column x_end; returns the columns used. */
int canvas_right(struct canvas *c, int x_end, int y, enum role role, const char *text);
/* One of our own glyphs n times along the row; `ascii` is used instead on an ASCII grid. */
void canvas_fill(struct canvas *c, int x, int y, int n, enum role role, const char *glyph, const char *ascii);
void canvas_clear(struct canvas *c);
/* Add attributes, or set the role, of cells that were drawn. */
void canvas_attr(struct canvas *c, int x, int y, int n, uint8_t attrs);
void canvas_role(struct canvas *c, int x, int y, int n, enum role role);
/* Fill what the glyph of a bar's cell leaves free with the colour of another role. */
void canvas_behind(struct canvas *c, int x, int y, enum role role);
/* Show the row (or part of it) as being under the cursor: roles stay, `under` is set. */
void canvas_cursor(struct canvas *c, int x, int y, int n);

/*
 * The frame of a pane: one title line "─ Title ──────── figure ─" and
 * nothing else; returns the canvas below it.
 */
struct canvas canvas_frame(struct canvas *c, const char *title, const char *figure, bool focus);

#endif
