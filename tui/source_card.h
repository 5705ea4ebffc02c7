/*
 * source_card: all there is to say about one source, in words.
 */
#ifndef TUI_SOURCE_CARD_H
#define TUI_SOURCE_CARD_H

#include "tui/source_columns.h"

enum { SOURCE_CARD_H = 9 };

/* Drawn into the first SOURCE_CARD_H lines of c. */
void source_card_draw(struct canvas *c, const struct source_row *r, int64_t now);

#endif
