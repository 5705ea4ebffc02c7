/*
 * home: where the bytes of a block are when they are not in memory: in the file
 * they came from, or compressed.
 *
 * What is read back is checked: of each page a fingerprint was taken while the
 * bytes were at hand (eight bytes in every 512), so a file that was cut or
 * rewritten is told from one that still has them.
 *
 * Reading changes nothing: any thread may, as long as nobody moves the home.
 */
#ifndef CORE_HOME_H
#define CORE_HOME_H

#include "core/source_file.h"
#include "core/span.h"

enum {
	HOME_PAGE = 16 << 10,   /* bytes that share a fingerprint */
	HOME_FRAME = 128 << 10, /* bytes that are compressed together */
};

struct home {
	struct source_file *file; /* whose bytes they are; owned reference; NULL: of a stream */
	uint64_t offset;          /* in the file */
	uint32_t *prints;         /* owned; of each page; NULL: not to be read from the file */
	char *packed;             /* owned; frames one after the other; NULL: not compressed */
	uint32_t *frame_end;      /* owned; where each frame ends in `packed` */
	size_t n;                 /* bytes there are in all */
	size_t memory;            /* bytes held for the above */
};

/* Bytes brought to memory, in a buffer that is used again for the next. Zero-initialise. */
struct loan {
	char *buf;
	size_t cap;
	uint64_t block;  /* seq of the block they are of, 0: none */
	size_t from, n;
};

/* The bytes are in h->file, at an offset: take their fingerprints. */
void home_in_file(struct home *h, uint64_t offset, struct span bytes);
/* Compress the bytes. false: this build cannot, or they would not get smaller. Touches nothing but h. */
bool home_pack(struct home *h, struct span bytes);
void home_release(struct home *h);

static inline bool
home_exists(const struct home *h)
{
	return h->prints || h->packed;
}

/* Whether a file, any, holds this home's bytes at their offset: compares one page, or what there is of it. */
bool home_is_in(const struct home *h, int fd);

/*
 * Bring bytes [from, from + n) and what shares pages with them into the loan.
 * false: the file cannot be read or holds others now; the loan is released then.
 */
bool home_read(const struct home *h, size_t from, size_t n, struct loan *loan);

void loan_release(struct loan *loan);

#endif
