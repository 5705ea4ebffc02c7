/*
 * pane_detail: everything about one record.
 *
 *	● ERROR  2025-09-09 10:42:06.120 +09:00
 *	django.request · error.log · Django verbose text
 *
 *	Internal Server Error: /api/checkout/
 *
 *	status      500
 *	request_id  4f1c...
 *
 *	Traceback (most recent call last):
 *	...
 *	raw
 *
 * The page is drawn from its first line each time, and what lies outside of
 * the pane is not put on the canvas; so its length is known after drawing, and
 * so are the lines that a search hit, which `n` goes through.
 */
#include "config.h"

#include "tui/pane_detail.h"

#include "core/alloc.h"
#include "core/json.h"
#include "core/utf8.h"
#include "tui/pane_draw.h"
#include "tui/wrap.h"

#include <stdio.h>
#include <stdlib.h>

enum { MARGIN = 1, KEY_MAX = 24, INDENT_MAX = 12 };

/* ---- a page that is longer than the pane ------------------------------------------- */

struct page {
	struct canvas *c;
	struct detail_pane *d;
	int y; /* next line; negative above the pane */
	int w;
};

/* The line has a hit. */
static void
page_hit(struct page *p)
{
	struct detail_pane *d = p->d;
	int line = p->y + d->pager.top;

	ARRAY_GROW(d->hits, d->n_hits, d->hits_cap);
	d->hits[d->n_hits++] = line;
	if (line == d->at)
		canvas_fill(p->c, 0, p->y, 1, ROLE_MATCH, "▸", ">");
}

static void
page_lines(struct page *p, int indent, enum role role, struct span text)
{
	int x = MARGIN + indent, w = p->w - MARGIN - x;
	struct hit_line line = { .all = text, .x = x, .w = w };

	while (wrap_next(&text, w > 1 ? w : 1, &line.part)) {
		canvas_text(p->c, x, p->y, w, role, line.part);
		line.y = p->y;
		if (hit_marks_draw(&p->d->search, p->c, &line))
			page_hit(p);
		p->y++;
	}
}

static void
page_heading(struct page *p, const char *words)
{
	p->y++;
	canvas_text(p->c, MARGIN, p->y, p->w - MARGIN, ROLE_LABEL, span_str(words));
	p->y++;
}

/* ---- fields ----------------------------------------------------------------------------- */

static void
break_line(struct strbuf *out, int depth)
{
	strbuf_char(out, '\n');
	for (int i = 0; i < depth; i++)
		strbuf_str(out, "  ");
}

static struct span
skip_blanks(struct span s)
{
	while (s.n && strchr(" \t\r\n", *s.p))
		s = span_from(s, 1);
	return s;
}

/* Takes one character that is in no string; blanks between tokens are the caller's to skip. */
static void
lay_out_char(char c, struct span rest, int *depth, struct strbuf *out)
{
	bool empty = rest.n && (*rest.p == '}' || *rest.p == ']');

	if (c == '}' || c == ']') {
		--*depth;
		if (!strchr("{[", out->p[out->n - 1]))
			break_line(out, *depth);
	}
	strbuf_char(out, c);
	if (c == '{' || c == '[') {
		++*depth;
		if (!empty)
			break_line(out, *depth);
	}
	if (c == ',')
		break_line(out, *depth);
	if (c == ':')
		strbuf_char(out, ' ');
}

/* A JSON object with a member a line. The text is valid. */
static void
lay_out_json(struct span s, struct strbuf *out)
{
	int depth = 0;
	bool quoted = false;

	for (s = skip_blanks(s); s.n;) {
		char c = *s.p;

		if (quoted && c == '\\' && s.n > 1) {
			strbuf_add(out, span_head(s, 2));
			s = span_from(s, 2);
			continue;
		}
		s = span_from(s, 1);
		if (c == '"')
			quoted = !quoted;
		if (quoted || c == '"') {
			strbuf_char(out, c);
		} else {
			s = skip_blanks(s);
			lay_out_char(c, s, &depth, out);
		}
	}
}

static void
draw_field(struct page *p, int key_w, const struct view_field *f)
{
	struct strbuf pretty = STRBUF_INIT;
	struct span value = f->value;
	int y = p->y;

	if (value.n > 2 && *value.p == '{' && json_valid(value)) {
		lay_out_json(value, &pretty);
		value = strbuf_span(&pretty);
	}
	page_lines(p, key_w + 2, ROLE_VALUE, value);
	canvas_text(p->c, MARGIN, y, key_w, ROLE_LABEL, f->key);
	if (p->y == y)
		p->y++;
	strbuf_release(&pretty);
}

static void
draw_fields(struct page *p, const struct view_record *v)
{
	int key_w = 0;

	for (size_t i = 0; i < v->n; i++) {
		int w = (int)text_width(v->fields[i].key);

		key_w = w > key_w ? w : key_w;
	}
	if (key_w > KEY_MAX)
		key_w = KEY_MAX;
	if (key_w > p->w / 3)
		key_w = p->w / 3;
	if (v->n)
		p->y++;
	for (size_t i = 0; i < v->n; i++)
		if (v->fields[i].id != FIELD_MESSAGE)
			draw_field(p, key_w, &v->fields[i]);
}

