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
 *
 * The head of such a line is a row of items (words and bracketed words)
 * between separators (blanks, tabs, "-", "|", ":"). An item is a level, a
 * logger's name, a process or thread, or a file and line, by its look and by
 * what stands around it; the first item that is none of them begins the
 * message. Without a level it is no record of this format: a bare time
 * ("timed", weak) could be anybody's message.
 */
#include "config.h"

#include <ctype.h>

#include "core/format_rows.h"
#include "core/parsed.h"
#include "core/scan.h"

enum { ITEMS_MAX = 8 };

struct head {
	struct scan sc;
	bool level, logger; /* found */
	struct span plain;  /* a bracketed word that may be the logger or the thread */
};

struct item {
	struct span text;
	bool bracketed;
	bool colon; /* a ':' follows, perhaps after blanks */
	bool apart; /* '-', '|' or a tab follows: it is a column of its own */
	size_t end; /* where it ends in the line, colon included */
};

static bool
is_name_char(char c)
{
	return isalnum((unsigned char)c) || (c && strchr("_.-/$:@", c));
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
take_level(struct head *h, const struct item *item)
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

	if (!line.p || !all(place, is_name_char))
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
	if (h->logger || !all(name, is_name_char))
		return false;
	scan_set(&h->sc, FIELD_LOGGER, name);
	return h->logger = true;
}

/* "#4242", or digits that cannot be the message's because a column follows. */
static bool
take_process(struct head *h, const struct item *item)
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
take_bracketed(struct head *h, const struct item *item)
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

static bool
take_item(struct head *h, const struct item *item)
{
	if ((!h->level && take_level(h, item)) || take_process(h, item))
		return true;
	if (item->bracketed)
		return take_bracketed(h, item);
	if (!h->level || item->apart)
		return take_place(h, item->text) || take_logger(h, item->text);
	if (item->colon)
		return take_place(h, item->text) || take_logger(h, item->text);
	return is_dotted(item->text) && take_logger(h, item->text);
}

/* What separates items: blanks, tabs, '|', ']' and runs of '-' that stand alone. */
static void
skip_separators(struct scan *sc)
{
	for (;;) {
		struct span rest = scan_rest(sc);
		size_t dashes = 0;

		while (dashes < rest.n && rest.p[dashes] == '-')
			dashes++;
		if (dashes && dashes < rest.n && rest.p[dashes] == ' ')
			sc->at += dashes;
		else if (rest.n && memchr(" \t|]", rest.p[0], 4))
			sc->at++;
		else if (rest.n > 1 && rest.p[0] == ':' && rest.p[1] == ' ')
			sc->at++;
		else
			return;
	}
}

/* Look at the item at the cursor without taking it. */
static bool
next_item(const struct scan *sc, struct item *item)
{
	struct span rest = scan_rest(sc);
	size_t n = 0;

	if (!rest.n)
		return false;
	item->bracketed = rest.p[0] == '[' || rest.p[0] == '(';
	item->colon = item->apart = false;
	if (item->bracketed) {
		ptrdiff_t close = span_chr(span_head(rest, 80), rest.p[0] == '[' ? ']' : ')');

		if (close < 1)
			return false;
		item->text = span_trim(span_of(rest.p + 1, (size_t)close - 1));
		n = (size_t)close + 1;
	} else {
		while (n < rest.n && !memchr(" \t|]", rest.p[n], 4))
			n++;
		if (n > 1 && rest.p[n - 1] == ':')
			item->colon = true;
		item->text = span_head(rest, n - item->colon);
	}
	item->end = sc->at + n;
	item->apart = n < rest.n && memchr("\t|]", rest.p[n], 3);
	while (n < rest.n && rest.p[n] == ' ')
		n++;
	if (n + 1 < rest.n && rest.p[n] == ':' && rest.p[n + 1] == ' ')
		item->colon = true;
	if (n < rest.n && (rest.p[n] == '|' || (rest.p[n] == '-' && n + 1 < rest.n &&
						(rest.p[n + 1] == ' ' || rest.p[n + 1] == '-'))))
		item->apart = true;
	return true;
}

/* The items from the cursor on; the cursor ends where the message begins. */
static bool
read_head(struct head *h)
{
	struct item item;
	unsigned names = 0;

	for (int i = 0; i < ITEMS_MAX; i++) {
		skip_separators(&h->sc);
		if (!next_item(&h->sc, &item))
			break;
		bool before = h->level;

		if (!take_item(h, &item))
			break;
		names += !h->level && !item.bracketed && !all(item.text, is_digit);
		h->sc.at = item.end;
		/* More than one name before the level is prose. */
		if (names > 1 && !h->level)
			break;
		/* A name that ends in a colon ends the head. */
		if (before && h->logger && item.colon && !item.bracketed)
			break;
	}
	if (!h->level)
		return scan_miss(&h->sc, "a level after the time");
	skip_separators(&h->sc);
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
		struct item item = { .text = span_head(rest, (size_t)(colon + 1)), .apart = true };

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
		return;
	}
	if (scan_text(&h->sc, "["), scan_level(&h->sc)) {
		h->level = true;
		while (scan_peek(&h->sc) && memchr(" ]:-|[", scan_peek(&h->sc), 6))
			h->sc.at++;
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

static bool
python_parse(struct parser *p, struct span line, struct parsed *out)
{
	struct head h = { .sc = { p, out, line, 0 } };

	if (!is_digit(line.p[0]))
		before_time(&h);
	if (!is_digit(scan_peek(&h.sc)) || (!scan_time(&h.sc) && !skip_clock(&h.sc)))
		return scan_miss(&h.sc, "a time");
	if (!scan_end(&h.sc) && !memchr(" \t]|:-#", scan_peek(&h.sc), 7))
		return scan_miss(&h.sc, "a blank after the time");
	if (is_structlog(scan_rest(&h.sc)))
		return scan_miss(&h.sc, "a level that is not structlog's");
	if (!(at_colons(&h.sc) ? read_colons(&h) : read_head(&h)))
		return false;
	parsed_words(p, out, scan_message(&h.sc));
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

static bool
timed_parse(struct parser *p, struct span line, struct parsed *out)
{
	struct scan sc = { p, out, line, 0 };

	scan_text(&sc, "[");
	if (!scan_time(&sc))
		return false;
	scan_text(&sc, "]");
	if (!scan_end(&sc) && !scan_blanks(&sc))
		return false;
	parsed_words(p, out, scan_message(&sc));
	return true;
}

static const char *const timed_samples[] = {
	"2025/09/08 21:48:00 listening on :8080",
	"[2025-09-08 21:48:00] worker started",
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
