/*
 * Unit tests of core/json_shapes, and of what else is remembered from line to
 * line: the corpus of logs, and thousands of mutations of its lines, read the
 * quick way and the general one.
 */
#include "config.h"

#include "core/json_shapes.h"

#include "core/alloc.h"
#include "core/format_rows.h"
#include "tests/two_ways.h"
#include "tests/unit.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>

enum { FILE_BYTES = 160 << 10, MUTATED_LINES = 300, MUTATIONS = 12 };

static const char zone[] = "CET-1CEST,M3.5.0,M10.5.0/3";
static uint32_t seed = 7;

static unsigned
random_below(unsigned n)
{
	seed = seed * 1664525 + 1013904223;
	return (seed >> 8) % n;
}

static void
check(struct two_ways *w, struct span line)
{
	const char *what = two_ways_differ(w, line, NULL);

	ck_assert_msg(!what, "%s of %.*s", what, SPAN_FMT(line));
}

static void
check_lines(struct two_ways *w, struct span text)
{
	while (text.n) {
		ptrdiff_t end = span_chr(text, '\n');
		struct span line = span_head(text, end < 0 ? text.n : (size_t)end);

		check(w, line);
		text = span_from(text, line.n + 1);
	}
}

/* The known, the wrong key, the object that became a value, the key that comes twice, and so on. */
START_TEST(lines_of_a_known_shape_and_others)
{
	static const char lines[] =
		"{\"level\": \"INFO\", \"duration\": 1.5, \"a\": {\"b\": 1}, \"name\": \"x\"}\n"
		"{\"level\": \"INFO\", \"duration\": 1.5, \"a\": {\"b\": 1}, \"name\": \"x\"}\n"
		"{\"level\": \"ERROR\", \"duration\": \"2 ms\", \"a\": {\"b\": null}, \"name\": \"\"}\n"
		"{\"level\": 30, \"duration\": 1e3, \"a\": {\"b\": \"s\"}, \"name\": \"x\"}\n"
		"{\"level\": \"INFO\", \"duration\": 01.5, \"a\": {\"b\": 1}, \"name\": \"x\"}\n"
		"{\"level\": \"INFO\", \"duration\": 1.5, \"a\": {}, \"name\": \"x\"}\n"
		"{\"level\": \"INFO\", \"duration\": -1.5, \"a\": {\"b\": [1, {\"c\": 2}]}, \"name\": \"x\"}\n"
		"{\"level\": \"INFO\", \"duration\": 123456789012, \"a\": {\"b\": {\"c\": 1}}, \"name\": \"x\"}\n"
		"{\"level\": \"IN\\u0046O\", \"duration\": 1., \"a\": {\"b\": 1}, \"name\": \"x\"}\n"
		"{\"level\": \"INFO\", \"duration\": 1.5, \"a\": {\"b\": 1}, \"name\": \"a\\\"b\"}\n"
		"{\"level\": \"INFO\", \"duration\": 1.5, \"a\": {\"b\": 1}, \"name\": \"a\\qb\"}\n"
		"{\"level\": \"INFO\", \"duration\": 1.5, \"a\": {\"b\": 1}, \"name\": \"a\tb\"}\n"
		"{\"level\": \"INFO\", \"duration\": 1.5, \"a\": {\"b\": 1}, \"name\": \"\033[1mb\"}\n"
		"{\"level\": \"INFO\", \"duration\": 1.5, \"a\": {\"b\": 1}, \"name\": \"x\"} \n"
		"{\"level\": \"INFO\", \"duration\": 1.5, \"a\": {\"b\": 1}, \"name\": \"x\"}\r\n"
		"{\"level\": \"INFO\", \"duration\": 1.5, \"a\": {\"b\": 1}, \"name\": \"x\"}}\n"
		"{\"level\": \"INFO\", \"duration\": 1.5, \"a\": {\"b\": 1}, \"name\": \"x\"\n"
		"{\"level\": \"INFO\", \"duration\": 1.5, \"a\": {\"b\": 1}\n"
		"{\"level\":\"INFO\", \"duration\": 1.5, \"a\": {\"b\": 1}, \"name\": \"x\"}\n"
		"{\"level\": \"a\", \"severity\": \"INFO\", \"level\": \"ERROR\"}\n"
		"{\"level\": \"a\", \"severity\": \"INFO\", \"level\": \"ERROR\"}\n"
		"{\"level\": \"INFO\", \"severity\": \"b\", \"level\": \"c\"}\n"
		"{\"log\": \"{\\\"msg\\\": \\\"x\\\"}\\n\", \"stream\": \"stdout\"}\n"
		"{\"log\": \"plain\\n\", \"stream\": \"stdout\"}\n"
		"{\"log\": null, \"stream\": \"stdout\"}\n"
		"{}\n{}\n{ }\n{\"a\":1}\n{\"a\":1}\n{\"a\":12345678}\n{\"a\":1\n{\"a\":0}\n{\"a\":00}\n"
		"{\"level\": \"INFO\", \"time\": \"2025-09-08 21:48:00,552\", \"module\": \"m\", "
		"\"message\": \"m\"}\n"
		"{\"level\": \"INFO\", \"time\": \"2025-09-08 21:48:01,552\", \"module\": \"m\", "
		"\"message\": \"m\", \"x\": 1}\n"
		"{\"level\": \"INFO\", \"time\": \"2025-09-08 21:48:02,552\", \"module\": \"m\", "
		"\"message\": \"m\"}\n";
	struct two_ways w;

	two_ways_init(&w);
	for (int round = 0; round < 3; round++)
		check_lines(&w, span_str(lines));
	ck_assert_ptr_nonnull(w.used[0].shapes);
	two_ways_release(&w);
}
END_TEST

