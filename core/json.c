/*
 * json: the scan. Most of a log line is strings, and most of what a string
 * holds needs no look: sixteen bytes at a time are searched for a quote, a
 * backslash or a control character.
 *
 * Positions are pointers into the text; a function that advances returns the
 * new one, or NULL after it has noted a fault. Objects are walked by
 * json_next(), which keeps the path; arrays, and objects nested too deep to
 * be of interest, are only checked, with a bit for each open bracket in place
 * of recursion.
 */
#include "config.h"

#include "core/json.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

static const char *
fault(struct json *j, const char *at, const char *expected)
{
	j->fault = expected;
	j->fault_pos = (size_t)(at - j->start);
	return NULL;
}

static inline const char *
skip_blanks(const char *p, const char *end)
{
	while (p < end && (*p == ' ' || *p == '\t' || *p == '\n' || *p == '\r'))
		p++;
	return p;
}

/* The length of the escape that a letter makes after a backslash; 0: none. */
static const unsigned char escape_length[256] = {
	['"'] = 2, ['\\'] = 2, ['/'] = 2, ['b'] = 2, ['f'] = 2,
	['n'] = 2, ['r'] = 2,  ['t'] = 2, ['u'] = 6,
};

static const bool is_hex[256] = {
	['0' ... '9'] = true, ['a' ... 'f'] = true, ['A' ... 'F'] = true,
};

/* Past the escape at p. */
static inline const char *
skip_escape(struct json *j, const char *p)
{
	const unsigned char *u = (const unsigned char *)p;
	ptrdiff_t left = j->end - p;
	unsigned length = left > 1 ? escape_length[u[1]] : 0;

	if (length == 2)
		return p + 2;
	if (!length)
		return fault(j, p, "an escape such as \\n or \\u00e9");
	if (left < 6 || !(is_hex[u[2]] & is_hex[u[3]] & is_hex[u[4]] & is_hex[u[5]]))
		return fault(j, p, "four hex digits after \\u");
	return p + 6;
}

/* The next quote, backslash or control character at or after p, or end. */
static inline const char *
find_special(const char *p, const char *end)
{
#ifdef __SSE2__
	const __m128i quote = _mm_set1_epi8('"'), backslash = _mm_set1_epi8('\\');
	const __m128i control = _mm_set1_epi8(0x1f);

	for (; end - p >= 16; p += 16) {
		__m128i x = _mm_loadu_si128((const __m128i *)(const void *)p);
		__m128i hit = _mm_or_si128(
			_mm_or_si128(_mm_cmpeq_epi8(x, quote), _mm_cmpeq_epi8(x, backslash)),
			_mm_cmpeq_epi8(_mm_min_epu8(x, control), x));
		unsigned mask = (unsigned)_mm_movemask_epi8(hit);

		if (mask)
			return p + __builtin_ctz(mask);
	}
#endif
	while (p < end && *p != '"' && *p != '\\' && (unsigned char)*p >= 0x20)
		p++;
	return p;
}

/* Goes on with a string from its first special byte, which is not a quote. */
static const char * __attribute__((noinline))
scan_escaped(struct json *j, const char *p)
{
	while (p < j->end && *p != '"') {
		if (*p != '\\')
			return fault(j, p, "a control character to be escaped");
		/* Text that is not ASCII is often escape after escape. */
		do
			p = skip_escape(j, p);
		while (p && p < j->end && *p == '\\');
		if (!p)
			return NULL;
		p = find_special(p, j->end);
	}
	return p < j->end ? p : fault(j, p, "a closing quote");
}

/* p is after the opening quote; returns the closing one. */
static inline const char *
scan_string(struct json *j, const char *p, bool *escaped)
{
	p = find_special(p, j->end);
	*escaped = p < j->end && *p == '\\';
	if (p < j->end && *p == '"')
		return p;
	return scan_escaped(j, p);
}

static inline const char *
skip_digits(const char *p, const char *end)
{
	while (p < end && (unsigned)(*p - '0') < 10)
		p++;
	return p;
}

static inline const char *
scan_number(struct json *j, const char *p)
{
	const char *from = p + (*p == '-');

	p = skip_digits(from, j->end);
	if (p == from || (*from == '0' && p > from + 1))
		return fault(j, from, "a value");
	if (p < j->end && *p == '.') {
		from = p + 1;
		p = skip_digits(from, j->end);
		if (p == from)
			return fault(j, p, "digits after the point");
	}
	if (p < j->end && (*p | 0x20) == 'e') {
		p++;
		if (p < j->end && (*p == '+' || *p == '-'))
			p++;
		from = p;
		p = skip_digits(from, j->end);
		if (p == from)
			return fault(j, p, "digits of an exponent");
	}
	return p;
}

