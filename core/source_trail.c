/*
 * source_trail.c: the files of one log, in the order in which they are read.
 *
 *	[ left, may still get lines ] [ at ] [ rotated in since, not yet begun ]
 *	  app.log.3   app.log.2       app.log.1      app.log  <- the front
 *
 * After a rotation some writers go on for a while in the file that they have
 * open. So that each writer's lines come in its order, the files' sizes are
 * taken from the front backwards, and the first file that has something is
 * read, up to the size that was taken: whatever stands before it in an older
 * file was there to be seen. Only whole lines are taken while there are several
 * files, so that going from one to the other parts no line; what a writer
 * leaves half for HALF_NSEC is taken as it is.
 *
 * Files are held open from when they are first seen, so that nothing that
 * happens to their names can lose them. A file that was left is let go when it
 * was quiet for LINGER_NSEC.
 *
 * A file that was cut (copytruncate) is two from then on: the copy, which is read on
 * from where reading was, and the file itself, from its start.
 *
 *	[ app.log, 4k of 7k ]  ->  [ app.log.1, 4k of 7k ] [ app.log, 0 of 2k ]
 *
 * A name that was looked at can be another file a moment later. Whatever is
 * opened is looked at again before it is believed.
 */
#include "config.h"

#include "core/source_trail.h"

#include "core/alloc.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	LOOKS_MAX = 8,  /* times to look again while a rotation is under way */
	FILES_MAX = 64, /* held for one source */
	LATE_MAX = 16,  /* of them, left ones */
};

#define LINGER_NSEC (60 * INT64_C(1000000000))
#define HALF_NSEC INT64_C(1000000000)

/* s->file, s->generation and s->offset are those of the file that is read. */
static void
show(struct source *s)
{
	const struct trail_file *f = &s->trail.v[s->trail.at];

	s->file = f->file;
	s->generation = f->generation;
	s->offset = f->offset;
}

/* Where it goes on was perhaps set from outside. */
static void
heed(struct source *s)
{
	s->trail.v[s->trail.at].offset = s->offset;
}

void
source_trail_begin(struct source *s, struct source_file *file)
{
	trail_file_init(trail_insert(&s->trail, 0), file, s->newest, 0, 0);
	s->trail.v[0].fresh = false;
	s->turned = SOURCE_IDLE;
	show(s);
}

/* Let go of one that was read to its end. */
static void
leave(struct source *s, size_t i)
{
	succession_done(&s->past, s->trail.v[i].file->fd, s->trail.v[i].offset);
	trail_drop(&s->trail, i);
}

/* ---- a file was cut ------------------------------------------------------------------ */

static bool
is_copy(const void *arg, int fd)
{
	return trail_file_is_copy(arg, fd);
}

/* The copy takes over what was read of v[i], which is v[i + 1] then. */
static void
insert_copy(struct source *s, size_t i, int fd, const char *name, int64_t now)
{
	struct stat st = { 0 };

	fstat(fd, &st);
	struct trail_file *copy = trail_insert(&s->trail, i);
	bool here = s->trail.at == i + 1;

	*copy = copy[1];
	if (copy->known > (uint64_t)st.st_size)
		s->lost += copy->known - (uint64_t)st.st_size;
	trail_file_copy(copy, source_file_new(fd, &st, name), now);
	succession_done(&s->past, fd, copy->size);
	s->trail.at -= here;
}

/* Copies that were made and cut off between two looks come between the first of them and v[i]. */
static size_t
insert_later_copies(struct source *s, size_t i, int64_t now)
{
	struct successor next;
	struct stat st;

	while (s->trail.n < FILES_MAX &&
	       succession_find(&s->past, s->path, s->trail.v[i - 1].file->fd, &next)) {
		int fd = next.last ? -1 : source_open_path(next.name, &st);

		if (fd >= 0) {
			struct source_file *file = source_file_new(fd, &st, next.name);

			trail_file_init(trail_insert(&s->trail, i), file, ++s->newest, next.mark.end, now);
			s->trail.v[i].copy = true;
			succession_leave(&s->past, fd, s->trail.v[i++].size, &next);
			s->truncations++;
		}
		free(next.name);
		if (fd < 0)
			break;
	}
	return i;
}

static void
cut(struct source *s, size_t i, int64_t now)
{
	char *name;
	int fd = succession_copy(&s->past, s->path, is_copy, &s->trail.v[i], &name);
	bool here = i == s->trail.at;

	if (fd >= 0) {
		insert_copy(s, i, fd, name, now);
		free(name);
		i = insert_later_copies(s, i + 1, now);
	} else {
		if (s->trail.v[i].known > s->trail.v[i].offset)
			s->lost += s->trail.v[i].known - s->trail.v[i].offset;
		if (here)
			s->turned = SOURCE_TRUNCATED;
	}
	struct trail_file *f = &s->trail.v[i];

	f->file = source_file_renew(f->file);
	trail_file_restart(f, ++s->newest, now);
	s->truncations++;
	show(s);
}

