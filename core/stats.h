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

#include "core/block.h"
#include "core/request.h"
#include "core/sketch.h"

/* Values kept for exact quantiles: 4 M doubles, 32 MiB. */
#define STATS_VALUES_MAX (4u << 20)

struct durations {
	struct sketch sketch;
	double *values;    /* owned; NULL when they are not kept */
	size_t n, cap;
	bool keep, sorted;
	double slow;       /* seconds; more than this is slow */
	uint64_t slow_count;
};

void durations_init(struct durations *d, double slow, bool keep);
void durations_release(struct durations *d);
void durations_add(struct durations *d, double seconds);
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

void stats_init(struct stats *s, double slow, bool keep_values);
void stats_release(struct stats *s);

/* Add a row of a block; `logger` is the engine's number. */
void stats_row(struct stats *s, const struct block *b, uint32_t row, uint32_t logger);
/* Add what a row says about a request. `route` is the name "METHOD /route/", empty for none. */
void stats_part(struct stats *s, const struct part *p, struct span route);
void stats_request(struct stats *s, const struct request *q);

#endif
