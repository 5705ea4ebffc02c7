/* Unit tests of tui/layout. */
#include "config.h"

#include "core/alloc.h"
#include "tests/unit.h"
#include "tui/layout.h"

#include <stddef.h>

static const struct layout_wish wishes[] = {
	{ .zoomed = SLOT_NONE },                 { .zoomed = SLOT_NONE, .detail = true },
	{ .zoomed = SLOT_NONE, .help = true },   { .zoomed = SLOT_LOG },
	{ .zoomed = SLOT_LOG, .detail = true },  { .zoomed = SLOT_TIMELINE },
	{ .zoomed = SLOT_LEVELS },               { .zoomed = SLOT_REQUESTS, .detail = true },
	{ .zoomed = SLOT_DETAIL, .detail = true }, { .zoomed = SLOT_NONE, .filters = true },
	{ .zoomed = SLOT_FILTERS, .filters = true },
};

static bool
overlap(const struct rect *a, const struct rect *b)
{
	return a->x < b->x + b->w && b->x < a->x + a->w && a->y < b->y + b->h && b->y < a->y + a->h;
}

/* Parts that lie inside, do not overlap, and add up to the area cover the screen. */
static void
check_cover(const struct layout *l, int w, int h)
{
	int area = 0;

	for (int i = 0; i < SLOT_COUNT; i++) {
		const struct rect *r = &l->rect[i];

		area += r->w * r->h;
		ck_assert_msg(r->x >= 0 && r->y >= 0 && r->x + r->w <= w && r->y + r->h <= h, "slot %d at %dx%d", i, w, h);
		for (int j = 0; j < i; j++)
			ck_assert_msg(!r->w || !l->rect[j].w || !overlap(r, &l->rect[j]), "slots %d and %d at %dx%d",
				      i, j, w, h);
	}
	ck_assert_msg(area == w * h, "%d of %d cells at %dx%d", area, w * h, w, h);
}

static const struct {
	enum slot slot;
	int w, h;
} least[] = {
	{ SLOT_STATUS, 80, 1 },   { SLOT_TIMELINE, 58, 6 }, { SLOT_LEVELS, 40, 6 },
	{ SLOT_REQUESTS, 80, 6 }, { SLOT_LOG, 80, 10 },     { SLOT_DETAIL, 64, 10 }, { SLOT_HINTS, 80, 1 },
};

static void
check_least(const struct layout *l, int w, int h)
{
	for (size_t i = 0; i < ARRAY_SIZE(least); i++) {
		const struct rect *r = &l->rect[least[i].slot];

		if (r->w)
			ck_assert_msg(r->w >= least[i].w && r->h >= least[i].h, "slot %d is %dx%d at %dx%d",
				      (int)least[i].slot, r->w, r->h, w, h);
	}
}

START_TEST(every_size_is_covered)
{
	struct layout l;

	for (int w = LAYOUT_MIN_W; w <= 400; w++)
		for (int h = LAYOUT_MIN_H; h <= 120; h++) {
			layout_compute(&l, w, h, &wishes[_i]);
			ck_assert(!l.too_small);
			check_cover(&l, w, h);
			check_least(&l, w, h);
		}
}
END_TEST

START_TEST(small_screens_show_nothing)
{
	static const int sizes[][2] = { { 79, 24 }, { 80, 23 }, { 1, 1 }, { 0, 0 } };
	struct layout l;

	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		layout_compute(&l, sizes[i][0], sizes[i][1], &wishes[0]);
		ck_assert(l.too_small);
		for (int slot = 0; slot < SLOT_COUNT; slot++)
			ck_assert_int_eq(l.rect[slot].w, 0);
		ck_assert_int_eq(layout_at(&l, 0, 0), SLOT_NONE);
	}
}
END_TEST

