/* Unit tests of core/mask: what is a secret, and what must stay readable. */
#include "config.h"

#include "core/mask.h"

#include "core/alloc.h"
#include "tests/unit.h"

#include <locale.h>
#include <stdlib.h>

#define M "\xe2\x80\xa2\xe2\x80\xa2\xe2\x80\xa2"

static const struct {
	const char *in, *out; /* out NULL: nothing to mask */
} rows[] = {
	/* keys in text, in query strings, in JSON, in JSON within JSON, in Python's and other spellings */
	{ "password=hunter2", "password=" M },
	{ "login user=bob password=hunter2 from 10.0.0.1", "login user=bob password=" M " from 10.0.0.1" },
	{ "password=a,b user=c", "password=" M " user=c" },
	{ "a=1,password=x,user=bob", "a=1,password=" M ",user=bob" },
	{ "login(password=abc)", "login(password=" M ")" },
	{ "Password: hunter2", "Password: " M },
	{ "PASSWORD = \"two words\" next", "PASSWORD = \"" M "\" next" },
	{ "password1=a&password2=b", "password1=" M "&password2=" M },
	{ "user[password]=x&a=b", "user[password]=" M "&a=b" },
	{ "{'password': 'it\\'s', 'a': 1}", "{'password': '" M "', 'a': 1}" },
	{ "{'password': b'x y'}", "{'password': b'" M "'}" },
	{ "{\"password\": \"a\\\"b\", \"x\": 1}", "{\"password\": \"" M "\", \"x\": 1}" },
	{ "{\"password\": \"a\\\\\", \"x\": 1}", "{\"password\": \"" M "\", \"x\": 1}" },
	{ "{\"password\": 123456}", "{\"password\": " M "}" },
	{ "{\"passwords\": 1, \"db\": {\"passwd\": \"x\"}}", "{\"passwords\": 1, \"db\": {\"passwd\": \"" M "\"}}" },
	{ "{\"m\": \"{\\\"password\\\": \\\"a\\\\\\\"b\\\", \\\"x\\\": 1}\"}",
	  "{\"m\": \"{\\\"password\\\": \\\"" M "\\\", \\\"x\\\": 1}\"}" },
	{ "{\"message\": \"password=abc\\nuser=bob\"}", "{\"message\": \"password=" M "\\nuser=bob\"}" },
	{ "{\"set-cookie\": [\"a=b\", \"c=d\"], \"x\": 1}", "{\"set-cookie\": [" M "], \"x\": 1}" },
	{ "{\"accessToken\":\"abc\"}", "{\"accessToken\":\"" M "\"}" },
	{ "GET /x?token=abc&a=1 HTTP/1.1", "GET /x?token=" M "&a=1 HTTP/1.1" },
	{ "\"GET /reset/?a=1&access_token=abc\" 200", "\"GET /reset/?a=1&access_token=" M "\" 200" },
	{ "csrfmiddlewaretoken=abc123", "csrfmiddlewaretoken=" M },
	{ "DJANGO_SECRET_KEY=abc", "DJANGO_SECRET_KEY=" M },
	{ "AWS_SECRET_ACCESS_KEY: wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY1", NULL },
	{ "AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPx", "AWS_SECRET_ACCESS_KEY=" M },
	{ "x-api-key: 3f2a9bc04d5e6f708192", "x-api-key: " M },
	{ "stripe_key=abcdefgh12345678", "stripe_key=" M },
	{ "mysqldump --password hunter2 shop", "mysqldump --password " M " shop" },
	{ "<password>hunter2</password>", "<password>" M "</password>" },
	{ "http.request.password=x", "http.request.password=" M },
	{ "otp=123456 cvv=123", "otp=" M " cvv=" M },
	/* headers */
	{ "Authorization: Bearer abc.def-1 x", "Authorization: " M " x" },
	{ "Authorization: Basic dXNlcjpwYXNz", "Authorization: " M },
	{ "Authorization: Digest username=\"bob\", response=\"abc\"\nHost: x", "Authorization: " M "\nHost: x" },
	{ "{\"Authorization\": \"Bearer abc\"}", "{\"Authorization\": \"" M "\"}" },
	{ "'HTTP_AUTHORIZATION': 'Token abc'", "'HTTP_AUTHORIZATION': '" M "'" },
	{ "Cookie: sessionid=abc; csrftoken=def\r\nHost: x", "Cookie: " M "\r\nHost: x" },
	{ "Set-Cookie: sid=abc; Path=/; HttpOnly", "Set-Cookie: " M },
	{ "sent Bearer abcdef0123456789 to api", "sent Bearer " M " to api" },
	/* shapes */
	{ "key AKIAIOSFODNN7EXAMPLE used", "key " M " used" },
	{ "using sk_live_abcdefgh1234.", "using " M "." },
	{ "x ghp_abcdefghijklmnopqrstuvwxyz0123456789 y", "x " M " y" },
	{ "jwt eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dBjftJeZ4CVP ok", "jwt " M " ok" },
	{ "-----BEGIN RSA PRIVATE KEY-----\nMIIE\nabc\n-----END RSA PRIVATE KEY-----\nx",
	  "-----BEGIN RSA PRIVATE KEY-----" M "-----END RSA PRIVATE KEY-----\nx" },
	{ "postgres://bob:hunter2@db:5432/shop", "postgres://bob:" M "@db:5432/shop" },
	{ "redis://:hunter2@cache:6379/0", "redis://:" M "@cache:6379/0" },
	{ "hash pbkdf2_sha256$600000$abcdefgh$ijklmnop=", "hash " M },
	/* cards */
	{ "card 4111111111111111 charged", "card " M "1111 charged" },
	{ "card 4111 1111 1111 1111.", "card " M "1111." },
	{ "card 4111-1111-1111-1111", "card " M "1111" },
	{ "amex 3782 822463 10005", "amex " M "0005" },
	{ "{\"card\": 5555555555554444}", "{\"card\": " M "4444}" },
	{ "4111 1111 1111 1111 12 items", M "1111 12 items" },
	{ "two 4111111111111111 5555555555554444", "two " M "1111 " M "4444" },
	/* nothing to hide */
	{ "", NULL },
	{ "password reset requested for bob", NULL },
	{ "Password reset: mail sent", NULL },
	{ "Invalid password: reset link was sent", NULL },
	{ "invalid token: expired", NULL },
	{ "Invalid token: unexpected end of input", NULL },
	{ "token_count: 12, max_token: 4096, tokens=3000", NULL },
	{ "\"author\": \"bob\", \"authority\": \"x\", \"authenticated\": true", NULL },
	{ "secretary=ann monkey=1 turkey: 2", NULL },
	{ "took 3 seconds, key=value, primary_key=abcdefgh12345678", NULL },
	{ "cache_key=views.decorators.cache.1234567890abcdef", NULL },
	{ "password=null token=\"\" secret: true api_key=None", NULL },
	{ "password=******** token=[Filtered]", NULL },
	{ "user = authenticate(password=password)", NULL },
	{ "password = request.POST[\"password\"]", NULL },
	{ "request_id=9f1c2d3e-4b5a-4c6d-8e7f-0123456789ab", NULL },
	{ "idempotency_key=9f1c2d3e4b5a4c6d8e7f0123456789ab", NULL },
	{ "s3_key=9f1c2d3e-4b5a-4c6d-8e7f-0123456789ab", NULL },
	{ "12345678-1234-4111-8111-123456789012", NULL },
	{ "order 4111111111111112 paid", NULL },
	{ "order 1234567890123452 paid", NULL },
	{ "at 1757410926981 and 1757410926981123", NULL },
	{ "2025-09-09 10:42:07,123 2025-09-09 1042 12 13", NULL },
	{ "0.4111111111111111", NULL },
	{ "id x4111111111111111 4111111111111111a", NULL },
	{ "41111111111111111111111111", NULL },
	{ "http://host:8000/path user@host", NULL },
	{ "Basic authentication failed, Bearer tokens needed", NULL },
	{ "eyJust a word. eyJ", NULL },
	{ "AKIA is a prefix", NULL },
	{ "mail bob@example.com", NULL },
	{ "cookie: accepted, Cookie consent", NULL },
};