/* ---- what comes next ------------------------------------------------------------------- */

static void
append(struct source *s, struct source_file *file, const struct successor *next, int64_t now)
{
	succession_leave(&s->past, trail_front(&s->trail)->file->fd, trail_front(&s->trail)->offset, next);
	trail_file_init(trail_insert(&s->trail, s->trail.n), file, ++s->newest, next->mark.end, now);
	s->gaps += next->gap;
}

static bool
all_read(const struct source *s)
{
	for (size_t i = 0; i < s->trail.n; i++)
		if (s->trail.v[i].offset < s->trail.v[i].size)
			return false;
	return true;
}

/* Nothing is left of what was, and what is at the path cannot be opened. */
static enum source_event
close_with(struct source *s, int error)
{
	while (s->trail.n)
		leave(s, 0);
	s->file = NULL;
	s->generation = ++s->newest;
	s->rotations++;
	s->state = SOURCE_FAILED;
	s->error = error;
	return SOURCE_CLOSED;
}

/* The file at the path cannot be opened: the source says so. One between is passed over. */
static enum source_event
next_failed(struct source *s, const struct successor *next, int error, bool *again)
{
	*again = !next->last || error == ENOENT;
	if (!next->last && error != ENOENT) {
		succession_pass(&s->past, &next->mark);
		s->gaps++;
	} else if (next->last && error != ENOENT && error != ENOTDIR && all_read(s)) {
		return close_with(s, error);
	}
	return SOURCE_IDLE;
}

/* Whether `next`, which was opened as `st`, still comes after the front. */
static bool
still_next(const struct source *s, const struct successor *next, const struct stat *st)
{
	struct successor now;

	if (!succession_find(&s->past, s->path, trail_front(&s->trail)->file->fd, &now))
		return false;
	bool same = successor_same(&now, next) && st->st_dev == next->mark.dev && st->st_ino == next->mark.ino;

	free(now.name);
	return same;
}

static enum source_event
open_next(struct source *s, const struct successor *next, bool *again, int64_t now)
{
	struct stat st;
	int fd = source_open_path(next->name, &st);

	if (fd < 0)
		return next_failed(s, next, -fd, again);
	bool regular = S_ISREG(st.st_mode);

	*again = regular;
	if (regular && still_next(s, next, &st)) {
		append(s, source_file_new(fd, &st, next->name), next, now);
		s->missing = false;
	} else {
		close(fd);
	}
	return SOURCE_IDLE;
}

static enum source_event
try_next(struct source *s, bool *again, int64_t now)
{
	struct successor next;

	*again = s->trail.n < FILES_MAX && succession_find(&s->past, s->path, trail_front(&s->trail)->file->fd, &next);
	if (!*again)
		return SOURCE_IDLE;
	enum source_event ev = open_next(s, &next, again, now);

	free(next.name);
	return ev;
}

/* What is at the path now. *again: there is more to read or to look at. */
static enum source_event
look_at_path(struct source *s, bool *again, int64_t now)
{
	struct stat st;

	*again = false;
	s->missing = stat(s->path, &st) != 0;
	if (s->missing)
		return SOURCE_IDLE;
	size_t i = trail_find(&s->trail, &st);

	if (i == s->trail.n)
		return try_next(s, again, now);
	if (i < s->trail.n - 1) {
		trail_bring_forward(&s->trail, i);
		return SOURCE_IDLE;
	}
	if (!trail_file_head_holds(trail_front(&s->trail))) {
		cut(s, i, now);
		*again = true;
	}
	s->past.since = st.st_mtim.tv_sec * INT64_C(1000000000) + st.st_mtim.tv_nsec;
	return SOURCE_IDLE;
}

/* Let go of what was left and is quiet. */
static void
let_go(struct source *s, int64_t now)
{
	struct trail *t = &s->trail;

	for (size_t i = 0; i < t->at;) {
		struct trail_file *f = &t->v[i];
		bool old = f->copy || t->at > LATE_MAX || now - f->grown > LINGER_NSEC;

		if (old && f->offset >= f->size)
			leave(s, i);
		else
			i++;
	}
}

/* ---- reading --------------------------------------------------------------------------- */

static bool
is_quiet(const struct trail_file *f, int64_t now)
{
	return f->copy || now - f->grown > HALF_NSEC;
}

/* Of what was read, the part to be taken now. */
static size_t
usable(const struct source *s, const struct trail_file *f, const char *buf, size_t n, size_t cap, int64_t now)
{
	const char *nl = s->trail.n > 1 ? memrchr(buf, '\n', n) : buf + n - 1;

	if (nl)
		return (size_t)(nl - buf) + 1;
	return n == cap || is_quiet(f, now) ? n : 0;
}

