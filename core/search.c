#include "config.h"

#include "core/search.h"

#include "core/engine_internal.h"
#include "core/json_out.h"
#include "core/utf8.h"

#include <jansson.h>
#include <stdlib.h>

void
search_flags_query(const struct options *o, struct strbuf *out)
{
	const struct { const char *field, *value; } flags[] = {
		{ "text:", o->text }, { "level=", o->level }, { "logger=", o->module },
		{ "user_id=", o->user }, { "request_id=", o->request },
	};

	for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) {
		if (!flags[i].value)
			continue;
		strbuf_str(out, out->n ? " " : "");
		strbuf_str(out, flags[i].field);
		query_quote(out, span_str(flags[i].value));
	}
}

/* ---- one record ----------------------------------------------------------------- */

static void
put_text(struct record *r, FILE *out)
{
	char time[64];
	struct span rest = record_rest(r);

	fprintf(out, "%s %-8s ", r->own_time ? clock_format(r->time, CLOCK_FULL, time, sizeof time) : "-",
		r->level ? level_info[r->level].name : "-");
	text_write(out, r->logger);
	fputs(r->logger.n ? "  " : "", out);
	text_write(out, record_field(r, FIELD_MESSAGE));
	fputc('\n', out);
	if (!rest.n)
		rest = record_field(r, FIELD_TRACEBACK);
	if (!rest.n)
		return;
	text_write(out, rest);
	fputc('\n', out);
}

static void
put_raw(struct record *r, FILE *out)
{
	fwrite(r->bytes.p, 1, r->bytes.n, out);
	fputc('\n', out);
}

static void
set_field(void *arg, const struct keyvalue *kv)
{
	struct strbuf key = STRBUF_INIT;

	strbuf_add(&key, kv->key);
	json_object_set_new(arg, key.p ? key.p : "", json_out_text(kv->value));
	strbuf_release(&key);
}

static json_t *
record_json(struct record *r)
{
	json_t *o = json_object(), *fields = json_object();
	char time[64];

	json_object_set_new(o, "time", r->own_time ? json_string(clock_format(r->time, CLOCK_ISO, time, sizeof time))
						   : json_null());
	json_object_set_new(o, "level", r->level ? json_string(level_info[r->level].name) : json_null());
	json_object_set_new(o, "logger", json_out_text(r->logger));
	json_object_set_new(o, "message", json_out_text(record_field(r, FIELD_MESSAGE)));
	json_object_set_new(o, "source", json_out_text(r->source));
	json_object_set_new(o, "format", json_string(r->format->name));
	record_each(r, set_field, fields);
	json_object_set_new(o, "fields", fields);
	return o;
}

static void
put_csv_value(FILE *out, struct span s, const char *after)
{
	fputc('"', out);
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '"')
			fputc('"', out);
		fputc(s.p[i], out);
	}
	fputc('"', out);
	fputs(after, out);
}

static const enum field csv_fields[] = {
	FIELD_MESSAGE, FIELD_METHOD, FIELD_PATH, FIELD_STATUS, FIELD_DURATION, FIELD_USER_ID, FIELD_REQUEST_ID,
};

static void
put_csv(struct record *r, FILE *out)
{
	char time[64];

	fprintf(out, "%s,%s,", r->own_time ? clock_format(r->time, CLOCK_ISO, time, sizeof time) : "",
		r->level ? level_info[r->level].name : "");
	put_csv_value(out, r->source, ",");
	put_csv_value(out, r->logger, ",");
	for (size_t i = 0; i < sizeof csv_fields / sizeof *csv_fields; i++)
		put_csv_value(out, record_field(r, csv_fields[i]),
			      i + 1 < sizeof csv_fields / sizeof *csv_fields ? "," : "\n");
}

/* ---- pages ------------------------------------------------------------------------- */

enum { PAGE_SIZE = 100 };

struct pages {
	uint64_t total, first, end; /* records [first, end) are printed */
	uint64_t page, size, count;
};

static struct pages
cut_pages(const struct options *o, uint64_t total)
{
	struct pages p = { .total = total, .page = o->page ? o->page : 1, .size = o->page_size, .end = total };

	if (o->limit && o->limit < total)
		p.first = total - o->limit;
	uint64_t n = total - p.first;

	if (!p.size)
		p.size = o->page ? PAGE_SIZE : n ? n : 1;
	p.count = n ? (n + p.size - 1) / p.size : 1;
	p.first += (p.page - 1) * p.size;
	if (p.first > total)
		p.first = total;
	if (p.end - p.first > p.size)
		p.end = p.first + p.size;
	return p;
}

static void
put_json(json_t *logs, const struct pages *p, FILE *out)
{
	json_t *o = json_pack("{s:I, s:I, s:I, s:b, s:b, s:o}", "total_count", (json_int_t)p->total, "page",
			      (json_int_t)p->page, "total_pages", (json_int_t)p->count, "has_next", p->page < p->count,
			      "has_previous", p->page > 1, "logs", logs);

	json_dumpf(o, out, JSON_INDENT(2) | JSON_ENSURE_ASCII);
	fputc('\n', out);
	json_decref(o);
}

static void
put_record(struct record *r, enum output kind, json_t *logs, FILE *out)
{
	switch (kind) {
	case OUTPUT_TEXT: put_text(r, out); break;
	case OUTPUT_RAW:  put_raw(r, out); break;
	case OUTPUT_CSV:  put_csv(r, out); break;
	case OUTPUT_JSON: json_array_append_new(logs, record_json(r)); break;
	}
}

static void
print_page(struct engine *e, const struct options *o, const struct pages *p, FILE *out)
{
	json_t *logs = o->output == OUTPUT_JSON ? json_array() : NULL;
	struct record r = { 0 };
	struct cursor c;
	struct block *b;
	uint32_t row;

	if (o->output == OUTPUT_CSV)
		fputs("time,level,source,logger,message,method,path,status,duration,user_id,request_id\n", out);
	cursor_seek(&c, &e->ring, &e->filter, PLACE_FIRST, 1);
	for (uint64_t i = 0; i < p->end && (b = cursor_next(&c, &row)); i++)
		if (i >= p->first && engine_record(e, b, row, &r))
			put_record(&r, o->output, logs, out);
	cursor_release(&c);
	record_release(&r);
	if (logs)
		put_json(logs, p, out);
}

uint64_t
search_print(struct engine *e, const struct options *o, FILE *out)
{
	uint64_t total = selection_count(&e->filter, &e->ring);
	struct pages p = cut_pages(o, total);

	if (o->count)
		fprintf(out, "%llu\n", (unsigned long long)total);
	else
		print_page(e, o, &p, out);
	return total;
}
