/*
 * json_index: where the strings of a JSON line may end.
 *
 * A bit per byte, set at every quote, backslash and control character: what
 * a scanner of strings has to look at. It is made for a whole line at a time,
 * with the widest vectors that the machine has (chosen before main() runs;
 * all ways give the same bits), and finds the end of the line on the way.
 */
#ifndef CORE_JSON_INDEX_H
#define CORE_JSON_INDEX_H

#include "core/span.h"

/* Longer lines are not indexed: they are rare, and scanned as they are. */
enum { JSON_INDEX_BYTES = 4096 };

struct json_index {
	size_t n; /* bytes before the first line end, or all */
	uint64_t bits[JSON_INDEX_BYTES / 64 + 1]; /* byte i is bit i % 64 of word i / 64; set at n */
};

/* Index a text, of at most JSON_INDEX_BYTES, up to its first line end. */
void json_index_make(struct json_index *x, struct span text);

/* The first bit that is set at or after `at`, which is at most n; n when there is none before it. */
static inline size_t
json_index_next(const struct json_index *x, size_t at)
{
	size_t word = at / 64;
	uint64_t rest = x->bits[word] >> at % 64;

	if (rest)
		return at + (size_t)__builtin_ctzll(rest);
	do
		rest = x->bits[++word];
	while (!rest);
	return word * 64 + (size_t)__builtin_ctzll(rest);
}

/*
 * The ways to make an index, slowest first, by number from 0: its name; NULL
 * past the last. For tests: choosing one is not for programs with threads,
 * and false where the machine cannot do it.
 */
const char *json_index_way(unsigned way);
bool json_index_choose(unsigned way);

#endif
