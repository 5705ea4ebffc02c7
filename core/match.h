/*
 * match: which rows of a block match a query.
 *
 * Rows are looked at in windows: whole groups of 64 rows whose bytes are read
 * together. Where windows begin depends on the block alone. A matcher is one
 * thread's; several may look at a sealed block that is pinned at the same time.
 */
#ifndef CORE_MATCH_H
#define CORE_MATCH_H

#include "core/grams.h"
#include "core/query_rows.h"

#include <stdatomic.h>

/* Who knows what a block does not. */
struct match_ops {
	struct span (*source_name)(void *arg, unsigned source);
	/* Point r at a record, ready for record_field(); false when it cannot be had. */
	bool (*record)(void *arg, struct block *b, uint32_t row, struct record *r);
	/* "GET /x/": the request that a part's id names, empty when not known. May be NULL: none is. */
	struct span (*request)(void *arg, const struct block *b, const struct part *p);
};

struct matcher {
	struct query *query;   /* borrowed */
	struct record record;
	const struct match_ops *ops;
	void *arg;
	bool must_read;        /* bytes that cannot be had are somebody else's: match_rows says so */
	const atomic_bool *cancelled; /* nobody waits for the answer any more; may be NULL */
};

/* Frees what looking took. */
void matcher_release(struct matcher *m);

struct match_window {
	uint32_t from, to; /* rows [from, to) */
	uint32_t index;    /* of the window in its block */
};
/* The window after w, the first after one of zeros; false behind the last. */
bool match_next(const struct block *b, struct match_window *w);
/* The window that a row is in. */
struct match_window match_find(const struct block *b, uint32_t row);

/* Another block comes, or it has grown. false: nothing in it matches. */
bool match_enter(struct matcher *m, const struct block *b);

/*
 * Look at the rows of a window; bits get one for each, the first one's the lowest.
 * `grams`: of the block, or NULL. false: with must_read, bytes could not be had, or it
 * was cancelled; nothing is known. Part of a window will do, with its index.
 */
bool match_rows(struct matcher *m, struct block *b, const struct match_window *w, const struct grams *grams,
		uint64_t bits[ROWS_WORDS]);

#endif
