/*
 * text_item: one item after the other of a line like
 *
 *	2025-09-08 21:48:00 | INFO  | [main] app.web:run:33 - message
 *	                      ^word   ^bracketed ^word, a column of its own
 *
 * What an item means is format_python.c's to say; here it is only where it
 * ends and what stands behind it.
 */
#include "config.h"

#include "core/text_item.h"

#include <ctype.h>

void
text_item_skip(struct scan *sc)
{
	for (;;) {
		struct span rest = scan_rest(sc);
		size_t dashes = 0;

		while (dashes < rest.n && rest.p[dashes] == '-')
			dashes++;
		if (dashes && dashes < rest.n && rest.p[dashes] == ' ')
			sc->at += dashes;
		else if (rest.n && memchr(" \t|]", rest.p[0], 4))
			sc->at++;
		else if (rest.n > 1 && rest.p[0] == ':' && rest.p[1] == ' ')
			sc->at++;
		else
			return;
	}
}

/* How far a word reaches: "C.[.[/]" and "request{a=1 b=2}" have their own delimiters inside. */
static size_t
word_length(struct span s)
{
	bool square = false;
	size_t n = 0;

	for (; n < s.n && !memchr(" \t|", s.p[n], 3) && (s.p[n] != ']' || square); n++) {
		square = square || s.p[n] == '[';
		if (s.p[n] == '{' && n && isalnum((unsigned char)s.p[n - 1])) {
			ptrdiff_t close = span_chr(span_from(s, n), '}');

			n += close > 0 && memchr(s.p + n, '=', (size_t)close) ? (size_t)close : 0;
		}
	}
	return n;
}

bool
text_item_look(const struct scan *sc, struct text_item *item)
{
	struct span rest = scan_rest(sc);
	size_t n = 0;

	if (!rest.n)
		return false;
	const char *open = strchr("[({", rest.p[0]);

	item->bracketed = open && rest.p[0];
	item->colon = item->apart = item->last = false;
	if (item->bracketed) {
		ptrdiff_t close = span_chr(span_head(rest, 80), *open == '[' ? ']' : *open == '(' ? ')' : '}');

		if (close < 1)
			return false;
		item->text = span_trim(span_of(rest.p + 1, (size_t)close - 1));
		n = (size_t)close + 1;
	} else {
		n = word_length(rest);
		if (n > 1 && rest.p[n - 1] == ':')
			item->colon = true;
		item->text = span_head(rest, n - item->colon);
	}
	item->end = sc->at + n;
	item->apart = n < rest.n && memchr("\t|]", rest.p[n], 3);
	item->last = n + 1 < rest.n && rest.p[n] == '\t' && rest.p[n + 1] == '{';
	while (n < rest.n && rest.p[n] == ' ')
		n++;
	if (n + 1 < rest.n && rest.p[n] == ':' && rest.p[n + 1] == ' ')
		item->colon = true;
	if (n < rest.n && (rest.p[n] == '|' || (rest.p[n] == '-' && n + 1 < rest.n &&
						(rest.p[n + 1] == ' ' || rest.p[n + 1] == '-'))))
		item->apart = true;
	return true;
}
