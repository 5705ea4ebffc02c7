/*
 * lineedit: text, a cursor in it, and the lines before it.
 *
 * The cursor stands in front of a byte that begins a character, never inside
 * one and never in front of a mark that combines with the character before.
 * Keys are rows of a table; a character that is no row is inserted.
 *
 * There is no undo, no kill ring and no selection.
 */
#include "config.h"

#include "tui/lineedit.h"

#include "core/alloc.h"
#include "core/utf8.h"
#include "tui/key.h"

#include <stdlib.h>

void
lineedit_init(struct lineedit *e)
{
	*e = (struct lineedit){ .text = STRBUF_INIT };
}

void
lineedit_release(struct lineedit *e)
{
	for (size_t i = 0; i < e->history_n; i++)
		free(e->history[i]);
	free(e->history);
	free(e->draft);
	strbuf_release(&e->text);
	lineedit_init(e);
}

static bool
may_be_typed(uint32_t cp)
{
	bool control = cp < 0x20 || (cp >= 0x7f && cp < 0xa0), surrogate = cp >= 0xd800 && cp < 0xe000;

	return !control && !surrogate && cp < KEYC_BASE;
}

static bool
insert(struct lineedit *e, uint32_t cp)
{
	char utf8[4];

	if (!may_be_typed(cp) || e->text.n >= LINEEDIT_MAX)
		return false;
	size_t n = utf8_encode(cp, utf8);

	strbuf_reserve(&e->text, n);
	memmove(e->text.p + e->cursor + n, e->text.p + e->cursor, e->text.n - e->cursor);
	memcpy(e->text.p + e->cursor, utf8, n);
	e->text.n += n;
	e->text.p[e->text.n] = '\0';
	e->cursor += n;
	return true;
}

static void
replace(struct lineedit *e, struct span text)
{
	size_t len;

	strbuf_clear(&e->text);
	e->cursor = 0;
	for (; text.n; text = span_from(text, len))
		insert(e, utf8_decode(text, &len));
}

void
lineedit_set(struct lineedit *e, struct span text)
{
	replace(e, text);
	e->history_at = e->history_n;
}

/* The character that begins at byte `at`, and its length. */
static uint32_t
char_at(const struct lineedit *e, size_t at, size_t *len)
{
	return utf8_decode(span_from(strbuf_span(&e->text), at), len);
}

static size_t
before(const struct lineedit *e, size_t at)
{
	size_t len;

	while (at > 0) {
		at--;
		if ((e->text.p[at] & 0xc0) != 0x80 && utf8_width(char_at(e, at, &len)) > 0)
			break;
	}
	return at;
}

static size_t
after(const struct lineedit *e, size_t at)
{
	size_t len;

	if (at >= e->text.n)
		return e->text.n;
	char_at(e, at, &len);
	for (at += len; at < e->text.n && utf8_width(char_at(e, at, &len)) == 0;)
		at += len;
	return at;
}

static size_t
word_before(const struct lineedit *e)
{
	size_t at = e->cursor;

	while (at > 0 && e->text.p[at - 1] == ' ')
		at--;
	while (at > 0 && e->text.p[at - 1] != ' ')
		at--;
	return at;
}

static enum lineedit_state
cut(struct lineedit *e, size_t from, size_t to)
{
	if (from == to)
		return LINEEDIT_GOES_ON;
	memmove(e->text.p + from, e->text.p + to, e->text.n - to);
	e->text.n -= to - from;
	e->text.p[e->text.n] = '\0';
	e->cursor = from;
	return LINEEDIT_CHANGED;
}

static enum lineedit_state
move(struct lineedit *e, size_t to)
{
	e->cursor = to;
	return LINEEDIT_GOES_ON;
}

static enum lineedit_state
do_left(struct lineedit *e)
{
	return move(e, before(e, e->cursor));
}

static enum lineedit_state
do_right(struct lineedit *e)
{
	return move(e, after(e, e->cursor));
}

static enum lineedit_state
do_home(struct lineedit *e)
{
	return move(e, 0);
}

static enum lineedit_state
do_end(struct lineedit *e)
{
	return move(e, e->text.n);
}

static enum lineedit_state
do_backspace(struct lineedit *e)
{
	if (!e->text.n)
		return LINEEDIT_CANCELLED;
	return cut(e, before(e, e->cursor), e->cursor);
}

