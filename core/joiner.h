/*
 * joiner: bytes to lines to records.
 *
 * Frames the bytes of a block into lines, decides for each whether it starts a
 * record or goes on with the one before, and adds the records. A line without
 * its line end waits until it has one (or joiner_finish). It is used for bulk
 * (a whole chunk at once, on a worker) and for what is appended live, with the
 * same result.
 */
#ifndef CORE_JOINER_H
#define CORE_JOINER_H

#include "core/block.h"

/* A line longer than this is cut: its head is the record, the rest is counted and dropped. */
#define LINE_MAX_BYTES (1u << 20)
/* A record of several lines ends at this size; what follows is raw. */
#define RECORD_MAX_BYTES (4u << 20)

struct joiner {
	struct parser parser;
	struct block *block;
	size_t framed;      /* bytes of the block that are taken in */
	size_t searched;    /* bytes known to hold no further line end */
	int64_t time;       /* of the last record with one, TIME_NONE before it */
	int64_t fallback;   /* for records while no time is known, TIME_NONE: leave it to block_seal */
	bool goes_on;       /* the last record takes continuation lines */
	bool skipping;      /* inside the rest of a cut line */
	bool timed;         /* a record of this source had a time of its own */
};

void joiner_init(struct joiner *j, const struct format_memory *memory, const struct format *only);
void joiner_release(struct joiner *j);

/* Work on this block from its `at`-th byte on; the parser's memory goes on. */
void joiner_start(struct joiner *j, struct block *b, size_t at);

/* The block was emptied: go on at its front, still skipping if it was. */
void joiner_restart(struct joiner *j);

/*
 * Take in the whole lines there are. `target` is the size past which the block
 * should end: then it stops before the next line that starts a record, and
 * returns true: seal the block and start another with bytes from j->framed on.
 * SIZE_MAX: never stop.
 */
bool joiner_feed(struct joiner *j, size_t target);

/* The unfinished last line is a line: the file ends here, or another begins. */
void joiner_finish(struct joiner *j);

/*
 * Where the first record starts in `bytes`, which begins somewhere inside a
 * file: the offset of the first line after the first line end that starts a
 * record, or -1 when there is none.
 */
ptrdiff_t joiner_find_start(struct parser *p, struct span bytes);

#endif
