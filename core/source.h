/*
 * source: one log that is followed: a file by its path, through rotation and
 * truncation, or a stream (standard input, a FIFO).
 *
 * A source is pulled: source_next() reads the next bytes, or says what
 * happened. What is on disk is found by looking (pread, stat), never
 * concluded from events. The position of a byte is `generation << 48 |
 * offset`: it grows through every rotation and names the byte for good.
 */
#ifndef CORE_SOURCE_H
#define CORE_SOURCE_H

#include "core/err.h"
#include "core/format.h"
#include "core/source_file.h"
#include "core/succession.h"

enum source_state {
	SOURCE_WAITING, /* not there yet */
	SOURCE_OPEN,    /* stays so while the path is gone (`missing`): the open file may still grow */
	SOURCE_FAILED,  /* cannot be read: `error` says why; retried on the tick */
	SOURCE_ENDED,   /* a stream that was read to its end */
};

enum { SOURCE_PRINT = 64 }; /* bytes by which a file is known again */

struct source {
	unsigned id;
	char *path;  /* absolute; "-" for standard input */
	char *name;  /* for people: the end of the path, "stdin"; changes when sources are added */
	enum source_state state;
	int error;   /* errno of SOURCE_FAILED or of the last failed attempt, or 0 */
	bool stream;
	bool missing; /* nothing is at the path now */
	bool idle;    /* the last source_next() found nothing more */
	bool fixed;   /* a rotated copy: what comes to stand at its path is not followed (inputs) */
	bool polled;  /* its folders cannot be watched: looked at once a second (inputs) */
	struct source_file *file;   /* NULL unless open */
	unsigned generation;        /* of the file: +1 with each rotation or truncation */
	uint64_t offset;            /* of the next byte source_next() reads */
	struct format_memory memory;

	/* Counted here, shown on screen. */
	uint64_t bytes;             /* read in all */
	uint64_t lost;              /* bytes that were gone before they were read */
	unsigned gaps;              /* times that files may have come and gone unread */
	unsigned rotations, truncations;
	int64_t last_read;          /* wall clock ns of the last bytes, 0 for never */
	char fingerprint[SOURCE_PRINT]; /* first bytes of the file, to tell rewritten from grown */
	unsigned fingerprint_n;

	/* Private to source.c. */
	char tail[SOURCE_PRINT];    /* the bytes before tail_end, as they were read */
	uint64_t tail_end;
	uint64_t known_size;        /* when it was last looked at */
	struct timespec mtime;      /* when the first bytes were last compared */
	struct succession past;
};

/* Position of an offset in the current generation. */
static inline uint64_t
source_pos(const struct source *s, uint64_t offset)
{
	return (uint64_t)s->generation << 48 | offset;
}

/* path "-" is standard input. The source is closed (SOURCE_WAITING) until source_open. */
struct source *source_new(unsigned id, const char *path, const char *name);
void source_free(struct source *s);

/*
 * Open it, or fail with state and error set; 0 or -errno. `offset` is 0 after
 * it; the engine may set s->offset (to start at the end and back-fill the
 * rest). 1 when it was open: a file that could not be read for a while can be
 * read again, and goes on where it was.
 */
int source_open(struct source *s);

/* Size of the file now, 0 for streams. */
uint64_t source_size(const struct source *s);

enum source_event {
	SOURCE_IDLE,      /* nothing more for now */
	SOURCE_DATA,      /* *n bytes in buf */
	SOURCE_ROTATED,   /* the old file was read to its end; what follows is the next, from s->offset */
	SOURCE_TRUNCATED, /* the file was cut; what follows begins at 0, or behind a hole */
	SOURCE_CLOSED,    /* unreadable or at the stream's end, or never opened: see state */
};

/*
 * The next thing. At most cap bytes are read into buf. Does not block (streams
 * are non-blocking). Cheap when nothing changed: one read and one stat.
 *
 * Each read includes the bytes before the offset, so a file that was cut, or
 * rewritten to any size, is told from one that has grown. A file is left for
 * the next only when its path leads to another one that has something in it,
 * and a further read after that was seen found nothing. Where several
 * rotations passed since, the files between come first (succession.h). A file
 * that was left and is at the path again goes on where it was left.
 */
enum source_event source_next(struct source *s, char *buf, size_t cap, size_t *n, int64_t now);

/* A FIFO that was ended by its last writer is open again when another one has written: whether so. */
bool source_revive(struct source *s);

#endif
