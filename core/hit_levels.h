/*
 * hit_levels: how many of a block's records that match a selection there are, by
 * time and level. Only what is known of the selection counts.
 */
#ifndef CORE_HIT_LEVELS_H
#define CORE_HIT_LEVELS_H

#include "core/selection.h"

/*
 * Add those with a time of their own within n steps from `from` on to
 * count[i * LEVEL_COUNT + level]. `from` and `step` are whole seconds, or n is 1.
 */
void hit_levels_add(const struct selection *s, struct block *b, int64_t from, int64_t step, size_t n, uint32_t *count);

/*
 * Count a block by the second, unless it has too many: it is sealed, and every row was
 * looked at. The selection does so when it comes to that.
 */
void hit_levels_count(const struct block *b, struct hits *h);

#endif
