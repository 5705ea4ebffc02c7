/*
 * The demo's shop at work. The idea: three kinds of things arrive at random
 * (requests, tasks, lines of other services), each at its own rate, which
 * follows the same ripple over the day. An arrival decides at once all that
 * will come of it and puts the lines; demo_log writes them when their time
 * has come. Time passes in steps, so that few lines wait at any moment.
 *
 * What goes wrong, and when, is in demo_story.c.
 */
#include "config.h"

#include "core/demo_sim.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/alloc.h"
#include "core/clock.h"
#include "core/demo_line.h"
#include "core/demo_rand.h"
#include "core/demo_story.h"
#include "core/demo_text.h"

#define STEP NSEC
#define ARRIVALS 3
#define SLOW 1000000u       /* microseconds; slower requests are reported */
#define ASSETS_CHANCE 0.4   /* that a page asks for one more file */
#define ACCIDENTS 0.005     /* share of requests that fail on an ordinary day */
#define USERS 2400
#define SCANNER_IP "203.0.113.66"

struct demo_sim {
	struct demo_log *log;
	struct demo_rand rand;
	struct demo_story story;
	double rate;
	int64_t now;
	int64_t next[ARRIVALS];
	struct strbuf message, fields;
};

static void request(struct demo_sim *s, int64_t t);
static void task(struct demo_sim *s, int64_t t);
static void chat(struct demo_sim *s, int64_t t);

static const struct {
	void (*happen)(struct demo_sim *s, int64_t t);
	double share; /* of the rate */
	bool crowd;   /* there are more of them in a crowd */
} arrivals[ARRIVALS] = {
	{ request, 1.0, true },
	{ task, 0.10, false },
	{ chat, 0.22, false },
};

/* Draw one of n rows by weight; `first` is the weight of the first, the rows are `row` bytes. */
static size_t
pick(struct demo_rand *r, const double *first, size_t row, size_t n)
{
	const char *at = (const char *)first;
	double left = 0;
	size_t i;

	for (i = 0; i < n; i++)
		left += *(const double *)(at + i * row);
	left *= demo_rand_unit(r);
	for (i = 0; i + 1 < n && left >= *(const double *)(at + i * row); i++)
		left -= *(const double *)(at + i * row);
	return i;
}

#define PICK(r, table, n) pick((r), &(table)->weight, sizeof *(table), (n))

/* 0.48 to 1: business goes up and down within the hour. */
static double
ripple(int64_t t)
{
	double minutes = fmod((double)t / 60e9, 47 * 73);

	return 0.74 + 0.18 * sin(2 * M_PI * minutes / 47) +
	       0.08 * sin(2 * M_PI * minutes / 7.3);
}

static double
rate_of(const struct demo_sim *s, size_t i, int64_t t)
{
	const struct demo_trouble *crowd = demo_story_crowd(&s->story, t);
	double rate = s->rate * arrivals[i].share * ripple(t);

	return arrivals[i].crowd && crowd ? rate * (1 + crowd->crowd) : rate;
}

/* A random UUID, version 4. */
static void
draw_id(struct demo_rand *r, char id[37])
{
	uint64_t a = demo_rand_next(r), b = demo_rand_next(r);

	snprintf(id, 37, "%08x-%04x-4%03x-%04x-%012llx", (unsigned)(a >> 32),
		(unsigned)(a >> 16 & 0xffff), (unsigned)(a & 0xfff),
		(unsigned)(b >> 48 & 0x3fff) | 0x8000, (unsigned long long)b & 0xffffffffffff);
}

static void
draw_path(struct demo_rand *r, struct demo_request *q)
{
	const struct demo_route *route = q->route;

	if (route == &demo_routes[DEMO_UNKNOWN])
		snprintf(q->path, sizeof q->path, "%s",
			demo_scans[demo_rand_below(r, (unsigned)demo_scans_n)]);
	else if (route->ids > 0)
		snprintf(q->path, sizeof q->path, "%s%u%s", route->before,
			1 + demo_rand_below(r, route->ids), route->after);
	else
		snprintf(q->path, sizeof q->path, "%s", route->before);
}

static void
draw_client(struct demo_rand *r, struct demo_request *q)
{
	static const char nets[][12] = { "192.0.2", "198.51.100", "203.0.113" };
	enum demo_route_id route = (enum demo_route_id)(q->route - demo_routes);
	bool person = route != DEMO_HEALTH && route != DEMO_UNKNOWN;

	if (route == DEMO_UNKNOWN)
		snprintf(q->ip, sizeof q->ip, SCANNER_IP);
	else if (route == DEMO_HEALTH)
		snprintf(q->ip, sizeof q->ip, "10.20.0.%u", 2 + demo_rand_below(r, 3));
	else
		snprintf(q->ip, sizeof q->ip, "%s.%u", nets[demo_rand_below(r, ARRAY_SIZE(nets))],
			1 + demo_rand_below(r, 250));
	q->agent = person ? demo_agents[demo_rand_below(r, (unsigned)demo_agents_n)] :
		route == DEMO_HEALTH ? "kube-probe/1.33" : "python-requests/2.32.4";
	q->user = person && demo_rand_chance(r, 0.6) ? 1 + demo_rand_below(r, USERS) : 0;
}

