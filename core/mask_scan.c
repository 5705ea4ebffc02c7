/*
 * mask_scan: where in a text a secret might begin.
 *
 * Nearly all lines have no secret, and are looked at all the same: this pass is
 * what masking costs. Each trigger (the last word of a key, the beginning of a shape)
 * gives its first four bytes, without regard to case. The triggers are dealt out to eight
 * buckets by their first byte, and for each of the four places two tables of sixteen
 * bytes say which buckets have a byte with this low and this high half:
 *
 *	text       ... s e c r e t ...
 *	byte 1     low[0][3] & high[0][7]    buckets with an s first
 *	byte 2     low[1][5] & high[1][6]    buckets with an e second    all four: a place to look at
 *	byte 3     low[2][3] & high[2][6]    buckets with a c third
 *	byte 4     low[3][2] & high[3][7]    buckets with an r fourth
 *
 * so that 32 places are told by eight shuffles. Triggers of three bytes have
 * buckets of their own, which take many a fourth. Where a place is told, the triggers with
 * its first three bytes are compared in full.
 *
 * A card's number is a digit after none, that begins thirteen digits, blanks and dashes
 * or more. Blocks without a digit do not ask.
 */
#include "config.h"

#include "core/mask_internal.h"

#include "core/alloc.h"

#include <stdlib.h>

#ifdef __x86_64__
#include <immintrin.h>
#endif

enum { BLOCK = 32, LOOK = 64, RUN = 13, PLACES = 4, TRIGGERS = 192, SLOTS = 512 };

static struct trigger triggers[TRIGGERS];
static size_t n_triggers;
static uint8_t low[PLACES][16], high[PLACES][16];
static uint8_t chain[TRIGGERS], first_of[SLOTS]; /* numbers of triggers, counted from 1 */
static bool ready;

static inline unsigned
fold(char c)
{
	return (unsigned char)c | 0x20;
}

static inline unsigned
slot_of(const char *p)
{
	uint32_t three = fold(p[0]) | fold(p[1]) << 8 | fold(p[2]) << 16;

	return three * 2654435761u >> 23;
}

static bool
has_trigger(struct span text)
{
	for (size_t i = 0; i < n_triggers; i++)
		if (!triggers[i].shape && span_caseeq_str(text, triggers[i].text) && triggers[i].n == text.n)
			return true;
	return false;
}

/* Buckets whose bytes mix well: what few triggers begin with stands together. */
static uint8_t
bucket_of(const char *text, size_t n, bool key)
{
	static const char *const letters[] = { "py", "s", "nrtx", "a", "bc" };

	if (n < PLACES)
		return key ? 2 : 1;
	for (size_t i = 0; i < ARRAY_SIZE(letters); i++)
		if (strchr(letters[i], (int)fold(text[0])))
			return (uint8_t)(4 << i);
	return 128;
}

static void
allow(size_t place, unsigned char c, uint8_t bucket)
{
	low[place][c & 15] |= bucket;
	high[place][c >> 4] |= bucket;
}

/* The fourth byte is compared in either case; what may follow a key of three letters is not much. */
static void
allow_fourth(const char *text, size_t n, bool key, uint8_t bucket)
{
	if (n >= PLACES && mask_is_alnum(text[PLACES - 1])) {
		allow(PLACES - 1, (unsigned char)(text[PLACES - 1] | 0x20), bucket);
		allow(PLACES - 1, (unsigned char)(text[PLACES - 1] & ~0x20), bucket);
	} else if (n >= PLACES) {
		allow(PLACES - 1, (unsigned char)text[PLACES - 1], bucket);
	} else {
		for (unsigned c = 0; c < 256; c++)
			if (!key || (c && strchr("\t \"'\\=:]>0123456789", (int)c)))
				allow(PLACES - 1, (unsigned char)c, bucket);
	}
}

