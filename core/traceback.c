/*
 * traceback: what a stack trace says.
 *
 * The text is read line by line. Two kinds of trace are told apart by their
 * frames:
 *
 *   Python  `  File "f.py", line 3, in fn` below a line "Traceback (most recent
 *           call last):"; the exception stands behind the frames, at the
 *           indentation of that line; the deepest frame is the last. Of a chain
 *           the last trace is the exception that was raised.
 *   Java    `    at pkg.Class.method(File.java:3)` below the exception; the
 *   Node    `    at fn (/f.js:3:9)`               deepest frame is the first. Of
 *           a chain the first is the exception that was raised, "Caused by" are
 *           older ones.
 *
 * An exception group is the exception itself; the traces of its members, drawn
 * with '|' and '+', are skipped. A record that rsyslog put on one line has
 * "#012" for its line ends. Where the trace that counts has no frame of the
 * user's own, the nearest one of its chain stands in.
 */
#include "config.h"

#include "core/traceback.h"

#include <ctype.h>

struct reader {
	struct span rest;
	bool octal;            /* line ends are "#012" */
	struct traceback *out;
	struct span candidate; /* the last line that looks like "Type: message" */
	size_t margin;         /* of the Python trace being read, in bytes */
	bool inside;           /* between "Traceback" and its exception */
	bool raised;           /* out->type is that of the trace that counts */
	bool own_frame;        /* out->file is the user's */
};

static bool
next_line(struct reader *r, struct span *line)
{
	const char *end;
	size_t eol = r->octal ? 4 : 1;

	if (!r->rest.n)
		return false;
	end = memmem(r->rest.p, r->rest.n, r->octal ? "#012" : "\n", eol);
	*line = span_head(r->rest, end ? (size_t)(end - r->rest.p) : r->rest.n);
	r->rest = span_from(r->rest, line->n + eol);
	if (line->n && line->p[line->n - 1] == '\r')
		line->n--;
	return true;
}

/* The blanks a line begins with; the bars of an exception group count as blanks. */
static size_t
indent(struct span s)
{
	size_t n = 0;

	while (n < s.n && (s.p[n] == ' ' || s.p[n] == '\t' || (s.p[n] == '|' && n && n < 12)))
		n++;
	return n;
}

/* The length of "pkg.mod.Error" at the start of s. */
static size_t
type_length(struct span s)
{
	size_t n = 0;

	if (!s.n || !(isalpha((unsigned char)s.p[0]) || s.p[0] == '_'))
		return 0;
	while (n < s.n && (isalnum((unsigned char)s.p[n]) || (s.p[n] && strchr("._$<>", s.p[n]))))
		n++;
	return s.p[n - 1] == '.' ? 0 : n;
}

/* "Type: message" or "Type"; false when the line is neither. */
static bool
split_exception(struct span line, struct span *type, struct span *message)
{
	size_t n = type_length(line);
	struct span after = span_from(line, n);

	if (!n || (after.n && after.p[0] != ':'))
		return false;
	if (after.n > 1 && after.p[1] != ' ')
		return false;
	*type = span_head(line, n);
	*message = span_trim(span_from(after, 1));
	if (!message->n)
		*message = span_of(line.p + n, 0);
	return true;
}

static bool
has_any(struct span s, const char *const *parts)
{
	for (; *parts; parts++)
		if (memmem(s.p, s.n, *parts, strlen(*parts)))
			return true;
	return false;
}

static bool
starts_any(struct span s, const char *const *parts)
{
	for (; *parts; parts++)
		if (span_starts(s, span_str(*parts)))
			return true;
	return false;
}

static bool
is_library_file(struct span file)
{
	static const char *const parts[] = {
		"/site-packages/", "/dist-packages/", "/lib/python", "/lib64/python",
		"\\site-packages\\", "\\lib\\", "\\Lib\\", "node_modules/", NULL,
	};
	static const char *const starts[] = { "<", "node:", "internal/", NULL };

	return has_any(file, parts) || starts_any(file, starts);
}

static bool
is_library_method(struct span method)
{
	static const char *const starts[] = {
		"java.", "javax.", "jakarta.", "jdk.", "sun.", "com.sun.", "kotlin.", "kotlinx.",
		"scala.", "groovy.", "org.springframework.", "org.apache.", "org.hibernate.",
		"org.eclipse.", "org.postgresql.", "io.netty.", "reactor.", "com.zaxxer.",
		"com.fasterxml.", "com.mysql.", NULL,
	};

	return starts_any(method, starts);
}

static void
set_frame(struct reader *r, struct span file, struct span function, struct span line)
{
	r->out->file = file;
	r->out->function = function;
	r->out->line = line;
	r->own_frame = true;
}

/* The digits at the start of s. */
static struct span
digits(struct span s)
{
	size_t n = 0;

	while (n < s.n && isdigit((unsigned char)s.p[n]))
		n++;
	return span_head(s, n);
}

