/*
 * screen: the panes, what each of them has of the screen, and what keys do.
 *
 * Owns the lens, the panes and the grid. A key becomes a command, a command
 * changes state; everything is asked for and drawn in one place,
 * screen_frame(). Knows no terminal: what only one can do is asked for
 * through struct screen_terminal.
 */
#ifndef TUI_SCREEN_H
#define TUI_SCREEN_H

#include "core/engine.h"
#include "tui/canvas.h"
#include "tui/command.h"
#include "tui/keymap.h"
#include "tui/term.h"

struct screen_terminal {
	void (*copy)(struct span text);
	void (*theme)(const struct theme *t);
	void (*redraw)(void);
	void (*suspend)(void);
};

struct screen_options {
	const struct screen_terminal *terminal; /* borrowed */
	const struct keymap *keys;              /* borrowed */
	const char *theme;                      /* the name of the one that is in force */
	int64_t window;                         /* ns */
	bool ascii;
	bool tones;                             /* the terminal has colours enough for two in a cell */
};

struct screen;

/* The engine is borrowed. */
struct screen *screen_new(struct engine *e, const struct screen_options *o);
void screen_free(struct screen *s);

void screen_resize(struct screen *s, int w, int h);
/* What a key or the mouse changed: a bit set of enum effect; anything but NONE wants a frame, QUIT the end. */
int screen_key(struct screen *s, uint32_t key);
int screen_mouse(struct screen *s, const struct term_mouse *m);
/* A line for the last row, until a key is pressed. */
void screen_message(struct screen *s, bool error, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
/* Counts of the selections may have grown: ask again at the next frame. */
void screen_stale(struct screen *s);
/* Go on with what takes long: true when there was something, and a frame is wanted. */
bool screen_work(struct screen *s, int64_t deadline);
/* How long after a frame, in ns, what arrives may wait for the next one: the more there is, the longer. */
int64_t screen_pace(const struct screen *s);

/*
 * Ask the engine for what may have changed and draw. `now` is the wall clock,
 * `mono` the monotonic one. The grid is good until the next call; *cursor_x
 * is -1 unless something is being typed.
 */
const struct grid *screen_frame(struct screen *s, int64_t now, int64_t mono, int *cursor_x, int *cursor_y);

#endif
