/*
 * sweep: see sweep.h.
 *
 * Jobs end by time rather than by size, so that a new question waits for none
 * for long, however slow the old one is. One job for each worker is under way
 * and one more waits, so that workers need not wait for the loop.
 */
#include "config.h"

#include "core/sweep.h"

#include "core/alloc.h"
#include "core/clock.h"

#include <stdlib.h>

#define JOB_NSEC (4 * INT64_C(1000000))

struct sweep {
	uv_loop_t *loop;
	unsigned room, running;
	void (*feed)(void *arg);
	void *arg;
	struct sweep_job *first; /* under way */
	bool closing;
};

struct sweep *
sweep_new(uv_loop_t *loop, unsigned threads, void (*feed)(void *arg), void *arg)
{
	struct sweep *s = xcalloc(1, sizeof *s);

	s->loop = loop;
	s->room = threads * 2;
	s->feed = feed;
	s->arg = arg;
	return s;
}

void
sweep_close(struct sweep *s)
{
	if (!s)
		return;
	s->closing = true;
	sweep_cancel(s, NULL);
}

void
sweep_free(struct sweep *s)
{
	if (!s)
		return;
	sweep_close(s);
	while (s->running)
		sweep_wait(s);
	free(s);
}

bool
sweep_has_room(const struct sweep *s)
{
	return !s->closing && s->running < s->room;
}

bool
sweep_add(struct sweep_job *j, struct block *b)
{
	if (!block_pin(b))
		return false;
	j->block[j->n++] = b;
	return true;
}

static void
on_work(uv_work_t *request)
{
	struct sweep_job *j = request->data;

	j->until = clock_mono() + JOB_NSEC;
	j->work(j);
}

static void
forget(struct sweep *s, struct sweep_job *j)
{
	struct sweep_job **at = &s->first;

	while (*at != j)
		at = &(*at)->next;
	*at = j->next;
	s->running--;
	j->running = false;
}

static void
on_worked(uv_work_t *request, int status)
{
	struct sweep_job *j = request->data;
	struct sweep *s = j->sweep;

	(void)status;
	j->done(j);
	for (uint32_t i = 0; i < j->n; i++)
		block_unpin(j->block[i]);
	j->n = 0;
	forget(s, j);
	if (!s->closing)
		s->feed(s->arg);
}

void
sweep_give(struct sweep *s, struct sweep_job *j)
{
	j->sweep = s;
	j->request.data = j;
	j->running = true;
	atomic_store_explicit(&j->cancelled, false, memory_order_relaxed);
	j->next = s->first;
	s->first = j;
	s->running++;
	uv_queue_work(s->loop, &j->request, on_work, on_worked);
}

unsigned
sweep_under_way(const struct sweep *s, const void *owner)
{
	unsigned n = 0;

	for (const struct sweep_job *j = s->first; j; j = j->next)
		n += !owner || j->owner == owner;
	return n;
}

void
sweep_cancel(struct sweep *s, const void *owner)
{
	for (struct sweep_job *j = s->first; j; j = j->next)
		if (!owner || j->owner == owner)
			atomic_store_explicit(&j->cancelled, true, memory_order_relaxed);
}

void
sweep_wait(struct sweep *s)
{
	uv_run(s->loop, UV_RUN_ONCE);
}

bool
sweep_enough(struct sweep_job *j)
{
	return atomic_load_explicit(&j->cancelled, memory_order_relaxed) || clock_mono() >= j->until;
}
