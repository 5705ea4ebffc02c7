/*
 * counters: runs of keys and numbers.
 *
 *   run      0 | counter | counter | ...
 *   counter     step to the key | number | for a route's count: bytes, packed sketch
 *   series   step to the key | seconds | second, number | second, number ...
 *            step to the key | seconds | u64 of a bit per second | number | ...
 *
 * All numbers are varints (varint.h). A step is from the key before plus one, and
 * one more, so that it is never 0: a 0 begins a run. A series of more than eight seconds has the
 * bits. A logger that writes every second takes 70 bytes a minute, one that
 * wrote twice takes six.
 *
 * What it does not do: find a key. Whoever reads wants all of a kind.
 */
#include "config.h"

#include "core/counters.h"

#include "core/alloc.h"
#include "core/varint.h"

#include <stdlib.h>

enum { FEW_SECONDS = 8, LOOSE = 256 };

void
counters_release(struct counters *c)
{
	free(c->p);
	*c = (struct counters){ 0 };
}

void
counters_append(struct counters *c, struct span run, uint32_t names)
{
	if (!run.n)
		return;
	c->p = xrealloc(c->p, c->n + run.n);
	memcpy(c->p + c->n, run.p, run.n);
	if (!c->n)
		c->base = (uint32_t)run.n;
	c->n += (uint32_t)run.n;
	c->names += names;
}

bool
counters_are_loose(const struct counters *c)
{
	return c->n - c->base > c->base / 2 + LOOSE || (c->n > c->base && c->names > COUNTER_LOGGERS_MAX);
}

size_t
counters_memory(const struct counters *c)
{
	return c->n;
}

/* ---- reading --------------------------------------------------------------------- */

static bool
next_key(struct counters_reader *r, struct counter *c)
{
	while (r->p < r->end) {
		uint32_t step = (uint32_t)varint_take(&r->p);

		if (step) {
			c->key = r->next + step - 1;
			r->next = c->key + 1;
			return true;
		}
		r->next = 0;
	}
	return false;
}

bool
counters_next(struct counters_reader *r, struct counter *c)
{
	if (!next_key(r, c))
		return false;
	c->n = varint_take(&r->p);
	c->latency = NULL;
	if (counter_kind(c->key) == COUNTER_ROUTE && counter_what(c->key) == COUNTER_COUNT) {
		size_t bytes = varint_take(&r->p);

		c->latency = r->p;
		r->p += bytes;
	}
	return true;
}

bool
counters_next_series(struct counters_reader *r, struct counter *c, uint32_t second[60])
{
	if (!next_key(r, c))
		return false;
	uint64_t bits, n = varint_take(&r->p);

	memset(second, 0, 60 * sizeof *second);
	c->latency = NULL;
	c->n = 0;
	if (n <= FEW_SECONDS) {
		while (n-- > 0) {
			uint32_t at = *r->p++;

			c->n += second[at] = (uint32_t)varint_take(&r->p);
		}
		return true;
	}
	memcpy(&bits, r->p, sizeof bits);
	r->p += sizeof bits;
	for (; bits; bits &= bits - 1)
		c->n += second[__builtin_ctzll(bits)] = (uint32_t)varint_take(&r->p);
	return true;
}

/* ---- writing --------------------------------------------------------------------- */

void
counters_begin(struct strbuf *out, uint32_t *next)
{
	varint_add(out, 0);
	*next = 0;
}

void
counters_put_key(struct strbuf *out, uint32_t *next, uint32_t key)
{
	varint_add(out, (uint64_t)(key - *next) + 1);
	*next = key + 1;
}

void
counters_put_series(struct strbuf *out, const uint32_t second[60])
{
	uint64_t bits = 0;

	for (unsigned i = 0; i < 60; i++)
		bits |= (uint64_t)(second[i] != 0) << i;
	unsigned n = (unsigned)__builtin_popcountll(bits);

	varint_add(out, n);
	if (n > FEW_SECONDS)
		strbuf_add(out, span_of((const char *)&bits, sizeof bits));
	for (; bits; bits &= bits - 1) {
		unsigned at = (unsigned)__builtin_ctzll(bits);

		if (n <= FEW_SECONDS)
			varint_add(out, at);
		varint_add(out, second[at]);
	}
}
