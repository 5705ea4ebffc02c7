/*
 * demo_story: what goes wrong in the demo's shop, and when.
 *
 * A story is an incident that comes back: a slow spell, a release with a
 * fault, a scanner, a crowd of customers. When one begins it puts the lines
 * that tell of it, and troubles, which bend the requests that start while
 * they last.
 */
#ifndef CORE_DEMO_STORY_H
#define CORE_DEMO_STORY_H

#include "core/demo_log.h"
#include "core/demo_rand.h"
#include "core/demo_text.h"

#define DEMO_STORIES 4
#define DEMO_TROUBLES 16

struct demo_trouble {
	int64_t from, until;      /* ns since 1970 */
	enum demo_route_id route; /* DEMO_ANY: all */
	double slow;              /* factor on the response time */
	double share;             /* of these requests fail ... */
	enum demo_fault_id fault; /* ... like this */
	double crowd;             /* requests of this route on top, 1.0 doubles the traffic */
};

struct demo_story {
	struct demo_log *log; /* borrowed */
	struct demo_rand rand;
	struct demo_trouble troubles[DEMO_TROUBLES];
	size_t n;
	int64_t next[DEMO_STORIES];
	unsigned spells, releases;
	unsigned pid; /* of the last worker that was started */
};

/* What the troubles do to a request. */
struct demo_effect {
	double slow;
	enum demo_fault_id fault;
};

/* A world that starts at `start`. Nothing to release. */
void demo_story_init(struct demo_story *s, struct demo_log *log, uint64_t seed, int64_t start);
/* Somebody looks from now on: the first incident within 20 s, another kind within 90 s. */
void demo_story_show(struct demo_story *s, int64_t now);
/* Move everything that is still to come by `delta` ns. */
void demo_story_shift(struct demo_story *s, int64_t delta);
/* Begin what is due until `now`. */
void demo_story_step(struct demo_story *s, int64_t now);

struct demo_effect demo_story_effect(const struct demo_story *s, int64_t t,
	enum demo_route_id route, struct demo_rand *r);
/* The largest crowd at t, or NULL. Borrowed until the next step. */
const struct demo_trouble *demo_story_crowd(const struct demo_story *s, int64_t t);

#endif
