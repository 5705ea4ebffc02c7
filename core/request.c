/*
 * request: parts of requests in, whole requests out.
 *
 * The idea: an entry for every request id seen lately, from its first part until
 * `limit` younger ones have come. It collects what the parts say; once it has
 * both a start and a completion it is reported and marked done, and stays, so
 * that repetitions find it and are dropped.
 *
 *   entries  ring of at most `limit`, in order of arrival, 64 bytes each
 *            [e][f][a][b][c][d]      number % limit; a is the oldest
 *   slots    open addressing by id hash -> its low half, place of the entry in the ring + 1
 *
 * Both double until the limit; then the oldest entry makes room for the next,
 * and its slot is closed by moving later ones back, so that no grave stones
 * gather. The half of the hash in a slot saves looking at an entry that is another's.
 * Nothing is allocated per request. Where a part goes is a place in
 * 10 MB that no cache holds, so parts come in batches whose places are fetched together.
 *
 * Ends. A completion (status and duration) is the end. A repetition (duration
 * alone) is a weak end: a completion that comes replaces it.
 *   - While older parts may come, a completion waits for its start.
 *   - After requests_flush it counts at once, without a path; a weak end counts
 *     when the records have moved on by SETTLE without a completion.
 *   - What leaves the ring with an end counts, what leaves without is lost.
 *
 * What it does not do: tell two requests apart that carry the same id within
 * the reach of the ring; they count as one. The hash stands for the id.
 */
#include "config.h"

#include "core/request.h"

#include "core/alloc.h"

#include <stdlib.h>

/* A weak end waits so long for a completion; an end further ahead than the slack is a wild time. */
#define SETTLE (5 * NSEC)
#define SLACK (3600 * NSEC)

enum {
	HAS_START = 1 << 0,
	HAS_END = 1 << 1,
	HAS_WEAK_END = 1 << 2,
	DONE = 1 << 3,
};

struct entry {
	struct request q;
	uint8_t state;
};

struct slot {
	uint32_t hash;  /* low half of the id's */
	uint32_t entry; /* place in `entries` + 1; 0: free */
};

struct requests {
	struct entry *entries;
	struct slot *slots;
	uint64_t first, next;     /* numbers of the oldest entry and of the one to come */
	uint64_t unsettled;       /* no entry before this number waits with an end */
	uint32_t cap, slot_count; /* powers of two */
	uint32_t limit;
	bool older_to_come;
	int64_t settled;          /* when weak ends were last looked at, by the log; or TIME_NONE */
	uint64_t open, lost;      /* entries with a start alone; those of them that left */
	request_done *done;
	void *arg;
};

struct requests *
requests_new(size_t limit, request_done *done, void *arg)
{
	struct requests *t = xcalloc(1, sizeof *t);

	t->limit = limit < 1 ? 1 : limit > 1u << 28 ? 1u << 28 : (uint32_t)limit;
	t->older_to_come = true;
	t->settled = TIME_NONE;
	t->done = done;
	t->arg = arg;
	return t;
}

void
requests_free(struct requests *t)
{
	if (!t)
		return;
	free(t->entries);
	free(t->slots);
	free(t);
}

static struct entry *
entry_at(const struct requests *t, uint64_t number)
{
	return &t->entries[number & (t->cap - 1)];
}

/* ---- the table ------------------------------------------------------------------- */

static bool
is_of(const struct requests *t, const struct slot *s, uint64_t id_hash)
{
	return s->hash == (uint32_t)id_hash && t->entries[s->entry - 1].q.id_hash == id_hash;
}

/* The slot of an id, or the free one where it would go. */
static uint32_t
slot_of(const struct requests *t, uint64_t id_hash)
{
	uint32_t mask = t->slot_count - 1, at = (uint32_t)id_hash & mask;

	while (t->slots[at].entry && !is_of(t, &t->slots[at], id_hash))
		at = (at + 1) & mask;
	return at;
}

/* Free a slot: later ones of the run move into the gap unless they stand nearer to home already. */
static void
slot_close(struct requests *t, uint32_t gap)
{
	uint32_t mask = t->slot_count - 1;

	for (uint32_t at = (gap + 1) & mask; t->slots[at].entry; at = (at + 1) & mask) {
		uint32_t home = t->slots[at].hash & mask;

		if (((at - home) & mask) < ((at - gap) & mask))
			continue;
		t->slots[gap] = t->slots[at];
		gap = at;
	}
	t->slots[gap].entry = 0;
}

