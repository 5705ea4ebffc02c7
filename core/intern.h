/*
 * intern: strings to small numbers, 0, 1, 2, ... in the order they came.
 * Owns its copies; a number is good for the life of the table.
 */
#ifndef CORE_INTERN_H
#define CORE_INTERN_H

#include "core/span.h"

enum { INTERN_RECENT = 16 };

struct intern {
	struct span *names; /* by number */
	uint64_t *hashes;
	uint32_t *slots;    /* open addressing; number + 1, 0 is free */
	uint32_t n, cap, slot_count;
	uint32_t limit;     /* at most so many; 0: no limit */
	uint32_t recent[INTERN_RECENT]; /* numbers, the last of each kind of name */
	size_t bytes;       /* memory held */
};

#define INTERN_NONE UINT32_MAX

void intern_init(struct intern *t, uint32_t limit);
void intern_release(struct intern *t);
/* The number of a string, made when new; INTERN_NONE when the table is full and it is new. */
uint32_t intern_add(struct intern *t, struct span s);
/* INTERN_NONE when it is not there. */
uint32_t intern_find(const struct intern *t, struct span s);
/* Empty span for a number that is none. */
struct span intern_name(const struct intern *t, uint32_t number);

#endif
