/* The detail of a record: its page at several sizes, scrolling, and records that are gone. */
#include "config.h"

#include "core/alloc.h"
#include "tests/golden.h"
#include "tests/unit.h"
#include "tui/pane_detail.h"

#include <stdlib.h>

static struct detail_pane *pane;

static void
setup(void)
{
	golden_setup();
	pane = (struct detail_pane *)pane_new(&pane_detail, NULL);
	pane->record = 1;
	pane->view = (struct view_record){
		/* 2025-09-09 10:42:06.120 UTC */
		.id = 1, .time = INT64_C(1757414526120000000), .own_time = true, .level = LEVEL_ERROR,
		.source = "django.log", .format = "django", .format_title = "Django verbose text",
		.logger = SPAN_LIT("django.request"), .message = SPAN_LIT("Internal Server Error: /api/checkout/"),
		.raw = SPAN_LIT("ERROR 2025-09-09 10:42:06,120 log 17 1396 Internal Server Error: /api/checkout/"),
	};
}

static void
teardown(void)
{
	pane_free(&pane->base);
}

static void
set_fields(const struct view_field *fields, size_t n)
{
	pane->view.fields = xcalloc(n, sizeof *fields);
	memcpy(pane->view.fields, fields, n * sizeof *fields);
	pane->view.n = n;
}

#define FIELD(name, text, field) { SPAN_LIT(name), SPAN_LIT(text), field }

START_TEST(draws_a_traceback)
{
	static const struct golden_size sizes[] = { { 80, 34, false }, { 50, 34, true }, { 120, 12, false } };
	static const struct view_field fields[] = {
		FIELD("pid", "17", FIELD_PID),
		FIELD("message", "Internal Server Error: /api/checkout/", FIELD_MESSAGE),
		FIELD("path", "/api/checkout/", FIELD_PATH),
		FIELD("exception", "myapp.errors.PaymentFailed", FIELD_EXCEPTION),
	};

	pane->view.traceback = SPAN_LIT(
		"Traceback (most recent call last):\n"
		"  File \"/usr/lib/python3/site-packages/django/core/handlers/base.py\", line 197, in _get_response\n"
		"    response = wrapped_callback(request, *callback_args, **callback_kwargs)\n"
		"  File \"/srv/app/shop/views.py\", line 103, in checkout\n"
		"    charge(cart, card)\n"
		"    ^^^^^^^^^^^^^^^^^^\n"
		"myapp.errors.PaymentFailed: card declined\n"
		"\n"
		"During handling of the above exception, another exception occurred:\n"
		"\n"
		"ValueError: retry");
	set_fields(fields, ARRAY_SIZE(fields));
	pane->base.focused = true;
	golden_pane(&pane->base, "detail-traceback", sizes, ARRAY_SIZE(sizes));
	golden_every_size(&pane->base);
}
END_TEST

START_TEST(lays_out_json_and_long_values)
{
	static const struct golden_size sizes[] = { { 60, 40, false } };
	static const struct view_field fields[] = {
		FIELD("extra", "{\"user\": {\"id\": 42, \"tags\": [\"a,b\", \"c\\\"}\"], \"none\": {}, \"no\": []}}", FIELD_OTHER),
		FIELD("user_agent", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0",
		      FIELD_AGENT),
		FIELD("a.key.that.is.longer.than.its.column", "1", FIELD_OTHER),
		FIELD("nothing", "", FIELD_OTHER),
		FIELD("bytes", "\x1b[31mred\x1b[0m \xff \x1b]0;title\a", FIELD_OTHER),
		FIELD("broken", "{\"a\": 1, }", FIELD_OTHER),
	};

	pane->view.level = LEVEL_INFO;
	pane->view.message = SPAN_LIT("Order stored");
	set_fields(fields, ARRAY_SIZE(fields));
	golden_pane(&pane->base, "detail-fields", sizes, ARRAY_SIZE(sizes));
}
END_TEST

START_TEST(says_why_there_is_nothing)
{
	static const struct golden_size sizes[] = { { 50, 5, false } };

	pane->gone = true;
	golden_pane(&pane->base, "detail-gone", sizes, 1);
	pane->gone = false;
	pane->record = RECORD_NONE;
	golden_pane(&pane->base, "detail-none", sizes, 1);
}
END_TEST

