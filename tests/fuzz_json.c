/*
 * Fuzzes the JSON scan, the values it hands out, and both formats that stand
 * on it. The answer of the scan is compared with jansson's (json_oracle.h
 * says what is left out); everything else only has to stay in its bounds.
 */
#include "config.h"

#include "core/alloc.h"
#include "core/format_rows.h"
#include "core/json.h"
#include "tests/fuzz.h"
#include "tests/json_oracle.h"

#include <stdlib.h>

static void
walk(struct span text)
{
	struct json j;
	struct json_member m;
	struct strbuf out = STRBUF_INIT;
	double number;

	json_open(&j, text);
	while (json_next(&j, &m)) {
		FUZZ_ASSERT(m.value.p >= text.p && m.value.p + m.value.n <= text.p + text.n);
		strbuf_clear(&out);
		json_unescape(m.value, &out);
		FUZZ_ASSERT(m.escaped || m.kind != VALUE_STRING || span_eq(strbuf_span(&out), m.value));
		FUZZ_ASSERT(m.kind != VALUE_NUMBER || json_number(m.value, &number));
	}
	FUZZ_ASSERT(j.fault_pos <= text.n);
	strbuf_release(&out);
}

static void
ignore(void *arg, const struct keyvalue *kv)
{
	(void)arg;
	FUZZ_ASSERT(kv->value.p != NULL);
}

/* A line is never both. */
static void
parse(struct span text)
{
	struct parser p;
	struct parsed out;

	parser_init(&p);
	for (int told = 0; told < 2; told++) {
		p.emit = told ? ignore : NULL;
		bool json = format_parse(&format_json, &p, text, &out);
		bool naive = format_parse(&format_json_naive, &p, text, &out);

		FUZZ_ASSERT(!(json && naive));
	}
	parser_release(&p);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* A copy of the exact size, so that reading beyond it is noticed. */
	char *copy = xmalloc(size + !size);
	struct span text = span_of(copy, size);

	memcpy(copy, data, size);
	FUZZ_ASSERT(json_oracle(text) != ORACLE_WRONG);
	walk(text);
	parse(text);
	free(copy);
	return 0;
}
