/* Unit tests of core/json_index: all ways make the bits that a slow walk makes. */
#include "config.h"

#include "core/json_index.h"

#include "core/alloc.h"
#include "tests/unit.h"

#include <stdlib.h>

static uint32_t seed;

static unsigned
random_below(unsigned n)
{
	seed = seed * 1664525 + 1013904223;
	return (seed >> 8) % n;
}

static bool
stops(char c)
{
	return c == '"' || c == '\\' || (unsigned char)c < 0x20;
}

static void
check_index(const char *way, struct span text)
{
	struct json_index x;
	ptrdiff_t nl = span_chr(text, '\n');
	size_t n = nl < 0 ? text.n : (size_t)nl;

	memset(&x, 0x5a, sizeof x);
	json_index_make(&x, text);
	ck_assert_msg(x.n == n, "%s: %zu bytes, not %zu", way, x.n, n);
	for (size_t i = 0; i < n; i++)
		ck_assert_msg((x.bits[i / 64] >> i % 64 & 1) == stops(text.p[i]), "%s: byte %zu of %zu", way,
			      i, n);
	ck_assert_msg(x.bits[n / 64] >> n % 64 & 1, "%s: nothing at the end of %zu", way, n);
	for (size_t i = 0, next = 0; i <= n; i++) {
		for (next = i; next < n && !stops(text.p[next]); next++)
			;
		size_t found = json_index_next(&x, i);

		ck_assert_msg(next < n ? found == next : found >= n, "%s: from %zu of %zu", way, i, n);
	}
}

/* A copy of exactly the size, so that reading beyond it is noticed. */
static void
check_text(const char *way, struct span text)
{
	char *copy = xmalloc(text.n + !text.n);

	memcpy(copy, text.p, text.n);
	check_index(way, span_of(copy, text.n));
	free(copy);
}

static void
check_way(const char *way)
{
	static const char usual[] = "\"\\\"\n\t\x1f\x20\x7f\x80\xff{}:, abcdefghij0123456789";
	char text[JSON_INDEX_BYTES];

	seed = 1;
	for (size_t n = 0; n < 200; n++)
		for (int round = 0; round < 20; round++) {
			for (size_t i = 0; i < n; i++)
				text[i] = usual[random_below(sizeof usual - 1 - (round > 9 ? 0 : 1))];
			check_text(way, span_of(text, n));
		}
	for (unsigned c = 0; c < 256; c++)
		for (size_t at = 0; at < 130; at += 43) {
			memset(text, 'x', 130);
			text[at] = (char)c;
			check_text(way, span_of(text, 130));
		}
	memset(text, 'x', sizeof text);
	check_text(way, span_of(text, sizeof text));
	text[sizeof text - 1] = '\n';
	check_text(way, span_of(text, sizeof text));
}

START_TEST(all_ways_make_the_same_bits)
{
	unsigned checked = 0;

	for (unsigned way = 0; json_index_way(way); way++)
		if (json_index_choose(way)) {
			check_way(json_index_way(way));
			checked++;
		}
	ck_assert_uint_gt(checked, 0);
}
END_TEST

static Suite *
suite(void)
{
	Suite *s = suite_create("json_index");
	TCase *tc = tcase_create("json_index");

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, all_ways_make_the_same_bits);
	suite_add_tcase(s, tc);
	return s;
}

int
main(void)
{
	return unit_run(suite());
}