static void
repeat(struct strbuf *out, const char *text, unsigned times)
{
	while (times--)
		strbuf_str(out, text);
}

/* {"a":{"a":[[]]}} */
static void
check_nested(struct two_ways *w, unsigned objects, unsigned arrays)
{
	struct strbuf line = STRBUF_INIT;

	repeat(&line, "{\"a\":", objects);
	repeat(&line, "[", arrays);
	repeat(&line, "]", arrays);
	repeat(&line, "}", objects);
	check(w, strbuf_span(&line));
	strbuf_release(&line);
}

/* Nesting is a fault beyond a bound, which counts the objects around a value too. */
START_TEST(depth_is_counted_from_the_line_on)
{
	struct two_ways w;

	two_ways_init(&w);
	for (unsigned objects = 1; objects < 20; objects += 3)
		for (unsigned depth = JSON_MAX_DEPTH - 2; depth < JSON_MAX_DEPTH + 3; depth++) {
			check_nested(&w, objects, 1);
			check_nested(&w, objects, depth - objects);
		}
	two_ways_release(&w);
}
END_TEST

static bool
read_by_shape(struct parser *p, struct span line, struct parsed *out)
{
	struct json_fill fill;

	parsed_clear(out);
	json_fill_init(&fill, p, out);
	return p->shapes && json_shapes_read(p->shapes, line, &fill);
}

/* Not only the same result: the quick way is taken. */
START_TEST(a_shape_is_known_from_the_second_line_on)
{
	struct span first = SPAN_LIT("{\"level\": \"INFO\", \"n\": 1, \"url\": {\"path\": \"/a/\"}}");
	struct span second = SPAN_LIT("{\"level\": \"ERROR\", \"n\": null, \"url\": {\"path\": \"/b/\\u00e9\"}}");
	struct parser p;
	struct parsed out;

	parser_init(&p);
	ck_assert(!read_by_shape(&p, first, &out));
	ck_assert_ptr_eq(format_detect(&p, first, &out), &format_json);
	ck_assert(read_by_shape(&p, second, &out));
	ck_assert_int_eq(out.level, LEVEL_ERROR);
	ck_assert(span_eq_str(out.field[FIELD_PATH], "/b/\\u00e9"));
	ck_assert(out.escaped >> FIELD_PATH & 1);
	parser_release(&p);
}
END_TEST

/* Lines whose keys never come again are not looked for for ever. */
START_TEST(lines_without_a_shape_are_left_alone)
{
	char line[80];
	unsigned quick = 0;
	struct parser p;
	struct parsed out;

	parser_init(&p);
	for (unsigned i = 0; i < 5000; i++) {
		snprintf(line, sizeof line, "{\"level\": \"INFO\", \"k%u\": %u, \"z%u\": \"\"}", i, i, i);
		ck_assert_ptr_eq(format_detect(&p, span_str(line), &out), &format_json);
		ck_assert_int_eq(out.level, LEVEL_INFO);
	}
	for (unsigned i = 0; i < 1 << 17; i++)
		quick += read_by_shape(&p, SPAN_LIT("{\"k\": 1}"), &out) ||
			 !format_detect(&p, SPAN_LIT("{\"k\": 1}"), &out);
	ck_assert_uint_gt(quick, 0);
	parser_release(&p);
}
END_TEST

START_TEST(a_key_that_gets_a_meaning_has_it_in_known_shapes)
{
	struct span line = SPAN_LIT("{\"level\": \"INFO\", \"how_long_ms\": 20, \"who\": \"x\"}");
	struct parser p;
	struct parsed out;

	parser_init(&p);
	for (int i = 0; i < 3; i++)
		format_detect(&p, line, &out);
	ck_assert(out.duration < 0 && !out.field[FIELD_USER_ID].p);
	ck_assert(field_add_key(FIELD_DURATION, SPAN_LIT("how_long_ms")));
	ck_assert(field_add_key(FIELD_USER_ID, SPAN_LIT("who")));
	for (int i = 0; i < 3; i++) {
		format_detect(&p, line, &out);
		ck_assert(out.duration == 0.02 && span_eq_str(out.field[FIELD_USER_ID], "x"));
	}
	parser_release(&p);
}
END_TEST

