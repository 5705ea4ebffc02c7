/*
 * Unit tests of core/json: a table of texts, and thousands of random and
 * mutated ones of which jansson is asked the same.
 */
#include "config.h"

#include "core/json.h"

#include "core/alloc.h"
#include "tests/json_oracle.h"
#include "tests/unit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* Members as "key=value" with a letter for the kind, parted by "|". */
static void
flatten(struct span text, struct strbuf *out, struct json *j)
{
	struct json_member m;

	strbuf_str(out, "");
	json_open(j, text);
	while (json_next(j, &m))
		strbuf_addf(out, "%s%.*s=%c%s%.*s", out->n ? "|" : "", SPAN_FMT(m.key),
			    "snbzo"[m.kind], m.escaped ? "\\" : "", SPAN_FMT(m.value));
}

static const struct {
	const char *text;
	const char *members; /* up to the fault */
	const char *fault;   /* a part of its words, NULL: valid */
	size_t pos;
} texts[] = {
	{ "{}", "", NULL, 0 },
	{ "{ }  ", "", NULL, 0 },
	{ "{\"a\": 1}", "a=n1", NULL, 0 },
	{ "{\"a\":1,\"b\":\"x\",\"c\":true,\"d\":null}", "a=n1|b=sx|c=btrue|d=znull", NULL, 0 },
	{ " {}", "", "{", 0 },
	{ "", "", "{", 0 },
	{ "{ \"a\" : { \"b\" : { \"c\" : -1.5e+3 } , \"d\" : [] } }", "a.b.c=n-1.5e+3|a.d=o[]", NULL, 0 },
	{ "{\"a\":{},\"b\":[1,{\"x\":[{}]},\"]\"]}", "a=o{}|b=o[1,{\"x\":[{}]},\"]\"]", NULL, 0 },
	{ "{\"a\":NaN,\"b\":Infinity,\"c\":-Infinity}", "a=nNaN|b=nInfinity|c=n-Infinity", NULL, 0 },
	{ "{\"a\":\"x\\\"y\\u00e9\\\\\"}", "a=s\\x\\\"y\\u00e9\\\\", NULL, 0 },
	{ "{\"\":\"\"}", "=s", NULL, 0 },
	{ "{\"a\":1,\"a\":2}", "a=n1|a=n2", NULL, 0 },
	{ "{\"a\":1}\r", "a=n1", NULL, 0 },
	{ "{\"a\":1} x", "a=n1", "end of the line", 8 },
	{ "{\"a\":1}{\"b\":2}", "a=n1", "end of the line", 7 },
	{ "{\"a\":1,}", "a=n1", "key", 7 },
	{ "{\"a\":1", "a=n1", "comma", 6 },
	{ "{\"a\"", "", "colon", 4 },
	{ "{\"a\":", "", "value", 5 },
	{ "{\"a\":}", "", "value", 5 },
	{ "{a:1}", "", "key", 1 },
	{ "{\"a\":01}", "", "value", 5 },
	{ "{\"a\":1.}", "", "digits", 7 },
	{ "{\"a\":1e}", "", "digits", 7 },
	{ "{\"a\":-}", "", "value", 6 },
	{ "{\"a\":.5}", "", "value", 5 },
	{ "{\"a\":+1}", "", "value", 5 },
	{ "{\"a\":truex}", "a=btrue", "comma", 9 },
	{ "{\"a\":True}", "", "value", 5 },
	{ "{\"a\":\"x\ty\"}", "", "control", 7 },
	{ "{\"a\":\"x\\qy\"}", "", "escape", 7 },
	{ "{\"a\":\"\\u12g4\"}", "", "hex", 6 },
	{ "{\"a\":\"\\u12\"}", "", "hex", 6 },
	{ "{\"a\":\"no end", "", "closing quote", 12 },
	{ "{\"a\":\"0123456789012345678901234567890\\", "", "escape", 37 },
	{ "{\"a\":[1,2}", "", "]", 9 },
	{ "{\"a\":[1,]}", "", "value", 8 },
	{ "{\"a\":[{\"b\"}]}", "", "colon", 10 },
	{ "{\"a\":[}", "", "value", 6 },
	{ "{\"a\":[", "", "value", 6 },
	{ "{\"a\":{\"b\":1}", "a.b=n1", "comma", 12 },
	{ "{\"a\":{\"b\":1}}}", "a.b=n1", "end of the line", 13 },
	{ "{\"a\":1 \"b\":2}", "a=n1", "comma", 7 },
	{ "{'a':1}", "", "key", 1 },
};

