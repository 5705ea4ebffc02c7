/*
 * timestamp: a reader that expects the next line to be of the same minute.
 *
 * In a log the first sixteen bytes of an ISO stamp, down to the minute, hardly
 * ever change from line to line: where they are the bytes of the last stamp,
 * only seconds, fraction and zone are read. Naive times need the offset of
 * the process's zone, which is kept for the civil hour; an hour in which the
 * offset changes is not kept, but asked for each time.
 *
 *	2025-09-08 21:48 :00 ,219 +09:00
 *	prefix           sec frac zone
 *
 * The other forms are taken apart in full. Names of months and days are
 * English, as the programs that write them are. Of zone abbreviations only
 * UTC, GMT and Z are known; the others mean several zones each.
 */
#include "config.h"

#include "core/timestamp.h"

#include "core/alloc.h"

#define MINUTE (60 * NSEC)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)

enum { PREFIX = 16, FIRST_YEAR = 1900, LAST_YEAR = 2190 };
#define LATEST (INT64_C(6974121600) * NSEC) /* the end of the last year */

/* What is read from: the rest of the text, in whose front things are sought. */
struct cursor {
	const char *p, *end;
};

/* A time without its zone. */
struct stamp {
	int year, month, day;
	int64_t of_day; /* ns since midnight */
};

void
timestamp_init(struct timestamp_reader *r)
{
	*r = (struct timestamp_reader){ .hour = INT64_MIN, .calm = INT64_MIN,
					.zone_version = clock_zone_version,
					.yearless_ref = clock_now() };
}

static inline bool
is_digit(char c)
{
	return (unsigned)(c - '0') < 10;
}

/* Exactly n digits. */
static inline bool
take_digits(struct cursor *c, int n, int *value)
{
	int v = 0;

	if (c->end - c->p < n)
		return false;
	for (int i = 0; i < n; i++) {
		if (!is_digit(c->p[i]))
			return false;
		v = v * 10 + (c->p[i] - '0');
	}
	c->p += n;
	*value = v;
	return true;
}

/* Inlined, so that the few characters become comparisons. */
static inline __attribute__((always_inline)) bool
take_char(struct cursor *c, const char *any)
{
	if (c->p == c->end)
		return false;
	for (; *any; any++)
		if (*c->p == *any) {
			c->p++;
			return true;
		}
	return false;
}

/* One or more blanks. */
static bool
take_blanks(struct cursor *c)
{
	const char *from = c->p;

	while (c->p < c->end && *c->p == ' ')
		c->p++;
	return c->p > from;
}

/* "8", "08" or " 8". */
static bool
take_day(struct cursor *c, int *day)
{
	take_char(c, " ");
	return take_digits(c, 2, day) || take_digits(c, 1, day);
}

static bool
take_month(struct cursor *c, int *month)
{
	static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

	if (c->end - c->p < 3)
		return false;
	for (int i = 0; i < 12; i++)
		if (memcmp(c->p, names + 3 * i, 3) == 0) {
			*month = i + 1;
			c->p += 3;
			return true;
		}
	return false;
}

/* "Mon " or "Mon, "; not required. */
static void
skip_weekday(struct cursor *c)
{
	static const char names[] = "MonTueWedThuFriSatSun";
	struct cursor at = *c;

	if (at.end - at.p < 4)
		return;
	for (int i = 0; i < 7; i++)
		if (memcmp(at.p, names + 3 * i, 3) == 0) {
			at.p += 3;
			take_char(&at, ",");
			if (take_blanks(&at))
				*c = at;
			return;
		}
}

/* ",219" or ".210320"; digits beyond the ninth are dropped. A comma alone is text. */
static int64_t
take_fraction(struct cursor *c)
{
	int64_t ns = 0, place = NSEC / 10;

	if (c->end - c->p < 2 || (*c->p != ',' && *c->p != '.') || !is_digit(c->p[1]))
		return 0;
	for (c->p++; c->p < c->end && is_digit(*c->p); c->p++, place /= 10)
		ns += (*c->p - '0') * place;
	return ns;
}

