/*
 * record_out: see record_out.h.
 *
 * Every value goes through shown(), which masks it where that is asked for. CSV
 * is what the log says: a value that a spreadsheet would take for a formula is
 * not changed. Its lines end with LF.
 */
#include "config.h"

#include "core/record_out.h"

#include "core/alloc.h"
#include "core/json_out.h"
#include "core/mask.h"
#include "core/utf8.h"

#include <stdlib.h>

static void
put(FILE *out, struct span s)
{
	if (s.n)
		fwrite(s.p, 1, s.n, out);
}

/* ---- values ------------------------------------------------------------------------ */

/* A value as it may be seen; good until `held` is used again. */
static struct span
shown(const struct record_out *o, struct span key, struct span value, struct strbuf *held)
{
	strbuf_clear(held);
	return o->mask && value.n && mask_value(key, value, held) ? strbuf_span(held) : value;
}

static struct span
time_text(const struct record *r, char buf[64])
{
	return r->own_time ? span_str(clock_format(r->time, CLOCK_ISO, buf, 64)) : SPAN_NONE;
}

static struct span
level_text(const struct record *r)
{
	return r->level ? span_str(level_info[r->level].name) : SPAN_NONE;
}

static struct span
key_value(struct record *r, struct span name)
{
	enum value_kind kind;
	struct span value = record_key(r, name, &kind);

	return value.p && kind == VALUE_NULL ? SPAN_NONE : value;
}

/* What a name of --fields stands for; SPAN_NONE where the record has none. */
static struct span
named(struct record *r, struct span name, char time[64])
{
	enum field f = field_by_name(name);

	if (f == FIELD_TIME)
		return time_text(r, time);
	if (f == FIELD_LEVEL)
		return level_text(r);
	if (f == FIELD_LOGGER)
		return r->logger.n ? r->logger : SPAN_NONE;
	if (span_eq_str(name, "source"))
		return r->source;
	if (span_eq_str(name, "format"))
		return span_str(r->format->name);
	struct span value = f == FIELD_OTHER ? SPAN_NONE : record_field(r, f);

	return value.p ? value : key_value(r, name);
}

/* ---- text -------------------------------------------------------------------------- */

/* One line, whatever the value holds. */
static void
put_line(FILE *out, struct span value)
{
	struct glyph g;

	while (text_next(&value, &g))
		fwrite(g.utf8, 1, g.n, out);
}

static void
put_text(const struct record_out *o, struct record *r, FILE *out)
{
	struct strbuf held = STRBUF_INIT;
	char time[64];
	struct span rest = record_rest(r);

	fprintf(out, "%s %-8s ", r->own_time ? clock_format(r->time, CLOCK_FULL, time, sizeof time) : "-",
		r->level ? level_info[r->level].name : "-");
	text_write(out, r->logger);
	fputs(r->logger.n ? "  " : "", out);
	text_write(out, shown(o, SPAN_LIT("message"), record_field(r, FIELD_MESSAGE), &held));
	fputc('\n', out);
	if (!rest.n)
		rest = record_field(r, FIELD_TRACEBACK);
	if (rest.n) {
		text_write(out, shown(o, SPAN_LIT("traceback"), rest, &held));
		fputc('\n', out);
	}
	strbuf_release(&held);
}

static void
put_columns(const struct record_out *o, struct record *r, FILE *out)
{
	struct strbuf held = STRBUF_INIT;
	char time[64];

	for (size_t i = 0; i < o->n_fields; i++) {
		fputs(i ? "\t" : "", out);
		put_line(out, shown(o, o->fields[i], named(r, o->fields[i], time), &held));
	}
	fputc('\n', out);
	strbuf_release(&held);
}

static void
put_raw(const struct record_out *o, struct record *r, FILE *out)
{
	struct strbuf held = STRBUF_INIT;

	put(out, shown(o, SPAN_LIT("message"), r->bytes, &held));
	fputc('\n', out);
	strbuf_release(&held);
}

/* ---- JSON -------------------------------------------------------------------------- */

struct object {
	const struct record_out *o;
	json_t *json;
	struct strbuf held;
};

static void
set(struct object *to, struct span name, struct span value)
{
	struct strbuf key = STRBUF_INIT;
	struct span seen = shown(to->o, name, value, &to->held);

	strbuf_add(&key, name);
	json_object_set_new(to->json, key.p ? key.p : "", value.p ? json_out_text(seen) : json_null());
	strbuf_release(&key);
}