static void
check(struct span got, bool masked, const char *in, const char *out)
{
	ck_assert_msg(masked == (out != NULL), "%s: %s, %.*s", in, masked ? "masked" : "not masked", SPAN_FMT(got));
	if (out)
		ck_assert_msg(span_eq_str(got, out), "%s\n%.*s\nnot\n%s", in, SPAN_FMT(got), out);
}

START_TEST(text)
{
	struct strbuf got = STRBUF_INIT;
	/* Of exactly its size, so that reading past it is seen. */
	struct span in = span_str(xstrdup(rows[_i].in));
	char *exact = xmalloc(in.n + !in.n);

	memcpy(exact, in.p, in.n);
	bool masked = mask_text(span_of(exact, in.n), &got);

	check(strbuf_span(&got), masked, rows[_i].in, rows[_i].out);
	ck_assert_int_eq(mask_find(in) != 0, rows[_i].out != NULL);
	ck_assert(masked || !got.cap);
	free(exact);
	free((char *)in.p);
	strbuf_release(&got);
}
END_TEST

/* Wherever it begins, and however much stands before and after it. */
START_TEST(every_place)
{
	static const char *const secrets[] = { " password=hunter2 ", " 4111 1111 1111 1111 ", " AKIAIOSFODNN7EXAMPLE " };
	char line[160];
	struct strbuf got = STRBUF_INIT;
	struct span secret = span_str(secrets[_i]);

	for (size_t n = secret.n; n < sizeof line; n++) {
		for (size_t at = 0; at + secret.n <= n; at++) {
			memset(line, 'a', n);
			memcpy(line + at, secret.p, secret.n);
			strbuf_clear(&got);
			ck_assert_msg(mask_text(span_of(line, n), &got), "%zu of %zu", at, n);
		}
	}
	strbuf_release(&got);
}
END_TEST

