/*
 * The incidents of the demo. The idea: one table of stories, each with its
 * rhythm and a function that begins it. A story is told in advance: all of
 * its lines are put at once, with the times at which they happen, and what
 * it does to requests is a row in the list of troubles. So nothing has to
 * be remembered between its beginning and its end.
 */
#include "config.h"

#include "core/demo_story.h"

#include <stdio.h>

#include "core/alloc.h"
#include "core/clock.h"
#include "core/demo_line.h"

#define WORKERS 4

static void slow_spell(struct demo_story *s, int64_t t);
static void release(struct demo_story *s, int64_t t);
static void scanner(struct demo_story *s, int64_t t);
static void crowd(struct demo_story *s, int64_t t);

static const struct {
	void (*begin)(struct demo_story *s, int64_t t);
	unsigned first;  /* seconds after the start of the history */
	unsigned shown;  /* seconds after somebody started to look */
	unsigned period; /* seconds to the next one ... */
	unsigned jitter; /* ... and up to this many more */
} stories[DEMO_STORIES] = {
	{ slow_spell, 180, 12, 570, 60 },
	{ release, 2100, 70, 900, 40 },
	{ scanner, 1000, 200, 1500, 300 },
	{ crowd, 2600, 330, 1900, 300 },
};

static int64_t
seconds(double s)
{
	return (int64_t)(s * 1e9);
}

static void
add_trouble(struct demo_story *s, struct demo_trouble trouble)
{
	if (s->n < DEMO_TROUBLES)
		s->troubles[s->n++] = trouble;
}

/* The pool of database connections runs dry; one route suffers most. */
static void
slow_spell(struct demo_story *s, int64_t t)
{
	static const enum demo_route_id sufferers[] = {
		DEMO_CHECKOUT, DEMO_SEARCH, DEMO_ORDERS, DEMO_CAPTURE,
	};
	enum demo_route_id route = sufferers[s->spells++ % ARRAY_SIZE(sufferers)];
	int64_t end = t + seconds(60 + demo_rand_below(&s->rand, 30));

	add_trouble(s, (struct demo_trouble){ t, end, route, 8.0, 0.20, DEMO_POOL_EMPTY, 0 });
	add_trouble(s, (struct demo_trouble){ t, end, route, 1.0, 0.05, DEMO_GATEWAY_TIMEOUT, 0 });
	add_trouble(s, (struct demo_trouble){ t, end, DEMO_ANY, 1.5, 0.03, DEMO_POOL_EMPTY, 0 });
	for (int64_t at = t; at < end; at += seconds(demo_rand_wait(&s->rand, 1.0)))
		demo_line_json(s->log, at, "shop.db", "WARNING", "Connection pool exhausted",
			"\"pool\": \"primary\", \"in_use\": 20, \"size\": 20, \"waiting\": %u, "
			"\"view_name\": \"%s\"", 1 + demo_rand_below(&s->rand, 30),
			demo_routes[route].view);
	if (demo_rand_chance(&s->rand, 0.5))
		demo_line_text(s->log, t + (end - t) / 3, "CRITICAL", "payments", s->pid,
			"Database refuses connections: remaining slots are reserved", NULL);
	demo_line_json(s->log, end, "shop.db", "INFO", "Connection pool recovered",
		"\"pool\": \"primary\", \"in_use\": 9, \"size\": 20, \"waiting\": 0");
}

/* The old workers leave, new ones come. */
static void
restart(struct demo_story *s, int64_t t)
{
	const char *const logger = "gunicorn.error";
	char text[64];

	demo_line_json(s->log, t, logger, "INFO", "Handling signal: hup", "\"pid\": 311");
	for (unsigned i = 0; i < WORKERS; i++) {
		unsigned old = s->pid - i, new = s->pid + WORKERS + 7 - i;

		snprintf(text, sizeof text, "Worker exiting (pid: %u)", old);
		demo_line_json(s->log, t + seconds(0.3 + 0.8 * i), logger, "INFO", text,
			"\"pid\": %u", old);
		snprintf(text, sizeof text, "Booting worker with pid: %u", new);
		demo_line_json(s->log, t + seconds(1.1 + 1.7 * i), logger, "INFO", text,
			"\"pid\": %u", new);
	}
	s->pid += WORKERS + 7;
}

/* One record of the deployment, `what` and the release's name. */
static void
tell(struct demo_story *s, int64_t t, const char *level, const char *what, const char *name)
{
	char text[128];

	snprintf(text, sizeof text, "%s %s", what, name);
	demo_line_json(s->log, t, "shop.deploy", level, text,
		"\"release\": \"%s\", \"environment\": \"production\"", name);
}

