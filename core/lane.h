/*
 * lane: one source read forwards, for who wants each record once and keeps
 * none.
 *
 * Records are handed out in the order of the source, each when it is
 * complete: the next one has begun, or it takes no further lines, or
 * lane_settle() was called. The memory held is the open block, up to a
 * megabyte, and what was read but not yet handed out.
 */
#ifndef CORE_LANE_H
#define CORE_LANE_H

#include "core/intake.h"

struct lane {
	struct intake intake;
	struct block **blocks; /* owned, oldest first; the last may be open */
	size_t n, cap;
	uint32_t row;          /* of blocks[0], the next to be handed out */
	uint64_t cut;          /* lines that were longer than a line may be, in blocks that are gone */
};

/* The source is borrowed, and open or not. */
void lane_init(struct lane *l, struct source *s, const struct format *only);
void lane_release(struct lane *l);

/* Read about `limit` bytes: true when there is more. `now`: see intake_pull. */
bool lane_pull(struct lane *l, size_t limit, int64_t now);

/* The next complete record: its block, and *row; NULL when there is none yet. */
struct block *lane_next(struct lane *l, uint32_t *row);
/* It was dealt with. */
void lane_pass(struct lane *l);

/* A record was begun that may still get lines. */
bool lane_pending(const struct lane *l);
/* It may well: half a line stands behind it, or it is an error, whose traceback is often written in pieces. */
bool lane_patient(const struct lane *l);
/* It gets none: a line that would have gone on with it becomes a record of its own. */
void lane_settle(struct lane *l);

/* Lines that were cut so far. */
uint64_t lane_cut(const struct lane *l);

#endif
