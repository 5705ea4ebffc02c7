/*
 * search_follow.c
 *
 *	inputs -> source -> lane --\
 *	inputs -> source -> lane ---+-> next record -> matches? -> seen? -> text -> outlet
 *
 * While the history is printed, the next record is the oldest of those that
 * the lanes have at their fronts. Then it is whatever comes, lane after lane.
 *
 * All reading is done by the pump, an idle handle that runs while a lane has
 * more and the outlet is empty. A pump that waits for the outlet still looks
 * where its files are going (source_glance), so that a rotation meanwhile
 * loses nothing.
 */
#include "config.h"

#include "core/search_follow.h"

#include "core/alloc.h"
#include "core/dedup.h"
#include "core/headless.h"
#include "core/last_texts.h"
#include "core/outlet.h"
#include "core/request_names.h"
#include "core/search.h"
#include "core/track.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

enum {
	STEP_NSEC = 8 * 1000000,  /* of work between two looks at the loop */
	OUTPUT_MOST = 128 << 10,  /* bytes that wait for the reader before reading stops */
	SIGNALS = 3,
};

struct follow {
	const struct follow_options *fo;
	const struct options *o;
	uv_loop_t loop;
	struct inputs *inputs;
	struct track **tracks; /* by source id */
	size_t n, cap;
	struct parser parser;
	struct record record;
	struct outlet *out;
	struct request_names *names;
	struct dedup *dedup;   /* NULL: not asked for */
	FILE *text;            /* writes to `shown` */
	char *shown;
	size_t shown_n;
	struct last_texts last; /* of the history, with --limit */
	bool starting, live;
	int status;
	uv_idle_t pump;
	uv_timer_t quiet;
	uv_signal_t signals[SIGNALS];
};

static void
end(struct follow *f, int status)
{
	f->status = status;
	uv_stop(&f->loop);
}

/* ---- one record ------------------------------------------------------------------ */

static bool
matches(struct follow *f, const struct block *b, uint32_t row)
{
	struct span request = request_names_take(f->names, b, row);
	bool match;

	if (query_match_columns(f->fo->query, b->level[row], b->time[row], &match) && !match)
		return false;
	if (!block_record(b, row, &f->record))
		return false;
	f->record.parser = &f->parser;
	f->record.request = request;
	f->record.source = span_str(f->tracks[b->source]->source->name);
	return query_match(f->fo->query, &f->record) && !(f->dedup && dedup_seen(f->dedup, &f->record));
}

static void
take(struct follow *f, struct track *t)
{
	uint32_t row;
	struct block *b = lane_next(&t->lane, &row);

	if (matches(f, b, row)) {
		struct record_out form = search_form(f->o);

		rewind(f->text);
		record_out_put(&form, &f->record, f->text);
		fflush(f->text);
		struct span text = span_of(f->shown, (size_t)ftell(f->text));

		if (f->live || !f->o->limit)
			outlet_put(f->out, text);
		else
			last_texts_put(&f->last, text);
	}
	lane_pass(&t->lane);
}

/* ---- the last record of each track: complete when nothing came for a while ---------- */

/* While live, what was not read yet may be what it waits for. */
static uint64_t
settles_at(const struct follow *f, size_t i)
{
	const struct track *t = f->tracks[i];

	return f->live && t->more ? 0 : track_settles_at(t);
}

static void on_quiet(uv_timer_t *timer);
static void go_on(struct follow *f);

static void
arm_quiet(struct follow *f)
{
	uint64_t first = 0, now = uv_now(&f->loop);

	for (size_t i = 0; i < f->n; i++) {
		uint64_t at = settles_at(f, i);

		if (at && (!first || at < first))
			first = at;
	}
	if (first)
		uv_timer_start(&f->quiet, on_quiet, first > now ? first - now : 0, 0);
}

static void
on_quiet(uv_timer_t *timer)
{
	struct follow *f = timer->data;

	for (size_t i = 0; i < f->n; i++) {
		uint64_t at = settles_at(f, i);

		if (at && at <= uv_now(&f->loop))
			lane_settle(&f->tracks[i]->lane);
	}
	arm_quiet(f);
	go_on(f);
}

