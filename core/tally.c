/*
 * tally: one pass over the rows and what they say about requests, which stand in
 * the order of the rows. Records of the same second mostly stand together: what
 * they have is counted in plain arrays, which become a tally_second and its cells
 * when another second begins. Rows that go to and fro between seconds make more of these, and
 * the same sums.
 */
#include "config.h"

#include "core/tally.h"

#include "core/alloc.h"

#include <stdlib.h>

enum { CLASSES = 6, MANY = 512 };

/* The second that is being counted. */
struct making {
	struct tally *t;
	const struct block *b;
	struct tally_second second;
	bool open;
	struct pair { uint32_t count, errors; } *loggers, classes[CLASSES]; /* loggers: owned */
	uint32_t *seen; /* owned: loggers with a count */
	uint32_t n_seen;
};

static void
put_cell(struct making *m, uint32_t id, bool is_status, struct pair *pair)
{
	struct tally *t = m->t;

	ARRAY_GROW(t->cells, t->n_cells, t->cells_cap);
	t->cells[t->n_cells++] = (struct tally_cell){ id, pair->count, pair->errors, is_status };
	m->second.cells++;
	*pair = (struct pair){ 0 };
}

static void
end_second(struct making *m)
{
	struct tally *t = m->t;

	if (!m->open)
		return;
	for (uint32_t i = 0; i < m->n_seen; i++)
		put_cell(m, m->seen[i], false, &m->loggers[m->seen[i]]);
	m->n_seen = 0;
	for (uint32_t i = 0; i < CLASSES; i++)
		if (m->classes[i].count)
			put_cell(m, i, true, &m->classes[i]);
	ARRAY_GROW(t->seconds, t->n_seconds, t->seconds_cap);
	t->seconds[t->n_seconds++] = m->second;
}

static void
begin_second(struct making *m, int64_t time)
{
	int64_t rest = time % NSEC;

	end_second(m);
	m->second = (struct tally_second){ .at = time - (rest < 0 ? rest + NSEC : rest), .newest = time };
	m->open = true;
}

/* A record with a time of its own. */
static void
add_timed(struct making *m, uint32_t row)
{
	const struct block *b = m->b;
	int64_t time = b->time[row];
	uint32_t logger = b->logger[row] < m->t->loggers ? b->logger[row] : m->t->loggers;

	if (!m->open || (uint64_t)time - (uint64_t)m->second.at >= NSEC)
		begin_second(m, time);
	m->second.level[b->level[row]]++;
	m->second.parsed += b->format[row] != FORMAT_RAW;
	if (time > m->second.newest)
		m->second.newest = time;
	if (m->t->oldest == TIME_NONE || time < m->t->oldest)
		m->t->oldest = time;
	struct pair *pair = &m->loggers[logger];

	if (!pair->count++)
		m->seen[m->n_seen++] = logger;
	pair->errors += b->level[row] >= LEVEL_ERROR;
}

static void
add_row(struct making *m, uint32_t row)
{
	const struct block *b = m->b;
	struct tally *t = m->t;

	t->by_format[b->format[row]]++;
	if (b->format[row] == FORMAT_RAW) {
		t->unparsed++;
	} else {
		t->records++;
		t->by_level[b->level[row]]++;
		if (b->logger[row] < t->loggers)
			t->by_logger[b->logger[row]]++;
	}
	if (b->flags[row] & ROW_OWN_TIME)
		add_timed(m, row);
}

static void
add_duration(struct tally *t, double seconds, double slow)
{
	ARRAY_GROW(t->durations, t->n_durations, t->durations_cap);
	t->durations[t->n_durations++] = seconds;
	sketch_add(&t->latency, seconds);
	t->slow += seconds > slow;
}

/* What the row that was added last says about a request. */
static void
add_part(struct making *m, const struct part *p, double slow)
{
	struct tally *t = m->t;

	if (p->status > 0 && p->status < ARRAY_SIZE(t->by_status))
		t->by_status[p->status]++;
	if (p->status && (m->b->flags[p->row] & ROW_OWN_TIME)) {
		unsigned class = tally_class(p->status);

		m->classes[class].count++;
		m->classes[class].errors += class == 5;
	}
	if (p->duration >= 0)
		add_duration(t, p->duration, slow);
	if (p->route < t->routes)
		t->by_route[p->route]++;
}

/* The first part of a row or of one behind it. */
static uint32_t
first_part(const struct block *b, uint32_t row)
{
	uint32_t low = 0, high = b->n_parts;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (b->parts[middle].row < row)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

struct tally *
tally_new(const struct block *b, uint32_t from, uint32_t to, const struct tally_bounds *bounds)
{
	struct tally *t = xcalloc(1, sizeof *t);
	struct making m = { .t = t, .b = b };
	uint32_t part = first_part(b, from);

	*t = (struct tally){ .from = from, .to = to, .loggers = b->loggers.n, .routes = b->routes.n,
			     .oldest = TIME_NONE };
	if (to - from > MANY)
		sketch_widen(&t->latency);
	t->by_logger = xcalloc(t->loggers + 1, sizeof *t->by_logger);
	t->by_route = xcalloc(t->routes + 1, sizeof *t->by_route);
	m.loggers = xcalloc(t->loggers + 1, sizeof *m.loggers);
	m.seen = xcalloc(t->loggers + 1, sizeof *m.seen);
	for (uint32_t row = from; row < to; row++) {
		bool counts = tally_counts(bounds, b->time[row]);

		if (counts)
			add_row(&m, row);
		for (; part < b->n_parts && b->parts[part].row == row; part++)
			if (counts)
				add_part(&m, &b->parts[part], bounds->slow);
	}
	end_second(&m);
	free(m.loggers);
	free(m.seen);
	return t;
}

void
tally_free(struct tally *t)
{
	if (!t)
		return;
	sketch_release(&t->latency);
	free(t->by_logger);
	free(t->by_route);
	free(t->durations);
	free(t->seconds);
	free(t->cells);
	free(t);
}
