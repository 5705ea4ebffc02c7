/*
 * match: see match.h.
 *
 * Columns are asked first, bytes only about the rows that these leave open: the
 * bytes of all of them in one read, or, where few are open in a wide window,
 * one by one. Where bytes cannot be had in one piece, each record is asked of who
 * lends records, who may know where they have gone.
 */
#include "config.h"

#include "core/match.h"

enum {
	WINDOW_BYTES = 256 << 10, /* they stay in the processor's cache */
	SINGLE_COST = 40 << 10,   /* reading a record by itself costs as much as so many bytes in a row */
};

void
matcher_release(struct matcher *m)
{
	record_release(&m->record);
}

/* Bytes from the first of row `from` to the last of row `to` - 1. */
static size_t
bytes_of(const struct block *b, uint32_t from, uint32_t to)
{
	return b->offset[to - 1] + b->size[to - 1] - b->offset[from];
}

static uint32_t
window_end(const struct block *b, uint32_t from)
{
	uint32_t to = from, next = from;

	do {
		to = next;
		next = b->n - to > 64 ? to + 64 : b->n;
	} while (to < b->n && (to == from || (bytes_of(b, from, next) <= WINDOW_BYTES && next - from <= ROWS_TOGETHER)));
	return to;
}

bool
match_next(const struct block *b, struct match_window *w)
{
	w->index += w->to != 0;
	w->from = w->to;
	w->to = window_end(b, w->from);
	return w->from < w->to;
}

struct match_window
match_find(const struct block *b, uint32_t row)
{
	struct match_window w = { 0 };

	while (match_next(b, &w) && w.to <= row)
		;
	return w;
}

bool
match_enter(struct matcher *m, const struct block *b)
{
	struct query_summary summary = {
		.first = b->first, .last = b->last, .level_count = b->level_count,
		.source = m->ops->source_name(m->arg, b->source),
	};

	query_visit(m->query);
	return b->n && query_may_match(m->query, &summary);
}

static uint32_t
count_bits(const uint64_t *bits, uint32_t words)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < words; i++)
		n += (uint32_t)__builtin_popcountll(bits[i]);
	return n;
}

static bool
is_cancelled(const struct matcher *m)
{
	return m->cancelled && atomic_load_explicit(m->cancelled, memory_order_relaxed);
}

/* Ask about each open row by itself. */
static bool
match_each(struct matcher *m, struct block *b, uint32_t from, uint32_t words, const uint64_t *open, uint64_t *bits)
{
	for (uint32_t i = 0; i < words; i++)
		for (uint64_t left = open[i]; left; left &= left - 1) {
			uint32_t row = from + i * 64 + (uint32_t)__builtin_ctzll(left);
			bool had = m->ops->record(m->arg, b, row, &m->record);

			if ((!had && m->must_read) || is_cancelled(m))
				return false;
			if (had && query_match(m->query, &m->record))
				bits[i] |= left & -left;
		}
	return true;
}

/* Of yes and maybe: what matches, and what is still open. true when something is. */
static bool
split(const struct query_bits *v, uint32_t words, uint64_t *bits, uint64_t *open)
{
	uint64_t any = 0;

	for (uint32_t i = 0; i < words; i++) {
		bits[i] |= v->yes[i];
		open[i] = v->may[i] & ~v->yes[i];
		any |= open[i];
	}
	return any != 0;
}

static void
first_and_last(const uint64_t *bits, uint32_t words, uint32_t *first, uint32_t *last)
{
	uint32_t a = 0, z = words - 1;

	while (!bits[a])
		a++;
	while (!bits[z])
		z--;
	*first = a * 64 + (uint32_t)__builtin_ctzll(bits[a]);
	*last = z * 64 + 63 - (uint32_t)__builtin_clzll(bits[z]);
}

/* Have the bytes of the open rows, all or none. */
static bool
read_open(struct matcher *m, struct query_rows *w, uint32_t words, const uint64_t *open)
{
	const struct block *b = w->block;
	uint32_t first, last;

	first_and_last(open, words, &first, &last);
	size_t n = bytes_of(b, w->from + first, w->from + last + 1);

	if (!b->bytes && (size_t)count_bits(open, words) * SINGLE_COST < n)
		return false;
	w->base = b->offset[w->from + first];
	w->bytes = block_bytes(b, w->base, n, &m->record.loan);
	return w->bytes.p != NULL;
}

bool
match_rows(struct matcher *m, struct block *b, const struct match_window *window, const struct grams *grams,
	   uint64_t bits[ROWS_WORDS])
{
	uint32_t rows = window->to - window->from, words = (rows + 63) / 64;
	uint64_t open[ROWS_WORDS];
	struct query_bits v;
	struct query_rows w = {
		.block = b, .from = window->from, .to = window->to, .arg = m->arg, .request = m->ops->request,
		.grams = grams && grams->n ? grams->tables + (size_t)window->index * GRAMS_BYTES : NULL,
		.source = m->ops->source_name(m->arg, b->source),
	};

	memset(bits, 0, words * sizeof *bits);
	memset(open, 0xff, words * sizeof *open);
	if (rows % 64)
		open[words - 1] = (UINT64_C(1) << rows % 64) - 1;
	query_rows(m->query, &w, open, &v);
	if (!split(&v, words, bits, open))
		return true;
	if (read_open(m, &w, words, open)) {
		query_rows(m->query, &w, open, &v);
		if (!split(&v, words, bits, open))
			return true;
	}
	return match_each(m, b, window->from, words, open, bits);
}