START_TEST(texts_are_walked)
{
	struct strbuf out = STRBUF_INIT;
	struct json j;
	size_t n = strlen(texts[_i].text);
	char *exact = xmalloc(n + !n);

	memcpy(exact, texts[_i].text, n);
	flatten(span_of(exact, n), &out, &j);
	ck_assert_str_eq(out.p, texts[_i].members);
	if (!texts[_i].fault) {
		ck_assert_msg(!j.fault, "%s: %s", texts[_i].text, j.fault);
	} else {
		ck_assert_msg(j.fault && (strstr(j.fault, texts[_i].fault) != NULL), "%s: %s",
			      texts[_i].text, j.fault ? j.fault : "valid");
		ck_assert_uint_eq(j.fault_pos, texts[_i].pos);
	}
	ck_assert_int_ne(json_oracle(span_of(exact, n)), ORACLE_WRONG);
	strbuf_release(&out);
	free(exact);
}
END_TEST

/* A fault inside a string hands out what there is of it. */
START_TEST(a_cut_string_is_handed_out)
{
	struct json j;
	struct json_member m;

	json_open(&j, SPAN_LIT("{\"message\": \"Request st"));
	ck_assert(!json_next(&j, &m));
	ck_assert(span_eq_str(m.key, "message") && span_eq_str(m.value, "Request st"));
	json_open(&j, SPAN_LIT("{\"message\": tru"));
	ck_assert(!json_next(&j, &m));
	ck_assert(m.value.p == NULL);
}
END_TEST

/* {"k":{"k": ... 1 ... }} */
static void
nest(struct strbuf *out, const char *open, const char *inside, const char *close, unsigned depth)
{
	strbuf_clear(out);
	for (unsigned i = 0; i < depth; i++)
		strbuf_str(out, open);
	strbuf_str(out, inside);
	for (unsigned i = 0; i < depth; i++)
		strbuf_str(out, close);
}

START_TEST(nesting_has_an_end)
{
	struct strbuf b = STRBUF_INIT;
	struct json j;
	struct json_member m;

	nest(&b, "{\"k\":", "1", "}", JSON_FLAT_DEPTH);
	json_open(&j, strbuf_span(&b));
	ck_assert(json_next(&j, &m) && span_eq_str(m.value, "1"));
	ck_assert_uint_eq(m.key.n, 2 * JSON_FLAT_DEPTH - 1);
	nest(&b, "{\"k\":", "1", "}", JSON_FLAT_DEPTH + 2);
	json_open(&j, strbuf_span(&b));
	ck_assert(json_next(&j, &m) && span_eq_str(m.value, "{\"k\":{\"k\":1}}"));
	nest(&b, "{\"k\":", "1", "}", JSON_MAX_DEPTH);
	ck_assert(json_valid(strbuf_span(&b)));
	nest(&b, "{\"k\":", "1", "}", JSON_MAX_DEPTH + 1);
	ck_assert(!json_valid(strbuf_span(&b)));
	nest(&b, "{\"k\":[", "", "]}", 100000);
	ck_assert(!json_valid(strbuf_span(&b)));
	strbuf_release(&b);
}
END_TEST

START_TEST(long_paths_are_cut)
{
	struct strbuf b = STRBUF_INIT;
	struct json j;
	struct json_member m;

	for (unsigned i = 0; i < 3; i++)
		strbuf_addf(&b, "{\"%0300u\":", i);
	strbuf_str(&b, "1}}}");
	json_open(&j, strbuf_span(&b));
	ck_assert(json_next(&j, &m) && span_eq_str(m.value, "1"));
	ck_assert_uint_eq(m.key.n, JSON_PATH_MAX);
	ck_assert(!json_next(&j, &m) && !j.fault);
	strbuf_release(&b);
}
END_TEST

