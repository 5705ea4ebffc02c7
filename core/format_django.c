/*
 * Python's logging with the level first:
 *
 *   INFO 2025-09-08 21:48:00,123 views 17771 139626058688192 message   Django's "verbose"
 *   INFO 2025-09-08 21:48:00,123 views message                         without process and thread
 *   ERROR:root:message                                                 logging.basicConfig
 *   ERROR myapp.views: message     ERROR: message    [ERROR] message   tagged: a weak start
 *   ERROR message                                                      Django's "simple": weak
 *
 * The last two could be the second line of anybody's message, so they count
 * only in a source that speaks them.
 */
#include "config.h"

#include <ctype.h>

#include "core/format_rows.h"
#include "core/parsed.h"
#include "core/scan.h"

/* A thread's ident is the address of its control block: long. A shorter number is the message's. */
enum { THREAD_DIGITS = 6 };

/* "17771 139626058688192 ": process and thread, or nothing is taken. */
static void
process_and_thread(struct scan *sc)
{
	size_t from = sc->at;
	struct span pid, thread;

	if (scan_digits(sc, &pid) && pid.n <= 7 && scan_blanks(sc) && scan_digits(sc, &thread) &&
	    thread.n >= THREAD_DIGITS && (scan_end(sc) || scan_peek(sc) == ' ')) {
		scan_set(sc, FIELD_PID, pid);
		scan_set(sc, FIELD_THREAD, thread);
		return;
	}
	sc->at = from;
}

static bool
django_parse(struct parser *p, struct span line, struct parsed *out)
{
	struct scan sc = { p, out, line, 0 };
	struct span module;

	if (!scan_level(&sc) || !scan_blanks(&sc) || !isdigit((unsigned char)scan_peek(&sc)) ||
	    !scan_time(&sc) || !scan_blanks(&sc) || !scan_word(&sc, &module))
		return false;
	if (module.p[0] == '[')
		return scan_miss(&sc, "a module's name");
	scan_set(&sc, FIELD_LOGGER, module);
	scan_blanks(&sc);
	process_and_thread(&sc);
	parsed_words(p, out, scan_message(&sc));
	return true;
}

static const char *const django_samples[] = {
	"INFO 2025-09-08 21:48:00,123 middleware 17771 139626058688192 Request started",
	"WARNING 2025-09-08 21:48:00,974 log Forbidden (CSRF cookie not set.): /cart/add/",
	"CRITICAL 2025-01-01 00:00:00,000 forged 1 2 owned",
	NULL,
};

const struct format format_django = {
	.id = FORMAT_DJANGO,
	.name = "django",
	.title = "Django verbose text (level, time, module)",
	.multiline = true,
	.first = "CDEFINTW",
	.parse = django_parse,
	.samples = django_samples,
};

/* A logger's name: letters, digits and dots, as in "myapp.views" or "py.warnings". */
static size_t
name_length(struct span s)
{
	size_t n = 0;

	while (n < s.n && (isalnum((unsigned char)s.p[n]) || (s.p[n] && strchr("_.-/$", s.p[n]))))
		n++;
	return n;
}

/* "name:" behind a level, followed by `then`; takes the name and the colon. */
static bool
name_and_colon(struct scan *sc, struct span then)
{
	size_t n = name_length(scan_rest(sc));
	struct span after = span_from(sc->s, sc->at + n);

	if (!n || !after.n || after.p[0] != ':' || !span_starts(span_from(after, 1), then))
		return scan_miss(sc, "a logger's name and ':'");
	scan_set(sc, FIELD_LOGGER, span_of(sc->s.p + sc->at, n));
	sc->at += n + 1;
	return true;
}

static bool
basic_parse(struct parser *p, struct span line, struct parsed *out)
{
	struct scan sc = { p, out, line, 0 };

	if (!scan_level(&sc) || !scan_text(&sc, ":") ||
	    !name_and_colon(&sc, SPAN_LIT("")))
		return false;
	if (span_starts(scan_rest(&sc), SPAN_LIT("//")))
		return scan_miss(&sc, "no URL");
	parsed_words(p, out, scan_message(&sc));
	return true;
}

