/* Unit tests of core/sketch: the error bound against exact quantiles, merging, the two forms. */
#include "config.h"

#include "core/alloc.h"
#include "core/demo_rand.h"
#include "core/sketch.h"
#include "tests/unit.h"

#include <stdlib.h>

#define DAY 86400.0

static double
draw_uniform(struct demo_rand *r)
{
	return demo_rand_unit(r) * 3;
}

static double
draw_log_normal(struct demo_rand *r)
{
	return demo_rand_latency(r, 0.04, 1.5);
}

static double
draw_bimodal(struct demo_rand *r)
{
	return demo_rand_chance(r, 0.93) ? demo_rand_latency(r, 0.002, 0.1)
					 : demo_rand_latency(r, 30, 0.05);
}

/* Every magnitude from a microsecond to a day alike. */
static double
draw_wide(struct demo_rand *r)
{
	return 1e-6 * pow(DAY / 1e-6, demo_rand_unit(r));
}

static double
draw_few(struct demo_rand *r)
{
	return 0.001 * (1 + demo_rand_below(r, 5));
}

static const struct {
	double (*draw)(struct demo_rand *r);
	size_t n;
} shapes[] = {
	{ draw_uniform, 1 },     { draw_uniform, 2 },        { draw_uniform, 20000 },
	{ draw_log_normal, 30 }, { draw_log_normal, 50000 }, { draw_bimodal, 100 },
	{ draw_bimodal, 50000 }, { draw_wide, 1000 },        { draw_wide, 50000 },
	{ draw_few, 1000 },
};

static int
compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void
assert_quantiles(const struct sketch *s, double *values, size_t n)
{
	qsort(values, n, sizeof *values, compare);
	for (int per_mille = 0; per_mille <= 1000; per_mille++) {
		double q = per_mille / 1000.0;
		size_t rank = (size_t)((double)n * q);
		double exact = values[rank < n ? rank : n - 1];

		ck_assert_double_le(fabs(sketch_quantile(s, q) - exact), 0.0078 * exact);
	}
	ck_assert_double_eq(sketch_quantile(s, 0), values[0]);
	ck_assert_double_eq(sketch_quantile(s, 1), values[n - 1]);
}

/* A packed sketch adds what the sketch itself would, to sparse ones and dense ones. */
START_TEST(packed_is_the_same)
{
	static const size_t sizes[] = { 0, 1, 2, 3, 12, 400, 600, 20000 };
	struct demo_rand r = { 31 + (uint64_t)_i };
	struct sketch s = SKETCH_INIT, merged = SKETCH_INIT, taken = SKETCH_INIT;
	struct strbuf packed = STRBUF_INIT;

	if (_i % 2) {
		sketch_widen(&merged);
		sketch_widen(&taken);
	}
	for (size_t round = 0; round < 3; round++) {
		for (size_t i = 0; i < sizes[_i / 2]; i++)
			sketch_add(&s, i % 50 ? demo_rand_latency(&r, 0.05, 2) : i % 100 ? 0 : 1e7);
		strbuf_clear(&packed);
		sketch_pack(&s, &packed);
		sketch_merge(&merged, &s);
		sketch_take(&taken, (const uint8_t *)packed.p);
		ck_assert_uint_eq(taken.count, merged.count);
		ck_assert_double_eq(taken.sum, merged.sum);
		ck_assert_double_eq(taken.min, merged.min);
		ck_assert_double_eq(taken.max, merged.max);
		for (int i = 0; i <= 100; i++)
			ck_assert_double_eq(sketch_quantile(&taken, i / 100.0), sketch_quantile(&merged, i / 100.0));
		sketch_clear(&s);
	}
	ck_assert_uint_le(sketch_memory(&s) ? packed.n : 0, 40 + 4 * sizes[_i / 2]);
	sketch_release(&s);
	sketch_release(&merged);
	sketch_release(&taken);
	strbuf_release(&packed);
}
END_TEST

START_TEST(quantiles_are_within_one_percent)
{
	struct demo_rand r = { 1 + (uint64_t)_i };
	struct sketch s = SKETCH_INIT;
	size_t n = shapes[_i].n;
	double *values = xreallocarray(NULL, n, sizeof *values), sum = 0;

	for (size_t i = 0; i < n; i++) {
		values[i] = shapes[_i].draw(&r);
		sum += values[i];
		sketch_add(&s, values[i]);
	}
	ck_assert_uint_eq(s.count, n);
	ck_assert_double_eq(sketch_mean(&s), sum / (double)n);
	assert_quantiles(&s, values, n);
	free(values);
	sketch_release(&s);
}
END_TEST

START_TEST(merging_equals_adding)
{
	struct demo_rand r = { 77 + (uint64_t)_i };
	struct sketch whole = SKETCH_INIT, merged = SKETCH_INIT, part = SKETCH_INIT;

	for (size_t i = 0; i < shapes[_i].n; i++) {
		double v = shapes[_i].draw(&r);

		sketch_add(&whole, v);
		sketch_add(&part, v);
		if (demo_rand_chance(&r, 0.01)) {
			sketch_merge(&merged, &part);
			sketch_clear(&part);
		}
	}
	sketch_merge(&merged, &part);
	ck_assert_uint_eq(merged.count, whole.count);
	ck_assert_double_eq_tol(merged.sum, whole.sum, 1e-9 * whole.sum);
	for (int i = 0; i <= 100; i++)
		ck_assert_double_eq(sketch_quantile(&merged, i / 100.0),
				    sketch_quantile(&whole, i / 100.0));
	sketch_release(&whole);
	sketch_release(&merged);
	sketch_release(&part);
}
END_TEST

