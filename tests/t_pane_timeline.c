/* The timeline: what it draws from given numbers, its cursor and its buckets. */
#include "config.h"

#include "core/alloc.h"
#include "tests/golden.h"
#include "tests/unit.h"
#include "tui/pane_timeline.h"

#include <stdlib.h>

#define MINUTE (60 * NSEC)
/* 2025-09-09 10:42 UTC. */
#define NOW (INT64_C(1757414520) * NSEC)

static struct timeline_pane *pane;

static void
setup(void)
{
	golden_setup();
	pane = (struct timeline_pane *)pane_new(&pane_timeline, NULL);
}

static void
teardown(void)
{
	pane_free(&pane->base);
}

/* n buckets that end at `to`, all without records. */
static void
make(int64_t to, int64_t step, size_t n, int bar)
{
	pane->view = (struct view_timeline){
		.from = to - (int64_t)n * step, .step = step, .n = n, .gone_to = TIME_NONE,
		.count = xcalloc(n * LEVEL_COUNT, sizeof *pane->view.count),
	};
	pane->bar = bar;
}

static void
put(size_t i, uint32_t info, uint32_t warning, uint32_t error, uint32_t critical)
{
	uint32_t *count = pane->view.count + i * LEVEL_COUNT;

	count[LEVEL_INFO] = info;
	count[LEVEL_WARNING] = warning;
	count[LEVEL_ERROR] = error;
	count[LEVEL_CRITICAL] = critical;
	pane->errors += error + critical;
}

/* An hour with a bad spell, a silence and one critical record. */
static void
make_hour(size_t n, int bar)
{
	make(NOW + MINUTE, MINUTE, n, bar);
	for (size_t i = 0; i < n; i++) {
		if (n - i >= 20 && n - i < 26)
			continue;
		uint32_t bad = n - i < 9 ? 38 - (uint32_t)(n - i) * 4 : i % 7 == 3 ? 3 : 0;

		put(i, 1000 + (uint32_t)i, bad + (i % 3 == 0 ? 9 : 1), bad, n - i == 4);
	}
}

START_TEST(draws_an_hour)
{
	static const struct golden_size sizes[] = { { 80, 6, false }, { 80, 6, true }, { 80, 9, false } };
	static const struct golden_size narrow[] = { { 57, 8, false }, { 57, 8, true }, { 57, 3, false } };
	static const struct golden_size wide[] = { { 130, 16, false } };

	make_hour(73, 1);
	golden_pane(&pane->base, "timeline-80", sizes, ARRAY_SIZE(sizes));
	view_timeline_release(&pane->view);
	make_hour(50, 1);
	golden_pane(&pane->base, "timeline-57", narrow, ARRAY_SIZE(narrow));
	view_timeline_release(&pane->view);
	make_hour(61, 2);
	golden_pane(&pane->base, "timeline-130", wide, ARRAY_SIZE(wide));
}
END_TEST

START_TEST(draws_the_cursor)
{
	static const struct golden_size sizes[] = { { 80, 8, false } };

	make_hour(73, 1);
	pane->base.focused = true;
	for (int i = 0; i < 3; i++)
		ck_assert_int_eq(pane_timeline.command(&pane->base, CMD_LEFT), EFFECT_REDRAW);
	golden_pane(&pane->base, "timeline-cursor", sizes, ARRAY_SIZE(sizes));
}
END_TEST

START_TEST(draws_hits_under_the_bars)
{
	static const struct golden_size sizes[] = { { 80, 8, false }, { 80, 8, true }, { 80, 4, false } };

	make_hour(73, 1);
	pane->hits = (struct view_hits){
		.from = pane->view.from, .to = NOW + MINUTE, .step = MINUTE, .n = 73, .count = xcalloc(73, sizeof(uint32_t)),
	};
	pane->hits.count[0] = 1;
	pane->hits.count[40] = 4;
	pane->hits.count[41] = 200;
	pane->hits.count[72] = 90;
	pane->base.focused = true;
	golden_pane(&pane->base, "timeline-hits", sizes, ARRAY_SIZE(sizes));
	golden_every_size(&pane->base);
}
END_TEST

START_TEST(marks_a_stretch)
{
	static const struct golden_size sizes[] = { { 100, 8, false } };
	struct target t;

	make_hour(73, 1);
	pane->base.focused = true;
	ck_assert_int_eq(pane_timeline.command(&pane->base, CMD_BACK), -1);
	ck_assert_int_eq(pane_timeline.command(&pane->base, CMD_SELECT), EFFECT_REDRAW);
	ck_assert(pane_timeline_marks(&pane->base));
	for (int i = 0; i < 5; i++)
		pane_timeline.command(&pane->base, CMD_LEFT);
	golden_pane(&pane->base, "timeline-stretch", sizes, ARRAY_SIZE(sizes));
	target_init(&t);
	ck_assert(pane_timeline.target(&pane->base, &t));
	ck_assert_int_eq(t.from, NOW - 5 * MINUTE);
	ck_assert_int_eq(t.to, NOW + MINUTE);
	ck_assert_str_eq(t.label.p, "10:37-10:43");
	target_release(&t);
	ck_assert_int_eq(pane_timeline.command(&pane->base, CMD_BACK), EFFECT_REDRAW);
	ck_assert(!pane_timeline_marks(&pane->base));
	target_init(&t);
	ck_assert(pane_timeline.target(&pane->base, &t));
	ck_assert_int_eq(t.from, NOW - 5 * MINUTE);
	ck_assert_int_eq(t.to, NOW - 4 * MINUTE);
	target_release(&t);
}
END_TEST

