/*
 * route_window: in two rounds. First every packed sketch is noted under the row of
 * its route, which a hash table finds; a counting sort then puts those of a row
 * side by side, still in order of time. Then each sixteenth of a row is merged into
 * one dense scratch sketch, which gives a point of the trend and goes into the
 * row's own. The scratch stays in the processor's cache, whatever the number of routes.
 */
#include "config.h"

#include "core/route_window.h"

#include "core/alloc.h"
#include "core/request.h"

#include <math.h>
#include <stdlib.h>

static uint32_t *
slot_of(const struct route_window *w, uint32_t route)
{
	size_t at = (route * UINT32_C(0x9e3779b9)) & (w->slot_count - 1);

	while (w->slots[at] && w->rows[w->slots[at] - 1].route != route)
		at = (at + 1) & (w->slot_count - 1);
	return &w->slots[at];
}

static void
grow_slots(struct route_window *w)
{
	w->slot_count = w->slot_count ? w->slot_count * 2 : 256;
	free(w->slots);
	w->slots = xcalloc(w->slot_count, sizeof *w->slots);
	for (size_t i = 0; i < w->n_rows; i++)
		*slot_of(w, w->rows[i].route) = (uint32_t)i + 1;
}

struct rollup_route *
route_window_row(struct route_window *w, uint32_t id)
{
	uint32_t route = id == COUNTER_OTHER ? ROUTE_NONE : id;

	if (w->n_rows * 2 >= w->slot_count)
		grow_slots(w);
	uint32_t *slot = slot_of(w, route);

	if (!*slot) {
		ARRAY_GROW(w->rows, w->n_rows, w->rows_cap);
		w->rows[w->n_rows] = (struct rollup_route){ .route = route };
		*slot = (uint32_t)++w->n_rows;
	}
	return &w->rows[*slot - 1];
}

void
route_window_latency(struct route_window *w, const struct rollup_route *row, const uint8_t *latency, uint32_t part)
{
	ARRAY_GROW(w->refs, w->n_refs, w->refs_cap);
	w->refs[w->n_refs++] = (struct route_ref){ latency, (uint32_t)(row - w->rows), part };
}

/* The references by row, otherwise as they came; start[row] is where a row begins. */
static struct route_ref *
sort_by_row(const struct route_window *w, size_t *start)
{
	struct route_ref *sorted = xreallocarray(NULL, w->n_refs + 1, sizeof *sorted);

	for (size_t i = 0; i < w->n_refs; i++)
		start[w->refs[i].row + 1]++;
	for (size_t row = 0; row < w->n_rows; row++)
		start[row + 1] += start[row];
	for (size_t i = 0; i < w->n_refs; i++)
		sorted[start[w->refs[i].row]++] = w->refs[i];
	memmove(start + 1, start, w->n_rows * sizeof *start);
	start[0] = 0;
	return sorted;
}

/* Never 0 for a sixteenth that has requests: 0 means none. */
static uint32_t
trend_ms(const struct sketch *s)
{
	double ms = round(sketch_quantile(s, 0.95) * 1000);

	return ms < 1 ? 1 : ms > UINT32_MAX ? UINT32_MAX : (uint32_t)ms;
}

static void
end_part(struct rollup_route *row, uint32_t part, struct sketch *scratch)
{
	if (!scratch->count)
		return;
	row->trend[part] = trend_ms(scratch);
	sketch_merge(&row->latency, scratch);
	sketch_clear(scratch);
}

static void
merge_row(struct rollup_route *row, const struct route_ref *refs, size_t n, struct sketch *scratch)
{
	for (size_t i = 0; i < n; i++) {
		sketch_take(scratch, refs[i].latency);
		if (i + 1 == n || refs[i + 1].part != refs[i].part)
			end_part(row, refs[i].part, scratch);
	}
}

size_t
route_window_finish(struct route_window *w, struct rollup_route **rows)
{
	size_t *start = xcalloc(w->n_rows + 1, sizeof *start);
	struct route_ref *sorted = sort_by_row(w, start);
	struct sketch scratch = SKETCH_INIT;

	sketch_widen(&scratch);
	for (size_t row = 0; row < w->n_rows; row++)
		merge_row(&w->rows[row], sorted + start[row], start[row + 1] - start[row], &scratch);
	sketch_release(&scratch);
	free(sorted);
	free(start);
	free(w->refs);
	free(w->slots);
	*rows = w->rows;
	return w->n_rows;
}
