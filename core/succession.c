/*
 * succession: a log's files put in the order they were written in.
 *
 * Names alone do not tell that order: app.log.3 is older than app.log.2 where
 * numbers shift, and newer where they count up. So a file comes after the
 * open one when it was not read before, was written to since the open one was
 * last seen at the path, and was born no earlier:
 *
 *	left before      open             still to read         at the path
 *	[ in the ring ]  [ app.log.3 ] -> app.log.2, app.log.1, app.log
 *
 * Of several the first born is next. Births are as coarse as the kernel's
 * tick; within one the names decide, upwards or downwards, whichever the
 * files that can be told apart show.
 *
 * What it does not see: files that were moved to another folder or packed
 * before they were read, and files that came and went between two looks while
 * the open one was deleted too, unless one is left to show that there were more.
 */
#include "config.h"

#include "core/succession.h"

#include "core/alloc.h"
#include "core/logname.h"
#include "core/span.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

enum {
	READ_MAX = 128,  /* files that are remembered */
	NUMBER_MAX = 5,  /* digits of a number that rotation counts; more make a date */
	HEAD_MAX = 64,   /* bytes that tell one file from another */
};

struct sibling {
	char *name;             /* the whole path */
	char key[LOGNAME_KEY];      /* the number or date in the name; "" for the path itself */
	struct file_mark mark;
	int64_t written;
	uint64_t size;
	bool there;             /* a regular file, or whatever is at the path */
	const struct file_mark *read; /* what was read of it before, or NULL */
};

/* Ascending by key: [0] is the path. */
struct listing {
	struct sibling *v;
	size_t n, cap;
	const struct sibling *ours; /* the open file, NULL when it has no name here */
	struct file_mark open;
	bool up;                    /* later files have higher names */
};

static bool
same_file(const struct file_mark *a, const struct file_mark *b)
{
	return a->ino == b->ino && a->dev == b->dev && a->born == b->born;
}

/* For files that are there at the same time. */
static bool
same_inode(const struct file_mark *a, const struct file_mark *b)
{
	return a->ino == b->ino && a->dev == b->dev;
}

static const struct file_mark *
find_read(const struct succession *h, const struct file_mark *m)
{
	unsigned n = h->n < READ_MAX ? h->n : READ_MAX;

	for (unsigned i = 0; i < n; i++)
		if (same_file(&h->read[i], m))
			return &h->read[i];
	return NULL;
}

/* ---- looking at the folder ---------------------------------------------------------- */

static int64_t
in_ns(struct statx_timestamp t)
{
	return t.tv_sec * INT64_C(1000000000) + t.tv_nsec;
}

/* A name, or with "" and AT_EMPTY_PATH what is open as fd. */
static void
inspect(int fd, const char *name, int flags, struct sibling *out)
{
	struct statx st;

	if (statx(fd, name, flags, STATX_BASIC_STATS | STATX_BTIME, &st))
		return;
	out->there = S_ISREG(st.stx_mode) || !out->key[0];
	out->written = in_ns(st.stx_mtime);
	out->size = st.stx_size;
	out->mark = (struct file_mark){
		.dev = makedev(st.stx_dev_major, st.stx_dev_minor), .ino = st.stx_ino,
		.born = st.stx_mask & STATX_BTIME ? in_ns(st.stx_btime) : out->written,
	};
}

static struct file_mark
mark_of(int fd)
{
	struct sibling s = { .there = false };

	inspect(fd, "", AT_EMPTY_PATH, &s);
	return s.mark;
}

static void
add_name(struct listing *l, char *path, struct span key)
{
	struct sibling s = { .name = path };

	memcpy(s.key, key.p, key.n);
	ARRAY_GROW(l->v, l->n, l->cap);
	l->v[l->n++] = s;
}

