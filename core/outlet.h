/*
 * outlet: a descriptor that is written to at the pace of its reader, without
 * stopping the loop and without making it non-blocking (it is shared with the
 * shell).
 */
#ifndef CORE_OUTLET_H
#define CORE_OUTLET_H

#include "core/span.h"

#include <uv.h>

struct outlet;

struct outlet_ops {
	/* All that was put is written; more is welcome. */
	void (*drained)(void *arg);
	/* Nobody reads any more, or it cannot be written: `error` is an errno, EPIPE for a reader that left. */
	void (*closed)(void *arg, int error);
};

/* The loop and the descriptor are borrowed. SIGPIPE must be ignored. */
struct outlet *outlet_new(uv_loop_t *loop, int fd, const struct outlet_ops *ops, void *arg);
/* What is not written is dropped. The memory goes when the loop has closed the handle. */
void outlet_free(struct outlet *o);

void outlet_put(struct outlet *o, struct span s);
/*
 * Write what can be written now; `drained` is called later when that is not all. true when
 * nothing is left. Does nothing once `closed` was called (which it may do).
 */
bool outlet_flush(struct outlet *o);
/* Bytes that wait. */
size_t outlet_waiting(const struct outlet *o);

#endif
