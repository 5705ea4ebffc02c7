/*
 * Text that begins with a time and has a level soon after, in whatever order
 * the rest stands. It is how most programs log that were not told otherwise:
 *
 *   2025-09-08 21:48:00,123 INFO myapp.views message              Python, common orders
 *   2025-09-08 21:48:00,123 - myapp.views - INFO - message
 *   2025-09-08 21:48:00,123 [INFO] myapp.views: message
 *   2025-09-08 21:48:00,123:INFO:myapp.views:message
 *   [2025-09-08 21:48:00] INFO [myapp.views:33] message
 *   2025-09-08 21:48:00.123 | INFO     | app:run:33 - message     loguru
 *   2025-09-08 21:48:00.123  INFO 4242 --- [main] c.e.App : text  Spring Boot
 *   21:48:00.123 [main] INFO c.e.App - text                       logback without a date
 *   I, [2025-09-08T21:48:00.123456 #4242]  INFO -- : text         Ruby
 *   [2025-09-08T21:48:00Z INFO  app::web] text                    Rust
 *   2025-09-08T21:48:00.123Z<tab>info<tab>web/run.go:33<tab>text  zap
 *   2025-09-08T21:48:00Z pid=42 tid=abc jid=12 INFO: start        Sidekiq
 *   2025-09-08T21:48:00Z  INFO request{method=GET}: app::web: text tracing
 *
 * The head of such a line is a row of items (words and bracketed words)
 * between separators (blanks, tabs, "-", "|", ":"). An item is a level, a
 * logger's name, a process or thread, a pair, a request's UUID, or a file and line, by
 * its look and by what stands around it; the first item that is none of them begins the
 * message, which may hold pairs or JSON of its own. Without a level it is no record of this format: a bare time
 * ("timed", weak) could be anybody's message.
 */
#include "config.h"

#include <ctype.h>

#include "core/format_rows.h"
#include "core/parsed.h"
#include "core/scan.h"
#include "core/text_item.h"

enum { ITEMS_MAX = 8 };

struct head {
	struct scan sc;
	bool level, logger; /* found */
	bool ruby;          /* what Ruby's Logger begins its lines with */
	struct span plain;  /* a bracketed word that may be the logger or the thread */
};

static bool
is_name_char(char c)
{
	return isalnum((unsigned char)c) || (c && strchr("_.-/$:@", c));
}

/* "__main__:<module>" */
static bool
is_place_char(char c)
{
	return is_name_char(c) || c == '<' || c == '>';
}

static bool
all(struct span s, bool (*is)(char))
{
	for (size_t i = 0; i < s.n; i++)
		if (!is(s.p[i]))
			return false;
	return s.n > 0;
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* "myapp.views", "app::web": parts joined by dots or double colons, no digit in front. */
static bool
is_dotted(struct span s)
{
	if (!s.n || !(isalpha((unsigned char)s.p[0]) || s.p[0] == '_') || !all(s, is_name_char) ||
	    !(isalnum((unsigned char)s.p[s.n - 1]) || s.p[s.n - 1] == '_'))
		return false;
	for (size_t i = 1; i + 1 < s.n; i++)
		if ((s.p[i] == '.' && s.p[i + 1] != '.') || (s.p[i] == ':' && s.p[i + 1] == ':'))
			return true;
	return span_eq_str(s, "root") || span_eq_str(s, "__main__");
}

/* The digits after the last ':' ("views.py:33"), or nothing. */
static struct span
line_number(struct span s)
{
	size_t n = s.n;

	while (n && is_digit(s.p[n - 1]))
		n--;
	if (n < 2 || n == s.n || s.p[n - 1] != ':')
		return SPAN_NONE;
	return span_from(s, n);
}

/* A level in capitals, or in any case where it is a column or in brackets. */
static bool
take_level(struct head *h, const struct text_item *item)
{
	struct span word = item->text;
	bool capitals = true;

	/* Monolog: "local.ERROR:" */
	for (size_t i = word.n; i-- > 0 && item->colon && !h->logger;)
		if (word.p[i] == '.') {
			if (!parsed_is_level(span_from(word, i + 1)))
				break;
			scan_set(&h->sc, FIELD_LOGGER, span_head(word, i));
			h->logger = true;
			word = span_from(word, i + 1);
		}
	if (!parsed_is_level(word))
		return false;
	for (size_t i = 0; i < word.n; i++)
		capitals = capitals && isupper((unsigned char)word.p[i]);
	if (!capitals && !item->bracketed && !item->colon && !item->apart)
		return false;
	h->level = parsed_level(h->sc.p, h->sc.out, word);
	return h->level;
}

/* "name:line", "file.go:33", "name:function:line". */
static bool
take_place(struct head *h, struct span text)
{
	struct span line = line_number(text), place = span_head(text, text.n - line.n - 1);
	ptrdiff_t colon;

	/* Not an address and its port. */
	if (!line.p || is_digit(*place.p) || !all(place, is_place_char))
		return false;
	scan_set(&h->sc, FIELD_LINE, line);
	colon = span_chr(place, ':');
	if (colon > 0 && (size_t)colon + 1 < place.n && place.p[colon + 1] != ':') {
		scan_set(&h->sc, FIELD_FUNCTION, span_from(place, (size_t)colon + 1));
		place.n = (size_t)colon;
	}
	if (place.n > 3 && (memchr(place.p, '/', place.n) || span_ends(place, SPAN_LIT(".py")) ||
			    span_ends(place, SPAN_LIT(".go")) || h->logger)) {
		scan_set(&h->sc, FIELD_FILE, place);
		return true;
	}
	scan_set(&h->sc, FIELD_LOGGER, place);
	return h->logger = true;
}

static bool
take_logger(struct head *h, struct span name)
{
	if (h->logger || !name.n || is_digit(*name.p) || !all(name, is_name_char))
		return false;
	scan_set(&h->sc, FIELD_LOGGER, name);
	return h->logger = true;
}

/* "#4242", or digits that cannot be the message's because a column follows. */
static bool
take_process(struct head *h, const struct text_item *item)
{
	struct span digits = item->text;
	bool marked = digits.n > 1 && digits.p[0] == '#';

	digits = span_from(digits, marked);
	if (!all(digits, is_digit) || digits.n > 19 ||
	    (h->level && !marked && !item->bracketed && !item->apart))
		return false;
	scan_set(&h->sc, h->sc.out->field[FIELD_PID].p ? FIELD_THREAD : FIELD_PID, digits);
	return true;
}

static bool
take_uuid(struct head *h, struct span s)
{
	if (s.n != 36 || s.p[8] != '-' || s.p[13] != '-' || s.p[18] != '-' || s.p[23] != '-')
		return false;
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] != '-' && !isxdigit((unsigned char)s.p[i]))
			return false;
	scan_set(&h->sc, FIELD_REQUEST_ID, s);
	return true;
}

