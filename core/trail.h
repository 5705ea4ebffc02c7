/*
 * trail: the files of a log that are held, in the order in which they are
 * read. One of them is the one being read.
 */
#ifndef CORE_TRAIL_H
#define CORE_TRAIL_H

#include "core/trail_file.h"

struct trail {
	struct trail_file *v; /* owned */
	size_t n, cap, at;    /* at: the one being read */
};

/* Room for one at `i`, which the caller fills; the one being read stays the same one. */
struct trail_file *trail_insert(struct trail *t, size_t i);
/* Let go of one. If it is the one being read, the next one is. */
void trail_drop(struct trail *t, size_t i);
void trail_release(struct trail *t);

/* The one that is read last. There is one. */
static inline struct trail_file *
trail_front(const struct trail *t)
{
	return &t->v[t->n - 1];
}

/* Make it the front. */
void trail_bring_forward(struct trail *t, size_t i);
/* Which one is this file; n when none is. */
size_t trail_find(const struct trail *t, const struct stat *st);

#endif