START_TEST(another_zone_is_heard_of)
{
	struct span line = SPAN_LIT("{\"time\": \"2025-09-08 21:48:00,552\", \"event\": \"x\"}");
	struct parser p;
	struct parsed out;
	struct err err;
	int64_t utc;

	parser_init(&p);
	clock_set_zone("UTC", &err);
	for (int i = 0; i < 3; i++)
		format_detect(&p, line, &out);
	utc = out.time;
	clock_set_zone("+09:00", &err);
	for (int i = 0; i < 3; i++) {
		format_detect(&p, line, &out);
		ck_assert_int_eq(out.time, utc - 9 * 3600 * NSEC);
	}
	parser_release(&p);
}
END_TEST

/* Up to FILE_BYTES of a file. The caller frees it. */
static struct span
load(const char *path)
{
	char *text = xmalloc(FILE_BYTES);
	FILE *f = fopen(path, "rb");
	size_t n = f ? fread(text, 1, FILE_BYTES, f) : 0;

	if (f)
		fclose(f);
	return span_of(text, n);
}

/* A line with bytes changed, taken out, put in, or a piece of it said twice. */
static struct span
mutate(struct span line, char *into, size_t room)
{
	static const char put[] = "\"\\{}[]:, 0123456789.e-+nutrl\t\033\x80/";
	size_t n = line.n < room / 2 ? line.n : room / 2;

	memcpy(into, line.p, n);
	for (unsigned times = 1 + random_below(3); times && n > 2; times--) {
		size_t at = random_below((unsigned)n), len = 1 + random_below(12);

		if (at + len > n)
			len = n - at;
		switch (random_below(4)) {
		case 0:
			into[at] = put[random_below(sizeof put - 1)];
			break;
		case 1:
			memmove(into + at, into + at + len, n - at - len);
			n -= len;
			break;
		case 2:
			memmove(into + at + 1, into + at, n - at);
			into[at] = put[random_below(sizeof put - 1)];
			n++;
			break;
		default:
			memmove(into + at + len, into + at, n - at);
			n += len;
			break;
		}
	}
	return span_of(into, n);
}

static void
check_mutations(struct two_ways *w, struct span text)
{
	char changed[4096];

	for (unsigned lines = 0; text.n && lines < MUTATED_LINES; lines++) {
		ptrdiff_t end = span_chr(text, '\n');
		struct span line = span_head(text, end < 0 ? text.n : (size_t)end);

		for (int i = 0; line.n && i < MUTATIONS; i++)
			check(w, mutate(line, changed, sizeof changed));
		check(w, line);
		text = span_from(text, line.n + 1);
	}
}

static glob_t corpus;

START_TEST(the_corpus_is_read_alike)
{
	struct span text = load(corpus.gl_pathv[_i]);
	struct two_ways w;
	struct err err;

	ck_assert_int_eq(clock_set_zone(zone, &err), 0);
	two_ways_init(&w);
	format_sniff(&w.memory, span_head(text, 64 << 10));
	check_lines(&w, text);
	check_mutations(&w, text);
	two_ways_release(&w);
	free((char *)text.p);
}
END_TEST

static int
find_corpus(void)
{
	const char *srcdir = getenv("srcdir");
	char *pattern = xasprintf("%s/tests/data/logs/{*.log,*/*.log*}", srcdir ? srcdir : ".");
	int missing = glob(pattern, GLOB_BRACE, NULL, &corpus);

	free(pattern);
	return missing ? 0 : (int)corpus.gl_pathc;
}

static Suite *
suite(void)
{
	Suite *s = suite_create("json_shapes");
	TCase *tc = tcase_create("json_shapes");

	tcase_set_timeout(tc, 120);
	tcase_add_test(tc, lines_of_a_known_shape_and_others);
	tcase_add_test(tc, depth_is_counted_from_the_line_on);
	tcase_add_test(tc, a_shape_is_known_from_the_second_line_on);
	tcase_add_test(tc, lines_without_a_shape_are_left_alone);
	tcase_add_test(tc, a_key_that_gets_a_meaning_has_it_in_known_shapes);
	tcase_add_test(tc, another_zone_is_heard_of);
	tcase_add_loop_test(tc, the_corpus_is_read_alike, 0, find_corpus());
	suite_add_tcase(s, tc);
	return s;
}

int
main(void)
{
	return unit_run(suite());
}
