/* Unit tests of core/record. */
#include "config.h"

#include "core/record.h"

#include "core/alloc.h"
#include "tests/unit.h"

#include <stdlib.h>

static struct parser parser;

static void
setup(void)
{
	ck_assert_int_eq(clock_set_zone("UTC", NULL), 0);
	parser_init(&parser);
}

static void
teardown(void)
{
	parser_release(&parser);
}

static void
lend(struct record *r, const char *format, const char *bytes)
{
	record_reset(r);
	r->bytes = span_str(bytes);
	r->format = format_by_name(format);
	r->parser = &parser;
	ck_assert_ptr_nonnull(r->format);
}

static const char json[] =
	"{\"levelname\": \"ERROR\", \"name\": \"shop.cart\", \"message\": \"say \\\"hi\\\" \\u00e9\", "
	"\"path\": \"\\/api\\/cart\\/7\\/\", \"user_id\": 42, \"cart\": {\"id\": 7, \"note\": \"a\\tb\"}, "
	"\"gone\": null, \"twice\": 1, \"twice\": 2, "
	"\"exc_info\": \"Traceback (most recent call last):\\n"
	"  File \\\"/srv/shop/views.py\\\", line 103, in cart_add\\n    add()\\n"
	"shop.errors.StockError: none left\"}";

static const char nested[] =
	"{\"levelname\": \"INFO\", \"message\": \"{\\\"user_id\\\": 14, \\\"event\\\": \\\"paid\\\"}\"}";

static const char django[] = "ERROR 2025-09-09 09:45:00,001 views 17 139872345 Broken\r\n"
			     "Traceback (most recent call last):\r\n"
			     "  File \"/srv/shop/models.py\", line 5, in save\n    x()\n"
			     "ValueError: bad";

static const struct {
	const char *format, *bytes;
	enum field field;
	const char *value; /* NULL: absent */
} field_rows[] = {
	{ "json", json, FIELD_MESSAGE, "say \"hi\" é" },
	{ "json", json, FIELD_LOGGER, "shop.cart" },
	{ "json", json, FIELD_PATH, "/api/cart/7/" },
	{ "json", json, FIELD_ROUTE, "/api/cart/<int>/" },
	{ "json", json, FIELD_USER_ID, "42" },
	{ "json", json, FIELD_EXCEPTION, "shop.errors.StockError" },
	{ "json", json, FIELD_EXCEPTION_MESSAGE, "none left" },
	{ "json", json, FIELD_FRAME, "views.py:103 cart_add" },
	{ "json", json, FIELD_METHOD, NULL },
	{ "json", json, FIELD_OTHER, NULL },
	{ "json", "{\"path\": \"\\/a\\/7\"}", FIELD_ROUTE, "/a/<int>" },
	{ "json", "{\"path\": \"/a/7\", \"route\": \"a-detail\"}", FIELD_ROUTE, "/a/<int>" },
	{ "json", "{\"route\": \"a-detail\"}", FIELD_ROUTE, "a-detail" },
	/* JSON inside a message is text: its keys are not the record's. */
	{ "json", nested, FIELD_MESSAGE, "{\"user_id\": 14, \"event\": \"paid\"}" },
	{ "json", nested, FIELD_USER_ID, NULL },
	{ "json", nested, FIELD_EVENT, NULL },
	{ "json", "{\"message\": \"x\"}", FIELD_EXCEPTION, NULL },
	{ "json", "{\"message\": \"x\"}", FIELD_TRACEBACK, NULL },
	{ "json", "{\"message\": \"x\"}", FIELD_ROUTE, NULL },
	{ "django", django, FIELD_MESSAGE, "Broken" },
	{ "django", django, FIELD_EXCEPTION, "ValueError" },
	{ "django", django, FIELD_FRAME, "models.py:5 save" },
	{ "raw", "a line\r\nanother", FIELD_MESSAGE, "a line" },
	{ "raw", "", FIELD_MESSAGE, "" },
	{ "raw", "a line", FIELD_PATH, NULL },
	/* The format does not know the line after all. */
	{ "json", "{broken", FIELD_PATH, NULL },
};

static void
assert_value(struct span value, const char *expected)
{
	if (!expected) {
		ck_assert_ptr_null(value.p);
		return;
	}
	ck_assert_ptr_nonnull(value.p);
	ck_assert_msg(span_eq_str(value, expected), "\"%.*s\", expected \"%s\"", SPAN_FMT(value), expected);
}

START_TEST(fields)
{
	struct record r = { 0 };

	lend(&r, field_rows[_i].format, field_rows[_i].bytes);
	assert_value(record_field(&r, field_rows[_i].field), field_rows[_i].value);
	/* Asking for anything else in between changes nothing. */
	for (enum field f = 0; f <= FIELD_COUNT; f++)
		record_field(&r, f);
	record_key(&r, SPAN_LIT("cart.id"), NULL);
	assert_value(record_field(&r, field_rows[_i].field), field_rows[_i].value);
	record_release(&r);
}
END_TEST

