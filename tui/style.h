/*
 * style: roles. Panes say what a cell means ("this is an error", "this is a
 * label"), a theme says what that looks like. A role names a parent; what a
 * theme does not set is its parent's, up to NORMAL, which is the terminal's
 * own colours.
 */
#ifndef TUI_STYLE_H
#define TUI_STYLE_H

#include "core/level.h"

#include <stdbool.h>
#include <stdint.h>

#define ROLES(X)                                                               \
	/* id, name in themes, parent, what it is for */                       \
	X(NORMAL, "normal", NORMAL, "plain text, the terminal's own colours")  \
	X(DIM, "dim", NORMAL, "labels, zeros, units, what is there but not news") \
	X(BRIGHT, "bright", NORMAL, "key figures")                             \
	X(ACCENT, "accent", NORMAL, "focus and keys")                          \
	X(TITLE, "title", DIM, "title of a pane")                              \
	X(TITLE_FOCUS, "title-focus", ACCENT, "title of the focused pane")     \
	X(BORDER, "border", DIM, "lines between panes")                        \
	X(STATUS, "status", NORMAL, "status line")                             \
	X(LIVE, "live", ACCENT, "the word LIVE")                               \
	X(PAUSED, "paused", WARNING, "the word PAUSED and its count")          \
	X(HINT, "hint", DIM, "what a key would do, last row")                  \
	X(HINT_KEY, "hint-key", ACCENT, "the key itself")                      \
	X(CURSOR, "cursor", ACCENT, "the row or bucket under the cursor")      \
	X(MATCH, "match", ACCENT, "what a search hit")                         \
	X(LABEL, "label", DIM, "column heads, axis labels, field names")       \
	X(VALUE, "value", NORMAL, "field values")                              \
	X(TIME, "time", DIM, "times of records")                               \
	X(LOGGER, "logger", DIM, "loggers and sources of records")             \
	X(ESCAPED, "escaped", DIM, "stand-ins for bytes that may not be shown") \
	X(TRACE, "trace", DIM, "level TRACE")                                  \
	X(DEBUG, "debug", DIM, "level DEBUG")                                  \
	X(INFO, "info", NORMAL, "level INFO")                                  \
	X(WARNING, "warning", NORMAL, "level WARNING, slow requests")          \
	X(ERROR, "error", NORMAL, "level ERROR, failed requests")              \
	X(CRITICAL, "critical", ERROR, "level CRITICAL")                       \
	X(CHART, "chart", NORMAL, "bars without a level")                      \
	X(GOOD, "good", NORMAL, "better than before")                          \
	X(PROMPT, "prompt", ACCENT, "the prompt's sign")                       \
	X(MESSAGE_ERROR, "message-error", ERROR, "messages about mistakes") \
	/* a log's own colours, in the order of their ANSI numbers */             \
	X(ANSI_RED, "ansi-red", NORMAL, "text that the log itself has in red") \
	X(ANSI_GREEN, "ansi-green", NORMAL, "the same in green")               \
	X(ANSI_YELLOW, "ansi-yellow", NORMAL, "the same in yellow")            \
	X(ANSI_BLUE, "ansi-blue", NORMAL, "the same in blue")                  \
	X(ANSI_MAGENTA, "ansi-magenta", NORMAL, "the same in magenta")         \
	X(ANSI_CYAN, "ansi-cyan", NORMAL, "the same in cyan")

enum role {
#define X(id, name, parent, what) ROLE_##id,
	ROLES(X)
#undef X
	ROLE_COUNT
};

struct role_info {
	const char *name;
	enum role parent;
	const char *what;
};
extern const struct role_info role_info[ROLE_COUNT];

enum role role_of_level(enum level level);

enum {
	ATTR_BOLD = 1 << 0,
	ATTR_DIM = 1 << 1,
	ATTR_UNDERLINE = 1 << 2,
	ATTR_REVERSE = 1 << 3,
	ATTR_ITALIC = 1 << 4,
	/*
	 * The glyph is an area, not a letter: a bar. It is shown in the colour that the role has to the
	 * eye, which for a look in reverse, or with a background of its own, is not the foreground.
	 */
	ATTR_SOLID = 1 << 5,
};

/* A colour as a theme writes it: "default", a name or number of the palette, or #rrggbb. */
enum { COLOR_UNSET = -2, COLOR_DEFAULT = -1, COLOR_RGB = 1 << 24 };

struct look {
	int32_t fg, bg; /* COLOR_UNSET, COLOR_DEFAULT, 0..255, or COLOR_RGB | rrggbb */
	uint8_t attrs;
	bool attrs_set;
};

#endif
