/* Unit tests of tui/theme and tui/color: parsing, inheriting, the shipped themes, fitting colours. */
#include "config.h"

#include "core/alloc.h"
#include "core/embedded.h"
#include "tests/unit.h"
#include "tui/color.h"
#include "tui/theme.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static size_t
themes_n(void)
{
	size_t n = 0;

	while (theme_name(n))
		n++;
	return n;
}

static void
load(struct theme *t, const char *name)
{
	struct err err = { 0 };

	ck_assert_msg(theme_load(t, name, &err) == 0, "%s", err.msg);
}

static void
parse(struct theme *t, const char *text)
{
	struct err err = { 0 };

	ck_assert_msg(theme_parse(t, text, "themes/x.theme", &err) == 0, "%s", err.msg);
}

START_TEST(shipped_themes_are_complete)
{
	ck_assert_uint_ge(themes_n(), 5);
	ck_assert_str_eq(theme_name(0), "default");
	for (size_t i = 0; i < themes_n(); i++) {
		struct theme t;

		load(&t, theme_name(i));
		ck_assert_str_eq(t.name, theme_name(i));
		ck_assert_str_ne(t.title, "");
		for (int role = 0; role < ROLE_COUNT; role++) {
			ck_assert_int_ne(t.look[role].fg, COLOR_UNSET);
			ck_assert_int_ne(t.look[role].bg, COLOR_UNSET);
			ck_assert(t.look[role].attrs_set);
		}
	}
}
END_TEST

START_TEST(every_role_has_a_name_of_its_own)
{
	for (int a = 0; a < ROLE_COUNT; a++) {
		ck_assert_str_ne(role_info[a].what, "");
		for (int b = 0; b < a; b++)
			ck_assert_str_ne(role_info[a].name, role_info[b].name);
	}
}
END_TEST

static bool
same_look(struct look a, struct look b, int colors)
{
	return a.attrs == b.attrs && color_nearest(a.fg, colors) == color_nearest(b.fg, colors) &&
	       color_nearest(a.bg, colors) == color_nearest(b.bg, colors);
}

/* What is wrong stands out however few colours there are, and CRITICAL from ERROR. */
START_TEST(levels_are_told_apart)
{
	static const enum level levels[] = { LEVEL_INFO, LEVEL_WARNING, LEVEL_ERROR, LEVEL_CRITICAL };
	static const int colors[] = { 8, 16, 256, 1 << 24 };

	for (size_t i = 0; i < themes_n(); i++)
		for (size_t c = 0; c < ARRAY_SIZE(colors); c++)
			for (size_t a = 0; a < ARRAY_SIZE(levels); a++)
				for (size_t b = 0; b < a; b++) {
					struct theme t;

					load(&t, theme_name(i));
					ck_assert_msg(!same_look(t.look[role_of_level(levels[a])],
								 t.look[role_of_level(levels[b])], colors[c]),
						      "%s: %s and %s look alike in %d colours", t.name,
						      level_info[levels[a]].name, level_info[levels[b]].name,
						      colors[c]);
				}
}
END_TEST

START_TEST(mono_has_no_colours)
{
	static const enum role roles[] = {
		ROLE_DEBUG, ROLE_INFO, ROLE_WARNING, ROLE_ERROR, ROLE_CRITICAL, ROLE_MATCH, ROLE_CURSOR,
	};
	struct theme t;

	load(&t, "mono");
	for (int role = 0; role < ROLE_COUNT; role++) {
		ck_assert_int_eq(t.look[role].fg, COLOR_DEFAULT);
		ck_assert_int_eq(t.look[role].bg, COLOR_DEFAULT);
	}
	for (size_t a = 0; a < ARRAY_SIZE(roles); a++)
		for (size_t b = 0; b < a; b++)
			ck_assert_uint_ne(t.look[roles[a]].attrs, t.look[roles[b]].attrs);
}
END_TEST

static int
hue(int32_t color)
{
	uint32_t rgb = color_rgb(color);
	int r = rgb >> 16, g = rgb >> 8 & 0xff, b = rgb & 0xff;
	int max = r > g ? (r > b ? r : b) : g > b ? g : b, min = r < g ? (r < b ? r : b) : g < b ? g : b;

	if (max - min < 40)
		return -1;
	int sector = max == r ? 60 * (g - b) / (max - min)
		     : max == g ? 120 + 60 * (b - r) / (max - min)
				: 240 + 60 * (r - g) / (max - min);
	return (sector + 375) % 360 / 30;
}

