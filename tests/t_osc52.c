/* Unit tests of tui/osc52. */
#include "config.h"

#include "core/alloc.h"
#include "tests/unit.h"
#include "tui/osc52.h"

#include <stdlib.h>

static const struct {
	struct span text;
	const char *base64;
} rows[] = {
	{ { "", 0 }, "" },
	{ { "f", 1 }, "Zg==" },
	{ { "fo", 2 }, "Zm8=" },
	{ { "foo", 3 }, "Zm9v" },
	{ { "foob", 4 }, "Zm9vYg==" },
	{ { "\033]0;\a", 5 }, "G10wOwc=" },
	{ { "\xff\xfe\xfd\0", 4 }, "//79AA==" },
};

START_TEST(texts)
{
	struct strbuf out = STRBUF_INIT;
	char *want = xasprintf("\033]52;c;%s\a", rows[_i].base64);

	osc52_add(&out, rows[_i].text);
	ck_assert_str_eq(out.p, want);
	strbuf_release(&out);
	free(want);
}
END_TEST

START_TEST(long_texts_are_cut)
{
	struct strbuf out = STRBUF_INIT, text = STRBUF_INIT;

	for (int i = 0; i < 200000; i++)
		strbuf_char(&text, 'x');
	osc52_add(&out, strbuf_span(&text));
	ck_assert_uint_le(out.n, 100000);
	ck_assert_int_eq(out.p[out.n - 1], '\a');
	strbuf_release(&out);
	strbuf_release(&text);
}
END_TEST

static Suite *
osc52_suite(void)
{
	Suite *s = suite_create("osc52");
	TCase *tc = tcase_create("osc52");

	suite_add_tcase(s, tc);
	tcase_add_loop_test(tc, texts, 0, ARRAY_SIZE(rows));
	tcase_add_test(tc, long_texts_are_cut);
	return s;
}

int
main(void)
{
	return unit_run(osc52_suite());
}
