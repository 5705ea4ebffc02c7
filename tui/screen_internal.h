/* The inside of the screen, for screen*.c only. */
#ifndef TUI_SCREEN_INTERNAL_H
#define TUI_SCREEN_INTERNAL_H

#include "tui/layout.h"
#include "tui/lens.h"
#include "tui/menu.h"
#include "tui/pane.h"
#include "tui/path_words.h"
#include "tui/prompt.h"
#include "tui/screen.h"

struct export;

/* On the way to the next record of a kind: screen_search.c. */
struct walk {
	bool on;
	enum view_find what;
	struct leg {
		struct place from;
		int direction;
	} legs[2];
	int n, leg;   /* there are; is on */
	bool round;   /* the second leg goes on from the other end */
};

struct screen {
	struct engine *engine;
	struct export *export;  /* owned; records that are being written, or NULL */
	struct screen_options o;
	struct lens lens;
	struct pane *pane[SLOT_PANES];
	struct layout layout;
	struct layout_wish wish;
	int w, h;
	struct grid grid;
	int focus;              /* slot */
	bool lent;              /* the one that has the focus has the whole screen for want of room elsewhere */
	struct prompt prompt;
	struct path_words paths; /* to complete one with */
	struct menu menu;
	char theme[32];         /* the name of the one in force */
	char *search_before;    /* owned: the search while another is typed */
	size_t editing;         /* the filter that is typed anew; SIZE_MAX: a new one is */
	char message[400];      /* "": none */
	bool message_error;
	/* The trouble with a source that was last told of. */
	char told[sizeof ((struct view_status *)NULL)->message];
	int64_t silence_told;   /* when the last source to be told of fell silent */
	bool telling_silence;   /* the message is of that */
	bool held_following;    /* the log followed when the screen was held */
	uint64_t detail_of;     /* record */
	struct walk walk;

	struct view_status status;
	bool wanted;            /* by a command: ask the engine for everything */
	unsigned again;         /* by a pane: a bit for each slot that is to be asked for */
	bool stale;
	int settling;           /* rounds of asking for numbers that are left */
	uint64_t version;       /* of the engine when it was last asked */
	int64_t mono;                     /* of the last frame, ns */
	int64_t numbers_at, refreshed_at; /* the same clock: numbers were asked for */
};

static inline struct pane *
screen_log(struct screen *s)
{
	return s->pane[SLOT_LOG];
}

void screen_layout(struct screen *s);
void screen_focus(struct screen *s, int slot);
/* Ask for one pane in the next frame; returns EFFECT_REDRAW. */
int screen_ask_again(struct screen *s, int slot);
/* Run a command as if its key was pressed. */
int screen_command(struct screen *s, enum command c);

int screen_set_theme(struct screen *s, const char *name);
/* A message that is no mistake; returns EFFECT_REDRAW. */
int screen_say(struct screen *s, const char *text);

/* The commands that no pane takes. */
typedef int screen_handler(struct screen *s);
int screen_common_command(struct screen *s, enum command c);
extern screen_handler *const screen_narrow_handlers[CMD_COUNT], *const screen_sources_handlers[CMD_COUNT],
	*const screen_export_handlers[CMD_COUNT], *const screen_filters_handlers[CMD_COUNT],
	*const screen_search_handlers[CMD_COUNT], *const screen_time_handlers[CMD_COUNT];

/* The source under the cursor hidden, or shown alone, or no longer so. */
int screen_toggle_source(struct screen *s, bool hide);
/* Write what is shown to a file: the kind, and a name or none. */
int screen_export(struct screen *s, const char *arg);
/* What is being written goes; false when nothing is. */
bool screen_export_stop(struct screen *s);
/* Write on; true when there was something to do. */
bool screen_export_work(struct screen *s, int64_t deadline);
/* Read one more file, folder or glob. */
int screen_open(struct screen *s, const char *path);

/* The list of filters goes away. */
int screen_close_filters(struct screen *s);
/* Save what is filtered under a name, in the config file. */
int screen_save_filter(struct screen *s, const char *name);
/* Narrow to a query, as a step that Esc takes back; the log gets the focus. */
int screen_narrow(struct screen *s, const char *query, const char *label);
/* To what is under the cursor of the focused pane, or to everything else. */
int screen_narrow_to_target(struct screen *s, bool exclude);
/* The same, but the focus goes to `focus`. */
int screen_narrow_from(struct screen *s, const char *query, const char *label, int focus);
/* To the bucket or the stretch of the timeline. */
int screen_narrow_to_time(struct screen *s);
/* ":goto TIME", ":window LENGTH", ":around LENGTH" */
int screen_goto(struct screen *s, const char *time);
int screen_window(struct screen *s, const char *length);
int screen_around(struct screen *s, const char *length);
/* -1: there is none. */
int screen_undo_step(struct screen *s);
int screen_menu_key(struct screen *s, uint32_t key);
/* The record under the log's cursor, in full and unmasked, to ask for others by; to be released when true. */
bool screen_record(struct screen *s, struct view_record *out);

/* The prompt: open it, feed it, and what there is to say about what it holds. */
int screen_ask(struct screen *s, enum prompt_kind kind, struct span text);
int screen_prompt_key(struct screen *s, uint32_t key);
void screen_prompt_note(struct screen *s);

/* The search that is typed, given up and entered; and of ":search". */
int screen_search_typed(struct screen *s, const char *text);
int screen_search_left(struct screen *s);
int screen_search_done(struct screen *s, const char *text);
int screen_search_verb(struct screen *s, const char *query);
/* Go on looking for the next record; true when there was something to do. */
bool screen_find_work(struct screen *s, int64_t deadline);
/* Look no further; false when nothing was looked for. */
bool screen_find_stop(struct screen *s);
/* The log's cursor was put elsewhere. */
int screen_went_along(struct screen *s);

#endif