/* ---- history: the oldest record of all lanes is next ---------------------------------- */

/* The track whose record is next; or NULL, and the one that must be read first, if any. */
static struct track *
oldest(struct follow *f, struct track **unread)
{
	struct track *best = NULL;
	int64_t least = 0, time;

	*unread = NULL;
	for (size_t i = 0; i < f->n; i++) {
		struct track *t = f->tracks[i];

		if (track_next(t, &time)) {
			if (!best || time < least) {
				best = t;
				least = time;
			}
		} else if (t->history) {
			*unread = t;
			return NULL;
		}
	}
	return best;
}

static void
put(void *out, struct span text)
{
	outlet_put(out, text);
}

static bool
any_pending(const struct follow *f)
{
	for (size_t i = 0; i < f->n; i++)
		if (lane_pending(&f->tracks[i]->lane))
			return true;
	return false;
}

/* One step of the history: false when its last records are waited for. */
static bool
step_history(struct follow *f)
{
	struct track *unread, *t = oldest(f, &unread);

	if (unread) {
		track_pull(unread, uv_now(&f->loop));
	} else if (t) {
		take(f, t);
	} else if (any_pending(f)) {
		arm_quiet(f);
		return false;
	} else {
		last_texts_each(&f->last, put, f->out);
		last_texts_release(&f->last);
		f->live = true;
	}
	return true;
}

/* ---- live ------------------------------------------------------------------------------- */

static void
take_all(struct follow *f, struct track *t)
{
	uint32_t row;

	while (lane_next(&t->lane, &row))
		take(f, t);
}

/* One step of what comes: true when there is more. */
static bool
step_live(struct follow *f)
{
	bool more = false;

	for (size_t i = 0; i < f->n; i++) {
		struct track *t = f->tracks[i];

		if (t->more)
			track_pull(t, uv_now(&f->loop));
		take_all(f, t);
		more |= t->more;
	}
	if (!more)
		arm_quiet(f);
	return more;
}

/* ---- when ------------------------------------------------------------------------------- */

static bool
all_over(const struct follow *f)
{
	for (size_t i = 0; i < f->n; i++)
		if (!track_is_over(f->tracks[i]))
			return false;
	return f->n == f->fo->n_inputs + (f->o->command ? CHILD_ENDS : 0);
}

static void
on_pump(uv_idle_t *pump)
{
	struct follow *f = pump->data;
	int64_t deadline = clock_mono() + STEP_NSEC;
	bool more = true;

	while (more && outlet_waiting(f->out) < OUTPUT_MOST && clock_mono() < deadline)
		more = f->live ? step_live(f) : step_history(f);
	if (!outlet_flush(f->out) || !more)
		uv_idle_stop(pump);
	if (!more && f->live && all_over(f))
		end(f, EXIT_FINE);
}

static void
go_on(struct follow *f)
{
	if (outlet_flush(f->out))
		uv_idle_start(&f->pump, on_pump);
}

static void
on_drained(void *arg)
{
	go_on(arg);
}

static void
on_closed(void *arg, int error)
{
	struct follow *f = arg;

	if (error != EPIPE)
		f->fo->complain("output", strerror(error));
	end(f, error == EPIPE ? EXIT_FINE : EXIT_INPUT);
}

static const struct outlet_ops outlet_ops = { on_drained, on_closed };

static void
on_signal(uv_signal_t *signal, int number)
{
	(void)number;
	end(signal->data, EXIT_FINE);
}

/* ---- sources ---------------------------------------------------------------------------- */

static void
on_changed(void *arg, struct source *s)
{
	struct follow *f = arg;
	struct track *t = f->tracks[s->id];

	track_look(t, f->starting, f->fo->only_new);
	if (f->starting)
		return;
	go_on(f);
	if (outlet_waiting(f->out) || !f->live)
		source_glance(s, clock_now());
}

static void
on_added(void *arg, struct source *s)
{
	struct follow *f = arg;

	ARRAY_GROW(f->tracks, f->n, f->cap);
	f->tracks[f->n++] = track_new(s, f->o->engine.format, f->fo->complain);
	on_changed(f, s);
}

