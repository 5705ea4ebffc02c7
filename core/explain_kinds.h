/*
 * explain_kinds: the kinds of lines in a source, an example of each explained,
 * and how many there are.
 *
 * A kind is a format and the set of fields that a line has; lines that go on
 * with a record are a kind for each format, lines of no record one for each
 * reason why. Memory is bounded: examples are kept as the text that is shown,
 * and beyond a number of kinds lines are counted only.
 */
#ifndef CORE_EXPLAIN_KINDS_H
#define CORE_EXPLAIN_KINDS_H

#include "core/record.h"

struct kind;

/* How many records and lines each format has; FORMAT_RAW: lines of no record. */
struct format_counts {
	uint64_t records[FORMAT_COUNT], lines[FORMAT_COUNT];
	uint64_t lines_in_all; /* blank ones outside of records included */
	uint64_t cut;          /* too long */
};

struct kinds {
	struct kind *v;
	size_t n, cap;
	uint64_t uncounted;    /* records of kinds beyond those that are kept */
	size_t width;          /* columns */
	struct format_counts counts;
	uint64_t alike[FORMAT_COUNT]; /* lines that a weak format could read and that were left to others */
};

void kinds_init(struct kinds *k, size_t width);
void kinds_release(struct kinds *k);

/* Take a record into account, continuation lines included. */
void kinds_add(struct kinds *k, struct record *r);

/*
 * Append all: the most frequent kinds first, then what the source speaks (not where `memory` is NULL, because the
 * format was given). `bold`: titles as terminals show them.
 */
void kinds_print(struct kinds *k, const struct format_memory *memory, bool bold, struct strbuf *out);

/* Append a table of formats, and what is in no record. */
void format_counts_print(const struct format_counts *c, struct strbuf *out);
void format_counts_sum(struct format_counts *sum, const struct format_counts *c);

/* Append a title line. */
void explain_title(const char *title, bool bold, struct strbuf *out);

#endif
