/*
 * route: the path of a request with its changing parts taken out, so that
 * tables group as a developer would.
 *
 *   /api/orders/1234/?page=2        -> /api/orders/<int>/
 *   /media/3f2b8c1e-....-9a/x.png   -> /media/<uuid>/x.png
 *   /c/5d41402abc4b2a76b9719d911017c592/ -> /c/<hex>/
 *   /report/2025-09-09/             -> /report/<date>/
 * Query string and fragment are dropped, %XX is decoded where the result is
 * printable UTF-8. A URL loses its scheme and host.
 */
#ifndef CORE_ROUTE_H
#define CORE_ROUTE_H

#include "core/strbuf.h"

/* Appends to out the route of a path as it stands in the log. */
void route_add(struct strbuf *out, struct span path);

#endif
