/*
 * query_test: a term of a query into a test: what is looked at, how the value
 * is read, and which kind of test that makes.
 *
 * The kind of the field decides how its value is read; a key without a role
 * takes numbers, with or without a unit, and text. Every comparison of
 * numbers and times becomes an interval, so that 5xx and 10:30, which mean
 * many values, need no rules of their own: the value is [lo, hi] and
 *	=  [lo, hi]    <  below lo    <=  up to hi    >  above hi    >=  from lo
 */
#include "config.h"

#include "core/query_internal.h"

#include "core/alloc.h"
#include "core/query_value.h"
#include "core/utf8.h"

#include <math.h>
#include <stdlib.h>

/* What queries call things beyond the names of fields and their keys. */
static const struct {
	const char *name;
	enum subject_kind kind;
	enum field field;
} names[] = {
	{ "source", SUBJECT_SOURCE, FIELD_OTHER },
	{ "format", SUBJECT_FORMAT, FIELD_OTHER },
	{ "module", SUBJECT_FIELD, FIELD_LOGGER },
	{ "request", SUBJECT_FIELD, FIELD_REQUEST_ID },
	{ "user", SUBJECT_FIELD, FIELD_USER_ID },
	{ "text", SUBJECT_FIELD, FIELD_MESSAGE },
	{ "since", SUBJECT_FIELD, FIELD_TIME },
	{ "until", SUBJECT_FIELD, FIELD_TIME },
};

/* What is being made, for the functions below. */
struct making {
	struct test *t;
	const struct token *token;
	struct span value;
	int64_t now;
	struct err *err;
};

void
test_free(struct test *t)
{
	if (!t)
		return;
	free(t->subject.name);
	strbuf_release(&t->value);
	needle_release(&t->needle);
	for (size_t i = 0; i < t->n_guards; i++)
		needle_release(&t->guards[i]);
	free(t->guards);
	free(t->verdicts);
	regex_free(t->regex);
	free(t);
}

/* ---- names ---- */

static const char *
known_name(size_t i)
{
	if (i < FIELD_COUNT)
		return field_info[i].name;
	return i < FIELD_COUNT + ARRAY_SIZE(names) ? names[i - FIELD_COUNT].name : NULL;
}

/*
 * One slip of the fingers apart: a letter too many, too few, or two swapped;
 * in words of five letters and more also a wrong one. Stricter than
 * err_nearest, for any other key is a good name too.
 */
static bool
is_slip(struct span a, struct span b)
{
	size_t size = a.n;

	if (size < 3)
		return false;
	while (a.n && b.n && a.p[0] == b.p[0])
		a = span_from(a, 1), b = span_from(b, 1);
	while (a.n && b.n && a.p[a.n - 1] == b.p[b.n - 1])
		a.n--, b.n--;
	if (a.n + b.n == 1)
		return true;
	if (a.n == 2 && b.n == 2)
		return a.p[0] == b.p[1] && a.p[1] == b.p[0];
	return a.n == 1 && b.n == 1 && size >= 5;
}

static const char *
slip_of(struct span name)
{
	const char *known;

	for (size_t i = 0; (known = known_name(i)); i++)
		if (is_slip(name, span_str(known)))
			return known;
	return NULL;
}

static bool
find_subject(struct span name, struct subject *s)
{
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		if (!span_caseeq_str(name, names[i].name))
			continue;
		s->kind = names[i].kind;
		s->field = names[i].field;
		s->alias = s->kind == SUBJECT_FIELD;
		return true;
	}
	s->kind = SUBJECT_FIELD;
	s->field = field_by_name(name);
	s->alias = s->field < FIELD_COUNT && !span_caseeq_str(name, field_info[s->field].name);
	return s->field < FIELD_COUNT;
}

/* What a name stands for; a quoted one is always a key. */
static bool
set_subject(struct making *m, struct span name, size_t pos, bool quoted)
{
	struct subject *s = &m->t->subject;

	if (!name.n) {
		err_set(m->err, QUERY_BAD, pos, "a name is missing");
		return false;
	}
	s->name = xstrndup(name.p, name.n);
	if (!quoted && find_subject(name, s))
		return true;
	s->kind = SUBJECT_KEY;
	s->field = FIELD_OTHER;
	const char *known = quoted ? NULL : slip_of(name);
	if (known)
		err_set(m->err, QUERY_BAD, pos, "unknown field \"%s\" (did you mean %s?)", s->name,
			known);
	return !known;
}

/* ---- values ---- */

static bool
refuse_value(struct making *m, const char *expected)
{
	err_set(m->err, QUERY_BAD, m->token->value_pos, "\"%.*s\" is no %s", SPAN_FMT(m->value),
		expected);
	return false;
}

