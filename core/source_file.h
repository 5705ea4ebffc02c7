/*
 * source_file: an open file, shared by the source that follows it and the
 * blocks whose bytes are in it. It stays readable when it is renamed or
 * deleted.
 */
#ifndef CORE_SOURCE_FILE_H
#define CORE_SOURCE_FILE_H

#include <stdbool.h>
#include <sys/stat.h>

struct source_file {
	int fd;
	dev_t dev;
	ino_t ino;
	unsigned refs;
};

/* Takes the descriptor over; st is what fstat said of it. */
struct source_file *source_file_new(int fd, const struct stat *st);
struct source_file *source_file_ref(struct source_file *f);
void source_file_unref(struct source_file *f); /* closes with the last reference; NULL is fine */

/* Whether this is the file. */
bool source_file_is(const struct source_file *f, const struct stat *st);

#endif
