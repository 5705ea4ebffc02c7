/*
 * watch: inotify on folders, through libinotifytools.
 *
 * What the library is good at is taken: setting watches and handing out
 * events one by one. What it is not, is done here:
 *
 * - It does not tell its descriptor, and opens it inheritable and blocking.
 *   The descriptor is the one inotify instance in /proc/self/fd that was not
 *   there before.
 * - It never forgets a watch that the kernel dropped. After such an event all
 *   is torn down and set up again; the list of folders is ours.
 * - A second watch on a folder under another name is leaked by it. Names of
 *   one folder share a watch here:
 *
 *	dirs: { "/srv/logs", wd 1, dev:ino }  { "/var/log/app", wd 1, dev:ino }  ...
 *
 * - It buffers: the descriptor is silent while events are left, so each round
 *   drains it. Names are collected first and told once each, which also keeps
 *   a drain faster than any writer.
 *
 * The calls that print to stderr when they fail (removing watches) are not
 * used. Watches on folders that nobody asks for any more stay until the end.
 */
#include "config.h"

#include "core/watch.h"

#include "core/alloc.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inotifytools/inotify.h>
#include <inotifytools/inotifytools.h>
#include <linux/magic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

enum {
	EVENTS_WANTED = IN_MODIFY | IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO |
			IN_ATTRIB | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR,
	EVENTS_FOLDER_GONE = IN_DELETE_SELF | IN_MOVE_SELF | IN_IGNORED | IN_UNMOUNT,
	NAMES_MAX = 256,    /* more names in one round than this: look at everything */
	ROUND_MAX = 65536,  /* events in one round; the next tick takes the rest */
	INSTANCES_MAX = 64, /* inotify instances of this process that can be told apart */
};

struct dir {
	char *path;
	int wd;     /* -1: not watched */
	int error;  /* errno of the last try */
	dev_t dev;  /* of the folder when it was last looked at; ino 0: not there */
	ino_t ino;
};

struct touched {
	int wd;
	char *name;
};

struct watch {
	uv_loop_t *loop;
	uv_poll_t *poll; /* NULL while the library could not be started */
	watch_changed *changed;
	void *arg;
	struct dir *dirs;
	size_t n, cap;
	struct touched names[NAMES_MAX];
	size_t n_names;
	bool everything; /* has to be looked at again */
	bool stale;      /* the kernel dropped a watch: set up again */
};

/* The descriptors of this process that are inotify instances. */
static size_t
inotify_fds(int fds[INSTANCES_MAX])
{
	DIR *d = opendir("/proc/self/fd");
	struct dirent *e;
	size_t n = 0;

	while (d && n < INSTANCES_MAX && (e = readdir(d))) {
		char link[32];
		ssize_t len = readlinkat(dirfd(d), e->d_name, link, sizeof link - 1);

		if (len < 0)
			continue;
		link[len] = '\0';
		if (strcmp(link, "anon_inode:inotify") == 0)
			fds[n++] = atoi(e->d_name);
	}
	if (d)
		closedir(d);
	return n;
}

/* Start the library; its descriptor or -errno. */
static int
library_start(void)
{
	int before[INSTANCES_MAX], after[INSTANCES_MAX];
	size_t nb = inotify_fds(before), na, old = 0;

	if (!inotifytools_initialize())
		return -inotifytools_error();
	na = inotify_fds(after);
	for (size_t i = 0; i < na; i++) {
		for (old = 0; old < nb && before[old] != after[i];)
			old++;
		/* The library would abort in FD_SET beyond this. */
		if (old == nb && after[i] < FD_SETSIZE) {
			fcntl(after[i], F_SETFD, FD_CLOEXEC);
			fcntl(after[i], F_SETFL, fcntl(after[i], F_GETFL) | O_NONBLOCK);
			return after[i];
		}
	}
	inotifytools_cleanup();
	return -EMFILE;
}

static void
free_handle(uv_handle_t *h)
{
	free(h);
}

