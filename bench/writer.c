/*
 * writer: append records to a log at a steady rate, as a busy service does.
 *
 *	writer SAMPLE FILE RATE
 *
 * Lines come from the head of SAMPLE, over and over, RATE a second until it
 * is killed or its parent ends. Of python-json-logger lines each gets the time
 * of its writing, counted on from the last line of SAMPLE so that history and
 * present join, and a request id of its own; others stay as they are. A write
 * is what is due since the last one, a millisecond ago or more.
 */
#include "config.h"

#include "core/alloc.h"
#include "core/clock.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define HEAD "{\"asctime\": \""
#define ID "\"request_id\": \""
#define HEAD_N (sizeof HEAD - 1)
#define STAMP_N (sizeof "2025-09-09 10:00:00,000" - 1)
#define TURN_NS 1000000
#define LINES 20000
#define SAMPLE_SIZE (16 << 20)

struct line {
	char *p;
	size_t n;
	bool stamped;
	char *id; /* first of its eight hexadecimal digits that change, NULL: none */
};

struct writer {
	char *text;
	struct line lines[LINES];
	size_t n;
	int64_t from; /* the time of the sample's last line */
	int fd;
	char *due;
	size_t due_n, due_cap;
};

static int64_t
stamp_of(const char *p)
{
	struct civil c = { 0 };
	int ms;

	if (sscanf(p + HEAD_N, "%d-%d-%d %d:%d:%d,%d", &c.year, &c.month, &c.day, &c.hour, &c.minute, &c.second,
		   &ms) != 7)
		return 0;
	return clock_from_civil(&c) + ms * (NSEC / 1000);
}

/* The head of the sample as lines. */
static void
cut_lines(struct writer *w)
{
	char *p = w->text, *end;

	while (w->n < LINES && (end = strchr(p, '\n'))) {
		struct line *l = &w->lines[w->n];

		l->p = p;
		l->n = (size_t)(end + 1 - p);
		l->id = memmem(p, l->n, ID, sizeof ID - 1);
		if (l->id)
			l->id += sizeof ID - 1;
		l->stamped = !strncmp(p, HEAD, HEAD_N);
		w->n++;
		p = end + 1;
	}
}

static bool
read_sample(struct writer *w, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char tail[64 << 10], *last;
	struct stat st;
	ssize_t n;

	if (fd < 0 || fstat(fd, &st) < 0)
		return false;
	w->text = xcalloc(1, SAMPLE_SIZE + 1);
	if (pread(fd, w->text, SAMPLE_SIZE, 0) <= 0)
		return false;
	cut_lines(w);
	n = pread(fd, tail, sizeof tail - 1, st.st_size > (off_t)sizeof tail ? st.st_size - (off_t)sizeof tail + 1 : 0);
	close(fd);
	tail[n > 0 ? n - 1 : 0] = '\0';
	last = strrchr(tail, '\n');
	w->from = stamp_of(last ? last + 1 : tail);
	return w->n > 0;
}

static void
put_line(struct writer *w, uint64_t number, const char *stamp)
{
	const struct line *l = &w->lines[number % w->n];
	char id[9];
	char *at;

	if (w->due_n + l->n > w->due_cap) {
		w->due_cap = 2 * w->due_cap + l->n;
		w->due = xrealloc(w->due, w->due_cap);
	}
	at = memcpy(w->due + w->due_n, l->p, l->n);
	if (l->stamped)
		memcpy(at + HEAD_N, stamp, STAMP_N);
	if (l->id) {
		/* A round through the sample has requests of its own. */
		snprintf(id, sizeof id, "%08x", (unsigned)(number / w->n * 2654435761u));
		memcpy(at + (l->id - l->p), id, 8);
	}
	w->due_n += l->n;
}

static bool
write_due(struct writer *w)
{
	for (size_t done = 0; done < w->due_n;) {
		ssize_t n = write(w->fd, w->due + done, w->due_n - done);

		if (n < 0)
			return false;
		done += (size_t)n;
	}
	w->due_n = 0;
	return true;
}

static void
make_stamp(int64_t t, char stamp[32])
{
	clock_format(t, CLOCK_FULL, stamp, 32);
	stamp[STAMP_N - 4] = ',';
}

static void
write_on(struct writer *w, double rate)
{
	int64_t start = clock_mono(), passed;
	uint64_t written = 0;
	char stamp[32];

	do {
		nanosleep(&(struct timespec){ .tv_nsec = TURN_NS }, NULL);
		passed = clock_mono() - start;
		make_stamp(w->from + passed, stamp);
		while ((double)written < rate * (double)passed * 1e-9)
			put_line(w, written++, stamp);
	} while (write_due(w));
}

int
main(int argc, char **argv)
{
	static struct writer w;

	if (argc != 4) {
		fprintf(stderr, "usage: writer SAMPLE FILE RATE\n");
		return 2;
	}
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	clock_set_zone("UTC", NULL);
	w.fd = open(argv[2], O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	if (w.fd >= 0 && read_sample(&w, argv[1]))
		write_on(&w, atof(argv[3]));
	perror("writer");
	return 1;
}
