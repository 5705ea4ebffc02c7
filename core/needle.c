/*
 * needle: see needle.h.
 *
 * The idea: look only for the two bytes of the needle that logs use least,
 * at their distance from each other, 16 or 32 places at a time; compare the
 * rest where both are there. Case is ignored by setting the case bit of the
 * text before it is compared, which is right for letters and done for no
 * other byte.
 *
 *   needle   t i m e o u t        far - near = 3
 *   places   0123456789abcdef     text[i + near] is m and text[i + far] is u?
 *            0010000000000100     a bit for each place where the answer is yes
 *
 * Text beyond ASCII whose case is ignored is compared by code point, since
 * the two cases may differ in length. It does not normalise: a composed and a
 * decomposed letter differ.
 */
#include "config.h"

#include "core/needle.h"

#include "core/alloc.h"
#include "core/utf8.h"

#include <stdlib.h>

#ifdef __x86_64__
#include <immintrin.h>
#endif

/* Bytes of logs, the most frequent first; what is not here is rarer. */
static const char frequent[] = " e0\"t1a2isnro:,.-53l4d_9m8c67u/pgh{}f\\[]bvwykxjqz";

static size_t
rarity(char c)
{
	const char *at = c ? strchr(frequent, c) : NULL;

	return at ? (size_t)(at - frequent) : sizeof frequent;
}

static void
choose_bytes(struct needle *n)
{
	size_t best = 0, second = n->n - 1;

	for (size_t i = 1; i < n->n; i++)
		if (rarity(n->text[i]) > rarity(n->text[best]))
			best = i;
	if (second == best)
		second = 0;
	for (size_t i = 0; i < n->n; i++)
		if (i != best && rarity(n->text[i]) > rarity(n->text[second]))
			second = i;
	n->near = best < second ? best : second;
	n->far = best < second ? second : best;
}

static bool
is_ascii(struct span s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] >= 0x80)
			return false;
	return true;
}

/* false when the text is not UTF-8. */
static bool
fold_text(struct needle *n, struct span text)
{
	size_t len;

	n->folded = xreallocarray(NULL, text.n, sizeof *n->folded);
	for (n->n = 0; text.n; text = span_from(text, len)) {
		uint32_t cp = utf8_decode(text, &len);

		if (cp == UTF8_INVALID) {
			free(n->folded);
			n->folded = NULL;
			return false;
		}
		n->folded[n->n++] = utf8_fold(cp);
	}
	return true;
}

void
needle_init(struct needle *n, struct span text, bool nocase)
{
	*n = (struct needle){ 0 };
	if (nocase && !is_ascii(text)) {
		if (fold_text(n, text))
			return;
		nocase = false;
	}
	n->n = text.n;
	n->text = xstrndup(text.p, text.n);
	n->mask = xcalloc(text.n + 1, 1);
	for (size_t i = 0; i < text.n; i++) {
		char lower = text.p[i] | 0x20;

		n->text[i] = text.p[i];
		if (nocase && lower >= 'a' && lower <= 'z') {
			n->text[i] = lower;
			n->mask[i] = 0x20;
		}
	}
	if (n->n)
		choose_bytes(n);
}

void
needle_release(struct needle *n)
{
	free(n->text);
	free(n->mask);
	free(n->folded);
	*n = (struct needle){ 0 };
}

static bool
stands_at(const struct needle *n, const char *at)
{
	for (size_t i = 0; i < n->n; i++)
		if ((at[i] | n->mask[i]) != n->text[i])
			return false;
	return true;
}

/* The first place from i on where the needle stands, hay.n when there is none. */
static size_t
find_bytewise(const struct needle *n, struct span hay, size_t i)
{
	for (; i + n->n <= hay.n; i++)
		if ((hay.p[i + n->near] | n->mask[n->near]) == n->text[n->near] &&
		    stands_at(n, hay.p + i))
			return i;
	return hay.n;
}

