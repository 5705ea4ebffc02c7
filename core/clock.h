/*
 * clock: the time of day, the time that passes, and the one zone of the
 * process.
 *
 * Times of records are nanoseconds since the epoch, UTC, in an int64_t
 * (good from 1678 to 2262). Everything that decides something by the clock
 * is given the time, so that tests can freeze it; these functions are called
 * at the top only (the loop, main).
 */
#ifndef CORE_CLOCK_H
#define CORE_CLOCK_H

#include "core/err.h"
#include "core/span.h"

#define NSEC INT64_C(1000000000)
#define TIME_NONE INT64_MIN

/* Wall clock and monotonic clock, ns. */
int64_t clock_now(void);
int64_t clock_mono(void);

/*
 * Set the zone of the process, in which naive times are read and all times
 * are shown: a tz database name ("Asia/Seoul"), a POSIX TZ string, "UTC",
 * "local" or an offset ("+09:00"). Call once, before any thread. 0, or -1 and err.
 */
int clock_set_zone(const char *zone, struct err *err);

/* Another number after each call: what was concluded from the zone is to be forgotten. */
extern unsigned clock_zone_version;

/* Seconds east of UTC that are in force at a time. */
int clock_offset(int64_t t);

/* "+09:00" for seconds east of UTC. */
void clock_offset_text(int seconds, char out[8]);

/* The calendar in the process's zone. */
struct civil {
	int year, month, day; /* month and day from 1 */
	int hour, minute, second;
	int nsec;
	int offset; /* seconds east of UTC */
};
void clock_civil(int64_t t, struct civil *out);

/*
 * The instant of a civil time in the process's zone; offset is ignored. Times
 * that occur twice (the end of daylight saving) are taken as the first.
 * Thread-safe, not fast: readers of many times keep the offset of the hour.
 */
int64_t clock_from_civil(const struct civil *c);

/* Days since 1970-01-01 of a proleptic Gregorian date. */
int64_t clock_days(int year, int month, int day);

/* How to write a time: into buf of n bytes, returns buf. */
enum clock_style {
	CLOCK_TIME,        /* 10:42:06 */
	CLOCK_TIME_MS,     /* 10:42:06.120 */
	CLOCK_MINUTE,      /* 10:42 */
	CLOCK_DATE,        /* 2025-09-09 */
	CLOCK_DATE_MINUTE, /* 2025-09-09 10:42 */
	CLOCK_FULL,        /* 2025-09-09 10:42:06.120 */
	CLOCK_ISO,         /* 2025-09-09T10:42:06.120+09:00 */
};
const char *clock_format(int64_t t, enum clock_style style, char *buf, size_t n);

#endif
