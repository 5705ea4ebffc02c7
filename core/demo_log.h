/*
 * demo_log: the demo's log files, and the lines that are still to come.
 *
 * A request decides all its lines when it starts; each is put with the time
 * at which it happens, and written when the demo's time gets there. So the
 * files are in order of time although requests overlap. Files are opened at
 * the first write, only ever appended to, and rotated by rename when they
 * are large: the folder stays under 160 MB.
 */
#ifndef CORE_DEMO_LOG_H
#define CORE_DEMO_LOG_H

#include <stdint.h>

#include "core/strbuf.h"

enum demo_file {
	DEMO_APPLICATION,
	DEMO_SERVICES,
	DEMO_ACCESS,
	DEMO_CELERY,
	DEMO_FILES
};

struct demo_log;

/* Files will be in the folder `dir` (copied). Never NULL. */
struct demo_log *demo_log_new(const char *dir);
/* Lines that are still to come are dropped. NULL is fine. */
void demo_log_free(struct demo_log *l);

/* A record of whole lines for `file` at time `t` (ns since 1970). Takes the bytes of b. */
void demo_log_put(struct demo_log *l, enum demo_file file, int64_t t, struct strbuf *b);
/* Write what happened until `until`, the same moment in order of put. 0 or -errno. */
int demo_log_write(struct demo_log *l, int64_t until);
/* Give back the descriptors; the next write opens the files again. */
void demo_log_close(struct demo_log *l);

/* The name of a file within the folder. */
const char *demo_log_name(enum demo_file file);

#endif
