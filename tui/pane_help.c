/*
 * pane_help: the keys as they are bound, the query language and the level
 * glyphs, from the tables that the program itself uses.
 *
 * The help is a list of sections, each a heading and rows of two parts; sections
 * flow into as many columns as the width has room for.
 */
#include "config.h"

#include "tui/pane_help.h"

#include "core/alloc.h"
#include "core/level.h"
#include "core/utf8.h"
#include "tui/keymap.h"
#include "tui/wrap.h"

#include <stdio.h>
#include <stdlib.h>

enum {
	MARGIN = 2, COLUMN_MIN = 48, COLUMNS_MAX = 3,
	KEYS_W = 12, QUERY_W = 24, LEVEL_W = 4,
	KEYS_SHOWN = 3, LINES_MAX = 8,
	SECTIONS = GROUP_COUNT + 2,
	QUERY_ROWS = 12, ROWS_MAX = CMD_COUNT,
};

struct row {
	char left[48];
	const char *right;
	enum role role; /* of the left part */
};

struct section {
	const char *title;
	int left_w;
	struct row rows[ROWS_MAX];
	int n;
};

static const struct {
	const char *query, *what;
} queries[] = {
	{ "error timeout", "both words, anywhere in the record" },
	{ "\"exact phrase\"", "the words as they stand" },
	{ "/reg.ex/i", "a regular expression" },
	{ "level>=warning", "levels, by their order" },
	{ "status=5xx", "any field by its name" },
	{ "duration>1.5s size<10kB", "numbers with their units" },
	{ "path~^/api/", "a field by a regular expression" },
	{ "logger=django.*", "a pattern" },
	{ "has:exception", "records that have the field" },
	{ "source:error.log", "records of a file" },
	{ "since:-10m until:10:30", "a stretch of time" },
	{ "-term  NOT  OR  ( )", "without; either; together" },
};

static void
add_row(struct section *b, enum role role, const char *left, const char *right)
{
	struct row *row = &b->rows[b->n];

	if (b->n >= ROWS_MAX)
		return;
	b->n++;
	snprintf(row->left, sizeof row->left, "%s", left);
	row->right = right;
	row->role = role;
}

static void
make_group(struct section *b, enum command_group group, const struct keymap *keys)
{
	*b = (struct section){ .title = command_group_title[group], .left_w = KEYS_W };
	for (int c = CMD_NONE + 1; c < CMD_COUNT; c++) {
		struct strbuf names = STRBUF_INIT;

		if (command_info[c].group != group)
			continue;
		if (keys)
			keymap_keys(keys, c, KEYS_SHOWN, &names);
		/* A command without a key can still be typed. */
		if (!names.n)
			strbuf_addf(&names, ":%s", command_info[c].name);
		add_row(b, ROLE_HINT_KEY, names.p, command_info[c].what);
		strbuf_release(&names);
	}
}

static void
make_queries(struct section *b)
{
	*b = (struct section){ .title = "Search and filter", .left_w = QUERY_W };
	for (size_t i = 0; i < ARRAY_SIZE(queries); i++)
		add_row(b, ROLE_HINT_KEY, queries[i].query, queries[i].what);
}

static void
make_levels(struct section *b, bool ascii)
{
	*b = (struct section){ .title = "Levels", .left_w = LEVEL_W };
	for (int l = LEVEL_CRITICAL; l > LEVEL_NONE; l--)
		add_row(b, role_of_level(l), ascii ? level_info[l].ascii : level_info[l].glyph, level_info[l].name);
}

/* Where a row's right part begins: a left part that is longer than its column pushes it. */
static int
right_part(const struct section *s, int row)
{
	int used = (int)text_width(span_str(s->rows[row].left)) + 1;

	return used < s->left_w ? s->left_w : used;
}

static int
row_lines(const struct section *s, int row, int w)
{
	return wrap_lines(span_str(s->rows[row].right), w - right_part(s, row), LINES_MAX);
}

/* Lines it takes in w columns, with its title and the empty line after it. */
static int
section_lines(const struct section *s, int w)
{
	int lines = 2;

	for (int i = 0; i < s->n; i++)
		lines += row_lines(s, i, w);
	return lines;
}

static void
draw_section(const struct section *s, struct canvas *c, int x, int y, int w)
{
	canvas_text(c, x, y++, w, ROLE_BRIGHT, span_str(s->title));
	for (int i = 0; i < s->n; i++) {
		int at = right_part(s, i), lines = row_lines(s, i, w);
		struct span rest = span_str(s->rows[i].right), line;

		canvas_text(c, x, y, w, s->rows[i].role, span_str(s->rows[i].left));
		for (int l = 0; l < lines && wrap_next(&rest, w - at, &line); l++)
			canvas_text(c, x + at, y + l, w - at, ROLE_NORMAL, line);
		y += lines;
	}
}

/* Returns the lines there are. */
static int
draw_sections(const struct help_pane *h, const struct section *sections, struct canvas *body)
{
	int columns = body->w / COLUMN_MIN < 1 ? 1 : body->w / COLUMN_MIN;
	int total = 0, y = 0, column = 0, lines = 0;

	columns = columns > COLUMNS_MAX ? COLUMNS_MAX : columns;
	int w = (body->w - MARGIN) / columns;

	for (int i = 0; i < SECTIONS; i++)
		total += section_lines(&sections[i], w - 2);
	int target = (total + columns - 1) / columns;

	for (int i = 0; i < SECTIONS; i++) {
		/* On to the next column when more than half of the section would stand below the others' end. */
		if (y && column < columns - 1 && y + section_lines(&sections[i], w - 2) / 2 > target) {
			column++;
			y = 0;
		}
		draw_section(&sections[i], body, MARGIN + column * w, y - h->pager.top, w - 2);
		y += section_lines(&sections[i], w - 2);
		lines = y - 1 > lines ? y - 1 : lines;
	}
	return lines;
}

static void
help_draw(struct pane *p, struct canvas *c)
{
	struct help_pane *h = (struct help_pane *)p;
	struct canvas body = canvas_sub(c, 0, 1, c->w, c->h - 1);
	struct section *sections = xcalloc(SECTIONS, sizeof *sections);
	char figure[64];

	for (int g = 0; g < GROUP_COUNT; g++)
		make_group(&sections[g], g, h->keys);
	make_queries(&sections[GROUP_COUNT]);
	make_levels(&sections[GROUP_COUNT + 1], c->grid->ascii);
	if (pager_fit(&h->pager, draw_sections(h, sections, &body), body.h)) {
		canvas_clear(&body);
		draw_sections(h, sections, &body);
	}
	free(sections);
	canvas_frame(c, "Help", pager_figure(&h->pager, figure, sizeof figure), p->focused);
}

static void
help_update(struct pane *p, int w, int h)
{
	(void)p;
	(void)w;
	(void)h;
}

void
pane_help_set(struct pane *p, const struct keymap *keys)
{
	((struct help_pane *)p)->keys = keys;
}

static int
help_command(struct pane *p, enum command c)
{
	return pager_command(&((struct help_pane *)p)->pager, c) ? EFFECT_REDRAW : -1;
}

static const enum command help_hints[] = { CMD_UP, CMD_DOWN, CMD_PAGE_DOWN, CMD_BACK, CMD_NONE };

const struct pane_ops pane_help = {
	.name = "help",
	.size = sizeof(struct help_pane),
	.update = help_update,
	.draw = help_draw,
	.command = help_command,
	.hints = help_hints,
};
