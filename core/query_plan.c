/*
 * query_plan: in which order a query is best asked.
 *
 * Two ideas. Terms of AND and OR are tried cheapest first: columns, then
 * words, then fields, then patterns. And many terms cannot hold unless a
 * certain plain text stands in the record's bytes (request_id=4f2a needs
 * "4f2a", path~^/api/v\d needs "api"): this guard is looked for before
 * anything is parsed. The longest text that every matching record must hold
 * becomes the query's probe, by which whole blocks are scanned.
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
guard_of(const struct test *t)
{
	struct span value = strbuf_span(&t->value);

	if (t->kind == TEST_WORD)
		return plain_part(value);
	if (t->kind == TEST_REGEX)
		return regex_literal(value);
	if (!is_verbatim(&t->subject))
		return SPAN_NONE;
	switch (t->kind) {
	case TEST_NUMBER:
		return t->low == t->high ? integer_part(value) : SPAN_NONE;
	case TEST_TEXT:
		return t->numeric ? integer_part(value) :
		       t->glob ? glob_part(value) : plain_part(value);
	case TEST_CONTAINS:
	case TEST_MESSAGE:
		return plain_part(value);
	case TEST_MATCHES:
		return regex_literal(value);
	default:
		return SPAN_NONE;
	}
}

static void
plan_test(struct test *t)
{
	struct span guard = guard_of(t);
	bool nocase = t->nocase || t->op == OP_COLON;

	t->plain = t->kind == TEST_WORD && guard.n == t->value.n;
	if (t->plain || guard.n < GUARD_LEAST)
		return;
	t->guarded = true;
	needle_init(&t->guard, guard, nocase);
}

static unsigned
cost_of(const struct test *t)
{
	if (t->kind >= TEST_NUMBER && t->subject.kind >= SUBJECT_SOURCE)
		return 1;
	return test_class[t->kind].cost + (t->subject.kind == SUBJECT_KEY) - t->guarded -
	       (t->kind == TEST_WORD && t->plain && !t->guarded);
}

/* Sorted by cost; terms of one cost stay in the order written. */
static void
sort_plan(struct node *n)
{
	for (size_t i = 1; i < n->n; i++) {
		struct node *moved = n->plan[i];
		size_t at = i;

		for (; at && n->plan[at - 1]->cost > moved->cost; at--)
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

/* The longest literal that all records matching n hold, or `best` where that is longer. */
static const struct needle *
find_probe(const struct node *n, const struct needle *best)
{
	const struct needle *mine = NULL;

	if (n->kind == NODE_AND)
		for (size_t i = 0; i < n->n; i++)
			best = find_probe(n->child[i], best);
	if (n->kind == NODE_TEST && n->test->plain)
		mine = &n->test->needle;
	else if (n->kind == NODE_TEST && n->test->guarded && !n->test->negate)
		mine = &n->test->guard;
	return mine && mine->n && (!best || mine->n > best->n) ? mine : best;
}

void
query_plan(struct query *q)
{
	if (!q->root)
		return;
	plan_node(q->root);
	q->probe = find_probe(q->root, NULL);
}
