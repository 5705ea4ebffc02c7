/*
 * The demo's files. The idea: a binary heap of records, the earliest on
 * top; equal times leave in the order in which they came. Due records go to
 * a buffer per file, which is written in one piece, so that a reader hardly
 * ever meets half a line and a write is cheap.
 *
 * It knows nothing about what stands in a line (demo_line.c).
 */
#include "config.h"

#include "core/demo_log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/alloc.h"

#define MEGABYTE (1000 * 1000)
#define WRITE_SIZE (256 * 1024)

static const struct {
	const char *name;
	off_t limit; /* rotate before it gets larger */
	int keep;    /* rotated files, name.1 the newest */
} files[DEMO_FILES] = {
	[DEMO_APPLICATION] = { "application.log", 32 * MEGABYTE, 2 },
	[DEMO_SERVICES] = { "django.log", 10 * MEGABYTE, 1 },
	[DEMO_ACCESS] = { "access.log", 16 * MEGABYTE, 1 },
	[DEMO_CELERY] = { "celery.log", 5 * MEGABYTE, 1 },
};

struct entry {
	int64_t t;
	uint64_t seq;
	enum demo_file file;
	char *p;
	size_t n;
};

struct demo_log {
	char *dir;
	struct entry *heap;
	size_t n, cap;
	uint64_t seq;
	struct {
		int fd; /* -1: not open */
		off_t size;
		struct strbuf due;
	} out[DEMO_FILES];
};

struct demo_log *
demo_log_new(const char *dir)
{
	struct demo_log *l = xcalloc(1, sizeof *l);

	l->dir = xstrdup(dir);
	for (int f = 0; f < DEMO_FILES; f++)
		l->out[f].fd = -1;
	return l;
}

void
demo_log_free(struct demo_log *l)
{
	if (l == NULL)
		return;
	demo_log_close(l);
	for (size_t i = 0; i < l->n; i++)
		free(l->heap[i].p);
	for (int f = 0; f < DEMO_FILES; f++)
		strbuf_release(&l->out[f].due);
	free(l->heap);
	free(l->dir);
	free(l);
}

const char *
demo_log_name(enum demo_file file)
{
	return files[file].name;
}

static bool
earlier(const struct entry *a, const struct entry *b)
{
	return a->t != b->t ? a->t < b->t : a->seq < b->seq;
}

void
demo_log_put(struct demo_log *l, enum demo_file file, int64_t t, struct strbuf *b)
{
	struct entry e = { t, l->seq++, file, b->p, b->n };
	size_t i;

	ARRAY_GROW(l->heap, l->n, l->cap);
	for (i = l->n++; i > 0 && earlier(&e, &l->heap[(i - 1) / 2]); i = (i - 1) / 2)
		l->heap[i] = l->heap[(i - 1) / 2];
	l->heap[i] = e;
	*b = (struct strbuf)STRBUF_INIT;
}

static struct entry
take_first(struct demo_log *l)
{
	struct entry first = l->heap[0], last = l->heap[--l->n];
	size_t i = 0, child;

	while ((child = 2 * i + 1) < l->n) {
		if (child + 1 < l->n && earlier(&l->heap[child + 1], &l->heap[child]))
			child++;
		if (!earlier(&l->heap[child], &last))
			break;
		l->heap[i] = l->heap[child];
		i = child;
	}
	l->heap[i] = last;
	return first;
}

static void
close_file(struct demo_log *l, int f)
{
	if (l->out[f].fd >= 0)
		close(l->out[f].fd);
	l->out[f].fd = -1;
}

void
demo_log_close(struct demo_log *l)
{
	for (int f = 0; f < DEMO_FILES; f++)
		close_file(l, f);
}

/* The path of the nth rotation of a file, 0 for the file itself. The caller owns it. */
static char *
path_of(const struct demo_log *l, int f, int nth)
{
	if (nth == 0)
		return xasprintf("%s/%s", l->dir, files[f].name);
	return xasprintf("%s/%s.%d", l->dir, files[f].name, nth);
}

static int
rotate(struct demo_log *l, int f)
{
	int rc = 0;

	close_file(l, f);
	for (int nth = files[f].keep; nth > 0; nth--) {
		char *from = path_of(l, f, nth - 1), *to = path_of(l, f, nth);

		if (rename(from, to) < 0 && errno != ENOENT)
			rc = -errno;
		free(from);
		free(to);
	}
	return rc;
}

static int
open_file(struct demo_log *l, int f)
{
	char *path = path_of(l, f, 0);
	struct stat st;
	int rc = 0;

	l->out[f].fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (l->out[f].fd < 0 || fstat(l->out[f].fd, &st) < 0)
		rc = -errno;
	else
		l->out[f].size = st.st_size;
	free(path);
	return rc;
}

static int
write_all(int fd, struct span s)
{
	while (s.n > 0) {
		ssize_t n = write(fd, s.p, s.n);

		if (n < 0 && errno != EINTR)
			return -errno;
		s = span_from(s, n > 0 ? (size_t)n : 0);
	}
	return 0;
}

static int
write_due(struct demo_log *l, int f)
{
	struct span due = strbuf_span(&l->out[f].due);
	int rc = 0;

	if (due.n == 0)
		return 0;
	if (l->out[f].fd < 0)
		rc = open_file(l, f);
	if (rc == 0 && l->out[f].size + (off_t)due.n > files[f].limit) {
		rc = rotate(l, f);
		if (rc == 0)
			rc = open_file(l, f);
	}
	if (rc == 0)
		rc = write_all(l->out[f].fd, due);
	l->out[f].size += (off_t)due.n;
	strbuf_clear(&l->out[f].due);
	return rc;
}

int
demo_log_write(struct demo_log *l, int64_t until)
{
	int rc = 0;

	while (rc == 0 && l->n > 0 && l->heap[0].t <= until) {
		struct entry e = take_first(l);

		strbuf_add(&l->out[e.file].due, span_of(e.p, e.n));
		free(e.p);
		if (l->out[e.file].due.n >= WRITE_SIZE)
			rc = write_due(l, e.file);
	}
	for (int f = 0; rc == 0 && f < DEMO_FILES; f++)
		rc = write_due(l, f);
	return rc;
}
