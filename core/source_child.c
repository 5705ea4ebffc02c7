/*
 * source_child: spawned by libuv, read by source_stream.
 *
 *	child_new -> running -> ended
 *	              ^  |        |
 *	              |  +--------+-- child_restart: TERM, a second later KILL,
 *	              +---------------  started anew when it has ended
 *
 * A pipe's reading end waits here until its source has read the one before to
 * its end. Neither end is inherited by others: a command that ended is an end
 * of its pipes, unless it left processes behind that hold them.
 */
#include "config.h"

#include "core/source_child.h"

#include "core/alloc.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
	GRACE_MS = 1000, /* between asking and making it end */
	WAIT_MS = 5,     /* while we leave, it is looked at so often */
};

struct child {
	uv_loop_t *loop;
	char *const *argv;
	child_changed *changed;
	void *arg;
	uv_process_t *process; /* NULL: was not started, or its handle is closing */
	uv_timer_t *grace;     /* runs out when it was asked to end */
	int pid;
	int fresh[CHILD_ENDS]; /* pipes that were not taken yet, -1: none */
	int error;             /* errno of starting it */
	bool running, again, asked;
	int64_t status;
	int signal;
	char *end;
};

static void
free_handle(uv_handle_t *h)
{
	free(h);
}

static void
close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static void
drop_process(struct child *c)
{
	if (c->process)
		uv_close((uv_handle_t *)c->process, free_handle);
	c->process = NULL;
}

/* "SIGSEGV (Segmentation fault)" */
static char *
describe_end(int64_t status, int signal)
{
	if (!signal)
		return xasprintf("exited %lld", (long long)status);
	return xasprintf("killed by SIG%s (%s)", sigabbrev_np(signal), sigdescr_np(signal));
}

static void spawn(struct child *c);

static void
on_exit_of(uv_process_t *process, int64_t status, int signal)
{
	struct child *c = process->data;

	c->running = false;
	c->status = status;
	c->signal = signal;
	free(c->end);
	c->end = describe_end(status, signal);
	uv_timer_stop(c->grace);
	drop_process(c);
	if (c->again)
		spawn(c);
	c->changed(c->arg, c);
}

/* Both pipes: [0] is ours. */
static int
open_pipes(int pipes[CHILD_ENDS][2])
{
	for (int i = 0; i < CHILD_ENDS; i++)
		if (pipe2(pipes[i], O_CLOEXEC))
			return -errno;
	for (int i = 0; i < CHILD_ENDS; i++)
		fcntl(pipes[i][0], F_SETFL, O_NONBLOCK);
	return 0;
}

static int
spawn_with(struct child *c, int pipes[CHILD_ENDS][2])
{
	uv_stdio_container_t stdio[3] = { { .flags = UV_IGNORE } };

	for (int i = 0; i < CHILD_ENDS; i++) {
		stdio[i + 1].flags = UV_INHERIT_FD;
		stdio[i + 1].data.fd = pipes[i][1];
	}
	uv_process_options_t o = {
		.exit_cb = on_exit_of, .file = c->argv[0], .args = (char **)c->argv, .flags = UV_PROCESS_DETACHED,
		.stdio = stdio, .stdio_count = 3,
	};

	c->process = xmalloc(sizeof *c->process);
	c->process->data = c;
	int r = uv_spawn(c->loop, c->process, &o);

	if (r < 0)
		drop_process(c);
	return r;
}

static void
spawn(struct child *c)
{
	int pipes[CHILD_ENDS][2] = { { -1, -1 }, { -1, -1 } };
	int r = open_pipes(pipes);

	c->again = c->asked = false;
	r = r ? r : spawn_with(c, pipes);
	c->error = -r;
	c->running = r == 0;
	c->pid = c->running ? c->process->pid : 0;
	for (int i = 0; i < CHILD_ENDS; i++) {
		close_fd(&pipes[i][1]);
		close_fd(&c->fresh[i]);
		if (c->running)
			c->fresh[i] = pipes[i][0];
		else
			close_fd(&pipes[i][0]);
	}
	if (c->running) {
		free(c->end);
		c->end = NULL;
	}
}

struct child *
child_new(uv_loop_t *loop, char *const *argv, child_changed *changed, void *arg)
{
	struct child *c = xcalloc(1, sizeof *c);

	*c = (struct child){ .loop = loop, .argv = argv, .changed = changed, .arg = arg, .fresh = { -1, -1 } };
	c->grace = xmalloc(sizeof *c->grace);
	uv_timer_init(loop, c->grace);
	c->grace->data = c;
	spawn(c);
	return c;
}

int
child_take(struct child *c, unsigned which)
{
	int fd = c->fresh[which];

	c->fresh[which] = -1;
	return fd;
}

bool
child_running(const struct child *c)
{
	return c->running;
}

int
child_error(const struct child *c)
{
	return c->error;
}

const char *
child_end(const struct child *c)
{
	return c->end;
}

bool
child_failed(const struct child *c)
{
	return c->end && !c->asked && (c->status || c->signal);
}

/* The group, which is its own. */
static void
signal_group(const struct child *c, int signal)
{
	kill(-c->pid, signal);
}

static void
on_grace(uv_timer_t *timer)
{
	const struct child *c = timer->data;

	if (c->running)
		signal_group(c, SIGKILL);
}

void
child_restart(struct child *c)
{
	if (c->running) {
		c->again = c->asked = true;
		signal_group(c, SIGTERM);
		uv_timer_start(c->grace, on_grace, GRACE_MS, 0);
		return;
	}
	spawn(c);
	c->changed(c->arg, c);
}

/* Whether it ended within the time. The loop does not run any more. */
static bool
wait_for(const struct child *c, int ms)
{
	const struct timespec step = { .tv_nsec = WAIT_MS * 1000000 };

	for (int waited = 0; waited <= ms; waited += WAIT_MS) {
		if (waitpid(c->pid, NULL, WNOHANG))
			return true;
		nanosleep(&step, NULL);
	}
	return false;
}

void
child_stop(struct child *c)
{
	if (!c->running)
		return;
	c->running = false;
	signal_group(c, SIGTERM);
	if (wait_for(c, GRACE_MS))
		return;
	signal_group(c, SIGKILL);
	wait_for(c, GRACE_MS);
}

void
child_free(struct child *c)
{
	if (!c)
		return;
	child_stop(c);
	drop_process(c);
	uv_close((uv_handle_t *)c->grace, free_handle);
	for (int i = 0; i < CHILD_ENDS; i++)
		close_fd(&c->fresh[i]);
	free(c->end);
	free(c);
}
