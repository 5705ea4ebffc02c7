/*
 * json_index: 64 bytes of a line become three words of 64 bits.
 *
 *	text      {"a": "x\"y"}\n
 *	stops     .1.1..1.11.1.1      quotes, backslashes, controls: the index
 *	controls  .............1      below 0x20: looked through for the line end
 *
 * The ways differ only in how a group of 64 bytes is compared. The last group
 * of a text is copied to where 64 bytes may be read. Bits past the end of the
 * line are set, so that whoever looks for the next one stops there.
 */
#include "config.h"

#include "core/json_index.h"

#include "core/alloc.h"

#if defined __x86_64__
#include <immintrin.h>
#endif

enum { GROUP = 64 };

struct masks {
	uint64_t stops, controls;
};

/* Where among the control characters of a group the line ends; GROUP: nowhere. */
static size_t
line_end(const char *p, uint64_t controls)
{
	for (; controls; controls &= controls - 1) {
		size_t at = (size_t)__builtin_ctzll(controls);

		if (p[at] == '\n')
			return at;
	}
	return GROUP;
}

/* Note a group of which `n` bytes are text; false when the line, or the text, ends in it. */
static inline __attribute__((always_inline)) bool
note(struct json_index *x, size_t at, const char *p, struct masks m, size_t n)
{
	size_t end = m.controls ? line_end(p, m.controls) : GROUP;

	x->bits[at / GROUP] = m.stops;
	if (end > n)
		end = n;
	if (end == GROUP)
		return true;
	x->bits[at / GROUP] |= ~UINT64_C(0) << end;
	x->n = at + end;
	return false;
}

/* The walk over the groups; `look` is inlined into each way. */
static inline __attribute__((always_inline)) void
make(struct json_index *x, struct span text, struct masks (*look)(const char *))
{
	size_t at = 0;
	char last[GROUP];

	for (; text.n - at >= GROUP; at += GROUP)
		if (!note(x, at, text.p + at, look(text.p + at), GROUP))
			return;
	memset(last, ' ', sizeof last);
	if (text.n > at)
		memcpy(last, text.p + at, text.n - at);
	note(x, at, last, look(last), text.n - at);
}

static inline uint64_t
load(const char *p)
{
	uint64_t v;

	memcpy(&v, p, sizeof v);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	v = __builtin_bswap64(v);
#endif
	return v;
}

#define EACH(byte) ((byte) * UINT64_C(0x0101010101010101))

/* A bit for each of the eight bytes that is zero. */
static inline uint64_t
zeros(uint64_t v)
{
	uint64_t high = ~(((v & EACH(0x7f)) + EACH(0x7f)) | v | EACH(0x7f));

	return (high >> 7) * UINT64_C(0x0102040810204080) >> 56;
}

static inline __attribute__((always_inline)) struct masks
look_plain(const char *p)
{
	struct masks m = { 0, 0 };

#pragma GCC unroll 8
	for (unsigned i = 0; i < GROUP; i += 8) {
		uint64_t v = load(p + i), controls = zeros(v & EACH(0xe0));

		m.controls |= controls << i;
		m.stops |= (controls | zeros(v ^ EACH('"')) | zeros(v ^ EACH('\\'))) << i;
	}
	return m;
}

static void
make_plain(struct json_index *x, struct span text)
{
	make(x, text, look_plain);
}

#if defined __x86_64__
static inline __attribute__((always_inline)) struct masks
look_sse2(const char *p)
{
	const __m128i quote = _mm_set1_epi8('"'), backslash = _mm_set1_epi8('\\');
	const __m128i control = _mm_set1_epi8(0x1f);
	struct masks m = { 0, 0 };

#pragma GCC unroll 8
	for (unsigned i = 0; i < GROUP; i += 16) {
		__m128i v = _mm_loadu_si128((const __m128i *)(const void *)(p + i));
		__m128i low = _mm_cmpeq_epi8(_mm_min_epu8(v, control), v);
		__m128i stop = _mm_or_si128(_mm_cmpeq_epi8(v, quote), _mm_cmpeq_epi8(v, backslash));

		m.controls |= (uint64_t)(unsigned)_mm_movemask_epi8(low) << i;
		m.stops |= (uint64_t)(unsigned)_mm_movemask_epi8(_mm_or_si128(stop, low)) << i;
	}
	return m;
}

static void
make_sse2(struct json_index *x, struct span text)
{
	make(x, text, look_sse2);
}

static inline __attribute__((always_inline, target("avx2"))) struct masks
look_avx2(const char *p)
{
	const __m256i quote = _mm256_set1_epi8('"'), backslash = _mm256_set1_epi8('\\');
	const __m256i control = _mm256_set1_epi8(0x1f);
	struct masks m = { 0, 0 };

#pragma GCC unroll 8
	for (unsigned i = 0; i < GROUP; i += 32) {
		__m256i v = _mm256_loadu_si256((const __m256i *)(const void *)(p + i));
		__m256i low = _mm256_cmpeq_epi8(_mm256_min_epu8(v, control), v);
		__m256i stop = _mm256_or_si256(_mm256_cmpeq_epi8(v, quote),
					       _mm256_cmpeq_epi8(v, backslash));

		m.controls |= (uint64_t)(unsigned)_mm256_movemask_epi8(low) << i;
		m.stops |= (uint64_t)(unsigned)_mm256_movemask_epi8(_mm256_or_si256(stop, low)) << i;
	}
	return m;
}

static __attribute__((target("avx2"))) void
make_avx2(struct json_index *x, struct span text)
{
	make(x, text, look_avx2);
}

static inline __attribute__((always_inline, target("avx512bw"))) struct masks
look_avx512(const char *p)
{
	__m512i v = _mm512_loadu_si512(p);
	uint64_t low = _mm512_cmplt_epu8_mask(v, _mm512_set1_epi8(0x20));

	return (struct masks){
		.stops = low | _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8('"')) |
			 _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8('\\')),
		.controls = low,
	};
}

static __attribute__((target("avx512bw"))) void
make_avx512(struct json_index *x, struct span text)
{
	make(x, text, look_avx512);
}

static bool
has_avx2(void)
{
	return __builtin_cpu_supports("avx2");
}

static bool
has_avx512(void)
{
	return __builtin_cpu_supports("avx512bw");
}
#endif

/* Slowest first; the last that the machine can do is taken. */
static const struct way {
	const char *name;
	bool (*usable)(void); /* NULL: everywhere */
	void (*make)(struct json_index *, struct span);
} ways[] = {
	{ "portable", NULL, make_plain },
#if defined __x86_64__
	{ "sse2", NULL, make_sse2 },
	{ "avx2", has_avx2, make_avx2 },
	{ "avx512", has_avx512, make_avx512 },
#endif
};

static void (*chosen)(struct json_index *, struct span) = make_plain;

const char *
json_index_way(unsigned way)
{
	return way < ARRAY_SIZE(ways) ? ways[way].name : NULL;
}

bool
json_index_choose(unsigned way)
{
	if (ways[way].usable && !ways[way].usable())
		return false;
	chosen = ways[way].make;
	return true;
}

static void __attribute__((constructor))
choose_fastest(void)
{
#if defined __x86_64__
	__builtin_cpu_init();
#endif
	for (unsigned way = ARRAY_SIZE(ways); way-- && !json_index_choose(way);)
		;
}

void
json_index_make(struct json_index *x, struct span text)
{
	chosen(x, text);
}
