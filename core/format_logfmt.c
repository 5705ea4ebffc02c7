/*
 * Two weak formats that Go programs write:
 *
 *   time=2025-09-08T21:48:00Z level=info msg="listening" port=8080     logfmt
 *   I0908 21:48:00.123456    4242 server.go:33] listening              klog, glog
 *
 * logfmt is a line of pairs, two at least, from its first byte on. klog's
 * letter is the level, then month and day; the year is that of the source.
 */
#include "config.h"

#include <ctype.h>

#include "core/format_rows.h"
#include "core/parsed.h"
#include "core/scan.h"

static bool
logfmt_parse(struct parser *p, struct span line, struct parsed *out)
{
	struct scan sc = { p, out, line, 0 };

	if (!parsed_begins_pairs(line))
		return scan_miss(&sc, "key=value pairs");
	parsed_pairs(p, out, line);
	if (!out->field[FIELD_MESSAGE].p)
		out->field[FIELD_MESSAGE] = out->field[FIELD_EVENT];
	if (out->level == LEVEL_NONE && out->status && out->field[FIELD_METHOD].p)
		out->level = level_from_status(out->status);
	if (out->status && out->field[FIELD_METHOD].p && out->duration >= 0)
		out->flags |= PARSED_ACCESS;
	return true;
}

static const char *const logfmt_samples[] = {
	"time=2025-09-08T21:48:00Z level=info msg=\"listening\" port=8080",
	"at=info method=GET path=/ host=a.b status=200 bytes=186",
	"event='payment failed' level='error' order=7",
	NULL,
};

const struct format format_logfmt = {
	.id = FORMAT_LOGFMT,
	.name = "logfmt",
	.title = "logfmt (key=value)",
	.start = START_WEAK,
	.multiline = true,
	.first = "a-zA-Z@_",
	.parse = logfmt_parse,
	.samples = logfmt_samples,
};

/* "0908 21:48:00.123456" as "Sep 08 21:48:00.123456", which is a stamp. */
static bool
klog_time(struct scan *sc)
{
	static const char months[][4] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
		"Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
	struct strbuf *b = &sc->p->arena;
	size_t from = b->n, start = sc->at;
	struct span date, clock;
	unsigned month;
	bool good;

	if (!scan_digits(sc, &date) || date.n != 4 || !scan_blanks(sc) || !scan_word(sc, &clock) ||
	    clock.n > 18)
		return false;
	month = (unsigned)(date.p[0] - '0') * 10 + (unsigned)(date.p[1] - '0');
	if (month < 1 || month > 12)
		return scan_miss(sc, "month and day");
	strbuf_addf(b, "%s %.2s %.*s", months[month - 1], date.p + 2, SPAN_FMT(clock));
	good = parsed_stamp(sc->p, sc->out, span_of(b->p + from, b->n - from)) > 0;
	b->n = from;
	if (!good)
		return scan_miss(sc, "a time");
	scan_set(sc, FIELD_TIME, span_of(sc->s.p + start, sc->at - start));
	return true;
}

static bool
klog_parse(struct parser *p, struct span line, struct parsed *out)
{
	static const char letters[] = "DIWEF";
	static const enum level levels[] = { LEVEL_DEBUG, LEVEL_INFO, LEVEL_WARNING, LEVEL_ERROR,
		LEVEL_CRITICAL };
	struct scan sc = { p, out, line, 1 };
	const char *letter = memchr(letters, line.p[0], sizeof letters - 1);
	struct span place;
	ptrdiff_t colon;

	if (!letter || !klog_time(&sc) || !scan_blanks(&sc) || !scan_number(&sc, FIELD_PID) ||
	    !scan_blanks(&sc) || !scan_to(&sc, ']', &place))
		return false;
	colon = span_chr(place, ':');
	if (colon < 1)
		return scan_miss(&sc, "file:line]");
	out->level = levels[letter - letters];
	scan_set(&sc, FIELD_LEVEL, span_head(line, 1));
	scan_set(&sc, FIELD_FILE, span_head(place, (size_t)colon));
	scan_set(&sc, FIELD_LINE, span_from(place, (size_t)colon + 1));
	scan_message(&sc);
	return true;
}

static const char *const klog_samples[] = {
	"I0908 21:48:00.123456    4242 server.go:33] listening",
	"E0908 21:48:00.123456       1 reflector.go:178] failed to list",
	NULL,
};

const struct format format_klog = {
	.id = FORMAT_KLOG,
	.name = "klog",
	.title = "klog and glog",
	.start = START_WEAK,
	.multiline = true,
	.first = "DIWEF",
	.parse = klog_parse,
	.samples = klog_samples,
};