/* ":00,219", in ns; 0 when the text ends with the minute. false for a wrong second. */
static bool
take_second(struct cursor *c, int64_t *ns)
{
	struct cursor at = *c;
	int second;

	*ns = 0;
	if (!take_char(&at, ":") || !take_digits(&at, 2, &second))
		return true;
	if (second > 60)
		return false;
	*ns = second * NSEC + take_fraction(&at);
	*c = at;
	return true;
}

/* "9:48:00", in ns of the day. */
static bool
take_short_clock(struct cursor *c, int64_t *ns)
{
	int hour, minute;
	int64_t seconds;

	if (!take_digits(c, 1, &hour) || !take_char(c, ":") || !take_digits(c, 2, &minute) ||
	    minute > 59 || !take_second(c, &seconds))
		return false;
	*ns = hour * HOUR + minute * MINUTE + seconds;
	return true;
}

/* "21:48", in ns of the day. */
static bool
take_minute(struct cursor *c, int64_t *ns)
{
	int hour, minute;

	if (!take_digits(c, 2, &hour) || !take_char(c, ":") || !take_digits(c, 2, &minute) ||
	    hour > 23 || minute > 59)
		return false;
	*ns = hour * HOUR + minute * MINUTE;
	return true;
}

static bool
take_clock(struct cursor *c, int64_t *ns)
{
	int64_t seconds;

	if (!take_minute(c, ns) || !take_second(c, &seconds))
		return false;
	*ns += seconds;
	return true;
}

static bool
at_boundary(const struct cursor *c)
{
	return c->p == c->end || !(is_digit(*c->p) || (unsigned)((*c->p | 0x20) - 'a') < 26);
}

/* "Z", "UTC" or "GMT". */
static bool
take_utc(struct cursor *c)
{
	struct span rest = span_of(c->p, (size_t)(c->end - c->p));

	if (span_starts(rest, SPAN_LIT("UTC")) || span_starts(rest, SPAN_LIT("GMT")))
		c->p += 3;
	else if (!take_char(c, "Zz"))
		return false;
	return at_boundary(c);
}

/* "+09:00", "+0900" or, where short ones count, "+09". */
static bool
take_offset(struct cursor *c, bool short_too, int64_t *offset)
{
	bool west = c->p < c->end && *c->p == '-';
	int hour, minute = 0;

	if (!take_char(c, "+-") || !take_digits(c, 2, &hour))
		return false;
	struct cursor at = *c;

	take_char(&at, ":");
	if (take_digits(&at, 2, &minute))
		*c = at;
	else if (!short_too)
		return false;
	*offset = (hour * HOUR + minute * MINUTE) * (west ? -1 : 1);
	return hour < 16 && minute < 60 && at_boundary(c);
}

/* The zone that stands in the text. After blanks "+09" may be anything, "+0900" is a zone. */
static bool
take_zone(struct cursor *c, int64_t *offset)
{
	struct cursor at = *c;
	bool blanks = take_blanks(&at);
	struct cursor again = at;

	*offset = 0;
	if (!take_utc(&at)) {
		at = again;
		if (!take_offset(&at, !blanks, offset))
			return false;
	}
	*c = at;
	return true;
}

static int64_t
local_offset(int64_t civil)
{
	int64_t days = civil / DAY - (civil % DAY < 0), of_day = civil - days * DAY;
	/* Any date of that day number does; the calendar of 1970 need not be undone. */
	struct civil c = { .year = 1970, .month = 1, .day = (int)days + 1,
			   .hour = (int)(of_day / HOUR), .minute = (int)(of_day % HOUR / MINUTE),
			   .second = (int)(of_day % MINUTE / NSEC) };

	return civil - of_day % NSEC - clock_from_civil(&c);
}

/* Civil ns since 1970 in the process's zone to UTC. */
static int64_t
from_local(struct timestamp_reader *r, int64_t civil)
{
	int64_t hour = civil / HOUR - (civil % HOUR < 0);

	r->naive = true;
	if (r->zone_version != clock_zone_version) {
		r->zone_version = clock_zone_version;
		r->hour = r->calm = INT64_MIN;
	}
	if (hour != r->hour) {
		int64_t first = local_offset(hour * HOUR);

		if (first != local_offset(hour * HOUR + HOUR - NSEC)) {
			r->hour = INT64_MIN;
			return civil - local_offset(civil);
		}
		r->hour = hour;
		r->hour_offset = first;
	}
	return civil - r->hour_offset;
}

