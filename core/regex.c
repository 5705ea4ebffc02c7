/*
 * regex: see regex.h.
 *
 * PCRE2's 8-bit library in UTF mode; text that is not UTF-8 is allowed
 * (MATCH_INVALID_UTF). The limits stop patterns such as (a+)+$ within about
 * a millisecond on any text; the machine-code stack is the pattern's own and small.
 */
#include "config.h"

#include "core/regex.h"

#include "core/alloc.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <ctype.h>
#include <pcre2.h>
#include <stdlib.h>

enum {
	MATCH_LIMIT = 200 * 1000,
	HEAP_LIMIT_KIB = 4096,
	STACK_FIRST = 32 << 10,
	STACK_MOST = 1 << 20,
	PATTERN_MOST = 16 << 10,
};

struct regex {
	pcre2_code *code;
	pcre2_match_data *data;
	pcre2_match_context *context;
	pcre2_jit_stack *stack; /* NULL without machine code */
	unsigned long limited;
};

/* Mistakes that a longer pattern may not have. */
static bool
is_unfinished(int code)
{
	static const int codes[] = {
		PCRE2_ERROR_END_BACKSLASH,
		PCRE2_ERROR_MISSING_SQUARE_BRACKET,
		PCRE2_ERROR_MISSING_CLOSING_PARENTHESIS,
		PCRE2_ERROR_MISSING_NAME_TERMINATOR,
		PCRE2_ERROR_MISSING_COMMENT_CLOSING,
	};

	for (size_t i = 0; i < ARRAY_SIZE(codes); i++)
		if (code == codes[i])
			return true;
	return false;
}

static pcre2_code *
compile(struct span pattern, unsigned flags, struct err *err)
{
	uint32_t options = PCRE2_UTF | PCRE2_MATCH_INVALID_UTF | PCRE2_NEVER_BACKSLASH_C;
	PCRE2_UCHAR text[128];
	PCRE2_SIZE pos;
	int code;

	if (pattern.n > PATTERN_MOST) {
		err_set(err, REGEX_BAD, 0, "the pattern is too long");
		return NULL;
	}
	options |= flags & REGEX_NOCASE ? PCRE2_CASELESS : 0;
	options |= flags & REGEX_LINES ? PCRE2_MULTILINE : 0;
	pcre2_code *re =
		pcre2_compile((PCRE2_SPTR)pattern.p, pattern.n, options, &code, &pos, NULL);

	if (re)
		return re;
	pcre2_get_error_message(code, text, sizeof text);
	err_set(err, is_unfinished(code) ? REGEX_UNFINISHED : REGEX_BAD, pos, "bad pattern: %s",
		(const char *)text);
	return NULL;
}

struct regex *
regex_new(struct span pattern, unsigned flags, struct err *err)
{
	pcre2_code *code = compile(pattern, flags, err);

	if (!code)
		return NULL;
	struct regex *re = xcalloc(1, sizeof *re);

	re->code = code;
	re->data = pcre2_match_data_create_from_pattern(code, NULL);
	re->context = pcre2_match_context_create(NULL);
	pcre2_set_match_limit(re->context, MATCH_LIMIT);
	pcre2_set_heap_limit(re->context, HEAP_LIMIT_KIB);
	if (pcre2_jit_compile(code, PCRE2_JIT_COMPLETE) == 0) {
		re->stack = pcre2_jit_stack_create(STACK_FIRST, STACK_MOST, NULL);
		pcre2_jit_stack_assign(re->context, NULL, re->stack);
	}
	return re;
}

void
regex_free(struct regex *re)
{
	if (!re)
		return;
	pcre2_jit_stack_free(re->stack);
	pcre2_match_context_free(re->context);
	pcre2_match_data_free(re->data);
	pcre2_code_free(re->code);
	free(re);
}

static _Atomic unsigned long limited_in_all;

bool
regex_find(struct regex *re, struct span text, size_t from, size_t *start, size_t *end)
{
	if (from > text.n)
		return false;
	PCRE2_SPTR p = (PCRE2_SPTR)(text.p ? text.p : "");
	int rc = pcre2_match(re->code, p, text.n, from, 0, re->data, re->context);

	if (rc < 0) {
		re->limited += rc != PCRE2_ERROR_NOMATCH;
		limited_in_all += rc != PCRE2_ERROR_NOMATCH;
		return false;
	}
	const PCRE2_SIZE *at = pcre2_get_ovector_pointer(re->data);

	*start = at[0];
	*end = at[1] > at[0] ? at[1] : at[0];
	return true;
}

unsigned long
regex_limited(const struct regex *re)
{
	return re->limited;
}

unsigned long
regex_limited_in_all(void)
{
	return limited_in_all;
}

static bool
is_plain(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       (c && strchr("_-=,:;!@%~ ", c));
}

