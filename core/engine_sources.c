/*
 * engine_sources.c: the books of each source, which its blocks leave when they
 * are evicted and these do not, and a source that a person closes.
 *
 * How often a source speaks is learnt twice: from the times in the end of its
 * file, so that one that fell silent before anybody looked is told at once,
 * and from the clock as records arrive.
 *
 * A source that is closed is not read any more, and keeps its place. Followed
 * again, it goes on there: what was written meanwhile is read, rotations
 * included, as after a long round of the loop.
 */
#include "config.h"

#include "core/engine_internal.h"

#include <errno.h>

#define SLACK (24 * 3600 * NSEC) /* a time further ahead of the clock is a broken clock's */

/* Records that were written before they were read: their own times tell the gaps. */
static void
learn_from_times(struct feed *f, const struct block *b)
{
	for (uint32_t row = b->engine.rows; row < b->n; row++) {
		int64_t t = b->time[row];

		if (!(b->flags[row] & ROW_OWN_TIME))
			continue;
		silence_learn(&f->silence, f->spoke == TIME_NONE ? 0 : (double)(t - f->spoke) / NSEC, 1);
		f->spoke = t;
	}
}

static void
learn_from_clock(struct feed *f, uint32_t n, int64_t now)
{
	int64_t last = f->arrived ? f->arrived : f->mtime;

	silence_learn(&f->silence, (double)(now - last) / NSEC, n);
	rates_add(&f->rates, now, n);
	f->arrived = now;
}

void
engine_feed_grown(struct engine *e, struct block *b, int64_t now)
{
	struct feed *f = e->feeds[b->source];
	uint32_t fresh = b->n - b->engine.rows;

	if (!fresh)
		return;
	if (!f->caught_up) {
		learn_from_times(f, b);
		return;
	}
	learn_from_clock(f, fresh, now);
	rates_add(&e->rates, now, fresh);
	e->last_live = now;
}

void
engine_feed_count(struct feed *f, const struct block *b, const struct tally *t, int64_t now)
{
	for (int l = 0; l < LEVEL_COUNT; l++)
		f->by_level[l] += t->by_level[l];
	for (int i = 0; i < FORMAT_COUNT; i++)
		f->by_format[i] += t->by_format[i];
	for (size_t i = 0; i < t->n_seconds; i++)
		if (t->seconds[i].newest > f->newest && t->seconds[i].newest < now + SLACK)
			f->newest = t->seconds[i].newest;
	f->records += b->n - b->engine.rows;
	f->lines += b->lines - b->engine.lines;
	f->cut += b->cut - b->engine.cut;
	/* History comes backwards; a time out of the way in one block does not outlast it. */
	if (b->n && (f->reach == TIME_NONE || b->loaded))
		f->reach = b->first;
}

int
engine_close(struct engine *e, unsigned source, struct err *err)
{
	struct feed *f = e->feeds[source];
	const struct source *s = f->intake.source;

	if (s->stream) {
		err_set(err, EINVAL, 0, "%s is a stream: closed, it would hold up its writer; hide it instead", s->name);
		return -1;
	}
	f->closed = true;
	f->more = false;
	f->caught_up = f->caught_up || s->state == SOURCE_OPEN;
	e->version++;
	return 0;
}

void
engine_follow(struct engine *e, unsigned source)
{
	struct feed *f = e->feeds[source];

	f->closed = false;
	e->version++;
	engine_inputs_ops.changed(e, f->intake.source);
}
