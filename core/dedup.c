/*
 * dedup.c: a ring of the last keys, and a hash table of chains into it.
 *
 * A key is the time and, of everything else, a 64-bit hash and the length.
 *
 *	heads[hash]  -> ring index -> next -> next -> END
 *	ring         [ key | key | key | ... ]   the oldest is overwritten
 */
#include "config.h"

#include "core/dedup.h"

#include "core/alloc.h"

#include <stdlib.h>

enum { HEADS = DEDUP_WINDOW, END = DEDUP_WINDOW };

struct key {
	int64_t time;
	uint64_t hash;
	size_t n;
};

struct dedup {
	struct key ring[DEDUP_WINDOW];
	uint32_t next[DEDUP_WINDOW], heads[HEADS];
	uint64_t added, folded;
	struct strbuf text;
};

struct dedup *
dedup_new(void)
{
	struct dedup *d = xcalloc(1, sizeof *d);

	for (size_t i = 0; i < HEADS; i++)
		d->heads[i] = END;
	return d;
}

void
dedup_free(struct dedup *d)
{
	if (!d)
		return;
	strbuf_release(&d->text);
	free(d);
}

static struct key
key_of(struct dedup *d, struct record *r)
{
	strbuf_clear(&d->text);
	strbuf_add(&d->text, r->logger);
	strbuf_char(&d->text, '\0');
	strbuf_add(&d->text, record_field(r, FIELD_PID));
	strbuf_char(&d->text, '\0');
	strbuf_add(&d->text, record_field(r, FIELD_MESSAGE));
	strbuf_char(&d->text, '\0');
	strbuf_add(&d->text, record_rest(r));
	return (struct key){ r->time, span_hash(strbuf_span(&d->text)), d->text.n };
}

static uint32_t *
head_of(struct dedup *d, const struct key *k)
{
	return &d->heads[(k->hash ^ (uint64_t)k->time * UINT64_C(0x9e3779b97f4a7c15)) >> 32 & (HEADS - 1)];
}

static bool
has(struct dedup *d, const struct key *k)
{
	for (uint32_t i = *head_of(d, k); i != END; i = d->next[i]) {
		const struct key *o = &d->ring[i];

		if (o->time == k->time && o->hash == k->hash && o->n == k->n)
			return true;
	}
	return false;
}

static void
forget(struct dedup *d, uint32_t slot)
{
	uint32_t *at = head_of(d, &d->ring[slot]);

	while (*at != slot)
		at = &d->next[*at];
	*at = d->next[slot];
}

static void
remember(struct dedup *d, const struct key *k)
{
	uint32_t slot = (uint32_t)(d->added % DEDUP_WINDOW), *head = head_of(d, k);

	if (d->added++ >= DEDUP_WINDOW)
		forget(d, slot);
	d->ring[slot] = *k;
	d->next[slot] = *head;
	*head = slot;
}

bool
dedup_seen(struct dedup *d, struct record *r)
{
	if (!r->own_time)
		return false;
	struct key k = key_of(d, r);
	bool seen = has(d, &k);

	if (seen)
		d->folded++;
	else
		remember(d, &k);
	return seen;
}

uint64_t
dedup_folded(const struct dedup *d)
{
	return d->folded;
}
