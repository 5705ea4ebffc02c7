/*
 * report.c: totals come from the stats and the rollup, lists of records from
 * the ring. "Last" means in file order within a source, sources merged by
 * the newest time seen so far, since several processes write one file and
 * stamps step back a little.
 */
#include "config.h"

#include "core/engine_internal.h"
#include "core/json_out.h"
#include "core/report_internal.h"
#include "core/view.h"

#include "core/alloc.h"
#include "core/utf8.h"

#include <stdio.h>
#include <stdlib.h>

#define HOUR (3600 * NSEC)

enum {
	LAST_ERRORS = 100,
	LAST_SLOW = 20,
	MESSAGE_CHARS = 100,
	SLOW_ROOM = 4096, /* candidates held before the oldest are dropped */
};

/* ---- lists of records --------------------------------------------------------------- */

static struct span
first_characters(struct span s, int n)
{
	size_t at = 0;

	while (at < s.n && n-- > 0) {
		size_t len;

		utf8_decode(span_from(s, at), &len);
		at += len;
	}
	return span_head(s, at);
}

/* The beginning of a message; masked before it is cut, which would hide what a secret is. */
static json_t *
message_json(struct span message, bool mask)
{
	struct strbuf masked = STRBUF_INIT;

	if (mask && mask_text(message, &masked))
		message = strbuf_span(&masked);
	json_t *text = json_out_text(first_characters(message, MESSAGE_CHARS));

	strbuf_release(&masked);
	return text;
}

static json_t *
error_entry(struct engine *e, struct block *b, uint32_t row, struct record *r, bool mask)
{
	json_t *o = json_object();

	json_object_set_new(o, "time", report_time(b->time[row]));
	json_object_set_new(o, "level", json_string(level_info[b->level[row]].name));
	if (engine_record(e, b, row, r))
		json_object_set_new(o, "message", message_json(record_field(r, FIELD_MESSAGE), mask));
	return o;
}

/* The last errors, oldest first. */
static json_t *
error_timeline(struct engine *e, bool mask)
{
	json_t *list = json_array();
	struct record r = { 0 };
	struct cursor c;
	struct block *b;
	uint32_t row;

	cursor_seek(&c, &e->ring, NULL, PLACE_LAST, -1);
	while (json_array_size(list) < LAST_ERRORS && (b = cursor_next(&c, &row)))
		if (b->level[row] >= LEVEL_WARNING && engine_counts(&e->o, b->time[row]))
			json_array_insert_new(list, 0, error_entry(e, b, row, &r, mask));
	cursor_release(&c);
	record_release(&r);
	return list;
}

/* A slow record: where it stands, and the part that says so. */
struct slow {
	int64_t order; /* newest time of the source up to here */
	struct block *block;
	const struct part *part;
	uint64_t path_record; /* who knows the path: itself, or the record that began the request */
};

struct slow_list {
	struct slow v[SLOW_ROOM];
	size_t n;
};

static uint64_t
slow_pos(const struct slow *s)
{
	return s->block->pos + s->block->offset[s->part->row];
}

static int
by_order(const void *a, const void *b)
{
	const struct slow *x = a, *y = b;
	struct place px = { x->order, x->block->source, slow_pos(x) }, py = { y->order, y->block->source, slow_pos(y) };

	return place_cmp(px, py);
}

static void
keep_last(struct slow_list *l)
{
	qsort(l->v, l->n, sizeof *l->v, by_order);
	if (l->n > LAST_SLOW) {
		memmove(l->v, l->v + l->n - LAST_SLOW, LAST_SLOW * sizeof *l->v);
		l->n = LAST_SLOW;
	}
}

static void
add_slow(struct slow_list *l, int64_t order, struct block *b, const struct part *p)
{
	if (l->n == SLOW_ROOM)
		keep_last(l);
	l->v[l->n++] = (struct slow){ order, b, p, record_id(b, p->row) };
}

