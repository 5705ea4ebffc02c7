/*
 * report_ingest.c: the section that says what was read, in all and source by
 * source.
 */
#include "config.h"

#include "core/engine_internal.h"
#include "core/json_out.h"
#include "core/report_internal.h"
#include "core/view.h"

json_t *
report_time(int64_t t)
{
	char buf[64];

	return t == TIME_NONE ? json_null() : json_string(clock_format(t, CLOCK_ISO, buf, sizeof buf));
}

static const char *const state_names[] = {
	[SOURCE_WAITING] = "waiting", [SOURCE_OPEN] = "open", [SOURCE_FAILED] = "failed", [SOURCE_ENDED] = "ended",
};

static void
add_number(json_t *o, const char *key, uint64_t n)
{
	json_object_set_new(o, key, json_integer((json_int_t)n));
}

static json_t *
levels_json(const uint64_t *by_level)
{
	json_t *o = json_object();

	for (int l = LEVEL_TRACE; l < LEVEL_COUNT; l++)
		if (by_level[l])
			add_number(o, level_info[l].name, by_level[l]);
	return o;
}

static json_t *
words_json(const char *words)
{
	struct span rest = span_str(words);
	json_t *list = json_array();

	while (rest.n) {
		ptrdiff_t blank = span_chr(rest, ' ');
		struct span word = span_head(rest, blank < 0 ? rest.n : (size_t)blank);

		json_array_append_new(list, json_stringn(word.p, word.n));
		rest = span_trim(span_from(rest, word.n));
	}
	return list;
}

/* What the screen's sources pane says. Silence is in seconds, null for none. */
static void
add_awareness(json_t *o, const struct view_source *v, int64_t now)
{
	json_object_set_new(o, "rate", json_real(v->rate));
	json_object_set_new(o, "usual_rate", v->usual > 0 ? json_real(v->usual) : json_null());
	json_object_set_new(o, "silent", v->silent ? json_real((double)(now - v->last_read) / NSEC) : json_null());
	json_object_set_new(o, "newest", report_time(v->newest));
	json_object_set_new(o, "last_read", report_time(v->last_read ? v->last_read : TIME_NONE));
	json_object_set_new(o, "missing", json_boolean(v->missing));
	json_object_set_new(o, "polled", json_boolean(v->polled));
	json_object_set_new(o, "formats", words_json(v->formats));
}

static json_t *
source_json(const struct view_source *v, int64_t now)
{
	json_t *o = json_pack("{s:o, s:o, s:s}", "name", json_out_text(span_str(v->name)), "path",
			      json_out_text(span_str(v->path)), "state", state_names[v->state]);

	if (v->error)
		json_object_set_new(o, "error", json_string(strerror(v->error)));
	if (v->note[0])
		json_object_set_new(o, "note", json_string(v->note));
	add_number(o, "bytes", v->bytes);
	add_number(o, "lines", v->lines);
	add_number(o, "records", v->records);
	add_number(o, "cut", v->cut);
	add_number(o, "errors", v->errors);
	json_object_set_new(o, "by_level", levels_json(v->by_level));
	add_number(o, "held", v->held);
	add_number(o, "held_bytes", v->held_bytes);
	add_number(o, "memory", v->memory);
	add_number(o, "behind", v->lag);
	add_number(o, "lost", v->lost);
	add_number(o, "gaps", v->gaps);
	add_number(o, "rotations", v->rotations);
	add_number(o, "truncations", v->truncations);
	add_awareness(o, v, now);
	return o;
}

json_t *
report_ingest(struct engine *e, int64_t now)
{
	json_t *o = json_object(), *sources = json_array();
	struct view_sources v;
	uint64_t bytes = 0;

	view_sources(e, now, &v);
	for (size_t i = 0; i < v.n; i++) {
		json_array_append_new(sources, source_json(&v.v[i], now));
		bytes += v.v[i].bytes;
	}
	view_sources_release(&v);
	add_number(o, "bytes", bytes);
	add_number(o, "lines", e->stats.lines);
	add_number(o, "records", e->stats.records);
	add_number(o, "unparsed", e->stats.unparsed);
	add_number(o, "broken", e->stats.broken);
	add_number(o, "cut", e->stats.cut);
	add_number(o, "evicted", e->ring.evicted);
	json_object_set_new(o, "sources", sources);
	return o;
}

