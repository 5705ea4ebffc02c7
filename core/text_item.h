/*
 * text_item: the words and bracketed words that the head of a text line is a row of.
 */
#ifndef CORE_TEXT_ITEM_H
#define CORE_TEXT_ITEM_H

#include "core/scan.h"

struct text_item {
	struct span text;
	bool bracketed;
	bool colon; /* a ':' follows, perhaps after blanks */
	bool apart; /* '-', '|' or a tab follows: it is a column of its own */
	bool last;  /* JSON follows: it is the message */
	size_t end; /* where it ends in the line, colon included */
};

/* Past what separates items: blanks, tabs, '|', ']' and runs of '-' that stand alone. */
void text_item_skip(struct scan *sc);

/* Look at the item at the cursor without taking it; false when there is none. */
bool text_item_look(const struct scan *sc, struct text_item *item);

#endif
