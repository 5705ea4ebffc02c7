/*
 * record_out: records as people and programs take them away: as text, as they
 * stand, as JSON, as CSV. For search, and for what the screen exports.
 */
#ifndef CORE_RECORD_OUT_H
#define CORE_RECORD_OUT_H

#include "core/record.h"

#include <jansson.h>
#include <stdio.h>

enum output { OUTPUT_TEXT, OUTPUT_JSON, OUTPUT_RAW, OUTPUT_CSV };

struct record_out {
	enum output kind;
	bool mask;                 /* secrets are masked (mask.h) */
	/*
	 * Only these, in this order, by the names of queries: fields, source, format,
	 * any key of a structured line, dotted. None: what is usual for the kind. Borrowed.
	 */
	const struct span *fields;
	size_t n_fields;
};

/*
 * What stands before the records, and one record: a line of its own, but for text, which
 * keeps the lines that follow. With fields, text is one line with tabs between them.
 */
void record_out_head(const struct record_out *o, FILE *out);
void record_out_put(const struct record_out *o, struct record *r, FILE *out);

/* A record as a JSON object, which the caller owns. */
json_t *record_out_json(const struct record_out *o, struct record *r);

/* A value of a CSV line (RFC 4180), in quotes where it needs them or `always`. */
void csv_put(FILE *out, struct span value, bool always);

#endif