static const struct {
	const char *raw, *text;
} escapes[] = {
	{ "", "" },
	{ "plain", "plain" },
	{ "\\\"\\\\\\/\\b\\f\\n\\r\\t", "\"\\/\b\f\n\r\t" },
	{ "\\ud55c\\uAE00", "\xed\x95\x9c\xea\xb8\x80" },
	{ "x\\ud83c\\udf89y", "x\xf0\x9f\x8e\x89y" },
	{ "\\ud83c", "\xef\xbf\xbd" },
	{ "\\udf89", "\xef\xbf\xbd" },
	{ "\\ud83c\\u0041", "\xef\xbf\xbd" "A" },
	{ "\\ud83cx", "\xef\xbf\xbdx" },
	{ "\\ud83c\\ud83c\\udf89", "\xef\xbf\xbd\xf0\x9f\x8e\x89" },
	{ "\\q", "\xef\xbf\xbdq" },
	{ "\\u12", "\xef\xbf\xbdu12" },
	{ "end\\", "end\xef\xbf\xbd" },
};

START_TEST(strings_are_unescaped)
{
	struct strbuf out = STRBUF_INIT;

	json_unescape(span_str(escapes[_i].raw), &out);
	ck_assert_msg(span_eq_str(strbuf_span(&out), escapes[_i].text), "%s", out.p);
	strbuf_release(&out);
}
END_TEST

static const char *const numbers[] = {
	"0", "-0", "1", "-1", "0.1", "0.29413866996765137", "0.3762049674987793", "5e-324", "1e308",
	"2.2250738585072014e-308", "8.58306884765625e-05", "9.5367431640625e-07", "123456789012345678",
	"18446744073709551615", "9223372036854775807.5", "9007199254740993", "0.000000000000000000001",
	"1757335680.219", "12345678901234567890123", "1E5", "1e+5", "100000000000000000000e-20",
	"0.99999999999999994", "0.99999999999999995", "1.00000000000000011102230246251565",
};

/* strtod of a program that never called setlocale. */
START_TEST(numbers_are_exact)
{
	double v;

	ck_assert(json_number(span_str(numbers[_i]), &v));
	ck_assert_msg(v == strtod(numbers[_i], NULL), "%s: %.17g", numbers[_i], v);
}
END_TEST

START_TEST(random_numbers_are_exact)
{
	unsigned seed = 12;
	char text[48];

	for (int i = 0; i < 200000; i++) {
		unsigned r[4];
		double v;

		for (int k = 0; k < 4; k++)
			r[k] = (seed = seed * 1664525u + 1013904223u) >> 4;
		if (i % 3 == 0)
			snprintf(text, sizeof text, "%u.%09u%09u", r[0] % 100, r[1], r[2]);
		else if (i % 3 == 1)
			snprintf(text, sizeof text, "0.%016llu", ((unsigned long long)r[0] << 28 | r[1]));
		else
			snprintf(text, sizeof text, "%u.%ue-%02u", r[0] % 10, r[1], r[2] % 20);
		ck_assert(json_number(span_str(text), &v));
		ck_assert_msg(v == strtod(text, NULL), "%s: %.17g", text, v);
	}
}
END_TEST

START_TEST(what_is_no_number)
{
	static const char *const wrong[] = {
		"", "-", "01", "1.", ".5", "1e", "1e+", "1x", "nan", "+1", "0x10", "Infinit", "--1", " 1",
	};
	double v;

	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++)
		ck_assert_msg(!json_number(span_str(wrong[i]), &v), "%s", wrong[i]);
	ck_assert(json_number(SPAN_LIT("NaN"), &v) && isnan(v));
	ck_assert(json_number(SPAN_LIT("-Infinity"), &v) && v == -INFINITY);
}
END_TEST

static unsigned
dice(unsigned *seed, unsigned sides)
{
	*seed = *seed * 1664525u + 1013904223u;
	return (*seed >> 8) % sides;
}

static void
random_string(unsigned *seed, struct strbuf *out)
{
	static const char *const parts[] = {
		"a", "duration", "\\n", "\\u00e9", "\xec\x9e\xac\xea\xb3\xa0", " ", "\\\"", "0123456789abcdef",
		"{", "\\\\", "x\\/", ".",
	};

	strbuf_char(out, '"');
	for (unsigned n = dice(seed, 5); n; n--)
		strbuf_str(out, parts[dice(seed, ARRAY_SIZE(parts))]);
	strbuf_char(out, '"');
}