static void
add_siblings(struct listing *l, const char *path)
{
	const char *base = strrchr(path, '/') + 1;
	char *folder = xstrndup(path, (size_t)(base - path));
	DIR *dir = opendir(folder);

	for (struct dirent *d; dir && (d = readdir(dir)) != NULL; ) {
		struct span key = logname_key(base, d->d_name);

		if (key.n)
			add_name(l, xasprintf("%s%s", folder, d->d_name), key);
	}
	if (dir)
		closedir(dir);
	free(folder);
}

static int
compare_keys(const void *a, const void *b)
{
	const struct sibling *x = a, *y = b;

	return strverscmp(x->key, y->key);
}

static void
release(struct listing *l)
{
	for (size_t i = 0; i < l->n; i++)
		free(l->v[i].name);
	free(l->v);
}

/* ---- what was read ------------------------------------------------------------------ */

/*
 * An inode that is used again within a tick has the birth of its first file
 * too: the first bytes tell them apart.
 */
static uint64_t
hash_head(int fd, uint64_t end)
{
	char head[HEAD_MAX];
	ssize_t n = pread(fd, head, end < HEAD_MAX ? (size_t)end : HEAD_MAX, 0);

	return span_hash(span_of(head, n > 0 ? (size_t)n : 0));
}

static const struct file_mark *
what_was_read(const struct succession *h, const struct sibling *s)
{
	const struct file_mark *read = find_read(h, &s->mark);
	int fd = read && read->end ? open(s->name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY) : -1;

	if (fd < 0)
		return read;
	bool same = hash_head(fd, read->end) == read->head;

	close(fd);
	return same ? read : NULL;
}

/*
 * Upwards, because shifting numbers go down from the highest: a file that
 * moves meanwhile is met again, and none is missed.
 */
static void
list(struct listing *l, const struct succession *h, const char *path, int fd)
{
	*l = (struct listing){ .open = mark_of(fd) };
	add_name(l, xstrdup(path), span_str(""));
	add_siblings(l, path);
	qsort(l->v, l->n, sizeof *l->v, compare_keys);
	for (size_t i = 0; i < l->n; i++) {
		struct sibling *s = &l->v[i];

		inspect(AT_FDCWD, s->name, 0, s);
		if (s->there && same_inode(&s->mark, &l->open))
			l->ours = s;
		s->read = s->there ? what_was_read(h, s) : NULL;
	}
}

/* ---- order -------------------------------------------------------------------------- */

/* Before the open file: -1, after it: 1, 0 where neither is known. */
static int
age(const struct succession *h, const struct listing *l, const struct sibling *s)
{
	if (s->read || s->written < h->since || s->mark.born < l->open.born)
		return -1;
	return s->mark.born > l->open.born;
}

static int
side(const struct listing *l, const struct sibling *s)
{
	int order = strverscmp(s->key, l->ours->key);

	return (order > 0) - (order < 0);
}

/* Which way names grow: each file whose age is known is a vote. */
static bool
goes_up(const struct succession *h, const struct listing *l)
{
	int votes = 0;

	for (size_t i = 1; i < l->n; i++) {
		const struct sibling *s = &l->v[i], *other = &l->v[i - 1];

		if (!s->there)
			continue;
		if (l->ours)
			votes += age(h, l, s) * side(l, s);
		else if (i > 1 && other->there)
			votes += (s->mark.born > other->mark.born) - (s->mark.born < other->mark.born);
	}
	return votes ? votes > 0 : l->n > 1 && strlen(l->v[l->n - 1].key) > NUMBER_MAX;
}

/* Still to be read, before the file at the path. */
static bool
is_between(const struct succession *h, const struct listing *l, const struct sibling *s)
{
	if (!s->there || !s->size || same_inode(&s->mark, &l->open) || same_inode(&s->mark, &l->v[0].mark))
		return false;
	int a = age(h, l, s);

	return a > 0 || (a == 0 && (!l->ours || (side(l, s) > 0) == l->up));
}

