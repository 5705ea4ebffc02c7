/* Unit tests of core/traceback. */
#include "config.h"

#include "core/alloc.h"
#include "core/traceback.h"
#include "tests/unit.h"

#define HEAD "Traceback (most recent call last):\n"
#define DJANGO \
	"  File \"/usr/lib/python3/dist-packages/django/core/handlers/base.py\", line 181, in _get\n" \
	"    response = wrapped_callback(request)\n"
#define VIEWS "  File \"/srv/app/views.py\", line 103, in cart_add\n    order.save()\n"

static const struct {
	const char *name, *text;
	const char *type, *message, *file, *function, *line; /* type NULL: no traceback */
} rows[] = {
	{ "plain", HEAD DJANGO VIEWS "ValueError: bad literal\n", "ValueError", "bad literal",
	  "/srv/app/views.py", "cart_add", "103" },
	{ "behind other lines, CRLF", "ERROR 2025 failed\r\n\r\n" "Traceback (most recent call last):\r\n"
	  "  File \"/srv/a.py\", line 1, in f\r\nKeyError: 'x'\r\nafter\r\n", "KeyError", "'x'",
	  "/srv/a.py", "f", "1" },
	{ "library frames below the own one", HEAD VIEWS DJANGO "a.b.Error: x", "a.b.Error", "x",
	  "/srv/app/views.py", "cart_add", "103" },
	{ "chained", HEAD "  File \"/srv/app/db.py\", line 9, in run\nsqlite3.OperationalError: locked\n\n"
	  "The above exception was the direct cause of the following exception:\n\n" HEAD VIEWS
	  "django.db.utils.OperationalError: database is locked\n",
	  "django.db.utils.OperationalError", "database is locked", "/srv/app/views.py", "cart_add",
	  "103" },
	{ "chain whose last has library frames only", HEAD VIEWS "KeyError: 1\n\n"
	  "During handling of the above exception, another exception occurred:\n\n" HEAD DJANGO
	  "RuntimeError: no\n", "RuntimeError", "no", "/srv/app/views.py", "cart_add", "103" },
	{ "without a message", HEAD VIEWS "KeyboardInterrupt\n", "KeyboardInterrupt", "",
	  "/srv/app/views.py", "cart_add", "103" },
	{ "message of several lines", HEAD VIEWS "RuntimeError: SQL failed:\n\nSELECT *\nhint: x\n",
	  "RuntimeError", "SQL failed:", "/srv/app/views.py", "cart_add", "103" },
	{ "library only", HEAD DJANGO "Http404: x\n", "Http404", "x", NULL, NULL, NULL },
	{ "syntax error", HEAD "  File \"/srv/a.py\", line 3\n    x = = 1\n        ^\n"
	  "SyntaxError: invalid syntax\n", "SyntaxError", "invalid syntax", "/srv/a.py", NULL, "3" },
	{ "a file without a name", HEAD VIEWS "  File \"\", line 1\nKeyError: 5\n", "KeyError", "5",
	  "/srv/app/views.py", "cart_add", "103" },
	{ "group", "  + Exception Group Traceback (most recent call last):\n"
	  "  |   File \"/srv/g.py\", line 5, in main\n  |     raise ExceptionGroup()\n"
	  "  | ExceptionGroup: many (2 sub-exceptions)\n  +-+---------------- 1 ----------------\n"
	  "    | Traceback (most recent call last):\n    |   File \"/srv/h.py\", line 6, in one\n"
	  "    | ValueError: 1\n    +---------------- 2 ----------------\n    | TypeError: 2\n"
	  "    +------------------------------------\n", "ExceptionGroup", "many (2 sub-exceptions)",
	  "/srv/g.py", "main", "5" },
	{ "on one line, by rsyslog", "failed#012Traceback (most recent call last):#012  File "
	  "\"/srv/a.py\", line 7, in f#012    x()#012RuntimeError: SQL failed:#012#012SELECT",
	  "RuntimeError", "SQL failed:", "/srv/a.py", "f", "7" },
	{ "java", "java.lang.IllegalStateException: closed\n"
	  "\tat java.base/java.util.List.get(List.java:4)\n"
	  "\tat org.springframework.web.Servlet.run(Servlet.java:8)\n"
	  "\tat com.shop.Cart.add(Cart.java:33)\n\tat com.shop.Main.main(Main.java:3)\n"
	  "Caused by: java.io.IOException: disk\n\tat com.shop.Disk.write(Disk.java:9)\n\t... 2 more\n",
	  "java.lang.IllegalStateException", "closed", "Cart.java", "com.shop.Cart.add", "33" },
	{ "java thread", "Exception in thread \"main\" java.lang.NullPointerException\n"
	  "\tat com.shop.Main.main(Main.java:3)\n", "java.lang.NullPointerException", "", "Main.java",
	  "com.shop.Main.main", "3" },
	{ "node", "TypeError: x is not a function\n    at node:internal/main:1:2\n"
	  "    at async run (/srv/app/cart.js:33:10)\n    at /srv/app/main.js:1:2\n", "TypeError",
	  "x is not a function", "/srv/app/cart.js", "run", "33" },
	{ "node without a function", "Error: no\n    at /srv/app/main.js:1:2\n", "Error", "no",
	  "/srv/app/main.js", NULL, "1" },
	{ "none", "ValueError: this is only a message\nand more\n", NULL, NULL, NULL, NULL, NULL },
	{ "cut before the exception", HEAD VIEWS, NULL, NULL, NULL, NULL, NULL },
	{ "empty", "", NULL, NULL, NULL, NULL, NULL },
};

static void
check(const char *name, const char *part, struct span got, const char *want)
{
	if (!want)
		ck_assert_msg(!got.n, "%s: %s is \"%.*s\"", name, part, SPAN_FMT(got));
	else
		ck_assert_msg(got.p && span_eq_str(got, want), "%s: %s is \"%.*s\"", name, part,
			      SPAN_FMT(got));
}

START_TEST(a_trace_says_what_and_where)
{
	struct traceback t;
	bool found = traceback_read(span_str(rows[_i].text), &t);

	ck_assert_msg(found == (rows[_i].type != NULL), "%s", rows[_i].name);
	if (!found)
		return;
	check(rows[_i].name, "type", t.type, rows[_i].type);
	check(rows[_i].name, "message", t.message, rows[_i].message);
	check(rows[_i].name, "file", t.file, rows[_i].file);
	check(rows[_i].name, "function", t.function, rows[_i].function);
	check(rows[_i].name, "line", t.line, rows[_i].line);
}
END_TEST

static Suite *
suite(void)
{
	Suite *s = suite_create("traceback");
	TCase *t = tcase_create("traceback");

	tcase_add_loop_test(t, a_trace_says_what_and_where, 0, (int)ARRAY_SIZE(rows));
	suite_add_tcase(s, t);
	return s;
}

int
main(void)
{
	return unit_run(suite());
}
