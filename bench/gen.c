/*
 * gen: the log files that the benchmark reads, the same on every machine.
 *
 *	gen json|access BYTES FILE
 *
 * `json` is what the demo's web application writes (python-json-logger lines
 * of a Django shop, tracebacks in exc_info), `access` the access lines of the
 * gunicorn in front of it, duration last. The idea: let the demo's shop work
 * for a minute of log time, append what it wrote to FILE, until there is
 * enough; the demo's own files are rotated long before that size. FILE is at
 * most BYTES long and ends with a whole line.
 */
#include "config.h"

#include "core/alloc.h"
#include "core/clock.h"
#include "core/demo_line.h"
#include "core/demo_sim.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MINUTE (60 * NSEC)
#define SEED 20250909
#define RATE 120.0 /* requests a second; 1 GB is about five hours of them */

struct gen {
	struct demo_log *log;
	struct demo_sim *sim;
	struct demo_rand rand;
	char *dir;
	FILE *out;
	uint64_t left; /* bytes that FILE may still have */
	int64_t now;
};

/* A minute of log time: 0 or -errno. */
typedef int gen_minute(struct gen *g);

static int
minute_of_json(struct gen *g)
{
	return demo_sim_advance(g->sim, g->now + MINUTE);
}

/* Every request, as gunicorn would tell it, not only what the demo's front server does. */
static void
put_access(struct gen *g, int64_t t)
{
	const struct demo_route *route = &demo_routes[demo_rand_below(&g->rand, DEMO_ROUTES - 1)];
	struct demo_request q = { .route = route };
	double took = demo_rand_latency(&g->rand, route->median, route->sigma);
	bool odd = demo_rand_chance(&g->rand, route->odd_share);

	q.agent = demo_agents[demo_rand_below(&g->rand, (unsigned)demo_agents_n)];
	snprintf(q.ip, sizeof q.ip, "203.0.113.%u", 1 + demo_rand_below(&g->rand, 250));
	if (route->ids)
		snprintf(q.path, sizeof q.path, "%s%u%s", route->before, 1 + demo_rand_below(&g->rand, route->ids),
			 route->after);
	else
		snprintf(q.path, sizeof q.path, "%s", route->before);
	demo_line_access(g->log, t, &q, q.path, odd ? demo_faults[route->odd].status : 200,
			 (unsigned)demo_rand_latency(&g->rand, route->size, 0.25), (unsigned)(took * 1e6) + 1);
}

static int
minute_of_access(struct gen *g)
{
	int64_t until = g->now + MINUTE;

	for (int64_t t = g->now; t < until; t += (int64_t)(1e9 * demo_rand_wait(&g->rand, RATE)))
		put_access(g, t);
	return demo_log_write(g->log, until);
}

static const struct kind {
	const char *name;
	enum demo_file file;
	gen_minute *minute;
} kinds[] = {
	{ "json", DEMO_APPLICATION, minute_of_json },
	{ "access", DEMO_ACCESS, minute_of_access },
};

/* Whole lines of a piece that still fit. */
static size_t
fitting(const char *p, size_t n, uint64_t left)
{
	const char *end;

	if (n <= left)
		return n;
	end = memrchr(p, '\n', left);
	return end ? (size_t)(end + 1 - p) : 0;
}

/* Append a file of the demo to ours and remove it; false on a failure. */
static bool
move_file(struct gen *g, const char *path, bool wanted)
{
	FILE *in = fopen(path, "rb");
	struct stat st;
	char *bytes;
	size_t n, fit;
	bool fine;

	if (!in)
		return errno == ENOENT;
	if (!wanted || fstat(fileno(in), &st) < 0) {
		fclose(in);
		return unlink(path) == 0 && !wanted;
	}
	bytes = xmalloc((size_t)st.st_size + 1);
	n = fread(bytes, 1, (size_t)st.st_size, in);
	fclose(in);
	fit = fitting(bytes, n, g->left);
	fine = fwrite(bytes, 1, fit, g->out) == fit && unlink(path) == 0;
	g->left = fit < n ? 0 : g->left - fit;
	free(bytes);
	return fine;
}

static bool
move_files(struct gen *g, enum demo_file wanted)
{
	bool fine = true;

	demo_log_close(g->log);
	for (int f = 0; f < DEMO_FILES; f++) {
		char *path = xasprintf("%s/%s", g->dir, demo_log_name((enum demo_file)f));

		fine = move_file(g, path, f == (int)wanted) && fine;
		free(path);
	}
	return fine;
}

static bool
generate(struct gen *g, const struct kind *kind)
{
	bool fine = true;

	g->now = clock_from_civil(&(struct civil){ .year = 2025, .month = 9, .day = 9, .hour = 10 });
	g->log = demo_log_new(g->dir);
	g->sim = demo_sim_new(g->log, SEED, RATE, g->now);
	for (; fine && g->left > 0; g->now += MINUTE)
		fine = kind->minute(g) == 0 && move_files(g, kind->file);
	demo_sim_free(g->sim);
	demo_log_free(g->log);
	return fine;
}

static const struct kind *
find_kind(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		if (!strcmp(kinds[i].name, name))
			return &kinds[i];
	return NULL;
}

int
main(int argc, char **argv)
{
	const struct kind *kind = argc == 4 ? find_kind(argv[1]) : NULL;
	struct gen g = { .rand = { SEED } };
	bool fine;

	if (!kind) {
		fprintf(stderr, "usage: gen json|access BYTES FILE\n");
		return 2;
	}
	clock_set_zone("UTC", NULL);
	g.left = strtoull(argv[2], NULL, 10);
	g.dir = xasprintf("%s.parts", argv[3]);
	g.out = fopen(argv[3], "wb");
	fine = g.out && mkdir(g.dir, 0700) == 0 && generate(&g, kind);
	rmdir(g.dir);
	fine = g.out && fclose(g.out) == 0 && fine;
	if (!fine)
		fprintf(stderr, "gen: %s: %s\n", argv[3], strerror(errno));
	free(g.dir);
	return !fine;
}
