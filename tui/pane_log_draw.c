/*
 * pane_log_draw: the log's columns, lines and colours.
 *
 *	10:42:06.120 ● ERROR django.request  Internal Server Error: /api/checkout/  +18 lines
 *	time         level   logger          [duration] text                        what is hidden
 *
 * A record that a person marked has a sign before it. In the margin at the right
 * stands where the lines that are seen are in the time of the log, and where its hits are.
 *
 * Columns that no row would fill are left out. The logger's is as wide as the
 * widest that was seen, so that columns stand still while rows pass. Colour
 * belongs to the record: the level's glyph and name have it, and the text of
 * what is worse than a warning.
 */
#include "config.h"

#include "tui/pane_log.h"

#include "core/alloc.h"
#include "core/units.h"
#include "core/utf8.h"
#include "tui/pane_draw.h"
#include "tui/wrap.h"

#include <stdio.h>

enum {
	MARGIN = 1,
	TIME_W = 8, TIME_MS_W = 12, DATE_W = 6, NAME_W = 5, DURATION_W = 6,
	LOGGER_MAX = 24, LOGGER_NARROW = 16, SOURCE_MAX = 16,
	FRAME_MARGINS = 9,
	WIDE = 120, NARROW = 100, SLIM = 60, /* widths of the pane at which columns come and go */
};

/* ---- layout ---------------------------------------------------------------------- */

static bool
same_day(int64_t a, int64_t b)
{
	struct civil x, y;

	clock_civil(a, &x);
	clock_civil(b, &y);
	return x.year == y.year && x.month == y.month && x.day == y.day;
}

struct needs {
	bool time, date, level;
	int logger, source;
};

static struct needs
what_rows_need(const struct log_pane *p)
{
	struct needs n = { 0 };

	for (size_t i = 0; i < p->view.n; i++) {
		const struct view_row *row = &p->view.rows[i];
		int logger = (int)text_width(span_str(row->logger));

		n.time |= row->own_time;
		n.date |= row->own_time && !same_day(row->time, p->now);
		n.level |= row->level != LEVEL_NONE;
		n.logger = logger > n.logger ? logger : n.logger;
	}
	for (size_t i = 0; p->n_sources > 1 && i < p->n_sources; i++) {
		int w = (int)text_width(span_str(p->sources[i]));

		n.source = w > n.source ? w : n.source;
	}
	return n;
}

static int
at_most(int v, int most)
{
	return v < most ? v : most;
}

/* Puts a column of w columns at *x, when it is wanted: its place, or -1. */
static int
place_column(int *x, int w, bool wanted)
{
	int at = *x;

	if (!wanted || w <= 0)
		return -1;
	*x += w + 1;
	return at;
}

static void
place_columns(struct log_pane *p, int w)
{
	struct needs n = what_rows_need(p);
	struct log_columns *c = &p->columns;
	int x = MARGIN, logger = at_most(n.logger, w < NARROW ? LOGGER_NARROW : LOGGER_MAX);

	if (p->width != w)
		p->logger_kept = 0;
	if (logger > p->logger_kept)
		p->logger_kept = logger;
	c->time_w = w < SLIM ? TIME_W : TIME_MS_W;
	c->source_w = at_most(n.source, SOURCE_MAX);
	c->logger_w = p->logger_kept;
	c->date = place_column(&x, DATE_W - 1, n.date);
	c->time = place_column(&x, c->time_w, n.time);
	c->level = place_column(&x, 1, n.level);
	c->name = place_column(&x, NAME_W, n.level && w >= SLIM);
	c->source = place_column(&x, c->source_w, w >= WIDE);
	c->logger = place_column(&x, c->logger_w, w >= SLIM);
	/* Text without anything before it has no need of a second blank. */
	c->text = x + (c->logger >= 0);
}

/* "+18 lines" or "": what a row hides. */
static const char *
hidden_text(const struct view_row *row, char *buf, size_t size)
{
	buf[0] = '\0';
	if (row->more_lines)
		snprintf(buf, size, "+%u line%s", row->more_lines, row->more_lines == 1 ? "" : "s");
	return buf;
}

