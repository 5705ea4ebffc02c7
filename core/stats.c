#include "config.h"

#include "core/stats.h"

#include "core/alloc.h"

#include <stdlib.h>

enum { FIRST_MINUTES = 1024, METHODS_MAX = 64 };

void
durations_init(struct durations *d, double slow, bool keep)
{
	*d = (struct durations){ .slow = slow, .keep = keep };
}

void
durations_release(struct durations *d)
{
	sketch_release(&d->sketch);
	free(d->values);
}

void
durations_add(struct durations *d, double seconds)
{
	sketch_add(&d->sketch, seconds);
	d->slow_count += seconds > d->slow;
	if (!d->keep)
		return;
	if (d->n == STATS_VALUES_MAX) {
		d->keep = false;
		free(d->values);
		d->values = NULL;
		return;
	}
	ARRAY_GROW(d->values, d->n, d->cap);
	d->values[d->n++] = seconds;
	d->sorted = false;
}

static int
by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

double
durations_quantile(struct durations *d, double q)
{
	if (!d->keep || !d->n)
		return sketch_quantile(&d->sketch, q);
	if (!d->sorted)
		qsort(d->values, d->n, sizeof *d->values, by_value);
	d->sorted = true;
	size_t at = (size_t)((double)d->n * q);

	return d->values[at < d->n ? at : d->n - 1];
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
stats_init(struct stats *s, double slow, bool keep_values)
{
	memset(s, 0, sizeof *s);
	intern_init(&s->methods, METHODS_MAX);
	durations_init(&s->performance, slow, keep_values);
	durations_init(&s->requests, slow, keep_values);
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
add_minute(struct stats *s, int64_t time)
{
	int64_t minute = time / (60 * NSEC) - (time % (60 * NSEC) < 0);

	if (s->minutes_n * 2 >= s->minutes_cap)
		minutes_grow(s);
	struct minutes *m = minute_slot(s->minutes, s->minutes_cap, minute);

	s->minutes_n += !m->count;
	m->minute = minute;
	m->count++;
}

void
stats_row(struct stats *s, const struct block *b, uint32_t row, uint32_t logger)
{
	s->by_format[b->format[row]]++;
	counts_add(&s->by_source, b->source, 1);
	if (b->format[row] == FORMAT_RAW) {
		s->unparsed++;
		return;
	}
	s->records++;
	s->by_level[b->level[row]]++;
	if (logger != INTERN_NONE)
		counts_add(&s->by_logger, logger, 1);
	if (b->flags[row] & ROW_OWN_TIME)
		add_minute(s, b->time[row]);
}

void
stats_part(struct stats *s, const struct part *p, struct span route)
{
	ptrdiff_t blank = span_chr(route, ' ');

	if (p->status > 0 && p->status < 1000)
		s->by_status[p->status]++;
	if (p->duration >= 0)
		durations_add(&s->performance, p->duration);
	if (blank <= 0)
		return;
	uint32_t method = intern_add(&s->methods, span_head(route, (size_t)blank));

	if (method != INTERN_NONE)
		counts_add(&s->by_method, method, 1);
}

void
stats_request(struct stats *s, const struct request *q)
{
	if (q->duration >= 0)
		durations_add(&s->requests, q->duration);
}
