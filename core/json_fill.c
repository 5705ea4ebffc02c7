/*
 * json_fill: from members to fields.
 *
 * A setter for each kind of field takes the value or refuses it ("status":
 * "ok" is no status); what is refused leaves the field to a key of a higher
 * rank. Values stay as they are written: nothing is unescaped here but a
 * wrapped line, which has to be read as the line it was.
 */
#include "config.h"

#include "core/json_fill.h"

#include "core/alloc.h"
#include "core/parsed.h"
#include "core/units.h"

#include <math.h>

enum { NO_RANK = 255 };

/* What keys are known for beside their field. */
enum {
	KEY_WRAPS = 1 << 0,    /* its text is a line that was wrapped */
	KEY_LOOSE = 1 << 1,    /* under "request" a lone word is anybody's */
	KEY_PYTHON = 1 << 2,   /* its numbers are Python's levels */
	KEY_DOTNET = 1 << 3,   /* "Elapsed": so capitalised it is .NET's, in ms */
};

void
json_fill_init(struct json_fill *f, struct parser *p, struct parsed *out)
{
	f->parser = p;
	f->out = out;
	f->members = 0;
	f->naive = true;
	f->wrapped = f->bare = false;
	f->unit = 1;
	memset(f->rank, NO_RANK, sizeof f->rank);
}

static void
store(struct json_fill *f, enum field id, const struct json_member *m)
{
	f->out->field[id] = m->value;
	f->out->escaped &= ~(UINT64_C(1) << id);
	f->out->escaped |= (uint64_t)m->escaped << id;
}

static bool
read_integer(struct span s, int64_t *value)
{
	int64_t v = 0;

	if (!s.n || s.n > 18)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		unsigned digit = (unsigned char)s.p[i] - (unsigned)'0';

		if (digit > 9)
			return false;
		v = v * 10 + digit;
	}
	*value = v;
	return true;
}

static bool
set_message(struct json_fill *f, const struct json_meaning *k, const struct json_member *m)
{
	store(f, FIELD_MESSAGE, m);
	if (m->kind == VALUE_NULL)
		/* Python's formatter writes null when a dict was logged: an empty message. */
		f->out->field[FIELD_MESSAGE].n = 0;
	f->wrapped = k->traits & KEY_WRAPS;
	return true;
}

/* A whole request line: "GET /x HTTP/1.1". */
static bool
set_request(struct json_fill *f, const struct json_member *m)
{
	struct parsed line;

	parsed_clear(&line);
	if (m->escaped || !parsed_request(&(struct parser){ .emit = NULL }, &line, m->value))
		return false;
	f->out->field[FIELD_METHOD] = line.field[FIELD_METHOD];
	f->out->escaped &= ~(UINT64_C(1) << FIELD_METHOD | UINT64_C(1) << FIELD_PATH);
	if (f->rank[FIELD_PATH] == NO_RANK)
		f->out->field[FIELD_PATH] = line.field[FIELD_PATH];
	return true;
}

/* "GET /x": a word and more; a method alone is too short for that to be looked for by memchr(). */
static bool
has_words(struct span text)
{
	if (text.n > 8)
		return span_chr(text, ' ') > 0;
	for (size_t i = 0; i < text.n; i++)
		if (text.p[i] == ' ')
			return i > 0;
	return false;
}

static bool
set_text(struct json_fill *f, const struct json_meaning *k, const struct json_member *m)
{
	enum field id = k->id;

	if (id == FIELD_METHOD && m->kind == VALUE_STRING && has_words(m->value))
		return set_request(f, m);
	if (k->traits & KEY_LOOSE)
		return false;
	if (id == FIELD_MESSAGE && (m->kind == VALUE_STRING || m->kind == VALUE_NULL))
		return set_message(f, k, m);
	if (m->kind != VALUE_STRING && m->kind != VALUE_NUMBER)
		return false;
	/* A stack has line ends; a single word under the same key is the exception's type. */
	if (id == FIELD_TRACEBACK && !m->escaped) {
		if (!f->out->field[FIELD_EXCEPTION].p && span_chr(m->value, ' ') < 0)
			store(f, FIELD_EXCEPTION, m);
		return false;
	}
	store(f, id, m);
	return m->value.n > 0;
}

static bool
set_time(struct json_fill *f, const struct json_meaning *k, const struct json_member *m)
{
	struct span stamp = m->value;

	/* gunicorn's %(t)s stands in brackets. */
	if (stamp.n > 2 && stamp.p[0] == '[' && stamp.p[stamp.n - 1] == ']')
		stamp = span_of(stamp.p + 1, stamp.n - 2);
	if ((m->kind != VALUE_STRING && m->kind != VALUE_NUMBER) || !parsed_time(f->parser, f->out, stamp))
		return false;
	store(f, k->id, m);
	return true;
}

