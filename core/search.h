/*
 * search: prints the held records that match a query, in merged order, in
 * pages, as text, as they stand, as JSON lines' worth of objects, or as CSV.
 */
#ifndef CORE_SEARCH_H
#define CORE_SEARCH_H

#include "core/options.h"
#include "core/record_out.h"

#include <stdio.h>

/*
 * The query that the flags of `search` stand for, appended to out: -q TEXT is
 * text:"TEXT", --level L is level=L, and so on.
 */
void search_flags_query(const struct options *o, struct strbuf *out);

/* How its options say that records are printed; borrows from them. */
struct record_out search_form(const struct options *o);

/*
 * Print what the engine's filter has. Returns the number of records that
 * match, printed or not.
 */
uint64_t search_print(struct engine *e, const struct options *o, FILE *out);

#endif
