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

/* Take one member, and tell the parser's emitter. */
void json_fill_member(struct json_fill *f, const struct json_member *m);

/* Draw the conclusions, after the last member. */
void json_fill_end(struct json_fill *f);

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