/* "jid=12" before the level, "request{method=GET path=/x}" anywhere in the head. */
static bool
take_pairs(struct head *h, struct span text)
{
	ptrdiff_t equals = span_chr(text, '='), brace = span_chr(text, '{');

	if (brace > 0 && equals > brace && text.p[text.n - 1] == '}') {
		parsed_pairs(h->sc.p, h->sc.out,
			     span_of(text.p + brace + 1, text.n - (size_t)brace - 2));
		return true;
	}
	if (h->level || equals < 1 || !all(span_head(text, (size_t)equals), is_name_char))
		return false;
	parsed_pairs(h->sc.p, h->sc.out, text);
	return true;
}

static bool
take_bracketed(struct head *h, const struct text_item *item)
{
	if (take_place(h, item->text))
		return true;
	/* Behind level and logger it is the message's. */
	if (h->level && h->logger)
		return false;
	if (is_dotted(item->text) && take_logger(h, item->text))
		return true;
	if (!item->text.n || span_chr(item->text, ' ') >= 0)
		return false;
	h->plain = item->text;
	return true;
}

/* Tomcat's "o.a.c.c.C.[.[.[/].[dispatcherServlet]". */
static bool
take_valve(struct head *h, struct span name)
{
	ptrdiff_t square = span_chr(name, '[');

	if (h->logger || square < 2 || name.p[square - 1] != '.' ||
	    !all(span_head(name, (size_t)square), is_name_char))
		return false;
	scan_set(&h->sc, FIELD_LOGGER, name);
	return h->logger = true;
}

static bool
take_item(struct head *h, const struct text_item *item)
{
	if (item->last)
		return false;
	if ((!h->level && take_level(h, item)) || take_process(h, item) ||
	    take_uuid(h, item->text) || take_pairs(h, item->text))
		return true;
	if (item->bracketed)
		return take_bracketed(h, item);
	if (!h->level || item->apart)
		return take_place(h, item->text) || take_logger(h, item->text);
	if (item->colon)
		return take_place(h, item->text) || take_logger(h, item->text) ||
		       take_valve(h, item->text);
	return is_dotted(item->text) && take_logger(h, item->text);
}

/* " -- myapp: [1b4e28ba-2fa1-11d2-883f-0016d3cca427] ": program, and Rails' tags. */
static void
ruby_tail(struct head *h)
{
	struct span name, tag;
	size_t at;

	scan_blanks(&h->sc);
	if (!scan_text(&h->sc, "-- ") || !scan_to(&h->sc, ':', &name))
		return;
	take_logger(h, span_trim(name));
	at = h->sc.at;
	while (scan_text(&h->sc, " [") && scan_to(&h->sc, ']', &tag) && take_uuid(h, tag))
		at = h->sc.at;
	h->sc.at = at;
}