/* The first that comes after the open file, but for `passed`; the path when there is none. */
static const struct sibling *
first_between(const struct succession *h, const struct listing *l, const struct sibling *passed)
{
	const struct sibling *best = NULL;

	for (size_t i = 1; i < l->n; i++) {
		/* Of those of one birth the first met stays the best. */
		const struct sibling *s = &l->v[l->up ? i : l->n - i];

		if (s != passed && is_between(h, l, s) && (!best || s->mark.born < best->mark.born))
			best = s;
	}
	return best ? best : &l->v[0];
}

static void
describe(const struct succession *h, const struct listing *l, struct successor *out)
{
	const struct sibling *next = first_between(h, l, NULL);
	bool last = next == &l->v[0];

	*out = (struct successor){ .name = xstrdup(next->name), .mark = next->mark, .last = last };
	if (next->read && next->read->end <= next->size)
		out->mark.end = next->read->end;
	if (!last)
		out->heir = first_between(h, l, next)->mark;
	/* A deleted file says nothing of what came after it. */
	out->gap = !l->ours && !same_file(&next->mark, &h->heir) && (!last || h->heir.ino);
}

bool
succession_find(const struct succession *h, const char *path, int fd, struct successor *out)
{
	struct listing l;

	list(&l, h, path, fd);
	l.up = goes_up(h, &l);
	bool found = l.v[0].there && l.ours != &l.v[0];

	if (found)
		describe(h, &l, out);
	release(&l);
	return found;
}

int
succession_copy(const struct succession *h, const char *path, bool (*is_copy)(const void *arg, int fd),
		const void *arg, char **name)
{
	struct listing l;
	const struct sibling *best = NULL;
	int found = -1;

	list(&l, h, path, -1);
	for (size_t i = 1; i < l.n; i++) {
		const struct sibling *s = &l.v[i];
		bool newer = s->there && !s->read && (!best || s->written > best->written);
		int fd = newer ? open(s->name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY) : -1;

		if (fd < 0)
			continue;
		bool wanted = is_copy(arg, fd);
		int other = wanted ? found : fd;

		if (wanted) {
			best = s;
			found = fd;
		}
		if (other >= 0)
			close(other);
	}
	if (best)
		*name = xstrdup(best->name);
	release(&l);
	return found;
}

bool
successor_same(const struct successor *a, const struct successor *b)
{
	return strcmp(a->name, b->name) == 0 && same_file(&a->mark, &b->mark);
}

/* ---- memory ------------------------------------------------------------------------- */

void
succession_pass(struct succession *h, const struct file_mark *mark)
{
	const struct file_mark *known = find_read(h, mark);

	if (!h->read)
		h->read = xcalloc(READ_MAX, sizeof *h->read);
	h->read[known ? known - h->read : h->n++ % READ_MAX] = *mark;
}

static struct file_mark
mark_read(int fd, uint64_t end)
{
	struct file_mark mark = mark_of(fd);

	mark.end = end;
	mark.head = hash_head(fd, end);
	return mark;
}

void
succession_begin(struct succession *h, const char *path, int fd)
{
	struct listing l;

	list(&l, h, path, fd);
	l.up = goes_up(h, &l);
	/* The newest, as far as there is room for those that come. */
	for (size_t i = 1; i < l.n && i < READ_MAX / 2; i++) {
		const struct sibling *s = &l.v[l.up ? l.n - i : i];
		bool other = s->there && !same_inode(&s->mark, &l.open);
		int beside = other ? open(s->name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY) : -1;

		if (beside < 0)
			continue;
		struct file_mark mark = mark_read(beside, s->size);

		succession_pass(h, &mark);
		close(beside);
	}
	release(&l);
}

void
succession_leave(struct succession *h, int fd, uint64_t end, const struct successor *next)
{
	struct file_mark mark = mark_read(fd, end);

	succession_pass(h, &mark);
	h->heir = next->heir;
}

void
succession_done(struct succession *h, int fd, uint64_t end)
{
	struct file_mark mark = mark_read(fd, end);

	succession_pass(h, &mark);
	if (!end)
		*(struct file_mark *)find_read(h, &mark) = (struct file_mark){ 0 };
}

void
succession_release(struct succession *h)
{
	free(h->read);
}
