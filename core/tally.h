/*
 * tally: what rows of a block add to the books: totals, and counts by the second.
 *
 * It is a pure function of the rows, so the worker that makes a block can make
 * its tally; the engine then adds sums instead of records. Loggers and routes
 * are the block's own numbers.
 */
#ifndef CORE_TALLY_H
#define CORE_TALLY_H

#include "core/block.h"
#include "core/sketch.h"

/* What is counted at all, and what is slow. */
struct tally_bounds {
	int64_t since, until; /* [since, until); TIME_NONE: no bound */
	double slow;          /* seconds; more than this is slow */
};

static inline bool
tally_counts(const struct tally_bounds *b, int64_t t)
{
	return t >= b->since && (b->until == TIME_NONE || t < b->until);
}

/* The class of a status: 5 for 503; 0 for what is none of 100 to 599. */
static inline unsigned
tally_class(unsigned status)
{
	return status < 600 ? status / 100 : 0;
}

/* Records of one logger or status class within a second. */
struct tally_cell {
	uint32_t id;     /* number in the block's `loggers`, or tally_class() */
	uint32_t count, errors;
	bool is_status;
};

/* Records with times of their own within a second; a second may come several times. */
struct tally_second {
	int64_t at, newest; /* when it begins, and the newest time in it */
	uint32_t level[LEVEL_COUNT];
	uint32_t parsed;    /* that a format read */
	uint32_t cells;     /* of the tally's cells, behind those of the seconds before */
};

struct tally {
	uint32_t from, to;  /* rows [from, to) */
	uint64_t records;   /* that a format read; by_level and by_logger are of these */
	uint64_t unparsed;
	uint32_t by_level[LEVEL_COUNT], by_format[FORMAT_COUNT], by_status[1000];
	uint32_t *by_logger, *by_route; /* owned; by number; by_route: records that name it */
	uint32_t loggers, routes;       /* numbers there are */
	double *durations;              /* owned; as they came */
	size_t n_durations, durations_cap;
	struct sketch latency;          /* of these */
	uint64_t slow;                  /* of these */
	int64_t oldest;                 /* own time, TIME_NONE: none */
	struct tally_second *seconds;   /* owned */
	size_t n_seconds, seconds_cap;
	struct tally_cell *cells;       /* owned */
	size_t n_cells, cells_cap;
};

/* Of rows [from, to). Touches nothing else. */
struct tally *tally_new(const struct block *b, uint32_t from, uint32_t to, const struct tally_bounds *bounds);
void tally_free(struct tally *t); /* NULL is fine */

#endif
