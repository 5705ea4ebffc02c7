/*
 * Fuzzes the quick ways to read a line against the general one (two_ways.h).
 * Each line of the input is a line of a log; parsers go on from one to the
 * next. Every line is read once more behind the others, when more is known.
 */
#include "config.h"

#include "core/format_rows.h"
#include "tests/fuzz.h"
#include "tests/two_ways.h"

/* In March and October this zone changes; being a rule, it needs no zone file. */
static const char zone[] = "CET-1CEST,M3.5.0,M10.5.0/3";

static void
read_lines(struct two_ways *w, struct span rest)
{
	while (rest.n) {
		ptrdiff_t end = span_chr(rest, '\n');
		struct span line = span_head(rest, end < 0 ? rest.n : (size_t)end);

		FUZZ_ASSERT(!two_ways_differ(w, line, NULL));
		FUZZ_ASSERT(!two_ways_differ(w, line, &format_json));
		rest = span_from(rest, line.n + 1);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span text = span_of((const char *)data, size);
	struct two_ways w;
	struct err err;

	FUZZ_ASSERT(clock_set_zone(zone, &err) == 0);
	two_ways_init(&w);
	read_lines(&w, text);
	read_lines(&w, text);
	two_ways_release(&w);
	return 0;
}
