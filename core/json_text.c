/*
 * json_text: what is inside JSON strings and numbers.
 *
 * Numbers: w * 10^-k with w under 2^64 and k from 0 to 19, which nearly all
 * are, is one division of 128 by 64 bits. The quotient is made 63 or 64 bits
 * long and its lowest bit says whether a remainder was left, so that the
 * conversion to double rounds correctly. The rest goes to strtod, in the C
 * locale.
 */
#include "config.h"

#include "core/json.h"

#include "core/alloc.h"
#include "core/utf8.h"

#include <float.h>
#include <locale.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>

enum { REPLACEMENT = 0xfffd, MAX_DIGITS = 19 };

static const uint64_t EXACT = UINT64_C(1) << 53; /* all integers up to here are doubles */

static const uint64_t powers[] = {
	1u,
	10u,
	100u,
	1000u,
	10000u,
	100000u,
	1000000u,
	10000000u,
	100000000u,
	1000000000u,
	10000000000u,
	100000000000u,
	1000000000000u,
	10000000000000u,
	100000000000000u,
	1000000000000000u,
	10000000000000000u,
	100000000000000000u,
	1000000000000000000u,
	10000000000000000000u,
};

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The four digits after "\u" at s; UINT32_MAX when it is none. */
static uint32_t
hex_escape(struct span s)
{
	uint32_t v = 0;

	if (s.n < 6 || s.p[0] != '\\' || s.p[1] != 'u')
		return UINT32_MAX;
	for (int i = 2; i < 6; i++) {
		int digit = hex_digit(s.p[i]);

		if (digit < 0)
			return UINT32_MAX;
		v = v << 4 | (uint32_t)digit;
	}
	return v;
}

/* Append what the escape at the start of s stands for; returns its length. */
static size_t
unescape_one(struct span s, struct strbuf *out)
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
	const char *at = s.n > 1 && s.p[1] ? strchr(from, s.p[1]) : NULL;
	char utf8[4];

	if (at) {
		strbuf_char(out, to[at - from]);
		return 2;
	}
	uint32_t cp = hex_escape(s), low = UINT32_MAX;
	size_t used = cp == UINT32_MAX ? 1 : 6;

	if (cp >= 0xd800 && cp < 0xdc00)
		low = hex_escape(span_from(s, 6));
	if (low >= 0xdc00 && low < 0xe000) {
		cp = 0x10000 + ((cp - 0xd800) << 10) + (low - 0xdc00);
		used = 12;
	}
	if (cp == UINT32_MAX || (cp >= 0xd800 && cp < 0xe000))
		cp = REPLACEMENT;
	strbuf_add(out, span_of(utf8, utf8_encode(cp, utf8)));
	return used;
}

void
json_unescape(struct span raw, struct strbuf *out)
{
	strbuf_reserve(out, raw.n);
	while (raw.n) {
		ptrdiff_t at = span_chr(raw, '\\');

		if (at < 0) {
			strbuf_add(out, raw);
			return;
		}
		strbuf_add(out, span_head(raw, (size_t)at));
		raw = span_from(raw, (size_t)at);
		raw = span_from(raw, unescape_one(raw, out));
	}
}

static locale_t c_locale;

static void
make_c_locale(void)
{
	c_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
}

/* strtod whose decimal point does not depend on the user's language. */
static double
slow_number(struct span s)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	char buf[64];
	char *text = s.n < sizeof buf ? buf : xmalloc(s.n + 1);

	pthread_once(&once, make_c_locale);
	memcpy(text, s.p, s.n);
	text[s.n] = '\0';
	double v = strtod_l(text, NULL, c_locale);

	if (text != buf)
		free(text);
	return v;
}

static int
bit_length(uint64_t v)
{
	return v ? 64 - __builtin_clzll(v) : 0;
}

