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
#include <sys/stat.h>
#include <unistd.h>

enum {
	TAIL_BYTES = 256 << 10,    /* of each file, read before anything else */
	PULL_BYTES = 1 << 20,      /* per source and round */
	STEP_NSEC = 8 * 1000000,   /* of bulk work per round */
	LOGGERS_MAX = 1 << 16,
	ROUTES_MAX = 100000,       /* beyond: "other" */
	REQUESTS_MAX = 1 << 17,    /* under way or just done */
	ROLLUP_SHARE = 16,         /* of the ceiling: one part goes to requests by route and minute */
	OVERHEAD = 48 << 20,       /* of the ceiling, for what is neither ring nor rollup */
};

#define DEFAULT_MEMORY (UINT64_C(1) << 30)
#define CLOCK_SLACK (24 * 3600 * NSEC) /* a time further ahead of the clock is a broken clock's */

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

/* ---- counting --------------------------------------------------------------- */

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

static void
on_request(void *arg, const struct request *q)
{
	struct engine *e = arg;

	stats_request(&e->stats, q);
	rollup_request(e->rollup, q->end_time, q->route, q->duration, q->failed, q->duration > e->o.slow);
}

/* ---- taking in ------------------------------------------------------------------ */

static void
on_gone(void *arg, struct block *b)
{
	struct engine *e = arg;

	(void)b;
	e->version++;
}

