/*
 * run: run one program and say what it cost.
 *
 *	run FILE PROGRAM [ARGUMENT]...
 *
 * writes to FILE: seconds of wall clock, of user and of system time, peak
 * resident bytes, exit status (128 + the signal that ended it). It is a
 * program of its own because the kernel counts to a child's peak what its
 * parent had resident when it was started: here that is next to nothing.
 */
#include "config.h"

#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double
seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static double
seconds_of(struct timeval t)
{
	return (double)t.tv_sec + (double)t.tv_usec * 1e-6;
}

int
main(int argc, char **argv)
{
	struct rusage use;
	double start, wall;
	int status;
	pid_t child;
	FILE *out;

	if (argc < 3) {
		fprintf(stderr, "usage: run FILE PROGRAM [ARGUMENT]...\n");
		return 2;
	}
	start = seconds();
	child = vfork();
	if (child == 0) {
		execvp(argv[2], argv + 2);
		_exit(127);
	}
	if (child < 0 || wait4(child, &status, 0, &use) != child)
		return 1;
	wall = seconds() - start;
	out = fopen(argv[1], "w");
	if (!out)
		return 1;
	fprintf(out, "%.6f %.6f %.6f %ld %d\n", wall, seconds_of(use.ru_utime), seconds_of(use.ru_stime),
		use.ru_maxrss * 1024, WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status));
	return fclose(out) != 0;
}
