/*
 * syslog, as files and as the wire have it, with what the program itself says
 * inside:
 *
 *   Sep  8 21:48:00 web-01 django[17829]: ERROR myapp.views: text         RFC 3164, no year
 *   2025-09-08T21:48:00.037520+09:00 web-01 django[17829]: ...            rsyslog's default
 *   <34>1 2025-09-08T21:48:00.003Z web-01 app 4242 ID47 [a b="c"] text    RFC 5424
 *
 * A priority in angle brackets may stand in front of the first two as well.
 * The text behind the tag is read by whatever format knows it; its level,
 * logger and message win. Without one the tag is the logger.
 */
#include "config.h"

#include <ctype.h>

#include "core/format_rows.h"
#include "core/parsed.h"
#include "core/scan.h"

static bool
take_priority(struct scan *sc)
{
	struct span digits;
	double number;

	if (!scan_text(sc, "<"))
		return true;
	if (!scan_digits(sc, &digits) || digits.n > 3 || !scan_text(sc, ">"))
		return false;
	parsed_number(digits, &number);
	sc->out->level = level_from_number((long)number % 8);
	return number < 192 || scan_miss(sc, "a priority below 192");
}

/* What the program said: by an inner format, or as it is. */
static void
take_text(struct scan *sc, struct span tag)
{
	struct span text = span_trim(scan_rest(sc));

	if (span_starts(text, SPAN_LIT("\xef\xbb\xbf")))
		text = span_from(text, 3);
	if (!format_inner(sc->p, text, sc->out)) {
		scan_set(sc, FIELD_MESSAGE, text);
		parsed_words(sc->p, sc->out, text);
	}
	scan_set(sc, FIELD_LOGGER, tag);
}

/* "tag[pid]:" or "tag:"; a line without a tag is all text. */
static bool
take_tag(struct scan *sc, struct span *tag)
{
	struct span rest = scan_rest(sc), pid = SPAN_NONE;
	size_t n = 0;

	while (n < rest.n && (isalnum((unsigned char)rest.p[n]) ||
			      (rest.p[n] && strchr("_./-@()", rest.p[n]))))
		n++;
	*tag = span_head(rest, n);
	if (n && n < rest.n && rest.p[n] == '[') {
		size_t from = ++n;

		while (n < rest.n && isdigit((unsigned char)rest.p[n]))
			n++;
		pid = span_of(rest.p + from, n - from);
		n += n < rest.n && rest.p[n] == ']';
	}
	if (!pid.p && parsed_is_level(*tag))
		return scan_miss(sc, "a program's name");
	if (!tag->n || n >= rest.n || rest.p[n] != ':' || (n + 1 < rest.n && rest.p[n + 1] != ' '))
		return scan_miss(sc, "tag[pid]:");
	scan_set(sc, FIELD_PID, pid);
	sc->at += n + 1;
	return true;
}

/* Behind the time of the older form. */
static bool
take_3164(struct scan *sc, bool tag_needed)
{
	struct span host, tag;

	if (!scan_text(sc, " ") || !scan_word(sc, &host) || !scan_blanks(sc))
		return false;
	if (parsed_is_level(host) || host.p[0] == '[')
		return scan_miss(sc, "a host's name");
	if (!take_tag(sc, &tag)) {
		if (tag_needed)
			return false;
		tag = SPAN_NONE;
	}
	scan_set(sc, FIELD_HOST, host);
	take_text(sc, tag);
	return true;
}

/* "[id key="value" ...]..." or "-" */
static bool
take_data(struct scan *sc)
{
	if (scan_text(sc, "-"))
		return true;
	if (scan_peek(sc) != '[')
		return scan_miss(sc, "structured data or '-'");
	while (scan_text(sc, "[")) {
		struct span rest = scan_rest(sc);
		bool quoted = false;
		size_t n = 0;

		for (; n < rest.n && (quoted || rest.p[n] != ']'); n++)
			if (rest.p[n] == '\\' && n + 1 < rest.n)
				n++;
			else if (rest.p[n] == '"')
				quoted = !quoted;
		if (n >= rest.n)
			return scan_miss(sc, "]");
		parsed_pairs(sc->p, sc->out, span_head(rest, n));
		sc->at += n + 1;
	}
	return true;
}

static void
set_unless_nil(struct scan *sc, enum field f, struct span value)
{
	if (!span_eq_str(value, "-"))
		scan_set(sc, f, value);
}

static bool
take_5424(struct scan *sc)
{
	struct span host, app, pid, id;

	if ((!scan_text(sc, "- ") && (!scan_time(sc) || !scan_text(sc, " "))) ||
	    !scan_word(sc, &host) || !scan_text(sc, " ") || !scan_word(sc, &app) ||
	    !scan_text(sc, " ") || !scan_word(sc, &pid) || !scan_text(sc, " ") ||
	    !scan_word(sc, &id) || !scan_text(sc, " ") || !take_data(sc))
		return false;
	set_unless_nil(sc, FIELD_HOST, host);
	set_unless_nil(sc, FIELD_PID, pid);
	if (!span_eq_str(id, "-"))
		parsed_other(sc->p, "msgid", id);
	take_text(sc, span_eq_str(app, "-") ? SPAN_NONE : app);
	return true;
}

static bool
syslog_parse(struct parser *p, struct span line, struct parsed *out)
{
	struct scan sc = { p, out, line, 0 };
	bool iso;

	if (!take_priority(&sc))
		return false;
	if (sc.at && scan_text(&sc, "1 "))
		return take_5424(&sc);
	iso = isdigit((unsigned char)scan_peek(&sc));
	if (iso && (sc.at + 10 >= line.n || line.p[sc.at + 10] != 'T'))
		return scan_miss(&sc, "date 'T' time");
	return scan_time(&sc) && take_3164(&sc, iso);
}

static const char *const syslog_samples[] = {
	"Sep  8 21:48:00 web-01 django[17829]: INFO shop.middleware: GET / -> 400 in 107.82ms",
	"Sep  8 21:48:00 web-01 kernel: usb 1-1: new device",
	"2025-09-08T21:48:00.037520+09:00 web-01 django[17829]: ERROR django.request: failed",
	"<34>1 2025-09-08T21:48:00.003Z web-01 app 4242 ID47 [x@1 user=\"kim\"] started",
	"<13>Sep  8 21:48:00 web-01 app: started",
	NULL,
};

const struct format format_syslog = {
	.id = FORMAT_SYSLOG,
	.name = "syslog",
	.title = "syslog (RFC 3164, RFC 5424), with an inner format",
	.first = "<0-9ADFJMNOS",
	.parse = syslog_parse,
	.samples = syslog_samples,
};
