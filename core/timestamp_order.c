/*
 * timestamp_order: which of its two instants a repeated time of the clock is.
 *
 *	UTC     ----|-------- first --------|-------- second -------|----
 *	civil  01:59 02:00 ........... 02:59 02:00 ........... 02:59 03:00
 *	                                    ^ the change
 *
 * Times go forward in a file but for a little disorder, so that a step back by
 * more than half an hour inside the hour is the change. Once a record is past
 * the change those behind it are too, except for one that was written a moment
 * late. Nothing is remembered but the time of the record before, which tells
 * by itself on which side of the change it is.
 *
 * Hours are asked for once: in all but one of a year nothing comes twice.
 */
#include "config.h"

#include "core/timestamp.h"

#define MINUTE (60 * NSEC)
#define HOUR (60 * MINUTE)

enum { LONGEST_SHIFT = 2 }; /* hours */

/* How much later the same civil time comes again; 0 when it does not. */
static int64_t
comes_again(int64_t t)
{
	int now = clock_offset(t), later = clock_offset(t + LONGEST_SHIFT * HOUR);
	int64_t shift = (now - later) * NSEC;

	return shift > 0 && clock_offset(t + shift) == later ? shift : 0;
}

static bool
is_calm(struct timestamp_reader *r, int64_t t)
{
	int64_t hour = t / HOUR - (t % HOUR < 0);

	if (hour == r->calm)
		return true;
	if (clock_offset(hour * HOUR) > clock_offset((hour + 1 + LONGEST_SHIFT) * HOUR))
		return false;
	r->calm = hour;
	return true;
}

int64_t
timestamp_in_order(struct timestamp_reader *r, int64_t before, int64_t t)
{
	if (before == TIME_NONE || before <= t || is_calm(r, t))
		return t;
	int64_t shift = comes_again(t), back = before - t;

	/* A record from long before says nothing about the change. */
	if (!shift || back > 3 * shift)
		return t;
	bool past = clock_offset(before) != clock_offset(t);

	return back > (past ? MINUTE : shift / 2) ? t + shift : t;
}