/* What is masked has nothing more to mask. */
START_TEST(once_is_enough)
{
	struct strbuf once = STRBUF_INIT, twice = STRBUF_INIT;

	if (mask_text(span_str(rows[_i].in), &once))
		ck_assert_msg(!mask_text(strbuf_span(&once), &twice), "%s", strbuf_span(&once).p);
	strbuf_release(&once);
	strbuf_release(&twice);
}
END_TEST

START_TEST(values_of_keys)
{
	static const struct {
		const char *key, *value, *out;
	} values[] = {
		{ "password", "hunter2", M },
		{ "user.password", "two words", M },
		{ "Set-Cookie", "a=b; c=d", M },
		{ "authorization", "Bearer x", M },
		{ "token", "12", NULL },
		{ "token_count", "123456789", NULL },
		{ "author", "bob", NULL },
		{ "message", "token=abc", "token=" M },
		{ "message", "all is well", NULL },
		{ "password", "", NULL },
		{ "password", "null", NULL },
	};
	struct strbuf got = STRBUF_INIT;
	bool masked = mask_value(span_str(values[_i].key), span_str(values[_i].value), &got);

	check(strbuf_span(&got), masked, values[_i].key, values[_i].out);
	strbuf_release(&got);
}
END_TEST

START_TEST(choices)
{
	struct strbuf got = STRBUF_INIT;
	struct err err = { 0 };

	ck_assert_int_eq(mask_add_key(SPAN_LIT("IBAN"), &err), 0);
	ck_assert_int_eq(mask_add_key(SPAN_LIT("*_pin"), &err), 0);
	ck_assert_int_eq(mask_add_key(SPAN_LIT("!stripe-key"), &err), 0);
	ck_assert_int_eq(mask_add_pattern(SPAN_LIT("customer \\K\\d{6}\\b"), &err), 0);
	mask_set_emails(true);
	mask_set_ascii(true);
	ck_assert(mask_text(SPAN_LIT("iban=DE12, card_pin=1 stripe_key=abcdefgh12345678 customer 123456 of "
				     "<bob.b@example.co.uk>, x@y"),
			    &got));
	ck_assert_str_eq(got.p, "iban=***, card_pin=*** stripe_key=abcdefgh12345678 customer *** of <***>, x@y");
	ck_assert_uint_eq(mask_find(SPAN_LIT("a@b.de")), 1u << MASK_EMAIL);
	ck_assert_int_eq(mask_add_key(SPAN_LIT("id"), &err), -1);
	ck_assert(strstr(err.msg, "three letters"));
	ck_assert_int_eq(mask_add_key(SPAN_LIT("a b/c"), &err), -1);
	ck_assert_int_eq(mask_add_pattern(SPAN_LIT("(open"), &err), -1);
	mask_reset();
	ck_assert(!mask_find(SPAN_LIT("iban=DE12 a@b.de customer 123456")));
	strbuf_release(&got);
}
END_TEST

START_TEST(where_dots_cannot_be_shown)
{
	struct strbuf got = STRBUF_INIT;

	setlocale(LC_CTYPE, "C");
	ck_assert(mask_text(SPAN_LIT("password=hunter2"), &got));
	ck_assert_str_eq(got.p, "password=***");
	strbuf_release(&got);
}
END_TEST

START_TEST(groups)
{
	ck_assert_uint_eq(mask_find(SPAN_LIT("password=x token=y card 4111111111111111")),
			  1u << MASK_PASSWORD | 1u << MASK_TOKEN | 1u << MASK_CARD);
	ck_assert_str_eq(mask_group_name[MASK_PRIVATE_KEY], "private-key");
}
END_TEST

static Suite *
suite(void)
{
	Suite *s = suite_create("mask");
	TCase *t = tcase_create("mask");

	tcase_add_loop_test(t, text, 0, ARRAY_SIZE(rows));
	tcase_add_loop_test(t, once_is_enough, 0, ARRAY_SIZE(rows));
	tcase_add_loop_test(t, every_place, 0, 3);
	tcase_add_loop_test(t, values_of_keys, 0, 11);
	tcase_add_test(t, choices);
	tcase_add_test(t, where_dots_cannot_be_shown);
	tcase_add_test(t, groups);
	suite_add_tcase(s, t);
	return s;
}

int
main(void)
{
	setlocale(LC_CTYPE, "C.UTF-8");
	return unit_run(suite());
}
