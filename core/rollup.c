/*
 * rollup: counts and latencies by time, in three tiers.
 *
 *   older             hours                     minutes
 *   one slot    <--   at most 50,000      <--   at most 10,080      <-- records
 *               fold  (over five years)   fold  (seven days)
 *                                                    newest 1,440: seconds too
 *
 * A slot is made for a time that occurs, so "seven days" are seven days of log,
 * whatever the calendar has between them. When a tier is full, its first slot
 * folds into the tier before; what comes for a time before the first slot of a
 * full tier goes there at once. The slots of a tier stand in order of time
 * (slots.h); the minutes in use are also found in a small direct-mapped cache,
 * so that a record costs a few ns.
 *
 * The routes of a slot are many times larger than its counts, and have a budget
 * in bytes of their own, half for the minutes and half for the hours: beyond it
 * the routes, and only they, of the oldest slots fold into the tier before.
 *
 * Sizes, at most:
 *   counts    10,080 minutes + 50,000 hours of 96 bytes, order   7.5 MB
 *   seconds   1,440 minutes of 60 x 7 x 4 bytes                2.4 MB
 *   routes    the budget, 64 MiB unless rollup_limit says otherwise, and beyond
 *             it the newest slot of either tier and `older`, each of
 *             at most 2,049 routes (route_cells.h)
 * A route takes 64 bytes in a minute, and 6 to 12 for each different latency: of
 * 100 routes with 10 requests a minute each, 32 MiB hold about 1,800 minutes.
 *
 * Times far off (a broken clock) take a slot each and nothing more; beyond 1678
 * and 2261 they are moved to these years.
 *
 * What it does not do: spread an hour over its minutes. What was folded stands
 * at the start of its hour, `older` at the start of its newest one.
 */
#include "config.h"

#include "core/rollup.h"

#include "core/alloc.h"
#include "core/route_cells.h"
#include "core/slots.h"

#include <stdlib.h>
#include <string.h>

#define MINUTE (60 * NSEC)
#define HOUR (60 * MINUTE)
#define TIME_FIRST INT64_C(-9200000000000000000)
#define TIME_LAST INT64_C(9200000000000000000)

enum {
	MINUTES, HOURS, TIERS,
	MINUTES_MAX = 7 * 24 * 60,
	HOURS_MAX = 50000,
	SECONDS_MAX = 24 * 60, /* minutes that have seconds */
	RECENT = 16,
	ROUTE_BYTES = 64 << 20,
};

struct slot {
	int64_t at;
	struct tier *tier; /* NULL: older */
	uint64_t level[LEVEL_COUNT];
	uint32_t (*seconds)[LEVEL_COUNT]; /* 60, or NULL */
	struct route_cells routes;
};

struct tier {
	struct slots slots;
	int64_t unit;        /* ns a slot covers */
	size_t max;
	int64_t routes_from; /* routes of slots before this were folded away */
	size_t route_bytes;
};

struct rollup {
	struct tier tier[TIERS];
	struct slot older;
	int64_t older_first;       /* oldest hour in `older`, or TIME_NONE */
	int64_t seconds_from;      /* minutes from here on have seconds */
	size_t seconds_n;
	size_t route_limit;        /* bytes, for a tier */
	struct slot *recent[RECENT];
};

struct rollup *
rollup_new(void)
{
	struct rollup *r = xcalloc(1, sizeof *r);

	r->tier[MINUTES] =
		(struct tier){ .unit = MINUTE, .max = MINUTES_MAX, .routes_from = INT64_MIN };
	r->tier[HOURS] = (struct tier){ .unit = HOUR, .max = HOURS_MAX, .routes_from = INT64_MIN };
	r->older_first = TIME_NONE;
	r->seconds_from = INT64_MAX;
	rollup_limit(r, ROUTE_BYTES);
	return r;
}

static void
slot_free(struct slot *s)
{
	route_cells_release(&s->routes);
	free(s->seconds);
	free(s);
}

