/*
 * route_groups: slugs, which only many routes together show.
 *
 * "/products/blue-shirt/" says of itself neither that "blue-shirt" is a name
 * nor that it changes. Where more than ROUTE_SIBLINGS routes of one method differ
 * in one segment only, that segment varies and becomes "<slug>"; what is known of
 * these routes is put together. It is done for what is shown, so nothing that
 * is held changes, and fewer siblings in a narrower window stand for themselves.
 */
#ifndef CORE_ROUTE_GROUPS_H
#define CORE_ROUTE_GROUPS_H

#include "core/intern.h"
#include "core/rollup.h"
#include "core/strbuf.h"

enum { ROUTE_SIBLINGS = 24 };

#define ROUTE_SLUG "<slug>"

struct route_groups {
	struct route_entry *entries; /* owned */
	size_t n, cap;
};

#define ROUTE_GROUPS_INIT { 0 }

/*
 * Put rows together, in place; `names` has the names of their routes, "METHOD /route/".
 * Returns how many rows remain; what the others owned is released. The row of a group has a
 * number of its own, whose name is route_groups_name's. Time and memory are linear in the rows.
 */
size_t route_groups_fold(struct route_groups *g, struct rollup_route *rows, size_t n,
			 const struct intern *names);

/* The name of a row's route, a group's or not; good until g or names are released. */
struct span route_groups_name(const struct route_groups *g, const struct intern *names,
			      uint32_t route);

void route_groups_release(struct route_groups *g);

/* Append the pattern (query.h) that the routes of a group fit: * for what varies. */
void route_groups_glob(struct strbuf *out, struct span route);

#endif
