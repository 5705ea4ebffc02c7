/*
 * export: see export.h.
 *
 * The records go out in steps, between which the ring may change: a step seeks
 * behind the place where the last one stopped. The last place of all is taken at
 * the beginning, so that a log that grows faster than it is written has an end.
 */
#include "config.h"

#include "core/export_internal.h"

#include "core/alloc.h"
#include "core/engine_internal.h"

#include <errno.h>
#include <stdlib.h>

enum { CHECK_EVERY = 64 }; /* records between two looks at the clock */

struct export {
	struct engine *engine;
	struct export_file file;
	struct record_out form;
	struct place at, last;
	uint32_t generation; /* of the filter */
	bool changed;        /* it is another one now */
	struct record record;
	uint64_t written;
};

static struct place
newest_place(struct engine *e)
{
	struct place last = PLACE_FIRST;
	struct cursor c;
	uint32_t row;

	cursor_seek(&c, &e->ring, NULL, PLACE_LAST, -1);
	struct block *b = cursor_next(&c, &row);

	if (b)
		last = block_place(b, row);
	cursor_release(&c);
	return last;
}

struct export *
export_records(struct engine *e, enum export_kind kind, const struct export_what *w, const char *path, struct err *err)
{
	static const enum output forms[EXPORT_KINDS] = {
		[EXPORT_RAW] = OUTPUT_RAW, [EXPORT_JSON] = OUTPUT_JSON, [EXPORT_CSV] = OUTPUT_CSV,
	};
	struct export *x = xcalloc(1, sizeof *x);

	x->engine = e;
	x->form = (struct record_out){ .kind = forms[kind], .mask = w->mask };
	x->at = PLACE_FIRST;
	if (export_file_open(&x->file, path, kind, w->now, err)) {
		free(x);
		return NULL;
	}
	x->last = newest_place(e);
	x->generation = e->filter.generation;
	record_out_head(&x->form, x->file.f);
	return x;
}

bool
export_step(struct export *x, int64_t deadline)
{
	struct cursor c;
	struct block *b = NULL;
	uint32_t row;
	bool more = true;

	x->changed |= x->generation != x->engine->filter.generation;
	if (x->changed)
		return false;
	cursor_seek(&c, &x->engine->ring, &x->engine->filter, x->at, 1);
	c.deadline = deadline;
	while (more && !ferror(x->file.f)) {
		b = cursor_next(&c, &row);
		if (!b || place_cmp(block_place(b, row), x->last) > 0)
			break;
		x->at = block_place(b, row);
		if (engine_record(x->engine, b, row, &x->record)) {
			record_out_put(&x->form, &x->record, x->file.f);
			x->written++;
		}
		more = x->written % CHECK_EVERY || clock_mono() < deadline;
	}
	bool cut = c.cut;

	cursor_release(&c);
	return !more || cut;
}

uint64_t
export_written(const struct export *x)
{
	return x->written;
}

int
export_end(struct export *x, struct export_done *done, struct err *err)
{
	snprintf(done->path, sizeof done->path, "%s", x->file.path);
	done->rows = x->written;
	if (x->changed) {
		export_cancel(x);
		return err_set(err, -1, 0, "the filter was changed meanwhile: the file was removed");
	}
	int failed = export_file_close(&x->file, err);

	record_release(&x->record);
	free(x);
	return failed;
}

void
export_cancel(struct export *x)
{
	if (!x)
		return;
	export_file_remove(&x->file);
	record_release(&x->record);
	free(x);
}
