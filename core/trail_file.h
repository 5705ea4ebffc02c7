/*
 * trail_file: one file of a log as it is read on: how far, and by what it is
 * known again.
 */
#ifndef CORE_TRAIL_FILE_H
#define CORE_TRAIL_FILE_H

#include "core/source_file.h"

#include <stddef.h>
#include <stdint.h>
#include <time.h>

enum { TRAIL_PRINT = 64 }; /* bytes by which a file is known again */

struct trail_file {
	struct source_file *file; /* a reference and a pin */
	unsigned generation;
	uint64_t offset;          /* of the next byte */
	uint64_t size;            /* when it was last looked at */
	uint64_t known;           /* the last size that is sure to be of this content */
	int64_t grown;            /* wall clock ns when it was first seen at that size */
	bool fresh;               /* nothing of it was asked for yet */
	bool cut;                 /* it begins again after it was cut */
	bool copy;                /* made by a rotation of what was cut then: it will not grow */

	/* Private to trail_file.c. */
	char head[TRAIL_PRINT];   /* its first bytes */
	unsigned head_n;
	char tail[TRAIL_PRINT];   /* the last tail_n bytes before tail_end, as they were read */
	unsigned tail_n;
	uint64_t tail_end;
	struct timespec mtime;    /* when the head was last compared */
};

/* Takes the reference and the pin. `now` is the wall clock in ns. */
void trail_file_init(struct trail_file *f, struct source_file *file, unsigned generation, uint64_t offset,
		     int64_t now);
/* What is in it is other content, to be read from its start, or from behind the hole it begins with. */
void trail_file_restart(struct trail_file *f, unsigned generation, int64_t now);
/* From here on it is read from a copy of what it was; takes the reference and the pin. */
void trail_file_copy(struct trail_file *f, struct source_file *copy, int64_t now);
void trail_file_release(struct trail_file *f);

/* Look at its size. false: it is smaller than it was, so it was cut. */
bool trail_file_look(struct trail_file *f, int64_t now);

enum trail_read {
	TRAIL_DATA,  /* *n bytes */
	TRAIL_END,   /* nothing more now */
	TRAIL_CUT,   /* it was cut or rewritten since the last read */
	TRAIL_ERROR, /* errno */
};

/*
 * Bring at most cap bytes; trail_file_take() moves past those that are used.
 * Each read includes the bytes before the offset, so that a file that was cut,
 * or rewritten to any size, is told from one that has grown.
 */
enum trail_read trail_file_read(struct trail_file *f, char *buf, size_t cap, size_t *n);
void trail_file_take(struct trail_file *f, const char *buf, size_t n);

/* The last byte that was taken did not end a line. */
bool trail_file_mid_line(const struct trail_file *f);

/* Whether its first bytes are the same as they were; looks only when it was written to since. */
bool trail_file_head_holds(struct trail_file *f);
/* Whether its first bytes and those before the offset are the same, and it did not get smaller. */
bool trail_file_holds(struct trail_file *f, int64_t now);
/* Whether what is open as fd has all that was read of f, where it was. */
bool trail_file_is_copy(const struct trail_file *f, int fd);

#endif
