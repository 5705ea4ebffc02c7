/*
 * source: a file that is followed by looking at it.
 *
 * Three questions are asked of the disk, in this order:
 *
 * 1. What stands after the offset? One preadv() brings it together with the
 *    bytes before the offset. Those are the ones that were read last time, or
 *    the file was cut or rewritten in between, whatever its size is now:
 *
 *	      tail  offset
 *	... [ 64 bytes ][ new bytes ...           the same tail: grown
 *
 * 2. Nothing: is the path still this file? If so, and it was written to, are
 *    its first bytes still the same? That finds a file that was rewritten up
 *    to exactly the offset.
 * 3. The path is another file: which one came after this one? The one at the
 *    path, unless succession.c finds files between.
 *
 * A name that was looked at can be another file a moment later. Whatever is
 * opened is looked at again before it is believed.
 *
 * What cannot be seen: a file that was cut and rewritten so that the 64 bytes
 * before the offset are the same; what is written to a file after another one
 * took its place and was written to.
 */
#include "config.h"

#include "core/source.h"

#include "core/alloc.h"
#include "core/source_stream.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

enum {
	LOOKS_MAX = 4, /* times to look again while a rotation is under way */
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
	source_file_leave(s->file);
	succession_release(&s->past);
	free(s->path);
	free(s->name);
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

/* ---- opening ----------------------------------------------------------------------- */

static int64_t
in_ns(struct timespec t)
{
	return t.tv_sec * INT64_C(1000000000) + t.tv_nsec;
}

/* Compare the first bytes with those that were seen; take note of more. False: others. */
static bool
head_holds(struct source *s)
{
	char head[SOURCE_PRINT];
	ssize_t n = pread(s->file->fd, head, sizeof head, 0);

	if (n < 0)
		return true;
	if ((size_t)n < s->fingerprint_n || memcmp(head, s->fingerprint, s->fingerprint_n) != 0)
		return false;
	memcpy(s->fingerprint, head, (size_t)n);
	s->fingerprint_n = (unsigned)n;
	return true;
}

/* From here on another content is read, from its start. */
static void
start_over(struct source *s)
{
	s->offset = 0;
	s->tail_end = 0;
	s->fingerprint_n = 0;
	s->mtime = (struct timespec){ 0 };
	s->known_size = source_size(s);
	if (!s->stream)
		head_holds(s);
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

static int
open_path(const char *path, struct stat *st)
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
	if (pread(s->file->fd, &byte, 1, (off_t)s->offset) < 0)
		return -errno;
	s->state = SOURCE_OPEN;
	s->error = 0;
	return 1;
}

int
source_open(struct source *s)
{
	struct stat st;

	if (s->file)
		return resume(s);
	int fd = open_path(s->path, &st);

	if (fd < 0)
		return open_failed(s, -fd);
	s->file = source_file_new(fd, &st, s->path);
	s->stream = s->stream || !S_ISREG(st.st_mode);
	s->state = SOURCE_OPEN;
	s->missing = false;
	s->error = 0;
	s->past.since = in_ns(st.st_mtim);
	start_over(s);
	return 0;
}

/* ---- reading on -------------------------------------------------------------------- */

static size_t
tail_size(uint64_t offset)
{
	return offset < SOURCE_PRINT ? (size_t)offset : SOURCE_PRINT;
}

/* `before` holds the tail of the old offset, buf the n bytes that were read after it. */
static void
keep_tail(struct source *s, const char *before, const char *buf, size_t n)
{
	size_t had = tail_size(s->offset), want = tail_size(s->offset + n);
	size_t fresh = n < want ? n : want;

	memcpy(s->tail, before + had - (want - fresh), want - fresh);
	memcpy(s->tail + want - fresh, buf + n - fresh, fresh);
	s->tail_end = s->offset + n;
}

/* A writer that does not append goes on at its old offset, behind a hole. */
static uint64_t
first_data(const struct source *s)
{
	off_t at = lseek(s->file->fd, 0, SEEK_DATA);

	return at > 0 ? (uint64_t)at : 0;
}

static enum source_event
truncated(struct source *s)
{
	if (s->known_size > s->offset)
		s->lost += s->known_size - s->offset;
	s->file = source_file_renew(s->file);
	s->generation++;
	s->truncations++;
	start_over(s);
	s->offset = first_data(s);
	return SOURCE_TRUNCATED;
}

static ssize_t
read_with_tail(const struct source *s, char *before, size_t want, char *buf, size_t cap)
{
	struct iovec v[2] = { { before, want }, { buf, cap } };
	ssize_t got;

	do
		got = preadv(s->file->fd, v, 2, (off_t)(s->offset - want));
	while (got < 0 && errno == EINTR);
	return got;
}

/* SOURCE_DATA, SOURCE_TRUNCATED, SOURCE_CLOSED; SOURCE_IDLE at the end of the file. */
static enum source_event
read_on(struct source *s, char *buf, size_t cap, size_t *n, int64_t now)
{
	char before[SOURCE_PRINT];
	size_t want = tail_size(s->offset);
	ssize_t got = read_with_tail(s, before, want, buf, cap);

	if (got < 0) {
		s->state = SOURCE_FAILED;
		s->error = errno;
		return SOURCE_CLOSED;
	}
	if ((size_t)got < want || (s->tail_end == s->offset && memcmp(before, s->tail, want) != 0))
		return truncated(s);
	*n = (size_t)got - want;
	keep_tail(s, before, buf, *n);
	if (!*n)
		return SOURCE_IDLE;
	s->offset += *n;
	s->bytes += *n;
	s->last_read = now;
	return SOURCE_DATA;
}

/* ---- rotation ---------------------------------------------------------------------- */

/* The path still leads to this file: was it rewritten under us? */
static enum source_event
look_at_head(struct source *s, const struct stat *st)
{
	s->known_size = (uint64_t)st->st_size;
	if (st->st_mtim.tv_sec == s->mtime.tv_sec && st->st_mtim.tv_nsec == s->mtime.tv_nsec)
		return SOURCE_IDLE;
	if (!head_holds(s))
		return truncated(s);
	s->mtime = st->st_mtim;
	s->past.since = in_ns(st->st_mtim);
	return SOURCE_IDLE;
}

static void
leave_file(struct source *s, const struct successor *next)
{
	succession_leave(&s->past, s->file->fd, s->offset, next);
	source_file_leave(s->file);
	s->file = NULL;
	s->generation++;
	s->rotations++;
	s->gaps += next->gap;
}

/* The file at the path cannot be opened: the source says so. One between is passed over. */
static enum source_event
next_failed(struct source *s, const struct successor *next, int error, bool *again)
{
	*again = !next->last || error == ENOENT;
	if (!next->last && error != ENOENT) {
		succession_pass(&s->past, &next->mark);
		s->gaps++;
	} else if (next->last && error != ENOENT && error != ENOTDIR) {
		leave_file(s, next);
		open_failed(s, error);
		return SOURCE_CLOSED;
	}
	return SOURCE_IDLE;
}

/* Whether `next`, which was opened as `st`, still comes after the open file. */
static bool
still_next(const struct source *s, const struct successor *next, const struct stat *st)
{
	struct successor now;

	if (!succession_find(&s->past, s->path, s->file->fd, &now))
		return false;
	bool same = successor_same(&now, next) && st->st_dev == next->mark.dev && st->st_ino == next->mark.ino;

	free(now.name);
	return same;
}

/*
 * Open `next`. SOURCE_IDLE: not yet, or it moved while we looked (*again). A
 * file at the path with nothing new in it is left alone: logrotate creates it
 * before it tells the writer, who still writes to the old one.
 */
static enum source_event
open_next(struct source *s, const struct successor *next, bool *again)
{
	struct stat st;
	int fd = open_path(next->name, &st);

	if (fd < 0)
		return next_failed(s, next, -fd, again);
	bool ready = S_ISREG(st.st_mode) && (!next->last || (uint64_t)st.st_size > next->mark.end);

	*again = ready && !still_next(s, next, &st);
	if (!ready || *again) {
		close(fd);
		return SOURCE_IDLE;
	}
	leave_file(s, next);
	s->file = source_file_new(fd, &st, next->name);
	s->missing = false;
	start_over(s);
	s->offset = next->mark.end;
	return SOURCE_ROTATED;
}

static enum source_event
try_next(struct source *s, bool *again)
{
	struct successor next;

	*again = succession_find(&s->past, s->path, s->file->fd, &next);
	if (!*again)
		return SOURCE_IDLE;
	enum source_event ev = open_next(s, &next, again);

	free(next.name);
	return ev;
}

static enum source_event
follow_path(struct source *s)
{
	enum source_event ev = SOURCE_IDLE;
	bool again = true;

	for (int i = 0; again && i < LOOKS_MAX; i++)
		ev = try_next(s, &again);
	return ev;
}

static enum source_event
file_next(struct source *s, char *buf, size_t cap, size_t *n, int64_t now)
{
	struct stat st;
	enum source_event ev = read_on(s, buf, cap, n, now);

	if (ev != SOURCE_IDLE || s->fixed)
		return ev;
	s->missing = stat(s->path, &st) != 0;
	if (s->missing)
		return SOURCE_IDLE;
	if (source_file_is(s->file, &st))
		return look_at_head(s, &st);
	/* What was written before the rename is in the old file by now. */
	ev = read_on(s, buf, cap, n, now);
	return ev == SOURCE_IDLE ? follow_path(s) : ev;
}

enum source_event
source_next(struct source *s, char *buf, size_t cap, size_t *n, int64_t now)
{
	*n = 0;
	s->idle = false;
	if (!s->file)
		return SOURCE_CLOSED;
	enum source_event ev = s->stream ? source_stream_next(s, buf, cap, n, now)
					 : file_next(s, buf, cap, n, now);

	s->idle = ev == SOURCE_IDLE;
	return ev;
}
