/* Unit tests of core/grams: what is there is never ruled out, and little else is let through. */
#include "config.h"

#include "core/grams.h"

#include "core/alloc.h"
#include "tests/unit.h"

#include <ctype.h>
#include <stdlib.h>

static unsigned seed = 7;

static void
fill_random(char *text, size_t n, const char *letters)
{
	size_t count = strlen(letters);

	for (size_t i = 0; i < n; i++)
		text[i] = letters[(size_t)rand_r(&seed) % count];
}

START_TEST(never_rules_out_what_is_there)
{
	static const char *const alphabets[] = { "abcXYZ 0189{}\"", "\xc3\xa4\xff\x01zq", "0123456789abcdef-" };
	struct grams_scratch *scratch = xcalloc(1, sizeof *scratch);
	uint8_t table[GRAMS_BYTES];

	for (unsigned round = 0; round < 600; round++) {
		size_t n = (size_t)rand_r(&seed) % 300;
		char *text = xmalloc(n + 1); /* of exact size, so that reads beyond it are seen */

		fill_random(text, n, alphabets[round % ARRAY_SIZE(alphabets)]);
		grams_fill(scratch, span_of(text, n), table);
		for (size_t from = 0; from < n; from += 3) {
			size_t size = (size_t)rand_r(&seed) % (n - from) + 1;
			char *word = xstrndup(text + from, size);

			ck_assert(grams_may_hold(table, span_of(word, size)));
			for (size_t i = 0; i < size; i++)
				word[i] = (char)(round & 1 ? toupper((unsigned char)word[i]) : tolower((unsigned char)word[i]));
			ck_assert(grams_may_hold(table, span_of(word, size)));
			free(word);
		}
		free(text);
	}
	free(scratch);
}
END_TEST

START_TEST(rules_out_most_of_what_is_not)
{
	enum { WORDS = 2000 };
	struct grams_scratch *scratch = xcalloc(1, sizeof *scratch);
	char *text = xmalloc(128 << 10), word[8];
	uint8_t table[GRAMS_BYTES];
	unsigned let_through = 0;

	/* Ids, which fill a table most. */
	fill_random(text, 128 << 10, "0123456789abcdef");
	grams_fill(scratch, span_of(text, 128 << 10), table);
	for (unsigned i = 0; i < WORDS; i++) {
		fill_random(word, sizeof word, "ghijklmnopqrstuvwxyz");
		let_through += grams_may_hold(table, span_of(word, sizeof word));
	}
	ck_assert_uint_lt(let_through, WORDS * 2 / 3);
	ck_assert(grams_may_hold(table, span_str("xyz"))); /* too short to tell */
	grams_fill(scratch, SPAN_LIT("connection refused"), table);
	ck_assert(!grams_may_hold(table, span_str("deadlock")));
	ck_assert(!grams_may_hold(table, span_str("refuses")));
	ck_assert(grams_may_hold(table, span_str("REFUSED")));
	free(text);
	free(scratch);
}
END_TEST

static Suite *
grams_suite(void)
{
	Suite *s = suite_create("grams");
	TCase *tc = tcase_create("grams");

	suite_add_tcase(s, tc);
	tcase_add_test(tc, never_rules_out_what_is_there);
	tcase_add_test(tc, rules_out_most_of_what_is_not);
	return s;
}

int
main(void)
{
	return unit_run(grams_suite());
}