/* A new release: a moment without an answer, two minutes with a new fault, the way back. */
static void
release(struct demo_story *s, int64_t t)
{
	static const struct {
		enum demo_route_id route;
		enum demo_fault_id fault;
		double share;
		const char *remedy, *after;
	} bugs[] = {
		{ DEMO_CHECKOUT, DEMO_BUG_TIER, 0.45, "Rolling back release",
		  "Rollback is complete, gone is" },
		{ DEMO_ORDER, DEMO_BUG_ADDRESS, 0.30, "Rolling back release",
		  "Rollback is complete, gone is" },
		{ DEMO_PRODUCT, DEMO_BUG_PRICE, 0.15, "Applying a hotfix to",
		  "Hotfix is live in" },
	};
	size_t bug = s->releases++ % ARRAY_SIZE(bugs);
	int64_t down = t + seconds(6), up = down + seconds(8), back = up + seconds(120);
	struct civil day;
	char name[48];

	clock_civil(t, &day);
	snprintf(name, sizeof name, "%d.%d.%d-%u", day.year, day.month, day.day, s->releases);
	tell(s, t, "INFO", "Deploying release", name);
	tell(s, t + seconds(2.4), "INFO", "Migrations applied for", name);
	restart(s, down);
	tell(s, up, "INFO", "All workers run release", name);
	tell(s, back, "ERROR", "Error rate is above 2 % since", name);
	tell(s, back + seconds(1.5), "WARNING", bugs[bug].remedy, name);
	restart(s, back + seconds(2));
	tell(s, back + seconds(9), "INFO", bugs[bug].after, name);
	add_trouble(s, (struct demo_trouble){ down, up, DEMO_ANY, 1.0, 0.30,
		DEMO_BAD_GATEWAY, 0 });
	add_trouble(s, (struct demo_trouble){ up, back + seconds(4), bugs[bug].route, 1.0,
		bugs[bug].share, bugs[bug].fault, 0 });
}

/* Somebody looks for doors that other shops leave open. */
static void
scanner(struct demo_story *s, int64_t t)
{
	int64_t end = t + seconds(40);

	add_trouble(s, (struct demo_trouble){ t, end, DEMO_UNKNOWN, 1.0, 0, DEMO_FINE, 1.0 });
	demo_line_json(s->log, t + seconds(11), "shop.security", "WARNING",
		"Many unknown paths asked for by one address",
		"\"ip_address\": \"203.0.113.66\", \"paths\": 100");
	demo_line_json(s->log, end, "shop.security", "ERROR", "Address blocked for an hour",
		"\"ip_address\": \"203.0.113.66\", \"rule\": \"unknown-paths\"");
}

/* A newsletter goes out and its readers come. */
static void
crowd(struct demo_story *s, int64_t t)
{
	demo_line_json(s->log, t, "shop.campaigns", "INFO", "Newsletter sent",
		"\"campaign\": \"autumn\", \"recipients\": 18204");
	add_trouble(s, (struct demo_trouble){ t + seconds(5), t + seconds(125), DEMO_PRODUCT, 1.6,
		0, DEMO_FINE, 0.9 });
}

void
demo_story_init(struct demo_story *s, struct demo_log *log, uint64_t seed, int64_t start)
{
	*s = (struct demo_story){ .log = log, .rand = { seed }, .pid = 2406 };
	for (size_t i = 0; i < DEMO_STORIES; i++)
		s->next[i] = start + seconds(stories[i].first);
}

void
demo_story_show(struct demo_story *s, int64_t now)
{
	for (size_t i = 0; i < DEMO_STORIES; i++)
		s->next[i] = now + seconds(stories[i].shown);
}

void
demo_story_shift(struct demo_story *s, int64_t delta)
{
	for (size_t i = 0; i < DEMO_STORIES; i++)
		s->next[i] += delta;
}

void
demo_story_step(struct demo_story *s, int64_t now)
{
	size_t kept = 0;

	for (size_t i = 0; i < s->n; i++)
		if (s->troubles[i].until > now)
			s->troubles[kept++] = s->troubles[i];
	s->n = kept;
	for (size_t i = 0; i < DEMO_STORIES; i++) {
		if (s->next[i] > now)
			continue;
		stories[i].begin(s, s->next[i]);
		s->next[i] += seconds(stories[i].period +
			demo_rand_below(&s->rand, stories[i].jitter));
	}
}

static bool
active(const struct demo_trouble *trouble, int64_t t)
{
	return trouble->from <= t && t < trouble->until;
}

struct demo_effect
demo_story_effect(const struct demo_story *s, int64_t t, enum demo_route_id route,
	struct demo_rand *r)
{
	struct demo_effect effect = { 1.0, DEMO_FINE };

	for (size_t i = 0; i < s->n; i++) {
		const struct demo_trouble *x = &s->troubles[i];

		if (!active(x, t) || (x->route != DEMO_ANY && x->route != route))
			continue;
		effect.slow *= x->slow;
		if (demo_rand_chance(r, x->share))
			effect.fault = x->fault;
	}
	return effect;
}

const struct demo_trouble *
demo_story_crowd(const struct demo_story *s, int64_t t)
{
	const struct demo_trouble *largest = NULL;

	for (size_t i = 0; i < s->n; i++) {
		const struct demo_trouble *x = &s->troubles[i];

		if (active(x, t) && x->crowd > (largest ? largest->crowd : 0))
			largest = x;
	}
	return largest;
}
