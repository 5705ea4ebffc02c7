/*
 * lineedit: one line of text being typed. Fed with keys; draws nothing to a
 * terminal. UTF-8 aware; the usual keys: arrows, Home/End, C-a C-e C-b C-f
 * C-k C-u C-w C-d, Up/Down (C-p C-n) for history. Enter is DONE; Esc, C-c,
 * C-g and Backspace in an empty line are CANCELLED. The text stays in either
 * case, for the owner to take or to clear.
 *
 * The text is always valid UTF-8 without control characters.
 */
#ifndef TUI_LINEEDIT_H
#define TUI_LINEEDIT_H

#include "core/strbuf.h"
#include "tui/canvas.h"

enum { LINEEDIT_MAX = 4096, LINEEDIT_HISTORY = 100 }; /* bytes of text, lines of history */

struct lineedit {
	struct strbuf text;
	size_t cursor;      /* byte */
	char **history;     /* owned, oldest first */
	size_t history_n, history_at; /* history_at == history_n: not in history */
	char *draft;        /* owned: what was typed before going into history */
};

/* CHANGED: the text is another one. GOES_ON: it is the same, the cursor may have moved. */
enum lineedit_state { LINEEDIT_GOES_ON, LINEEDIT_CHANGED, LINEEDIT_DONE, LINEEDIT_CANCELLED };

void lineedit_init(struct lineedit *e);
void lineedit_release(struct lineedit *e);
/* Other text, cursor behind it; what may not be typed is left out. */
void lineedit_set(struct lineedit *e, struct span text);
enum lineedit_state lineedit_feed(struct lineedit *e, uint32_t key);
/* Remember the text (not twice in a row, not when empty, at most 100). */
void lineedit_remember(struct lineedit *e);
/* Draw it in w columns at x, scrolled so that the cursor is seen; returns the cursor's column in c. */
int lineedit_draw(const struct lineedit *e, struct canvas *c, int x, int y, int w);

#endif