static void
add_trigger(const char *text, const struct shape *shape)
{
	size_t n = strlen(text);

	if (n_triggers == TRIGGERS - 1 || (!shape && has_trigger(span_of(text, n))))
		return;
	uint8_t bucket = bucket_of(text, n, !shape);

	for (size_t i = 0; i < PLACES - 1; i++)
		allow(i, (unsigned char)fold(text[i]), bucket);
	allow_fourth(text, n, !shape, bucket);
	triggers[n_triggers++] = (struct trigger){ text, n, shape };
	chain[n_triggers - 1] = first_of[slot_of(text)];
	first_of[slot_of(text)] = (uint8_t)n_triggers;
}

static void
make_tables(void)
{
	const struct key_rule *key;
	const struct shape *shape;

	for (size_t i = 0; (key = mask_keys(i)); i++) {
		const char *word = strrchr(key->name, '_');

		add_trigger(word ? word + 1 : key->name + (key->name[0] == '*'), NULL);
	}
	for (size_t i = 0; (shape = mask_shapes(i)); i++)
		add_trigger(shape->prefix, shape);
	ready = true;
}

void
mask_scan_reset(void)
{
	memset(low, 0, sizeof low);
	memset(high, 0, sizeof high);
	memset(first_of, 0, sizeof first_of);
	n_triggers = 0;
	ready = false;
}

/* But for case, and one or two marks that the rules tell apart. */
static inline bool
begins_with(const char *p, const struct trigger *t)
{
	size_t i = 3;

	while (i < t->n && fold(p[i]) == fold(t->text[i]))
		i++;
	return i >= t->n && fold(p[0]) == fold(t->text[0]) && fold(p[1]) == fold(t->text[1]) &&
	       fold(p[2]) == fold(t->text[2]);
}

const struct trigger *
mask_trigger(struct span text, size_t at, size_t *i)
{
	struct span rest = span_from(text, at);

	if (rest.n < 3)
		return NULL;
	size_t number = *i ? chain[*i - 1] : first_of[slot_of(rest.p)];

	for (; number; number = chain[number - 1]) {
		const struct trigger *t = &triggers[number - 1];

		if (t->n <= rest.n && begins_with(rest.p, t)) {
			*i = number;
			return t;
		}
	}
	return NULL;
}

/* ---- a block of places ------------------------------------------------------------------ */

static inline bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Of 64 places, bit by bit: those that begin RUN set ones. */
static inline uint64_t
runs(uint64_t m)
{
	m &= m >> 1;
	m &= m >> 2;
	m &= m >> 4;
	return m & m >> (RUN - 8);
}

static uint32_t
look_slowly(const char *p, bool after_digit)
{
	uint64_t digits = 0, all = 0;
	uint32_t bits = 0;

	for (size_t i = 0; i < LOOK; i++) {
		digits |= (uint64_t)is_digit(p[i]) << i;
		all |= (uint64_t)(is_digit(p[i]) || p[i] == ' ' || p[i] == '-') << i;
	}
	for (size_t i = 0; i < BLOCK; i++) {
		unsigned hit = 0xff;

		for (size_t k = 0; k < PLACES; k++) {
			unsigned c = k + 1 < PLACES ? fold(p[i + k]) : (unsigned char)p[i + k];

			hit &= low[k][c & 15] & high[k][c >> 4];
		}
		bits |= (uint32_t)(hit != 0) << i;
	}
	return bits | (uint32_t)(runs(all) & digits & ~(digits << 1 | after_digit));
}

static uint32_t
look_on_slowly(struct span text, size_t *at)
{
	uint32_t bits = 0;

	for (; !bits && *at + LOOK <= text.n; *at += BLOCK)
		bits = look_slowly(text.p + *at, *at && is_digit(text.p[*at - 1]));
	return bits;
}

#ifdef __x86_64__

struct tables {
	__m256i low[PLACES], high[PLACES];
};

__attribute__((target("avx2"))) static inline __m256i
load(const char *p)
{
	return _mm256_loadu_si256((const __m256i *)(const void *)p);
}

