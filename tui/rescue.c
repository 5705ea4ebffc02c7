/*
 * rescue: handlers for fatal signals that give the terminal back.
 *
 * A handler restores the terminal, puts the former handler back and returns:
 * a fault happens again at the same instruction, with its own address, and
 * meets the former handler (the default, which ends the program; or a
 * sanitizer's, which reports). A signal that somebody sent does not happen
 * again by itself and is raised once more.
 *
 * SIGTERM, SIGHUP and the like are no business of this file: they are events
 * of the loop, which leaves the screen in order.
 */
#include "config.h"

#include "tui/rescue.h"

#include "core/alloc.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <unistd.h>

static const int fatal[] = { SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL, SIGQUIT };

static struct {
	int fd;
	struct termios modes;
	char bytes[256];
	size_t n;
	struct sigaction former[ARRAY_SIZE(fatal)];
	stack_t former_stack;
} prepared;
static atomic_bool armed;

/* A stack of its own: the fault may be that the other one is full. */
static char handler_stack[32 * 1024];

bool
rescue_now(void)
{
	int saved = errno;
	const char *p = prepared.bytes;
	size_t left = prepared.n;

	if (!atomic_exchange(&armed, false))
		return false;
	while (left) {
		ssize_t n = write(prepared.fd, p, left);

		if (n <= 0)
			break;
		p += n;
		left -= (size_t)n;
	}
	tcsetattr(prepared.fd, TCSANOW, &prepared.modes);
	errno = saved;
	return true;
}

static void
put_back(int sig)
{
	for (size_t i = 0; i < ARRAY_SIZE(fatal); i++)
		if (fatal[i] == sig)
			sigaction(sig, &prepared.former[i], NULL);
}

static void
on_fatal(int sig, siginfo_t *info, void *context)
{
	(void)context;
	rescue_now();
	put_back(sig);
	if (info->si_code <= 0)
		raise(sig);
}

void
rescue_arm(int fd, const struct termios *modes, struct span bytes)
{
	struct sigaction action = { .sa_sigaction = on_fatal, .sa_flags = SA_SIGINFO | SA_ONSTACK };
	stack_t stack = { .ss_sp = handler_stack, .ss_size = sizeof handler_stack };

	bytes = span_head(bytes, sizeof prepared.bytes - 1);
	prepared.fd = fd;
	prepared.modes = *modes;
	prepared.n = bytes.n;
	memcpy(prepared.bytes, bytes.p, bytes.n);
	sigemptyset(&action.sa_mask);
	sigaltstack(&stack, &prepared.former_stack);
	for (size_t i = 0; i < ARRAY_SIZE(fatal); i++)
		sigaction(fatal[i], &action, &prepared.former[i]);
	atomic_store(&armed, true);
}

bool
rescue_disarm(void)
{
	if (!atomic_exchange(&armed, false))
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(fatal); i++)
		put_back(fatal[i]);
	sigaltstack(&prepared.former_stack, NULL);
	return true;
}
