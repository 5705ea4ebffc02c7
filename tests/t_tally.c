/* Unit tests of core/tally and core/stats: what rows add to the books, against rows counted one by one. */
#include "config.h"

#include "core/alloc.h"
#include "core/demo_rand.h"
#include "core/stats.h"
#include "tests/unit.h"

#include <stdio.h>
#include <stdlib.h>

enum { ROWS = 5000, LOGGERS = 20, PATHS = 7 };

#define START (INT64_C(1757376000) * NSEC)
#define SLOW 0.2

static const enum format_id formats[] = { FORMAT_JSON, FORMAT_RAW, FORMAT_JSON };
static const unsigned statuses[] = { 0, 200, 200, 302, 404, 500, 503, 799, 99 };
static const char *const methods[] = { "GET", "POST" };

/* Records whose times go to and fro by some seconds around one that moves on by `step` ns. */
static struct block *
make_block(struct demo_rand *r, int64_t step)
{
	struct block *b = block_new(3, 0, NULL);

	for (uint32_t i = 0; i < ROWS; i++) {
		char logger[16], path[16];
		struct parsed p;

		parsed_clear(&p);
		snprintf(logger, sizeof logger, "app.%u", demo_rand_below(r, LOGGERS));
		snprintf(path, sizeof path, "/p%c/", 'a' + (int)demo_rand_below(r, PATHS));
		p.level = demo_rand_below(r, LEVEL_COUNT);
		if (demo_rand_chance(r, 0.9))
			p.field[FIELD_LOGGER] = span_str(logger);
		if (demo_rand_chance(r, 0.5)) {
			p.field[FIELD_PATH] = span_str(path);
			p.field[FIELD_METHOD] = span_str(methods[demo_rand_below(r, 2)]);
		}
		p.status = (int)statuses[demo_rand_below(r, ARRAY_SIZE(statuses))];
		if (demo_rand_chance(r, 0.6))
			p.duration = demo_rand_latency(r, 0.1, 1);
		block_add(b, i, 1, START + i * step + (int64_t)demo_rand_below(r, 3) * NSEC,
			  demo_rand_chance(r, 0.95) ? ROW_OWN_TIME : 0,
			  format_get(formats[demo_rand_below(r, ARRAY_SIZE(formats))]), &p);
	}
	return b;
}

static uint64_t
sum_seconds(const struct tally *t, int64_t second, int level)
{
	uint64_t n = 0;

	for (size_t i = 0; i < t->n_seconds; i++)
		if (t->seconds[i].at == second)
			n += t->seconds[i].level[level];
	return n;
}

/* Count and errors of one logger or class, in one second. */
static void
sum_cells(const struct tally *t, int64_t second, uint32_t id, bool is_status, uint64_t sum[2])
{
	const struct tally_cell *c = t->cells;

	sum[0] = sum[1] = 0;
	for (size_t i = 0; i < t->n_seconds; i++)
		for (uint32_t k = 0; k < t->seconds[i].cells; k++, c++)
			if (t->seconds[i].at == second && c->id == id && c->is_status == is_status) {
				sum[0] += c->count;
				sum[1] += c->errors;
			}
}

static void
assert_second(const struct block *b, const struct tally *t, const struct tally_bounds *bounds, int64_t second)
{
	uint64_t level[LEVEL_COUNT] = { 0 }, logger[LOGGERS + 1][2] = { { 0 } }, class[6][2] = { { 0 } }, got[2];
	uint32_t part = 0;

	for (uint32_t i = 0; i < b->n; i++) {
		for (; part < b->n_parts && b->parts[part].row < i; part++)
			;
		if (b->time[i] < second || b->time[i] >= second + NSEC || !(b->flags[i] & ROW_OWN_TIME) ||
		    !tally_counts(bounds, b->time[i]) || i < t->from || i >= t->to)
			continue;
		level[b->level[i]]++;
		logger[b->logger[i]][0]++;
		logger[b->logger[i]][1] += b->level[i] >= LEVEL_ERROR;
		unsigned status = part < b->n_parts && b->parts[part].row == i ? b->parts[part].status : 0;

		class[tally_class(status)][0] += status != 0;
		class[tally_class(status)][1] += status >= 500 && status < 600;
	}
	for (int l = 0; l < LEVEL_COUNT; l++)
		ck_assert_uint_eq(sum_seconds(t, second, l), level[l]);
	for (uint32_t i = 0; i < b->loggers.n; i++) {
		sum_cells(t, second, i, false, got);
		ck_assert_mem_eq(got, logger[i], sizeof got);
	}
	for (uint32_t i = 0; i < 6; i++) {
		sum_cells(t, second, i, true, got);
		ck_assert_mem_eq(got, class[i], sizeof got);
	}
}

