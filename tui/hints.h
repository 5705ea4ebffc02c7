/*
 * hints: what the last row says while nobody types: where one is and what
 * keys would do, or a message. Draws from values only; each canvas is one row.
 */
#ifndef TUI_HINTS_H
#define TUI_HINTS_H

#include "tui/canvas.h"
#include "tui/command.h"
#include "tui/keymap.h"

struct hint_line {
	const char *const *trail;     /* the steps that were taken, oldest first */
	size_t n_trail;
	const enum command *first;    /* for what is going on, before the pane's; ended by CMD_NONE; may be NULL */
	const enum command *commands; /* the pane's own, ended by CMD_NONE; may be NULL */
	const struct keymap *keys;
	bool back;                    /* Esc would close or go back */
};

void hints_draw(struct canvas *c, const struct hint_line *h);
/* One "key word" at x; returns the column behind it and its gap. */
int hint_draw(struct canvas *c, int x, const char *key, const char *word);
void message_draw(struct canvas *c, const char *text, bool error);

#endif
