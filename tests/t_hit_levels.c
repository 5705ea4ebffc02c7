/* Unit tests of core/hit_levels against records counted one by one. */
#include "config.h"

#include "core/hit_levels.h"
#include "tests/unit.h"

#include <stdio.h>
#include <string.h>

enum { BLOCKS = 12, ROWS = 500, STEPS = 7 };

static uint64_t seed = 11;

static uint32_t
dice(uint32_t n)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(seed >> 33) % n;
}

/* Rows some `apart` ns from each other, a tenth of them without a time of their own. */
static struct block *
make_block(uint64_t pos, int64_t start, int64_t apart)
{
	struct block *b = block_new(0, pos, NULL);

	for (uint32_t i = 0; i < ROWS; i++) {
		struct parsed parsed;
		uint32_t at = (uint32_t)b->len;
		int n = sprintf(block_room(b, 64), "word%u\n", dice(3));

		b->len += (size_t)n;
		parsed_clear(&parsed);
		parsed.level = (enum level)dice(LEVEL_COUNT);
		block_add(b, at, (uint32_t)n - 1, start + i * apart + dice((uint32_t)(apart / 2 + 1)),
			  dice(10) ? ROW_OWN_TIME : 0, format_get(FORMAT_RAW), &parsed);
	}
	block_seal(b, 0);
	return b;
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

static void
naive(const struct ring *r, struct selection *s, int64_t from, int64_t step, size_t n, uint32_t *count)
{
	for (size_t i = 0; i < r->n; i++)
		for (uint32_t row = 0; row < r->blocks[i]->n; row++) {
			const struct block *b = r->blocks[i];
			int64_t t = b->time[row];

			if (t >= from && t < from + step * (int64_t)n && (b->flags[row] & ROW_OWN_TIME) &&
			    selection_shows(s, b, row))
				count[(size_t)((t - from) / step) * LEVEL_COUNT + b->level[row]]++;
		}
}

static void
check_windows(struct ring *r, struct selection *s, int64_t begin, int64_t length)
{
	for (int i = 0; i < 300; i++) {
		uint32_t want[STEPS * LEVEL_COUNT] = { 0 }, got[STEPS * LEVEL_COUNT] = { 0 };
		size_t n = i % 2 ? STEPS : 1;
		int64_t from = begin + (int64_t)dice(100) * length / 80 - length / 8;
		int64_t step = 1 + (int64_t)dice(100) * length / 100 / (int64_t)n;

		if (n > 1) {
			from = from / NSEC * NSEC;
			step = (step / NSEC + 1) * NSEC;
		}
		naive(r, s, from, step, n, want);
		for (size_t b = 0; b < r->n; b++)
			hit_levels_add(s, r->blocks[b], from, step, n, got);
		ck_assert_mem_eq(got, want, sizeof want);
	}
}

/* Seconds with many records, with few, with one each. */
static const int64_t apart[] = { 3 * 1000000, 400 * 1000000LL, 2 * NSEC };

START_TEST(equals_records_counted_one_by_one)
{
	static const char *const queries[] = { "level>=error", "word1", "level>=trace", "nothing" };
	int64_t begin = INT64_C(1757322000) * NSEC + 123456789, length = ROWS * apart[_i];
	const struct match_ops ops = { .source_name = no_name, .record = look };
	struct parser parser;
	struct selection s;
	struct ring r;

	parser_init(&parser);
	ring_init(&r, 64 << 20);
	for (int i = 0; i < BLOCKS; i++)
		ring_add(&r, make_block((uint64_t)i << 20, begin + i * length / 2, apart[_i]));
	selection_init(&s, HITS_FILTER, &ops, &parser);
	for (size_t q = 0; q < sizeof queries / sizeof *queries; q++) {
		struct err err;

		selection_set(&s, query_compile(span_str(queries[q]), begin, &err), &r);
		check_windows(&r, &s, begin, length * BLOCKS / 2); /* nothing is known yet */
		selection_has(&s, r.blocks[3], 70);
		check_windows(&r, &s, begin, length * BLOCKS / 2); /* a little */
		while (!selection_step(&s, &r, INT64_MAX))
			;
		check_windows(&r, &s, begin, length * BLOCKS / 2);
		if (q == 2) /* kept where a second has several records */
			ck_assert_int_eq(r.blocks[0]->hits[HITS_FILTER].seconds != NULL, _i == 0);
	}
	ring_release(&r);
	selection_release(&s);
	parser_release(&parser);
}
END_TEST

static Suite *
suite(void)
{
	Suite *s = suite_create("hit_levels");
	TCase *t = tcase_create("hit_levels");

	tcase_add_loop_test(t, equals_records_counted_one_by_one, 0, sizeof apart / sizeof *apart);
	suite_add_tcase(s, t);
	return s;
}

int
main(void)
{
	return unit_run(suite());
}
