/*
 * level: the words of many dialects, kept by their first letter, so that
 * reading one costs a comparison or two.
 */
#include "config.h"

#include "core/level.h"

#include "core/alloc.h"

#include <ctype.h>

const struct level_info level_info[LEVEL_COUNT] = {
#define X(id, name, brief, glyph, ascii) [LEVEL_##id] = { name, brief, glyph, ascii },
	LEVELS(X)
#undef X
};

struct word {
	char text[14]; /* lower case; empty behind the last */
	enum level level;
};

/* Whether a word is this one, in whatever case its letters are. */
static inline bool
is_word(struct span word, const char *text)
{
	uint32_t start, wanted;

	/* Most have four letters; texts have room for as many, and the zero behind them. */
	if (word.n == 4) {
		memcpy(&start, word.p, sizeof start);
		memcpy(&wanted, text, sizeof wanted);
		return (start | UINT32_C(0x20202020)) == wanted && !text[4];
	}
	for (size_t i = 0; i < word.n; i++)
		if ((word.p[i] | 0x20) != text[i])
			return false;
	return !text[word.n];
}

/* The words that begin with a letter, most usual first; an empty text ends them. */
static const struct word words[26][10] = {
	['a' - 'a'] = { { "alert", LEVEL_CRITICAL } },
	['c' - 'a'] = { { "critical", LEVEL_CRITICAL }, { "crit", LEVEL_CRITICAL },
			{ "config", LEVEL_DEBUG }, { "c", LEVEL_CRITICAL } },
	['d' - 'a'] = { { "debug", LEVEL_DEBUG }, { "d", LEVEL_DEBUG }, { "dbg", LEVEL_DEBUG },
			{ "dbug", LEVEL_DEBUG }, { "debu", LEVEL_DEBUG }, { "dpanic", LEVEL_CRITICAL },
			{ "default", LEVEL_INFO } },
	['e' - 'a'] = { { "error", LEVEL_ERROR }, { "err", LEVEL_ERROR }, { "e", LEVEL_ERROR },
			{ "emerg", LEVEL_CRITICAL }, { "emergency", LEVEL_CRITICAL },
			{ "exception", LEVEL_ERROR }, { "erro", LEVEL_ERROR } },
	['f' - 'a'] = { { "fatal", LEVEL_CRITICAL }, { "f", LEVEL_CRITICAL },
			{ "fail", LEVEL_ERROR }, { "fine", LEVEL_DEBUG }, { "finer", LEVEL_TRACE },
			{ "finest", LEVEL_TRACE }, { "ftl", LEVEL_CRITICAL },
			{ "fata", LEVEL_CRITICAL } },
	['i' - 'a'] = { { "info", LEVEL_INFO }, { "i", LEVEL_INFO }, { "information", LEVEL_INFO },
			{ "informational", LEVEL_INFO }, { "inf", LEVEL_INFO } },
	['l' - 'a'] = { { "log", LEVEL_INFO } },
	['n' - 'a'] = { { "notice", LEVEL_INFO }, { "note", LEVEL_INFO } },
	['p' - 'a'] = { { "panic", LEVEL_CRITICAL } },
	['s' - 'a'] = { { "severe", LEVEL_ERROR }, { "success", LEVEL_INFO },
			{ "system", LEVEL_INFO },
			{ "silly", LEVEL_TRACE } },
	['t' - 'a'] = { { "trace", LEVEL_TRACE }, { "trce", LEVEL_TRACE }, { "trc", LEVEL_TRACE } },
	['v' - 'a'] = { { "verbose", LEVEL_DEBUG }, { "vrb", LEVEL_DEBUG } },
	['w' - 'a'] = { { "warning", LEVEL_WARNING }, { "warn", LEVEL_WARNING },
			{ "w", LEVEL_WARNING }, { "wrn", LEVEL_WARNING } },
};

/* The marks that redis writes in place of a word. */
static enum level
parse_mark(char mark)
{
	static const struct {
		char mark;
		enum level level;
	} marks[] = {
		{ '.', LEVEL_DEBUG }, { '-', LEVEL_INFO }, { '*', LEVEL_INFO }, { '#', LEVEL_WARNING },
	};

	for (size_t i = 0; i < ARRAY_SIZE(marks); i++)
		if (marks[i].mark == mark)
			return marks[i].level;
	return LEVEL_NONE;
}

enum level
level_parse(struct span word)
{
	if (!word.n)
		return LEVEL_NONE;
	unsigned letter = ((unsigned char)word.p[0] | 0x20u) - 'a';

	if (letter >= 26)
		return word.n == 1 ? parse_mark(word.p[0]) : LEVEL_NONE;
	for (const struct word *w = words[letter]; *w->text; w++)
		if (is_word(word, w->text))
			return w->level;
	/* Go's slog: DEBUG+2 lies above DEBUG. */
	if (word.n > 5 && word.n < 9 && isdigit((unsigned char)word.p[word.n - 1]))
		for (size_t i = 4; i < 6 && i + 1 < word.n; i++)
			if (word.p[i] == '+' || word.p[i] == '-')
				return level_parse(span_head(word, i));
	/* Postgres: DEBUG1 to DEBUG5. */
	if (word.n == 6 && word.p[5] >= '1' && word.p[5] <= '5' &&
	    span_caseeq_str(span_head(word, 5), "debug"))
		return LEVEL_DEBUG;
	return LEVEL_NONE;
}

enum level
level_from_number(long n)
{
	static const enum level syslog[] = {
		LEVEL_CRITICAL, LEVEL_CRITICAL, LEVEL_CRITICAL, LEVEL_ERROR,
		LEVEL_WARNING,  LEVEL_INFO,     LEVEL_INFO,     LEVEL_DEBUG,
	};
	static const enum level tens[] = {
		LEVEL_TRACE, LEVEL_DEBUG, LEVEL_INFO, LEVEL_WARNING, LEVEL_ERROR, LEVEL_CRITICAL,
	};

	if (n >= 0 && n < (long)ARRAY_SIZE(syslog))
		return syslog[n];
	if (n >= 10 && n < 70)
		return tens[n / 10 - 1];
	return LEVEL_NONE;
}

enum level
level_from_status(int status)
{
	return status >= 500 ? LEVEL_ERROR : status >= 400 ? LEVEL_WARNING : LEVEL_INFO;
}
