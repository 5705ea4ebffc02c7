/*
 * block.c: columns that grow together, and are one piece of memory once they are
 * sealed, so that what a block leaves when it goes is no crumbs.
 *
 * The row columns share one capacity and double together, so appending a
 * record allocates nothing most of the time. Rows that come out of order of
 * time get an index (`order`) instead of being moved: rows stay in file
 * order, which is what positions and continuation lines rest on.
 */
#include "config.h"

#include "core/block.h"

#include "core/alloc.h"
#include "core/json.h"
#include "core/route.h"
#include "core/tally.h"

#include <assert.h>
#include <stdlib.h>

enum { FIRST_ROWS = 256 };

struct block *
block_new(unsigned source, uint64_t pos, struct source_file *file)
{
	struct block *b = xcalloc(1, sizeof *b);

	b->source = source;
	b->pos = pos;
	b->home.file = file;
	b->first = INT64_MAX;
	b->last = INT64_MIN;
	intern_init(&b->loggers, UINT16_MAX);
	intern_init(&b->routes, 0);
	return b;
}

/* A sealed block has them all in one piece, which begins with the times. */
static void
free_columns(struct block *b)
{
	free(b->time);
	if (b->sealed)
		return;
	free(b->parts);
	free(b->offset);
	free(b->size);
	free(b->order);
	free(b->logger);
	free(b->level);
	free(b->format);
	free(b->flags);
}

void
block_free(struct block *b)
{
	if (!b)
		return;
	free(b->bytes);
	home_release(&b->home);
	free_columns(b);
	free(b->logger_map);
	free(b->route_map);
	tally_free(b->tally);
	intern_release(&b->loggers);
	intern_release(&b->routes);
	for (int i = 0; i < HITS_COUNT; i++) {
		free(b->hits[i].bits);
		free(b->hits[i].seconds);
	}
	grams_free(b->grams);
	free(b);
}

char *
block_room(struct block *b, size_t n)
{
	if (b->len + n > b->cap) {
		b->cap = b->len + n > b->cap * 2 ? b->len + n : b->cap * 2;
		b->bytes = xrealloc(b->bytes, b->cap);
	}
	return b->bytes + b->len;
}

static size_t
row_size(const struct block *b)
{
	return sizeof *b->time + sizeof *b->offset + sizeof *b->size + sizeof *b->logger + sizeof *b->level +
	       sizeof *b->format + sizeof *b->flags + (b->order ? sizeof *b->order : 0);
}

static void
rows_resize(struct block *b, uint32_t cap)
{
	b->time = xreallocarray(b->time, cap, sizeof *b->time);
	b->offset = xreallocarray(b->offset, cap, sizeof *b->offset);
	b->size = xreallocarray(b->size, cap, sizeof *b->size);
	b->logger = xreallocarray(b->logger, cap, sizeof *b->logger);
	b->level = xreallocarray(b->level, cap, sizeof *b->level);
	b->format = xreallocarray(b->format, cap, sizeof *b->format);
	b->flags = xreallocarray(b->flags, cap, sizeof *b->flags);
	if (b->order)
		b->order = xreallocarray(b->order, cap, sizeof *b->order);
	b->rows_cap = cap;
}

/* Put the newest row where its time belongs in the order, moving from the end. */
static void
order_insert(struct block *b, uint32_t row)
{
	uint32_t at = row;

	if (!b->order) {
		b->order = xreallocarray(NULL, b->rows_cap, sizeof *b->order);
		for (uint32_t i = 0; i < row; i++)
			b->order[i] = i;
	}
	while (at > 0 && b->time[b->order[at - 1]] > b->time[row])
		at--;
	memmove(b->order + at + 1, b->order + at, (row - at) * sizeof *b->order);
	b->order[at] = row;
}

/* A route is named by method and path together: "GET /api/orders/<int>/". */
static uint32_t
add_route(struct block *b, const struct parsed *parsed)
{
	static _Thread_local struct strbuf name;
	struct span path = parsed->field[FIELD_PATH];

	if (!path.p)
		path = parsed->field[FIELD_ROUTE];
	if (!path.p || !path.n)
		return INTERN_NONE;
	strbuf_clear(&name);
	strbuf_add(&name, parsed->field[FIELD_METHOD]);
	strbuf_char(&name, ' ');
	route_add(&name, path);
	return intern_add(&b->routes, strbuf_span(&name));
}

/* By the text that a reader sees: the same id may be written with escapes elsewhere. */
static uint64_t
id_hash(const struct parsed *parsed)
{
	static _Thread_local struct strbuf text;
	struct span id = parsed->field[FIELD_REQUEST_ID];

	if (!id.n || !(parsed->escaped >> FIELD_REQUEST_ID & 1))
		return id.n ? span_hash(id) : 0;
	strbuf_clear(&text);
	json_unescape(id, &text);
	return span_hash(strbuf_span(&text));
}

