/*
 * needle: a text to be found in many others, fast.
 *
 * Made once, then used on as many texts as wanted; finding neither writes to
 * the needle nor allocates, so threads may share one. An empty needle is
 * found at once, wherever one looks.
 */
#ifndef CORE_NEEDLE_H
#define CORE_NEEDLE_H

#include "core/span.h"

struct needle {
	char *text;          /* owned; in lower case where case is ignored */
	unsigned char *mask; /* owned; per byte 0x20 where the case bit does not count */
	uint32_t *folded;    /* owned; code points, for text beyond ASCII whose case is ignored */
	size_t n;            /* bytes, or code points of `folded` */
	size_t near, far;    /* two rare bytes of the text, by which candidates are told */
};

/*
 * Copies the text. With `nocase` letters match in either case: ASCII letters
 * among themselves only where the needle is ASCII, Unicode's simple folding
 * otherwise. A needle that is not UTF-8 matches its bytes.
 */
void needle_init(struct needle *n, struct span text, bool nocase);
void needle_release(struct needle *n);

/* The first place at or after `from`; *end is past its last byte. */
bool needle_find(const struct needle *n, struct span hay, size_t from, size_t *start, size_t *end);

static inline bool
needle_in(const struct needle *n, struct span hay)
{
	size_t start, end;

	return needle_find(n, hay, 0, &start, &end);
}

#endif
