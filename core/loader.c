/*
 * loader.c
 *
 *   history of a file:   0 ........ [ chunk 3 )[ chunk 2 )[ chunk 1 ) end
 *
 * The loop thread cuts a chunk (one small read to find where a record
 * begins), a worker reads and parses it. Chunks in work wait in a queue in
 * the order in which they were cut; the front one is handed over when it is
 * done. The queue is short, so memory is bounded by a few chunks.
 */
#include "config.h"

#include "core/loader.h"

#include "core/alloc.h"
#include "core/joiner.h"

#include <stdlib.h>
#include <unistd.h>

enum {
	CHUNK_BYTES = 4 << 20,
	PROBE_BYTES = 64 << 10,
};

struct history {
	struct source_file *file;
	unsigned source, generation;
	struct format_memory memory;
	const struct format *only;
	uint64_t end; /* bytes below are still to be cut */
	bool mid_line; /* `end` is inside a line */
	int64_t fallback;
	char head[SOURCE_PRINT]; /* first bytes of the file: a copy is known by them */
	unsigned head_n;
};

struct chunk {
	uv_work_t work;
	struct loader *loader;
	struct history from; /* as it was when the chunk was cut; its file is pinned */
	uint64_t offset;
	size_t n;
	bool mid_line;       /* begins inside a line */
	bool done;
	struct block *block;
	char *buf;           /* owned; used again for the next chunk, so that it is memory that was touched before */
	size_t cap;
	struct chunk *next;
};

struct loader {
	uv_loop_t *loop;
	struct tally_bounds bounds;
	unsigned threads, in_work;
	loader_done *done;
	void *arg;
	struct history *histories;
	size_t n, cap, turn;
	struct chunk *first, **last; /* in the order they were cut */
	struct chunk *spare;
	uint64_t bytes_total, bytes_done, bytes_lost;
	bool closing;
};

struct loader *
loader_new(uv_loop_t *loop, unsigned threads, const struct tally_bounds *bounds, loader_done *done, void *arg)
{
	struct loader *l = xcalloc(1, sizeof *l);

	l->loop = loop;
	l->threads = threads;
	l->bounds = *bounds;
	l->done = done;
	l->arg = arg;
	l->last = &l->first;
	return l;
}

static size_t
read_at(const struct source_file *f, char *buf, size_t n, uint64_t offset)
{
	size_t got = 0;

	while (got < n) {
		ssize_t r = pread(f->fd, buf + got, n - got, (off_t)(offset + got));

		if (r <= 0)
			break;
		got += (size_t)r;
	}
	return got;
}

/*
 * Where to cut in [offset, end): the first start of a record, else the first
 * start of a line (no format knows these lines), else nowhere: `end`.
 */
static uint64_t
find_start(const struct source_file *f, struct parser *p, uint64_t offset, uint64_t end)
{
	ptrdiff_t record = -1, line = -1;
	char *buf = NULL;
	size_t got, n = PROBE_BYTES / 4;

	do {
		n *= 4;
		if (n > end - offset)
			n = (size_t)(end - offset);
		buf = xrealloc(buf, n);
		got = read_at(f, buf, n, offset);
		record = joiner_find_start(p, span_of(buf, got));
		line = span_chr(span_of(buf, got), '\n');
	} while (record < 0 && got == n && n < end - offset);
	free(buf);
	if (record >= 0)
		return offset + (uint64_t)record;
	return line >= 0 ? offset + (uint64_t)line + 1 : end;
}

uint64_t
loader_cut(const struct source_file *f, const struct format_memory *memory, const struct format *only, uint64_t end,
	   uint64_t tail, bool *mid_line)
{
	struct parser parser;

	*mid_line = false;
	if (end <= tail)
		return 0;
	parser_init(&parser);
	parser.memory = *memory;
	parser.only = only;
	uint64_t start = find_start(f, &parser, end - tail, end);

	parser_release(&parser);
	if (start < end)
		return start;
	*mid_line = true;
	return end - tail;
}

void
loader_add(struct loader *l, const struct source *s, const struct format *only, uint64_t end, int64_t fallback)
{
	if (!end)
		return;
	ARRAY_GROW(l->histories, l->n, l->cap);
	l->histories[l->n++] = (struct history){
		.file = source_file_ref(s->file), .source = s->id, .generation = s->generation,
		.memory = s->memory, .only = only, .end = end, .fallback = fallback,
	};
	l->histories[l->n - 1].head_n = source_head(s, l->histories[l->n - 1].head);
	l->bytes_total += end;
}

/*
 * The pure part: bytes of a file in, a sealed block out. The block has the bytes
 * as long as it is being made; then the file has them.
 */
static void
load_chunk(struct chunk *c)
{
	const struct history *h = &c->from;
	struct joiner j;
	struct block *b = block_new(h->source, (uint64_t)h->generation << 48 | c->offset, h->file);

	b->bytes = c->buf;
	b->len = b->cap = b->loaded = read_at(h->file, c->buf, c->n, c->offset);
	joiner_init(&j, &h->memory, h->only);
	joiner_start(&j, b, 0);
	j.skipping = c->mid_line;
	j.parser.time.yearless_ref = h->fallback;
	joiner_feed(&j, SIZE_MAX);
	/* A line that goes on in the next chunk is cut; one that also began before this one is counted there. */
	b->cut += h->mid_line && !j.skipping;
	joiner_finish(&j);
	joiner_release(&j);
	block_seal(b, h->fallback);
	b->tally = tally_new(b, 0, b->n, &c->loader->bounds);
	b->bytes = NULL;
	b->cap = 0;
	c->block = b;
}

