/*
 * format: the registry, and the decision which format a line has.
 *
 * The registry is an array of rows in order of precedence, the user's own
 * first (their places are empty until they are registered). From their first
 * bytes a table of 256 bit sets is made once: for each byte the rows that a
 * line beginning with it can have, so that most lines are tried against one
 * to four formats. Strong rows are tried in order, then the weak ones that
 * the source is known to speak.
 *
 * A line is cleaned before it is matched: a byte order mark in front of it is
 * skipped, and the colour sequences of terminals are left out, into the
 * arena. The arena is made large enough beforehand for everything that
 * formats put there, so that spans into it stay good.
 */
#include "config.h"

#include "core/format.h"

#include <pthread.h>

#include "core/alloc.h"
#include "core/format_rows.h"
#include "core/format_user.h"
#include "core/json_shapes.h"
#include "core/parsed.h"

/* Formats inside formats inside formats are read so deep, then it is text. */
enum { DEPTH_MAX = 4 };

static const struct format format_raw = {
	.id = FORMAT_RAW,
	.name = "raw",
	.title = "Lines no format knows",
};

/*
 * Precedence. What has the narrower start stands first; the generic time
 * stamped text comes after everything that has a stamp and a shape of its own.
 */
static const struct format *registry[] = {
	/* Before the naive one, which has to scan a line in full to refuse it. */
	[FORMAT_USER_MAX] = &format_json,
	&format_json_naive,
	&format_django,
	&format_basic,
	&format_uvicorn,
	&format_runserver,
	&format_gunicorn,
	&format_celery,
	&format_uwsgi,
	&format_rails,
	&format_morgan,
	&format_apache,
	&format_nginx,
	&format_daphne,
	&format_access,
	&format_access_ms,
	&format_redis,
	&format_cri,
	&format_syslog,
	&format_postgres,
	&format_haproxy,
	&format_structlog,
	&format_python,
	&format_docker,
	&format_klog,
	&format_logfmt,
	&format_tagged,
	&format_simple,
	&format_timed,
	&format_compose,
};

enum { ROWS = ARRAY_SIZE(registry) };
_Static_assert(ROWS <= 64, "a row is a bit of a uint64_t");

static pthread_once_t tables_once = PTHREAD_ONCE_INIT;
static uint64_t by_first_byte[256];            /* bit: place in the registry */
static uint64_t weak_rows;
static const struct format *by_id[FORMAT_COUNT];
static unsigned n_user;

static void
add_first_bytes(const char *first, uint64_t bit)
{
	if (!first) {
		for (int c = 0; c < 256; c++)
			by_first_byte[c] |= bit;
		return;
	}
	for (const unsigned char *s = (const unsigned char *)first; *s; s++) {
		unsigned char last = s[1] == '-' && s[2] ? s[2] : s[0];

		for (unsigned c = s[0]; c <= last; c++)
			by_first_byte[c] |= bit;
		if (last != s[0])
			s += 2;
	}
}

static void
add_row(size_t place)
{
	const struct format *f = registry[place];
	uint64_t bit = UINT64_C(1) << place;

	by_id[f->id] = f;
	add_first_bytes(f->first, bit);
	if (f->start == START_WEAK)
		weak_rows |= bit;
}

static void
make_tables(void)
{
	for (int id = 0; id < FORMAT_COUNT; id++)
		by_id[id] = &format_raw;
	for (size_t i = FORMAT_USER_MAX; i < ROWS; i++)
		add_row(i);
}

bool
format_register(struct format *f)
{
	pthread_once(&tables_once, make_tables);
	if (n_user == FORMAT_USER_MAX)
		return false;
	f->id = (enum format_id)(FORMAT_USER + n_user);
	registry[n_user] = f;
	add_row(n_user++);
	return true;
}

void
parser_init(struct parser *p)
{
	pthread_once(&tables_once, make_tables);
	memset(p, 0, sizeof *p);
	timestamp_init(&p->time);
}

void
parser_release(struct parser *p)
{
	strbuf_release(&p->arena);
	matcher_free(p->matcher);
	json_shapes_free(p->shapes);
	p->matcher = NULL;
	p->shapes = NULL;
}

const struct format *
format_get(enum format_id id)
{
	pthread_once(&tables_once, make_tables);
	return by_id[id];
}

const struct format *
format_by_name(const char *name)
{
	for (size_t i = 0; i < ROWS; i++)
		if (registry[i] && strcmp(registry[i]->name, name) == 0)
			return registry[i];
	return strcmp(format_raw.name, name) == 0 ? &format_raw : NULL;
}

/* The length of a colour (CSI) sequence at the start of s, or 0. */
static size_t
colour_length(struct span s)
{
	size_t n = 2;

	if (s.n < 3 || s.p[0] != '\033' || s.p[1] != '[')
		return 0;
	while (n < s.n && s.p[n] >= 0x20 && s.p[n] < 0x40)
		n++;
	return n < s.n && s.p[n] >= 0x40 && s.p[n] < 0x7f ? n + 1 : 0;
}

