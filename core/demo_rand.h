/*
 * demo_rand: the dice of the demo's traffic.
 *
 * SplitMix64 (Steele, Lea and Flood, 2014): one word of state, the same
 * numbers on every machine for a seed. Not for secrets.
 */
#ifndef CORE_DEMO_RAND_H
#define CORE_DEMO_RAND_H

#include <math.h>
#include <stdbool.h>
#include <stdint.h>

struct demo_rand {
	uint64_t state;
};

static inline uint64_t
demo_rand_next(struct demo_rand *r)
{
	uint64_t z = r->state += 0x9e3779b97f4a7c15u;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

/* In [0, 1). */
static inline double
demo_rand_unit(struct demo_rand *r)
{
	return (double)(demo_rand_next(r) >> 11) * 0x1p-53;
}

/* In [0, n); n > 0. */
static inline unsigned
demo_rand_below(struct demo_rand *r, unsigned n)
{
	return (unsigned)(demo_rand_unit(r) * n);
}

/* True with the probability p. */
static inline bool
demo_rand_chance(struct demo_rand *r, double p)
{
	return demo_rand_unit(r) < p;
}

/* A wait between two events that come `rate` times a second on average, in seconds. */
static inline double
demo_rand_wait(struct demo_rand *r, double rate)
{
	return -log(1.0 - demo_rand_unit(r)) / rate;
}

/* Log-normal around `median`, wider with sigma: the shape of response times. */
static inline double
demo_rand_latency(struct demo_rand *r, double median, double sigma)
{
	double radius = sqrt(-2.0 * log(1.0 - demo_rand_unit(r)));

	return median * exp(sigma * radius * cos(2.0 * M_PI * demo_rand_unit(r)));
}

#endif