/* A chunk with room for n bytes. */
static void
chunk_room(struct chunk *c, size_t n)
{
	if (n <= c->cap)
		return;
	free(c->buf);
	c->buf = xmalloc(n);
	c->cap = n;
}

static struct chunk *
new_chunk(struct loader *l)
{
	struct chunk *c = l->spare;

	if (!c)
		return xcalloc(1, sizeof *c);
	l->spare = c->next;
	*c = (struct chunk){ .buf = c->buf, .cap = c->cap };
	return c;
}

/* Cut the next chunk off the end of a history, whose file is pinned for it. */
static struct chunk *
cut_chunk(struct loader *l, struct history *h)
{
	struct chunk *c = new_chunk(l);

	c->loader = l;
	c->work.data = c;
	c->from = *h;
	source_file_ref(h->file);
	c->offset = loader_cut(h->file, &h->memory, h->only, h->end, CHUNK_BYTES, &c->mid_line);
	c->n = (size_t)(h->end - c->offset);
	chunk_room(c, c->n);
	h->end = c->offset;
	h->mid_line = c->mid_line;
	*l->last = c;
	l->last = &c->next;
	return c;
}

static bool
is_copy(const void *arg, int fd)
{
	const struct history *h = arg;
	char head[SOURCE_PRINT];

	return h->head_n && pread(fd, head, h->head_n, 0) == (ssize_t)h->head_n && !memcmp(head, h->head, h->head_n);
}

/* Make sure of the file: where it was cut meanwhile, of its copy. Else the rest of it is given up. */
static bool
pin_file(struct loader *l, struct history *h)
{
	if (source_file_pin(h->file))
		return true;
	if (source_file_find_copy(h->file, is_copy, h) && source_file_pin(h->file))
		return true;
	l->bytes_done += h->end;
	l->bytes_lost += h->end;
	h->end = 0;
	return false;
}

/* The next history in turn that has something left; its file is pinned. */
static struct history *
next_history(struct loader *l)
{
	for (size_t i = 0; i < l->n; i++) {
		struct history *h = &l->histories[l->turn++ % l->n];

		if (h->end && pin_file(l, h))
			return h;
	}
	return NULL;
}

static void
free_spare(struct loader *l)
{
	for (struct chunk *c = l->spare, *next; c; c = next) {
		next = c->next;
		free(c->buf);
		free(c);
	}
	l->spare = NULL;
}

static void
drop_finished(struct loader *l)
{
	size_t kept = 0;

	for (size_t i = 0; i < l->n; i++) {
		if (l->histories[i].end)
			l->histories[kept++] = l->histories[i];
		else
			source_file_unref(l->histories[i].file);
	}
	l->n = kept;
	if (loader_idle(l))
		free_spare(l);
}

/* The block keeps the chunk's reference to the file. */
static void
retire_chunk(struct loader *l, struct chunk *c)
{
	source_file_unpin(c->from.file);
	if (!c->block)
		source_file_unref(c->from.file);
	c->next = l->spare;
	l->spare = c;
}

/* Hand over what is done, in order. */
static void
hand_over(struct loader *l)
{
	while (l->first && l->first->done) {
		struct chunk *c = l->first;

		l->first = c->next;
		if (!l->first)
			l->last = &l->first;
		l->bytes_done += c->n;
		if (l->closing)
			block_free(c->block);
		else
			l->done(l->arg, c->block);
		retire_chunk(l, c);
	}
}

static void
on_work(uv_work_t *work)
{
	load_chunk(work->data);
}

static void
on_worked(uv_work_t *work, int status)
{
	struct chunk *c = work->data;
	struct loader *l = c->loader;

	(void)status;
	l->in_work--;
	c->done = true;
	hand_over(l);
	if (!l->closing)
		loader_step(l, INT64_MAX);
}

static size_t
waiting(const struct loader *l)
{
	size_t n = 0;

	for (const struct chunk *c = l->first; c; c = c->next)
		n++;
	return n;
}

static bool
step_inline(struct loader *l, int64_t deadline)
{
	struct history *h;

	while ((h = next_history(l))) {
		struct chunk *c = cut_chunk(l, h);

		load_chunk(c);
		c->done = true;
		hand_over(l);
		if (clock_mono() >= deadline)
			break;
	}
	drop_finished(l);
	return l->n > 0;
}

bool
loader_step(struct loader *l, int64_t deadline)
{
	struct history *h;

	if (!l->threads)
		return step_inline(l, deadline);
	while (waiting(l) < l->threads + 1 && (h = next_history(l))) {
		struct chunk *c = cut_chunk(l, h);

		l->in_work++;
		uv_queue_work(l->loop, &c->work, on_work, on_worked);
	}
	drop_finished(l);
	return false; /* the loop goes on by itself */
}

bool
loader_idle(const struct loader *l)
{
	return !l->n && !l->first;
}

void
loader_progress(const struct loader *l, uint64_t *total, uint64_t *done)
{
	*total = l->bytes_total;
	*done = l->bytes_done;
}

uint64_t
loader_lost(const struct loader *l)
{
	return l->bytes_lost;
}

void
loader_free(struct loader *l)
{
	l->closing = true;
	for (struct chunk *c = l->first; c; c = c->next)
		uv_cancel((uv_req_t *)&c->work);
	while (l->in_work)
		uv_run(l->loop, UV_RUN_ONCE);
	hand_over(l);
	for (size_t i = 0; i < l->n; i++)
		l->histories[i].end = 0;
	drop_finished(l);
	free_spare(l);
	free(l->histories);
	free(l);
}
