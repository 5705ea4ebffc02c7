/*
 * ring: the blocks that are held, within a budget of bytes.
 *
 * The oldest block (by its newest record) is evicted whole. Before that, the bytes
 * of older blocks leave memory: to the file they came from, or compressed. A record is named
 * by a number, `seq of its block << 24 | row`; "gone" is a normal answer. A
 * place is where a record stands in the merged order of all sources, and stays
 * meaningful when the record is gone.
 */
#ifndef CORE_RING_H
#define CORE_RING_H

#include "core/block.h"

#define RECORD_NONE 0

struct ring {
	struct block **blocks; /* by seq */
	size_t n, cap;
	uint64_t next_seq;
	size_t bytes;          /* held by the blocks, kept by ring_account */
	size_t resident;       /* of these, the bytes of logs */
	size_t warm;           /* so many may be resident before the oldest go home */
	size_t log_bytes;      /* of logs that they stand for */
	size_t budget;
	uint64_t records;      /* held */
	uint64_t evicted;      /* records evicted */
	int64_t evicted_to;    /* newest time that was evicted, TIME_NONE: nothing was */
};

/* Merged order: time, then source, then position in the source. */
struct place {
	int64_t time;
	unsigned source;
	uint64_t pos;
};

#define PLACE_FIRST ((struct place){ INT64_MIN, 0, 0 })
#define PLACE_LAST ((struct place){ INT64_MAX, UINT32_MAX, UINT64_MAX })

int place_cmp(struct place a, struct place b);

static inline uint64_t
record_id(const struct block *b, uint32_t row)
{
	return b->seq << 24 | row;
}

static inline struct place
block_place(const struct block *b, uint32_t row)
{
	return (struct place){ b->time[row], b->source, b->pos + b->offset[row] };
}

void ring_init(struct ring *r, size_t budget);
void ring_release(struct ring *r);

/* Take a block (it may still be open). The ring owns it. */
void ring_add(struct ring *r, struct block *b);
/* The block grew or shrank: bring the sums up to date. */
void ring_account(struct ring *r, struct block *b);
/* The next block whose bytes should leave memory, NULL: none. */
struct block *ring_coldest(struct ring *r);
/* Evict until the budget holds; open and pinned blocks stay. Calls `gone` before each. */
void ring_trim(struct ring *r, void (*gone)(void *arg, struct block *b), void *arg);

/* The block and row of a record; NULL when it is gone. */
struct block *ring_find(const struct ring *r, uint64_t id, uint32_t *row);

#endif