void
rollup_free(struct rollup *r)
{
	if (!r)
		return;
	for (size_t k = 0; k < TIERS; k++) {
		struct slots_place place = slots_seek(&r->tier[k].slots, INT64_MIN);
		struct slot *s;

		while ((s = slots_next(&r->tier[k].slots, &place)))
			slot_free(s);
		slots_release(&r->tier[k].slots);
	}
	route_cells_release(&r->older.routes);
	free(r);
}

static int64_t
clamp(int64_t t)
{
	return t < TIME_FIRST ? TIME_FIRST : t > TIME_LAST ? TIME_LAST : t;
}

static int64_t
floor_to(int64_t t, int64_t unit)
{
	int64_t rest = t % unit;

	return t - (rest < 0 ? rest + unit : rest);
}

/* ---- slots and folding ----------------------------------------------------------- */

static void
give_seconds(struct rollup *r, struct slot *s)
{
	struct slots *minutes = &r->tier[MINUTES].slots;

	if (r->seconds_n == SECONDS_MAX) {
		if (s->at < r->seconds_from)
			return;
		struct slots_place place = slots_seek(minutes, r->seconds_from);
		struct slot *oldest = slots_next(minutes, &place),
			    *next = slots_next(minutes, &place);

		free(oldest->seconds);
		oldest->seconds = NULL;
		r->seconds_from = next->at;
		r->seconds_n--;
	}
	s->seconds = xcalloc(60, sizeof *s->seconds);
	r->seconds_n++;
	if (s->at < r->seconds_from)
		r->seconds_from = s->at;
}

static void fold_first(struct rollup *r, size_t tier);
static void move_routes(struct rollup *r, size_t tier, struct slot *s);

static struct slot **
recent_of(struct rollup *r, int64_t minute)
{
	return &r->recent[(minute / MINUTE) & (RECENT - 1)];
}

static struct slot *
slot_new(struct rollup *r, size_t tier, int64_t at)
{
	struct tier *t = &r->tier[tier];
	struct slot *s = xcalloc(1, sizeof *s);

	s->at = at;
	s->tier = t;
	slots_insert(&t->slots, at, s);
	if (tier == MINUTES)
		give_seconds(r, s);
	if (t->slots.n > t->max)
		fold_first(r, tier);
	return s;
}

/* Where something of this time counts: in this tier, or in one before it. */
static struct slot *
slot_of(struct rollup *r, size_t tier, int64_t time, bool routes)
{
	for (; tier < TIERS; tier++) {
		struct tier *t = &r->tier[tier];
		int64_t at = floor_to(time, t->unit);
		struct slot *s;

		if (routes && at < t->routes_from)
			continue;
		if ((s = slots_find(&t->slots, at)))
			return s;
		if (t->slots.n < t->max || at > ((struct slot *)slots_first(&t->slots))->at)
			return slot_new(r, tier, at);
	}
	int64_t hour = floor_to(time, HOUR);

	if (r->older_first == TIME_NONE || hour > r->older.at)
		r->older.at = hour;
	if (r->older_first == TIME_NONE || hour < r->older_first)
		r->older_first = hour;
	return &r->older;
}

/* Of the oldest slot with routes but the newest of all; false when there is none. */
static bool
fold_oldest_routes(struct rollup *r, size_t tier)
{
	struct tier *t = &r->tier[tier];
	struct slots_place place = slots_seek(&t->slots, t->routes_from);
	struct slot *last = slots_last(&t->slots), *s = slots_next(&t->slots, &place);

	while (s && s != last && !s->routes.n)
		s = slots_next(&t->slots, &place);
	if (!s || s == last) {
		/* So that the way here is not walked again for the next request. */
		if (s)
			t->routes_from = s->at;
		return false;
	}
	t->routes_from = s->at + t->unit;
	move_routes(r, tier, s);
	return true;
}

static void
keep_to_limit(struct rollup *r, size_t tier)
{
	while (tier < TIERS && r->tier[tier].route_bytes > r->route_limit &&
	       fold_oldest_routes(r, tier))
		;
}

