/*
 * siblings: the copies that earlier rotations made of a log, newest first.
 *
 * They are the files in the log's folder whose names are made of its own and a
 * number or a date, packed or not (logname.h). What was read is known again by
 * device and inode, and by its first bytes: a file that is renamed while the
 * others are read, or a packed copy of one that was read, is not read twice. A
 * file that came to be after the log was opened is none: rotation is followed.
 */
#ifndef CORE_SIBLINGS_H
#define CORE_SIBLINGS_H

#include "core/source_archive.h"

#include <sys/stat.h>

enum { SIBLING_HEAD = 1024 }; /* bytes of log that tell one file from another */

struct sibling_mark {
	dev_t dev;
	ino_t ino;
	unsigned n;
	char head[SIBLING_HEAD];
};

/* Zero-initialised but for what siblings_init sets. */
struct siblings {
	char *path;                /* owned; of the log, without links */
	int64_t since;             /* when it was opened: what was born later is no sibling; ns */
	struct sibling_mark *read; /* owned */
	size_t n, cap;
};

struct sibling {
	char *path;       /* owned */
	int fd;           /* owned; -1: it cannot be opened, `error` says why */
	int error;
	struct stat st;
	enum archive_kind kind;
};

/* `fd` is the log that is open; now is the wall clock in ns. */
void siblings_init(struct siblings *l, const char *path, int fd, int64_t now);
void siblings_release(struct siblings *l);

/*
 * The newest that was not read; it counts as read then. Empty files, and those
 * that are neither text nor an archive, are passed over. false: there is none.
 */
bool siblings_next(struct siblings *l, struct sibling *out);
void sibling_release(struct sibling *s); /* closes fd, unless it is -1 */

/* Whether a file was read, as a sibling or as the log; another one that has a deleted one's inode was not. */
bool siblings_has_file(const struct siblings *l, const char *path);

#endif
