/*
 * engine_history.c: what earlier rotations of a log left beside it, read behind
 * the screen when the logs themselves are read.
 *
 * Of all sources, the sibling that was written to last is next, so that what is
 * read goes back evenly and the ring, when it is full, has the newest of all. A
 * plain file is the loader's, backwards and in parallel; an archive is decoded
 * forwards here, a step at a time. Both count as the log's own source: their
 * generations stand before that of the log (HISTORY_MAX), so that positions
 * stay in order.
 *
 *	generation  HISTORY_MAX - 2   HISTORY_MAX - 1   HISTORY_MAX
 *	            app.log.2.gz      app.log.1         app.log
 *
 * It ends with --history files, at --since (a file whose last record is older
 * is not read, nor those before it), and on the screen when the ring has begun
 * to evict: more would push out what is newer than itself.
 */
#include "config.h"

#include "core/engine_internal.h"
#include "core/siblings.h"

#include "core/alloc.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	STEP_BYTES = 256 << 10, /* decoded before the clock is looked at */
	LAST_BYTES = 64 << 10,  /* of a file, to find the time of its last record */
};

/* The siblings of one source. */
struct past {
	struct feed *feed;
	struct siblings siblings;
	struct sibling next; /* found, not begun; path NULL: none */
	unsigned left;       /* files that --history still allows */
	unsigned generation; /* of the one that was begun last */
};

struct history {
	struct past *v;
	size_t n, cap;
	/* The archive that is being decoded; NULL: none. */
	struct source *archive;
	struct intake intake;
	struct feed *feed;
	int64_t written;
	int64_t first;       /* oldest time in it so far, TIME_NONE: none */
	uint64_t total, done; /* bytes of archives that were begun, and that were decoded */
};

void
history_begin(struct engine *e, struct feed *f)
{
	struct source *s = f->intake.source;

	if (s->generation != HISTORY_MAX || s->fixed || !e->o.history || e->o.tail_only)
		return;
	if (e->o.follow)
		succession_begin(&s->past, s->path, s->file->fd);
	if (!e->history)
		e->history = xcalloc(1, sizeof *e->history);
	struct history *h = e->history;

	ARRAY_GROW(h->v, h->n, h->cap);
	h->v[h->n] = (struct past){ .feed = f, .left = e->o.history, .generation = HISTORY_MAX };
	siblings_init(&h->v[h->n++].siblings, s->path, s->file->fd, clock_now());
}

static void
past_end(struct past *p)
{
	if (p->next.path)
		sibling_release(&p->next);
	p->next.path = NULL;
	p->left = 0;
}

bool
history_has(const struct engine *e, const char *path)
{
	for (size_t i = 0; e->history && i < e->history->n; i++)
		if (siblings_has_file(&e->history->v[i].siblings, path))
			return true;
	return false;
}

/* ---- which one ------------------------------------------------------------------------- */

static bool
is_followed(const struct engine *e, const struct stat *st)
{
	for (size_t i = 0; i < e->n_feeds; i++) {
		const struct source *s = e->feeds[i]->intake.source;

		if (s->file && source_file_is(s->file, st))
			return true;
	}
	return false;
}

/* See to it that the next sibling is known, if there is one. */
static void
look(const struct engine *e, struct past *p)
{
	while (p->left && !p->next.path) {
		if (!siblings_next(&p->siblings, &p->next)) {
			past_end(p);
		} else if (p->next.fd >= 0 && is_followed(e, &p->next.st)) {
			sibling_release(&p->next);
			p->next.path = NULL;
		}
	}
}

/* Of those that are next, the one that was written to last; NULL: all is read. */
static struct past *
newest(const struct engine *e)
{
	struct past *best = NULL;

	for (size_t i = 0; i < e->history->n; i++) {
		struct past *p = &e->history->v[i];

		look(e, p);
		if (p->left && (!best || p->next.st.st_mtim.tv_sec > best->next.st.st_mtim.tv_sec))
			best = p;
	}
	return best;
}

/* ---- reading it -------------------------------------------------------------------------- */

static int64_t
written(const struct sibling *s)
{
	return s->st.st_mtim.tv_sec * NSEC + s->st.st_mtim.tv_nsec;
}

/* What is wrong with a sibling is said of its log. */
static void
complain(struct engine *e, const struct feed *f, const char *path, const char *why)
{
	char *note = xasprintf("%s: %s", strrchr(path, '/') + 1, why);

	source_note(f->intake.source, note);
	f->intake.source->broken = true;
	e->version++;
	free(note);
}

/* A source like the log's, of the file of a sibling, which it takes over. */
static struct source *
sibling_source(const struct past *p, struct sibling *next)
{
	const struct source *log = p->feed->intake.source;
	struct source *s = source_new(log->id, next->path, log->name);

	source_count_from(s, p->generation);
	source_take(s, next->fd, &next->st, next->path);
	next->fd = -1;
	s->fixed = true;
	s->memory = log->memory;
	return s;
}

