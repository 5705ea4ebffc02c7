/* Requests by route of what is filtered, for view_numbers.c. */
#ifndef CORE_VIEW_ROUTES_H
#define CORE_VIEW_ROUTES_H

#include "core/engine.h"

/*
 * As rollup_routes(), of the requests that ended in [from, to) and that records of the filter,
 * as far as these are held, belong to. *partial: there were too many, and only the newest
 * were taken; or the filter has not looked at all of them yet.
 */
size_t filtered_routes(struct engine *e, int64_t from, int64_t to, struct rollup_route **routes, bool *partial);

#endif
