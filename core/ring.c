#include "config.h"

#include "core/ring.h"

#include "core/alloc.h"

#include <stdlib.h>

/* What was just written is what is looked at most, and a rotation takes it first. */
enum {
	WARM_PART = 8,
	WARM_MOST = 64 << 20,
};

int
place_cmp(struct place a, struct place b)
{
	if (a.time != b.time)
		return a.time < b.time ? -1 : 1;
	if (a.source != b.source)
		return a.source < b.source ? -1 : 1;
	return a.pos < b.pos ? -1 : a.pos > b.pos;
}

void
ring_init(struct ring *r, size_t budget)
{
	*r = (struct ring){ .next_seq = 1, .budget = budget, .evicted_to = TIME_NONE,
			    .warm = budget / WARM_PART < WARM_MOST ? budget / WARM_PART : WARM_MOST };
}

void
ring_release(struct ring *r)
{
	for (size_t i = 0; i < r->n; i++)
		block_free(r->blocks[i]);
	free(r->blocks);
	ring_init(r, r->budget);
}

void
ring_add(struct ring *r, struct block *b)
{
	b->seq = r->next_seq++;
	ARRAY_GROW(r->blocks, r->n, r->cap);
	r->blocks[r->n++] = b;
	ring_account(r, b);
}

void
ring_account(struct ring *r, struct block *b)
{
	size_t memory = block_memory(b), resident = block_resident(b);

	r->records += b->n - b->ring.rows;
	r->bytes += memory - b->ring.memory;
	r->resident += resident - b->ring.resident;
	r->log_bytes += b->len - b->ring.len;
	b->ring.rows = b->n;
	b->ring.resident = resident;
	b->ring.memory = memory;
	b->ring.len = b->len;
}

static bool
may_go(const struct block *b)
{
	return b->sealed && !b->pins;
}

static bool
may_cool(const struct block *b)
{
	return may_go(b) && b->bytes && !b->stays;
}

/* The block that may and whose newest record is the oldest; n when none may. */
static size_t
oldest(const struct ring *r, bool (*may)(const struct block *b))
{
	size_t found = r->n;

	for (size_t i = 0; i < r->n; i++)
		if (may(r->blocks[i]) && (found == r->n || r->blocks[i]->last < r->blocks[found]->last))
			found = i;
	return found;
}

struct block *
ring_coldest(struct ring *r)
{
	size_t i = r->resident > r->warm ? oldest(r, may_cool) : r->n;

	return i < r->n ? r->blocks[i] : NULL;
}

static void
evict(struct ring *r, size_t i)
{
	struct block *b = r->blocks[i];

	r->records -= b->ring.rows;
	r->bytes -= b->ring.memory;
	r->resident -= b->ring.resident;
	r->log_bytes -= b->ring.len;
	r->evicted += b->n;
	if (b->n && b->last > r->evicted_to)
		r->evicted_to = b->last;
	memmove(r->blocks + i, r->blocks + i + 1, (r->n - i - 1) * sizeof *r->blocks);
	r->n--;
	block_free(b);
}

void
ring_trim(struct ring *r, void (*gone)(void *arg, struct block *b), void *arg)
{
	while (r->bytes > r->budget) {
		size_t i = oldest(r, may_go);

		if (i == r->n)
			return;
		gone(arg, r->blocks[i]);
		evict(r, i);
	}
}

struct block *
ring_find(const struct ring *r, uint64_t id, uint32_t *row)
{
	uint64_t seq = id >> 24;
	size_t lo = 0, hi = r->n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (r->blocks[mid]->seq < seq)
			lo = mid + 1;
		else
			hi = mid;
	}
	*row = (uint32_t)(id & 0xffffff);
	if (lo == r->n || r->blocks[lo]->seq != seq || *row >= r->blocks[lo]->n)
		return NULL;
	return r->blocks[lo];
}