/* Room for as many parts to a row as there were so far, and for twice as many as there are. */
static void
grow_parts(struct block *b)
{
	uint64_t guess = (uint64_t)b->n_parts * b->rows_cap / b->n;

	b->parts_cap = b->n_parts * 2 > guess ? b->n_parts * 2 + 8 : (uint32_t)guess + 1;
	b->parts = xreallocarray(b->parts, b->parts_cap, sizeof *b->parts);
}

static void
add_part(struct block *b, uint32_t row, const struct parsed *parsed)
{
	struct span id = parsed->field[FIELD_REQUEST_ID], path = parsed->field[FIELD_PATH];
	bool has_id = id.n != 0, measured = parsed->duration >= 0 || parsed->status;

	if (!has_id && !measured)
		return;
	uint32_t route = add_route(b, parsed);
	uint8_t flags = 0;

	if (parsed->level >= LEVEL_ERROR || parsed->field[FIELD_EXCEPTION].n || parsed->field[FIELD_TRACEBACK].n)
		flags |= PART_FAILED;
	if (parsed->flags & PARSED_FUNCTION)
		flags |= PART_FUNCTION;
	if ((parsed->flags & PARSED_ACCESS) || (!has_id && parsed->duration >= 0 && route != INTERN_NONE))
		flags |= PART_ALONE;
	if (path.n && !measured)
		flags |= PART_START;
	if (b->n_parts == b->parts_cap)
		grow_parts(b);
	b->parts[b->n_parts++] = (struct part){
		.row = row, .route = route, .id_hash = id_hash(parsed),
		.duration = parsed->duration, .status = (uint16_t)parsed->status, .flags = flags,
	};
}

/* What parts do not tell. */
static unsigned
flags_of(const struct parsed *parsed)
{
	bool odd = (parsed->field[FIELD_STATUS].p && !parsed->status) ||
		   (parsed->field[FIELD_DURATION].p && parsed->duration < 0);
	bool path = parsed->field[FIELD_PATH].p || parsed->field[FIELD_ROUTE].p;

	return (odd ? ROW_ODD : 0) | (path ? ROW_PATH : 0);
}

/*
 * How many rows to have room for when the bytes before `offset` had as many as there is room for: the
 * rest will have as many in proportion, so that a chunk that is read as a whole grows once.
 */
static uint32_t
more_rows(const struct block *b, uint32_t offset)
{
	uint64_t guess = b->n && offset ? (uint64_t)b->n * b->len / offset : 0;

	guess += guess / 8;
	if (!b->n)
		return FIRST_ROWS;
	return guess > b->n * UINT64_C(2) && guess < UINT32_MAX ? (uint32_t)guess : b->n * 2;
}

void
block_add(struct block *b, uint32_t offset, uint32_t size, int64_t time, unsigned flags,
	  const struct format *format, const struct parsed *parsed)
{
	uint32_t row = b->n;
	uint32_t logger = intern_add(&b->loggers, parsed->field[FIELD_LOGGER]);
	bool late = row && time < b->last;

	if (row == b->rows_cap)
		rows_resize(b, more_rows(b, offset));
	b->time[row] = time;
	b->offset[row] = offset;
	b->size[row] = size;
	b->logger[row] = logger == INTERN_NONE ? UINT16_MAX : (uint16_t)logger;
	b->level[row] = (uint8_t)parsed->level;
	b->format[row] = (uint8_t)format->id;
	b->flags[row] = (uint8_t)(flags | flags_of(parsed));
	b->n++;
	if (time < b->first)
		b->first = time;
	if (time > b->last)
		b->last = time;
	b->level_count[parsed->level]++;
	if (late || b->order)
		order_insert(b, row);
	if (format->id != FORMAT_RAW)
		add_part(b, row, parsed);
}

void
block_extend(struct block *b, uint32_t end)
{
	b->size[b->n - 1] = end - b->offset[b->n - 1];
}

/* Rows at the front that had no time yet get the first one that is known. */
static void
settle_times(struct block *b, int64_t fallback)
{
	uint32_t n = 0;

	while (n < b->n && b->time[n] == TIME_NONE)
		n++;
	if (!n)
		return;
	int64_t known = n < b->n ? b->time[n] : fallback;

	for (uint32_t i = 0; i < n; i++)
		b->time[i] = known;
	b->first = INT64_MAX;
	for (uint32_t i = 0; i < b->n; i++) {
		if (b->time[i] < b->first)
			b->first = b->time[i];
		if (b->time[i] > b->last)
			b->last = b->time[i];
	}
	free(b->order);
	b->order = NULL;
	for (uint32_t i = 1; i < b->n; i++)
		if (b->order || b->time[i] < b->time[i - 1])
			order_insert(b, i);
}

/* Copy n bytes of a column to *at, and go on behind them. */
static void *
settle_column(char **at, const void *column, size_t n)
{
	void *to = *at;

	if (n)
		memcpy(to, column, n);
	*at += n;
	return to;
}