START_TEST(a_screen_has_five_hues_at_most)
{
	for (size_t i = 0; i < themes_n(); i++) {
		struct theme t;
		unsigned seen = 0;

		load(&t, theme_name(i));
		for (int role = 0; role < ROLE_ANSI_RED; role++) /* a log's own colours are its own */
			if (t.look[role].fg >= 0 && hue(t.look[role].fg) >= 0)
				seen |= 1u << hue(t.look[role].fg);
		ck_assert_msg(__builtin_popcount(seen) <= 5, "%s: %d hues", t.name, __builtin_popcount(seen));
	}
}
END_TEST

/* Contrast after WCAG 2. */
static double
luminance(uint32_t rgb)
{
	static const double weight[3] = { 0.2126, 0.7152, 0.0722 };
	double sum = 0;

	for (int i = 0; i < 3; i++) {
		double v = (rgb >> (16 - 8 * i) & 0xff) / 255.0;

		sum += weight[i] * (v <= 0.04045 ? v / 12.92 : pow((v + 0.055) / 1.055, 2.4));
	}
	return sum;
}

static double
contrast(uint32_t a, uint32_t b)
{
	double la = luminance(a), lb = luminance(b);

	return la > lb ? (la + 0.05) / (lb + 0.05) : (lb + 0.05) / (la + 0.05);
}

START_TEST(contrast_is_that_of_wcag)
{
	ck_assert_double_eq_tol(contrast(0x000000, 0xffffff), 21, 0.01);
	ck_assert_double_eq_tol(contrast(0x767676, 0xffffff), 4.54, 0.01);
}
END_TEST

/* Text of themes in RGB is readable, as given and in 256 colours, on its row and on the cursor's. */
START_TEST(rgb_themes_can_be_read)
{
	static const enum role roles[] = {
		ROLE_WARNING, ROLE_ERROR, ROLE_CRITICAL, ROLE_ACCENT, ROLE_MATCH, ROLE_DIM, ROLE_TITLE,
		ROLE_TITLE_FOCUS, ROLE_LIVE, ROLE_GOOD,
	};
	/* What terminals with a dark or a light background have, not pure black and white. */
	static const uint32_t backgrounds[] = { 0x1e1e1e, 0xfafafa };

	for (size_t i = 0; i < themes_n(); i++) {
		struct theme t;

		load(&t, theme_name(i));
		for (size_t r = 0; r < ARRAY_SIZE(roles); r++) {
			struct look look = t.look[roles[r]];
			int32_t cursor = t.look[ROLE_CURSOR].bg;
			uint32_t bg = look.bg < 0 ? backgrounds[t.light] : color_rgb(look.bg);

			if (!(look.fg > 0 && look.fg & COLOR_RGB))
				continue;
			ck_assert_msg(contrast(color_rgb(look.fg), bg) >= 4.5, "%s: %s has %.2f", t.name,
				      role_info[roles[r]].name, contrast(color_rgb(look.fg), bg));
			uint32_t few = color_rgb(color_nearest(look.fg, 256));

			ck_assert_msg(contrast(few, bg) >= 4, "%s: %s has %.2f in 256 colours", t.name,
				      role_info[roles[r]].name, contrast(few, bg));
			if (look.bg == t.look[ROLE_NORMAL].bg)
				ck_assert_msg(contrast(color_rgb(look.fg), color_rgb(cursor)) >= 3,
					      "%s: %s has %.2f under the cursor", t.name,
					      role_info[roles[r]].name,
					      contrast(color_rgb(look.fg), color_rgb(cursor)));
		}
	}
}
END_TEST

START_TEST(roles_inherit)
{
	struct theme t;

	parse(&t, "name = \"n\"; title = \"t\"; background = \"light\";"
		  "roles: {"
		  " normal = { fg = \"white\"; };"
		  " error = { fg = \"#Ff0010\"; bg = 17; bold = true; underline = false; };"
		  " critical = { reverse = true; };"
		  " message-error = { bg = \"default\"; };"
		  " dim = { dim = true; };"
		  " title = { dim = false; fg = \"bright-cyan\"; };"
		  "};");
	ck_assert_str_eq(t.name, "n");
	ck_assert_str_eq(t.title, "t");
	ck_assert(t.light);
	ck_assert_int_eq(t.look[ROLE_ERROR].fg, COLOR_RGB | 0xff0010);
	ck_assert_int_eq(t.look[ROLE_ERROR].bg, 17);
	ck_assert_uint_eq(t.look[ROLE_ERROR].attrs, ATTR_BOLD);
	/* Its own attributes replace its parent's, colours come one by one. */
	ck_assert_int_eq(t.look[ROLE_CRITICAL].fg, COLOR_RGB | 0xff0010);
	ck_assert_uint_eq(t.look[ROLE_CRITICAL].attrs, ATTR_REVERSE);
	ck_assert_int_eq(t.look[ROLE_MESSAGE_ERROR].fg, COLOR_RGB | 0xff0010);
	ck_assert_int_eq(t.look[ROLE_MESSAGE_ERROR].bg, COLOR_DEFAULT);
	ck_assert_uint_eq(t.look[ROLE_MESSAGE_ERROR].attrs, ATTR_BOLD);
	ck_assert_uint_eq(t.look[ROLE_LABEL].attrs, ATTR_DIM);
	ck_assert_int_eq(t.look[ROLE_LABEL].fg, 7);
	ck_assert_uint_eq(t.look[ROLE_TITLE].attrs, 0);
	ck_assert_int_eq(t.look[ROLE_TITLE].fg, 14);
}
END_TEST

