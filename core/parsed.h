/*
 * parsed: values on their way into a struct parsed, with the conversions that
 * the text formats share. Every setter keeps the text as it was written and
 * tells the emitter; a field that is already set is kept.
 */
#ifndef CORE_PARSED_H
#define CORE_PARSED_H

#include "core/format.h"

/* A decimal number ("12", "0.305"), the whole of s. */
bool parsed_number(struct span s, double *value);

/*
 * Set the time: from a stamp at the start of s, which returns its bytes, 0 where
 * there is none; or from the whole of s, a stamp or an epoch number. Where it
 * fails, the time stays what it was.
 */
size_t parsed_stamp(struct parser *p, struct parsed *out, struct span s);
bool parsed_time(struct parser *p, struct parsed *out, struct span s);

/* The level a word stands for; false, and nothing is set, when it is none. */
bool parsed_level(struct parser *p, struct parsed *out, struct span word);

/* Whether a word is a level's name: three letters or more, "INFO", "Warn", "critical". */
bool parsed_is_level(struct span word);

void parsed_status(struct parser *p, struct parsed *out, struct span digits);
void parsed_size(struct parser *p, struct parsed *out, struct span digits);

/* A duration as written, and what it is in seconds. */
void parsed_duration(struct parser *p, struct parsed *out, struct span text, double seconds);

/*
 * The request line of HTTP, "GET /x HTTP/1.1" or without the version: method
 * and path. False for anything else ("-", a TLS hello).
 */
bool parsed_request(struct parser *p, struct parsed *out, struct span request);

/*
 * Give a field the value that its text stands for; key and scale are those of
 * field_by_key. A time that is none is left out.
 */
void parsed_typed(struct parser *p, struct parsed *out, enum field f, struct span key,
		  struct span value, double scale);

/* A key and its value, where the alias table (field.h) says what it means. */
void parsed_pair(struct parser *p, struct parsed *out, struct span key, struct span value);

/* Whether a text begins with two pairs at least. */
bool parsed_begins_pairs(struct span s);

/* All pairs of "a=1 b='x y' c="z"" in a text. */
void parsed_pairs(struct parser *p, struct parsed *out, struct span text);

/*
 * What people say in messages: "GET /x -> 200 in 12.3ms" gives method, path,
 * status and duration; "done in 1.10s", "took 250ms" a function's duration.
 */
void parsed_words(struct parser *p, struct parsed *out, struct span message);

/* The last touch of an access line: it is a request, its level follows from its status. */
void parsed_access(struct parser *p, struct parsed *out, struct span line);

#endif
