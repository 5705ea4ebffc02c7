/*
 * cooler.c: a block in work is pinned and keeps its bytes; the worker fills a
 * home of its own, which the loop thread puts into the block when it is done.
 */
#include "config.h"

#include "core/cooler.h"

#include "core/alloc.h"

#include <stdlib.h>

struct job {
	uv_work_t work;
	struct cooler *cooler;
	struct block *block;
	struct home home;
	bool packed;
};

struct cooler {
	uv_loop_t *loop;
	unsigned threads, in_work;
	struct ring *ring;
};

struct cooler *
cooler_new(uv_loop_t *loop, unsigned threads, struct ring *r)
{
	struct cooler *c = xcalloc(1, sizeof *c);

	c->loop = loop;
	c->threads = threads;
	c->ring = r;
	return c;
}

static void
pack(struct job *job)
{
	job->packed = home_pack(&job->home, span_of(job->block->bytes, job->block->len));
}

static void
finish(struct job *job)
{
	struct block *b = job->block;

	block_unpin(b);
	b->stays = !job->packed;
	if (!job->packed)
		return;
	b->home = job->home;
	if (!b->pins) /* else somebody reads the bytes where they are: they go the next time */
		block_evacuate(b);
	ring_account(job->cooler->ring, b);
}

static void
on_work(uv_work_t *work)
{
	pack(work->data);
}

static void
on_worked(uv_work_t *work, int status)
{
	struct job *job = work->data;
	struct cooler *c = job->cooler;

	(void)status;
	c->in_work--;
	finish(job);
	free(job);
	cooler_step(c);
}

static void
pack_block(struct cooler *c, struct block *b)
{
	struct job here = { .cooler = c, .block = b }, *job;

	block_pin(b);
	if (c->in_work >= c->threads) {
		pack(&here);
		finish(&here);
		return;
	}
	job = xmalloc(sizeof *job);
	*job = here;
	job->work.data = job;
	c->in_work++;
	uv_queue_work(c->loop, &job->work, on_work, on_worked);
}

static void
drop_bytes(struct cooler *c, struct block *b)
{
	block_evacuate(b);
	ring_account(c->ring, b);
}

/* Whether it is better to wait for a worker than to go on. */
static bool
may_wait(const struct cooler *c)
{
	return c->threads && c->in_work >= c->threads && c->ring->resident < 2 * c->ring->warm;
}

void
cooler_step(struct cooler *c)
{
	struct block *b;

	while (!may_wait(c) && (b = ring_coldest(c->ring))) {
		if (home_exists(&b->home))
			drop_bytes(c, b);
		else
			pack_block(c, b);
	}
}

void
cooler_free(struct cooler *c)
{
	while (c->in_work)
		uv_run(c->loop, UV_RUN_ONCE);
	free(c);
}
