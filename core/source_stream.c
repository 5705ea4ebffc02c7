/*
 * source_stream: pipes, FIFOs, terminals, what a command writes, archives, and
 * files on standard input.
 *
 * Standard input is shared with the shell, and on a terminal with the screen,
 * so O_NONBLOCK must not be set on it; it is opened anew where that gives the
 * same stream (not for a FIFO, whose last writer may be gone by then). Each
 * read is preceded by a poll(), which also tells a FIFO without a writer yet
 * from one at its end.
 *
 * The descriptor stays open at the end of a stream: a writer that comes late
 * to a FIFO then finds its reader, and source_revive() what it wrote.
 *
 * The first bytes tell whether it is an archive; they are held back until they
 * do. An archive in a file that ends too early stays open: it may be written
 * just now. On a pipe that is its end.
 *
 * A command that was started again has new pipes: its source goes over to the
 * new one where the old one has nothing left.
 */
#include "config.h"

#include "core/source_stream.h"

#include "core/alloc.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

enum { FIRST_READ = 4096 }; /* fits into an archive's room */

int
source_stream_stdin(void)
{
	struct statfs fs;
	bool pipe = fstatfs(STDIN_FILENO, &fs) == 0 && fs.f_type == PIPEFS_MAGIC;
	int fd = -1;

	if (pipe || isatty(STDIN_FILENO))
		fd = open("/proc/self/fd/0", O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		fd = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3);
	return fd < 0 ? -errno : fd;
}

static short
ready(const struct source *s)
{
	struct pollfd p = { .fd = s->file->fd, .events = POLLIN };

	return poll(&p, 1, 0) > 0 ? p.revents : 0;
}

static bool
has_kind(const struct source *s, mode_t kind)
{
	struct stat st;

	return fstat(s->file->fd, &st) == 0 && (st.st_mode & S_IFMT) == kind;
}

/* ---- a command ------------------------------------------------------------------------- */

/* Go over to the pipe of a command that was started: whether there is one. */
static bool
next_pipe(struct source *s)
{
	int fd = s->child ? child_take(s->child, s->child_end) : -1;
	struct stat st;

	if (fd < 0)
		return false;
	bool again = s->file != NULL;

	fstat(fd, &st);
	source_file_leave(s->file);
	archive_free(s->archive);
	s->archive = NULL;
	s->begun = false;
	s->magic_n = 0;
	s->generation += again;
	s->broken = false;
	source_note(s, NULL);
	source_take(s, fd, &st, s->path);
	return true;
}

int
source_stream_open_child(struct source *s)
{
	s->stream = true;
	if (next_pipe(s))
		return 0;
	/* It is told once. */
	s->state = s->child_end == CHILD_OUT ? SOURCE_FAILED : SOURCE_ENDED;
	s->error = s->state == SOURCE_FAILED ? child_error(s->child) : 0;
	return -child_error(s->child);
}

/* ---- reading ---------------------------------------------------------------------------- */

/* Bytes read; 0 at the end; -EAGAIN: nothing now; else -errno. */
static ssize_t
read_raw(struct source *s, char *buf, size_t cap)
{
	if (!s->packed && !ready(s))
		return -EAGAIN;
	ssize_t got = read(s->file->fd, buf, cap);

	if (got >= 0)
		return got;
	/* A terminal that is gone. */
	if (errno == EIO && has_kind(s, S_IFCHR))
		return 0;
	return errno == EINTR ? -EAGAIN : -errno;
}

static enum source_event
took(struct source *s, size_t got, size_t *n, int64_t now)
{
	*n = got;
	s->offset += got;
	s->bytes += got;
	s->last_read = now;
	if (s->note && !s->child)
		source_note(s, NULL);
	return SOURCE_DATA;
}

static enum source_event
ended(struct source *s, int error)
{
	if (next_pipe(s))
		return SOURCE_ROTATED;
	s->state = SOURCE_ENDED;
	s->error = error;
	s->broken |= error != 0;
	if (!error && !s->broken && strcmp(s->path, "-") != 0 && !s->child && has_kind(s, S_IFIFO))
		source_note(s, "the writer left, waiting for the next");
	return SOURCE_CLOSED;
}

