/*
 * golden: what a pane draws, compared with what it drew when somebody looked.
 *
 * A case is a file tests/drawn/NAME.txt: the text of the pane at several
 * sizes, in ASCII where the size says so, and the roles of the first one. To
 * accept what is drawn now (and then look at it with git diff):
 *
 *	make check GOLDEN=accept
 */
#ifndef TESTS_GOLDEN_H
#define TESTS_GOLDEN_H

#include "tui/pane.h"

struct golden_size {
	int w, h;
	bool ascii;
};

/* UTF-8 and UTC, for every test that draws. */
void golden_setup(void);

/* Draw at n sizes and compare; fails the test with both texts' first line that differs. */
void golden_pane(struct pane *p, const char *name, const struct golden_size *sizes, size_t n);

/* Draw at every size from 0 x 0 to 140 x 40: it must not fall over. */
void golden_every_size(struct pane *p);

#endif
