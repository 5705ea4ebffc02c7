/*
 * record: see record.h.
 *
 * The idea: a record is looked at rarely and in part, so nothing is found
 * before it is asked for. The first line is parsed once for all fields with
 * a role; any other key costs a second pass over the line with the format's
 * emitter listening.
 *
 * Scratch: text[0] holds the answer to the last question, text[1] the
 * unescaped text that the traceback's spans point into. Spans of `parsed`
 * may point into the parser's arena, which every parse writes anew; a
 * second pass therefore fills `parsed` again.
 */
#include "config.h"

#include "core/record.h"

#include "core/encoding.h"
#include "core/json.h"
#include "core/route.h"

void
record_release(struct record *r)
{
	strbuf_release(&r->text[0]);
	strbuf_release(&r->text[1]);
	strbuf_release(&r->decoded);
	loan_release(&r->loan);
}

void
record_reset(struct record *r)
{
	r->is_parsed = r->has_traceback = r->traceback_sought = r->is_readable = false;
	r->request = SPAN_NONE;
}

struct span
record_text(struct record *r)
{
	if (!r->is_readable) {
		r->is_readable = true;
		r->readable = encoding_decode(r->bytes, &r->decoded) ? strbuf_span(&r->decoded) : r->bytes;
	}
	return r->readable;
}

/* Bytes before the first line feed. */
static size_t
first_line_size(struct span text)
{
	ptrdiff_t at = span_chr(text, '\n');

	return at < 0 ? text.n : (size_t)at;
}

struct span
record_first_line(struct record *r)
{
	struct span text = record_text(r), line = span_head(text, first_line_size(text));

	if (line.n && line.p[line.n - 1] == '\r')
		line.n--;
	return line;
}

struct span
record_rest(struct record *r)
{
	struct span text = record_text(r);

	return span_from(text, first_line_size(text) + 1);
}

static bool
is_raw(const struct record *r)
{
	return !r->format || r->format->id == FORMAT_RAW;
}

static void
parse(struct record *r)
{
	parsed_clear(&r->parsed);
	r->is_parsed = true;
	if (is_raw(r))
		r->parsed.field[FIELD_MESSAGE] = record_first_line(r);
	else if (!format_parse(r->format, r->parser, record_first_line(r), &r->parsed))
		parsed_clear(&r->parsed);
}

/* Parse once more, with every key told to fn. */
static void
parse_aloud(struct record *r, void (*fn)(void *arg, const struct keyvalue *kv), void *arg)
{
	if (is_raw(r))
		return;
	r->parser->emit = fn;
	r->parser->emit_arg = arg;
	parse(r);
	r->parser->emit = NULL;
	r->parser->emit_arg = NULL;
	r->traceback_sought = false;
}

const struct parsed *
record_parsed(struct record *r)
{
	if (!r->is_parsed)
		parse(r);
	return &r->parsed;
}

/* The text with its escapes resolved into a scratch buffer, where it has any. */
static struct span
unescaped(struct strbuf *scratch, struct span text, bool escaped)
{
	if (!escaped || !text.n)
		return text;
	strbuf_clear(scratch);
	json_unescape(text, scratch);
	return strbuf_span(scratch);
}

static struct span
own_field(struct record *r, enum field f, struct strbuf *scratch)
{
	const struct parsed *parsed = record_parsed(r);

	return unescaped(scratch, parsed->field[f], parsed->escaped >> f & 1);
}

/*
 * Where a traceback may stand: a field of its own (exc_info), the lines that
 * follow, or a message that has lines of its own.
 */
static const struct traceback *
traceback(struct record *r)
{
	if (!r->traceback_sought) {
		struct span text = own_field(r, FIELD_TRACEBACK, &r->text[1]);

		r->traceback_sought = true;
		r->traceback = (struct traceback){ 0 };
		if (!text.n)
			text = record_rest(r);
		if (!text.n && r->parsed.escaped >> FIELD_MESSAGE & 1)
			text = own_field(r, FIELD_MESSAGE, &r->text[1]);
		r->has_traceback = text.n && traceback_read(text, &r->traceback);
	}
	return r->has_traceback ? &r->traceback : NULL;
}

static struct span
base_name(struct span path)
{
	const char *slash = path.n ? memrchr(path.p, '/', path.n) : NULL;

	return slash ? span_from(path, (size_t)(slash + 1 - path.p)) : path;
}

static struct span
find_level(struct record *r)
{
	return r->level == LEVEL_NONE ? SPAN_NONE : span_str(level_info[r->level].name);
}

static struct span
find_logger(struct record *r)
{
	return r->logger.n ? r->logger : own_field(r, FIELD_LOGGER, &r->text[0]);
}

static struct span
find_method(struct record *r)
{
	struct span own = own_field(r, FIELD_METHOD, &r->text[0]);
	ptrdiff_t blank = span_chr(r->request, ' ');

	return own.p || blank <= 0 ? own : span_head(r->request, (size_t)blank);
}

