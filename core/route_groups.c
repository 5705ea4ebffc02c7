/*
 * route_groups: counting siblings.
 *
 * Each segment of a route that could be a slug is a place. What is left of the
 * route when the segment is taken out (its method, what stands before, what
 * stands behind) is hashed, and the routes with the same rest are counted:
 *
 *	GET /products/blue-shirt/reviews/
 *	    place 1: GET /products/ + /reviews/        1,204 routes   -> <slug>
 *	    place 2: GET /products/blue-shirt/ + /         3 routes
 *
 * Names are unique, so the routes of one rest differ in that segment and their
 * number is the number of siblings. A route joins the group of its last place
 * that has too many. A group is a route too, and where two segments vary
 * the next round finds the second one.
 *
 * Not places: segments with a placeholder in them already, and the first one;
 * "/login/" and "/cart/" are parts of an application, however many it has.
 * Hashes of 64 bits stand for the texts: two alike are not expected in the life of
 * a log, and would put a row with the wrong ones.
 */
#include "config.h"

#include "core/route_groups.h"

#include <ctype.h>
#include <stdlib.h>

#include "core/alloc.h"

enum {
	ROUNDS = 3,       /* segments of one route that may vary */
	PLACES = 8,       /* segments that are looked at */
	GROUPED = 1 << 30 /* numbers from here on are groups' */
};

/* A route or a group; the first ones are the rows, in their order. */
struct route_entry {
	struct span name;
	char *owned;   /* the name of a group */
	size_t group;  /* entry that it became part of, or NONE */
};

#define NONE SIZE_MAX

struct place {
	size_t from, to; /* the segment in the name */
};

/* How many routes have a rest, and the group made of them. */
struct sibling {
	uint64_t rest; /* hash; 0: free */
	uint32_t count;
	size_t group;
};

struct siblings {
	struct sibling *slots;
	size_t mask;
};

static size_t
add_entry(struct route_groups *g, struct span name, char *owned)
{
	if (g->n == g->cap) {
		g->cap = g->cap ? 2 * g->cap : 64;
		g->entries = xreallocarray(g->entries, g->cap, sizeof *g->entries);
	}
	g->entries[g->n] = (struct route_entry){ name, owned, NONE };
	return g->n++;
}

/* The places of a route, in order. */
static size_t
find_places(struct span name, struct place places[PLACES])
{
	ptrdiff_t slash = span_chr(name, '/');
	size_t n = 0, segments = 0;

	while (slash >= 0 && n < PLACES) {
		size_t from = (size_t)slash + 1;
		ptrdiff_t next = span_chr(span_from(name, from), '/');
		size_t to = next < 0 ? name.n : from + (size_t)next;

		if (to > from && segments++ && !memchr(name.p + from, '<', to - from))
			places[n++] = (struct place){ from, to };
		slash = next < 0 ? -1 : (ptrdiff_t)to;
	}
	return n;
}

static uint64_t
hash_rest(struct span name, struct place at)
{
	uint64_t before = span_hash(span_head(name, at.from));
	uint64_t behind = span_hash(span_from(name, at.to));
	uint64_t hash = (before ^ behind << 32 ^ behind >> 32) * UINT64_C(0x9e3779b97f4a7c15);

	hash ^= hash >> 29;
	return hash ? hash : 1;
}

static struct sibling *
find_sibling(struct siblings *s, uint64_t rest)
{
	size_t i = rest & s->mask;

	while (s->slots[i].rest && s->slots[i].rest != rest)
		i = (i + 1) & s->mask;
	return &s->slots[i];
}

static void
siblings_init(struct siblings *s, size_t routes)
{
	size_t size = 64;

	while (size < 2 * PLACES * routes)
		size *= 2;
	s->slots = xcalloc(size, sizeof *s->slots);
	s->mask = size - 1;
}

static void
count_places(struct siblings *s, struct span name)
{
	struct place places[PLACES];
	size_t n = find_places(name, places);

	for (size_t i = 0; i < n; i++) {
		uint64_t rest = hash_rest(name, places[i]);
		struct sibling *sibling = find_sibling(s, rest);

		if (!sibling->rest)
			*sibling = (struct sibling){ rest, 0, NONE };
		sibling->count++;
	}
}

