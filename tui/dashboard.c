/*
 * dashboard: the loop around the screen.
 *
 *	keys, signals, the second, records --> wish for a frame --> frame, when it may
 *
 * Whether a frame is due is decided in one place, before the loop goes to
 * sleep. A key's frame comes at once, but at most 30 a second do; what
 * arrives waits as long as the screen says (screen_pace). When nothing
 * changes there is one wake-up a second, for the clock, at the same moment as
 * the engine's own.
 */
#include "config.h"

#include "tui/dashboard.h"

#include "core/alloc.h"
#include "tui/screen.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define FRAME_NS (NSEC / 30)
#define STEP_NS (5 * (NSEC / 1000)) /* of work on selections between two looks at the keys */

enum { STATUS_FINE = 0, STATUS_USAGE = 2, WINDOW_S = 3600, TICK_MS = 1000 };

/* Those that end the program, and those that do something else. */
static const int signals[] = { SIGTERM, SIGHUP, SIGINT, SIGWINCH, SIGTSTP, SIGCONT };

struct dashboard {
	const struct dashboard_options *o;
	uv_loop_t loop;
	struct engine *engine;
	struct screen *screen;
	struct keymap *keys;
	struct theme theme;

	uv_poll_t input;
	uv_signal_t signal[ARRAY_SIZE(signals)];
	uv_timer_t second, wait;
	uv_prepare_t decide;
	uv_idle_t busy;        /* active while selections are unfinished: the loop does not sleep */

	int w, h;
	bool settled;          /* filter and search had looked at everything */
	bool touched, ticked;  /* by a key, by the clock: a frame is wished for */
	uint64_t shown;        /* the engine's version in the last frame */
	int64_t drawn_at, touched_at; /* mono ns: the last frame, the last one for a key */
};

/* ---- frames ---- */

static void
draw(struct dashboard *d, int64_t mono)
{
	int x, y;

	d->shown = engine_version(d->engine);
	d->drawn_at = mono;
	if (d->touched)
		d->touched_at = mono;
	d->touched = d->ticked = false;
	const struct grid *g = screen_frame(d->screen, clock_now(), mono, &x, &y);

	term_draw(g, x, y);
}

static void
on_wait(uv_timer_t *wait)
{
	(void)wait; /* the loop is awake: on_decide() comes next */
}

static void
on_busy(uv_idle_t *busy)
{
	(void)busy;
}

/* Before the loop sleeps: work that is left, and the frame if it is time. */
static void
on_decide(uv_prepare_t *decide)
{
	struct dashboard *d = decide->data;
	bool more = engine_step(d->engine, clock_mono() + STEP_NS), settled = engine_settled(d->engine);

	more |= screen_work(d->screen, clock_mono() + STEP_NS);
	int64_t mono = clock_mono();

	if (more)
		uv_idle_start(&d->busy, on_busy);
	else
		uv_idle_stop(&d->busy);
	if (!settled || !d->settled)
		screen_stale(d->screen);
	/* The last counts come at once, as what a key has asked for. */
	if (settled && !d->settled)
		d->touched = true;
	d->settled = settled;
	if (!d->touched && !d->ticked && !more && engine_version(d->engine) == d->shown)
		return;
	int64_t due = d->touched ? d->touched_at + FRAME_NS : d->drawn_at + screen_pace(d->screen);

	if (mono >= due)
		draw(d, mono);
	else
		uv_timer_start(&d->wait, on_wait, (uint64_t)((due - mono) / 1000000 + 1), 0);
}

/* The engine's tick is at the full seconds of the loop's clock, too. */
static void
on_second(uv_timer_t *second)
{
	struct dashboard *d = second->data;

	d->ticked = true;
	uv_timer_start(second, on_second, TICK_MS - uv_now(&d->loop) % TICK_MS, 0);
}

/* ---- keys and signals ---- */

static void
take_size(struct dashboard *d)
{
	int w, h;

	term_size(&w, &h);
	if (w == d->w && h == d->h)
		return;
	d->w = w;
	d->h = h;
	d->touched = true;
	screen_resize(d->screen, w, h);
}

static void
follow_up(struct dashboard *d, int effects)
{
	if (effects)
		d->touched = true;
	if (effects & EFFECT_QUIT)
		uv_stop(&d->loop);
}

static void
on_input(uv_poll_t *input, int status, int events)
{
	struct dashboard *d = input->data;
	struct term_mouse mouse;
	uint32_t key;

	(void)events;
	while ((key = term_key(&mouse)) != KEYC_NONE && key != KEYC_HANGUP) {
		if (key == KEYC_MOUSE)
			follow_up(d, screen_mouse(d->screen, &mouse));
		else if (key != KEYC_RESIZE)
			follow_up(d, screen_key(d->screen, key));
	}
	if (key == KEYC_HANGUP || status < 0)
		uv_stop(&d->loop);
	else
		take_size(d);
}

