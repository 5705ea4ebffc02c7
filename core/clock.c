/*
 * clock: a thin layer over libc's time zones.
 *
 * The zone of the process is libc's own (TZ and tzset), so that everything
 * libc knows about zone files holds here. libc does not refuse a zone that it
 * does not know, it takes UTC without a word; hence the checks of the name
 * before it is set.
 *
 * It has no second zone: times of other zones carry their offset in the text
 * and are converted where they are read.
 */
#include "config.h"

#include "core/clock.h"

#include "core/alloc.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum { DAY_SECONDS = 86400 };

static int64_t
read_clock(clockid_t id)
{
	struct timespec now;

	clock_gettime(id, &now);
	return now.tv_sec * NSEC + now.tv_nsec;
}

int64_t
clock_now(void)
{
	return read_clock(CLOCK_REALTIME);
}

int64_t
clock_mono(void)
{
	return read_clock(CLOCK_MONOTONIC);
}

/* "+09:00", "-0330", "+9": the seconds east of UTC. */
static bool
parse_offset(const char *s, int *seconds)
{
	int hour = 0, minute = 0, used = 0;

	if (*s != '+' && *s != '-')
		return false;
	if (!isdigit((unsigned char)s[1]) ||
	    (sscanf(s + 1, "%2d:%2d%n", &hour, &minute, &used) < 2 &&
	     sscanf(s + 1, "%2d%2d%n", &hour, &minute, &used) < 2 &&
	     sscanf(s + 1, "%2d%n", &hour, &used) < 1))
		return false;
	if (s[1 + used] || hour > 15 || minute < 0 || minute > 59)
		return false;
	*seconds = (hour * 60 + minute) * (*s == '-' ? -60 : 60);
	return true;
}

/* A name in the tz database; names that climb out of it are none. */
static bool
zone_file_exists(const char *zone)
{
	const char *dir = getenv("TZDIR");

	if (zone[0] == '/' || strstr(zone, ".."))
		return false;
	char *path = xasprintf("%s/%s", dir && *dir ? dir : "/usr/share/zoneinfo", zone);
	bool found = access(path, R_OK) == 0;

	free(path);
	return found && *zone;
}

/* "EST5EDT,M3.2.0,M11.1.0" or "<+03>-3": a name of three letters or more, then an offset. */
static bool
looks_posix(const char *zone)
{
	size_t n = 0;

	if (*zone == '<') {
		n = strspn(zone + 1, "+-0123456789"
				     "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");
		if (n < 3 || zone[n + 1] != '>')
			return false;
		n += 2;
	} else {
		while (isalpha((unsigned char)zone[n]))
			n++;
		if (n < 3)
			return false;
	}
	if (zone[n] == '+' || zone[n] == '-')
		n++;
	return isdigit((unsigned char)zone[n]);
}

unsigned clock_zone_version;

static void
use_zone(const char *tz)
{
	clock_zone_version++;
	setenv("TZ", tz, 1);
	tzset();
}

int
clock_set_zone(const char *zone, struct err *err)
{
	char tz[40];
	int offset;

	if (strcmp(zone, "local") == 0) {
		clock_zone_version++;
		tzset();
		return 0;
	}
	if (strcasecmp(zone, "UTC") == 0 || strcmp(zone, "Z") == 0) {
		use_zone("UTC0");
		return 0;
	}
	if (parse_offset(zone, &offset)) {
		char name[8];
		int west = abs(offset) / 60;

		clock_offset_text(offset, name);
		/* POSIX counts westward; its names may not hold a colon. */
		snprintf(tz, sizeof tz, "<%c%.2s%.2s>%c%d:%02d", name[0], name + 1, name + 4,
			 offset > 0 ? '-' : '+', west / 60, west % 60);
		use_zone(tz);
		return 0;
	}
	if (zone_file_exists(zone) || looks_posix(zone)) {
		use_zone(zone);
		return 0;
	}
	err_set(err, 1, 0, "unknown time zone \"%s\" (a name such as Asia/Seoul, UTC, local, or +09:00)",
		zone);
	return -1;
}

static int64_t
floor_seconds(int64_t t)
{
	return t / NSEC - (t % NSEC < 0);
}