static size_t
make_group(struct route_groups *g, struct span name, struct place at)
{
	struct strbuf b = STRBUF_INIT;

	strbuf_add(&b, span_head(name, at.from));
	strbuf_str(&b, ROUTE_SLUG);
	strbuf_add(&b, span_from(name, at.to));
	return add_entry(g, span_of(b.p, b.n), b.p);
}

/* Whether the entry became part of a group. */
static bool
join_group(struct route_groups *g, struct siblings *s, size_t entry)
{
	struct span name = g->entries[entry].name;
	struct place places[PLACES];

	for (size_t i = find_places(name, places); i-- > 0;) {
		struct sibling *sibling = find_sibling(s, hash_rest(name, places[i]));

		if (sibling->count <= ROUTE_SIBLINGS)
			continue;
		if (sibling->group == NONE)
			sibling->group = make_group(g, name, places[i]);
		g->entries[entry].group = sibling->group;
		return true;
	}
	return false;
}

/* One round over the routes and groups that stand for themselves; false when nothing varies. */
static bool
group_once(struct route_groups *g)
{
	struct siblings s;
	size_t n = g->n;
	bool any = false;

	siblings_init(&s, n);
	for (size_t i = 0; i < n; i++)
		if (g->entries[i].group == NONE)
			count_places(&s, g->entries[i].name);
	for (size_t i = 0; i < n; i++)
		if (g->entries[i].group == NONE)
			any = join_group(g, &s, i) || any;
	free(s.slots);
	return any;
}

static void
merge(struct rollup_route *into, struct rollup_route *from)
{
	into->count += from->count;
	into->failed += from->failed;
	into->slow += from->slow;
	sketch_merge(&into->latency, &from->latency);
	sketch_release(&from->latency);
	/* The quantile of a sixteenth cannot be had from its parts': the worst one says most. */
	for (size_t i = 0; i < ARRAY_SIZE(into->trend); i++)
		if (from->trend[i] > into->trend[i])
			into->trend[i] = from->trend[i];
}

/* Put each row into the row of its group, which is the first that came for it. */
static size_t
merge_rows(const struct route_groups *g, struct rollup_route *rows, size_t n)
{
	size_t *row_of = xcalloc(g->n, sizeof *row_of), kept = 0; /* + 1 */

	for (size_t i = 0; i < n; i++) {
		size_t entry = i;

		while (g->entries[entry].group != NONE)
			entry = g->entries[entry].group;
		if (row_of[entry]) {
			merge(&rows[row_of[entry] - 1], &rows[i]);
			continue;
		}
		rows[kept] = rows[i];
		if (entry != i)
			rows[kept].route = GROUPED + (uint32_t)entry;
		row_of[entry] = ++kept;
	}
	free(row_of);
	return kept;
}

size_t
route_groups_fold(struct route_groups *g, struct rollup_route *rows, size_t n, const struct intern *names)
{
	if (n <= ROUTE_SIBLINGS)
		return n;
	for (size_t i = 0; i < n; i++)
		add_entry(g, intern_name(names, rows[i].route), NULL);
	for (int round = 0; round < ROUNDS && group_once(g); round++)
		;
	return merge_rows(g, rows, n);
}

struct span
route_groups_name(const struct route_groups *g, const struct intern *names, uint32_t route)
{
	bool grouped = route >= GROUPED && route - GROUPED < g->n;

	return grouped ? g->entries[route - GROUPED].name : intern_name(names, route);
}

void
route_groups_release(struct route_groups *g)
{
	for (size_t i = 0; i < g->n; i++)
		free(g->entries[i].owned);
	free(g->entries);
	*g = (struct route_groups)ROUTE_GROUPS_INIT;
}

void
route_groups_glob(struct strbuf *out, struct span route)
{
	while (route.n) {
		struct span slug = SPAN_LIT(ROUTE_SLUG);
		bool starts = span_starts(route, slug);

		/* What a query gives a meaning of its own would have to be quoted, and then * is no pattern. */
		if (starts || !(isalnum((unsigned char)route.p[0]) || strchr("/._-~%:@+", route.p[0])))
			strbuf_char(out, '*');
		else
			strbuf_char(out, route.p[0]);
		route = span_from(route, starts ? slug.n : 1);
	}
}