static enum level
level_of(const struct json_meaning *k, const struct json_member *m)
{
	int64_t n;

	/* Nearly all are words. */
	if (m->value.n && (unsigned char)*m->value.p > '9')
		return m->kind == VALUE_STRING ? level_parse(m->value) : LEVEL_NONE;
	if (!read_integer(m->value, &n) || n > 1000)
		return m->kind == VALUE_STRING ? level_parse(m->value) : LEVEL_NONE;
	/* Python's numbers are ten below those of bunyan and pino. */
	return level_from_number((long)n + (k->traits & KEY_PYTHON ? 10 : 0));
}

static bool
set_level(struct json_fill *f, const struct json_meaning *k, const struct json_member *m)
{
	enum level level = level_of(k, m);

	if (m->kind != VALUE_STRING && m->kind != VALUE_NUMBER)
		return false;
	if (level != LEVEL_NONE || !f->out->field[k->id].p)
		store(f, k->id, m);
	if (level != LEVEL_NONE)
		f->out->level = level;
	return level != LEVEL_NONE;
}

static bool
set_int(struct json_fill *f, const struct json_meaning *k, const struct json_member *m)
{
	int64_t n;

	if (!read_integer(m->value, &n))
		return false;
	if (k->id == FIELD_STATUS) {
		if (n < 100 || n > 999)
			return false;
		f->out->status = (int)n;
	}
	store(f, k->id, m);
	return true;
}

static bool
set_bytes(struct json_fill *f, const struct json_meaning *k, const struct json_member *m)
{
	int64_t n;

	if (!read_integer(m->value, &n))
		return false;
	store(f, k->id, m);
	f->out->size = n;
	return true;
}

static bool
set_seconds(struct json_fill *f, const struct json_meaning *k, const struct json_member *m)
{
	double seconds, scale = k->traits & KEY_DOTNET ? 1e-3 : k->scale;
	int64_t ns;

	if (m->kind != VALUE_STRING && m->kind != VALUE_NUMBER)
		return false;
	f->bare = json_number(m->value, &seconds);
	if (f->bare)
		seconds *= scale;
	else if (m->kind == VALUE_STRING && units_parse_duration(m->value, &ns))
		seconds = (double)ns / 1e9;
	else
		return false;
	if (!isfinite(seconds) || seconds < 0)
		return false;
	store(f, k->id, m);
	f->out->duration = seconds;
	f->bare = f->bare && scale == 1;
	return true;
}

static bool (*const setters[])(struct json_fill *, const struct json_meaning *,
			       const struct json_member *) = {
	[KIND_TEXT] = set_text, [KIND_TIME] = set_time,       [KIND_LEVEL] = set_level,
	[KIND_INT] = set_int,   [KIND_SECONDS] = set_seconds, [KIND_BYTES] = set_bytes,
};

/* Only here, where somebody looks at one record, is a key unescaped. */
static void
emit(struct parser *p, const struct json_member *m, enum field id)
{
	struct strbuf key = STRBUF_INIT;
	struct keyvalue kv = { m->key, m->value, id, m->kind, m->escaped };

	if (m->key_escaped) {
		json_unescape(m->key, &key);
		kv.key = strbuf_span(&key);
	}
	p->emit(p->emit_arg, &kv);
	strbuf_release(&key);
}

static void
watch_naive(struct json_fill *f, struct span key)
{
	static const struct span naive[] = {
		{ "level", 5 }, { "time", 4 }, { "module", 6 }, { "message", 7 },
	};

	f->naive = f->members < ARRAY_SIZE(naive) && span_eq(key, naive[f->members]);
}

static uint8_t
key_traits(enum field id, struct span key)
{
	switch (id) {
	case FIELD_MESSAGE:
		return span_eq(key, SPAN_LIT("log")) || span_eq(key, SPAN_LIT("MESSAGE")) ? KEY_WRAPS : 0;
	case FIELD_METHOD:
		return span_chr(key, 'r') == 0 && span_ends(key, SPAN_LIT("request")) ? KEY_LOOSE : 0;
	case FIELD_LEVEL:
		return span_eq(key, SPAN_LIT("levelno")) || span_eq(key, SPAN_LIT("level_number")) ?
			       KEY_PYTHON : 0;
	case FIELD_DURATION:
		return span_eq(key, SPAN_LIT("Elapsed")) ? KEY_DOTNET : 0;
	default:
		return 0;
	}
}

