/*
 * sketch: quantiles in a log-linear histogram.
 *
 * The layout is that of HdrHistogram (Gil Tene): every power of two is cut into
 * 64 equal buckets. The bound is stated as in DDSketch (Masson, Rim, Lee,
 * "DDSketch: a fast and fully-mergeable quantile sketch with relative-error
 * guarantees", VLDB 2019): a quantile is off by a share of its value, however
 * far apart the values are. The bucket of a value is the exponent and the top
 * six mantissa bits of the double, so adding takes no logarithm:
 *
 *   bit 63 62       52 51    46 45                    0
 *      [ 0 | exponent | 6 bits |  not looked at        ]
 *          '----- bucket ------'
 *
 *   bucket 0         below 2^-20 s (0.95 us), and zero
 *   bucket 1..2432   2^-20 s .. 2^18 s (3 days), 38 octaves of 64
 *   bucket 2433      2^18 s and more
 *
 * Error. A bucket [l, u) of the octave that begins at 2^e has u - l = 2^e / 64
 * and l >= 2^e. It answers with r = 2lu / (l + u), which is as far from l as
 * from u in relative terms:
 *   |r - l| / l = |r - u| / u = (u - l) / (u + l) <= (1/64) / (2 + 1/64) = 1/129
 * so the error is at most 0.78 %. The two outer buckets answer with the
 * smallest and the largest value seen; below a microsecond the error is thus
 * absolute, under 0.95 us.
 *
 * Representation. One allocation, counts first, in one of two forms:
 *
 *   sparse   u32 count[cap] | u16 bucket[cap]    `used` pairs, rising; cap <= 512
 *   dense    u32 count[2440]                     cap == 2440, the last 6 unused
 *
 * A pair is 6 bytes and most sketches (a route in a minute) have a dozen; dense
 * is 9.5 KiB. A sketch never goes back to sparse. Counts of a bucket stop at
 * 2^32 - 1. Packed, where it only waits to be merged (numbers as in varint.h):
 *
 *   count | f64 max | f64 min | f64 sum | pairs | count, { step, count }...
 *
 * The first bucket is that of the minimum. One value is its maximum and two are
 * the minimum and the maximum, so these end there. What it does not do: forget,
 * or collapse buckets.
 */
#include "config.h"

#include "core/sketch.h"

#include "core/alloc.h"
#include "core/varint.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum {
	SUB_BITS = 6,
	EXP_LOW = -20,
	EXP_HIGH = 18,
	BUCKETS = ((EXP_HIGH - EXP_LOW) << SUB_BITS) + 2,
	STRIDE = 8, /* counts that are merged at once */
	DENSE = (BUCKETS + STRIDE - 1) / STRIDE * STRIDE,
	SPARSE_MAX = 512,
	SPARSE_FIRST = 4,
	MANTISSA_CUT = 52 - SUB_BITS,
};

/* The top bits of the double 2^EXP_LOW, which is the first value of bucket 1. */
static const uint64_t first_bits = (uint64_t)(1023 + EXP_LOW) << SUB_BITS;

static uint32_t
bucket_of(double v)
{
	uint64_t bits;

	if (v < 0x1p-20)
		return 0;
	if (v >= 0x1p18)
		return BUCKETS - 1;
	memcpy(&bits, &v, sizeof bits);
	return (uint32_t)((bits >> MANTISSA_CUT) - first_bits) + 1;
}

/* Where a bucket begins; bucket > 0. */
static double
bucket_low(uint32_t bucket)
{
	uint64_t bits = (bucket - 1 + first_bits) << MANTISSA_CUT;
	double v;

	memcpy(&v, &bits, sizeof v);
	return v;
}

static double
bucket_value(uint32_t bucket)
{
	if (bucket == 0)
		return 0;
	if (bucket == BUCKETS - 1)
		return INFINITY;
	double l = bucket_low(bucket), u = bucket_low(bucket + 1);

	return 2 * l * u / (l + u);
}

static bool
is_dense(const struct sketch *s)
{
	return s->cap == DENSE;
}

static uint16_t *
keys_of(const struct sketch *s)
{
	return (uint16_t *)((uint32_t *)s->buckets + s->cap);
}

static void
add_count(uint32_t *to, uint32_t n)
{
	uint32_t sum = *to + n;

	*to = sum < n ? UINT32_MAX : sum;
}

void
sketch_release(struct sketch *s)
{
	free(s->buckets);
	*s = (struct sketch)SKETCH_INIT;
}