/* ---- traceback ---------------------------------------------------------------------------- */

static bool
contains(struct span s, const char *word)
{
	return s.n && memmem(s.p, s.n, word, strlen(word));
}

static bool
is_traceback(struct span s)
{
	return contains(s, "Traceback (most recent") || contains(s, "\tat ") || contains(s, "    at ");
}

static bool
is_library(struct span line)
{
	static const char *const parts[] = {
		"site-packages", "dist-packages", "/lib/python", "<frozen ", "node_modules", "node:internal",
		"at java.", "at javax.", "at jdk.", "at sun.", "at org.springframework.", "at org.apache.",
	};

	for (size_t i = 0; i < ARRAY_SIZE(parts); i++)
		if (contains(line, parts[i]))
			return true;
	return false;
}

/* What a line of a traceback is; *library is whether the last frame was somebody else's. */
static enum role
traceback_role(struct span line, bool *library)
{
	static const struct span links[] = {
		{ "Traceback", 9 }, { "During handling", 15 }, { "The above exception", 19 },
	};
	struct span text = span_trim(line);

	if (span_starts(text, SPAN_LIT("File \"")) || span_starts(text, SPAN_LIT("at "))) {
		*library = is_library(line);
		return *library ? ROLE_DIM : ROLE_BRIGHT;
	}
	if (text.p != line.p)
		return *library ? ROLE_DIM : ROLE_NORMAL;
	for (size_t i = 0; i < ARRAY_SIZE(links); i++)
		if (span_starts(text, links[i]))
			return ROLE_LABEL;
	return ROLE_ERROR;
}

/* Wrapped under itself. */
static void
draw_traceback_line(struct page *p, struct span line, enum role role)
{
	int indent = 0;

	for (; line.n && *line.p == ' ' && indent < INDENT_MAX; line = span_from(line, 1))
		indent++;
	if (line.n)
		page_lines(p, indent, role, line);
	else
		p->y++;
}

static void
draw_traceback(struct page *p, struct span text)
{
	bool library = false, frames = is_traceback(text);

	p->y++;
	while (text.n) {
		ptrdiff_t nl = span_chr(text, '\n');
		struct span line = span_head(text, nl < 0 ? text.n : (size_t)nl);

		text = span_from(text, line.n + 1);
		draw_traceback_line(p, line, frames ? traceback_role(line, &library) : ROLE_NORMAL);
	}
}

/* ---- the pane --------------------------------------------------------------------------------- */

static void
draw_header(struct page *p, const struct view_record *v)
{
	char time[40], zone[8];
	const char *dot = p->c->grid->ascii ? ", " : " · ";
	struct strbuf from = STRBUF_INIT;
	enum role role = v->level == LEVEL_NONE ? ROLE_DIM : role_of_level(v->level);
	int x = MARGIN;

	if (v->level != LEVEL_NONE)
		x += canvas_printf(p->c, x, p->y, role, "%s %s",
				   p->c->grid->ascii ? level_info[v->level].ascii : level_info[v->level].glyph,
				   level_info[v->level].name) + 2;
	if (v->time != TIME_NONE) {
		clock_offset_text(clock_offset(v->time), zone);
		canvas_printf(p->c, x, p->y, ROLE_BRIGHT, "%s %s%s", clock_format(v->time, CLOCK_FULL, time, sizeof time),
			      zone, v->own_time ? "" : "  (of the record before)");
	}
	p->y++;
	if (v->logger.n)
		strbuf_addf(&from, "%.*s%s", SPAN_FMT(v->logger), dot);
	strbuf_addf(&from, "%s%s%s", v->source, dot, v->format_title);
	page_lines(p, 0, ROLE_LOGGER, strbuf_span(&from));
	strbuf_release(&from);
}

/* The marks under the sample stand out; the rest is text. */
static void
draw_explanation(struct page *p, struct span text)
{
	while (text.n) {
		ptrdiff_t nl = span_chr(text, '\n');
		struct span line = span_head(text, nl < 0 ? text.n : (size_t)nl);

		text = span_from(text, line.n + 1);
		canvas_text(p->c, MARGIN, p->y, p->w - MARGIN, contains(line, "~~") ? ROLE_ACCENT : ROLE_NORMAL, line);
		p->y++;
	}
}

