/*
 * hit_marks: hits are looked for in more of the text than the line has, so that one
 * that a line's end cuts in two is marked on both lines. Of a text of megabytes,
 * each line looks around itself only.
 */
#include "config.h"

#include "tui/hit_marks.h"

#include "core/alloc.h"
#include "core/utf8.h"

#include <stdlib.h>

enum { SHORT = 8192, AROUND = 512 };

void
hit_marks_learn(struct hit_marks *m, const struct lens *l)
{
	struct err err;

	if (l->search == m->text || (l->search && m->text && strcmp(l->search, m->text) == 0))
		return;
	hit_marks_release(m);
	m->text = l->search ? xstrdup(l->search) : NULL;
	m->query = l->search ? query_compile(span_str(l->search), l->now, &err) : NULL;
}

void
hit_marks_release(struct hit_marks *m)
{
	query_free(m->query);
	free(m->text);
	*m = (struct hit_marks){ 0 };
}

/* What of the text is looked through for a line. */
static struct span
text_around(const struct hit_line *line)
{
	size_t first = (size_t)(line->part.p - line->all.p), skipped = first > AROUND ? first - AROUND : 0;

	if (line->all.n <= SHORT)
		return line->all;
	return span_head(span_from(line->all, skipped), first - skipped + line->part.n + AROUND);
}

bool
hit_marks_draw(const struct hit_marks *m, struct canvas *c, const struct hit_line *line)
{
	struct span text = text_around(line);
	size_t from = 0, start, end, first = (size_t)(line->part.p - text.p), last = first + line->part.n;
	bool any = false;

	while (m->query && query_next_hit(m->query, text, from, &start, &end) && start < last) {
		from = end > start ? end : start + 1;
		if (end <= first)
			continue;
		size_t a = start > first ? start - first : 0, b = (end < last ? end : last) - first;
		int x = (int)text_width(span_head(line->part, a)), past = (int)text_width(span_head(line->part, b));

		past = past < line->w ? past : line->w;
		if (past > x)
			canvas_role(c, line->x + x, line->y, past - x, ROLE_MATCH);
		any |= past > x;
	}
	return any;
}
