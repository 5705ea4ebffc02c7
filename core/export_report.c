/*
 * export_report.c: the moment as a page of Markdown, for a ticket or a message.
 *
 * It says what was looked at and how to look at it again, then what was wrong.
 * All text of logs is made harmless: control characters are shown, a | in a
 * table is escaped, and a fence is longer than any in what it holds.
 */
#include "config.h"

#include "core/export_internal.h"

#include "core/mask.h"
#include "core/units.h"
#include "core/utf8.h"

#include <stdlib.h>

enum { TOP_ERRORS = 10, TOP_ROUTES = 15, SAMPLE_LINES = 60, COLUMNS_MOST = 4096 };

/* ---- text of logs ------------------------------------------------------------------- */

/* One line, for a table or a sentence. */
static void
add_cell(struct strbuf *out, struct span s)
{
	struct glyph g;

	while (text_next(&s, &g)) {
		if (g.n == 1 && strchr("|\\`*_<>[]#", g.utf8[0]))
			strbuf_char(out, '\\');
		strbuf_add(out, span_of(g.utf8, g.n));
	}
}

static void
add_safe_line(struct strbuf *out, struct span s)
{
	struct glyph g;
	size_t columns = 0;

	for (s = span_head(s, COLUMNS_MOST); text_next(&s, &g); columns++)
		strbuf_add(out, span_of(g.utf8, g.n));
	strbuf_char(out, '\n');
}

static size_t
longest_fence(struct span s)
{
	size_t most = 2, run = 0;

	for (size_t i = 0; i < s.n; i++) {
		run = s.p[i] == '`' ? run + 1 : 0;
		most = run > most ? run : most;
	}
	return most;
}

static void
add_fence(struct strbuf *out, size_t n)
{
	while (n--)
		strbuf_char(out, '`');
	strbuf_char(out, '\n');
}

/* Its first lines, and how many are left out. */
static void
add_block(struct strbuf *out, struct span s)
{
	size_t fence = longest_fence(s) + 1, lines = 0, left = 0;

	add_fence(out, fence);
	while (s.n) {
		ptrdiff_t nl = span_chr(s, '\n');
		struct span line = span_head(s, nl < 0 ? s.n : (size_t)nl);

		if (lines++ < SAMPLE_LINES)
			add_safe_line(out, line);
		else
			left++;
		s = span_from(s, nl < 0 ? s.n : (size_t)nl + 1);
	}
	if (left)
		strbuf_addf(out, "... %zu more lines\n", left);
	add_fence(out, fence);
}

/* ---- what was looked at -------------------------------------------------------------- */

static void
add_argument(struct strbuf *out, const char *s)
{
	strbuf_str(out, " '");
	for (; *s; s++) {
		if (*s == '\'')
			strbuf_str(out, "'\\''");
		else
			strbuf_char(out, *s);
	}
	strbuf_char(out, '\'');
}

static void
add_command(struct strbuf *out, const struct export_what *w, const char *command, const char *query)
{
	char time[64];

	strbuf_str(out, command);
	strbuf_str(out, " --since");
	add_argument(out, clock_format(w->frame.from, CLOCK_ISO, time, sizeof time));
	strbuf_str(out, " --until");
	add_argument(out, clock_format(w->frame.to, CLOCK_ISO, time, sizeof time));
	if (query) {
		strbuf_str(out, " --");
		add_argument(out, query);
	}
	for (size_t i = 0; i < w->n_inputs; i++)
		add_argument(out, w->inputs[i]);
	strbuf_char(out, '\n');
}

static void
add_view(struct engine *e, const struct export_what *w, struct strbuf *out)
{
	char from[64], to[64], now[64], length[32];
	struct view_status st;

	view_status(e, w->now, &st);
	strbuf_addf(out, "# Log report, %s\n\n", clock_format(w->now, CLOCK_DATE_MINUTE, now, sizeof now));
	strbuf_addf(out, "- Window: %s to %s (%s)\n", clock_format(w->frame.from, CLOCK_ISO, from, sizeof from),
		    clock_format(w->frame.to, CLOCK_ISO, to, sizeof to),
		    units_age(w->frame.to - w->frame.from, length));
	strbuf_str(out, "- Filter: ");
	add_cell(out, *w->filter ? span_str(w->filter) : SPAN_LIT("none"));
	strbuf_str(out, "\n");
	if (st.evicted)
		strbuf_addf(out, "- %llu older records are no longer held: their numbers are here, their lines are not\n",
			    (unsigned long long)st.evicted);
	if (!w->mask)
		strbuf_str(out, "- Secrets are not masked\n");
	struct strbuf commands = STRBUF_INIT;

	add_command(&commands, w, "tailboard", NULL);
	if (*w->filter)
		add_command(&commands, w, "tailboard search", w->filter);
	strbuf_str(out, *w->filter ? "\nThe same again, without the filter; and the records of the filter:\n\n"
				   : "\nThe same again:\n\n");
	add_block(out, strbuf_span(&commands));
	strbuf_release(&commands);
}

/* ---- numbers ------------------------------------------------------------------------- */

