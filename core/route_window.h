/*
 * route_window: the requests of a window by route, under way: counters are noted
 * as they are found and merged at the end.
 */
#ifndef CORE_ROUTE_WINDOW_H
#define CORE_ROUTE_WINDOW_H

#include "core/rollup.h"

struct route_window {
	struct route_ref {
		const uint8_t *latency; /* borrowed until the end */
		uint32_t row;           /* of `rows` */
		uint32_t part;          /* sixteenth of the window */
	} *refs;
	size_t n_refs, refs_cap;
	struct rollup_route *rows;
	size_t n_rows, rows_cap;
	uint32_t *slots; /* open addressing by route: row + 1 */
	size_t slot_count;
};

#define ROUTE_WINDOW_INIT { 0 }

/* The row of a route, until the next call. `route` is a counter's id. */
struct rollup_route *route_window_row(struct route_window *w, uint32_t route);
/* Note a packed sketch of the row that was asked for last. Parts do not go back within a route. */
void route_window_latency(struct route_window *w, const struct rollup_route *row, const uint8_t *latency,
			  uint32_t part);
/* Merges, releases the rest; the rows are the caller's. */
size_t route_window_finish(struct route_window *w, struct rollup_route **rows);

#endif
