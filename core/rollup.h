/*
 * rollup: the numbers that outlive the records.
 *
 * Counts by minute (and by second for the newest day) and level, and per
 * minute the requests by route with a latency sketch each. Adding is O(1),
 * a window is answered by merging its minutes. The memory is bounded: beyond
 * the limits the oldest minutes fold into hours, the oldest seconds go, and
 * wild times (a broken clock) cannot make it grow.
 */
#ifndef CORE_ROLLUP_H
#define CORE_ROLLUP_H

#include "core/clock.h"
#include "core/level.h"
#include "core/sketch.h"

struct rollup;

struct rollup *rollup_new(void);
void rollup_free(struct rollup *r);

/*
 * Bytes for requests by route (64 MiB before the first call): what is over it folds, oldest
 * first, into hours. Counts by level are not touched, they have a size of their own (rollup.c).
 */
void rollup_limit(struct rollup *r, size_t bytes);

/* One record with a time of its own. */
void rollup_record(struct rollup *r, int64_t time, enum level level);

/* One finished request. route is the engine's number of "METHOD /route/" (intern.h). */
void rollup_request(struct rollup *r, int64_t time, uint32_t route, double seconds, bool failed,
		    bool slow);

/*
 * Counts per level in [from, to) cut into n buckets of `step` ns each, from
 * `from`; count[i * LEVEL_COUNT + level]. Steps below a minute are answered from
 * the seconds and are 0 where those are gone; steps of a minute and more should
 * be whole minutes and start on one. Minutes that folded stand at the start of their hour.
 */
void rollup_levels(const struct rollup *r, int64_t from, int64_t step, size_t n, uint32_t *count);

/* Totals per level in [from, to), on whole minutes (or seconds where they are held). */
void rollup_level_totals(const struct rollup *r, int64_t from, int64_t to,
			 uint64_t count[LEVEL_COUNT]);

/* What is known of a route in a window. */
struct rollup_route {
	uint32_t route;
	uint64_t count, failed, slow;
	struct sketch latency;
	uint32_t trend[16]; /* p95 in the sixteen equal parts of the window, in ms, 0 for none */
};

/*
 * The routes with requests in the minutes that begin in [from, to), in any order; ROUTE_NONE
 * (request.h) is what has no route, or is one of too many routes. *routes is allocated;
 * free with rollup_routes_free. Well under a frame for 60 minutes x 100 routes.
 */
size_t rollup_routes(const struct rollup *r, int64_t from, int64_t to,
		     struct rollup_route **routes);
void rollup_routes_free(struct rollup_route *routes, size_t n);

/* First and last minute with records (the first hour where they folded); false when empty. */
bool rollup_range(const struct rollup *r, int64_t *first, int64_t *last);
size_t rollup_memory(const struct rollup *r);

#endif
