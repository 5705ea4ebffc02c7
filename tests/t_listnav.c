/* Unit tests of tui/listnav. */
#include "config.h"

#include "core/alloc.h"
#include "tests/unit.h"
#include "tui/listnav.h"

static const struct {
	struct listnav before;
	enum command command;
	int cursor, top;
} command_rows[] = {
	/* n, height, cursor, top */
	{ { 100, 10, 5, 0 }, CMD_DOWN, 6, 0 },
	{ { 100, 10, 9, 0 }, CMD_DOWN, 10, 1 },
	{ { 100, 10, 99, 90 }, CMD_DOWN, 99, 90 },
	{ { 100, 10, 5, 5 }, CMD_UP, 4, 4 },
	{ { 100, 10, 0, 0 }, CMD_UP, 0, 0 },
	{ { 100, 10, 5, 0 }, CMD_PAGE_DOWN, 14, 5 },
	{ { 100, 10, 95, 90 }, CMD_PAGE_DOWN, 99, 90 },
	{ { 100, 10, 50, 45 }, CMD_PAGE_UP, 41, 41 },
	{ { 100, 10, 3, 0 }, CMD_PAGE_UP, 0, 0 },
	{ { 100, 10, 50, 45 }, CMD_FIRST, 0, 0 },
	{ { 100, 10, 50, 45 }, CMD_LAST, 99, 90 },
	{ { 3, 10, 0, 0 }, CMD_LAST, 2, 0 },
	{ { 5, 1, 2, 2 }, CMD_PAGE_DOWN, 3, 3 },
	/* From no cursor: to the nearest row that is seen. */
	{ { 100, 10, -1, 40 }, CMD_DOWN, 40, 40 },
	{ { 100, 10, -1, 40 }, CMD_UP, 49, 40 },
	{ { 100, 10, -1, 40 }, CMD_PAGE_DOWN, 40, 40 },
	{ { 3, 10, -1, 0 }, CMD_UP, 2, 0 },
	/* Nothing there. */
	{ { 0, 10, -1, 0 }, CMD_DOWN, -1, 0 },
	{ { 0, 10, -1, 0 }, CMD_FIRST, -1, 0 },
	{ { 0, 10, -1, 0 }, CMD_LAST, -1, 0 },
};

START_TEST(commands_move)
{
	struct listnav l = command_rows[_i].before;

	ck_assert(listnav_command(&l, command_rows[_i].command));
	ck_assert_int_eq(l.cursor, command_rows[_i].cursor);
	ck_assert_int_eq(l.top, command_rows[_i].top);
}
END_TEST

START_TEST(other_commands_are_not_taken)
{
	struct listnav l = { 100, 10, 5, 0 };

	ck_assert(!listnav_command(&l, CMD_LEFT));
	ck_assert(!listnav_command(&l, CMD_OPEN));
	ck_assert_int_eq(l.cursor, 5);
}
END_TEST

static const struct {
	struct listnav before;
	int n, height, cursor, top;
} set_rows[] = {
	{ { 100, 10, 50, 45 }, 100, 10, 50, 45 },
	{ { 100, 10, 50, 45 }, 200, 10, 50, 45 },
	{ { 100, 10, 50, 45 }, 100, 3, 50, 48 },
	{ { 100, 10, 50, 45 }, 100, 80, 50, 20 },
	{ { 100, 10, 50, 45 }, 20, 10, 19, 10 },
	{ { 100, 10, 50, 45 }, 0, 10, -1, 0 },
	{ { 100, 10, 50, 45 }, -5, 0, -1, 0 },
	{ { 100, 10, -1, 45 }, 50, 10, -1, 40 },
	{ { 0, 1, -1, 0 }, 7, 10, -1, 0 },
};

START_TEST(new_counts_keep_the_cursor_in_sight)
{
	struct listnav l = set_rows[_i].before;

	listnav_set(&l, set_rows[_i].n, set_rows[_i].height);
	ck_assert_int_eq(l.cursor, set_rows[_i].cursor);
	ck_assert_int_eq(l.top, set_rows[_i].top);
}
END_TEST

START_TEST(going_somewhere)
{
	struct listnav l = { 100, 10, 5, 0 };

	listnav_go(&l, 70);
	ck_assert_int_eq(l.cursor, 70);
	ck_assert_int_eq(l.top, 61);
	listnav_go(&l, 1000);
	ck_assert_int_eq(l.cursor, 99);
	listnav_go(&l, -1);
	ck_assert_int_eq(l.cursor, -1);
	ck_assert_int_eq(l.top, 90);
}
END_TEST

static Suite *
listnav_suite(void)
{
	Suite *s = suite_create("listnav");
	TCase *tc = tcase_create("listnav");

	suite_add_tcase(s, tc);
	tcase_add_loop_test(tc, commands_move, 0, ARRAY_SIZE(command_rows));
	tcase_add_test(tc, other_commands_are_not_taken);
	tcase_add_loop_test(tc, new_counts_keep_the_cursor_in_sight, 0, ARRAY_SIZE(set_rows));
	tcase_add_test(tc, going_somewhere);
	return s;
}

int
main(void)
{
	return unit_run(listnav_suite());
}