/* Where a row's text stands. */
static void
text_area(const struct log_pane *p, const struct view_row *row, int *x, int *w)
{
	char hidden[32];
	int end = p->width - MARGIN - (int)strlen(hidden_text(row, hidden, sizeof hidden));

	*x = p->columns.text + (row->duration >= 0 ? DURATION_W : 0);
	if (row->more_lines)
		end -= 2;
	*w = end > *x ? end - *x : 1;
}

static int
row_lines(const struct log_pane *p, const struct view_row *row)
{
	int x, w;

	if (!p->wrap)
		return 1;
	text_area(p, row, &x, &w);
	return wrap_lines(row->text, w, p->height);
}

static int
cursor_row(const struct log_pane *p)
{
	size_t i = 0;

	if (p->live)
		return (int)p->view.n - 1;
	while (i < p->view.n && place_cmp(p->view.rows[i].place, p->cursor) < 0)
		i++;
	return i < p->view.n ? (int)i : (int)p->view.n - 1;
}

/* The line of the first row, from where the cursor's record is to stand. y[] holds lines from 0 on. */
static int
first_line(const struct log_pane *p)
{
	int total = p->y[p->view.n], before = p->y[p->at], lines = p->y[p->at + 1] - before;
	int top = total > p->height ? p->height - total : 0;

	if (p->live)
		return top;
	int at = at_most(p->cursor_y, p->height - lines);

	if (at < 0)
		at = 0;
	/* No empty line above the first row, nor, while there are rows above, below the last. */
	if (at > before)
		at = before;
	return at - before > top ? at - before : top;
}

/* Room for the line that says that what was before is gone. */
static bool
has_mark(const struct log_pane *p)
{
	int total = p->y[p->view.n];

	if (!p->older_gone || p->y[0] != 0 || p->height < 3)
		return false;
	return total < p->height || (!p->live && p->y[p->at + 1] < p->height);
}

static void
shift_lines(struct log_pane *p, int by)
{
	for (size_t i = 0; i <= p->view.n; i++)
		p->y[i] += by;
}

void
log_layout(struct log_pane *p, int w, int h)
{
	int n = (int)p->view.n;

	place_columns(p, w);
	p->width = w;
	p->height = h > 1 ? h - 1 : 1;
	p->at = cursor_row(p);
	p->marked = false;
	if (n + 1 > p->y_cap) {
		p->y_cap = n + 1;
		p->y = xreallocarray(p->y, (size_t)p->y_cap, sizeof *p->y);
	}
	p->y[0] = 0;
	for (int i = 0; i < n; i++)
		p->y[i + 1] = p->y[i] + row_lines(p, &p->view.rows[i]);
	if (!n)
		return;
	shift_lines(p, first_line(p));
	p->cursor_y = p->y[p->at];
	p->marked = has_mark(p);
	if (p->marked)
		shift_lines(p, 1);
}

/* ---- rows --------------------------------------------------------------------------- */

static const char *
glyph_of(const struct canvas *c, enum level level)
{
	return c->grid->ascii ? level_info[level].ascii : level_info[level].glyph;
}

static void
draw_time(const struct log_pane *p, struct canvas *c, int y, const struct view_row *row)
{
	char text[32];
	struct civil day;

	if (!row->own_time)
		return;
	if (p->columns.date >= 0) {
		clock_civil(row->time, &day);
		canvas_printf(c, p->columns.date, y, ROLE_TIME, "%02d-%02d", day.month, day.day);
	}
	clock_format(row->time, CLOCK_TIME_MS, text, sizeof text);
	text[p->columns.time_w] = '\0';
	canvas_text(c, p->columns.time, y, -1, ROLE_TIME, span_str(text));
}

/* Too wide a logger keeps its last parts: they tell more than the first. */
static void
draw_logger(const struct log_pane *p, struct canvas *c, int y, const char *logger)
{
	struct span s = span_str(logger);
	int w = p->columns.logger_w, x = p->columns.logger;

	if ((int)text_width(s) <= w) {
		canvas_text(c, x, y, w, ROLE_LOGGER, s);
		return;
	}
	struct span tail = s;

	while (tail.n && ((int)text_width(tail) > w - 1))
		tail = wrap_skip(tail, 1);
	ptrdiff_t dot = span_chr(tail, '.');

	if (dot > 0 && (size_t)dot < tail.n / 2)
		tail = span_from(tail, (size_t)dot + 1);
	canvas_fill(c, x, y, 1, ROLE_LOGGER, "…", "<");
	canvas_text(c, x + 1, y, w - 1, ROLE_LOGGER, tail);
}

