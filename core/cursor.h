/*
 * cursor: walks the held records in merged order, forwards or backwards, only
 * those that a selection has.
 */
#ifndef CORE_CURSOR_H
#define CORE_CURSOR_H

#include "core/ring.h"
#include "core/selection.h"

struct cursor {
	struct selection *selection; /* may be NULL: every record */
	int direction;               /* +1 or -1 */
	enum level least;            /* only records of this level or worse; LEVEL_NONE at first: all */
	struct cursor_run {          /* a block and the next row by time in it */
		struct block *block;
		uint32_t at;
	} *heap;                     /* nearest first */
	size_t n, cap;
	int64_t deadline;            /* clock_mono ns, INT64_MAX at first; see cursor_next */
	bool cut;                    /* the deadline came before the next record was found */
};

/*
 * Stand just after (direction +1) or just before (-1) a place. The cursor is
 * good until the ring changes. Release it when done.
 */
void cursor_seek(struct cursor *c, const struct ring *r, struct selection *s, struct place from, int direction);
/*
 * The next record: its block, and *row; NULL at the end, or, with `cut`, where
 * the deadline has passed and records would have to be looked at that the selection
 * does not know yet. What it knows is walked whatever the time.
 */
struct block *cursor_next(struct cursor *c, uint32_t *row);
void cursor_release(struct cursor *c);

#endif