static void
on_begun(void *arg, struct block *b)
{
	struct engine *e = arg;

	ring_add(&e->ring, b);
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

static void
count_block(struct engine *e, struct block *b, int64_t now)
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

/* Put what is new in a block into the books. */
static void
book(struct engine *e, struct block *b, int64_t now)
{
	ring_account(&e->ring, b);
	count_block(e, b, now);
	ring_trim(&e->ring, on_gone, e);
	selection_touch(&e->filter, &e->ring);
	selection_touch(&e->search, &e->ring);
}

static void
on_grown(void *arg, struct block *b)
{
	struct engine *e = arg;
	int64_t now = clock_now();
	uint32_t fresh = b->n - b->engine.rows;

	if (fresh && e->feeds[b->source]->caught_up) {
		engine_rates_advance(e, now);
		e->rates[e->rate_second % ENGINE_RATES] += fresh;
		e->last_live = now;
	}
	book(e, b, now);
}

static void
on_loaded(void *arg, struct block *b)
{
	struct engine *e = arg;

	e->feeds[b->source]->history_bytes += b->loaded;
	ring_add(&e->ring, b);
	book(e, b, clock_now());
}

static const struct intake_ops intake_ops = { on_begun, on_grown };

/* ---- sources ---------------------------------------------------------------------- */

static void start_pump(struct engine *e);

static void
pull(struct engine *e, struct feed *f)
{
	struct source *s = f->intake.source;
	int64_t now = f->caught_up ? clock_now() : f->mtime;
	uint64_t rotations = s->rotations + s->truncations;

	f->more = intake_pull(&f->intake, PULL_BYTES, now, !e->o.follow && !s->stream);
	if (!f->more)
		f->caught_up = true;
	else
		start_pump(e);
	if (rotations != s->rotations + s->truncations || s->state != SOURCE_OPEN)
		e->version++;
}

/* Learn what the source speaks from its first and last bytes. */
static void
sniff(struct source *s, uint64_t size)
{
	size_t n = size < TAIL_BYTES / 4 ? (size_t)size : TAIL_BYTES / 4;
	char *buf = xmalloc(n + 1);
	uint64_t at[2] = { 0, size - n };

	for (int i = 0; i < 2; i++) {
		ssize_t got = pread(s->file->fd, buf, n, (off_t)at[i]);

		if (got > 0)
			format_sniff(&s->memory, span_of(buf, (size_t)got));
	}
	free(buf);
}

/* Show the end of a file first; its history comes behind. */
static void
begin_file(struct engine *e, struct feed *f)
{
	struct source *s = f->intake.source;
	uint64_t size = source_size(s);
	struct stat st;
	bool mid_line;

	f->mtime = fstat(s->file->fd, &st) ? clock_now() : st.st_mtim.tv_sec * NSEC + st.st_mtim.tv_nsec;
	sniff(s, size);
	f->intake.joiner.parser.memory = s->memory;
	s->offset = loader_cut(s->file, &s->memory, e->o.format, size, TAIL_BYTES, &mid_line);
	f->intake.joiner.skipping = mid_line;
	if (!e->o.tail_only)
		loader_add(e->loader, s, e->o.format, s->offset, f->mtime);
}

static void
try_open(struct engine *e, struct feed *f)
{
	struct source *s = f->intake.source;

	e->version++;
	if (source_open(s) == 0 && !s->stream)
		begin_file(e, f);
	if (s->stream)
		f->mtime = clock_now();
}

static void
on_changed(void *arg, struct source *s)
{
	struct engine *e = arg;
	struct feed *f = e->feeds[s->id];

	if (s->state == SOURCE_WAITING || s->state == SOURCE_FAILED)
		try_open(e, f);
	if (s->state == SOURCE_OPEN)
		pull(e, f);
	start_pump(e);
}

static void
on_added(void *arg, struct source *s)
{
	struct engine *e = arg;
	struct feed *f = xcalloc(1, sizeof *f);

	while (e->n_feeds <= s->id) {
		ARRAY_GROW(e->feeds, e->n_feeds, e->feeds_cap);
		e->feeds[e->n_feeds++] = NULL;
	}
	e->feeds[s->id] = f;
	intake_init(&f->intake, s, e->o.format, &intake_ops, e);
	on_changed(e, s);
}

static const struct inputs_ops inputs_ops = { on_added, on_changed };

/* ---- the pump: bulk work between the loop's events --------------------------------- */

static bool
pump_once(struct engine *e)
{
	int64_t deadline = clock_mono() + STEP_NSEC;
	bool more = loader_step(e->loader, deadline);

	for (size_t i = 0; i < e->n_feeds; i++)
		if (e->feeds[i]->more) {
			pull(e, e->feeds[i]);
			more |= e->feeds[i]->more;
		}
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

static void
start_pump(struct engine *e)
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

/* What a record says about a request, NULL for nothing. */
static const struct part *
find_part(const struct block *b, uint32_t row)
{
	uint32_t lo = 0, hi = b->n_parts;

	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;

		if (b->parts[mid].row < row)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < b->n_parts && b->parts[lo].row == row ? &b->parts[lo] : NULL;
}

/* "GET /orders/<int>/": of the record itself, else of the request that its id names. */
static struct span
request_name(const struct engine *e, const struct block *b, uint32_t row)
{
	const struct part *p = find_part(b, row);

	if (!p || p->route != INTERN_NONE)
		return p ? intern_name(&b->routes, p->route) : SPAN_NONE;
	const struct request *q = p->id_hash ? requests_find(e->requests, p->id_hash) : NULL;

	return q && q->route != ROUTE_NONE ? intern_name(&e->routes, q->route) : SPAN_NONE;
}

bool
engine_record(void *arg, struct block *b, uint32_t row, struct record *r)
{
	struct engine *e = arg;

	if (!block_record(b, row, r))
		return false;
	r->parser = &e->parser;
	r->source = engine_source_name(e, b->source);
	r->request = request_name(e, b, row);
	return true;
}

static const struct selection_ops selection_ops = { engine_source_name, engine_record };

struct engine *
engine_new(uv_loop_t *loop, const struct engine_options *o)
{
	struct engine *e = xcalloc(1, sizeof *e);
	uint64_t rest = o->memory - o->memory / ROLLUP_SHARE;
	size_t budget = rest > 2 * OVERHEAD ? rest - OVERHEAD : rest / 2;

	e->o = *o;
	e->loop = loop;
	e->oldest = e->newest = TIME_NONE;
	ring_init(&e->ring, budget);
	intern_init(&e->loggers, LOGGERS_MAX);
	intern_init(&e->routes, ROUTES_MAX);
	stats_init(&e->stats, o->slow, o->keep_values);
	e->rollup = rollup_new();
	rollup_limit(e->rollup, o->memory / ROLLUP_SHARE);
	e->requests = requests_new(REQUESTS_MAX, on_request, e);
	parser_init(&e->parser);
	parser_init(&e->other);
	e->parser.only = NULL;
	selection_init(&e->filter, HITS_FILTER, &selection_ops, e);
	selection_init(&e->search, HITS_SEARCH, &selection_ops, e);
	e->loader = loader_new(loop, o->threads, on_loaded, e);
	uv_idle_init(loop, &e->pump);
	e->pump.data = e;
	e->inputs = inputs_new(loop, o->follow, &inputs_ops, e, &e->watch_error);
	return e;
}

void
engine_free(struct engine *e)
{
	if (!e)
		return;
	loader_free(e->loader);
	uv_close((uv_handle_t *)&e->pump, NULL);
	for (size_t i = 0; i < e->n_feeds; i++)
		intake_release(&e->feeds[i]->intake);
	inputs_free(e->inputs);
	uv_run(e->loop, UV_RUN_NOWAIT); /* the handles close */
	for (size_t i = 0; i < e->n_feeds; i++)
		free(e->feeds[i]);
	free(e->feeds);
	selection_release(&e->filter);
	selection_release(&e->search);
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

bool
engine_step(struct engine *e, int64_t deadline)
{
	bool done = selection_step(&e->filter, &e->ring, deadline) && selection_step(&e->search, &e->ring, deadline);

	if (!e->flushed && engine_loaded(e)) {
		requests_flush(e->requests);
		e->flushed = true;
		e->version++;
	}
	return !done;
}

bool
engine_loaded(const struct engine *e)
{
	for (size_t i = 0; i < e->n_feeds; i++) {
		const struct feed *f = e->feeds[i];
		const struct source *s = f->intake.source;

		if (s->state == SOURCE_OPEN && (!f->caught_up || f->more || (s->stream && !e->o.follow)))
			return false;
	}
	return loader_idle(e->loader);
}

bool
engine_failed(const struct engine *e)
{
	for (size_t i = 0; i < e->n_feeds; i++) {
		const struct source *s = e->feeds[i]->intake.source;

		if (s->state == SOURCE_FAILED || (s->state == SOURCE_WAITING && !s->bytes))
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