/* All columns into one piece of the size they have come to: the widest first, so each is aligned. */
static void
settle_columns(struct block *b)
{
	size_t n = b->n;
	struct block old = *b;
	char *at = xmalloc(n * row_size(b) + b->n_parts * sizeof *b->parts + 1);

	b->time = settle_column(&at, old.time, n * sizeof *b->time);
	b->parts = settle_column(&at, old.parts, b->n_parts * sizeof *b->parts);
	b->offset = settle_column(&at, old.offset, n * sizeof *b->offset);
	b->size = settle_column(&at, old.size, n * sizeof *b->size);
	if (old.order)
		b->order = settle_column(&at, old.order, n * sizeof *b->order);
	b->logger = settle_column(&at, old.logger, n * sizeof *b->logger);
	b->level = settle_column(&at, old.level, n * sizeof *b->level);
	b->format = settle_column(&at, old.format, n * sizeof *b->format);
	b->flags = settle_column(&at, old.flags, n * sizeof *b->flags);
	b->rows_cap = b->n;
	b->parts_cap = b->n_parts;
	free_columns(&old);
}

void
block_seal(struct block *b, int64_t fallback)
{
	settle_times(b, fallback);
	settle_columns(b);
	b->sealed = true;
	if (b->home.file)
		home_in_file(&b->home, b->pos & POSITION_OFFSET, span_of(b->bytes, b->len));
	if (b->cap > b->len + b->len / 16) {
		b->bytes = xrealloc(b->bytes, b->len ? b->len : 1);
		b->cap = b->len;
	}
}

const struct part *
block_parts_from(const struct block *b, uint32_t row)
{
	uint32_t lo = 0, hi = b->n_parts;

	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;

		if (b->parts[mid].row < row)
			lo = mid + 1;
		else
			hi = mid;
	}
	return b->parts + lo;
}

const struct part *
block_part(const struct block *b, uint32_t row)
{
	const struct part *p = block_parts_from(b, row);

	return p < b->parts + b->n_parts && p->row == row ? p : NULL;
}

struct span
block_bytes(const struct block *b, size_t from, size_t n, struct loan *loan)
{
	if (b->bytes || !n)
		return span_of(b->bytes ? b->bytes + from : "", n);
	bool lent = loan->n && b->seq && loan->block == b->seq;

	if (!lent || from < loan->from || from + n > loan->from + loan->n) {
		loan->block = b->seq;
		if (!home_read(&b->home, from, n, loan))
			return SPAN_NONE;
	}
	return span_of(loan->buf + (from - loan->from), n);
}

bool
block_record(const struct block *b, uint32_t row, struct record *r)
{
	record_reset(r);
	r->id = b->seq << 24 | row;
	r->bytes = block_bytes(b, b->offset[row], b->size[row], &r->loan);
	r->time = b->time[row];
	r->own_time = b->flags[row] & ROW_OWN_TIME;
	r->level = b->level[row];
	r->format = format_get(b->format[row]);
	r->logger = intern_name(&b->loggers, b->logger[row]);
	r->source_id = b->source;
	return r->bytes.p != NULL;
}

void
block_evacuate(struct block *b)
{
	assert(home_exists(&b->home));
	free(b->bytes);
	b->bytes = NULL;
	b->cap = 0;
}

/* While it is pinned nothing moves it, so the answer stays the same. */
static bool
is_in_file(const struct block *b)
{
	return !b->bytes && !b->home.packed;
}

bool
block_pin(struct block *b)
{
	if (is_in_file(b) && !(b->home.file && source_file_pin(b->home.file)))
		return false;
	b->pins++;
	return true;
}

void
block_unpin(struct block *b)
{
	b->pins--;
	if (is_in_file(b))
		source_file_unpin(b->home.file);
}

static bool
is_copy(const void *arg, int fd)
{
	return home_is_in(arg, fd);
}

bool
block_recover(struct block *b)
{
	struct source_file *f = b->home.file;

	if (!is_in_file(b) || !f || !b->home.prints)
		return false;
	if (f->fd < 0 && source_file_pin(f)) {
		source_file_unpin(f);
		return true;
	}
	return source_file_find_copy(f, is_copy, &b->home);
}

size_t
block_memory(const struct block *b)
{
	size_t hits = 0;

	for (int i = 0; i < HITS_COUNT; i++)
		hits += (b->hits[i].words + b->hits[i].words / 64 + 1) * sizeof *b->hits[i].bits +
			b->hits[i].n_seconds * sizeof *b->hits[i].seconds;
	return sizeof *b + b->cap + b->rows_cap * row_size(b) + b->parts_cap * sizeof *b->parts +
	       b->loggers.bytes + b->routes.bytes + b->home.memory + grams_memory(b->grams) + hits;
}

size_t
block_resident(const struct block *b)
{
	return b->cap;
}

void
block_check(const struct block *b)
{
	uint32_t end = 0;

	(void)end;
	for (uint32_t i = 0; i < b->n; i++) {
		assert(b->offset[i] >= end);
		end = b->offset[i] + b->size[i];
		assert(end <= b->len);
		assert(b->time[i] >= b->first && b->time[i] <= b->last);
		assert(!i || b->time[block_row(b, i)] >= b->time[block_row(b, i - 1)]);
	}
}
