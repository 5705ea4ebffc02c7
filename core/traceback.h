/*
 * traceback: what a stack trace says: which exception, with which message,
 * raised where in the user's own code.
 *
 * Reads Python's (chained ones: the last, which is the one that was raised;
 * exception groups), Java's and Node's, from plain text. Frames in
 * site-packages, dist-packages and the standard library are skipped in
 * search of the deepest frame of the user's own.
 */
#ifndef CORE_TRACEBACK_H
#define CORE_TRACEBACK_H

#include "core/span.h"

struct traceback {
	struct span type;    /* "django.db.utils.OperationalError" */
	struct span message; /* first line */
	struct span file;    /* deepest own frame */
	struct span function;
	struct span line;    /* digits */
};

/* false when the text holds no traceback; spans point into it. */
bool traceback_read(struct span text, struct traceback *out);

#endif
