/*
 * regex: a regular expression as people type it (PCRE2, UTF-8, compiled to
 * machine code where the machine allows it).
 *
 * Text may hold bytes that are not UTF-8; they match nothing. Matching is
 * bounded: a pattern that tries too much on one text does not match it, and
 * `limited` counts that. Not thread-safe.
 */
#ifndef CORE_REGEX_H
#define CORE_REGEX_H

#include "core/err.h"
#include "core/span.h"

struct regex;

enum {
	REGEX_NOCASE = 1 << 0,
	REGEX_LINES = 1 << 1, /* ^ and $ match at every line */
};

/*
 * NULL and err (pos: byte of the pattern) on a mistake; err->code is
 * REGEX_UNFINISHED when more pattern could mend it (an open bracket).
 */
enum { REGEX_BAD = 1, REGEX_UNFINISHED = 2 };
struct regex *regex_new(struct span pattern, unsigned flags, struct err *err);
void regex_free(struct regex *re);

/* The first match at or after `from`. */
bool regex_find(struct regex *re, struct span text, size_t from, size_t *start, size_t *end);

/* Texts given up because the pattern tried too much on them. */
unsigned long regex_limited(const struct regex *re);
/* The same of all patterns since the start, those that are gone included. Any thread. */
unsigned long regex_limited_in_all(void);

/*
 * Texts of plain ASCII, one at least of which every match of the pattern holds, in
 * one case or the other where `nocase`: the longest that a simple look finds, for
 * alternatives one of each. Parts of the pattern; returns how many, 0 when there are
 * none or more than REGEX_LITERALS.
 */
enum { REGEX_LITERALS = 8 };
size_t regex_literals(struct span pattern, struct span out[REGEX_LITERALS]);

#endif
