/*
 * query_match: one test on one record.
 *
 * Words and patterns are looked for in the record's bytes as they are; where
 * that fails, also in its text as UTF-8, if the bytes are of an older encoding,
 * and with the escapes resolved, if it holds JSON with escapes. Words of ASCII
 * that no JSON writer would escape (`plain`) need no second look. Nothing here
 * parses a record but where a field is asked for.
 */
#include "config.h"

#include "core/query_internal.h"

#include "core/json.h"
#include "core/query_value.h"

/* A record's text with JSON's escapes resolved; SPAN_NONE where that is no other text. */
static struct span
unescaped(struct query *q, struct span text)
{
	if (span_chr(text, '\\') < 0 || !memmem(text.p, text.n, "{\"", 2))
		return SPAN_NONE;
	strbuf_clear(&q->scratch);
	json_unescape(text, &q->scratch);
	return strbuf_span(&q->scratch);
}

/* Whether a record holds what `holds` looks for: in its bytes, as UTF-8, or unescaped. */
static bool
any_text(struct query *q, const struct test *t, struct record *r,
	 bool (*holds)(const struct test *t, struct span text))
{
	if (holds(t, r->bytes))
		return true;
	if (t->plain)
		return false;
	struct span text = record_text(r);

	if (text.p != r->bytes.p && holds(t, text))
		return true;
	text = unescaped(q, text);
	return text.p && holds(t, text);
}

static bool
holds_word(const struct test *t, struct span text)
{
	return needle_in(&t->needle, text);
}

static bool
holds_pattern(const struct test *t, struct span text)
{
	size_t start, end;

	return regex_find(t->regex, text, 0, &start, &end);
}

static bool
match_word(struct query *q, struct test *t, struct record *r)
{
	return any_text(q, t, r, holds_word);
}

static bool
match_regex(struct query *q, struct test *t, struct record *r)
{
	return any_text(q, t, r, holds_pattern);
}

static bool
match_time(struct query *q, struct test *t, struct record *r)
{
	(void)q;
	return r->time >= t->from && r->time <= t->to;
}

static bool
match_level(struct query *q, struct test *t, struct record *r)
{
	(void)q;
	return t->levels >> r->level & 1;
}

static struct span
key_text(struct test *t, struct record *r)
{
	enum value_kind kind = VALUE_NULL;
	struct span value = record_key(r, span_str(t->subject.name), &kind);

	return kind == VALUE_NULL ? SPAN_NONE : value;
}

/* What the test looks at, as text; SPAN_NONE when the record has none. */
static struct span
subject_text(struct test *t, struct record *r)
{
	struct span value;

	switch (t->subject.kind) {
	case SUBJECT_SOURCE:
		return r->source;
	case SUBJECT_FORMAT:
		return span_str(r->format ? r->format->name : format_get(FORMAT_RAW)->name);
	case SUBJECT_KEY:
		return key_text(t, r);
	default:
		value = record_field(r, t->subject.field);
		return value.p || !t->subject.alias ? value : key_text(t, r);
	}
}

/* The fields that the parser reads as numbers, in their own unit. */
static bool
parsed_value(enum field f, struct record *r, double *value)
{
	const struct parsed *parsed = record_parsed(r);

	if (f == FIELD_STATUS && parsed->status > 0)
		*value = parsed->status;
	else if (f == FIELD_DURATION && parsed->duration >= 0)
		*value = parsed->duration;
	else if (f == FIELD_SIZE && parsed->size >= 0)
		*value = (double)parsed->size;
	else
		return false;
	return true;
}

static bool
match_number(struct query *q, struct test *t, struct record *r)
{
	double value;

	(void)q;
	if (t->subject.kind != SUBJECT_FIELD || !parsed_value(t->subject.field, r, &value)) {
		struct span text = subject_text(t, r);

		if (!text.p || !value_quantity(text, &value))
			return false;
	}
	return value >= t->low && value <= t->high;
}

static bool
match_order(struct query *q, struct test *t, struct record *r)
{
	struct span a = subject_text(t, r), b = strbuf_span(&t->value);
	size_t n = a.n < b.n ? a.n : b.n;

	(void)q;
	if (!a.p)
		return false;
	int order = n ? memcmp(a.p, b.p, n) : 0;
	if (!order)
		order = (a.n > b.n) - (a.n < b.n);
	return t->op == OP_LT ? order < 0 : t->op == OP_LE ? order <= 0 :
	       t->op == OP_GT ? order > 0 : order >= 0;
}

bool
test_matches_source(const struct test *t, struct span source)
{
	struct span value = strbuf_span(&t->value);

	/* The whole name, or what follows one of its slashes. */
	for (;;) {
		if (t->glob ? value_glob(value, source) : span_eq(value, source))
			return true;
		ptrdiff_t slash = span_chr(source, '/');
		if (slash < 0)
			return false;
		source = span_from(source, (size_t)slash + 1);
	}
}

static bool
match_text(struct query *q, struct test *t, struct record *r)
{
	struct span text = subject_text(t, r), value = strbuf_span(&t->value);
	double number;

	(void)q;
	if (!text.p)
		return false;
	if (t->subject.kind == SUBJECT_SOURCE)
		return test_matches_source(t, text);
	if (t->glob)
		return value_glob(value, text);
	return span_eq(value, text) ||
	       (t->numeric && value_number(text, &number) && number == t->low);
}

static bool
match_contains(struct query *q, struct test *t, struct record *r)
{
	struct span text = subject_text(t, r);

	(void)q;
	return text.p && needle_in(&t->needle, text);
}

static bool
match_message(struct query *q, struct test *t, struct record *r)
{
	(void)q;
	return match_contains(q, t, r) || needle_in(&t->needle, record_rest(r));
}

static bool
match_pattern(struct query *q, struct test *t, struct record *r)
{
	struct span text = subject_text(t, r);

	(void)q;
	return text.p && holds_pattern(t, text);
}

static bool
match_present(struct query *q, struct test *t, struct record *r)
{
	(void)q;
	if (t->subject.kind == SUBJECT_FIELD && t->subject.field == FIELD_TIME)
		return r->own_time;
	return subject_text(t, r).p != NULL;
}

const struct test_class test_class[TEST_KINDS] = {
	[TEST_TIME] = { "time", 0, match_time },
	[TEST_LEVEL] = { "level", 0, match_level },
	[TEST_WORD] = { "word", 2, match_word },
	[TEST_NUMBER] = { "number", 6, match_number },
	[TEST_ORDER] = { "order", 6, match_order },
	[TEST_TEXT] = { "text", 6, match_text },
	[TEST_CONTAINS] = { "contains", 6, match_contains },
	[TEST_MESSAGE] = { "message", 6, match_message },
	[TEST_PRESENT] = { "has", 6, match_present },
	[TEST_REGEX] = { "regex", 8, match_regex },
	[TEST_MATCHES] = { "matches", 8, match_pattern },
};

bool
test_guard_in(const struct test *t, struct span bytes)
{
	for (size_t i = 0; i < t->n_guards; i++)
		if (needle_in(&t->guards[i], bytes))
			return true;
	return !t->n_guards;
}

bool
test_match(struct query *q, struct test *t, struct record *r)
{
	if (!test_guard_in(t, r->bytes))
		return t->negate;
	return test_class[t->kind].match(q, t, r) != t->negate;
}
