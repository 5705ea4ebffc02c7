/* Unit tests of tui/canvas: clipping, widths, and that nothing raw ever gets into a cell. */
#include "config.h"

#include "core/alloc.h"
#include "core/utf8.h"
#include "tests/unit.h"
#include "tui/canvas.h"

#include <locale.h>
#include <stdlib.h>

static struct grid grid;
static struct canvas canvas;
static struct strbuf dump;

static void
setup_size(int w, int h, bool ascii)
{
	grid_init(&grid, w, h, ascii);
	canvas = canvas_whole(&grid);
}

static void
setup(void)
{
	setlocale(LC_CTYPE, "C.UTF-8");
	setup_size(12, 3, false);
}

static void
teardown(void)
{
	grid_release(&grid);
	strbuf_release(&dump);
}

static const char *
text(void)
{
	strbuf_clear(&dump);
	grid_dump(&grid, &dump);
	return dump.p;
}

static const char *
roles(void)
{
	strbuf_clear(&dump);
	grid_dump_roles(&grid, &dump);
	return dump.p;
}

static const struct {
	int x, max;
	const char *text;
	int used;
	const char *row;
} text_rows[] = {
	{ 0, -1, "hello", 5, "hello" },
	{ 0, -1, "twelve chars", 12, "twelve chars" },
	{ 0, -1, "thirteen char", 12, "thirteen ch…" },
	{ 8, -1, "hello", 4, "        hel…" },
	{ 0, 3, "hello", 3, "he…" },
	{ 0, 1, "hello", 1, "…" },
	{ 0, 0, "hello", 0, "" },
	{ 0, 5, "hello", 5, "hello" },
	{ 12, -1, "hello", 0, "" },
	{ 99, -1, "hello", 0, "" },
	{ -2, -1, "hello", 5, "llo" },
	{ -9, -1, "hello", 5, "" },
	{ 0, -1, "", 0, "" },
	/* Wide characters: whole or not at all. */
	{ 0, -1, "日本", 4, "日本" },
	{ 0, 4, "日本語", 4, "日 …" },
	{ 0, 3, "日本語", 3, "日…" },
	{ 8, -1, "日本", 4, "        日本" },
	{ 9, -1, "日本", 3, "         日…" },
	{ 11, -1, "日", 1, "           …" },
	{ -1, -1, "日本", 4, " 本" },
	/* Marks stay with their base and take no column. */
	{ 0, 2, "e\xcc\x81t", 2, "e\xcc\x81t" },
	{ 0, 1, "e\xcc\x81", 1, "e\xcc\x81" },
	/* Bytes that may not reach a terminal. */
	{ 0, -1, "a\033[2Jb", 7, "a^[[2Jb" },
	{ 0, -1, "a\033[1;31mred\033[m", 4, "ared" },
	{ 0, 3, "\033[31mred\033[0m", 3, "red" },
	{ 0, -1, "a\tb", 3, "a b" },
	{ 0, -1, "a\nb", 3, "a↵b" },
	{ 0, -1, "\x7f", 2, "^?" },
	{ 0, -1, "\x9c", 4, "<9c>" },
	{ 0, -1, "\xc2\x9b", 4, "<9b>" },
	{ 0, -1, "\xe2\x80\xae", 6, "<202e>" },
	{ 0, 4, "\xe2\x80\xae", 4, "<20…" },
	{ 8, -1, "\xe2\x80\xaexy", 4, "        <20…" },
};

START_TEST(text_is_cut_and_made_safe)
{
	int used = canvas_text(&canvas, text_rows[_i].x, 0, text_rows[_i].max, ROLE_NORMAL,
			       span_str(text_rows[_i].text));
	char *rows = xasprintf("%s\n\n\n", text_rows[_i].row);

	ck_assert_str_eq(text(), rows);
	ck_assert_int_eq(used, text_rows[_i].used);
	free(rows);
}
END_TEST

START_TEST(ascii_grids_have_ascii_marks)
{
	teardown();
	setup_size(6, 1, true);
	canvas_text(&canvas, 0, 0, -1, ROLE_NORMAL, SPAN_LIT("too long"));
	ck_assert_str_eq(text(), "too l>\n");
	canvas_clear(&canvas);
	canvas_text(&canvas, 0, 0, -1, ROLE_NORMAL, SPAN_LIT("a\nb"));
	ck_assert_str_eq(text(), "a$b\n");
	canvas_fill(&canvas, 0, 0, 6, ROLE_BORDER, "─", "-");
	ck_assert_str_eq(text(), "------\n");
}
END_TEST

