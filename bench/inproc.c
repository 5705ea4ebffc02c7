/*
 * inproc: the parts of tailboard by themselves, over a log that is held.
 *
 *	inproc FILE RUNS [QUERY]...
 *
 * Loads FILE as the dashboard does, then measures without a terminal what a
 * key there would cost: a query made the filter (time to the first row, to
 * a screenful of rows, to the last count), the numbers of a window asked for
 * anew, a whole frame. Prints "name value" lines, times in milliseconds.
 *
 * It does what the dashboard's loop does between two looks at the keys, with
 * nothing in between: it does not measure the terminal (live.py does).
 */
#include "config.h"

#include "core/alloc.h"
#include "core/clock.h"
#include "core/view.h"
#include "tui/screen.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define STEP_NS (8 * (NSEC / 1000)) /* as the dashboard's */
#define MINUTE (60 * NSEC)

enum { SCREENFUL = 30, EDGES = 100, FRAMES = 200, BUCKETS = 60 };

static uv_loop_t loop;
static struct engine *engine;

/* ---- samples ---- */

struct samples {
	double *v; /* ms */
	size_t n, cap;
};

static void
samples_add(struct samples *s, int64_t since)
{
	double ms = (double)(clock_mono() - since) * 1e-6;

	ARRAY_GROW(s->v, s->n, s->cap);
	s->v[s->n++] = ms;
}

static int
by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double
samples_at(struct samples *s, double share)
{
	qsort(s->v, s->n, sizeof *s->v, by_size);
	return s->v[(size_t)(share * (double)(s->n - 1) + 0.5)];
}

static void
samples_release(struct samples *s)
{
	free(s->v);
	*s = (struct samples){ 0 };
}

static void
print_spread(const char *name, struct samples *s)
{
	printf("%s.p50 %.4f\n%s.p99 %.4f\n", name, samples_at(s, 0.5), name, samples_at(s, 0.99));
	samples_release(s);
}

/* ---- rounds of the loop ---- */

/* The end of the log: at most `want` rows, which are dropped, and what is known of the counts. */
static struct view_log
log_end(size_t want)
{
	struct view_log v;

	view_log(engine, PLACE_LAST, false, want, 0, &v);
	view_log_release(&(struct view_log){ .rows = v.rows, .text = v.text });
	v.rows = NULL;
	v.text = (struct strbuf)STRBUF_INIT;
	return v;
}

/* A round of work as between two looks at the keys; false when all is done. */
static bool
work(void)
{
	bool more = engine_step(engine, clock_mono() + STEP_NS);

	uv_run(&loop, UV_RUN_NOWAIT);
	return more || log_end(0).counting;
}

static void
finish(void)
{
	while (work())
		;
}

/* ---- loading ---- */

/* Bytes resident now. */
static double
resident(void)
{
	long pages = 0;
	FILE *f = fopen("/proc/self/statm", "r");

	if (f && fscanf(f, "%*s %ld", &pages) != 1)
		pages = 0;
	if (f)
		fclose(f);
	return (double)pages * (double)sysconf(_SC_PAGESIZE);
}

static int
load(const char *path)
{
	struct engine_options o;
	struct samples first = { 0 }, all = { 0 };
	struct view_status st;
	struct err err = { 0 };
	double before = resident();
	int64_t start = clock_mono();

	engine_options_init(&o);
	o.follow = true;
	engine = engine_new(&loop, &o);
	if (engine_add(engine, path, &err)) {
		fprintf(stderr, "inproc: %s\n", err.msg);
		return -1;
	}
	while (!engine_loaded(engine)) {
		uv_run(&loop, UV_RUN_ONCE);
		if (!first.n && log_end(SCREENFUL).n == SCREENFUL)
			samples_add(&first, start);
	}
	finish();
	samples_add(&all, start);
	if (!first.n)
		samples_add(&first, start);
	view_status(engine, clock_now(), &st);
	printf("load.first %.4f\nload.all %.4f\n", first.v[0], all.v[0]);
	printf("records %llu\nlog_bytes %llu\nmemory %llu\nresident %.0f\n", (unsigned long long)st.held,
	       (unsigned long long)st.log_bytes, (unsigned long long)st.memory, resident() - before);
	samples_release(&first);
	samples_release(&all);
	return 0;
}

/* ---- questions ---- */

/* Make it the filter and go on until there are `want` rows (0: until the end). */
static void
ask(struct query *q, size_t want, struct samples *took)
{
	int64_t start = clock_mono();

	engine_set_filter(engine, q);
	while ((want == 0 || log_end(want).n < want) && work())
		;
	samples_add(took, start);
	finish();
}

