/*
 * prompt: a line being edited, with a sign before it and a note behind it.
 *
 *	/status=5xx dur_                                  212 hits
 *	filter level>=waring            unknown level (did you mean warning?)
 *	               ^^^^^ marked
 *
 * A mistake that more typing could mend is said dimly; any other is in the
 * colour of errors, and marked where it stands.
 */
#include "config.h"

#include "tui/prompt.h"

#include "core/query.h"
#include "core/utf8.h"

#include <stdio.h>

enum { NOTE_GAP = 2 };

static const char *const signs[PROMPT_KINDS] = {
	[PROMPT_SEARCH] = "/",
	[PROMPT_FILTER] = "filter ",
	[PROMPT_COMMAND] = ":",
};

void
prompt_init(struct prompt *p)
{
	*p = (struct prompt){ .open = false };
	for (int i = 0; i < PROMPT_KINDS; i++)
		lineedit_init(&p->edit[i]);
}

void
prompt_release(struct prompt *p)
{
	for (int i = 0; i < PROMPT_KINDS; i++)
		lineedit_release(&p->edit[i]);
}

void
prompt_open(struct prompt *p, enum prompt_kind kind, struct span text, prompt_words *words, void *arg)
{
	p->open = true;
	p->kind = kind;
	p->words = words;
	p->words_arg = arg;
	p->err = (struct err){ .code = QUERY_OK };
	p->note[0] = '\0';
	p->listing = false;
	lineedit_set(&p->edit[kind], text);
}

const char *
prompt_text(const struct prompt *p)
{
	const struct lineedit *e = &p->edit[p->kind];

	return e->text.p ? e->text.p : "";
}

bool
prompt_check(struct prompt *p, int64_t now)
{
	p->err = (struct err){ .code = QUERY_OK };
	struct query *q = query_compile(span_str(prompt_text(p)), now, &p->err);

	query_free(q);
	return q != NULL;
}

/* ---- completion ---- */

/* Where the word that is typed begins. */
static size_t
word_start(struct span text)
{
	size_t at = text.n;

	while (at > 0 && !strchr(" (", text.p[at - 1]))
		at--;
	/* "-level" leaves out a level */
	return at < text.n && text.p[at] == '-' ? at + 1 : at;
}

static size_t
common_start(struct span a, struct span b)
{
	size_t n = 0;

	while (n < a.n && n < b.n && a.p[n] == b.p[n])
		n++;
	return n;
}

/* Where the part of a word begins that is listed: of a path, the last name. */
static size_t
listed_from(struct span word)
{
	size_t at = word.n;

	while (at > 0 && word.p[at - 1] != '/')
		at--;
	return at;
}

/* What all candidates go on with, into *common; they are listed in the note. Returns how many there are. */
static size_t
gather(struct prompt *p, struct span before, struct span word, struct span *common)
{
	size_t found = 0, used = 0, from = listed_from(word);
	const char *name;

	p->note[0] = '\0';
	for (size_t i = 0; (name = p->words(p->words_arg, i, before, word)); i++) {
		struct span s = span_str(name);

		if (!span_starts(s, word))
			continue;
		*common = found++ ? span_head(s, common_start(s, *common)) : s;
		if (used + s.n - from + 2 < sizeof p->note)
			used += (size_t)snprintf(p->note + used, sizeof p->note - used, "%s%s",
						 used ? " " : "", name + from);
	}
	return found;
}

static enum lineedit_state
complete(struct prompt *p)
{
	struct lineedit *e = &p->edit[p->kind];
	struct span text = strbuf_span(&e->text), common;
	size_t start = word_start(text);

	if (!p->words || e->cursor != text.n)
		return LINEEDIT_GOES_ON;
	size_t found = gather(p, span_head(text, start), span_from(text, start), &common);

	if (!found)
		return LINEEDIT_GOES_ON;
	p->listing = found > 1;
	if (!p->listing)
		p->note[0] = '\0';
	struct strbuf out = STRBUF_INIT;

	strbuf_add(&out, span_head(text, start));
	strbuf_add(&out, common);
	/* Of a folder there is more to type. */
	if (found == 1 && p->kind == PROMPT_COMMAND && common.p[common.n - 1] != '/')
		strbuf_char(&out, ' ');
	bool same = span_eq(strbuf_span(&out), text);

	lineedit_set(e, strbuf_span(&out));
	strbuf_release(&out);
	return same ? LINEEDIT_GOES_ON : LINEEDIT_CHANGED;
}

enum lineedit_state
prompt_feed(struct prompt *p, uint32_t key)
{
	struct lineedit *e = &p->edit[p->kind];
	enum lineedit_state state = key == '\t' ? complete(p) : lineedit_feed(e, key);

	if (state == LINEEDIT_DONE)
		lineedit_remember(e);
	if (state == LINEEDIT_DONE || state == LINEEDIT_CANCELLED)
		p->open = false;
	if (state == LINEEDIT_CHANGED && key != '\t') {
		p->note[0] = '\0';
		p->listing = false;
	}
	return state;
}

/* ---- drawing ---- */

/* Columns from the cursor to a byte of the text, to the left or to the right. */
static int
columns_from_cursor(const struct lineedit *e, size_t pos)
{
	struct span text = strbuf_span(&e->text);

	if (pos < e->cursor)
		return -(int)text_width(span_of(text.p + pos, e->cursor - pos));
	return (int)text_width(span_of(text.p + e->cursor, pos - e->cursor));
}

static void
mark_mistake(const struct prompt *p, struct canvas *c, int x, int w, int cursor)
{
	const struct lineedit *e = &p->edit[p->kind];
	size_t pos = p->err.pos < e->text.n ? p->err.pos : e->text.n, end = pos;

	while (end < e->text.n && e->text.p[end] != ' ')
		end++;
	int from = cursor + columns_from_cursor(e, pos), to = cursor + columns_from_cursor(e, end);

	from = from < x ? x : from;
	to = to <= from ? from + 1 : to;
	if (to > x + w)
		to = x + w;
	canvas_role(c, from, 0, to - from, ROLE_MESSAGE_ERROR);
	canvas_attr(c, from, 0, to - from, ATTR_UNDERLINE);
}

int
prompt_draw(const struct prompt *p, struct canvas *c)
{
	bool bad = p->err.code == QUERY_BAD;
	struct span note = span_str(p->err.code == QUERY_OK ? p->note : p->err.msg);
	int x = 1 + canvas_text(c, 1, 0, -1, ROLE_PROMPT, span_str(signs[p->kind]));
	int note_w = (int)text_width(note), most = c->w * 3 / 5;

	note_w = note_w > most ? most : note_w;
	int w = c->w - x - note_w - 1 - NOTE_GAP;
	int cursor = lineedit_draw(&p->edit[p->kind], c, x, 0, w);

	if (bad)
		mark_mistake(p, c, x, w, cursor);
	canvas_text(c, c->w - 1 - note_w, 0, note_w, bad ? ROLE_MESSAGE_ERROR : ROLE_DIM, note);
	return cursor;
}
