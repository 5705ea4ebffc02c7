/*
 * search_context: records that match, with those around them: so many of the
 * same source before and after each, each printed once, in merged order.
 */
#ifndef CORE_SEARCH_CONTEXT_H
#define CORE_SEARCH_CONTEXT_H

#include "core/engine.h"
#include "core/record_out.h"

struct surroundings;

/*
 * `n` records around each. They go to `logs`, as objects that say in "match" whether they
 * are one, or, where it is NULL, to `out`, a line "--" between records that do not follow
 * each other in their source. All is borrowed.
 */
struct surroundings *surroundings_new(struct engine *e, const struct record_out *form, uint64_t n, json_t *logs,
				      FILE *out);
/* The next record that matches, in merged order. */
void surroundings_put(struct surroundings *s, struct record *match);
/* Prints what is still to come after the last one. NULL is fine. */
void surroundings_free(struct surroundings *s);

#endif