static enum lineedit_state
do_delete(struct lineedit *e)
{
	return cut(e, e->cursor, after(e, e->cursor));
}

static enum lineedit_state
do_cut_right(struct lineedit *e)
{
	return cut(e, e->cursor, e->text.n);
}

static enum lineedit_state
do_cut_left(struct lineedit *e)
{
	return cut(e, 0, e->cursor);
}

static enum lineedit_state
do_cut_word(struct lineedit *e)
{
	return cut(e, word_before(e), e->cursor);
}

static enum lineedit_state
do_older(struct lineedit *e)
{
	if (!e->history_at)
		return LINEEDIT_GOES_ON;
	if (e->history_at == e->history_n) {
		free(e->draft);
		e->draft = xstrndup(e->text.p, e->text.n);
	}
	replace(e, span_str(e->history[--e->history_at]));
	return LINEEDIT_CHANGED;
}

static enum lineedit_state
do_newer(struct lineedit *e)
{
	if (e->history_at == e->history_n)
		return LINEEDIT_GOES_ON;
	e->history_at++;
	replace(e, span_str(e->history_at < e->history_n ? e->history[e->history_at] : e->draft));
	return LINEEDIT_CHANGED;
}

static enum lineedit_state
do_done(struct lineedit *e)
{
	(void)e;
	return LINEEDIT_DONE;
}

static enum lineedit_state
do_cancel(struct lineedit *e)
{
	(void)e;
	return LINEEDIT_CANCELLED;
}

#define CTRL(letter) ((letter) & 0x1f)

static const struct {
	uint32_t key;
	enum lineedit_state (*act)(struct lineedit *e);
} actions[] = {
	{ KEYC_LEFT, do_left },           { CTRL('b'), do_left },
	{ KEYC_RIGHT, do_right },         { CTRL('f'), do_right },
	{ KEYC_HOME, do_home },           { CTRL('a'), do_home },
	{ KEYC_END, do_end },             { CTRL('e'), do_end },
	{ KEYC_UP, do_older },            { CTRL('p'), do_older },
	{ KEYC_DOWN, do_newer },          { CTRL('n'), do_newer },
	{ KEYC_BACKSPACE, do_backspace }, { CTRL('h'), do_backspace },
	{ 0x7f, do_backspace },           { CTRL('w'), do_cut_word },
	{ KEYC_DELETE, do_delete },       { CTRL('d'), do_delete },
	{ CTRL('k'), do_cut_right },      { CTRL('u'), do_cut_left },
	{ '\r', do_done },                { '\n', do_done },
	{ 0x1b, do_cancel },              { CTRL('c'), do_cancel },
	{ CTRL('g'), do_cancel },
};

enum lineedit_state
lineedit_feed(struct lineedit *e, uint32_t key)
{
	for (size_t i = 0; i < ARRAY_SIZE(actions); i++)
		if (actions[i].key == key)
			return actions[i].act(e);
	return insert(e, key) ? LINEEDIT_CHANGED : LINEEDIT_GOES_ON;
}

void
lineedit_remember(struct lineedit *e)
{
	struct span text = strbuf_span(&e->text);

	if (text.n && !(e->history_n && span_eq_str(text, e->history[e->history_n - 1]))) {
		if (e->history_n == LINEEDIT_HISTORY) {
			free(e->history[0]);
			memmove(e->history, e->history + 1, --e->history_n * sizeof *e->history);
		}
		e->history = xreallocarray(e->history, e->history_n + 1, sizeof *e->history);
		e->history[e->history_n++] = xstrndup(text.p, text.n);
	}
	e->history_at = e->history_n;
}

/* Columns from byte `from` to the cursor. */
static size_t
columns_to_cursor(const struct lineedit *e, size_t from)
{
	return text_width(span_head(span_from(strbuf_span(&e->text), from), e->cursor - from));
}

int
lineedit_draw(const struct lineedit *e, struct canvas *c, int x, int y, int w)
{
	struct span text = strbuf_span(&e->text);
	/* Behind the text there is room for the cursor, before its end also for the sign of more. */
	size_t room = w > 2 ? (size_t)w - (e->cursor < text.n ? 2 : 1) : 0, from = 0;

	while (from < e->cursor && columns_to_cursor(e, from) > room)
		from = after(e, from);
	canvas_text(c, x, y, w, ROLE_NORMAL, span_from(text, from));
	return x + (int)columns_to_cursor(e, from);
}