START_TEST(stand_ins_have_their_role)
{
	canvas_text(&canvas, 0, 0, -1, ROLE_ERROR, SPAN_LIT("a\033b"));
	ck_assert_str_eq(roles(), "0 0-0:error 1-2:escaped 3-3:error\n1\n2\n");
}
END_TEST

START_TEST(rows_outside_are_not_drawn)
{
	ck_assert_int_eq(canvas_text(&canvas, 0, -1, -1, ROLE_NORMAL, SPAN_LIT("x")), 0);
	ck_assert_int_eq(canvas_text(&canvas, 0, 3, -1, ROLE_NORMAL, SPAN_LIT("x")), 0);
	canvas_fill(&canvas, 0, 3, 12, ROLE_ERROR, "#", "#");
	canvas_fill(&canvas, -5, 1, 7, ROLE_ERROR, "#", "#");
	canvas_attr(&canvas, -5, 5, 99, ATTR_BOLD);
	canvas_role(&canvas, 10, 2, 99, ROLE_INFO);
	canvas_cursor(&canvas, -1, -1, 99);
	ck_assert_str_eq(text(), "\n##\n\n");
	ck_assert_str_eq(roles(), "0\n1 0-1:error\n2 10-11:info\n");
}
END_TEST

static const struct {
	int x, y, w, h;
	struct { int x, y, w, h; } is;
} sub_rows[] = {
	{ 0, 0, 12, 3, { 0, 0, 12, 3 } },
	{ 2, 1, 4, 1, { 2, 1, 4, 1 } },
	{ 10, 2, 9, 9, { 10, 2, 2, 1 } },
	{ -3, -1, 5, 2, { 0, 0, 2, 1 } },
	{ 20, 9, 3, 3, { 12, 3, 0, 0 } },
	{ 5, 1, -4, -1, { 5, 1, 0, 0 } },
	{ 3, 1, 0x7fffffff, 0x7fffffff, { 3, 1, 9, 2 } },
};

START_TEST(parts_are_clipped_to_the_whole)
{
	struct canvas c = canvas_sub(&canvas, sub_rows[_i].x, sub_rows[_i].y, sub_rows[_i].w, sub_rows[_i].h);

	ck_assert_int_eq(c.x, sub_rows[_i].is.x);
	ck_assert_int_eq(c.y, sub_rows[_i].is.y);
	ck_assert_int_eq(c.w, sub_rows[_i].is.w);
	ck_assert_int_eq(c.h, sub_rows[_i].is.h);
}
END_TEST

START_TEST(a_part_draws_inside_itself)
{
	struct canvas c = canvas_sub(&canvas, 4, 1, 4, 1);

	canvas_fill(&canvas, 0, 1, 12, ROLE_NORMAL, ".", ".");
	canvas_text(&c, 0, 0, -1, ROLE_NORMAL, SPAN_LIT("hello"));
	canvas_text(&c, 0, 1, -1, ROLE_NORMAL, SPAN_LIT("hello"));
	ck_assert_str_eq(text(), "\n....hel…....\n\n");
	canvas_clear(&c);
	ck_assert_str_eq(text(), "\n....    ....\n\n");
}
END_TEST

START_TEST(half_a_wide_glyph_is_never_left)
{
	canvas_text(&canvas, 0, 0, -1, ROLE_NORMAL, SPAN_LIT("日本語"));
	canvas_text(&canvas, 1, 0, -1, ROLE_NORMAL, SPAN_LIT("x"));
	ck_assert_str_eq(text(), " x本語\n\n\n");
	canvas_text(&canvas, 4, 0, -1, ROLE_NORMAL, SPAN_LIT("y"));
	ck_assert_str_eq(text(), " x本y\n\n\n");
	struct canvas right_half = canvas_sub(&canvas, 3, 0, 1, 1);

	canvas_clear(&right_half);
	ck_assert_str_eq(text(), " x  y\n\n\n");
}
END_TEST

START_TEST(right_aligned_text)
{
	ck_assert_int_eq(canvas_right(&canvas, 12, 0, ROLE_NORMAL, "1,203"), 5);
	canvas_right(&canvas, 5, 1, ROLE_NORMAL, "1,203");
	canvas_right(&canvas, 4, 2, ROLE_NORMAL, "1,203");
	ck_assert_str_eq(text(), "       1,203\n1,203\n1,2…\n");
	ck_assert_int_eq(canvas_right(&canvas, 0, 0, ROLE_NORMAL, "x"), 0);
	ck_assert_int_eq(canvas_right(&canvas, -3, 0, ROLE_NORMAL, "x"), 0);
}
END_TEST

