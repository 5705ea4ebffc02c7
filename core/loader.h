/*
 * loader: reads the history of files behind the screen, newest part first.
 *
 * A file's history is cut into chunks that begin where a record begins; each
 * chunk is read and parsed into one sealed block, by a worker or inline. That
 * work is a pure function of the file's bytes, so the blocks are the same
 * however many workers there are; they are handed over in the order in which
 * they were cut.
 */
#ifndef CORE_LOADER_H
#define CORE_LOADER_H

#include "core/block.h"
#include "core/source.h"
#include "core/tally.h"

#include <uv.h>

struct loader;

/* Take over a sealed block (the callee owns it). */
typedef void loader_done(void *arg, struct block *b);

/* `threads` workers at most; 0: the work is done in loader_step. Blocks come with a tally within the bounds. */
struct loader *loader_new(uv_loop_t *loop, unsigned threads, const struct tally_bounds *bounds, loader_done *done,
			  void *arg);
/* Waits for the workers. Blocks that were not handed over are dropped. */
void loader_free(struct loader *l);

/*
 * Where to begin reading so as to see about `tail` bytes of the file first: a
 * start of a record, else of a line, 0 for a short file. *mid_line is set when
 * there is no line end in those bytes either, and the offset is inside a line.
 */
uint64_t loader_cut(const struct source_file *f, const struct format_memory *memory, const struct format *only,
		    uint64_t end, uint64_t tail, bool *mid_line);

/* Load bytes [0, end) of the source's file, from the end backwards. `fallback`: the time of records without one. */
void loader_add(struct loader *l, const struct source *s, const struct format *only, uint64_t end, int64_t fallback);

/* Keep the workers busy; inline work until the deadline. true when there is more to do. */
bool loader_step(struct loader *l, int64_t deadline);

bool loader_idle(const struct loader *l);
/* Bytes there were to load, and bytes that are loaded. */
void loader_progress(const struct loader *l, uint64_t *total, uint64_t *done);
/* Bytes that were cut off before they were read, and that no copy has. */
uint64_t loader_lost(const struct loader *l);

#endif
