/*
 * route_cells: the requests of one stretch of time by route, and the merging
 * of many of them into the answer for a window.
 */
#ifndef CORE_ROUTE_CELLS_H
#define CORE_ROUTE_CELLS_H

#include "core/rollup.h"

struct route_cell {
	uint32_t route;
	uint32_t count, failed, slow;
	struct sketch latency;
};

struct route_cells {
	struct route_cell *v; /* owned, by route */
	uint32_t n, cap;
};

/* At most so many routes in one set; requests of further ones go to ROUTE_NONE. */
enum { ROUTE_CELLS_MAX = 2048 };

void route_cells_release(struct route_cells *c);
/* seconds < 0: not known. Returns the bytes by which the set grew. */
size_t route_cells_add(struct route_cells *c, uint32_t route, double seconds, bool failed,
		       bool slow);
/* Moves everything out of `from`, which is empty afterwards. */
void route_cells_move(struct route_cells *into, struct route_cells *from);
size_t route_cells_memory(const struct route_cells *c);

/* A window under way: cells by route, in order of time. Borrows the cells until it is finished. */
struct route_window {
	struct route_ref {
		const struct route_cell *cell;
		uint32_t row;  /* of `rows` */
		uint32_t part; /* sixteenth of the window */
	} *refs;
	size_t n_refs, refs_cap;
	struct rollup_route *rows;
	size_t n_rows, rows_cap;
	uint32_t *slots; /* open addressing by route: row + 1 */
	size_t slot_count;
};

#define ROUTE_WINDOW_INIT { 0 }

/* All cells of a set, which falls into a sixteenth of the window. */
void route_window_take(struct route_window *w, const struct route_cells *c, uint32_t part);
/* Merges, releases the rest; the rows are the caller's. */
size_t route_window_finish(struct route_window *w, struct rollup_route **rows);

#endif
