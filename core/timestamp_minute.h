/*
 * timestamp_minute: stamps of the minute, and in the manner, of the last one.
 *
 * What changes from line to line of a log are seconds and fraction:
 *
 *	2025-09-08T21:48:02.210320+09:00        08/Sep/2025:21:48:00 +0900
 *	prefix           sec frac  rest         prefix            sec rest
 *
 * The note of a stamp that was read says what one comes to that differs in the
 * digits of these only; any other has to be read in full.
 */
#ifndef CORE_TIMESTAMP_MINUTE_H
#define CORE_TIMESTAMP_MINUTE_H

#include "core/span.h"

enum { MINUTE_PREFIX_MIN = 16, MINUTE_PREFIX_MAX = 24, MINUTE_REST_MAX = 8 };

struct timestamp_minute {
	char prefix[MINUTE_PREFIX_MAX];
	char rest[MINUTE_REST_MAX];
	uint8_t n;                  /* bytes of the whole stamp, 0: nothing is noted */
	uint8_t prefix_n, decimals, rest_n;
	char mark;                  /* what stands before the decimals */
	bool naive;                 /* it is by the process's zone */
	unsigned zone_version;      /* of that, clock.h */
	int64_t time;               /* UTC ns of the minute's begin */
};

/*
 * The stamp at the start of s, when the note tells: the bytes it takes, and *t; else 0, *t as it
 * was. 0 also where what follows might belong to it.
 */
size_t timestamp_minute_read(const struct timestamp_minute *m, struct span s, int64_t *t);

/* Note a stamp that was read, which names its minute in full, and what it came to. */
void timestamp_minute_note(struct timestamp_minute *m, struct span stamp, int64_t t, bool naive);

#endif
