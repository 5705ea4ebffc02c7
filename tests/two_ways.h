/*
 * two_ways: is a line read alike by a parser that has read others before, and
 * by one that has not?
 *
 * The first knows the shapes of earlier JSON lines, the minute of the last
 * stamp and more; the second nothing. All ways to index a line that the
 * machine has are tried.
 */
#ifndef TESTS_TWO_WAYS_H
#define TESTS_TWO_WAYS_H

#include "core/format.h"

enum { TWO_WAYS_MAX = 4 };

struct two_ways {
	struct parser used[TWO_WAYS_MAX]; /* one for each way to index */
	unsigned n;
	struct format_memory memory;      /* for all of them */
};

void two_ways_init(struct two_ways *w);
void two_ways_release(struct two_ways *w);

/* What is read differently, static text; NULL when nothing is. `only` as in struct parser. */
const char *two_ways_differ(struct two_ways *w, struct span line, const struct format *only);

#endif
