/*
 * selection: which of the held records match a query.
 *
 * Each block carries a bit per row for it (struct hits), made newest block
 * first in steps, or when somebody looks at the block. What is appended is
 * matched as it comes.
 */
#ifndef CORE_SELECTION_H
#define CORE_SELECTION_H

#include "core/query.h"
#include "core/ring.h"

/* Who knows what a block does not. */
struct selection_ops {
	struct span (*source_name)(void *arg, unsigned source);
	/* Point r at a record, ready for record_field(); false when it is gone. */
	bool (*record)(void *arg, struct block *b, uint32_t row, struct record *r);
};

struct selection {
	int slot;            /* HITS_FILTER or HITS_SEARCH */
	struct query *query; /* owned; NULL: every record */
	uint32_t generation;
	size_t next;         /* blocks above this index are done */
	struct record record;
	const struct selection_ops *ops;
	void *arg;
};

void selection_init(struct selection *s, int slot, const struct selection_ops *ops, void *arg);
void selection_release(struct selection *s);

/* Ask for something else; takes the query (NULL: every record). */
void selection_set(struct selection *s, struct query *q, const struct ring *r);

/* Blocks were added or grew: there is more to look at. */
void selection_touch(struct selection *s, const struct ring *r);
/* Bring one block up to date. */
void selection_block(struct selection *s, struct block *b);
/* Go on, newest block first, until the deadline (clock_mono ns); true when all is done. */
bool selection_step(struct selection *s, const struct ring *r, int64_t deadline);

/* Whether a row is in; its block is brought up to date first. */
bool selection_has(struct selection *s, struct block *b, uint32_t row);

/* Records in, as far as is known. */
uint64_t selection_count(const struct selection *s, const struct ring *r);

#endif
