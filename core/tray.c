/*
 * tray: rows found by their key in a hash table. A row has a number for each
 * second, which makes adding as cheap as can be and a row 256 bytes; few trays
 * are in use at a time. Clearing keeps the memory of small sketches, since the
 * next minute has much the same routes.
 */
#include "config.h"

#include "core/tray.h"

#include "core/alloc.h"
#include "core/varint.h"

#include <stdlib.h>

enum { FIRST_SLOTS = 256, KEEP_ROWS = 1024, WIDE_FROM = 16, WIDE_MAX = 96, SPARSE_BYTES = 4096 };

static const uint32_t kind_max[COUNTER_KINDS] = {
	[COUNTER_LEVEL] = 16,
	[COUNTER_LOGGER] = COUNTER_LOGGERS_MAX,
	[COUNTER_SOURCE] = COUNTER_SOURCES_MAX,
	[COUNTER_STATUS] = 16,
	[COUNTER_ROUTE] = COUNTER_ROUTES_MAX,
};

void
tray_release(struct tray *t)
{
	for (uint32_t i = 0; i < t->latencies_made; i++)
		sketch_release(&t->latencies[i]);
	free(t->latencies);
	free(t->rows);
	free(t->slots);
	*t = (struct tray)TRAY_INIT;
}

static void
clear_latencies(struct tray *t)
{
	t->wide = 0;
	for (uint32_t i = 0; i < t->latencies_made; i++) {
		struct sketch *s = &t->latencies[i];

		if (sketch_memory(s) > SPARSE_BYTES && t->wide == WIDE_MAX)
			sketch_release(s);
		t->wide += sketch_memory(s) > SPARSE_BYTES;
		sketch_clear(s);
	}
}

void
tray_clear(struct tray *t)
{
	if (t->n > KEEP_ROWS) {
		tray_release(t);
		return;
	}
	clear_latencies(t);
	if (t->n)
		memset(t->slots, 0, t->slot_count * sizeof *t->slots);
	memset(t->kinds, 0, sizeof t->kinds);
	t->n = t->latencies_n = 0;
}

/* ---- rows ------------------------------------------------------------------------ */

static uint16_t *
slot_of(const struct tray *t, uint32_t key)
{
	uint32_t mask = t->slot_count - 1, at = key * UINT32_C(0x9e3779b9) >> 16 & mask;

	while (t->slots[at] && t->rows[t->slots[at] - 1].key != key)
		at = (at + 1) & mask;
	return &t->slots[at];
}

const struct tray_row *
tray_find(const struct tray *t, uint32_t key)
{
	uint16_t row = t->n ? *slot_of(t, key) : 0;

	return row ? &t->rows[row - 1] : NULL;
}

static void
grow(struct tray *t)
{
	if (t->n == t->cap) {
		t->cap = t->cap ? t->cap * 2 : FIRST_SLOTS / 4;
		t->rows = xreallocarray(t->rows, t->cap, sizeof *t->rows);
	}
	if (t->n * 2 < t->slot_count)
		return;
	t->slot_count = t->slot_count ? t->slot_count * 2 : FIRST_SLOTS;
	free(t->slots);
	t->slots = xcalloc(t->slot_count, sizeof *t->slots);
	for (uint32_t i = 0; i < t->n; i++)
		*slot_of(t, t->rows[i].key) = (uint16_t)(i + 1);
}

static struct tray_row *
new_row(struct tray *t, uint32_t key)
{
	grow(t);
	t->rows[t->n] = (struct tray_row){ .key = key };
	*slot_of(t, key) = (uint16_t)++t->n;
	t->kinds[counter_kind(key)] += counter_what(key) == COUNTER_COUNT;
	return &t->rows[t->n - 1];
}

/* Whether a new row may have a name of its own. */
static bool
has_room(const struct tray *t, uint32_t key)
{
	enum counter_kind kind = counter_kind(key);

	if (counter_id(key) == COUNTER_OTHER)
		return true;
	if (counter_what(key) == COUNTER_COUNT)
		return t->kinds[kind] < kind_max[kind];
	return tray_find(t, counter_key(kind, counter_id(key), COUNTER_COUNT)) != NULL;
}

struct tray_row *
tray_row(struct tray *t, uint32_t key)
{
	uint16_t row = t->n ? *slot_of(t, key) : 0;

	if (row)
		return &t->rows[row - 1];
	if (has_room(t, key))
		return new_row(t, key);
	return tray_row(t, counter_key(counter_kind(key), COUNTER_OTHER, counter_what(key)));
}

