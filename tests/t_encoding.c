/*
 * Unit tests of core/encoding, and of what stands on it: a record of an older
 * encoding is read, searched and taken apart as its text in UTF-8. The bytes
 * were encoded with Python's codecs.
 */
#include "config.h"

#include "core/encoding.h"

#include "core/alloc.h"
#include "core/query.h"
#include "core/record.h"
#include "tests/unit.h"

#include <stdlib.h>

static const struct {
	const char *bytes, *text;
} lines[] = {
	/* CP949 */
	{ "\xb0\xe1\xc1\xa6 \xbd\xc7\xc6\xd0",
	  "결제 실패" },
	{ "3\xb0\xc7",
	  "3건" },
	{ "INFO 2025-09-08 21:48:01,350 views \xb0\xcb\xbb\xf6: '\xb1\xe8\xc4\xa1' (1)",
	  "INFO 2025-09-08 21:48:01,350 views 검색: '김치' (1)" },
	{ "user\xb0\xa1 \xbe\xf8\xc0\xbd",
	  "user가 없음" },
	{ "\xb0\xcb\xbb\xf6: '\xd2\xfe' (1)",
	  "검색: '茶' (1)" },
	{ "\xa4\xbb\xa4\xbb\xa4\xbb \xc1\xc1\xbe\xc6\xbf\xe4",
	  "ㅋㅋㅋ 좋아요" },
	{ "DB\xbf\xa1 \xc0\xfa\xc0\xe5 \xc8\xc4 \x94\xee \xb9\xdf\xbb\xfd",
	  "DB에 저장 후 뷁 발생" },
	/* Shift JIS */
	{ "\x83\x8d\x83O\x83""C\x83\x93\x82\xc9\x90\xac\x8c\xf7\x82\xb5\x82\xdc\x82\xb5\x82\xbd",
	  "ログインに成功しました" },
	{ "\x92\x8d\x95\xb6\x8a\xae\x97\xb9",
	  "注文完了" },
	{ "ERROR \x90\xdd\x92\xe8\x83t\x83@\x83""C\x83\x8b\x82\xaa\x93\xc7\x82\xdd\x8d\x9e\x82\xdf\x82\xdc\x82\xb9\x82\xf1: settings.py",
	  "ERROR 設定ファイルが読み込めません: settings.py" },
	{ "\x83\\\x81[\x83X\x95\\\x8e\xa6",
	  "ソース表示" },
	/* GB 18030 */
	{ "\xd3\xc3\xbb\xa7\xb5\xc7\xc2\xbc\xb3\xc9\xb9\xa6",
	  "用户登录成功" },
	{ "\xbf\xe2\xb4\xe6\xb2\xbb\xd7\xe3",
	  "库存不足" },
	{ "\xd6\xa7\xb8\xb6\xb4\xa6\xc0\xed\xcd\xea\xb3\xc9\xa3\xac\xbd\xf0\xb6\xee\xce\xaa\xd2\xbb\xb0\xd9\xd4\xaa",
	  "支付处理完成，金额为一百元" },
	/* Windows-1252 */
	{ "na\xefve caf\xe9",
	  "naïve café" },
	{ "it\x92s not \x93""allowed\x94 \x96 sorry",
	  "it’s not “allowed” – sorry" },
	{ "Requ\xeate \xe9""chou\xe9""e apr\xe8s d\xe9lai",
	  "Requête échouée après délai" },
	{ "Gr\xf6\xdf""e \xfc""berschritten",
	  "Größe überschritten" },
	{ "INFORMA\xc7\xc3O CONCLU\xcd""DA",
	  "INFORMAÇÃO CONCLUÍDA" },
};

START_TEST(old_encodings_are_told_apart)
{
	struct strbuf out = STRBUF_INIT;
	struct span bytes = span_str(lines[_i].bytes);

	ck_assert_msg(encoding_decode(bytes, &out), "%s", lines[_i].text);
	ck_assert_str_eq(out.p, lines[_i].text);
	strbuf_release(&out);
}
END_TEST

