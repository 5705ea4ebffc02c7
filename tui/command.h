/*
 * command: everything a key or `:` can ask for, in one table.
 *
 * The table feeds the enum, the key bindings, the help pane, completion, the
 * hints and the man page. Adding a command is adding a row.
 */
#ifndef TUI_COMMAND_H
#define TUI_COMMAND_H

#include "core/span.h"

#define COMMANDS(X)                                                            \
	/* id, name, group, what it does */                                    \
	X(UP, "up", MOVE, "one row up")                                        \
	X(DOWN, "down", MOVE, "one row down")                                  \
	X(LEFT, "left", MOVE, "left: earlier bucket, previous column")         \
	X(RIGHT, "right", MOVE, "right: later bucket, next column")            \
	X(PAGE_UP, "page-up", MOVE, "one page up")                             \
	X(PAGE_DOWN, "page-down", MOVE, "one page down")                       \
	X(FIRST, "first", MOVE, "to the first")                                \
	X(LAST, "last", MOVE, "to the last, and follow")                       \
	X(OPEN, "open", MOVE, "narrow to the records behind it; open a record") \
	X(BACK, "back", MOVE, "one step back")                                 \
	X(PANE_NEXT, "pane-next", PANES, "next pane")                          \
	X(PANE_PREVIOUS, "pane-previous", PANES, "previous pane")              \
	X(PANE_1, "pane-1", PANES, "errors over time")                         \
	X(PANE_2, "pane-2", PANES, "levels")                                   \
	X(PANE_3, "pane-3", PANES, "requests")                                 \
	X(PANE_4, "pane-4", PANES, "log")                                      \
	X(SOURCES, "sources", PANES, "sources: what is read, and how it goes")  \
	X(ZOOM_PANE, "zoom-pane", PANES, "pane on the full screen, and back")  \
	X(SORT, "sort", PANES, "sort by the next column")                      \
	X(SORT_REVERSE, "sort-reverse", PANES, "turn the order round")         \
	X(CLOSE, "close", PANES, "stop reading the source, or go on with it")  \
	X(RESTART, "restart", PANES, "run the command again whose output it is") \
	X(SEARCH, "search", FIND, "search: words, \"phrases\", /regex/, field=value") \
	X(SEARCH_NEXT, "search-next", FIND, "next hit")                        \
	X(SEARCH_PREVIOUS, "search-previous", FIND, "previous hit")            \
	X(NEXT_ERROR, "next-error", FIND, "next error")                        \
	X(PREVIOUS_ERROR, "previous-error", FIND, "previous error")            \
	X(NEXT_WARNING, "next-warning", FIND, "next warning or worse")         \
	X(PREVIOUS_WARNING, "previous-warning", FIND, "previous warning or worse") \
	X(MARK, "mark", FIND, "mark the record, or take its mark away")        \
	X(NEXT_MARK, "next-mark", FIND, "next marked record")                  \
	X(FILTER, "filter", FILTER, "keep only what matches a query")          \
	X(EXCLUDE, "exclude", FILTER, "hide what is like the thing under the cursor") \
	X(KEEP, "keep", FILTER, "keep only what is like the thing under the cursor") \
	X(FILTER_POP, "filter-pop", FILTER, "drop the last filter")            \
	X(FILTER_CLEAR, "filter-clear", FILTER, "drop all filters")            \
	X(FILTERS, "filters", FILTER, "the list of filters: what each keeps and hides") \
	X(FILTER_TOGGLE, "filter-toggle", FILTER, "switch the listed filter on or off (there: Space)") \
	X(FILTER_EDIT, "filter-edit", FILTER, "edit the listed filter (there: e)") \
	X(FILTER_DROP, "filter-drop", FILTER, "drop the listed filter")        \
	X(UNFILTERED, "unfiltered", FILTER, "what there would be without filters, and back") \
	X(NOW_ON, "now-on", FILTER, "only what comes from now on")             \
	X(LEVEL_DOWN, "level-down", FILTER, "show lower levels too")           \
	X(LEVEL_UP, "level-up", FILTER, "hide the lowest level shown")         \
	X(TRACE, "trace", FILTER, "only the records of this request")          \
	X(TIME_IN, "time-in", TIME, "zoom in: shorter buckets")                \
	X(TIME_OUT, "time-out", TIME, "zoom out: longer buckets")              \
	X(WINDOW_EARLIER, "window-earlier", TIME, "window back by half")       \
	X(WINDOW_LATER, "window-later", TIME, "window forward by half")        \
	X(SELECT, "select", TIME, "mark a stretch of time; Enter narrows to it") \
	X(AROUND, "around", TIME, "what was within a minute of the record, in all files") \
	X(NOW, "now", TIME, "to the newest")                                   \
	X(PAUSE, "pause", TIME, "hold the screen still; records are still taken in") \
	X(WRAP, "wrap", VIEW, "wrap long lines")                               \
	X(EXPLAIN, "explain", VIEW, "how the record was read, and why")        \
	X(THEME, "theme", VIEW, "next theme")                                  \
	X(COPY, "copy", VIEW, "copy the record (works over SSH)")              \
	X(EXPORT, "export", VIEW, "save what is shown to a file: md, raw, json or csv") \
	X(MASK, "mask", VIEW, "show secrets as they are, and mask them again") \
	X(SECRETS, "secrets", VIEW, "count the records that hold secrets, by logger") \
	X(COMMAND, "command", VIEW, "type a command by name")                  \
	X(HELP, "help", VIEW, "this page")                                     \
	X(REDRAW, "redraw", VIEW, "draw the screen anew")                      \
	X(SUSPEND, "suspend", VIEW, "suspend")                                 \
	X(QUIT, "quit", VIEW, "quit")

enum command {
	CMD_NONE,
#define X(id, name, group, what) CMD_##id,
	COMMANDS(X)
#undef X
	CMD_COUNT
};

#define COMMAND_GROUPS(X)                                                      \
	X(MOVE, "Moving")                                                      \
	X(PANES, "Panes")                                                      \
	X(FIND, "Finding")                                                     \
	X(FILTER, "Filtering")                                                 \
	X(TIME, "Time")                                                        \
	X(VIEW, "View and the rest")

enum command_group {
#define X(id, title) GROUP_##id,
	COMMAND_GROUPS(X)
#undef X
	GROUP_COUNT
};

struct command_info {
	const char *name;
	enum command_group group;
	const char *what;
};
extern const struct command_info command_info[CMD_COUNT];
extern const char *const command_group_title[GROUP_COUNT];

enum command command_by_name(struct span name); /* CMD_NONE when there is none */

/* What a command changed, for the screen to act on. Handlers never draw. */
enum effect {
	EFFECT_NONE = 0,
	EFFECT_REDRAW = 1 << 0,   /* draw with the data that is there */
	EFFECT_UPDATE = 1 << 1,   /* ask the engine anew */
	EFFECT_RELAYOUT = 1 << 2,
	EFFECT_QUIT = 1 << 3,
};

#endif