START_TEST(goes_to_a_time)
{
	struct target t;

	make_hour(73, 1);
	pane_timeline.command(&pane->base, CMD_SELECT);
	pane_timeline_go(&pane->base, NOW - 10 * MINUTE + 17 * NSEC);
	ck_assert(!pane_timeline_marks(&pane->base));
	target_init(&t);
	ck_assert(pane_timeline.target(&pane->base, &t));
	ck_assert_int_eq(t.from, NOW - 10 * MINUTE);
	target_release(&t);
}
END_TEST

START_TEST(draws_quiet_silence_and_what_is_gone)
{
	static const struct golden_size sizes[] = { { 80, 7, false }, { 80, 7, true } };

	make(NOW + MINUTE, MINUTE, 73, 1);
	golden_pane(&pane->base, "timeline-empty", sizes, ARRAY_SIZE(sizes));
	for (size_t i = 0; i < 73; i++)
		if (i < 30 || i > 40)
			put(i, 100, 0, 0, 0);
	pane->view.gone_to = NOW - 45 * MINUTE;
	golden_pane(&pane->base, "timeline-quiet", sizes, ARRAY_SIZE(sizes));
}
END_TEST

START_TEST(labels_days_and_seconds)
{
	static const struct golden_size sizes[] = { { 80, 7, false } };

	make(NOW + 60 * MINUTE, 60 * MINUTE, 73, 1);
	for (size_t i = 0; i < 73; i++)
		put(i, 10, (uint32_t)i % 5, 0, 0);
	golden_pane(&pane->base, "timeline-days", sizes, ARRAY_SIZE(sizes));
	view_timeline_release(&pane->view);
	make(NOW + 10 * NSEC, NSEC, 73, 1);
	for (size_t i = 0; i < 73; i++)
		put(i, 10, 0, (uint32_t)i % 5, 0);
	golden_pane(&pane->base, "timeline-seconds", sizes, ARRAY_SIZE(sizes));
}
END_TEST

START_TEST(survives_every_size)
{
	make_hour(73, 1);
	pane->base.focused = true;
	golden_every_size(&pane->base);
}
END_TEST

static const struct {
	int64_t window;
	int w;
	int64_t step;
	int bar;
} step_rows[] = {
	{ 60 * MINUTE, 73, MINUTE, 1 },       { 60 * MINUTE, 49, 2 * MINUTE, 1 }, { 60 * MINUTE, 50, MINUTE, 1 },
	{ 60 * MINUTE, 124, 30 * NSEC, 1 },   { 60 * MINUTE, 99, MINUTE, 1 },     { MINUTE, 124, NSEC, 2 },
	{ MINUTE, 400, NSEC, 3 },             { 24 * 60 * MINUTE, 73, 30 * MINUTE, 1 },
	{ 30 * 24 * 60 * MINUTE, 73, 12 * 60 * MINUTE, 1 }, { 60 * MINUTE, 0, 60 * MINUTE, 1 }, { 0, 10, NSEC, 3 },
};

START_TEST(picks_the_shortest_step_that_fits)
{
	int bar;

	ck_assert_int_eq(timeline_step(step_rows[_i].window, step_rows[_i].w, &bar), step_rows[_i].step);
	ck_assert_int_eq(bar, step_rows[_i].bar);
}
END_TEST

START_TEST(opens_the_bucket_under_the_cursor)
{
	struct target t;

	make_hour(73, 1);
	pane_timeline.command(&pane->base, CMD_LEFT);
	pane_timeline.command(&pane->base, CMD_LEFT);
	target_init(&t);
	ck_assert(pane_timeline.target(&pane->base, &t));
	ck_assert_int_eq(t.from, NOW - 2 * MINUTE);
	ck_assert_int_eq(t.to, NOW - MINUTE);
	ck_assert_str_eq(t.label.p, "10:40");
	ck_assert_uint_eq(t.query.n, 0);
	target_release(&t);
}
END_TEST

START_TEST(cursor_stays_in_the_buckets)
{
	struct target t;

	make_hour(20, 1);
	for (int i = 0; i < 50; i++)
		pane_timeline.command(&pane->base, CMD_LEFT);
	target_init(&t);
	ck_assert(pane_timeline.target(&pane->base, &t));
	ck_assert_int_eq(t.from, NOW - 19 * MINUTE);
	pane_timeline.command(&pane->base, CMD_LAST);
	pane_timeline.command(&pane->base, CMD_RIGHT);
	ck_assert(pane_timeline.target(&pane->base, &t));
	ck_assert_int_eq(t.from, NOW);
	target_release(&t);
	ck_assert_int_eq(pane_timeline.command(&pane->base, CMD_SORT), -1);
}
END_TEST

static Suite *
suite(void)
{
	Suite *s = suite_create("pane_timeline");
	TCase *t = tcase_create("pane_timeline");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, draws_an_hour);
	tcase_add_test(t, draws_the_cursor);
	tcase_add_test(t, draws_hits_under_the_bars);
	tcase_add_test(t, marks_a_stretch);
	tcase_add_test(t, goes_to_a_time);
	tcase_add_test(t, draws_quiet_silence_and_what_is_gone);
	tcase_add_test(t, labels_days_and_seconds);
	tcase_add_test(t, survives_every_size);
	tcase_add_loop_test(t, picks_the_shortest_step_that_fits, 0, ARRAY_SIZE(step_rows));
	tcase_add_test(t, opens_the_bucket_under_the_cursor);
	tcase_add_test(t, cursor_stays_in_the_buckets);
	suite_add_tcase(s, t);
	return s;
}

int
main(void)
{
	return unit_run(suite());
}