START_TEST(dense_answers_as_sparse)
{
	struct demo_rand r = { 5 };
	struct sketch sparse = SKETCH_INIT, dense = SKETCH_INIT;

	sketch_widen(&dense);
	for (int round = 0; round < 3; round++) {
		for (int i = 0; i < 300; i++) {
			double v = draw_log_normal(&r);

			sketch_add(&sparse, v);
			sketch_add(&dense, v);
		}
		ck_assert_uint_lt(sketch_memory(&sparse), sketch_memory(&dense));
		for (int i = 0; i <= 100; i++)
			ck_assert_double_eq(sketch_quantile(&sparse, i / 100.0),
					    sketch_quantile(&dense, i / 100.0));
		sketch_clear(&sparse);
		sketch_clear(&dense);
		ck_assert_double_eq(sketch_quantile(&dense, 0.5), 0);
	}
	sketch_release(&sparse);
	sketch_release(&dense);
}
END_TEST

START_TEST(becomes_dense_when_buckets_are_many)
{
	struct sketch s = SKETCH_INIT;
	size_t most = 0;

	ck_assert_uint_eq(sketch_memory(&s), 0);
	for (int i = 0; i < 3000; i++) {
		sketch_add(&s, 1e-6 * pow(1.01, i % 2500));
		most = sketch_memory(&s) > most ? sketch_memory(&s) : most;
		if (i == 3)
			ck_assert_uint_le(most, 64);
		if (i == 400)
			ck_assert_uint_le(most, 4096);
	}
	ck_assert_uint_eq(s.count, 3000);
	ck_assert_uint_gt(most, 4096);
	ck_assert_uint_le(most, 10240);
	sketch_release(&s);
}
END_TEST

static const struct {
	double value;
	bool counts;
	double absolute; /* error allowed */
} edge_rows[] = {
	{ 0.0, true, 0 },
	{ -0.0, true, 0 },
	{ 5e-324, true, 0 },
	{ 0.4e-6, true, 0 },
	{ 1e-6, true, 1e-8 },
	{ 1, true, 0.01 },
	{ DAY, true, 864 },
	{ 262143.9, true, 2622 },
	{ 1e9, true, 0 },
	{ 1e300, true, 0 },
	{ -1e-9, false, 0 },
	{ -1, false, 0 },
	{ (double)NAN, false, 0 },
	{ (double)INFINITY, false, 0 },
	{ (double)-INFINITY, false, 0 },
};

START_TEST(edges)
{
	struct sketch s = SKETCH_INIT;

	for (int i = 0; i < 3; i++)
		sketch_add(&s, edge_rows[_i].value);
	ck_assert_uint_eq(s.count, edge_rows[_i].counts ? 3 : 0);
	double expected = edge_rows[_i].counts ? edge_rows[_i].value : 0;

	ck_assert_double_le(fabs(sketch_quantile(&s, 0.5) - expected), edge_rows[_i].absolute);
	ck_assert_double_le(fabs(sketch_mean(&s) - expected), 1e-12 * expected);
	sketch_release(&s);
}
END_TEST

START_TEST(never_outside_what_was_seen)
{
	static const double odd[] = { -1, -0.5, 0, 0.5, 0.999999, 1, 2, NAN };
	struct sketch s = SKETCH_INIT;

	for (int i = 0; i < 10; i++)
		sketch_add(&s, 0.1300001 + i * 1e-7);
	for (size_t i = 0; i < ARRAY_SIZE(odd); i++) {
		ck_assert_double_ge(sketch_quantile(&s, odd[i]), s.min);
		ck_assert_double_le(sketch_quantile(&s, odd[i]), s.max);
	}
	sketch_release(&s);
	ck_assert_double_eq(sketch_quantile(&s, 0.5), 0);
	ck_assert_double_eq(sketch_mean(&s), 0);
}
END_TEST

static Suite *
sketch_suite(void)
{
	Suite *s = suite_create("sketch");
	TCase *tc = tcase_create("sketch");

	suite_add_tcase(s, tc);
	tcase_add_loop_test(tc, quantiles_are_within_one_percent, 0, ARRAY_SIZE(shapes));
	tcase_add_loop_test(tc, merging_equals_adding, 0, ARRAY_SIZE(shapes));
	tcase_add_test(tc, dense_answers_as_sparse);
	tcase_add_test(tc, becomes_dense_when_buckets_are_many);
	tcase_add_loop_test(tc, edges, 0, ARRAY_SIZE(edge_rows));
	tcase_add_test(tc, never_outside_what_was_seen);
	tcase_add_loop_test(tc, packed_is_the_same, 0, 16);
	return s;
}

int
main(void)
{
	return unit_run(sketch_suite());
}
