/*
 * path_words: what a path that is typed may go on with.
 */
#ifndef TUI_PATH_WORDS_H
#define TUI_PATH_WORDS_H

#include "core/span.h"

/* Zero-initialised is good. */
struct path_words {
	char **v; /* owned; by name */
	size_t n, cap;
};

/* Look for names that begin like the word; "~/" stands for the home folder. Folders end with a slash. */
void path_words_find(struct path_words *p, struct span word);
void path_words_release(struct path_words *p);

/* A path that a person typed, with the home folder for "~". Owned by the caller. */
char *path_words_home(struct span path);

#endif
