#include "config.h"

#include "core/selection.h"

#include "core/alloc.h"

#include <stdlib.h>

enum {
	ROWS_A_STEP = 2048,       /* between two looks at the clock */
	WINDOW_BYTES = 256 << 10, /* looked at together: they stay in the processor's cache */
};

void
selection_init(struct selection *s, int slot, const struct selection_ops *ops, void *arg)
{
	*s = (struct selection){ .slot = slot, .generation = 1, .ops = ops, .arg = arg };
}

void
selection_release(struct selection *s)
{
	query_free(s->query);
	record_release(&s->record);
	s->query = NULL;
}

void
selection_set(struct selection *s, struct query *q, const struct ring *r)
{
	query_free(s->query);
	s->query = q;
	s->generation++;
	s->next = r->n;
}

void
selection_touch(struct selection *s, const struct ring *r)
{
	s->next = r->n;
}

static struct hits *
current_hits(struct selection *s, struct block *b)
{
	struct hits *h = &b->hits[s->slot];

	if (h->generation != s->generation) {
		free(h->bits);
		*h = (struct hits){ .generation = s->generation };
	}
	return h;
}

/* Rows whose bytes are at hand together. */
struct window {
	uint32_t end;     /* the row after the last */
	size_t from;      /* where the first row's bytes begin in the block */
	struct span bytes;
	size_t candidate; /* the first byte, from some earlier row on, that a match may hold */
};

static void
open_window(struct selection *s, const struct block *b, uint32_t row, uint32_t end, struct window *w)
{
	size_t to;

	w->from = w->candidate = b->offset[row];
	do
		to = b->offset[row] + b->size[row];
	while (++row < end && b->offset[row] + b->size[row] - w->from <= WINDOW_BYTES);
	w->end = row;
	w->bytes = block_bytes(b, w->from, to - w->from, &s->record.loan);
}

/* Bytes are asked for only where columns do not tell; rows before the candidate are passed over without a look. */
static bool
row_matches(struct selection *s, struct block *b, uint32_t row, uint32_t end, struct window *w)
{
	uint32_t start = b->offset[row];
	bool match;

	if (query_match_columns(s->query, b->level[row], b->time[row], &match))
		return match;
	if (row >= w->end)
		open_window(s, b, row, end, w);
	if (w->candidate < start)
		w->candidate = w->from + query_next_candidate(s->query, w->bytes, start - w->from);
	if (w->candidate >= start + b->size[row] || !s->ops->record(s->arg, b, row, &s->record))
		return false;
	return query_match(s->query, &s->record);
}

static void
make_room(struct hits *h, const struct block *b)
{
	uint32_t words = b->rows_cap / 64 + 1;

	if (words <= h->words)
		return;
	h->bits = xreallocarray(h->bits, words, sizeof *h->bits);
	memset(h->bits + h->words, 0, (words - h->words) * sizeof *h->bits);
	h->words = words;
}

/* Look at rows from h->done up to `end`. */
static void
advance(struct selection *s, struct block *b, struct hits *h, uint32_t end)
{
	if (h->done >= end)
		return;
	struct query_summary summary = {
		.first = b->first, .last = b->last, .level_count = b->level_count,
		.source = s->ops->source_name(s->arg, b->source),
	};
	struct window window = { 0 };

	make_room(h, b);
	if (!query_may_match(s->query, &summary)) {
		h->done = end;
		return;
	}
	for (; h->done < end; h->done++)
		if (row_matches(s, b, h->done, end, &window)) {
			h->bits[h->done / 64] |= UINT64_C(1) << h->done % 64;
			h->count++;
		}
}

/*
 * The last record of an open block may still grow; what it matches is decided
 * again when the block is looked at next.
 */
static void
forget_last(struct hits *h, const struct block *b)
{
	if (b->sealed || !h->done || h->done != b->n)
		return;
	uint64_t bit = UINT64_C(1) << (h->done - 1) % 64, *word = &h->bits[(h->done - 1) / 64];

	h->done--;
	h->count -= (*word & bit) != 0;
	*word &= ~bit;
}

void
selection_block(struct selection *s, struct block *b)
{
	if (!s->query)
		return;
	struct hits *h = current_hits(s, b);

	forget_last(h, b);
	advance(s, b, h, b->n);
}

bool
selection_step(struct selection *s, const struct ring *r, int64_t deadline)
{
	if (!s->query)
		return true;
	if (s->next > r->n)
		s->next = r->n;
	while (s->next > 0) {
		struct block *b = r->blocks[s->next - 1];
		struct hits *h = current_hits(s, b);

		while (h->done < b->n) {
			if (clock_mono() >= deadline)
				return false;
			advance(s, b, h, b->n - h->done > ROWS_A_STEP ? h->done + ROWS_A_STEP : b->n);
		}
		s->next--;
	}
	return true;
}

bool
selection_has(struct selection *s, struct block *b, uint32_t row)
{
	if (!s->query)
		return true;
	const struct hits *h = current_hits(s, b);

	if (row >= h->done)
		selection_block(s, b);
	return h->bits && h->bits[row / 64] >> row % 64 & 1;
}

uint64_t
selection_count(const struct selection *s, const struct ring *r)
{
	uint64_t n = 0;

	if (!s->query)
		return r->records;
	for (size_t i = 0; i < r->n; i++) {
		const struct hits *h = &r->blocks[i]->hits[s->slot];

		if (h->generation == s->generation)
			n += h->count;
	}
	return n;
}