static struct span
without_colours(struct strbuf *arena, struct span line)
{
	size_t from = arena->n;

	for (size_t i = 0; i < line.n;) {
		size_t skip = colour_length(span_from(line, i));

		if (!skip)
			strbuf_char(arena, line.p[i++]);
		i += skip;
	}
	return span_of(arena->p ? arena->p + from : line.p, arena->n - from);
}

/* The line as formats see it. Starts the arena anew. */
static struct span
prepare(struct parser *p, struct span line)
{
	strbuf_clear(&p->arena);
	/* The line without colours, and one unescaped text for each depth. */
	strbuf_reserve(&p->arena, (DEPTH_MAX + 2) * line.n + 1024);
	if (span_starts(line, SPAN_LIT("\xef\xbb\xbf")))
		line = span_from(line, 3);
	return span_chr(line, '\033') < 0 ? line : without_colours(&p->arena, line);
}

static bool
try_format(const struct format *f, struct parser *p, struct span line, struct parsed *out)
{
	size_t arena = p->arena.n;

	parsed_clear(out);
	p->trying = f;
	if (f->parse && f->parse(p, line, out))
		return true;
	p->arena.n = arena;
	return false;
}

/* The quick way of a format, where it has one. */
static const struct format *
try_quick(const struct format *f, struct parser *p, struct span line, struct parsed *out)
{
	if (!f || !f->quick || p->emit || !line.n)
		return NULL;
	p->trying = f;
	return f->quick(p, line, out);
}

/* The format that is asked first of a text. */
static const struct format *
first_format(struct span text)
{
	uint64_t rows = text.n ? by_first_byte[(unsigned char)*text.p] & ~weak_rows : 0;

	return rows ? registry[__builtin_ctzll(rows)] : NULL;
}

static const struct format *
try_rows(uint64_t rows, struct parser *p, struct span line, struct parsed *out)
{
	for (; rows; rows &= rows - 1) {
		const struct format *f = registry[__builtin_ctzll(rows)], *quick;

		/* That of the first format was tried before. */
		quick = f == first_format(line) ? NULL : try_quick(f, p, line, out);
		if (quick)
			return quick;
		if (try_format(f, p, line, out))
			return f;
	}
	return NULL;
}

/* The weak rows whose formats are in a set of format ids. */
static uint64_t
spoken_rows(uint64_t rows, uint64_t spoken)
{
	uint64_t keep = 0;

	for (rows &= weak_rows; rows && spoken; rows &= rows - 1)
		if (spoken >> registry[__builtin_ctzll(rows)]->id & 1)
			keep |= rows & -rows;
	return keep;
}

/*
 * Find the format of a text without telling the emitter, and when it is
 * found, read once more for the emitter: what a refused format had already
 * taken must not be heard.
 */
static const struct format *
detect(struct parser *p, struct span line, uint64_t spoken, struct parsed *out)
{
	void (*emit)(void *, const struct keyvalue *) = p->emit;
	uint64_t rows = line.n ? by_first_byte[(unsigned char)line.p[0]] : 0;
	size_t arena = p->arena.n;
	const struct format *f;

	p->emit = NULL;
	f = try_rows(rows & ~weak_rows, p, line, out);
	if (!f)
		f = try_rows(spoken_rows(rows, spoken), p, line, out);
	p->emit = emit;
	if (f && emit) {
		p->arena.n = arena;
		try_format(f, p, line, out);
	}
	return f;
}

ptrdiff_t
format_frame(struct parser *p, struct span bytes)
{
	const struct format *f = p->only ? p->only : first_format(bytes);

	return f && f->quick && p->shapes && bytes.n && *bytes.p == '{' ?
		       json_shapes_frame(p->shapes, bytes) : -1;
}

const struct format *
format_detect(struct parser *p, struct span line, struct parsed *out)
{
	const struct format *f;

	p->depth = 0;
	f = try_quick(p->only ? p->only : first_format(line), p, line, out);
	if (f && (!p->only || f == p->only))
		return f;
	line = prepare(p, line);
	if (p->only)
		f = line.n && try_format(p->only, p, line, out) ? p->only : NULL;
	else
		f = detect(p, line, p->memory.spoken, out);
	if (!f)
		parsed_clear(out);
	return f;
}

bool
format_parse(const struct format *f, struct parser *p, struct span line, struct parsed *out)
{
	p->depth = 0;
	if (try_quick(f, p, line, out) == f)
		return true;
	line = prepare(p, line);
	if (try_format(f, p, line, out))
		return true;
	parsed_clear(out);
	return false;
}

