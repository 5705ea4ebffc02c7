/*
 * slots: an ordered map from times to pointers, in two levels.
 *
 *   chunks   [0]            [1]            [2]
 *             at   1 2 5     7 8 9 10       12 13
 *             item a b c     d e f g        h  i
 *
 * A chunk has room for 64 and is never empty; all times of a chunk are below
 * those of the next. A full chunk is cut in half, except at either end of the
 * order, where a new one begins: files are read forwards and backwards, and
 * both leave full chunks behind. What it does not do: take out anything but
 * the first, or join chunks.
 */
#include "config.h"

#include "core/slots.h"

#include "core/alloc.h"

#include <stdlib.h>
#include <string.h>

enum { CHUNK = 64 };

struct slots_chunk {
	size_t n;
	int64_t at[CHUNK];
	void *item[CHUNK];
};

void
slots_release(struct slots *s)
{
	for (size_t i = 0; i < s->n_chunks; i++)
		free(s->chunks[i]);
	free(s->chunks);
	memset(s, 0, sizeof *s);
}

/* The last chunk that begins at or before a time, or the first. */
static size_t
chunk_for(const struct slots *s, int64_t at)
{
	size_t low = 0, high = s->n_chunks;

	if (high && s->chunks[high - 1]->at[0] <= at)
		return high - 1;
	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		if (s->chunks[middle]->at[0] <= at)
			low = middle;
		else
			high = middle;
	}
	return low;
}

/* The first of a chunk that is not before a time. */
static size_t
place_in(const struct slots_chunk *c, int64_t at)
{
	size_t low = 0, high = c->n;

	if (high && c->at[high - 1] < at)
		return high;
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (c->at[middle] < at)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

void *
slots_find(const struct slots *s, int64_t at)
{
	if (!s->n)
		return NULL;
	const struct slots_chunk *c = s->chunks[chunk_for(s, at)];
	size_t i = place_in(c, at);

	return i < c->n && c->at[i] == at ? c->item[i] : NULL;
}

static struct slots_chunk *
chunk_new(struct slots *s, size_t before)
{
	struct slots_chunk *c = xmalloc(sizeof *c);

	c->n = 0;
	ARRAY_GROW(s->chunks, s->n_chunks, s->cap);
	memmove(s->chunks + before + 1, s->chunks + before,
		(s->n_chunks - before) * sizeof *s->chunks);
	s->chunks[before] = c;
	s->n_chunks++;
	return c;
}

/* The chunk, with room, that a time goes to. */
static struct slots_chunk *
chunk_with_room(struct slots *s, int64_t at)
{
	if (!s->n_chunks)
		return chunk_new(s, 0);
	size_t number = chunk_for(s, at);
	struct slots_chunk *c = s->chunks[number];

	if (c->n < CHUNK)
		return c;
	if (number == 0 && at < c->at[0])
		return chunk_new(s, 0);
	if (number + 1 == s->n_chunks && at > c->at[CHUNK - 1])
		return chunk_new(s, number + 1);
	struct slots_chunk *second = chunk_new(s, number + 1);

	c->n = second->n = CHUNK / 2;
	memcpy(second->at, c->at + CHUNK / 2, sizeof c->at / 2);
	memcpy(second->item, c->item + CHUNK / 2, sizeof c->item / 2);
	return at < second->at[0] ? c : second;
}

void
slots_insert(struct slots *s, int64_t at, void *item)
{
	struct slots_chunk *c = chunk_with_room(s, at);
	size_t i = place_in(c, at);

	memmove(c->at + i + 1, c->at + i, (c->n - i) * sizeof *c->at);
	memmove(c->item + i + 1, c->item + i, (c->n - i) * sizeof *c->item);
	c->at[i] = at;
	c->item[i] = item;
	c->n++;
	s->n++;
}

void *
slots_first(const struct slots *s)
{
	return s->n ? s->chunks[0]->item[0] : NULL;
}

void *
slots_last(const struct slots *s)
{
	if (!s->n)
		return NULL;
	const struct slots_chunk *c = s->chunks[s->n_chunks - 1];

	return c->item[c->n - 1];
}

void *
slots_remove_first(struct slots *s)
{
	struct slots_chunk *c = s->chunks[0];
	void *item = c->item[0];

	c->n--;
	s->n--;
	memmove(c->at, c->at + 1, c->n * sizeof *c->at);
	memmove(c->item, c->item + 1, c->n * sizeof *c->item);
	if (!c->n) {
		free(c);
		s->n_chunks--;
		memmove(s->chunks, s->chunks + 1, s->n_chunks * sizeof *s->chunks);
	}
	return item;
}

struct slots_place
slots_seek(const struct slots *s, int64_t at)
{
	if (!s->n)
		return (struct slots_place){ 0, 0 };
	size_t chunk = chunk_for(s, at);

	return (struct slots_place){ chunk, place_in(s->chunks[chunk], at) };
}

void *
slots_next(const struct slots *s, struct slots_place *place)
{
	if (place->chunk < s->n_chunks && place->i >= s->chunks[place->chunk]->n)
		*place = (struct slots_place){ place->chunk + 1, 0 };
	return place->chunk < s->n_chunks ? s->chunks[place->chunk]->item[place->i++] : NULL;
}

size_t
slots_memory(const struct slots *s)
{
	return s->n_chunks * sizeof(struct slots_chunk) + s->cap * sizeof *s->chunks;
}
