/*
 * encoding: see encoding.h.
 *
 * The idea: whether bytes can be an encoding at all is iconv's to say, but
 * nearly all bytes can be several. What tells them apart is that a wrong
 * reading gives odd characters. Each candidate has a function that takes one
 * character off the text and says how common it is; by its bytes alone, for
 * the old standards put the common ones into rows of their own:
 *
 *	                common                        rare, or odd (*)
 *	CP949           B0-C8 A1-FE (2350 syllables)  81-C6 with a byte under A1; CA-FD (hanja) *
 *	SHIFT_JIS       82-83 (kana), 88-98 (kanji)   99-FC; A1-DF alone (half-width)
 *	GB18030         B0-D7 A1-FE (3755 hanzi)      all other hanzi, four bytes
 *	WINDOWS-1252    C0-FF, quotes, dashes         other signs, long runs
 *
 * They are weighed by runs, characters beyond ASCII that stand together: a
 * rare one among common ones speaks against a candidate more than a word of
 * rare ones does, and a character alone among ASCII says little, for an
 * accented letter of Latin-1 and the ASCII letter after it make such a one.
 *
 * It does not remember what the lines before were: the same line reads the
 * same wherever reading began.
 */
#include "config.h"

#include "core/encoding.h"

#include "core/alloc.h"
#include "core/utf8.h"

#include <iconv.h>
#include <pthread.h>
#include <stdlib.h>

enum { GROWTH = 3 };

enum kind { NEITHER, COMMON, RARE, ODD, KINDS };

/* How much a character among common ones speaks against the candidate. */
static const size_t weights[KINDS] = { [RARE] = 3, [ODD] = 6 };

/* Characters beyond ASCII that stand together. */
struct run {
	size_t n, kinds[KINDS], end; /* characters, how many of each kind, where it ends */
	bool left, right;            /* a letter of ASCII stands beside it */
};

struct tally {
	size_t common, against;
	size_t high;    /* bytes beyond ASCII */
	size_t letters; /* of ASCII */
};

struct candidate {
	const char *name;
	/* The kind of the character at p, of n bytes at least 1, and its length. */
	enum kind (*take)(const unsigned char *p, size_t n, size_t *len);
	size_t least;    /* common characters needed */
	bool lone_mute;  /* a common character alone says nothing */
	bool latin;
};

static bool
within(unsigned char c, unsigned char low, unsigned char high)
{
	return c >= low && c <= high;
}

static bool
is_letter(unsigned char c)
{
	return within(c | 0x20, 'a', 'z');
}

static enum kind
take_korean(const unsigned char *p, size_t n, size_t *len)
{
	*len = n > 1 ? 2 : 1;
	if (n < 2 || p[0] < 0xa1 || p[1] < 0xa1)
		return RARE;
	if (within(p[0], 0xca, 0xfd))
		return ODD;
	return within(p[0], 0xb0, 0xc8) ? COMMON : NEITHER;
}

static enum kind
take_japanese(const unsigned char *p, size_t n, size_t *len)
{
	bool half_width = within(p[0], 0xa1, 0xdf);

	*len = n > 1 && !half_width ? 2 : 1;
	if (n < 2 || half_width || p[0] > 0x98)
		return RARE;
	return p[0] == 0x82 || p[0] == 0x83 || p[0] >= 0x88 ? COMMON : NEITHER;
}

static enum kind
take_chinese(const unsigned char *p, size_t n, size_t *len)
{
	*len = n > 3 && within(p[1], '0', '9') ? 4 : n > 1 ? 2 : 1;
	if (*len != 2 || p[0] < 0xa1 || p[1] < 0xa1)
		return RARE;
	if (p[0] < 0xb0)
		return NEITHER;
	return p[0] <= 0xd7 ? COMMON : RARE;
}