START_TEST(scrolls_within_the_page)
{
	static const struct golden_size sizes[] = { { 40, 5, false } };

	golden_every_size(&pane->base);
	ck_assert_int_eq(pane_detail.command(&pane->base, CMD_UP), EFFECT_REDRAW);
	ck_assert_int_eq(pane->pager.top, 0);
	ck_assert_int_eq(pane_detail.command(&pane->base, CMD_SORT), -1);
	pane->pager.top = 1000;
	golden_pane(&pane->base, "detail-end", sizes, 1);
	ck_assert_int_eq(pane->pager.top, pane->pager.lines - 4);
	pane_detail.command(&pane->base, CMD_FIRST);
	pane_detail.command(&pane->base, CMD_PAGE_DOWN);
	ck_assert_int_eq(pane->pager.top, 3);
	pane_detail_show(&pane->base, 2);
	ck_assert_int_eq(pane->pager.top, 0);
}
END_TEST

/* The first line that is seen. */
static int
drawn_top(int h)
{
	struct grid g = { 0 };

	grid_init(&g, 60, h, false);
	struct canvas c = canvas_whole(&g);

	pane_detail.draw(&pane->base, &c);
	grid_release(&g);
	return pane->pager.top;
}

START_TEST(goes_from_hit_to_hit)
{
	static const struct golden_size sizes[] = { { 60, 18, false }, { 60, 18, true } };
	static const struct view_field fields[] = {
		FIELD("path", "/api/checkout/", FIELD_PATH), FIELD("user", "42", FIELD_OTHER),
	};
	struct err err;

	set_fields(fields, ARRAY_SIZE(fields));
	ck_assert_int_eq(pane_detail.command(&pane->base, CMD_SEARCH_NEXT), -1); /* nothing is searched for */
	pane->at = -1;
	pane->search.query = query_compile(SPAN_LIT("checkout"), 0, &err);
	ck_assert_int_eq(drawn_top(6), 0);
	ck_assert_uint_eq(pane->n_hits, 3); /* message, path, raw */
	for (size_t i = 0; i < 3; i++) {
		ck_assert_int_eq(pane_detail.command(&pane->base, CMD_SEARCH_NEXT), EFFECT_REDRAW);
		ck_assert_int_eq(pane->at, pane->hits[i]);
		int top = drawn_top(6);

		ck_assert(top <= pane->at && pane->at < top + 5);
	}
	ck_assert_int_eq(pane_detail.command(&pane->base, CMD_SEARCH_NEXT), -1); /* the next record is the log's to find */
	ck_assert_int_eq(pane_detail.command(&pane->base, CMD_SEARCH_PREVIOUS), EFFECT_REDRAW);
	ck_assert_int_eq(pane->at, pane->hits[1]);
	golden_pane(&pane->base, "detail-hits", sizes, ARRAY_SIZE(sizes));
	pane_detail_show(&pane->base, 2);
	ck_assert_int_eq(drawn_top(6), 0);
	ck_assert_int_eq(pane_detail.command(&pane->base, CMD_SEARCH_PREVIOUS), -1);
	pane_detail_seek(&pane->base, -1);
	ck_assert_int_gt(drawn_top(6), 0);
	ck_assert_int_eq(pane->at, pane->hits[2]);
	pane_detail_seek(&pane->base, 1);
	drawn_top(6);
	ck_assert_int_eq(pane->at, pane->hits[0]);
}
END_TEST

static Suite *
suite(void)
{
	Suite *s = suite_create("pane_detail");
	TCase *t = tcase_create("pane_detail");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, draws_a_traceback);
	tcase_add_test(t, lays_out_json_and_long_values);
	tcase_add_test(t, says_why_there_is_nothing);
	tcase_add_test(t, scrolls_within_the_page);
	tcase_add_test(t, goes_from_hit_to_hit);
	suite_add_tcase(s, t);
	return s;
}

int
main(void)
{
	return unit_run(suite());
}
