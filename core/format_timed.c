/*
 * Text with nothing but a time in front: Go's log, what was given a time by
 * `ts` or `docker logs -t`, squid. It is a weak start: a message's second
 * line may begin with a time too.
 *
 *   2025/09/08 21:48:00 listening on :8080
 *   1757335680.123    542 192.0.2.7 TCP_MISS/200 ...          seconds since 1970, with ms
 *   2025-09-08T21:48:00.123Z {"level": "error", ...}          JSON behind it is read
 *
 * Lines that are clearly the inside of a record are refused, though they have a time:
 * those of a stack trace, and PostgreSQL's DETAIL and STATEMENT.
 */
#include "config.h"

#include <ctype.h>

#include "core/format_rows.h"
#include "core/parsed.h"
#include "core/scan.h"

enum { CONTAINER_STAMP = 30 }; /* bytes, at least: nine digits behind the second */

/* "1757335680.123": ten digits and three. */
static bool
take_epoch(struct scan *sc)
{
	struct span rest = scan_rest(sc), stamp = span_head(rest, 14);

	for (size_t i = 0; i < stamp.n; i++)
		if (i == 10 ? stamp.p[i] != '.' : !isdigit((unsigned char)stamp.p[i]))
			return false;
	if (stamp.n < 14 || rest.n < 15 || rest.p[14] != ' ' || !parsed_time(sc->p, sc->out, stamp))
		return false;
	scan_set(sc, FIELD_TIME, stamp);
	sc->at += stamp.n;
	return true;
}

/* What container tools put a time before, line by line: stack traces too. */
static bool
goes_on(const struct scan *sc)
{
	struct span rest = scan_rest(sc);
	bool container = sc->at >= CONTAINER_STAMP && sc->s.p[10] == 'T' && rest.n && *rest.p == ' ';

	if (container && (span_starts(rest, SPAN_LIT(" stdout ")) || span_starts(rest, SPAN_LIT(" stderr "))))
		return true;
	return (container && container_goes_on(span_from(rest, 1))) || postgres_goes_on(rest);
}

static bool
timed_parse(struct parser *p, struct span line, struct parsed *out)
{
	struct scan sc = { p, out, line, 0 };

	scan_text(&sc, "[");
	if (!scan_time(&sc) && !take_epoch(&sc))
		return scan_miss(&sc, "a time");
	if (goes_on(&sc))
		return scan_miss(&sc, "the start of a record");
	scan_text(&sc, "]");
	if (!scan_end(&sc) && !scan_blanks(&sc))
		return false;
	if (scan_peek(&sc) == '{' && format_inner(p, scan_rest(&sc), out))
		return true;
	parsed_words(p, out, scan_message(&sc));
	return true;
}

static const char *const timed_samples[] = {
	"2025/09/08 21:48:00 listening on :8080",
	"[2025-09-08 21:48:00] worker started",
	"1757335680.123    542 192.0.2.7 TCP_MISS/200 1934 GET http://a.b/",
	"2025-09-08T21:48:00.123Z {\"level\":\"error\",\"msg\":\"failed\"}",
	NULL,
};

const struct format format_timed = {
	.id = FORMAT_TIMED,
	.name = "timed",
	.title = "Text with a time in front",
	.start = START_WEAK,
	.multiline = true,
	.first = "0-9[A-S",
	.parse = timed_parse,
	.samples = timed_samples,
};
