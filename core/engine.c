/*
 * engine.c: what flows through, and when.
 *
 *   inputs -> source -> intake (appended, forwards) --\
 *          \-> loader (history, backwards) -----------+-> count -> rollup, stats, requests
 *                                                      \-> ring -> selections
 *
 * Records are counted once, when they are taken in; the ring may forget them
 * afterwards. Bulk work is bounded per round of the loop, so that keys and
 * frames get their turn.
 */
#include "config.h"

#include "core/engine_internal.h"

#include "core/alloc.h"

#include <stdlib.h>
#include <unistd.h>

enum {
	STEP_NSEC = 8 * 1000000,   /* of bulk work per round */
	LOGGERS_MAX = 1 << 16,
	ROUTES_MAX = 100000,       /* beyond: "other" */
	REQUESTS_MAX = 1 << 17,    /* under way or just done */
	ROLLUP_SHARE = 12,         /* of the ceiling: one part goes to counts by second, minute and hour */
	VALUES_SHARE = 64,         /* of the ceiling: one part goes to durations kept as they are (report), and as much to requests */
	OVERHEAD = 48 << 20,       /* of the ceiling, for what is neither ring nor rollup */
};

#define DEFAULT_MEMORY (UINT64_C(1) << 30)

void
engine_options_init(struct engine_options *o)
{
	uint64_t ram = (uint64_t)sysconf(_SC_PHYS_PAGES) * (uint64_t)sysconf(_SC_PAGESIZE);
	long cores = sysconf(_SC_NPROCESSORS_ONLN);

	*o = (struct engine_options){
		.follow = true, .slow = 1.0, .since = TIME_NONE, .until = TIME_NONE,
		.memory = ram / 4 < DEFAULT_MEMORY ? ram / 4 : DEFAULT_MEMORY,
		.threads = cores > 0 ? (unsigned)cores : 1,
	};
}

/* ---- the pump: bulk work between the loop's events --------------------------------- */

static bool
pump_once(struct engine *e)
{
	int64_t deadline = clock_mono() + STEP_NSEC;
	bool more = loader_step(e->loader, deadline);

	for (size_t i = 0; i < e->n_feeds; i++)
		if (e->feeds[i]->more) {
			engine_pull(e, e->feeds[i]);
			more |= e->feeds[i]->more;
		}
	more |= history_step(e, deadline);
	return more;
}

static void
on_pump(uv_idle_t *idle)
{
	struct engine *e = idle->data;

	if (pump_once(e))
		return;
	uv_idle_stop(idle);
	e->pumping = false;
}

void
engine_pump_start(struct engine *e)
{
	if (e->pumping)
		return;
	uv_idle_start(&e->pump, on_pump);
	e->pumping = true;
}

/* ---- life -------------------------------------------------------------------------- */

struct span
engine_source_name(void *arg, unsigned source)
{
	const struct engine *e = arg;

	return span_str(e->feeds[source]->intake.source->name);
}

/* "GET /orders/<int>/": the request that an id names. */
static struct span
request_of_id(void *arg, const struct block *b, const struct part *p)
{
	const struct engine *e = arg;
	const struct request *q = p->id_hash ? requests_find(e->requests, p->id_hash) : NULL;

	(void)b;
	return q && q->route != ROUTE_NONE ? intern_name(&e->routes, q->route) : SPAN_NONE;
}

/* The request that a record belongs to: it says so itself, or its id does. */
static struct span
request_name(struct engine *e, const struct block *b, uint32_t row)
{
	const struct part *p = block_part(b, row);

	if (!p || p->route != INTERN_NONE)
		return p ? intern_name(&b->routes, p->route) : SPAN_NONE;
	return request_of_id(e, b, p);
}

bool
engine_record(void *arg, struct block *b, uint32_t row, struct record *r)
{
	struct engine *e = arg;

	if (!block_record(b, row, r) && !(block_recover(b) && block_record(b, row, r)))
		return false;
	r->parser = &e->parser;
	r->source = engine_source_name(e, b->source);
	r->request = request_name(e, b, row);
	return true;
}

static const struct match_ops match_ops = { engine_source_name, engine_record, request_of_id };

/* Workers have found out more of what a selection has. */
static void
on_found(void *arg)
{
	struct engine *e = arg;

	e->version++;
}

/* There is room for a worker's job. */
static void
on_room(void *arg)
{
	struct engine *e = arg;

	selection_feed(&e->filter);
	selection_feed(&e->search);
	if (engine_settled(e))
		census_feed(e);
	if (e->flushed && e->o.follow && engine_settled(e) && engine_loaded(e))
		glean_feed(e->glean);
}

/* What people ask is looked for by as many workers as may load. */
static void
employ(struct engine *e)
{
	if (!e->o.threads)
		return;
	e->sweep = sweep_new(e->loop, e->o.threads, on_room, e);
	selection_employ(&e->filter, e->sweep, on_found);
	selection_employ(&e->search, e->sweep, on_found);
	e->glean = glean_new(e->sweep, &e->ring);
}

