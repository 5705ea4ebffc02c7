/*
 * view_status.c: what the status line says of everything together: the rate,
 * what is held, how far the numbers reach, and what is wrong with the sources.
 */
#include "config.h"

#include "core/engine_internal.h"
#include "core/view.h"

#include "core/units.h"

#include <stdio.h>

/* What is wrong with the sources, added to a status. */
static void
describe_trouble(struct engine *e, struct view_status *out)
{
	for (size_t i = 0; i < e->n_feeds; i++) {
		const struct source *s = e->feeds[i]->intake.source;
		const char *why = s->note ? s->note : s->error ? strerror(s->error) : "not there yet";
		bool ended_badly = s->child && s->child_end == CHILD_OUT && child_failed(s->child);

		out->lost += s->lost;
		out->gaps += s->gaps;
		if (e->feeds[i]->closed)
			continue;
		out->waiting += s->state == SOURCE_WAITING;
		out->failed += s->state == SOURCE_FAILED;
		if (!out->message[0] &&
		    (s->state == SOURCE_FAILED || s->state == SOURCE_WAITING || s->broken || ended_badly))
			snprintf(out->message, sizeof out->message, "%s: %s", s->path, why);
	}
	if (!out->message[0] && e->watch_error.code)
		snprintf(out->message, sizeof out->message, "%s", e->watch_error.msg);
}

/* What is to be known of a source that has nothing yet: "/run/app.fifo: no writer yet". */
static const struct source *
first_with_note(const struct engine *e)
{
	for (size_t i = 0; i < e->n_feeds; i++)
		if (e->feeds[i]->intake.source->note)
			return e->feeds[i]->intake.source;
	return NULL;
}

void
view_empty_reason(struct engine *e, char *buf, size_t n)
{
	const char *waiting = inputs_waiting(e->inputs);
	const struct source *noted = first_with_note(e);
	struct view_status st = { .message = "" };

	buf[0] = '\0';
	if (e->ring.records)
		return;
	describe_trouble(e, &st);
	if (waiting)
		snprintf(buf, n, "%s", waiting);
	else if (st.message[0])
		snprintf(buf, n, "%s", st.message);
	else if (noted)
		snprintf(buf, n, "%s: %s", noted->path, noted->note);
	else
		snprintf(buf, n, "%s", loader_idle(e->loader) ? "no records yet" : "reading...");
}

/*
 * Sources that spoke while somebody watched and do not any more. What is told
 * is the one that fell silent last; its moment is what makes it news.
 */
static void
describe_silence(struct engine *e, int64_t now, struct view_status *out)
{
	for (size_t i = 0; i < e->n_feeds; i++) {
		const struct feed *f = e->feeds[i];
		double quiet;
		char age[16], rate[16];

		if (!f->arrived || !feed_is_silent(f, now, &quiet))
			continue;
		int64_t since = now - (int64_t)((quiet - silence_limit(&f->silence)) * NSEC);

		out->silent++;
		if (since <= out->silent_since)
			continue;
		out->silent_since = since;
		snprintf(out->silence, sizeof out->silence, "%s silent for %s, usually %s", f->intake.source->name,
			 units_age((int64_t)(quiet * NSEC), age),
			 silence_rate_text(silence_rate(&f->silence), rate));
	}
}

/* The numbers are of everything after this while history is read. */
static int64_t
reach(const struct engine *e)
{
	int64_t t = TIME_NONE;

	for (size_t i = 0; i < e->n_feeds; i++) {
		const struct feed *f = e->feeds[i];

		if (f->history_bytes < f->history_total && f->reach > t)
			t = f->reach;
	}
	return t;
}

/* What stands in files behind what was read of them; history that is read backwards is none of it. */
static uint64_t
behind(const struct engine *e)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < e->n_feeds; i++)
		if (e->feeds[i]->more)
			sum += feed_lag(e->feeds[i]);
	return sum;
}

static void
fill_progress(struct engine *e, struct view_status *out)
{
	uint64_t total, done;

	loader_progress(e->loader, &total, &done);
	history_progress(e, &total, &done);
	out->loading = total ? (double)done / (double)total : 1;
	out->reach = loader_idle(e->loader) && history_idle(e) ? TIME_NONE : reach(e);
	out->behind = behind(e);
}

void
view_status(struct engine *e, int64_t now, struct view_status *out)
{
	memset(out, 0, sizeof *out);
	out->sources = (unsigned)e->n_feeds;
	describe_trouble(e, out);
	describe_silence(e, now, out);
	rates_read(&e->rates, now, out->rates);
	out->rate = rates_mean(out->rates);
	fill_progress(e, out);
	out->records = e->records;
	out->held = e->ring.records;
	out->evicted = e->ring.evicted;
	out->evicted_to = e->ring.evicted_to;
	out->memory = e->ring.bytes + rollup_memory(e->rollup);
	out->log_bytes = e->ring.log_bytes;
	out->unparsed = e->stats.unparsed;
	out->cut = e->stats.cut;
	out->slow = e->stats.requests.slow_count;
	out->slow_limit = e->o.slow;
	out->oldest = e->oldest;
	out->newest = e->newest;
	out->in_flight = requests_in_flight(e->requests, now - 3600 * NSEC);
}
