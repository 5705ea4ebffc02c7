/*
 * mask: what must not be seen in a text taken out of it: passwords, tokens,
 * Authorization and Cookie values, keys, card numbers.
 *
 * A secret is told by the name of its key, in JSON, key=value text, headers and query
 * strings, or by its own shape. The rules are tables (mask_rules.c); the config file
 * adds to them. A secret becomes a fixed sign that says nothing of it; of a card
 * the last four digits stay. For one thread.
 */
#ifndef CORE_MASK_H
#define CORE_MASK_H

#include "core/err.h"
#include "core/strbuf.h"

#define MASK_GROUPS(X)                                                         \
	X(PASSWORD, "password")                                                \
	X(TOKEN, "token")                                                      \
	X(AUTHORIZATION, "authorization")                                      \
	X(COOKIE, "cookie")                                                    \
	X(KEY, "key")                                                          \
	X(PRIVATE_KEY, "private-key")                                          \
	X(URL, "url")                                                          \
	X(CARD, "card")                                                        \
	X(EMAIL, "email")                                                      \
	X(OWN, "own")

enum mask_group {
#define X(id, name) MASK_##id,
	MASK_GROUPS(X)
#undef X
	MASK_GROUP_COUNT
};
extern const char *const mask_group_name[MASK_GROUP_COUNT];

/* Append the text with its secrets masked. false: it has none, and nothing was appended. */
bool mask_text(struct span in, struct strbuf *out);

/* The same for the value of a field, where the name of its key counts too. */
bool mask_value(struct span key, struct span value, struct strbuf *out);

/* Which groups of secrets stand in a text: a bit for each, 0: none. */
unsigned mask_find(struct span in);

/* ---- choices, to be made before any text is masked ---- */

/*
 * One more key whose value is a secret: "iban"; "*_pin" for any that ends so.
 * A key that begins with ! is not a secret after all. -1 and err when it has less
 * than three letters, or there are too many.
 */
int mask_add_key(struct span key, struct err *err);

/* Text that a PCRE2 pattern matches is a secret; \K leaves out what stands before it. */
int mask_add_pattern(struct span pattern, struct err *err);

/* Whether e-mail addresses are masked, too. */
void mask_set_emails(bool on);

/* The sign in ASCII. */
void mask_set_ascii(bool on);
/* Forget what was added, for tests. */
void mask_reset(void);

#endif