static int
by_file(const void *a, const void *b)
{
	const struct block *x = *(struct block *const *)a, *y = *(struct block *const *)b;

	if (x->source != y->source)
		return x->source < y->source ? -1 : 1;
	return x->pos < y->pos ? -1 : x->pos > y->pos;
}

/* Ends a request, as request.h says: a completion, or a request by itself. */
static bool
ends_request(const struct part *p)
{
	return !(p->flags & PART_FUNCTION) && ((p->flags & PART_ALONE) || (p->id_hash && p->status));
}

static void
scan_slow(struct engine *e, struct block *b, int64_t *order, struct slow_list *records, struct slow_list *requests)
{
	uint32_t row = 0;

	for (uint32_t i = 0; i < b->n_parts; i++) {
		const struct part *p = &b->parts[i];

		for (; row <= p->row; row++)
			if (b->time[row] > *order)
				*order = b->time[row];
		if (!(p->duration > e->o.slow) || !engine_counts(&e->o, b->time[p->row]))
			continue;
		add_slow(records, *order, b, p);
		if (ends_request(p))
			add_slow(requests, *order, b, p);
	}
	for (; row < b->n; row++)
		if (b->time[row] > *order)
			*order = b->time[row];
}

/* The completion of a request has no path; the record that began it does. */
static void
find_starts(struct engine *e, struct slow_list *l)
{
	for (size_t i = 0; i < e->ring.n; i++) {
		const struct block *b = e->ring.blocks[i];

		for (uint32_t k = 0; k < b->n_parts; k++) {
			const struct part *p = &b->parts[k];

			if (!(p->flags & PART_START) || !p->id_hash)
				continue;
			for (size_t s = 0; s < l->n; s++)
				if (l->v[s].part->id_hash == p->id_hash && l->v[s].part->route == INTERN_NONE)
					l->v[s].path_record = record_id(b, p->row);
		}
	}
}

static void
find_slow(struct engine *e, struct slow_list *records, struct slow_list *requests)
{
	struct block **blocks = xreallocarray(NULL, e->ring.n, sizeof *blocks);
	int64_t order = INT64_MIN;
	unsigned source = UINT32_MAX;

	records->n = requests->n = 0;
	if (!e->ring.n) {
		free(blocks);
		return;
	}
	memcpy(blocks, e->ring.blocks, e->ring.n * sizeof *blocks);
	qsort(blocks, e->ring.n, sizeof *blocks, by_file);
	for (size_t i = 0; i < e->ring.n; i++) {
		if (blocks[i]->source != source)
			order = INT64_MIN;
		source = blocks[i]->source;
		scan_slow(e, blocks[i], &order, records, requests);
	}
	free(blocks);
	keep_last(records);
	keep_last(requests);
	find_starts(e, requests);
}

static json_t *
slow_entry(struct engine *e, const struct slow *s, bool whole)
{
	json_t *o = json_object();
	struct record r = { 0 };
	uint32_t row;
	struct block *b = ring_find(&e->ring, s->path_record, &row);

	json_object_set_new(o, "time", report_time(s->block->time[s->part->row]));
	json_object_set_new(o, "duration", json_real(s->part->duration));
	if (b && engine_record(e, b, row, &r)) {
		r.request = SPAN_NONE; /* what the record itself says */
		json_object_set_new(o, "path", json_out_text(record_field(&r, FIELD_PATH)));
		json_object_set_new(o, "method", json_out_text(record_field(&r, FIELD_METHOD)));
	}
	if (whole && engine_record(e, s->block, s->part->row, &r)) {
		json_object_set_new(o, "status", s->part->status ? json_integer(s->part->status) : json_null());
		json_object_set_new(o, "request_id", json_out_text(record_field(&r, FIELD_REQUEST_ID)));
	}
	record_release(&r);
	return o;
}

static json_t *
slow_json(struct engine *e, const struct slow_list *l, bool whole)
{
	json_t *list = json_array();

	for (size_t i = 0; i < l->n; i++)
		json_array_append_new(list, slow_entry(e, &l->v[i], whole));
	return list;
}

/* ---- sections ---------------------------------------------------------------------------- */

