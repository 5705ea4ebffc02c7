/*
 * explain_kinds: see explain_kinds.h.
 *
 * Kinds are few, so they are a list that is searched from its front; a kind
 * that is found moves one place forward, which keeps the frequent ones there.
 */
#include "config.h"

#include "core/explain_kinds.h"

#include "core/alloc.h"
#include "core/explain.h"
#include "core/explain_marks.h"
#include "core/units.h"

#include <stdio.h>
#include <stdlib.h>

enum {
	KINDS_KEPT = 256,
	KINDS_SHOWN = 20,
};

/* What makes lines alike. */
struct look {
	enum format_id format;
	bool continuation;       /* goes on with a record of the format */
	uint64_t fields;         /* a bit for each */
	unsigned flags;          /* PARSED_* */
	enum format_id nearest;  /* for raw lines: who came nearest, and */
	const char *miss;        /* what it lacked, NULL: unknown */
};

struct kind {
	struct look look;
	uint64_t lines;
	char *text; /* an example, explained; owned */
};

void
kinds_init(struct kinds *k, size_t width)
{
	memset(k, 0, sizeof *k);
	k->width = width;
}

void
kinds_release(struct kinds *k)
{
	for (size_t i = 0; i < k->n; i++)
		free(k->v[i].text);
	free(k->v);
}

/* ---- which kind ---------------------------------------------------------------------- */

static bool
same_look(const struct look *a, const struct look *b)
{
	return a->format == b->format && a->continuation == b->continuation && a->fields == b->fields &&
	       a->flags == b->flags && a->nearest == b->nearest && a->miss == b->miss;
}

/* Count a line; NULL, or the new kind that lacks its example. */
static struct kind *
count(struct kinds *k, const struct look *look)
{
	for (size_t i = 0; i < k->n; i++)
		if (same_look(&k->v[i].look, look)) {
			k->v[i].lines++;
			if (i) {
				struct kind found = k->v[i];

				k->v[i] = k->v[i - 1];
				k->v[i - 1] = found;
			}
			return NULL;
		}
	if (k->n == KINDS_KEPT) {
		k->uncounted++;
		return NULL;
	}
	ARRAY_GROW(k->v, k->n, k->cap);
	k->v[k->n] = (struct kind){ .look = *look, .lines = 1 };
	return &k->v[k->n++];
}

/* Raw lines by what came nearest to them. */
static void
look_at_raw(struct kinds *k, struct record *r, struct look *look)
{
	struct trial trials[FORMAT_COUNT];
	size_t n = explain_trials(r->parser, record_first_line(r), r->format, trials, FORMAT_COUNT);

	for (size_t i = 0; i < n && trials[i].reads; i++)
		k->alike[trials[i].format->id]++;
	if (n && (trials[0].reads || trials[0].miss)) {
		look->nearest = trials[0].format->id;
		look->miss = trials[0].miss;
	}
}

static struct look
look_at(struct kinds *k, struct record *r)
{
	struct look look = { .format = r->format->id };

	if (look.format == FORMAT_RAW) {
		look_at_raw(k, r, &look);
		return look;
	}
	const struct parsed *parsed = record_parsed(r);

	look.flags = parsed->flags;
	for (int f = 0; f < FIELD_COUNT; f++)
		if (parsed->field[f].p)
			look.fields |= UINT64_C(1) << f;
	return look;
}

static void
count_alike(struct kinds *k, struct parser *p, struct span line)
{
	struct parsed out;

	for (int id = FORMAT_RAW + 1; id < FORMAT_COUNT; id++) {
		const struct format *f = format_get(id);

		if (f->start == START_WEAK && format_fits(f, p, line))
			k->alike[id] += format_parse(f, p, line, &out);
	}
}

static char *
explain_continuation(struct kinds *k, struct record *r, struct span line)
{
	struct strbuf text = STRBUF_INIT;
	struct span exception = record_field(r, FIELD_EXCEPTION);

	marks_draw(line, NULL, 0, k->width, &text);
	strbuf_addf(&text, "  continues the record before (%s)", r->format->name);
	if (exception.n) {
		strbuf_str(&text, ": ");
		marks_text(exception, 60, &text);
		if (record_field(r, FIELD_FRAME).n) {
			strbuf_str(&text, " at ");
			marks_text(record_field(r, FIELD_FRAME), 60, &text);
		}
	}
	strbuf_char(&text, '\n');
	explain_others(r->parser, line, format_get(FORMAT_RAW), &text);
	return text.p;
}

static void
add_continuation(struct kinds *k, struct record *r)
{
	struct look look = { .format = r->format->id, .continuation = true };
	struct span rest = r->bytes;
	ptrdiff_t end;

	/* By line ends: the last line may be empty. */
	while ((end = span_chr(rest, '\n')) >= 0) {
		rest = span_from(rest, (size_t)end + 1);
		end = span_chr(rest, '\n');
		struct span line = span_head(rest, end < 0 ? rest.n : (size_t)end);

		if (line.n && line.p[line.n - 1] == '\r')
			line.n--;
		struct kind *fresh = count(k, &look);

		if (fresh)
			fresh->text = explain_continuation(k, r, line);
		count_alike(k, r->parser, line);
		k->counts.lines[look.format]++;
	}
}

