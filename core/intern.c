/*
 * intern: strings to small numbers.
 *
 * Three arrays. names[] and hashes[] go by number; slots[] is an open-addressing
 * table (a power of two, linear steps, at most 3/4 full) that holds number + 1.
 * The hash decides first, the bytes only when it agrees, and growing the table
 * needs no string at all:
 *
 *   slots   . 2 . . 1 . 3 .        hash & (slot_count - 1), then the next
 *   names   "GET /a/" "GET /b/" "POST /a/"
 *   hashes  64 bits each
 *
 * A few names come over and over: recent[] has the last number for each length
 * and last byte (those that agree modulo its size share a place), and saves the
 * hash where it is the one.
 *
 * Every name is an allocation of its own, so that a span stays good while the
 * arrays grow. Nothing is ever taken out.
 */
#include "config.h"

#include "core/intern.h"

#include "core/alloc.h"

#include <stdlib.h>

void
intern_init(struct intern *t, uint32_t limit)
{
	memset(t, 0, sizeof *t);
	t->limit = limit;
}

void
intern_release(struct intern *t)
{
	for (uint32_t i = 0; i < t->n; i++)
		free((char *)t->names[i].p);
	free(t->names);
	free(t->hashes);
	free(t->slots);
	intern_init(t, t->limit);
}

/* The slot of a string, or the free slot where it would go. */
static uint32_t *
slot_of(const struct intern *t, struct span s, uint64_t hash)
{
	uint32_t mask = t->slot_count - 1, at = (uint32_t)hash & mask;

	for (; t->slots[at]; at = (at + 1) & mask) {
		uint32_t number = t->slots[at] - 1;

		if (t->hashes[number] == hash && span_eq(t->names[number], s))
			break;
	}
	return &t->slots[at];
}

static void
grow_slots(struct intern *t)
{
	uint32_t count = t->slot_count ? t->slot_count * 2 : 16;

	free(t->slots);
	t->slots = xcalloc(count, sizeof *t->slots);
	for (uint32_t i = 0; i < t->n; i++) {
		uint32_t at = (uint32_t)t->hashes[i] & (count - 1);

		while (t->slots[at])
			at = (at + 1) & (count - 1);
		t->slots[at] = i + 1;
	}
	t->bytes += (count - t->slot_count) * sizeof *t->slots;
	t->slot_count = count;
}

static void
grow_names(struct intern *t)
{
	uint32_t cap = t->cap ? t->cap * 2 : 8;

	t->names = xreallocarray(t->names, cap, sizeof *t->names);
	t->hashes = xreallocarray(t->hashes, cap, sizeof *t->hashes);
	t->bytes += (cap - t->cap) * (sizeof *t->names + sizeof *t->hashes);
	t->cap = cap;
}

static inline uint64_t
load8(const char *p)
{
	uint64_t v;

	memcpy(&v, p, sizeof v);
	return v;
}

/* span_eq() without a call for what is short. */
static inline bool
is_name(struct span name, struct span s)
{
	if (name.n != s.n)
		return false;
	if (s.n < 8 || s.n > 24)
		return span_eq(name, s);
	size_t last = s.n - 8, middle = last < 8 ? last : 8;

	return load8(name.p) == load8(s.p) && load8(name.p + last) == load8(s.p + last) &&
	       load8(name.p + middle) == load8(s.p + middle);
}

static uint32_t
add(struct intern *t, struct span s)
{
	uint64_t hash = span_hash(s);

	if (t->n >= t->slot_count / 4 * 3)
		grow_slots(t);
	uint32_t *slot = slot_of(t, s, hash);

	if (*slot)
		return *slot - 1;
	if (t->n == INTERN_NONE - 1 || (t->limit && t->n >= t->limit))
		return INTERN_NONE;
	if (t->n == t->cap)
		grow_names(t);
	t->names[t->n] = span_of(xstrndup(s.p, s.n), s.n);
	t->hashes[t->n] = hash;
	t->bytes += s.n + 1;
	*slot = ++t->n;
	return t->n - 1;
}

uint32_t
intern_add(struct intern *t, struct span s)
{
	uint32_t *recent;

	if (!s.n)
		return add(t, s);
	recent = &t->recent[(s.n + (unsigned char)s.p[s.n - 1] * 5u) % INTERN_RECENT];
	if (*recent >= t->n || !is_name(t->names[*recent], s)) {
		uint32_t number = add(t, s);

		if (number == INTERN_NONE)
			return number;
		*recent = number;
	}
	return *recent;
}

uint32_t
intern_find(const struct intern *t, struct span s)
{
	return t->n ? *slot_of(t, s, span_hash(s)) - 1 : INTERN_NONE;
}

struct span
intern_name(const struct intern *t, uint32_t number)
{
	return number < t->n ? t->names[number] : SPAN_NONE;
}
