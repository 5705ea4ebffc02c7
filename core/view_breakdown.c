/*
 * view_breakdown.c: who has how many, by logger, source, class of status, method or
 * route. From the rollup, which remembers what the ring has evicted; records are
 * counted one by one when there is a filter.
 */
#include "config.h"

#include "core/engine_internal.h"
#include "core/view.h"

#include "core/alloc.h"
#include "core/route_groups.h"
#include "core/tray.h"

#include <stdio.h>
#include <stdlib.h>

static struct view_count *
add_row(struct view_breakdown *v, struct span name, uint64_t count, uint64_t errors)
{
	struct view_count *row = &v->rows[v->n++];

	*row = (struct view_count){ .other = !name.n, .count = count, .errors = errors };
	snprintf(row->name, sizeof row->name, "%.*s", SPAN_FMT(name));
	return row;
}

/* ---- records --------------------------------------------------------------------- */

static struct span
logger_name(const struct engine *e, uint32_t id)
{
	return intern_name(&e->loggers, id);
}

static struct span
source_name(const struct engine *e, uint32_t id)
{
	return id < e->n_feeds ? engine_source_name((void *)e, id) : SPAN_NONE;
}

static struct span
status_name(const struct engine *e, uint32_t id)
{
	static const char *const names[] = { "", "1xx", "2xx", "3xx", "4xx", "5xx" };

	(void)e;
	return span_str(id < ARRAY_SIZE(names) ? names[id] : "");
}

/* Counting what the filter has: the part of a row is at or behind that of the row before. */
struct filtered {
	struct tray tray;
	const struct block *block;
	uint32_t part;
};

static void
count(struct filtered *f, enum counter_kind kind, uint32_t id, bool error)
{
	tray_row(&f->tray, counter_key(kind, id, COUNTER_COUNT))->n++;
	if (error)
		tray_row(&f->tray, counter_key(kind, id, COUNTER_ERRORS))->n++;
}

static void
count_logger(void *arg, const struct block *b, uint32_t row)
{
	uint32_t logger = b->logger[row];
	bool named = logger < b->logger_mapped && intern_name(&b->loggers, logger).n;

	if (named)
		count(arg, COUNTER_LOGGER, b->logger_map[logger], b->level[row] >= LEVEL_ERROR);
	else if (logger >= b->loggers.n)
		count(arg, COUNTER_LOGGER, COUNTER_OTHER, b->level[row] >= LEVEL_ERROR);
}

static void
count_source(void *arg, const struct block *b, uint32_t row)
{
	count(arg, COUNTER_SOURCE, b->source, b->level[row] >= LEVEL_ERROR);
}

static void
count_status(void *arg, const struct block *b, uint32_t row)
{
	struct filtered *f = arg;

	if (f->block != b)
		f->part = 0;
	f->block = b;
	while (f->part < b->n_parts && b->parts[f->part].row < row)
		f->part++;
	const struct part *p = f->part < b->n_parts && b->parts[f->part].row == row ? &b->parts[f->part] : NULL;

	if (p && p->status)
		count(f, COUNTER_STATUS, tally_class(p->status), tally_class(p->status) == 5);
}

struct kind {
	enum counter_kind kind;
	struct span (*name)(const struct engine *e, uint32_t id);
	void (*count)(void *arg, const struct block *b, uint32_t row);
};

static const struct kind kinds[BY_COUNT] = {
	[BY_LOGGER] = { COUNTER_LOGGER, logger_name, count_logger },
	[BY_SOURCE] = { COUNTER_SOURCE, source_name, count_source },
	[BY_STATUS] = { COUNTER_STATUS, status_name, count_status },
	[BY_METHOD] = { .kind = COUNTER_ROUTE },
	[BY_ROUTE] = { .kind = COUNTER_ROUTE },
};

static size_t
filtered_sums(struct engine *e, const struct timeframe *t, const struct kind *k, struct counter_sum **sums)
{
	struct filtered f = { .tray = TRAY_INIT };

	engine_each_filtered(e, t->from, t->to, k->count, &f);
	size_t n = tray_sums(&f.tray, k->kind, sums);

	tray_release(&f.tray);
	return n;
}

