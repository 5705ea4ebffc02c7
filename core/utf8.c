/*
 * utf8: decoding by the table of well-formed sequences of the Unicode
 * standard (3.9, table 3-7), and the glyphs that a terminal is given.
 *
 * A glyph is a base character and the marks that combine with it. Joiners,
 * variation selectors and skin tones are taken with their base and left out:
 * terminals disagree about the width of what they would make, and without
 * them every terminal, ncurses and wcwidth count alike. An emoji that is a
 * sequence therefore shows as its parts.
 *
 * Widths, and what can be printed at all, are those of wcwidth under the
 * process's locale: in the C locale everything beyond ASCII is shown as hex.
 */
#include "config.h"

#include "core/utf8.h"

#include "core/alloc.h"

#include <stdarg.h>
#include <stdio.h>
#include <wchar.h>
#include <wctype.h>

/* For a lead byte: how many bytes follow, and the range of the first of them. */
struct lead {
	unsigned char first, last, more, low, high;
};

static const struct lead leads[] = {
	{ 0xc2, 0xdf, 1, 0x80, 0xbf }, { 0xe0, 0xe0, 2, 0xa0, 0xbf }, { 0xe1, 0xec, 2, 0x80, 0xbf },
	{ 0xed, 0xed, 2, 0x80, 0x9f }, { 0xee, 0xef, 2, 0x80, 0xbf }, { 0xf0, 0xf0, 3, 0x90, 0xbf },
	{ 0xf1, 0xf3, 3, 0x80, 0xbf }, { 0xf4, 0xf4, 3, 0x80, 0x8f },
};

static const struct lead *
lead_of(unsigned char byte)
{
	for (size_t i = 0; i < ARRAY_SIZE(leads); i++)
		if (byte >= leads[i].first && byte <= leads[i].last)
			return &leads[i];
	return NULL;
}

uint32_t
utf8_decode(struct span s, size_t *len)
{
	const unsigned char *p = (const unsigned char *)s.p;

	*len = s.n ? 1 : 0;
	if (!s.n)
		return UTF8_INVALID;
	if (p[0] < 0x80)
		return p[0];
	const struct lead *lead = lead_of(p[0]);

	if (!lead || s.n <= lead->more || p[1] < lead->low || p[1] > lead->high)
		return UTF8_INVALID;
	uint32_t cp = (p[0] & (0x3fu >> lead->more)) << 6 | (p[1] & 0x3f);

	for (size_t i = 2; i <= lead->more; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return UTF8_INVALID;
		cp = cp << 6 | (p[i] & 0x3f);
	}
	*len = lead->more + 1u;
	return cp;
}

size_t
utf8_encode(uint32_t cp, char out[4])
{
	if (cp < 0x80) {
		out[0] = (char)cp;
		return 1;
	}
	size_t n = cp < 0x800 ? 2 : cp < 0x10000 ? 3 : 4;

	for (size_t i = n; i-- > 1; cp >>= 6)
		out[i] = (char)(0x80 | (cp & 0x3f));
	out[0] = (char)((0xf00u >> n) | cp);
	return n;
}

int
utf8_width(uint32_t cp)
{
	if (cp >= 0x20 && cp < 0x7f)
		return 1;
	int width = wcwidth((wchar_t)cp);

	return width < 0 ? 1 : width;
}

struct range {
	uint32_t first, last;
};

static bool
in_ranges(uint32_t cp, const struct range *ranges, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (cp >= ranges[i].first && cp <= ranges[i].last)
			return true;
	return false;
}

/* Characters that reorder, hide or stand for nothing one could see. */
static bool
is_invisible(uint32_t cp)
{
	static const struct range invisible[] = {
		{ 0x00ad, 0x00ad },   { 0x061c, 0x061c },   { 0x115f, 0x1160 },   { 0x17b4, 0x17b5 },
		{ 0x180b, 0x180f },   { 0x200b, 0x200f },   { 0x2028, 0x202e },   { 0x2060, 0x206f },
		{ 0x3164, 0x3164 },   { 0xfe00, 0xfe0f },   { 0xfeff, 0xfeff },   { 0xffa0, 0xffa0 },
		{ 0xfff9, 0xfffb },   { 0x1bca0, 0x1bca3 }, { 0x1d173, 0x1d17a }, { 0xe0000, 0xe0fff },
	};

	return cp >= 0xad && in_ranges(cp, invisible, ARRAY_SIZE(invisible));
}

/* What shapes its base on some terminals only. */
static bool
is_shaper(uint32_t cp)
{
	static const struct range shapers[] = {
		{ 0x200c, 0x200d }, { 0xfe00, 0xfe0f }, { 0x1f3fb, 0x1f3ff },
	};

	return cp >= 0x200c && in_ranges(cp, shapers, ARRAY_SIZE(shapers));
}

