/*
 * rates: a ring of seconds. A second's place is its number modulo the size, so
 * that a count is good as long as `second` says that it is of the last minute.
 */
#include "config.h"

#include "core/rates.h"

#include "core/clock.h"

enum { MEAN_SECONDS = 5 };

void
rates_add(struct rates *r, int64_t now, uint32_t n)
{
	int64_t second = now / NSEC;

	if (second - r->second >= RATES_SECONDS)
		r->second = second - RATES_SECONDS;
	while (r->second < second)
		r->count[++r->second % RATES_SECONDS] = 0;
	/* A clock that was set back counts in the second it is taken for. */
	r->count[r->second % RATES_SECONDS] += n;
}

void
rates_read(const struct rates *r, int64_t now, uint32_t out[RATES_SECONDS])
{
	int64_t last = now / NSEC > r->second ? now / NSEC : r->second;

	for (int i = 0; i < RATES_SECONDS; i++) {
		int64_t second = last - RATES_SECONDS + 1 + i;
		bool known = second > r->second - RATES_SECONDS && second <= r->second && second >= 0;

		out[i] = known ? r->count[second % RATES_SECONDS] : 0;
	}
}

double
rates_mean(const uint32_t counts[RATES_SECONDS])
{
	uint64_t sum = 0;

	for (int i = RATES_SECONDS - 1 - MEAN_SECONDS; i < RATES_SECONDS - 1; i++)
		sum += counts[i];
	return (double)sum / MEAN_SECONDS;
}