static void
move_routes(struct rollup *r, size_t tier, struct slot *s)
{
	struct slot *to = slot_of(r, tier + 1, s->at, true);

	s->tier->route_bytes -= route_cells_memory(&s->routes);
	if (to->tier)
		to->tier->route_bytes -= route_cells_memory(&to->routes);
	route_cells_move(&to->routes, &s->routes);
	if (to->tier)
		to->tier->route_bytes += route_cells_memory(&to->routes);
	keep_to_limit(r, tier + 1);
}

static void
fold_first(struct rollup *r, size_t tier)
{
	struct tier *t = &r->tier[tier];
	struct slot *s = slots_remove_first(&t->slots);
	struct slot *to = slot_of(r, tier + 1, s->at, false);

	for (int l = 0; l < LEVEL_COUNT; l++)
		to->level[l] += s->level[l];
	if (t->routes_from < s->at + t->unit)
		t->routes_from = s->at + t->unit;
	if (s->routes.n)
		move_routes(r, tier, s);
	if (tier == MINUTES && *recent_of(r, s->at) == s)
		*recent_of(r, s->at) = NULL;
	slot_free(s);
}

void
rollup_limit(struct rollup *r, size_t bytes)
{
	r->route_limit = bytes / TIERS;
	for (size_t k = 0; k < TIERS; k++)
		keep_to_limit(r, k);
}

/* ---- counting -------------------------------------------------------------------- */

static struct slot *
minute_of(struct rollup *r, int64_t time)
{
	int64_t at = floor_to(time, MINUTE);
	struct slot **recent = recent_of(r, at);

	if (*recent && (*recent)->at == at)
		return *recent;
	struct slot *s = slot_of(r, MINUTES, time, false);

	if (s->tier == &r->tier[MINUTES])
		*recent = s;
	return s;
}

void
rollup_record(struct rollup *r, int64_t time, enum level level)
{
	time = clamp(time);
	struct slot *s = minute_of(r, time);

	s->level[level]++;
	if (s->seconds)
		s->seconds[(time - s->at) / NSEC][level]++;
}

void
rollup_request(struct rollup *r, int64_t time, uint32_t route, double seconds, bool failed,
	       bool slow)
{
	time = clamp(time);
	struct slot *s = minute_of(r, time);

	if (!s->tier || s->at < s->tier->routes_from)
		s = slot_of(r, MINUTES, time, true);
	size_t more = route_cells_add(&s->routes, route, seconds, failed, slow);

	if (!s->tier || !more)
		return;
	s->tier->route_bytes += more;
	keep_to_limit(r, (size_t)(s->tier - r->tier));
}

/* ---- windows --------------------------------------------------------------------- */

/* All slots that begin in [from, to), oldest tier first. */
struct walk {
	const struct rollup *r;
	int64_t from, to;
	int tier; /* the next one when `place` is used up */
	struct slots_place place;
};

static struct walk
walk_begin(const struct rollup *r, int64_t from, int64_t to)
{
	return (struct walk){ .r = r, .from = clamp(from), .to = to, .tier = TIERS };
}

static const struct slot *
walk_next(struct walk *w)
{
	if (w->tier == TIERS) {
		const struct slot *older = &w->r->older;

		w->tier = HOURS;
		w->place = slots_seek(&w->r->tier[HOURS].slots, w->from);
		if (w->r->older_first != TIME_NONE && older->at >= w->from && older->at < w->to)
			return older;
	}
	while (w->tier >= 0) {
		const struct slot *s = slots_next(&w->r->tier[w->tier].slots, &w->place);

		if (s && s->at < w->to)
			return s;
		if (--w->tier >= 0)
			w->place = slots_seek(&w->r->tier[w->tier].slots, w->from);
	}
	return NULL;
}

static void
add_capped(uint32_t *to, uint64_t n)
{
	*to = n > UINT32_MAX - *to ? UINT32_MAX : *to + (uint32_t)n;
}

