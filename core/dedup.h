/*
 * dedup: records that were logged once and written twice: by two handlers, or
 * to two files.
 *
 * Two records are the same when their time, logger, process (pid), message
 * and the lines after it are. Only the last DEDUP_WINDOW different records are
 * remembered. A record without a time of its own is never the same as another.
 */
#ifndef CORE_DEDUP_H
#define CORE_DEDUP_H

#include "core/record.h"

enum { DEDUP_WINDOW = 4096 };

struct dedup;

struct dedup *dedup_new(void);
void dedup_free(struct dedup *d); /* NULL is fine */

/* Whether one of the last records was the same. If not, this one is remembered. */
bool dedup_seen(struct dedup *d, struct record *r);

/* How many were. */
uint64_t dedup_folded(const struct dedup *d);

#endif