START_TEST(an_empty_theme_is_the_terminals_own)
{
	struct theme t;

	parse(&t, "");
	ck_assert_str_eq(t.name, "x");
	for (int role = 0; role < ROLE_ANSI_RED; role++)
		ck_assert(t.look[role].fg == COLOR_DEFAULT && t.look[role].bg == COLOR_DEFAULT &&
			  t.look[role].attrs == 0);
	for (int i = 0; i < 6; i++)
		ck_assert_int_eq(t.look[ROLE_ANSI_RED + i].fg, 1 + i);
}
END_TEST

static const struct {
	const char *text, *message;
} error_rows[] = {
	{ "name = \"n\";\nroles: {\n  eror = { };\n};", "themes/x.theme:3: unknown role \"eror\" (did you mean error?)" },
	{ "roles: { qqqqqqqq = { }; };", "themes/x.theme:1: unknown role \"qqqqqqqq\"" },
	{ "nam = \"n\";", "themes/x.theme:1: unknown setting \"nam\" (did you mean name?)" },
	{ "roles: {\n error = { bolt = true; };\n};",
	  "themes/x.theme:2: unknown part of a role \"bolt\" (did you mean bold?)" },
	{ "roles: {\n error = { fg = \"rad\"; };\n};", "themes/x.theme:2: unknown colour \"rad\" (did you mean red?)" },
	{ "roles: {\n error = { fg = \"#12345\"; };\n};", "themes/x.theme:2: unknown colour \"#12345\"" },
	{ "roles: { error = { fg = \"#12345g\"; }; };", "themes/x.theme:1: unknown colour \"#12345g\"" },
	{ "roles: { error = { fg = 256; }; };",
	  "themes/x.theme:1: fg has to be a colour's name, \"#rrggbb\" or a number from 0 to 255" },
	{ "roles: { error = { bg = -1; }; };",
	  "themes/x.theme:1: bg has to be a colour's name, \"#rrggbb\" or a number from 0 to 255" },
	{ "roles: { error = { bold = 1; }; };", "themes/x.theme:1: bold has to be true or false" },
	{ "roles: { error = \"red\"; };",
	  "themes/x.theme:1: error has to be a group, as { fg = \"red\"; bold = true; }" },
	{ "roles = 3;", "themes/x.theme:1: roles has to be a group" },
	{ "title = 3;", "themes/x.theme:1: title has to be a string" },
	{ "background = \"dim\";", "themes/x.theme:1: background has to be \"dark\", \"light\" or \"any\"" },
	{ "name = \"n\";\n\nroles: {", "themes/x.theme:3: syntax error" },
	{ "name = \"n\";\nname = \"m\";", "themes/x.theme:2: duplicate setting name" },
};

START_TEST(mistakes_have_a_line)
{
	struct theme t = { .name = "before" };
	struct err err = { 0 };

	ck_assert_int_eq(theme_parse(&t, error_rows[_i].text, "themes/x.theme", &err), -1);
	ck_assert_str_eq(err.msg, error_rows[_i].message);
	ck_assert_int_ne(err.code, 0);
	ck_assert_str_eq(t.name, "before");
}
END_TEST

START_TEST(unknown_themes_are_told)
{
	struct theme t;
	struct err err = { 0 };

	ck_assert_int_eq(theme_load(&t, "drak", &err), -1);
	ck_assert_str_eq(err.msg, "unknown theme \"drak\" (did you mean dark?)");
	ck_assert_int_eq(theme_load(&t, "solarized", &err), -1);
	ck_assert_str_eq(err.msg, "unknown theme \"solarized\" (there are: default, dark, light, "
				  "high-contrast, mono)");
	ck_assert_int_eq(theme_load(&t, "./nowhere.theme", &err), -1);
	ck_assert_str_eq(err.msg, "./nowhere.theme: No such file or directory");
}
END_TEST

static char *
write_theme(const char *folder, const char *name, const char *text)
{
	char *path = xasprintf("%s/%s", folder, name);
	FILE *f = fopen(path, "w");

	ck_assert_ptr_nonnull(f);
	fputs(text, f);
	fclose(f);
	return path;
}

