/*
 * trail_file.c: what stands after the offset is read together with the 64
 * bytes before it. Those are the ones that were read last time, or the file was
 * cut or rewritten in between, whatever its size is now:
 *
 *	      tail  offset
 *	... [ 64 bytes ][ new bytes ...           the same tail: grown
 *
 * What cannot be seen: a file that was cut and rewritten so that the bytes
 * before the offset are the same.
 */
#include "config.h"

#include "core/trail_file.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

void
trail_file_init(struct trail_file *f, struct source_file *file, unsigned generation, uint64_t offset, int64_t now)
{
	*f = (struct trail_file){ .file = file, .generation = generation, .offset = offset, .grown = now, .fresh = true };
	trail_file_holds(f, now);
}

/* A writer that does not append goes on at its old offset, behind a hole. */
static uint64_t
first_data(const struct trail_file *f)
{
	off_t at = lseek(f->file->fd, 0, SEEK_DATA);

	return at > 0 ? (uint64_t)at : 0;
}

void
trail_file_restart(struct trail_file *f, unsigned generation, int64_t now)
{
	trail_file_init(f, f->file, generation, 0, now);
	f->offset = first_data(f);
	f->cut = true;
}

void
trail_file_copy(struct trail_file *f, struct source_file *copy, int64_t now)
{
	f->file = copy;
	f->copy = true;
	f->known = f->offset;
	trail_file_look(f, now);
	if (f->head_n > f->size)
		f->head_n = (unsigned)f->size;
}

void
trail_file_release(struct trail_file *f)
{
	source_file_leave(f->file);
}

bool
trail_file_look(struct trail_file *f, int64_t now)
{
	struct stat st;

	if (fstat(f->file->fd, &st))
		return true;
	/* What is in /proc is of size 0 whatever there is to read: it is known by its bytes only. */
	if ((uint64_t)st.st_size < f->known && (st.st_size || f->size))
		return false;
	if ((uint64_t)st.st_size != f->size)
		f->grown = now;
	f->size = (uint64_t)st.st_size;
	return true;
}

static bool
same_bytes(int fd, const char *bytes, size_t n, uint64_t offset)
{
	char there[TRAIL_PRINT];

	return !n || (pread(fd, there, n, (off_t)offset) == (ssize_t)n && memcmp(there, bytes, n) == 0);
}

/* ---- reading ----------------------------------------------------------------------- */

static size_t
tail_size(uint64_t offset)
{
	return offset < TRAIL_PRINT ? (size_t)offset : TRAIL_PRINT;
}

/* How much of the tail is known: nothing where reading was set to begin in the middle. */
static size_t
known_tail(const struct trail_file *f)
{
	return f->tail_end == f->offset ? f->tail_n : 0;
}

enum trail_read
trail_file_read(struct trail_file *f, char *buf, size_t cap, size_t *n)
{
	char before[TRAIL_PRINT];
	size_t want = tail_size(f->offset), sure = known_tail(f);
	struct iovec v[2] = { { before, want }, { buf, cap } };
	ssize_t got;

	*n = 0;
	do
		got = preadv(f->file->fd, v, 2, (off_t)(f->offset - want));
	while (got < 0 && errno == EINTR);
	if (got < 0)
		return TRAIL_ERROR;
	if ((size_t)got < want || memcmp(before + want - sure, f->tail, sure) != 0)
		return TRAIL_CUT;
	/* A short tail, or none, proves little. */
	if (sure < TRAIL_PRINT && !same_bytes(f->file->fd, f->head, f->head_n, 0))
		return TRAIL_CUT;
	if (f->known < f->size)
		f->known = f->size;
	*n = (size_t)got - want;
	return *n ? TRAIL_DATA : TRAIL_END;
}

void
trail_file_take(struct trail_file *f, const char *buf, size_t n)
{
	size_t had = known_tail(f), fresh = n < TRAIL_PRINT ? n : TRAIL_PRINT;
	size_t old = had < TRAIL_PRINT - fresh ? had : TRAIL_PRINT - fresh;

	memmove(f->tail, f->tail + had - old, old);
	memcpy(f->tail + old, buf + n - fresh, fresh);
	f->tail_n = (unsigned)(old + fresh);
	f->offset += n;
	f->tail_end = f->offset;
	f->fresh = false;
	if (f->known < f->offset)
		f->known = f->offset;
}

bool
trail_file_mid_line(const struct trail_file *f)
{
	size_t n = known_tail(f);

	return n && f->tail[n - 1] != '\n';
}

/* ---- known again --------------------------------------------------------------------- */

/* Compare the first bytes with those that were seen; take note of more. */
static bool
compare_head(struct trail_file *f)
{
	char head[TRAIL_PRINT];
	ssize_t n = pread(f->file->fd, head, sizeof head, 0);

	if (n < 0)
		return true;
	if ((size_t)n < f->head_n || memcmp(head, f->head, f->head_n) != 0)
		return false;
	memcpy(f->head, head, (size_t)n);
	f->head_n = (unsigned)n;
	return true;
}

bool
trail_file_head_holds(struct trail_file *f)
{
	struct stat st;

	if (fstat(f->file->fd, &st) || (st.st_mtim.tv_sec == f->mtime.tv_sec && st.st_mtim.tv_nsec == f->mtime.tv_nsec))
		return true;
	if (!compare_head(f))
		return false;
	f->mtime = st.st_mtim;
	return true;
}

static bool
tail_is_in(const struct trail_file *f, int fd)
{
	size_t n = known_tail(f);

	return same_bytes(fd, f->tail, n, f->offset - n);
}

bool
trail_file_holds(struct trail_file *f, int64_t now)
{
	bool shorter = !trail_file_look(f, now) || (f->size && f->size < f->offset);

	if (shorter || !compare_head(f) || !tail_is_in(f, f->file->fd))
		return false;
	if (f->known < f->size)
		f->known = f->size;
	return true;
}

bool
trail_file_is_copy(const struct trail_file *f, int fd)
{
	struct stat st;

	if (fstat(fd, &st) || !S_ISREG(st.st_mode) || !st.st_size || (uint64_t)st.st_size < f->offset)
		return false;
	size_t n = (uint64_t)st.st_size < f->head_n ? (size_t)st.st_size : f->head_n;

	return n && same_bytes(fd, f->head, n, 0) && tail_is_in(f, fd);
}