struct json_meaning
json_fill_meaning(struct span key)
{
	unsigned rank;
	struct json_meaning k;

	k.id = field_by_key(key, &rank, &k.scale);
	k.rank = (uint8_t)rank;
	k.traits = key_traits(k.id, key);
	k.plain = k.id != FIELD_OTHER && field_info[k.id].kind == KIND_TEXT && k.id != FIELD_METHOD &&
		  k.id != FIELD_MESSAGE && k.id != FIELD_TRACEBACK;
	return k;
}

void
json_fill_known(struct json_fill *f, const struct json_meaning *k, const struct json_member *m)
{
	if (k->id != FIELD_OTHER && k->rank < f->rank[k->id] && setters[field_info[k->id].kind](f, k, m))
		f->rank[k->id] = k->rank;
	if (k->id == FIELD_OTHER && k->scale != 1)
		f->unit = k->scale;
}

void
json_fill_member(struct json_fill *f, const struct json_member *m)
{
	struct json_meaning k = json_fill_meaning(m->key);

	if (f->naive)
		watch_naive(f, m->key);
	f->members++;
	if (f->parser->emit)
		emit(f->parser, m, k.id);
	if (k.plain)
		json_fill_plain(f, &k, m->value.p, m->value.n, m->kind, m->escaped);
	else
		json_fill_known(f, &k, m);
}

/* Take an escaped line end ("\n", "\r\n") off the end of a string. */
static struct span
chop_line_end(struct span raw)
{
	while (raw.n >= 2 && (raw.p[raw.n - 1] == 'n' || raw.p[raw.n - 1] == 'r')) {
		size_t backslashes = 0;

		while (backslashes < raw.n - 1 && raw.p[raw.n - 2 - backslashes] == '\\')
			backslashes++;
		if (backslashes % 2 == 0)
			break;
		raw.n -= 2;
	}
	return raw;
}

/* Read the line inside the line. The arena has room for it, so what is in it does not move. */
static void
read_wrapped(struct json_fill *f)
{
	struct strbuf *arena = &f->parser->arena;
	struct parsed *out = f->out;
	struct span text = chop_line_end(out->field[FIELD_MESSAGE]);

	if (span_chr(text, '\\') >= 0) {
		size_t from = arena->n;

		json_unescape(text, arena);
		text = span_of(arena->p + from, arena->n - from);
	}
	out->field[FIELD_MESSAGE] = text;
	out->escaped &= ~(UINT64_C(1) << FIELD_MESSAGE);
	format_inner(f->parser, text, out);
}

static bool
has(const struct parsed *out, enum field id)
{
	return out->field[id].p != NULL;
}

void
json_fill_end(struct json_fill *f)
{
	struct parsed *out = f->out;
	if (f->bare && out->duration >= 0)
		out->duration *= f->unit;
	bool request = has(out, FIELD_METHOD) && has(out, FIELD_PATH) && out->status;

	if (request && !has(out, FIELD_MESSAGE) && !has(out, FIELD_EVENT)) {
		out->flags |= PARSED_ACCESS;
		if (out->level == LEVEL_NONE)
			out->level = level_from_status(out->status);
	}
	if (!has(out, FIELD_MESSAGE) && has(out, FIELD_EVENT)) {
		out->field[FIELD_MESSAGE] = out->field[FIELD_EVENT];
		out->escaped |= (out->escaped >> FIELD_EVENT & 1) << FIELD_MESSAGE;
	}
	if (out->duration >= 0 && !has(out, FIELD_PATH) && !has(out, FIELD_METHOD) && !out->status &&
	    (has(out, FIELD_FUNCTION) || has(out, FIELD_TASK) || has(out, FIELD_TASK_ID)))
		out->flags |= PARSED_FUNCTION;
	if (f->wrapped && has(out, FIELD_MESSAGE))
		read_wrapped(f);
}

struct span
json_fill_rest(struct span line, const char *from)
{
	struct span rest = span_of(from, (size_t)(line.p + line.n - from));

	if (span_ends(rest, SPAN_LIT("\"}")))
		rest.n -= 2;
	return rest;
}

bool
json_fill_naive_end(struct json_fill *f, struct span line)
{
	struct parsed *out = f->out;
	struct span *message = &out->field[FIELD_MESSAGE];

	json_fill_end(f);
	if (!message->p || message->p[-1] != '"' || (out->level == LEVEL_NONE && out->time == TIME_NONE))
		return false;
	*message = json_fill_rest(line, message->p);
	out->escaped &= ~(UINT64_C(1) << FIELD_MESSAGE);
	return true;
}
