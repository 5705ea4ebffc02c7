/*
 * grams: which texts a stretch of a block's bytes does not hold.
 *
 * A table per window of rows (match.h): a bit for each run of four bytes that
 * occurs in it, by its hash, letters of ASCII in lower case. A text of four
 * bytes or more whose every run has its bit may be there; another is not.
 */
#ifndef CORE_GRAMS_H
#define CORE_GRAMS_H

#include "core/span.h"

enum {
	GRAMS_BITS = 1 << 15,
	GRAMS_BYTES = GRAMS_BITS / 8,
};

struct grams {
	uint32_t n;      /* windows */
	uint8_t *tables; /* owned; GRAMS_BYTES for each */
};

/* Where to build a table; big, and used again for the next. Zero-initialise; nothing to release. */
struct grams_scratch {
	uint8_t seen[GRAMS_BITS];
};

/* The table of some bytes. */
void grams_fill(struct grams_scratch *scratch, struct span bytes, uint8_t table[GRAMS_BYTES]);

/* Whether the bytes that a table was made of may hold a text, whatever the case. */
bool grams_may_hold(const uint8_t table[GRAMS_BYTES], struct span text);

struct grams *grams_new(uint32_t windows);
void grams_free(struct grams *g); /* NULL is fine */
size_t grams_memory(const struct grams *g);

#endif