/* ~, : and = need text to look at. */
static bool
refuse_op(struct making *m)
{
	err_set(m->err, QUERY_BAD, m->token->pos, "%s cannot be compared with %s",
		m->t->subject.name, op_text[m->t->op]);
	return false;
}

static bool
make_time(struct making *m)
{
	int64_t at, width;

	m->t->kind = TEST_TIME;
	if (m->t->op == OP_MATCH || m->t->op == OP_NOMATCH)
		return refuse_op(m);
	if (!value_time(m->value, m->now, &at, &width))
		return refuse_value(m, "time (such as 10:30, 2025-09-09T10:00, -2h or yesterday)");
	m->t->from = TIME_NONE + 1;
	m->t->to = INT64_MAX;
	switch (m->t->op) {
	case OP_LT:
		m->t->to = at - 1;
		break;
	case OP_LE:
		m->t->to = at + width - 1;
		break;
	case OP_GT:
		m->t->from = at + width;
		break;
	case OP_GE:
		m->t->from = at;
		break;
	default:
		m->t->from = at;
		m->t->to = at + width - 1;
	}
	return true;
}

static bool
op_holds(enum op op, int order)
{
	switch (op) {
	case OP_NE:
		return order != 0;
	case OP_LT:
		return order < 0;
	case OP_LE:
		return order <= 0;
	case OP_GT:
		return order > 0;
	case OP_GE:
		return order >= 0;
	default:
		return order == 0;
	}
}

static const char *
level_name(size_t i, const void *arg)
{
	(void)arg;
	return i < LEVEL_COUNT ? level_info[i].name : NULL;
}

static bool
make_level(struct making *m)
{
	enum level level;

	m->t->kind = TEST_LEVEL;
	if (m->t->op == OP_MATCH || m->t->op == OP_NOMATCH)
		return refuse_op(m);
	if (!value_level(m->value, &level)) {
		char *word = xstrndup(m->value.p, m->value.n);

		for (char *c = word; *c; c++)
			*c = *c >= 'a' && *c <= 'z' ? *c - 32 : *c;
		const char *near = err_nearest(word, level_name, NULL);
		free(word);
		err_set(m->err, QUERY_BAD, m->token->value_pos,
			"unknown level \"%.*s\" (did you mean %s?)", SPAN_FMT(m->value),
			near ? near : "ERROR");
		return false;
	}
	for (int i = 0; i < LEVEL_COUNT; i++)
		m->t->levels |= (unsigned)op_holds(m->t->op, i - (int)level) << i;
	m->t->negate = false;
	return true;
}

static void
make_number(struct test *t, double low, double high)
{
	t->kind = TEST_NUMBER;
	t->low = low;
	t->high = high;
	if (t->op == OP_LT || t->op == OP_LE)
		t->low = -INFINITY;
	if (t->op == OP_GT || t->op == OP_GE)
		t->high = INFINITY;
	if (t->op == OP_LT)
		t->high = nextafter(low, -INFINITY);
	if (t->op == OP_GT)
		t->low = nextafter(high, INFINITY);
}

static bool
make_regex(struct making *m, unsigned flags)
{
	struct err err = { 0, 0, "" };

	m->t->regex = regex_new(m->value, flags, &err);
	if (m->t->regex)
		return true;
	/* Between slashes or quotes it was closed: no more will come. */
	bool open = m->token->kind == TOKEN_COMPARE && !m->token->value_quoted;
	err_set(m->err, open && err.code == REGEX_UNFINISHED ? QUERY_INCOMPLETE : QUERY_BAD,
		m->token->value_pos + m->token->value_quoted + err.pos, "%s", err.msg);
	return false;
}

static bool
make_text(struct making *m)
{
	struct test *t = m->t;

	switch (t->op) {
	case OP_MATCH:
	case OP_NOMATCH:
		t->kind = TEST_MATCHES;
		return make_regex(m, 0);
	case OP_COLON:
		t->kind = t->subject.field == FIELD_MESSAGE ? TEST_MESSAGE : TEST_CONTAINS;
		needle_init(&t->needle, m->value, true);
		return true;
	case OP_EQ:
	case OP_NE:
		t->kind = TEST_TEXT;
		t->glob = !m->token->value_quoted && span_chr(m->value, '*') >= 0;
		t->numeric = !t->glob && value_number(m->value, &t->low);
		return true;
	default:
		t->kind = TEST_ORDER;
		if (value_quantity(m->value, &t->low))
			make_number(t, t->low, t->low);
		return true;
	}
}

static bool
wants_text(const struct making *m)
{
	return m->t->op == OP_MATCH || m->t->op == OP_NOMATCH ||
	       (!m->token->value_quoted && span_chr(m->value, '*') >= 0);
}

