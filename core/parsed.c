/*
 * parsed: values on their way into a struct parsed.
 *
 * Formats find the spans; what a span means as a number, a level or a request
 * is the same for all of them and stands here. Nothing is copied: a value that
 * cannot be converted stays as text and its number stays absent.
 */
#include "config.h"

#include "core/parsed.h"

#include <ctype.h>

#include "core/units.h"

void
parsed_clear(struct parsed *out)
{
	/* Wide stores, where one memset() of it all would become a slow string instruction. */
#pragma GCC unroll 4
	for (size_t i = 0; i < FIELD_COUNT; i++)
		memset(&out->field[i], 0, sizeof out->field[i]);
	out->time = TIME_NONE;
	out->naive = false;
	out->level = LEVEL_NONE;
	out->status = 0;
	out->duration = -1;
	out->size = -1;
	out->flags = 0;
	out->escaped = 0;
}

static enum value_kind
kind_of(enum field_kind kind, struct span value)
{
	double number;

	if (kind != KIND_INT && kind != KIND_SECONDS && kind != KIND_BYTES)
		return VALUE_STRING;
	return parsed_number(value, &number) ? VALUE_NUMBER : VALUE_STRING;
}

static void
emit(struct parser *p, struct span key, struct span value, enum field id, enum value_kind kind)
{
	struct keyvalue kv = { key, value, id, kind, false };

	p->emit(p->emit_arg, &kv);
}

static void
set_as(struct parser *p, struct parsed *out, enum field f, struct span key, struct span value)
{
	if (out->field[f].p || !value.p)
		return;
	out->field[f] = value;
	if (p->emit)
		emit(p, key, value, f, kind_of(field_info[f].kind, value));
}

void
parsed_set(struct parser *p, struct parsed *out, enum field f, struct span value)
{
	set_as(p, out, f, span_str(field_info[f].name), value);
}

void
parsed_other(struct parser *p, const char *key, struct span value)
{
	if (p->emit && value.p)
		emit(p, span_str(key), value, FIELD_OTHER, VALUE_STRING);
}

bool
parsed_number(struct span s, double *value)
{
	static const double scale[] = { 1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9,
		1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18 };
	uint64_t digits = 0;
	size_t decimals = 0;
	bool point = false;

	if (s.n == 0 || s.n > 32 || !isdigit((unsigned char)s.p[0]))
		return false;
	for (size_t i = 0; i < s.n; i++) {
		bool digit = isdigit((unsigned char)s.p[i]);

		if (!digit && (s.p[i] != '.' || point))
			return false;
		/* Decimals beyond the precision of a double change nothing. */
		if (digit && digits < UINT64_C(100000000000000000) && decimals < 18) {
			digits = digits * 10 + (uint64_t)(s.p[i] - '0');
			decimals += point;
		} else if (digit && !point) {
			return false;
		}
		point = point || !digit;
	}
	*value = (double)digits / scale[decimals];
	return true;
}

bool
parsed_is_level(struct span word)
{
	if (word.n < 3 || word.n > 11)
		return false;
	for (size_t i = 0; i < word.n; i++)
		if (!isalpha((unsigned char)word.p[i]))
			return false;
	return level_parse(word) != LEVEL_NONE;
}

size_t
parsed_stamp(struct parser *p, struct parsed *out, struct span s)
{
	size_t n = timestamp_read(&p->time, s, &out->time);

	if (n)
		out->naive = p->time.naive;
	return n;
}

bool
parsed_time(struct parser *p, struct parsed *out, struct span s)
{
	if (!timestamp_parse(&p->time, s, &out->time))
		return false;
	out->naive = p->time.naive;
	return true;
}

bool
parsed_level(struct parser *p, struct parsed *out, struct span word)
{
	enum level level = level_parse(word);

	if (level == LEVEL_NONE)
		return false;
	out->level = level;
	parsed_set(p, out, FIELD_LEVEL, word);
	return true;
}

void
parsed_status(struct parser *p, struct parsed *out, struct span digits)
{
	double status;

	parsed_set(p, out, FIELD_STATUS, digits);
	if (digits.n == 3 && parsed_number(digits, &status))
		out->status = (int)status;
}

