#include "config.h"

#include "core/json_out.h"

#include "core/strbuf.h"
#include "core/utf8.h"

json_t *
json_out_text(struct span s)
{
	json_t *text = s.n ? json_stringn(s.p, s.n) : json_string("");
	struct strbuf clean = STRBUF_INIT;

	if (text)
		return text;
	while (s.n) {
		size_t len;
		uint32_t cp = utf8_decode(s, &len);
		char utf8[4];

		strbuf_add(&clean, span_of(utf8, utf8_encode(cp == UTF8_INVALID ? 0xfffd : cp, utf8)));
		s = span_from(s, len);
	}
	text = json_stringn(clean.p, clean.n);
	strbuf_release(&clean);
	return text;
}