struct sketch *
tray_latency(struct tray *t, struct tray_row *row)
{
	struct sketch *s = row->latency ? &t->latencies[row->latency - 1] : NULL;

	if (s && s->used > WIDE_FROM && t->wide < WIDE_MAX) {
		t->wide++;
		sketch_widen(s);
	}
	if (s)
		return s;
	if (t->latencies_n == t->latencies_made) {
		ARRAY_GROW(t->latencies, t->latencies_made, t->latencies_cap);
		t->latencies[t->latencies_made++] = (struct sketch)SKETCH_INIT;
	}
	row->latency = ++t->latencies_n;
	return &t->latencies[row->latency - 1];
}

size_t
tray_sums(const struct tray *t, enum counter_kind kind, struct counter_sum **sums)
{
	size_t n = 0;

	*sums = xreallocarray(NULL, t->n + 1, sizeof **sums);
	for (uint32_t i = 0; i < t->n; i++) {
		uint32_t id = counter_id(t->rows[i].key);
		const struct tray_row *errors = tray_find(t, counter_key(kind, id, COUNTER_ERRORS));

		if (t->rows[i].key == counter_key(kind, id, COUNTER_COUNT))
			(*sums)[n++] = (struct counter_sum){ id, t->rows[i].n, errors ? errors->n : 0 };
	}
	return n;
}

uint32_t
tray_names(const struct tray *t)
{
	uint32_t n = 0;

	for (int i = 0; i < COUNTER_KINDS; i++)
		n += t->kinds[i];
	return n;
}

size_t
tray_memory(const struct tray *t)
{
	size_t n = t->cap * sizeof *t->rows + t->slot_count * sizeof *t->slots +
		   t->latencies_cap * sizeof *t->latencies;

	for (uint32_t i = 0; i < t->latencies_made; i++)
		n += sketch_memory(&t->latencies[i]);
	return n;
}

/* ---- from counters and to them ------------------------------------------------------- */

void
tray_take(struct tray *t, const struct counters *c)
{
	struct counters_reader r = counters_read(c->p, c->n);
	struct counter counter;

	while (counters_next(&r, &counter)) {
		struct tray_row *row = tray_row(t, counter.key);

		row->n += counter.n;
		if (counter.latency)
			sketch_take(tray_latency(t, row), counter.latency);
	}
}

void
tray_take_series(struct tray *t, const struct counters *c)
{
	struct counters_reader r = counters_read(c->p, c->n);
	uint32_t second[60];
	struct counter counter;

	while (counters_next_series(&r, &counter, second)) {
		struct tray_row *row = tray_row(t, counter.key);

		row->n += counter.n;
		for (int i = 0; i < 60; i++)
			row->second[i] += second[i];
	}
}

static int
by_key(const void *a, const void *b)
{
	const struct tray_row *x = *(struct tray_row *const *)a, *y = *(struct tray_row *const *)b;

	return (x->key > y->key) - (x->key < y->key);
}

/* The rows of the kinds in the order of their keys; the caller frees the list. */
static size_t
sorted(const struct tray *t, enum counter_kind from, enum counter_kind to, struct tray_row ***list)
{
	size_t n = 0;

	*list = xreallocarray(NULL, t->n + 1, sizeof **list);
	for (uint32_t i = 0; i < t->n; i++)
		if (counter_kind(t->rows[i].key) >= from && counter_kind(t->rows[i].key) <= to)
			(*list)[n++] = &t->rows[i];
	qsort(*list, n, sizeof **list, by_key);
	return n;
}

static void
pack_latency(struct tray *t, struct tray_row *row, struct strbuf *out)
{
	char room[VARINT_MAX + 1];
	struct strbuf length = { .p = room, .cap = sizeof room };
	size_t begin = out->n;

	sketch_pack(tray_latency(t, row), out);
	varint_add(&length, out->n - begin);
	strbuf_reserve(out, length.n);
	memmove(out->p + begin + length.n, out->p + begin, out->n - begin);
	memcpy(out->p + begin, length.p, length.n);
	out->n += length.n;
}

void
tray_pack(struct tray *t, enum counter_kind from, enum counter_kind to, struct strbuf *out)
{
	struct tray_row **rows;
	size_t n = sorted(t, from, to, &rows);
	uint32_t next;

	if (n)
		counters_begin(out, &next);
	for (size_t i = 0; i < n; i++) {
		uint32_t key = rows[i]->key;

		counters_put_key(out, &next, key);
		varint_add(out, rows[i]->n);
		if (counter_kind(key) == COUNTER_ROUTE && counter_what(key) == COUNTER_COUNT)
			pack_latency(t, rows[i], out);
	}
	free(rows);
}

void
tray_pack_series(struct tray *t, enum counter_kind from, enum counter_kind to, struct strbuf *out)
{
	struct tray_row **rows;
	size_t n = sorted(t, from, to, &rows);
	uint32_t next;

	if (n)
		counters_begin(out, &next);
	for (size_t i = 0; i < n; i++) {
		counters_put_key(out, &next, rows[i]->key);
		counters_put_series(out, rows[i]->second);
	}
	free(rows);
}
