/*
 * stats: totals over everything that was read (within --since and --until),
 * for the report and the statistics pane.
 *
 * Order does not matter: blocks may be taken over in any. Durations are held
 * as values up to a limit, so that quantiles are exact for what people
 * compare by hand, and as a sketch always.
 */
#ifndef CORE_STATS_H
#define CORE_STATS_H

#include "core/request.h"
#include "core/tally.h"

struct durations {
	struct sketch sketch;
	double *values;    /* owned, in any order; NULL when they are not kept */
	size_t n, cap;
	size_t most;       /* values to keep; 0: none */
	double slow;       /* seconds; more than this is slow */
	uint64_t slow_count;
};

/* Up to `most` values are kept for exact quantiles. */
void durations_init(struct durations *d, double slow, size_t most);
void durations_release(struct durations *d);
void durations_add(struct durations *d, double seconds);
/* Add all that a tally has. */
void durations_take(struct durations *d, const struct tally *t);
/* sorted[int(n * q)]: exact while every value is held, else within 1 %. */
double durations_quantile(struct durations *d, double q);

/* Counts by a number that is interned elsewhere. */
struct counts {
	uint64_t *v;
	uint32_t n;
};
void counts_add(struct counts *c, uint32_t key, uint64_t n);
void counts_release(struct counts *c);

struct stats {
	uint64_t records;                 /* that a format read */
	uint64_t unparsed;                /* lines that belong to no record */
	uint64_t lines, cut, broken;
	uint64_t by_level[LEVEL_COUNT];
	uint64_t by_format[FORMAT_COUNT];
	uint64_t by_status[1000];
	struct counts by_logger, by_source;
	struct intern methods;
	struct counts by_method;
	struct durations performance;     /* every record with a duration */
	struct durations requests;        /* every request once */
	struct minutes { int64_t minute; uint64_t count; } *minutes; /* open addressing, by minute of UTC */
	size_t minutes_n, minutes_cap;
};

/* Up to `values` durations of records and as many of requests are kept as they are. */
void stats_init(struct stats *s, double slow, size_t values);
void stats_release(struct stats *s);

/* Add a block's tally; loggers[i] is the engine's number for the block's logger i, or INTERN_NONE. */
void stats_take(struct stats *s, const struct block *b, const struct tally *t, const uint32_t *loggers);
void stats_request(struct stats *s, const struct request *q);

#endif
