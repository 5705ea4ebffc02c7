/*
 * request_names.c: the table of requests (request.h), of which only the
 * beginnings are put in: those name the route.
 */
#include "config.h"

#include "core/request_names.h"

#include "core/alloc.h"
#include "core/request.h"

#include <stdlib.h>

enum {
	REQUESTS_MAX = 1 << 15, /* remembered */
	ROUTES_MAX = 100000,
};

struct request_names {
	struct requests *requests;
	struct intern routes;
};

static void
on_done(void *arg, const struct request *q)
{
	(void)arg;
	(void)q;
}

struct request_names *
request_names_new(void)
{
	struct request_names *n = xcalloc(1, sizeof *n);

	n->requests = requests_new(REQUESTS_MAX, on_done, NULL);
	intern_init(&n->routes, ROUTES_MAX);
	return n;
}

void
request_names_free(struct request_names *n)
{
	requests_free(n->requests);
	intern_release(&n->routes);
	free(n);
}

/* A request begins, as far as its name goes. */
static void
remember(struct request_names *n, const struct block *b, const struct part *p, struct span route)
{
	uint32_t number = intern_add(&n->routes, route);

	if (number != INTERN_NONE)
		requests_add(n->requests, &(struct request_part){
			.id_hash = p->id_hash, .time = b->time[p->row], .route = number, .start = true, .duration = -1,
		});
}

struct span
request_names_take(struct request_names *n, const struct block *b, uint32_t row)
{
	const struct part *p = block_part(b, row);
	struct span route = p && p->route != INTERN_NONE ? intern_name(&b->routes, p->route) : SPAN_NONE;

	if (!p || !p->id_hash || p->flags & (PART_ALONE | PART_FUNCTION))
		return route;
	if (route.n) {
		remember(n, b, p, route);
		return route;
	}
	const struct request *q = requests_find(n->requests, p->id_hash);

	return q ? intern_name(&n->routes, q->route) : SPAN_NONE;
}
