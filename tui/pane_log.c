/*
 * pane_log: the merged log: what is looked at, and moving in it.
 *
 * Only the rows that are seen are asked for, around the cursor. A command
 * notes how far to move; the next update moves, once for all keys since the
 * last. Drawing is pane_log_draw.c's.
 */
#include "config.h"

#include "tui/pane_log.h"

#include "core/alloc.h"

#include <stdio.h>
#include <stdlib.h>

enum { SIDE_STEP = 16, FAR = 1 << 30 };

static struct log_pane *
log_of(struct pane *p)
{
	return (struct log_pane *)p;
}

static void
log_init(struct pane *p)
{
	struct log_pane *l = log_of(p);

	l->follow = l->live = true;
	l->at = -1;
	l->cursor = PLACE_LAST;
}

static void
log_release(struct pane *p)
{
	struct log_pane *l = log_of(p);

	view_log_release(&l->view);
	strbuf_release(&l->filter);
	strbuf_release(&l->scratch);
	view_hits_release(&l->bar);
	hit_marks_release(&l->search);
	free(l->y);
}

/* ---- asking --------------------------------------------------------------------- */

/* The row at a place, or the nearest after it; the last where none is. -1 without rows. */
static int
row_at(const struct view_log *v, struct place at)
{
	size_t i = 0;

	while (i < v->n && place_cmp(v->rows[i].place, at) < 0)
		i++;
	return i < v->n ? (int)i : (int)v->n - 1;
}

static bool
is_seen(const struct log_pane *l, int row)
{
	return row >= 0 && (size_t)row < l->view.n && l->y && l->y[row] >= 0 && l->y[row + 1] <= l->height;
}

static void
put_cursor(struct log_pane *l, int row)
{
	l->cursor = l->view.rows[row].place;
	l->cursor_y = l->y[row] - l->marked;
}

/* Move by rows that are not on the screen. */
static void
move_far(struct log_pane *l)
{
	size_t n = (size_t)abs(l->pending);
	struct view_log v;

	view_log(l->base.lens->engine, l->cursor, true, l->pending < 0 ? n : 0, l->pending > 0 ? n + 1 : 1, &v);
	int from = row_at(&v, l->cursor), to = from + l->pending;
	int last = (int)v.n - 1;

	if (v.n) {
		/* Pushing on at the very end is asking for what comes. */
		if (l->pending > 0 && from == last)
			l->follow = true;
		l->cursor = v.rows[to < 0 ? 0 : to > last ? last : to].place;
		if (!l->paging)
			l->cursor_y = l->pending < 0 ? 0 : l->height - 1;
	}
	view_log_release(&v);
}

static void
move_cursor(struct log_pane *l)
{
	int to = l->at + l->pending;

	if (!l->pending || l->at < 0)
		return;
	if (!l->paging && is_seen(l, to))
		put_cursor(l, to);
	else
		move_far(l);
	l->pending = 0;
	l->paging = false;
}

/* The rows around the cursor; whether nothing stands before the first. */
static bool
fetch_around(struct log_pane *l, size_t rows)
{
	struct engine *e = l->base.lens->engine;
	size_t above = l->cursor_y > 0 ? (size_t)l->cursor_y : 0;
	size_t before = above < rows ? above + 1 : rows, after = rows + 1 - before;

	view_log(e, l->cursor, true, before, after + 1, &l->view);
	if (l->view.n && place_cmp(l->view.rows[l->view.n - 1].place, l->cursor) < 0) {
		/* Nothing is left at the cursor or after it. */
		l->cursor = l->view.rows[l->view.n - 1].place;
		view_log_release(&l->view);
		view_log(e, l->cursor, true, before, after + 1, &l->view);
	}
	int at = row_at(&l->view, l->cursor);

	if (l->view.n < rows + 1 && (at >= (int)before || !l->view.at_end)) {
		/* An end is in sight: fill the screen from the other side. */
		before = rows + 1;
		view_log_release(&l->view);
		view_log(e, l->cursor, true, before, rows, &l->view);
		at = row_at(&l->view, l->cursor);
	}
	if (at >= 0)
		l->cursor = l->view.rows[at].place;
	return at < (int)before;
}