static void
slot_fill(struct requests *t, uint32_t at, uint64_t id_hash, uint32_t entry)
{
	t->slots[at] = (struct slot){ (uint32_t)id_hash, entry + 1 };
}

/* Nothing has left while it grows, so an entry's number is its place. */
static void
grow(struct requests *t)
{
	t->cap = t->cap ? t->cap * 2 : 64;
	t->entries = xreallocarray(t->entries, t->cap, sizeof *t->entries);
	free(t->slots);
	t->slot_count = t->cap * 2;
	t->slots = xcalloc(t->slot_count, sizeof *t->slots);
	for (uint32_t i = 0; i < t->next; i++) {
		uint64_t id_hash = t->entries[i].q.id_hash;

		slot_fill(t, slot_of(t, id_hash), id_hash, i);
	}
}

/* ---- finishing ------------------------------------------------------------------- */

static void
finish(struct requests *t, struct entry *e)
{
	e->state |= DONE;
	if (e->q.status >= 500)
		e->q.failed = true;
	t->done(t->arg, &e->q);
}

static bool
waits_with_end(const struct entry *e)
{
	return !(e->state & DONE) && (e->state & (HAS_END | HAS_WEAK_END));
}

static void
drop_oldest(struct requests *t)
{
	struct entry *e = entry_at(t, t->first);

	if (waits_with_end(e))
		finish(t, e);
	else if (!(e->state & DONE))
		t->open--, t->lost++;
	slot_close(t, slot_of(t, e->q.id_hash));
	if (t->unsettled == t->first)
		t->unsettled++;
	t->first++;
}

/* Finish what waits with an end outside [from, to). */
static void
settle(struct requests *t, int64_t from, int64_t to)
{
	uint64_t still = t->next;

	for (uint64_t i = t->unsettled; i < t->next; i++) {
		struct entry *e = entry_at(t, i);

		if (!waits_with_end(e))
			continue;
		if (e->q.end_time < from || e->q.end_time >= to)
			finish(t, e);
		else if (still == t->next)
			still = i;
	}
	t->unsettled = still;
}

/* Once in SETTLE of log time; a long way back is one wild time behind us, not a reason to wait. */
static void
settle_at(struct requests *t, int64_t now)
{
	if (t->older_to_come || now < INT64_MIN + SLACK || now > INT64_MAX - SLACK)
		return;
	if (t->settled != TIME_NONE && now < t->settled + SETTLE && now > t->settled - SLACK)
		return;
	t->settled = now;
	settle(t, now - SETTLE, now + SLACK);
}

void
requests_flush(struct requests *t)
{
	t->older_to_come = false;
	settle(t, INT64_MAX, INT64_MAX);
}

void
requests_expect_older(struct requests *t)
{
	t->older_to_come = true;
}

/* ---- taking in ------------------------------------------------------------------- */

static void
add_alone(struct requests *t, const struct request_part *p)
{
	if (!p->status && (p->duration < 0 || p->route == ROUTE_NONE))
		return;
	struct entry e = { .q = {
				   .end_record = p->record,
				   .start_time = TIME_NONE,
				   .end_time = p->time,
				   .route = p->route,
				   .status = p->status,
				   .failed = p->failed,
				   .duration = p->duration,
			   } };

	finish(t, &e);
}

/*
 * The entry of an id; a new one only for a part that says something about a
 * request (other records of the program carry its id too). May be NULL.
 */
static struct entry *
entry_of(struct requests *t, const struct request_part *p)
{
	uint32_t slot = t->cap ? slot_of(t, p->id_hash) : 0;

	if (t->cap && t->slots[slot].entry)
		return &t->entries[t->slots[slot].entry - 1];
	if (!p->start && p->duration < 0)
		return NULL;
	if (t->next - t->first == t->limit)
		drop_oldest(t);
	else if (t->next == t->cap)
		grow(t);
	struct entry *e = entry_at(t, t->next);

	*e = (struct entry){ .q = {
		.id_hash = p->id_hash, .start_time = TIME_NONE, .end_time = TIME_NONE,
		.route = ROUTE_NONE, .duration = -1,
	} };
	slot_fill(t, slot_of(t, p->id_hash), p->id_hash, (uint32_t)(t->next++ & (t->cap - 1)));
	return e;
}