static void
add_levels(struct engine *e, const struct export_what *w, struct strbuf *out)
{
	struct view_levels v;
	char n[32];

	view_levels(e, &w->frame, &v);
	strbuf_addf(out, "\n## Levels\n\n%s\n\n| level | records |\n|---|---:|\n",
		    v.filtered ? "Of what the filter keeps." : "Of all records.");
	for (int l = LEVEL_COUNT - 1; l >= 0; l--)
		if (v.count[l])
			strbuf_addf(out, "| %s | %s |\n", l ? level_info[l].name : "none",
				    units_thousands(v.count[l], n));
	strbuf_addf(out, "| all | %s |\n", units_thousands(v.total, n));
}

static void
add_routes(struct engine *e, const struct export_what *w, struct strbuf *out)
{
	struct view_requests v;
	char n[32], avg[16], p50[16], p95[16], p99[16], max[16];

	view_requests(e, &w->frame, SORT_P95, false, &v);
	strbuf_addf(out, "\n## Slow routes\n\n%s requests, ", units_thousands(v.count, n));
	strbuf_addf(out, "%s slow, ", units_thousands(v.slow, n));
	strbuf_addf(out, "%s failed%s.\n\n", units_thousands(v.failed, n),
		    v.filtered ? "; those that records of the filter belong to" : "");
	strbuf_str(out, "| method | route | count | errors | avg | p50 | p95 | p99 | max |\n"
			"|---|---|---:|---:|---:|---:|---:|---:|---:|\n");
	for (size_t i = 0; i < v.n && i < TOP_ROUTES; i++) {
		const struct view_route *r = &v.rows[i];

		strbuf_str(out, "| ");
		add_cell(out, span_str(r->method));
		strbuf_str(out, " | ");
		add_cell(out, r->route[0] ? span_str(r->route) : SPAN_LIT("(unknown)"));
		strbuf_addf(out, " | %s | %.1f%% | %s | %s | %s | %s | %s |\n", units_thousands(r->count, n),
			    r->error_percent, units_duration(r->avg, avg), units_duration(r->p50, p50),
			    units_duration(r->p95, p95), units_duration(r->p99, p99), units_duration(r->max, max));
	}
	view_requests_release(&v);
}

/* ---- errors -------------------------------------------------------------------------- */

static void
add_sample(struct engine *e, const struct export_what *w, uint64_t id, struct strbuf *out)
{
	struct strbuf masked = STRBUF_INIT;
	struct view_record r;

	if (!view_record(e, id, &r))
		return;
	struct strbuf text = STRBUF_INIT;

	strbuf_add(&text, r.message);
	strbuf_char(&text, '\n');
	strbuf_add(&text, r.traceback);
	add_block(out, w->mask && mask_text(strbuf_span(&text), &masked) ? strbuf_span(&masked) : strbuf_span(&text));
	strbuf_release(&text);
	strbuf_release(&masked);
	view_record_release(&r);
}

static void
add_group(struct engine *e, const struct export_what *w, const struct error_group *g, struct strbuf *out)
{
	char n[32], first[64], last[64];

	strbuf_str(out, "\n### ");
	add_cell(out, g->title[0] ? span_str(g->title) : SPAN_LIT("(no message)"));
	strbuf_addf(out, "\n\n%s time%s, %s", units_thousands(g->count, n), g->count == 1 ? "" : "s", level_info[g->level].name);
	if (g->logger[0]) {
		strbuf_str(out, ", ");
		add_cell(out, span_str(g->logger));
	}
	strbuf_addf(out, "; first %s, last %s\n\n", clock_format(g->first, CLOCK_FULL, first, sizeof first),
		    clock_format(g->last, CLOCK_FULL, last, sizeof last));
	add_sample(e, w, g->sample, out);
}

static void
add_errors(struct engine *e, const struct export_what *w, struct strbuf *out)
{
	struct error_groups groups;
	char n[32];

	error_groups(e, &w->frame, w->mask, &groups);
	strbuf_addf(out, "\n## Errors\n\n%s%s in %zu kinds", groups.cut ? "The newest " : "",
		    units_thousands(groups.errors, n), groups.n);
	strbuf_str(out, groups.n > TOP_ERRORS ? "; the most frequent:\n" : groups.n ? ":\n" : ".\n");
	for (size_t i = 0; i < groups.n && i < TOP_ERRORS; i++)
		add_group(e, w, &groups.v[i], out);
	error_groups_release(&groups);
}

void
export_report_text(struct engine *e, const struct export_what *w, struct strbuf *out)
{
	add_view(e, w, out);
	add_levels(e, w, out);
	add_errors(e, w, out);
	add_routes(e, w, out);
}

int
export_report(struct engine *e, const struct export_what *w, const char *path, struct export_done *done,
	      struct err *err)
{
	struct export_file file;
	struct strbuf out = STRBUF_INIT;

	if (export_file_open(&file, path, EXPORT_REPORT, w->now, err))
		return -1;
	export_report_text(e, w, &out);
	fwrite(out.p, 1, out.n, file.f);
	strbuf_release(&out);
	snprintf(done->path, sizeof done->path, "%s", file.path);
	done->rows = 0;
	return export_file_close(&file, err);
}