START_TEST(printf_formats)
{
	ck_assert_int_eq(canvas_printf(&canvas, 1, 0, ROLE_BRIGHT, "%d of %s", 3, "9"), 6);
	ck_assert_str_eq(text(), " 3 of 9\n\n\n");
	ck_assert_str_eq(roles(), "0 1-6:bright\n1\n2\n");
}
END_TEST

START_TEST(the_cursor_and_attributes_lie_over_the_roles)
{
	canvas_text(&canvas, 0, 0, -1, ROLE_ERROR, SPAN_LIT("ab"));
	canvas_attr(&canvas, 1, 0, 1, ATTR_BOLD);
	canvas_attr(&canvas, 1, 0, 1, ATTR_UNDERLINE);
	canvas_cursor(&canvas, 0, 0, 3);
	ck_assert_str_eq(roles(), "0 0-0:error/cursor 1-1:error+bold+underline/cursor 2-2:normal/cursor\n1\n2\n");
	/* Text drawn later lies under the same cursor. */
	canvas_text(&canvas, 0, 0, -1, ROLE_INFO, SPAN_LIT("xyz"));
	ck_assert_str_eq(roles(), "0 0-2:info/cursor\n1\n2\n");
}
END_TEST

static const struct {
	int w;
	const char *title, *figure;
	bool focus, ascii;
	const char *row, *roles;
} frame_rows[] = {
	{ 24, "Levels", "70,397", false, false, "─ Levels ────── 70,397 ─",
	  "0-1:border 2-7:title 8-15:border 16-21:bright 22-23:border" },
	{ 24, "Levels", "0", true, false, "─ Levels ─────────── 0 ─",
	  "0-1:border 2-7:title-focus 8-20:border 21-21:dim 22-23:border" },
	{ 24, "Levels", NULL, false, true, "- Levels ---------------", NULL },
	{ 24, "", "7", false, true, "-------------------- 7 -", NULL },
	{ 14, "Errors per minute", "214", false, false, "─ Errors pe… ─", NULL },
	{ 20, "Errors per minute", "214", false, false, "─ Errors pe… ─ 214 ─", NULL },
	{ 4, "Levels", "7", false, false, "────", NULL },
	{ 0, "Levels", "7", false, false, "", NULL },
};

START_TEST(frames)
{
	teardown();
	setup_size(frame_rows[_i].w, 3, frame_rows[_i].ascii);
	struct canvas in = canvas_frame(&canvas, frame_rows[_i].title, frame_rows[_i].figure, frame_rows[_i].focus);
	char *rows = xasprintf("%s\n\n\n", frame_rows[_i].row);

	ck_assert_str_eq(text(), rows);
	ck_assert_int_eq(in.y, 1);
	ck_assert_int_eq(in.h, 2);
	ck_assert_int_eq(in.w, frame_rows[_i].w);
	free(rows);
	if (!frame_rows[_i].roles)
		return;
	rows = xasprintf("0 %s\n1\n2\n", frame_rows[_i].roles);
	ck_assert_str_eq(roles(), rows);
	free(rows);
}
END_TEST

START_TEST(resizing_clears)
{
	canvas_text(&canvas, 0, 0, -1, ROLE_NORMAL, SPAN_LIT("old"));
	grid_resize(&grid, 4, 2);
	ck_assert_str_eq(text(), "\n\n");
	grid_resize(&grid, 0, -1);
	ck_assert_str_eq(text() ? text() : "", "");
}
END_TEST

/* What a terminal could act on, or a reader be deceived by. */
static bool
is_harmful(uint32_t cp)
{
	return cp == UTF8_INVALID || cp < 0x20 || (cp >= 0x7f && cp < 0xa0) || cp == 0x61c ||
	       (cp >= 0x200b && cp <= 0x200f) || (cp >= 0x2028 && cp <= 0x202e) ||
	       (cp >= 0x2066 && cp <= 0x2069) || cp == 0xfeff;
}

/* One answer for the whole grid: Check writes down every assertion. */
static bool
cells_are_clean(void)
{
	for (int i = 0; i < grid.w * grid.h; i++) {
		const char *cell = grid.cells[i].text;
		size_t len, n = strnlen(cell, sizeof grid.cells[i].text);

		/* "" only right of a wide glyph. */
		if (n == sizeof grid.cells[i].text || (!n && (i % grid.w == 0 || !grid.cells[i - 1].text[0])))
			return false;
		for (struct span s = span_of(cell, n); s.n; s = span_from(s, len))
			if (is_harmful(utf8_decode(s, &len)))
				return false;
	}
	return true;
}