static enum kind
take_latin(const unsigned char *p, size_t n, size_t *len)
{
	bool letter = p[0] >= 0xc0 && p[0] != 0xd7 && p[0] != 0xf7;
	bool long_run = n > 2 && p[1] >= 0x80 && p[2] >= 0x80;

	*len = 1;
	if (long_run)
		return RARE;
	if (letter || within(p[0], 0x91, 0x97) || p[0] == 0x80 || p[0] == 0x85)
		return COMMON;
	/* The hard blank and ¡ £ § © « ° ± ² ³ µ · » ¿ stand in any text of Western Europe. */
	static const char signs[] = "\xa0\xa1\xa3\xa7\xa9\xab\xb0\xb1\xb2\xb3\xb5\xb7\xbb\xbf";

	return memchr(signs, p[0], sizeof signs - 1) ? NEITHER : RARE;
}

static const struct candidate candidates[] = {
	{ "CP949", take_korean, 1, false, false },
	{ "SHIFT_JIS", take_japanese, 2, true, false },
	{ "GB18030", take_chinese, 2, true, false },
	{ "WINDOWS-1252", take_latin, 1, false, true },
};

/* ---- what is UTF-8, what is text ---- */

static bool
is_ascii(struct span s)
{
	unsigned char any = 0;

	for (size_t i = 0; i < s.n; i++)
		any |= (unsigned char)s.p[i];
	return any < 0x80;
}

bool
encoding_is_utf8(struct span s)
{
	enum { PIECE = 256 };

	while (s.n) {
		size_t n = s.n < PIECE ? s.n : PIECE;

		if (is_ascii(span_head(s, n))) {
			s = span_from(s, n);
			continue;
		}
		/* A character may reach into the next piece. */
		for (size_t at = 0, len; at < n; at += len)
			if ((unsigned char)s.p[at] < 0x80)
				len = 1;
			else if (utf8_decode(span_from(s, at), &len) == UTF8_INVALID)
				return false;
			else if (at + len >= n)
				n = at + len;
		s = span_from(s, n);
	}
	return true;
}

/* How much of a text is UTF-8. */
struct shape {
	size_t bad, pairs, longer; /* bytes that are not; sequences of two bytes, and of more */
};

static struct shape
shape_of(struct span s)
{
	struct shape shape = { 0, 0, 0 };

	for (size_t len; s.n; s = span_from(s, len)) {
		uint32_t cp = utf8_decode(s, &len);

		shape.bad += cp == UTF8_INVALID;
		shape.pairs += len == 2;
		shape.longer += len > 2;
	}
	return shape;
}

/* Mostly UTF-8: more of it than the bytes of another encoding make by chance. */
static bool
is_damaged_utf8(const struct shape *shape)
{
	return (shape->longer > 1 && 3 * shape->longer > shape->bad) || shape->pairs > 3 * shape->bad;
}

/* No control characters but those that stand in logs. */
static bool
is_text(struct span s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] < 0x20 && !memchr("\t\r\n\033", s.p[i], 4))
			return false;
	return true;
}

/* ---- which encoding ---- */

static struct run
read_run(const struct candidate *c, struct span s, size_t at)
{
	const unsigned char *p = (const unsigned char *)s.p;
	struct run run = { .left = at && is_letter(p[at - 1]) };

	for (size_t len; at < s.n && p[at] >= 0x80; at += len) {
		run.kinds[c->take(p + at, s.n - at, &len)]++;
		run.n++;
	}
	run.right = at < s.n && is_letter(p[at]);
	run.end = at;
	return run;
}

static void
weigh(const struct candidate *c, const struct run *run, struct tally *t)
{
	bool common = run->kinds[COMMON], lone = run->n == 1 && common;

	for (int kind = RARE; kind < KINDS; kind++)
		t->against += run->kinds[kind] * (common ? weights[kind] : 1);
	if (c->latin ? !run->left && !run->right : lone && c->lone_mute)
		return;
	/* A syllable inside a word is none. */
	if (!c->latin && lone && run->left && run->right)
		t->against += weights[RARE];
	else
		t->common += run->kinds[COMMON];
}