static json_t *
window_json(struct engine *e)
{
	int64_t from = e->o.since != TIME_NONE ? e->o.since : e->oldest;
	int64_t to = e->o.until != TIME_NONE ? e->o.until : e->newest;
	json_t *o = json_object();

	json_object_set_new(o, "from", report_time(from));
	json_object_set_new(o, "to", report_time(to));
	json_object_set_new(o, "seconds",
			    json_real(from == TIME_NONE || to == TIME_NONE ? 0 : (double)(to - from) / NSEC));
	return o;
}

static json_t *
errors_json(struct engine *e, bool mask)
{
	json_t *o = json_object(), *counts = json_object();
	uint64_t total = 0;

	for (int l = LEVEL_WARNING; l < LEVEL_COUNT; l++) {
		json_object_set_new(counts, level_info[l].name, json_integer((json_int_t)e->stats.by_level[l]));
		total += e->stats.by_level[l];
	}
	json_object_set_new(o, "error_counts", counts);
	json_object_set_new(o, "total_errors", json_integer((json_int_t)total));
	json_object_set_new(o, "error_timeline", error_timeline(e, mask));
	return o;
}

static json_t *
performance_json(struct engine *e, const struct slow_list *slow)
{
	struct durations *d = &e->stats.performance;

	return json_pack("{s:I, s:f, s:f, s:f, s:f, s:f, s:I, s:o}", "count", (json_int_t)d->sketch.count,
			 "avg_response_time", sketch_mean(&d->sketch), "max_response_time", d->sketch.max,
			 "p50_response_time", durations_quantile(d, 0.50), "p95_response_time",
			 durations_quantile(d, 0.95), "p99_response_time", durations_quantile(d, 0.99),
			 "slow_requests_count", (json_int_t)d->slow_count, "slow_requests", slow_json(e, slow, false));
}

static json_t *
routes_json(struct engine *e)
{
	json_t *list = json_array();
	struct view_requests v;

	if (e->oldest == TIME_NONE)
		return list;
	/* The rollup holds what is counted only; by whole hours where it has folded. */
	struct timeframe t = { .from = e->oldest - e->oldest % HOUR - HOUR, .to = e->newest + HOUR };

	view_requests(e, &t, SORT_COUNT, false, &v);
	for (size_t i = 0; i < v.n; i++) {
		const struct view_route *r = &v.rows[i];

		json_array_append_new(list,
				      json_pack("{s:s, s:o, s:I, s:f, s:f, s:f, s:f, s:f, s:f}", "method", r->method,
						"route", json_out_text(span_str(r->route)), "count", (json_int_t)r->count,
						"error_rate", r->error_percent / 100, "avg", r->avg, "p50", r->p50,
						"p95", r->p95, "p99", r->p99, "max", r->max));
	}
	view_requests_release(&v);
	return list;
}

static json_t *
requests_json(struct engine *e, const struct slow_list *slow)
{
	struct durations *d = &e->stats.requests;

	return json_pack("{s:I, s:f, s:f, s:f, s:f, s:f, s:I, s:I, s:o, s:o}", "count", (json_int_t)d->sketch.count,
			 "avg", sketch_mean(&d->sketch), "max", d->sketch.max, "p50", durations_quantile(d, 0.50), "p95",
			 durations_quantile(d, 0.95), "p99", durations_quantile(d, 0.99), "slow_count",
			 (json_int_t)d->slow_count, "in_flight",
			 (json_int_t)requests_in_flight(e->requests, INT64_MIN), "last_slow",
			 slow_json(e, slow, true), "by_route", routes_json(e));
}

static json_t *
counts_json(const struct counts *c, const struct intern *names)
{
	json_t *o = json_object();

	for (uint32_t i = 0; i < c->n; i++)
		if (c->v[i]) {
			struct strbuf key = STRBUF_INIT;
			json_t *name = json_out_text(intern_name(names, i));

			strbuf_str(&key, json_string_value(name));
			json_object_set_new(o, key.p ? key.p : "", json_integer((json_int_t)c->v[i]));
			json_decref(name);
			strbuf_release(&key);
		}
	return o;
}

