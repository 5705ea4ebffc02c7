/*
 * json: a scan over one line that is a JSON object.
 *
 * Nothing is built: the scan hands out one member after the other as spans
 * of the line, nested objects flattened into dotted keys:
 *
 *	{"a": 1, "http": {"request": {"method": "GET"}}, "tags": [1, 2], "x": {}}
 *	a = 1 | http.request.method = GET | tags = [1, 2] | x = {}
 *
 * The syntax is that of RFC 8259, checked in full, with these liberties:
 * NaN, Infinity and -Infinity are numbers (Python writes them), lone
 * surrogates in \u escapes pass, and bytes of strings need not be UTF-8.
 * Keys that occur twice are handed out twice.
 */
#ifndef CORE_JSON_H
#define CORE_JSON_H

#include "core/format.h"

enum {
	JSON_FLAT_DEPTH = 16, /* objects deeper than this are handed out whole */
	JSON_MAX_DEPTH = 512, /* nesting beyond this is a fault */
	JSON_PATH_MAX = 512,  /* bytes of a dotted key; longer ones are cut */
};

struct json {
	const char *start, *p, *end;
	unsigned depth;          /* objects that are open */
	bool first;              /* no member of the line's object was read yet */
	const char *fault;       /* what was expected, static text; NULL: none so far */
	size_t fault_pos;        /* byte in the text */
	uint16_t stem[JSON_FLAT_DEPTH]; /* bytes of path that name each open object */
	char path[JSON_PATH_MAX];
};

struct json_member {
	struct span key;    /* escapes as written; a nested one is good until the next call */
	struct span value;  /* as written; a string without its quotes */
	enum value_kind kind;
	bool escaped;       /* value is a string that holds backslashes */
	bool key_escaped;
};

/* Begin with a text; it must outlive the scan. */
void json_open(struct json *j, struct span text);

/*
 * The next member. false at the end of the object, when nothing but blanks
 * followed it, or at a fault (j->fault says which, j->fault_pos where); do
 * not call again then. After a fault inside a string value, m holds the key,
 * and as value everything from the opening quote to the end of the text;
 * after any other, m->value.p is NULL.
 */
bool json_next(struct json *j, struct json_member *m);

/*
 * Pieces of the scan, for who knows the place of a value (json_shapes).
 * Past a value at p that is neither a string nor an object with members, inside of so many open
 * objects; NULL where there is none.
 */
const char *json_skip_value(const char *p, const char *end, unsigned depth, enum value_kind *kind);
/* From the first byte of a string that cannot stand for itself to the closing quote; NULL at a fault. */
const char *json_skip_escaped(const char *p, const char *end);

/* Whether text is a JSON object, by the rules above. */
bool json_valid(struct span text);

/*
 * Append a string's text with its escapes resolved; lone surrogates become
 * U+FFFD, and so does a backslash that begins no escape (json_next lets none
 * pass).
 */
void json_unescape(struct span raw, struct strbuf *out);

/* The value of a number, NaN and Infinity too, correctly rounded; false when s as a whole is none. */
bool json_number(struct span s, double *value);

#endif
