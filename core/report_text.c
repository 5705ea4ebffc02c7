/*
 * report_text.c: the report for people. Everything is read from the JSON, so
 * that the two can never say different things.
 */
#include "config.h"

#include "core/report.h"

#include "core/alloc.h"
#include "core/silence.h"
#include "core/units.h"
#include "core/utf8.h"

#include <stdlib.h>

enum { TOP = 15, BAR = 40, LAST = 10 };

static const json_t *
at(const json_t *o, const char *section, const char *key)
{
	return json_object_get(json_object_get(o, section), key);
}

static void
add_safe(struct strbuf *out, const json_t *text, size_t width)
{
	struct span s = span_of(json_string_value(text), json_string_length(text));
	struct glyph g;
	size_t used = 0;

	while (text && used < width && text_next(&s, &g)) {
		strbuf_add(out, span_of(g.utf8, g.n));
		used += g.width;
	}
}

static void
heading(struct strbuf *out, const char *title)
{
	strbuf_addf(out, "\n%s\n", title);
}

static const char *
thousands(const json_t *n, char *buf)
{
	return units_thousands((uint64_t)json_integer_value(n), buf);
}

static const char *
seconds(const json_t *n, char *buf)
{
	return units_duration(json_number_value(n), buf);
}

static void
add_bar(struct strbuf *out, json_int_t n, json_int_t max)
{
	json_int_t cells = max ? (n * BAR + max - 1) / max : 0;

	for (json_int_t i = 0; i < cells; i++)
		strbuf_char(out, '#');
}

struct count {
	const char *key;
	json_int_t n;
};

static int
by_count(const void *a, const void *b)
{
	const struct count *x = a, *y = b;

	return x->n != y->n ? (x->n < y->n ? 1 : -1) : strcmp(x->key, y->key);
}

/* A table of counts: the largest first, or in the order of the keys. */
static void
add_counts(struct strbuf *out, const char *title, const json_t *o, bool sort)
{
	size_t n = json_object_size(o), i = 0;
	struct count *v = xcalloc(n + 1, sizeof *v);
	const char *key;
	json_t *value;
	json_int_t max = 0;
	char buf[32];

	json_object_foreach((json_t *)o, key, value) {
		v[i++] = (struct count){ key, json_integer_value(value) };
		max = v[i - 1].n > max ? v[i - 1].n : max;
	}
	if (sort)
		qsort(v, n, sizeof *v, by_count);
	if (n)
		heading(out, title);
	for (i = 0; i < n && (!sort || i < TOP); i++) {
		json_t *name = json_string(v[i].key);

		strbuf_addf(out, "  %12s  ", units_thousands((uint64_t)v[i].n, buf));
		size_t start = out->n;

		add_safe(out, name, 32);
		json_decref(name);
		strbuf_addf(out, "%*s", (int)(34 > out->n - start ? 34 - (out->n - start) : 1), "");
		add_bar(out, v[i].n, max);
		strbuf_char(out, '\n');
	}
	if (i < n)
		strbuf_addf(out, "  %12s  and %zu more\n", "", n - i);
	free(v);
}

static void
add_durations(struct strbuf *out, const char *title, const json_t *o, const char *const keys[5])
{
	static const char *const labels[] = { "avg", "p50", "p95", "p99", "max" };
	char buf[32];

	heading(out, title);
	strbuf_addf(out, "  %12s  counted", thousands(json_object_get(o, "count"), buf));
	for (int i = 0; i < 5; i++)
		strbuf_addf(out, "   %s %s", labels[i], seconds(json_object_get(o, keys[i]), buf));
	strbuf_char(out, '\n');
}

static void
add_routes(struct strbuf *out, const json_t *routes)
{
	size_t i;
	json_t *r;
	char n[32], d[5][32];

	if (!json_array_size(routes))
		return;
	heading(out, "Requests by route");
	strbuf_addf(out, "  %10s %7s %8s %8s %8s %8s %8s  %s\n", "COUNT", "ERR%", "AVG", "P50", "P95", "P99", "MAX", "ROUTE");
	json_array_foreach(routes, i, r) {
		if (i == TOP)
			break;
		strbuf_addf(out, "  %10s %7.1f %8s %8s %8s %8s %8s  ", thousands(json_object_get(r, "count"), n),
			    100 * json_number_value(json_object_get(r, "error_rate")),
			    seconds(json_object_get(r, "avg"), d[0]), seconds(json_object_get(r, "p50"), d[1]),
			    seconds(json_object_get(r, "p95"), d[2]), seconds(json_object_get(r, "p99"), d[3]),
			    seconds(json_object_get(r, "max"), d[4]));
		add_safe(out, json_object_get(r, "method"), 8);
		strbuf_char(out, ' ');
		const json_t *route = json_object_get(r, "route");

		if (json_string_length(route))
			add_safe(out, route, 80);
		else
			strbuf_str(out, "(path not known)");
		strbuf_char(out, '\n');
	}
}

/* The last entries of a list, each by the keys that are there. */
static void
add_list(struct strbuf *out, const char *title, const json_t *list, const char *const *keys)
{
	size_t n = json_array_size(list);
	char buf[32];

	if (n)
		heading(out, title);
	for (size_t i = n > LAST ? n - LAST : 0; i < n; i++) {
		const json_t *o = json_array_get(list, i);

		strbuf_str(out, "  ");
		for (const char *const *key = keys; *key; key++) {
			const json_t *v = json_object_get(o, *key);

			if (json_is_real(v))
				strbuf_addf(out, "%8s", units_duration(json_real_value(v), buf));
			else if (json_is_integer(v))
				strbuf_addf(out, "%d", (int)json_integer_value(v));
			else
				add_safe(out, v, 100);
			strbuf_str(out, key[1] ? "  " : "\n");
		}
	}
}

