/*
 * block: a run of records of one source, in file order.
 *
 * Bulk data lives in blocks that are freed whole. A block has the bytes
 * (in memory or at home, see home.h: nobody above may know), a column per thing that every
 * record has, and a sparse list of what records say about requests. Names of
 * loggers and routes are numbers of the block's own tables, so that a block can
 * be made by a worker that shares nothing; the engine maps them to its own
 * numbers when it takes the block over.
 *
 *   row        0        1        2      ...
 *   time       ns       ns       ns           record's own, or inherited
 *   offset     0        311      640          of its first byte
 *   size       310      328      1204         without the last line end
 *   logger     2        0        2            number in `loggers`
 *   level      INFO     ERROR    NONE
 *   format     JSON     JSON     RAW
 *   flags      OWN_TIME ...
 *
 * An open block grows at its end; a sealed one never changes, but for its
 * hits. Invariants: offset ascends, offset[i] + size[i] <= len, first and last
 * bound every time (block_check).
 */
#ifndef CORE_BLOCK_H
#define CORE_BLOCK_H

#include "core/format.h"
#include "core/grams.h"
#include "core/home.h"
#include "core/intern.h"
#include "core/record.h"

/* A position in a source is generation << 48 | offset in the file (source.h). */
#define POSITION_OFFSET ((UINT64_C(1) << 48) - 1)

enum {
	ROW_OWN_TIME = 1 << 0,
	ROW_CUT = 1 << 1,
	ROW_BROKEN = 1 << 2,
	ROW_ODD = 1 << 3,  /* says a status or a duration that is no number for a part */
	ROW_PATH = 1 << 4, /* says a path or a route */
};

/* What a record says about a request; only records that say something have one. */
enum {
	PART_FAILED = 1 << 0, /* carries an exception, or is an ERROR or worse */
	PART_ALONE = 1 << 1,  /* a request by itself: an access line, or no id */
	PART_START = 1 << 2,  /* has a path, and neither status nor duration */
	PART_FUNCTION = 1 << 3, /* the duration is a task's or a function's */
};
struct part {
	uint64_t id_hash;  /* of the request id, 0: none */
	double duration;   /* seconds, negative: none */
	uint32_t row;
	uint32_t route;    /* number in `routes`, or INTERN_NONE */
	uint16_t status;   /* 0: none */
	uint8_t flags;     /* PART_* */
} __attribute__((packed, aligned(4)));

/* Which rows a selection has; see selection.h. */
struct hit_second {
	int64_t at; /* when it begins */
	uint32_t level[LEVEL_COUNT];
};
struct hits {
	uint64_t *bits;      /* owned; a bit per row that matches, and behind them: */
	uint64_t *seen;      /* a bit per 64 rows that were looked at */
	uint32_t words;      /* of bits, allocated */
	uint32_t rows;       /* of the block when it was looked at */
	uint32_t looked;     /* bits set in `seen` */
	uint32_t count;      /* rows that match */
	uint32_t generation; /* of the selection that made it */
	struct hit_second *seconds; /* owned; those that match, by time and level: see hit_levels.c */
	uint32_t n_seconds;
	bool counted;        /* `seconds` are made, if they are worth it */
	bool open;           /* the block was: its last record may have grown */
	bool busy;           /* a worker looks at it */
	bool here;           /* no worker can */
};
enum { HITS_FILTER, HITS_SEARCH, HITS_CENSUS, HITS_COUNT };

struct block {
	uint64_t seq;    /* given by the ring; 0 before */
	unsigned source;
	uint64_t pos;    /* position of bytes[0] in the source (source.h) */

	char *bytes;     /* owned; NULL when they are not in memory: use block_record() */
	size_t len, cap;
	struct home home; /* where else they are */
	unsigned pins;   /* held by so many: neither evicted nor moved */
	bool stays;      /* its bytes stay in memory: they would not get smaller */
	size_t loaded;   /* bytes of the file that it was made of, cut ones included */

	uint32_t n, rows_cap;
	int64_t *time;
	uint32_t *offset, *size;
	uint16_t *logger;
	uint8_t *level, *format, *flags;
	uint32_t *order; /* rows by time, NULL when they stand in that order */

	struct part *parts; /* by row */
	uint32_t n_parts, parts_cap;
	struct intern loggers, routes;
	uint32_t *logger_map, *route_map; /* to the engine's numbers, made at take-over */
	uint32_t logger_mapped, route_mapped;

	int64_t first, last; /* times held */
	uint32_t level_count[LEVEL_COUNT];
	uint32_t lines, cut, broken;
	bool sealed;
	struct tally *tally; /* owned; made with the block, taken over by the engine; NULL: none */
	struct hits hits[HITS_COUNT];
	struct grams *grams; /* what its bytes do not hold; NULL: not made yet */

	/* What others have in their books of this block: they add what is new. */
	struct {
		uint32_t rows;
		size_t memory, resident, len;
	} ring;
	struct {
		uint32_t rows, lines, cut, broken;
		uint32_t secrets; /* rows that were looked at for secrets */
	} engine;
};

/* `file`: the one that its bytes are in, the reference is taken over; NULL for a stream. */
struct block *block_new(unsigned source, uint64_t pos, struct source_file *file);
void block_free(struct block *b);

/* Room for n more bytes; returns where they go. The caller adds to len. */
char *block_room(struct block *b, size_t n);

/* Append a record; its bytes are already there. */
void block_add(struct block *b, uint32_t offset, uint32_t size, int64_t time, unsigned flags,
	       const struct format *format, const struct parsed *parsed);
/* The last record goes on to `end` (a continuation line). */
void block_extend(struct block *b, uint32_t end);

/*
 * No more records will come. Rows before the first known time get that time,
 * or `fallback` where no row has one; memory is trimmed.
 */
void block_seal(struct block *b, int64_t fallback);

/* The row that is the i-th by time. */
static inline uint32_t
block_row(const struct block *b, uint32_t i)
{
	return b->order ? b->order[i] : i;
}

/* What a record says about a request, NULL for nothing; and the first such at or after a row. */
const struct part *block_part(const struct block *b, uint32_t row);
const struct part *block_parts_from(const struct block *b, uint32_t row);

/*
 * Lend bytes [from, from + n): with block_record, the one door to the bytes. They
 * are good until the loan is used again, or the block grows or moves. SPAN_NONE:
 * they cannot be had from where they were. Any thread may call this for a block
 * that is sealed and pinned, with a loan of its own.
 */
struct span block_bytes(const struct block *b, size_t from, size_t n, struct loan *loan);

/*
 * Lend a record: fills what record.h says the lender fills, but for `source` and
 * `parser`, from the record's own loan. false, with no bytes, where block_bytes has none.
 */
bool block_record(const struct block *b, uint32_t row, struct record *r);

/* Its bytes leave memory; they must have a home. */
void block_evacuate(struct block *b);

/*
 * Keep it, and its bytes where they are, while a worker looks at it. false: its
 * bytes cannot be read now. Loop thread.
 */
bool block_pin(struct block *b);
void block_unpin(struct block *b);

/* The bytes could not be read: look for them where they may have gone. false: they are gone for good. Loop thread. */
bool block_recover(struct block *b);

/* Bytes of memory it holds, and what part of it are its bytes. */
size_t block_memory(const struct block *b);
size_t block_resident(const struct block *b);

void block_check(const struct block *b);

#endif