static const struct literal {
	struct span text;
	enum value_kind kind;
} literals[] = {
	{ { "null", 4 }, VALUE_NULL },       { { "true", 4 }, VALUE_BOOL },
	{ { "false", 5 }, VALUE_BOOL },      { { "NaN", 3 }, VALUE_NUMBER },
	{ { "Infinity", 8 }, VALUE_NUMBER }, { { "-Infinity", 9 }, VALUE_NUMBER },
};

static const char *
scan_literal(struct json *j, const char *p, enum value_kind *kind)
{
	struct span rest = span_of(p, (size_t)(j->end - p));

	for (size_t i = 0; i < sizeof literals / sizeof *literals; i++)
		if (span_starts(rest, literals[i].text)) {
			*kind = literals[i].kind;
			return p + literals[i].text.n;
		}
	return fault(j, p, "a value");
}

/* A value that is neither a string nor nested; p < end. */
static inline const char *
scan_plain(struct json *j, const char *p, enum value_kind *kind)
{
	*kind = VALUE_NUMBER;
	if ((unsigned)(*p - '0') < 10 || (*p == '-' && j->end - p > 1 && p[1] != 'I'))
		return scan_number(j, p);
	return scan_literal(j, p, kind);
}

/* A key and the colon after it; returns where the value begins. */
static inline const char *
scan_key(struct json *j, const char *p, struct span *key, bool *escaped)
{
	if (p == j->end || *p != '"')
		return fault(j, p, "a key in quotes");
	const char *from = p + 1;

	p = scan_string(j, from, escaped);
	if (!p)
		return NULL;
	*key = span_of(from, (size_t)(p - from));
	p = skip_blanks(p + 1, j->end);
	if (p == j->end || *p != ':')
		return fault(j, p, "a colon");
	p = skip_blanks(p + 1, j->end);
	return p < j->end ? p : fault(j, p, "a value");
}

/* Which brackets are open inside a value. */
struct brackets {
	uint64_t object[JSON_MAX_DEPTH / 64]; /* bit set: a brace */
	unsigned depth, limit;
};

static bool
in_object(const struct brackets *b)
{
	return b->object[(b->depth - 1) / 64] >> (b->depth - 1) % 64 & 1;
}

static bool
push_bracket(struct brackets *b, bool object)
{
	uint64_t bit = UINT64_C(1) << b->depth % 64;

	if (b->depth == b->limit)
		return false;
	if (object)
		b->object[b->depth / 64] |= bit;
	else
		b->object[b->depth / 64] &= ~bit;
	b->depth++;
	return true;
}

/* Close what closes at p; then, unless all is closed, past the comma. */
static const char *
after_value(struct json *j, const char *p, struct brackets *b)
{
	for (; b->depth; p++) {
		p = skip_blanks(p, j->end);
		if (p == j->end || *p != (in_object(b) ? '}' : ']'))
			break;
		b->depth--;
	}
	if (!b->depth)
		return p;
	if (p == j->end || *p != ',')
		return fault(j, p, in_object(b) ? "a comma or }" : "a comma or ]");
	return skip_blanks(p + 1, j->end);
}

/* Past the bracket at p; *empty when its partner follows. */
static const char *
open_bracket(struct json *j, const char *p, struct brackets *b, bool *empty)
{
	bool object = *p == '{';

	if (!push_bracket(b, object))
		return fault(j, p, "less nesting");
	p = skip_blanks(p + 1, j->end);
	*empty = p < j->end && *p == (object ? '}' : ']');
	return p;
}

/* Past the object or array at p, checking it. */
static const char *
skip_nested(struct json *j, const char *p)
{
	struct brackets b = { .limit = JSON_MAX_DEPTH - j->depth };
	struct span key;
	enum value_kind kind;
	bool escaped;

	do {
		bool empty = true;

		if (b.depth && in_object(&b) && !(p = scan_key(j, p, &key, &escaped)))
			return NULL;
		if (p == j->end)
			return fault(j, p, "a value");
		if (*p == '{' || *p == '[')
			p = open_bracket(j, p, &b, &empty);
		else if (*p == '"')
			p = (p = scan_string(j, p + 1, &escaped)) ? p + 1 : NULL;
		else
			p = scan_plain(j, p, &kind);
		if (p && empty)
			p = after_value(j, p, &b);
	} while (p && b.depth);
	return p;
}

