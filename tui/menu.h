/*
 * menu: the last row while a key is asked for that says in what respect
 * records are to be like the one under the cursor.
 *
 *	keep only: l level 1,203  g logger 211  u user 4  w word
 */
#ifndef TUI_MENU_H
#define TUI_MENU_H

#include "core/view.h"
#include "tui/canvas.h"
#include "tui/lens.h"

enum { MENU_MAX = 9 };

struct menu {
	bool open, exclude;
	size_t n;
	struct menu_item {
		char key;
		const char *word;
		struct strbuf query; /* owned; empty: a word is to be typed */
		struct strbuf label; /* owned: for the breadcrumb */
		uint64_t count;      /* records that are shown and like it */
		bool counted;        /* to the end */
	} item[MENU_MAX];
};

/* Offers what the record has. */
void menu_open(struct menu *m, const struct view_record *r, bool exclude);
/* Closes it: the item that the key is for, good until the menu is opened again; NULL for any other key. */
const struct menu_item *menu_take(struct menu *m, uint32_t key);
/* Have what is like each item counted, and take over what is known of it. */
void menu_count(struct menu *m, struct lens *l);
/* Counts are left out where there is no room for all of them. */
void menu_draw(const struct menu *m, struct canvas *c);
void menu_release(struct menu *m);

#endif