/* Events that are left in the library's buffer would come out of the next instance. */
static void
library_stop(struct watch *w)
{
	if (!w->poll)
		return;
	while (inotifytools_next_events(0, 1))
		;
	uv_poll_stop(w->poll);
	uv_close((uv_handle_t *)w->poll, free_handle);
	w->poll = NULL;
	inotifytools_cleanup();
}

static void on_readable(uv_poll_t *poll, int status, int events);

static int
start(struct watch *w)
{
	int fd = library_start();

	if (fd < 0)
		return fd;
	w->poll = xmalloc(sizeof *w->poll);
	int r = uv_poll_init(w->loop, w->poll, fd);

	if (r < 0) {
		free(w->poll);
		w->poll = NULL;
		inotifytools_cleanup();
		return r;
	}
	w->poll->data = w;
	uv_poll_start(w->poll, UV_READABLE, on_readable);
	return 0;
}

/* Whether other machines, a process, or the kernel itself change files there without an event. */
static bool
is_remote(const char *path)
{
	static const unsigned types[] = {
		NFS_SUPER_MAGIC, SMB_SUPER_MAGIC, SMB2_SUPER_MAGIC, CIFS_SUPER_MAGIC,
		FUSE_SUPER_MAGIC, V9FS_MAGIC, CEPH_SUPER_MAGIC, AFS_SUPER_MAGIC,
		CODA_SUPER_MAGIC, PROC_SUPER_MAGIC, SYSFS_MAGIC,
	};
	struct statfs st;

	if (statfs(path, &st))
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(types); i++)
		if ((unsigned)st.f_type == types[i])
			return true;
	return false;
}

/* The watch that a folder has under another name, or -1. */
static int
shared_wd(const struct watch *w, const struct dir *d)
{
	for (size_t i = 0; i < w->n; i++) {
		const struct dir *o = &w->dirs[i];

		if (o != d && o->wd >= 0 && o->dev == d->dev && o->ino == d->ino)
			return o->wd;
	}
	return -1;
}

/* The library keeps folders with a slash at the end. */
static int
library_watch(const char *path)
{
	size_t n = strlen(path);
	char *slashed = xasprintf("%s%s", path, n && path[n - 1] == '/' ? "" : "/");
	int wd = -ENOENT;

	if (inotifytools_watch_file(slashed, EVENTS_WANTED))
		wd = inotifytools_wd_from_filename(slashed);
	else if (inotifytools_error())
		wd = -inotifytools_error();
	free(slashed);
	return wd < 0 && wd == -1 ? -ENOENT : wd;
}

static void
dir_watch(struct watch *w, struct dir *d)
{
	struct stat st;

	d->wd = -1;
	d->dev = 0;
	d->ino = 0;
	if (stat(d->path, &st)) {
		d->error = errno;
		return;
	}
	d->dev = st.st_dev;
	d->ino = st.st_ino;
	d->error = EAGAIN;
	if (!w->poll)
		return;
	int wd = shared_wd(w, d);

	if (wd < 0)
		wd = library_watch(d->path);
	d->wd = wd < 0 ? -1 : wd;
	d->error = wd < 0 ? -wd : is_remote(d->path) ? EOPNOTSUPP : 0;
}

/* Forget every watch and set them again: the one cure for a stale one. */
static void
rebuild(struct watch *w)
{
	library_stop(w);
	start(w);
	for (size_t i = 0; i < w->n; i++)
		w->dirs[i].wd = -1;
	for (size_t i = 0; i < w->n; i++)
		dir_watch(w, &w->dirs[i]);
	w->stale = false;
	w->everything = true;
}

static void
note_name(struct watch *w, int wd, const char *name)
{
	for (size_t i = 0; i < w->n_names; i++)
		if (w->names[i].wd == wd && strcmp(w->names[i].name, name) == 0)
			return;
	if (w->n_names == NAMES_MAX) {
		w->everything = true;
		return;
	}
	w->names[w->n_names++] = (struct touched){ wd, xstrdup(name) };
}

