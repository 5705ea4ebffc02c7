/*
 * source_child: a command whose standard output and standard error are read.
 *
 * It runs in a session of its own, with nothing on its standard input, so that
 * keys and signals of the terminal are not meant for it. It ends with us: it
 * is asked (SIGTERM), and after a second it is made to (SIGKILL), the command
 * and whatever it started in its process group.
 */
#ifndef CORE_SOURCE_CHILD_H
#define CORE_SOURCE_CHILD_H

#include <stdbool.h>
#include <uv.h>

enum { CHILD_OUT, CHILD_ERR, CHILD_ENDS };

struct child;

/* It ended, or was started again: there may be new pipes to take. */
typedef void child_changed(void *arg, struct child *c);

/*
 * Borrows argv (ends with NULL) and starts it; never NULL. What kept it from
 * starting is in child_error.
 */
struct child *child_new(uv_loop_t *loop, char *const *argv, child_changed *changed, void *arg);
/* End it now, which takes up to two seconds when it will not. */
void child_stop(struct child *c);
/* The same, if it runs. The memory goes when the loop has closed its handles. */
void child_free(struct child *c);

/* The end that we read of a pipe that was not taken yet, non-blocking, for the caller to close; -1: none. */
int child_take(struct child *c, unsigned which);

bool child_running(const struct child *c);
/* errno of why it could not be started, 0 when it was. */
int child_error(const struct child *c);
/* How it ended: "exited 1", "killed by SIGSEGV (Segmentation fault)"; NULL while it runs. */
const char *child_end(const struct child *c);
/* It ended by itself, other than with status 0. */
bool child_failed(const struct child *c);

/* End it when it runs, and start it anew. */
void child_restart(struct child *c);

#endif
