/*
 * inputs: what a person named on the command line, and the sources that come
 * of it.
 *
 * An argument is a file (there or not yet), a folder (its log files, now and
 * later), a glob (the same), or "-". A folder gives its text files that look
 * like logs, not their rotated siblings (app.log.1, app.log-20250909.gz) and
 * no binary files. A glob's matches are taken as they are, but for rotated
 * siblings. A file that two names lead to is followed once.
 */
#ifndef CORE_INPUTS_H
#define CORE_INPUTS_H

#include "core/source.h"
#include "core/watch.h"

struct inputs;

struct inputs_ops {
	/* A source came to be; it is not open yet. The inputs own it. Must not add arguments. */
	void (*added)(void *arg, struct source *s);
	/*
	 * Look at the source again: source_open() when it waits or failed, and
	 * source_next() until it is idle. Streams are not told of again before
	 * their source_next() was idle.
	 */
	void (*changed)(void *arg, struct source *s);
};

/*
 * Follow: with a watch and a one-second tick on the loop, at the full seconds
 * of uv_now(), so that other timers can share its wake-up. Without (report):
 * neither, `changed` is called for streams only. Where there is no inotify,
 * the tick alone finds what is new, and err says why. Never NULL.
 */
struct inputs *inputs_new(uv_loop_t *loop, bool follow, const struct inputs_ops *ops, void *arg,
			  struct err *err);

/*
 * Add an argument; `added` is called for each source at once. 0; or -1 and err
 * for what can never be followed (an empty name, a bad glob). A file that is
 * not there is a waiting source; a folder or glob without logs gives none yet.
 */
int inputs_add(struct inputs *in, const char *arg, struct err *err);

size_t inputs_count(const struct inputs *in);
struct source *inputs_get(const struct inputs *in, size_t i);
/*
 * A folder or glob that gave no source so far: a line for the empty screen, or
 * NULL. Borrowed until the next call.
 */
const char *inputs_waiting(struct inputs *in);

/* Stops the handles on the loop. */
void inputs_free(struct inputs *in);

#endif