static bool
make_int(struct making *m)
{
	double low, high;

	if (wants_text(m))
		return make_text(m);
	if (m->t->subject.field == FIELD_STATUS && value_status_class(m->value, &low))
		high = low + 99;
	else if (value_quantity(m->value, &low))
		high = low;
	else
		return refuse_value(m, m->t->subject.field == FIELD_STATUS ?
				       "status (such as 404 or 5xx)" : "number");
	make_number(m->t, low, high);
	return true;
}

static bool
make_seconds(struct making *m)
{
	double seconds;

	if (wants_text(m))
		return make_text(m);
	if (!value_seconds(m->value, &seconds))
		return refuse_value(m, "duration (such as 1.5s, 250ms or 2m)");
	make_number(m->t, seconds, seconds);
	return true;
}

static bool
make_bytes(struct making *m)
{
	double bytes;

	if (wants_text(m))
		return make_text(m);
	if (!value_bytes(m->value, &bytes))
		return refuse_value(m, "size (such as 512, 10kB or 1.5M)");
	make_number(m->t, bytes, bytes);
	return true;
}

static bool (*const makers[])(struct making *m) = {
	[KIND_TEXT] = make_text, [KIND_TIME] = make_time, [KIND_LEVEL] = make_level,
	[KIND_INT] = make_int, [KIND_SECONDS] = make_seconds, [KIND_BYTES] = make_bytes,
};

/* ---- the kinds of terms ---- */

static const char *
format_name_of(size_t i, const void *arg)
{
	(void)arg;
	return i < FORMAT_COUNT ? format_get((enum format_id)i)->name : NULL;
}

static bool
check_format(struct making *m)
{
	if (m->t->kind != TEST_TEXT || m->t->glob || span_eq_str(m->value, "raw"))
		return true;
	char *name = xstrndup(m->value.p, m->value.n);
	bool known = format_by_name(name) != NULL;
	const char *near = known ? NULL : err_nearest(name, format_name_of, NULL);

	if (!known)
		err_set(m->err, QUERY_BAD, m->token->value_pos, "unknown format \"%s\"%s%s%s", name,
			near ? " (did you mean " : "", near ? near : "", near ? "?)" : "");
	free(name);
	return known;
}

/* since: and until: are >= and <= on the time, to the nanosecond. */
static bool
make_bound(struct making *m)
{
	bool since = span_caseeq_str(strbuf_span(&m->token->name), "since");

	m->t->op = since ? OP_GE : OP_LE;
	if (!make_time(m))
		return false;
	int64_t width;

	if (!since)
		value_time(m->value, m->now, &m->t->to, &width);
	return true;
}

static bool
make_compare(struct making *m)
{
	struct span name = strbuf_span(&m->token->name);
	bool colon = m->token->op == OP_COLON, quoted = m->token->name_quoted;
	struct test *t = m->t;

	if (colon && !quoted && span_caseeq_str(name, "has")) {
		t->kind = TEST_PRESENT;
		return set_subject(m, m->value, m->token->value_pos, m->token->value_quoted);
	}
	if (!set_subject(m, name, m->token->pos, quoted))
		return false;
	t->op = m->token->op;
	if (span_caseeq_str(name, "since") || span_caseeq_str(name, "until"))
		return colon ? make_bound(m) : refuse_op(m);
	/* A file or a format is named, not looked for in part. */
	bool named = t->subject.kind == SUBJECT_SOURCE || t->subject.kind == SUBJECT_FORMAT;
	if (colon && named)
		t->op = OP_EQ;
	t->negate = t->op == OP_NOMATCH || t->op == OP_NE;
	enum field_kind kind = KIND_TEXT;

	if (t->subject.kind == SUBJECT_FIELD)
		kind = field_info[t->subject.field].kind;
	return makers[kind](m) && (t->subject.kind != SUBJECT_FORMAT || check_format(m));
}

static bool
has_capital(struct span s)
{
	for (size_t len; s.n; s = span_from(s, len)) {
		uint32_t cp = utf8_decode(s, &len);

		if (cp != UTF8_INVALID && utf8_fold(cp) != cp)
			return true;
	}
	return false;
}

static bool
make_term(struct making *m)
{
	struct test *t = m->t;

	if (m->token->kind == TOKEN_REGEX) {
		t->kind = TEST_REGEX;
		t->nocase = m->token->nocase;
		return make_regex(m, REGEX_LINES | (t->nocase ? REGEX_NOCASE : 0));
	}
	t->kind = TEST_WORD;
	t->nocase = !has_capital(m->value);
	needle_init(&t->needle, m->value, t->nocase);
	return true;
}

struct test *
test_new(const struct token *token, int64_t now, struct err *err)
{
	struct making m = { xcalloc(1, sizeof *m.t), token, strbuf_span(&token->value), now, err };

	strbuf_add(&m.t->value, m.value);
	if (token->kind == TOKEN_COMPARE ? make_compare(&m) : make_term(&m))
		return m.t;
	test_free(m.t);
	return NULL;
}