#ifdef __x86_64__
static size_t
find_by_16(const struct needle *n, struct span hay, size_t i)
{
	__m128i near = _mm_set1_epi8(n->text[n->near]), far = _mm_set1_epi8(n->text[n->far]);
	__m128i near_mask = _mm_set1_epi8((char)n->mask[n->near]);
	__m128i far_mask = _mm_set1_epi8((char)n->mask[n->far]);

	for (; i + 16 + n->n - 1 <= hay.n; i += 16) {
		__m128i a = _mm_loadu_si128((const void *)(hay.p + i + n->near));
		__m128i b = _mm_loadu_si128((const void *)(hay.p + i + n->far));

		a = _mm_cmpeq_epi8(_mm_or_si128(a, near_mask), near);
		b = _mm_cmpeq_epi8(_mm_or_si128(b, far_mask), far);
		unsigned bits = (unsigned)_mm_movemask_epi8(_mm_and_si128(a, b));
		for (; bits; bits &= bits - 1) {
			size_t at = i + (size_t)__builtin_ctz(bits);

			if (stands_at(n, hay.p + at))
				return at;
		}
	}
	return find_bytewise(n, hay, i);
}

__attribute__((target("avx2"))) static size_t
find_by_32(const struct needle *n, struct span hay, size_t i)
{
	__m256i near = _mm256_set1_epi8(n->text[n->near]), far = _mm256_set1_epi8(n->text[n->far]);
	__m256i near_mask = _mm256_set1_epi8((char)n->mask[n->near]);
	__m256i far_mask = _mm256_set1_epi8((char)n->mask[n->far]);

	for (; i + 32 + n->n - 1 <= hay.n; i += 32) {
		__m256i a = _mm256_loadu_si256((const void *)(hay.p + i + n->near));
		__m256i b = _mm256_loadu_si256((const void *)(hay.p + i + n->far));

		a = _mm256_cmpeq_epi8(_mm256_or_si256(a, near_mask), near);
		b = _mm256_cmpeq_epi8(_mm256_or_si256(b, far_mask), far);
		unsigned bits = (unsigned)_mm256_movemask_epi8(_mm256_and_si256(a, b));
		for (; bits; bits &= bits - 1) {
			size_t at = i + (size_t)__builtin_ctz(bits);

			if (stands_at(n, hay.p + at))
				return at;
		}
	}
	return find_by_16(n, hay, i);
}

static size_t
find_ascii(const struct needle *n, struct span hay, size_t i)
{
	if (__builtin_cpu_supports("avx2"))
		return find_by_32(n, hay, i);
	return find_by_16(n, hay, i);
}
#else
static size_t
find_ascii(const struct needle *n, struct span hay, size_t i)
{
	return find_bytewise(n, hay, i);
}
#endif

/* Bytes that the folded needle takes at the start of s, 0 where it does not stand. */
static size_t
folded_length(const struct needle *n, struct span s)
{
	size_t taken = 0, len;

	for (size_t i = 0; i < n->n; i++, taken += len) {
		struct span rest = span_from(s, taken);

		if (!rest.n || utf8_fold(utf8_decode(rest, &len)) != n->folded[i])
			return 0;
	}
	return taken;
}

static bool
find_folded(const struct needle *n, struct span hay, size_t from, size_t *start, size_t *end)
{
	bool ascii_start = n->folded[0] < 0x80;

	for (size_t i = from; i < hay.n; i++) {
		unsigned char c = (unsigned char)hay.p[i];

		/* The inside of a character starts none; and ASCII folds to ASCII only. */
		if ((c & 0xc0) == 0x80 || (c < 0x80 && !ascii_start))
			continue;
		size_t len = folded_length(n, span_from(hay, i));
		if (len) {
			*start = i;
			*end = i + len;
			return true;
		}
	}
	return false;
}

bool
needle_find(const struct needle *n, struct span hay, size_t from, size_t *start, size_t *end)
{
	if (from > hay.n)
		return false;
	if (n->folded)
		return find_folded(n, hay, from, start, end);
	if (!n->n) {
		*start = *end = from;
		return true;
	}
	*start = find_ascii(n, hay, from);
	*end = *start + n->n;
	return *start < hay.n;
}