bool
format_fits(const struct format *f, struct parser *p, struct span line)
{
	uint64_t rows;

	line = prepare(p, line);
	rows = line.n ? by_first_byte[(unsigned char)line.p[0]] : 0;
	for (; rows; rows &= rows - 1)
		if (registry[__builtin_ctzll(rows)] == f)
			return true;
	return false;
}

/* What the inner format knows, added to what the outer one said. */
static void
merge(struct parsed *out, const struct parsed *in)
{
	for (int f = 0; f < FIELD_COUNT; f++) {
		bool inner_wins = f == FIELD_LEVEL || f == FIELD_LOGGER || f == FIELD_MESSAGE;

		if (!in->field[f].p || (out->field[f].p && !inner_wins))
			continue;
		out->field[f] = in->field[f];
		out->escaped = (out->escaped & ~(UINT64_C(1) << f)) |
			       (in->escaped & UINT64_C(1) << f);
	}
	if (out->time == TIME_NONE) {
		out->time = in->time;
		out->naive = in->naive;
	}
	if (in->level != LEVEL_NONE)
		out->level = in->level;
	if (!out->status)
		out->status = in->status;
	if (out->duration < 0)
		out->duration = in->duration;
	if (out->size < 0)
		out->size = in->size;
	out->flags |= in->flags;
}

const struct format *
format_inner(struct parser *p, struct span text, struct parsed *out)
{
	struct parsed in;
	const struct format *f;

	if (p->depth >= DEPTH_MAX)
		return NULL;
	p->depth++;
	f = try_quick(first_format(text), p, text, &in);
	if (!f)
		f = detect(p, text, UINT64_MAX & ~(UINT64_C(1) << FORMAT_COMPOSE), &in);
	p->depth--;
	if (f)
		merge(out, &in);
	return f;
}

enum { STRONG_SHARE = 5 }; /* a weak format has one record to so many of strong ones, at least */

/* What a sample says: how many lines each weak format could start, and how many might be text. */
struct census {
	unsigned weak[FORMAT_COUNT];
	unsigned strong; /* records of strong formats */
	unsigned text;   /* of these, records whose next lines may be anything */
	unsigned lines;
	unsigned bare, tiny; /* access lines with a bare integer behind them, with one below TINY */
};

/* No server answers in so few microseconds; in milliseconds it is a usual time. */
static const double TINY = 50e-6;
enum { TINY_SHARE = 20 };

static void
count_line(struct census *c, struct parser *p, struct span line)
{
	struct parsed out;
	const struct format *strong;
	uint64_t weak;

	if (line.n && line.p[line.n - 1] == '\r')
		line.n--;
	strong = format_detect(p, line, &out);
	c->lines++;
	if (strong) {
		c->strong++;
		c->text += strong->multiline;
		if (strong == &format_access && out.duration >= 0 &&
		    span_chr(out.field[FIELD_DURATION], '.') < 0) {
			c->bare++;
			c->tiny += out.duration < TINY;
		}
		return;
	}
	line = prepare(p, line);
	if (!line.n)
		return;
	for (weak = by_first_byte[(unsigned char)line.p[0]] & weak_rows; weak; weak &= weak - 1) {
		const struct format *f = registry[__builtin_ctzll(weak)];

		c->weak[f->id] += f->id == FORMAT_COMPOSE ? compose_prefixed(line) :
				  try_format(f, p, line, &out);
	}
}

/*
 * A weak start is believed where it is as frequent as the starts of text that
 * leave no doubt: the second line of a message may look like one, but rarely
 * does. A few among many records of other formats are what somebody printed.
 */
static void
conclude(struct format_memory *m, struct census *c)
{
	/* "LEVEL name: text" is also "LEVEL text": what most of them are, all are. */
	if (c->weak[FORMAT_TAGGED] * 2 <= c->weak[FORMAT_SIMPLE])
		c->weak[FORMAT_TAGGED] = 0;
	/* A prefix stands before every line, or it is none. */
	if (c->weak[FORMAT_COMPOSE] * 10 < c->lines * 9)
		c->weak[FORMAT_COMPOSE] = 0;
	if (c->tiny && c->tiny * TINY_SHARE >= c->bare)
		m->spoken |= UINT64_C(1) << FORMAT_ACCESS_MS;
	for (int id = 0; id < FORMAT_COUNT; id++)
		if (c->weak[id] && c->weak[id] >= c->text && c->weak[id] * STRONG_SHARE >= c->strong)
			m->spoken |= UINT64_C(1) << id;
}

void
format_sniff(struct format_memory *m, struct span sample)
{
	struct census census = { .lines = 0 };
	struct parser p;

	parser_init(&p);
	while (sample.n) {
		ptrdiff_t end = span_chr(sample, '\n');
		size_t n = end < 0 ? sample.n : (size_t)end;

		count_line(&census, &p, span_head(sample, n));
		sample = span_from(sample, n + 1);
	}
	parser_release(&p);
	conclude(m, &census);
}
