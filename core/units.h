/*
 * units: sizes, durations and counts as people write and read them.
 */
#ifndef CORE_UNITS_H
#define CORE_UNITS_H

#include "core/span.h"

/* "64M", "1.5GiB", "10kB", "4096": bytes, powers of 1024. false when it is no size. */
bool units_parse_size(struct span s, uint64_t *bytes);

/* "60m", "1.5s", "250ms", "2h", "1d", "90" (seconds): nanoseconds. */
bool units_parse_duration(struct span s, int64_t *ns);

/* At most 7 columns each, into buf of at least 16 bytes; return buf. */
const char *units_size(uint64_t bytes, char *buf);      /* 612M, 1.5G, 17k, 812 */
const char *units_duration(double seconds, char *buf);  /* 33ms, 412ms, 2.31s, 1m20s, 850us */
const char *units_age(int64_t ns, char *buf);           /* 45s, 4m, 3h, 12d: whole ones, rounded down */
const char *units_count(uint64_t n, char *buf);         /* 1,203  18.4k  2.48M: at most 6 columns */
const char *units_thousands(uint64_t n, char *buf);     /* 70,397: as long as it takes, buf of 32 */

#endif
