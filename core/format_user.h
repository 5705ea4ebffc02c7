/*
 * format_user: formats that a person describes by a pattern in the config
 * file (core/settings.h).
 *
 * A pattern is PCRE2's, matched from the start of the line. Its named groups
 * are fields (core/field.h, by name or by one of their keys: "duration_ms" is
 * a duration in milliseconds); a group of any other name is a key of the
 * record. A line whose `time` is no time is not of the format. Without a
 * `message` the line is its own.
 */
#ifndef CORE_FORMAT_USER_H
#define CORE_FORMAT_USER_H

#include "core/err.h"
#include "core/format.h"

struct format_spec {
	const char *name;    /* letters, digits, - and _ */
	const char *pattern;
	const char *sample;  /* a line that the pattern has to read */
	bool multiline;      /* lines that start nothing belong to the record */
};

/* Which part of a spec is at fault. */
enum format_fault { FAULT_NAME = 1, FAULT_PATTERN, FAULT_SAMPLE };

/*
 * Register a format. The spec is copied and kept for good. 0; or an enum
 * format_fault, and err ("column 12: missing closing parenthesis"), with
 * nothing registered. Before any thread.
 */
int format_user_add(const struct format_spec *spec, struct err *err);

/* What a parser keeps for these formats; takes NULL. */
void matcher_free(struct matcher *m);

#endif
