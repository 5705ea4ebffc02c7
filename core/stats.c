/*
 * stats: sums of tallies.
 *
 * Durations are kept as values until they are too many, and put in order as far
 * as somebody asks. Minutes stand in a hash table: a log may have
 * years between two of them. What it does not do: windows of time (rollup.h).
 */
#include "config.h"

#include "core/stats.h"

#include "core/alloc.h"

#include <stdlib.h>

enum { FIRST_MINUTES = 1024, METHODS_MAX = 64 };

void
durations_init(struct durations *d, double slow, size_t most)
{
	*d = (struct durations){ .slow = slow, .most = most };
	sketch_widen(&d->sketch);
}

void
durations_release(struct durations *d)
{
	sketch_release(&d->sketch);
	free(d->values);
}

/* Keep these too, or none from now on. */
static void
keep_values(struct durations *d, const double *values, size_t n)
{
	if (!d->most || !n)
		return;
	if (n > d->most - d->n) {
		d->most = 0;
		free(d->values);
		d->values = NULL;
		return;
	}
	while (d->cap < d->n + n)
		ARRAY_GROW(d->values, d->cap, d->cap);
	memcpy(d->values + d->n, values, n * sizeof *values);
	d->n += n;
}

void
durations_add(struct durations *d, double seconds)
{
	sketch_add(&d->sketch, seconds);
	d->slow_count += seconds > d->slow;
	keep_values(d, &seconds, 1);
}

void
durations_take(struct durations *d, const struct tally *t)
{
	double sum = d->sketch.sum;

	sketch_merge(&d->sketch, &t->latency);
	/* One by one, so that the sum does not depend on where blocks were cut. */
	for (size_t i = 0; i < t->n_durations; i++)
		sum += t->durations[i];
	d->sketch.sum = sum;
	d->slow_count += t->slow;
	keep_values(d, t->durations, t->n_durations);
}

/* Move values about until v[k] is where sorting would put it: Hoare's quickselect, which needs no memory. */
static double
select_value(double *v, size_t n, size_t k)
{
	size_t low = 0, high = n - 1;

	while (low < high) {
		double pivot = v[low + (high - low) / 2], swap;
		size_t i = low, j = high;

		for (;;) {
			while (v[i] < pivot)
				i++;
			while (pivot < v[j])
				j--;
			if (i >= j)
				break;
			swap = v[i];
			v[i++] = v[j];
			v[j--] = swap;
		}
		if (k <= j)
			high = j;
		else
			low = j + 1;
	}
	return v[k];
}

double
durations_quantile(struct durations *d, double q)
{
	if (!d->most || !d->n)
		return sketch_quantile(&d->sketch, q);
	size_t at = (size_t)((double)d->n * q);

	return select_value(d->values, d->n, at < d->n ? at : d->n - 1);
}

void
counts_add(struct counts *c, uint32_t key, uint64_t n)
{
	if (key >= c->n) {
		uint32_t want = key + 1 > c->n * 2 ? key + 1 : c->n * 2;

		c->v = xreallocarray(c->v, want, sizeof *c->v);
		memset(c->v + c->n, 0, (want - c->n) * sizeof *c->v);
		c->n = want;
	}
	c->v[key] += n;
}

void
counts_release(struct counts *c)
{
	free(c->v);
	*c = (struct counts){ 0 };
}

void
stats_init(struct stats *s, double slow, size_t values)
{
	memset(s, 0, sizeof *s);
	intern_init(&s->methods, METHODS_MAX);
	durations_init(&s->performance, slow, values);
	durations_init(&s->requests, slow, values);
}

void
stats_release(struct stats *s)
{
	counts_release(&s->by_logger);
	counts_release(&s->by_source);
	counts_release(&s->by_method);
	intern_release(&s->methods);
	durations_release(&s->performance);
	durations_release(&s->requests);
	free(s->minutes);
}

static struct minutes *
minute_slot(struct minutes *v, size_t cap, int64_t minute)
{
	size_t i = (uint64_t)minute * 0x9e3779b97f4a7c15u >> 20 & (cap - 1);

	while (v[i].count && v[i].minute != minute)
		i = (i + 1) & (cap - 1);
	return &v[i];
}

static void
minutes_grow(struct stats *s)
{
	size_t cap = s->minutes_cap ? s->minutes_cap * 2 : FIRST_MINUTES;
	struct minutes *v = xcalloc(cap, sizeof *v);

	for (size_t i = 0; i < s->minutes_cap; i++)
		if (s->minutes[i].count)
			*minute_slot(v, cap, s->minutes[i].minute) = s->minutes[i];
	free(s->minutes);
	s->minutes = v;
	s->minutes_cap = cap;
}

static void
add_minute(struct stats *s, int64_t time, uint64_t n)
{
	int64_t minute = time / (60 * NSEC) - (time % (60 * NSEC) < 0);

	if (s->minutes_n * 2 >= s->minutes_cap)
		minutes_grow(s);
	struct minutes *m = minute_slot(s->minutes, s->minutes_cap, minute);

	s->minutes_n += !m->count;
	m->minute = minute;
	m->count += n;
}

/* Routes are named "METHOD /route/". */
static void
add_methods(struct stats *s, const struct intern *routes, const struct tally *t)
{
	for (uint32_t i = 0; i < t->routes; i++) {
		struct span route = intern_name(routes, i);
		ptrdiff_t blank = t->by_route[i] ? span_chr(route, ' ') : -1;
		uint32_t method = blank > 0 ? intern_add(&s->methods, span_head(route, (size_t)blank)) : INTERN_NONE;

		if (method != INTERN_NONE)
			counts_add(&s->by_method, method, t->by_route[i]);
	}
}

void
stats_take(struct stats *s, const struct block *b, const struct tally *t, const uint32_t *loggers)
{
	uint64_t rows = t->records + t->unparsed;

	s->records += t->records;
	s->unparsed += t->unparsed;
	for (size_t i = 0; i < LEVEL_COUNT; i++)
		s->by_level[i] += t->by_level[i];
	for (size_t i = 0; i < FORMAT_COUNT; i++)
		s->by_format[i] += t->by_format[i];
	for (size_t i = 0; i < ARRAY_SIZE(s->by_status); i++)
		s->by_status[i] += t->by_status[i];
	for (uint32_t i = 0; i < t->loggers; i++)
		if (t->by_logger[i] && loggers[i] != INTERN_NONE)
			counts_add(&s->by_logger, loggers[i], t->by_logger[i]);
	if (rows)
		counts_add(&s->by_source, b->source, rows);
	for (size_t i = 0; i < t->n_seconds; i++)
		if (t->seconds[i].parsed)
			add_minute(s, t->seconds[i].at, t->seconds[i].parsed);
	add_methods(s, &b->routes, t);
	durations_take(&s->performance, t);
}

void
stats_request(struct stats *s, const struct request *q)
{
	if (q->duration >= 0)
		durations_add(&s->requests, q->duration);
}
