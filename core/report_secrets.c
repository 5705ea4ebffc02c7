/*
 * report_secrets.c: the section "secrets" of the report.
 */
#include "config.h"

#include "core/report_internal.h"
#include "core/view.h"

#include "core/json_out.h"
#include "core/mask.h"

static void
add(json_t *o, const char *key, uint64_t n)
{
	json_int_t had = json_integer_value(json_object_get(o, key));

	json_object_set_new(o, key, json_integer(had + (json_int_t)n));
}

static json_t *
masked(const char *key, const json_t *text)
{
	struct strbuf out = STRBUF_INIT;
	struct span value = span_of(json_string_value(text), json_string_length(text));
	json_t *o = mask_value(span_str(key), value, &out) ? json_stringn(out.p, out.n) : NULL;

	strbuf_release(&out);
	return o;
}

void
report_mask(json_t *report)
{
	const char *key;
	json_t *value, *text;
	size_t i;
	void *next;

	json_object_foreach_safe(report, next, key, value) {
		if (json_is_string(value) && (text = masked(key, value)))
			json_object_set_new(report, key, text);
		else
			report_mask(value);
	}
	json_array_foreach(report, i, value)
		report_mask(value);
}

json_t *
report_secrets(struct engine *e)
{
	json_t *rules = json_object(), *loggers = json_array();
	struct view_secrets v;

	view_secrets(e, &v);
	for (size_t i = 0; i < v.n; i++) {
		add(rules, v.rows[i].rule, v.rows[i].records);
		json_array_append_new(loggers, json_pack("{s:o, s:s, s:I}", "logger",
							 json_out_text(span_str(v.rows[i].logger)), "rule", v.rows[i].rule,
							 "records", (json_int_t)v.rows[i].records));
	}
	json_t *o = json_pack("{s:I, s:I, s:o, s:o}", "looked_at", (json_int_t)v.looked, "total_records",
			      (json_int_t)v.records, "by_rule", rules, "by_logger", loggers);

	view_secrets_release(&v);
	return o;
}
