/*
 * rollup: counts by time, in slots.
 *
 *   hot    trays of the minutes that are being counted, four at most
 *    |
 *    +--> seconds   series of the newest 1,440 minutes
 *    +--> minutes   counters of the newest 10,140 minutes (a week, and an hour to spare)
 *    +--> hours     counters of all hours, those of the minutes too; at most 50,000
 *             `---> older, one slot
 *
 * A record is counted in the tray of its minute. When another minute needs the
 * tray, or somebody asks, what it has is packed once and appended to the counters of its minute
 * and its hour; counters that have grown by half are made into one run again, so that
 * times in any order cost no more than a constant factor. Since an hour has all that its minutes
 * have, minutes are dropped, sixty at a time, and nothing needs to be merged for it, and a
 * window of a week merges hours.
 *
 * A slot is made for a time that occurs. What is oldest gives way; what comes for a
 * time before what is held counts in the hour, or in `older`.
 *
 * Sizes, at most:
 *   levels    10,140 minutes + 50,000 hours of 130 bytes, order    8.5 MB
 *             1,440 minutes by the second, 7 x 70 bytes            0.7 MB
 *   counters     the limit, and what has to stay when it is small: the newest of each
 *   hot       four trays of up to 2,048 rows of 256 bytes, 96
 *             dense sketches, 65,536 requests in the others        8 MB
 *   older     2,048 routes, each a sketch of at most 10 KB
 * Measured, a week with 50 loggers, 100 routes, 5 classes of status and 5 sources in every
 * minute: 27 MB at one request a minute and route, 60 MB at five (8 of it the seconds of a day,
 * 8 the hours); at ten, 64 MiB hold six and a half days by the minute. Quiet hours cost nothing.
 *
 * Times far off (a broken clock) take a slot each and nothing more; beyond 1678
 * and 2261 they are moved to these years.
 *
 * What it does not do: spread an hour over its minutes. Where the minutes are gone, all of it
 * stands at the start of the hour, and `older` at the start of its newest one.
 */
#include "config.h"

#include "core/rollup_internal.h"

#include "core/alloc.h"
#include "core/request.h"

#include <stdlib.h>

enum {
	MINUTES_MAX = 7 * 24 * 60 + 60,
	HOURS_MAX = 50000,
	SECONDS_MAX = 24 * 60, /* minutes that have seconds */
	HOT_ROWS = 2048,
	HOT_REQUESTS = 1 << 16,
	LIMIT = 64 << 20,
};

struct rollup *
rollup_new(void)
{
	struct rollup *r = xcalloc(1, sizeof *r);

	r->older_first = TIME_NONE;
	r->minutes_from = INT64_MIN;
	r->seconds_from = INT64_MAX;
	for (int i = 0; i < SHARES; i++)
		r->from[i] = INT64_MIN;
	r->limit = LIMIT;
	r->recent = r->hot;
	for (int i = 0; i < HOT; i++)
		r->hot[i].at = INT64_MAX;
	return r;
}

static void
slot_free(struct slot *s)
{
	counters_release(&s->counters);
	counters_release(&s->level_seconds);
	counters_release(&s->seconds);
	free(s);
}

static void
free_slots(struct slots *slots)
{
	while (slots->n)
		slot_free(slots_remove_first(slots));
	slots_release(slots);
}

void
rollup_free(struct rollup *r)
{
	if (!r)
		return;
	free_slots(&r->minutes);
	free_slots(&r->hours);
	counters_release(&r->older.counters);
	tray_release(&r->older_tray);
	for (int i = 0; i < HOT; i++)
		tray_release(&r->hot[i].tray);
	tray_release(&r->scratch);
	strbuf_release(&r->run);
	free(r);
}

/* ---- what gives way --------------------------------------------------------------- */

static void
drop_counters(struct counters *c, size_t *bytes)
{
	*bytes -= counters_memory(c);
	counters_release(c);
}

static void
drop_seconds_of(struct rollup *r, struct slot *minute)
{
	r->seconds_n -= minute->has_seconds;
	minute->has_seconds = false;
	drop_counters(&minute->level_seconds, &r->level_bytes);
	drop_counters(&minute->seconds, &r->bytes[SECONDS]);
}

