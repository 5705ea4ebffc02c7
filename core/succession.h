/*
 * succession: after a rotation, which file comes next.
 *
 * A log's files are the one at its path and those beside it whose names are
 * made of its own and a number or a date: app.log.1, app.log-20250909,
 * app-2025-09-09.log. Files are known by device, inode, birth and first bytes,
 * so that a new file with a deleted one's inode is another one.
 */
#ifndef CORE_SUCCESSION_H
#define CORE_SUCCESSION_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct file_mark {
	dev_t dev;
	ino_t ino;
	int64_t born;   /* ns; the last write where the file system keeps no births */
	uint64_t end;   /* up to where it was read */
	uint64_t head;  /* hash of its first bytes, of those up to `end` */
};

/* What was read of a log. All zero is a log of which nothing was read. */
struct succession {
	struct file_mark *read;  /* owned: a ring of the last files that were left */
	unsigned n;              /* files that were left, in all */
	struct file_mark heir;   /* seen to come after the open file; ino 0: not known */
	int64_t since;           /* when the open file was last written to while it was at the path, ns */
};

struct successor {
	char *name;              /* owned by the caller */
	struct file_mark mark;   /* `end`: to be read from here */
	struct file_mark heir;   /* the one after it; ino 0: not known */
	bool last;               /* it is the file at the path */
	bool gap;                /* files may have come and gone before it */
};

/*
 * What is to be read after the file that is open as `fd`. False: nothing is at
 * the path, or the open file itself. A single answer may be wrong while names
 * are changed: it is right when a second one, after the file was opened, is
 * the same.
 */
bool succession_find(const struct succession *h, const char *path, int fd, struct successor *out);
bool successor_same(const struct successor *a, const struct successor *b);

/*
 * A descriptor, the caller's, of the unread file beside `path` that `is_copy` says is a copy, and
 * its *name on the heap; -1: there is none.
 */
int succession_copy(const struct succession *h, const char *path, bool (*is_copy)(const void *arg, int fd),
		    const void *arg, char **name);

/*
 * A log is opened as `fd`: what stands beside it came before it, whenever it was
 * written or copied there, and is not to be read after it.
 */
void succession_begin(struct succession *h, const char *path, int fd);
/* `mark` was read to mark->end, or cannot be, and is not to be read again. */
void succession_pass(struct succession *h, const struct file_mark *mark);
/* `next` comes after the open file, which was read to `end` so far. */
void succession_leave(struct succession *h, int fd, uint64_t end, const struct successor *next);
/* It was read to `end` for good. One that was not read at all is forgotten. */
void succession_done(struct succession *h, int fd, uint64_t end);
void succession_release(struct succession *h);

#endif