static const struct {
	const char *what, *bytes;
	bool utf8;
} others[] = {
	{ "nothing", "", true },
	{ "ASCII", "GET /api/orders/ 200", true },
	{ "UTF-8", "결제 실패 ☂ café", true },
	{ "surrogate", "x \xed\xa0\x80 y", false },
	{ "UTF-8, cut", "결제 실\xed\x8c", false },
	{ "UTF-8, one byte broken", "결제 \xff 실패했습니다", false },
	{ "UTF-8, accented, one byte broken", "caf\xc3\xa9 cr\xc3\xa8me br\xc3\xbbl\xc3\xa9""e \xff", false },
	{ "control characters", "\xb0\xe1\xc1\xa6\x01\x02", false },
	{ "a single byte", "\xff", false },
	{ "bytes of all kinds", "\x80\xff\xa0\x81\xfe\x20\x90", false },
	{ "mostly beyond ASCII", "\xe9\xe8 \xe0\xfc x", false },
	{ "CP949, cut in a syllable", "\xb0\xe1\xc1", false },
};

START_TEST(other_bytes_stay)
{
	struct strbuf out = STRBUF_INIT;
	struct span bytes = span_str(others[_i].bytes);

	ck_assert_msg(encoding_is_utf8(bytes) == others[_i].utf8, "%s", others[_i].what);
	ck_assert_msg(!encoding_decode(bytes, &out), "%s: %s", others[_i].what, out.p);
	ck_assert_uint_eq(out.n, 0);
	strbuf_release(&out);
}
END_TEST

/* A character that reaches over the end of a piece of the fast check. */
START_TEST(long_utf8_is_utf8)
{
	char text[1200];

	for (size_t at = 250; at < 260; at++) {
		memset(text, 'x', sizeof text);
		memcpy(text + at, "결", 3);
		ck_assert(encoding_is_utf8(span_of(text, sizeof text)));
		ck_assert(!encoding_is_utf8(span_of(text, at + 2)));
		text[at + 700] = '\xff';
		ck_assert(!encoding_is_utf8(span_of(text, sizeof text)));
	}
}
END_TEST

START_TEST(each_line_is_judged_by_itself)
{
	struct strbuf out = STRBUF_INIT;

	ck_assert(encoding_decode(SPAN_LIT("결제\n\xb1\xe8\xc4\xa1\n\nna\xefve\n\xff\n"), &out));
	ck_assert_str_eq(out.p, "결제\n김치\n\nnaïve\n\xff\n");
	ck_assert(!encoding_decode(SPAN_LIT("결제\nplain\n"), &out));
	ck_assert_uint_eq(out.n, 0);
	strbuf_release(&out);
}
END_TEST

/* Whatever the bytes, the result is sound and the end of the memory is kept. */
START_TEST(any_bytes_are_safe)
{
	struct strbuf out = STRBUF_INIT;
	uint32_t seed = 1;

	for (int round = 0; round < 20000; round++) {
		size_t n = (size_t)round % 40;
		char *bytes = malloc(n + !n);

		for (size_t i = 0; i < n; i++) {
			seed = seed * 1664525 + 1013904223;
			bytes[i] = (char)(seed >> 24 & (seed & 0x100 ? 0xff : 0x7f));
		}
		if (encoding_decode(span_of(bytes, n), &out))
			ck_assert(!encoding_is_utf8(span_of(bytes, n)));
		free(bytes);
	}
	strbuf_release(&out);
}
END_TEST

/* ---- records ---- */

/* "ERROR ... 결제 실패", and below "ValueError: 재고 부족". */
#define FIRST "ERROR 2025-09-08 21:48:01,350 views \xb0\xe1\xc1\xa6 \xbd\xc7\xc6\xd0"
#define REST                                                      \
	"Traceback (most recent call last):\n"                    \
	"  File \"/srv/shop/views.py\", line 103, in cart_add\n"  \
	"ValueError: \xc0\xe7\xb0\xed \xba\xce\xc1\xb7"

static struct parser parser;

