/*
 * canvas: cells of a grid, written through clipped views.
 *
 * A wide glyph takes two cells: the left one holds its bytes, the right one
 * holds "". Whoever overwrites half of it blanks the other half, so a row is
 * always made of whole glyphs. Text comes in glyph by glyph from text_next(),
 * which has already made everything harmless; a stand-in ("<9c>") is spread
 * over as many cells as it has columns.
 *
 * Knows nothing of colours, and never moves what is drawn.
 */
#include "config.h"

#include "tui/canvas.h"

#include "core/alloc.h"
#include "core/utf8.h"

#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static const struct cell blank_cell = { .text = " ", .role = ROLE_NORMAL };

void
grid_init(struct grid *g, int w, int h, bool ascii)
{
	*g = (struct grid){ .ascii = ascii };
	grid_resize(g, w, h);
}

void
grid_resize(struct grid *g, int w, int h)
{
	g->w = w > 0 ? w : 0;
	g->h = h > 0 ? h : 0;
	g->cells = xreallocarray(g->cells, (size_t)g->w * (size_t)g->h, sizeof *g->cells);
	grid_clear(g);
}

void
grid_clear(struct grid *g)
{
	size_t n = (size_t)g->w * (size_t)g->h;

	for (size_t i = 0; i < n; i++)
		g->cells[i] = blank_cell;
}

void
grid_release(struct grid *g)
{
	free(g->cells);
	*g = (struct grid){ .ascii = g->ascii };
}

static struct cell *
cell_at(const struct grid *g, int x, int y)
{
	return &g->cells[(size_t)y * (size_t)g->w + (size_t)x];
}

void
grid_dump(const struct grid *g, struct strbuf *out)
{
	for (int y = 0; y < g->h; y++) {
		size_t kept = out->n;

		for (int x = 0; x < g->w; x++) {
			strbuf_str(out, cell_at(g, x, y)->text);
			if (strcmp(cell_at(g, x, y)->text, " ") != 0)
				kept = out->n;
		}
		out->n = kept;
		strbuf_char(out, '\n');
	}
}

static bool
same_look(const struct cell *a, const struct cell *b)
{
	return a->role == b->role && a->attrs == b->attrs && a->under == b->under && a->behind == b->behind;
}

static void
dump_run(const struct cell *c, int from, int to, struct strbuf *out)
{
	static const struct {
		uint8_t attr;
		const char *name;
	} names[] = {
		{ ATTR_BOLD, "bold" },
		{ ATTR_DIM, "dim" },
		{ ATTR_UNDERLINE, "underline" },
		{ ATTR_REVERSE, "reverse" },
		{ ATTR_ITALIC, "italic" },
		{ ATTR_SOLID, "solid" },
	};

	strbuf_addf(out, " %d-%d:%s", from, to, role_info[c->role].name);
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (c->attrs & names[i].attr)
			strbuf_addf(out, "+%s", names[i].name);
	if (c->under)
		strbuf_addf(out, "/%s", role_info[c->under].name);
	if (c->behind)
		strbuf_addf(out, "|%s", role_info[c->behind].name);
}

/* A line a row: the runs of columns that do not look like plain text. */
void
grid_dump_roles(const struct grid *g, struct strbuf *out)
{
	for (int y = 0; y < g->h; y++) {
		strbuf_addf(out, "%d", y);
		for (int x = 0, end; x < g->w; x = end) {
			const struct cell *c = cell_at(g, x, y);

			for (end = x + 1; end < g->w && same_look(c, cell_at(g, end, y)); end++)
				;
			if (!same_look(c, &blank_cell))
				dump_run(c, x, end - 1, out);
		}
		strbuf_char(out, '\n');
	}
}

struct canvas
canvas_whole(struct grid *g)
{
	return (struct canvas){ g, 0, 0, g->w, g->h };
}

static int
clamp(long long v, int low, int high)
{
	if (v > high)
		v = high;
	return v < low ? low : (int)v;
}