static void
assert_totals(const struct block *b, const struct tally *t, const struct tally_bounds *bounds)
{
	uint64_t records = 0, raw = 0, level[LEVEL_COUNT] = { 0 }, status[1000] = { 0 }, slow = 0;
	size_t durations = 0;

	for (uint32_t i = t->from; i < t->to; i++) {
		bool counts = tally_counts(bounds, b->time[i]), is_raw = b->format[i] == FORMAT_RAW;

		records += counts && !is_raw;
		raw += counts && is_raw;
		level[b->level[i]] += counts && !is_raw;
	}
	for (uint32_t i = 0; i < b->n_parts; i++) {
		const struct part *p = &b->parts[i];

		if (p->row < t->from || p->row >= t->to || !tally_counts(bounds, b->time[p->row]))
			continue;
		status[p->status]++;
		if (p->duration >= 0)
			ck_assert_double_eq(t->durations[durations++], (double)p->duration);
		slow += p->duration > SLOW;
	}
	ck_assert_uint_eq(t->records, records);
	ck_assert_uint_eq(t->unparsed, raw);
	for (int l = 0; l < LEVEL_COUNT; l++)
		ck_assert_uint_eq(t->by_level[l], level[l]);
	for (int i = 1; i < 1000; i++)
		ck_assert_uint_eq(t->by_status[i], status[i]);
	ck_assert_uint_eq(t->n_durations, durations);
	ck_assert_uint_eq(t->latency.count, durations);
	ck_assert_uint_eq(t->slow, slow);
}

static const struct {
	uint32_t from, to;
	int64_t step;
	struct tally_bounds bounds;
} rows[] = {
	{ 0, ROWS, NSEC / 200, { TIME_NONE, TIME_NONE, SLOW } },
	{ 0, ROWS, 30 * NSEC, { TIME_NONE, TIME_NONE, SLOW } },
	{ 1234, 1235, NSEC / 200, { TIME_NONE, TIME_NONE, SLOW } },
	{ 1234, 4000, NSEC / 50, { TIME_NONE, TIME_NONE, SLOW } },
	{ 0, 0, NSEC, { TIME_NONE, TIME_NONE, SLOW } },
	{ 0, ROWS, NSEC / 50, { START + 10 * NSEC, TIME_NONE, SLOW } },
	{ 0, ROWS, NSEC / 50, { START + 10 * NSEC + 5, START + 33 * NSEC + 7, SLOW } },
	{ 0, ROWS, NSEC, { TIME_NONE, START, SLOW } },
};

START_TEST(tallies_equal_rows_counted_one_by_one)
{
	struct demo_rand r = { (uint64_t)_i };
	struct block *b = make_block(&r, rows[_i].step);
	struct tally *t = tally_new(b, rows[_i].from, rows[_i].to, &rows[_i].bounds);
	int64_t oldest = TIME_NONE;

	assert_totals(b, t, &rows[_i].bounds);
	for (uint32_t i = 0; i < b->n; i += rows[_i].step < NSEC ? 100 : 1000)
		assert_second(b, t, &rows[_i].bounds, b->time[i] - b->time[i] % NSEC);
	for (uint32_t i = rows[_i].from; i < rows[_i].to; i++)
		if ((b->flags[i] & ROW_OWN_TIME) && tally_counts(&rows[_i].bounds, b->time[i]) &&
		    (oldest == TIME_NONE || b->time[i] < oldest))
			oldest = b->time[i];
	ck_assert_int_eq(t->oldest, oldest);
	tally_free(t);
	block_free(b);
}
END_TEST

static void
take(struct stats *s, const struct block *b, uint32_t from, uint32_t to)
{
	struct tally *t = tally_new(b, from, to, &(struct tally_bounds){ TIME_NONE, TIME_NONE, SLOW });
	uint32_t loggers[LOGGERS + 1];

	for (uint32_t i = 0; i < b->loggers.n; i++)
		loggers[i] = intern_name(&b->loggers, i).n ? i + 7 : INTERN_NONE;
	stats_take(s, b, t, loggers);
	tally_free(t);
}

