/*
 * route_cells: requests by route, for a minute or an hour.
 *
 * A set is a vector of cells that rises by route: a minute has tens of routes,
 * so that a binary search and a short move beat a hash table in time and in
 * memory (64 bytes a cell, and 6 for every distinct bucket of its sketch).
 *
 * A window is merged in two rounds. First every cell of every minute is noted
 * under the row of its route, which a hash table finds; a counting sort then
 * puts the cells of a row side by side, still in order of time. Then each
 * sixteenth of a row is merged into one dense scratch sketch, which gives a
 * point of the trend and goes into the row's own.
 */
#include "config.h"

#include "core/route_cells.h"

#include "core/alloc.h"
#include "core/request.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void
route_cells_release(struct route_cells *c)
{
	for (uint32_t i = 0; i < c->n; i++)
		sketch_release(&c->v[i].latency);
	free(c->v);
	*c = (struct route_cells){ 0 };
}

static uint32_t
cell_place(const struct route_cells *c, uint32_t route)
{
	uint32_t low = 0, n = c->n;

	while (n > 0) {
		uint32_t half = n / 2;
		bool right = c->v[low + half].route < route;

		low += right ? n - half : 0;
		n = half;
	}
	return low;
}

static struct route_cell *
cell_of(struct route_cells *c, uint32_t route)
{
	uint32_t at = cell_place(c, route);

	if (at < c->n && c->v[at].route == route)
		return &c->v[at];
	if (c->n >= ROUTE_CELLS_MAX && route != ROUTE_NONE)
		return cell_of(c, ROUTE_NONE);
	if (c->n == c->cap) {
		c->cap += c->cap / 2 + 2;
		c->v = xreallocarray(c->v, c->cap, sizeof *c->v);
	}
	memmove(c->v + at + 1, c->v + at, (c->n - at) * sizeof *c->v);
	c->v[at] = (struct route_cell){ .route = route };
	c->n++;
	return &c->v[at];
}

size_t
route_cells_add(struct route_cells *c, uint32_t route, double seconds, bool failed, bool slow)
{
	uint32_t room = c->cap;
	struct route_cell *cell = cell_of(c, route);
	size_t held = sketch_memory(&cell->latency);

	cell->count++;
	cell->failed += failed;
	cell->slow += slow;
	sketch_add(&cell->latency, seconds);
	return (c->cap - room) * sizeof *c->v + sketch_memory(&cell->latency) - held;
}

void
route_cells_move(struct route_cells *into, struct route_cells *from)
{
	for (uint32_t i = 0; i < from->n; i++) {
		const struct route_cell *cell = &from->v[i];
		struct route_cell *to = cell_of(into, cell->route);

		to->count += cell->count;
		to->failed += cell->failed;
		to->slow += cell->slow;
		sketch_merge(&to->latency, &cell->latency);
	}
	route_cells_release(from);
}

size_t
route_cells_memory(const struct route_cells *c)
{
	size_t n = c->cap * sizeof *c->v;

	for (uint32_t i = 0; i < c->n; i++)
		n += sketch_memory(&c->v[i].latency);
	return n;
}

/* ---- a window -------------------------------------------------------------------- */

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

static uint32_t
row_of(struct route_window *w, uint32_t route)
{
	if (w->n_rows * 2 >= w->slot_count)
		grow_slots(w);
	uint32_t *slot = slot_of(w, route);

	if (!*slot) {
		ARRAY_GROW(w->rows, w->n_rows, w->rows_cap);
		w->rows[w->n_rows] = (struct rollup_route){ .route = route };
		*slot = (uint32_t)++w->n_rows;
	}
	return *slot - 1;
}

void
route_window_take(struct route_window *w, const struct route_cells *c, uint32_t part)
{
	for (uint32_t i = 0; i < c->n; i++) {
		ARRAY_GROW(w->refs, w->n_refs, w->refs_cap);
		w->refs[w->n_refs++] =
			(struct route_ref){ &c->v[i], row_of(w, c->v[i].route), part };
	}
}

/* The references by row, otherwise as they came; start[row] is where a row begins. */
static struct route_ref *
sort_by_row(const struct route_window *w, size_t *start)
{
	struct route_ref *sorted = xreallocarray(NULL, w->n_refs, sizeof *sorted);

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
		const struct route_cell *cell = refs[i].cell;

		row->count += cell->count;
		row->failed += cell->failed;
		row->slow += cell->slow;
		sketch_merge(scratch, &cell->latency);
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
		merge_row(&w->rows[row], sorted + start[row], start[row + 1] - start[row],
			  &scratch);
	sketch_release(&scratch);
	free(sorted);
	free(start);
	free(w->refs);
	free(w->slots);
	*rows = w->rows;
	return w->n_rows;
}