/* w / 10^k, correctly rounded. */
static double
divide(uint64_t w, unsigned k)
{
	uint64_t d = powers[k];

	/* Both are doubles themselves: then the division rounds, once. */
	if (FLT_EVAL_METHOD == 0 && w <= EXACT && d <= EXACT)
		return (double)w / (double)d;
	int shift = 63 + bit_length(d) - bit_length(w);
	unsigned __int128 wide = (unsigned __int128)w << shift;
	uint64_t quotient = (uint64_t)(wide / d);

	quotient |= (unsigned __int128)quotient * d != wide;
	return ldexp((double)quotient, -shift);
}

/* The digits and the exponent of a number, taken apart. */
struct decimal {
	uint64_t digits;
	int n;        /* digits without leading zeros */
	int fraction; /* digits after the point */
	int exponent;
};

static const char *
take_digits(const char *p, const char *end, struct decimal *d)
{
	for (; p < end && *p >= '0' && *p <= '9'; p++) {
		d->n += d->n > 0 || *p != '0';
		if (d->n <= MAX_DIGITS)
			d->digits = d->digits * 10 + (uint64_t)(*p - '0');
	}
	return p;
}

static const char *
take_exponent(const char *p, const char *end, struct decimal *d)
{
	bool negative = p < end && *p == '-';

	if (p < end && (*p == '-' || *p == '+'))
		p++;
	const char *from = p;

	for (; p < end && *p >= '0' && *p <= '9'; p++)
		if (d->exponent < 100000)
			d->exponent = d->exponent * 10 + (*p - '0');
	if (negative)
		d->exponent = -d->exponent;
	return p > from ? p : NULL;
}

/* Where the number ends, NULL when there is none. */
static const char *
take_decimal(const char *p, const char *end, struct decimal *d)
{
	const char *from = p;

	p = take_digits(p, end, d);
	if (p == from || (*from == '0' && p > from + 1))
		return NULL;
	if (p < end && *p == '.') {
		from = p + 1;
		p = take_digits(from, end, d);
		if (p == from)
			return NULL;
		d->fraction = (int)(p - from > 100000 ? 100000 : p - from);
	}
	if (p < end && (*p | 0x20) == 'e')
		p = take_exponent(p + 1, end, d);
	return p;
}

static bool
special_number(struct span s, double *value)
{
	if (span_eq(s, SPAN_LIT("NaN")))
		*value = NAN;
	else if (span_eq(s, SPAN_LIT("Infinity")))
		*value = INFINITY;
	else if (span_eq(s, SPAN_LIT("-Infinity")))
		*value = -INFINITY;
	else
		return false;
	return true;
}

/* Digits with perhaps a point among them, few enough for divide(). */
static bool
short_number(struct span s, double *value)
{
	uint64_t digits = 0;
	size_t i = 0, point;

	if (s.n > MAX_DIGITS)
		return false;
	for (; i < s.n && (unsigned)(s.p[i] - '0') < 10; i++)
		digits = digits * 10 + (uint64_t)(s.p[i] - '0');
	point = i;
	if (!i || (*s.p == '0' && i > 1))
		return false;
	if (i < s.n && s.p[i] == '.')
		for (i++; i < s.n && (unsigned)(s.p[i] - '0') < 10; i++)
			digits = digits * 10 + (uint64_t)(s.p[i] - '0');
	if (i < s.n || i == point + 1)
		return false;
	*value = divide(digits, (unsigned)(i > point ? i - point - 1 : 0));
	return true;
}

bool
json_number(struct span s, double *value)
{
	if (short_number(s, value))
		return true;
	struct decimal d = { 0 };
	bool negative = s.n && *s.p == '-';
	const char *end = s.p + s.n;

	if (!s.n || take_decimal(s.p + negative, end, &d) != end)
		return special_number(s, value);
	int k = d.fraction - d.exponent;

	if (d.n > MAX_DIGITS || k < 0 || k > MAX_DIGITS) {
		*value = slow_number(s);
		return true;
	}
	double v = divide(d.digits, (unsigned)k);

	*value = negative ? -v : v;
	return true;
}
