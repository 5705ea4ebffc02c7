/*
 * Fuzzes the route of a path and the reading of a stack trace. The first line
 * of the input is the path, all of it the trace.
 *
 * Checked: a route is appended, holds no query, no more than its path's
 * slashes and, where the path is UTF-8, nothing else; the trace's spans lie in
 * the text, a line number is digits, and no part of a trace spans lines.
 */
#include "config.h"

#include "core/route.h"

#include "core/encoding.h"
#include "core/traceback.h"
#include "tests/fuzz.h"

static size_t
slashes(struct span s)
{
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++)
		n += s.p[i] == '/';
	return n;
}

static void
check_route(struct span path)
{
	struct strbuf route = STRBUF_INIT, again = STRBUF_INIT;

	strbuf_str(&route, "GET ");
	route_add(&route, path);
	FUZZ_ASSERT(span_starts(strbuf_span(&route), SPAN_LIT("GET ")));
	struct span made = span_from(strbuf_span(&route), 4);

	FUZZ_ASSERT(span_chr(made, '?') < 0 && span_chr(made, '#') < 0);
	FUZZ_ASSERT(slashes(made) <= slashes(path) + !slashes(path));
	FUZZ_ASSERT(!encoding_is_utf8(path) || encoding_is_utf8(made));
	route_add(&again, path);
	FUZZ_ASSERT(span_eq(made, strbuf_span(&again)));
	strbuf_release(&route);
	strbuf_release(&again);
}

static void
check_part(struct span part, struct span text)
{
	if (!part.p)
		return;
	FUZZ_ASSERT(part.p >= text.p && part.p + part.n <= text.p + text.n);
	FUZZ_ASSERT(span_chr(part, '\n') < 0);
}

static void
check_trace(struct span text)
{
	struct traceback t;

	if (!traceback_read(text, &t))
		return;
	FUZZ_ASSERT(t.type.n && t.message.p);
	check_part(t.type, text);
	check_part(t.message, text);
	check_part(t.file, text);
	check_part(t.function, text);
	check_part(t.line, text);
	FUZZ_ASSERT(!t.file.n == !t.line.n);
	for (size_t i = 0; i < t.line.n; i++)
		FUZZ_ASSERT(t.line.p[i] >= '0' && t.line.p[i] <= '9');
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span text = span_of((const char *)data, size);
	ptrdiff_t end = span_chr(text, '\n');

	check_route(end < 0 ? text : span_head(text, (size_t)end));
	check_trace(text);
	return 0;
}