static enum role
text_role(enum level level)
{
	if (level >= LEVEL_ERROR)
		return ROLE_ERROR;
	return level == LEVEL_DEBUG || level == LEVEL_TRACE ? ROLE_DEBUG : ROLE_NORMAL;
}

/* A row's text without colour sequences, which would upset columns. */
static struct span
shown_text(struct log_pane *p, struct span text)
{
	ptrdiff_t esc = span_chr(text, '\033');

	if (esc < 0)
		return text;
	strbuf_clear(&p->scratch);
	for (size_t skip; text.n; text = span_from(text, skip ? skip : 1)) {
		skip = ansi_skip(text);
		if (!skip || text.p[skip - 1] != 'm')
			strbuf_add(&p->scratch, span_head(text, skip ? skip : 1));
	}
	return strbuf_span(&p->scratch);
}

static bool
draw_text(struct log_pane *p, struct canvas *c, int y, const struct view_row *row)
{
	struct hit_line line = { .all = shown_text(p, row->text), .y = y };
	struct span rest = line.all;
	enum role role = text_role(row->level);
	bool hit = false;

	text_area(p, row, &line.x, &line.w);
	if (!p->wrap) {
		line.part = wrap_skip(line.all, p->shift);
		canvas_text(c, line.x, y, line.w, role, line.part);
		if (p->shift && line.all.n)
			canvas_fill(c, line.x, y, 1, ROLE_DIM, "…", "<");
		return hit_marks_draw(&p->search, c, &line);
	}
	for (; line.y < p->height && wrap_next(&rest, line.w, &line.part); line.y++) {
		canvas_text(c, line.x, line.y, line.w, role, line.part);
		hit |= hit_marks_draw(&p->search, c, &line);
	}
	return hit;
}

static void
draw_duration(const struct log_pane *p, struct canvas *c, int y, double seconds)
{
	char text[16];
	bool slow = seconds > p->slow_limit;

	canvas_right(c, p->columns.text + DURATION_W - 1, y, slow ? ROLE_WARNING : ROLE_DIM,
		     units_duration(seconds, text));
}

static void
draw_row(struct log_pane *p, struct canvas *c, int i)
{
	const struct view_row *row = &p->view.rows[i];
	const struct log_columns *at = &p->columns;
	enum role role = row->level == LEVEL_NONE ? ROLE_DIM : role_of_level(row->level);
	int y = p->y[i];
	char hidden[32];

	if (p->base.lens && marks_has(&p->base.lens->marks, row->place))
		canvas_fill(c, 0, y, 1, ROLE_ACCENT, "◆", "+");
	if (at->time >= 0)
		draw_time(p, c, y, row);
	if (at->level >= 0)
		canvas_printf(c, at->level, y, role, "%s", glyph_of(c, row->level));
	if (at->name >= 0)
		canvas_printf(c, at->name, y, role, "%s", level_info[row->level].brief);
	if (at->source >= 0 && row->source < p->n_sources)
		canvas_text(c, at->source, y, at->source_w, ROLE_LOGGER, span_str(p->sources[row->source]));
	if (at->logger >= 0)
		draw_logger(p, c, y, row->logger);
	if (row->duration >= 0)
		draw_duration(p, c, y, row->duration);
	bool marked = draw_text(p, c, y, row);
	int used = canvas_right(c, p->width - MARGIN, y, ROLE_DIM, hidden_text(row, hidden, sizeof hidden));

	/* The hit is in what is not shown. */
	if (row->hit && !marked && used)
		canvas_role(c, p->width - MARGIN - used, y, used, ROLE_MATCH);
	else if (row->hit && !marked && at->time >= 0)
		canvas_role(c, at->time, y, at->time_w, ROLE_MATCH);
	/* While it follows, the last row is where the cursor is: a bar there would only shout. */
	if (p->base.focused && !p->follow && i == p->at)
		for (int line = y; line < p->y[i + 1]; line++)
			canvas_cursor(c, 0, line, p->width);
}

