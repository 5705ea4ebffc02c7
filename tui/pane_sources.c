/*
 * pane_sources: a table of what is read, and below it, where there is room, a
 * card about the source under the cursor.
 *
 * Rows stay where they stand until they are sorted again, or until there are
 * others. Which sources are hidden is read from the filters, so that a filter
 * that was typed counts as well.
 */
#include "config.h"

#include "tui/pane_sources.h"

#include "core/alloc.h"
#include "core/units.h"
#include "tui/pane_draw.h"
#include "tui/source_card.h"

#include <stdio.h>
#include <stdlib.h>

enum { MARGIN = 1, ROWS_MIN = 3 };

/* ---- data -------------------------------------------------------------------------- */

static void
sources_init(struct pane *p)
{
	((struct sources_pane *)p)->nav.cursor = -1;
}

static void
sources_release(struct pane *p)
{
	struct sources_pane *s = (struct sources_pane *)p;

	free(s->rows);
	free(s->order);
}

void
source_filter(struct strbuf *out, const char *name, bool hide)
{
	strbuf_str(out, hide ? "-source=" : "source=");
	query_quote(out, span_str(name));
}

bool
source_filter_is_alone(const char *query)
{
	return span_starts(span_str(query), SPAN_LIT("source="));
}

/* A query that begins with a test. */
static bool
begins_with(const char *query, const char *test)
{
	size_t n = strlen(test);

	return strncmp(query, test, n) == 0 && (!query[n] || query[n] == ' ');
}

/* Whether a filter keeps this source away, or has another one alone. */
static bool
is_hidden(const struct lens *l, const char *name)
{
	struct strbuf hide = STRBUF_INIT, alone = STRBUF_INIT;
	bool hidden = false;

	source_filter(&hide, name, true);
	source_filter(&alone, name, false);
	for (size_t i = 0; i < l->n_filters; i++) {
		const char *query = l->filters[i].query;
		bool other = source_filter_is_alone(query) && !begins_with(query, alone.p);

		if (l->filters[i].on && !strstr(query, " OR ") && (other || begins_with(query, hide.p)))
			hidden = true;
	}
	strbuf_release(&hide);
	strbuf_release(&alone);
	return hidden;
}

static size_t
old_rank(const struct sources_pane *s, unsigned id)
{
	for (size_t i = 0; i < s->n_order; i++)
		if (s->order[i] == id)
			return i;
	return SIZE_MAX;
}

static int
compare_rows(const void *a, const void *b, void *arg)
{
	const struct source_row *x = a, *y = b;
	const struct sources_pane *s = arg;

	if (s->resort)
		return source_row_cmp(x, y, s->sort, s->reverse);
	size_t rx = old_rank(s, x->v.id), ry = old_rank(s, y->v.id);

	return rx < ry ? -1 : rx > ry;
}

static void
put_in_order(struct sources_pane *s)
{
	s->resort = s->resort || s->n != s->n_order;
	if (s->n)
		qsort_r(s->rows, s->n, sizeof *s->rows, compare_rows, s);
	s->resort = false;
	s->n_order = s->n;
	s->order = xreallocarray(s->order, s->n + 1, sizeof *s->order);
	for (size_t i = 0; i < s->n; i++)
		s->order[i] = s->rows[i].v.id;
}

static bool
on_a_row(const struct sources_pane *s)
{
	return s->nav.cursor >= 0 && (size_t)s->nav.cursor < s->n;
}

static void
ask(struct sources_pane *s)
{
	struct lens *l = s->base.lens;
	struct view_sources v;

	view_sources(l->engine, l->now, &v);
	s->n = v.n;
	s->now = l->now;
	s->rows = xreallocarray(s->rows, s->n + 1, sizeof *s->rows);
	for (size_t i = 0; i < s->n; i++)
		s->rows[i] = (struct source_row){ v.v[i], is_hidden(l, v.v[i].name) };
	view_sources_release(&v);
}

/* Lines for the rows in a pane of h, frame and heads apart; what is left is the card's. */
static int
rows_height(int h)
{
	int all = h - 2;

	return all >= SOURCE_CARD_H + ROWS_MIN ? all - SOURCE_CARD_H : all;
}

static void
sources_update(struct pane *p, int w, int h)
{
	struct sources_pane *s = (struct sources_pane *)p;
	bool on = on_a_row(s);
	unsigned id = on ? s->rows[s->nav.cursor].v.id : 0;

	s->width = w;
	s->unfiltered = lens_parts(p->lens) && !p->lens->unfiltered;
	ask(s);
	put_in_order(s);
	listnav_set(&s->nav, (int)s->n, rows_height(h));
	if (on && old_rank(s, id) != SIZE_MAX)
		listnav_go(&s->nav, (int)old_rank(s, id));
	else if (s->n && s->nav.cursor < 0)
		listnav_go(&s->nav, 0);
}

const struct view_source *
pane_sources_current(const struct pane *p)
{
	const struct sources_pane *s = (const struct sources_pane *)p;

	return on_a_row(s) ? &s->rows[s->nav.cursor].v : NULL;
}

/* ---- drawing -------------------------------------------------------------------------- */

