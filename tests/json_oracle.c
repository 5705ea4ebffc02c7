#include "config.h"

#include "tests/json_oracle.h"

#include "core/json.h"
#include "core/utf8.h"

#include <jansson.h>

static bool
is_utf8(struct span s)
{
	size_t len;

	for (; s.n; s = span_from(s, len))
		if (utf8_decode(s, &len) == UTF8_INVALID)
			return false;
	return true;
}

static bool
has_any(struct span s, const char *const *words)
{
	for (; *words; words++)
		if (memmem(s.p, s.n, *words, strlen(*words)))
			return true;
	return false;
}

static size_t
brackets(struct span s)
{
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++)
		n += s.p[i] == '{' || s.p[i] == '[';
	return n;
}

static bool
left_out(struct span text)
{
	static const char *const words[] = { "\\ud", "\\uD", "\\u0000", "NaN", "Infinity", NULL };

	return !text.n || *text.p != '{' || memchr(text.p, '\0', text.n) || !is_utf8(text) ||
	       has_any(text, words) || brackets(text) >= JSON_MAX_DEPTH;
}

static bool
same_string(struct span raw, const json_t *value)
{
	struct strbuf text = STRBUF_INIT;

	json_unescape(raw, &text);
	bool same = span_eq(strbuf_span(&text),
			    span_of(json_string_value(value), json_string_length(value)));

	strbuf_release(&text);
	return same;
}

static bool
same_value(const struct json_member *m, const json_t *value)
{
	double number;

	switch (m->kind) {
	case VALUE_STRING:
		return json_is_string(value) && same_string(m->value, value);
	case VALUE_NUMBER:
		return json_is_number(value) && json_number(m->value, &number) &&
		       number == json_number_value(value);
	case VALUE_BOOL:
		return json_is_boolean(value) &&
		       span_eq_str(m->value, json_is_true(value) ? "true" : "false");
	case VALUE_NULL:
		return json_is_null(value);
	default:
		return json_is_array(value) || json_is_object(value);
	}
}

/* The members that are not nested in another have jansson's values. */
static bool
same_members(struct span text, const json_t *object)
{
	struct json j;
	struct json_member m;
	struct strbuf key = STRBUF_INIT;
	bool same = true;

	json_open(&j, text);
	while (same && json_next(&j, &m)) {
		if (j.depth > 1)
			continue;
		strbuf_clear(&key);
		strbuf_str(&key, "");
		json_unescape(m.key, &key);
		same = same_value(&m, json_object_get(object, key.p));
	}
	strbuf_release(&key);
	return same;
}

enum oracle_answer
json_oracle(struct span text)
{
	const size_t flags = JSON_ALLOW_NUL | JSON_DECODE_INT_AS_REAL;
	json_error_t error;

	if (left_out(text))
		return ORACLE_LEFT_OUT;
	json_t *object = json_loadb(text.p, text.n, flags, &error);

	if (!object && json_error_code(&error) == json_error_numeric_overflow)
		return ORACLE_LEFT_OUT;
	bool agrees = json_valid(text) == (object != NULL);

	/* Of a key that occurs twice jansson knows only the last. */
	json_decref(object);
	object = json_loadb(text.p, text.n, flags | JSON_REJECT_DUPLICATES, &error);
	if (object)
		agrees = agrees && same_members(text, object);
	json_decref(object);
	return agrees ? ORACLE_AGREES : ORACLE_WRONG;
}
