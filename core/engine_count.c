/*
 * engine_count.c: the books. Every record is counted once, when its block is
 * taken over or has grown; the ring may forget it afterwards.
 *
 * What is counted of records comes as a tally, which the worker that made the
 * block has mostly made already. What they say about requests is joined here,
 * one by one, because the parts of a request stand in different blocks.
 */
#include "config.h"

#include "core/engine_internal.h"

#include "core/alloc.h"

#define CLOCK_SLACK (24 * 3600 * NSEC) /* a time further ahead of the clock is a broken clock's */

enum { BATCH = 64 }; /* parts of requests that are joined together */

/* Learn the engine's numbers of names that are new in a block's own table. */
static void
map_names(uint32_t **map, uint32_t *mapped, const struct intern *own, struct intern *all)
{
	if (*mapped == own->n)
		return;
	*map = xreallocarray(*map, own->n, sizeof **map);
	for (; *mapped < own->n; ++*mapped) {
		struct span name = intern_name(own, *mapped);

		(*map)[*mapped] = name.n ? intern_add(all, name) : INTERN_NONE;
	}
}

struct tally_bounds
engine_bounds(const struct engine_options *o)
{
	return (struct tally_bounds){ o->since, o->until, o->slow };
}

bool
engine_counts(const struct engine_options *o, int64_t t)
{
	struct tally_bounds bounds = engine_bounds(o);

	return tally_counts(&bounds, t);
}

/* ---- records --------------------------------------------------------------------- */

static void
count_kind(struct engine *e, int64_t at, enum counter_kind kind, uint32_t id, uint32_t count, uint32_t errors)
{
	rollup_add(e->rollup, at, counter_key(kind, id, COUNTER_COUNT), count);
	if (errors)
		rollup_add(e->rollup, at, counter_key(kind, id, COUNTER_ERRORS), errors);
}

static void
count_cell(struct engine *e, const struct block *b, int64_t at, const struct tally_cell *c)
{
	if (c->is_status)
		count_kind(e, at, COUNTER_STATUS, c->id, c->count, c->errors);
	else if (c->id >= b->loggers.n)
		count_kind(e, at, COUNTER_LOGGER, COUNTER_OTHER, c->count, c->errors);
	else if (intern_name(&b->loggers, c->id).n)
		count_kind(e, at, COUNTER_LOGGER, b->logger_map[c->id], c->count, c->errors);
}

static void
count_second(struct engine *e, const struct block *b, const struct tally_second *s, int64_t now)
{
	uint32_t records = 0, errors = 0;

	for (uint32_t l = 0; l < LEVEL_COUNT; l++) {
		if (s->level[l])
			rollup_add(e->rollup, s->at, counter_key(COUNTER_LEVEL, l, COUNTER_COUNT), s->level[l]);
		records += s->level[l];
		errors += l >= LEVEL_ERROR ? s->level[l] : 0;
	}
	count_kind(e, s->at, COUNTER_SOURCE, b->source, records, errors);
	if ((e->newest == TIME_NONE || s->newest > e->newest) && s->newest < now + CLOCK_SLACK)
		e->newest = s->newest;
}

static void
count_records(struct engine *e, const struct block *b, const struct tally *t, int64_t now)
{
	const struct tally_cell *cell = t->cells;

	stats_take(&e->stats, b, t, b->logger_map);
	for (size_t i = 0; i < t->n_seconds; i++) {
		const struct tally_second *s = &t->seconds[i];

		count_second(e, b, s, now);
		for (uint32_t k = 0; k < s->cells; k++)
			count_cell(e, b, s->at, cell++);
	}
	if (t->oldest != TIME_NONE && (e->oldest == TIME_NONE || t->oldest < e->oldest))
		e->oldest = t->oldest;
}

/* ---- requests -------------------------------------------------------------------- */

/* Most records that carry an id say nothing else. */
bool
engine_is_request(const struct part *p)
{
	if ((p->flags & PART_FUNCTION) || (!(p->flags & PART_ALONE) && !p->id_hash))
		return false;
	return p->flags || p->status || p->duration >= 0 || p->route != INTERN_NONE;
}

struct request_part
engine_request_part(const struct block *b, const struct part *p)
{
	return (struct request_part){
		.id_hash = p->flags & PART_ALONE ? 0 : p->id_hash, .record = record_id(b, p->row),
		.time = b->time[p->row], .route = p->route == INTERN_NONE ? ROUTE_NONE : b->route_map[p->route],
		.status = p->status, .failed = p->flags & PART_FAILED, .start = p->flags & PART_START,
		.duration = p->duration,
	};
}

static void
join_requests(struct engine *e, const struct block *b, uint32_t from)
{
	struct tally_bounds bounds = engine_bounds(&e->o);
	struct request_part batch[BATCH];
	uint32_t i = b->n_parts;
	size_t n = 0;

	while (i > 0 && b->parts[i - 1].row >= from)
		i--;
	for (; i < b->n_parts; i++) {
		const struct part *p = &b->parts[i];

		if (engine_is_request(p) && tally_counts(&bounds, b->time[p->row]))
			batch[n++] = engine_request_part(b, p);
		if (n == BATCH || i + 1 == b->n_parts) {
			requests_add_all(e->requests, batch, n);
			n = 0;
		}
	}
}

void
engine_count_request(void *arg, const struct request *q)
{
	struct engine *e = arg;

	stats_request(&e->stats, q);
	rollup_request(e->rollup, q->end_time, q->route, q->duration, q->failed, q->duration > e->o.slow);
}

/* ---- blocks ---------------------------------------------------------------------- */

static void
count_lines(struct engine *e, struct block *b)
{
	e->stats.lines += b->lines - b->engine.lines;
	e->stats.cut += b->cut - b->engine.cut;
	e->stats.broken += b->broken - b->engine.broken;
	b->engine.lines = b->lines;
	b->engine.cut = b->cut;
	b->engine.broken = b->broken;
}

void
engine_count_block(struct engine *e, struct block *b, int64_t now)
{
	struct tally_bounds bounds = engine_bounds(&e->o);
	uint32_t from = b->engine.rows;
	struct tally *t = b->tally ? b->tally : tally_new(b, from, b->n, &bounds);

	b->tally = NULL;
	engine_feed_count(e->feeds[b->source], b, t, now);
	count_lines(e, b);
	map_names(&b->logger_map, &b->logger_mapped, &b->loggers, &e->loggers);
	map_names(&b->route_map, &b->route_mapped, &b->routes, &e->routes);
	count_records(e, b, t, now);
	join_requests(e, b, from);
	tally_free(t);
	b->engine.rows = b->n;
	if (e->secrets)
		engine_secrets_block(e, b, INT64_MAX);
	e->records += b->n - from;
	e->version++;
}
