/*
 * explain: one record, explained.
 *
 * Nothing was noted down when the record was read: its first line is read
 * again, by its format for the places of the fields, and by every other format
 * that its first byte allows for what they lacked. Colours are left out
 * beforehand, so that places are those of the text that is shown.
 *
 * Under the marks stand the values that differ from what the line shows (the
 * time in the display zone, seconds, the route), and those that have no place
 * in the rows that are shown.
 */
#include "config.h"

#include "core/explain.h"

#include "core/alloc.h"
#include "core/explain_marks.h"
#include "core/utf8.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { DEFAULT_WIDTH = 100, INDENT = 2, NAME_COLUMN = 17 };

/* ---- what the others lacked -------------------------------------------------------- */

/* Those that could read it first, then by how far they came, the silent ones last. */
static int
by_distance(const void *a, const void *b)
{
	const struct trial *x = a, *y = b;

	if (x->reads != y->reads)
		return y->reads - x->reads;
	if (!x->miss != !y->miss)
		return !x->miss - !y->miss;
	if (x->at != y->at)
		return x->at > y->at ? -1 : 1;
	return x->format->id < y->format->id ? -1 : x->format->id > y->format->id;
}

size_t
explain_trials(struct parser *p, struct span line, const struct format *winner, struct trial *v, size_t cap)
{
	struct trial all[FORMAT_COUNT];
	struct parsed out;
	size_t n = 0;

	for (int id = FORMAT_RAW + 1; id < FORMAT_COUNT; id++) {
		const struct format *f = format_get(id);

		if (f == winner || (p->only && f != p->only) || !format_fits(f, p, line))
			continue;
		p->miss = NULL;
		p->miss_pos = 0;
		bool reads = format_parse(f, p, line, &out);

		all[n++] = (struct trial){ f, reads, p->miss, p->miss_pos };
	}
	qsort(all, n, sizeof *all, by_distance);
	if (n > cap)
		n = cap;
	memcpy(v, all, n * sizeof *v);
	return n;
}

/* A piece of syntax is put in quotes, a name is not. */
static void
add_miss(const struct trial *t, struct strbuf *out)
{
	bool word = false;

	for (const char *s = t->miss; *s; s++)
		word |= isalpha((unsigned char)*s) != 0;
	strbuf_addf(out, word ? "lacks %s" : "lacks \"%s\"", t->miss);
	strbuf_addf(out, " (at byte %zu)", t->at + 1);
}

static void
add_trial(const struct trial *t, const struct format *winner, struct strbuf *out)
{
	strbuf_addf(out, "%*snot %-*s ", INDENT, "", NAME_COLUMN - 4, t->format->name);
	if (t->reads && winner->id != FORMAT_RAW)
		strbuf_addf(out, "could read it too, but %s goes before", winner->name);
	else if (t->reads)
		strbuf_str(out, "could read it, but its start is weak and the source does not speak it");
	else if (t->miss)
		add_miss(t, out);
	else
		strbuf_str(out, "has another shape");
	strbuf_char(out, '\n');
}

void
explain_others(struct parser *p, struct span line, const struct format *winner, struct strbuf *out)
{
	struct trial trials[TRIALS_SHOWN];
	size_t n = explain_trials(p, line, winner, trials, TRIALS_SHOWN);

	/* Who gave up at the first byte says nothing where others went on. */
	for (size_t i = 0; i < n && (!i || trials[i].reads || trials[i].at); i++)
		add_trial(&trials[i], winner, out);
}

/* ---- the line ------------------------------------------------------------------------ */

static void
add_without_colours(struct span line, struct strbuf *out)
{
	if (span_starts(line, SPAN_LIT("\xef\xbb\xbf")))
		line = span_from(line, 3);
	while (line.n) {
		size_t skip = span_starts(line, SPAN_LIT("\033[")) ? ansi_skip(line) : 0;

		if (!skip)
			strbuf_char(out, *line.p);
		line = span_from(line, skip ? skip : 1);
	}
}

/* The name of one more field at the same place: "event, message". */
static bool
share(struct mark *marks, size_t n, size_t from, size_t to, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (marks[i].from == from && marks[i].to == to) {
			size_t used = strlen(marks[i].name);

			snprintf(marks[i].name + used, sizeof marks[i].name - used, ", %s", name);
			return true;
		}
	return false;
}

/* The fields that stand in the line as they are; `placed` receives a bit for each. */
static size_t
find_marks(struct span line, const struct parsed *parsed, struct mark *marks, uint64_t *placed)
{
	size_t n = 0;

	for (int f = 0; f < FIELD_COUNT; f++) {
		struct span s = parsed->field[f];

		if (!s.n || (uintptr_t)s.p < (uintptr_t)line.p || (uintptr_t)s.p >= (uintptr_t)(line.p + line.n))
			continue;
		size_t from = (size_t)(s.p - line.p);

		*placed |= UINT64_C(1) << f;
		/* The whole line as the message of an access line is said in words. */
		if (s.n == line.n && n)
			continue;
		if (share(marks, n, from, from + s.n, field_info[f].name))
			continue;
		marks[n] = (struct mark){ .from = from, .to = from + s.n };
		snprintf(marks[n++].name, sizeof marks->name, "%s", field_info[f].name);
	}
	return n;
}

