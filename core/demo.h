/*
 * demo: a small shop that writes logs, for somebody who has none at hand.
 *
 * A temporary folder gets four log files (JSON records of a web
 * application, text of other services, an access log, a task queue's log)
 * with an hour of history; a child process goes on writing them in real
 * time. The folder goes when the demo is stopped, and also when the process
 * that started it dies in any way.
 */
#ifndef CORE_DEMO_H
#define CORE_DEMO_H

#include <stdint.h>

#include "core/err.h"

struct demo;

struct demo_options {
	uint64_t seed;  /* 0: always the same shop */
	double rate;    /* requests a second in a busy minute; 0: 12. At most 500 */
	int64_t now_ns; /* the end of the history, ns since 1970; 0: by the clock */
};

/*
 * Make the folder (in $TMPDIR, or else /tmp, for its owner only), write the
 * history, start the child. NULL with `err` filled on failure, and then
 * nothing is left behind. Call it before threads are started, from the
 * thread that lives longest: the child ends when that thread does.
 */
struct demo *demo_start(const struct demo_options *o, struct err *err);
/* The folder's path, absolute; borrowed until demo_stop. */
const char *demo_dir(const struct demo *d);
/* End the child if it still runs, remove the folder, free. NULL is fine. */
void demo_stop(struct demo *d);

#endif
