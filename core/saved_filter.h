/*
 * saved_filter: queries with names: "@slow" in a query is what `slow` stands for.
 *
 * They come from the group `filters` of the config file, and go there. For the whole
 * process, on the loop's thread.
 */
#ifndef CORE_SAVED_FILTER_H
#define CORE_SAVED_FILTER_H

#include "core/err.h"
#include "core/span.h"

/*
 * Let a name stand for a query, in place of what it stood for. -1 and err: the name is
 * none (a letter, then letters, digits, - and _; at most 32), or the query is wrong, empty
 * or holds itself.
 */
int saved_filter_set(struct span name, struct span query, struct err *err);
/* What a name stands for; SPAN_NONE: nothing. Borrowed until it is set again. */
struct span saved_filter(struct span name);
/* The names with their @, NULL past the end. */
const char *saved_filter_name(size_t i);

/* The config file that was read, or would be if it was there. */
void saved_filter_file(const char *path);
/*
 * Set it, and write it into that file; returns the file's path, borrowed, NULL and err when it
 * could not be done. What else is in the file stays byte for byte; one that is not there is
 * made for its owner only, with its folder. The file is replaced at once, or not touched.
 */
const char *saved_filter_write(const char *name, const char *query, struct err *err);

#endif
