/*
 * term: the terminal. The only file that includes curses.
 *
 * Copies changed cells of a grid to curses, turns roles into colours by the
 * theme and what the terminal can (mono, 8, 16, 256, direct), reads keys, and
 * leaves the terminal as it was found: on exit, on signals, on a crash.
 *
 * There is one terminal; everything is called from the thread of the loop,
 * but for term_restore().
 */
#ifndef TUI_TERM_H
#define TUI_TERM_H

#include "core/err.h"
#include "tui/canvas.h"
#include "tui/key.h"
#include "tui/theme.h"

struct term_options {
	bool color; /* false: mono, whatever the terminal can */
	bool mouse;
};

/*
 * Enter the screen. 0, or -1 and err (no terminal, TERM=dumb or unknown),
 * the terminal untouched. Keys come from standard input where that is a
 * terminal, else from /dev/tty; the same for output.
 *
 * Sets LC_CTYPE. Handles fatal signals and running out of memory
 * (tui/rescue.h); of the others it takes none: SIGINT, SIGTERM, SIGHUP, SIGTSTP,
 * SIGCONT and SIGWINCH are the loop's. Ctrl-C, Ctrl-Z and Ctrl-\ arrive as
 * keys.
 */
int term_open(const struct term_options *o, struct err *err);
/* Leave it; idempotent. */
void term_close(void);
/* Leave it in a hurry: async-signal-safe, nothing of term may be used after it but term_close(). */
void term_restore(void);

/* Colours from now on. Where there are none, the theme "mono" is used instead. */
void term_theme(const struct theme *t);
void term_size(int *w, int *h);  /* after a resize: term_resized() first */
void term_resized(void);         /* on SIGWINCH */
bool term_utf8(void);            /* the locale can show more than ASCII */
int term_colors(void);           /* 0: mono */

/*
 * Show the grid; only what changed is sent, and nothing when nothing changed.
 * cursor_x < 0 hides the terminal's cursor.
 */
void term_draw(const struct grid *g, int cursor_x, int cursor_y);
/* Everything again at the next term_draw() (Ctrl-L, SIGCONT). */
void term_redraw(void);

/*
 * SIGTSTP, or Ctrl-Z: leave the screen and stop the job; returns after SIGCONT,
 * size taken anew. The screen comes back with the next term_draw().
 */
void term_suspend(void);

/* Copy text to the clipboard of the terminal (OSC 52). */
void term_copy(struct span text);

/* For poll(): where keys come from. */
int term_fd(void);

struct term_mouse { int x, y; bool press, release, wheel_up, wheel_down, double_click, drag; };
/*
 * The next key (tui/key.h), without waiting: KEYC_NONE when there is none.
 * KEYC_HANGUP, again and again, when the terminal is gone: the program has to
 * end. *mouse is filled for KEYC_MOUSE.
 *
 * Take keys until KEYC_NONE before sleeping on term_fd(): curses may have read
 * more than it gave back. An Escape that may begin a sequence is waited for,
 * 25 ms at most.
 */
uint32_t term_key(struct term_mouse *mouse);

#endif
