/*
 * rates: how many things came in each of the last seconds.
 */
#ifndef CORE_RATES_H
#define CORE_RATES_H

#include <stdint.h>

enum { RATES_SECONDS = 60 };

/* Zero-initialised is good. */
struct rates {
	uint32_t count[RATES_SECONDS]; /* count[s % RATES_SECONDS] is that of second s */
	int64_t second;                /* the newest */
};

/* n things came at `now`, wall clock ns. */
void rates_add(struct rates *r, int64_t now, uint32_t n);
/* The counts up to the second of `now`, which is not over, oldest first. */
void rates_read(const struct rates *r, int64_t now, uint32_t out[RATES_SECONDS]);
/* The mean of the last whole seconds of what rates_read() gave. */
double rates_mean(const uint32_t counts[RATES_SECONDS]);

#endif
