/*
 * query_rows: a query on many rows of a block at once.
 *
 * Columns answer most of it without a byte of the records; words are looked for
 * in all their bytes in one go. What neither tells is left to query_match.
 */
#ifndef CORE_QUERY_ROWS_H
#define CORE_QUERY_ROWS_H

#include "core/block.h"
#include "core/query.h"

enum {
	ROWS_TOGETHER = 4096, /* at most, at once */
	ROWS_WORDS = ROWS_TOGETHER / 64,
};

/* Which rows are meant, and what is at hand of them. */
struct query_rows {
	const struct block *block;
	uint32_t from, to;   /* rows [from, to) */
	struct span bytes;   /* theirs; SPAN_NONE: not at hand */
	size_t base;         /* where these begin in the block */
	const uint8_t *grams; /* what their bytes do not hold (grams.h), or NULL */
	struct span source;  /* display name of the file */
	/* Of the request that a part belongs to, by its id: "GET /x/", empty when not known. May be NULL. */
	struct span (*request)(void *arg, const struct block *b, const struct part *p);
	void *arg;
};

/* A bit per row, the first one's the lowest: those that match, and those that may. */
struct query_bits {
	uint64_t yes[ROWS_WORDS], may[ROWS_WORDS];
};

/* Another block comes, or it has grown: what its tables mean is asked again. */
void query_visit(struct query *q);
/* Of the live rows, what can be said of them; other bits are 0. Not thread-safe for the same query. */
void query_rows(struct query *q, const struct query_rows *rows, const uint64_t live[ROWS_WORDS],
		struct query_bits *out);

#endif
