/* Unit tests of core/cooler: the ring's bytes leave memory and nothing else changes. */
#include "config.h"

#include "core/cooler.h"
#include "core/joiner.h"
#include "tests/unit.h"

#include <stdio.h>

enum { BLOCKS = 24, LINES = 400, WARM = 64 << 10 };

static struct ring ring;
static uv_loop_t loop;

static void
setup(void)
{
	ring_init(&ring, 64 << 20);
	ring.warm = WARM;
	uv_loop_init(&loop);
}

static void
teardown(void)
{
	ring_release(&ring);
	uv_run(&loop, UV_RUN_DEFAULT);
	ck_assert_int_eq(uv_loop_close(&loop), 0);
}

static struct block *
make_block(unsigned salt)
{
	struct block *b = block_new(0, (uint64_t)salt << 32, NULL);
	struct joiner j;

	for (unsigned i = 0; i < LINES; i++)
		b->len += (size_t)sprintf(block_room(b, 128),
					  "INFO 2025-09-08 12:%02u:%02u,000 views 1 2 block %u line %u and some words\n",
					  salt, i % 60, salt, i);
	joiner_init(&j, NULL, NULL);
	joiner_start(&j, b, 0);
	joiner_feed(&j, SIZE_MAX);
	joiner_release(&j);
	block_seal(b, 0);
	return b;
}

static void
assert_records(void)
{
	struct record r = { 0 };

	for (size_t i = 0; i < ring.n; i++) {
		ck_assert_uint_eq(ring.blocks[i]->n, LINES);
		for (uint32_t row = 0; row < LINES; row++) {
			char want[64];

			snprintf(want, sizeof want, "block %zu line %u and some words", i, row);
			ck_assert(block_record(ring.blocks[i], row, &r));
			ck_assert(span_ends(r.bytes, span_str(want)));
		}
	}
	record_release(&r);
}

static void
check_with(unsigned threads)
{
	struct cooler *c = cooler_new(&loop, threads, &ring);

	for (unsigned i = 0; i < BLOCKS; i++) {
		ring_add(&ring, make_block(i));
		cooler_step(c);
	}
	size_t log_bytes = ring.log_bytes;

	uv_run(&loop, UV_RUN_DEFAULT);
	cooler_free(c);
	ck_assert_uint_eq(ring.n, BLOCKS);
	ck_assert_uint_eq(ring.log_bytes, log_bytes);
#ifdef HAVE_ZSTD
	ck_assert_uint_le(ring.resident, WARM);
	ck_assert_ptr_nonnull(ring.blocks[BLOCKS - 1]->bytes); /* the newest stay warm */
#endif
	assert_records();
}

START_TEST(inline_as_well)
{
	check_with(0);
}
END_TEST

START_TEST(with_workers)
{
	check_with(2);
}
END_TEST

START_TEST(what_is_pinned_stays)
{
	struct cooler *c = cooler_new(&loop, 0, &ring);

	for (unsigned i = 0; i < BLOCKS; i++) {
		ring_add(&ring, make_block(i));
		ck_assert(block_pin(ring.blocks[i]));
	}
	cooler_step(c);
	for (unsigned i = 0; i < BLOCKS; i++)
		ck_assert_ptr_nonnull(ring.blocks[i]->bytes);
	ring.budget = 1;
	ring_trim(&ring, NULL, NULL);
	ck_assert_uint_eq(ring.n, BLOCKS);
	for (unsigned i = 0; i < BLOCKS; i++)
		block_unpin(ring.blocks[i]);
	cooler_free(c);
}
END_TEST

START_TEST(what_is_read_meanwhile_goes_the_next_time)
{
	struct cooler *c = cooler_new(&loop, 2, &ring);
	const char *bytes[BLOCKS];

	for (unsigned i = 0; i < BLOCKS; i++)
		ring_add(&ring, make_block(i));
	cooler_step(c); /* gives the workers some, and does some itself */
	for (unsigned i = 0; i < BLOCKS; i++) {
		ck_assert(block_pin(ring.blocks[i]));
		bytes[i] = ring.blocks[i]->bytes;
	}
	uv_run(&loop, UV_RUN_DEFAULT);
	for (unsigned i = 0; i < BLOCKS; i++)
		ck_assert_ptr_eq(ring.blocks[i]->bytes, bytes[i]);
	for (unsigned i = 0; i < BLOCKS; i++)
		block_unpin(ring.blocks[i]);
	cooler_step(c);
	uv_run(&loop, UV_RUN_DEFAULT);
	cooler_free(c);
#ifdef HAVE_ZSTD
	ck_assert_uint_le(ring.resident, WARM);
#endif
	assert_records();
}
END_TEST

static Suite *
suite(void)
{
	Suite *s = suite_create("cooler");
	TCase *t = tcase_create("cooler");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, inline_as_well);
	tcase_add_test(t, with_workers);
	tcase_add_test(t, what_is_pinned_stays);
	tcase_add_test(t, what_is_read_meanwhile_goes_the_next_time);
	suite_add_tcase(s, t);
	return s;
}

int
main(void)
{
	return unit_run(suite());
}
