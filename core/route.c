/*
 * route: the path of a request with its changing parts taken out.
 *
 * The path is cut at its slashes; each segment is decoded, and its stem (what
 * stands before a file's extension) is looked at: all digits, a UUID, a date,
 * a long run of hex digits, a name that ends in a number, a long token of
 * letters and digits. Slugs are left as they are: whether they vary cannot be
 * seen from one path.
 */
#include "config.h"

#include "core/route.h"

#include <ctype.h>

#include "core/utf8.h"

enum {
	HEX_MIN = 12,   /* shorter ones may be words */
	TOKEN_MIN = 20, /* session keys, signed values */
	UUID = 36,
};

static int
hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The byte that "%41" at the start of s stands for, or -1. */
static int
escaped_byte(struct span s)
{
	if (s.n < 3 || s.p[0] != '%' || hex_value(s.p[1]) < 0 || hex_value(s.p[2]) < 0)
		return -1;
	return hex_value(s.p[1]) * 16 + hex_value(s.p[2]);
}

/* Whether a decoded character may stand in a route: visible, and no delimiter of a path. */
static bool
may_stand(uint32_t cp)
{
	if (cp < 0x80)
		return cp > 0x20 && cp != 0x7f && !strchr("/?#%<>", (int)cp);
	return cp != UTF8_INVALID && cp > 0xa0;
}

/* Append the character that the escapes at the start of s spell; the bytes of s it takes, or 0. */
static size_t
add_decoded(struct strbuf *out, struct span s)
{
	char bytes[4];
	size_t n = 0, len;
	struct span spelled;

	while (n < sizeof bytes && escaped_byte(span_from(s, 3 * n)) >= 0) {
		bytes[n] = (char)escaped_byte(span_from(s, 3 * n));
		n++;
	}
	spelled = span_of(bytes, n);
	if (!n || !may_stand(utf8_decode(spelled, &len)))
		return 0;
	strbuf_add(out, span_head(spelled, len));
	return 3 * len;
}

static void
add_text(struct strbuf *out, struct span segment)
{
	while (segment.n) {
		ptrdiff_t escape = span_chr(segment, '%');
		struct span plain = span_head(segment, escape < 0 ? segment.n : (size_t)escape);

		strbuf_add(out, plain);
		segment = span_from(segment, plain.n);
		size_t n = add_decoded(out, segment);

		if (!n && segment.n)
			strbuf_char(out, '%');
		segment = span_from(segment, n ? n : 1);
	}
}

/* Whether s has the shape: '0' a digit, 'x' a hex digit, anything else itself. */
static bool
has_shape(struct span s, const char *shape)
{
	if (s.n != strlen(shape))
		return false;
	for (size_t i = 0; i < s.n; i++)
		if (shape[i] == '0' ? !isdigit((unsigned char)s.p[i]) :
		    shape[i] == 'x' ? hex_value(s.p[i]) < 0 : s.p[i] != shape[i])
			return false;
	return true;
}

/* What a byte is; a segment's bytes are counted by it. */
enum { OTHER, DIGIT, HEX_LOWER, HEX_UPPER, LOWER, UPPER, DASH, ESCAPE, SLASH, CLASSES };

static const unsigned char classes[256] = {
	['0' ... '9'] = DIGIT,
	['a' ... 'f'] = HEX_LOWER,
	['g' ... 'z'] = LOWER,
	['A' ... 'F'] = HEX_UPPER,
	['G' ... 'Z'] = UPPER,
	['-'] = DASH,
	['_'] = DASH,
	['%'] = ESCAPE,
	['/'] = SLASH,
};

struct census {
	size_t digits, hex, lower, upper, other;
};

static struct census
count(struct span s)
{
	size_t of[CLASSES] = { 0 };

	for (size_t i = 0; i < s.n; i++)
		of[classes[(unsigned char)s.p[i]]]++;
	return (struct census){
		.digits = of[DIGIT],
		.hex = of[DIGIT] + of[HEX_LOWER] + of[HEX_UPPER],
		.lower = of[HEX_LOWER] + of[LOWER],
		.upper = of[HEX_UPPER] + of[UPPER],
		.other = of[OTHER] + of[ESCAPE] + of[SLASH],
	};
}

