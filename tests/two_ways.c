/* two_ways: see two_ways.h. */
#include "config.h"

#include "tests/two_ways.h"

#include "core/alloc.h"
#include "core/json_index.h"
#include "core/json_shapes.h"

#include <stdlib.h>

#define NOW (INT64_C(1761444000) * NSEC)

void
two_ways_init(struct two_ways *w)
{
	memset(w, 0, sizeof *w);
	for (unsigned way = 0; json_index_way(way) && json_index_choose(way); way++) {
		parser_init(&w->used[w->n]);
		w->used[w->n++].time.yearless_ref = NOW;
	}
}

void
two_ways_release(struct two_ways *w)
{
	for (unsigned i = 0; i < w->n; i++)
		parser_release(&w->used[i]);
}

/* A value as a place: where in the line it begins; elsewhere, its bytes. */
static bool
same_value(struct span a, struct span b, struct span line)
{
	bool inside = a.p >= line.p && a.p <= line.p + line.n;

	if (!a.p != !b.p || a.n != b.n)
		return false;
	return inside ? a.p == b.p : span_eq(a, b);
}

static const char *
compare(const struct parsed *a, const struct parsed *b, struct span line)
{
	if (a->time != b->time || a->naive != b->naive)
		return "time";
	if (a->level != b->level)
		return "level";
	if (a->status != b->status || a->size != b->size)
		return "status or size";
	if (memcmp(&a->duration, &b->duration, sizeof a->duration) != 0)
		return "duration";
	if (a->flags != b->flags)
		return "flags";
	if (a->escaped != b->escaped)
		return "escaped";
	for (int f = 0; f < FIELD_COUNT; f++)
		if (!same_value(a->field[f], b->field[f], line))
			return field_info[f].name;
	return NULL;
}

/* Framed first, as the joiner does, where the bytes behind the line are a line end. */
static const struct format *
read_used(struct parser *p, struct span line, const struct format *only, struct parsed *out)
{
	p->only = only;
	format_frame(p, span_of(line.p, line.n + 1));
	return format_detect(p, line, out);
}

/* `line` has a line end behind it. */
static const char *
differ(struct two_ways *w, struct span line, const struct format *only)
{
	struct parsed plain, quick;
	struct parser fresh;
	const char *what = NULL;

	parser_init(&fresh);
	fresh.time.yearless_ref = NOW;
	fresh.memory = w->memory;
	fresh.only = only;
	const struct format *f = format_detect(&fresh, line, &plain);

	for (unsigned i = 0; i < w->n && !what; i++) {
		json_index_choose(i);
		w->used[i].memory = w->memory;
		if (read_used(&w->used[i], line, only, &quick) != f)
			what = "format";
		else
			what = compare(&plain, &quick, line);
	}
	parser_release(&fresh);
	return what;
}

const char *
two_ways_differ(struct two_ways *w, struct span line, const struct format *only)
{
	/* A copy that ends with the line, so that reading beyond it is noticed. */
	char *copy = xmalloc(line.n + 1);

	memcpy(copy, line.p ? line.p : "", line.n);
	copy[line.n] = '\n';
	const char *what = differ(w, span_of(copy, line.n), only);

	free(copy);
	return what;
}
