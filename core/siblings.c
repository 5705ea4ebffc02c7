/*
 * siblings: the folder is listed anew for each one, as a rotation may have
 * moved all of them since.
 *
 * Their order is that of the numbers or dates in their names. Dates ascend
 * with time. Numbers shift in most rotations, so that 1 is the newest; where
 * they count up, the times of the last writes say so. Times alone would not
 * do: files that were copied or unpacked have those of the copying.
 */
#include "config.h"

#include "core/siblings.h"

#include "core/alloc.h"
#include "core/logname.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	NUMBER_MAX = 5,   /* digits of a number that rotation counts; more make a date */
	RAW_HEAD = 4096,  /* of an archive, for the first bytes of what it holds */
	OPEN_FLAGS = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY,
};

struct name {
	char *path;
	char key[LOGNAME_KEY]; /* "" for app.log.gz */
	int64_t written;       /* seconds */
	dev_t dev;
	ino_t ino;
};

struct names {
	struct name *v;
	size_t n, cap;
};

/* ---- what was read ------------------------------------------------------------------ */

/* The first bytes of log in a file, decoded if need be. */
static unsigned
read_head(int fd, enum archive_kind *kind, char head[SIBLING_HEAD])
{
	char raw[RAW_HEAD];
	ssize_t n = pread(fd, raw, sizeof raw, 0);
	struct span bytes = span_of(raw, n > 0 ? (size_t)n : 0);

	*kind = archive_kind(bytes);
	struct archive *a = *kind > ARCHIVE_UNSURE ? archive_new(*kind) : NULL;
	size_t room, got = bytes.n < SIBLING_HEAD ? bytes.n : SIBLING_HEAD;

	if (!a) {
		memcpy(head, raw, got);
		return (unsigned)got;
	}
	memcpy(archive_room(a, &room), bytes.p, bytes.n);
	archive_fed(a, bytes.n);
	got = archive_decode(a, head, SIBLING_HEAD);
	archive_free(a);
	return (unsigned)got;
}

static bool
was_read(const struct siblings *l, const struct sibling_mark *m)
{
	for (size_t i = 0; i < l->n; i++) {
		const struct sibling_mark *r = &l->read[i];
		unsigned n = r->n < m->n ? r->n : m->n;

		if (n && memcmp(r->head, m->head, n) == 0)
			return true;
	}
	return false;
}

static void
add_mark(struct siblings *l, const struct sibling_mark *m)
{
	ARRAY_GROW(l->read, l->n, l->cap);
	l->read[l->n++] = *m;
}

static const struct sibling_mark *
find(const struct siblings *l, dev_t dev, ino_t ino)
{
	for (size_t i = 0; i < l->n; i++)
		if (l->read[i].ino == ino && l->read[i].dev == dev)
			return &l->read[i];
	return NULL;
}

bool
siblings_has_file(const struct siblings *l, const char *path)
{
	char head[SIBLING_HEAD];
	enum archive_kind kind;
	struct stat st;
	int fd = open(path, OPEN_FLAGS);
	const struct sibling_mark *m = fd >= 0 && fstat(fd, &st) == 0 ? find(l, st.st_dev, st.st_ino) : NULL;
	bool same = m && m->n && read_head(fd, &kind, head) >= m->n && memcmp(head, m->head, m->n) == 0;

	if (fd >= 0)
		close(fd);
	return same;
}

void
siblings_init(struct siblings *l, const char *path, int fd, int64_t now)
{
	struct sibling_mark m = { 0 };
	enum archive_kind kind;
	struct stat st;
	char *real = realpath(path, NULL);

	*l = (struct siblings){ .path = real ? real : xstrdup(path), .since = now };
	if (fstat(fd, &st))
		return;
	m.dev = st.st_dev;
	m.ino = st.st_ino;
	m.n = read_head(fd, &kind, m.head);
	add_mark(l, &m);
}

void
siblings_release(struct siblings *l)
{
	free(l->path);
	free(l->read);
	*l = (struct siblings){ .path = NULL };
}

/* ---- names, newest first ------------------------------------------------------------ */

static bool
is_born_after(const char *path, int64_t t)
{
	struct statx st;

	return statx(AT_FDCWD, path, 0, STATX_BTIME, &st) == 0 && st.stx_mask & STATX_BTIME &&
	       st.stx_btime.tv_sec * INT64_C(1000000000) + st.stx_btime.tv_nsec > t;
}

