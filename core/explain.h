/*
 * explain: how one record was read, and why: the line with its fields marked,
 * what they were read as, and what the formats lacked that did not take it.
 */
#ifndef CORE_EXPLAIN_H
#define CORE_EXPLAIN_H

#include "core/record.h"

/* How a format fared that did not take a line. */
struct trial {
	const struct format *format;
	bool reads;       /* it could read the line too */
	const char *miss; /* what it lacked, static text; NULL: it did not say */
	size_t at;        /* byte of the line, colours left out */
};

enum { TRIALS_SHOWN = 3 };

/*
 * The formats other than `winner` that a line could have by its first byte,
 * the one that got furthest first; at most `cap`. Returns how many. Writes the
 * parser's arena.
 */
size_t explain_trials(struct parser *p, struct span line, const struct format *winner, struct trial *v, size_t cap);

/*
 * Append the same as text, one line each, indented; `winner` took the line
 * (FORMAT_RAW: none did).
 */
void explain_others(struct parser *p, struct span line, const struct format *winner, struct strbuf *out);

/* Append the explanation of a record without a title, lines of at most `width` columns. */
void explain_body(struct record *r, size_t width, struct strbuf *out);

/*
 * Append the explanation of a record, 100 columns wide: lines of plain text,
 * safe to be shown. The record's fields are found anew afterwards.
 */
void explain_record(struct record *r, struct strbuf *out);

#endif
