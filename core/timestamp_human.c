/*
 * timestamp_human: times as people type them. What a person leaves out, the
 * date or the time of day, is written out from the clock, and the whole is
 * read like a stamp in a log.
 */
#include "config.h"

#include "core/timestamp.h"

#include "core/units.h"

#include <stdio.h>

enum { DATE = 10 };

/* Midnight, `days` days before the day of `now`. */
static int64_t
midnight(int64_t now, int days)
{
	struct civil c;

	clock_civil(now, &c);
	c.day -= days;
	c.hour = c.minute = c.second = c.nsec = 0;
	return clock_from_civil(&c);
}

/* "10:30" or "10:30:15": the last one at or before now. */
static bool
read_clock(struct timestamp_reader *r, struct span s, int64_t now, int64_t *t)
{
	char day[24], text[64];

	if (s.n < 5 || s.n > 20 || s.p[2] != ':')
		return false;
	for (int back = 0; back < 2; back++) {
		clock_format(midnight(now, back), CLOCK_DATE, day, sizeof day);
		int n = snprintf(text, sizeof text, "%s %.*s", day, SPAN_FMT(s));

		if (!timestamp_parse(r, span_of(text, (size_t)n), t))
			return false;
		if (*t <= now)
			break;
	}
	return true;
}

/* "2025-09-08": its midnight. */
static bool
read_date(struct timestamp_reader *r, struct span s, int64_t *t)
{
	char text[DATE + 7];
	int n;

	if (s.n != DATE)
		return false;
	n = snprintf(text, sizeof text, "%.*s 00:00", SPAN_FMT(s));
	return timestamp_read(r, span_of(text, (size_t)n), t) == (size_t)n;
}

bool
timestamp_human(struct span s, int64_t now, int64_t *t)
{
	struct timestamp_reader r;
	int64_t ago;

	s = span_trim(s);
	if (!s.n)
		return false;
	if (span_caseeq_str(s, "now")) {
		*t = now;
		return true;
	}
	if (span_caseeq_str(s, "today") || span_caseeq_str(s, "yesterday")) {
		*t = midnight(now, span_caseeq_str(s, "yesterday"));
		return true;
	}
	if (*s.p == '-') {
		if (!units_parse_duration(span_from(s, 1), &ago))
			return false;
		/* Of times that are read, int64_t holds every difference; this is one of them. */
		*t = ago < now ? now - ago : 0;
		return true;
	}
	timestamp_init(&r);
	r.yearless_ref = now;
	return read_clock(&r, s, now, t) || read_date(&r, s, t) || timestamp_parse(&r, s, t);
}
