/*
 * engine_feed.c: sources, and how what they give gets in.
 *
 * A file's end is read first, so that the screen has something to show; what
 * stands before it is the loader's, behind the screen.
 */
#include "config.h"

#include "core/engine_internal.h"

#include "core/alloc.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	TAIL_BYTES = 256 << 10, /* of each file, read before anything else */
	PULL_BYTES = 1 << 20,   /* per source and round */
};

static void
on_gone(void *arg, struct block *b)
{
	struct engine *e = arg;

	(void)b;
	e->version++;
}

void
engine_begun(void *arg, struct block *b)
{
	struct engine *e = arg;

	ring_add(&e->ring, b);
}

void
engine_book(struct engine *e, struct block *b, int64_t now)
{
	ring_account(&e->ring, b);
	engine_count_block(e, b, now);
	cooler_step(e->cooler);
	ring_trim(&e->ring, on_gone, e);
	selection_touch(&e->filter, &e->ring);
	selection_touch(&e->search, &e->ring);
	census_touch(e);
}

static void
on_grown(void *arg, struct block *b)
{
	struct engine *e = arg;
	int64_t now = clock_now();

	engine_feed_grown(e, b, now);
	engine_book(e, b, now);
}

void
engine_on_loaded(void *arg, struct block *b)
{
	struct engine *e = arg;

	e->feeds[b->source]->history_bytes += b->loaded;
	ring_add(&e->ring, b);
	engine_book(e, b, clock_now());
	if (!history_idle(e))
		engine_pump_start(e);
}

static const struct intake_ops intake_ops = { engine_begun, on_grown };

/* ---- sources ---------------------------------------------------------------------- */

/* Whether nothing comes behind what is there. An archive that ends early does where nothing is followed. */
static bool
is_finite(const struct engine *e, const struct source *s)
{
	return !e->o.follow && (!s->stream || s->broken);
}

void
engine_pull(struct engine *e, struct feed *f)
{
	struct source *s = f->intake.source;
	int64_t now = f->caught_up ? clock_now() : f->mtime;
	uint64_t rotations = s->rotations + s->truncations;
	bool finite = is_finite(e, s);

	f->more = intake_pull(&f->intake, PULL_BYTES, now, finite);
	if (!finite && is_finite(e, s))
		f->more = intake_pull(&f->intake, PULL_BYTES, now, true);
	if (!f->more)
		f->caught_up = true;
	else
		engine_pump_start(e);
	if (rotations != s->rotations + s->truncations || s->state != SOURCE_OPEN)
		e->version++;
}

/* When its file was last written to. */
static int64_t
written(const struct source *s)
{
	struct stat st;

	return fstat(s->file->fd, &st) ? clock_now() : st.st_mtim.tv_sec * NSEC + st.st_mtim.tv_nsec;
}

/* Show the end of a file first; its history comes behind. */
static void
begin_file(struct engine *e, struct feed *f)
{
	struct source *s = f->intake.source;
	uint64_t size = source_size(s);
	bool mid_line;

	f->mtime = written(s);
	history_begin(e, f);
	source_sniff(s);
	f->intake.joiner.parser.memory = s->memory;
	s->offset = loader_cut(s->file, &s->memory, e->o.format, size, TAIL_BYTES, &mid_line);
	f->intake.joiner.skipping = mid_line;
	if (e->o.tail_only)
		return;
	f->history_total += s->offset;
	loader_add(e->loader, s, e->o.format, s->offset, f->mtime);
}

static void
try_open(struct engine *e, struct feed *f)
{
	struct source *s = f->intake.source;

	e->version++;
	if (source_open(s) == 0 && !s->stream)
		begin_file(e, f);
	if (s->stream)
		f->mtime = s->packed ? written(s) : clock_now();
}

static void
on_changed(void *arg, struct source *s)
{
	struct engine *e = arg;
	struct feed *f = e->feeds[s->id];

	e->version += s->child != NULL;
	if (f->closed)
		return;
	if (s->state == SOURCE_WAITING || s->state == SOURCE_FAILED)
		try_open(e, f);
	if (s->state == SOURCE_OPEN)
		engine_pull(e, f);
	engine_pump_start(e);
}

static void
on_added(void *arg, struct source *s)
{
	struct engine *e = arg;
	struct feed *f = xcalloc(1, sizeof *f);

	while (e->n_feeds <= s->id) {
		ARRAY_GROW(e->feeds, e->n_feeds, e->feeds_cap);
		e->feeds[e->n_feeds++] = NULL;
	}
	f->newest = f->reach = f->spoke = TIME_NONE;
	e->feeds[s->id] = f;
	source_count_from(s, HISTORY_MAX);
	intake_init(&f->intake, s, e->o.format, &intake_ops, e);
	on_changed(e, s);
}

static bool
was_read(void *arg, const char *path)
{
	return history_has(arg, path);
}

const struct inputs_ops engine_inputs_ops = { .added = on_added, .changed = on_changed, .was_read = was_read };