/* The minutes of the first hour; its slot has what they had. */
static void
drop_first_minutes(struct rollup *r)
{
	int64_t hour = rollup_floor(((struct slot *)slots_first(&r->minutes))->at, HOUR);
	struct slot *s;

	while ((s = slots_first(&r->minutes)) && s->at < hour + HOUR) {
		slots_remove_first(&r->minutes);
		drop_seconds_of(r, s);
		drop_counters(&s->counters, &r->bytes[MINUTES]);
		slot_free(s);
	}
	r->minutes_from = hour + HOUR;
	if (r->from[MINUTES] < r->minutes_from)
		r->from[MINUTES] = r->minutes_from;
}

static void
into_older(struct rollup *r, int64_t hour)
{
	if (r->older_first == TIME_NONE || hour > r->older.at)
		r->older.at = hour;
	if (r->older_first == TIME_NONE || hour < r->older_first)
		r->older_first = hour;
	counters_release(&r->older.counters);
}

/* Of all minutes up to the end of an hour, since a window takes the hour or its minutes. */
static void
drop_minutes(struct rollup *r, struct slot *first)
{
	int64_t end = rollup_floor(first->at, HOUR) + HOUR;
	struct slots_place place = slots_seek(&r->minutes, first->at);
	struct slot *s;

	while ((s = slots_next(&r->minutes, &place)) && s->at < end) {
		drop_counters(&s->counters, &r->bytes[MINUTES]);
		drop_counters(&s->seconds, &r->bytes[SECONDS]);
	}
	r->from[MINUTES] = end;
	if (r->from[SECONDS] < end)
		r->from[SECONDS] = end;
}

static void
fold_counters(struct rollup *r, struct slot *hour)
{
	if (r->from[MINUTES] <= hour->at)
		drop_minutes(r, hour);
	into_older(r, hour->at);
	tray_take(&r->older_tray, &hour->counters);
	drop_counters(&hour->counters, &r->bytes[HOURS]);
	r->from[HOURS] = hour->at + HOUR;
}

static void
fold_first_hour(struct rollup *r)
{
	struct slot *s = slots_remove_first(&r->hours);

	fold_counters(r, s);
	for (int l = 0; l < LEVEL_COUNT; l++)
		r->older.level[l] += s->level[l];
	slot_free(s);
}

/* The first slot with counters of a share; NULL: none before the newest, or its hour. */
static struct slot *
first_with(struct rollup *r, enum share share)
{
	const struct slots *slots = share == HOURS ? &r->hours : &r->minutes;
	struct slots_place place = slots_seek(slots, r->from[share]);
	const struct slot *last = slots_last(slots);
	struct slot *s;

	while ((s = slots_next(slots, &place)) && !(share == SECONDS ? s->seconds.n : s->counters.n))
		;
	int64_t unit = share == SECONDS ? MINUTE : HOUR;

	return s && rollup_floor(s->at, unit) < rollup_floor(last->at, unit) ? s : NULL;
}

static void
drop_seconds(struct rollup *r, struct slot *minute)
{
	drop_counters(&minute->seconds, &r->bytes[SECONDS]);
	r->from[SECONDS] = minute->at + MINUTE;
}

/* The first that has more than its part of the limit gives way. */
static bool
give_way(struct rollup *r)
{
	static void (*const drop[SHARES])(struct rollup *, struct slot *) = {
		drop_seconds, drop_minutes, fold_counters,
	};
	static const unsigned quarters[SHARES] = { 1, 2, 1 };

	for (enum share i = 0; i < SHARES; i++) {
		struct slot *s = r->bytes[i] > r->limit / 4 * quarters[i] ? first_with(r, i) : NULL;

		if (s) {
			drop[i](r, s);
			return true;
		}
	}
	return false;
}

static void
keep_to_limit(struct rollup *r)
{
	while (r->bytes[SECONDS] + r->bytes[MINUTES] + r->bytes[HOURS] > r->limit && give_way(r))
		;
}