/* What the sizes that people have look like. */
static const struct {
	int w, h, wish;
	struct rect timeline, levels, requests, log, detail;
} known[] = {
	{ 80, 24, 0, { 0, 1, 80, 6 }, { 0, 0, 0, 0 }, { 0, 7, 80, 6 }, { 0, 13, 80, 10 }, { 0, 0, 0, 0 } },
	{ 100, 30, 0, { 0, 1, 60, 7 }, { 60, 1, 40, 7 }, { 0, 8, 100, 8 }, { 0, 16, 100, 13 }, { 0, 0, 0, 0 } },
	{ 100, 30, 1, { 0, 1, 60, 7 }, { 60, 1, 40, 7 }, { 0, 0, 0, 0 }, { 0, 0, 0, 0 }, { 0, 8, 100, 21 } },
	{ 200, 50, 1, { 0, 1, 148, 9 }, { 148, 1, 52, 9 }, { 0, 10, 200, 13 }, { 0, 23, 120, 26 }, { 120, 23, 80, 26 } },
	{ 200, 50, 4, { 0, 0, 0, 0 }, { 0, 0, 0, 0 }, { 0, 0, 0, 0 }, { 0, 1, 120, 48 }, { 120, 1, 80, 48 } },
	{ 100, 30, 4, { 0, 0, 0, 0 }, { 0, 0, 0, 0 }, { 0, 0, 0, 0 }, { 0, 0, 0, 0 }, { 0, 1, 100, 28 } },
};

static void
check_rect(const struct rect *got, const struct rect *want)
{
	ck_assert_int_eq(got->w, want->w);
	if (!want->w)
		return;
	ck_assert_int_eq(got->x, want->x);
	ck_assert_int_eq(got->y, want->y);
	ck_assert_int_eq(got->h, want->h);
}

START_TEST(known_sizes)
{
	struct layout l;

	layout_compute(&l, known[_i].w, known[_i].h, &wishes[known[_i].wish]);
	check_rect(&l.rect[SLOT_TIMELINE], &known[_i].timeline);
	check_rect(&l.rect[SLOT_LEVELS], &known[_i].levels);
	check_rect(&l.rect[SLOT_REQUESTS], &known[_i].requests);
	check_rect(&l.rect[SLOT_LOG], &known[_i].log);
	check_rect(&l.rect[SLOT_DETAIL], &known[_i].detail);
}
END_TEST

START_TEST(a_taller_screen_takes_from_no_pane)
{
	struct layout a, b;

	for (int h = LAYOUT_MIN_H; h < 120; h++) {
		layout_compute(&a, 120, h, &wishes[0]);
		layout_compute(&b, 120, h + 1, &wishes[0]);
		for (int i = 0; i < SLOT_LOG; i++)
			ck_assert_int_ge(b.rect[i].h, a.rect[i].h);
	}
}
END_TEST

START_TEST(cells_lead_to_their_pane)
{
	struct layout l;

	layout_compute(&l, 100, 30, &wishes[0]);
	ck_assert_int_eq(layout_at(&l, 0, 0), SLOT_NONE);
	ck_assert_int_eq(layout_at(&l, 59, 1), SLOT_TIMELINE);
	ck_assert_int_eq(layout_at(&l, 60, 7), SLOT_LEVELS);
	ck_assert_int_eq(layout_at(&l, 99, 8), SLOT_REQUESTS);
	ck_assert_int_eq(layout_at(&l, 50, 28), SLOT_LOG);
	ck_assert_int_eq(layout_at(&l, 50, 29), SLOT_NONE);
}
END_TEST

static Suite *
layout_suite(void)
{
	Suite *s = suite_create("layout");
	TCase *tc = tcase_create("layout");

	suite_add_tcase(s, tc);
	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, every_size_is_covered, 0, ARRAY_SIZE(wishes));
	tcase_add_test(tc, small_screens_show_nothing);
	tcase_add_loop_test(tc, known_sizes, 0, ARRAY_SIZE(known));
	tcase_add_test(tc, a_taller_screen_takes_from_no_pane);
	tcase_add_test(tc, cells_lead_to_their_pane);
	return s;
}

int
main(void)
{
	return unit_run(layout_suite());
}
