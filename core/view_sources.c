/*
 * view_sources.c: what is read, source by source: how much, how fast, how far
 * behind, what was lost on the way, and whether it has fallen silent.
 */
#include "config.h"

#include "core/engine_internal.h"
#include "core/view.h"

#include "core/alloc.h"

#include <stdio.h>
#include <stdlib.h>

#define DAY (24 * 3600 * NSEC)

/* A file that was last written to more than a day ago, or a copy of an old one, has ended: that is no silence. */
static bool
is_old(const struct feed *f, int64_t now)
{
	return now - f->intake.source->last_read >= DAY || f->newest < now - 2 * DAY;
}

bool
feed_is_silent(const struct feed *f, int64_t now, double *quiet)
{
	const struct source *s = f->intake.source;
	double limit = silence_limit(&f->silence);

	*quiet = (double)(now - s->last_read) / NSEC;
	if (f->closed || s->state == SOURCE_ENDED || !s->last_read || limit < 0)
		return false;
	return *quiet > limit && (f->arrived || !is_old(f, now));
}

uint64_t
feed_lag(const struct feed *f)
{
	const struct source *s = f->intake.source;
	uint64_t size = source_size(s);

	return size > s->offset ? size - s->offset : 0;
}

size_t
view_source_names(struct engine *e, char (*out)[VIEW_SOURCE_NAME], size_t max)
{
	size_t n = e->n_feeds < max ? e->n_feeds : max;

	for (size_t i = 0; i < n; i++)
		snprintf(out[i], VIEW_SOURCE_NAME, "%s", e->feeds[i]->intake.source->name);
	return n;
}

/* Names of the formats, the most frequent first. */
static void
list_formats(const uint64_t *count, char *buf, size_t n)
{
	uint64_t below = UINT64_MAX;
	size_t used = 0;

	buf[0] = '\0';
	for (int last = FORMAT_COUNT;;) {
		int best = -1;

		for (int i = 0; i < FORMAT_COUNT; i++) {
			bool later = count[i] < below || (count[i] == below && i > last);

			if (count[i] && later && (best < 0 || count[i] > count[best]))
				best = i;
		}
		if (best < 0 || used >= n)
			return;
		used += (size_t)snprintf(buf + used, n - used, "%s%s", used ? " " : "", format_get(best)->name);
		below = count[best];
		last = best;
	}
}

static void
add_held(const struct engine *e, struct view_sources *out)
{
	for (size_t i = 0; i < e->ring.n; i++) {
		const struct block *b = e->ring.blocks[i];
		struct view_source *v = &out->v[b->source];

		v->held += b->n;
		v->held_bytes += b->len;
		v->memory += block_memory(b);
	}
}

static void
fill_from_source(const struct source *s, struct view_source *out)
{
	out->path = s->path;
	out->state = s->state;
	out->error = s->error;
	out->stream = s->stream;
	out->missing = s->missing;
	out->polled = s->polled;
	out->watch_note = s->watch_note;
	out->broken = s->broken;
	out->command = s->child != NULL;
	out->ended_badly = s->child && child_failed(s->child) && s->child_end == CHILD_OUT;
	if (s->note)
		snprintf(out->note, sizeof out->note, "%s", s->note);
	out->lost = s->lost;
	out->gaps = s->gaps;
	out->rotations = s->rotations;
	out->truncations = s->truncations;
	out->last_read = s->last_read;
	snprintf(out->name, sizeof out->name, "%s", s->name);
}

static void
fill_from_feed(const struct feed *f, int64_t now, struct view_source *out)
{
	double quiet;

	out->closed = f->closed;
	out->loading = f->history_total ? (double)f->history_bytes / (double)f->history_total : 1;
	out->bytes = f->history_bytes + f->intake.source->bytes;
	out->lines = f->lines;
	out->records = f->records;
	out->cut = f->cut;
	out->lag = feed_lag(f);
	out->newest = f->newest;
	rates_read(&f->rates, now, out->rates);
	out->rate = rates_mean(out->rates);
	out->usual = silence_rate(&f->silence);
	out->silent = feed_is_silent(f, now, &quiet);
	memcpy(out->by_level, f->by_level, sizeof out->by_level);
	for (int l = LEVEL_ERROR; l < LEVEL_COUNT; l++)
		out->errors += f->by_level[l];
	list_formats(f->by_format, out->formats, sizeof out->formats);
}

void
view_sources(struct engine *e, int64_t now, struct view_sources *out)
{
	out->n = e->n_feeds;
	out->v = xcalloc(out->n, sizeof *out->v);
	for (size_t i = 0; i < out->n; i++) {
		fill_from_source(e->feeds[i]->intake.source, &out->v[i]);
		fill_from_feed(e->feeds[i], now, &out->v[i]);
		out->v[i].id = (unsigned)i;
	}
	add_held(e, out);
}

void
view_sources_release(struct view_sources *v)
{
	free(v->v);
	*v = (struct view_sources){ NULL, 0 };
}

const char *
view_source_state(const struct view_source *v, char *buf, size_t n)
{
	static const char *const words[] = {
		[SOURCE_WAITING] = "waiting", [SOURCE_OPEN] = "following", [SOURCE_FAILED] = "failed",
		[SOURCE_ENDED] = "ended",
	};
	const char *word = v->state == SOURCE_OPEN && v->stream ? "reading" : words[v->state];

	if (v->closed)
		word = "closed";
	else if (v->state == SOURCE_OPEN && v->missing)
		word = "missing";
	else if (v->state == SOURCE_OPEN && v->loading < 1)
		return snprintf(buf, n, "reading %d%%", (int)(100 * v->loading)), buf;
	else if (v->silent)
		word = "silent";
	else if (v->state == SOURCE_OPEN && v->polled)
		word = "polled";
	snprintf(buf, n, "%s", word);
	return buf;
}
