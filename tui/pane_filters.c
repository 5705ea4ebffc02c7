/*
 * pane_filters: the list of filters: whether each is on, what it says, and what
 * it does.
 *
 *	     FILTER                       HAS BY ITSELF   HIDES
 *	[x]  keep     status=5xx                    211  70,186
 *	[ ]  exclude  -logger=django.*           ~9,120      12
 *
 * What a filter hides is what the others would show; of one that is off, what it
 * would hide if it was on. A number that may still change has a ~.
 */
#include "config.h"

#include "tui/pane_filters.h"

#include "core/alloc.h"
#include "core/units.h"
#include "tui/columns.h"
#include "tui/pane_draw.h"

#include <stdio.h>
#include <stdlib.h>

enum { MARGIN = 1, COUNT_W = 13, MARK_W = 3, KIND_W = 7, QUERY_W = 20 };

bool
filter_excludes(const char *query)
{
	return query[0] == '-' || !strncmp(query, "NOT ", 4) || !strncmp(query, "NOT(", 4);
}

/* ---- data -------------------------------------------------------------------------- */

static void
clear_rows(struct filters_pane *f)
{
	for (size_t i = 0; i < f->n; i++)
		free(f->rows[i].query);
	free(f->rows);
	f->rows = NULL;
	f->n = 0;
}

static void
filters_init(struct pane *p)
{
	((struct filters_pane *)p)->nav.cursor = -1;
}

static void
filters_release(struct pane *p)
{
	clear_rows((struct filters_pane *)p);
}

static void
filters_update(struct pane *p, int w, int h)
{
	struct filters_pane *f = (struct filters_pane *)p;
	struct lens *l = p->lens;
	struct view_log v;

	(void)w;
	lens_count_filters(l);
	clear_rows(f);
	f->n = lens_parts(l);
	f->rows = xcalloc(f->n + 1, sizeof *f->rows);
	for (size_t i = 0; i < f->n; i++) {
		struct filter_row *row = &f->rows[i];

		lens_part(l, i, &row->part);
		row->query = xstrdup(lens_part_query(l, &row->part));
		lens_part_count(l, i, &row->count);
	}
	view_log(l->engine, PLACE_LAST, false, 0, 0, &v);
	f->shown = v.matched;
	f->held = v.total;
	f->counting = v.counting;
	view_log_release(&v);
	f->unfiltered = l->unfiltered;
	listnav_set(&f->nav, (int)f->n, h - 2);
	if (p->focused && f->nav.cursor < 0 && f->n)
		listnav_go(&f->nav, (int)f->n - 1);
}

/* ---- drawing ------------------------------------------------------------------------- */

static void
draw_mark(const struct column_cell *a)
{
	const struct filter_row *row = a->row;

	canvas_text(a->c, a->x, a->y, a->w, row->part.on ? ROLE_ACCENT : ROLE_DIM,
		    span_str(row->part.on ? "[x]" : "[ ]"));
}

static void
draw_kind(const struct column_cell *a)
{
	const struct filter_row *row = a->row;

	canvas_text(a->c, a->x, a->y, a->w, ROLE_DIM, span_str(filter_excludes(row->query) ? "exclude" : "keep"));
}

static void
draw_query(const struct column_cell *a)
{
	const struct filter_row *row = a->row;

	canvas_text(a->c, a->x, a->y, a->w, row->part.on ? ROLE_NORMAL : ROLE_DIM, span_str(row->query));
}

static void
draw_number(const struct column_cell *a, uint64_t n)
{
	const struct filter_row *row = a->row;
	char number[32], text[40];

	snprintf(text, sizeof text, "%s%s", row->count.sure ? "" : "~", units_thousands(n, number));
	canvas_right(a->c, a->x + a->w, a->y, n && row->part.on ? ROLE_NORMAL : ROLE_DIM, text);
}

static void
draw_keeps(const struct column_cell *a)
{
	draw_number(a, ((const struct filter_row *)a->row)->count.keeps);
}

static void
draw_hides(const struct column_cell *a)
{
	draw_number(a, ((const struct filter_row *)a->row)->count.hides);
}