static int
question(const char *text, int number, int runs)
{
	static const struct {
		const char *name;
		size_t rows;
	} goals[] = { { "first", 1 }, { "screenful", SCREENFUL }, { "all", 0 } };
	char name[64];

	for (size_t g = 0; g < ARRAY_SIZE(goals); g++) {
		struct samples took = { 0 };

		for (int r = 0; r < runs; r++) {
			struct err err = { 0 };
			struct query *q = query_compile(span_str(text), clock_now(), &err);

			if (!q) {
				fprintf(stderr, "inproc: %s: %s\n", text, err.msg);
				return -1;
			}
			ask(q, goals[g].rows, &took);
		}
		snprintf(name, sizeof name, "query.%d.%s", number, goals[g].name);
		printf("%s %.4f\n", name, samples_at(&took, 0.5));
		samples_release(&took);
	}
	printf("query.%d.hits %llu\n", number, (unsigned long long)log_end(0).matched);
	return 0;
}

/* ---- windows ---- */

static void
ask_window(int64_t window, int64_t edge)
{
	struct timeframe t = view_timeframe(engine, window, edge, clock_now());
	struct view_timeline timeline;
	struct view_requests requests;
	struct view_levels levels;

	view_timeline(engine, t.to, window / BUCKETS, BUCKETS, &timeline);
	view_levels(engine, &t, &levels);
	view_requests(engine, &t, SORT_P95, false, &requests);
	view_timeline_release(&timeline);
	view_requests_release(&requests);
}

/* Windows of each length, their edges spread over the log. */
static void
windows(const char *name)
{
	static const int minutes[] = { 1, 5, 15, 60 };
	struct samples took = { 0 };
	struct view_status st;

	view_status(engine, clock_now(), &st);
	for (size_t m = 0; m < ARRAY_SIZE(minutes); m++)
		for (int i = 0; i < EDGES; i++) {
			int64_t start = clock_mono();

			ask_window(minutes[m] * MINUTE, st.newest - (st.newest - st.oldest) / EDGES * i);
			samples_add(&took, start);
		}
	print_spread(name, &took);
}

static int
filtered_windows(const char *query)
{
	struct err err = { 0 };
	struct query *q = query_compile(span_str(query), clock_now(), &err);

	if (!q)
		return -1;
	engine_set_filter(engine, q);
	finish();
	windows("window.filtered");
	engine_set_filter(engine, NULL);
	finish();
	return 0;
}

/* ---- frames ---- */

static void
no_copy(struct span text)
{
	(void)text;
}

static void
no_theme(const struct theme *t)
{
	(void)t;
}

static void
nothing(void)
{
}

/* A key and the frame that answers it. */
static void
press(struct screen *s, uint32_t key, struct samples *took)
{
	int64_t start = clock_mono();
	int x, y;

	screen_key(s, key);
	screen_frame(s, clock_now(), clock_mono(), &x, &y);
	samples_add(took, start);
}

static void
frames(int w, int h)
{
	static const struct screen_terminal terminal = { no_copy, no_theme, nothing, nothing };
	static const struct {
		const char *name;
		uint32_t there, back;
	} kinds[] = { { "window", '[', ']' }, { "scroll", 'k', 'j' } };
	struct keymap *keys = keymap_new();
	struct screen *s = screen_new(engine, &(struct screen_options){
		.terminal = &terminal, .keys = keys, .theme = "default", .window = 60 * MINUTE, .tones = true });
	char name[64];

	screen_resize(s, w, h);
	for (size_t k = 0; k < ARRAY_SIZE(kinds); k++) {
		struct samples took = { 0 };

		for (int i = 0; i < FRAMES; i++)
			press(s, i / 10 % 2 ? kinds[k].back : kinds[k].there, &took);
		snprintf(name, sizeof name, "frame.%s.%dx%d", kinds[k].name, w, h);
		print_spread(name, &took);
	}
	screen_free(s);
	keymap_free(keys);
}

int
main(int argc, char **argv)
{
	int status = 1, runs = argc > 2 ? atoi(argv[2]) : 0;

	if (runs < 1) {
		fprintf(stderr, "usage: inproc FILE RUNS [QUERY]...\n");
		return 2;
	}
	clock_set_zone("UTC", NULL);
	uv_loop_init(&loop);
	if (load(argv[1]))
		goto out;
	for (int i = 3; i < argc; i++)
		if (question(argv[i], i - 3, runs))
			goto out;
	engine_set_filter(engine, NULL);
	finish();
	windows("window");
	if (filtered_windows("level>=error"))
		goto out;
	frames(100, 30);
	frames(200, 50);
	status = fflush(stdout) ? 1 : 0;
out:
	engine_free(engine);
	uv_loop_close(&loop);
	return status;
}