struct canvas
canvas_sub(const struct canvas *c, int x, int y, int w, int h)
{
	int left = clamp(x, 0, c->w), top = clamp(y, 0, c->h);
	int right = clamp(0LL + x + w, left, c->w), bottom = clamp(0LL + y + h, top, c->h);

	return (struct canvas){ c->grid, c->x + left, c->y + top, right - left, bottom - top };
}

static bool
inside(const struct canvas *c, int x, int y)
{
	return x >= 0 && x < c->w && y >= 0 && y < c->h;
}

/* What remains of a wide glyph whose one half is about to be overwritten. */
static void
part_wide(struct grid *g, int x, int y)
{
	struct cell *cell = cell_at(g, x, y);

	if (!cell->text[0] && x > 0)
		strcpy(cell[-1].text, " ");
	if (x + 1 < g->w && !cell[1].text[0])
		strcpy(cell[1].text, " ");
}

static void
set_cell(struct grid *g, int x, int y, enum role role, struct span text)
{
	struct cell *cell = cell_at(g, x, y);
	uint8_t under = cell->under;

	part_wide(g, x, y);
	*cell = (struct cell){ .role = (uint8_t)role, .under = under };
	if (text.n)
		memcpy(cell->text, text.p, text.n);
}

/* At most what a cell holds, never half a character: marks that combine beyond that are dropped. */
static struct span
fit_cell(struct span text)
{
	size_t room = sizeof((struct cell *)0)->text - 1;

	if (text.n <= room)
		return text;
	while (room && ((unsigned char)text.p[room] & 0xc0) == 0x80)
		room--;
	return span_head(text, room);
}

/* One glyph; a wide one of which only half is inside leaves a blank there. Returns its width. */
static int
put(struct canvas *c, int x, int y, enum role role, struct span text, int width)
{
	bool whole = inside(c, x, y) && inside(c, x + width - 1, y);

	for (int i = 0; i < width; i++) {
		if (!inside(c, x + i, y))
			continue;
		struct span part = !whole ? SPAN_LIT(" ") : i ? SPAN_LIT("") : fit_cell(text);

		set_cell(c->grid, c->x + x + i, c->y + y, role, part);
	}
	return width;
}

/* A stand-in: each of its characters is one column. Returns the columns that were used. */
static int
put_escaped(struct canvas *c, int x, int y, int room, const struct glyph *g)
{
	struct span s = span_of(g->utf8, g->n);
	int i = 0;

	for (; i < room && s.n; i++) {
		size_t len;

		utf8_decode(s, &len);
		bool plain = c->grid->ascii && len > 1;
		put(c, x + i, y, ROLE_ESCAPED, plain ? SPAN_LIT("$") : span_head(s, len), 1);
		s = span_from(s, len);
	}
	return i;
}

/* A colour sequence's length, 0 for none; every other escape sequence is shown. */
static size_t
colour_sequence(struct span s)
{
	size_t n = ansi_skip(s);

	return n > 2 && s.p[0] == '\033' && s.p[1] == '[' && s.p[n - 1] == 'm' ? n : 0;
}

/* The role of text after a colour sequence: one of the six colours, or `plain` again. */
static enum role
role_after(struct span sequence, enum role now, enum role plain)
{
	unsigned n = 0;

	for (size_t i = 2; i < sequence.n; i++) {
		char c = sequence.p[i];

		if (c >= '0' && c <= '9') {
			n = n < 1000 ? n * 10 + (unsigned)(c - '0') : n;
			continue;
		}
		if (n == 38 || n == 48) /* a palette's number or RGB follows: not one of the six */
			return now;
		if (n == 0 || n == 30 || n == 37 || n == 39 || n == 90 || n == 97)
			now = plain;
		else if (n % 60 >= 31 && n % 60 <= 36 && n < 97)
			now = ROLE_ANSI_RED + (n % 60 - 31);
		n = 0;
	}
	return now;
}