static void
take_start(struct entry *e, const struct request_part *p)
{
	if (e->state & HAS_START)
		return;
	e->state |= HAS_START;
	e->q.start_record = p->record;
	e->q.start_time = p->time;
	if (p->route != ROUTE_NONE)
		e->q.route = p->route;
}

static void
take_end(struct requests *t, struct entry *e, const struct request_part *p)
{
	bool whole = p->status != 0;
	uint64_t number = t->first + (((uint64_t)(e - t->entries) - t->first) & (t->cap - 1));

	if (e->state & HAS_END || (!whole && e->state & HAS_WEAK_END))
		return;
	e->state |= whole ? HAS_END : HAS_WEAK_END;
	e->q.end_record = p->record;
	e->q.end_time = p->time;
	e->q.duration = p->duration;
	if (number < t->unsettled)
		t->unsettled = number;
}

void
requests_add(struct requests *t, const struct request_part *p)
{
	if (!p->id_hash) {
		add_alone(t, p);
		return;
	}
	settle_at(t, p->time);
	struct entry *e = entry_of(t, p);

	if (!e || e->state & DONE)
		return;
	bool was_open = e->state == HAS_START;

	e->q.failed |= p->failed;
	if (p->status && !(e->state & HAS_END))
		e->q.status = p->status;
	if (p->start)
		take_start(e, p);
	else if (e->q.route == ROUTE_NONE)
		e->q.route = p->route;
	if (p->duration >= 0)
		take_end(t, e, p);
	t->open += (uint64_t)(e->state == HAS_START) - was_open;
	bool alone = p->status && p->duration >= 0 && p->route != ROUTE_NONE;

	if (e->state & HAS_END && (e->state & HAS_START || alone || !t->older_to_come))
		finish(t, e);
}

static void
fetch_slot(const struct requests *t, uint64_t id_hash)
{
	__builtin_prefetch(&t->slots[(uint32_t)id_hash & (t->slot_count - 1)], 1);
}

static void
fetch_entry(const struct requests *t, uint64_t id_hash)
{
	uint32_t entry = t->slots[(uint32_t)id_hash & (t->slot_count - 1)].entry;
	const char *e = entry ? (const char *)&t->entries[entry - 1] : NULL;

	if (!e)
		return;
	__builtin_prefetch(e, 1);
	__builtin_prefetch(e + sizeof(struct entry) - 1, 1);
}

static void
fetch(const struct requests *t, const struct request_part *parts, size_t n)
{
	bool full = t->next - t->first == t->limit;

	for (size_t i = 0; i < n; i++)
		fetch_slot(t, parts[i].id_hash);
	/* Each may push one out. */
	for (size_t i = 0; full && i < n; i++)
		fetch_slot(t, entry_at(t, t->first + i)->q.id_hash);
	for (size_t i = 0; i < n; i++)
		fetch_entry(t, parts[i].id_hash);
}

void
requests_add_all(struct requests *t, const struct request_part *parts, size_t n)
{
	if (t->cap)
		fetch(t, parts, n);
	for (size_t i = 0; i < n; i++)
		requests_add(t, &parts[i]);
}

/* ---- counts ---------------------------------------------------------------------- */

const struct request *
requests_find(const struct requests *t, uint64_t id_hash)
{
	uint32_t slot = t->slot_count ? slot_of(t, id_hash) : 0;

	return t->slot_count && t->slots[slot].entry ? &t->entries[t->slots[slot].entry - 1].q : NULL;
}

uint64_t
requests_in_flight(const struct requests *t, int64_t since)
{
	uint64_t n = 0, left = t->open;

	/* From the youngest, because that is where they mostly are. */
	for (uint64_t i = t->next; left > 0 && i-- > t->first;) {
		const struct entry *e = entry_at(t, i);

		left -= e->state == HAS_START;
		n += e->state == HAS_START && e->q.start_time >= since;
	}
	return n;
}

uint64_t
requests_lost(const struct requests *t)
{
	return t->lost;
}