static void
lend(struct record *r, const char *format, struct span bytes)
{
	record_reset(r);
	r->bytes = bytes;
	r->format = format_by_name(format);
	r->parser = &parser;
}

static void
assert_text(struct span value, const char *expected)
{
	ck_assert_msg(span_eq_str(value, expected), "%.*s", SPAN_FMT(value));
}

static void
gather(void *arg, const struct keyvalue *kv)
{
	strbuf_addf(arg, "%.*s=%.*s\n", SPAN_FMT(kv->key), SPAN_FMT(kv->value));
}

START_TEST(a_record_is_read_as_utf8)
{
	struct record r = { 0 };
	struct strbuf all = STRBUF_INIT;

	parser_init(&parser);
	lend(&r, "django", SPAN_LIT(FIRST "\n" REST));
	assert_text(record_field(&r, FIELD_MESSAGE), "결제 실패");
	assert_text(record_field(&r, FIELD_EXCEPTION_MESSAGE), "재고 부족");
	assert_text(record_first_line(&r), "ERROR 2025-09-08 21:48:01,350 views 결제 실패");
	ck_assert(span_ends(record_rest(&r), SPAN_LIT("ValueError: 재고 부족")));
	ck_assert(span_starts(record_text(&r), SPAN_LIT("ERROR")));
	record_each(&r, gather, &all);
	ck_assert_ptr_nonnull(strstr(all.p, "message=결제 실패\n"));
	lend(&r, "json", SPAN_LIT("{\"message\": \"\xb0\xe1\xc1\xa6\", \"\xb1\xe8\xc4\xa1\": \"\xba\xce\xc1\xb7\"}"));
	assert_text(record_field(&r, FIELD_MESSAGE), "결제");
	assert_text(record_key(&r, SPAN_LIT("김치"), NULL), "부족");
	lend(&r, "raw", SPAN_LIT("plain"));
	ck_assert_ptr_eq(record_text(&r).p, r.bytes.p);
	strbuf_release(&all);
	record_release(&r);
	parser_release(&parser);
}
END_TEST

static const struct {
	const char *query;
	bool match;
} queries[] = {
	{ "결제", true },
	{ "\"결제 실패\"", true },
	{ "결제 부족", true },
	{ "김치", false },
	{ "-김치", true },
	{ "-결제", false },
	{ "views결제", false },
	{ "text:결제", true },
	{ "text:\"재고 부족\"", true },
	{ "message=\"결제 실패\"", true },
	{ "message~^결", true },
	{ "/결.\\s실/", true },
	{ "/views .. ../", true },
	{ "/김.치/", false },
	{ "exception_message:재고", true },
	{ "ValueError", true },
};

START_TEST(queries_see_the_text)
{
	struct err err;
	struct record r = { 0 };
	struct query *q = query_compile(span_str(queries[_i].query), 0, &err);

	ck_assert_msg(q != NULL, "%s", err.msg);
	parser_init(&parser);
	lend(&r, "django", SPAN_LIT(FIRST "\n" REST));
	ck_assert_msg(query_match(q, &r) == queries[_i].match, "%s", queries[_i].query);
	query_free(q);
	record_release(&r);
	parser_release(&parser);
}
END_TEST

static Suite *
suite(void)
{
	Suite *s = suite_create("encoding");
	TCase *c = tcase_create("encoding");

	tcase_add_loop_test(c, old_encodings_are_told_apart, 0, ARRAY_SIZE(lines));
	tcase_add_loop_test(c, other_bytes_stay, 0, ARRAY_SIZE(others));
	tcase_add_test(c, long_utf8_is_utf8);
	tcase_add_test(c, each_line_is_judged_by_itself);
	tcase_add_test(c, any_bytes_are_safe);
	tcase_add_test(c, a_record_is_read_as_utf8);
	tcase_add_loop_test(c, queries_see_the_text, 0, ARRAY_SIZE(queries));
	suite_add_tcase(s, c);
	return s;
}

int
main(void)
{
	return unit_run(suite());
}
