/*
 * selection: see selection.h.
 *
 *	rows    0 .. 63   64 .. 127   128 ..             of a block
 *	bits    ..1....   .........   1...               those that match
 *	seen    1         1           0                  a bit per group: it was looked at
 *
 * Rows are looked at a window at a time, in whole groups, in any order: from the
 * end where somebody scrolls, from the front by workers. The last group of an
 * open block is looked at again when the block is, for its last record may grow.
 *
 * What is still to be done is listed once and listed again when blocks came,
 * grew or were handed back; a step in between costs nothing.
 */
#include "config.h"

#include "core/selection.h"

#include "core/alloc.h"
#include "core/hit_levels.h"

#include <stdlib.h>

/* Looked at here between two looks at the clock: a slow pattern takes up to a millisecond for each. */
enum { ROWS_HERE = 128 };

void
selection_init(struct selection *s, int slot, const struct match_ops *ops, void *arg)
{
	*s = (struct selection){ .slot = slot, .generation = 1, .matcher = { .ops = ops, .arg = arg } };
}

void
selection_employ(struct selection *s, struct sweep *sweep, void (*found)(void *arg))
{
	s->sweep = sweep;
	s->found = found;
}

void
selection_release(struct selection *s)
{
	query_free(s->query);
	matcher_release(&s->matcher);
	look_free(s->looks);
	free(s->todo);
	*s = (struct selection){ 0 };
}

void
selection_again(struct selection *s)
{
	if (s->sweep)
		sweep_cancel(s->sweep, s);
	s->generation++;
	s->stale = true;
}

void
selection_set(struct selection *s, struct query *q, const struct ring *r)
{
	query_free(s->query);
	s->query = s->matcher.query = q;
	s->ring = r;
	selection_again(s);
}

void
selection_touch(struct selection *s, const struct ring *r)
{
	s->ring = r;
	s->stale = true;
}

/* ---- the hits of one block --------------------------------------------------------- */

static uint32_t
groups_of(uint32_t rows)
{
	return (rows + 63) / 64;
}

static bool
get(const uint64_t *bits, uint32_t i)
{
	return bits[i / 64] >> i % 64 & 1;
}

static void
make_room(struct hits *h, const struct block *b)
{
	uint32_t words = groups_of(b->rows_cap), had = groups_of(h->words);

	if (words <= h->words)
		return;
	uint64_t *bits = xcalloc(words + words / 64 + 1, sizeof *bits);

	if (h->words) {
		memcpy(bits, h->bits, h->words * sizeof *bits);
		memcpy(bits + words, h->seen, had * sizeof *bits);
	}
	free(h->bits);
	h->bits = bits;
	h->seen = bits + words;
	h->words = words;
}

static void
forget_group(struct hits *h, uint32_t group)
{
	if (!get(h->seen, group))
		return;
	h->seen[group / 64] &= ~(UINT64_C(1) << group % 64);
	h->looked--;
	h->count -= (uint32_t)__builtin_popcountll(h->bits[group]);
	h->bits[group] = 0;
}

/* The hits of a block as it is now, of this selection. */
static struct hits *
fresh_hits(struct selection *s, struct block *b)
{
	struct hits *h = &b->hits[s->slot];

	make_room(h, b);
	if (h->generation != s->generation) {
		if (h->bits)
			memset(h->bits, 0, (h->words + groups_of(h->words)) * sizeof *h->bits);
		free(h->seconds);
		*h = (struct hits){
			.bits = h->bits, .seen = h->seen, .words = h->words, .generation = s->generation,
		};
	}
	if (h->rows && (h->open || h->rows % 64))
		if (h->open || h->rows != b->n)
			forget_group(h, (h->rows - 1) / 64);
	h->rows = b->n;
	h->open = !b->sealed;
	return h;
}

static bool
is_complete(const struct hits *h)
{
	return h->looked == groups_of(h->rows);
}

void
selection_install(struct selection *s, struct block *b, uint32_t from, uint32_t to, const uint64_t *bits)
{
	struct hits *h = &b->hits[s->slot];

	for (uint32_t g = from / 64; g < groups_of(to); g++, bits++) {
		if (get(h->seen, g))
			continue;
		h->seen[g / 64] |= UINT64_C(1) << g % 64;
		h->looked++;
		h->bits[g] = *bits;
		h->count += (uint32_t)__builtin_popcountll(*bits);
	}
	/* Here, where time is measured, rather than in the frame that first asks. */
	if (b->sealed && !h->counted && s->slot != HITS_CENSUS && selection_knows_all(s, b))
		hit_levels_count(b, h);
}

static void
look_here(struct selection *s, struct block *b, const struct match_window *w)
{
	uint64_t bits[ROWS_WORDS];

	match_rows(&s->matcher, b, w, b->grams, bits);
	selection_install(s, b, w->from, w->to, bits);
}

/* Nothing in the block matches: every row has been looked at. */
static void
install_none(struct selection *s, struct block *b)
{
	static const uint64_t none[ROWS_WORDS];

	for (uint32_t row = 0; row < b->n; row += ROWS_TOGETHER)
		selection_install(s, b, row, b->n - row > ROWS_TOGETHER ? row + ROWS_TOGETHER : b->n, none);
}

uint32_t
selection_unseen(const struct selection *s, const struct block *b)
{
	const struct hits *h = &b->hits[s->slot];

	for (uint32_t i = 0; i < groups_of(groups_of(h->rows)); i++)
		if (~h->seen[i]) {
			uint32_t row = (i * 64 + (uint32_t)__builtin_ctzll(~h->seen[i])) * 64;

			return row < h->rows ? row : h->rows;
		}
	return h->rows;
}

