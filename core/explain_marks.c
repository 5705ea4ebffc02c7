/*
 * explain_marks: underlines.
 *
 *   INFO 2025-09-08 21:48:00,123 views 17771 1396 GET /a -> 200
 *   ~~~~ ~~~~~~~~~~~~~~~~~~~~~~~ ~~~~~ ~~~~~ ~~~~ ~~~ ~~    ~~~
 *   level                        logger      thread
 *        time                          pid        method    status
 *                                                     path
 *                                                 ~~~~~~~~~~~~~
 *                                                 message
 *
 * Marks that lie inside one another are spread over layers, the shortest
 * first. A name stands where its mark begins, in the first row of names that
 * has room. A mark that goes on in the next row is named once.
 */
#include "config.h"

#include "core/explain_marks.h"

#include "core/utf8.h"

#include <stdlib.h>

enum { INDENT = 2, NAME_ROWS = 16 };

/* One row of the line: where each of its glyphs begins. */
struct row {
	size_t n;
	struct cell { size_t byte; uint16_t column, width; } cells[MARKS_WIDTH_MAX * 2];
};

struct canvas {
	char text[NAME_ROWS][MARKS_WIDTH_MAX + 1];
	size_t end[NAME_ROWS]; /* columns in use */
};

void
marks_text(struct span text, size_t columns, struct strbuf *out)
{
	bool cut = text_width(text) > columns;
	struct glyph g;

	if (cut)
		columns -= columns > 0;
	for (size_t at = 0; text_next(&text, &g) && at + g.width <= columns; at += g.width)
		strbuf_add(out, span_of(g.utf8, g.n));
	if (cut)
		strbuf_str(out, "…");
}

static int
by_length(const void *a, const void *b)
{
	const struct mark *x = a, *y = b;
	size_t nx = x->to - x->from, ny = y->to - y->from;

	if (nx != ny)
		return nx < ny ? -1 : 1;
	return (x->from > y->from) - (x->from < y->from);
}

static int
by_place(const void *a, const void *b)
{
	const struct mark *x = a, *y = b;

	return x->from < y->from ? -1 : x->from > y->from;
}

static bool
is_free(const struct mark *marks, size_t n, unsigned layer, const struct mark *m)
{
	for (size_t i = 0; i < n; i++)
		if (marks[i].layer == layer && marks[i].from < m->to && m->from < marks[i].to)
			return false;
	return true;
}

/* Give every mark a layer; the number of layers. */
static unsigned
spread(struct mark *marks, size_t n)
{
	unsigned layers = 0;

	qsort(marks, n, sizeof *marks, by_length);
	for (size_t i = 0; i < n; i++) {
		unsigned layer = 0;

		while (!is_free(marks, i, layer, &marks[i]))
			layer++;
		marks[i].layer = layer;
		if (layer >= layers)
			layers = layer + 1;
	}
	qsort(marks, n, sizeof *marks, by_place);
	return layers;
}

/* The glyphs of the next row into `out`; what is left of the line stays in *rest. */
static void
draw_row(struct span line, struct span *rest, size_t width, struct row *row, struct strbuf *out)
{
	size_t column = 0;
	struct glyph g;

	row->n = 0;
	strbuf_addf(out, "%*s", INDENT, "");
	while (row->n < sizeof row->cells / sizeof *row->cells) {
		struct span before = *rest;

		if (!text_next(rest, &g))
			break;
		if (column + g.width > width) {
			*rest = before;
			break;
		}
		row->cells[row->n++] = (struct cell){ (size_t)(before.p - line.p), (uint16_t)column, g.width };
		strbuf_add(out, span_of(g.utf8, g.n));
		column += g.width;
	}
	strbuf_char(out, '\n');
}

static void
put(struct canvas *c, size_t at, size_t column, const char *text, size_t n)
{
	memset(c->text[at] + c->end[at], ' ', column - c->end[at]);
	memcpy(c->text[at] + column, text, n);
	c->end[at] = column + n;
}

static void
put_name(struct canvas *c, size_t column, size_t width, const char *name)
{
	size_t n = strlen(name);

	if (n > width)
		n = width;
	if (column + n > width)
		column = width - n;
	for (size_t at = 1; at < NAME_ROWS; at++)
		if (!c->end[at] || c->end[at] < column) {
			put(c, at, column, name, n);
			return;
		}
}

static void
put_mark(struct canvas *c, const struct row *row, const struct mark *m, size_t width)
{
	static const char tildes[] = "~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~";
	bool named = false;

	for (size_t i = 0; i < row->n; i++) {
		const struct cell *cell = &row->cells[i];

		if (cell->byte < m->from || cell->byte >= m->to || cell->width >= sizeof tildes)
			continue;
		if (cell->width)
			put(c, 0, cell->column, tildes, cell->width);
		if (cell->byte == m->from && !named) {
			named = true;
			put_name(c, cell->column, width, m->name);
		}
	}
}

static void
draw_layer(const struct row *row, const struct mark *marks, size_t n, unsigned layer, size_t width,
	   struct strbuf *out)
{
	struct canvas c;

	memset(c.end, 0, sizeof c.end);
	for (size_t i = 0; i < n; i++)
		if (marks[i].layer == layer)
			put_mark(&c, row, &marks[i], width);
	for (size_t at = 0; at < NAME_ROWS && c.end[at]; at++)
		strbuf_addf(out, "%*s%.*s\n", INDENT, "", (int)c.end[at], c.text[at]);
}

size_t
marks_draw(struct span line, struct mark *marks, size_t n, size_t width, struct strbuf *out)
{
	unsigned layers = n ? spread(marks, n) : 0;
	struct span rest = line;
	struct row row;

	if (width < MARKS_WIDTH_MIN)
		width = MARKS_WIDTH_MIN;
	if (width > MARKS_WIDTH_MAX)
		width = MARKS_WIDTH_MAX;
	width -= INDENT;
	for (int i = 0; i < MARKS_ROWS && (rest.n || !i); i++) {
		draw_row(line, &rest, width, &row, out);
		for (unsigned layer = 0; layer < layers; layer++)
			draw_layer(&row, marks, n, layer, width, out);
	}
	if (rest.n)
		strbuf_addf(out, "%*s… %zu bytes more\n", INDENT, "", rest.n);
	return line.n - rest.n;
}
