/*
 * level: how bad a record is.
 *
 * One table gives the names, the words that other programs use for the same
 * level, and the glyph that tells levels apart without colour.
 */
#ifndef CORE_LEVEL_H
#define CORE_LEVEL_H

#include "core/span.h"

/* LEVEL_NONE is a line that has no level; it sorts below every level. */
#define LEVELS(X)                                                              \
	/* id, name, short, glyph, ascii glyph */                              \
	X(NONE, "NONE", "-", " ", " ")                                         \
	X(TRACE, "TRACE", "TRACE", "·", ".")                                   \
	X(DEBUG, "DEBUG", "DEBUG", "·", ".")                                   \
	X(INFO, "INFO", "INFO", "·", ".")                                      \
	X(WARNING, "WARNING", "WARN", "▲", "!")                                \
	X(ERROR, "ERROR", "ERROR", "●", "E")                                   \
	X(CRITICAL, "CRITICAL", "CRIT", "✖", "C")

enum level {
#define X(id, name, brief, glyph, ascii) LEVEL_##id,
	LEVELS(X)
#undef X
	LEVEL_COUNT
};

struct level_info {
	const char *name;  /* "WARNING" */
	const char *brief; /* at most 5 columns */
	const char *glyph; /* one column */
	const char *ascii;
};

extern const struct level_info level_info[LEVEL_COUNT];

/*
 * The level a word stands for in any of the dialects we read (Python, syslog,
 * redis, bunyan words), ignoring case; LEVEL_NONE when it is no level.
 */
enum level level_parse(struct span word);

/*
 * The level a number stands for: syslog severities 0..7, Python's and
 * bunyan's 10..60. LEVEL_NONE when it is neither.
 */
enum level level_from_number(long n);

/* What an access line says of itself: 5xx ERROR, 4xx WARNING, else INFO. */
enum level level_from_status(int status);

#endif
