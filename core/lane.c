/*
 * lane.c: a queue of blocks between the intake and who takes the records.
 *
 *	blocks   [ sealed ][ sealed ][ open ... ]
 *	               ^ row                  the open one's last row waits
 */
#include "config.h"

#include "core/lane.h"

#include "core/alloc.h"

#include <stdlib.h>
#include <string.h>

static void
on_begun(void *arg, struct block *b)
{
	struct lane *l = arg;

	ARRAY_GROW(l->blocks, l->n, l->cap);
	l->blocks[l->n++] = b;
}

static void
on_grown(void *arg, struct block *b)
{
	(void)arg;
	(void)b;
}

static const struct intake_ops ops = { on_begun, on_grown };

void
lane_init(struct lane *l, struct source *s, const struct format *only)
{
	*l = (struct lane){ .n = 0 };
	intake_init(&l->intake, s, only, &ops, l);
}

void
lane_release(struct lane *l)
{
	intake_release(&l->intake);
	for (size_t i = 0; i < l->n; i++)
		block_free(l->blocks[i]);
	free(l->blocks);
}

bool
lane_pull(struct lane *l, size_t limit, int64_t now)
{
	return intake_pull(&l->intake, limit, now, false);
}

static void
drop_first(struct lane *l)
{
	l->cut += l->blocks[0]->cut;
	block_free(l->blocks[0]);
	memmove(l->blocks, l->blocks + 1, --l->n * sizeof *l->blocks);
	l->row = 0;
}

struct block *
lane_next(struct lane *l, uint32_t *row)
{
	while (l->n && l->blocks[0]->sealed && l->row == l->blocks[0]->n)
		drop_first(l);
	if (!l->n)
		return NULL;
	struct block *b = l->blocks[0];
	uint32_t complete = b->n && !b->sealed && l->intake.joiner.goes_on ? b->n - 1 : b->n;

	*row = l->row;
	return l->row < complete ? b : NULL;
}

void
lane_pass(struct lane *l)
{
	l->row++;
}

bool
lane_pending(const struct lane *l)
{
	return l->n && !l->blocks[l->n - 1]->sealed && l->blocks[l->n - 1]->n && l->intake.joiner.goes_on;
}

bool
lane_patient(const struct lane *l)
{
	const struct block *b = l->blocks[l->n - 1];

	return b->level[b->n - 1] >= LEVEL_ERROR || l->intake.joiner.framed < b->len;
}

void
lane_settle(struct lane *l)
{
	l->intake.joiner.goes_on = false;
}

uint64_t
lane_cut(const struct lane *l)
{
	uint64_t n = l->cut;

	for (size_t i = 0; i < l->n; i++)
		n += l->blocks[i]->cut;
	return n;
}
