/*
 * mask_internal: what the parts of masking share.
 *
 *	mask_rules.c  the tables: keys, shapes
 *	mask_scan.c   where a secret might begin: three bytes that a rule names, or a run of digits
 *	mask_pair.c   the value that follows a key
 *	mask_shape.c  secrets that are told by their looks
 *	mask.c        puts it together
 */
#ifndef CORE_MASK_INTERNAL_H
#define CORE_MASK_INTERNAL_H

#include "core/mask.h"

/* ---- rules ---- */

enum key_kind {
	KEY_KEEP,   /* no secret after all */
	KEY_ANY,    /* whatever its value is */
	KEY_TOKEN,  /* but for small numbers; among prose only where the value looks like one */
	KEY_OPAQUE, /* only a value that looks like a secret */
	KEY_AUTH,   /* a scheme and its credentials */
	KEY_COOKIE, /* a header with several values */
};

/* The first row that fits a key decides. */
struct key_rule {
	const char *name; /* words in lower case joined by _; a * before them stands for any beginning */
	enum key_kind kind;
	enum mask_group group;
};

struct shape {
	const char *prefix;
	enum mask_group group;
	/* Whether a secret begins with the prefix at `at`, and what is to be masked of it. */
	bool (*find)(const struct shape *s, struct span text, size_t at, size_t *start, size_t *end);
	size_t least; /* bytes after the prefix */
};

/* The rows of the tables, NULL past the end; those of the config file included. */
const struct key_rule *mask_keys(size_t i);
const struct shape *mask_shapes(size_t i);

/* Forget the rules of the config file. */
void mask_rules_reset(void);

/* The rule of a key, NULL when it is none, from the bytes as they stand ("X-Api-Key", "accessToken"). */
const struct key_rule *mask_key_rule(struct span key);

/* ---- where to look ---- */

/* A word that a rule begins to look at. */
struct trigger {
	const char *text; /* lower case */
	size_t n;
	const struct shape *shape; /* NULL: the last word of a key */
};

struct scan_state {
	struct span text;
	size_t base;      /* of the bits */
	uint32_t bits;    /* places from base on, still to be told */
	size_t next;      /* where the next bits are to be made from */
};

/* Take the rules in. */
void mask_scan_reset(void);
void mask_scan_begin(struct scan_state *s, struct span text, size_t from);
/* The next place where a trigger or a long run of digits may begin; false at the end. */
bool mask_scan_next(struct scan_state *s, size_t *at);
/* The i-th trigger at a place, NULL past the last. */
const struct trigger *mask_trigger(struct span text, size_t at, size_t *i);

/* ---- values ---- */

struct pair {
	size_t start, end; /* of the value, without its quotes */
	bool quoted, prose;
};
/* The value that follows a key [start, end); false: none does. */
bool mask_pair(struct span text, size_t start, size_t end, struct pair *out);
/* Where the credentials at `at` end, and a list of cookies. */
size_t mask_auth_end(struct span text, size_t at, size_t end);
size_t mask_cookie_end(struct span text, size_t at);

/* Whether the value of such a key is a secret. */
bool mask_is_secret(enum key_kind kind, struct span value, bool prose, bool last);

/* ---- shapes ---- */

bool mask_shape_run(const struct shape *s, struct span text, size_t at, size_t *start, size_t *end);
bool mask_shape_upper(const struct shape *s, struct span text, size_t at, size_t *start, size_t *end);
bool mask_shape_jwt(const struct shape *s, struct span text, size_t at, size_t *start, size_t *end);
bool mask_shape_pem(const struct shape *s, struct span text, size_t at, size_t *start, size_t *end);
bool mask_shape_url(const struct shape *s, struct span text, size_t at, size_t *start, size_t *end);
bool mask_shape_scheme(const struct shape *s, struct span text, size_t at, size_t *start, size_t *end);
/* A card's number that begins at a digit; where its last four begin. *past: no card begins before it. */
bool mask_card(struct span text, size_t at, size_t *last4, size_t *past);
/* The address around an @. */
bool mask_email(struct span text, size_t at, size_t *start, size_t *end);

static inline bool
mask_is_alnum(char c)
{
	return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}

#endif
