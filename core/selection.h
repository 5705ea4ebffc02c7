/*
 * selection: which of the held records match a query.
 *
 * Each block carries a bit per row for it (struct hits), made newest block
 * first: by workers where there are any and the block is sealed, here in steps
 * otherwise, and at once where somebody looks. What is appended is matched as it
 * comes. All of this is for the loop's thread.
 */
#ifndef CORE_SELECTION_H
#define CORE_SELECTION_H

#include "core/match.h"
#include "core/ring.h"
#include "core/sweep.h"

struct selection {
	int slot;            /* HITS_FILTER, HITS_SEARCH or HITS_CENSUS */
	struct query *query; /* owned; NULL: every record */
	uint32_t generation;
	struct matcher matcher;
	const struct ring *ring;
	struct sweep *sweep; /* borrowed; NULL: no workers */
	void (*found)(void *arg); /* workers have found out more; may be NULL */
	struct look *looks;  /* owned; jobs, for use again */

	/* Blocks that are not looked at to the end, newest first. */
	struct selection_todo {
		uint64_t seq;
		int64_t last;
		bool here;   /* not for workers */
	} *todo;
	size_t n, cap, here, away; /* those before these are done, or under way */
	bool stale;          /* it is to be made again */
	bool waits;          /* for workers to be done: a file may have to be looked for */
};

/* The ops' arg is told to `found`, too. */
void selection_init(struct selection *s, int slot, const struct match_ops *ops, void *arg);
/* Have workers do it; they must be gone (sweep_free) before the selection is. */
void selection_employ(struct selection *s, struct sweep *sweep, void (*found)(void *arg));
void selection_release(struct selection *s);

/* Ask for something else; takes the query (NULL: every record). */
void selection_set(struct selection *s, struct query *q, const struct ring *r);
/* Ask the same once more: what records belong to has changed. */
void selection_again(struct selection *s);

/* Blocks were added or grew: there is more to look at. */
void selection_touch(struct selection *s, const struct ring *r);
/* Bring one block up to date, but for what workers will. */
void selection_block(struct selection *s, struct block *b);
/*
 * Go on, newest block first, until the deadline (clock_mono ns); true when nothing is
 * left for this thread. INT64_MAX: until all is done, running the loop while workers are.
 */
bool selection_step(struct selection *s, const struct ring *r, int64_t deadline);
/* Give workers what there is; for sweep's `feed`. */
void selection_feed(struct selection *s);
/* Whether every record is looked at. */
bool selection_done(const struct selection *s);

/* Whether a row is in; it is looked at if need be, with those around it. */
bool selection_has(struct selection *s, struct block *b, uint32_t row);
/* Whether that is known already. */
bool selection_knows(const struct selection *s, const struct block *b, uint32_t row);
/* Whether every row of a block was looked at; there must be a query. */
bool selection_knows_all(const struct selection *s, const struct block *b);
/* Whether a row is known to be in. */
bool selection_shows(const struct selection *s, const struct block *b, uint32_t row);
/* Whether none of the 64 rows around a row, or none of the block, is in, as is known. */
bool selection_lacks(const struct selection *s, const struct block *b, uint32_t row);
bool selection_lacks_all(const struct selection *s, const struct block *b);

/* Records in, as far as is known. */
uint64_t selection_count(const struct selection *s, const struct ring *r);

/* ---- look.c: blocks for workers ---- */
/* Put a worker's results into the hits of a block. */
void selection_install(struct selection *s, struct block *b, uint32_t from, uint32_t to, const uint64_t *bits);
/* The first row of a block that was not looked at, its number of rows when all were. */
uint32_t selection_unseen(const struct selection *s, const struct block *b);
/* Hand the next blocks in line to a worker. */
void look_give(struct selection *s);
void look_free(struct look *l); /* with all that are linked to it */

#endif
