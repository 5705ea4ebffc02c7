/*
 * query_value: the values that comparisons are made with, as people type them
 * and as records hold them. All read the whole of s; false when it is none.
 */
#ifndef CORE_QUERY_VALUE_H
#define CORE_QUERY_VALUE_H

#include "core/level.h"
#include "core/span.h"

/* A number without a unit, JSON's syntax. */
bool value_number(struct span s, double *value);

/* A number, or one with a unit: 1.5s (seconds), 10kB (bytes), 10k (10,000), 2M. */
bool value_quantity(struct span s, double *value);

/* A duration in seconds; a bare number is seconds. */
bool value_seconds(struct span s, double *seconds);

/* A size in bytes; k, M and G are powers of 1024. */
bool value_bytes(struct span s, double *bytes);

/* 1xx to 5xx: the first status of the class. */
bool value_status_class(struct span s, double *first);

/* A level's word, or "none". */
bool value_level(struct span s, enum level *level);

/* A time (ns, UTC) and how much of it the text means: a day, a minute, a second, ... (ns). */
bool value_time(struct span s, int64_t now, int64_t *at, int64_t *width);

/* Text against a pattern in which * stands for any bytes. */
bool value_glob(struct span pattern, struct span text);

#endif
