/*
 * query_lex: a query's text, token by token.
 *
 * The language has few reserved characters, for people paste pieces of log
 * lines into it. What decides, at the start of a token:
 *   (  )       grouping; inside a word or a value parentheses pair up, so
 *              that get_user(1) and path~^/(a|b) are one piece
 *   "          a phrase, with \" and \\ for the two; other backslashes stay
 *   /          a regular expression when the next bare / ends a token
 *              ("/a b/", "/x/i"); else a word, so that /api/orders is one
 *   -          leaves out what follows; a word when a blank, - or > follows
 *   name op    a comparison; with ":" only for names that are fields
 */
#include "config.h"

#include "core/query_internal.h"

#include "core/alloc.h"

#include <ctype.h>

const char *const op_text[OP_COUNT] = {
	[OP_EQ] = "=", [OP_NE] = "!=", [OP_LT] = "<", [OP_LE] = "<=", [OP_GT] = ">",
	[OP_GE] = ">=", [OP_MATCH] = "~", [OP_NOMATCH] = "!~", [OP_COLON] = ":",
};

/* As typed, the longer first. */
static const struct {
	const char *text;
	enum op op;
} spellings[] = {
	{ "!=", OP_NE }, { "!~", OP_NOMATCH }, { "<=", OP_LE }, { ">=", OP_GE }, { "==", OP_EQ },
	{ "=~", OP_MATCH }, { "=", OP_EQ }, { "<", OP_LT }, { ">", OP_GT }, { "~", OP_MATCH },
	{ ":", OP_COLON },
};

/* Names before ":" beyond the fields. */
static const char *const colon_names[] = { "has", "since", "until", "source", "format",
	"text", "module", "request", "user" };

void
token_release(struct token *t)
{
	strbuf_release(&t->value);
	strbuf_release(&t->name);
}

static struct span
rest_of(const struct lexer *l)
{
	return span_from(l->text, l->at);
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Nothing of a token can stand at s. */
static bool
is_boundary(struct span s)
{
	return !s.n || is_blank(s.p[0]) || s.p[0] == ')';
}

/* Bytes of the operator at the start of s, 0 when there is none. */
static size_t
read_op(struct span s, enum op *op)
{
	for (size_t i = 0; i < ARRAY_SIZE(spellings); i++) {
		if (span_starts(s, span_str(spellings[i].text))) {
			*op = spellings[i].op;
			return strlen(spellings[i].text);
		}
	}
	return 0;
}

/* Bytes of a bare piece: up to a blank or a parenthesis that closes more than the piece opened. */
static size_t
bare_size(struct span s)
{
	size_t depth = 0, i = 0;

	for (; i < s.n && !is_blank(s.p[i]); i++) {
		if (s.p[i] == '\\' && i + 1 < s.n && !is_blank(s.p[i + 1]))
			i++;
		else if (s.p[i] == '(')
			depth++;
		else if (s.p[i] == ')' && !depth--)
			break;
	}
	return i;
}

/* A quoted text that begins at l->at, into out. */
static int
read_quoted(struct lexer *l, struct strbuf *out, struct err *err)
{
	size_t start = l->at++;

	for (; l->at < l->text.n && l->text.p[l->at] != '"'; l->at++) {
		struct span rest = rest_of(l);

		if (rest.p[0] == '\\' && rest.n > 1 && (rest.p[1] == '"' || rest.p[1] == '\\'))
			l->at++;
		strbuf_char(out, l->text.p[l->at]);
	}
	if (l->at >= l->text.n)
		return err_set(err, QUERY_INCOMPLETE, start, "the quote is still open");
	l->at++;
	return QUERY_OK;
}

static int
read_value(struct lexer *l, struct token *t, struct err *err)
{
	struct span rest = rest_of(l);

	t->kind = TOKEN_COMPARE;
	t->value_pos = l->at;
	t->value_quoted = rest.n && rest.p[0] == '"';
	if (t->value_quoted)
		return read_quoted(l, &t->value, err);
	size_t n = bare_size(rest);
	if (!n)
		return err_set(err, rest.n ? QUERY_BAD : QUERY_INCOMPLETE, l->at,
			       "a value is missing after %.*s%s", SPAN_FMT(strbuf_span(&t->name)),
			       op_text[t->op]);
	strbuf_add(&t->value, span_head(rest, n));
	l->at += n;
	return QUERY_OK;
}

static int
read_phrase(struct lexer *l, struct token *t, struct err *err)
{
	int rc = read_quoted(l, &t->value, err);

	if (rc)
		return rc;
	size_t op = read_op(rest_of(l), &t->op);
	if (!op) {
		t->kind = TOKEN_PHRASE;
		return QUERY_OK;
	}
	/* It was the name of a key. */
	strbuf_add(&t->name, strbuf_span(&t->value));
	strbuf_clear(&t->value);
	t->name_quoted = true;
	l->at += op;
	return read_value(l, t, err);
}

/*
 * The / that ends the regular expression which the one at the start of s
 * begins: its index; 0 when s is a word; s.n when the end was not typed yet.
 */
static size_t
regex_end(struct span s)
{
	for (size_t i = 1; i < s.n; i++) {
		if (s.p[i] == '\\') {
			i++;
		} else if (s.p[i] == '/') {
			size_t flags = i + 1 < s.n && s.p[i + 1] == 'i';

			return i > 1 && is_boundary(span_from(s, i + 1 + flags)) ? i : 0;
		}
	}
	for (size_t i = 1; i < s.n && !is_blank(s.p[i]); i++)
		if (strchr("\\[](){}|*+?^$", s.p[i]))
			return s.n;
	return 0;
}

static int
read_regex(struct lexer *l, struct token *t, size_t end, struct err *err)
{
	struct span rest = rest_of(l);

	if (end == rest.n)
		return err_set(err, QUERY_INCOMPLETE, l->at, "the pattern needs a / at its end");
	t->kind = TOKEN_REGEX;
	t->value_pos = l->at + 1;
	t->nocase = end + 1 < rest.n && rest.p[end + 1] == 'i';
	strbuf_add(&t->value, span_of(rest.p + 1, end - 1));
	l->at += end + 1 + t->nocase;
	return QUERY_OK;
}

static bool
starts_name(char c)
{
	return isalpha((unsigned char)c) || c == '_' || c == '@';
}

static size_t
name_size(struct span s)
{
	size_t n = 0;

	if (!s.n || !starts_name(s.p[0]))
		return 0;
	while (n < s.n && (isalnum((unsigned char)s.p[n]) || strchr("_.@-", s.p[n])) && s.p[n])
		n++;
	/* "a->b" compares nothing */
	return s.p[n - 1] == '-' ? 0 : n;
}

/* Whether "name:" begins a comparison rather than a word such as http://x or views.py:103. */
static bool
takes_colon(struct span name, struct span after)
{
	if (is_boundary(after) && after.n)
		return false;
	if (span_starts(after, SPAN_LIT("//")))
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(colon_names); i++)
		if (span_eq_str(name, colon_names[i]))
			return true;
	for (size_t i = 0; i < FIELD_COUNT; i++)
		if (span_eq_str(name, field_info[i].name))
			return true;
	return false;
}

