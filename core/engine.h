/*
 * engine: owns the inputs, the ring, the rollups and the selections, and
 * keeps them up to date from the loop.
 *
 * One thread owns an engine: the one that runs its loop. Workers only turn
 * bytes into sealed blocks (loader.h). The screen and the report see records
 * and numbers through view.h only.
 */
#ifndef CORE_ENGINE_H
#define CORE_ENGINE_H

#include "core/cursor.h"
#include "core/inputs.h"
#include "core/request.h"
#include "core/rollup.h"
#include "core/stats.h"

#include <uv.h>

enum { HISTORY_MAX = 1024 }; /* rotated siblings of a log */

struct engine_options {
	bool follow;          /* false: read what is there, then be done (report) */
	unsigned threads;     /* workers for bulk parsing; 0: inline, deterministic */
	uint64_t memory;      /* ceiling of the process, bytes */
	double slow;          /* seconds */
	const struct format *format; /* --format, or NULL */
	bool tail_only;       /* do not read history behind the screen */
	unsigned history;     /* rotated siblings of a log that are read behind it, at most */
	bool keep_values;     /* exact quantiles (report) */
	bool secrets;         /* count records that hold secrets from the start (report) */
	int64_t since, until; /* numbers count [since, until) only; TIME_NONE: no bound */
};

void engine_options_init(struct engine_options *o); /* the defaults */
/* Whether a time is within since and until. */
bool engine_counts(const struct engine_options *o, int64_t t);

struct engine;

/* The loop is borrowed. Where there is no inotify, files are polled, and the status says so. */
struct engine *engine_new(uv_loop_t *loop, const struct engine_options *o);
/* Stops its workers and closes its handles, running the loop for it. */
void engine_free(struct engine *e);

/* A file, folder, glob or "-"; see inputs_add. */
int engine_add(struct engine *e, const char *arg, struct err *err);

/* A command (argv ends with NULL, and is borrowed), whose output are two sources; see inputs_add_command. */
void engine_add_command(struct engine *e, char *const *argv);
/* End all commands now; for who is about to be ended by a signal. */
void engine_stop_commands(struct engine *e);
/* Start the command of a source again. 0; or -1 and err when it is none. */
int engine_restart(struct engine *e, unsigned source, struct err *err);

/*
 * Stop reading a source: its records stay, and so does its place. -1 and err for
 * a stream, whose writer would be held up. engine_follow() goes on with it there.
 */
int engine_close(struct engine *e, unsigned source, struct err *err);
void engine_follow(struct engine *e, unsigned source);

/*
 * Work that is not driven by the loop (selections): true when there is more to do
 * here. What workers do comes by the loop. INT64_MAX: all of it, running the loop.
 */
bool engine_step(struct engine *e, int64_t deadline);
/* Whether filter and search have looked at every record. */
bool engine_settled(const struct engine *e);

/* Everything that was there at the start has been read. */
bool engine_loaded(const struct engine *e);
/* A source could not be read: exit status 3 headless. */
bool engine_failed(const struct engine *e);

/* Goes up whenever something a view would show has changed. */
uint64_t engine_version(const struct engine *e);

/*
 * What records are looked at: the filter (AND of what the stack holds, taken
 * over; NULL: all) and the search (taken over; NULL: none).
 */
void engine_set_filter(struct engine *e, struct query *q);
void engine_set_search(struct engine *e, struct query *q);

/*
 * Count, behind filter and search, what each of n queries has (view_census); NULL is
 * one that has every record. The queries are taken over, the array is not.
 */
void engine_census(struct engine *e, struct query **queries, size_t n);
/* Count again if there are other records by now; often, for it rests in between. */
void engine_census_refresh(struct engine *e);

/* Whether views of records show their secrets masked (mask.h); not at first. */
void engine_set_masking(struct engine *e, bool on);
bool engine_masks(const struct engine *e);

#endif