void
sketch_clear(struct sketch *s)
{
	if (is_dense(s) && s->count) {
		uint32_t low = bucket_of(s->min), high = bucket_of(s->max);

		memset((uint32_t *)s->buckets + low, 0, (high - low + 1) * sizeof(uint32_t));
	}
	*s = (struct sketch){ .buckets = s->buckets, .cap = s->cap };
}

void
sketch_widen(struct sketch *s)
{
	if (is_dense(s))
		return;
	uint32_t *dense = xcalloc(DENSE, sizeof *dense), *sparse = s->buckets;
	const uint16_t *keys = keys_of(s);

	for (uint32_t i = 0; i < s->used; i++)
		dense[keys[i]] = sparse[i];
	free(sparse);
	s->buckets = dense;
	s->cap = DENSE;
	s->used = 0;
}

static void
grow_sparse(struct sketch *s)
{
	uint32_t cap = s->cap ? s->cap * 2 : SPARSE_FIRST;
	uint32_t *counts = xmalloc(cap * (sizeof(uint32_t) + sizeof(uint16_t)));

	if (s->used) {
		memcpy(counts, s->buckets, s->used * sizeof *counts);
		memcpy(counts + cap, keys_of(s), s->used * sizeof(uint16_t));
	}
	free(s->buckets);
	s->buckets = counts;
	s->cap = cap;
}

/* The first pair whose bucket is not below this one. */
static uint32_t
sparse_find(const struct sketch *s, uint32_t bucket)
{
	const uint16_t *keys = keys_of(s);
	uint32_t low = 0, n = s->used;

	while (n > 0) {
		uint32_t half = n / 2;
		bool right = keys[low + half] < bucket;

		low += right ? n - half : 0;
		n = half;
	}
	return low;
}

static void
sparse_insert(struct sketch *s, uint32_t at, uint32_t bucket, uint32_t n)
{
	if (s->used == s->cap)
		grow_sparse(s);
	uint32_t *counts = (uint32_t *)s->buckets + at;
	uint16_t *keys = keys_of(s) + at;
	size_t after = s->used - at;

	memmove(counts + 1, counts, after * sizeof *counts);
	memmove(keys + 1, keys, after * sizeof *keys);
	*counts = n;
	*keys = (uint16_t)bucket;
	s->used++;
}

static void
bump(struct sketch *s, uint32_t bucket, uint32_t n)
{
	uint32_t at = is_dense(s) ? bucket : sparse_find(s, bucket);

	if (is_dense(s) || (at < s->used && keys_of(s)[at] == bucket)) {
		add_count((uint32_t *)s->buckets + at, n);
	} else if (s->used < SPARSE_MAX) {
		sparse_insert(s, at, bucket, n);
	} else {
		sketch_widen(s);
		add_count((uint32_t *)s->buckets + bucket, n);
	}
}

static inline void
merge_range(struct sketch *into, uint64_t count, double sum, double min, double max)
{
	if (!into->count || min < into->min)
		into->min = min;
	if (!into->count || max > into->max)
		into->max = max;
	into->count += count;
	into->sum += sum;
}

void
sketch_add(struct sketch *s, double seconds)
{
	if (!(seconds >= 0 && seconds <= DBL_MAX))
		return;
	if (is_dense(s))
		add_count((uint32_t *)s->buckets + bucket_of(seconds), 1);
	else
		bump(s, bucket_of(seconds), 1);
	merge_range(s, 1, seconds, seconds, seconds);
}

/* In whole strides, which the compiler turns into vector code without -O3. */
static void
merge_dense(uint32_t *restrict to, const struct sketch *from)
{
	const uint32_t *restrict counts = from->buckets;
	uint32_t high = bucket_of(from->max);

	for (uint32_t i = bucket_of(from->min) / STRIDE * STRIDE; i <= high; i += STRIDE)
		for (uint32_t j = 0; j < STRIDE; j++)
			add_count(&to[i + j], counts[i + j]);
}

static void
merge_sparse(uint32_t *restrict to, const struct sketch *from)
{
	const uint32_t *restrict counts = from->buckets;
	const uint16_t *restrict keys = keys_of(from);

	for (uint32_t i = 0, n = from->used; i < n; i++)
		add_count(&to[keys[i]], counts[i]);
}

void
sketch_merge(struct sketch *into, const struct sketch *from)
{
	if (!from->count)
		return;
	if (is_dense(from) || into->used + from->used > SPARSE_MAX)
		sketch_widen(into);
	if (is_dense(from))
		merge_dense(into->buckets, from);
	else if (is_dense(into))
		merge_sparse(into->buckets, from);
	else
		for (uint32_t i = 0; i < from->used; i++)
			bump(into, keys_of(from)[i], ((const uint32_t *)from->buckets)[i]);
	merge_range(into, from->count, from->sum, from->min, from->max);
}

