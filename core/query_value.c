/*
 * query_value: see query_value.h.
 *
 * It only joins what json, units, level and timestamp read, and adds the
 * forms that queries alone have: status classes, counts such as 10k, globs,
 * and how wide a time is.
 */
#include "config.h"

#include "core/query_value.h"

#include "core/clock.h"
#include "core/json.h"
#include "core/timestamp.h"
#include "core/units.h"

#include <math.h>

#define DAY (24 * 3600 * NSEC)

bool
value_number(struct span s, double *value)
{
	return s.n && json_number(s, value) && isfinite(*value);
}

/* "10k", "2.5M": thousands, where no B says that bytes are meant. */
static bool
read_count(struct span s, double *value)
{
	static const struct {
		char letter;
		double scale;
	} scales[] = { { 'k', 1e3 }, { 'M', 1e6 }, { 'G', 1e9 } };

	for (size_t i = 0; s.n && i < sizeof scales / sizeof *scales; i++) {
		if (s.p[s.n - 1] == scales[i].letter &&
		    value_number(span_head(s, s.n - 1), value)) {
			*value *= scales[i].scale;
			return true;
		}
	}
	return false;
}

bool
value_quantity(struct span s, double *value)
{
	return value_number(s, value) || read_count(s, value) || value_seconds(s, value) ||
	       value_bytes(s, value);
}

bool
value_seconds(struct span s, double *seconds)
{
	int64_t ns;

	if (value_number(s, seconds))
		return true;
	if (!units_parse_duration(s, &ns))
		return false;
	*seconds = (double)ns / 1e9;
	return true;
}

bool
value_bytes(struct span s, double *bytes)
{
	uint64_t n;

	if (!units_parse_size(s, &n))
		return false;
	*bytes = (double)n;
	return true;
}

bool
value_status_class(struct span s, double *first)
{
	if (s.n != 3 || s.p[0] < '1' || s.p[0] > '5' || !span_caseeq_str(span_from(s, 1), "xx"))
		return false;
	*first = (s.p[0] - '0') * 100;
	return true;
}

bool
value_level(struct span s, enum level *level)
{
	*level = level_parse(s);
	return *level != LEVEL_NONE || span_caseeq_str(s, "none");
}

/*
 * The clock part of a time decides: "10:30" is a minute, "10:30:05" a second,
 * "10:30:05.25" ten milliseconds, a date alone a day. A zone's colon is not
 * counted, and what has neither (now, -2h) is an instant.
 */
static int64_t
width_of(struct span s)
{
	size_t colons = 0, dashes = 0, i = 0;
	int64_t width = NSEC;

	for (; i < s.n && s.p[i] != '+' && s.p[i] != 'Z' && s.p[i] != '.' && s.p[i] != ','; i++) {
		/* A dash after the clock begins a zone. */
		if (colons && s.p[i] == '-')
			break;
		colons += s.p[i] == ':';
		dashes += s.p[i] == '-' || s.p[i] == '/';
	}
	if (dashes == 2 && colons == 0)
		return DAY;
	if (span_caseeq_str(s, "today") || span_caseeq_str(s, "yesterday"))
		return DAY;
	if (colons == 0)
		return 1;
	if (colons == 1)
		return 60 * NSEC;
	if (i < s.n && (s.p[i] == '.' || s.p[i] == ','))
		for (i++; i < s.n && s.p[i] >= '0' && s.p[i] <= '9' && width > 1; i++)
			width /= 10;
	return width;
}

bool
value_time(struct span s, int64_t now, int64_t *at, int64_t *width)
{
	/* Room for a day on either side, so that intervals can be made of it. */
	static const int64_t margin = 2 * DAY;

	*width = width_of(s);
	return timestamp_human(s, now, at) && *at > TIME_NONE + margin && *at < INT64_MAX - margin;
}

bool
value_glob(struct span pattern, struct span text)
{
	size_t p = 0, t = 0, star = pattern.n, mark = 0;

	while (t < text.n) {
		if (p < pattern.n && pattern.p[p] == '*') {
			star = p++;
			mark = t;
		} else if (p < pattern.n && pattern.p[p] == text.p[t]) {
			p++;
			t++;
		} else if (star < pattern.n) {
			/* Let the last star take one byte more. */
			p = star + 1;
			t = ++mark;
		} else {
			return false;
		}
	}
	while (p < pattern.n && pattern.p[p] == '*')
		p++;
	return p == pattern.n;
}
