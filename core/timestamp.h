/*
 * timestamp: reads the times that logs write.
 *
 * A reader is kept per parsing thread: it remembers the offset of the last
 * hour and the last minute's prefix, so that a run of lines of the same
 * minute costs little. It understands, in ISO order with '-' or '/' between
 * the parts of the date and 'T' or blanks before the time:
 *   2025-09-08 21:48:00,219   2025-09-08T12:48:00.210320Z   2025/09/08 21:48:00
 *   ...+09:00, +0900, +09, Z, " +0900", " UTC"; fractions of 1 to 9 digits after ',' or '.'
 * Apache's 08/Sep/2025:21:48:00 +0900 and runserver's 08/Sep/2025 21:48:00,
 * redis' "08 Sep 2025 12:47:59.123", RFC 3164's "Sep  8 21:48:00" (no year),
 * and epoch numbers in s, ms, us or ns, told apart by their size. Only times
 * from 1900 to 2190 are read: of any two, int64_t holds the difference.
 */
#ifndef CORE_TIMESTAMP_H
#define CORE_TIMESTAMP_H

#include "core/clock.h"
#include "core/span.h"
#include "core/timestamp_minute.h"

struct timestamp_reader {
	int64_t hour;        /* civil hours since 1970 whose offset is known */
	int64_t hour_offset; /* ns to subtract from civil time in that hour */
	char prefix[16];     /* the last "YYYY-MM-DDTHH:MM" */
	int64_t prefix_time; /* civil ns of that minute */
	int64_t yearless_ref; /* no year-less stamp is newer (but by a day): the file's mtime, or now */
	bool naive;          /* the time that was read last had no zone */
	int year;            /* of the day after yearless_ref */
	int64_t year_ref;    /* which was this then, */
	unsigned year_zone;  /* and the zone was this (zone_version) */
	int64_t calm;        /* hours since 1970, UTC, of an hour whose civil times come once */
	unsigned zone_version; /* of the process's zone that hour and calm are of, see clock.h */
	struct timestamp_minute minute; /* the last stamp that named its minute in full */
};

void timestamp_init(struct timestamp_reader *r);

/*
 * Read a stamp at the start of s. Returns the number of bytes it takes; 0 when
 * there is none, and *t is as it was. *t is UTC ns. A zone that stands in the
 * text is honoured, else the process's zone is meant.
 */
size_t timestamp_read(struct timestamp_reader *r, struct span s, int64_t *t);

/*
 * A naive time that occurs twice, at the end of daylight saving, is read as
 * its first occurrence. File order tells which it is: `t` is the naive time of
 * a record, `before` that of the record before it in the same source
 * (TIME_NONE: there is none). Returns the time of the second occurrence
 * where civil time has stepped back by more than half of the shift, or is
 * past the change already; a record less than a minute late keeps the first.
 *
 * What it cannot know: where reading begins inside the repeated hour (also of
 * a piece that is loaded by itself) the first is taken until civil time steps
 * back, and so it is where no record stood in the later half of the first.
 */
int64_t timestamp_in_order(struct timestamp_reader *r, int64_t before, int64_t t);

/* The whole of s is a stamp or an epoch number; *t is as it was where it is neither. */
bool timestamp_parse(struct timestamp_reader *r, struct span s, int64_t *t);

/* An epoch number, fraction allowed: 1757335680, 1757335680.219, 1757335680219, ... */
bool timestamp_epoch(struct span s, int64_t *t);

/*
 * A time a person typed (--since, queries): ISO, "10:30" (the last one at or
 * before now), "-2h", "now", "today", "yesterday". false when it is none.
 */
bool timestamp_human(struct span s, int64_t now, int64_t *t);

#endif