static bool
fetch_end(struct log_pane *l, size_t rows)
{
	view_log(l->base.lens->engine, PLACE_LAST, true, rows + 1, 0, &l->view);
	if (l->view.n)
		l->cursor = l->view.rows[l->view.n - 1].place;
	return l->view.n < rows + 1;
}

static void
count_newer(struct log_pane *l, const struct view_status *status)
{
	uint64_t now = l->filter.n ? l->view.matched : status->records;

	if (l->recount)
		l->counted = now;
	l->recount = false;
	l->newer = now > l->counted ? now - l->counted : 0;
}

static void
explain_empty(struct log_pane *l)
{
	l->empty[0] = '\0';
	if (l->view.n)
		return;
	if (l->view.total && l->filter.n)
		lens_count_filters(l->base.lens);
	if (l->view.total && l->filter.n && !l->view.counting &&
	    lens_why_empty(l->base.lens, l->view.total, l->empty, sizeof l->empty))
		return;
	if (l->view.total && l->filter.n)
		snprintf(l->empty, sizeof l->empty,
			 l->view.counting ? "Looking for: %.200s" : "No record matches: %.200s  (0 clears the filters)",
			 l->filter.p);
	else
		view_empty_reason(l->base.lens->engine, l->empty, sizeof l->empty);
	if (!l->empty[0])
		snprintf(l->empty, sizeof l->empty, "No records yet");
}

static void
learn_filter(struct log_pane *l)
{
	struct strbuf query = STRBUF_INIT;

	lens_query(l->base.lens, &query);
	if (span_eq(strbuf_span(&query), strbuf_span(&l->filter))) {
		strbuf_release(&query);
		return;
	}
	strbuf_release(&l->filter);
	l->filter = query;
	l->recount = true;
	l->logger_kept = l->logger_again;
	l->logger_again = 0;
}

/*
 * The bar at the right is for who reads: while the log follows there is none, for
 * it would have to be drawn again with every line that scrolls.
 */
static void
learn_bar(struct log_pane *l, size_t lines)
{
	struct engine *e = l->base.lens->engine;
	int64_t from, to;

	view_hits_release(&l->bar);
	l->barred = !l->live && l->view.n < l->view.matched && view_span(e, &from, &to);
	if (l->barred)
		view_hits(e, from, to, lines, &l->bar);
}

static void
log_update(struct pane *p, int w, int h)
{
	struct log_pane *l = log_of(p);
	size_t rows = h > 2 ? (size_t)h - 1 : 1;
	struct view_status status;

	l->now = p->lens->now;
	learn_filter(l);
	hit_marks_learn(&l->search, p->lens);
	move_cursor(l);
	l->live = l->follow && !p->lens->paused;
	view_log_release(&l->view);
	bool top = l->live ? fetch_end(l, rows) : fetch_around(l, rows);

	l->older_gone = false;
	l->newer = 0;
	if (top || !l->live || !l->slow_limit) {
		view_status(p->lens->engine, p->lens->now, &status);
		l->slow_limit = status.slow_limit;
		l->older_gone = top && status.evicted;
		if (!l->live)
			count_newer(l, &status);
	}
	if (l->live)
		l->recount = true;
	l->n_sources = view_source_names(p->lens->engine, l->sources, LOG_SOURCES);
	explain_empty(l);
	learn_bar(l, rows);
	log_layout(l, w, h);
}

/* ---- commands ---------------------------------------------------------------------- */

/* To a place: where it is seen the rows stand still, else it comes to stand in the upper third. */
static void
go(struct log_pane *l, struct place at)
{
	int row = row_at(&l->view, at);

	l->follow = false;
	l->pending = 0;
	l->cursor = at;
	if (row >= 0 && place_cmp(l->view.rows[row].place, at) == 0 && is_seen(l, row))
		l->cursor_y = l->y[row] - l->marked;
	else
		l->cursor_y = l->height / 3;
}

static int
move(struct log_pane *l, int rows, bool paging)
{
	if (l->follow && rows > 0)
		return EFFECT_NONE;
	l->follow = false;
	if (l->pending < FAR && l->pending > -FAR)
		l->pending += rows;
	l->paging = paging;
	return EFFECT_UPDATE;
}

