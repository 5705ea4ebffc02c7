/*
 * Fuzzes what stands between the bytes of a log and the terminal: text_next,
 * utf8_decode, ansi_skip and encoding_decode, under the C locale and a UTF-8
 * one.
 *
 * Checked: no glyph holds a control character, a bidirectional control or an
 * invalid byte, whatever the input; glyphs fill the columns that they say;
 * decoding keeps the lines, decodes each as if it stood alone, and leaves what
 * it decoded as it is.
 */
#include "config.h"

#include "core/utf8.h"

#include "core/encoding.h"
#include "tests/fuzz.h"

#include <locale.h>

static bool
is_harmful(uint32_t cp)
{
	return cp == UTF8_INVALID || cp < 0x20 || (cp >= 0x7f && cp < 0xa0) || cp == 0x061c || cp == 0xfeff ||
	       (cp >= 0x200b && cp <= 0x200f) || (cp >= 0x2028 && cp <= 0x202e) || (cp >= 0x2060 && cp <= 0x206f) ||
	       (cp >= 0xe0000 && cp <= 0xe0fff);
}

static void
check_glyph(const struct glyph *g)
{
	struct span s = span_of(g->utf8, g->n);
	int width = 0;

	FUZZ_ASSERT(g->n && g->n < sizeof g->utf8 && g->width);
	for (size_t len; s.n; s = span_from(s, len)) {
		uint32_t cp = utf8_decode(s, &len);
		char bytes[4];

		FUZZ_ASSERT(!is_harmful(cp));
		FUZZ_ASSERT(utf8_encode(cp, bytes) == len && memcmp(bytes, s.p, len) == 0);
		width += utf8_width(cp);
	}
	FUZZ_ASSERT(width == g->width);
}

static void
check_glyphs(struct span text)
{
	struct span rest = text;
	struct glyph g;
	size_t width = 0;

	for (size_t left = rest.n; text_next(&rest, &g); left = rest.n) {
		FUZZ_ASSERT(rest.n < left);
		check_glyph(&g);
		width += g.width;
	}
	FUZZ_ASSERT(rest.n == 0 && text_width(text) == width);
}

/* The pieces of a text tell whether the whole of it is UTF-8. */
static void
check_characters(struct span text)
{
	bool valid = true;

	for (size_t len, at = 0; at < text.n; at += len) {
		struct span rest = span_from(text, at);
		uint32_t cp = utf8_decode(rest, &len);
		size_t escape = ansi_skip(rest);

		FUZZ_ASSERT(len && len <= rest.n && escape <= rest.n && (!escape || rest.p[0] == '\033'));
		FUZZ_ASSERT(cp == UTF8_INVALID ? len == 1 : cp <= 0x10ffff);
		FUZZ_ASSERT(cp == UTF8_INVALID || utf8_fold(utf8_fold(cp)) == utf8_fold(cp));
		valid &= cp != UTF8_INVALID;
	}
	FUZZ_ASSERT(encoding_is_utf8(text) == valid);
}

static struct span
next_line(struct span *rest)
{
	ptrdiff_t end = span_chr(*rest, '\n');
	struct span line = end < 0 ? *rest : span_head(*rest, (size_t)end);

	*rest = span_from(*rest, line.n + 1);
	return line;
}

/* `out` is what became of `text`. */
static void
check_lines(struct span text, struct span out)
{
	struct strbuf alone = STRBUF_INIT;
	bool changed = false;

	while (text.n) {
		struct span line = next_line(&text), got = next_line(&out);

		if (encoding_decode(line, &alone)) {
			changed = true;
			line = strbuf_span(&alone);
			FUZZ_ASSERT(encoding_is_utf8(line));
		}
		FUZZ_ASSERT(span_eq(line, got));
	}
	FUZZ_ASSERT(changed && !out.n);
	strbuf_release(&alone);
}

static void
check_decoding(struct span text)
{
	struct strbuf out = STRBUF_INIT, again = STRBUF_INIT;

	if (encoding_decode(text, &out)) {
		FUZZ_ASSERT(!encoding_is_utf8(text));
		check_lines(text, strbuf_span(&out));
		FUZZ_ASSERT(!encoding_decode(strbuf_span(&out), &again));
		check_glyphs(strbuf_span(&out));
	}
	FUZZ_ASSERT(out.n || !encoding_decode(text, &again));
	strbuf_release(&out);
	strbuf_release(&again);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const locales[] = { "C", "C.UTF-8" };
	static locale_t made[2];
	struct span text = span_of((const char *)data, size);

	for (int i = 0; i < 2; i++) {
		if (!made[i])
			made[i] = newlocale(LC_ALL_MASK, locales[i], NULL);
		FUZZ_ASSERT(made[i]);
		uselocale(made[i]);
		check_glyphs(text);
		check_characters(text);
	}
	check_decoding(text);
	return 0;
}
