/* The inside of a rollup, for rollup.c, which counts, and rollup_window.c, which answers. */
#ifndef CORE_ROLLUP_INTERNAL_H
#define CORE_ROLLUP_INTERNAL_H

#include "core/rollup.h"
#include "core/slots.h"
#include "core/tray.h"

#define MINUTE (60 * NSEC)
#define HOUR (60 * MINUTE)
#define TIME_FIRST INT64_C(-9200000000000000000)
#define TIME_LAST INT64_C(9200000000000000000)

/* A minute, an hour, or all that is older. */
struct slot {
	int64_t at;
	uint64_t level[LEVEL_COUNT];
	struct counters counters;         /* all kinds but levels */
	struct counters level_seconds; /* series; of minutes with seconds */
	struct counters seconds;       /* series; all kinds but levels */
	bool has_seconds;
};

/* What shares the limit, in the order in which it gives way. */
enum share { SECONDS, MINUTES, HOURS, SHARES };

enum { HOT = 4 };

struct rollup {
	struct slots minutes, hours; /* every minute that is held has its hour */
	struct slot older;           /* what hours have folded into, or came too late for one */
	struct tray older_tray;      /* its counters; older.counters is made of it when it is asked for */
	int64_t older_first;         /* oldest hour in `older`, or TIME_NONE */

	int64_t minutes_from;        /* hours from here on have their minutes */
	int64_t seconds_from;        /* minutes from here on may have seconds */
	size_t seconds_n;
	int64_t from[SHARES];        /* slots from here on have their counters */
	size_t bytes[SHARES], level_bytes;
	size_t limit;

	struct hot {                 /* what is being counted, not in the slots yet */
		int64_t at;
		uint32_t requests;
		struct tray tray;
	} hot[HOT], *recent;
	struct tray scratch;
	struct strbuf run;
};

static inline int64_t
rollup_clamp(int64_t t)
{
	return t < TIME_FIRST ? TIME_FIRST : t > TIME_LAST ? TIME_LAST : t;
}

static inline int64_t
rollup_floor(int64_t t, int64_t unit)
{
	int64_t rest = t % unit;

	return t - (rest < 0 ? rest + unit : rest);
}

/* Bring the slots up to date with what was counted. */
void rollup_settle(struct rollup *r);

#endif
