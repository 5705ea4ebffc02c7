/*
 * osc52: ESC ] 52 ; c ; base64 BEL.
 *
 * Base64 makes any bytes harmless here: what is copied never acts on the
 * terminal itself.
 */
#include "config.h"

#include "tui/osc52.h"

static void
add_group(struct strbuf *out, const unsigned char *p, size_t n)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	uint32_t bits = (uint32_t)p[0] << 16 | (n > 1 ? p[1] << 8 : 0) | (n > 2 ? p[2] : 0);

	for (size_t i = 0; i < 4; i++)
		strbuf_char(out, i <= n ? digits[bits >> (18 - 6 * i) & 0x3f] : '=');
}

void
osc52_add(struct strbuf *out, struct span text)
{
	text = span_head(text, OSC52_MAX);
	strbuf_str(out, "\033]52;c;");
	for (size_t i = 0; i < text.n; i += 3)
		add_group(out, (const unsigned char *)text.p + i, text.n - i < 3 ? text.n - i : 3);
	strbuf_char(out, '\a');
}
