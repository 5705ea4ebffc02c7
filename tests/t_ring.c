/* Unit tests of core/ring, core/cursor and core/selection against a naive list of records. */
#include "config.h"

#include "core/alloc.h"
#include "core/cursor.h"
#include "core/joiner.h"
#include "tests/unit.h"

#include <stdio.h>
#include <stdlib.h>

enum { BLOCKS = 12, ROWS = 40 };

static uint64_t seed = 42;

static uint32_t
dice(uint32_t n)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(seed >> 33) % n;
}

/* A block of text records whose times wander around `start`, every fifth an error. */
static struct block *
make_block(unsigned source, uint64_t pos, int64_t start)
{
	struct block *b = block_new(source, pos, NULL);
	const struct format *raw = format_get(FORMAT_RAW);

	for (uint32_t i = 0; i < ROWS; i++) {
		struct parsed parsed;
		uint32_t at = (uint32_t)b->len;
		int n = sprintf(block_room(b, 64), "word%u of %u\n", dice(10), source);

		b->len += (size_t)n;
		parsed_clear(&parsed);
		parsed.level = i % 5 ? LEVEL_INFO : LEVEL_ERROR;
		block_add(b, at, (uint32_t)n - 1, start + i * 10 + dice(50), ROW_OWN_TIME, raw, &parsed);
	}
	block_seal(b, 0);
	block_check(b);
	return b;
}

static void
fill(struct ring *r, size_t budget)
{
	ring_init(r, budget);
	for (int i = 0; i < BLOCKS; i++)
		ring_add(r, make_block((unsigned)i % 3, (uint64_t)(i / 3) * 10000, (i / 3) * 300 + (i % 3) * 7));
}

static struct span
no_name(void *arg, unsigned source)
{
	(void)arg;
	(void)source;
	return span_str("x");
}

static bool
look(void *arg, struct block *b, uint32_t row, struct record *r)
{
	r->parser = arg;
	return block_record(b, row, r);
}

static const struct match_ops ops = { no_name, look, NULL };

static int
by_place(const void *a, const void *b)
{
	return place_cmp(*(const struct place *)a, *(const struct place *)b);
}

/* Every place that a selection has, in order. */
static size_t
naive(const struct ring *r, enum level min, struct place *out)
{
	size_t n = 0;

	for (size_t i = 0; i < r->n; i++)
		for (uint32_t row = 0; row < r->blocks[i]->n; row++)
			if (r->blocks[i]->level[row] >= min)
				out[n++] = block_place(r->blocks[i], row);
	qsort(out, n, sizeof *out, by_place);
	return n;
}

static void
check_walk(struct ring *r, struct selection *s, enum level least, const struct place *want, size_t n, size_t from,
	   int direction)
{
	struct cursor c;
	struct block *b;
	uint32_t row;
	size_t i = from;

	cursor_seek(&c, r, s, want[from], direction);
	c.least = least;
	while ((b = cursor_next(&c, &row))) {
		i += (size_t)direction;
		ck_assert(i < n);
		ck_assert_int_eq(place_cmp(block_place(b, row), want[i]), 0);
	}
	ck_assert_uint_eq(i, direction > 0 ? n - 1 : 0);
	cursor_release(&c);
}

START_TEST(walks_in_merged_order_from_anywhere)
{
	static struct place want[BLOCKS * ROWS];
	struct ring r;

	fill(&r, SIZE_MAX);
	size_t n = naive(&r, LEVEL_NONE, want);

	ck_assert_uint_eq(n, BLOCKS * ROWS);
	ck_assert_uint_eq(r.records, n);
	for (size_t i = 0; i < n; i += 7) {
		check_walk(&r, NULL, LEVEL_NONE, want, n, i, 1);
		check_walk(&r, NULL, LEVEL_NONE, want, n, i, -1);
	}
	ring_release(&r);
}
END_TEST

