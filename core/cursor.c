/*
 * cursor.c: a merge of sorted runs, each block being one, over a binary heap.
 *
 * Seeking looks at every block once but searches only those that the place
 * falls into; each step costs a sift in the heap. Blocks that lie entirely on
 * the other side of the place are left out.
 */
#include "config.h"

#include "core/cursor.h"

#include "core/alloc.h"

#include <stdlib.h>

static struct place
run_place(const struct cursor_run *run)
{
	return block_place(run->block, block_row(run->block, run->at));
}

static bool
nearer(const struct cursor *c, size_t a, size_t b)
{
	int order = place_cmp(run_place(&c->heap[a]), run_place(&c->heap[b]));

	return c->direction > 0 ? order < 0 : order > 0;
}

static void
swap(struct cursor *c, size_t a, size_t b)
{
	struct cursor_run run = c->heap[a];

	c->heap[a] = c->heap[b];
	c->heap[b] = run;
}

static void
sift_down(struct cursor *c, size_t i)
{
	for (;;) {
		size_t best = i, left = 2 * i + 1, right = left + 1;

		if (left < c->n && nearer(c, left, best))
			best = left;
		if (right < c->n && nearer(c, right, best))
			best = right;
		if (best == i)
			return;
		swap(c, i, best);
		i = best;
	}
}

/* How many rows, by time, stand before `place` (or at it, when `at` is set). */
static uint32_t
rows_before(const struct block *b, struct place place, bool at)
{
	uint32_t lo = 0, hi = b->n;

	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;
		int order = place_cmp(block_place(b, block_row(b, mid)), place);

		if (order < 0 || (at && order == 0))
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

/* The row by time that is nearest beyond the group of 64 rows of `at`, where none is in. */
static uint32_t
beyond_group(const struct cursor *c, uint32_t at)
{
	return c->direction > 0 ? (at / 64 + 1) * 64 : at / 64 * 64 - 1;
}

/* Whether no row of a block will do, as is known. */
static bool
lacks_all(const struct cursor *c, const struct block *b)
{
	int l = (int)c->least;

	while (l < LEVEL_COUNT && !b->level_count[l])
		l++;
	return l == LEVEL_COUNT || (c->selection && selection_lacks_all(c->selection, b));
}

/*
 * Move on to the nearest row from run->at on that the selection has; false when
 * there is none, or the deadline cut the search short.
 */
static bool
settle(struct cursor *c, struct cursor_run *run)
{
	struct selection *s = c->selection;
	struct block *b = run->block;

	if (lacks_all(c, b))
		run->at = b->n;
	while (run->at < b->n) {
		uint32_t row = block_row(b, run->at);

		if (b->level[row] < c->least) {
			run->at += (uint32_t)c->direction;
			continue;
		}
		if (!s)
			return true;
		if (!selection_knows(s, b, row) && c->deadline != INT64_MAX && clock_mono() >= c->deadline) {
			c->cut = true;
			return false;
		}
		if (selection_has(s, b, row))
			return true;
		run->at = !b->order && selection_lacks(s, b, row) ? beyond_group(c, run->at)
								  : run->at + (uint32_t)c->direction;
	}
	return false; /* going backwards, 0 - 1 wraps to beyond the end */
}

static void
add_run(struct cursor *c, struct block *b, struct place from)
{
	struct cursor_run run = { .block = b };

	if (!b->n || (c->direction > 0 ? b->last < from.time : b->first > from.time))
		return;
	if (c->direction > 0)
		run.at = b->first > from.time ? 0 : rows_before(b, from, true);
	else
		run.at = (b->last < from.time ? b->n : rows_before(b, from, false)) - 1;
	ARRAY_GROW(c->heap, c->n, c->cap);
	c->heap[c->n++] = run;
}

/*
 * Rows are settled lazily: a run enters the heap at its nearest row whether
 * the selection has it or not, so that far blocks are not matched for nothing.
 */
void
cursor_seek(struct cursor *c, const struct ring *r, struct selection *s, struct place from, int direction)
{
	*c = (struct cursor){
		.selection = s && s->query ? s : NULL, .direction = direction, .deadline = INT64_MAX,
	};
	for (size_t i = 0; i < r->n; i++)
		add_run(c, r->blocks[i], from);
	for (size_t i = 0; i < c->n;) {
		if (c->heap[i].at < c->heap[i].block->n)
			i++;
		else
			c->heap[i] = c->heap[--c->n];
	}
	for (size_t i = c->n / 2; i-- > 0;)
		sift_down(c, i);
}

/* The top run moved: keep the heap a heap, or drop the run at its end. */
static void
restore(struct cursor *c)
{
	if (c->heap[0].at >= c->heap[0].block->n)
		c->heap[0] = c->heap[--c->n];
	sift_down(c, 0);
}

struct block *
cursor_next(struct cursor *c, uint32_t *row)
{
	while (c->n) {
		struct cursor_run *top = &c->heap[0];
		uint32_t was = top->at;

		bool settled = settle(c, top);

		if (c->cut)
			break;
		if (!settled || top->at != was) {
			restore(c);
			continue;
		}
		struct block *b = top->block;

		*row = block_row(b, top->at);
		top->at += (uint32_t)c->direction;
		restore(c);
		return b;
	}
	return NULL;
}

void
cursor_release(struct cursor *c)
{
	free(c->heap);
	*c = (struct cursor){ 0 };
}