__attribute__((target("avx2"))) static inline __m256i
buckets(const struct tables *t, const char *p, size_t place)
{
	const __m256i half = _mm256_set1_epi8(15);
	__m256i c = load(p + place);

	if (place + 1 < PLACES)
		c = _mm256_or_si256(c, _mm256_set1_epi8(0x20));
	return _mm256_and_si256(_mm256_shuffle_epi8(t->low[place], _mm256_and_si256(c, half)),
				_mm256_shuffle_epi8(t->high[place], _mm256_and_si256(_mm256_srli_epi16(c, 4), half)));
}

__attribute__((target("avx2"))) static inline uint32_t
digits_of(__m256i c)
{
	__m256i below = _mm256_cmpgt_epi8(_mm256_set1_epi8('0'), c), above = _mm256_cmpgt_epi8(c, _mm256_set1_epi8('9'));

	return ~(uint32_t)_mm256_movemask_epi8(_mm256_or_si256(below, above));
}

__attribute__((target("avx2"))) static inline uint32_t
marks_of(__m256i c)
{
	return (uint32_t)_mm256_movemask_epi8(_mm256_or_si256(_mm256_cmpeq_epi8(c, _mm256_set1_epi8(' ')),
							      _mm256_cmpeq_epi8(c, _mm256_set1_epi8('-'))));
}

__attribute__((target("avx2"))) static inline uint32_t
look_fast(const struct tables *t, const char *p, bool after_digit)
{
	__m256i hit = _mm256_and_si256(_mm256_and_si256(buckets(t, p, 0), buckets(t, p, 1)),
				       _mm256_and_si256(buckets(t, p, 2), buckets(t, p, 3)));
	uint32_t bits = ~(uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(hit, _mm256_setzero_si256()));
	__m256i c = load(p);
	uint32_t digits = digits_of(c), pairs = digits & digits >> 1;

	/* A card begins with four digits, which may go on beyond the block. */
	if (pairs & pairs >> 2 || digits >> (BLOCK - 3)) {
		__m256i d = load(p + BLOCK);
		uint32_t all = digits | marks_of(c);

		bits |= (uint32_t)runs(all | (uint64_t)(digits_of(d) | marks_of(d)) << BLOCK) & digits &
			~(digits << 1 | after_digit);
	}
	return bits;
}

__attribute__((target("avx2"))) static uint32_t
look_on_fast(struct span text, size_t *at)
{
	struct tables t;
	uint32_t bits = 0;

	for (size_t i = 0; i < PLACES; i++) {
		t.low[i] = _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)(const void *)low[i]));
		t.high[i] = _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)(const void *)high[i]));
	}
	for (; !bits && *at + LOOK <= text.n; *at += BLOCK)
		bits = look_fast(&t, text.p + *at, *at && is_digit(text.p[*at - 1]));
	return bits;
}

#endif

/* From *at on, as long as LOOK bytes are there, to behind the next block with bits. */
static uint32_t
look_on(struct span text, size_t *at)
{
#ifdef __x86_64__
	if (__builtin_cpu_supports("avx2"))
		return look_on_fast(text, at);
#endif
	return look_on_slowly(text, at);
}

/* ---- a text ------------------------------------------------------------------------- */

void
mask_scan_begin(struct scan_state *s, struct span text, size_t from)
{
	if (!ready)
		make_tables();
	*s = (struct scan_state){ .text = text, .next = from };
}

/* The last bytes, with nothing behind them. */
static uint32_t
look_at_end(struct span text, size_t *at)
{
	char tail[1 + LOOK] = { 0 };
	size_t before = *at > 0, i = before;

	memcpy(tail, text.p + *at - before, text.n - *at + before);
	*at += BLOCK;
	return look_on(span_of(tail, before + LOOK), &i);
}

bool
mask_scan_next(struct scan_state *s, size_t *at)
{
	while (!s->bits) {
		if (s->next >= s->text.n)
			return false;
		s->bits = s->next + LOOK <= s->text.n ? look_on(s->text, &s->next) : look_at_end(s->text, &s->next);
		s->base = s->next - BLOCK;
	}
	*at = s->base + (size_t)__builtin_ctz(s->bits);
	s->bits &= s->bits - 1;
	return *at < s->text.n;
}
