/*
 * stress_reader.c: starts the tailer and checks what it prints: each line of
 * each writer once, in order.
 */
#include "config.h"

#include "tests/stress.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* The first line: when it was printed, the log is followed. */
#define READY "2025-09-09 10:00:00,000 INFO stress: ready"

/* A line that is not the next one of its writer; the first few are shown. */
static void
complain(struct tailer *t, const char *fmt, ...)
{
	va_list args;

	if (t->wrong++ >= 5)
		return;
	va_start(args, fmt);
	fputs("# ", stdout);
	vprintf(fmt, args);
	putchar('\n');
	va_end(args);
}

static bool
parse_line(const char *line, int *writer, int *epoch, unsigned long *number)
{
	return sscanf(line, "2025-09-09 10:00:00,000 INFO stress.w%d: epoch %d line %lu", writer, epoch, number) == 3 &&
	       *writer >= 0 && *writer < WRITERS_MAX;
}

/* Lines [from, to) of a writer did not come. */
static void
note_missing(struct tailer *t, int writer, unsigned long from, unsigned long to)
{
	if (!t->missing[writer])
		t->missing[writer] = calloc(LINES_MOST, 1);
	for (; from < to && from < LINES_MOST; from++, t->n_missing++)
		t->missing[writer][from] = 1;
}

static void
check_line(struct tailer *t, const char *line)
{
	unsigned long number;
	int writer, epoch;

	if (!strcmp(line, READY)) {
		t->ready = true;
		return;
	}
	if (!parse_line(line, &writer, &epoch, &number)) {
		complain(t, "not a line: %s", line);
		return;
	}
	if (t->style->loses && number > t->next[writer])
		note_missing(t, writer, t->next[writer], number);
	else if (number != t->next[writer])
		complain(t, "writer %d, epoch %d: line %lu where %lu was expected", writer, epoch, number,
			 t->next[writer]);
	t->next[writer] = number + 1;
	t->total++;
	if (epoch > atomic_load(&shared->seen))
		atomic_store(&shared->seen, epoch);
}

bool
tailer_read(struct tailer *t, int ms)
{
	struct pollfd p = { .fd = t->out, .events = POLLIN };

	if (poll(&p, 1, ms) <= 0)
		return false;
	ssize_t got = read(t->out, t->buf + t->n, sizeof t->buf - 1 - t->n);

	if (got <= 0)
		return false;
	t->n += (size_t)got;
	char *line = t->buf, *nl;

	while ((nl = memchr(line, '\n', t->n - (size_t)(line - t->buf)))) {
		*nl = '\0';
		check_line(t, line);
		line = nl + 1;
	}
	t->n -= (size_t)(line - t->buf);
	memmove(t->buf, line, t->n);
	return true;
}

static void
wait_until_ready(struct tailer *t)
{
	int64_t end = now_ms() + PATIENCE_MS;
	int fd = open("app.log", O_WRONLY | O_APPEND);

	if (fd < 0 || dprintf(fd, "%s\n", READY) < 0)
		die("app.log");
	close(fd);
	while (!t->ready && now_ms() < end)
		tailer_read(t, 20);
}

void
tailer_start(struct tailer *t, const struct style *style, const char *program)
{
	int p[2];

	*t = (struct tailer){ .style = style };
	if (pipe(p) || (t->pid = fork()) < 0)
		die("fork");
	if (t->pid == 0) {
		int err = open("stderr", O_WRONLY | O_CREAT | O_APPEND, 0644);

		dup2(p[1], STDOUT_FILENO);
		dup2(err, STDERR_FILENO);
		close(p[0]);
		close(p[1]);
		execl(program, program, "search", "--follow", "--output", "raw", "", "app.log", (char *)NULL);
		_exit(127);
	}
	close(p[1]);
	t->out = p[0];
	wait_until_ready(t);
}

bool
tailer_is_complete(const struct tailer *t)
{
	for (int i = 0; i < WRITERS_MAX; i++)
		if (t->next[i] < atomic_load(&shared->written[i]))
			return false;
	return true;
}

/* What the tailer said: nothing is right, but for what a style loses. */
static void
check_stderr(struct tailer *t)
{
	char line[256];
	FILE *f = fopen("stderr", "r");

	while (f && fgets(line, sizeof line, f)) {
		const char *colon = strrchr(line, ':');
		unsigned long bytes = 0;

		line[strcspn(line, "\n")] = '\0';
		if (t->style->loses && colon && sscanf(colon, ": %lu bytes were cut off", &bytes) == 1)
			t->told += bytes;
		else
			complain(t, "%s", line);
	}
	if (f)
		fclose(f);
}

/* No line of a copy may be missing. */
static void
check_copy(struct tailer *t, const char *name)
{
	char line[256];
	unsigned long number;
	int writer, epoch;
	FILE *f = fopen(name, "r");

	while (f && fgets(line, sizeof line, f))
		if (parse_line(line, &writer, &epoch, &number) && t->missing[writer] && number < LINES_MOST &&
		    t->missing[writer][number])
			complain(t, "%s has line %lu of writer %d", name, number, writer);
	if (f)
		fclose(f);
}

static void
check_losses(struct tailer *t)
{
	char name[32];

	for (int epoch = 1; epoch <= atomic_load(&shared->epoch); epoch++) {
		snprintf(name, sizeof name, "app.log.%d", epoch);
		check_copy(t, name);
	}
	if (t->told > t->n_missing * LINE_SIZE)
		complain(t, "told of more bytes than are missing");
	printf("# %lu lines (%lu bytes) are missing, %lu bytes were told\n", t->n_missing, t->n_missing * LINE_SIZE,
	       t->told);
	for (int i = 0; i < WRITERS_MAX; i++)
		free(t->missing[i]);
}

void
tailer_stop(struct tailer *t)
{
	int status = 0;

	kill(t->pid, SIGTERM);
	while (tailer_read(t, 2000))
		;
	waitpid(t->pid, &status, 0);
	if (!WIFEXITED(status) || WEXITSTATUS(status))
		complain(t, "the tailer ended with status %d", status);
	for (int i = 0; i < WRITERS_MAX; i++)
		if (t->style->loses && t->next[i] < atomic_load(&shared->written[i]))
			note_missing(t, i, t->next[i], atomic_load(&shared->written[i]));
		else if (t->next[i] != atomic_load(&shared->written[i]))
			complain(t, "writer %d wrote %lu lines, the last that came is %lu", i,
				 atomic_load(&shared->written[i]), t->next[i]);
	check_stderr(t);
	if (t->style->loses)
		check_losses(t);
	close(t->out);
}