static void
fill_names(const struct engine *e, const struct kind *k, const struct counter_sum *sums, size_t n,
	   struct view_breakdown *out)
{
	for (size_t i = 0; i < n; i++)
		add_row(out, k->name(e, sums[i].id), sums[i].count, sums[i].errors);
}

/* ---- requests -------------------------------------------------------------------- */

static void
fill_methods(const struct engine *e, const struct counter_sum *sums, size_t n, struct view_breakdown *out)
{
	struct intern methods;

	intern_init(&methods, 0);
	for (size_t i = 0; i < n; i++) {
		struct span name = intern_name(&e->routes, sums[i].id);
		ptrdiff_t blank = span_chr(name, ' ');
		struct span method = span_head(name, blank < 0 ? 0 : (size_t)blank);
		uint32_t at = intern_add(&methods, method);

		if (at == out->n) {
			add_row(out, method, sums[i].count, sums[i].errors);
			continue;
		}
		out->rows[at].count += sums[i].count;
		out->rows[at].errors += sums[i].errors;
	}
	intern_release(&methods);
}

/* Without the blank that is all of an absent method. */
static struct span
route_title(struct span name)
{
	return span_from(name, name.n && name.p[0] == ' ');
}

/* As the requests are shown: with slugs put together. */
static void
fill_routes(const struct engine *e, const struct counter_sum *sums, size_t n, struct view_breakdown *out)
{
	struct route_groups groups = ROUTE_GROUPS_INIT;
	struct rollup_route *routes = xcalloc(n + 1, sizeof *routes);

	for (size_t i = 0; i < n; i++)
		routes[i] = (struct rollup_route){
			.route = sums[i].id == COUNTER_OTHER ? ROUTE_NONE : sums[i].id,
			.count = sums[i].count, .failed = sums[i].errors,
		};
	n = route_groups_fold(&groups, routes, n, &e->routes);
	for (size_t i = 0; i < n; i++)
		add_row(out, route_title(route_groups_name(&groups, &e->routes, routes[i].route)), routes[i].count,
			routes[i].failed);
	rollup_routes_free(routes, n);
	route_groups_release(&groups);
}

/* ---- the view -------------------------------------------------------------------- */

static int
compare_rows(const void *a, const void *b)
{
	const struct view_count *x = a, *y = b;

	if (x->other != y->other)
		return x->other ? 1 : -1;
	if (x->count != y->count)
		return x->count < y->count ? 1 : -1;
	return strcmp(x->name, y->name);
}

/* Those without a name into one. */
static void
join_others(struct view_breakdown *v)
{
	while (v->n > 1 && v->rows[v->n - 2].other) {
		v->n--;
		v->rows[v->n - 1].count += v->rows[v->n].count;
		v->rows[v->n - 1].errors += v->rows[v->n].errors;
	}
}

void
view_breakdown(struct engine *e, const struct timeframe *t, enum view_by by, struct view_breakdown *out)
{
	const struct kind *k = &kinds[by];
	struct counter_sum *sums;

	*out = (struct view_breakdown){ .filtered = e->filter.query && k->count };
	size_t n = out->filtered ? filtered_sums(e, t, k, &sums) :
				   rollup_sums(e->rollup, t->from, t->to, k->kind, &sums);

	out->rows = xcalloc(n + 1, sizeof *out->rows);
	if (by == BY_METHOD)
		fill_methods(e, sums, n, out);
	else if (by == BY_ROUTE)
		fill_routes(e, sums, n, out);
	else
		fill_names(e, k, sums, n, out);
	free(sums);
	for (size_t i = 0; i < out->n; i++) {
		out->count += out->rows[i].count;
		out->errors += out->rows[i].errors;
	}
	qsort(out->rows, out->n, sizeof *out->rows, compare_rows);
	join_others(out);
}

void
view_breakdown_release(struct view_breakdown *v)
{
	free(v->rows);
	*v = (struct view_breakdown){ 0 };
}