void
rollup_limit(struct rollup *r, size_t bytes)
{
	r->limit = bytes;
	rollup_settle(r);
	keep_to_limit(r);
}

/* ---- slots ------------------------------------------------------------------------ */

static struct slot *
slot_new(struct slots *slots, int64_t at)
{
	struct slot *s = xcalloc(1, sizeof *s);

	s->at = at;
	slots_insert(slots, at, s);
	return s;
}

static void
give_seconds(struct rollup *r, struct slot *minute)
{
	if (r->seconds_n == SECONDS_MAX) {
		if (minute->at < r->seconds_from)
			return;
		struct slots_place place = slots_seek(&r->minutes, r->seconds_from);

		drop_seconds_of(r, slots_next(&r->minutes, &place));
		r->seconds_from = ((struct slot *)slots_next(&r->minutes, &place))->at;
	}
	minute->has_seconds = true;
	r->seconds_n++;
	if (minute->at < r->seconds_from)
		r->seconds_from = minute->at;
}

/* NULL: the minutes of its hour are gone. */
static struct slot *
minute_at(struct rollup *r, int64_t at)
{
	struct slot *s = slots_find(&r->minutes, at);

	if (s || at < r->minutes_from)
		return s;
	if (r->minutes.n == MINUTES_MAX) {
		drop_first_minutes(r);
		return minute_at(r, at);
	}
	s = slot_new(&r->minutes, at);
	give_seconds(r, s);
	return s;
}

/* NULL: it belongs to `older`. */
static struct slot *
hour_at(struct rollup *r, int64_t at)
{
	struct slot *s = slots_find(&r->hours, at);

	if (s)
		return s;
	if (r->hours.n == HOURS_MAX) {
		if (at < ((struct slot *)slots_first(&r->hours))->at)
			return NULL;
		fold_first_hour(r);
	}
	return slot_new(&r->hours, at);
}

/* ---- from trays to slots ----------------------------------------------------------- */

/* One run of all of them. */
static void
tighten(struct rollup *r, struct counters *c, void (*take)(struct tray *, const struct counters *),
	void (*pack)(struct tray *, enum counter_kind, enum counter_kind, struct strbuf *))
{
	take(&r->scratch, c);
	strbuf_clear(&r->run);
	pack(&r->scratch, 0, COUNTER_KINDS - 1, &r->run);
	counters_release(c);
	counters_append(c, strbuf_span(&r->run), tray_names(&r->scratch));
	tray_clear(&r->scratch);
}

static void
append(struct rollup *r, struct counters *c, size_t *bytes, const struct counters *run)
{
	*bytes -= counters_memory(c);
	counters_append(c, span_of((const char *)run->p, run->n), run->names);
	if (counters_are_loose(c))
		tighten(r, c, tray_take, tray_pack);
	*bytes += counters_memory(c);
}

static void
append_series(struct rollup *r, struct counters *c, size_t *bytes, struct tray *t, enum counter_kind from,
	      enum counter_kind to)
{
	strbuf_clear(&r->run);
	tray_pack_series(t, from, to, &r->run);
	*bytes -= counters_memory(c);
	counters_append(c, strbuf_span(&r->run), tray_names(t));
	if (counters_are_loose(c))
		tighten(r, c, tray_take_series, tray_pack_series);
	*bytes += counters_memory(c);
}

static void
add_levels(struct slot *s, const struct tray *t)
{
	for (uint32_t l = 0; l < LEVEL_COUNT; l++) {
		const struct tray_row *row = tray_find(t, counter_key(COUNTER_LEVEL, l, COUNTER_COUNT));

		if (row)
			s->level[l] += row->n;
	}
}

static void
settle_hour(struct rollup *r, int64_t at, const struct tray *t, const struct counters *run)
{
	struct slot *s = hour_at(r, at);

	if (!s || (run->n && at < r->from[HOURS])) {
		into_older(r, at);
		tray_take(&r->older_tray, run);
	} else {
		append(r, &s->counters, &r->bytes[HOURS], run);
	}
	add_levels(s ? s : &r->older, t);
}