static const struct inputs_ops inputs_ops = { .added = on_added, .changed = on_changed };

/* ---- life ------------------------------------------------------------------------------- */

static void
init(struct follow *f, const struct follow_options *fo)
{
	static const int numbers[SIGNALS] = { SIGTERM, SIGINT, SIGHUP };

	*f = (struct follow){ .fo = fo, .o = fo->o, .starting = true, .last = { .limit = fo->o->limit } };
	uv_loop_init(&f->loop);
	signal(SIGPIPE, SIG_IGN);
	for (int i = 0; i < SIGNALS; i++) {
		uv_signal_init(&f->loop, &f->signals[i]);
		f->signals[i].data = f;
		uv_signal_start(&f->signals[i], on_signal, numbers[i]);
	}
	uv_idle_init(&f->loop, &f->pump);
	uv_timer_init(&f->loop, &f->quiet);
	f->pump.data = f->quiet.data = f;
	parser_init(&f->parser);
	f->names = request_names_new();
	f->dedup = fo->o->dedup ? dedup_new() : NULL;
	f->text = open_memstream(&f->shown, &f->shown_n);
	f->out = outlet_new(&f->loop, fo->fd, &outlet_ops, f);
}

static int
add_inputs(struct follow *f)
{
	struct err err = { 0 };

	f->inputs = inputs_new(&f->loop, true, &inputs_ops, f, &err);
	if (err.code)
		f->fo->complain(err.msg, NULL);
	for (size_t i = 0; i < f->fo->n_inputs; i++)
		if (inputs_add(f->inputs, f->fo->inputs[i], &err)) {
			f->fo->complain(err.msg, NULL);
			return EXIT_USAGE;
		}
	if (f->o->command)
		inputs_add_command(f->inputs, f->o->command);
	const char *waiting = inputs_waiting(f->inputs);

	if (waiting)
		f->fo->complain(waiting, NULL);
	return EXIT_FINE;
}

/* What was read is complete, and printed if that can be done at once. */
static void
finish(struct follow *f)
{
	uint64_t cut = 0;
	char line[96];

	for (size_t i = 0; i < f->n; i++) {
		lane_settle(&f->tracks[i]->lane);
		if (f->live)
			take_all(f, f->tracks[i]);
		cut += lane_cut(&f->tracks[i]->lane);
	}
	outlet_flush(f->out);
	if (cut) {
		snprintf(line, sizeof line, "%llu lines longer than %u bytes were cut", (unsigned long long)cut,
			 LINE_MAX_BYTES);
		f->fo->complain(line, NULL);
	}
	if (f->dedup) {
		snprintf(line, sizeof line, "%llu duplicates folded", (unsigned long long)dedup_folded(f->dedup));
		f->fo->complain(line, NULL);
	}
}

static void
release(struct follow *f)
{
	for (int i = 0; i < SIGNALS; i++)
		uv_close((uv_handle_t *)&f->signals[i], NULL);
	uv_close((uv_handle_t *)&f->pump, NULL);
	uv_close((uv_handle_t *)&f->quiet, NULL);
	outlet_free(f->out);
	for (size_t i = 0; i < f->n; i++)
		track_free(f->tracks[i]);
	free(f->tracks);
	inputs_free(f->inputs);
	uv_run(&f->loop, UV_RUN_DEFAULT); /* the handles close */
	uv_loop_close(&f->loop);
	last_texts_release(&f->last);
	request_names_free(f->names);
	dedup_free(f->dedup);
	record_release(&f->record);
	parser_release(&f->parser);
	query_free(f->fo->query);
	fclose(f->text);
	free(f->shown);
}

int
search_follow(const struct follow_options *fo)
{
	struct record_out form = search_form(fo->o);
	struct follow f;

	init(&f, fo);
	record_out_head(&form, f.text);
	fflush(f.text);
	outlet_put(f.out, span_of(f.shown, f.shown_n));
	f.status = add_inputs(&f);
	f.starting = false;
	go_on(&f);
	if (!f.status)
		uv_run(&f.loop, UV_RUN_DEFAULT);
	if (!f.status)
		finish(&f);
	release(&f);
	return f.status;
}