static const char *const basic_samples[] = {
	"ERROR:django.request:Internal Server Error: /cart/add/",
	"WARNING:root:disk almost full",
	NULL,
};

const struct format format_basic = {
	.id = FORMAT_BASIC,
	.name = "basic",
	.title = "Python's basicConfig (LEVEL:name:message)",
	.multiline = true,
	.first = "CDEFINTW",
	.parse = basic_parse,
	.samples = basic_samples,
};

/* Loggers are named in small letters or with dots; "Forbidden: /x" is a message. */
static bool
looks_like_logger(struct span s)
{
	size_t n = name_length(s);

	return n && (islower((unsigned char)s.p[0]) || s.p[0] == '_' || memchr(s.p, '.', n));
}

/* What may stand between level and message: "name: ", ": ", " - ". */
static bool
tag(struct scan *sc, bool bracketed)
{
	size_t from = sc->at;

	if (scan_text(sc, ":"))
		return scan_blanks(sc) || scan_end(sc);
	if (!scan_blanks(sc))
		return false;
	if (scan_text(sc, "- ") ||
	    (looks_like_logger(scan_rest(sc)) && name_and_colon(sc, SPAN_LIT(" "))))
		return true;
	if (bracketed)
		sc->at = from;
	return bracketed;
}

/* "info" in small letters, and a colon: winston, .NET's console. */
static bool
small_level(struct scan *sc)
{
	ptrdiff_t colon = span_chr(span_head(scan_rest(sc), 12), ':');
	struct span word = span_head(scan_rest(sc), (size_t)(colon + 1));

	if (colon < 3)
		return false;
	word.n--;
	for (size_t i = 0; i < word.n; i++)
		if (!islower((unsigned char)word.p[i]))
			return false;
	if (!parsed_is_level(word) || !parsed_level(sc->p, sc->out, word))
		return false;
	sc->at += word.n;
	return true;
}

/* "[0012]", seconds since the start: logrus on a terminal. */
static bool
counted(struct scan *sc)
{
	struct span digits;
	size_t from = sc->at;

	if (scan_text(sc, "[") && scan_digits(sc, &digits) && digits.n >= 4 && scan_text(sc, "]"))
		return true;
	sc->at = from;
	return false;
}

static bool
tagged_parse(struct parser *p, struct span line, struct parsed *out)
{
	struct scan sc = { p, out, line, 0 };
	bool bracketed = scan_text(&sc, "[");

	if (!scan_level(&sc) && (bracketed || !small_level(&sc)))
		return false;
	if (bracketed ? !scan_text(&sc, "]") || !tag(&sc, true) : !counted(&sc) && !tag(&sc, false))
		return false;
	parsed_words(p, out, scan_message(&sc));
	return true;
}

static const char *const tagged_samples[] = {
	"INFO shop.middleware: GET / -> 400 in 107.82ms",
	"ERROR: connection refused",
	"[WARNING] low on memory",
	"INFO - started",
	"info: Microsoft.Hosting.Lifetime[14]",
	"WARN[0001] The group's number increased",
	NULL,
};

const struct format format_tagged = {
	.id = FORMAT_TAGGED,
	.name = "tagged",
	.title = "Level and name before a message (LEVEL name: message)",
	.start = START_WEAK,
	.multiline = true,
	.first = "[CDEFINPTWcdefintvw",
	.parse = tagged_parse,
	.samples = tagged_samples,
};

static bool
simple_parse(struct parser *p, struct span line, struct parsed *out)
{
	struct scan sc = { p, out, line, 0 };

	if (!scan_level(&sc) || !scan_text(&sc, " "))
		return false;
	parsed_words(p, out, scan_message(&sc));
	return true;
}

static const char *const simple_samples[] = {
	"INFO Request started",
	"ERROR Internal Server Error: /debug/sql/",
	"CRITICAL ",
	NULL,
};

const struct format format_simple = {
	.id = FORMAT_SIMPLE,
	.name = "simple",
	.title = "Django simple text (level, message)",
	.start = START_WEAK,
	.multiline = true,
	.first = "CDEFINTW",
	.parse = simple_parse,
	.samples = simple_samples,
};
