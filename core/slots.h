/*
 * slots: pointers in the order of a time, for times that mostly come near one
 * end or the other.
 *
 * Every time is held once. Finding is O(log n), O(1) at the newest; adding is
 * that and a move of at most one chunk. The pointers are borrowed.
 */
#ifndef CORE_SLOTS_H
#define CORE_SLOTS_H

#include <stddef.h>
#include <stdint.h>

struct slots {
	struct slots_chunk **chunks; /* owned; see slots.c */
	size_t n_chunks, cap;
	size_t n;                    /* pointers held */
};

void slots_release(struct slots *s);

/* NULL when there is none at this time. */
void *slots_find(const struct slots *s, int64_t at);
/* There must be none at this time. */
void slots_insert(struct slots *s, int64_t at, void *item);
/* NULL when empty. */
void *slots_first(const struct slots *s);
void *slots_last(const struct slots *s);
/* Takes the first out and returns it; there must be one. */
void *slots_remove_first(struct slots *s);

/* A place in the order; lost when something is added or taken out. */
struct slots_place {
	size_t chunk, i;
};

/* The first that is at a time or after it. */
struct slots_place slots_seek(const struct slots *s, int64_t at);
/* What stands at the place, which moves on; NULL at the end. */
void *slots_next(const struct slots *s, struct slots_place *place);

size_t slots_memory(const struct slots *s);

#endif