/* What of a source is not as it should be, each on a line of its own. */
static void
add_trouble(struct strbuf *out, const json_t *s)
{
	static const struct {
		const char *key, *one, *many;
	} counts[] = {
		{ "rotations", "rotation", "rotations" },
		{ "truncations", "truncation", "truncations" },
		{ "lost", "byte lost", "bytes lost" },
		{ "gaps", "gap, in which lines may be lost", "gaps, in which lines may be lost" },
		{ "behind", "byte not read yet", "bytes not read yet" },
	};
	const json_t *silent = json_object_get(s, "silent"), *usual = json_object_get(s, "usual_rate");
	char age[32], rate[32];

	if (json_is_number(silent))
		strbuf_addf(out, "  %30s silent for %s, usually %s\n", "",
			    units_age((int64_t)(json_number_value(silent) * 1e9), age),
			    silence_rate_text(json_number_value(usual), rate));
	for (size_t i = 0; i < ARRAY_SIZE(counts); i++) {
		json_int_t n = json_integer_value(json_object_get(s, counts[i].key));

		if (n)
			strbuf_addf(out, "  %30s %s %s\n", "", units_thousands((uint64_t)n, age),
				    n == 1 ? counts[i].one : counts[i].many);
	}
}

static void
add_sources(struct strbuf *out, const json_t *ingest)
{
	size_t i;
	json_t *s;
	char bytes[32], n[32], errors[32];

	heading(out, "Sources");
	json_array_foreach(json_object_get(ingest, "sources"), i, s) {
		const json_t *error = json_object_get(s, "error");

		strbuf_addf(out, "  %8s %12s records %7s errors  ",
			    units_size((uint64_t)json_integer_value(json_object_get(s, "bytes")), bytes),
			    thousands(json_object_get(s, "records"), n), thousands(json_object_get(s, "errors"), errors));
		add_safe(out, json_object_get(s, "path"), 200);
		if (error)
			strbuf_addf(out, "  (%s)", json_string_value(error));
		strbuf_char(out, '\n');
		add_trouble(out, s);
	}
	strbuf_addf(out, "  %s lines", thousands(json_object_get(ingest, "lines"), n));
	strbuf_addf(out, ", %s in no record", thousands(json_object_get(ingest, "unparsed"), n));
	strbuf_addf(out, ", %s cut", thousands(json_object_get(ingest, "cut"), n));
	strbuf_addf(out, ", %s evicted\n", thousands(json_object_get(ingest, "evicted"), n));
}

/* "auth: password": who writes which. */
static void
add_secrets(struct strbuf *out, const json_t *list)
{
	json_t *counts = json_object();
	const json_t *row;
	size_t i;

	json_array_foreach(list, i, row) {
		json_t *name = json_sprintf("%s: %s", json_string_value(json_object_get(row, "logger")),
					    json_string_value(json_object_get(row, "rule")));

		json_object_set(counts, json_string_value(name), json_object_get(row, "records"));
		json_decref(name);
	}
	add_counts(out, "Records that hold secrets, by logger and kind", counts, true);
	json_decref(counts);
}

static void
add_window(struct strbuf *out, const json_t *o)
{
	strbuf_str(out, "tailboard report  ");
	if (!json_is_string(at(o, "window", "from")) || !json_is_string(at(o, "window", "to"))) {
		strbuf_str(out, "(no record has a time)");
		return;
	}
	add_safe(out, at(o, "window", "from"), 40);
	strbuf_str(out, " to ");
	add_safe(out, at(o, "window", "to"), 40);
}

void
report_text(const json_t *o, struct strbuf *out)
{
	static const char *const performance[] = { "avg_response_time", "p50_response_time", "p95_response_time",
						   "p99_response_time", "max_response_time" };
	static const char *const requests[] = { "avg", "p50", "p95", "p99", "max" };
	static const char *const error_keys[] = { "time", "level", "message", NULL };
	static const char *const slow_keys[] = { "time", "duration", "method", "path", "status", NULL };
	char n[32];

	add_window(out, o);
	strbuf_addf(out, "\n%s records", thousands(at(o, "statistics", "total_logs"), n));
	strbuf_addf(out, ", %s of them WARNING or worse\n", thousands(at(o, "errors", "total_errors"), n));
	add_counts(out, "Levels", at(o, "statistics", "by_level"), true);
	add_durations(out, "Requests (each counted once)", json_object_get(o, "requests"), requests);
	add_durations(out, "Records with a duration", json_object_get(o, "performance"), performance);
	add_routes(out, at(o, "requests", "by_route"));
	add_list(out, "Last slow requests", at(o, "requests", "last_slow"), slow_keys);
	add_list(out, "Last errors and warnings", at(o, "errors", "error_timeline"), error_keys);
	add_counts(out, "Hours", at(o, "statistics", "by_hour"), false);
	add_counts(out, "Loggers", at(o, "statistics", "by_module"), true);
	add_counts(out, "Status codes", at(o, "statistics", "by_status"), true);
	add_counts(out, "Formats", at(o, "statistics", "by_format"), true);
	add_secrets(out, at(o, "secrets", "by_logger"));
	add_sources(out, json_object_get(o, "ingest"));
}
