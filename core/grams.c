/*
 * grams: see grams.h.
 *
 *	bytes    D e a d l o c k        a run begins at every byte but the last three
 *	runs     dead eadl adlo dloc lock
 *	hash     15 bits of (run, lower case) * odd constant
 *	table    ..1...1.....1..1.1     a text is ruled out by one bit that is missing
 *
 * Bit 0x20 is set in every byte, which folds letters and costs little elsewhere.
 * Building marks a byte per hash, which is one store per byte of the log with no
 * reading back, and packs the marks into bits at the end.
 *
 * Runs across the end of the bytes are not there: a window ends where a record
 * does, and no text that is asked for goes beyond one.
 */
#include "config.h"

#include "core/grams.h"

#include "core/alloc.h"

#include <stdlib.h>

#ifdef __x86_64__
#include <immintrin.h>
#endif

enum { RUN = 4, HASH_SHIFT = 32 - 15 };

#define FOLD UINT32_C(0x20202020)
#define FACTOR UINT32_C(0x9e3779b1)

static uint32_t
hash_at(const char *p)
{
	uint32_t run;

	memcpy(&run, p, sizeof run);
	return ((run | FOLD) * FACTOR) >> HASH_SHIFT;
}

static void
mark_bytewise(uint8_t *seen, struct span bytes, size_t i)
{
	for (; i + RUN <= bytes.n; i++)
		seen[hash_at(bytes.p + i)] = 1;
}

#ifdef __x86_64__
/* Hashes of the runs that begin at eight bytes in a row. */
__attribute__((target("avx2"))) static size_t
mark_by_8(uint8_t *seen, struct span bytes)
{
	const __m256i runs = _mm256_setr_epi8(0, 1, 2, 3, 1, 2, 3, 4, 2, 3, 4, 5, 3, 4, 5, 6,
					      4, 5, 6, 7, 5, 6, 7, 8, 6, 7, 8, 9, 7, 8, 9, 10);
	const __m256i fold = _mm256_set1_epi32((int)FOLD), factor = _mm256_set1_epi32((int)FACTOR);
	size_t i = 0;

	for (; i + 16 <= bytes.n; i += 8) {
		__m128i half = _mm_loadu_si128((const void *)(bytes.p + i));
		__m256i v = _mm256_shuffle_epi8(_mm256_broadcastsi128_si256(half), runs);

		v = _mm256_srli_epi32(_mm256_mullo_epi32(_mm256_or_si256(v, fold), factor), HASH_SHIFT);
		for (int k = 0; k < 4; k++) {
			uint64_t two = (uint64_t)(k == 0 ? _mm256_extract_epi64(v, 0) :
						  k == 1 ? _mm256_extract_epi64(v, 1) :
						  k == 2 ? _mm256_extract_epi64(v, 2) : _mm256_extract_epi64(v, 3));
			seen[(uint32_t)two] = 1;
			seen[two >> 32] = 1;
		}
	}
	return i;
}

static void
pack(const uint8_t *seen, uint8_t *table)
{
	for (size_t i = 0; i < GRAMS_BITS; i += 16) {
		__m128i marks = _mm_loadu_si128((const void *)(seen + i));
		uint16_t bits = (uint16_t)_mm_movemask_epi8(_mm_slli_epi16(marks, 7));

		memcpy(table + i / 8, &bits, sizeof bits);
	}
}

static void
mark(uint8_t *seen, struct span bytes)
{
	mark_bytewise(seen, bytes, __builtin_cpu_supports("avx2") ? mark_by_8(seen, bytes) : 0);
}
#else
static void
pack(const uint8_t *seen, uint8_t *table)
{
	for (size_t i = 0; i < GRAMS_BYTES; i++) {
		unsigned bits = 0;

		for (unsigned k = 0; k < 8; k++)
			bits |= (unsigned)seen[i * 8 + k] << k;
		table[i] = (uint8_t)bits;
	}
}

static void
mark(uint8_t *seen, struct span bytes)
{
	mark_bytewise(seen, bytes, 0);
}
#endif

void
grams_fill(struct grams_scratch *scratch, struct span bytes, uint8_t table[GRAMS_BYTES])
{
	memset(scratch->seen, 0, sizeof scratch->seen);
	mark(scratch->seen, bytes);
	pack(scratch->seen, table);
}

bool
grams_may_hold(const uint8_t table[GRAMS_BYTES], struct span text)
{
	for (size_t i = 0; i + RUN <= text.n; i++) {
		uint32_t h = hash_at(text.p + i);

		if (!(table[h / 8] >> h % 8 & 1))
			return false;
	}
	return true;
}

struct grams *
grams_new(uint32_t windows)
{
	struct grams *g = xcalloc(1, sizeof *g);

	g->n = windows;
	g->tables = xmalloc((size_t)windows * GRAMS_BYTES + 1);
	return g;
}

void
grams_free(struct grams *g)
{
	if (!g)
		return;
	free(g->tables);
	free(g);
}

size_t
grams_memory(const struct grams *g)
{
	return g ? sizeof *g + (size_t)g->n * GRAMS_BYTES : 0;
}
