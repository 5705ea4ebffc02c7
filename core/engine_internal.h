/* The inside of the engine, for engine*.c and the views (view_*.c) only. */
#ifndef CORE_ENGINE_INTERNAL_H
#define CORE_ENGINE_INTERNAL_H

#include "core/cooler.h"
#include "core/engine.h"
#include "core/glean.h"
#include "core/intake.h"
#include "core/loader.h"
#include "core/mask.h"
#include "core/rates.h"
#include "core/silence.h"

/* A source as the engine follows it. */
struct feed {
	struct intake intake;
	bool caught_up;    /* its end was reached once: what comes now is live */
	bool more;         /* it has bytes that were left for the next round */
	bool closed;       /* by a person: not read until it is followed again */
	uint64_t history_bytes; /* read behind the screen; the rest is in source->bytes */
	uint64_t history_total; /* what there is to be read behind the screen */
	int64_t mtime;     /* of the file when it was opened: the time of records in a source without times */

	/* engine_sources.c: of all that was taken in from it, held or not. */
	uint64_t records, lines, cut;
	uint64_t by_level[LEVEL_COUNT], by_format[FORMAT_COUNT]; /* within since and until */
	int64_t newest;    /* own time of a record, TIME_NONE: none has one */
	int64_t reach;     /* what is read goes back to here, TIME_NONE: nothing is read */
	int64_t spoke;     /* own time of the last record in the end of the file, TIME_NONE: none */
	int64_t arrived;   /* wall clock when a record last arrived live, 0: never */
	struct rates rates;     /* of records that arrived live */
	struct silence silence;
};

/* Records that hold secrets, in all and by kind. */
struct secrets_count {
	uint64_t records, by_group[MASK_GROUP_COUNT];
};

struct secrets {
	uint64_t looked;                 /* records */
	struct secrets_count all;
	struct secrets_count *by_logger; /* owned; by the engine's number + 1, 0: without a logger */
	size_t n;
	struct record record;            /* scratch */
};

struct census;

struct engine {
	struct engine_options o;
	uv_loop_t *loop;
	struct inputs *inputs;
	struct err watch_error;   /* why there is no inotify */
	struct loader *loader;
	struct history *history;  /* NULL: none was asked for */
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
	struct census *census;    /* what other queries would have */
	struct secrets *secrets;  /* NULL: nobody asked */
	bool masks;               /* views of records mask secrets */
	struct sweep *sweep;      /* workers for them; NULL: none */
	struct glean *glean;      /* for when these are idle; NULL: no workers */
	struct parser parser;     /* to look at records again */
	struct parser other;      /* to look at a second record meanwhile */

	uint64_t version;
	uint64_t records;         /* taken in */
	int64_t oldest, newest;   /* own times seen, TIME_NONE: none */
	int64_t last_live;        /* wall clock when a record last arrived live, 0: never */
	struct rates rates;       /* of records that arrived live */
};

/* Display name of a source; `arg` is the engine. */
struct span engine_source_name(void *arg, unsigned source);

/* ---- engine_count.c ---- */
/* What is counted at all. */
struct tally_bounds engine_bounds(const struct engine_options *o);
/* Count what is new in a block. */
void engine_count_block(struct engine *e, struct block *b, int64_t now);
/* Whether what a record says is of a request, and what that is. */
bool engine_is_request(const struct part *p);
struct request_part engine_request_part(const struct block *b, const struct part *p);
/* A request is finished (request_done). */
void engine_count_request(void *arg, const struct request *q);

/* ---- engine_feed.c ---- */
extern const struct inputs_ops engine_inputs_ops;
/* Take in what a source has, bounded; the pump goes on with the rest. */
void engine_pull(struct engine *e, struct feed *f);
/* Take over a block of history (loader_done). */
void engine_on_loaded(void *arg, struct block *b);
/* Give a block that was begun to the ring (intake_ops); put what is new in one into the books. */
void engine_begun(void *arg, struct block *b);
void engine_book(struct engine *e, struct block *b, int64_t now);

/* ---- engine_history.c ---- */
/*
 * The file of a log was opened, and nothing of it is read: its siblings come
 * behind it. Its generations count from HISTORY_MAX on, theirs from there down.
 */
void history_begin(struct engine *e, struct feed *f);
/* Read on, when the loader has nothing to do: true when there is more to do now. */
bool history_step(struct engine *e, int64_t deadline);
bool history_idle(const struct engine *e);
/* Add the bytes of archives that were begun, and that were decoded. */
void history_progress(const struct engine *e, uint64_t *total, uint64_t *done);
/* Whether a file was read as a sibling, or as its log. */
bool history_has(const struct engine *e, const char *path);
void history_free(struct engine *e);

/* ---- engine_sources.c ---- */
/* A block has grown, and is not counted yet: learn from what arrived, and when. */
void engine_feed_grown(struct engine *e, struct block *b, int64_t now);
/* Count in the source's books what is new in a block of it, which has this tally. */
void engine_feed_count(struct feed *f, const struct block *b, const struct tally *t, int64_t now);

/* ---- view_numbers.c ---- */
/* Calls fn for every held record of the filter with a time of its own in [from, to). */
void engine_each_filtered(struct engine *e, int64_t from, int64_t to,
			  void (*fn)(void *arg, const struct block *b, uint32_t row), void *arg);

/* ---- view_filters.c ---- */
struct census *census_new(const struct match_ops *ops, void *arg, struct sweep *sweep, void (*found)(void *arg));
void census_free(struct census *c);
/* As selection_touch(), _feed(), _step() and _again(). */
void census_touch(struct engine *e);
void census_feed(struct engine *e);
bool census_step(struct engine *e, int64_t deadline);
void census_again(struct engine *e);

/* ---- engine_secrets.c ---- */
struct secrets *secrets_new(void);
void secrets_free(struct secrets *s);
/* Look at what is new in a block; in all that are held, newest first. true: done before the deadline. */
bool engine_secrets_block(struct engine *e, struct block *b, int64_t deadline);
bool engine_secrets_step(struct engine *e, int64_t deadline);

/* ---- view_sources.c ---- */
/* Whether it has said nothing for longer than is usual, and for how many seconds. */
bool feed_is_silent(const struct feed *f, int64_t now, double *quiet);
/* Bytes of its file behind what was read. */
uint64_t feed_lag(const struct feed *f);

/* ---- engine.c ---- */
void engine_pump_start(struct engine *e);
/* Point r at a record, ready for record_field(); false when it is gone. `arg` is the engine. */
bool engine_record(void *arg, struct block *b, uint32_t row, struct record *r);

#endif