static enum demo_route_id
draw_route(struct demo_sim *s, int64_t t)
{
	const struct demo_trouble *crowd = demo_story_crowd(&s->story, t);

	if (crowd && demo_rand_chance(&s->rand, crowd->crowd / (1 + crowd->crowd)))
		return crowd->route;
	return (enum demo_route_id)PICK(&s->rand, demo_routes, DEMO_ROUTES);
}

/* How it ends and how long that takes. */
static void
draw_outcome(struct demo_sim *s, int64_t t, struct demo_request *q)
{
	const struct demo_route *route = q->route;
	struct demo_effect effect = demo_story_effect(&s->story, t,
		(enum demo_route_id)(route - demo_routes), &s->rand);
	double took = effect.slow * demo_rand_latency(&s->rand, route->median, route->sigma);
	enum demo_fault_id fault = effect.fault;

	if (fault == DEMO_FINE && demo_rand_chance(&s->rand, ACCIDENTS))
		fault = route->accident;
	if (fault == DEMO_FINE && demo_rand_chance(&s->rand, route->odd_share))
		fault = route->odd;
	q->fault = &demo_faults[fault];
	q->took = (unsigned)(fmin(took + q->fault->least, 60) * 1e6) + 1;
	q->size = 145;
	if (fault == DEMO_FINE)
		q->size = (unsigned)demo_rand_latency(&s->rand, route->size, 0.25);
}

static void
put_start(struct demo_sim *s, int64_t t, const struct demo_request *q)
{
	char user[16] = "null";

	if (q->user)
		snprintf(user, sizeof user, "%u", q->user);
	demo_line_json(s->log, t, "django.request", "INFO", "Request started",
		"\"request_id\": \"%s\", \"method\": \"%s\", \"path\": \"%s\", "
		"\"view_name\": \"%s\", \"user_id\": %s, \"ip_address\": \"%s\", "
		"\"user_agent\": \"%s\"", q->id, q->route->method, q->path, q->route->view, user,
		q->ip, q->agent);
}

/* What the application says while it works on a request. */
static void
put_notes(struct demo_sim *s, int64_t t, const struct demo_request *q)
{
	for (size_t i = 0; i < demo_notes_n; i++) {
		const struct demo_note *note = &demo_notes[i];

		if (&demo_routes[note->route] != q->route ||
		    !demo_rand_chance(&s->rand, note->share))
			continue;
		demo_line_digits(&s->message, note->message, &s->rand);
		demo_line_digits(&s->fields, note->fields, &s->rand);
		demo_line_json(s->log, t + (int64_t)(q->took * 1000.0 * demo_rand_unit(&s->rand)),
			note->logger, note->level, s->message.p, "%s, \"request_id\": \"%s\"",
			s->fields.p, q->id);
	}
}

/* Why it did not get what it asked for. */
static void
put_fault(struct demo_sim *s, int64_t t, const struct demo_request *q)
{
	char text[128];

	if (q->fault->frames) {
		demo_line_failure(s->log, t, q);
		return;
	}
	snprintf(text, sizeof text, "%s: %s", q->fault->message, q->path);
	demo_line_json(s->log, t, "django.request", "WARNING", text,
		"\"status_code\": %d, \"request_id\": \"%s\"", q->fault->status, q->id);
}

static void
put_end(struct demo_sim *s, int64_t t, const struct demo_request *q)
{
	demo_line_json(s->log, t, "django.request", "INFO", "Request completed",
		"\"request_id\": \"%s\", \"status_code\": %d, \"duration\": " DEMO_SECONDS
		", \"response_size\": %u", q->id, q->fault->status,
		DEMO_SECONDS_OF(q->took), q->size);
	if (q->took > SLOW)
		demo_line_json(s->log, t, "django.request", "WARNING", "Slow request detected",
			"\"request_id\": \"%s\", \"duration\": " DEMO_SECONDS ", \"path\": \"%s\", "
			"\"method\": \"%s\"", q->id, DEMO_SECONDS_OF(q->took), q->path,
			q->route->method);
}