static const struct column filter_column[] = {
	{ "", MARK_W, COLUMN_UNSORTED, 0, true, draw_mark },
	{ "", KIND_W, COLUMN_UNSORTED, 1, true, draw_kind },
	{ "FILTER", QUERY_W, COLUMN_UNSORTED, 0, true, draw_query },
	{ "HAS BY ITSELF", COUNT_W, COLUMN_UNSORTED, 2, false, draw_keeps },
	{ "HIDES", COUNT_W, COLUMN_UNSORTED, 3, false, draw_hides },
};

static const struct columns filter_columns = { filter_column, ARRAY_SIZE(filter_column), 2, 0, MARK_W };

static void
draw_table(const struct filters_pane *f, struct canvas *body)
{
	struct canvas c = canvas_sub(body, MARGIN, 0, body->w - 2 * MARGIN, body->h);
	struct column_plan plan;

	columns_plan(&plan, &filter_columns, c.w, COLUMN_UNSORTED);
	columns_heads(&c, &plan, &filter_columns, COLUMN_UNSORTED, false);
	for (int y = 1; y < body->h && f->nav.top + y - 1 < (int)f->n; y++) {
		int row = f->nav.top + y - 1;

		columns_row(&c, &plan, &filter_columns, y, &f->rows[row], NULL);
		if (f->base.focused && row == f->nav.cursor)
			canvas_cursor(body, 0, y, body->w);
	}
}

static void
filters_draw(struct pane *p, struct canvas *c)
{
	const struct filters_pane *f = (const struct filters_pane *)p;
	char figure[80], shown[32], held[32];

	snprintf(figure, sizeof figure, "%s%s of %s%s", f->counting ? "~" : "", units_thousands(f->shown, shown),
		 units_thousands(f->held, held), f->unfiltered ? ", not heeded now" : "");
	struct canvas body = pane_frame(c, "Filters", figure, p->focused, f->unfiltered ? ROLE_WARNING : ROLE_BRIGHT);

	if (f->n)
		draw_table(f, &body);
	else
		pane_say(&body, "No filter: f adds one, x hides and = keeps what is like the thing under the cursor");
}

/* ---- commands ------------------------------------------------------------------------ */

static int
filters_command(struct pane *p, enum command c)
{
	return listnav_command(&((struct filters_pane *)p)->nav, c) ? EFFECT_REDRAW : -1;
}

/* Space, Enter and e are the keys of other things elsewhere. */
static enum command
filters_meaning(enum command c)
{
	switch (c) {
	case CMD_PAUSE:
	case CMD_OPEN:       return CMD_FILTER_TOGGLE;
	case CMD_NEXT_ERROR: return CMD_FILTER_EDIT;
	default:             return c;
	}
}

static int
filters_click(struct pane *p, int x, int y, bool twice)
{
	struct filters_pane *f = (struct filters_pane *)p;

	(void)x;
	(void)twice;
	if (y < 2 || f->nav.top + y - 2 >= f->nav.n)
		return -1;
	listnav_go(&f->nav, f->nav.top + y - 2);
	return EFFECT_REDRAW;
}

bool
pane_filters_current(const struct pane *p, struct lens_part *out)
{
	const struct filters_pane *f = (const struct filters_pane *)p;

	if (f->nav.cursor < 0 || (size_t)f->nav.cursor >= f->n)
		return false;
	*out = f->rows[f->nav.cursor].part;
	return true;
}

static const enum command filters_hints[] = {
	CMD_FILTER_TOGGLE, CMD_FILTER_EDIT, CMD_FILTER_DROP, CMD_FILTER, CMD_FILTER_CLEAR, CMD_UNFILTERED, CMD_NONE,
};

const struct pane_ops pane_filters = {
	.name = "filters",
	.size = sizeof(struct filters_pane),
	.init = filters_init,
	.release = filters_release,
	.update = filters_update,
	.draw = filters_draw,
	.command = filters_command,
	.meaning = filters_meaning,
	.click = filters_click,
	.hints = filters_hints,
};
