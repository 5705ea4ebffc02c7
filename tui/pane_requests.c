/*
 * pane_requests: a table of requests by route.
 *
 * What the columns are is request_columns.c's. The engine is asked once a
 * second; while the pane is focused, rows stay where they stood and only
 * their numbers change, and the cursor stays with its route.
 *
 * Filtered, it has the requests that records which pass belong to, and says so.
 */
#include "config.h"

#include "tui/pane_requests.h"

#include "core/alloc.h"
#include "core/route_groups.h"
#include "core/units.h"
#include "tui/pane_draw.h"
#include "tui/request_columns.h"

#include <stdio.h>
#include <stdlib.h>

enum { MARGIN = 1 };

/* ---- data -------------------------------------------------------------------------- */

static void
requests_init(struct pane *p)
{
	struct requests_pane *r = (struct requests_pane *)p;

	r->sort = SORT_P95;
	r->nav.cursor = -1;
	r->slow_limit = 1;
}

static void
requests_release(struct pane *p)
{
	struct requests_pane *r = (struct requests_pane *)p;

	view_requests_release(&r->view);
	free(r->order);
}

struct ranked {
	struct view_route row;
	size_t rank;
};

static int
compare_ranks(const void *a, const void *b)
{
	const struct ranked *x = a, *y = b;

	return x->rank < y->rank ? -1 : x->rank > y->rank;
}

static size_t
old_rank(const struct requests_pane *r, uint32_t id)
{
	for (size_t i = 0; i < r->n_order; i++)
		if (r->order[i] == id)
			return i;
	return SIZE_MAX;
}

/* Rows that were there stay where they were; new ones come after them in the order of the sort. */
static void
keep_order(struct requests_pane *r)
{
	struct ranked *ranked = xcalloc(r->view.n, sizeof *ranked);

	for (size_t i = 0; i < r->view.n; i++) {
		size_t rank = old_rank(r, r->view.rows[i].id);

		ranked[i] = (struct ranked){ r->view.rows[i], rank == SIZE_MAX ? r->n_order + i : rank };
	}
	if (r->view.n)
		qsort(ranked, r->view.n, sizeof *ranked, compare_ranks);
	for (size_t i = 0; i < r->view.n; i++)
		r->view.rows[i] = ranked[i].row;
	free(ranked);
}

static void
remember_order(struct requests_pane *r)
{
	r->n_order = r->view.n;
	r->order = xreallocarray(r->order, r->n_order + 1, sizeof *r->order);
	for (size_t i = 0; i < r->n_order; i++)
		r->order[i] = r->view.rows[i].id;
}

static bool
is_stale(const struct requests_pane *r, const struct lens *l)
{
	int64_t moved = l->frame.to - r->asked_to;

	return r->resort || !r->view.n || l->now - r->asked_at >= NSEC || l->now < r->asked_at ||
	       l->window != r->asked_window || l->filterings != r->asked_filtering || moved < 0 || moved > NSEC;
}

static void
ask(struct requests_pane *r, struct lens *l)
{
	struct view_status status;

	view_requests_release(&r->view);
	view_requests(l->engine, &l->frame, r->sort, r->reverse, &r->view);
	view_status(l->engine, l->now, &status);
	r->slow_limit = status.slow_limit;
	r->ever = r->ever || r->view.n || status.slow || status.in_flight;
	r->asked_at = l->now;
	r->asked_window = l->window;
	r->asked_filtering = l->filterings;
	r->asked_to = l->frame.to;
}

static void
requests_update(struct pane *p, int w, int h)
{
	struct requests_pane *r = (struct requests_pane *)p;

	r->width = w;
	if (is_stale(r, p->lens)) {
		bool on = r->nav.cursor >= 0 && (size_t)r->nav.cursor < r->view.n;
		uint32_t id = on ? r->view.rows[r->nav.cursor].id : 0;

		ask(r, p->lens);
		if (p->focused && !r->resort)
			keep_order(r);
		r->resort = false;
		remember_order(r);
		listnav_set(&r->nav, (int)r->view.n, h - 2);
		if (on && old_rank(r, id) != SIZE_MAX)
			listnav_go(&r->nav, (int)old_rank(r, id));
	}
	listnav_set(&r->nav, (int)r->view.n, h - 2);
	if (p->focused && r->nav.cursor < 0 && r->view.n)
		listnav_go(&r->nav, 0);
}

/* ---- drawing -------------------------------------------------------------------------- */

static const char *const sort_words[SORT_COLUMNS] = {
	[SORT_ROUTE] = "route", [SORT_COUNT] = "count", [SORT_ERRORS] = "error rate", [SORT_AVG] = "average",
	[SORT_P50] = "p50",     [SORT_P95] = "p95",     [SORT_P99] = "p99",           [SORT_MAX] = "longest",
};

static void
draw_table(const struct requests_pane *r, struct canvas *body)
{
	struct canvas c = canvas_sub(body, MARGIN, 0, body->w - 2 * MARGIN, body->h);
	struct column_plan plan;

	columns_plan(&plan, &request_columns, c.w, (int)r->sort);
	columns_heads(&c, &plan, &request_columns, (int)r->sort, r->reverse);
	for (int y = 1; y < body->h; y++) {
		int row = r->nav.top + y - 1;

		if ((size_t)row >= r->view.n)
			break;
		columns_row(&c, &plan, &request_columns, y, &r->view.rows[row], &r->slow_limit);
		if (r->base.focused && row == r->nav.cursor)
			canvas_cursor(body, 0, y, body->w);
	}
}