static void
settle_minute(struct rollup *r, int64_t at, struct tray *t, const struct counters *run)
{
	struct slot *s = minute_at(r, at);

	if (!s)
		return;
	add_levels(s, t);
	if (at >= r->from[MINUTES])
		append(r, &s->counters, &r->bytes[MINUTES], run);
	if (!s->has_seconds)
		return;
	append_series(r, &s->level_seconds, &r->level_bytes, t, COUNTER_LEVEL, COUNTER_LEVEL);
	if (at >= r->from[SECONDS])
		append_series(r, &s->seconds, &r->bytes[SECONDS], t, COUNTER_LEVEL + 1, COUNTER_KINDS - 1);
}

static void
settle(struct rollup *r, struct hot *h)
{
	struct strbuf packed = STRBUF_INIT;

	if (!h->tray.n)
		return;
	tray_pack(&h->tray, COUNTER_LEVEL + 1, COUNTER_KINDS - 1, &packed);
	struct counters run = {
		.p = (uint8_t *)packed.p, .n = (uint32_t)packed.n, .names = tray_names(&h->tray),
	};

	/* The hour first: while it is held, so may its minutes be. */
	settle_hour(r, rollup_floor(h->at, HOUR), &h->tray, &run);
	settle_minute(r, h->at, &h->tray, &run);
	tray_clear(&h->tray);
	h->requests = 0;
	strbuf_release(&packed);
	keep_to_limit(r);
}

void
rollup_settle(struct rollup *r)
{
	for (int i = 0; i < HOT; i++)
		settle(r, &r->hot[i]);
}

/* ---- counting --------------------------------------------------------------------- */

/* Settled now and then, a minute of any size takes a bounded tray. */
static bool
is_full(const struct hot *h)
{
	return h->tray.n >= HOT_ROWS || h->requests >= HOT_REQUESTS;
}

static struct hot *
hot_of(struct rollup *r, int64_t time)
{
	struct hot *h = r->recent;

	if ((uint64_t)time - (uint64_t)h->at < MINUTE && !is_full(h))
		return h;
	int64_t at = rollup_floor(time, MINUTE);

	h = &r->hot[(uint64_t)(at / MINUTE) % HOT];
	if (h->at != at || is_full(h))
		settle(r, h);
	h->at = at;
	r->recent = h;
	return h;
}

static void
add(struct hot *h, int64_t time, uint32_t key, uint32_t n)
{
	struct tray_row *row = tray_row(&h->tray, key);

	row->n += n;
	row->second[(time - h->at) / NSEC] += n;
}

void
rollup_add(struct rollup *r, int64_t time, uint32_t key, uint32_t n)
{
	time = rollup_clamp(time);
	add(hot_of(r, time), time, key, n);
}

void
rollup_request(struct rollup *r, int64_t time, uint32_t route, double seconds, bool failed, bool slow)
{
	time = rollup_clamp(time);
	struct hot *h = hot_of(r, time);
	struct tray_row *row = tray_row(&h->tray, counter_key(COUNTER_ROUTE, route, COUNTER_COUNT));

	h->requests++;
	row->n++;
	row->second[(time - h->at) / NSEC]++;
	sketch_add(tray_latency(&h->tray, row), seconds);
	if (failed)
		add(h, time, counter_key(COUNTER_ROUTE, route, COUNTER_ERRORS), 1);
	if (slow)
		add(h, time, counter_key(COUNTER_ROUTE, route, COUNTER_SLOW), 1);
}

size_t
rollup_memory(const struct rollup *r)
{
	size_t n = sizeof *r + slots_memory(&r->minutes) + slots_memory(&r->hours) +
		   (r->minutes.n + r->hours.n) * sizeof(struct slot) + r->level_bytes +
		   tray_memory(&r->older_tray) + counters_memory(&r->older.counters) +
		   tray_memory(&r->scratch) + r->run.cap;

	for (int i = 0; i < SHARES; i++)
		n += r->bytes[i];
	for (int i = 0; i < HOT; i++)
		n += tray_memory(&r->hot[i].tray);
	return n;
}