static unsigned
next_random(unsigned *state)
{
	return *state = *state * 1103515245u + 12345u, *state >> 16 & 0x7fff;
}

START_TEST(random_bytes_leave_nothing_raw)
{
	static const char *const parts[] = {
		"\033", "\033[31m", "\033]0;x\a", "\xc2\x9b", "\xe2\x80\xae", "\xf0\x9f\x9a\x80", "\xe6\x97\xa5",
		"\xcc\x81\xcc\x82\xcc\x83\xcc\x84\xcc\x85", "\xed\xa0\x80", "\xef\xbb\xbf", "\0", "\r\n", "ab",
	};
	unsigned state = (unsigned)_i + 1;
	struct strbuf bytes = STRBUF_INIT;

	for (int round = 0; round < 300; round++) {
		strbuf_clear(&bytes);
		for (unsigned n = next_random(&state) % 30; n; n--)
			if (next_random(&state) % 2)
				strbuf_char(&bytes, (char)next_random(&state));
			else
				strbuf_str(&bytes, parts[next_random(&state) % ARRAY_SIZE(parts)]);
		int x = (int)(next_random(&state) % 16) - 3, y = (int)(next_random(&state) % 3);

		canvas_text(&canvas, x, y, (int)(next_random(&state) % 16) - 1, ROLE_NORMAL, strbuf_span(&bytes));
		ck_assert(cells_are_clean());
	}
	strbuf_release(&bytes);
}
END_TEST

START_TEST(every_character_leaves_nothing_raw)
{
	char utf8[4];

	for (uint32_t cp = 0; cp < 0x110000; cp += cp < 0x3000 ? 1 : 97) {
		if (cp >= 0xd800 && cp < 0xe000)
			continue;
		canvas_text(&canvas, 0, 0, -1, ROLE_NORMAL, span_of(utf8, utf8_encode(cp, utf8)));
		if (!cells_are_clean())
			ck_abort_msg("U+%04X", cp);
	}
}
END_TEST

static const struct {
	const char *text;
	const char *roles; /* of the characters that are left: r red, g green, c cyan, . the text's own */
} coloured[] = {
	{ "a\033[31mb\033[0mc", ".r." },
	{ "\033[1;32mok\033[m!", "gg." },
	{ "\033[96mx\033[39my", "c." },
	{ "\033[31m\033[38;5;120mz", "r" },
	{ "\033[41mz\033[97mw", ".." },
};

START_TEST(a_logs_own_colours_are_roles)
{
	struct grid g;
	size_t n = strlen(coloured[_i].roles);

	grid_init(&g, 8, 1, false);
	struct canvas c = canvas_whole(&g);

	ck_assert_uint_eq((size_t)canvas_text(&c, 0, 0, -1, ROLE_INFO, span_str(coloured[_i].text)), n);
	for (size_t i = 0; i < n; i++) {
		char want = coloured[_i].roles[i];

		ck_assert_int_eq(g.cells[i].role, want == 'r'   ? ROLE_ANSI_RED
						  : want == 'g' ? ROLE_ANSI_GREEN
						  : want == 'c' ? ROLE_ANSI_CYAN
								: ROLE_INFO);
	}
	grid_release(&g);
}
END_TEST

static Suite *
canvas_suite(void)
{
	Suite *s = suite_create("canvas");
	TCase *tc = tcase_create("canvas");

	suite_add_tcase(s, tc);
	tcase_add_loop_test(tc, a_logs_own_colours_are_roles, 0, ARRAY_SIZE(coloured));
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, text_is_cut_and_made_safe, 0, ARRAY_SIZE(text_rows));
	tcase_add_test(tc, ascii_grids_have_ascii_marks);
	tcase_add_test(tc, stand_ins_have_their_role);
	tcase_add_test(tc, rows_outside_are_not_drawn);
	tcase_add_loop_test(tc, parts_are_clipped_to_the_whole, 0, ARRAY_SIZE(sub_rows));
	tcase_add_test(tc, a_part_draws_inside_itself);
	tcase_add_test(tc, half_a_wide_glyph_is_never_left);
	tcase_add_test(tc, right_aligned_text);
	tcase_add_test(tc, printf_formats);
	tcase_add_test(tc, the_cursor_and_attributes_lie_over_the_roles);
	tcase_add_loop_test(tc, frames, 0, ARRAY_SIZE(frame_rows));
	tcase_add_test(tc, resizing_clears);
	tcase_add_loop_test(tc, random_bytes_leave_nothing_raw, 0, 8);
	tcase_add_test(tc, every_character_leaves_nothing_raw);
	return s;
}

int
main(void)
{
	return unit_run(canvas_suite());
}