static void
on_signal(uv_signal_t *handle, int signum)
{
	struct dashboard *d = handle->data;

	if (signum == SIGWINCH) {
		term_resized();
	} else if (signum == SIGTSTP) {
		term_suspend();
	} else if (signum == SIGCONT) {
		term_redraw();
	} else {
		uv_stop(&d->loop);
		return;
	}
	d->touched = true;
	take_size(d);
}

/* ---- life ---- */

static int
fail(const char *msg)
{
	fprintf(stderr, "tailboard: %s\n", msg);
	return STATUS_USAGE;
}

/* The texts a person wrote, and the inputs; nothing of it needs a terminal. */
static int
prepare(struct dashboard *d)
{
	struct err err = { 0 };

	d->keys = keymap_new();
	if (theme_load(&d->theme, d->o->theme ? d->o->theme : "default", &err) ||
	    (d->o->keys && keymap_load(d->keys, d->o->keys, &err)))
		return fail(err.msg);
	for (size_t i = 0; i < d->o->n_inputs; i++)
		if (!strcmp(d->o->inputs[i], "-") && isatty(STDIN_FILENO))
			return fail("standard input is this terminal: pipe a log into it");
	d->engine = engine_new(&d->loop, d->o->engine);
	for (size_t i = 0; i < d->o->n_inputs; i++)
		if (engine_add(d->engine, d->o->inputs[i], &err))
			return fail(err.msg);
	if (d->o->command)
		engine_add_command(d->engine, d->o->command);
	return STATUS_FINE;
}

static int
open_screen(struct dashboard *d)
{
	static const struct screen_terminal terminal = { term_copy, term_theme, term_redraw, term_suspend };
	struct err err = { 0 };

	if (term_open(&(struct term_options){ .color = d->o->color, .mouse = d->o->mouse }, &err))
		return fail(err.msg);
	term_theme(&d->theme);
	d->screen = screen_new(d->engine, &(struct screen_options){
		.terminal = &terminal, .keys = d->keys, .theme = d->theme.name,
		.window = d->o->window == TIME_NONE ? WINDOW_S * NSEC : d->o->window,
		.ascii = d->o->ascii || !term_utf8(), .tones = term_colors() >= 8,
	});
	take_size(d);
	return STATUS_FINE;
}

static void
start(struct dashboard *d)
{
	uv_poll_init(&d->loop, &d->input, term_fd());
	uv_timer_init(&d->loop, &d->second);
	uv_timer_init(&d->loop, &d->wait);
	uv_prepare_init(&d->loop, &d->decide);
	uv_idle_init(&d->loop, &d->busy);
	d->input.data = d->second.data = d->decide.data = d;
	for (size_t i = 0; i < ARRAY_SIZE(signals); i++) {
		uv_signal_init(&d->loop, &d->signal[i]);
		d->signal[i].data = d;
		uv_signal_start(&d->signal[i], on_signal, signals[i]);
	}
	uv_poll_start(&d->input, UV_READABLE, on_input);
	uv_prepare_start(&d->decide, on_decide);
	on_second(&d->second);
}

static void
stop(struct dashboard *d)
{
	uv_close((uv_handle_t *)&d->input, NULL);
	uv_close((uv_handle_t *)&d->second, NULL);
	uv_close((uv_handle_t *)&d->wait, NULL);
	uv_close((uv_handle_t *)&d->decide, NULL);
	uv_close((uv_handle_t *)&d->busy, NULL);
	for (size_t i = 0; i < ARRAY_SIZE(signals); i++)
		uv_close((uv_handle_t *)&d->signal[i], NULL);
}

static void
run(struct dashboard *d)
{
	start(d);
	uv_run(&d->loop, UV_RUN_DEFAULT);
	stop(d);
	screen_free(d->screen);
	term_close();
}

int
dashboard_run(const struct dashboard_options *o)
{
	struct dashboard d = {
		.o = o, .drawn_at = INT64_MIN / 2, .touched_at = INT64_MIN / 2, .touched = true,
	};
	int status;

	signal(SIGPIPE, SIG_IGN);
	uv_loop_init(&d.loop);
	status = prepare(&d);
	if (!status)
		status = open_screen(&d);
	if (!status)
		run(&d);
	engine_free(d.engine);
	uv_run(&d.loop, UV_RUN_DEFAULT);
	uv_loop_close(&d.loop);
	keymap_free(d.keys);
	return status;
}
