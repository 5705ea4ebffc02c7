/*
 * source_file.c: a list of the open files, oldest first, is all there is to
 * it. A file that was closed is found again by device and inode among the
 * names of its folder: rotation changes names, not folders.
 */
#include "config.h"

#include "core/source_file.h"

#include "core/alloc.h"
#include "core/strbuf.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

enum {
	LIMIT_LEAST = 16,
	LIMIT_MOST = 512,
	OPEN_FLAGS = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY,
};

static struct {
	struct source_file *oldest, *newest;
	unsigned n, limit;
} open_files;

static unsigned
limit(void)
{
	struct rlimit r;

	if (open_files.limit)
		return open_files.limit;
	rlim_t half = getrlimit(RLIMIT_NOFILE, &r) ? LIMIT_LEAST : r.rlim_cur / 2;

	open_files.limit = half < LIMIT_LEAST ? LIMIT_LEAST : half > LIMIT_MOST ? LIMIT_MOST : (unsigned)half;
	return open_files.limit;
}

void
source_file_limit(unsigned n)
{
	open_files.limit = n;
}

/* ---- the open ones ------------------------------------------------------------------ */

static void
list_remove(struct source_file *f)
{
	*(f->older ? &f->older->newer : &open_files.oldest) = f->newer;
	*(f->newer ? &f->newer->older : &open_files.newest) = f->older;
	f->older = f->newer = NULL;
	open_files.n--;
}

static void
close_file(struct source_file *f)
{
	if (f->fd < 0)
		return;
	list_remove(f);
	close(f->fd);
	f->fd = -1;
}

static void
make_room(void)
{
	struct source_file *f = open_files.oldest, *next;

	for (; f && open_files.n > limit(); f = next) {
		next = f->newer;
		if (!f->pins)
			close_file(f);
	}
}

static void
opened(struct source_file *f, int fd)
{
	f->fd = fd;
	f->older = open_files.newest;
	*(f->older ? &f->older->newer : &open_files.oldest) = f;
	open_files.newest = f;
	open_files.n++;
}

/* ---- life --------------------------------------------------------------------------- */

struct source_file *
source_file_new(int fd, const struct stat *st, const char *path)
{
	struct source_file *f = xmalloc(sizeof *f);

	*f = (struct source_file){
		.dev = st->st_dev, .ino = st->st_ino, .path = xstrdup(path), .refs = 1, .pins = 1,
	};
	opened(f, fd);
	make_room();
	return f;
}

struct source_file *
source_file_ref(struct source_file *f)
{
	f->refs++;
	return f;
}

void
source_file_unref(struct source_file *f)
{
	if (!f || --f->refs)
		return;
	close_file(f);
	free(f->path);
	free(f);
}

void
source_file_unpin(struct source_file *f)
{
	f->pins--;
}

void
source_file_leave(struct source_file *f)
{
	if (!f)
		return;
	source_file_unpin(f);
	source_file_unref(f);
}

bool
source_file_is(const struct source_file *f, const struct stat *st)
{
	return f->dev == st->st_dev && f->ino == st->st_ino;
}

struct source_file *
source_file_renew(struct source_file *f)
{
	struct stat st = { .st_dev = f->dev, .st_ino = f->ino };

	if (f->refs == 1)
		return f;
	/* A worker may be reading from the descriptor: then each gets one. */
	int fd = f->pins > 1 ? fcntl(f->fd, F_DUPFD_CLOEXEC, 0) : f->fd;

	if (fd < 0)
		return f;
	if (fd == f->fd) {
		list_remove(f);
		f->fd = -1;
	}
	struct source_file *fresh = source_file_new(fd, &st, f->path);

	f->cut = true;
	source_file_leave(f);
	return fresh;
}

/* ---- found again ---------------------------------------------------------------------- */

/* Open a name in a folder if it is a file that `wanted` says yes to; -1: it is not. */
static int
open_if(int folder, const char *name, bool (*wanted)(const void *arg, int fd, const struct stat *st), const void *arg)
{
	struct stat st;
	int fd = openat(folder, name, OPEN_FLAGS);

	if (fd < 0 || (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && wanted(arg, fd, &st)))
		return fd;
	close(fd);
	return -1;
}

/* The file in f's folder that is wanted, its own name first; -1: there is none. */
static int
search_folder(const struct source_file *f, bool (*wanted)(const void *arg, int fd, const struct stat *st),
	      const void *arg)
{
	const char *slash = strrchr(f->path, '/');
	char *folder = slash ? xstrndup(f->path, (size_t)(slash - f->path) + 1) : xstrdup(".");
	int fd = open_if(AT_FDCWD, f->path, wanted, arg);
	DIR *dir = fd < 0 ? opendir(folder) : NULL;
	struct dirent *entry;

	while (dir && fd < 0 && (entry = readdir(dir)))
		if (entry->d_type == DT_REG || entry->d_type == DT_UNKNOWN)
			fd = open_if(dirfd(dir), entry->d_name, wanted, arg);
	if (dir)
		closedir(dir);
	free(folder);
	return fd;
}

static bool
is_same(const void *arg, int fd, const struct stat *st)
{
	(void)fd;
	return source_file_is(arg, st);
}

bool
source_file_pin(struct source_file *f)
{
	if (f->fd < 0 && !f->cut && !f->lost) {
		int fd = search_folder(f, is_same, f);

		f->lost = fd < 0;
		if (fd >= 0)
			opened(f, fd);
	}
	if (f->fd < 0)
		return false;
	f->pins++;
	make_room();
	return true;
}

struct copy {
	const struct source_file *file;
	bool (*is_copy)(const void *arg, int fd);
	const void *arg;
};

static bool
is_wanted_copy(const void *arg, int fd, const struct stat *st)
{
	const struct copy *c = arg;

	return !source_file_is(c->file, st) && c->is_copy(c->arg, fd);
}

bool
source_file_find_copy(struct source_file *f, bool (*is_copy)(const void *arg, int fd), const void *arg)
{
	struct stat st;

	if (f->pins || f->lost)
		return false;
	int fd = search_folder(f, is_wanted_copy, &(struct copy){ f, is_copy, arg });

	f->lost = fd < 0 || fstat(fd, &st);
	if (f->lost)
		return false;
	close_file(f);
	f->dev = st.st_dev;
	f->ino = st.st_ino;
	f->cut = false;
	opened(f, fd);
	make_room();
	return true;
}