/* Returns the lines there are. */
static int
draw_page(struct detail_pane *d, struct canvas *body)
{
	struct page p = { .c = body, .d = d, .y = -d->pager.top, .w = body->w };
	const struct view_record *v = &d->view;

	d->n_hits = 0;
	draw_header(&p, v);
	p.y++;
	if (d->explains) {
		draw_explanation(&p, strbuf_span(&d->explanation));
		return p.y + d->pager.top;
	}
	page_lines(&p, 0, v->level >= LEVEL_ERROR ? ROLE_ERROR : ROLE_BRIGHT, v->message);
	draw_fields(&p, v);
	if (v->traceback.n)
		draw_traceback(&p, v->traceback);
	page_heading(&p, "raw");
	page_lines(&p, 0, ROLE_NORMAL, v->raw);
	return p.y + d->pager.top;
}

/* To a line that has a hit, with some lines before it where it was not in sight. */
static void
go_to_hit(struct detail_pane *d, int line)
{
	struct pager *p = &d->pager;

	d->at = line;
	if (line < p->top || line >= p->top + p->height)
		p->top = line - p->height / 3;
}

/* The page is drawn, and its hits are known: whether it is to be drawn anew. */
static bool
settle_page(struct detail_pane *d, int lines, int height)
{
	bool moved = pager_fit(&d->pager, lines, height);

	if (!d->seek || !d->n_hits)
		return moved;
	go_to_hit(d, d->hits[d->seek > 0 ? 0 : d->n_hits - 1]);
	d->seek = 0;
	pager_fit(&d->pager, lines, height);
	return true;
}

static void
detail_draw(struct pane *p, struct canvas *c)
{
	struct detail_pane *d = (struct detail_pane *)p;
	struct canvas body = canvas_sub(c, 0, 1, c->w, c->h - 1);
	bool shown = d->record != RECORD_NONE && !d->gone;
	char figure[64];

	if (shown && settle_page(d, draw_page(d, &body), body.h)) {
		canvas_clear(&body);
		draw_page(d, &body);
	}
	canvas_frame(c, d->explains ? "Record, how it was read" : "Record", shown ? pager_figure(&d->pager, figure, sizeof figure) : "", p->focused);
	if (!shown)
		pane_say(&body, d->gone ? "This record is gone" : "No record is open");
}

static void
detail_release(struct pane *p)
{
	struct detail_pane *d = (struct detail_pane *)p;

	view_record_release(&d->view);
	strbuf_release(&d->explanation);
	hit_marks_release(&d->search);
	free(d->hits);
}

static void
detail_update(struct pane *p, int w, int h)
{
	struct detail_pane *d = (struct detail_pane *)p;

	(void)h;
	view_record_release(&d->view);
	strbuf_clear(&d->explanation);
	hit_marks_learn(&d->search, p->lens);
	d->gone = d->record != RECORD_NONE && !view_record(p->lens->engine, d->record, &d->view);
	if (d->explains && d->record != RECORD_NONE && w > 2 * MARGIN)
		view_explain(p->lens->engine, d->record, (size_t)(w - 2 * MARGIN), &d->explanation);
}

void
pane_detail_show(struct pane *p, uint64_t record)
{
	struct detail_pane *d = (struct detail_pane *)p;

	if (record != d->record) {
		d->pager.top = 0;
		d->at = -1;
		d->seek = 0;
	}
	d->record = record;
}

void
pane_detail_seek(struct pane *p, int direction)
{
	struct detail_pane *d = (struct detail_pane *)p;

	d->seek = direction;
	d->at = -1;
}

void
pane_detail_explain(struct pane *p, bool on)
{
	struct detail_pane *d = (struct detail_pane *)p;

	d->explains = on;
	d->pager.top = 0;
}

/* To the next hit in this record; where there is none, the log goes to the next record. */
static int
next_hit(struct detail_pane *d, int direction)
{
	size_t i = 0;

	if (d->explains || !d->search.query)
		return -1;
	while (i < d->n_hits && (direction > 0 ? d->hits[i] <= d->at : d->hits[i] < d->at))
		i++;
	if (direction < 0 && i-- == 0)
		return -1;
	if (i >= d->n_hits)
		return -1;
	go_to_hit(d, d->hits[i]);
	return EFFECT_REDRAW;
}

static int
detail_command(struct pane *p, enum command c)
{
	if (c == CMD_EXPLAIN) {
		pane_detail_explain(p, !((struct detail_pane *)p)->explains);
		return EFFECT_UPDATE;
	}
	if (c == CMD_SEARCH_NEXT || c == CMD_SEARCH_PREVIOUS)
		return next_hit((struct detail_pane *)p, c == CMD_SEARCH_NEXT ? 1 : -1);
	return pager_command(&((struct detail_pane *)p)->pager, c) ? EFFECT_REDRAW : -1;
}

static const enum command detail_hints[] = {
	CMD_UP, CMD_DOWN, CMD_BACK, CMD_TRACE, CMD_EXPLAIN, CMD_KEEP, CMD_EXCLUDE, CMD_COPY, CMD_NONE,
};

const struct pane_ops pane_detail = {
	.name = "detail",
	.size = sizeof(struct detail_pane),
	.release = detail_release,
	.update = detail_update,
	.draw = detail_draw,
	.command = detail_command,
	.hints = detail_hints,
};
