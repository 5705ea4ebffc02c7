/*
 * source: one log that is followed: a file by its path, through rotation and
 * truncation, or a stream (standard input, a FIFO, what a command writes). An
 * archive is a stream too: it can be read forwards only.
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
#include "core/source_archive.h"
#include "core/source_child.h"
#include "core/source_file.h"
#include "core/succession.h"
#include "core/trail.h"

enum source_state {
	SOURCE_WAITING, /* not there yet */
	SOURCE_OPEN,    /* stays so while the path is gone (`missing`): the open file may still grow */
	SOURCE_FAILED,  /* cannot be read: `error` says why; retried on the tick */
	SOURCE_ENDED,   /* a stream that was read to its end */
};

enum source_event {
	SOURCE_IDLE,      /* nothing more for now */
	SOURCE_DATA,      /* *n bytes in buf */
	SOURCE_ROTATED,   /* what follows is of another file, s->file: the next, or one before it once more */
	SOURCE_TRUNCATED, /* the file was cut; what follows begins at 0, or behind a hole */
	SOURCE_CLOSED,    /* unreadable or at the stream's end, or never opened: see state */
};

enum { SOURCE_MAGIC = 4 };  /* bytes that tell an archive */

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
	const char *watch_note; /* why it is polled; NULL when it is not (inputs) */
	bool packed;  /* a stream that is an archive in a file: read once, and on when it grows */
	bool broken;  /* what was read of it is not all there is to it: `note` says why */
	char *note;   /* owned; what else is to be known of its state, for people: "exited 1"; NULL: nothing */
	struct child *child; /* borrowed; the command whose output it is (inputs) */
	unsigned child_end;  /* CHILD_OUT or CHILD_ERR */
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

	/* Private to source_stream.c. */
	struct archive *archive;    /* decodes what is read; NULL: it is taken as it is */
	bool begun;                 /* whether it is an archive is known */
	char magic[SOURCE_MAGIC];   /* first bytes, while it is not */
	unsigned magic_n;
	uint64_t raw;               /* bytes read of an archive */

	/* Private to source.c and source_trail.c. */
	struct trail trail;         /* of a file */
	enum source_event turned;   /* what was found out and is still to be told */
	unsigned newest;            /* generation */
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

/* The generation of the first file of a source that is not open yet; 0 otherwise. */
void source_count_from(struct source *s, unsigned generation);

/* The same with a descriptor that is open, of a file that is or was at `path`; takes it over. The source is closed. */
void source_take(struct source *s, int fd, const struct stat *st, const char *path);

/* Say what is to be known of its state; NULL: nothing. */
void source_note(struct source *s, const char *note);

/* A stream whose descriptor tells when there is more. */
static inline bool
source_is_pipe(const struct source *s)
{
	return s->stream && !s->packed;
}

/* Learn what an open file speaks from its first and last bytes. */
void source_sniff(struct source *s);

enum { SOURCE_PRINT = TRAIL_PRINT };
/* The first bytes of the file that is read, as far as they are known: how many. */
unsigned source_head(const struct source *s, char head[SOURCE_PRINT]);

/* Size of the file now, 0 for streams. */
uint64_t source_size(const struct source *s);

/*
 * The next thing. At most cap bytes are read into buf. Does not block (streams
 * are non-blocking). Cheap when nothing changed: one read and one stat.
 *
 * A file that was cut, or rewritten to any size, is told from one that has
 * grown. A file is left for the next when its path leads to another one, all
 * that is in it was read, and the next has something in it. It is still looked
 * at for a while: what late writers put into it comes before what they put into
 * the next. Where several rotations passed since, the files between come
 * first (succession.h). A file that was left and is at the path again goes on
 * where it was left. What was cut off unread is read from the copy that the
 * rotation made, if there is one.
 */
enum source_event source_next(struct source *s, char *buf, size_t cap, size_t *n, int64_t now);

/*
 * Look where the file and its path are going, without reading: for who cannot
 * take more now. Files that come after it are held from then on.
 */
void source_glance(struct source *s, int64_t now);

/* Open a path that may be a log: a descriptor and its *st, or -errno. "-" is standard input. */
int source_open_path(const char *path, struct stat *st);

/*
 * Whether a stream that ended goes on: a FIFO where another writer has written,
 * an archive that has grown, a command that was started again.
 */
bool source_revive(struct source *s);

#endif
