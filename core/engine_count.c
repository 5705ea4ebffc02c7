/*
 * engine_count.c: the books. Every record is counted once, when its block is
 * taken over or has grown; the ring may forget it afterwards.
 */
#include "config.h"

#include "core/engine_internal.h"

#include "core/alloc.h"

#define CLOCK_SLACK (24 * 3600 * NSEC) /* a time further ahead of the clock is a broken clock's */

static uint32_t
map_name(uint32_t **map, uint32_t *mapped, const struct intern *own, struct intern *all, uint32_t number)
{
	if (number >= own->n)
		return INTERN_NONE;
	if (*mapped < own->n) {
		*map = xreallocarray(*map, own->n, sizeof **map);
		for (; *mapped < own->n; ++*mapped) {
			struct span name = intern_name(own, *mapped);

			(*map)[*mapped] = name.n ? intern_add(all, name) : INTERN_NONE;
		}
	}
	return (*map)[number];
}

bool
engine_counts(const struct engine_options *o, int64_t t)
{
	return (o->since == TIME_NONE || t >= o->since) && (o->until == TIME_NONE || t < o->until);
}

static void
count_row(struct engine *e, struct block *b, uint32_t row, int64_t now)
{
	int64_t t = b->time[row];
	uint32_t logger = map_name(&b->logger_map, &b->logger_mapped, &b->loggers, &e->loggers, b->logger[row]);

	if (!engine_counts(&e->o, t))
		return;
	stats_row(&e->stats, b, row, logger);
	if (!(b->flags[row] & ROW_OWN_TIME))
		return;
	rollup_record(e->rollup, t, b->level[row]);
	if (e->oldest == TIME_NONE || t < e->oldest)
		e->oldest = t;
	if ((e->newest == TIME_NONE || t > e->newest) && t < now + CLOCK_SLACK)
		e->newest = t;
}

static void
count_part(struct engine *e, struct block *b, const struct part *p)
{
	int64_t t = b->time[p->row];

	if (!engine_counts(&e->o, t))
		return;
	uint32_t route = map_name(&b->route_map, &b->route_mapped, &b->routes, &e->routes, p->route);
	bool alone = p->flags & PART_ALONE;

	stats_part(&e->stats, p, p->route == INTERN_NONE ? SPAN_NONE : intern_name(&b->routes, p->route));
	if ((p->flags & PART_FUNCTION) || (!alone && !p->id_hash))
		return;
	requests_add(e->requests, &(struct request_part){
		.id_hash = alone ? 0 : p->id_hash, .record = record_id(b, p->row), .time = t,
		.route = route == INTERN_NONE ? ROUTE_NONE : route, .status = p->status,
		.failed = p->flags & PART_FAILED, .start = p->flags & PART_START, .duration = p->duration,
	});
}

/* Count the records of a block from `row` on, and what they say about requests. */
static void
count_from(struct engine *e, struct block *b, uint32_t row, int64_t now)
{
	uint32_t p = b->n_parts;

	while (p > 0 && b->parts[p - 1].row >= row)
		p--;
	for (uint32_t i = row; i < b->n; i++)
		count_row(e, b, i, now);
	for (; p < b->n_parts; p++)
		count_part(e, b, &b->parts[p]);
	e->records += b->n - row;
	e->feeds[b->source]->records += b->n - row;
	e->version++;
}

void
engine_count_block(struct engine *e, struct block *b, int64_t now)
{
	e->stats.lines += b->lines - b->engine.lines;
	e->stats.cut += b->cut - b->engine.cut;
	e->stats.broken += b->broken - b->engine.broken;
	b->engine.lines = b->lines;
	b->engine.cut = b->cut;
	b->engine.broken = b->broken;
	count_from(e, b, b->engine.rows, now);
	b->engine.rows = b->n;
}

void
engine_count_request(void *arg, const struct request *q)
{
	struct engine *e = arg;

	stats_request(&e->stats, q);
	rollup_request(e->rollup, q->end_time, q->route, q->duration, q->failed, q->duration > e->o.slow);
}

void
engine_rates_advance(struct engine *e, int64_t now)
{
	int64_t second = now / NSEC;

	if (second - e->rate_second >= ENGINE_RATES)
		e->rate_second = second - ENGINE_RATES;
	while (e->rate_second < second)
		e->rates[++e->rate_second % ENGINE_RATES] = 0;
}
