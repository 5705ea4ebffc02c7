/*
 * engine_secrets.c: how many records carry secrets, and from which loggers; and
 * whether views show them.
 *
 * They are counted only when somebody asks, for it reads the bytes of every record: what is
 * held by then in steps, newest block first, and from then on what is taken in.
 * Each record counts once, with each kind of secret that it has; what was counted
 * stays when the record goes. A block remembers how many of its rows were looked at;
 * the last row of one that still grows may go on, and waits.
 */
#include "config.h"

#include "core/engine_internal.h"

#include "core/alloc.h"

#include <stdlib.h>

struct secrets *
secrets_new(void)
{
	return xcalloc(1, sizeof(struct secrets));
}

void
secrets_free(struct secrets *s)
{
	if (!s)
		return;
	record_release(&s->record);
	free(s->by_logger);
	free(s);
}

/* What a logger has; the first entry is for records without one. */
static struct secrets_count *
of_logger(struct secrets *s, uint32_t logger)
{
	size_t i = logger == INTERN_NONE ? 0 : (size_t)logger + 1;

	if (i >= s->n) {
		s->by_logger = xreallocarray(s->by_logger, i + 1, sizeof *s->by_logger);
		memset(s->by_logger + s->n, 0, (i + 1 - s->n) * sizeof *s->by_logger);
		s->n = i + 1;
	}
	return &s->by_logger[i];
}

static void
count(struct secrets_count *c, unsigned groups)
{
	c->records++;
	for (unsigned g = 0; g < MASK_GROUP_COUNT; g++)
		c->by_group[g] += groups >> g & 1;
}

static void
look_at(struct engine *e, struct block *b, uint32_t row)
{
	struct secrets *s = e->secrets;

	if (!engine_counts(&e->o, b->time[row]) || !block_record(b, row, &s->record))
		return;
	s->looked++;
	unsigned groups = mask_find(s->record.bytes);

	if (!groups)
		return;
	uint32_t logger = b->logger[row] < b->logger_mapped ? b->logger_map[b->logger[row]] : INTERN_NONE;

	count(&s->all, groups);
	count(of_logger(s, logger), groups);
}

/* Rows of a block that can be looked at. */
static uint32_t
whole_rows(const struct block *b)
{
	return b->n - (!b->sealed && b->n);
}

bool
engine_secrets_block(struct engine *e, struct block *b, int64_t deadline)
{
	uint32_t n = whole_rows(b);

	for (; b->engine.secrets < n; b->engine.secrets++) {
		if (b->engine.secrets % 256 == 255 && clock_mono() > deadline)
			return false;
		look_at(e, b, b->engine.secrets);
	}
	return true;
}

bool
engine_secrets_step(struct engine *e, int64_t deadline)
{
	for (size_t i = e->ring.n; i-- > 0;)
		if (!engine_secrets_block(e, e->ring.blocks[i], deadline) || clock_mono() > deadline)
			return i == 0 && e->ring.blocks[0]->engine.secrets >= whole_rows(e->ring.blocks[0]);
	return true;
}

/* ---- what is seen ------------------------------------------------------------------- */

void
engine_set_masking(struct engine *e, bool on)
{
	e->masks = on;
	e->version++;
}

bool
engine_masks(const struct engine *e)
{
	return e->masks;
}