static void __attribute__((format(printf, 2, 3)))
stand_in(struct glyph *g, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	g->n = (uint8_t)vsnprintf(g->utf8, sizeof g->utf8, fmt, ap);
	va_end(ap);
	g->width = g->n;
	g->escaped = true;
}

/* A code point that cannot be shown as itself; false when it can. */
static bool
glyph_special(uint32_t cp, unsigned char byte, struct glyph *g)
{
	if (cp == UTF8_INVALID)
		stand_in(g, "<%02x>", byte);
	else if (cp == '\n') {
		stand_in(g, "\xe2\x86\xb5");
		g->width = 1;
	} else if (cp < 0x20)
		stand_in(g, "^%c", (int)cp + '@');
	else if (cp == 0x7f)
		stand_in(g, "^?");
	else if (is_invisible(cp) || wcwidth((wchar_t)cp) < 0)
		stand_in(g, cp < 0x100 ? "<%02x>" : "<%04x>", (unsigned)cp);
	else
		return false;
	return true;
}

/* Take the marks that combine with g's base; a terminal cell holds four of them. */
static void
take_marks(struct span *s, struct glyph *g)
{
	enum { MARKS = 4 };
	size_t len;

	for (unsigned marks = 0; s->n && (unsigned char)*s->p >= 0x80; *s = span_from(*s, len)) {
		uint32_t cp = utf8_decode(*s, &len);

		if (cp == UTF8_INVALID)
			return;
		if (is_shaper(cp))
			continue;
		if (is_invisible(cp) || wcwidth((wchar_t)cp) != 0)
			return;
		if (marks++ < MARKS) {
			memcpy(g->utf8 + g->n, s->p, len);
			g->n = (uint8_t)(g->n + len);
		}
	}
}

bool
text_next(struct span *s, struct glyph *g)
{
	if (!s->n)
		return false;
	unsigned char c = (unsigned char)*s->p;

	*g = (struct glyph){ .n = 1, .width = 1, .utf8 = { c == '\t' ? ' ' : (char)c } };
	if ((c >= 0x20 && c < 0x7f) || c == '\t') {
		*s = span_from(*s, 1);
		if (s->n && (unsigned char)*s->p >= 0x80)
			take_marks(s, g);
		return true;
	}
	size_t len;
	uint32_t cp = utf8_decode(*s, &len);
	struct span at = span_head(*s, len);

	*s = span_from(*s, len);
	if (glyph_special(cp, c, g))
		return true;
	int width = wcwidth((wchar_t)cp);
	/* A mark without a base is put on a blank. */
	size_t base = width == 0;

	g->utf8[0] = ' ';
	memcpy(g->utf8 + base, at.p, len);
	g->n = (uint8_t)(base + len);
	g->width = (uint8_t)(width ? width : 1);
	take_marks(s, g);
	return true;
}

void
text_write(FILE *out, struct span s)
{
	struct glyph g;

	while (s.n) {
		ptrdiff_t nl = span_chr(s, '\n');
		struct span line = span_head(s, nl < 0 ? s.n : (size_t)nl);

		while (text_next(&line, &g))
			fwrite(g.utf8, 1, g.n, out);
		if (nl >= 0)
			fputc('\n', out);
		s = span_from(s, nl < 0 ? s.n : (size_t)nl + 1);
	}
}

size_t
text_width(struct span s)
{
	struct glyph g;
	size_t width = 0;

	while (text_next(&s, &g))
		width += g.width;
	return width;
}

uint32_t
utf8_fold(uint32_t cp)
{
	if (cp < 0x80)
		return cp >= 'A' && cp <= 'Z' ? cp + 32 : cp;
	if (cp == 0x3c2) /* the sigma at the end of a word */
		return 0x3c3;
	return (uint32_t)towlower((wint_t)cp);
}

/* ESC ] P ^ _ X open a string that BEL or ESC \ ends. */
static size_t
skip_string(struct span s)
{
	for (size_t i = 2; i < s.n; i++) {
		if (s.p[i] == '\a')
			return i + 1;
		if (s.p[i] == '\033')
			return i + 1 < s.n && s.p[i + 1] == '\\' ? i + 2 : 0;
	}
	return 0;
}

size_t
ansi_skip(struct span s)
{
	size_t i = 1;

	if (s.n < 2 || s.p[0] != '\033')
		return 0;
	if (strchr("]P^_X", s.p[1]) && s.p[1])
		return skip_string(s);
	if (s.p[1] == '[')
		for (i = 2; i < s.n && s.p[i] >= 0x30 && s.p[i] <= 0x3f;)
			i++;
	while (i < s.n && s.p[i] >= 0x20 && s.p[i] <= 0x2f)
		i++;
	unsigned char low = s.p[1] == '[' ? 0x40 : 0x30;

	return i < s.n && (unsigned char)s.p[i] >= low && (unsigned char)s.p[i] <= 0x7e ? i + 1 : 0;
}
