/*
 * format_user: patterns as formats.
 *
 * A format is its row of the registry, the compiled pattern and what its
 * groups mean, looked up once. All of that is made before any thread and only
 * read afterwards; what matching writes to is each parser's own.
 *
 * A pattern is compiled twice, for text that is UTF-8 and for bytes. PCRE2
 * checks a line before it matches it, and a line that is not UTF-8 is matched
 * as bytes, so that one bad byte in a message does not lose the record. The
 * limits stop patterns such as (a+)+$ within about a millisecond; such a line
 * is not of the format.
 */
#include "config.h"

#include "core/format_user.h"

#include "core/alloc.h"
#include "core/parsed.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <ctype.h>
#include <pcre2.h>
#include <stdlib.h>

enum {
	MATCH_LIMIT = 200 * 1000,
	HEAP_LIMIT_KIB = 4096,
	STACK_FIRST = 32 << 10,
	STACK_MOST = 1 << 20,
};

struct group {
	const char *name; /* the pattern's */
	uint32_t number;
	enum field field;
	double scale;
};

struct user_format {
	struct format row; /* first: a parse function is given no more than this */
	const char *samples[2];
	pcre2_code *text, *bytes; /* bytes may be NULL */
	struct group *groups;
	size_t n_groups;
};

struct matcher {
	pcre2_match_data *data;
	pcre2_match_context *context;
	pcre2_jit_stack *stack;
};

/* Of all patterns: what a matcher has to have room for. */
static uint32_t pairs_most = 1;

/* ---- matching ----------------------------------------------------------------------- */

static struct matcher *
matcher_new(void)
{
	struct matcher *m = xmalloc(sizeof *m);

	m->data = pcre2_match_data_create(pairs_most, NULL);
	m->context = pcre2_match_context_create(NULL);
	m->stack = pcre2_jit_stack_create(STACK_FIRST, STACK_MOST, NULL);
	pcre2_set_match_limit(m->context, MATCH_LIMIT);
	pcre2_set_heap_limit(m->context, HEAP_LIMIT_KIB);
	pcre2_jit_stack_assign(m->context, NULL, m->stack);
	return m;
}

void
matcher_free(struct matcher *m)
{
	if (!m)
		return;
	pcre2_jit_stack_free(m->stack);
	pcre2_match_context_free(m->context);
	pcre2_match_data_free(m->data);
	free(m);
}

/* Where the groups are, or NULL. */
static const PCRE2_SIZE *
match(const struct user_format *u, struct matcher *m, struct span line)
{
	PCRE2_SPTR p = (PCRE2_SPTR)line.p;
	int rc = pcre2_match(u->text, p, line.n, 0, 0, m->data, m->context);

	if (rc <= PCRE2_ERROR_UTF8_ERR1 && rc >= PCRE2_ERROR_UTF8_ERR21 && u->bytes)
		rc = pcre2_match(u->bytes, p, line.n, 0, 0, m->data, m->context);
	return rc < 0 ? NULL : pcre2_get_ovector_pointer(m->data);
}

static void
take(struct parser *p, struct parsed *out, const struct group *group, struct span value)
{
	if (group->field == FIELD_OTHER)
		parsed_other(p, group->name, value);
	else if (!out->field[group->field].p)
		parsed_typed(p, out, group->field, span_str(group->name), value, group->scale);
}

/* What text formats conclude from what they have. */
static void
conclude(struct parser *p, struct parsed *out, struct span line)
{
	const struct span *field = out->field;

	if (field[FIELD_MESSAGE].p) {
		if (!field[FIELD_DURATION].p && !field[FIELD_PATH].p)
			parsed_words(p, out, field[FIELD_MESSAGE]);
		return;
	}
	if (field[FIELD_METHOD].p && field[FIELD_PATH].p && out->status && out->level == LEVEL_NONE)
		parsed_access(p, out, line);
	else
		parsed_set(p, out, FIELD_MESSAGE, line);
}

static bool
user_parse(struct parser *p, struct span line, struct parsed *out)
{
	const struct user_format *u = (const struct user_format *)p->trying;

	if (!p->matcher)
		p->matcher = matcher_new();
	const PCRE2_SIZE *at = match(u, p->matcher, line);

	for (size_t i = 0; at && i < u->n_groups; i++) {
		PCRE2_SIZE from = at[2 * u->groups[i].number], to = at[2 * u->groups[i].number + 1];

		if (from == PCRE2_UNSET)
			continue;
		take(p, out, &u->groups[i], span_of(line.p + from, to - from));
		if (u->groups[i].field == FIELD_TIME && to > from && out->time == TIME_NONE) {
			p->miss = "a time";
			p->miss_pos = from;
			return false;
		}
	}
	if (at)
		conclude(p, out, line);
	return at != NULL;
}

/* ---- making a format ---------------------------------------------------------------- */

/* The column of a byte, from 1, in characters. */
static size_t
column(const char *text, size_t byte)
{
	size_t n = 1;

	for (size_t i = 0; i < byte && text[i]; i++)
		n += (text[i] & 0xc0) != 0x80;
	return n;
}

