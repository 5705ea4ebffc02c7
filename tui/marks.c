/*
 * marks: a sorted list, found in by halves. There are few.
 */
#include "config.h"

#include "tui/marks.h"

#include "core/alloc.h"

#include <stdlib.h>
#include <string.h>

/* The first that is not before the place. */
static size_t
lower_bound(const struct marks *m, struct place at)
{
	size_t low = 0, high = m->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (place_cmp(m->v[middle], at) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool
is_at(const struct marks *m, size_t i, struct place at)
{
	return i < m->n && place_cmp(m->v[i], at) == 0;
}

bool
marks_has(const struct marks *m, struct place at)
{
	return is_at(m, lower_bound(m, at), at);
}

bool
marks_toggle(struct marks *m, struct place at)
{
	size_t i = lower_bound(m, at);

	if (is_at(m, i, at)) {
		m->n--;
		memmove(m->v + i, m->v + i + 1, (m->n - i) * sizeof *m->v);
		return false;
	}
	ARRAY_GROW(m->v, m->n, m->cap);
	memmove(m->v + i + 1, m->v + i, (m->n - i) * sizeof *m->v);
	m->v[i] = at;
	m->n++;
	return true;
}

size_t
marks_after(const struct marks *m, struct place at)
{
	size_t i = lower_bound(m, at);

	i += is_at(m, i, at);
	if (i < m->n)
		return i;
	return m->n ? 0 : SIZE_MAX;
}

void
marks_release(struct marks *m)
{
	free(m->v);
	*m = (struct marks){ NULL, 0, 0 };
}
