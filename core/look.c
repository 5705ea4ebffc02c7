/*
 * look.c: a selection's jobs for workers.
 *
 * A worker has a query, a parser and a record of its own, and what of the
 * engine's books it needs: the names of the files, and of the requests that
 * records belong to, where the query asks for them. Its results go into the
 * blocks' hits when the job is done, unless something else is asked for by then.
 */
#include "config.h"

#include "core/selection.h"

#include "core/alloc.h"

#include <stdlib.h>

/* One block of a job. */
struct look_block {
	char *source;          /* owned; display name */
	struct span *requests; /* owned; by part, NULL: not asked for */
	const struct grams *grams;
	uint32_t from, to;     /* rows [from, to) were looked at; from is asked for */
	uint64_t *bits;        /* owned; of these rows */
	bool unread;           /* its bytes cannot be had by a worker */
};

struct look {
	struct sweep_job job;
	struct selection *selection;
	uint32_t generation;   /* of the query */
	struct query *query;
	struct parser parser;
	struct matcher matcher;
	struct look_block of[SWEEP_BLOCKS], *now; /* `now`: the one being looked at */
	struct look *next;
};

/* ---- on a worker ------------------------------------------------------------------- */

static struct span
source_name(void *arg, unsigned source)
{
	const struct look *l = arg;

	(void)source;
	return span_str(l->now->source);
}

static struct span
request(void *arg, const struct block *b, const struct part *p)
{
	const struct look *l = arg;

	return l->now->requests ? l->now->requests[p - b->parts] : SPAN_NONE;
}

/* "GET /x/": what its own line names, else the request that its id does. */
static struct span
request_name(struct look *l, const struct block *b, uint32_t row)
{
	const struct part *p = block_part(b, row);

	if (!p)
		return SPAN_NONE;
	return p->route != INTERN_NONE ? intern_name(&b->routes, p->route) : request(l, b, p);
}

static bool
record(void *arg, struct block *b, uint32_t row, struct record *r)
{
	struct look *l = arg;

	if (!block_record(b, row, r))
		return false;
	r->parser = &l->parser;
	r->source = span_str(l->now->source);
	r->request = request_name(l, b, row);
	return true;
}

static const struct match_ops worker_ops = { source_name, record, request };

static void
look_at(struct look *l, struct block *b, struct look_block *of)
{
	struct match_window w = { 0 };

	l->now = of;
	if (!match_enter(&l->matcher, b)) {
		of->to = b->n;
		return;
	}
	while (match_next(b, &w)) {
		if (w.to <= of->from)
			continue;
		if (of->to == of->from)
			of->to = of->from = w.from;
		if (!match_rows(&l->matcher, b, &w, of->grams, of->bits + (w.from - of->from) / 64)) {
			of->unread = true;
			return;
		}
		of->to = w.to;
		if (sweep_enough(&l->job))
			return;
	}
}

static void
work(struct sweep_job *j)
{
	struct look *l = (struct look *)j;

	for (uint32_t i = 0; i < j->n; i++) {
		look_at(l, j->block[i], &l->of[i]);
		if (sweep_enough(j))
			return;
	}
}

/* ---- on the loop's thread ---------------------------------------------------------- */

static void
take_over(struct selection *s, struct block *b, const struct look_block *of)
{
	struct hits *h = &b->hits[s->slot];

	h->busy = false;
	h->here = of->unread;
	selection_install(s, b, of->from, of->to, of->bits);
	if (h->looked < (h->rows + 63) / 64)
		s->stale = true;
}

static void
release_block(struct look_block *of)
{
	free(of->source);
	free(of->requests);
	free(of->bits);
	*of = (struct look_block){ 0 };
}

static void
done(struct sweep_job *j)
{
	struct look *l = (struct look *)j;
	struct selection *s = l->selection;

	for (uint32_t i = 0; i < j->n; i++) {
		if (l->generation == s->generation)
			take_over(s, j->block[i], &l->of[i]);
		release_block(&l->of[i]);
	}
	if (s->found)
		s->found(s->matcher.arg);
}

/* One that is not under way, made for what is asked now. */
static struct look *
take_look(struct selection *s)
{
	struct look *l = s->looks;

	while (l && l->job.running)
		l = l->next;
	if (!l) {
		l = xcalloc(1, sizeof *l);
		l->selection = s;
		l->next = s->looks;
		s->looks = l;
		parser_init(&l->parser);
		l->job.work = work;
		l->job.done = done;
		l->job.owner = s;
		l->matcher = (struct matcher){ .ops = &worker_ops, .arg = l, .must_read = true, .cancelled = &l->job.cancelled };
	}
	if (l->generation != s->generation) {
		query_free(l->query);
		l->query = l->matcher.query = query_clone(s->query);
		l->generation = s->generation;
	}
	return l;
}

static struct span *
requests_of(const struct selection *s, const struct block *b)
{
	const struct matcher *m = &s->matcher;

	if (!m->ops->request || !query_asks_request(s->query))
		return NULL;
	struct span *names = xcalloc(b->n_parts + 1, sizeof *names);

	for (uint32_t i = 0; i < b->n_parts; i++)
		if (b->parts[i].route == INTERN_NONE)
			names[i] = m->ops->request(m->arg, b, &b->parts[i]);
	return names;
}

/* Add a block to the job; where it cannot be pinned, it is looked at here. */
static void
add_block(struct selection *s, struct look *l, struct block *b)
{
	struct hits *h = &b->hits[s->slot];
	struct look_block *of = &l->of[l->job.n];

	h->busy = sweep_add(&l->job, b);
	h->here = !h->busy;
	s->stale |= h->here;
	if (h->here)
		return;
	struct span name = s->matcher.ops->source_name(s->matcher.arg, b->source);

	*of = (struct look_block){
		.source = xstrndup(name.p, name.n), .requests = requests_of(s, b), .grams = b->grams,
		.bits = xcalloc(b->n / 64 + 1, sizeof *of->bits),
	};
	of->from = of->to = selection_unseen(s, b);
}

void
look_give(struct selection *s)
{
	struct look *l = take_look(s);
	uint32_t row, most = query_asks_request(s->query) ? 1 : SWEEP_BLOCKS;

	for (; s->away < s->n && l->job.n < most; s->away++) {
		const struct selection_todo *t = &s->todo[s->away];
		struct block *b = t->here ? NULL : ring_find(s->ring, t->seq << 24, &row);

		if (b)
			add_block(s, l, b);
	}
	if (l->job.n)
		sweep_give(s->sweep, &l->job);
}

void
look_free(struct look *l)
{
	while (l) {
		struct look *next = l->next;

		query_free(l->query);
		parser_release(&l->parser);
		matcher_release(&l->matcher);
		free(l);
		l = next;
	}
}