/* The line with its marks; the fields that can be seen there whole. */
static uint64_t
draw_line(struct record *r, size_t width, struct strbuf *out)
{
	_Static_assert((int)FIELD_COUNT <= (int)MARKS_MAX, "every field can have a mark");
	struct strbuf plain = STRBUF_INIT;
	struct mark marks[MARKS_MAX];
	struct parsed parsed;
	uint64_t seen = 0;
	size_t n = 0, shown;

	add_without_colours(record_first_line(r), &plain);
	struct span line = strbuf_span(&plain);

	if (r->format->id != FORMAT_RAW && format_parse(r->format, r->parser, line, &parsed))
		n = find_marks(line, &parsed, marks, &seen);
	shown = marks_draw(line, marks, n, width, out);
	for (int f = 0; f < FIELD_COUNT; f++)
		if (seen >> f & 1 && (size_t)(parsed.field[f].p - line.p) + parsed.field[f].n > shown)
			seen &= ~(UINT64_C(1) << f);
	strbuf_release(&plain);
	return seen;
}

/* ---- the values ---------------------------------------------------------------------- */

static void
add_name(struct strbuf *out, const char *name)
{
	strbuf_addf(out, "%*s%-*s ", INDENT, "", NAME_COLUMN, name);
}

static void
add_value(struct strbuf *out, const char *name, struct span value, size_t width)
{
	size_t used = INDENT + NAME_COLUMN + 1;

	add_name(out, name);
	marks_text(value, width > used + 20 ? width - used : 20, out);
	strbuf_char(out, '\n');
}

static void
add_time(const struct parsed *parsed, struct strbuf *out)
{
	char time[64], offset[8];

	if (parsed->time == TIME_NONE)
		return;
	clock_offset_text(clock_offset(parsed->time), offset);
	add_name(out, "time");
	strbuf_addf(out, "%s %s\n", clock_format(parsed->time, CLOCK_FULL, time, sizeof time), offset);
}

/* The values that are numbers by now. */
static void
add_numbers(const struct parsed *parsed, struct strbuf *out)
{
	add_time(parsed, out);
	if (parsed->level != LEVEL_NONE) {
		add_name(out, "level");
		strbuf_addf(out, "%s\n", level_info[parsed->level].name);
	}
	if (parsed->status) {
		add_name(out, "status");
		strbuf_addf(out, "%d\n", parsed->status);
	}
	if (parsed->duration >= 0) {
		add_name(out, "duration");
		strbuf_addf(out, "%.9g s%s\n", parsed->duration,
			    parsed->flags & PARSED_FUNCTION ? ", of a function or a task" : "");
	}
	if (parsed->size >= 0) {
		add_name(out, "size");
		strbuf_addf(out, "%" PRId64 " bytes\n", parsed->size);
	}
}

/* The fields that add_numbers() has shown. */
static uint64_t
numbers(const struct parsed *parsed)
{
	return (uint64_t)(parsed->time != TIME_NONE) << FIELD_TIME |
	       (uint64_t)(parsed->level != LEVEL_NONE) << FIELD_LEVEL |
	       (uint64_t)(parsed->status != 0) << FIELD_STATUS |
	       (uint64_t)(parsed->duration >= 0) << FIELD_DURATION |
	       (uint64_t)(parsed->size >= 0) << FIELD_SIZE;
}

/* What was found is not always what stands there: the route, the traceback, what is out of sight. */
static void
add_values(struct record *r, uint64_t seen, size_t width, struct strbuf *out)
{
	const struct parsed *parsed = record_parsed(r);
	uint64_t done = seen | numbers(parsed) | UINT64_C(1) << FIELD_TRACEBACK;

	add_numbers(parsed, out);
	for (int f = 0; f < FIELD_COUNT; f++) {
		bool raw = r->format->id == FORMAT_RAW && f == FIELD_MESSAGE;
		struct span value = done >> f & 1 || raw ? SPAN_NONE : record_field(r, f);

		if (value.n)
			add_value(out, field_info[f].name, value, width);
	}
}

static void
add_other_key(void *arg, const struct keyvalue *kv)
{
	struct strbuf *keys = arg;

	if (kv->id != FIELD_OTHER)
		return;
	if (keys->n)
		strbuf_str(keys, ", ");
	strbuf_add(keys, kv->key);
}

static void
add_other_keys(struct record *r, size_t width, struct strbuf *out)
{
	struct strbuf keys = STRBUF_INIT;

	record_each(r, add_other_key, &keys);
	if (keys.n)
		add_value(out, "other keys", strbuf_span(&keys), width);
	strbuf_release(&keys);
}

static void
add_remarks(const struct parsed *parsed, struct strbuf *out)
{
	static const struct { unsigned flag; const char *text; } remarks[] = {
		{ PARSED_BROKEN, "it breaks its own syntax, and is read as far as it goes" },
		{ PARSED_ACCESS, "an access line: a request by itself, and its own message" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(remarks); i++)
		if (parsed->flags & remarks[i].flag)
			strbuf_addf(out, "%*s%s\n", INDENT, "", remarks[i].text);
}

void
explain_body(struct record *r, size_t width, struct strbuf *out)
{
	uint64_t seen = draw_line(r, width, out);

	/* The line was read from a copy that is gone. */
	record_reset(r);
	add_values(r, seen, width, out);
	add_other_keys(r, width, out);
	add_remarks(record_parsed(r), out);
	explain_others(r->parser, record_first_line(r), r->format, out);
	record_reset(r);
}

void
explain_record(struct record *r, struct strbuf *out)
{
	size_t more = 0;

	for (size_t i = 0; i < r->bytes.n; i++)
		more += r->bytes.p[i] == '\n';
	strbuf_addf(out, "%s: %s\n", r->format->name, r->format->title);
	explain_body(r, DEFAULT_WIDTH, out);
	if (more)
		strbuf_addf(out, "%*s%zu %s %s it\n", INDENT, "", more, more == 1 ? "line" : "lines",
			    more == 1 ? "continues" : "continue");
}