/* "PHP Warning:  ", "PHP Fatal error:  ", "PHP Parse error:  " */
static bool
take_php(struct head *h)
{
	size_t from = h->sc.at;
	struct span kind, word;
	ptrdiff_t blank;

	if (scan_text(&h->sc, "PHP ") && scan_to(&h->sc, ':', &kind) && kind.n < 24) {
		blank = span_chr(kind, ' ');
		word = blank < 0 ? kind : span_head(kind, (size_t)blank);
		if (!parsed_is_level(word) && blank > 0)
			word = span_from(kind, (size_t)blank + 1);
		if (parsed_is_level(word))
			return h->level = parsed_level(h->sc.p, h->sc.out, word);
	}
	h->sc.at = from;
	return false;
}

/* The items from the cursor on; the cursor ends where the message begins. */
static bool
read_head(struct head *h)
{
	struct text_item item;
	unsigned names = 0;

	for (int i = 0; i < ITEMS_MAX; i++) {
		text_item_skip(&h->sc);
		if (!h->level && take_php(h))
			break;
		if (!text_item_look(&h->sc, &item))
			break;
		bool before = h->level;

		if (!take_item(h, &item))
			break;
		names += !h->level && !item.bracketed && !all(item.text, is_digit) &&
			 span_chr(item.text, '=') < 0;
		h->sc.at = item.end;
		if (h->ruby && h->level)
			break;
		/* More than one name before the level is prose. */
		if (names > 1 && !h->level)
			break;
		/* A name that ends in a colon ends the head. */
		if (before && h->logger && item.colon && !item.bracketed)
			break;
	}
	if (!h->level)
		return scan_miss(&h->sc, "a level after the time");
	if (h->ruby)
		ruby_tail(h);
	else
		text_item_skip(&h->sc);
	if (h->plain.p)
		scan_set(&h->sc, h->logger ? FIELD_THREAD : FIELD_LOGGER, h->plain);
	return true;
}

/* ":INFO:myapp:message": columns between colons without blanks. */
static bool
read_colons(struct head *h)
{
	while (scan_peek(&h->sc) == ':') {
		struct span rest = span_from(scan_rest(&h->sc), 1);
		ptrdiff_t colon = span_chr(rest, ':');
		struct text_item item = { .text = span_head(rest, (size_t)(colon + 1)), .apart = true };

		if (colon < 1 || (size_t)colon + 1 >= rest.n || rest.p[colon + 1] == ' ')
			break;
		item.text.n--;
		if ((h->level || !take_level(h, &item)) && !take_logger(h, item.text))
			break;
		h->sc.at += 1 + (size_t)colon;
	}
	h->sc.at++;
	return h->level || scan_miss(&h->sc, "a level after the time");
}

/* Whether a colon that no blank follows stands at the cursor. */
static bool
at_colons(const struct scan *sc)
{
	struct span rest = scan_rest(sc);

	return rest.n > 1 && rest.p[0] == ':' && rest.p[1] != ' ';
}

/* "21:48:00.123" without a date: no time of the record, but a start. */
static bool
skip_clock(struct scan *sc)
{
	static const char shape[] = "00:00:00";
	struct span rest = scan_rest(sc);
	size_t n = sizeof shape - 1;

	if (rest.n < n)
		return false;
	/* zerolog: "9:48PM" */
	for (n = 4; n < 6; n++)
		if (rest.p[n - 3] == ':' && is_digit(rest.p[n - 1]) && rest.p[n + 1] == 'M' &&
		    (rest.p[n] == 'A' || rest.p[n] == 'P')) {
			scan_set(sc, FIELD_TIME, span_head(rest, n + 2));
			sc->at += n + 2;
			return true;
		}
	n = sizeof shape - 1;
	for (size_t i = 0; i < n; i++)
		if (shape[i] == '0' ? !is_digit(rest.p[i]) : rest.p[i] != shape[i])
			return false;
	while (n < rest.n && (is_digit(rest.p[n]) || rest.p[n] == '.' || rest.p[n] == ','))
		n++;
	scan_set(sc, FIELD_TIME, span_head(rest, n));
	sc->at += n;
	return true;
}