static void
set_field(void *arg, const struct keyvalue *kv)
{
	/* An empty value is a text, too. */
	set(arg, kv->key, kv->value.p ? kv->value : SPAN_LIT(""));
}

static void
set_all(struct object *to, struct record *r)
{
	struct object fields = { to->o, json_object(), STRBUF_INIT };
	char time[64];

	set(to, SPAN_LIT("time"), time_text(r, time));
	set(to, SPAN_LIT("level"), level_text(r));
	set(to, SPAN_LIT("logger"), span_of(r->logger.p ? r->logger.p : "", r->logger.n));
	struct span message = record_field(r, FIELD_MESSAGE);

	set(to, SPAN_LIT("message"), span_of(message.p ? message.p : "", message.n));
	set(to, SPAN_LIT("source"), r->source);
	set(to, SPAN_LIT("format"), span_str(r->format->name));
	record_each(r, set_field, &fields);
	json_object_set_new(to->json, "fields", fields.json);
	strbuf_release(&fields.held);
}

json_t *
record_out_json(const struct record_out *o, struct record *r)
{
	struct object to = { o, json_object(), STRBUF_INIT };
	char time[64];

	for (size_t i = 0; i < o->n_fields; i++)
		set(&to, o->fields[i], named(r, o->fields[i], time));
	if (!o->n_fields)
		set_all(&to, r);
	strbuf_release(&to.held);
	return to.json;
}

static void
put_json(const struct record_out *o, struct record *r, FILE *out)
{
	json_t *json = record_out_json(o, r);

	json_dumpf(json, out, JSON_COMPACT | JSON_ENSURE_ASCII);
	fputc('\n', out);
	json_decref(json);
}

/* ---- CSV --------------------------------------------------------------------------- */

void
csv_put(FILE *out, struct span s, bool always)
{
	bool quoted = always;

	for (size_t i = 0; i < s.n && !quoted; i++)
		quoted = s.p[i] == '"' || s.p[i] == ',' || s.p[i] == '\n' || s.p[i] == '\r';
	if (!quoted) {
		put(out, s);
		return;
	}
	fputc('"', out);
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '"')
			fputc('"', out);
		fputc(s.p[i], out);
	}
	fputc('"', out);
}

static const struct csv_column {
	const char *name;
	bool quoted; /* text of people, which is in quotes always */
} csv_columns[] = {
	{ "time", false }, { "level", false }, { "source", true }, { "logger", true }, { "message", true },
	{ "method", true }, { "path", true }, { "status", true }, { "duration", true }, { "user_id", true },
	{ "request_id", true },
};

static void
put_csv(const struct record_out *o, struct record *r, FILE *out)
{
	size_t n = o->n_fields ? o->n_fields : ARRAY_SIZE(csv_columns);
	struct strbuf held = STRBUF_INIT;
	char time[64];

	for (size_t i = 0; i < n; i++) {
		struct span name = o->n_fields ? o->fields[i] : span_str(csv_columns[i].name);

		fputs(i ? "," : "", out);
		csv_put(out, shown(o, name, named(r, name, time), &held), !o->n_fields && csv_columns[i].quoted);
	}
	fputc('\n', out);
	strbuf_release(&held);
}

/* ---- all kinds ---------------------------------------------------------------------- */

void
record_out_head(const struct record_out *o, FILE *out)
{
	size_t n = o->n_fields ? o->n_fields : ARRAY_SIZE(csv_columns);

	for (size_t i = 0; o->kind == OUTPUT_CSV && i < n; i++) {
		fputs(i ? "," : "", out);
		csv_put(out, o->n_fields ? o->fields[i] : span_str(csv_columns[i].name), false);
	}
	if (o->kind == OUTPUT_CSV)
		fputc('\n', out);
}

void
record_out_put(const struct record_out *o, struct record *r, FILE *out)
{
	static void (*const forms[])(const struct record_out *o, struct record *r, FILE *out) = {
		[OUTPUT_TEXT] = put_text, [OUTPUT_RAW] = put_raw, [OUTPUT_CSV] = put_csv, [OUTPUT_JSON] = put_json,
	};

	if (o->kind == OUTPUT_TEXT && o->n_fields)
		put_columns(o, r, out);
	else
		forms[o->kind](o, r, out);
}
