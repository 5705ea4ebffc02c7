/*
 * query_parse: tokens into a tree.
 *
 *	any  := all ("OR" all)*
 *	all  := one ("AND"? one)*
 *	one  := ("NOT" | "-") one | "(" any ")" | "@name" | term
 *
 * By recursive descent, at most DEPTH_MOST deep. AND and OR have any number of
 * children, in the order written.
 */
#include "config.h"

#include "core/query_internal.h"

#include "core/alloc.h"
#include "core/saved_filter.h"

#include <stdlib.h>

enum { DEPTH_MOST = 100, TERMS_MOST = 1000 };

struct parse {
	struct lexer lex;
	struct token token; /* the one not taken yet */
	int64_t now;
	unsigned depth, terms;
	struct err *err;
	int rc;
};

static struct node *parse_any(struct parse *p);

void
node_free(struct node *n)
{
	if (!n)
		return;
	for (size_t i = 0; i < n->n; i++)
		node_free(n->child[i]);
	test_free(n->test);
	free(n->child);
	free(n->plan);
	free(n);
}

static struct node *
node_new(enum node_kind kind)
{
	struct node *n = xcalloc(1, sizeof *n);

	n->kind = kind;
	return n;
}

static void
node_add(struct node *n, struct node *child)
{
	ARRAY_GROW(n->child, n->n, n->cap);
	n->child[n->n++] = child;
}

/* Takes the token and reads the next; false at an error. */
static bool
advance(struct parse *p)
{
	p->rc = lex_next(&p->lex, &p->token, p->err);
	return p->rc == QUERY_OK;
}

static int
parse_text(struct parse *p, struct node **root)
{
	*root = NULL;
	if (advance(p) && p->token.kind != TOKEN_END)
		*root = parse_any(p);
	if (p->rc == QUERY_OK && p->token.kind == TOKEN_CLOSE)
		p->rc = err_set(p->err, QUERY_BAD, p->token.pos, "no parenthesis is open here");
	if (p->rc != QUERY_OK) {
		node_free(*root);
		*root = NULL;
	}
	token_release(&p->token);
	return p->rc;
}

/* What a word such as @slow stands for; SPAN_NONE: nothing but itself. */
static struct span
saved_query(const struct token *t)
{
	struct span word = strbuf_span(&t->value);

	return t->kind == TOKEN_WORD && word.n > 1 && word.p[0] == '@' ? saved_filter(span_from(word, 1)) : SPAN_NONE;
}

/* The query that the token stands for, as if it stood there in parentheses. */
static struct node *
parse_saved(struct parse *p, struct span text)
{
	struct parse inner = { .lex = { text, 0 }, .now = p->now, .depth = p->depth, .terms = p->terms, .err = p->err };
	struct node *n;

	if (parse_text(&inner, &n) != QUERY_OK) {
		p->rc = err_set(p->err, QUERY_BAD, p->token.pos, "%.*s stands for a wrong query, or for itself",
				SPAN_FMT(span_head(p->token.text, 40)));
		return NULL;
	}
	p->terms = inner.terms;
	if (advance(p))
		return n;
	node_free(n);
	return NULL;
}

static struct node *
parse_term(struct parse *p)
{
	struct span saved = saved_query(&p->token);

	if (saved.n)
		return parse_saved(p, saved);
	if (++p->terms > TERMS_MOST) {
		p->rc = err_set(p->err, QUERY_BAD, p->token.pos, "more than %d terms", TERMS_MOST);
		return NULL;
	}
	struct test *test = test_new(&p->token, p->now, p->err);

	if (!test) {
		p->rc = p->err->code;
		return NULL;
	}
	struct node *n = node_new(NODE_TEST);

	n->test = test;
	if (advance(p))
		return n;
	node_free(n);
	return NULL;
}

static struct node *parse_one(struct parse *p);

static struct node *
parse_not(struct parse *p)
{
	struct node *child = advance(p) ? parse_one(p) : NULL;

	if (!child)
		return NULL;
	struct node *n = node_new(NODE_NOT);

	node_add(n, child);
	return n;
}

static struct node *
parse_group(struct parse *p)
{
	size_t open = p->token.pos;
	struct node *n = advance(p) ? parse_any(p) : NULL;

	if (!n)
		return NULL;
	if (p->token.kind != TOKEN_CLOSE)
		p->rc = err_set(p->err, QUERY_INCOMPLETE, open, "the parenthesis is still open");
	else if (advance(p))
		return n;
	node_free(n);
	return NULL;
}

/* Something else than a term stands where a term must. */
static struct node *
refuse(struct parse *p)
{
	const struct token *t = &p->token;

	if (t->kind == TOKEN_END)
		p->rc = err_set(p->err, QUERY_INCOMPLETE, t->pos,
				"a search term is missing at the end");
	else
		p->rc = err_set(p->err, QUERY_BAD, t->pos, "a search term is missing before %.*s",
				SPAN_FMT(t->text));
	return NULL;
}

static struct node *
parse_one(struct parse *p)
{
	struct node *n = NULL;

	if (++p->depth > DEPTH_MOST)
		p->rc = err_set(p->err, QUERY_BAD, p->token.pos, "nested more than %d deep",
				DEPTH_MOST);
	else if (p->token.kind == TOKEN_NOT)
		n = parse_not(p);
	else if (p->token.kind == TOKEN_OPEN)
		n = parse_group(p);
	else if (p->token.kind >= TOKEN_WORD)
		n = parse_term(p);
	else
		n = refuse(p);
	p->depth--;
	return n;
}

/* Another child of an AND goes on here, its "AND" taken. */
static bool
another(struct parse *p)
{
	switch (p->token.kind) {
	case TOKEN_AND:
		return advance(p);
	case TOKEN_END:
	case TOKEN_OR:
	case TOKEN_CLOSE:
		return false;
	default:
		return true;
	}
}

static bool
another_choice(struct parse *p)
{
	return p->token.kind == TOKEN_OR && advance(p);
}

/* Children of one kind, as long as `more` says; a single one stands for itself. */
static struct node *
parse_list(struct parse *p, enum node_kind kind, struct node *(*parse_child)(struct parse *p),
	   bool (*more)(struct parse *p))
{
	struct node *first = parse_child(p), *list = NULL;

	while (first && more(p)) {
		struct node *next = parse_child(p);

		if (!next)
			break;
		if (!list) {
			list = node_new(kind);
			node_add(list, first);
		}
		node_add(list, next);
	}
	if (p->rc == QUERY_OK)
		return list ? list : first;
	node_free(list ? list : first);
	return NULL;
}

static struct node *
parse_all(struct parse *p)
{
	return parse_list(p, NODE_AND, parse_one, another);
}

static struct node *
parse_any(struct parse *p)
{
	return parse_list(p, NODE_OR, parse_all, another_choice);
}

int
query_parse(struct span text, int64_t now, struct node **root, struct err *err)
{
	struct parse p = { .lex = { text, 0 }, .now = now, .err = err };

	return parse_text(&p, root);
}
