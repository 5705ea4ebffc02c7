/*
 * json_fill: what the members of a JSON line say about the record.
 *
 * Shared by the formats that read JSON. Members go in one by one, in the
 * order of the line; the alias table decides which of them are fields, and
 * ranks decide between several that mean the same.
 */
#ifndef CORE_JSON_FILL_H
#define CORE_JSON_FILL_H

#include "core/json.h"

/* What a key means. */
struct json_meaning {
	enum field id;  /* FIELD_OTHER: nothing */
	uint8_t rank;   /* as field_by_key says */
	uint8_t traits; /* what this very key is known for, see json_fill.c */
	bool plain;     /* a text that needs no look: what it is stands in its bytes */
	double scale;
};

struct json_fill {
	struct parser *parser;
	struct parsed *out;        /* borrowed, cleared by the caller */
	unsigned members;
	bool naive;                /* so far the keys were level, time, module, message */
	bool wrapped;              /* the message is a line that was wrapped: Docker's, journald's */
	bool bare;                 /* the duration names no unit */
	double unit;               /* of such a duration, by the keys beside it */
	uint8_t rank[FIELD_COUNT]; /* of what a field has, 255 for nothing */
};

void json_fill_init(struct json_fill *f, struct parser *p, struct parsed *out);

struct json_meaning json_fill_meaning(struct span key);

/* Take a value whose key is known to mean something; the emitter is not told. */
void json_fill_known(struct json_fill *f, const struct json_meaning *k, const struct json_member *m);

/*
 * The same for a plain text: all that there is to do, done in place. The parts are given one by one, to
 * stay in registers: read back as a whole right after it was written in parts, a span costs a stall.
 */
static inline void
json_fill_plain(struct json_fill *f, const struct json_meaning *k, const char *p, size_t n,
		enum value_kind kind, bool escaped)
{
	uint64_t bit = (uint64_t)escaped << k->id;

	if (k->rank >= f->rank[k->id] || (kind != VALUE_STRING && kind != VALUE_NUMBER))
		return;
	f->out->field[k->id].p = p;
	f->out->field[k->id].n = n;
	f->out->escaped = (f->out->escaped & ~(UINT64_C(1) << k->id)) | bit;
	if (n)
		f->rank[k->id] = k->rank;
}

/* Take one member, and tell the parser's emitter. */
void json_fill_member(struct json_fill *f, const struct json_member *m);

/* Draw the conclusions, after the last member. */
void json_fill_end(struct json_fill *f);

/*
 * The same for a line of the naive formatter, whose message was filled in: that is all from its
 * opening quote on, less what closes the line, and was never escaped. false when the line
 * says neither level nor time, or its message is no string.
 */
bool json_fill_naive_end(struct json_fill *f, struct span line);

/* All that follows an opening quote in a line, less what closes the string and the object. */
struct span json_fill_rest(struct span line, const char *from);

/*
 * Whether the line has the keys of the naive formatter and no others. Its
 * records go on after the line, so such lines are never plain JSON.
 */
static inline bool
json_fill_is_naive(const struct json_fill *f)
{
	return f->naive && f->members == 4;
}

#endif
