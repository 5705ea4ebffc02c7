/*
 * marks: records that a person wants to find again, by their places.
 */
#ifndef TUI_MARKS_H
#define TUI_MARKS_H

#include "core/ring.h"

/* Zero-initialised is good. */
struct marks {
	struct place *v; /* owned; in merged order */
	size_t n, cap;
};

/* Mark what is not, or take the mark away; whether it is marked now. */
bool marks_toggle(struct marks *m, struct place at);
bool marks_has(const struct marks *m, struct place at);
/* The first one after a place, or the first of all; SIZE_MAX: there is none. */
size_t marks_after(const struct marks *m, struct place at);
void marks_release(struct marks *m);

#endif