/* Newest time in the end of a file. */
static int64_t
last_time(const struct engine *e, const struct source *s, int64_t fallback)
{
	uint64_t size = source_size(s), from = size > LAST_BYTES ? size - LAST_BYTES : 0;
	struct block *b = block_new(s->id, 0, NULL);
	ssize_t n = pread(s->file->fd, block_room(b, LAST_BYTES), LAST_BYTES, (off_t)from);
	struct joiner j;

	b->len = n > 0 ? (size_t)n : 0;
	joiner_init(&j, &s->memory, e->o.format);
	joiner_start(&j, b, 0);
	j.skipping = from > 0;
	j.parser.time.yearless_ref = fallback;
	joiner_feed(&j, SIZE_MAX);
	joiner_finish(&j);
	joiner_release(&j);
	block_seal(b, fallback);
	int64_t last = b->n ? b->last : fallback;

	block_free(b);
	return last;
}

static void
on_grown(void *arg, struct block *b)
{
	struct engine *e = arg;
	struct history *h = e->history;

	if (b->n && (h->first == TIME_NONE || b->first < h->first))
		h->first = b->first;
	engine_book(e, b, clock_now());
}

static const struct intake_ops intake_ops = { engine_begun, on_grown };

static void
begin_archive(struct engine *e, struct past *p, struct source *s)
{
	struct history *h = e->history;

	h->archive = s;
	h->feed = p->feed;
	h->written = written(&p->next);
	h->first = TIME_NONE;
	h->total += (uint64_t)p->next.st.st_size;
	p->feed->history_total += (uint64_t)p->next.st.st_size;
	intake_init(&h->intake, s, e->o.format, &intake_ops, e);
}

static void
begin_plain(struct engine *e, struct past *p, struct source *s)
{
	uint64_t size = source_size(s);

	p->feed->history_total += size;
	loader_add(e->loader, s, e->o.format, size, written(&p->next));
	source_free(s);
}

static void
begin(struct engine *e, struct past *p)
{
	struct sibling *next = &p->next;

	if (next->fd < 0) {
		complain(e, p->feed, next->path, strerror(next->error));
	} else {
		p->generation--;
		struct source *s = sibling_source(p, next);
		int64_t last = s->packed ? written(next) : last_time(e, s, written(next));

		if (e->o.since != TIME_NONE && last < e->o.since) {
			source_free(s);
			past_end(p);
			return;
		}
		(s->packed ? begin_archive : begin_plain)(e, p, s);
	}
	p->left--;
	sibling_release(next);
	next->path = NULL;
}

static void
drop_archive(struct history *h)
{
	intake_release(&h->intake);
	source_free(h->archive);
	h->archive = NULL;
}

static void
end_archive(struct engine *e)
{
	struct history *h = e->history;
	struct feed *f = h->feed;

	if (h->archive->broken)
		complain(e, f, h->archive->path, h->archive->note);
	if (h->first != TIME_NONE)
		f->reach = h->first;
	/* Of one that is damaged the rest will not come. */
	h->done = h->total;
	f->history_total = f->history_bytes;
	drop_archive(h);
}

/* What is to come is told in bytes of the archive, what was read in bytes of log. */
static bool
decode_step(struct history *h)
{
	uint64_t bytes = h->archive->bytes, raw = h->archive->raw;
	bool more = intake_pull(&h->intake, STEP_BYTES, h->written, true);

	bytes = h->archive->bytes - bytes;
	raw = h->archive->raw - raw;
	h->done += raw;
	h->feed->history_bytes += bytes;
	h->feed->history_total += bytes - raw;
	return more;
}

static void
decode(struct engine *e, int64_t deadline)
{
	struct history *h = e->history;
	bool more = true;

	while (more && clock_mono() < deadline)
		more = decode_step(h);
	if (!more)
		end_archive(e);
}

bool
history_step(struct engine *e, int64_t deadline)
{
	struct history *h = e->history;

	if (!h)
		return false;
	if (h->archive) {
		decode(e, deadline);
		return true;
	}
	if (!loader_idle(e->loader))
		return false;
	if (e->o.follow && e->ring.evicted)
		for (size_t i = 0; i < h->n; i++)
			past_end(&h->v[i]);
	struct past *p = newest(e);

	if (p)
		begin(e, p);
	return p != NULL;
}

bool
history_idle(const struct engine *e)
{
	const struct history *h = e->history;

	for (size_t i = 0; h && i < h->n; i++)
		if (h->v[i].left)
			return false;
	return !h || !h->archive;
}

void
history_progress(const struct engine *e, uint64_t *total, uint64_t *done)
{
	*total += e->history ? e->history->total : 0;
	*done += e->history ? e->history->done : 0;
}

void
history_free(struct engine *e)
{
	struct history *h = e->history;

	if (!h)
		return;
	if (h->archive)
		drop_archive(h);
	for (size_t i = 0; i < h->n; i++) {
		past_end(&h->v[i]);
		siblings_release(&h->v[i].siblings);
	}
	free(h->v);
	free(h);
	e->history = NULL;
}
