/*
 * glean: makes the grams of sealed blocks when workers have nothing else to do,
 * newest block first, one worker at a time.
 */
#ifndef CORE_GLEAN_H
#define CORE_GLEAN_H

#include "core/ring.h"
#include "core/sweep.h"

struct glean;

/* Both are borrowed. */
struct glean *glean_new(struct sweep *sweep, struct ring *ring);
/* Its jobs must be gone (sweep_free). NULL is fine. */
void glean_free(struct glean *g);

/* Give the next blocks to a worker, if there are any and none is at it. */
void glean_feed(struct glean *g);

#endif