/* ---- packed ---------------------------------------------------------------------- */

static void
add_double(struct strbuf *out, double v)
{
	strbuf_add(out, span_of((const char *)&v, sizeof v));
}

static double
take_double(const uint8_t **p)
{
	double v;

	memcpy(&v, *p, sizeof v);
	*p += sizeof v;
	return v;
}

static void
pack_sparse(const struct sketch *s, struct strbuf *out)
{
	const uint32_t *counts = s->buckets;
	const uint16_t *keys = keys_of(s);

	varint_add(out, s->used);
	for (uint32_t i = 0; i < s->used; i++) {
		if (i)
			varint_add(out, (uint64_t)(keys[i] - keys[i - 1]));
		varint_add(out, counts[i]);
	}
}

static void
pack_dense(const struct sketch *s, struct strbuf *out)
{
	const uint32_t *counts = s->buckets;
	uint32_t low = bucket_of(s->min), high = bucket_of(s->max), used = 0, last = low;

	for (uint32_t i = low; i <= high; i++)
		used += counts[i] != 0;
	varint_add(out, used);
	for (uint32_t i = low; i <= high; i++) {
		if (!counts[i])
			continue;
		if (i != low)
			varint_add(out, i - last);
		varint_add(out, counts[i]);
		last = i;
	}
}

void
sketch_pack(const struct sketch *s, struct strbuf *out)
{
	varint_add(out, s->count);
	if (s->count > 0)
		add_double(out, s->max);
	if (s->count > 1)
		add_double(out, s->min);
	if (s->count <= 2)
		return;
	add_double(out, s->sum);
	if (is_dense(s))
		pack_dense(s, out);
	else
		pack_sparse(s, out);
}

static void
take_pairs(struct sketch *into, const uint8_t *p, uint32_t bucket)
{
	uint64_t n = varint_take(&p);
	uint32_t *dense = is_dense(into) ? into->buckets : NULL;

	for (uint64_t i = 0; i < n; i++) {
		bucket += i ? (uint32_t)varint_take(&p) : 0;
		uint32_t count = (uint32_t)varint_take(&p);

		if (dense) {
			add_count(&dense[bucket], count);
		} else {
			bump(into, bucket, count);
			dense = is_dense(into) ? into->buckets : NULL;
		}
	}
}

void
sketch_take(struct sketch *into, const uint8_t *p)
{
	uint64_t count = varint_take(&p);

	if (!count)
		return;
	double max = take_double(&p), min = count > 1 ? take_double(&p) : max;
	double sum = count > 2 ? take_double(&p) : count > 1 ? min + max : max;

	if (count > 2) {
		take_pairs(into, p, bucket_of(min));
	} else {
		bump(into, bucket_of(max), 1);
		if (count > 1)
			bump(into, bucket_of(min), 1);
	}
	merge_range(into, count, sum, min, max);
}

/*
 * The bucket of the value at a rank. Walked from the nearer end of what is
 * used: p95 of a dense sketch is a few hundred steps from its maximum.
 */
static uint32_t
bucket_at(const struct sketch *s, uint64_t rank)
{
	const uint32_t *counts = s->buckets;
	uint32_t low = is_dense(s) ? bucket_of(s->min) : 0;
	uint32_t high = is_dense(s) ? bucket_of(s->max) : s->used - 1;

	if (rank < s->count / 2) {
		for (uint64_t seen = counts[low]; seen <= rank && low < high; seen += counts[low])
			low++;
		high = low;
	} else {
		uint64_t above = s->count - 1 - rank;

		for (uint64_t seen = counts[high]; seen <= above && high > low;
		     seen += counts[high])
			high--;
	}
	return is_dense(s) ? high : keys_of(s)[high];
}

double
sketch_quantile(const struct sketch *s, double q)
{
	if (!s->count)
		return 0;
	double wanted = (double)s->count * q;
	uint64_t rank = wanted > 0 ? (uint64_t)wanted : 0;

	if (rank == 0)
		return s->min;
	if (rank >= s->count - 1)
		return s->max;
	double value = bucket_value(bucket_at(s, rank));

	return value < s->min ? s->min : value > s->max ? s->max : value;
}

double
sketch_mean(const struct sketch *s)
{
	return s->count ? s->sum / (double)s->count : 0;
}

size_t
sketch_memory(const struct sketch *s)
{
	return s->cap * (sizeof(uint32_t) + (is_dense(s) ? 0 : sizeof(uint16_t)));
}
