/*
 * PostgreSQL's stderr log, with whatever log_line_prefix that begins with a time:
 *
 *   2025-09-08 21:48:00.123 KST [4242] LOG:  checkpoint starting: time
 *   2025-09-08 21:48:00.123 UTC [4242] app@shop ERROR:  relation "x" does not exist
 *   2025-09-08 21:48:00.123 UTC [4242] LOG:  duration: 12.3 ms  statement: SELECT 1
 *
 * DETAIL, HINT, STATEMENT and the like begin with the same prefix, but belong
 * to the message before them: they are refused, and so continue its record.
 */
#include "config.h"

#include <ctype.h>

#include "core/format_rows.h"
#include "core/parsed.h"
#include "core/scan.h"

enum { PREFIX_MAX = 250 };

static const struct {
	struct span word;
	enum level level;
} severities[] = {
	{ SPAN_LIT("LOG:  "), LEVEL_INFO },       { SPAN_LIT("ERROR:  "), LEVEL_ERROR },
	{ SPAN_LIT("FATAL:  "), LEVEL_CRITICAL }, { SPAN_LIT("PANIC:  "), LEVEL_CRITICAL },
	{ SPAN_LIT("WARNING:  "), LEVEL_WARNING }, { SPAN_LIT("NOTICE:  "), LEVEL_INFO },
	{ SPAN_LIT("INFO:  "), LEVEL_INFO },      { SPAN_LIT("DEBUG1:  "), LEVEL_DEBUG },
	{ SPAN_LIT("DEBUG2:  "), LEVEL_DEBUG },   { SPAN_LIT("DEBUG3:  "), LEVEL_DEBUG },
	{ SPAN_LIT("DEBUG4:  "), LEVEL_DEBUG },   { SPAN_LIT("DEBUG5:  "), LEVEL_DEBUG },
};

/* What goes on with the message before it, under the same prefix. */
static const struct span details[] = {
	SPAN_LIT("DETAIL:  "), SPAN_LIT("HINT:  "), SPAN_LIT("STATEMENT:  "), SPAN_LIT("CONTEXT:  "),
	SPAN_LIT("QUERY:  "), SPAN_LIT("LOCATION:  "), SPAN_LIT("BACKTRACE:  "),
};

/*
 * Where the word begins that stands before the first ':' with two blanks behind
 * it; they are PostgreSQL's mark, whatever prefix was configured. 0: none.
 */
static size_t
find_mark(struct span line)
{
	struct span head = span_head(line, PREFIX_MAX);
	const char *colon = head.n ? memmem(head.p, head.n, ":  ", 3) : NULL;
	size_t i = colon ? (size_t)(colon - head.p) : 0;

	while (i && isalnum((unsigned char)head.p[i - 1]))
		i--;
	return i && (head.p[i - 1] == ' ' || head.p[i - 1] == ':') ? i : 0;
}

bool
postgres_goes_on(struct span line)
{
	size_t at = find_mark(line);

	for (size_t i = 0; at && i < sizeof details / sizeof *details; i++)
		if (span_starts(span_from(line, at), details[i]))
			return true;
	return false;
}

static bool
take_severity(struct scan *sc)
{
	for (size_t i = 0; i < sizeof severities / sizeof *severities; i++) {
		struct span word = severities[i].word;

		if (!span_starts(scan_rest(sc), word))
			continue;
		scan_set(sc, FIELD_LEVEL, span_head(scan_rest(sc), word.n - 3));
		sc->out->level = severities[i].level;
		sc->at += word.n;
		return true;
	}
	return scan_miss(sc, "LOG, ERROR or another severity");
}

/* " KST": an abbreviation of the zone; the time is the process's own. */
static void
skip_zone(struct scan *sc)
{
	size_t n = sc->at + 1;

	while (n < sc->s.n && isupper((unsigned char)sc->s.p[n]))
		n++;
	if (n > sc->at + 2 && n < sc->s.n && (sc->s.p[n] == ' ' || sc->s.p[n] == ':'))
		sc->at = n;
}

/* Pieces of the prefix: "[4242]", "app@shop", "user=app,db=shop". */
static void
take_piece(struct scan *sc, struct span piece)
{
	bool bracketed = piece.n > 2 && piece.p[0] == '[';
	ptrdiff_t close = bracketed ? span_chr(piece, ']') : -1;
	struct span number = span_head(span_from(piece, 1), close > 0 ? (size_t)close - 1 : 0);
	ptrdiff_t dash = span_chr(number, '-');
	double pid;

	if (dash > 0)
		number.n = (size_t)dash;
	if (bracketed && parsed_number(number, &pid))
		scan_set(sc, FIELD_PID, number);
	else if (span_chr(piece, '@') > 0)
		parsed_other(sc->p, "session", piece);
	else if (span_chr(piece, '=') > 0)
		parsed_other(sc->p, "prefix", piece);
}

static void
take_prefix(struct scan *sc, size_t end)
{
	while (sc->at < end) {
		size_t from = sc->at;

		while (sc->at < end && sc->s.p[sc->at] != ' ' && sc->s.p[sc->at] != ':')
			sc->at++;
		if (sc->at > from)
			take_piece(sc, span_of(sc->s.p + from, sc->at - from));
		sc->at += sc->at < end;
	}
}

static void
take_duration(struct scan *sc, struct span message)
{
	struct span text = span_from(message, sizeof "duration: " - 1);
	ptrdiff_t end = span_chr(text, ' ');
	double ms;

	if (!span_starts(message, SPAN_LIT("duration: ")) || end < 1 ||
	    !parsed_number(span_head(text, (size_t)end), &ms))
		return;
	parsed_duration(sc->p, sc->out, span_head(text, (size_t)end + 3), ms / 1e3);
	sc->out->flags |= PARSED_FUNCTION;
}

static bool
postgres_parse(struct parser *p, struct span line, struct parsed *out)
{
	struct scan sc = { p, out, line, 0 };
	size_t mark = find_mark(line);

	if (!mark)
		return scan_miss(&sc, "a severity with a colon and two blanks");
	scan_text(&sc, "< ");
	if (!scan_time(&sc))
		return scan_miss(&sc, "a time");
	skip_zone(&sc);
	if (sc.at >= mark || (scan_peek(&sc) != ' ' && scan_peek(&sc) != ':'))
		return scan_miss(&sc, "a prefix");
	take_prefix(&sc, mark);
	if (!take_severity(&sc))
		return false;
	take_duration(&sc, scan_message(&sc));
	return true;
}

static const char *const postgres_samples[] = {
	"2025-09-08 21:48:00.123 KST [4242] LOG:  checkpoint starting: time",
	"2025-09-08 21:48:00.123 UTC [4242-1] app@shop ERROR:  relation \"x\" does not exist",
	"2025-09-08 21:48:00.123 UTC [4242] LOG:  duration: 12.3 ms  statement: SELECT 1",
	"2025-09-08 21:48:00 UTC:192.0.2.7(51234):app@shop:[4242]:ERROR:  duplicate key value",
	"2025-09-08 21:48:00 UTC [4242]: [1-1] user=app,db=shop LOG:  connection authorized",
	"< 2025-09-08 21:48:00.123 UTC > LOG:  ready",
	NULL,
};

const struct format format_postgres = {
	.id = FORMAT_POSTGRES,
	.name = "postgres",
	.title = "PostgreSQL",
	.multiline = true,
	.first = "0-9<",
	.parse = postgres_parse,
	.samples = postgres_samples,
};