static struct tally
count(const struct candidate *c, struct span s)
{
	struct tally t = { 0, 0, 0, 0 };

	for (size_t i = 0; i < s.n;) {
		unsigned char byte = (unsigned char)s.p[i];

		if (byte < 0x80) {
			t.letters += is_letter(byte);
			i++;
			continue;
		}
		struct run run = read_run(c, s, i);

		weigh(c, &run, &t);
		t.high += run.end - i;
		i = run.end;
	}
	return t;
}

static bool
is_plausible(const struct candidate *c, struct span s)
{
	struct tally t = count(c, s);

	if (c->latin && 2 * t.high > t.letters)
		return false;
	return t.common >= c->least && t.common >= t.against;
}

/* ---- conversion ---- */

/* Of one thread, by candidate; NULL: not opened yet, (iconv_t)-1: there is none. */
struct handles {
	iconv_t of[ARRAY_SIZE(candidates)];
};

static pthread_key_t handles_key;
static pthread_once_t handles_once = PTHREAD_ONCE_INIT;

static void
close_handles(void *arg)
{
	struct handles *h = arg;

	for (size_t i = 0; i < ARRAY_SIZE(h->of); i++)
		if (h->of[i] && h->of[i] != (iconv_t)-1)
			iconv_close(h->of[i]);
	free(h);
}

static void
make_key(void)
{
	pthread_key_create(&handles_key, close_handles);
}

static iconv_t
handle(const struct candidate *c)
{
	size_t i = (size_t)(c - candidates);

	pthread_once(&handles_once, make_key);
	struct handles *h = pthread_getspecific(handles_key);

	if (!h) {
		h = xcalloc(1, sizeof *h);
		pthread_setspecific(handles_key, h);
	}
	if (!h->of[i])
		h->of[i] = iconv_open("UTF-8", c->name);
	return h->of[i];
}

/* Append the whole of s; false, and nothing is appended, when some of it cannot be read. */
static bool
convert(const struct candidate *c, struct span s, struct strbuf *out)
{
	iconv_t cd = handle(c);

	if (cd == (iconv_t)-1)
		return false;
	/* Every one of these gives at most three bytes for one. */
	strbuf_reserve(out, GROWTH * s.n);
	char *from = (char *)s.p, *to = out->p + out->n;
	size_t left = s.n, room = GROWTH * s.n;

	iconv(cd, NULL, NULL, NULL, NULL);
	if (iconv(cd, &from, &left, &to, &room) != 0 || left) {
		out->p[out->n] = '\0';
		return false;
	}
	*to = '\0';
	out->n = (size_t)(to - out->p);
	return true;
}

/* Append the line as the first candidate that fits reads it; false when none does. */
static bool
decode_line(struct span line, struct strbuf *out)
{
	if (encoding_is_utf8(line) || !is_text(line))
		return false;
	struct shape shape = shape_of(line);

	if (is_damaged_utf8(&shape))
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(candidates); i++) {
		const struct candidate *c = &candidates[i];

		/* What is UTF-8 by chance is hardly ever a pair of Latin letters. */
		if (c->latin && shape.pairs + shape.longer)
			continue;
		if (is_plausible(c, line) && convert(c, line, out))
			return true;
	}
	return false;
}

bool
encoding_decode(struct span text, struct strbuf *out)
{
	bool changed = false;

	strbuf_clear(out);
	if (encoding_is_utf8(text))
		return false;
	while (text.n) {
		ptrdiff_t nl = span_chr(text, '\n');
		struct span line = span_head(text, nl < 0 ? text.n : (size_t)nl);

		if (decode_line(line, out))
			changed = true;
		else
			strbuf_add(out, line);
		if (nl >= 0)
			strbuf_char(out, '\n');
		text = span_from(text, line.n + (nl >= 0));
	}
	if (!changed)
		strbuf_clear(out);
	return changed;
}