static void
note_event(struct watch *w, const struct inotify_event *e)
{
	if (e->mask & IN_Q_OVERFLOW)
		w->everything = true;
	else if (e->mask & EVENTS_FOLDER_GONE)
		w->stale = true;
	else if (e->len)
		note_name(w, e->wd, e->name);
}

static void
drain(struct watch *w)
{
	const struct inotify_event *e;

	for (int i = 0; w->poll && i < ROUND_MAX && (e = inotifytools_next_events(0, 1)); i++)
		note_event(w, e);
}

static void
tell_name(struct watch *w, int wd, const char *name)
{
	/* The callee may add folders, so the bound moves. */
	for (size_t i = 0; i < w->n; i++)
		if (w->dirs[i].wd == wd)
			w->changed(w->arg, w->dirs[i].path, name);
}

/*
 * Tell what was collected. A rebuild renumbers the watches, so names that
 * were collected before it count as "everything".
 */
static void
tell(struct watch *w)
{
	if (w->stale)
		rebuild(w);
	bool everything = w->everything;
	size_t n = w->n_names;

	w->everything = false;
	for (size_t i = 0; i < n; i++) {
		if (!everything)
			tell_name(w, w->names[i].wd, w->names[i].name);
		free(w->names[i].name);
	}
	w->n_names = 0;
	if (everything)
		w->changed(w->arg, NULL, NULL);
}

static void
on_readable(uv_poll_t *poll, int status, int events)
{
	struct watch *w = poll->data;

	(void)events;
	if (status < 0)
		w->stale = true;
	drain(w);
	tell(w);
}

/* Whether another folder, or none, is now where this one was. */
static bool
dir_moved(const struct dir *d)
{
	struct stat st;

	if (stat(d->path, &st))
		return d->ino != 0;
	return st.st_dev != d->dev || st.st_ino != d->ino;
}

void
watch_tick(struct watch *w)
{
	drain(w);
	if (!w->poll)
		w->stale = true;
	for (size_t i = 0; i < w->n && !w->stale; i++) {
		struct dir *d = &w->dirs[i];

		if (d->wd >= 0) {
			w->stale = dir_moved(d);
		} else {
			dir_watch(w, d);
			w->everything |= d->wd >= 0;
		}
	}
	tell(w);
}

int
watch_dir(struct watch *w, const char *dir)
{
	struct dir *d = NULL;

	for (size_t i = 0; i < w->n && !d; i++)
		if (strcmp(w->dirs[i].path, dir) == 0)
			d = &w->dirs[i];
	if (!d) {
		ARRAY_GROW(w->dirs, w->n, w->cap);
		d = &w->dirs[w->n++];
		*d = (struct dir){ .path = xstrdup(dir), .wd = -1 };
	}
	if (d->wd < 0)
		dir_watch(w, d);
	return -d->error;
}

const char *
watch_why(int error)
{
	static const struct {
		int error;
		const char *why;
	} whys[] = {
		{ EOPNOTSUPP, "its file system does not tell of changes" },
		{ ENOSPC, "the limit of watches is reached (fs.inotify.max_user_watches)" },
		{ EMFILE, "the limit of inotify instances is reached (fs.inotify.max_user_instances)" },
		{ EAGAIN, "inotify could not be started" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(whys); i++)
		if (whys[i].error == error)
			return whys[i].why;
	return strerror(error);
}

struct watch *
watch_new(uv_loop_t *loop, watch_changed *changed, void *arg, struct err *err)
{
	struct watch *w = xcalloc(1, sizeof *w);

	w->loop = loop;
	w->changed = changed;
	w->arg = arg;
	int r = start(w);

	if (r < 0) {
		err_set(err, -r, 0, "files cannot be watched: %s", strerror(-r));
		free(w);
		return NULL;
	}
	return w;
}

void
watch_free(struct watch *w)
{
	if (!w)
		return;
	library_stop(w);
	for (size_t i = 0; i < w->n; i++)
		free(w->dirs[i].path);
	free(w->dirs);
	free(w);
}