static int
compare_doubles(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* A block in one tally (0) or in many of odd sizes: the same stats, to the last bit of the sums. */
START_TEST(stats_do_not_depend_on_where_tallies_begin)
{
	struct demo_rand r = { 99 };
	struct block *b = make_block(&r, NSEC / 20);
	struct stats whole, parts;
	uint64_t timed = 0;

	stats_init(&whole, SLOW, 1 << 20);
	stats_init(&parts, SLOW, 1 << 20);
	take(&whole, b, 0, b->n);
	for (uint32_t from = 0, to; from < b->n; from = to) {
		to = from + 1 + demo_rand_below(&r, 300);
		to = to < b->n ? to : b->n;
		take(&parts, b, from, to);
	}
	ck_assert_uint_eq(whole.records, parts.records);
	ck_assert_uint_eq(whole.records + whole.unparsed, ROWS);
	ck_assert_mem_eq(whole.by_level, parts.by_level, sizeof whole.by_level);
	ck_assert_mem_eq(whole.by_format, parts.by_format, sizeof whole.by_format);
	ck_assert_mem_eq(whole.by_status, parts.by_status, sizeof whole.by_status);
	for (uint32_t i = 0; i < LOGGERS + 8; i++)
		ck_assert_uint_eq(i < whole.by_logger.n ? whole.by_logger.v[i] : 0,
				  i < parts.by_logger.n ? parts.by_logger.v[i] : 0);
	ck_assert_uint_eq(whole.by_source.v[3], ROWS);
	ck_assert_uint_eq(whole.methods.n, 2);
	ck_assert_uint_eq(whole.by_method.v[0] + whole.by_method.v[1], parts.by_method.v[0] + parts.by_method.v[1]);
	ck_assert_uint_eq(whole.minutes_n, parts.minutes_n);
	for (size_t i = 0; i < whole.minutes_cap; i++)
		timed += whole.minutes[i].count;
	for (uint32_t i = 0; i < b->n; i++)
		timed -= b->format[i] != FORMAT_RAW && (b->flags[i] & ROW_OWN_TIME);
	ck_assert_uint_eq(timed, 0);
	ck_assert_double_eq(whole.performance.sketch.sum, parts.performance.sketch.sum);
	ck_assert_uint_eq(whole.performance.slow_count, parts.performance.slow_count);
	ck_assert_uint_eq(whole.performance.n, parts.performance.n);
	stats_release(&whole);
	stats_release(&parts);
	block_free(b);
}
END_TEST

/* Kept (0): exact. Not kept (1): within 1 %. */
START_TEST(quantiles_of_durations)
{
	enum { N = 20000 };
	static double values[N];
	struct demo_rand r = { 4 };
	struct durations d;

	durations_init(&d, SLOW, _i == 0 ? 1 << 20 : 0);
	ck_assert_double_eq(durations_quantile(&d, 0.5), 0);
	for (size_t i = 0; i < N; i++)
		durations_add(&d, values[i] = demo_rand_latency(&r, 0.05, 1.5));
	qsort(values, N, sizeof *values, compare_doubles);
	for (int q = 0; q < 100; q++) {
		double exact = values[(size_t)(N * (q / 100.0))], got = durations_quantile(&d, q / 100.0);

		ck_assert_double_le(fabs(got - exact), _i ? 0.01 * exact : 0);
	}
	durations_release(&d);
}
END_TEST

/* More than may be kept: from then on the sketch answers. */
START_TEST(too_many_durations_are_not_kept)
{
	enum { MOST = 1000 };
	struct durations d;

	durations_init(&d, SLOW, MOST);
	for (size_t i = 0; i < MOST; i++)
		durations_add(&d, 0.5);
	ck_assert_ptr_nonnull(d.values);
	durations_add(&d, 0.5);
	ck_assert_ptr_null(d.values);
	ck_assert_uint_eq(d.sketch.count, MOST + 1);
	ck_assert_uint_eq(d.slow_count, MOST + 1);
	ck_assert_double_le(fabs(durations_quantile(&d, 0.95) - 0.5), 0.005);
	durations_release(&d);
}
END_TEST

static Suite *
tally_suite(void)
{
	Suite *s = suite_create("tally");
	TCase *tc = tcase_create("tally");

	suite_add_tcase(s, tc);
	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, tallies_equal_rows_counted_one_by_one, 0, ARRAY_SIZE(rows));
	tcase_add_test(tc, stats_do_not_depend_on_where_tallies_begin);
	tcase_add_loop_test(tc, quantiles_of_durations, 0, 2);
	tcase_add_test(tc, too_many_durations_are_not_kept);
	return s;
}

int
main(void)
{
	return unit_run(tally_suite());
}