static int
to_first(struct log_pane *l)
{
	go(l, PLACE_FIRST);
	l->cursor_y = 0;
	return EFFECT_UPDATE;
}

static int
to_last(struct log_pane *l)
{
	l->follow = true;
	l->pending = 0;
	return EFFECT_UPDATE;
}

static int
scroll_side(struct log_pane *l, int by)
{
	if (l->wrap)
		return EFFECT_NONE;
	l->shift += by;
	if (l->shift < 0)
		l->shift = 0;
	return EFFECT_REDRAW;
}

static int
toggle_wrap(struct log_pane *l)
{
	l->wrap = !l->wrap;
	l->shift = 0;
	return EFFECT_UPDATE;
}

static int
log_command(struct pane *p, enum command c)
{
	struct log_pane *l = log_of(p);
	int page = l->height > 2 ? l->height - 1 : 1;

	switch (c) {
	case CMD_UP:        return move(l, -1, false);
	case CMD_DOWN:      return move(l, 1, false);
	case CMD_PAGE_UP:   return move(l, -page, true);
	case CMD_PAGE_DOWN: return move(l, page, true);
	case CMD_FIRST:     return to_first(l);
	case CMD_LAST:      return to_last(l);
	case CMD_LEFT:      return scroll_side(l, -SIDE_STEP);
	case CMD_RIGHT:     return scroll_side(l, SIDE_STEP);
	case CMD_WRAP:      return toggle_wrap(l);
	default:            return -1;
	}
}

static bool
log_target(struct pane *p, struct target *out)
{
	struct view_row row;

	if (!pane_log_current(p, &row))
		return false;
	out->record = row.id;
	return true;
}

static int
log_click(struct pane *p, int x, int y, bool twice)
{
	struct log_pane *l = log_of(p);

	(void)x;
	(void)twice;
	for (size_t i = 0; l->y && i < l->view.n; i++)
		if (y - 1 >= l->y[i] && y - 1 < l->y[i + 1]) {
			l->follow = false;
			put_cursor(l, (int)i);
			return EFFECT_UPDATE;
		}
	return -1;
}

/* ---- for the screen --------------------------------------------------------------------- */

struct place
pane_log_place(const struct pane *p)
{
	return ((const struct log_pane *)p)->cursor;
}

bool
pane_log_follows(const struct pane *p)
{
	return ((const struct log_pane *)p)->follow;
}

struct log_stance
pane_log_stance(const struct pane *p)
{
	const struct log_pane *l = (const struct log_pane *)p;

	return (struct log_stance){ pane_log_place(p), l->follow, l->cursor_y, l->logger_kept };
}

void
pane_log_restore(struct pane *p, const struct log_stance *stance)
{
	struct log_pane *l = log_of(p);

	l->follow = stance->follow;
	l->pending = 0;
	l->cursor = stance->at;
	l->cursor_y = stance->line;
	l->logger_again = stance->logger_width;
}

void
pane_log_go(struct pane *p, struct place at)
{
	go(log_of(p), at);
}

void
pane_log_follow(struct pane *p)
{
	to_last(log_of(p));
}

bool
pane_log_current(const struct pane *p, struct view_row *out)
{
	const struct log_pane *l = (const struct log_pane *)p;

	if (l->at < 0 || (size_t)l->at >= l->view.n)
		return false;
	*out = l->view.rows[l->at];
	return true;
}

static const enum command log_hints[] = {
	CMD_SEARCH, CMD_FILTER, CMD_PAUSE, CMD_OPEN, CMD_TRACE, CMD_NEXT_ERROR, CMD_PREVIOUS_ERROR, CMD_EXCLUDE,
	CMD_KEEP, CMD_WRAP, CMD_AROUND, CMD_LAST, CMD_MARK, CMD_SOURCES, CMD_NONE,
};

const struct pane_ops pane_log = {
	.name = "log",
	.size = sizeof(struct log_pane),
	.init = log_init,
	.release = log_release,
	.update = log_update,
	.draw = log_draw,
	.command = log_command,
	.target = log_target,
	.click = log_click,
	.hints = log_hints,
};