/* What a stem is an instance of, or NULL. */
static const char *
placeholder(struct span s)
{
	struct census c = count(s);

	if (s.n && c.digits == s.n)
		return "<int>";
	if (s.n > 1 && c.digits == s.n - 1 && s.p[0] == '-')
		return "<int>";
	if (has_shape(s, "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx"))
		return "<uuid>";
	if (has_shape(s, "0000-00-00"))
		return "<date>";
	if (s.n >= HEX_MIN && c.hex == s.n && c.digits)
		return "<hex>";
	if (s.n >= TOKEN_MIN && !c.other && c.digits && c.lower && c.upper)
		return "<token>";
	return NULL;
}

/* The digits that end "ORD-10814" are its changing part; the length of "ORD-", or 0. */
static size_t
numbered_prefix(struct span s)
{
	size_t n = s.n;

	while (n && isdigit((unsigned char)s.p[n - 1]))
		n--;
	if (s.n - n < 3 || n < 2 || (s.p[n - 1] != '-' && s.p[n - 1] != '_'))
		return 0;
	for (size_t i = 0; i < n - 1; i++)
		if (!isalpha((unsigned char)s.p[i]))
			return 0;
	return n;
}

/* The length of a segment's stem; ".png" and the like are kept. */
static size_t
stem_length(struct span s)
{
	for (size_t i = s.n; i > 1 && s.n - i < 6; i--)
		if (s.p[i - 1] == '.')
			return i - 1;
	return s.n;
}

static void
add_segment(struct strbuf *out, struct span segment)
{
	size_t stem = stem_length(segment), prefix;
	const char *what = placeholder(segment);

	if (what) {
		strbuf_str(out, what);
		return;
	}
	what = placeholder(span_head(segment, stem));
	if (what) {
		strbuf_str(out, what);
		add_text(out, span_from(segment, stem));
		return;
	}
	prefix = numbered_prefix(segment);
	add_text(out, prefix ? span_head(segment, prefix) : segment);
	if (prefix)
		strbuf_str(out, "<int>");
}

/* Without "https://host", query string and fragment. */
static struct span
path_only(struct span s)
{
	size_t n = 0;

	while (n < s.n && isalpha((unsigned char)s.p[n]))
		n++;
	if (n && span_starts(span_from(s, n), SPAN_LIT("://"))) {
		ptrdiff_t slash;

		s = span_from(s, n + 3);
		slash = span_chr(s, '/');
		s = slash < 0 ? SPAN_LIT("/") : span_from(s, (size_t)slash);
	}
	for (n = 0; n < s.n && s.p[n] != '?' && s.p[n] != '#';)
		n++;
	return span_head(s, n);
}

/* The length of a path's first segment, and the classes that are in it, a bit each. */
static inline size_t
first_segment(struct span path, unsigned *seen)
{
	size_t n = 0;

	*seen = 0;
	for (; n < path.n; n++) {
		unsigned class = classes[(unsigned char)path.p[n]];

		if (class == SLASH)
			break;
		*seen |= 1u << class;
	}
	return n;
}

/*
 * Most segments are words, which stay as they are, or numbers. A run of words is added at once, when
 * something else comes.
 */
void
route_add(struct strbuf *out, struct span path)
{
	struct span words = path = path_only(path);

	for (unsigned seen; path.n;) {
		size_t n = first_segment(path, &seen);
		struct span segment = span_head(path, n);

		path = span_from(path, n + 1);
		if (!(seen & (1u << DIGIT | 1u << ESCAPE)) && n < UUID)
			continue;
		strbuf_add(out, span_head(words, (size_t)(segment.p - words.p)));
		if (seen == 1u << DIGIT)
			strbuf_add(out, SPAN_LIT("<int>"));
		else
			add_segment(out, segment);
		words = span_from(words, (size_t)(segment.p + n - words.p));
	}
	strbuf_add(out, words);
}
