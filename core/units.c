/*
 * units: numbers with units, both ways.
 *
 * Reading is exact for integers and good to a double's precision for
 * fractions; it takes no sign and no exponent. Writing rounds to about three
 * digits and moves on to the next unit when rounding reaches it ("1.0M", not
 * "1024k").
 */
#include "config.h"

#include "core/units.h"

#include "core/alloc.h"

#include <math.h>
#include <stdio.h>

struct unit {
	const char *name;
	double scale;
};

/* Takes "123" or "1.5" off the front of s. */
static bool
take_number(struct span *s, double *value)
{
	double v = 0, place = 1;
	bool digits = false, point = false;
	size_t i = 0;

	for (; i < s->n; i++) {
		char c = s->p[i];

		if (c == '.' && !point) {
			point = true;
		} else if (c >= '0' && c <= '9') {
			digits = true;
			v = v * 10 + (c - '0');
			place *= point ? 10 : 1;
		} else {
			break;
		}
	}
	*value = v / place;
	*s = span_from(*s, i);
	return digits;
}

/* Takes the letters that follow (and the micro sign) off the front of s. */
static struct span
take_word(struct span *s)
{
	size_t i = 0;

	while (i < s->n && !(s->p[i] >= '0' && s->p[i] <= '9') && s->p[i] != ' ' && s->p[i] != '.')
		i++;
	struct span word = span_head(*s, i);

	*s = span_from(*s, i);
	return word;
}

static void
skip_blanks(struct span *s)
{
	while (s->n && *s->p == ' ')
		*s = span_from(*s, 1);
}

bool
units_parse_size(struct span s, uint64_t *bytes)
{
	static const char letters[] = "kmgtpe";
	double value, scale = 1;

	s = span_trim(s);
	if (!take_number(&s, &value))
		return false;
	skip_blanks(&s);
	if (s.n && !span_caseeq_str(s, "b")) {
		const char *at = strchr(letters, *s.p | 0x20);

		if (!at || !*at)
			return false;
		s = span_from(s, 1);
		if (s.n && !span_caseeq_str(s, "b") && !span_caseeq_str(s, "ib") &&
		    !span_caseeq_str(s, "i"))
			return false;
		scale = ldexp(1, 10 * (int)(at - letters + 1));
	}
	if (value * scale >= 18446744073709551616.0)
		return false;
	*bytes = (uint64_t)(value * scale);
	return true;
}

static const struct unit durations[] = {
	{ "", 1e9 },      { "s", 1e9 },      { "ms", 1e6 },      { "us", 1e3 },
	{ "\xc2\xb5s", 1e3 }, { "\xce\xbcs", 1e3 }, { "ns", 1 }, { "m", 60e9 },
	{ "min", 60e9 },  { "h", 3600e9 },   { "d", 86400e9 },   { "w", 604800e9 },
	{ "sec", 1e9 },   { "secs", 1e9 },   { "second", 1e9 },  { "seconds", 1e9 },
	{ "mins", 60e9 }, { "minute", 60e9 }, { "minutes", 60e9 }, { "hour", 3600e9 },
	{ "hours", 3600e9 }, { "day", 86400e9 }, { "days", 86400e9 }, { "week", 604800e9 },
	{ "weeks", 604800e9 }, { "msec", 1e6 }, { "usec", 1e3 }, { "nsec", 1 },
};

static double
duration_scale(struct span word)
{
	for (size_t i = 0; i < ARRAY_SIZE(durations); i++)
		if (span_caseeq_str(word, durations[i].name))
			return durations[i].scale;
	return 0;
}

bool
units_parse_duration(struct span s, int64_t *ns)
{
	double total = 0, value, scale;
	unsigned parts = 0;

	s = span_trim(s);
	do {
		if (!take_number(&s, &value))
			return false;
		skip_blanks(&s);
		struct span word = take_word(&s);

		scale = duration_scale(word);
		/* "1m20" would be a guess: only a lone number goes without its unit. */
		if (scale == 0 || (word.n == 0 && (parts || s.n)))
			return false;
		total += value * scale;
		parts++;
		skip_blanks(&s);
	} while (s.n);
	if (total >= 9.2e18)
		return false;
	*ns = llround(total);
	return true;
}

