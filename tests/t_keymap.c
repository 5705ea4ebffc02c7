/* Unit tests of tui/keymap, tui/command and data/default.keys. */
#include "config.h"

#include "core/alloc.h"
#include "core/embedded.h"
#include "tests/unit.h"
#include "tui/key.h"
#include "tui/keymap.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static struct keymap *keys;
static struct err err;

static void
setup(void)
{
	keys = keymap_new();
	err = (struct err){ 0 };
}

static void
teardown(void)
{
	keymap_free(keys);
}

static void
parse(const char *text)
{
	ck_assert_msg(keymap_parse(keys, text, "keys", &err) == 0, "%s", err.msg);
}

START_TEST(the_defaults_are_right)
{
	parse(embedded_keys.text);
}
END_TEST

START_TEST(every_command_has_a_key)
{
	for (int c = CMD_NONE + 1; c < CMD_COUNT; c++) {
		struct strbuf names = STRBUF_INIT;

		keymap_keys(keys, c, 9, &names);
		ck_assert_msg(names.n > 0, "%s has no key", command_info[c].name);
		strbuf_release(&names);
	}
}
END_TEST

/* The file itself, not the map, in which a second line would have replaced the first. */
START_TEST(no_default_key_is_there_twice)
{
	uint32_t seen[256];
	size_t n = 0;

	for (const char *line = embedded_keys.text; *line; line += strcspn(line, "\n"), line += *line == '\n') {
		size_t len = strcspn(line, " \n");
		uint32_t key = key_by_name(span_of(line, len));

		if (*line == '#' || *line == '\n')
			continue;
		ck_assert_msg(key != KEYC_NONE, "%.*s", (int)len, line);
		for (size_t i = 0; i < n; i++)
			ck_assert_msg(seen[i] != key, "%.*s is there twice", (int)len, line);
		seen[n++] = key;
	}
	ck_assert_uint_gt(n, 50);
}
END_TEST

static const struct {
	uint32_t key;
	enum command command;
} default_rows[] = {
	{ 'j', CMD_DOWN },           { KEYC_DOWN, CMD_DOWN },       { 'k', CMD_UP },
	{ 'g', CMD_FIRST },          { 'G', CMD_LAST },             { KEYC_PPAGE, CMD_PAGE_UP },
	{ '\t', CMD_PANE_NEXT },     { KEYC_BTAB, CMD_PANE_PREVIOUS }, { '4', CMD_PANE_4 },
	{ '/', CMD_SEARCH },         { 'n', CMD_SEARCH_NEXT },      { 'N', CMD_SEARCH_PREVIOUS },
	{ 'f', CMD_FILTER },         { 'x', CMD_EXCLUDE },          { '=', CMD_KEEP },
	{ KEYC_BACKSPACE, CMD_FILTER_POP }, { '0', CMD_FILTER_CLEAR }, { '<', CMD_LEVEL_DOWN },
	{ '>', CMD_LEVEL_UP },       { 'e', CMD_NEXT_ERROR },       { 'E', CMD_PREVIOUS_ERROR },
	{ 'w', CMD_NEXT_WARNING },   { 'W', CMD_PREVIOUS_WARNING }, { '\\', CMD_WRAP },
	{ '+', CMD_TIME_IN },        { '-', CMD_TIME_OUT },         { '[', CMD_WINDOW_EARLIER },
	{ ']', CMD_WINDOW_LATER },   { '.', CMD_NOW },              { ' ', CMD_PAUSE },
	{ '\r', CMD_OPEN },          { 0x1b, CMD_BACK },            { 't', CMD_TRACE },
	{ 's', CMD_SORT },           { 'S', CMD_SORT_REVERSE },     { 'y', CMD_COPY },
	{ 'T', CMD_THEME },          { ':', CMD_COMMAND },          { '?', CMD_HELP },
	{ 'q', CMD_QUIT },           { 'z', CMD_ZOOM_PANE },        { 'L' & 0x1f, CMD_REDRAW },
	{ 'Z' & 0x1f, CMD_SUSPEND }, { 'C' & 0x1f, CMD_QUIT },      { '#', CMD_NONE },
	{ KEYC_NONE, CMD_NONE },
};

START_TEST(default_keys)
{
	ck_assert_int_eq(keymap_find(keys, default_rows[_i].key), default_rows[_i].command);
}
END_TEST

static const struct {
	const char *name;
	uint32_t key;
	bool other; /* another spelling; key_name gives the first */
} name_rows[] = {
	{ "a", 'a', false },       { "A", 'A', false },         { "/", '/', false },
	{ "Space", ' ', false },   { "space", ' ', true },      { "Enter", '\r', false },
	{ "Tab", '\t', false },    { "C-i", '\t', true },       { "C-m", '\r', true },
	{ "Esc", 0x1b, false },    { "C-l", 12, false },        { "C-L", 12, true },
	{ "S-Tab", KEYC_BTAB, false }, { "PgUp", KEYC_PPAGE, false }, { "PGDN", KEYC_NPAGE, true },
	{ "F1", KEYC_F1, false },  { "F12", KEYC_F12, false },  { "Hash", '#', false },
	{ "#", '#', true },        { "\xc3\xa9", 0xe9, false }, { "\xe6\x97\xa5", 0x65e5, false },
	{ "C-1", KEYC_NONE, true }, { "F13", KEYC_NONE, true },  { "", KEYC_NONE, true },
	{ "ab", KEYC_NONE, true }, { "\x01", KEYC_NONE, true }, { "\xff", KEYC_NONE, true },
	{ " ", KEYC_NONE, true },
};