/* Add the seconds of a minute that lie in [from, to). */
static void
add_seconds(const struct slot *s, int64_t from, int64_t to, int64_t origin, int64_t step,
	    uint32_t *count)
{
	for (int i = 0; i < 60; i++) {
		int64_t t = s->at + i * NSEC;

		if (t < from || t >= to)
			continue;
		for (size_t l = 0; l < LEVEL_COUNT; l++)
			add_capped(&count[(size_t)((t - origin) / step) * LEVEL_COUNT + l],
				   s->seconds[i][l]);
	}
}

void
rollup_levels(const struct rollup *r, int64_t from, int64_t step, size_t n, uint32_t *count)
{
	int64_t to, whole;

	memset(count, 0, n * LEVEL_COUNT * sizeof *count);
	if (step <= 0 || __builtin_mul_overflow(step, n, &whole) ||
	    __builtin_add_overflow(from, whole, &to))
		return;
	struct walk w = walk_begin(r, step < MINUTE ? floor_to(clamp(from), MINUTE) : from, to);

	for (const struct slot *s; (s = walk_next(&w));) {
		if (step < MINUTE && s->seconds)
			add_seconds(s, from, to, from, step, count);
		for (size_t l = 0; step >= MINUTE && l < LEVEL_COUNT; l++)
			add_capped(&count[(size_t)((s->at - from) / step) * LEVEL_COUNT + l],
				   s->level[l]);
	}
}

void
rollup_level_totals(const struct rollup *r, int64_t from, int64_t to, uint64_t count[LEVEL_COUNT])
{
	struct walk w = walk_begin(r, floor_to(clamp(from), MINUTE), to);

	memset(count, 0, LEVEL_COUNT * sizeof *count);
	for (const struct slot *s; (s = walk_next(&w));) {
		bool whole = s->at >= from && s->at + MINUTE <= to;

		if (s->seconds && !whole) {
			uint32_t part[LEVEL_COUNT] = { 0 };

			add_seconds(s, from, to, s->at, MINUTE, part);
			for (size_t l = 0; l < LEVEL_COUNT; l++)
				count[l] += part[l];
		} else if (s->at >= from) {
			for (size_t l = 0; l < LEVEL_COUNT; l++)
				count[l] += s->level[l];
		}
	}
}

size_t
rollup_routes(const struct rollup *r, int64_t from, int64_t to, struct rollup_route **routes)
{
	struct route_window window = ROUTE_WINDOW_INIT;
	struct walk w = walk_begin(r, from, to);
	uint64_t origin = (uint64_t)clamp(from), sixteenth = ((uint64_t)clamp(to) - origin) / 16;

	for (const struct slot *s; (s = walk_next(&w));) {
		uint64_t part = sixteenth ? ((uint64_t)s->at - origin) / sixteenth : 0;

		route_window_take(&window, &s->routes, part < 16 ? (uint32_t)part : 15);
	}
	return route_window_finish(&window, routes);
}

void
rollup_routes_free(struct rollup_route *routes, size_t n)
{
	for (size_t i = 0; i < n; i++)
		sketch_release(&routes[i].latency);
	free(routes);
}

bool
rollup_range(const struct rollup *r, int64_t *first, int64_t *last)
{
	const struct slot *begin = slots_first(&r->tier[MINUTES].slots);
	const struct slot *hour = slots_first(&r->tier[HOURS].slots);

	if (!begin)
		return false;
	*first = hour && hour->at < begin->at ? hour->at : begin->at;
	if (r->older_first != TIME_NONE && r->older_first < *first)
		*first = r->older_first;
	*last = ((const struct slot *)slots_last(&r->tier[MINUTES].slots))->at;
	return true;
}

size_t
rollup_memory(const struct rollup *r)
{
	size_t n = sizeof *r + r->seconds_n * 60 * sizeof *r->older.seconds +
		   route_cells_memory(&r->older.routes);

	for (size_t k = 0; k < TIERS; k++) {
		const struct tier *t = &r->tier[k];

		n += slots_memory(&t->slots) + t->slots.n * sizeof(struct slot) + t->route_bytes;
	}
	return n;
}