static const struct {
	const char *key, *value;
	enum value_kind kind;
} key_rows[] = {
	{ "cart.id", "7", VALUE_NUMBER },      { "cart.note", "a\tb", VALUE_STRING },
	{ "gone", "null", VALUE_NULL },	       { "twice", "2", VALUE_NUMBER },
	{ "message", "say \"hi\" é", VALUE_STRING }, { "cart", NULL, VALUE_NULL },
	{ "", NULL, VALUE_NULL },	       { "Twice", NULL, VALUE_NULL },
};

START_TEST(keys)
{
	struct record r = { 0 };
	enum value_kind kind = VALUE_NESTED;

	lend(&r, "json", json);
	assert_value(record_key(&r, span_str(key_rows[_i].key), &kind), key_rows[_i].value);
	if (key_rows[_i].value)
		ck_assert_int_eq(kind, key_rows[_i].kind);
	ck_assert_ptr_null(parser.emit);
	record_release(&r);
}
END_TEST

START_TEST(lines)
{
	struct record r = { 0 };

	lend(&r, "django", django);
	ck_assert(span_starts(record_rest(&r), SPAN_LIT("Traceback")));
	ck_assert(span_ends(record_first_line(&r), SPAN_LIT("Broken")));
	lend(&r, "raw", "alone");
	ck_assert_uint_eq(record_rest(&r).n, 0);
	assert_value(record_first_line(&r), "alone");
	record_release(&r);
}
END_TEST

START_TEST(columns_win)
{
	struct record r = { .level = LEVEL_CRITICAL, .logger = SPAN_LIT("of.the.block") };

	lend(&r, "json", json);
	assert_value(record_field(&r, FIELD_LEVEL), "CRITICAL");
	assert_value(record_field(&r, FIELD_LOGGER), "of.the.block");
	record_release(&r);
}
END_TEST

START_TEST(reset_forgets)
{
	struct record r = { 0 };

	lend(&r, "json", json);
	assert_value(record_field(&r, FIELD_EXCEPTION), "shop.errors.StockError");
	lend(&r, "raw", "nothing here");
	assert_value(record_field(&r, FIELD_EXCEPTION), NULL);
	assert_value(record_field(&r, FIELD_MESSAGE), "nothing here");
	record_release(&r);
}
END_TEST

static void
write_down(void *arg, const struct keyvalue *kv)
{
	ck_assert(!kv->escaped);
	strbuf_addf(arg, "%.*s=%.*s\n", SPAN_FMT(kv->key), SPAN_FMT(kv->value));
}

static struct strbuf
list_of(const char *format, const char *bytes)
{
	struct record r = { 0 };
	struct strbuf out = STRBUF_INIT;

	lend(&r, format, bytes);
	record_each(&r, write_down, &out);
	record_release(&r);
	return out;
}

START_TEST(each_field_of_json)
{
	struct strbuf out = list_of("json", json);

	ck_assert_ptr_nonnull(strstr(out.p, "levelname=ERROR\nname=shop.cart\nmessage=say \"hi\" é\n"
					    "path=/api/cart/7/\nuser_id=42\ncart.id=7\ncart.note=a\tb\n"));
	ck_assert_ptr_nonnull(strstr(out.p, "\nexception=shop.errors.StockError\n"
					    "exception_message=none left\nframe=views.py:103 cart_add\n"));
	/* The traceback stands under its own key, once. */
	ck_assert_ptr_nonnull(strstr(out.p, "\nexc_info=Traceback (most"));
	ck_assert_ptr_null(strstr(out.p, "\ntraceback="));
	strbuf_release(&out);
}
END_TEST

START_TEST(each_field_of_text)
{
	struct strbuf out = list_of("django", django);

	ck_assert_ptr_nonnull(strstr(out.p, "message=Broken\n"));
	ck_assert_ptr_nonnull(strstr(out.p, "exception=ValueError\nexception_message=bad\n"
					    "frame=models.py:5 save\ntraceback=Traceback (most"));
	strbuf_release(&out);
	out = list_of("raw", "a line\nanother");
	ck_assert_str_eq(out.p, "message=a line\n");
	strbuf_release(&out);
}
END_TEST

static Suite *
record_suite(void)
{
	Suite *s = suite_create("record");
	TCase *tc = tcase_create("record");

	suite_add_tcase(s, tc);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, fields, 0, ARRAY_SIZE(field_rows));
	tcase_add_loop_test(tc, keys, 0, ARRAY_SIZE(key_rows));
	tcase_add_test(tc, lines);
	tcase_add_test(tc, columns_win);
	tcase_add_test(tc, reset_forgets);
	tcase_add_test(tc, each_field_of_json);
	tcase_add_test(tc, each_field_of_text);
	return s;
}

int
main(void)
{
	return unit_run(record_suite());
}