static void
local_calendar(int64_t t, struct tm *out)
{
	time_t seconds = (time_t)floor_seconds(t);

	localtime_r(&seconds, out);
}

int
clock_offset(int64_t t)
{
	struct tm tm;

	local_calendar(t, &tm);
	return (int)tm.tm_gmtoff;
}

void
clock_offset_text(int seconds, char out[8])
{
	unsigned minutes = (unsigned)abs(seconds) / 60 % (100 * 60);

	snprintf(out, 8, "%c%02u:%02u", seconds < 0 ? '-' : '+', minutes / 60 % 100, minutes % 60);
}

void
clock_civil(int64_t t, struct civil *out)
{
	struct tm tm;

	local_calendar(t, &tm);
	*out = (struct civil){
		.year = tm.tm_year + 1900,
		.month = tm.tm_mon + 1,
		.day = tm.tm_mday,
		.hour = tm.tm_hour,
		.minute = tm.tm_min,
		.second = tm.tm_sec,
		.nsec = (int)(t - floor_seconds(t) * NSEC),
		.offset = (int)tm.tm_gmtoff,
	};
}

int64_t
clock_days(int year, int month, int day)
{
	/* Years begin in March here, so that the leap day is the last of its year. */
	int64_t y = (int64_t)year - (month < 3);
	int64_t m = month + (month < 3 ? 9 : -3);
	int64_t era = (y >= 0 ? y : y - 399) / 400;
	int64_t in_era = y - era * 400;

	/* (153 m + 2) / 5 days go before month m; 719468 is 1970-01-01. */
	return era * 146097 + in_era * 365 + in_era / 4 - in_era / 100 + (153 * m + 2) / 5 + day -
	       1 - 719468;
}

int64_t
clock_from_civil(const struct civil *c)
{
	int64_t wall = clock_days(c->year, c->month, c->day) * DAY_SECONDS + c->hour * 3600 +
		       c->minute * 60 + c->second;
	int64_t t, limit = INT64_MAX / NSEC - 2 * DAY_SECONDS;

	if (wall > limit || wall < -limit)
		return TIME_NONE;
	/*
	 * Around a change of the offset, a day before and a day after know the
	 * two candidates. When clocks are put back, the offset before gives
	 * the first of the two instants; when they are put forward, it gives
	 * the skipped time as one hour later, as Python does.
	 */
	int before = clock_offset((wall - DAY_SECONDS) * NSEC);
	int after = clock_offset((wall + DAY_SECONDS) * NSEC);

	t = (wall - before) * NSEC;
	if (before != after && clock_offset(t) != before) {
		int64_t later = (wall - after) * NSEC;

		if (clock_offset(later) == after)
			t = later;
	}
	return t + c->nsec;
}

const char *
clock_format(int64_t t, enum clock_style style, char *buf, size_t n)
{
	struct civil c;
	char zone[8] = "";

	if (t == TIME_NONE) {
		snprintf(buf, n, "-");
		return buf;
	}
	clock_civil(t, &c);
	int ms = c.nsec / 1000000;

	switch (style) {
	case CLOCK_TIME:
		snprintf(buf, n, "%02d:%02d:%02d", c.hour, c.minute, c.second);
		break;
	case CLOCK_TIME_MS:
		snprintf(buf, n, "%02d:%02d:%02d.%03d", c.hour, c.minute, c.second, ms);
		break;
	case CLOCK_MINUTE:
		snprintf(buf, n, "%02d:%02d", c.hour, c.minute);
		break;
	case CLOCK_DATE:
		snprintf(buf, n, "%04d-%02d-%02d", c.year, c.month, c.day);
		break;
	case CLOCK_DATE_MINUTE:
		snprintf(buf, n, "%04d-%02d-%02d %02d:%02d", c.year, c.month, c.day, c.hour, c.minute);
		break;
	case CLOCK_ISO:
		clock_offset_text(c.offset, zone);
		/* fallthrough */
	case CLOCK_FULL:
		snprintf(buf, n, "%04d-%02d-%02d%c%02d:%02d:%02d.%03d%s", c.year, c.month, c.day,
			 style == CLOCK_ISO ? 'T' : ' ', c.hour, c.minute, c.second, ms, zone);
		break;
	}
	return buf;
}
