/*
 * structlog's console renderer: time, padded level, event, and pairs.
 *
 *   2025-09-08 12:48:00 [info     ] Payment completed              [myapp.pay] amount=10 user='kim'
 *
 * The level is in small letters and padded to nine, which tells it from other
 * text with a level in brackets. The event is padded too; it ends where the
 * logger or the first pair begins. Colours were removed before. It is a weak
 * start: servers print such lines into their own log, under their own header.
 */
#include "config.h"

#include <ctype.h>

#include "core/format_rows.h"
#include "core/parsed.h"
#include "core/scan.h"

enum { LEVEL_WIDTH = 9 };

/* Whether "key=" stands at the start of s. */
static bool
begins_pair(struct span s)
{
	size_t n = 0;

	while (n < s.n && (isalnum((unsigned char)s.p[n]) || s.p[n] == '_' || s.p[n] == '.'))
		n++;
	return n && n < s.n && s.p[n] == '=';
}

/* The length of the event at the start of s, padding left out. */
static size_t
event_length(struct span s)
{
	for (size_t i = 1; i < s.n; i++) {
		struct span next = span_from(s, i);

		if (s.p[i - 1] == ' ' &&
		    (begins_pair(next) || (i > 1 && s.p[i - 2] == ' ' && s.p[i] == '[')))
			return span_trim(span_head(s, i)).n;
	}
	return span_trim(s).n;
}

static bool
structlog_parse(struct parser *p, struct span line, struct parsed *out)
{
	struct scan sc = { p, out, line, 0 };
	struct span level, logger;
	size_t event;

	if (!scan_time(&sc) || !scan_text(&sc, " [") || !scan_to(&sc, ']', &level))
		return false;
	if (level.n != LEVEL_WIDTH || !islower((unsigned char)level.p[0]) ||
	    !parsed_level(p, out, span_trim(level)))
		return scan_miss(&sc, "a level padded to nine");
	scan_blanks(&sc);
	event = event_length(scan_rest(&sc));
	scan_set(&sc, FIELD_EVENT, span_head(scan_rest(&sc), event));
	scan_set(&sc, FIELD_MESSAGE, span_head(scan_rest(&sc), event));
	sc.at += event;
	scan_blanks(&sc);
	if (scan_text(&sc, "[") && scan_to(&sc, ']', &logger))
		scan_set(&sc, FIELD_LOGGER, logger);
	parsed_pairs(p, out, scan_rest(&sc));
	return true;
}

static const char *const structlog_samples[] = {
	"2025-09-08 12:48:00 [info     ] Payment completed successfully amount=10.5 user='kim'",
	"\033[2m2025-09-08 12:48:00\033[0m [\033[32m\033[1merror    \033[0m] \033[1mfailed\033[0m",
	NULL,
};

const struct format format_structlog = {
	.id = FORMAT_STRUCTLOG,
	.name = "structlog",
	.title = "structlog's console text",
	.start = START_WEAK,
	.multiline = true,
	.first = "0-9",
	.parse = structlog_parse,
	.samples = structlog_samples,
};