static void
random_value(unsigned *seed, struct strbuf *out, unsigned depth)
{
	static const char *const plain[] = {
		"true", "false", "null", "0", "-1", "3.25", "1e3", "17", "0.1", "-2.5E-7",
	};
	unsigned kind = dice(seed, depth ? 5 : 3), n = dice(seed, 4);

	if (kind == 0) {
		strbuf_str(out, plain[dice(seed, ARRAY_SIZE(plain))]);
		return;
	}
	if (kind < 3) {
		random_string(seed, out);
		return;
	}
	strbuf_char(out, kind == 3 ? '{' : '[');
	for (unsigned i = 0; i < n; i++) {
		strbuf_str(out, i ? dice(seed, 2) ? ", " : "," : "");
		if (kind == 3) {
			random_string(seed, out);
			strbuf_str(out, dice(seed, 2) ? ": " : ":");
		}
		random_value(seed, out, depth - 1);
	}
	strbuf_char(out, kind == 3 ? '}' : ']');
}

static void
random_object(unsigned *seed, struct strbuf *out)
{
	strbuf_clear(out);
	strbuf_char(out, '{');
	for (unsigned i = 0, n = dice(seed, 5); i < n; i++) {
		strbuf_str(out, i ? ", " : "");
		random_string(seed, out);
		strbuf_char(out, ':');
		random_value(seed, out, 4);
	}
	strbuf_char(out, '}');
}

/* Change, drop or double a byte here and there. */
static void
mutate(unsigned *seed, struct strbuf *b)
{
	static const char bytes[] = "{}[]\",:\\u01e.-+tfn \t\n\x01x";

	for (unsigned n = 1 + dice(seed, 3); n && b->n > 1; n--) {
		size_t at = 1 + dice(seed, (unsigned)b->n - 1);

		switch (dice(seed, 3)) {
		case 0:
			b->p[at] = bytes[dice(seed, sizeof bytes - 1)];
			break;
		case 1:
			memmove(b->p + at, b->p + at + 1, b->n - at);
			b->n--;
			break;
		default:
			strbuf_char(b, ' ');
			memmove(b->p + at + 1, b->p + at, b->n - at - 1);
		}
	}
}

/* Each round is another seed. */
START_TEST(jansson_agrees)
{
	unsigned seed = 1000u + (unsigned)_i, compared = 0;
	struct strbuf b = STRBUF_INIT;

	for (int i = 0; i < 3000; i++) {
		random_object(&seed, &b);
		ck_assert_msg(json_valid(strbuf_span(&b)), "%s", b.p);
		if (i % 3)
			mutate(&seed, &b);
		/* At its exact size, so that a sanitizer sees what is read beyond. */
		char *exact = xmalloc(b.n);
		enum oracle_answer answer;

		memcpy(exact, b.p, b.n);
		answer = json_oracle(span_of(exact, b.n));
		free(exact);
		ck_assert_msg(answer != ORACLE_WRONG, "%s", b.p);
		compared += answer == ORACLE_AGREES;
	}
	ck_assert_uint_gt(compared, 2000);
	strbuf_release(&b);
}
END_TEST

static Suite *
suite(void)
{
	Suite *s = suite_create("json");
	TCase *c = tcase_create("json");

	tcase_set_timeout(c, 60);
	tcase_add_loop_test(c, texts_are_walked, 0, ARRAY_SIZE(texts));
	tcase_add_test(c, a_cut_string_is_handed_out);
	tcase_add_test(c, nesting_has_an_end);
	tcase_add_test(c, long_paths_are_cut);
	tcase_add_loop_test(c, strings_are_unescaped, 0, ARRAY_SIZE(escapes));
	tcase_add_loop_test(c, numbers_are_exact, 0, ARRAY_SIZE(numbers));
	tcase_add_test(c, random_numbers_are_exact);
	tcase_add_test(c, what_is_no_number);
	tcase_add_loop_test(c, jansson_agrees, 0, 10);
	suite_add_tcase(s, c);
	return s;
}

int
main(void)
{
	return unit_run(suite());
}
