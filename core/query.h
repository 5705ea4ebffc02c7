/*
 * query: one language to ask for records: `/`, `f`, search, report --where.
 *
 *   error timeout                 both words anywhere in the record; case is
 *                                 ignored unless the word has a capital
 *   "exact phrase"  /reg.ex/i     phrase; PCRE2
 *   level>=warning status=5xx duration>1.5s size<10kB time>=10:30 user_id=42
 *   logger=django.*  path~^/api/  event!=login  has:exception  source:error.log
 *   since:-10m  until:10:30  -term  NOT  AND  OR  ( )
 * The empty query matches every record.
 *
 * Comparisons. `=` is the whole value, case and all, or as a glob says (*
 * stands for any bytes; not in quotes); a number equals by value. `!=` and `!~` hold
 * wherever `=` and `~` do not, so also where there is no such field. `~` is
 * a PCRE2 pattern. < <= > >= compare numbers, else bytes. For text, `:` is
 * "contains, ignoring case"; for other kinds it is `=`.
 *	text:"..."    the message or the lines that follow it contain the text,
 *	              ignoring case, JSON escapes resolved; not exc_info. The
 *	              same as message:
 *	text~ text=   the message
 *	level         by order; none sorts below all; time: 10:30 is the whole minute
 *	since: until: >= and <= of the instant that a time names: 10:30:00.000
 *	source: and source= name the file: its display name, or the end of it
 *	              after a slash; format= names the format
 *	module, request, user mean logger, request_id, user_id
 *	any.key=x     any other key of a structured line; "key"=x for a key whose
 *	              name has other characters or is taken for a slip of a field
 *	@name         what the name stands for (saved_filter.h); a word where it stands for nothing
 * A name before ":" that is no field is a word (http://x, views.py:103). A
 * word beginning with / is a pattern when its next / ends it.
 *
 * Words and patterns are looked for in the bytes of the record, and where it
 * is JSON also in its text with the escapes resolved.
 */
#ifndef CORE_QUERY_H
#define CORE_QUERY_H

#include "core/err.h"
#include "core/record.h"

struct query;

/*
 * Compile. `now` (UTC ns) is what relative times mean. NULL and err (its pos
 * is the byte, its msg says what was expected, with a suggestion) on a
 * mistake; err->code is QUERY_INCOMPLETE when more typing could mend it (an
 * open quote or parenthesis, a dangling AND, a comparison without its value).
 */
enum { QUERY_OK = 0, QUERY_BAD = 1, QUERY_INCOMPLETE = 2 };
struct query *query_compile(struct span text, int64_t now, struct err *err);
/* The same once more, for another thread. */
struct query *query_clone(const struct query *q);
void query_free(struct query *q);

bool query_is_empty(const struct query *q);

/* Whether the record is one. Not thread-safe for the same query. */
bool query_match(struct query *q, struct record *r);

/*
 * What can be said of a whole block from its summary: false when no record in
 * it can match (used to skip it), true when some may.
 */
struct query_summary {
	int64_t first, last;                  /* times held, own or inherited */
	const uint32_t *level_count;          /* LEVEL_COUNT of them */
	struct span source;
};
bool query_may_match(const struct query *q, const struct query_summary *s);

/*
 * When the query asks for nothing but columns (level, time, AND, OR, NOT),
 * records need not be looked at: true, and *match is the answer.
 */
bool query_match_columns(const struct query *q, enum level level, int64_t time, bool *match);

/* Whether it asks for nothing but times, levels, sources and formats. */
bool query_is_columns(const struct query *q);
/* Whether it asks for what a record may have from the request it belongs to (route, method). */
bool query_asks_request(const struct query *q);

/*
 * How often a pattern was given up because it tried too much on one record
 * (which then did not match).
 */
unsigned long query_limited(const struct query *q);

/* The parsed query as one line of s-expressions, for tests and :query; caller frees. */
char *query_dump(const struct query *q);

/*
 * Where in a shown text the query's positive words hit, for marking: the next
 * hit at or after `from`. false when there is none.
 */
bool query_next_hit(struct query *q, struct span text, size_t from, size_t *start, size_t *end);

/*
 * Quote a value so that the language reads it as one phrase: word or "quoted".
 * Appends to out.
 */
struct strbuf;
void query_quote(struct strbuf *out, struct span value);

#endif
