/*
 * source_stream: the reading end of streams, for source.c.
 */
#ifndef CORE_SOURCE_STREAM_H
#define CORE_SOURCE_STREAM_H

#include "core/source.h"

/* A descriptor of our own for standard input, or -errno. */
int source_stream_stdin(void);

/* Take the pipe of a command that was started: 0, or -errno with state and error set. */
int source_stream_open_child(struct source *s);

/* source_next() of an open stream. */
enum source_event source_stream_next(struct source *s, char *buf, size_t cap, size_t *n, int64_t now);

#endif
