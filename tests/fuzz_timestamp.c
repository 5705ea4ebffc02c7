/*
 * Fuzzes the readers of times. Each line of the input is a text that may begin
 * with a stamp.
 *
 * Checked: a reader that has read the lines before (and kept a prefix, an
 * hour) answers as a new one does; a stamp cut off behind what was read reads
 * the same; what is written in ISO form is read back; what a person typed is a
 * time that int64_t has room for.
 */
#include "config.h"

#include "core/timestamp.h"

#include "core/alloc.h"
#include "tests/fuzz.h"

#define NOW (INT64_C(1761444000) * NSEC) /* 2025-10-26 04:00 in the zone below */
#define HOUR (3600 * NSEC)
/* Of times that are read; a zone may move them by some hours. */
#define EARLIEST (INT64_C(-2208988800) * NSEC)
#define LATEST (INT64_C(6974121600) * NSEC)

/* In March and October this zone changes; being a rule, it needs no zone file. */
static const char zone[] = "CET-1CEST,M3.5.0,M10.5.0/3";

static void
renew(struct timestamp_reader *r)
{
	timestamp_init(r);
	r->yearless_ref = NOW;
}

/* Both readers have read the same stamp: they place it alike. */
static void
check_order(struct timestamp_reader *used, struct timestamp_reader *fresh, int64_t t)
{
	static const int64_t before[] = { -1, HOUR / 4, 3 * HOUR / 4, HOUR, 2 * HOUR };

	for (size_t i = 0; i < ARRAY_SIZE(before); i++) {
		int64_t placed = timestamp_in_order(fresh, t + before[i], t);

		FUZZ_ASSERT(placed == t || placed == t + HOUR);
		FUZZ_ASSERT(timestamp_in_order(used, t + before[i], t) == placed);
	}
}

static void
check_written(int64_t t)
{
	struct timestamp_reader r;
	struct span text;
	char buf[64];
	int64_t again;

	if (t < EARLIEST + 24 * HOUR || t > LATEST - 24 * HOUR)
		return;
	renew(&r);
	text = span_str(clock_format(t, CLOCK_ISO, buf, sizeof buf));
	FUZZ_ASSERT(timestamp_parse(&r, text, &again));
	FUZZ_ASSERT(again <= t && t - again < NSEC / 1000);
}

static void
check_read(struct timestamp_reader *used, struct span line)
{
	struct timestamp_reader fresh;
	int64_t t = TIME_NONE, same = TIME_NONE;
	size_t n;

	renew(&fresh);
	n = timestamp_read(&fresh, line, &t);
	FUZZ_ASSERT(n <= line.n && timestamp_read(used, line, &same) == n);
	FUZZ_ASSERT(t == same && (n || t == TIME_NONE));
	if (!n)
		return;
	FUZZ_ASSERT(used->naive == fresh.naive);
	FUZZ_ASSERT(t > EARLIEST - 24 * HOUR && t < LATEST + 24 * HOUR);
	FUZZ_ASSERT(timestamp_parse(&fresh, span_head(line, n), &same) && t == same);
	check_order(used, &fresh, t);
	check_written(t);
}

static void
check_parse(struct timestamp_reader *used, struct span line)
{
	struct timestamp_reader fresh;
	int64_t t = TIME_NONE, same = TIME_NONE;

	renew(&fresh);
	bool whole = timestamp_parse(&fresh, line, &t);

	FUZZ_ASSERT(timestamp_parse(used, line, &same) == whole);
	FUZZ_ASSERT(t == same && (whole || t == TIME_NONE));
	FUZZ_ASSERT(!whole || used->naive == fresh.naive);
	FUZZ_ASSERT(!whole || (t > EARLIEST - 24 * HOUR && t < LATEST + 24 * HOUR));
}

static void
check_human(struct span line)
{
	int64_t t = TIME_NONE, stamp, again = TIME_NONE;
	struct timestamp_reader r;

	if (!timestamp_human(line, NOW, &t))
		return;
	FUZZ_ASSERT(t != TIME_NONE && timestamp_human(line, NOW, &again) && t == again);
	renew(&r);
	if (timestamp_parse(&r, span_trim(line), &stamp))
		FUZZ_ASSERT(t == stamp);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span rest = span_of((const char *)data, size);
	struct timestamp_reader used;
	struct err err;

	FUZZ_ASSERT(clock_set_zone(zone, &err) == 0);
	renew(&used);
	while (rest.n) {
		ptrdiff_t end = span_chr(rest, '\n');
		struct span line = end < 0 ? rest : span_head(rest, (size_t)end);

		check_read(&used, line);
		check_parse(&used, line);
		check_human(line);
		rest = span_from(rest, line.n + 1);
	}
	return 0;
}