void
parsed_size(struct parser *p, struct parsed *out, struct span digits)
{
	double size;

	if (parsed_number(digits, &size)) {
		out->size = (int64_t)size;
		parsed_set(p, out, FIELD_SIZE, digits);
	}
}

void
parsed_duration(struct parser *p, struct parsed *out, struct span text, double seconds)
{
	parsed_set(p, out, FIELD_DURATION, text);
	out->duration = seconds;
}

/* The length of an upper-case word of 3 to 16 letters ("GET", "WSCONNECTING") before a blank. */
static size_t
method_length(struct span s)
{
	size_t n = 0;

	while (n < s.n && n < 17 && isupper((unsigned char)s.p[n]))
		n++;
	return n >= 3 && n < s.n && s.p[n] == ' ' ? n : 0;
}

bool
parsed_request(struct parser *p, struct parsed *out, struct span request)
{
	size_t method = method_length(request);
	struct span path = span_from(request, method + 1);

	if (!method || !path.n)
		return false;
	for (size_t i = path.n; i-- > 1;)
		if (path.p[i] == ' ') {
			if (span_starts(span_from(path, i + 1), SPAN_LIT("HTTP/")))
				path.n = i;
			break;
		}
	parsed_set(p, out, FIELD_METHOD, span_head(request, method));
	parsed_set(p, out, FIELD_PATH, path);
	return true;
}

void
parsed_typed(struct parser *p, struct parsed *out, enum field f, struct span key, struct span value,
	     double scale)
{
	double number;
	int64_t ns;

	switch (f) {
	case FIELD_TIME:
		if (out->time == TIME_NONE && parsed_time(p, out, value))
			break;
		return;
	case FIELD_LEVEL:
		out->level = level_parse(value);
		break;
	case FIELD_STATUS:
		parsed_status(p, out, value);
		return;
	case FIELD_SIZE:
		parsed_size(p, out, value);
		return;
	case FIELD_DURATION:
		if (parsed_number(value, &number))
			out->duration = number * scale;
		else if (units_parse_duration(value, &ns))
			out->duration = (double)ns / NSEC;
		/* What is written in another unit keeps the name that says so. */
		set_as(p, out, f, scale != 1 ? key : span_str(field_info[f].name), value);
		return;
	default:
		break;
	}
	parsed_set(p, out, f, value);
}

/* *unit: as the scale of field_by_key, of durations that name none. */
static void
take_pair(struct parser *p, struct parsed *out, struct span key, struct span value, double *unit)
{
	unsigned rank;
	double scale;
	enum field f = field_by_key(key, &rank, &scale);

	if (f != FIELD_OTHER && !out->field[f].p)
		parsed_typed(p, out, f, key, value, scale);
	else if (p->emit)
		emit(p, key, value, FIELD_OTHER, VALUE_STRING);
	if (f == FIELD_OTHER && scale != 1)
		*unit = scale;
}

void
parsed_pair(struct parser *p, struct parsed *out, struct span key, struct span value)
{
	double unit;

	take_pair(p, out, key, value, &unit);
}

static size_t
key_length(struct span s)
{
	size_t n = 0;

	while (n < s.n && (isalnum((unsigned char)s.p[n]) || strchr("_.-@/", s.p[n]) != NULL) &&
	       s.p[n])
		n++;
	return n && n < s.n && s.p[n] == '=' ? n : 0;
}

/* The value at the start of s, quotes left out; *used is what it takes of s. */
static struct span
pair_value(struct span s, size_t *used)
{
	char quote = s.n && (s.p[0] == '"' || s.p[0] == '\'') ? s.p[0] : '\0';
	size_t n = quote != '\0';

	while (n < s.n && s.p[n] != (quote ? quote : ' '))
		n += quote && s.p[n] == '\\' && n + 1 < s.n ? 2 : 1;
	*used = n + (quote && n < s.n);
	return quote ? span_of(s.p + 1, n - 1) : span_head(s, n);
}