START_TEST(walks_only_what_is_selected)
{
	static struct place want[BLOCKS * ROWS];
	struct ring r;
	struct parser p;
	struct selection s;

	parser_init(&p);
	fill(&r, SIZE_MAX);
	selection_init(&s, HITS_FILTER, &ops, &p);
	selection_set(&s, query_compile(span_str("level>=error"), 0, NULL), &r);
	size_t n = naive(&r, LEVEL_ERROR, want);

	ck_assert_uint_eq(n, BLOCKS * ROWS / 5);
	for (size_t i = 0; i < n; i += 3) {
		check_walk(&r, &s, LEVEL_NONE, want, n, i, 1);
		check_walk(&r, &s, LEVEL_NONE, want, n, i, -1);
	}
	while (!selection_step(&s, &r, INT64_MAX))
		;
	ck_assert_uint_eq(selection_count(&s, &r), n);
	selection_set(&s, NULL, &r);
	ck_assert_uint_eq(selection_count(&s, &r), BLOCKS * ROWS);
	selection_release(&s);
	ring_release(&r);
	parser_release(&p);
}
END_TEST

START_TEST(walks_only_levels_that_are_wanted)
{
	static struct place want[BLOCKS * ROWS];
	struct ring r;

	fill(&r, SIZE_MAX);
	size_t n = naive(&r, LEVEL_ERROR, want);

	for (size_t i = 0; i < n; i += 3) {
		check_walk(&r, NULL, LEVEL_ERROR, want, n, i, 1);
		check_walk(&r, NULL, LEVEL_ERROR, want, n, i, -1);
	}
	check_walk(&r, NULL, LEVEL_CRITICAL, want, 1, 0, 1); /* no record is: every block is left out */
	ring_release(&r);
}
END_TEST

START_TEST(selects_by_words_and_sees_what_is_appended)
{
	struct ring r;
	struct parser p;
	struct selection s;
	struct block *b = block_new(0, 0, NULL);
	struct joiner j;

	parser_init(&p);
	ring_init(&r, SIZE_MAX);
	ring_add(&r, b);
	joiner_init(&j, NULL, NULL);
	joiner_start(&j, b, 0);
	j.fallback = 5;
	selection_init(&s, HITS_SEARCH, &ops, &p);
	selection_set(&s, query_compile(span_str("needle"), 0, NULL), &r);
	for (unsigned i = 0; i < 500; i++) {
		b->len += (size_t)sprintf(block_room(b, 64), i % 9 ? "straw %u\n" : "a needle %u\n", i);
		joiner_feed(&j, SIZE_MAX);
		ring_account(&r, b);
		if (i % 50 == 0)
			selection_block(&s, b);
	}
	ck_assert(selection_has(&s, b, 495));
	ck_assert(!selection_has(&s, b, 496));
	ck_assert_uint_eq(selection_count(&s, &r), 56);
	ring_account(&r, b);
	ck_assert_uint_eq(r.bytes, block_memory(b));
	joiner_release(&j);
	selection_release(&s);
	ring_release(&r);
	parser_release(&p);
}
END_TEST

static void
count_gone(void *arg, struct block *b)
{
	(void)b;
	++*(unsigned *)arg;
}

START_TEST(evicts_the_oldest_whole_and_names_stay)
{
	struct ring r;
	unsigned gone = 0;
	uint32_t row;

	fill(&r, SIZE_MAX);
	uint64_t first = record_id(r.blocks[0], 3), last = record_id(r.blocks[BLOCKS - 1], 3);

	r.budget = r.bytes / 2;
	ring_trim(&r, count_gone, &gone);
	ck_assert_uint_gt(gone, 0);
	ck_assert_uint_le(r.bytes, r.budget);
	ck_assert_uint_eq(r.evicted, gone * ROWS);
	ck_assert_uint_eq(r.records, (BLOCKS - gone) * ROWS);
	ck_assert_ptr_null(ring_find(&r, first, &row));
	ck_assert_ptr_eq(ring_find(&r, last, &row), r.blocks[r.n - 1]);
	ck_assert_uint_eq(row, 3);
	for (size_t i = 0; i < r.n; i++)
		ck_assert(r.blocks[i]->last >= r.evicted_to);
	ring_release(&r);
}
END_TEST

static Suite *
suite(void)
{
	Suite *s = suite_create("ring");
	TCase *t = tcase_create("ring");

	tcase_add_test(t, walks_in_merged_order_from_anywhere);
	tcase_add_test(t, walks_only_what_is_selected);
	tcase_add_test(t, walks_only_levels_that_are_wanted);
	tcase_add_test(t, selects_by_words_and_sees_what_is_appended);
	tcase_add_test(t, evicts_the_oldest_whole_and_names_stay);
	suite_add_tcase(s, t);
	return s;
}

int
main(void)
{
	return unit_run(suite());
}
