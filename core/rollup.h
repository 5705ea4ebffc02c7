/*
 * rollup: the numbers that outlive the records.
 *
 * How many of each level, logger, source, status class and route there were in
 * every second of the newest day, every minute of the newest week and every hour
 * before, and how long the requests of a route took in every minute and hour
 * (within 1 %, sketch.h). A window is answered by merging: whole hours, at its edges minutes,
 * at their edges seconds.
 *
 * Bounds. "The newest day" is 1,440 minutes that have records, "the newest week"
 * 10,080, so gaps cost nothing, and a broken clock takes one minute from them
 * and no more. Counts by level have a size of their own, at most 10 MB. All
 * else shares the limit: beyond it the oldest seconds go, then the oldest
 * minutes (their hours have them), then the oldest hours fold into one. In a
 * minute or hour, loggers, sources and routes beyond COUNTER_*_MAX are counted as
 * COUNTER_OTHER. How much a week takes stands in rollup.c.
 */
#ifndef CORE_ROLLUP_H
#define CORE_ROLLUP_H

#include "core/counters.h"
#include "core/clock.h"
#include "core/level.h"
#include "core/sketch.h"

struct rollup;

struct rollup *rollup_new(void);
void rollup_free(struct rollup *r);

/* Bytes for what is not counts by level (64 MiB before the first call). */
void rollup_limit(struct rollup *r, size_t bytes);

/* ---- counting --------------------------------------------------------------------- */

/*
 * n more under a key (counter_key) at a time. For errors and slow ones, their COUNTER_COUNT is added
 * first. In any order of time, though neighbours in time are best added together.
 */
void rollup_add(struct rollup *r, int64_t time, uint32_t key, uint32_t n);

/* One finished request. route is the engine's number of "METHOD /route/" (intern.h) or ROUTE_NONE. */
void rollup_request(struct rollup *r, int64_t time, uint32_t route, double seconds, bool failed,
		    bool slow);

/* ---- windows ---------------------------------------------------------------------- */

/*
 * Counts per level in [from, to) cut into n buckets of `step` ns each, from
 * `from`; count[i * LEVEL_COUNT + level]. Steps below a minute are answered from
 * the seconds and are 0 where those are gone; steps of a minute and more should
 * be whole minutes and start on one. Minutes that are gone stand at the start of their hour.
 */
void rollup_levels(struct rollup *r, int64_t from, int64_t step, size_t n, uint32_t *count);

/*
 * Here and below: to the second where seconds are held; where they are not, all
 * of the minutes, or hours where those are gone, that begin in [from, to).
 */
void rollup_level_totals(struct rollup *r, int64_t from, int64_t to, uint64_t count[LEVEL_COUNT]);

/* What a kind has in [from, to), in any order. *sums is allocated, the caller frees it. */
size_t rollup_sums(struct rollup *r, int64_t from, int64_t to, enum counter_kind kind,
		   struct counter_sum **sums);

/* What is known of a route in a window. */
struct rollup_route {
	uint32_t route;
	uint64_t count, failed, slow;
	struct sketch latency;
	uint32_t trend[16]; /* p95 in the sixteen equal parts of the window, in ms, 0 for none */
};

/*
 * The routes with requests in [from, to), in any order; ROUTE_NONE (request.h) is what has no
 * route, or is one of too many routes. Latencies are of the minutes that the window touches. A
 * part of the trend has the minutes that begin in it, in windows over 64 hours the hours.
 * *routes is allocated; free with rollup_routes_free.
 */
size_t rollup_routes(struct rollup *r, int64_t from, int64_t to, struct rollup_route **routes);
void rollup_routes_free(struct rollup_route *routes, size_t n);

/* First and last minute with records (the first hour where minutes are gone); false when empty. */
bool rollup_range(struct rollup *r, int64_t *first, int64_t *last);
/* All of it, what is being counted included. */
size_t rollup_memory(const struct rollup *r);

#endif
