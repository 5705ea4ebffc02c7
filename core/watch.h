/*
 * watch: tells which names in a folder changed. The only user of
 * libinotifytools.
 *
 * The library is used as an event layer only: folders are watched, never
 * files, and an event is a hint to look at a file again, never a fact about
 * it. It is a process-wide singleton, so is a watch. The folders it watches
 * are found again when they are deleted, renamed or mounted over.
 */
#ifndef CORE_WATCH_H
#define CORE_WATCH_H

#include "core/err.h"

#include <stdbool.h>
#include <uv.h>

struct watch;

/*
 * `changed` is called from the loop or from watch_tick: `dir` (as given to
 * watch_dir) and the name within it that was touched; both NULL when
 * everything must be looked at again (queue overflow, a folder that went or
 * came back). It may call watch_dir, not watch_free.
 * Start before many files are open (the library uses select()). NULL and err
 * when there is no inotify to be had.
 */
typedef void watch_changed(void *arg, const char *dir, const char *name);
struct watch *watch_new(uv_loop_t *loop, watch_changed *changed, void *arg, struct err *err);

/*
 * Watch a folder; the same folder may be given again. 0; or -errno, then it
 * must be polled: it is not there, the limit of watches is reached (-ENOSPC),
 * or it is on a file system whose events are incomplete, such as one of the
 * network (-EOPNOTSUPP). Watching it is tried again at each tick.
 */
int watch_dir(struct watch *w, const char *dir);

/* What keeps a folder from being watched, for people; of a positive errno. */
const char *watch_why(int error);

/*
 * Call about once a second: finds the folders that were replaced without an
 * event, and those that can be watched by now. The caller has the timer, so
 * that an idle program wakes up once for all that is due.
 */
void watch_tick(struct watch *w);

/* Stops the handles on the loop; the memory goes when the loop has closed them. */
void watch_free(struct watch *w);

#endif