const char *
units_size(uint64_t bytes, char *buf)
{
	static const char letters[] = "kMGTPE";
	double v = (double)bytes;
	int unit = -1;

	while (v >= (unit < 0 ? 1024 : 1023.5)) {
		v /= 1024;
		unit++;
	}
	if (unit < 0)
		snprintf(buf, 16, "%u", (unsigned)bytes);
	else
		snprintf(buf, 16, "%.*f%c", v < 9.95 ? 1 : 0, v, letters[unit]);
	return buf;
}

/* A time of two parts, "1m20s"; at most a thousand days of hours. */
static const char *
two_parts(double seconds, double unit, const char *names, char *buf)
{
	uint16_t small = (uint16_t)llround(seconds / unit);
	uint16_t per = names[0] == 'd' ? 24 : 60;

	snprintf(buf, 16, "%u%c%02u%c", small / per, names[0], small % per, names[1]);
	return buf;
}

const char *
units_duration(double seconds, char *buf)
{
	static const struct {
		double below, scale;
		int decimals;
		const char *unit;
	} small[] = {
		{ 999.5e-6, 1e6, 0, "us" }, { 9.95e-3, 1e3, 1, "ms" }, { 0.9995, 1e3, 0, "ms" },
		{ 9.995, 1, 2, "s" },       { 59.95, 1, 1, "s" },
	};

	if (!(seconds >= 0)) {
		snprintf(buf, 16, "-");
		return buf;
	}
	if (seconds == 0) {
		snprintf(buf, 16, "0s");
		return buf;
	}
	for (size_t i = 0; i < ARRAY_SIZE(small); i++)
		if (seconds < small[i].below) {
			snprintf(buf, 16, "%.*f%s", small[i].decimals, seconds * small[i].scale,
				 small[i].unit);
			return buf;
		}
	if (seconds < 3599.5)
		return two_parts(seconds, 1, "ms", buf);
	if (seconds < 86400 - 30)
		return two_parts(seconds, 60, "hm", buf);
	if (seconds < 1000 * 86400.0 - 1800)
		return two_parts(seconds, 3600, "dh", buf);
	snprintf(buf, 16, "%.0fd", fmin(seconds / 86400, 999999));
	return buf;
}

const char *
units_age(int64_t ns, char *buf)
{
	static const struct {
		int64_t from, seconds;
		char name;
	} units[] = { { 2 * 86400, 86400, 'd' }, { 7200, 3600, 'h' }, { 60, 60, 'm' }, { 0, 1, 's' } };
	int64_t seconds = ns > 0 ? ns / 1000000000 : 0;
	int i = 0;

	while (seconds < units[i].from)
		i++;
	snprintf(buf, 16, "%lld%c", (long long)(seconds / units[i].seconds), units[i].name);
	return buf;
}

const char *
units_count(uint64_t n, char *buf)
{
	static const char letters[] = "kMGTPE";
	double v = (double)n;
	int unit = -1;

	if (n < 10000)
		return units_thousands(n, buf);
	while (v >= 999.5) {
		v /= 1000;
		unit++;
	}
	snprintf(buf, 16, "%.*f%c", v < 9.995 ? 2 : v < 99.95 ? 1 : 0, v, letters[unit]);
	return buf;
}

const char *
units_thousands(uint64_t n, char *buf)
{
	char digits[24];
	int len = snprintf(digits, sizeof digits, "%llu", (unsigned long long)n), out = 0;

	for (int i = 0; i < len; i++) {
		if (i && (len - i) % 3 == 0)
			buf[out++] = ',';
		buf[out++] = digits[i];
	}
	buf[out] = '\0';
	return buf;
}