/*
 * Whether a pattern holds what changes the rules: options and verbs, quoting,
 * escapes with arguments, sets whose end is not their first bracket.
 */
static bool
is_intricate(struct span pattern)
{
	static const char *const marks[] = { "(*", "[]", "[^]", "[:", "[=", "[." };
	static const char simple[] = "dDwWsSbBAzZGRhHvVnrtfae";

	for (size_t i = 0; i < pattern.n; i++) {
		struct span rest = span_from(pattern, i);

		if (span_starts(rest, SPAN_LIT("(?")) && !span_starts(rest, SPAN_LIT("(?:")))
			return true;
		for (size_t m = 0; m < ARRAY_SIZE(marks); m++)
			if (span_starts(rest, span_str(marks[m])))
				return true;
		if (rest.p[0] != '\\' || rest.n < 2)
			continue;
		if (isalnum((unsigned char)rest.p[1]) && !strchr(simple, rest.p[1]))
			return true;
		i++;
	}
	return false;
}

/* One at least of these stands in every match; none: nothing is certain. */
struct choice {
	struct span one[REGEX_LITERALS];
	size_t n;
};

/* A choice is as good as its shortest text. */
static size_t
worth(const struct choice *c)
{
	size_t least = c->n ? c->one[0].n : 0;

	for (size_t i = 1; i < c->n; i++)
		if (c->one[i].n < least)
			least = c->one[i].n;
	return least;
}

static void
prefer(struct choice *best, const struct choice *other)
{
	if (worth(other) > worth(best))
		*best = *other;
}

/* Bytes of the bracket expression at the start of s. */
static size_t
set_length(struct span s)
{
	for (size_t i = 1; i < s.n; i++) {
		if (s.p[i] == ']')
			return i + 1;
		i += s.p[i] == '\\';
	}
	return s.n;
}

static bool
may_be_left_out(struct span p, size_t at)
{
	return at < p.n && strchr("?*{", p.p[at]) && p.p[at];
}

static struct choice choose_any(struct span p, size_t *at);

/* A group, from its parenthesis on: what it holds for certain. */
static struct choice
choose_group(struct span p, size_t *at)
{
	*at += span_starts(span_from(p, *at), SPAN_LIT("(?:")) ? 3 : 1;
	struct choice inner = choose_any(p, at);

	*at += *at < p.n; /* its end */
	if (may_be_left_out(p, *at))
		inner.n = 0;
	return inner;
}

/* Bytes of the count ("{2,3}") at the start of s, 1 where the brace is text. */
static size_t
count_length(struct span s)
{
	size_t n = 1;

	while (n < s.n && (isdigit((unsigned char)s.p[n]) || s.p[n] == ','))
		n++;
	return n < s.n && s.p[n] == '}' ? n + 1 : 1;
}

/* Bytes of what stands at s and is neither text nor a group. */
static size_t
other_length(struct span s)
{
	size_t n = s.p[0] == '[' ? set_length(s) : s.p[0] == '{' ? count_length(s) :
		   s.p[0] == '\\' ? 2 : 1;

	return n < s.n ? n : s.n;
}

/* The best of what follows one another, up to the end of the alternative. */
static struct choice
choose_one(struct span p, size_t *at)
{
	struct choice best = { .n = 0 }, run = { .n = 1 }, inner;

	while (*at < p.n && p.p[*at] != '|' && p.p[*at] != ')') {
		if (is_plain(p.p[*at])) {
			struct span *text = &run.one[0];

			*text = span_of(text->n ? text->p : p.p + *at, text->n + 1);
			if (may_be_left_out(p, ++*at))
				text->n = 0;
			prefer(&best, &run);
			continue;
		}
		run.one[0].n = 0;
		if (p.p[*at] == '(') {
			inner = choose_group(p, at);
			prefer(&best, &inner);
		} else {
			*at += other_length(span_from(p, *at));
		}
	}
	return best;
}

/* One of each alternative, up to the end of the group or of the pattern. */
static struct choice
choose_any(struct span p, size_t *at)
{
	struct choice all = { .n = 0 };
	bool certain = true;

	for (;; ++*at) {
		struct choice one = choose_one(p, at);

		certain = certain && one.n && all.n + one.n <= REGEX_LITERALS;
		for (size_t i = 0; certain && i < one.n; i++)
			all.one[all.n++] = one.one[i];
		if (*at >= p.n || p.p[*at] != '|')
			break;
	}
	if (!certain)
		all.n = 0;
	return all;
}

size_t
regex_literals(struct span pattern, struct span out[REGEX_LITERALS])
{
	size_t at = 0;

	if (is_intricate(pattern))
		return 0;
	struct choice all = choose_any(pattern, &at);

	if (at < pattern.n) /* a parenthesis too many: no pattern */
		return 0;
	memcpy(out, all.one, all.n * sizeof *out);
	return all.n;
}
