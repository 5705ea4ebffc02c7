/*
 * export_table.c: the numbers of the screen as CSV or JSON.
 *
 * Every table is made as a JSON array of objects that have the same keys in the
 * same order; CSV has the keys of the first as its head. Durations are in seconds.
 */
#include "config.h"

#include "core/export_internal.h"

#include "core/json_out.h"

#include <math.h>

static json_t *
levels_table(struct engine *e, const struct timeframe *t)
{
	json_t *rows = json_array();
	struct view_levels v;

	view_levels(e, t, &v);
	for (int l = LEVEL_COUNT - 1; l >= 0; l--)
		json_array_append_new(rows, json_pack("{s:s, s:I}", "level", l ? level_info[l].name : "NONE", "count",
						      (json_int_t)v.count[l]));
	return rows;
}

/* What is not known is null. */
static json_t *
known(double value)
{
	return isfinite(value) && value >= 0 ? json_real(value) : json_null();
}

static json_t *
requests_table(struct engine *e, const struct timeframe *t)
{
	json_t *rows = json_array();
	struct view_requests v;

	view_requests(e, t, SORT_P95, false, &v);
	for (size_t i = 0; i < v.n; i++) {
		const struct view_route *r = &v.rows[i];

		json_array_append_new(rows, json_pack("{s:o, s:o, s:I, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "method",
						      json_out_text(span_str(r->method)), "route",
						      json_out_text(span_str(r->route)), "count", (json_int_t)r->count,
						      "per_minute", known(r->per_minute), "error_percent",
						      known(r->error_percent), "avg", known(r->avg), "p50", known(r->p50),
						      "p95", known(r->p95), "p99", known(r->p99), "max", known(r->max)));
	}
	view_requests_release(&v);
	return rows;
}

static json_t *
sources_table(struct engine *e, int64_t now)
{
	json_t *rows = json_array();
	struct view_sources v;

	view_sources(e, now, &v);
	for (size_t i = 0; i < v.n; i++) {
		const struct view_source *s = &v.v[i];
		char state[32];

		json_array_append_new(rows, json_pack("{s:o, s:o, s:s, s:I, s:I, s:I, s:I}", "name",
						      json_out_text(span_str(s->name)), "path",
						      json_out_text(span_str(s->path)), "state",
						      view_source_state(s, state, sizeof state), "bytes",
						      (json_int_t)s->bytes, "lines", (json_int_t)s->lines, "records",
						      (json_int_t)s->records, "errors", (json_int_t)s->errors));
	}
	view_sources_release(&v);
	return rows;
}

static json_t *
breakdown_table(struct engine *e, const struct timeframe *t, enum view_by by, const char *what)
{
	json_t *rows = json_array();
	struct view_breakdown v;

	view_breakdown(e, t, by, &v);
	for (size_t i = 0; i < v.n; i++)
		json_array_append_new(rows, json_pack("{s:o, s:I, s:I}", what, json_out_text(span_str(v.rows[i].name)),
						      "count", (json_int_t)v.rows[i].count, "errors",
						      (json_int_t)v.rows[i].errors));
	view_breakdown_release(&v);
	return rows;
}

static json_t *
make_table(struct engine *e, enum export_table table, const struct export_what *w)
{
	switch (table) {
	case TABLE_LEVELS:   return levels_table(e, &w->frame);
	case TABLE_REQUESTS: return requests_table(e, &w->frame);
	case TABLE_SOURCES:  return sources_table(e, w->now);
	case TABLE_LOGGERS:  return breakdown_table(e, &w->frame, BY_LOGGER, "logger");
	case TABLE_STATUS:   return breakdown_table(e, &w->frame, BY_STATUS, "status");
	case TABLE_COUNT:    break;
	}
	return json_array();
}

/* ---- CSV --------------------------------------------------------------------------- */

static void
put_value(const json_t *value, FILE *out)
{
	if (json_is_string(value))
		csv_put(out, span_of(json_string_value(value), json_string_length(value)), false);
	else if (json_is_integer(value))
		fprintf(out, "%lld", (long long)json_integer_value(value));
	else if (json_is_real(value))
		fprintf(out, "%.9g", json_real_value(value));
}

static void
put_row(const json_t *row, bool head, FILE *out)
{
	const char *key, *before = "";
	json_t *value;

	json_object_foreach((json_t *)row, key, value) {
		fputs(before, out);
		if (head)
			csv_put(out, span_str(key), false);
		else
			put_value(value, out);
		before = ",";
	}
	fputc('\n', out);
}

static void
put_csv(const json_t *rows, FILE *out)
{
	const json_t *row;
	size_t i;

	if (json_array_size(rows))
		put_row(json_array_get(rows, 0), true, out);
	json_array_foreach(rows, i, row)
		put_row(row, false, out);
}

int
export_table(struct engine *e, enum export_table table, enum export_kind kind, const struct export_what *w,
	     const char *path, struct export_done *done, struct err *err)
{
	struct export_file file;

	if (export_file_open(&file, path, kind, w->now, err))
		return -1;
	json_t *rows = make_table(e, table, w);

	if (kind == EXPORT_CSV) {
		put_csv(rows, file.f);
	} else {
		json_dumpf(rows, file.f, JSON_INDENT(2) | JSON_REAL_PRECISION(9));
		fputc('\n', file.f);
	}
	done->rows = json_array_size(rows);
	json_decref(rows);
	snprintf(done->path, sizeof done->path, "%s", file.path);
	return export_file_close(&file, err);
}
