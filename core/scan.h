/*
 * scan: a cursor over one line, and the pieces that text formats are made of.
 *
 * Every step either takes what it names and moves on, or leaves the cursor
 * where it is and returns false; the last refusal is kept in the parser as
 * what was expected and where, for `explain`.
 */
#ifndef CORE_SCAN_H
#define CORE_SCAN_H

#include "core/format.h"

struct scan {
	struct parser *p;
	struct parsed *out;
	struct span s; /* the line */
	size_t at;
};

static inline struct span
scan_rest(const struct scan *sc)
{
	return span_from(sc->s, sc->at);
}

/* The next byte, or '\0' at the end. */
static inline char
scan_peek(const struct scan *sc)
{
	return sc->at < sc->s.n ? sc->s.p[sc->at] : '\0';
}

static inline bool
scan_end(const struct scan *sc)
{
	return sc->at >= sc->s.n;
}

/* Always false, to be returned: something else was expected here. */
static inline bool
scan_miss(struct scan *sc, const char *expected)
{
	sc->p->miss = expected;
	sc->p->miss_pos = sc->at;
	return false;
}

/* Exactly this text, which is static. */
bool scan_text(struct scan *sc, const char *text);

/* Blanks and tabs; false when there is none. */
bool scan_blanks(struct scan *sc);

/* Up to the next blank or the end; not empty. */
bool scan_word(struct scan *sc, struct span *word);

/* Up to a byte, which is skipped; false when it does not come. */
bool scan_to(struct scan *sc, char c, struct span *before);

/* Decimal digits, at least one. */
bool scan_digits(struct scan *sc, struct span *digits);

/* A quoted string that honours backslashes; *inside is what the quotes hold. */
bool scan_quoted(struct scan *sc, struct span *inside);

/* A time stamp: sets the record's time. */
bool scan_time(struct scan *sc);

/* A word of capitals that is a level: sets the record's level. */
bool scan_level(struct scan *sc);

/* Digits, as a field. */
bool scan_number(struct scan *sc, enum field f);

/* What is left, blanks before it skipped, as the message. */
struct span scan_message(struct scan *sc);

/* Set a field to a span. */
static inline void
scan_set(struct scan *sc, enum field f, struct span value)
{
	parsed_set(sc->p, sc->out, f, value);
}

#endif