/* The full name of a key: the path of the open objects, and it. */
static struct span
full_key(struct json *j, struct span key)
{
	size_t stem = j->stem[j->depth - 1];

	key = span_head(key, JSON_PATH_MAX - stem);
	memcpy(j->path + stem, key.p, key.n);
	return span_of(j->path, stem + key.n);
}

/* p is at the brace of an object with members. */
static const char *
enter(struct json *j, const char *p, struct span key)
{
	size_t n = full_key(j, key).n;

	if (n < JSON_PATH_MAX)
		j->path[n++] = '.';
	j->stem[j->depth++] = (uint16_t)n;
	return p + 1;
}

static bool
is_empty_object(const char *p, const char *end)
{
	p = skip_blanks(p + 1, end);
	return p < end && *p == '}';
}

/* Close the objects that end at p; then past the comma. NULL at the end or a fault. */
static const char *
to_next_key(struct json *j, const char *p)
{
	p = skip_blanks(p, j->end);
	if (j->first) {
		j->first = false;
		if (p < j->end && *p != '}')
			return p;
	}
	while (p < j->end && *p == '}') {
		p = skip_blanks(p + 1, j->end);
		if (--j->depth == 0)
			return p == j->end ? NULL : fault(j, p, "the end of the line");
	}
	if (p == j->end || *p != ',')
		return fault(j, p, "a comma or }");
	return skip_blanks(p + 1, j->end);
}

static const char *
string_value(struct json *j, const char *p, struct json_member *m)
{
	const char *from = p + 1;

	m->kind = VALUE_STRING;
	p = scan_string(j, from, &m->escaped);
	m->value = span_of(from, (size_t)((p ? p : j->end) - from));
	return p ? p + 1 : NULL;
}

static const char *
other_value(struct json *j, const char *p, struct json_member *m)
{
	const char *from = p;

	m->escaped = false;
	m->kind = VALUE_NESTED;
	if (*p == '{' || *p == '[')
		p = skip_nested(j, p);
	else
		p = scan_plain(j, p, &m->kind);
	m->value = p ? span_of(from, (size_t)(p - from)) : SPAN_NONE;
	return p;
}

void
json_open(struct json *j, struct span text)
{
	j->start = text.p;
	j->end = text.p + text.n;
	j->depth = 1;
	j->stem[0] = 0;
	j->first = true;
	j->fault = NULL;
	j->fault_pos = 0;
	j->p = text.n && *text.p == '{' ? text.p + 1 : fault(j, text.p, "{");
}

bool
json_next(struct json *j, struct json_member *m)
{
	const char *p = j->p;
	struct span key;

	m->value = SPAN_NONE;
	if (!p || !(p = to_next_key(j, p)))
		return false;
	for (;;) {
		p = scan_key(j, p, &key, &m->key_escaped);
		if (!p)
			return false;
		if (*p != '{' || j->depth == JSON_FLAT_DEPTH || is_empty_object(p, j->end))
			break;
		p = skip_blanks(enter(j, p, key), j->end);
	}
	m->key = key;
	if (j->depth > 1) {
		m->key = full_key(j, key);
		m->key_escaped = span_chr(m->key, '\\') >= 0;
	}
	j->p = *p == '"' ? string_value(j, p, m) : other_value(j, p, m);
	return j->p != NULL;
}

const char *
json_skip_value(const char *p, const char *end, unsigned depth, enum value_kind *kind)
{
	struct json j;

	if (p == end || *p == '"' || (*p == '{' && !is_empty_object(p, end)))
		return NULL;
	j.start = p;
	j.end = end;
	j.depth = depth;
	*kind = VALUE_NESTED;
	return *p == '{' || *p == '[' ? skip_nested(&j, p) : scan_plain(&j, p, kind);
}

const char *
json_skip_escaped(const char *p, const char *end)
{
	struct json j;

	j.start = p;
	j.end = end;
	return scan_escaped(&j, p);
}

bool
json_valid(struct span text)
{
	struct json j;
	struct json_member m;

	json_open(&j, text);
	while (json_next(&j, &m))
		;
	return !j.fault;
}
