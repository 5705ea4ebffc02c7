#include "config.h"

#include "core/trail.h"

#include "core/alloc.h"

#include <stdlib.h>
#include <string.h>

struct trail_file *
trail_insert(struct trail *t, size_t i)
{
	ARRAY_GROW(t->v, t->n, t->cap);
	memmove(t->v + i + 1, t->v + i, (t->n - i) * sizeof *t->v);
	t->at += t->n && t->at >= i;
	t->n++;
	return &t->v[i];
}

void
trail_drop(struct trail *t, size_t i)
{
	trail_file_release(&t->v[i]);
	memmove(t->v + i, t->v + i + 1, (--t->n - i) * sizeof *t->v);
	t->at -= t->at > i;
}

void
trail_release(struct trail *t)
{
	while (t->n)
		trail_drop(t, t->n - 1);
	free(t->v);
	*t = (struct trail){ 0 };
}

void
trail_bring_forward(struct trail *t, size_t i)
{
	struct trail_file f = t->v[i];

	memmove(t->v + i, t->v + i + 1, (t->n - 1 - i) * sizeof *t->v);
	*trail_front(t) = f;
	if (t->at == i)
		t->at = t->n - 1;
	else
		t->at -= t->at > i;
}

size_t
trail_find(const struct trail *t, const struct stat *st)
{
	size_t i = 0;

	while (i < t->n && !source_file_is(t->v[i].file, st))
		i++;
	return i;
}
