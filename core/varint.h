/*
 * varint: numbers in as few bytes as they need, seven bits a byte, the lowest
 * first; the top bit says that more follow. For bytes that this program wrote
 * itself: reading does not look for the end.
 */
#ifndef CORE_VARINT_H
#define CORE_VARINT_H

#include "core/strbuf.h"

enum { VARINT_MAX = 10 }; /* bytes */

static inline void
varint_add(struct strbuf *b, uint64_t v)
{
	if (b->cap - b->n <= VARINT_MAX)
		strbuf_reserve(b, VARINT_MAX);
	for (; v >= 0x80; v >>= 7)
		b->p[b->n++] = (char)(v | 0x80);
	b->p[b->n++] = (char)v;
}

/* Reads at *p, which moves on. */
static inline uint64_t
varint_take(const uint8_t **p)
{
	uint64_t v = *(*p)++;

	if (v < 0x80)
		return v;
	v &= 0x7f;
	for (unsigned shift = 7;; shift += 7) {
		uint64_t byte = *(*p)++;

		v |= (byte & 0x7f) << shift;
		if (byte < 0x80)
			return v;
	}
}

#endif
