/*
 * view_secrets.c: who writes secrets into the log.
 */
#include "config.h"

#include "core/engine_internal.h"
#include "core/view.h"

#include "core/alloc.h"

#include <stdio.h>
#include <stdlib.h>

static void
add_row(struct engine *e, size_t logger, enum mask_group rule, uint64_t records, struct view_secrets *out)
{
	struct view_secret *row;

	out->rows = xreallocarray(out->rows, out->n + 1, sizeof *out->rows);
	row = &out->rows[out->n++];
	*row = (struct view_secret){ .rule = mask_group_name[rule], .records = records };
	if (logger)
		snprintf(row->logger, sizeof row->logger, "%.*s",
			 SPAN_FMT(intern_name(&e->loggers, (uint32_t)logger - 1)));
}

static int
by_records(const void *a, const void *b)
{
	const struct view_secret *x = a, *y = b;

	if (x->records != y->records)
		return x->records < y->records ? 1 : -1;
	int names = strcmp(x->logger, y->logger);

	return names ? names : strcmp(x->rule, y->rule);
}

static bool
is_counting(const struct engine *e)
{
	for (size_t i = 0; i < e->ring.n; i++) {
		const struct block *b = e->ring.blocks[i];

		if (b->sealed && b->engine.secrets < b->n)
			return true;
	}
	return !engine_loaded(e);
}

void
view_secrets(struct engine *e, struct view_secrets *out)
{
	memset(out, 0, sizeof *out);
	if (!e->secrets) {
		e->secrets = secrets_new();
		engine_pump_start(e);
	}
	out->looked = e->secrets->looked;
	out->records = e->secrets->all.records;
	out->counting = is_counting(e);
	for (size_t i = 0; i < e->secrets->n; i++)
		for (int g = 0; g < MASK_GROUP_COUNT; g++)
			if (e->secrets->by_logger[i].by_group[g])
				add_row(e, i, g, e->secrets->by_logger[i].by_group[g], out);
	if (out->n)
		qsort(out->rows, out->n, sizeof *out->rows, by_records);
}

void
view_secrets_release(struct view_secrets *v)
{
	free(v->rows);
	memset(v, 0, sizeof *v);
}
