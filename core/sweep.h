/*
 * sweep: work on held blocks, done by libuv's workers, a few blocks a job.
 *
 * A job's blocks are pinned while it is under way. All but job->work runs on the
 * loop's thread.
 */
#ifndef CORE_SWEEP_H
#define CORE_SWEEP_H

#include "core/block.h"

#include <stdatomic.h>
#include <uv.h>

struct sweep;

enum { SWEEP_BLOCKS = 32 }; /* of a job, at most */

/* Embedded in a client's own; begin with zeros, and give it work, done, owner and blocks. */
struct sweep_job {
	/* On a worker: look at the blocks, and stop where sweep_enough says so. */
	void (*work)(struct sweep_job *j);
	/* On the loop's thread, when it is done or was cancelled; blocks are still pinned. */
	void (*done)(struct sweep_job *j);
	const void *owner;
	struct block *block[SWEEP_BLOCKS];
	uint32_t n;

	/* The runner's. */
	struct sweep *sweep;
	struct sweep_job *next;
	uv_work_t request;
	atomic_bool cancelled;
	int64_t until;
	bool running;
};

/* `feed` is called when there is room for a job: give one, or more. `threads` is at least 1. */
struct sweep *sweep_new(uv_loop_t *loop, unsigned threads, void (*feed)(void *arg), void *arg);
/* Take no more jobs, and cancel what is under way. NULL is fine. */
void sweep_close(struct sweep *s);
/* Closes it, and waits for what is under way, running the loop. NULL is fine. */
void sweep_free(struct sweep *s);

/* Whether there is room for a job. */
bool sweep_has_room(const struct sweep *s);
/* Pins b for the job; false where that cannot be. */
bool sweep_add(struct sweep_job *j, struct block *b);
/* Hand the job over. */
void sweep_give(struct sweep *s, struct sweep_job *j);

/* Jobs of an owner under way; NULL: of all. */
unsigned sweep_under_way(const struct sweep *s, const void *owner);
/* Let an owner's jobs end soon; NULL: all. */
void sweep_cancel(struct sweep *s, const void *owner);
/* Run the loop until something has happened. */
void sweep_wait(struct sweep *s);

/* For work: it was cancelled, or has taken its time; what is left comes in another job. */
bool sweep_enough(struct sweep_job *j);

#endif
