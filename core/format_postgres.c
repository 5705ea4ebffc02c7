/*
 * PostgreSQL's stderr log, with the prefixes that distributions set:
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
	if (n > sc->at + 2 && n < sc->s.n && sc->s.p[n] == ' ')
		sc->at = n;
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
	struct span session;

	if (!scan_time(&sc))
		return false;
	skip_zone(&sc);
	if (!scan_text(&sc, " [") || !scan_number(&sc, FIELD_PID))
		return false;
	if (scan_text(&sc, "-") && !scan_digits(&sc, &session))
		return false;
	if (!scan_text(&sc, "]") || !scan_blanks(&sc))
		return false;
	if (!take_severity(&sc)) {
		if (!scan_word(&sc, &session) || !memchr(session.p, '@', session.n) ||
		    !scan_blanks(&sc) || !take_severity(&sc))
			return scan_miss(&sc, "user@database and a severity");
		parsed_other(p, "session", session);
	}
	take_duration(&sc, scan_message(&sc));
	return true;
}

static const char *const postgres_samples[] = {
	"2025-09-08 21:48:00.123 KST [4242] LOG:  checkpoint starting: time",
	"2025-09-08 21:48:00.123 UTC [4242-1] app@shop ERROR:  relation \"x\" does not exist",
	"2025-09-08 21:48:00.123 UTC [4242] LOG:  duration: 12.3 ms  statement: SELECT 1",
	NULL,
};

const struct format format_postgres = {
	.id = FORMAT_POSTGRES,
	.name = "postgres",
	.title = "PostgreSQL",
	.multiline = true,
	.first = "0-9",
	.parse = postgres_parse,
	.samples = postgres_samples,
};
