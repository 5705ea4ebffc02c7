/*
 * json_shapes: the shapes of lines, as a tree.
 *
 *	{"level": "INFO", "name": "shop", "pk": 205}
 *	--------- text     ------- text    --- plain value
 *
 *	{"level": "  ->  , "name": "  ->  , "pk":   ->  }
 *	                              |
 *	                              ->  , "path": "  ->  }
 *
 * A node is the text between two values and what the value behind it means.
 * The nodes that may follow it are a list (`next`, and from there `other`).
 * Those taken most come first, and one look at eight bytes rules most of the others out.
 *
 * Lines are read along the tree: the text has to stand there byte for byte,
 * then a string ends at its quote, which the index of the line knows, and
 * any other value is checked. Replacing a value of a valid line by another
 * value keeps it valid and its keys the same, so what was said of the
 * keys when the shape was learned holds. An object with members is no value but
 * a part of the shape.
 *
 * Both the tree and the attempts are bounded. Where the lines are too
 * different, it is left alone for a while, so that they cost little more
 * than without it; when it was full it begins anew then. It also does when keys get other
 * meanings.
 */
#include "config.h"

#include "core/json_shapes.h"

#include "core/alloc.h"
#include "core/json_index.h"

#include <stdlib.h>

enum {
	NODES_MAX = 1024,
	TEXTS_MAX = 32 << 10,    /* bytes */
	TEXT_MAX = 200,          /* of a node; longer keys are not learned */
	MISS = 8, CREDIT = 256,  /* a line that was refused costs as much as eight that were read gain */
	REST = 1024, REST_MAX = 1 << 16, /* lines */
	OTHERS_MAX = 32,         /* nodes that may follow one */
	TURN = 8,                /* of so many times that a node is not the first, it moves once */
};

enum { AT_STRING, AT_PLAIN, AT_END, AT_NAIVE_END };

/* What is done with a value: nothing, what json_fill_plain() does, or json_fill_known(). */
enum { SKIP, STORE, GIVE };

/*
 * The text is kept in words of eight bytes that overlap, so that it is compared in a few steps
 * whatever its length: its first, its last, and between them two more from 17 bytes on. A shorter
 * text than eight bytes is in its first word, and `mask` says which bytes of it count.
 */
struct node {
	uint64_t head, mask, tail, second, last_but_one;
	struct node *next, *other; /* NULL: none */
	const char *text;
	uint8_t n, kind, depth; /* its length; what it ends at; objects that are open there */
	uint8_t act;
	struct json_meaning meaning;
};

struct json_shapes {
	struct node *nodes; /* [0] is the root */
	char *texts;
	uint32_t n, texts_n;
	int credit;
	unsigned rest, next_rest; /* lines to leave alone, now and the next time */
	unsigned turn;
	bool full;
	bool missed;         /* a line was refused that would have to be learned */
	unsigned keys;       /* field_keys_version when it was learned */
	struct span framed;  /* the line that the index is of, for one read */
	struct json_index index;
};

static void
forget(struct json_shapes *s)
{
	s->n = 1;
	s->nodes[0] = (struct node){ .next = NULL };
	s->texts_n = 0;
	s->full = false;
	s->credit = CREDIT;
	s->keys = field_keys_version;
}

struct json_shapes *
json_shapes_new(void)
{
	struct json_shapes *s = xmalloc(sizeof *s);

	/* What is not used of these is not touched, and so costs nothing. */
	s->nodes = xreallocarray(NULL, NODES_MAX, sizeof *s->nodes);
	s->texts = xmalloc(TEXTS_MAX);
	s->turn = 0;
	s->framed = SPAN_NONE;
	s->missed = true;
	s->rest = 0;
	s->next_rest = REST;
	forget(s);
	return s;
}

void
json_shapes_free(struct json_shapes *s)
{
	if (!s)
		return;
	free(s->nodes);
	free(s->texts);
	free(s);
}

ptrdiff_t
json_shapes_frame(struct json_shapes *s, struct span bytes)
{
	s->framed = SPAN_NONE;
	if (s->rest)
		return -1;
	json_index_make(&s->index, span_head(bytes, JSON_INDEX_BYTES));
	size_t n = s->index.n;

	if (n == bytes.n || bytes.p[n] != '\n')
		return -1;
	s->framed = span_head(bytes, n);
	return (ptrdiff_t)n;
}

static inline uint64_t
load8(const char *p)
{
	uint64_t v;

	memcpy(&v, p, sizeof v);
	return v;
}

#define EACH(byte) ((byte) * UINT64_C(0x0101010101010101))

/* How many digits the eight bytes at p begin with. */
static inline unsigned
count_digits(const char *p)
{
	uint64_t v = load8(p) ^ EACH('0');
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	v = __builtin_bswap64(v);
#endif
	/* Carries go upward only, past the first byte that is no digit. */
	uint64_t no_digit = ((v + EACH(0x76)) | v) & EACH(0x80);

	return no_digit ? (unsigned)__builtin_ctzll(no_digit) / 8 : 8;
}

