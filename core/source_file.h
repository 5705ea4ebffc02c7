/*
 * source_file: an open file, shared by the source that follows it and the
 * blocks whose bytes are in it. It stays readable when it is renamed or
 * deleted.
 *
 * Descriptors are the process's, and few. Of the files that nobody pins the
 * one opened first is closed when there are too many; it is opened again, under
 * whatever name its folder has it then, when somebody pins it.
 *
 * All of this is for the loop thread. A worker may read from `fd` of a file
 * that was pinned for it.
 */
#ifndef CORE_SOURCE_FILE_H
#define CORE_SOURCE_FILE_H

#include <stdbool.h>
#include <sys/stat.h>

struct source_file {
	int fd;        /* -1: closed to save descriptors, or its content is gone */
	dev_t dev;
	ino_t ino;
	char *path;    /* where it was opened */
	unsigned refs;
	unsigned pins; /* the descriptor is in use by so many */
	bool cut;      /* its content was cut or rewritten: only a copy can have it */
	bool lost;     /* it was looked for and not found */
	struct source_file *older, *newer; /* among those that are open */
};

/*
 * Takes the descriptor over; st is what fstat said of it. The caller has a
 * reference and a pin.
 */
struct source_file *source_file_new(int fd, const struct stat *st, const char *path);
struct source_file *source_file_ref(struct source_file *f);
void source_file_unref(struct source_file *f); /* closes with the last reference; NULL is fine */

/* Keep the descriptor open, opening it if need be. false: it cannot be had (and is not pinned). */
bool source_file_pin(struct source_file *f);
void source_file_unpin(struct source_file *f);
/* Give up a reference and a pin; NULL is fine. */
void source_file_leave(struct source_file *f);

/*
 * The file was cut or rewritten by its writer. Returns what stands for the new
 * content, with the caller's reference and pin; f stands for the old one, if
 * anybody else has a reference.
 */
struct source_file *source_file_renew(struct source_file *f);

/*
 * Look in the file's folder for a copy of what it held; `is_copy` tells one by
 * its descriptor. true: f is that copy from now on. Looks once: what was not
 * found stays lost.
 */
bool source_file_find_copy(struct source_file *f, bool (*is_copy)(const void *arg, int fd), const void *arg);

/* Whether this is the file. */
bool source_file_is(const struct source_file *f, const struct stat *st);

/* At most so many files that nobody pins stay open; 0: half of what the process may have. For tests. */
void source_file_limit(unsigned limit);

#endif
