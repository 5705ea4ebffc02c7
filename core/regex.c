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

bool
regex_find(struct regex *re, struct span text, size_t from, size_t *start, size_t *end)
{
	if (from > text.n)
		return false;
	PCRE2_SPTR p = (PCRE2_SPTR)(text.p ? text.p : "");
	int rc = pcre2_match(re->code, p, text.n, from, 0, re->data, re->context);

	if (rc < 0) {
		re->limited += rc != PCRE2_ERROR_NOMATCH;
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

static bool
is_plain(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       (c && strchr("_-=,:;!@%~ ", c));
}

/*
 * Skips a bracket expression or a group at the start of s; its length, at
 * least 1. A group's insides may be optional or alternatives, so nothing in
 * it is certain.
 */
static size_t
skip_nested(struct span s)
{
	size_t depth = 0, i = 0;
	bool set = false;

	for (; i < s.n; i++) {
		char c = s.p[i];

		if (c == '\\')
			i++;
		else if (set)
			set = c != ']';
		else if (c == '[')
			set = true;
		else
			depth += (c == '(') - (size_t)(c == ')');
		if (!depth && !set)
			return i + 1;
	}
	return s.n;
}

/*
 * Whether a pattern holds what changes the rules: options and verbs, quoting,
 * escapes with arguments, sets whose end is not their first bracket.
 */
static bool
is_intricate(struct span pattern)
{
	static const char *const marks[] = { "(?", "(*", "[]", "[^]", "[:", "[=", "[." };
	static const char simple[] = "dDwWsSbBAzZGRhHvVnrtfae";

	for (size_t i = 0; i < pattern.n; i++) {
		struct span rest = span_from(pattern, i);

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

struct span
regex_literal(struct span pattern)
{
	struct span best = span_head(pattern, 0);
	size_t run = 0, step;

	if (is_intricate(pattern))
		return best;
	for (size_t i = 0; i < pattern.n; i += step) {
		char c = pattern.p[i];

		step = 1;
		if (c == '|')
			return span_head(pattern, 0);
		if (is_plain(c)) {
			bool optional = i + 1 < pattern.n && strchr("?*{", pattern.p[i + 1]);

			run = optional ? 0 : run + 1;
			if (run > best.n)
				best = span_of(pattern.p + i + 1 - run, run);
			continue;
		}
		run = 0;
		if (c == '\\')
			step = 2;
		else if (c == '(' || c == '[')
			step = skip_nested(span_from(pattern, i));
		else if (c == '{')
			while (i + step < pattern.n && pattern.p[i + step - 1] != '}')
				step++;
	}
	return best;
}