void
parsed_pairs(struct parser *p, struct parsed *out, struct span text)
{
	bool before = out->duration >= 0;
	double unit = 1, bare;

	for (text = span_trim(text); text.n; text = span_trim(text)) {
		size_t key = key_length(text), used;

		if (key) {
			struct span value = pair_value(span_from(text, key + 1), &used);

			take_pair(p, out, span_head(text, key), value, &unit);
			used += key + 1;
		} else {
			pair_value(text, &used);
		}
		text = span_from(text, used ? used : 1);
	}
	if (!before && parsed_number(out->field[FIELD_DURATION], &bare) && bare == out->duration)
		out->duration *= unit;
}

bool
parsed_begins_pairs(struct span s)
{
	unsigned pairs = 0;
	size_t i = 0;

	while (pairs < 2) {
		size_t key = i;

		while (i < s.n && (isalnum((unsigned char)s.p[i]) ||
				   (s.p[i] && strchr("_.-@/", s.p[i]))))
			i++;
		if (i == key || i >= s.n || s.p[i] != '=')
			return false;
		pairs++;
		if (++i < s.n && (s.p[i] == '"' || s.p[i] == '\'')) {
			char quote = s.p[i];

			for (i++; i < s.n && s.p[i] != quote; i++)
				i += s.p[i] == '\\';
		}
		while (i < s.n && s.p[i] != ' ')
			i++;
		i++;
	}
	return true;
}

/* A number with a unit of time ("12.3ms", "1.10s", "12 ms") at the start of s; its length or 0. */
static size_t
words_duration(struct span s, double *seconds)
{
	static const struct { struct span name; double scale; } unit[] = {
		{ SPAN_LIT("ms"), 1e-3 }, { SPAN_LIT("s"), 1 }, { SPAN_LIT("us"), 1e-6 },
		{ SPAN_LIT("µs"), 1e-6 }, { SPAN_LIT("ns"), 1e-9 }, { SPAN_LIT("sec"), 1 },
		{ SPAN_LIT("secs"), 1 }, { SPAN_LIT("second"), 1 }, { SPAN_LIT("seconds"), 1 },
		{ SPAN_LIT("msec"), 1e-3 }, { SPAN_LIT("msecs"), 1e-3 },
	};
	size_t n = 0, word = 0;
	struct span after;

	while (n < s.n && (isdigit((unsigned char)s.p[n]) || s.p[n] == '.'))
		n++;
	if (!parsed_number(span_head(s, n), seconds))
		return 0;
	n += n < s.n && s.p[n] == ' ';
	after = span_from(s, n);
	while (word < after.n && (isalnum((unsigned char)after.p[word]) || after.p[word] & 0x80))
		word++;
	for (size_t i = 0; i < sizeof unit / sizeof *unit; i++)
		if (span_eq(span_head(after, word), unit[i].name)) {
			*seconds *= unit[i].scale;
			return n + word;
		}
	return 0;
}

/* After "METHOD path": an optional arrow, a status, and somewhere behind them a duration. */
static void
words_answer(struct parser *p, struct parsed *out, struct span rest)
{
	double seconds;
	size_t n;

	rest = span_trim(rest);
	while (rest.n && memchr("-=>:| ", rest.p[0], 6))
		rest = span_from(rest, 1);
	if (rest.n >= 3 && rest.p[0] >= '1' && rest.p[0] <= '5' &&
	    isdigit((unsigned char)rest.p[1]) && isdigit((unsigned char)rest.p[2]) &&
	    (rest.n == 3 || rest.p[3] == ' ')) {
		parsed_status(p, out, span_head(rest, 3));
		rest = span_from(rest, 3);
	}
	for (size_t i = 0; i < rest.n; i++)
		if (isdigit((unsigned char)rest.p[i]) &&
		    (i == 0 || memchr(" (=:[", rest.p[i - 1], 5)) &&
		    (n = words_duration(span_from(rest, i), &seconds))) {
			parsed_duration(p, out, span_of(rest.p + i, n), seconds);
			return;
		}
}