/* ---- the title ------------------------------------------------------------------------ */

static void
add_counts(const struct log_pane *p, const char *dot, struct strbuf *out)
{
	char matched[32], total[32], hits[32];

	if (p->search.query)
		strbuf_addf(out, "%s%s hit%s%s", units_thousands(p->view.hits, hits), p->view.counting ? "+" : "",
			    p->view.hits == 1 ? "" : "s", dot);
	if (p->filter.n)
		strbuf_addf(out, "%s%s of ", units_thousands(p->view.matched, matched), p->view.counting ? "+" : "");
	strbuf_str(out, units_thousands(p->view.total, total));
}

static void
add_state(const struct log_pane *p, const char *dot, struct strbuf *out)
{
	char text[32];

	if (p->live) {
		strbuf_addf(out, "following%s", dot);
		return;
	}
	if (p->at >= 0)
		strbuf_addf(out, "held at %s%s", clock_format(p->view.rows[p->at].time, CLOCK_TIME, text, sizeof text), dot);
	if (p->newer)
		strbuf_addf(out, "%s newer below%s", units_thousands(p->newer, text), dot);
}

static struct canvas
draw_frame(struct log_pane *p, struct canvas *c)
{
	const char *dot = c->grid->ascii ? ", " : " · ";
	struct strbuf title = STRBUF_INIT, figure = STRBUF_INIT;

	strbuf_addf(&title, "Log%s%.*s", p->filter.n ? "  " : "", SPAN_FMT(strbuf_span(&p->filter)));
	add_state(p, dot, &figure);
	add_counts(p, dot, &figure);
	/* Where there is no room for all, the counts stay. */
	if ((int)(text_width(strbuf_span(&title)) + text_width(strbuf_span(&figure))) + FRAME_MARGINS > c->w) {
		strbuf_clear(&figure);
		add_counts(p, dot, &figure);
	}
	struct canvas body = canvas_frame(c, title.p, figure.p, p->base.focused);

	strbuf_release(&title);
	strbuf_release(&figure);
	return body;
}

/* The parts of the bar's time that are seen, first and last. */
static void
parts_seen(const struct log_pane *p, size_t *first, size_t *last)
{
	for (size_t i = 0; i < p->view.n; i++) {
		if (p->y[i + 1] <= 0 || p->y[i] >= p->height)
			continue;
		*last = view_hits_part(&p->bar, p->view.rows[i].time);
		if (*first == SIZE_MAX)
			*first = *last;
	}
}

/* The bar: blank but for hits and for what is seen, so that it seldom changes. */
static void
draw_bar(const struct log_pane *p, struct canvas *c)
{
	const struct view_hits *bar = &p->bar;
	size_t first = SIZE_MAX, last = 0;

	if (!p->barred)
		return;
	parts_seen(p, &first, &last);
	for (size_t i = 0; i < bar->n; i++) {
		bool seen = i >= first && i <= last, hit = bar->count && bar->count[i];

		if (seen)
			canvas_fill(c, p->width - MARGIN, (int)i, 1, hit ? ROLE_ACCENT : ROLE_DIM, "▐", hit ? "#" : "|");
		else if (hit)
			canvas_fill(c, p->width - MARGIN, (int)i, 1, ROLE_ACCENT, "━", "-");
	}
}

void
log_draw(struct pane *pane, struct canvas *c)
{
	struct log_pane *p = (struct log_pane *)pane;

	log_layout(p, c->w, c->h);
	struct canvas body = draw_frame(p, c);

	if (!p->view.n) {
		pane_say(&body, p->empty);
		return;
	}
	if (p->marked)
		pane_say(&(struct canvas){ body.grid, body.x, body.y, body.w, 1 }, "older lines are gone (memory)");
	draw_bar(p, &body);
	for (size_t i = 0; i < p->view.n; i++)
		if (p->y[i + 1] > 0 && p->y[i] < body.h)
			draw_row(p, &body, (int)i);
}
