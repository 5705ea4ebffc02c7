/*
 * last_texts: the last N of the texts that were put in.
 */
#ifndef CORE_LAST_TEXTS_H
#define CORE_LAST_TEXTS_H

#include "core/strbuf.h"

/* Zero but for limit, which is above 0. */
struct last_texts {
	struct strbuf *v; /* owned: a ring */
	uint64_t limit, n; /* n: put in, in all */
};

void last_texts_put(struct last_texts *l, struct span text);
/* The oldest first. */
void last_texts_each(const struct last_texts *l, void (*fn)(void *arg, struct span text), void *arg);
void last_texts_release(struct last_texts *l);

#endif
