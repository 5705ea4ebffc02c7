/*
 * query_internal: what the parts of the query language share.
 *
 *	text -> query_lex.c -> tokens -> query_parse.c -> tree of nodes
 *	        a comparison -> query_test.c -> struct test (value read, kind chosen)
 *	tree -> query_plan.c -> order of evaluation, literals to look for first
 *	     -> query_eval.c (one test on one record: query_match.c), query_dump.c
 * A token owns its text, a node its test and its children, a query the tree.
 */
#ifndef CORE_QUERY_INTERNAL_H
#define CORE_QUERY_INTERNAL_H

#include "core/needle.h"
#include "core/query.h"
#include "core/regex.h"

enum op { OP_EQ, OP_NE, OP_LT, OP_LE, OP_GT, OP_GE, OP_MATCH, OP_NOMATCH, OP_COLON, OP_COUNT };

extern const char *const op_text[OP_COUNT];

/* ---- tokens ---- */

enum token_kind {
	TOKEN_END,
	TOKEN_OPEN,
	TOKEN_CLOSE,
	TOKEN_AND,
	TOKEN_OR,
	TOKEN_NOT,   /* NOT, or the - before a term */
	TOKEN_WORD,
	TOKEN_PHRASE,
	TOKEN_REGEX,
	TOKEN_COMPARE,
};

struct token {
	enum token_kind kind;
	size_t pos;        /* of its first byte */
	size_t value_pos;
	struct span text;  /* as typed */
	struct strbuf value; /* of a word, phrase, regex, comparison; owned */
	struct strbuf name;  /* of a comparison; owned */
	bool name_quoted, value_quoted;
	bool nocase;       /* of a regex */
	enum op op;
};

struct lexer {
	struct span text;
	size_t at;
};

/* Read the next token; QUERY_OK, or the error that was set. Reuses the token's buffers. */
int lex_next(struct lexer *l, struct token *t, struct err *err);
void token_release(struct token *t);

/* ---- tests ---- */

/* What a comparison looks at. */
enum subject_kind {
	SUBJECT_FIELD,
	SUBJECT_KEY,
	SUBJECT_SOURCE,
	SUBJECT_FORMAT,
};

struct subject {
	enum subject_kind kind;
	enum field field;
	char *name; /* owned; as the user wrote it */
	/* Not the field's own name: a key of that name will do where the field is absent. */
	bool alias;
};

enum test_kind {
	TEST_WORD,     /* needle, anywhere in the bytes */
	TEST_REGEX,    /* regex, anywhere in the bytes */
	TEST_TIME,     /* from <= time <= to */
	TEST_LEVEL,    /* bit of `levels` */
	TEST_NUMBER,   /* low <= value <= high */
	TEST_ORDER,    /* text before, at or after another */
	TEST_TEXT,     /* equal, or as a glob says */
	TEST_CONTAINS, /* needle in the value */
	TEST_MESSAGE,  /* needle in the message or in the lines that follow */
	TEST_MATCHES,  /* regex in the value */
	TEST_PRESENT,
	TEST_KINDS,
};

struct test {
	enum test_kind kind;
	enum op op;
	bool negate;       /* != and !~ */
	struct subject subject;
	struct strbuf value; /* as typed; owned */
	bool nocase;       /* word, regex */
	bool glob;         /* text: * stands for any bytes */
	bool numeric;      /* text: an equal number will do; low is the number */
	bool plain;        /* word: stands in the bytes of a record as it is, or not at all */
	struct needle *guards; /* owned; one at least is in the bytes of all that pass (negate aside) */
	size_t n_guards;   /* 0: nothing is certain */
	int64_t from, to;  /* ns */
	double low, high;
	unsigned levels;   /* bit per level */
	struct needle needle;
	struct regex *regex;
	/* What a name of the block's tables means for the test, see query_rows.c. */
	uint8_t *verdicts;
	uint32_t n_verdicts;
	uint64_t visit;    /* for which block that is */
};

/* Of each kind of test: its name in dumps, how dear it is, and how it is made (negate aside). */
struct test_class {
	const char *name;
	unsigned cost;
	bool (*match)(struct query *q, struct test *t, struct record *r);
};
extern const struct test_class test_class[TEST_KINDS];

/* A test of a word, phrase, regex or comparison; NULL and err. Takes nothing of the token. */
struct test *test_new(const struct token *t, int64_t now, struct err *err);
void test_free(struct test *t);

/* One test on one record; reads of the query only its scratch. */
bool test_match(struct query *q, struct test *t, struct record *r);

/* Whether a file's display name is the one that a test on the source names. */
bool test_matches_source(const struct test *t, struct span source);

/* ---- tree ---- */

enum node_kind { NODE_TEST, NODE_NOT, NODE_AND, NODE_OR };

struct node {
	enum node_kind kind;
	struct test *test;   /* owned */
	struct node **child; /* owned; in the order written */
	struct node **plan;  /* owned; the same, in the order of evaluation */
	size_t n, cap;
	unsigned cost;
};

struct query {
	struct node *root;         /* NULL: empty */
	struct strbuf scratch;
	struct strbuf text;        /* it was compiled from, as of `now` */
	int64_t now;
	uint64_t visit;            /* goes up with each block that is looked at */
	struct record probe;       /* of one name only: what do the tests say of it? */
};

void node_free(struct node *n);

/* The parser proper: QUERY_OK with *root (NULL for the empty query), or an error. */
int query_parse(struct span text, int64_t now, struct node **root, struct err *err);

/* Whether one of a test's guards stands in the bytes; true where it has none. */
bool test_guard_in(const struct test *t, struct span bytes);

/* Choose the order of evaluation and the literals. */
void query_plan(struct query *q);

/*
 * The longest part of a text that stands in a record's bytes as it is, however
 * its line is escaped: ASCII that no JSON writer escapes.
 */
struct span plain_part(struct span text);

#endif