static int
check_name(const char *name, struct err *err)
{
	for (const char *s = name; *s; s++)
		if (!isalnum((unsigned char)*s) && *s != '-' && *s != '_')
			return err_set(err, FAULT_NAME, 0, "a name is of letters, digits, - and _");
	if (!*name)
		return err_set(err, FAULT_NAME, 0, "a name is not empty");
	if (format_by_name(name))
		return err_set(err, FAULT_NAME, 0, "there is a format of this name already");
	return 0;
}

static pcre2_code *
compile(const char *pattern, uint32_t options, struct err *err)
{
	PCRE2_UCHAR reason[128];
	PCRE2_SIZE pos;
	int code;
	pcre2_code *re = pcre2_compile((PCRE2_SPTR)pattern, PCRE2_ZERO_TERMINATED,
				       options | PCRE2_ANCHORED | PCRE2_NEVER_BACKSLASH_C, &code,
				       &pos, NULL);

	if (re) {
		pcre2_jit_compile(re, PCRE2_JIT_COMPLETE);
		return re;
	}
	pcre2_get_error_message(code, reason, sizeof reason);
	err_set(err, FAULT_PATTERN, pos, "column %zu: %s", column(pattern, pos),
		(const char *)reason);
	return NULL;
}

/* A field's own name first: "exception" is also a key that means the traceback. */
static void
give_meaning(struct group *group)
{
	struct span name = span_str(group->name);
	unsigned rank;

	group->scale = 1;
	for (int f = 0; f < FIELD_COUNT; f++)
		if (span_eq_str(name, field_info[f].name)) {
			group->field = (enum field)f;
			return;
		}
	group->field = field_by_key(name, &rank, &group->scale);
}

static int
read_groups(struct user_format *u, struct err *err)
{
	PCRE2_SPTR entry;
	uint32_t n, size, groups;

	pcre2_pattern_info(u->text, PCRE2_INFO_CAPTURECOUNT, &groups);
	pcre2_pattern_info(u->text, PCRE2_INFO_NAMECOUNT, &n);
	pcre2_pattern_info(u->text, PCRE2_INFO_NAMEENTRYSIZE, &size);
	pcre2_pattern_info(u->text, PCRE2_INFO_NAMETABLE, &entry);
	if (!n)
		return err_set(err, FAULT_PATTERN, 0,
			       "column 1: it has no named group such as (?<message>.*)");
	u->groups = xcalloc(n, sizeof *u->groups);
	for (u->n_groups = 0; u->n_groups < n; u->n_groups++, entry += size) {
		struct group *group = &u->groups[u->n_groups];

		/* An entry is the group's number in two bytes, and its name. */
		group->number = (uint32_t)entry[0] << 8 | entry[1];
		group->name = (const char *)entry + 2;
		give_meaning(group);
	}
	if (groups + 1 > pairs_most)
		pairs_most = groups + 1;
	return 0;
}

static int
check_sample(const struct user_format *u, struct err *err)
{
	struct span line = span_str(u->row.samples[0]);
	struct parsed out;
	struct parser p;
	int fault = 0;

	parser_init(&p);
	if (!format_parse(&u->row, &p, line, &out))
		fault = p.miss ? err_set(err, FAULT_SAMPLE, p.miss_pos,
					 "column %zu: this is no time that is known",
					 column(line.p, p.miss_pos))
			       : err_set(err, FAULT_SAMPLE, 0, "the pattern does not match it");
	else if (out.field[FIELD_LEVEL].n && out.level == LEVEL_NONE)
		fault = err_set(err, FAULT_SAMPLE, 0, "\"%.*s\" is no level that is known",
				SPAN_FMT(out.field[FIELD_LEVEL]));
	parser_release(&p);
	return fault;
}

static void
user_format_free(struct user_format *u)
{
	pcre2_code_free(u->text);
	pcre2_code_free(u->bytes);
	free(u->groups);
	free((char *)u->row.name);
	free((char *)u->samples[0]);
	free(u);
}

static int
compile_both(struct user_format *u, const char *pattern, struct err *err)
{
	u->text = compile(pattern, PCRE2_UTF, err);
	if (!u->text)
		return FAULT_PATTERN;
	u->bytes = compile(pattern, 0, NULL);
	return read_groups(u, err);
}

int
format_user_add(const struct format_spec *spec, struct err *err)
{
	struct user_format *u = xcalloc(1, sizeof *u);
	int fault;

	u->samples[0] = xstrdup(spec->sample);
	u->row = (struct format){
		.name = xstrdup(spec->name),
		.title = "Described in the config file",
		.multiline = spec->multiline,
		.parse = user_parse,
		.samples = u->samples,
	};
	if ((fault = check_name(spec->name, err)) ||
	    (fault = compile_both(u, spec->pattern, err)) || (fault = check_sample(u, err)))
		goto out;
	if (!format_register(&u->row))
		fault = err_set(err, FAULT_NAME, 0,
				"there are %d formats already, and room for no more",
				FORMAT_USER_MAX);
out:
	if (fault)
		user_format_free(u);
	return fault;
}
