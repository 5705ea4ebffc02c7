/*
 * hit_marks: what a search hit within a text, for the panes that show it.
 */
#ifndef TUI_HIT_MARKS_H
#define TUI_HIT_MARKS_H

#include "core/query.h"
#include "tui/canvas.h"
#include "tui/lens.h"

/* The search in force, compiled for a pane of its own. Begins with zeros. */
struct hit_marks {
	struct query *query; /* owned; NULL: nothing is searched for */
	char *text;          /* owned; what it was compiled from */
};

/* Compile the lens's search, if it is another one than before. */
void hit_marks_learn(struct hit_marks *m, const struct lens *l);
void hit_marks_release(struct hit_marks *m);

/* A part of a text, drawn at (x, y) in w columns. */
struct hit_line {
	struct span all;  /* the text */
	struct span part; /* of it, on this line */
	int x, y, w;
};
/* Mark the hits in a line that is drawn; whether there were any. */
bool hit_marks_draw(const struct hit_marks *m, struct canvas *c, const struct hit_line *line);

#endif