static void
requests_draw(struct pane *p, struct canvas *c)
{
	const struct requests_pane *r = (const struct requests_pane *)p;
	char title[128], part[64] = "", figure[64], slow[32];
	int seen = c->h - 2;

	if (seen > 0 && r->view.n > (size_t)seen)
		snprintf(part, sizeof part, "  %d-%d of %zu", r->nav.top + 1, r->nav.top + seen, r->view.n);
	snprintf(title, sizeof title, "Requests by %s %s%s%s", sort_words[r->sort],
		 columns_arrow(c, r->reverse), part,
		 !r->view.filtered ? "" : r->view.partial ? "  filtered, newest" : "  filtered");
	/* "1.0s", and as many digits as a limit such as 0.25 needs. */
	bool tenths = r->slow_limit * 10 == (double)(int64_t)(r->slow_limit * 10);

	snprintf(figure, sizeof figure, tenths ? "slow > %.1fs: %s" : "slow > %gs: %s", r->slow_limit,
		 units_thousands(r->view.slow, slow));
	struct canvas body = pane_frame(c, title, figure, p->focused, r->view.slow ? ROLE_WARNING : ROLE_DIM);

	if (r->view.n)
		draw_table(r, &body);
	else
		pane_say(&body, !r->ever ? "No requests seen: access lines and request logs appear here"
				: r->view.filtered ? "No request of the records that pass in this window"
						   : "No requests in this window");
}

/* ---- commands ---------------------------------------------------------------------------- */

static int
sort_by(struct requests_pane *r, enum view_sort sort, bool reverse)
{
	r->sort = sort;
	r->reverse = reverse;
	r->resort = true;
	return EFFECT_UPDATE;
}

static int
requests_command(struct pane *p, enum command c)
{
	struct requests_pane *r = (struct requests_pane *)p;

	switch (c) {
	case CMD_SORT:
	case CMD_RIGHT:
		return sort_by(r, (r->sort + 1) % SORT_COLUMNS, r->reverse);
	case CMD_LEFT:
		return sort_by(r, (r->sort + SORT_COLUMNS - 1) % SORT_COLUMNS, r->reverse);
	case CMD_SORT_REVERSE:
		return sort_by(r, r->sort, !r->reverse);
	default:
		return listnav_command(&r->nav, c) ? EFFECT_REDRAW : -1;
	}
}

static void
add_test(struct strbuf *out, const char *name, const char *value)
{
	if (!*value)
		return;
	if (out->n)
		strbuf_char(out, ' ');
	strbuf_addf(out, "%s=", name);
	query_quote(out, span_str(value));
}

/* A row of many routes is found by the pattern that they fit. */
static void
add_route(struct strbuf *out, const char *route)
{
	if (!strstr(route, ROUTE_SLUG)) {
		add_test(out, "route", route);
		return;
	}
	strbuf_str(out, "route=");
	route_groups_glob(out, span_str(route));
}

static bool
requests_target(struct pane *p, struct target *out)
{
	const struct requests_pane *r = (const struct requests_pane *)p;

	if (r->nav.cursor < 0 || (size_t)r->nav.cursor >= r->view.n)
		return false;
	const struct view_route *route = &r->view.rows[r->nav.cursor];

	/* Requests whose path is not known have nothing to be found by. */
	if (!route->route[0])
		return false;
	add_route(&out->query, route->route);
	add_test(&out->query, "method", route->method);
	strbuf_addf(&out->label, "%s%s%s", route->method, route->method[0] ? " " : "", route->route);
	return true;
}

static int
click_head(struct requests_pane *r, int x)
{
	struct column_plan plan;

	columns_plan(&plan, &request_columns, r->width - 2 * MARGIN, (int)r->sort);
	int sort = columns_sort_at(&plan, &request_columns, x - MARGIN);

	return sort == COLUMN_UNSORTED ? -1 : sort_by(r, (enum view_sort)sort, sort == (int)r->sort && !r->reverse);
}

static int
requests_click(struct pane *p, int x, int y, bool twice)
{
	struct requests_pane *r = (struct requests_pane *)p;

	(void)twice;
	if (y == 1)
		return click_head(r, x);
	if (y < 2 || r->nav.top + y - 2 >= r->nav.n)
		return -1;
	listnav_go(&r->nav, r->nav.top + y - 2);
	return EFFECT_REDRAW;
}

static const enum command requests_hints[] = {
	CMD_UP, CMD_DOWN, CMD_OPEN, CMD_SORT, CMD_SORT_REVERSE, CMD_NONE,
};

const struct pane_ops pane_requests = {
	.name = "requests",
	.size = sizeof(struct requests_pane),
	.init = requests_init,
	.release = requests_release,
	.update = requests_update,
	.draw = requests_draw,
	.command = requests_command,
	.target = requests_target,
	.click = requests_click,
	.hints = requests_hints,
};
