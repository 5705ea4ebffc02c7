/*
 * intake: takes in what a source has to give, in order, into the open block
 * of that source.
 *
 * The bytes are read straight to where they stay. A block is sealed when it
 * is large enough and a record ends, when the file was rotated or cut, and at
 * the end of a stream.
 */
#ifndef CORE_INTAKE_H
#define CORE_INTAKE_H

#include "core/joiner.h"
#include "core/source.h"

struct intake_ops {
	/* A block was begun: it is open, its records come with `grown`. */
	void (*begun)(void *arg, struct block *b);
	/* It has more records, or holds other memory than before. */
	void (*grown)(void *arg, struct block *b);
};

struct intake {
	struct source *source; /* borrowed */
	struct joiner joiner;
	struct block *block;   /* the open one, owned by whoever got `begun`; NULL between two */
	uint64_t sniffed;      /* bytes that the source's memory was learnt from */
	const struct intake_ops *ops;
	void *arg;
};

void intake_init(struct intake *in, struct source *s, const struct format *only,
		 const struct intake_ops *ops, void *arg);
void intake_release(struct intake *in);

/*
 * Read and take in until the source is idle or about `limit` bytes were taken:
 * true when there is more. `now` is the wall clock, or when the bytes were
 * written at the latest: the time of records in sources that never say one,
 * and what stamps without a year are placed by. `finish`: the end of the file
 * ends its last line.
 */
bool intake_pull(struct intake *in, size_t limit, int64_t now, bool finish);

#endif
