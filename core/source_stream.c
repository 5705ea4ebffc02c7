/*
 * source_stream: pipes, FIFOs, terminals, and files on standard input.
 *
 * Standard input is shared with the shell, and on a terminal with the screen,
 * so O_NONBLOCK must not be set on it; it is opened anew where that gives the
 * same stream (not for a FIFO, whose last writer may be gone by then). Each
 * read is preceded by a poll(), which also tells a FIFO without a writer yet
 * from one at its end.
 *
 * The descriptor stays open at the end of a stream: a writer that comes late
 * to a FIFO then finds its reader, and source_revive() what it wrote.
 */
#include "config.h"

#include "core/source_stream.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

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

enum source_event
source_stream_next(struct source *s, char *buf, size_t cap, size_t *n, int64_t now)
{
	if (s->state != SOURCE_OPEN || !ready(s))
		return SOURCE_IDLE;
	ssize_t got = read(s->file->fd, buf, cap);

	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return SOURCE_IDLE;
	if (got <= 0) {
		s->state = SOURCE_ENDED;
		s->error = got < 0 ? errno : 0;
		return SOURCE_CLOSED;
	}
	*n = (size_t)got;
	s->offset += *n;
	s->bytes += *n;
	s->last_read = now;
	return SOURCE_DATA;
}

bool
source_revive(struct source *s)
{
	struct stat st;

	if (s->state != SOURCE_ENDED || strcmp(s->path, "-") == 0 || fstat(s->file->fd, &st) ||
	    !S_ISFIFO(st.st_mode) || !(ready(s) & POLLIN))
		return false;
	s->state = SOURCE_OPEN;
	return true;
}
