/*
 * columns: a table of columns becomes places in a row.
 *
 * Where the width is short, columns give way in the order of their rank; what
 * is to spare goes to the chart, to the gaps, and the rest to the name.
 */
#include "config.h"

#include "tui/columns.h"

#include <stdio.h>

enum { GAP_MAX = 4, WIDE = 3 };

static int
plan_width(const struct column_plan *p, const struct columns *t, int gap)
{
	int w = -gap;

	for (int i = 0; i < t->n; i++)
		w += p->w[i] ? p->w[i] + gap : 0;
	return w;
}

static int
first_to_go(const struct column_plan *p, const struct columns *t, int sort)
{
	int least = -1;

	for (int i = 0; i < t->n; i++) {
		bool sorted = t->v[i].sort != COLUMN_UNSORTED && t->v[i].sort == sort;

		if (p->w[i] && t->v[i].rank && !sorted && (least < 0 || t->v[i].rank < t->v[least].rank))
			least = i;
	}
	return least;
}

void
columns_plan(struct column_plan *p, const struct columns *t, int w, int sort)
{
	int gap = 1, go, name_min = t->v[t->name].w;

	for (int i = 0; i < t->n; i++)
		p->w[i] = t->v[i].w;
	while (plan_width(p, t, gap) > w && (go = first_to_go(p, t, sort)) >= 0)
		p->w[go] = 0;
	int spare = w - plan_width(p, t, gap) - name_min;

	if (p->w[t->chart] && spare > 0) {
		int most = t->chart_max - p->w[t->chart];

		p->w[t->chart] += spare < most ? spare : most;
	}
	while (gap < GAP_MAX && w - plan_width(p, t, gap + 1) >= WIDE * name_min)
		gap++;
	p->w[t->name] += w - plan_width(p, t, gap);
	for (int i = 0, x = 0; i < t->n; i++) {
		p->x[i] = x;
		x += p->w[i] ? p->w[i] + gap : 0;
	}
}

void
columns_heads(struct canvas *c, const struct column_plan *p, const struct columns *t, int sort, bool reverse)
{
	for (int i = 0; i < t->n; i++) {
		const struct column *column = &t->v[i];
		bool sorted = column->sort != COLUMN_UNSORTED && column->sort == sort;
		enum role role = sorted ? ROLE_BRIGHT : ROLE_LABEL;
		char text[16];

		if (!p->w[i])
			continue;
		snprintf(text, sizeof text, "%s%s", column->head, sorted ? columns_arrow(c, reverse) : "");
		if (column->left)
			canvas_text(c, p->x[i], 0, p->w[i], role, span_str(text));
		else
			canvas_right(c, p->x[i] + p->w[i], 0, role, text);
	}
}

void
columns_row(struct canvas *c, const struct column_plan *p, const struct columns *t, int y, const void *row,
	    const void *arg)
{
	for (int i = 0; i < t->n; i++)
		if (p->w[i])
			t->v[i].draw(&(struct column_cell){ c, p->x[i], p->w[i], y, row, arg });
}

int
columns_sort_at(const struct column_plan *p, const struct columns *t, int x)
{
	for (int i = 0; i < t->n; i++)
		if (x >= p->x[i] && x < p->x[i] + p->w[i])
			return t->v[i].sort;
	return COLUMN_UNSORTED;
}

const char *
columns_arrow(const struct canvas *c, bool reverse)
{
	if (c->grid->ascii)
		return reverse ? "^" : "v";
	return reverse ? "▲" : "▼";
}