/* Look at what is left of a window; false at the deadline. */
static bool
finish_window(struct selection *s, struct block *b, struct match_window w, int64_t deadline)
{
	uint32_t end = w.to, most = deadline == INT64_MAX || query_is_columns(s->query) ? ROWS_TOGETHER : ROWS_HERE;

	for (; w.from < end; w.from = w.to) {
		w.to = end - w.from > most ? w.from + most : end;
		if (w.to <= selection_unseen(s, b))
			continue;
		if (clock_mono() >= deadline)
			return false;
		look_here(s, b, &w);
	}
	return true;
}

/* Look at what is left of a block; false at the deadline. */
static bool
finish_here(struct selection *s, struct block *b, int64_t deadline)
{
	struct hits *h = fresh_hits(s, b);
	struct match_window w = { 0 };

	if (is_complete(h))
		return true;
	if (!match_enter(&s->matcher, b)) {
		install_none(s, b);
		return true;
	}
	while (match_next(b, &w))
		if (w.to > selection_unseen(s, b) && !finish_window(s, b, w, deadline))
			return false;
	return true;
}

/* ---- what is to be done ------------------------------------------------------------ */

/* Whether this thread has to look at a block itself. */
static bool
is_for_here(const struct selection *s, const struct block *b, const struct hits *h)
{
	return !s->sweep || !b->sealed || h->here || query_is_columns(s->query);
}

static int
by_newest(const void *a, const void *b)
{
	const struct selection_todo *x = a, *y = b;

	return x->last != y->last ? (x->last < y->last) - (x->last > y->last) : (x->seq < y->seq) - (x->seq > y->seq);
}

static void
list_todo(struct selection *s)
{
	if (!s->stale)
		return;
	s->stale = s->waits = false;
	s->n = s->here = s->away = 0;
	for (size_t i = 0; i < s->ring->n; i++) {
		struct block *b = s->ring->blocks[i];
		struct hits *h = fresh_hits(s, b);

		if (h->busy || is_complete(h))
			continue;
		ARRAY_GROW(s->todo, s->n, s->cap);
		s->todo[s->n++] = (struct selection_todo){ b->seq, b->last, is_for_here(s, b, h) };
	}
	if (s->n)
		qsort(s->todo, s->n, sizeof *s->todo, by_newest);
}

/* Where bytes have gone is found out when no worker reads from the file (block_recover). */
static bool
must_wait(struct selection *s, const struct block *b)
{
	bool waits = b->hits[s->slot].here && s->sweep && sweep_under_way(s->sweep, NULL);

	s->waits |= waits;
	return waits;
}

static bool
step_here(struct selection *s, int64_t deadline)
{
	uint32_t row;

	for (; s->here < s->n; s->here++) {
		const struct selection_todo *t = &s->todo[s->here];
		struct block *b = t->here ? ring_find(s->ring, t->seq << 24, &row) : NULL;

		if (b && !must_wait(s, b) && !finish_here(s, b, deadline))
			return false;
	}
	return true;
}

void
selection_feed(struct selection *s)
{
	if (!s->query || !s->sweep || !s->ring)
		return;
	s->stale |= s->waits && !sweep_under_way(s->sweep, NULL);
	list_todo(s);
	while (s->away < s->n && sweep_has_room(s->sweep))
		look_give(s);
}

bool
selection_done(const struct selection *s)
{
	if (!s->query)
		return true;
	return !s->stale && !s->waits && s->here >= s->n && s->away >= s->n && !(s->sweep && sweep_under_way(s->sweep, s));
}

bool
selection_step(struct selection *s, const struct ring *r, int64_t deadline)
{
	s->ring = r;
	if (!s->query)
		return true;
	for (;;) {
		list_todo(s);
		if (!step_here(s, deadline))
			return false;
		if (!s->sweep)
			s->away = s->n;
		selection_feed(s);
		if (deadline != INT64_MAX || selection_done(s))
			return !s->stale;
		if (sweep_under_way(s->sweep, NULL))
			sweep_wait(s->sweep);
	}
}

/* ---- questions --------------------------------------------------------------------- */

void
selection_block(struct selection *s, struct block *b)
{
	if (s->query && is_for_here(s, b, fresh_hits(s, b)))
		finish_here(s, b, INT64_MAX);
}

bool
selection_knows(const struct selection *s, const struct block *b, uint32_t row)
{
	const struct hits *h = &b->hits[s->slot];

	return !s->query || (h->generation == s->generation && row < h->rows && get(h->seen, row / 64));
}

bool
selection_shows(const struct selection *s, const struct block *b, uint32_t row)
{
	return selection_knows(s, b, row) && (!s->query || get(b->hits[s->slot].bits, row));
}

bool
selection_has(struct selection *s, struct block *b, uint32_t row)
{
	if (!selection_knows(s, b, row)) {
		struct match_window w = match_find(b, row);
		uint32_t from = row / ROWS_HERE * ROWS_HERE;

		if (w.from < from)
			w.from = from;
		if (w.to > from + ROWS_HERE)
			w.to = from + ROWS_HERE;
		fresh_hits(s, b);
		if (match_enter(&s->matcher, b))
			look_here(s, b, &w);
		else
			install_none(s, b);
	}
	return selection_shows(s, b, row);
}

bool
selection_lacks(const struct selection *s, const struct block *b, uint32_t row)
{
	return s->query && selection_knows(s, b, row) && !b->hits[s->slot].bits[row / 64];
}

bool
selection_knows_all(const struct selection *s, const struct block *b)
{
	const struct hits *h = &b->hits[s->slot];

	return h->generation == s->generation && h->rows == b->n && is_complete(h);
}

bool
selection_lacks_all(const struct selection *s, const struct block *b)
{
	const struct hits *h = &b->hits[s->slot];

	return s->query && !h->count && selection_knows_all(s, b);
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
