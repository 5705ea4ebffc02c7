/* The inside of the engine, for engine*.c and the views (view_*.c) only. */
#ifndef CORE_ENGINE_INTERNAL_H
#define CORE_ENGINE_INTERNAL_H

#include "core/cooler.h"
#include "core/engine.h"
#include "core/intake.h"
#include "core/loader.h"

#define ENGINE_RATES 60

/* A source as the engine follows it. */
struct feed {
	struct intake intake;
	bool caught_up;    /* its end was reached once: what comes now is live */
	bool more;         /* it has bytes that were left for the next round */
	uint64_t records;  /* taken in from it */
	uint64_t history_bytes; /* read behind the screen; the rest is in source->bytes */
	int64_t mtime;     /* of the file when it was opened: the time of records in a source without times */
};

struct engine {
	struct engine_options o;
	uv_loop_t *loop;
	struct inputs *inputs;
	struct err watch_error;   /* why there is no inotify */
	struct loader *loader;
	uv_idle_t pump;           /* runs while there is work the loop does not drive */
	bool pumping, flushed;
	struct feed **feeds;      /* by source id */
	size_t n_feeds, feeds_cap;

	struct ring ring;
	struct cooler *cooler;
	struct intern loggers, routes;
	struct stats stats;
	struct rollup *rollup;
	struct requests *requests;
	struct selection filter, search;
	struct parser parser;     /* to look at records again */
	struct parser other;      /* to look at a second record meanwhile */

	uint64_t version;
	uint64_t records;         /* taken in */
	int64_t oldest, newest;   /* own times seen, TIME_NONE: none */
	int64_t last_live;        /* wall clock when a record last arrived live, 0: never */
	uint32_t rates[ENGINE_RATES];
	int64_t rate_second;      /* the second that rates[rate_second % ENGINE_RATES] counts */
};

/* Display name of a source; `arg` is the engine. */
struct span engine_source_name(void *arg, unsigned source);

/* ---- engine_count.c ---- */
/* Bring the seconds' counts up to the clock. */
void engine_rates_advance(struct engine *e, int64_t now);
/* Count what is new in a block. */
void engine_count_block(struct engine *e, struct block *b, int64_t now);
/* A request is finished (request_done). */
void engine_count_request(void *arg, const struct request *q);

/* ---- engine_feed.c ---- */
extern const struct inputs_ops engine_inputs_ops;
/* Take in what a source has, bounded; the pump goes on with the rest. */
void engine_pull(struct engine *e, struct feed *f);
/* Take over a block of history (loader_done). */
void engine_on_loaded(void *arg, struct block *b);

/* ---- engine.c ---- */
void engine_pump_start(struct engine *e);
/* Point r at a record, ready for record_field(); false when it is gone. `arg` is the engine. */
bool engine_record(void *arg, struct block *b, uint32_t row, struct record *r);

#endif