/* The page's pictures and scripts, which never reach the application. */
static void
put_assets(struct demo_sim *s, int64_t t, const struct demo_request *q)
{
	while (demo_rand_chance(&s->rand, ASSETS_CHANCE)) {
		const struct demo_asset *a = &demo_assets[demo_rand_below(&s->rand, (unsigned)demo_assets_n)];
		unsigned took = (unsigned)(1e6 * demo_rand_latency(&s->rand, 0.0012, 0.6));

		t += (int64_t)(1e8 * demo_rand_unit(&s->rand));
		demo_line_digits(&s->message, a->path, &s->rand);
		demo_line_access(s->log, t, q, s->message.p, a->status, a->size, took + 1);
	}
}

static void
request(struct demo_sim *s, int64_t t)
{
	struct demo_request q = { .route = &demo_routes[draw_route(s, t)] };
	int64_t end;

	draw_id(&s->rand, q.id);
	draw_path(&s->rand, &q);
	draw_client(&s->rand, &q);
	draw_outcome(s, t, &q);
	end = t + (int64_t)q.took * 1000;
	put_start(s, t, &q);
	if (q.fault == &demo_faults[DEMO_FINE])
		put_notes(s, t, &q);
	else
		put_fault(s, end, &q);
	put_end(s, end, &q);
	if (!strcmp(q.route->method, "GET"))
		put_assets(s, end, &q);
}

static void
task(struct demo_sim *s, int64_t t)
{
	const struct demo_task *kind = &demo_tasks[PICK(&s->rand, demo_tasks, demo_tasks_n)];
	unsigned took = (unsigned)(1e6 * demo_rand_latency(&s->rand, kind->median, kind->sigma));
	bool fails = demo_rand_chance(&s->rand, kind->fails);
	bool again = demo_rand_chance(&s->rand, 0.5);
	char id[37], head[128], worker[32], text[320];

	draw_id(&s->rand, id);
	demo_line_digits(&s->message, kind->result, &s->rand);
	snprintf(head, sizeof head, "Task %s[%s]", kind->name, id);
	snprintf(worker, sizeof worker, "ForkPoolWorker-%u", 1 + demo_rand_below(&s->rand, 4));
	snprintf(text, sizeof text, "%s received", head);
	demo_line_celery(s->log, t, "INFO", "MainProcess", text, NULL);
	if (!fails)
		snprintf(text, sizeof text, "%s succeeded in " DEMO_SECONDS "s: %s", head,
			DEMO_SECONDS_OF(took), s->message.p);
	else if (again)
		snprintf(text, sizeof text, "%s retry: Retry in 30s: %s", head, demo_task_error);
	else
		snprintf(text, sizeof text, "%s raised unexpected: %s", head, demo_task_error);
	demo_line_celery(s->log, t + (int64_t)took * 1000, fails && !again ? "ERROR" : "INFO",
		worker, text, fails && !again ? demo_task_traceback : NULL);
}

static void
chat(struct demo_sim *s, int64_t t)
{
	const struct demo_chat *kind = &demo_chats[PICK(&s->rand, demo_chats, demo_chats_n)];

	demo_line_digits(&s->message, kind->message, &s->rand);
	demo_line_text(s->log, t, kind->level, kind->module, 880 + demo_rand_below(&s->rand, 3),
		s->message.p, kind->traceback);
}

struct demo_sim *
demo_sim_new(struct demo_log *log, uint64_t seed, double rate, int64_t start)
{
	struct demo_sim *s = xcalloc(1, sizeof *s);

	s->log = log;
	s->rand.state = seed;
	s->rate = rate;
	s->now = start;
	demo_story_init(&s->story, log, demo_rand_next(&s->rand), start);
	for (size_t i = 0; i < ARRIVALS; i++)
		s->next[i] = start;
	return s;
}

void
demo_sim_free(struct demo_sim *s)
{
	if (s == NULL)
		return;
	strbuf_release(&s->message);
	strbuf_release(&s->fields);
	free(s);
}

int
demo_sim_advance(struct demo_sim *s, int64_t until)
{
	int rc = 0;

	while (rc == 0 && s->now < until) {
		s->now = until - s->now > STEP ? s->now + STEP : until;
		demo_story_step(&s->story, s->now);
		for (size_t i = 0; i < ARRIVALS; i++)
			while (s->next[i] <= s->now) {
				arrivals[i].happen(s, s->next[i]);
				s->next[i] += (int64_t)(1e9 * demo_rand_wait(&s->rand,
					rate_of(s, i, s->next[i])));
			}
		rc = demo_log_write(s->log, s->now);
	}
	return rc;
}

void
demo_sim_show(struct demo_sim *s)
{
	demo_story_show(&s->story, s->now);
}

int
demo_sim_skip(struct demo_sim *s, int64_t now)
{
	int64_t delta = now - s->now;

	demo_story_shift(&s->story, delta);
	for (size_t i = 0; i < ARRIVALS; i++)
		s->next[i] += delta;
	s->now = now;
	return demo_log_write(s->log, INT64_MAX);
}

int64_t
demo_sim_now(const struct demo_sim *s)
{
	return s->now;
}