void
kinds_add(struct kinds *k, struct record *r)
{
	struct strbuf text = STRBUF_INIT;
	struct look look = look_at(k, r);
	struct kind *fresh = count(k, &look);

	k->counts.records[look.format]++;
	k->counts.lines[look.format]++;
	if (fresh) {
		explain_body(r, k->width, &text);
		fresh->text = text.p;
	}
	add_continuation(k, r);
}

/* ---- as text ------------------------------------------------------------------------- */

void
explain_title(const char *title, bool bold, struct strbuf *out)
{
	strbuf_addf(out, bold ? "\033[1m%s\033[m\n" : "%s\n", title);
}

static int
by_lines(const void *a, const void *b)
{
	const struct kind *x = a, *y = b;

	if (x->lines != y->lines)
		return x->lines > y->lines ? -1 : 1;
	if (x->look.format != y->look.format)
		return x->look.format < y->look.format ? -1 : 1;
	return strcmp(x->text, y->text);
}

static void
print_kind(const struct kind *kind, bool bold, struct strbuf *out)
{
	const struct format *f = format_get(kind->look.format);
	const char *what = kind->look.continuation ? "continuation lines" : f->title;
	char title[160], count[32];

	snprintf(title, sizeof title, "%s: %s  x %s", f->name, what, units_thousands(kind->lines, count));
	explain_title(title, bold, out);
	strbuf_str(out, kind->text);
	strbuf_char(out, '\n');
}

static void
print_rest(const struct kinds *k, struct strbuf *out)
{
	uint64_t lines = k->uncounted;
	char count[32];

	for (size_t i = KINDS_SHOWN; i < k->n; i++)
		lines += k->v[i].lines;
	if (!lines)
		return;
	strbuf_addf(out, "%s further lines are of %s%zu other kinds\n\n", units_thousands(lines, count),
		    k->uncounted ? "more than " : "", k->n - KINDS_SHOWN);
}

/* Why lines that look like a weak format's are not taken for it. */
static const char *const why_not[FORMAT_COUNT] = {
	[FORMAT_COMPOSE] = "a prefix stands before nine lines in ten, or it is none",
	[FORMAT_TAGGED] = "its starts are fewer than those that leave no doubt, or are simple's",
};

static void
print_weak(const struct kinds *k, const struct format *f, bool spoken, struct strbuf *out)
{
	char count[32];

	if (spoken) {
		strbuf_addf(out,
			    "%s: spoken: in the first or last 64 KiB its starts are as frequent as those that leave no "
			    "doubt (lines read as it: %s)\n",
			    f->name, units_thousands(k->counts.records[f->id], count));
		return;
	}
	strbuf_addf(out, "%s: not spoken: in the first and last 64 KiB %s (lines that look like it: %s)\n", f->name,
		    why_not[f->id] ? why_not[f->id] : "its starts are fewer than those that leave no doubt",
		    units_thousands(k->alike[f->id], count));
}

static void
print_spoken(const struct kinds *k, const struct format_memory *memory, struct strbuf *out)
{
	size_t before = out->n;

	for (int id = FORMAT_RAW + 1; id < FORMAT_COUNT; id++) {
		const struct format *f = format_get(id);
		bool spoken = memory->spoken >> id & 1;

		if (f->start == START_WEAK && (spoken || k->alike[id]))
			print_weak(k, f, spoken, out);
	}
	if (out->n > before)
		strbuf_char(out, '\n');
}

void
kinds_print(struct kinds *k, const struct format_memory *memory, bool bold, struct strbuf *out)
{
	if (k->n)
		qsort(k->v, k->n, sizeof *k->v, by_lines);
	for (size_t i = 0; i < k->n && i < KINDS_SHOWN; i++)
		print_kind(&k->v[i], bold, out);
	print_rest(k, out);
	if (memory)
		print_spoken(k, memory, out);
}

void
format_counts_sum(struct format_counts *sum, const struct format_counts *c)
{
	for (int id = 0; id < FORMAT_COUNT; id++) {
		sum->records[id] += c->records[id];
		sum->lines[id] += c->lines[id];
	}
	sum->lines_in_all += c->lines_in_all;
	sum->cut += c->cut;
}

static void
print_row(const char *name, uint64_t records, uint64_t lines, const char *title, struct strbuf *out)
{
	char a[32], b[32];

	strbuf_addf(out, "%-12s %14s %14s%s%s\n", name, units_thousands(records, a), units_thousands(lines, b),
		    *title ? "  " : "", title);
}

void
format_counts_print(const struct format_counts *c, struct strbuf *out)
{
	uint64_t records = 0, lines = 0;

	strbuf_addf(out, "%-12s %14s %14s\n", "format", "records", "lines");
	for (int id = FORMAT_RAW + 1; id < FORMAT_COUNT; id++) {
		const struct format *f = format_get(id);

		if (c->records[id])
			print_row(f->name, c->records[id], c->lines[id], f->title, out);
		records += c->records[id];
		lines += c->lines[id];
	}
	print_row("in all", records, lines, "", out);
	if (c->lines[FORMAT_RAW])
		print_row("raw", c->records[FORMAT_RAW], c->lines[FORMAT_RAW], "in no record", out);
	lines += c->lines[FORMAT_RAW];
	if (c->lines_in_all > lines)
		print_row("blank", 0, c->lines_in_all - lines, "between records", out);
	if (c->cut)
		print_row("cut", 0, c->cut, "longer than a line may be", out);
}
