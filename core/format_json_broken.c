/*
 * format_json_broken: JSON by a formatter that pastes its message between
 * quotes without escaping it:
 *
 *	{"level": "INFO", "time": "...", "module": "views", "message": "no "x""}
 *	                                                              ^ here it ends to be JSON
 *
 * Such a line is read up to its fault. When the fault lies in the message,
 * or right behind it, the message is all that follows, less a final "}; it is
 * not unescaped, for it never was escaped. A message with a line end, and the
 * traceback after the closing brace, go on in the following lines.
 *
 * The guide's formatter writes exactly level, time, module and message. Its
 * lines are taken even where they happen to be valid, so that they are all
 * read alike and keep their tracebacks. Any other valid object is refused.
 */
#include "config.h"

#include "core/format_rows.h"
#include "core/json_fill.h"

/* What one pass over a line found. */
struct reading {
	struct span message;      /* as the scan saw it; p is NULL when there was none */
	bool cut;                 /* the fault is in the message, or follows it at once */
	bool naive;               /* it has the keys of the guide's formatter */
	bool valid;               /* it is JSON */
	bool wrapped;             /* its message is a line of its own */
	const char *fault;
	size_t fault_pos;
};

/* Whether nothing but blanks and a comma stand between a string and the fault. */
static bool
follows(struct span value, const char *fault)
{
	const char *p = value.p + value.n;

	if (p >= fault)
		return false;
	for (p++; p < fault; p++)
		if (*p != ' ' && *p != ',' && *p != '\t')
			return false;
	return true;
}

static bool
is_message(const struct json_member *m)
{
	unsigned rank;
	double scale;

	return m->value.p && m->kind == VALUE_STRING &&
	       field_by_key(m->key, &rank, &scale) == FIELD_MESSAGE;
}

/* One pass; `message` is put in the place of the member that begins where it does. */
static struct reading
read_line(struct parser *p, struct span line, struct span message, struct parsed *out)
{
	struct reading r = { .cut = false };
	struct json j;
	struct json_member m;
	struct json_fill fill;
	bool more;

	json_fill_init(&fill, p, out);
	json_open(&j, line);
	do {
		more = json_next(&j, &m);
		if (!m.value.p)
			break;
		if (is_message(&m)) {
			r.message = m.value;
			r.cut = !more;
		}
		if (m.value.p == message.p) {
			m.value = message;
			m.escaped = false;
		}
		json_fill_member(&fill, &m);
		r.naive |= json_fill_is_naive(&fill);
	} while (more);
	r.valid = !j.fault;
	/* A fifth member means an unescaped quote in the message, or a formatter that knows how. */
	r.naive = r.naive && (!r.valid || fill.members == 4);
	r.fault = j.fault;
	r.fault_pos = j.fault_pos;
	if (j.fault && r.message.p && follows(r.message, line.p + j.fault_pos))
		r.cut = true;
	r.wrapped = fill.wrapped;
	json_fill_end(&fill);
	return r;
}

static bool
refuse(struct parser *p, const char *miss, size_t pos)
{
	p->miss = miss;
	p->miss_pos = pos;
	return false;
}

static bool
parse(struct parser *p, struct span line, struct parsed *out)
{
	void (*told)(void *, const struct keyvalue *) = p->emit;
	size_t arena = p->arena.n;

	p->emit = NULL;
	struct reading r = read_line(p, line, SPAN_NONE, out);

	p->emit = told;
	if (r.valid && !r.naive)
		return refuse(p, "a fault in its JSON", line.n);
	if (!r.message.p || (out->level == LEVEL_NONE && out->time == TIME_NONE))
		return refuse(p, r.fault ? r.fault : "a level or a time", r.fault_pos);
	bool unescaped = r.naive || r.cut;
	struct span message = unescaped ? json_fill_rest(line, r.message.p) : SPAN_NONE;

	if (told || (unescaped && r.wrapped)) {
		/* What the first pass wrote is dropped: the arena has room for one. */
		p->arena.n = arena;
		parsed_clear(out);
		read_line(p, line, message, out);
	}
	if (unescaped && !r.wrapped) {
		out->field[FIELD_MESSAGE] = message;
		out->escaped &= ~(UINT64_C(1) << FIELD_MESSAGE);
	}
	if (!r.valid)
		out->flags |= PARSED_BROKEN;
	return true;
}

static const char *const samples[] = {
	"{\"level\": \"DEBUG\", \"time\": \"2025-09-08 22:26:57,260\", \"module\": \"views\", "
	"\"message\": \"no results for \"x\"\"}",
	"{\"level\": \"INFO\", \"time\": \"2025-09-08 21:48:00,552\", \"module\": \"middleware\", "
	"\"message\": \"Request started\"}",
	"{\"asctime\": \"2025-09-08 21:48:00,219\", \"levelname\": \"INFO\", \"message\": \"Request st",
	NULL,
};

const struct format format_json_naive = {
	.id = FORMAT_JSON_NAIVE,
	.name = "json-naive",
	.title = "JSON whose messages are not escaped",
	.start = START_STRONG,
	.multiline = true,
	.first = "{",
	.parse = parse,
	.samples = samples,
};
