/*
 * inputs: what a person named on the command line, and the sources that come
 * of it.
 *
 * An argument is a file (there or not yet), a folder (its log files, now and
 * later), a glob (the same), "-", or a command. A folder gives its text files
 * and archives that look like logs, not the rotated siblings of one that is
 * there (app.log.1, app.log-20250909.gz) and no other binary files. A glob's
 * matches are taken as they are, but for rotated siblings of what it matches
 * too. A file that two names lead to is followed once.
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
	/* Whether a file was read as the history of a source; NULL: there is none. */
	bool (*was_read)(void *arg, const char *path);
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

/*
 * Run a command (argv ends with NULL, and is borrowed) and add its standard
 * output and standard error as a source each. When it cannot be run these have
 * failed.
 */
void inputs_add_command(struct inputs *in, char *const *argv);

/* Start a command again, ending it first, by one of its sources. 0; or -1 and err when it is none. */
int inputs_restart(struct inputs *in, const struct source *s, struct err *err);

/* End all commands now; for who is about to be ended by a signal. */
void inputs_stop_commands(struct inputs *in);

/* Whether a command is running. */
bool inputs_command_runs(const struct inputs *in);

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