/* Read the zone, if there is one, and place the civil time. */
static int64_t
finish(struct timestamp_reader *r, struct cursor *c, int64_t civil)
{
	int64_t offset;

	r->naive = false;
	if (c->p < c->end && (*c->p == ' ' || *c->p == '+' || *c->p == '-' || *c->p == 'Z' ||
			      *c->p == 'z') && take_zone(c, &offset))
		return civil - offset;
	return from_local(r, civil);
}

static int
days_in_month(int year, int month)
{
	static const char days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return days[month - 1] + (month == 2 && leap);
}

/* The civil ns of a stamp; false when there is no such day, or no log has it. */
static bool
stamp_civil(const struct stamp *s, int64_t *civil)
{
	if (s->year < FIRST_YEAR || s->year > LAST_YEAR || s->month < 1 || s->month > 12 || s->day < 1 ||
	    s->day > days_in_month(s->year, s->month))
		return false;
	*civil = clock_days(s->year, s->month, s->day) * DAY + s->of_day;
	return true;
}

static bool
read_padded(struct timestamp_reader *r, struct cursor *c, struct stamp *s, int64_t *t)
{
	int64_t civil;

	if (!take_short_clock(c, &s->of_day) || !stamp_civil(s, &civil))
		return false;
	*t = finish(r, c, civil);
	return true;
}

/* "2025-09-08 21:48:00" in all its kinds. */
static bool
read_iso(struct timestamp_reader *r, struct cursor *c, int64_t *t)
{
	const char *start = c->p;
	struct stamp s;
	int64_t seconds, civil;

	if (!take_digits(c, 4, &s.year) || !take_char(c, "-/") || !take_digits(c, 2, &s.month) ||
	    !take_char(c, "-/") || !take_digits(c, 2, &s.day))
		return false;
	if (!take_char(c, "Tt") && !take_blanks(c))
		return false;
	/* MariaDB pads hours with a blank: "2025-09-08  9:48:00". */
	if (c->end - c->p > 1 && c->p[-1] == ' ' && c->p[-2] == ' ' && is_digit(*c->p) && c->p[1] == ':')
		return read_padded(r, c, &s, t);
	if (!take_minute(c, &s.of_day) || !stamp_civil(&s, &civil))
		return false;
	if (c->p - start == PREFIX) {
		memcpy(r->prefix, start, PREFIX);
		r->prefix_time = civil;
	}
	if (!take_second(c, &seconds))
		return false;
	*t = finish(r, c, civil + seconds);
	return true;
}

/* "08/Sep/2025:21:48:00 +0900", "08/Sep/2025 21:48:00", "08 Sep 2025 21:48:00.123" */
static bool
read_day_first(struct timestamp_reader *r, struct cursor *c, int64_t *t)
{
	struct stamp s;
	int64_t civil;

	if (!take_day(c, &s.day) || !take_char(c, "/ -") || !take_month(c, &s.month) ||
	    !take_char(c, "/ -") || !take_digits(c, 4, &s.year) || !take_char(c, ": T") ||
	    !take_clock(c, &s.of_day) || !stamp_civil(&s, &civil))
		return false;
	*t = finish(r, c, civil);
	return true;
}

/* The year of the day after the reference. */
static int
newest_year(struct timestamp_reader *r)
{
	struct civil c;

	if (!r->year || r->year_ref != r->yearless_ref || r->year_zone != clock_zone_version) {
		clock_civil(r->yearless_ref + DAY, &c);
		r->year = c.year;
		r->year_ref = r->yearless_ref;
		r->year_zone = clock_zone_version;
	}
	return r->year;
}

/*
 * The newest year in which the day exists and is not later than the reference;
 * a day of grace, for the stamps may be of another zone.
 */
static bool
place_yearless(struct timestamp_reader *r, struct stamp *s, int64_t *t)
{
	int64_t civil, latest = r->yearless_ref + DAY;
	int newest = newest_year(r);

	for (s->year = newest; s->year > newest - 9; s->year--) {
		if (!stamp_civil(s, &civil))
			continue;
		int64_t read = from_local(r, civil);

		if (read > latest)
			continue;
		*t = read;
		return true;
	}
	return false;
}