/* "... <verb> in 1.10s", "... took 250ms": the position of the number, or 0. */
static size_t
words_done(struct span s)
{
	static const struct span said[] = {
		SPAN_LIT("succeeded in "), SPAN_LIT("completed in "), SPAN_LIT("finished in "),
		SPAN_LIT("done in "), SPAN_LIT("processed in "), SPAN_LIT("took "),
	};

	for (size_t at = 0; at + 6 < s.n;) {
		const char *next = memchr(s.p + at, ' ', s.n - at);

		for (size_t i = 0; i < sizeof said / sizeof *said; i++)
			if (s.p[at] == *said[i].p && span_starts(span_from(s, at), said[i]))
				return at + said[i].n;
		if (!next)
			break;
		at = (size_t)(next - s.p) + 1;
	}
	return 0;
}

/* `Started GET "/x" for ...`, "Completed 200 OK in 12ms (...)". */
static bool
words_rails(struct parser *p, struct parsed *out, struct span s)
{
	static const struct span started = SPAN_LIT("Started "), completed = SPAN_LIT("Completed ");
	struct span rest = span_from(s, started.n);
	double seconds;

	if (span_starts(s, started)) {
		size_t method = method_length(rest);
		struct span path = span_from(rest, method + 2);
		ptrdiff_t end = span_chr(path, '"');

		if (!method || end < 1 || rest.p[method + 1] != '"')
			return false;
		parsed_set(p, out, FIELD_METHOD, span_head(rest, method));
		parsed_set(p, out, FIELD_PATH, span_head(path, (size_t)end));
		return true;
	}
	rest = span_from(s, completed.n);
	if (!span_starts(s, completed) || rest.n < 4 || rest.p[3] != ' ' ||
	    !parsed_number(span_head(rest, 3), &seconds))
		return false;
	words_answer(p, out, rest);
	return true;
}

/* `127.0.0.1:52 - "GET /x HTTP/1.1" 200`: an access line as a message. */
static bool
words_exchange(struct parser *p, struct parsed *out, struct span s)
{
	static const struct span dash = SPAN_LIT(" - \"");
	ptrdiff_t blank = span_chr(s, ' '), quote;
	struct span request = span_from(s, (size_t)(blank + 1) + dash.n - 1), answer;

	if (blank < 3 || !isxdigit((unsigned char)s.p[0]) || !memchr(s.p, ':', (size_t)blank) ||
	    !span_starts(span_from(s, (size_t)blank), dash))
		return false;
	quote = span_chr(request, '"');
	answer = span_from(request, (size_t)(quote + 2));
	if (quote < 1 || answer.n < 3 || (answer.n > 3 && answer.p[3] != ' ') ||
	    !isdigit((unsigned char)answer.p[0]) ||
	    !parsed_request(p, out, span_head(request, (size_t)quote)))
		return false;
	parsed_set(p, out, FIELD_IP, span_head(s, (size_t)blank));
	parsed_status(p, out, span_head(answer, 3));
	out->flags |= PARSED_ACCESS;
	return true;
}

void
parsed_words(struct parser *p, struct parsed *out, struct span message)
{
	size_t method = method_length(message), at;
	struct span path = span_from(message, method + 1);
	double seconds;

	if (words_rails(p, out, message) || words_exchange(p, out, message))
		return;
	if (method && path.n && path.p[0] == '/') {
		ptrdiff_t end = span_chr(path, ' ');

		if (end < 0)
			end = (ptrdiff_t)path.n;
		parsed_set(p, out, FIELD_METHOD, span_head(message, method));
		parsed_set(p, out, FIELD_PATH, span_head(path, (size_t)end));
		words_answer(p, out, span_from(path, (size_t)end));
		return;
	}
	at = words_done(message);
	if (at && (method = words_duration(span_from(message, at), &seconds))) {
		parsed_duration(p, out, span_of(message.p + at, method), seconds);
		out->flags |= PARSED_FUNCTION;
	}
}

void
parsed_access(struct parser *p, struct parsed *out, struct span line)
{
	out->flags |= PARSED_ACCESS;
	out->level = level_from_status(out->status);
	parsed_set(p, out, FIELD_MESSAGE, line);
}