static inline const char *
skip_digits(const char *p, const char *end)
{
	while (end - p >= 8) {
		unsigned n = count_digits(p);

		p += n;
		if (n < 8)
			return p;
	}
	while (p < end && (unsigned)(*p - '0') < 10)
		p++;
	return p;
}

/* Past a number without sign and exponent; NULL where there is none, or more to it. */
static inline const char *
skip_number(const char *p, const char *end)
{
	const char *from = p, *point;

	p = skip_digits(p, end);
	if (p == from || (*from == '0' && p > from + 1))
		return NULL;
	if (p < end && *p == '.') {
		point = p++;
		p = skip_digits(p, end);
		if (p == point + 1)
			return NULL;
	}
	return p < end && (*p | 0x20) == 'e' ? NULL : p;
}

/* A value that is no string: what is usual in place, all else by the scan. */
static inline const char *
skip_plain(const char *p, const char *end, unsigned depth, enum value_kind *kind)
{
	const char *past = skip_number(p, end);

	if (past) {
		*kind = VALUE_NUMBER;
		return past;
	}
	if (end - p > 4) {
		/* "[]" and "{}": two behind the opening one is the closing one. */
		if ((*p == '[' || *p == '{') && p[1] == *p + 2) {
			*kind = VALUE_NESTED;
			return p + 2;
		}
		if (memcmp(p, "null", 4) == 0) {
			*kind = VALUE_NULL;
			return p + 4;
		}
	}
	return json_skip_value(p, end, depth, kind);
}

/* Whether the text of a node stands at p; its first bytes, `head`, were read before. */
static inline bool
is_at(const struct node *node, uint64_t head, const char *p, size_t left)
{
	size_t n = node->n;

	if ((head & node->mask) != node->head || left < n)
		return false;
	if (n <= 8)
		return true;
	if (load8(p + n - 8) != node->tail)
		return false;
	if (n <= 16)
		return true;
	if (load8(p + 8) != node->second || load8(p + n - 16) != node->last_but_one)
		return false;
	return n <= 32 || memcmp(p, node->text, n) == 0;
}

/*
 * Where the string that begins at `from` is closed, line.n: nowhere. Without a special byte before
 * the quote, the index says it.
 */
static inline size_t
close_string(const struct json_index *x, struct span line, size_t from, bool *escaped)
{
	size_t to = json_index_next(x, from);

	*escaped = false;
	if (to >= line.n || line.p[to] == '"')
		return to;
	const char *past = json_skip_escaped(line.p + to, line.p + line.n);

	*escaped = true;
	return past ? (size_t)(past - line.p) : line.n;
}

static inline void
take_string(struct json_fill *fill, const struct node *node, struct span value, bool escaped)
{
	if (node->act == STORE) {
		json_fill_plain(fill, &node->meaning, value.p, value.n, VALUE_STRING, escaped);
	} else if (node->act == GIVE) {
		struct json_member m = { .value = value, .kind = VALUE_STRING, .escaped = escaped };

		json_fill_known(fill, &node->meaning, &m);
	}
}

static inline void
take_plain(struct json_fill *fill, const struct node *node, struct span value, enum value_kind kind)
{
	struct json_member m = { .value = value, .kind = kind };

	if (node->act == STORE)
		json_fill_plain(fill, &node->meaning, value.p, value.n, kind, false);
	else if (node->act == GIVE)
		json_fill_known(fill, &node->meaning, &m);
}

/* The eight bytes at p, zeros from the end on. */
static inline uint64_t
read_head(const char *p, size_t left)
{
	uint64_t head = 0;

	if (left >= 8)
		return load8(p);
	memcpy(&head, p, left);
	return head;
}

/* Now and then, a node that was taken moves one place forward, past those that are less usual. */
static void
promote(struct json_shapes *s, struct node *before, struct node *node)
{
	struct node **link = &before->next;

	if (s->turn++ % TURN)
		return;
	while ((*link)->other != node)
		link = &(*link)->other;
	(*link)->other = node->other;
	node->other = *link;
	*link = node;
}

/*
 * Read a line along the tree. Everything that is hot is inlined here, and goes by offsets, which the
 * index has too.
 */
static bool
walk(struct json_shapes *s, struct span line, struct json_fill *fill)
{
	struct node *before = s->nodes, *node = before->next;
	uint64_t head = read_head(line.p, line.n);
	size_t at = 0;

	while (node) {
		const char *p = line.p + at, *past;
		size_t from = at + node->n, to;
		enum value_kind kind;
		bool escaped;

		if (!is_at(node, head, p, line.n - at)) {
			node = node->other;
			continue;
		}
		p += node->n;
		if (node->kind == AT_STRING) {
			to = close_string(&s->index, line, from, &escaped);
			if (to >= line.n)
				return false;
			take_string(fill, node, span_of(p, to - from), escaped);
			at = to + 1;
		} else if (node->kind == AT_PLAIN) {
			past = skip_plain(p, line.p + line.n, node->depth, &kind);
			if (!past) {
				/* An object with members is another node. */
				node = node->other;
				continue;
			}
			take_plain(fill, node, span_of(p, (size_t)(past - p)), kind);
			at = from + (size_t)(past - p);
		} else {
			if (from == line.n) {
				fill->naive = node->kind == AT_NAIVE_END;
				return !fill->wrapped;
			}
			node = node->other;
			continue;
		}
		if (before->next != node)
			promote(s, before, node);
		head = read_head(line.p + at, line.n - at);
		before = node;
		node = node->next;
	}
	return false;
}