static void
draw_table(const struct sources_pane *s, struct canvas *body, int seen)
{
	struct canvas c = canvas_sub(body, MARGIN, 0, body->w - 2 * MARGIN, body->h);
	struct column_plan plan;

	columns_plan(&plan, &source_columns, c.w, (int)s->sort);
	columns_heads(&c, &plan, &source_columns, (int)s->sort, s->reverse);
	for (int y = 1; y <= seen; y++) {
		int row = s->nav.top + y - 1;

		if ((size_t)row >= s->n)
			break;
		columns_row(&c, &plan, &source_columns, y, &s->rows[row], &s->now);
		if (s->base.focused && row == s->nav.cursor)
			canvas_cursor(body, 0, y, body->w);
	}
}

static unsigned
count_silent(const struct sources_pane *s)
{
	unsigned n = 0;

	for (size_t i = 0; i < s->n; i++)
		n += s->rows[i].v.silent;
	return n;
}

static void
sources_draw(struct pane *p, struct canvas *c)
{
	const struct sources_pane *s = (const struct sources_pane *)p;
	int seen = rows_height(c->h);
	unsigned silent = count_silent(s);
	const char *aside = s->unfiltered ? "  not filtered" : "";
	char title[128], part[64] = "", figure[48];

	if (seen > 0 && s->n > (size_t)seen)
		snprintf(part, sizeof part, "  %d-%d of %zu", s->nav.top + 1, s->nav.top + seen, s->n);
	if (s->sort == SOURCES_ADDED)
		snprintf(title, sizeof title, "Sources%s%s", part, aside);
	else
		snprintf(title, sizeof title, "Sources by %s %s%s%s", source_sort_words[s->sort],
			 columns_arrow(c, s->reverse), part, aside);
	if (silent)
		snprintf(figure, sizeof figure, "%u silent", silent);
	else
		snprintf(figure, sizeof figure, "%zu", s->n);
	struct canvas body = pane_frame(c, title, figure, p->focused, silent ? ROLE_WARNING : ROLE_DIM);

	if (!s->n) {
		pane_say(&body, "Nothing is read yet: :open PATH adds a file or a folder");
		return;
	}
	draw_table(s, &body, seen);
	if (on_a_row(s) && seen < c->h - 2) {
		int y = 2 + (s->n < (size_t)seen ? (int)s->n : seen - 1);
		struct canvas card = canvas_sub(&body, 0, y, body.w, body.h - y);

		source_card_draw(&card, &s->rows[s->nav.cursor], s->now);
	}
}

/* ---- commands ---------------------------------------------------------------------------- */

static int
sort_by(struct sources_pane *s, enum source_sort sort, bool reverse)
{
	s->sort = sort;
	s->reverse = reverse;
	s->resort = true;
	return EFFECT_UPDATE;
}

static int
sources_command(struct pane *p, enum command c)
{
	struct sources_pane *s = (struct sources_pane *)p;

	switch (c) {
	case CMD_SORT:
	case CMD_RIGHT:
		return sort_by(s, (s->sort + 1) % SOURCE_SORTS, s->reverse);
	case CMD_LEFT:
		return sort_by(s, (s->sort + SOURCE_SORTS - 1) % SOURCE_SORTS, s->reverse);
	case CMD_SORT_REVERSE:
		return sort_by(s, s->sort, !s->reverse);
	default:
		return listnav_command(&s->nav, c) ? EFFECT_REDRAW : -1;
	}
}

static bool
sources_target(struct pane *p, struct target *out)
{
	const struct view_source *v = pane_sources_current(p);

	if (!v)
		return false;
	source_filter(&out->query, v->name, false);
	strbuf_str(&out->label, v->name);
	return true;
}

static int
click_head(struct sources_pane *s, int x)
{
	struct column_plan plan;

	columns_plan(&plan, &source_columns, s->width - 2 * MARGIN, (int)s->sort);
	int sort = columns_sort_at(&plan, &source_columns, x - MARGIN);

	return sort == COLUMN_UNSORTED ? -1 : sort_by(s, (enum source_sort)sort, sort == (int)s->sort && !s->reverse);
}

static int
sources_click(struct pane *p, int x, int y, bool twice)
{
	struct sources_pane *s = (struct sources_pane *)p;
	int row = s->nav.top + y - 2;

	(void)twice;
	if (y == 1)
		return click_head(s, x);
	if (y < 2 || y - 2 >= s->nav.height || row >= s->nav.n)
		return -1;
	listnav_go(&s->nav, row);
	return EFFECT_REDRAW;
}

static const enum command sources_hints[] = {
	CMD_UP, CMD_DOWN, CMD_OPEN, CMD_KEEP, CMD_EXCLUDE, CMD_CLOSE, CMD_SORT, CMD_SORT_REVERSE, CMD_NONE,
};

const struct pane_ops pane_sources = {
	.name = "sources",
	.size = sizeof(struct sources_pane),
	.init = sources_init,
	.release = sources_release,
	.update = sources_update,
	.draw = sources_draw,
	.command = sources_command,
	.target = sources_target,
	.click = sources_click,
	.hints = sources_hints,
};
