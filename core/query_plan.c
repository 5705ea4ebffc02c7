/*
 * query_plan: in which order a query is best asked.
 *
 * Two ideas. Terms of AND and OR are tried cheapest first: columns, then
 * words, then fields, then patterns. And many terms cannot hold unless a
 * certain plain text stands in the record's bytes (request_id=4f2a needs
 * "4f2a", path~^/api/v\d needs "api", /lock|wait/ one of two): these guards are
 * looked for before anything is parsed, in many records at once where they stand
 * together (query_rows.c).
 *
 * Guards rely on writers of JSON not escaping letters and digits of ASCII,
 * and on integers below 10^15 being written without an exponent.
 */
#include "config.h"

#include "core/query_internal.h"

#include "core/alloc.h"

#include <ctype.h>

/* Shorter guards are in nearly every record. */
enum { GUARD_LEAST = 2, DIGITS_MOST = 15 };

/* Values that are made from the record, not taken from its bytes. */
#define BIT(f) (UINT64_C(1) << FIELD_##f)
static const uint64_t made_fields = BIT(TIME) | BIT(LEVEL) | BIT(LOGGER) | BIT(METHOD) |
	BIT(ROUTE) | BIT(DURATION) | BIT(SIZE) | BIT(EXCEPTION) | BIT(FRAME) | BIT(TRACEBACK);

struct span
plain_part(struct span text)
{
	struct span best = span_head(text, 0);
	size_t run = 0;

	for (size_t i = 0; i < text.n; i++) {
		char c = text.p[i];
		bool plain = isalnum((unsigned char)c) ||
			     (c && strchr(" _-.,:;=@#$%()[]{}|!?~^*", c));

		run = plain ? run + 1 : 0;
		if (run > best.n)
			best = span_of(text.p + i + 1 - run, run);
	}
	return best;
}

/* The longest plain part between two stars. */
static struct span
glob_part(struct span pattern)
{
	struct span best = span_head(pattern, 0);

	for (;;) {
		ptrdiff_t star = span_chr(pattern, '*');
		struct span part = star < 0 ? pattern : span_head(pattern, (size_t)star);

		part = plain_part(part);

		if (part.n > best.n)
			best = part;
		if (star < 0)
			return best;
		pattern = span_from(pattern, (size_t)star + 1);
	}
}

/* The text itself where it is an integer as every program writes it. */
static struct span
integer_part(struct span text)
{
	bool zero = text.n && text.p[0] == '0';

	for (size_t i = 0; i < text.n; i++)
		if (!isdigit((unsigned char)text.p[i]))
			return SPAN_NONE;
	return zero || text.n > DIGITS_MOST ? SPAN_NONE : text;
}

/* Whether the subject's value stands in the record's bytes, but for JSON's escapes. */
static bool
is_verbatim(const struct subject *s)
{
	return s->kind == SUBJECT_KEY ||
	       (s->kind == SUBJECT_FIELD && !(made_fields >> s->field & 1));
}

static struct span
text_guard(const struct test *t)
{
	struct span value = strbuf_span(&t->value);

	switch (t->kind) {
	case TEST_WORD:
	case TEST_CONTAINS:
	case TEST_MESSAGE:
		return plain_part(value);
	case TEST_NUMBER:
		return t->low == t->high ? integer_part(value) : SPAN_NONE;
	case TEST_TEXT:
		return t->numeric ? integer_part(value) :
		       t->glob ? glob_part(value) : plain_part(value);
	default:
		return SPAN_NONE;
	}
}

/* Texts, one of which stands in the bytes of all that pass; returns how many. */
static size_t
find_guards(const struct test *t, struct span guard[REGEX_LITERALS])
{
	if (t->kind != TEST_WORD && t->kind != TEST_REGEX && !is_verbatim(&t->subject))
		return 0;
	if (t->kind == TEST_REGEX || t->kind == TEST_MATCHES)
		return regex_literals(strbuf_span(&t->value), guard);
	guard[0] = text_guard(t);
	return guard[0].n != 0;
}

static void
plan_test(struct test *t)
{
	struct span guard[REGEX_LITERALS];
	size_t n = find_guards(t, guard);
	bool nocase = t->nocase || t->op == OP_COLON;

	t->plain = t->kind == TEST_WORD && n && guard[0].n == t->value.n;
	for (size_t i = 0; i < n; i++)
		if (t->plain || guard[i].n < GUARD_LEAST)
			return;
	t->guards = n ? xcalloc(n, sizeof *t->guards) : NULL;
	t->n_guards = n;
	for (size_t i = 0; i < n; i++)
		needle_init(&t->guards[i], guard[i], nocase);
}

static unsigned
cost_of(const struct test *t)
{
	if (t->kind >= TEST_NUMBER && t->subject.kind >= SUBJECT_SOURCE)
		return 1;
	return test_class[t->kind].cost + (t->subject.kind == SUBJECT_KEY) - (t->n_guards != 0) -
	       (t->kind == TEST_WORD && t->plain);
}

/* Of words that are looked for, the longer is the rarer. */
static bool
before(const struct node *a, const struct node *b)
{
	if (a->cost != b->cost || a->kind != NODE_TEST || b->kind != NODE_TEST)
		return a->cost < b->cost;
	return a->test->plain && b->test->plain && a->test->needle.n > b->test->needle.n;
}

/* Sorted by cost; terms that are alike stay in the order written. */
static void
sort_plan(struct node *n)
{
	for (size_t i = 1; i < n->n; i++) {
		struct node *moved = n->plan[i];
		size_t at = i;

		for (; at && before(moved, n->plan[at - 1]); at--)
			n->plan[at] = n->plan[at - 1];
		n->plan[at] = moved;
	}
}

static void
plan_node(struct node *n)
{
	if (n->kind == NODE_TEST) {
		plan_test(n->test);
		n->cost = cost_of(n->test);
		return;
	}
	n->plan = xreallocarray(NULL, n->n, sizeof *n->plan);
	for (size_t i = 0; i < n->n; i++) {
		n->plan[i] = n->child[i];
		plan_node(n->child[i]);
		if (n->child[i]->cost > n->cost)
			n->cost = n->child[i]->cost;
	}
	sort_plan(n);
}

void
query_plan(struct query *q)
{
	if (q->root)
		plan_node(q->root);
}