/* "Sep  8 21:48:00", "Sep 8 2025 21:48:00", "Sep  8 21:48:00 2025". */
static bool
read_month_first(struct timestamp_reader *r, struct cursor *c, int64_t *t)
{
	struct stamp s = { 0 };
	struct cursor at;
	int64_t civil;

	if (!take_month(c, &s.month) || !take_char(c, " ") || !take_day(c, &s.day))
		return false;
	take_char(c, ",");
	at = *c;
	if (take_blanks(&at) && take_digits(&at, 4, &s.year))
		*c = at;
	if (!take_blanks(c) || !take_clock(c, &s.of_day))
		return false;
	at = *c;
	if (!s.year && take_blanks(&at) && take_digits(&at, 4, &s.year)) {
		if (at_boundary(&at) && s.year >= 1970)
			*c = at;
		else
			s.year = 0;
	}
	if (!s.year)
		return place_yearless(r, &s, t);
	if (!stamp_civil(&s, &civil))
		return false;
	*t = finish(r, c, civil);
	return true;
}

/* Any stamp. *full: it names the year before the time. */
static bool
read_any(struct timestamp_reader *r, struct cursor *c, int64_t *t, bool *full)
{
	struct cursor again;

	*full = true;
	if (c->end - c->p < 11)
		return false;
	if (is_digit(c->p[0]) && is_digit(c->p[1]) && is_digit(c->p[2]))
		return read_iso(r, c, t);
	skip_weekday(c);
	again = *c;
	if (read_day_first(r, c, t))
		return true;
	*c = again;
	*full = false;
	return read_month_first(r, c, t);
}

/* As timestamp_read(), but for the note of the last stamp. */
static size_t
read_anew(struct timestamp_reader *r, struct span s, int64_t *t)
{
	struct cursor c = { s.p, s.p + s.n };
	int64_t seconds;
	bool full = true;

	if (s.n >= PREFIX && memcmp(s.p, r->prefix, PREFIX) == 0 && r->prefix[0]) {
		c.p += PREFIX;
		if (!take_second(&c, &seconds))
			return 0;
		*t = finish(r, &c, r->prefix_time + seconds);
	} else if (!read_any(r, &c, t, &full)) {
		return 0;
	}
	/* In an hour in which the zone changes, each second is asked for. */
	if (full && (!r->naive || r->hour != INT64_MIN))
		timestamp_minute_note(&r->minute, span_head(s, (size_t)(c.p - s.p)), *t, r->naive);
	return (size_t)(c.p - s.p);
}

size_t
timestamp_read(struct timestamp_reader *r, struct span s, int64_t *t)
{
	size_t n = timestamp_minute_read(&r->minute, s, t);

	if (!n)
		return read_anew(r, s, t);
	r->naive = r->minute.naive;
	return n;
}

bool
timestamp_epoch(struct span s, int64_t *t)
{
	/* All are later than 1973. */
	static const struct {
		uint64_t below;
		int64_t scale;
	} units[] = {
		{ 100000000, 0 },
		{ 100000000000, NSEC },
		{ 100000000000000, NSEC / 1000 },
		{ 100000000000000000, 1000 },
		{ INT64_MAX, 1 },
	};
	uint64_t whole = 0;
	size_t i = 0, unit = 0;

	for (; i < s.n && is_digit(s.p[i]); i++) {
		if (i == 19)
			return false;
		whole = whole * 10 + (uint64_t)(s.p[i] - '0');
	}
	while (unit < ARRAY_SIZE(units) && whole >= units[unit].below)
		unit++;
	if (!unit || unit == ARRAY_SIZE(units) || whole >= (uint64_t)(LATEST / units[unit].scale))
		return false;
	*t = (int64_t)whole * units[unit].scale;
	if (i == s.n)
		return true;
	struct cursor c = { s.p + i, s.p + s.n };

	if (*c.p != '.')
		return false;
	int64_t fraction = take_fraction(&c) / (NSEC / units[unit].scale);

	if (c.p != c.end)
		return false;
	*t += fraction;
	return true;
}

bool
timestamp_parse(struct timestamp_reader *r, struct span s, int64_t *t)
{
	int64_t read;
	size_t n = timestamp_read(r, s, &read);

	if (n ? n != s.n : !timestamp_epoch(s, &read))
		return false;
	if (!n)
		r->naive = false;
	*t = read;
	return true;
}
