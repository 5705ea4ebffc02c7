/*
 * Fuzzes the masking of secrets. The input is a text of a log; its first line is
 * also taken for the name of a key, the rest for its value.
 *
 * Checked beyond crashes: what is found is masked and nothing else is; what is
 * masked has no secret; a text without secrets stays untouched.
 */
#include "config.h"

#include "core/mask.h"

#include "core/alloc.h"
#include "tests/fuzz.h"

#include <locale.h>
#include <stdlib.h>

/*
 * What is left of a text whose secrets are taken out may come to look like one, as
 * when a card's number follows a key; after a few rounds nothing is left.
 */
enum { ROUNDS = 8 };

static void
check_text(struct span text)
{
	struct strbuf out = STRBUF_INIT, next = STRBUF_INIT;
	bool masked = mask_text(text, &out);

	FUZZ_ASSERT(masked == (mask_find(text) != 0));
	FUZZ_ASSERT(masked || !out.n);
	for (int i = 0; masked; i++) {
		strbuf_clear(&next);
		masked = mask_text(strbuf_span(&out), &next);
		if (masked) {
			strbuf_clear(&out);
			strbuf_add(&out, strbuf_span(&next));
		}
		FUZZ_ASSERT(i < ROUNDS);
	}
	strbuf_release(&out);
	strbuf_release(&next);
}

static void
check_value(struct span text)
{
	struct strbuf out = STRBUF_INIT;
	ptrdiff_t nl = span_chr(text, '\n');

	if (nl < 0)
		return;
	FUZZ_ASSERT(mask_value(span_head(text, (size_t)nl), span_from(text, (size_t)nl + 1), &out) || !out.n);
	strbuf_release(&out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span text = span_of((const char *)data, size);

	setlocale(LC_CTYPE, "C.UTF-8");
	mask_set_emails(size & 1);
	check_text(text);
	check_value(text);
	return 0;
}
