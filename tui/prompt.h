/*
 * prompt: the last row while something is typed: a sign, the line, and at the
 * right what is to be said about it. Fed with keys; knows nothing of what is
 * done with the text.
 */
#ifndef TUI_PROMPT_H
#define TUI_PROMPT_H

#include "core/err.h"
#include "tui/lineedit.h"

enum prompt_kind { PROMPT_SEARCH, PROMPT_FILTER, PROMPT_COMMAND, PROMPT_KINDS };

/*
 * Words to complete with, NULL past the end: `word` is what is typed of it,
 * `before` the text before. They are asked for from 0 on; those that do not begin
 * like the word do not count.
 */
typedef const char *prompt_words(void *arg, size_t i, struct span before, struct span word);

struct prompt {
	bool open;
	enum prompt_kind kind;
	struct lineedit edit[PROMPT_KINDS]; /* each with its history */
	prompt_words *words;  /* may be NULL */
	void *words_arg;
	struct err err;       /* of the query that is typed: code is of core/query.h */
	bool listing;         /* the note lists candidates */
	char note[160];       /* what else is to be said: counts, candidates */
};

void prompt_init(struct prompt *p);
void prompt_release(struct prompt *p);

void prompt_open(struct prompt *p, enum prompt_kind kind, struct span text, prompt_words *words,
		 void *arg);
/*
 * A key. Tab completes the last word. DONE and CANCELLED close the prompt; its
 * text stays until it is opened again, and what was DONE is in its history.
 */
enum lineedit_state prompt_feed(struct prompt *p, uint32_t key);
/* What was typed, never NULL; borrowed until the next key. */
const char *prompt_text(const struct prompt *p);
/* Whether what was typed is a query; fills err. */
bool prompt_check(struct prompt *p, int64_t now);
/* Returns the column of the cursor in c. */
int prompt_draw(const struct prompt *p, struct canvas *c);

#endif