/* Takes "name op" off the text; false, and nothing is taken, when there is none. */
static bool
read_name(struct lexer *l, struct token *t)
{
	struct span rest = rest_of(l);
	size_t name = name_size(rest);
	size_t op = name ? read_op(span_from(rest, name), &t->op) : 0;

	if (!op)
		return false;
	if (t->op == OP_COLON && !takes_colon(span_head(rest, name), span_from(rest, name + op)))
		return false;
	strbuf_add(&t->name, span_head(rest, name));
	l->at += name + op;
	return true;
}

static int
read_word(struct lexer *l, struct token *t, struct err *err)
{
	struct span rest = rest_of(l);
	struct span word = span_head(rest, bare_size(rest));
	size_t op = read_op(rest, &t->op);

	if (op && t->op != OP_COLON)
		return err_set(err, QUERY_BAD, l->at,
			       "no field right before %.*s (quote it to search for it)",
			       (int)op, rest.p);
	l->at += word.n;
	t->kind = TOKEN_WORD;
	if (span_eq_str(word, "AND"))
		t->kind = TOKEN_AND;
	else if (span_eq_str(word, "OR"))
		t->kind = TOKEN_OR;
	else if (span_eq_str(word, "NOT"))
		t->kind = TOKEN_NOT;
	strbuf_add(&t->value, word);
	return QUERY_OK;
}

/* A token of one character: ( ) and the - that leaves out. */
static bool
read_mark(struct lexer *l, struct token *t)
{
	struct span rest = rest_of(l), after = span_from(rest, 1);

	if (rest.p[0] == '(')
		t->kind = TOKEN_OPEN;
	else if (rest.p[0] == ')')
		t->kind = TOKEN_CLOSE;
	else if (rest.p[0] == '-' && !(after.n && (is_boundary(after) || strchr("->", after.p[0]))))
		t->kind = TOKEN_NOT;
	else
		return false;
	l->at++;
	return true;
}

static int
read_token(struct lexer *l, struct token *t, struct err *err)
{
	struct span rest = rest_of(l);

	if (read_mark(l, t))
		return QUERY_OK;
	if (rest.p[0] == '"')
		return read_phrase(l, t, err);
	size_t end = rest.p[0] == '/' ? regex_end(rest) : 0;
	if (end)
		return read_regex(l, t, end, err);
	if (read_name(l, t))
		return read_value(l, t, err);
	return read_word(l, t, err);
}

int
lex_next(struct lexer *l, struct token *t, struct err *err)
{
	while (l->at < l->text.n && is_blank(l->text.p[l->at]))
		l->at++;
	strbuf_clear(&t->name);
	strbuf_clear(&t->value);
	t->name_quoted = t->value_quoted = t->nocase = false;
	t->pos = t->value_pos = l->at;
	t->kind = TOKEN_END;
	int rc = l->at < l->text.n ? read_token(l, t, err) : QUERY_OK;

	t->text = span_of(l->text.p + t->pos, l->at - t->pos);
	return rc;
}
