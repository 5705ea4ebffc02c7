#include "config.h"

#include "core/last_texts.h"

#include "core/alloc.h"

#include <stdlib.h>

static uint64_t
held(const struct last_texts *l)
{
	return l->n < l->limit ? l->n : l->limit;
}

void
last_texts_put(struct last_texts *l, struct span text)
{
	uint64_t slot = l->n++ % l->limit;

	if (l->n <= l->limit) {
		/* Grows by doubling, whatever the limit. */
		if (!(slot & (slot - 1)))
			l->v = xreallocarray(l->v, slot ? 2 * slot : 1, sizeof *l->v);
		l->v[slot] = (struct strbuf)STRBUF_INIT;
	}
	strbuf_clear(&l->v[slot]);
	strbuf_add(&l->v[slot], text);
}

void
last_texts_each(const struct last_texts *l, void (*fn)(void *arg, struct span text), void *arg)
{
	for (uint64_t i = l->n - held(l); i < l->n; i++)
		fn(arg, strbuf_span(&l->v[i % l->limit]));
}

void
last_texts_release(struct last_texts *l)
{
	for (uint64_t i = 0; i < held(l); i++)
		strbuf_release(&l->v[i]);
	free(l->v);
	*l = (struct last_texts){ .limit = l->limit };
}
