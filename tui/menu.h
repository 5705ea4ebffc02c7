/*
 * menu: the last row while a key is asked for that says in what respect
 * records are to be like the one under the cursor.
 *
 *	keep only: l level  g logger  u user  w word
 */
#ifndef TUI_MENU_H
#define TUI_MENU_H

#include "core/view.h"
#include "tui/canvas.h"

enum { MENU_MAX = 9 };

struct menu {
	bool open, exclude;
	size_t n;
	struct menu_item {
		char key;
		const char *word;
		struct strbuf query; /* owned; empty: a word is to be typed */
		struct strbuf label; /* owned: for the breadcrumb */
	} item[MENU_MAX];
};

/* Offers what the record has. */
void menu_open(struct menu *m, const struct view_record *r, bool exclude);
/* Closes it: the item that the key is for, good until the menu is opened again; NULL for any other key. */
const struct menu_item *menu_take(struct menu *m, uint32_t key);
void menu_draw(const struct menu *m, struct canvas *c);
void menu_release(struct menu *m);

#endif
