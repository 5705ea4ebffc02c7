/*
 * sketch: quantiles of durations in a small, mergeable histogram with a
 * bounded relative error (at most 1 %).
 *
 * Sparse while it holds few distinct buckets, dense beyond. Adding is a few
 * ns, merging is adding counts. sketch.c names the source of the algorithm
 * and draws the representation.
 */
#ifndef CORE_SKETCH_H
#define CORE_SKETCH_H

#include "core/strbuf.h"

struct sketch {
	uint64_t count;
	double sum, max, min;
	void *buckets;       /* owned; see sketch.c */
	uint32_t used, cap;
};

#define SKETCH_INIT { 0 }

void sketch_release(struct sketch *s);
void sketch_clear(struct sketch *s);           /* empty, keeps its memory */
void sketch_add(struct sketch *s, double seconds); /* negative, NaN and infinite are ignored */
void sketch_widen(struct sketch *s);           /* dense now, for what many are merged into */
void sketch_merge(struct sketch *into, const struct sketch *from);
/* Append it in a few bytes; sketch_take adds what they stand for. Exact both ways. */
void sketch_pack(const struct sketch *s, struct strbuf *out);
void sketch_take(struct sketch *into, const uint8_t *packed);
/*
 * The value at rank int(count * q), q in 0..1, as `sorted[int(n * q)]` would
 * give it, within 1 %; never outside min..max. 0 when empty.
 */
double sketch_quantile(const struct sketch *s, double q);
double sketch_mean(const struct sketch *s);
size_t sketch_memory(const struct sketch *s);  /* bytes it owns beside the struct */

#endif
