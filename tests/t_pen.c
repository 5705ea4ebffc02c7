/* Unit tests of tui/pen: looks under the cursor and in bars, in every depth of colour. */
#include "config.h"

#include "core/alloc.h"
#include "tests/unit.h"
#include "tui/pen.h"

static const char text[] =
	"roles: {"
	" dim = { fg = \"#808080\"; };"
	" accent = { fg = 6; };"
	" cursor = { bg = \"#303030\"; };"
	" warning = { fg = 3; underline = true; };"
	" error = { fg = 1; bold = true; };"
	" critical = { fg = 15; bg = 1; bold = true; };"
	" paused = { fg = 3; reverse = true; };"
	"};";

static const struct {
	enum role role;
	bool under, solid;
	int colors;
	struct pen pen;
} rows[] = {
	{ ROLE_NORMAL, false, false, 256, { -1, -1, 0 } },
	{ ROLE_ERROR, false, false, 256, { 1, -1, ATTR_BOLD } },
	{ ROLE_ERROR, false, false, 0, { -1, -1, ATTR_BOLD } },
	{ ROLE_CRITICAL, false, false, 8, { 7, 1, ATTR_BOLD } },
	/* Greys that are not there are dim. */
	{ ROLE_DIM, false, false, 256, { 244, -1, 0 } },
	{ ROLE_DIM, false, false, 16, { 8, -1, 0 } },
	{ ROLE_DIM, false, false, 8, { -1, -1, ATTR_DIM } },
	/* The cursor: a tint where it can be had, reverse elsewhere; the role's colour stays. */
	{ ROLE_NORMAL, true, false, 256, { -1, 236, 0 } },
	{ ROLE_NORMAL, true, false, 1 << 24, { -1, 0x303030, 0 } },
	{ ROLE_ERROR, true, false, 256, { 1, 236, ATTR_BOLD } },
	{ ROLE_ERROR, true, false, 8, { 1, -1, ATTR_BOLD | ATTR_REVERSE } },
	{ ROLE_ERROR, true, false, 0, { -1, -1, ATTR_BOLD | ATTR_REVERSE } },
	{ ROLE_CRITICAL, true, false, 256, { 15, 1, ATTR_BOLD | ATTR_UNDERLINE } },
	{ ROLE_PAUSED, true, false, 8, { 3, -1, ATTR_REVERSE | ATTR_UNDERLINE } },
	{ ROLE_DIM, true, false, 16, { -1, -1, ATTR_REVERSE } },
	{ ROLE_DIM, true, false, 8, { -1, -1, ATTR_REVERSE } },
	/* Bars are areas of the colour that tells. */
	{ ROLE_ERROR, false, true, 256, { 1, -1, ATTR_BOLD } },
	{ ROLE_CRITICAL, false, true, 256, { 1, -1, ATTR_BOLD } },
	{ ROLE_PAUSED, false, true, 256, { 3, -1, 0 } },
	{ ROLE_WARNING, false, true, 0, { -1, -1, ATTR_DIM } },
	{ ROLE_CRITICAL, true, true, 256, { 1, 236, ATTR_BOLD } },
	{ ROLE_ERROR, true, true, 8, { 1, -1, ATTR_BOLD } },
};

START_TEST(pens)
{
	struct theme t;

	ck_assert_int_eq(theme_parse(&t, text, "x.theme", NULL), 0);
	struct pen pen = pen_for(&t, rows[_i].role, rows[_i].under, rows[_i].solid, rows[_i].colors);

	ck_assert_int_eq(pen.fg, rows[_i].pen.fg);
	ck_assert_int_eq(pen.bg, rows[_i].pen.bg);
	ck_assert_uint_eq(pen.attrs, rows[_i].pen.attrs);
}
END_TEST

/* The row under the cursor looks different from every other, in each theme and depth. */
START_TEST(the_cursor_is_seen)
{
	static const int colors[] = { 0, 8, 16, 256, 1 << 24 };

	for (size_t i = 0; theme_name(i); i++)
		for (size_t c = 0; c < ARRAY_SIZE(colors); c++)
			for (int role = 0; role < ROLE_COUNT; role++) {
				struct theme t;

				ck_assert_int_eq(theme_load(&t, theme_name(i), NULL), 0);
				struct pen a = pen_for(&t, role, false, false, colors[c]);
				struct pen b = pen_for(&t, role, true, false, colors[c]);

				ck_assert_msg(a.fg != b.fg || a.bg != b.bg || a.attrs != b.attrs,
					      "%s: %s in %d colours", t.name, role_info[role].name, colors[c]);
			}
}
END_TEST

static Suite *
pen_suite(void)
{
	Suite *s = suite_create("pen");
	TCase *tc = tcase_create("pen");

	suite_add_tcase(s, tc);
	tcase_add_loop_test(tc, pens, 0, ARRAY_SIZE(rows));
	tcase_add_test(tc, the_cursor_is_seen);
	return s;
}

int
main(void)
{
	return unit_run(pen_suite());
}