int
canvas_text(struct canvas *c, int x, int y, int max, enum role role, struct span text)
{
	int room = c->w - x, used = 0;
	enum role plain = role;
	struct glyph g;

	if (max >= 0 && max < room)
		room = max;
	if (y < 0 || y >= c->h || room <= 0)
		return 0;
	for (;;) {
		size_t skip = colour_sequence(text);

		if (skip) {
			role = role_after(span_head(text, skip), role, plain);
			text = span_from(text, skip);
			continue;
		}
		if (!text_next(&text, &g))
			return used;
		bool fits = used + g.width <= room;

		if (g.escaped)
			used += put_escaped(c, x + used, y, room - used, &g);
		else if (fits)
			used += put(c, x + used, y, role, span_of(g.utf8, g.n), g.width);
		if (!fits)
			break;
	}
	role = plain;
	/* A wide glyph that did not fit may leave its first column untouched before the mark. */
	for (; used < room; used++)
		put(c, x + used, y, role, SPAN_LIT(" "), 1);
	put(c, x + room - 1, y, role, c->grid->ascii ? SPAN_LIT(">") : SPAN_LIT("…"), 1);
	return room;
}

int
canvas_printf(struct canvas *c, int x, int y, enum role role, const char *fmt, ...)
{
	char text[1024];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	return canvas_text(c, x, y, -1, role, span_str(text));
}

int
canvas_right(struct canvas *c, int x_end, int y, enum role role, const char *text)
{
	size_t width = text_width(span_str(text));
	int w = width < INT_MAX ? (int)width : INT_MAX;
	int x = w < x_end ? x_end - w : 0;

	return canvas_text(c, x, y, x_end > x ? x_end - x : 0, role, span_str(text));
}

void
canvas_fill(struct canvas *c, int x, int y, int n, enum role role, const char *glyph, const char *ascii)
{
	struct span text = span_str(c->grid->ascii ? ascii : glyph);

	for (int i = 0; i < n; i++)
		put(c, x + i, y, role, text, 1);
}

void
canvas_clear(struct canvas *c)
{
	for (int y = 0; y < c->h; y++)
		for (int x = 0; x < c->w; x++) {
			part_wide(c->grid, c->x + x, c->y + y);
			*cell_at(c->grid, c->x + x, c->y + y) = blank_cell;
		}
}

void
canvas_attr(struct canvas *c, int x, int y, int n, uint8_t attrs)
{
	for (int i = 0; i < n; i++)
		if (inside(c, x + i, y))
			cell_at(c->grid, c->x + x + i, c->y + y)->attrs |= attrs;
}

void
canvas_role(struct canvas *c, int x, int y, int n, enum role role)
{
	for (int i = 0; i < n; i++)
		if (inside(c, x + i, y))
			cell_at(c->grid, c->x + x + i, c->y + y)->role = (uint8_t)role;
}

void
canvas_behind(struct canvas *c, int x, int y, enum role role)
{
	if (x >= 0 && x < c->w && y >= 0 && y < c->h)
		cell_at(c->grid, c->x + x, c->y + y)->behind = (uint8_t)role;
}

void
canvas_cursor(struct canvas *c, int x, int y, int n)
{
	for (int i = 0; i < n; i++)
		if (inside(c, x + i, y))
			cell_at(c->grid, c->x + x + i, c->y + y)->under = ROLE_CURSOR;
}

struct canvas
canvas_frame(struct canvas *c, const char *title, const char *figure, bool focus)
{
	int figure_w = (int)text_width(span_str(figure)), at = c->w - 2 - figure_w, end = c->w - 1;

	canvas_fill(c, 0, 0, c->w, ROLE_BORDER, "─", "-");
	/* The figure gives way to the title, not the other way round. */
	if (figure_w > 0 && at >= 12) {
		canvas_fill(c, at - 1, 0, figure_w + 2, ROLE_BORDER, " ", " ");
		canvas_text(c, at, 0, -1, strcmp(figure, "0") ? ROLE_BRIGHT : ROLE_DIM, span_str(figure));
		end = at - 2;
	}
	if (*title && end > 3) {
		int used = canvas_text(c, 2, 0, end - 3, focus ? ROLE_TITLE_FOCUS : ROLE_TITLE,
				       span_str(title));

		canvas_fill(c, 1, 0, 1, ROLE_BORDER, " ", " ");
		canvas_fill(c, 2 + used, 0, 1, ROLE_BORDER, " ", " ");
	}
	return canvas_sub(c, 0, 1, c->w, c->h - 1);
}