static void
add_count(json_t *o, const char *key, uint64_t n)
{
	json_int_t had = json_integer_value(json_object_get(o, key));

	json_object_set_new(o, key, json_integer(had + (json_int_t)n));
}

static int
by_minute_time(const void *a, const void *b)
{
	const struct minutes *x = a, *y = b;

	return x->minute < y->minute ? -1 : x->minute > y->minute;
}

static void
times_json(const struct stats *s, json_t *out, bool by_minute)
{
	json_t *hours = json_object(), *minutes = json_object();
	struct minutes *sorted = xreallocarray(NULL, s->minutes_n, sizeof *sorted);
	size_t n = 0;

	for (size_t i = 0; i < s->minutes_cap; i++)
		if (s->minutes[i].count)
			sorted[n++] = s->minutes[i];
	qsort(sorted, n, sizeof *sorted, by_minute_time);
	for (size_t i = 0; i < n; i++) {
		char key[32];

		clock_format(sorted[i].minute * 60 * NSEC, CLOCK_DATE_MINUTE, key, sizeof key);
		if (by_minute)
			add_count(minutes, key, sorted[i].count);
		memcpy(key + strlen(key) - 2, "00", 2);
		add_count(hours, key, sorted[i].count);
	}
	free(sorted);
	json_object_set_new(out, "by_hour", hours);
	if (by_minute)
		json_object_set(out, "by_minute", minutes);
	json_decref(minutes);
}

static json_t *
statistics_json(struct engine *e, bool by_minute)
{
	const struct stats *s = &e->stats;
	json_t *o = json_object(), *levels = json_object(), *statuses = json_object(), *formats = json_object(),
	       *sources = json_object();

	json_object_set_new(o, "total_logs", json_integer((json_int_t)s->records));
	for (int l = LEVEL_TRACE; l < LEVEL_COUNT; l++)
		if (s->by_level[l])
			add_count(levels, level_info[l].name, s->by_level[l]);
	for (int i = 0; i < 1000; i++)
		if (s->by_status[i]) {
			char key[16];

			snprintf(key, sizeof key, "%d", i);
			add_count(statuses, key, s->by_status[i]);
		}
	for (int f = 0; f < FORMAT_COUNT; f++)
		if (s->by_format[f])
			add_count(formats, format_get(f)->name, s->by_format[f]);
	for (uint32_t i = 0; i < s->by_source.n; i++)
		if (s->by_source.v[i])
			add_count(sources, e->feeds[i]->intake.source->name, s->by_source.v[i]);
	json_object_set_new(o, "by_level", levels);
	json_object_set_new(o, "by_module", counts_json(&s->by_logger, &e->loggers));
	times_json(s, o, by_minute);
	json_object_set_new(o, "by_status", statuses);
	json_object_set_new(o, "by_method", counts_json(&s->by_method, &s->methods));
	json_object_set_new(o, "by_source", sources);
	json_object_set_new(o, "by_format", formats);
	return o;
}

json_t *
report_json(struct engine *e, const struct report_options *ro, int64_t now)
{
	struct slow_list *records = xmalloc(sizeof *records), *requests = xmalloc(sizeof *requests);
	json_t *o = json_object();

	find_slow(e, records, requests);
	json_object_set_new(o, "timestamp", report_time(now));
	json_object_set_new(o, "window", window_json(e));
	json_object_set_new(o, "errors", errors_json(e, ro->mask));
	json_object_set_new(o, "performance", performance_json(e, records));
	json_object_set_new(o, "requests", requests_json(e, requests));
	json_object_set_new(o, "statistics", statistics_json(e, ro->by_minute));
	json_object_set_new(o, "ingest", report_ingest(e, now));
	if (ro->secrets)
		json_object_set_new(o, "secrets", report_secrets(e));
	if (ro->mask)
		report_mask(o);
	free(records);
	free(requests);
	return o;
}