/* `File "f.py", line 3, in fn` */
static bool
python_frame(struct reader *r, struct span text)
{
	struct span file, line = SPAN_NONE, function = SPAN_NONE;
	ptrdiff_t quote;

	if (!span_starts(text, SPAN_LIT("File \"")))
		return false;
	text = span_from(text, 6);
	quote = span_chr(text, '"');
	if (quote < 1 || !span_starts(span_from(text, (size_t)quote), SPAN_LIT("\", line ")))
		return false;
	file = span_head(text, (size_t)quote);
	text = span_from(text, (size_t)quote + 8);
	line = digits(text);
	text = span_from(text, line.n);
	if (span_starts(text, SPAN_LIT(", in ")))
		function = span_from(text, 5);
	if (line.n && !is_library_file(file))
		set_frame(r, file, function, line);
	return line.n > 0;
}

/* The place in parentheses: "File.java:3" or "/f.js:3:9"; false when it names no line. */
static bool
split_place(struct span place, struct span *file, struct span *line)
{
	size_t end = place.n, colon;

	for (int numbers = 0; numbers < 2; numbers++) {
		colon = end;
		while (colon && isdigit((unsigned char)place.p[colon - 1]))
			colon--;
		if (colon == end || colon < 2 || place.p[colon - 1] != ':')
			break;
		*line = span_of(place.p + colon, end - colon);
		*file = span_head(place, colon - 1);
		end = colon - 1;
	}
	return end < place.n;
}

/* `at pkg.Class.method(File.java:3)`, `at fn (/f.js:3:9)`, `at /f.js:3:9` */
static bool
at_frame(struct reader *r, struct span text)
{
	struct span function = SPAN_NONE, place, file, line = SPAN_NONE;
	ptrdiff_t open;

	if (!span_starts(text, SPAN_LIT("at ")))
		return false;
	place = text = span_from(text, 3);
	if (span_starts(text, SPAN_LIT("async ")))
		place = text = span_from(text, 6);
	open = span_chr(text, '(');
	if (open >= 0 && span_chr(span_from(text, (size_t)open), ')') > 0) {
		function = span_trim(span_head(text, (size_t)open));
		place = span_from(text, (size_t)open + 1);
		place = span_head(place, (size_t)span_chr(place, ')'));
	}
	if (!split_place(place, &file, &line))
		return open >= 0;
	if (!r->own_frame && !is_library_file(file) && !is_library_method(function))
		set_frame(r, file, function, line);
	return true;
}

static void
set_exception(struct reader *r, struct span type, struct span message)
{
	r->out->type = type;
	r->out->message = message;
}

static bool
is_python_head(struct span text)
{
	return span_starts(text, SPAN_LIT("Traceback (most recent call last):")) ||
	       span_starts(text, SPAN_LIT("+ Exception Group Traceback (most recent call last):"));
}

/* A line inside a Python trace. The exception that ends it is at the margin. */
static void
python_line(struct reader *r, struct span line, size_t column)
{
	struct span text = span_from(line, column), type, message;

	if (python_frame(r, text) || column > r->margin || !text.n)
		return;
	if (split_exception(text, &type, &message)) {
		set_exception(r, type, message);
		r->raised = true;
	}
	r->inside = false;
}

/* Skip the members of an exception group, up to the end of the drawing. */
static void
skip_members(struct reader *r)
{
	struct reader ahead;
	struct span line;

	for (ahead = *r; next_line(&ahead, &line); *r = ahead) {
		struct span text = span_trim(line);

		if (!text.n || (text.p[0] != '|' && text.p[0] != '+'))
			return;
	}
}

/* Whether a line may be the exception above frames that begin with "at". */
static void
note_candidate(struct reader *r, struct span text)
{
	static const char *const before[] = { "Caused by: ", "Uncaught ", NULL };
	static const struct span thread = SPAN_LIT("Exception in thread \"");
	struct span type, message;
	ptrdiff_t quote;

	for (const char *const *s = before; *s; s++)
		if (span_starts(text, span_str(*s)))
			text = span_from(text, strlen(*s));
	if (span_starts(text, thread)) {
		text = span_from(text, thread.n);
		quote = span_chr(text, '"');
		text = span_from(text, (size_t)(quote + 2));
	}
	if (split_exception(text, &type, &message) &&
	    (memchr(type.p, '.', type.n) || span_ends(type, SPAN_LIT("Error")) ||
	     span_ends(type, SPAN_LIT("Exception"))))
		r->candidate = text;
}

/* A line outside a Python trace. */
static void
other_line(struct reader *r, struct span line, size_t column)
{
	struct span text = span_from(line, column), type, message;

	if (span_starts(text, SPAN_LIT("+-+-"))) {
		skip_members(r);
	} else if (is_python_head(text)) {
		bool group = text.p[0] == '+';

		r->inside = true;
		r->margin = column + (group ? 2 : 0);
	} else if (column && r->candidate.p && at_frame(r, text)) {
		if (!r->raised && split_exception(r->candidate, &type, &message)) {
			set_exception(r, type, message);
			r->raised = true;
		}
	} else if (column == 0) {
		note_candidate(r, text);
	}
}

bool
traceback_read(struct span text, struct traceback *out)
{
	struct reader r = { .rest = text, .out = out };
	struct span line;

	memset(out, 0, sizeof *out);
	r.octal = text.n && !memchr(text.p, '\n', text.n) && memmem(text.p, text.n, "#012", 4);
	while (next_line(&r, &line)) {
		size_t column = indent(line);

		if (r.inside)
			python_line(&r, line, column);
		else
			other_line(&r, line, column);
	}
	return out->type.n > 0;
}
