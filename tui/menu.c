/*
 * menu: a table of respects, those of them that a record has, and a query for
 * each.
 */
#include "config.h"

#include "tui/menu.h"

#include "core/query.h"
#include "core/units.h"
#include "core/utf8.h"
#include "tui/hints.h"

#include <stdio.h>

static const struct {
	char key;
	const char *word;
	enum field field;
} respects[] = {
	{ 'l', "level", FIELD_LEVEL },     { 'g', "logger", FIELD_LOGGER },
	{ 'r', "route", FIELD_ROUTE },     { 'p', "path", FIELD_PATH },
	{ 'u', "user", FIELD_USER_ID },    { 'i', "request", FIELD_REQUEST_ID },
	{ 's', "status", FIELD_STATUS },   { 'x', "exception", FIELD_EXCEPTION },
};

static struct span
value_of(const struct view_record *r, enum field f)
{
	if (f == FIELD_LEVEL)
		return r->level == LEVEL_NONE ? SPAN_NONE : span_str(level_info[r->level].name);
	if (f == FIELD_LOGGER)
		return r->logger;
	for (size_t i = 0; i < r->n; i++)
		if (r->fields[i].id == f)
			return r->fields[i].value;
	return SPAN_NONE;
}

static void
add_item(struct menu *m, char key, const char *word, enum field f, struct span value)
{
	struct menu_item *item = &m->item[m->n++];

	*item = (struct menu_item){ .key = key, .word = word };
	if (!value.n)
		return;
	strbuf_addf(&item->query, "%s%s=", m->exclude ? "-" : "", field_info[f].name);
	query_quote(&item->query, value);
	strbuf_str(&item->label, m->exclude ? "not " : "");
	strbuf_add(&item->label, value);
}

void
menu_open(struct menu *m, const struct view_record *r, bool exclude)
{
	menu_release(m);
	m->open = true;
	m->exclude = exclude;
	for (size_t i = 0; i < sizeof respects / sizeof *respects; i++) {
		struct span value = value_of(r, respects[i].field);

		if (value.n)
			add_item(m, respects[i].key, respects[i].word, respects[i].field, value);
	}
	add_item(m, 'w', "word", FIELD_OTHER, SPAN_NONE);
}

const struct menu_item *
menu_take(struct menu *m, uint32_t key)
{
	m->open = false;
	for (size_t i = 0; i < m->n; i++)
		if ((unsigned char)m->item[i].key == key)
			return &m->item[i];
	return NULL;
}

/* What is counted of an item is what is like it, to be kept or hidden. */
static const char *
likeness(const struct menu *m, const struct menu_item *item)
{
	return item->query.p + m->exclude;
}

void
menu_count(struct menu *m, struct lens *l)
{
	const char *queries[MENU_MAX] = { NULL };
	size_t n = 0;

	while (n < m->n && m->item[n].query.n) {
		queries[n] = likeness(m, &m->item[n]);
		n++;
	}
	lens_count_queries(l, queries, n);
	for (size_t i = 0; i < n; i++)
		m->item[i].counted = view_census(l->engine, i, &m->item[i].count);
}

/* "level 1,203", "level ~12" while it is counted, or "level". */
static const char *
item_text(const struct menu_item *item, bool counts, char *buf, size_t size)
{
	char number[32];

	if (!counts || !item->query.n)
		snprintf(buf, size, "%s", item->word);
	else
		snprintf(buf, size, "%s %s%s", item->word, item->counted ? "" : "~", units_count(item->count, number));
	return buf;
}

static void
draw_items(const struct menu *m, struct canvas *c, int x, bool counts)
{
	char text[64];

	for (size_t i = 0; i < m->n; i++)
		x = hint_draw(c, x, (char[]){ m->item[i].key, '\0' }, item_text(&m->item[i], counts, text, sizeof text));
	hint_draw(c, x, "Esc", "neither");
}

void
menu_draw(const struct menu *m, struct canvas *c)
{
	int x = 1 + canvas_text(c, 1, 0, -1, ROLE_PROMPT, span_str(m->exclude ? "hide:" : "keep only:")) + 1;
	int w = x;
	char text[64];

	for (size_t i = 0; i < m->n; i++)
		w += (int)text_width(span_str(item_text(&m->item[i], true, text, sizeof text))) + 4;
	draw_items(m, c, x, w + (int)strlen("Esc neither") <= c->w);
}

void
menu_release(struct menu *m)
{
	for (size_t i = 0; i < m->n; i++) {
		strbuf_release(&m->item[i].query);
		strbuf_release(&m->item[i].label);
	}
	*m = (struct menu){ .open = false };
}