/* What may stand before the time: "[", "I, [", "[INFO] ", "INFO [", "INFO - ". */
static void
before_time(struct head *h)
{
	struct span rest = scan_rest(&h->sc);
	size_t from = h->sc.at;

	if (rest.n > 4 && isupper((unsigned char)rest.p[0]) && rest.p[1] == ',' &&
	    rest.p[2] == ' ' && rest.p[3] == '[') {
		h->sc.at += 4;
		h->ruby = true;
		return;
	}
	if (scan_text(&h->sc, "["), scan_level(&h->sc)) {
		h->level = true;
		while (scan_peek(&h->sc) && memchr(" \t]:-|[", scan_peek(&h->sc), 7))
			h->sc.at++;
		/* "INFO  [main] 2025-..." */
		from = h->sc.at;
		if (isalpha((unsigned char)scan_peek(&h->sc)) && scan_to(&h->sc, ']', &rest) &&
		    rest.n < 80 && scan_blanks(&h->sc))
			h->plain = rest;
		else
			h->sc.at = from;
		return;
	}
	h->sc.at = from;
	scan_text(&h->sc, "[");
}

/* " [info     ]": structlog's console has a row of its own, with a weak start. */
static bool
is_structlog(struct span rest)
{
	return rest.n > 11 && rest.p[0] == ' ' && rest.p[1] == '[' &&
	       islower((unsigned char)rest.p[2]) && rest.p[11] == ']';
}

/* " Asia/Seoul]": PHP names the zone, which is the machine's own. */
static void
skip_zone_name(struct scan *sc)
{
	struct span rest = scan_rest(sc);
	ptrdiff_t close = span_chr(span_head(rest, 40), ']');

	if (close > 3 && rest.p[0] == ' ' && isupper((unsigned char)rest.p[1]) &&
	    memchr(rest.p, '/', (size_t)close) && !memchr(rest.p + 1, ' ', (size_t)close - 1))
		sc->at += (size_t)close;
}

/* A message of pairs (lograge), with JSON behind a tab (zap), or in words. */
static void
read_message(struct scan *sc)
{
	struct span text = scan_message(sc);
	ptrdiff_t tab = span_chr(text, '\t');

	if (parsed_begins_pairs(text))
		parsed_pairs(sc->p, sc->out, text);
	else if (tab > 0 && (size_t)tab + 1 < text.n && text.p[tab + 1] == '{')
		format_inner(sc->p, span_from(text, (size_t)tab + 1), sc->out);
	else
		parsed_words(sc->p, sc->out, text);
}

static bool
python_parse(struct parser *p, struct span line, struct parsed *out)
{
	struct head h = { .sc = { p, out, line, 0 } };

	if (!is_digit(line.p[0]))
		before_time(&h);
	if (!is_digit(scan_peek(&h.sc)) || (!scan_time(&h.sc) && !skip_clock(&h.sc)))
		return scan_miss(&h.sc, "a time");
	skip_zone_name(&h.sc);
	if (!scan_end(&h.sc) && !memchr(" \t]|:-#", scan_peek(&h.sc), 7))
		return scan_miss(&h.sc, "a blank after the time");
	if (is_structlog(scan_rest(&h.sc)))
		return scan_miss(&h.sc, "a level that is not structlog's");
	if (!(at_colons(&h.sc) ? read_colons(&h) : read_head(&h)))
		return false;
	read_message(&h.sc);
	return true;
}

static const char *const python_samples[] = {
	"2025-09-08 21:48:00,123 INFO myapp.views Request started",
	"2025-09-08 21:48:00,123 - myapp.views - INFO - Request started",
	"2025-09-08 21:48:00,123 [INFO] myapp.views: Request started",
	"2025-09-08 21:48:00,123:INFO:myapp.views:Request started",
	"[2025-09-08 21:48:00] WARNING [myapp.views:33] slow",
	"2025-09-08 21:48:00.123 | ERROR    | app:run:33 - failed",
	"2025-09-08 21:48:00.123  INFO 4242 --- [main] c.e.App    : started",
	"21:48:00.123 [main] WARN c.e.App - low memory",
	"I, [2025-09-08T21:48:00.123456 #4242]  INFO -- : started",
	"[2025-09-08T21:48:00Z INFO  app::web] listening",
	"2025-09-08T21:48:00.123Z\tinfo\tweb/run.go:33\tstarted",
	"[INFO] 2025-09-08 21:48:00,123 myapp.views: started",
	"2025-09-08T21:48:00.123Z pid=4242 tid=abc class=HardJob jid=0123 INFO: start",
	"2025-09-08T21:48:00.123Z ERROR request{method=GET path=/x}: app::web: failed",
	"INFO  [main] 2025-09-08 21:48:00,123 Daemon.java:507 - started",
	"[2025-09-08T21:48:00.123+0000] {scheduler_job.py:10} ERROR - failed",
	NULL,
};

const struct format format_python = {
	.id = FORMAT_PYTHON,
	.name = "text",
	.title = "Text with a time and a level (Python, Java, Ruby, Rust, Go)",
	.multiline = true,
	.first = "0-9[A-Z",
	.parse = python_parse,
	.samples = python_samples,
};
