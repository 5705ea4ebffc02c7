/*
 * statusbar: the first row as a table of parts.
 *
 * Each part fills itself with up to five pieces of text, each in its role,
 * and may draw a sparkline behind them. A part without pieces is absent. Parts
 * are given room in the order of what they are worth.
 */
#include "config.h"

#include "tui/statusbar.h"

#include "core/alloc.h"
#include "core/units.h"
#include "core/utf8.h"
#include "tui/chart.h"

#include <stdarg.h>
#include <stdio.h>

#define DAY_NS (86400 * NSEC)

enum { PIECES = 5, PIECE_MAX = 48, GAP = 2, SPARK_W = 10, QUIET_S = 60, TROUBLE = 13, BEHIND = 1 << 20 };

struct piece {
	enum role role;
	char text[PIECE_MAX];
};

struct item {
	int worth;
	bool spark;
	bool shown;
	int n;
	struct piece piece[PIECES];
};

struct context {
	const struct status_line *line;
	const struct view_status *status;
	bool ascii;
};

static void add(struct item *p, enum role role, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

static void
add(struct item *p, enum role role, const char *fmt, ...)
{
	struct piece *piece = &p->piece[p->n++];
	va_list ap;

	piece->role = role;
	va_start(ap, fmt);
	vsnprintf(piece->text, sizeof piece->text, fmt, ap);
	va_end(ap);
}

/* ---- words for numbers ---- */

const char *
window_text(int64_t ns, char *buf, size_t n)
{
	static const struct {
		int64_t from, unit;
		const char *name;
	} units[] = {
		{ 48 * 3600 * NSEC, 86400 * NSEC, "d" },
		{ 2 * 3600 * NSEC, 3600 * NSEC, "h" },
		{ 60 * NSEC, 60 * NSEC, "m" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(units); i++)
		if (ns >= units[i].from && ns % units[i].unit == 0) {
			snprintf(buf, n, "%lld%s", (long long)(ns / units[i].unit), units[i].name);
			return buf;
		}
	snprintf(buf, n, "%llds", (long long)(ns / NSEC));
	return buf;
}

/* ---- the parts ---- */

static void
fill_name(struct item *p, const struct context *c)
{
	(void)c;
	add(p, ROLE_BRIGHT, "tailboard");
}

static void
fill_sources(struct item *p, const struct context *c)
{
	unsigned n = c->status->sources;

	add(p, ROLE_STATUS, "%u", n);
	add(p, ROLE_DIM, n == 1 ? " source" : " sources");
	if (c->status->waiting)
		add(p, ROLE_WARNING, " %u missing", c->status->waiting);
	if (c->status->failed)
		add(p, ROLE_WARNING, " %u unreadable", c->status->failed);
	if (c->status->silent)
		add(p, ROLE_WARNING, " %u silent", c->status->silent);
	if (p->n > 2)
		p->worth = TROUBLE;
}

static void
fill_rate(struct item *p, const struct context *c)
{
	char buf[32];
	double rate = c->status->rate;

	/* An old log has none. */
	if (!c->line->live && rate <= 0)
		return;
	add(p, rate > 0 ? ROLE_STATUS : ROLE_DIM, "%s", units_count((uint64_t)(rate + 0.5), buf));
	add(p, ROLE_DIM, "/s");
}

static void
fill_spark(struct item *p, const struct context *c)
{
	for (int i = 1; i <= SPARK_W; i++)
		p->spark |= c->status->rates[VIEW_RATES - 1 - i] != 0;
}

static void
fill_held(struct item *p, const struct context *c)
{
	char buf[32];

	add(p, ROLE_STATUS, "%s", units_count(c->status->held, buf));
	add(p, ROLE_DIM, " held");
}

static void
fill_memory(struct item *p, const struct context *c)
{
	char logs[16], memory[16];

	add(p, ROLE_STATUS, "%s", units_size(c->status->log_bytes, logs));
	add(p, ROLE_DIM, " of logs in %s", units_size(c->status->memory, memory));
}

static void
fill_evicted(struct item *p, const struct context *c)
{
	if (c->status->evicted)
		add(p, ROLE_DIM, "oldest gone");
}

static void
fill_behind(struct item *p, const struct context *c)
{
	char buf[32];

	if (c->status->behind >= BEHIND)
		add(p, ROLE_WARNING, "%s behind", units_size(c->status->behind, buf));
}

static void
fill_window(struct item *p, const struct context *c)
{
	char buf[16];

	add(p, ROLE_STATUS, "%s", window_text(c->line->window, buf, sizeof buf));
}

/* What is known of the newest record when nothing else is to be said. */
static void
fill_age(struct item *p, const struct context *c)
{
	char buf[32];
	int64_t age = c->line->now - c->status->newest;

	if (c->line->live && age < QUIET_S * NSEC)
		add(p, ROLE_LIVE, "%s LIVE", c->ascii ? "*" : "●");
	else if (c->line->live || age < DAY_NS)
		add(p, ROLE_DIM, "%s QUIET %s", c->ascii ? "o" : "○", units_age(age, buf));
	else
		add(p, ROLE_DIM, "%s END %s", c->ascii ? "#" : "■",
		    clock_format(c->status->newest, CLOCK_DATE_MINUTE, buf, sizeof buf));
}

/* The day only where it is another one, more or less. */
static const char *
moment_text(int64_t t, int64_t now, char *buf, size_t n)
{
	bool near = t > now - DAY_NS && t < now + DAY_NS;

	return clock_format(t, near ? CLOCK_MINUTE : CLOCK_DATE_MINUTE, buf, n);
}

/* The numbers are right from there on. */
static void
fill_loading(struct item *p, const struct context *c)
{
	int percent = (int)(c->status->loading * 100);
	char buf[32];

	add(p, ROLE_STATUS, "%s ", c->ascii ? "~" : "◷");
	if (c->status->reach == TIME_NONE)
		add(p, ROLE_STATUS, "loading %d%%", percent);
	else
		add(p, ROLE_STATUS, "back to %s, %d%%", moment_text(c->status->reach, c->line->now, buf, sizeof buf),
		    percent);
}

static void
fill_state(struct item *p, const struct context *c)
{
	char buf[32];

	if (c->line->paused)
		add(p, ROLE_PAUSED, "%s PAUSED +%s", c->ascii ? "||" : "❚❚",
		    units_thousands(c->line->arrived, buf));
	else if (c->status->loading < 1)
		fill_loading(p, c);
	else if (c->line->edge != TIME_NONE)
		add(p, ROLE_PAUSED, "%s UNTIL %s", c->ascii ? "<" : "◀",
		    moment_text(c->line->edge, c->line->now, buf, sizeof buf));
	else if (c->status->newest == TIME_NONE)
		add(p, ROLE_DIM, "%s NO RECORDS", c->ascii ? "o" : "○");
	else
		fill_age(p, c);
}

static void
fill_secrets(struct item *p, const struct context *c)
{
	if (c->line->secrets_shown)
		add(p, ROLE_WARNING, "SECRETS SHOWN");
}

static void
fill_unfiltered(struct item *p, const struct context *c)
{
	if (c->line->unfiltered)
		add(p, ROLE_WARNING, "UNFILTERED");
}

static void
fill_gone_to(struct item *p, const struct context *c)
{
	char buf[32];

	if (c->status->evicted && c->status->evicted_to != TIME_NONE)
		add(p, ROLE_DIM, "to %s", moment_text(c->status->evicted_to, c->line->now, buf, sizeof buf));
}

static void
fill_lost(struct item *p, const struct context *c)
{
	char buf[32];

	if (c->status->lost)
		add(p, ROLE_WARNING, "%s lost", units_size(c->status->lost, buf));
	else if (c->status->gaps)
		add(p, ROLE_WARNING, "lines may be lost");
}

static void
fill_cut(struct item *p, const struct context *c)
{
	char buf[32];

	if (c->status->cut)
		add(p, ROLE_STATUS, "%s cut", units_count(c->status->cut, buf));
}

static void
fill_unparsed(struct item *p, const struct context *c)
{
	char buf[32];

	add(p, c->status->unparsed ? ROLE_STATUS : ROLE_DIM, "%s", units_count(c->status->unparsed, buf));
	add(p, ROLE_DIM, " unparsed");
	if (!c->status->unparsed)
		p->worth = 1;
}

static void
fill_clock(struct item *p, const struct context *c)
{
	char buf[32];

	add(p, ROLE_STATUS, "%s", clock_format(c->line->now, CLOCK_TIME, buf, sizeof buf));
}

static void
fill_zone(struct item *p, const struct context *c)
{
	char buf[8];

	clock_offset_text(clock_offset(c->line->now), buf);
	add(p, ROLE_DIM, "%s", buf);
}

/* As they stand in the row; from the first right one on they end at its end. */
static const struct {
	int worth;
	bool right;
	void (*fill)(struct item *p, const struct context *c);
} parts[] = {
	{ 5, false, fill_name },    { 8, false, fill_sources },  { 10, false, fill_rate },
	{ 3, false, fill_spark },   { 12, false, fill_behind },  { 9, false, fill_held },
	{ 6, false, fill_memory },  { 7, false, fill_evicted },  { 3, false, fill_gone_to },
	{ 11, false, fill_window }, { 15, false, fill_state },   { 14, false, fill_secrets },
	{ 13, false, fill_unfiltered },
	{ 14, true, fill_lost },
	{ 7, true, fill_cut },      { 8, true, fill_unparsed },  { 12, true, fill_clock },
	{ 2, true, fill_zone },
};

/* A zone belongs to its clock, a sparkline to its rate, a time to what is gone. */
static int
gap_before(size_t i)
{
	bool belongs = parts[i].fill == fill_zone || parts[i].fill == fill_spark || parts[i].fill == fill_gone_to;

	return belongs ? 1 : GAP;
}

static int
part_width(const struct item *p)
{
	int w = p->spark ? SPARK_W : 0;

	for (int i = 0; i < p->n; i++)
		w += (int)text_width(span_str(p->piece[i].text));
	return w;
}

/* It is part of the one before it. */
static bool
belongs(size_t i)
{
	return gap_before(i) < GAP;
}

static int
total_width(const struct item *p, bool right_only)
{
	int w = 0;

	for (size_t i = 0; i < ARRAY_SIZE(parts); i++)
		if (p[i].shown && (parts[i].right || !right_only))
			w += gap_before(i) + part_width(&p[i]);
	return w;
}

/* Show what fits, the most important first. */
static void
choose(struct item *p, int w)
{
	bool tried[ARRAY_SIZE(parts)] = { false };

	for (size_t n = 0; n < ARRAY_SIZE(parts); n++) {
		size_t best = SIZE_MAX;

		for (size_t i = 0; i < ARRAY_SIZE(parts); i++)
			if (!tried[i] && (best == SIZE_MAX || p[i].worth > p[best].worth))
				best = i;
		tried[best] = true;
		p[best].shown = (p[best].n || p[best].spark) && (!belongs(best) || p[best - 1].shown);
		if (p[best].shown && total_width(p, false) > w)
			p[best].shown = false;
	}
}

static void
draw_part(struct canvas *c, int x, const struct item *p, const struct view_status *st)
{
	for (int i = 0; i < p->n; i++)
		x += canvas_text(c, x, 0, -1, p->piece[i].role, span_str(p->piece[i].text));
	if (p->spark)
		chart_spark(c, x, 0, SPARK_W, st->rates + VIEW_RATES - 1 - SPARK_W, 0, ROLE_DIM);
}

void
status_draw(struct canvas *c, const struct status_line *s)
{
	struct context context = { s, s->status, c->grid->ascii };
	struct item p[ARRAY_SIZE(parts)];
	int x = 1 - GAP;
	bool right = false;

	memset(p, 0, sizeof p);
	for (size_t i = 0; i < ARRAY_SIZE(parts); i++) {
		p[i].worth = parts[i].worth;
		parts[i].fill(&p[i], &context);
	}
	choose(p, c->w);
	for (size_t i = 0; i < ARRAY_SIZE(parts); i++) {
		if (!p[i].shown)
			continue;
		if (parts[i].right && !right) {
			x = c->w - 1 - total_width(p, true);
			right = true;
		}
		x += gap_before(i);
		draw_part(c, x, &p[i], s->status);
		x += part_width(&p[i]);
	}
}
