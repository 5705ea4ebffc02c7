/*
 * demo_sim: the demo's shop at work, a generator of log lines in time.
 *
 * It knows no clock: the caller says how far to go, an hour at once for a
 * history or 50 ms at a time for a live show. The same seed, rate and start
 * give the same lines.
 */
#ifndef CORE_DEMO_SIM_H
#define CORE_DEMO_SIM_H

#include <stdint.h>

#include "core/demo_log.h"

struct demo_sim;

/*
 * A shop that opens at `start` (ns since 1970) with up to `rate` requests a
 * second (more only in a crowd) and writes to `log`, which is borrowed until
 * demo_sim_free. Never NULL.
 */
struct demo_sim *demo_sim_new(struct demo_log *log, uint64_t seed, double rate, int64_t start);
void demo_sim_free(struct demo_sim *s);

/* Let time pass and write what happened until `until`. 0 or -errno. */
int demo_sim_advance(struct demo_sim *s, int64_t until);
/* Incidents soon from now on: the first within 20 s, another kind within 90 s. */
void demo_sim_show(struct demo_sim *s);
/*
 * The shop was closed until `now`, or the clock was set: nothing happens in
 * between. What was still going on ends at once.
 */
int demo_sim_skip(struct demo_sim *s, int64_t now);
/* How far it came. */
int64_t demo_sim_now(const struct demo_sim *s);

#endif
