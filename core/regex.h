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

/*
 * A text of plain ASCII that every match of the pattern holds, in one case or
 * the other where `nocase`: the longest that a simple look finds. Part of the
 * pattern; empty when there is none.
 */
struct span regex_literal(struct span pattern);

#endif