static struct span
find_route(struct record *r)
{
	ptrdiff_t blank = span_chr(r->request, ' ');

	if (blank >= 0)
		return span_from(r->request, (size_t)blank + 1);
	/* In text[1] the path outlives the making of the route, but the traceback does not. */
	r->traceback_sought = false;
	struct span path = own_field(r, FIELD_PATH, &r->text[1]);
	if (!path.p)
		return own_field(r, FIELD_ROUTE, &r->text[0]);
	strbuf_clear(&r->text[0]);
	route_add(&r->text[0], path);
	return strbuf_span(&r->text[0]);
}

static struct span
find_exception(struct record *r)
{
	struct span own = own_field(r, FIELD_EXCEPTION, &r->text[0]);

	if (own.p)
		return own;
	const struct traceback *tb = traceback(r);
	return tb ? tb->type : SPAN_NONE;
}

static struct span
find_exception_message(struct record *r)
{
	struct span own = own_field(r, FIELD_EXCEPTION_MESSAGE, &r->text[0]);

	if (own.p)
		return own;
	const struct traceback *tb = traceback(r);
	return tb ? tb->message : SPAN_NONE;
}

static struct span
find_frame(struct record *r)
{
	const struct traceback *tb = traceback(r);

	if (!tb || !tb->file.n)
		return own_field(r, FIELD_FRAME, &r->text[0]);
	struct span file = base_name(tb->file);

	strbuf_clear(&r->text[0]);
	strbuf_addf(&r->text[0], "%.*s:%.*s", SPAN_FMT(file), SPAN_FMT(tb->line));
	if (tb->function.n)
		strbuf_addf(&r->text[0], " %.*s", SPAN_FMT(tb->function));
	return strbuf_span(&r->text[0]);
}

static struct span
find_traceback(struct record *r)
{
	struct span own = own_field(r, FIELD_TRACEBACK, &r->text[0]);

	if (own.p || !traceback(r))
		return own;
	struct span rest = record_rest(r);
	return rest.n ? rest : own_field(r, FIELD_MESSAGE, &r->text[0]);
}

/* The fields that are more than a span of the line. */
static struct span (*const finders[FIELD_COUNT])(struct record *r) = {
	[FIELD_LEVEL] = find_level,
	[FIELD_LOGGER] = find_logger,
	[FIELD_METHOD] = find_method,
	[FIELD_ROUTE] = find_route,
	[FIELD_EXCEPTION] = find_exception,
	[FIELD_EXCEPTION_MESSAGE] = find_exception_message,
	[FIELD_FRAME] = find_frame,
	[FIELD_TRACEBACK] = find_traceback,
};

struct span
record_field(struct record *r, enum field f)
{
	if (f >= FIELD_COUNT)
		return SPAN_NONE;
	return finders[f] ? finders[f](r) : own_field(r, f, &r->text[0]);
}

struct key_search {
	struct span key;
	struct strbuf *text;
	enum value_kind kind;
	bool found;
};

/* A later key of the same name wins, as in every JSON reader. */
static void
keep_if_sought(void *arg, const struct keyvalue *kv)
{
	struct key_search *s = arg;

	if (!span_eq(kv->key, s->key))
		return;
	s->found = true;
	s->kind = kv->kind;
	strbuf_clear(s->text);
	if (kv->escaped)
		json_unescape(kv->value, s->text);
	else
		strbuf_add(s->text, kv->value);
}

struct span
record_key(struct record *r, struct span key, enum value_kind *kind)
{
	struct key_search s = { key, &r->text[0], VALUE_NULL, false };

	parse_aloud(r, keep_if_sought, &s);
	if (!s.found)
		return SPAN_NONE;
	if (kind)
		*kind = s.kind;
	return strbuf_span(&r->text[0]);
}

struct telling {
	void (*fn)(void *arg, const struct keyvalue *kv);
	void *arg;
	struct strbuf *text;
	uint64_t told; /* bit per field */
};

static void
tell(void *arg, const struct keyvalue *kv)
{
	struct telling *t = arg;
	struct keyvalue plain = *kv;

	plain.value = unescaped(t->text, kv->value, kv->escaped);
	plain.escaped = false;
	if (kv->id < FIELD_COUNT)
		t->told |= UINT64_C(1) << kv->id;
	t->fn(t->arg, &plain);
}

/* What no key of the line says. */
static void
tell_found(struct telling *t, struct record *r, enum field f)
{
	struct span value = t->told >> f & 1 ? SPAN_NONE : record_field(r, f);
	struct keyvalue kv = { span_str(field_info[f].name), value, f, VALUE_STRING, false };

	if (value.p)
		tell(t, &kv);
}

void
record_each(struct record *r, void (*fn)(void *arg, const struct keyvalue *kv), void *arg)
{
	struct telling t = { fn, arg, &r->text[0], 0 };

	parse_aloud(r, tell, &t);
	if (is_raw(r))
		tell_found(&t, r, FIELD_MESSAGE);
	tell_found(&t, r, FIELD_EXCEPTION);
	tell_found(&t, r, FIELD_EXCEPTION_MESSAGE);
	tell_found(&t, r, FIELD_FRAME);
	tell_found(&t, r, FIELD_TRACEBACK);
}
