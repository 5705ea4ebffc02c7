/*
 * source_trail: how a source gets from file to file. For source.c only.
 */
#ifndef CORE_SOURCE_TRAIL_H
#define CORE_SOURCE_TRAIL_H

#include "core/source.h"

/* The first file, which becomes s->file; takes the reference and the pin. */
void source_trail_begin(struct source *s, struct source_file *file);

/* source_next() and source_glance() of a source that is a file. */
enum source_event source_trail_next(struct source *s, char *buf, size_t cap, size_t *n, int64_t now);
void source_trail_glance(struct source *s, int64_t now);

#endif
