/*
 * counters: how often something occurred in a stretch of time, packed.
 *
 * A counter is a number under a key; a key says what of whom: the errors of logger
 * 12, the requests of route 3. Counters are made in a tray (tray.h) and kept as runs of
 * bytes, in which a counter is two bytes or three. Runs stand one behind the other:
 * what is in several of them is the sum.
 */
#ifndef CORE_COUNTERS_H
#define CORE_COUNTERS_H

#include "core/strbuf.h"

/* Of whom; in the order of the keys. */
enum counter_kind { COUNTER_LEVEL, COUNTER_LOGGER, COUNTER_SOURCE, COUNTER_STATUS, COUNTER_ROUTE, COUNTER_KINDS };
/* What. Errors and slow ones are counted in COUNTER_COUNT too. */
enum counter_what { COUNTER_COUNT, COUNTER_ERRORS, COUNTER_SLOW };

/* Those that are too many to be told apart, and those that have no name. */
#define COUNTER_OTHER ((UINT32_C(1) << 27) - 1)
/* At most so many of a kind in a stretch; further ones are COUNTER_OTHER. */
enum { COUNTER_LOGGERS_MAX = 1024, COUNTER_SOURCES_MAX = 1024, COUNTER_ROUTES_MAX = 2048 };

static inline uint32_t
counter_key(enum counter_kind kind, uint32_t id, enum counter_what what)
{
	return (uint32_t)kind << 29 | (id < COUNTER_OTHER ? id : COUNTER_OTHER) << 2 | (uint32_t)what;
}

static inline enum counter_kind
counter_kind(uint32_t key)
{
	return (enum counter_kind)(key >> 29);
}

static inline enum counter_what
counter_what(uint32_t key)
{
	return (enum counter_what)(key & 3);
}

static inline uint32_t
counter_id(uint32_t key)
{
	return key >> 2 & COUNTER_OTHER;
}

struct counters {
	uint8_t *p;    /* owned: runs of counters, or runs of series */
	uint32_t n;
	uint32_t base; /* bytes of the first run */
	uint32_t names; /* different ones in each run, summed */
};

void counters_release(struct counters *c);
/* Add a run that a tray packed, and how many different ones it counts. */
void counters_append(struct counters *c, struct span run, uint32_t names);
/* So much stands behind the first run that making one of all is worth the work; or they may be too many together. */
bool counters_are_loose(const struct counters *c);
size_t counters_memory(const struct counters *c);

/* ---- reading --------------------------------------------------------------------- */

struct counter {
	uint32_t key;
	uint64_t n;
	const uint8_t *latency; /* of a route's count: a packed sketch; else NULL */
};

/* What one of a kind has. */
struct counter_sum {
	uint32_t id; /* the engine's number, status / 100; COUNTER_OTHER */
	uint64_t count, errors;
};

struct counters_reader {
	const uint8_t *p, *end;
	uint32_t next; /* the smallest key that may come */
};

static inline struct counters_reader
counters_read(const uint8_t *p, size_t n)
{
	return (struct counters_reader){ .p = p, .end = p + n };
}

/* The next counter; false at the end. Keys rise within a run. */
bool counters_next(struct counters_reader *r, struct counter *c);

/* The same for series: a counter's number in each second of a minute. c->n is their sum. */
bool counters_next_series(struct counters_reader *r, struct counter *c, uint32_t second[60]);

/* ---- writing (tray.c) ------------------------------------------------------------- */

/* A counter with a key of *next or more, which moves on; begin a run with counters_begin. */
void counters_begin(struct strbuf *out, uint32_t *next);
void counters_put_key(struct strbuf *out, uint32_t *next, uint32_t key);
void counters_put_series(struct strbuf *out, const uint32_t second[60]);

#endif
