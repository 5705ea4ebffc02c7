/*
 * field: the names of what a record holds.
 *
 * One table for the fields that the dashboards, the query language and the
 * detail pane know by name; every other key of a structured line is still
 * reachable by its own name. The alias table (field.c) says which keys of
 * JSON and logfmt lines mean which field; the config file adds to it.
 */
#ifndef CORE_FIELD_H
#define CORE_FIELD_H

#include "core/span.h"

enum field_kind { KIND_TEXT, KIND_TIME, KIND_LEVEL, KIND_INT, KIND_SECONDS, KIND_BYTES };

#define FIELDS(X)                                                              \
	/* id, name in queries and exports, kind */                            \
	X(TIME, "time", KIND_TIME)                                             \
	X(LEVEL, "level", KIND_LEVEL)                                          \
	X(LOGGER, "logger", KIND_TEXT)                                         \
	X(MESSAGE, "message", KIND_TEXT)                                       \
	X(EVENT, "event", KIND_TEXT)                                           \
	X(REQUEST_ID, "request_id", KIND_TEXT)                                 \
	X(USER_ID, "user_id", KIND_TEXT)                                       \
	X(METHOD, "method", KIND_TEXT)                                         \
	X(PATH, "path", KIND_TEXT)                                             \
	X(ROUTE, "route", KIND_TEXT)                                           \
	X(STATUS, "status", KIND_INT)                                          \
	X(DURATION, "duration", KIND_SECONDS)                                  \
	X(SIZE, "size", KIND_BYTES)                                            \
	X(IP, "ip", KIND_TEXT)                                                 \
	X(AGENT, "agent", KIND_TEXT)                                           \
	X(REFERER, "referer", KIND_TEXT)                                       \
	X(HOST, "host", KIND_TEXT)                                             \
	X(PID, "pid", KIND_INT)                                                \
	X(THREAD, "thread", KIND_TEXT)                                         \
	X(TASK, "task", KIND_TEXT)                                             \
	X(TASK_ID, "task_id", KIND_TEXT)                                       \
	X(FUNCTION, "function", KIND_TEXT)                                     \
	X(FILE, "file", KIND_TEXT)                                             \
	X(LINE, "line", KIND_INT)                                              \
	X(EXCEPTION, "exception", KIND_TEXT)                                   \
	X(EXCEPTION_MESSAGE, "exception_message", KIND_TEXT)                   \
	X(FRAME, "frame", KIND_TEXT)                                           \
	X(TRACEBACK, "traceback", KIND_TEXT)

enum field {
#define X(id, name, kind) FIELD_##id,
	FIELDS(X)
#undef X
	FIELD_COUNT,
	FIELD_OTHER = FIELD_COUNT /* a key without a role */
};

struct field_info {
	const char *name;
	enum field_kind kind;
};

extern const struct field_info field_info[FIELD_COUNT];

/* The field a person names in a query ("status", "logger", "module"...), or FIELD_OTHER. */
enum field field_by_name(struct span name);

/*
 * The field that a key of a structured line means ("levelname" is LEVEL,
 * "duration_ms" is DURATION), or FIELD_OTHER. Where several keys of one line
 * mean the same field, the one with the lower rank wins; *rank receives it.
 * *scale receives what a number must be multiplied with to be in the field's
 * unit (0.001 for _ms), 1 otherwise. With FIELD_OTHER, a scale other than 1 is that of the
 * durations beside this key that name no unit: programs are told by their keys.
 */
enum field field_by_key(struct span key, unsigned *rank, double *scale);

/*
 * One more key that means a field, from now on: it goes before the built-in
 * ones, and where it is one of them, it changes its meaning. The key is
 * copied; a duration's may end in its unit ("took_ms"). False when it is
 * empty, longer than 255 bytes, or there are too many. Before any thread.
 */
bool field_add_key(enum field field, struct span key);

/* Another number after each key that was added: what was concluded from keys is to be forgotten. */
extern unsigned field_keys_version;

#endif