/* The key of a copy of `base`; false when the name is none. */
static bool
key_of(const char *base, const char *file, char key[LOGNAME_KEY])
{
	struct span plain = logname_plain(file);
	char *name = xstrndup(plain.p, plain.n);
	struct span k = logname_key(base, name);
	bool copy = k.n || (plain.n < strlen(file) && span_eq_str(plain, base));

	memset(key, 0, LOGNAME_KEY);
	memcpy(key, k.n ? k.p : "", k.n);
	free(name);
	return copy;
}

static void
add_name(const struct siblings *l, struct names *names, const char *folder, size_t folder_n, const char *file)
{
	struct name name;
	struct stat st;

	if (!key_of(l->path + folder_n, file, name.key))
		return;
	name.path = xasprintf("%s%s", folder, file);
	if (stat(name.path, &st) || !S_ISREG(st.st_mode) || find(l, st.st_dev, st.st_ino) ||
	    is_born_after(name.path, l->since)) {
		free(name.path);
		return;
	}
	name.written = st.st_mtim.tv_sec;
	name.dev = st.st_dev;
	name.ino = st.st_ino;
	ARRAY_GROW(names->v, names->n, names->cap);
	names->v[names->n++] = name;
}

static int
by_key(const void *a, const void *b)
{
	const struct name *x = a, *y = b;
	int order = strverscmp(x->key, y->key);

	return order ? order : strcmp(x->path, y->path);
}

static bool
is_date(const char *key)
{
	size_t digits = 0;

	for (; *key; key++)
		digits += *key >= '0' && *key <= '9';
	return digits > NUMBER_MAX;
}

/* Whether later files have higher names. */
static bool
goes_up(const struct names *l)
{
	int votes = 0;

	for (size_t i = 1; i < l->n; i++)
		votes += (l->v[i].written > l->v[i - 1].written) - (l->v[i].written < l->v[i - 1].written);
	return l->n && (is_date(l->v[l->n - 1].key) || votes > 0);
}

static void
list(const struct siblings *l, struct names *names)
{
	size_t folder_n = (size_t)(strrchr(l->path, '/') - l->path) + 1;
	char *folder = xstrndup(l->path, folder_n);
	DIR *dir = opendir(folder);

	for (struct dirent *d; dir && (d = readdir(dir)) != NULL; )
		add_name(l, names, folder, folder_n, d->d_name);
	if (dir)
		closedir(dir);
	free(folder);
	if (names->n)
		qsort(names->v, names->n, sizeof *names->v, by_key);
}

/* ---- the next one --------------------------------------------------------------------- */

/* Open it and look at it: whether it is to be read, or cannot be. */
static bool
take(struct siblings *l, const struct name *name, struct sibling *out)
{
	struct sibling_mark m = { .dev = name->dev, .ino = name->ino };

	*out = (struct sibling){ .fd = open(name->path, OPEN_FLAGS) };
	if (out->fd < 0 && errno == ENOENT)
		return false;
	if (out->fd < 0) {
		out->error = errno;
	} else if (fstat(out->fd, &out->st) == 0) {
		m.dev = out->st.st_dev;
		m.ino = out->st.st_ino;
		m.n = read_head(out->fd, &out->kind, m.head);
	}
	bool known = find(l, m.dev, m.ino) || was_read(l, &m);
	bool wanted = out->fd < 0 || (m.n && logname_is_text(name->path));

	add_mark(l, &m);
	if (!known && wanted)
		return true;
	if (out->fd >= 0)
		close(out->fd);
	return false;
}

bool
siblings_next(struct siblings *l, struct sibling *out)
{
	struct names names = { NULL, 0, 0 };
	bool found = false;

	list(l, &names);
	bool up = goes_up(&names);

	for (size_t i = 0; i < names.n && !found; i++) {
		const struct name *name = &names.v[up ? names.n - 1 - i : i];

		found = take(l, name, out);
		if (found)
			out->path = xstrdup(name->path);
	}
	for (size_t i = 0; i < names.n; i++)
		free(names.v[i].path);
	free(names.v);
	return found;
}

void
sibling_release(struct sibling *s)
{
	if (s->fd >= 0)
		close(s->fd);
	free(s->path);
}