/* Nothing could be read. */
static enum source_event
without(struct source *s, ssize_t got)
{
	if (got != -EAGAIN)
		return ended(s, (int)-got);
	return next_pipe(s) ? SOURCE_ROTATED : SOURCE_IDLE;
}

/* ---- archives --------------------------------------------------------------------------- */

static enum source_event
damaged(struct source *s, const char *why)
{
	char *note = xasprintf("the archive cannot be read on: %s", why);

	source_note(s, note);
	free(note);
	s->broken = true;
	s->state = SOURCE_FAILED;
	s->error = EBADMSG;
	return SOURCE_CLOSED;
}

/* The file ends here. */
static enum source_event
archive_ends(struct source *s)
{
	if (archive_whole(s->archive))
		return ended(s, 0);
	s->broken = true;
	source_note(s, "the archive ends early");
	return s->packed ? SOURCE_IDLE : ended(s, 0);
}

static enum source_event
next_decoded(struct source *s, char *buf, size_t cap, size_t *n, int64_t now)
{
	for (;;) {
		size_t room, got = archive_decode(s->archive, buf, cap);

		if (got) {
			s->broken = false;
			return took(s, got, n, now);
		}
		if (archive_error(s->archive))
			return damaged(s, archive_error(s->archive));
		char *to = archive_room(s->archive, &room);
		ssize_t fed = read_raw(s, to, room);

		if (fed <= 0)
			return fed ? without(s, fed) : archive_ends(s);
		archive_fed(s->archive, (size_t)fed);
		s->raw += (size_t)fed;
	}
}

/* The first bytes are there: an archive is decoded from here on. */
static enum source_event
begin(struct source *s, char *buf, size_t cap, size_t got, size_t *n, int64_t now)
{
	enum archive_kind kind = archive_kind(span_of(buf, got));
	size_t room;

	s->begun = true;
	if (kind < ARCHIVE_GZIP)
		return took(s, got, n, now);
	s->archive = archive_new(kind);
	if (!s->archive) {
		char *note = xasprintf("this is a %s archive, which this build does not read", archive_name(kind));

		source_note(s, note);
		free(note);
		s->broken = true;
		s->state = SOURCE_FAILED;
		s->error = ENOTSUP;
		return SOURCE_CLOSED;
	}
	memcpy(archive_room(s->archive, &room), buf, got);
	archive_fed(s->archive, got);
	s->raw = got;
	return next_decoded(s, buf, cap, n, now);
}

/* Too few bytes to know what it is are kept for the next look. */
static enum source_event
next_first(struct source *s, char *buf, size_t cap, size_t *n, int64_t now)
{
	size_t had = s->magic_n;

	memcpy(buf, s->magic, had);
	ssize_t got = read_raw(s, buf + had, (cap < FIRST_READ ? cap : FIRST_READ) - had);

	if (got < 0 || (!got && !had))
		return without(s, got);
	size_t all = had + (size_t)got;

	s->magic_n = 0;
	if (!got || all >= SOURCE_MAGIC || archive_kind(span_of(buf, all)) != ARCHIVE_UNSURE)
		return begin(s, buf, cap, all, n, now);
	memcpy(s->magic, buf, all);
	s->magic_n = (unsigned)all;
	return SOURCE_IDLE;
}

enum source_event
source_stream_next(struct source *s, char *buf, size_t cap, size_t *n, int64_t now)
{
	if (s->state != SOURCE_OPEN)
		return SOURCE_IDLE;
	if (s->archive)
		return next_decoded(s, buf, cap, n, now);
	if (!s->begun && cap > SOURCE_MAGIC)
		return next_first(s, buf, cap, n, now);
	ssize_t got = read_raw(s, buf, cap);

	return got > 0 ? took(s, (size_t)got, n, now) : without(s, got);
}

static bool
has_grown(const struct source *s)
{
	struct stat st;

	return fstat(s->file->fd, &st) == 0 && (uint64_t)st.st_size > s->raw;
}

bool
source_revive(struct source *s)
{
	if (s->child)
		return s->state != SOURCE_OPEN && next_pipe(s);
	if (s->state != SOURCE_ENDED || strcmp(s->path, "-") == 0)
		return false;
	if (s->packed ? !has_grown(s) : !has_kind(s, S_IFIFO) || !(ready(s) & POLLIN))
		return false;
	s->state = SOURCE_OPEN;
	return true;
}
