/*
 * The demo as a folder and a process. What is written is the business of
 * demo_sim.c; here is who writes it and who cleans up.
 *
 *     parent: mkdtemp, history, fork ........ kill child, remove folder
 *     child:                     live traffic ... | parent died: remove folder
 *
 * The child asks the kernel for SIGTERM when its parent dies and looks at
 * its parent's id at every turn, which covers a death before the request.
 * It has its own session, so that keys at the terminal do not reach it, and
 * no descriptor of its parent, so that it cannot write there. The parent
 * kills it outright and cleans up itself, so a stopped or stuck child does
 * not hold it up.
 */
#include "config.h"

#include "core/demo.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "core/alloc.h"
#include "core/clock.h"
#include "core/demo_log.h"
#include "core/demo_sim.h"

#define HISTORY (3600 * NSEC)
#define GAP (60 * NSEC) /* a clock that jumped farther is not caught up with */
#define TURN_NS 50000000
#define DEFAULT_SEED 20250914
#define DEFAULT_RATE 12.0
#define MAX_RATE 500.0

struct demo {
	char *dir;
	pid_t child;
	struct demo_log *log;
	struct demo_sim *sim;
};

static volatile sig_atomic_t asked_to_end;

/* The demo makes no folders inside its own, so one level is all of it. */
static void
remove_dir(const char *path)
{
	DIR *dir = opendir(path);
	struct dirent *entry;

	if (dir == NULL)
		return;
	while ((entry = readdir(dir)) != NULL)
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			unlinkat(dirfd(dir), entry->d_name, 0);
	closedir(dir);
	rmdir(path);
}

static char *
make_dir(struct err *err)
{
	const char *base = getenv("TMPDIR");
	char *path;

	if (base == NULL || base[0] != '/')
		base = "/tmp";
	path = xasprintf("%s/tailboard-demo-XXXXXX", base);
	if (mkdtemp(path) != NULL)
		return path;
	err_set(err, errno, 0, "demo: cannot make a folder in %s: %s", base, strerror(errno));
	free(path);
	return NULL;
}

static void
on_end(int sig)
{
	(void)sig;
	asked_to_end = 1;
}

/* Nothing of the parent's handling stays; whatever asks a process to end, ends this one. */
static void
reset_signals(void)
{
	static const int ends[] = { SIGTERM, SIGINT, SIGHUP, SIGQUIT };
	struct sigaction sa = { .sa_handler = SIG_DFL };
	sigset_t none;

	sigemptyset(&sa.sa_mask);
	for (int sig = 1; sig < NSIG; sig++)
		sigaction(sig, &sa, NULL);
	sa.sa_handler = on_end;
	for (size_t i = 0; i < ARRAY_SIZE(ends); i++)
		sigaction(ends[i], &sa, NULL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

static void
drop_descriptors(void)
{
	int null;

	close_range(0, UINT_MAX, 0);
	null = open("/dev/null", O_RDWR);
	while (null >= 0 && null < STDERR_FILENO)
		null = dup(null);
}

/* Bring the traffic up to the clock. 0 or -errno. */
static int
catch_up(struct demo_sim *sim)
{
	int64_t now = clock_now(), behind = now - demo_sim_now(sim);

	if (behind > GAP || behind < -GAP)
		return demo_sim_skip(sim, now);
	return demo_sim_advance(sim, now);
}

/* When the disk is full or the folder gone the traffic stops, but the watch over it goes on. */
static void
live(struct demo *d, pid_t parent)
{
	const struct timespec turn = { .tv_nsec = TURN_NS };
	int rc = 0;

	demo_sim_show(d->sim);
	while (!asked_to_end && getppid() == parent) {
		if (rc == 0)
			rc = catch_up(d->sim);
		nanosleep(&turn, NULL);
	}
}

static _Noreturn void
run_child(struct demo *d, pid_t parent)
{
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	prctl(PR_SET_NAME, "tailboard-demo");
	setsid();
	drop_descriptors();
	reset_signals();
	live(d, parent);
	remove_dir(d->dir);
	_exit(0);
}

/* Signals wait during the fork, so that no handler of the parent's runs in the child. */
static int
start_child(struct demo *d)
{
	pid_t parent = getpid();
	sigset_t all, before;
	int rc = 0;

	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &before);
	d->child = fork();
	if (d->child < 0)
		rc = -errno;
	else if (d->child == 0)
		run_child(d, parent);
	sigprocmask(SIG_SETMASK, &before, NULL);
	return rc;
}

static int
write_history(struct demo *d, const struct demo_options *o)
{
	int64_t end = o->now_ns ? o->now_ns : clock_now();
	double rate = o->rate > 0 ? o->rate : DEFAULT_RATE;
	int rc;

	d->log = demo_log_new(d->dir);
	d->sim = demo_sim_new(d->log, o->seed ? o->seed : DEFAULT_SEED,
		rate < MAX_RATE ? rate : MAX_RATE, end - HISTORY);
	rc = demo_sim_advance(d->sim, end);
	demo_log_close(d->log);
	return rc;
}

/* Only the child needs it from here on. */
static void
free_traffic(struct demo *d)
{
	demo_sim_free(d->sim);
	demo_log_free(d->log);
	d->sim = NULL;
	d->log = NULL;
}

struct demo *
demo_start(const struct demo_options *o, struct err *err)
{
	struct demo *d = xcalloc(1, sizeof *d);
	int rc;

	d->dir = make_dir(err);
	if (d->dir == NULL) {
		free(d);
		return NULL;
	}
	rc = write_history(d, o);
	if (rc == 0)
		rc = start_child(d);
	free_traffic(d);
	if (rc == 0)
		return d;
	err_set(err, -rc, 0, "demo: cannot write logs into %s: %s", d->dir, strerror(-rc));
	d->child = 0;
	demo_stop(d);
	return NULL;
}

const char *
demo_dir(const struct demo *d)
{
	return d->dir;
}

/* A child that has already ended was reaped by somebody else, or is by the first waitpid. */
static void
end_child(pid_t child)
{
	if (child <= 0 || waitpid(child, NULL, WNOHANG) != 0)
		return;
	kill(child, SIGKILL);
	while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
		;
}

void
demo_stop(struct demo *d)
{
	if (d == NULL)
		return;
	end_child(d->child);
	remove_dir(d->dir);
	free(d->dir);
	free(d);
}
