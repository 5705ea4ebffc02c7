/*
 * timestamp_minute: see the header.
 *
 * The prefix is compared as three words of eight bytes, which overlap. Seconds are found by the last
 * "dd:dd:dd" of the stamp. A leap second is not of its minute and is read in full.
 */
#include "config.h"

#include "core/timestamp_minute.h"

#include "core/clock.h"

static const int64_t place[] = { NSEC,  100000000, 10000000, 1000000, 100000,
				 10000, 1000,      100,      10,      1 };

static inline bool
is_digit(char c)
{
	return (unsigned)(c - '0') < 10;
}

static inline uint64_t
load8(const char *p)
{
	uint64_t v;

	memcpy(&v, p, sizeof v);
	return v;
}

/* "59", or less; -1 for anything else. */
static inline int
read_second(const char *p)
{
	return is_digit(p[0]) && is_digit(p[1]) && p[0] <= '5' ? (p[0] - '0') * 10 + (p[1] - '0') : -1;
}

/* So many digits, in ns; -1 when they are others than digits. */
static inline int64_t
read_decimals(const char *p, unsigned n)
{
	int64_t v = 0;
	unsigned odd = 0;

	for (unsigned i = 0; i < n; i++) {
		unsigned digit = (unsigned char)p[i] - (unsigned)'0';

		odd |= digit > 9;
		v = v * 10 + digit;
	}
	return odd ? -1 : v * place[n];
}

/* Whether a stamp that ends before `s` certainly ends there. */
static inline bool
ends_before(const struct timestamp_minute *m, struct span s)
{
	char c = s.n ? *s.p : '"';

	if (c == '"' || c == ']')
		return true;
	if (c != ' ')
		return !is_digit(c) && (unsigned)((c | 0x20) - 'a') >= 26 && !memchr("+-.,:", c, 5);
	/* Behind a blank may be a zone. */
	return m->rest_n || (s.n > 1 && !memchr(" +-ZzUG", s.p[1], 7));
}

size_t
timestamp_minute_read(const struct timestamp_minute *m, struct span s, int64_t *t)
{
	const char *p = s.p;
	int64_t fraction = 0;
	int second;

	if (!m->n || s.n < m->n || load8(p) != load8(m->prefix) || load8(p + 8) != load8(m->prefix + 8) ||
	    load8(p + m->prefix_n - 8) != load8(m->prefix + m->prefix_n - 8))
		return 0;
	p += m->prefix_n;
	second = read_second(p);
	p += 2;
	if (m->decimals) {
		fraction = *p == m->mark ? read_decimals(p + 1, m->decimals) : -1;
		p += 1 + m->decimals;
	}
	if (second < 0 || fraction < 0 || (m->rest_n && memcmp(p, m->rest, m->rest_n) != 0) ||
	    !ends_before(m, span_from(s, m->n)) || (m->naive && m->zone_version != clock_zone_version))
		return 0;
	*t = m->time + second * NSEC + fraction;
	return m->n;
}

/* Where in a stamp its seconds are; 0: nowhere. */
static size_t
find_second(struct span s)
{
	for (size_t i = s.n - 1; i-- > MINUTE_PREFIX_MIN;)
		if (s.p[i - 1] == ':' && s.p[i - 4] == ':' && is_digit(s.p[i - 2]) &&
		    is_digit(s.p[i - 3]) && read_second(s.p + i) >= 0)
			return i;
	return 0;
}

/* The decimals of a stamp, from `at` on; those that are too many are not told. */
static unsigned
count_decimals(struct span s, size_t at)
{
	size_t n = 1;

	if (s.n - at < 2 || (s.p[at] != ',' && s.p[at] != '.'))
		return 0;
	while (at + n < s.n && is_digit(s.p[at + n]))
		n++;
	return (unsigned)n - 1;
}

void
timestamp_minute_note(struct timestamp_minute *m, struct span stamp, int64_t t, bool naive)
{
	size_t second = stamp.n > MINUTE_PREFIX_MIN + 2 ? find_second(stamp) : 0;
	unsigned decimals = second ? count_decimals(stamp, second + 2) : 0;
	size_t rest = second + 2 + decimals + (decimals > 0);

	m->n = 0;
	if (!second || second > MINUTE_PREFIX_MAX || decimals > 9 || stamp.n - rest > MINUTE_REST_MAX)
		return;
	m->prefix_n = (uint8_t)second;
	memcpy(m->prefix, stamp.p, second);
	m->decimals = (uint8_t)decimals;
	m->mark = decimals ? stamp.p[second + 2] : '\0';
	m->rest_n = (uint8_t)(stamp.n - rest);
	memcpy(m->rest, stamp.p + rest, m->rest_n);
	m->time = t - read_second(stamp.p + second) * NSEC -
		  (decimals ? read_decimals(stamp.p + second + 3, decimals) : 0);
	m->naive = naive;
	m->zone_version = clock_zone_version;
	m->n = (uint8_t)stamp.n;
}
