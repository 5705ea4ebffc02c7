/*
 * query_dump: a query as text: what was understood, for tests and people, and
 * how a value is written so that it is understood.
 *
 *	error level>=warn (a OR -b)
 *	(and (word "error") (>= level WARNING) (or (word "a") (not (word "b"))))
 */
#include "config.h"

#include "core/query_internal.h"

#include "core/alloc.h"

#include <ctype.h>
#include <math.h>

static void
dump_quoted(struct strbuf *out, struct span s)
{
	strbuf_char(out, '"');
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '"' || s.p[i] == '\\')
			strbuf_char(out, '\\');
		if ((unsigned char)s.p[i] < 0x20)
			strbuf_addf(out, "\\x%02x", (unsigned)s.p[i]);
		else
			strbuf_char(out, s.p[i]);
	}
	strbuf_char(out, '"');
}

static const char *
subject_name(const struct subject *s)
{
	return s->kind == SUBJECT_FIELD ? field_info[s->field].name : s->name;
}

static void
dump_time(struct strbuf *out, const struct test *t)
{
	int64_t at = t->op == OP_LT ? t->to + 1 : t->op == OP_LE ? t->to :
		     t->op == OP_GT ? t->from - 1 : t->from;
	char text[64];

	strbuf_str(out, clock_format(at, CLOCK_ISO, text, sizeof text));
}

/* The end of the interval that the operator is about. */
static void
dump_number(struct strbuf *out, const struct test *t)
{
	double value = t->op == OP_LT ? nextafter(t->high, INFINITY) : t->op == OP_LE ? t->high :
		       t->op == OP_GT ? nextafter(t->low, -INFINITY) : t->low;

	strbuf_addf(out, "%.15g", value);
	if (isfinite(t->low) && t->high > t->low && isfinite(t->high))
		strbuf_addf(out, "..%.15g", t->high);
}

static void
dump_levels(struct strbuf *out, unsigned levels)
{
	for (int i = 0; i < LEVEL_COUNT; i++)
		if (levels >> i & 1)
			strbuf_addf(out, " %s", level_info[i].name);
}

static void
dump_compare(struct strbuf *out, const struct test *t)
{
	const char *op = t->op == OP_COLON && t->kind < TEST_CONTAINS ? "=" : op_text[t->op];

	strbuf_addf(out, "(%s %s ", op, subject_name(&t->subject));
	if (t->kind == TEST_TIME)
		dump_time(out, t);
	else if (t->kind == TEST_NUMBER)
		dump_number(out, t);
	else
		dump_quoted(out, strbuf_span(&t->value));
	strbuf_char(out, ')');
}

static void
dump_test(struct strbuf *out, const struct test *t)
{
	switch (t->kind) {
	case TEST_WORD:
	case TEST_REGEX:
		strbuf_addf(out, "(%s%s ", test_class[t->kind].name, t->nocase ? "" : "-case");
		dump_quoted(out, strbuf_span(&t->value));
		strbuf_char(out, ')');
		return;
	case TEST_LEVEL:
		strbuf_str(out, "(level");
		dump_levels(out, t->levels);
		strbuf_char(out, ')');
		return;
	case TEST_PRESENT:
		strbuf_addf(out, "(has %s)", subject_name(&t->subject));
		return;
	default:
		dump_compare(out, t);
	}
}

static void
dump_node(struct strbuf *out, const struct node *n)
{
	static const char *const names[] = {
		[NODE_NOT] = "(not", [NODE_AND] = "(and", [NODE_OR] = "(or",
	};

	if (n->kind == NODE_TEST) {
		dump_test(out, n->test);
		return;
	}
	strbuf_str(out, names[n->kind]);
	for (size_t i = 0; i < n->n; i++) {
		strbuf_char(out, ' ');
		dump_node(out, n->child[i]);
	}
	strbuf_char(out, ')');
}

char *
query_dump(const struct query *q)
{
	struct strbuf out = STRBUF_INIT;

	if (q->root)
		dump_node(&out, q->root);
	else
		strbuf_str(&out, "(all)");
	return out.p;
}

/* Words that mean nothing but themselves, wherever they stand. */
static bool
is_bare(struct span s)
{
	if (!s.n || span_eq_str(s, "AND") || span_eq_str(s, "OR") || span_eq_str(s, "NOT"))
		return false;
	for (size_t i = 0; i < s.n; i++)
		if (!isalnum((unsigned char)s.p[i]) && !strchr("_.", s.p[i]))
			return false;
	return !memchr(s.p, '\0', s.n);
}

void
query_quote(struct strbuf *out, struct span value)
{
	if (is_bare(value)) {
		strbuf_add(out, value);
		return;
	}
	strbuf_char(out, '"');
	for (size_t i = 0; i < value.n; i++) {
		if (value.p[i] == '"' || value.p[i] == '\\')
			strbuf_char(out, '\\');
		strbuf_char(out, value.p[i]);
	}
	strbuf_char(out, '"');
}
