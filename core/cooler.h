/*
 * cooler: takes the bytes of cold blocks out of memory. What is in a file is
 * dropped, it can be read again; what came from a stream is compressed, by workers.
 */
#ifndef CORE_COOLER_H
#define CORE_COOLER_H

#include "core/ring.h"

#include <uv.h>

struct cooler;

/* `threads` workers at most; 0: the work is done in cooler_step. The ring is borrowed. */
struct cooler *cooler_new(uv_loop_t *loop, unsigned threads, struct ring *r);
/* Waits for the workers. */
void cooler_free(struct cooler *c);

/*
 * Bring the ring's resident bytes down to what it wants warm, as far as workers
 * are free; where a stream outruns them by as much again, do the rest here.
 */
void cooler_step(struct cooler *c);

#endif
