/*
 * request_columns: the columns of the requests table, and how their cells
 * look. A row is a struct view_route, what cells share the seconds beyond
 * which a request is slow.
 */
#ifndef TUI_REQUEST_COLUMNS_H
#define TUI_REQUEST_COLUMNS_H

#include "core/view.h"
#include "tui/columns.h"

extern const struct columns request_columns;

#endif
