/*
 * record: one log record, looked at.
 *
 * A block lends the bytes and the columns; everything else is found on
 * demand: the first look at a field that is no column parses the record's
 * first line again, the first look at the exception reads its traceback. A
 * record borrows from its block and its parser: it is good until the next
 * record is loaded with the same parser or the block goes.
 */
#ifndef CORE_RECORD_H
#define CORE_RECORD_H

#include "core/format.h"
#include "core/home.h"
#include "core/traceback.h"

struct record {
	/* Filled by who lends it. */
	uint64_t id;         /* names the record while it is held (ring.h) */
	struct span bytes;   /* all of it as in the file, lines that go on included, but the last line end */
	int64_t time;        /* UTC ns: its own, or (own_time false) that of the record before it */
	bool own_time;
	enum level level;
	const struct format *format;
	struct span logger;  /* unescaped */
	struct span source;  /* display name of the file */
	unsigned source_id;
	/* The request it belongs to as tables name it, "GET /orders/<int>/"; empty when that is not known. */
	struct span request;
	struct parser *parser;

	/* Found on demand; use the functions. */
	bool is_parsed, has_traceback, traceback_sought, is_readable;
	struct span readable;
	struct strbuf decoded; /* holds `readable` where that is not `bytes` */
	struct parsed parsed;
	struct traceback traceback;
	struct strbuf text[2]; /* scratch for unescaped text */
	struct loan loan;      /* where its bytes are when its block has them elsewhere */
};

/* Zero-initialise with = {0}; frees the scratch. */
void record_release(struct record *r);

/* Point the record at other bytes; forgets what was found, keeps the scratch. */
void record_reset(struct record *r);

/*
 * All of it, lines of an older encoding turned into UTF-8 (encoding.h): the
 * record's bytes, or a copy that is good until the record is reset. What the
 * functions below return comes from this text.
 */
struct span record_text(struct record *r);

/* The first line, and what follows it (empty when nothing does). */
struct span record_first_line(struct record *r);
struct span record_rest(struct record *r);

/* The first line taken apart (never NULL). */
const struct parsed *record_parsed(struct record *r);

/*
 * A field as text, unescaped; SPAN_NONE when absent. For MESSAGE the message
 * of the first line, or the line itself for raw records. EXCEPTION,
 * EXCEPTION_MESSAGE, FRAME ("views.py:103 cart_add") come from the fields of
 * the line or from the traceback; ROUTE is that of the request it belongs to,
 * else the normalised path, else the route the line names; METHOD is the
 * request's where the line has none. Good until the next call for the same record.
 */
struct span record_field(struct record *r, enum field f);

/* Any key of a structured line by its dotted name, unescaped; SPAN_NONE when absent. */
struct span record_key(struct record *r, struct span key, enum value_kind *kind);

/*
 * Every field in order, well-known ones of text formats included, then
 * exception, exception message, frame, and "traceback" where there is one.
 * Values are unescaped and valid during the call.
 */
void record_each(struct record *r, void (*fn)(void *arg, const struct keyvalue *kv), void *arg);

#endif
