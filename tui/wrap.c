/*
 * wrap: greedy, glyph by glyph, with the widths that the canvas will use.
 *
 * A line is broken at its last blank when that leaves at most a third of the
 * line empty, else in the middle of the word: paths and SQL without blanks
 * would leave ragged holes otherwise. It does not hyphenate.
 */
#include "config.h"

#include "tui/wrap.h"

#include "core/utf8.h"

/* Drops the line end that s begins with. */
static struct span
skip_line_end(struct span s)
{
	if (s.n > 1 && s.p[0] == '\r' && s.p[1] == '\n')
		return span_from(s, 2);
	return span_from(s, s.n && *s.p == '\n');
}

static bool
at_line_end(struct span s)
{
	return s.p[0] == '\n' || (s.n > 1 && s.p[0] == '\r' && s.p[1] == '\n');
}

bool
wrap_next(struct span *text, int w, struct span *line)
{
	struct span at = *text, blank = SPAN_NONE;
	struct glyph g;
	int used = 0, blank_at = 0;

	if (!text->n)
		return false;
	for (struct span next = at; at.n && !at_line_end(at); at = next) {
		if (*at.p == ' ') {
			blank = at;
			blank_at = used;
		}
		text_next(&next, &g);
		if (used && used + g.width > w)
			break;
		used += g.width;
	}
	*line = span_head(*text, (size_t)(at.p - text->p));
	if (!at.n || at_line_end(at)) {
		*text = skip_line_end(at);
		return true;
	}
	if (blank.p && blank.p > text->p && blank_at * 3 >= w * 2) {
		line->n = (size_t)(blank.p - text->p);
		at = span_from(blank, 1);
	}
	*text = at;
	return true;
}

int
wrap_lines(struct span text, int w, int max)
{
	struct span line;
	int n = 0;

	while (n < max && wrap_next(&text, w, &line))
		n++;
	return n ? n : 1;
}

struct span
wrap_skip(struct span text, int columns)
{
	struct glyph g;

	for (int used = 0; used < columns && text_next(&text, &g); used += g.width)
		;
	return text;
}
