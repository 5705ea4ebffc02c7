/*
 * silence: a mean of gaps, in which the newest of the last MEMORY records
 * count most, and a maximum that fades at the same pace.
 *
 * A gap that was a silence counts as no more than one that just was: an outage
 * of an hour tells nothing of what is usual, or the next one would go
 * unnoticed. A source that has become slow is learnt all the same, step by
 * step.
 */
#include "config.h"

#include "core/silence.h"

#include "core/units.h"

#include <stdio.h>

#define SHORTEST 10.0
#define GAPS 20.0
#define LONGEST 3.0
#define MEMORY 1000.0

double
silence_rate(const struct silence *s)
{
	return s->records >= SILENCE_RECORDS && s->usual > 0 ? 1 / s->usual : 0;
}

double
silence_limit(const struct silence *s)
{
	double limit = SHORTEST;

	if (s->records < SILENCE_RECORDS)
		return -1;
	if (limit < GAPS * s->usual)
		limit = GAPS * s->usual;
	return limit < LONGEST * s->longest ? LONGEST * s->longest : limit;
}

void
silence_learn(struct silence *s, double gap, uint64_t n)
{
	double limit = silence_limit(s);

	if (!n)
		return;
	gap = gap < 0 ? 0 : limit >= 0 && gap > limit ? limit : gap;
	s->records += n;
	double known = s->records < MEMORY ? (double)s->records : MEMORY;
	double part = (double)n < known ? (double)n / known : 1;

	s->usual += (gap / (double)n - s->usual) * part;
	s->longest *= 1 - (double)n / MEMORY > 0 ? 1 - (double)n / MEMORY : 0;
	if (gap > s->longest)
		s->longest = gap;
}

const char *
silence_rate_text(double rate, char *buf)
{
	static const struct {
		double seconds;
		char name;
	} units[] = { { 1, 's' }, { 60, 'm' }, { 3600, 'h' }, { 86400, 'd' } };
	char count[16];
	int i = 0;

	while (i < 3 && rate * units[i].seconds < 0.95)
		i++;
	double n = rate * units[i].seconds;

	if (n < 0.95)
		snprintf(buf, 16, "%.1f/%c", n, units[i].name);
	else
		snprintf(buf, 16, "%s/%c", units_count((uint64_t)(n + 0.5), count), units[i].name);
	return buf;
}
