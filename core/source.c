/*
 * source.c: opening and what all kinds of sources have in common. How a file
 * is followed is in source_trail.c, how a stream is read in source_stream.c.
 */
#include "config.h"

#include "core/source.h"

#include "core/alloc.h"
#include "core/source_stream.h"
#include "core/source_trail.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	SNIFF_BYTES = 64 << 10,
	OPEN_FLAGS = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY,
};

struct source *
source_new(unsigned id, const char *path, const char *name)
{
	struct source *s = xcalloc(1, sizeof *s);

	s->id = id;
	s->path = xstrdup(path);
	s->name = xstrdup(name);
	s->stream = strcmp(path, "-") == 0;
	return s;
}

void
source_free(struct source *s)
{
	if (!s)
		return;
	if (s->stream)
		source_file_leave(s->file);
	trail_release(&s->trail);
	archive_free(s->archive);
	succession_release(&s->past);
	free(s->path);
	free(s->name);
	free(s->note);
	free(s);
}

uint64_t
source_size(const struct source *s)
{
	struct stat st;

	if (s->stream || !s->file || fstat(s->file->fd, &st))
		return 0;
	return (uint64_t)st.st_size;
}

unsigned
source_head(const struct source *s, char head[SOURCE_PRINT])
{
	const struct trail_file *f = s->trail.n ? &s->trail.v[s->trail.at] : NULL;

	if (f)
		memcpy(head, f->head, f->head_n);
	return f ? f->head_n : 0;
}

void
source_note(struct source *s, const char *note)
{
	free(s->note);
	s->note = note ? xstrdup(note) : NULL;
}

void
source_count_from(struct source *s, unsigned generation)
{
	s->newest = s->generation = generation;
}

/* ---- opening ----------------------------------------------------------------------- */

static int64_t
in_ns(struct timespec t)
{
	return t.tv_sec * INT64_C(1000000000) + t.tv_nsec;
}

static int
open_failed(struct source *s, int error)
{
	bool absent = error == ENOENT || error == ENOTDIR;

	s->state = absent ? SOURCE_WAITING : SOURCE_FAILED;
	s->missing = absent;
	s->error = error;
	return -error;
}

/* What kind of thing may be read: 0 or errno. */
static int
check_kind(mode_t mode)
{
	if (S_ISREG(mode) || S_ISFIFO(mode) || S_ISCHR(mode))
		return 0;
	return S_ISDIR(mode) ? EISDIR : EINVAL;
}

int
source_open_path(const char *path, struct stat *st)
{
	int fd = strcmp(path, "-") == 0 ? source_stream_stdin() : open(path, OPEN_FLAGS);

	if (fd < 0)
		return fd == -1 ? -errno : fd;
	int error = fstat(fd, st) ? errno : check_kind(st->st_mode);

	if (error) {
		close(fd);
		return -error;
	}
	return fd;
}

/* A file that failed while it was read: can it be read again? */
static int
resume(struct source *s)
{
	char byte;

	if (s->state != SOURCE_FAILED)
		return 1;
	if (s->stream)
		return -s->error;
	if (pread(s->file->fd, &byte, 1, (off_t)s->offset) < 0)
		return -errno;
	s->state = SOURCE_OPEN;
	s->error = 0;
	return 1;
}

/* An archive is read forwards only, whatever its name says. */
static bool
is_archive(int fd)
{
	char head[SOURCE_MAGIC];
	ssize_t n = pread(fd, head, sizeof head, 0);

	return n == sizeof head && archive_kind(span_of(head, sizeof head)) > ARCHIVE_UNSURE;
}

void
source_take(struct source *s, int fd, const struct stat *st, const char *path)
{
	bool file = S_ISREG(st->st_mode);

	struct source_file *f = source_file_new(fd, st, path);

	s->packed = !s->stream && file && is_archive(fd);
	s->stream = s->stream || s->packed || !file;
	s->state = SOURCE_OPEN;
	s->missing = false;
	s->error = 0;
	s->past.since = in_ns(st->st_mtim);
	s->file = f;
	s->offset = 0;
	if (!s->stream)
		source_trail_begin(s, f);
	if (S_ISFIFO(st->st_mode) && !s->child && strcmp(s->path, "-") != 0)
		source_note(s, "no writer yet");
}

int
source_open(struct source *s)
{
	struct stat st;

	if (s->file)
		return resume(s);
	if (s->child)
		return source_stream_open_child(s);
	int fd = source_open_path(s->path, &st);

	if (fd < 0)
		return open_failed(s, -fd);
	source_take(s, fd, &st, s->path);
	return 0;
}

void
source_sniff(struct source *s)
{
	uint64_t size = source_size(s);
	size_t n = size < SNIFF_BYTES ? (size_t)size : SNIFF_BYTES;
	char *buf = xmalloc(n + 1);
	uint64_t at[2] = { 0, size - n };

	for (int i = 0; i < 2; i++) {
		ssize_t got = pread(s->file->fd, buf, n, (off_t)at[i]);

		if (got > 0)
			format_sniff(&s->memory, span_of(buf, (size_t)got));
	}
	free(buf);
}

/* ---- reading ------------------------------------------------------------------------ */

enum source_event
source_next(struct source *s, char *buf, size_t cap, size_t *n, int64_t now)
{
	*n = 0;
	s->idle = false;
	if (!s->file)
		return SOURCE_CLOSED;
	enum source_event ev = s->stream ? source_stream_next(s, buf, cap, n, now)
					 : source_trail_next(s, buf, cap, n, now);

	s->idle = ev == SOURCE_IDLE;
	return ev;
}

void
source_glance(struct source *s, int64_t now)
{
	if (s->file && !s->stream && !s->fixed)
		source_trail_glance(s, now);
}