struct engine *
engine_new(uv_loop_t *loop, const struct engine_options *o)
{
	struct engine *e = xcalloc(1, sizeof *e);
	uint64_t rest = o->memory - o->memory / ROLLUP_SHARE;
	size_t budget = rest > 2 * OVERHEAD ? rest - OVERHEAD : rest / 2;
	size_t values = o->memory / VALUES_SHARE / sizeof(double);

	struct tally_bounds bounds = engine_bounds(o);

	e->o = *o;
	e->loop = loop;
	e->oldest = e->newest = TIME_NONE;
	ring_init(&e->ring, budget);
	e->cooler = cooler_new(loop, o->threads, &e->ring);
	intern_init(&e->loggers, LOGGERS_MAX);
	intern_init(&e->routes, ROUTES_MAX);
	stats_init(&e->stats, o->slow, o->keep_values ? values : 0);
	e->rollup = rollup_new();
	rollup_limit(e->rollup, o->memory / ROLLUP_SHARE);
	e->requests = requests_new(REQUESTS_MAX, engine_count_request, e);
	parser_init(&e->parser);
	parser_init(&e->other);
	e->parser.only = NULL;
	selection_init(&e->filter, HITS_FILTER, &match_ops, e);
	selection_init(&e->search, HITS_SEARCH, &match_ops, e);
	e->secrets = o->secrets ? secrets_new() : NULL;
	employ(e);
	e->census = census_new(&match_ops, e, e->sweep, on_found);
	e->loader = loader_new(loop, o->threads, &bounds, engine_on_loaded, e);
	uv_idle_init(loop, &e->pump);
	e->pump.data = e;
	e->inputs = inputs_new(loop, o->follow, &engine_inputs_ops, e, &e->watch_error);
	return e;
}

void
engine_free(struct engine *e)
{
	if (!e)
		return;
	sweep_close(e->sweep);
	/* What the loop would call goes first: waiting for the workers runs the loop. */
	uv_close((uv_handle_t *)&e->pump, NULL);
	for (size_t i = 0; i < e->n_feeds; i++)
		intake_release(&e->feeds[i]->intake);
	inputs_free(e->inputs);
	history_free(e);
	loader_free(e->loader);
	cooler_free(e->cooler);
	sweep_free(e->sweep);
	uv_run(e->loop, UV_RUN_NOWAIT); /* the handles close */
	for (size_t i = 0; i < e->n_feeds; i++)
		free(e->feeds[i]);
	free(e->feeds);
	selection_release(&e->filter);
	selection_release(&e->search);
	census_free(e->census);
	secrets_free(e->secrets);
	glean_free(e->glean);
	requests_free(e->requests);
	rollup_free(e->rollup);
	stats_release(&e->stats);
	intern_release(&e->loggers);
	intern_release(&e->routes);
	parser_release(&e->parser);
	parser_release(&e->other);
	ring_release(&e->ring);
	free(e);
}

int
engine_add(struct engine *e, const char *arg, struct err *err)
{
	return inputs_add(e->inputs, arg, err);
}

void
engine_add_command(struct engine *e, char *const *argv)
{
	inputs_add_command(e->inputs, argv);
}

void
engine_stop_commands(struct engine *e)
{
	inputs_stop_commands(e->inputs);
}

int
engine_restart(struct engine *e, unsigned source, struct err *err)
{
	e->version++;
	return inputs_restart(e->inputs, e->feeds[source]->intake.source, err);
}

/* All that was there is read: records know now which request they belong to. */
static void
flush(struct engine *e)
{
	struct selection *const selections[] = { &e->filter, &e->search };

	requests_flush(e->requests);
	for (size_t i = 0; i < ARRAY_SIZE(selections); i++)
		if (selections[i]->query && query_asks_request(selections[i]->query))
			selection_again(selections[i]);
	census_again(e);
	e->flushed = true;
	e->version++;
}

bool
engine_step(struct engine *e, int64_t deadline)
{
	if (!e->flushed && engine_loaded(e))
		flush(e);
	bool done = selection_step(&e->filter, &e->ring, deadline) && selection_step(&e->search, &e->ring, deadline) &&
		    census_step(e, deadline) &&
		    (!e->secrets || engine_secrets_step(e, deadline));

	if (done && e->sweep)
		on_room(e);
	return !done;
}

bool
engine_settled(const struct engine *e)
{
	return selection_done(&e->filter) && selection_done(&e->search);
}

bool
engine_loaded(const struct engine *e)
{
	for (size_t i = 0; i < e->n_feeds; i++) {
		const struct feed *f = e->feeds[i];
		const struct source *s = f->intake.source;

		if (s->state == SOURCE_OPEN && (!f->caught_up || f->more || (s->stream && !s->broken && !e->o.follow)))
			return false;
	}
	if (!e->o.follow && inputs_command_runs(e->inputs))
		return false;
	return loader_idle(e->loader) && history_idle(e);
}

bool
engine_failed(const struct engine *e)
{
	for (size_t i = 0; i < e->n_feeds; i++) {
		const struct source *s = e->feeds[i]->intake.source;

		if (s->state == SOURCE_FAILED || s->broken || (s->state == SOURCE_WAITING && !s->bytes))
			return true;
	}
	return false;
}

uint64_t
engine_version(const struct engine *e)
{
	return e->version;
}

void
engine_set_filter(struct engine *e, struct query *q)
{
	selection_set(&e->filter, q, &e->ring);
	e->version++;
}

void
engine_set_search(struct engine *e, struct query *q)
{
	selection_set(&e->search, q, &e->ring);
	e->version++;
}