static enum source_event
turn_to(struct source *s, size_t i, int64_t now)
{
	struct trail_file *f = &s->trail.v[i];
	enum source_event ev = f->fresh && f->cut ? SOURCE_TRUNCATED : SOURCE_ROTATED;

	s->rotations += f->fresh && !f->cut && !f->copy;
	f->fresh = false;
	s->trail.at = i;
	let_go(s, now);
	show(s);
	return ev;
}

/* Of one that was left, the rest is lost; the others go on. */
static enum source_event
failed(struct source *s, size_t i, bool *again)
{
	const struct trail_file *f = &s->trail.v[i];

	if (i < s->trail.n - 1) {
		s->lost += f->size > f->offset ? f->size - f->offset : 0;
		*again = true;
		leave(s, i);
		show(s);
		return SOURCE_IDLE;
	}
	s->trail.at = i;
	show(s);
	s->state = SOURCE_FAILED;
	s->error = errno;
	return SOURCE_CLOSED;
}

static enum source_event
take(struct source *s, size_t i, const char *buf, size_t used, int64_t now)
{
	trail_file_take(&s->trail.v[i], buf, used);
	s->bytes += used;
	s->last_read = now;
	show(s);
	return SOURCE_DATA;
}

/* Read v[i]: SOURCE_IDLE when it has nothing for now, or (*again) was cut. */
static enum source_event
read_file(struct source *s, size_t i, char *buf, size_t cap, size_t *n, bool *again, int64_t now)
{
	struct trail_file *f = &s->trail.v[i];
	/* What is in /proc has no size that could be asked for. */
	bool sized = f->size || s->trail.n > 1;
	uint64_t left = f->size > f->offset ? f->size - f->offset : 0;
	size_t got, most = left < cap && sized ? (size_t)left : cap;

	switch (trail_file_read(f, buf, most, &got)) {
	case TRAIL_ERROR:
		return failed(s, i, again);
	case TRAIL_CUT:
		cut(s, i, now);
		*again = true;
		return SOURCE_IDLE;
	case TRAIL_END:
		return SOURCE_IDLE;
	case TRAIL_DATA:
		break;
	}
	size_t used = usable(s, f, buf, got, cap, now);

	if (!used)
		return SOURCE_IDLE;
	if (i != s->trail.at)
		return turn_to(s, i, now);
	*n = used;
	return take(s, i, buf, used, now);
}

/* From the front backwards; false when one was cut. */
static bool
take_sizes(struct source *s, int64_t now)
{
	for (size_t i = s->trail.n; i-- > 0;)
		if (!trail_file_look(&s->trail.v[i], now)) {
			cut(s, i, now);
			return false;
		}
	return true;
}

/* The first file that has something. */
static enum source_event
read_first(struct source *s, char *buf, size_t cap, size_t *n, bool *again, int64_t now)
{
	enum source_event ev = SOURCE_IDLE;
	const struct trail_file *f = &s->trail.v[s->trail.at];

	*again = !take_sizes(s, now);
	if (*again)
		return SOURCE_IDLE;
	if (trail_file_mid_line(f) && !is_quiet(f, now))
		return read_file(s, s->trail.at, buf, cap, n, again, now);
	for (size_t i = 0; i < s->trail.n && ev == SOURCE_IDLE && !*again; i++)
		ev = read_file(s, i, buf, cap, n, again, now);
	return ev;
}

/* What was found out when nothing could be told. */
static enum source_event
turned(struct source *s)
{
	enum source_event ev = s->turned;

	s->turned = SOURCE_IDLE;
	if (ev != SOURCE_IDLE)
		s->trail.v[s->trail.at].fresh = false;
	return ev;
}

enum source_event
source_trail_next(struct source *s, char *buf, size_t cap, size_t *n, int64_t now)
{
	enum source_event ev = SOURCE_IDLE;
	bool again = true;

	heed(s);
	for (int i = 0; again && i < LOOKS_MAX; i++) {
		ev = turned(s);
		if (ev == SOURCE_IDLE)
			ev = read_first(s, buf, cap, n, &again, now);
		if (ev == SOURCE_IDLE && !again && !s->fixed)
			ev = look_at_path(s, &again, now);
		if (ev != SOURCE_IDLE)
			return ev;
	}
	let_go(s, now);
	return turned(s);
}

void
source_trail_glance(struct source *s, int64_t now)
{
	bool again = true;

	heed(s);
	if (!trail_file_holds(trail_front(&s->trail), now))
		cut(s, s->trail.n - 1, now);
	for (int i = 0; again && i < LOOKS_MAX && s->file; i++)
		look_at_path(s, &again, now);
}