START_TEST(own_themes_come_first)
{
	char top[] = "/tmp/t_theme.XXXXXX";

	ck_assert_ptr_nonnull(mkdtemp(top));
	char *config = xasprintf("%s/tailboard", top), *folder = xasprintf("%s/themes", config);

	ck_assert_int_eq(mkdir(config, 0700), 0);
	ck_assert_int_eq(mkdir(folder, 0700), 0);
	setenv("XDG_CONFIG_HOME", top, 1);
	char *dark = write_theme(folder, "dark.theme", "title = \"mine\";");
	char *bad = write_theme(folder, "bad.theme", "title = \"mine\"\nroles: { x = 3; }");
	struct theme t;
	struct err err = { 0 };

	load(&t, "dark");
	ck_assert_str_eq(t.title, "mine");
	ck_assert_str_eq(t.name, "dark");
	load(&t, dark);
	ck_assert_str_eq(t.title, "mine");
	load(&t, "light");
	ck_assert_int_eq(theme_load(&t, "bad", &err), -1);
	char *message = xasprintf("%s:2: unknown role \"x\"", bad);

	ck_assert_str_eq(err.msg, message);
	unlink(dark);
	unlink(bad);
	rmdir(folder);
	rmdir(config);
	rmdir(top);
	free(message);
	free(dark);
	free(bad);
	free(folder);
	free(config);
}
END_TEST

static const struct {
	int32_t color;
	int of_8, of_16, of_256, direct;
} color_rows[] = {
	{ COLOR_DEFAULT, -1, -1, -1, -1 },
	{ 0, 0, 0, 0, 0 },
	{ 1, 1, 1, 1, 1 },
	{ 9, 1, 9, 9, 0xff0000 },
	/* Plain black would not be seen. */
	{ 8, -1, 8, 8, 0x7f7f7f },
	{ 208, 3, 11, 208, 0xff8700 },
	{ 16, 0, 0, 16, 0 },
	{ 255, 7, 7, 255, 0xeeeeee },
	{ COLOR_RGB | 0xff0000, 1, 9, 196, 0xff0000 },
	/* A pale red stays red. */
	{ COLOR_RGB | 0xff6e66, 1, 9, 203, 0xff6e66 },
	{ COLOR_RGB | 0xe3b95f, 3, 11, 179, 0xe3b95f },
	{ COLOR_RGB | 0x6cb6eb, 6, 14, 74, 0x6cb6eb },
	{ COLOR_RGB | 0x875a00, 3, 3, 94, 0x875a00 },
	{ COLOR_RGB | 0x4a515c, -1, 8, 239, 0x4a515c },
	{ COLOR_RGB | 0x808080, -1, 8, 244, 0x808080 },
	{ COLOR_RGB | 0xffffff, 7, 15, 231, 0xffffff },
	{ COLOR_RGB | 0x000000, 0, 0, 16, 0 },
	/* 1 to 7 are the palette's there. */
	{ COLOR_RGB | 0x000004, 0, 0, 16, 0 },
	{ COLOR_RGB | 0x000009, 0, 0, 16, 9 },
};

START_TEST(colours_are_fitted)
{
	ck_assert_int_eq(color_nearest(color_rows[_i].color, 8), color_rows[_i].of_8);
	ck_assert_int_eq(color_nearest(color_rows[_i].color, 16), color_rows[_i].of_16);
	ck_assert_int_eq(color_nearest(color_rows[_i].color, 256), color_rows[_i].of_256);
	ck_assert_int_eq(color_nearest(color_rows[_i].color, 1 << 24), color_rows[_i].direct);
}
END_TEST

static void
no_own_themes(void)
{
	setenv("XDG_CONFIG_HOME", "/nonexistent", 1);
}

static Suite *
theme_suite(void)
{
	Suite *s = suite_create("theme");
	TCase *tc = tcase_create("theme");

	suite_add_tcase(s, tc);
	tcase_add_checked_fixture(tc, no_own_themes, NULL);
	tcase_add_test(tc, shipped_themes_are_complete);
	tcase_add_test(tc, every_role_has_a_name_of_its_own);
	tcase_add_test(tc, levels_are_told_apart);
	tcase_add_test(tc, mono_has_no_colours);
	tcase_add_test(tc, a_screen_has_five_hues_at_most);
	tcase_add_test(tc, contrast_is_that_of_wcag);
	tcase_add_test(tc, rgb_themes_can_be_read);
	tcase_add_test(tc, roles_inherit);
	tcase_add_test(tc, an_empty_theme_is_the_terminals_own);
	tcase_add_loop_test(tc, mistakes_have_a_line, 0, ARRAY_SIZE(error_rows));
	tcase_add_test(tc, unknown_themes_are_told);
	tcase_add_test(tc, own_themes_come_first);
	tcase_add_loop_test(tc, colours_are_fitted, 0, ARRAY_SIZE(color_rows));
	return s;
}

int
main(void)
{
	return unit_run(theme_suite());
}