START_TEST(names_of_keys)
{
	struct strbuf name = STRBUF_INIT;

	ck_assert_uint_eq(key_by_name(span_str(name_rows[_i].name)), name_rows[_i].key);
	key_name(name_rows[_i].key, &name);
	if (!name_rows[_i].other)
		ck_assert_str_eq(name.p, name_rows[_i].name);
	strbuf_release(&name);
}
END_TEST

START_TEST(later_lines_win)
{
	struct strbuf names = STRBUF_INIT;

	parse("# mine\n\n  J\tpage-down  \nj none\r\nq   wrap");
	ck_assert_int_eq(keymap_find(keys, 'J'), CMD_PAGE_DOWN);
	ck_assert_int_eq(keymap_find(keys, 'j'), CMD_NONE);
	ck_assert_int_eq(keymap_find(keys, 'q'), CMD_WRAP);
	keymap_keys(keys, CMD_DOWN, 9, &names);
	ck_assert_str_eq(names.p, "Down");
	strbuf_clear(&names);
	keymap_keys(keys, CMD_PAGE_DOWN, 9, &names);
	ck_assert_str_eq(names.p, "PgDn C-f J");
	strbuf_clear(&names);
	keymap_keys(keys, CMD_PAGE_DOWN, 1, &names);
	ck_assert_str_eq(names.p, "PgDn");
	strbuf_release(&names);
}
END_TEST

static const struct {
	const char *text, *message;
} error_rows[] = {
	{ "j down\n\nk opp", "keys:3: unknown command \"opp\" (did you mean up?)" },
	{ "j zzzzzzzzzz", "keys:1: unknown command \"zzzzzzzzzz\"" },
	{ "Spce pause", "keys:1: unknown key \"Spce\" (did you mean Space?)" },
	{ "F13 help", "keys:1: unknown key \"F13\" (did you mean F1?)" },
	{ "j", "keys:1: expected a command after the key" },
	{ "j down # no comment here", "keys:1: unknown command \"down # no comment here\"" },
};

START_TEST(mistakes_have_a_line)
{
	ck_assert_int_eq(keymap_parse(keys, error_rows[_i].text, "keys", &err), -1);
	ck_assert_str_eq(err.msg, error_rows[_i].message);
}
END_TEST

START_TEST(files)
{
	char path[] = "/tmp/t_keymap.XXXXXX";
	int fd = mkstemp(path);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, "X quit\nY qqqq\n", 14), 14);
	close(fd);
	ck_assert_int_eq(keymap_load(keys, path, &err), -1);
	ck_assert_int_eq(keymap_find(keys, 'X'), CMD_QUIT);
	char *message = xasprintf("%s:2: unknown command \"qqqq\"", path);

	ck_assert_str_eq(err.msg, message);
	free(message);
	unlink(path);
	ck_assert_int_eq(keymap_load(keys, "./nowhere.keys", &err), -1);
	ck_assert_str_eq(err.msg, "./nowhere.keys: No such file or directory");
}
END_TEST

START_TEST(commands_have_names_of_their_own)
{
	for (int c = CMD_NONE + 1; c < CMD_COUNT; c++) {
		ck_assert_int_eq(command_by_name(span_str(command_info[c].name)), c);
		ck_assert_str_ne(command_info[c].what, "");
		ck_assert_ptr_nonnull(command_group_title[command_info[c].group]);
	}
	ck_assert_int_eq(command_by_name(SPAN_LIT("none")), CMD_NONE);
	ck_assert_int_eq(command_by_name(SPAN_LIT("qui")), CMD_NONE);
}
END_TEST

static Suite *
keymap_suite(void)
{
	Suite *s = suite_create("keymap");
	TCase *tc = tcase_create("keymap");

	suite_add_tcase(s, tc);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, the_defaults_are_right);
	tcase_add_test(tc, every_command_has_a_key);
	tcase_add_test(tc, no_default_key_is_there_twice);
	tcase_add_loop_test(tc, default_keys, 0, ARRAY_SIZE(default_rows));
	tcase_add_loop_test(tc, names_of_keys, 0, ARRAY_SIZE(name_rows));
	tcase_add_test(tc, later_lines_win);
	tcase_add_loop_test(tc, mistakes_have_a_line, 0, ARRAY_SIZE(error_rows));
	tcase_add_test(tc, files);
	tcase_add_test(tc, commands_have_names_of_their_own);
	return s;
}

int
main(void)
{
	return unit_run(keymap_suite());
}