/* Make an index of the line, unless it was framed a moment ago. */
static bool
index_line(struct json_shapes *s, struct span line)
{
	bool framed = s->framed.p == line.p && line.n <= s->framed.n;

	s->framed = SPAN_NONE;
	if (!framed)
		json_index_make(&s->index, line);
	return s->index.n >= line.n;
}

static void
miss(struct json_shapes *s)
{
	s->missed = true;
	s->credit -= MISS;
	if (s->credit >= 0)
		return;
	s->rest = s->next_rest;
	if (s->next_rest < REST_MAX)
		s->next_rest *= 2;
	if (s->full)
		forget(s);
	s->credit = CREDIT / 2;
}

bool
json_shapes_read(struct json_shapes *s, struct span line, struct json_fill *fill)
{
	if (s->keys != field_keys_version)
		forget(s);
	if (s->rest) {
		s->rest--;
		return false;
	}
	if (line.n > JSON_INDEX_BYTES || !index_line(s, line))
		return false;
	if (!walk(s, line, fill)) {
		miss(s);
		return false;
	}
	if (s->credit < CREDIT && ++s->credit == CREDIT)
		s->next_rest = REST;
	return true;
}

/* Zeros, where there are less than eight bytes from `at` on. */
static uint64_t
word_of(struct span text, size_t at)
{
	struct span there = span_from(text, at);

	return there.n < 8 ? 0 : load8(there.p);
}

static void
set_text(struct node *node, struct span text)
{
	static const char all[8] = { -1, -1, -1, -1, -1, -1, -1, -1 };

	node->text = text.p;
	node->n = (uint8_t)text.n;
	node->head = node->mask = 0;
	memcpy(&node->head, text.p, span_head(text, 8).n);
	memcpy(&node->mask, all, span_head(text, 8).n);
	node->tail = word_of(text, text.n - 8);
	node->second = word_of(text, 8);
	node->last_but_one = word_of(text, text.n - 16);
}

/* A new node; NULL when there is no more room. */
static struct node *
add_node(struct json_shapes *s, struct span text, const struct node *like)
{
	char *kept = s->texts + s->texts_n;
	struct node *node = &s->nodes[s->n];

	if (text.n > TEXT_MAX)
		return NULL;
	if (s->n == NODES_MAX || text.n > TEXTS_MAX - s->texts_n) {
		s->full = true;
		return NULL;
	}
	memcpy(kept, text.p, text.n);
	s->texts_n += (uint32_t)text.n;
	s->n++;
	*node = *like;
	set_text(node, span_of(kept, text.n));
	return node;
}

/* The node of this text and kind behind another, made when it is new; NULL when it cannot be. */
static struct node *
step(struct json_shapes *s, struct node *at, struct span text, const struct node *like)
{
	struct node **link = &at->next;

	for (unsigned others = 0; *link; link = &(*link)->other, others++) {
		if ((*link)->kind == like->kind && span_eq(span_of((*link)->text, (*link)->n), text))
			return *link;
		if (others == OTHERS_MAX)
			return NULL;
	}
	return *link = add_node(s, text, like);
}

static struct node *
learn_member(struct json_shapes *s, struct node *at, struct span text, const struct json_member *m,
	     unsigned depth)
{
	struct node like = { .kind = m->kind == VALUE_STRING ? AT_STRING : AT_PLAIN,
			     .depth = (uint8_t)depth, .meaning = json_fill_meaning(m->key) };

	like.act = like.meaning.plain ? STORE :
		   like.meaning.id != FIELD_OTHER || like.meaning.scale != 1 ? GIVE : SKIP;
	return step(s, at, text, &like);
}

void
json_shapes_learn(struct json_shapes *s, struct span line, bool naive)
{
	struct node end = { .kind = naive ? AT_NAIVE_END : AT_END }, *at = s->nodes;
	const char *from = line.p;
	uint32_t before = s->n;
	struct json_member m;
	struct json j;

	if (!s->missed || s->rest || s->full || line.n > JSON_INDEX_BYTES)
		return;
	s->missed = false;
	json_open(&j, line);
	while (json_next(&j, &m)) {
		at = learn_member(s, at, span_of(from, (size_t)(m.value.p - from)), &m, j.depth);
		if (!at)
			return;
		from = m.value.p + m.value.n + (m.kind == VALUE_STRING);
	}
	if (!j.fault && step(s, at, span_of(from, (size_t)(line.p + line.n - from)), &end) && s->n > before)
		s->credit += MISS;
}
