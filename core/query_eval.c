/*
 * query_eval: a query on a record, on its columns alone, and on the summary of a
 * whole block.
 *
 * What is known without looking at records (a range of times, a set of
 * levels, the source) answers a test with no, maybe or yes; AND is the least
 * of its terms, OR the greatest, NOT turns them round. One record's columns
 * are the summary of a block of one.
 */
#include "config.h"

#include "core/query_internal.h"

#include "core/alloc.h"

#include <stdlib.h>

enum verdict { NO, MAYBE, YES };

struct known {
	int64_t first, last;
	unsigned levels;    /* bit per level that occurs */
	struct span source; /* SPAN_NONE: not known */
};

struct query *
query_compile(struct span text, int64_t now, struct err *err)
{
	struct err ignored;
	struct node *root;

	err = err ? err : &ignored;
	*err = (struct err){ 0, 0, "" };
	if (query_parse(text, now, &root, err) != QUERY_OK)
		return NULL;
	struct query *q = xcalloc(1, sizeof *q);

	q->root = root;
	q->now = now;
	strbuf_add(&q->text, text);
	query_plan(q);
	return q;
}

struct query *
query_clone(const struct query *q)
{
	return query_compile(strbuf_span(&q->text), q->now, NULL);
}

void
query_free(struct query *q)
{
	if (!q)
		return;
	node_free(q->root);
	strbuf_release(&q->scratch);
	strbuf_release(&q->text);
	record_release(&q->probe);
	free(q);
}

bool
query_is_empty(const struct query *q)
{
	return !q->root;
}

static bool
node_match(struct query *q, const struct node *n, struct record *r)
{
	bool until = n->kind == NODE_OR;

	if (n->kind == NODE_TEST)
		return test_match(q, n->test, r);
	if (n->kind == NODE_NOT)
		return !node_match(q, n->child[0], r);
	for (size_t i = 0; i < n->n; i++)
		if (node_match(q, n->plan[i], r) == until)
			return until;
	return !until;
}

bool
query_match(struct query *q, struct record *r)
{
	return !q->root || node_match(q, q->root, r);
}

static enum verdict
test_verdict(const struct test *t, const struct known *k)
{
	if (t->kind == TEST_TIME) {
		if (k->last < t->from || k->first > t->to)
			return NO;
		return k->first >= t->from && k->last <= t->to ? YES : MAYBE;
	}
	if (t->kind == TEST_LEVEL) {
		if (!(k->levels & t->levels))
			return NO;
		return k->levels & ~t->levels ? MAYBE : YES;
	}
	if (t->kind == TEST_TEXT && t->subject.kind == SUBJECT_SOURCE && k->source.p)
		return test_matches_source(t, k->source) ? YES : NO;
	return MAYBE;
}

static enum verdict
node_verdict(const struct node *n, const struct known *k)
{
	enum verdict v, result = n->kind == NODE_OR ? NO : YES;

	if (n->kind == NODE_TEST) {
		v = test_verdict(n->test, k);
		return n->test->negate ? YES - v : v;
	}
	if (n->kind == NODE_NOT)
		return YES - node_verdict(n->child[0], k);
	for (size_t i = 0; i < n->n; i++) {
		v = node_verdict(n->plan[i], k);
		if (n->kind == NODE_OR ? v > result : v < result)
			result = v;
	}
	return result;
}

bool
query_may_match(const struct query *q, const struct query_summary *s)
{
	struct known k = { s->first, s->last, 0, s->source };

	for (int i = 0; i < LEVEL_COUNT; i++)
		k.levels |= (unsigned)(s->level_count[i] > 0) << i;
	return !q->root || node_verdict(q->root, &k) != NO;
}

bool
query_match_columns(const struct query *q, enum level level, int64_t time, bool *match)
{
	struct known k = { time, time, 1u << level, SPAN_NONE };
	enum verdict v = q->root ? node_verdict(q->root, &k) : YES;

	*match = v == YES;
	return v != MAYBE;
}

static bool
any_test(const struct node *n, bool (*is)(const struct test *t))
{
	if (n->kind == NODE_TEST)
		return is(n->test);
	for (size_t i = 0; i < n->n; i++)
		if (any_test(n->child[i], is))
			return true;
	return false;
}

static bool
is_of_request(const struct test *t)
{
	return t->subject.kind == SUBJECT_FIELD &&
	       (t->subject.field == FIELD_ROUTE || t->subject.field == FIELD_METHOD);
}

bool
query_asks_request(const struct query *q)
{
	return q->root && any_test(q->root, is_of_request);
}

static bool
is_beyond_columns(const struct test *t)
{
	if (t->kind == TEST_TIME || t->kind == TEST_LEVEL)
		return false;
	return t->subject.kind != SUBJECT_SOURCE && t->subject.kind != SUBJECT_FORMAT;
}

bool
query_is_columns(const struct query *q)
{
	return !q->root || !any_test(q->root, is_beyond_columns);
}

static unsigned long
count_limited(const struct node *n)
{
	unsigned long count = n->test && n->test->regex ? regex_limited(n->test->regex) : 0;

	for (size_t i = 0; i < n->n; i++)
		count += count_limited(n->child[i]);
	return count;
}

unsigned long
query_limited(const struct query *q)
{
	return q->root ? count_limited(q->root) : 0;
}

struct hit {
	struct span text;
	size_t from, start, end;
	bool found;
};

/* The first hit wins, the longest of those that start together. */
static void
take_hit(struct hit *best, size_t start, size_t end)
{
	if (end == start || (best->found && start > best->start) ||
	    (best->found && start == best->start && end <= best->end))
		return;
	best->found = true;
	best->start = start;
	best->end = end;
}

static void
next_test_hit(const struct test *t, struct hit *best)
{
	size_t start, end, from = best->from;

	if (t->kind == TEST_WORD || t->kind == TEST_MESSAGE) {
		if (needle_find(&t->needle, best->text, from, &start, &end))
			take_hit(best, start, end);
		return;
	}
	if (t->kind != TEST_REGEX)
		return;
	/* Empty matches mark nothing: look behind them. */
	for (; regex_find(t->regex, best->text, from, &start, &end); from = end + 1) {
		if (end > start) {
			take_hit(best, start, end);
			return;
		}
	}
}

static void
next_node_hit(const struct node *n, bool positive, struct hit *best)
{
	if (n->kind == NODE_TEST && positive && !n->test->negate)
		next_test_hit(n->test, best);
	for (size_t i = 0; i < n->n; i++)
		next_node_hit(n->child[i], positive != (n->kind == NODE_NOT), best);
}

bool
query_next_hit(struct query *q, struct span text, size_t from, size_t *start, size_t *end)
{
	struct hit best = { .text = text, .from = from };

	if (q->root)
		next_node_hit(q->root, true, &best);
	*start = best.start;
	*end = best.end;
	return best.found;
}
