/*
 * Fuzzes format_detect, format_sniff, traceback_read and route_add with the
 * lines of the input: what they point to must lie within the line or the
 * arena, and a line must have the format that it was found to have.
 */
#include "config.h"

#include "core/format.h"

#include "core/route.h"
#include "core/traceback.h"
#include "tests/fuzz.h"

static bool
within(struct span s, struct span whole)
{
	return !s.p || !s.n || (s.p >= whole.p && s.p + s.n <= whole.p + whole.n);
}

static void
check_fields(const struct parser *p, struct span line, const struct parsed *out)
{
	struct span arena = span_of(p->arena.p, p->arena.cap);

	for (int f = 0; f < FIELD_COUNT; f++)
		FUZZ_ASSERT(within(out->field[f], line) || within(out->field[f], arena));
}

static void
heard(void *arg, const struct keyvalue *kv)
{
	(void)arg;
	FUZZ_ASSERT(kv->key.p);
	if (kv->value.n)
		span_hash(kv->value);
}

static void
check_line(struct parser *p, struct span line)
{
	const struct format *f, *again;
	struct strbuf route = STRBUF_INIT;
	struct parsed out;

	f = format_detect(p, line, &out);
	check_fields(p, line, &out);
	route_add(&route, out.field[FIELD_PATH].p ? out.field[FIELD_PATH] : line);
	strbuf_release(&route);
	if (!f)
		return;
	FUZZ_ASSERT(format_parse(f, p, line, &out));
	check_fields(p, line, &out);
	p->emit = heard;
	again = format_detect(p, line, &out);
	p->emit = NULL;
	FUZZ_ASSERT(again == f);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span text = span_of((const char *)data, size), rest = text;
	struct traceback trace;
	struct parser p;

	parser_init(&p);
	format_sniff(&p.memory, text);
	/* All weak formats, on every other input. */
	if (size & 1)
		p.memory.spoken = UINT64_MAX;
	while (rest.n) {
		ptrdiff_t end = span_chr(rest, '\n');
		struct span line = end < 0 ? rest : span_head(rest, (size_t)end);

		check_line(&p, line);
		rest = span_from(rest, line.n + 1);
	}
	if (traceback_read(text, &trace)) {
		FUZZ_ASSERT(within(trace.type, text) && within(trace.message, text));
		FUZZ_ASSERT(within(trace.file, text) && within(trace.line, text));
		FUZZ_ASSERT(within(trace.function, text));
	}
	parser_release(&p);
	return 0;
}
