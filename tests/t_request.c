/* Unit tests of core/request: sequences of parts in several orders, and the bounds of the table. */
#include "config.h"

#include "core/alloc.h"
#include "core/demo_rand.h"
#include "core/request.h"
#include "tests/unit.h"

#include <math.h>

enum { NONE = -1 };

/*
 * A part in a letter: s start (route 1), c completion (status 200), x completion (500), d duration
 * and route without status, e the same with an exception, o a one-line request (route 2, status
 * 200, duration), n another record with the id, N the same at level ERROR, h a status alone.
 * F flushes, O expects older parts again, T is a part of another request ten seconds on.
 * Every part is 10 ms and one record after the one before.
 */
static struct request_part
part_of(char letter, unsigned i)
{
	struct request_part p = {
		.id_hash = 0xabcdef,
		.record = i + 1,
		.time = (int64_t)i * 10000000,
		.route = ROUTE_NONE,
		.duration = -1,
	};

	p.start = letter == 's';
	if (strchr("sde", letter))
		p.route = 1;
	if (letter == 'o')
		p.route = 2;
	if (strchr("cxo", letter))
		p.duration = 0.5;
	if (strchr("de", letter))
		p.duration = 0.25;
	if (strchr("cxoh", letter))
		p.status = letter == 'x' ? 500 : letter == 'h' ? 404 : 200;
	p.failed = letter == 'e' || letter == 'N';
	if (letter == 'T') {
		p.id_hash = 99;
		p.start = true;
		p.time += 10 * NSEC;
	}
	return p;
}

struct collected {
	unsigned n;
	struct request last;
};

static void
collect(void *arg, const struct request *q)
{
	struct collected *c = arg;

	c->n++;
	c->last = *q;
}

#define NO_ROUTE ROUTE_NONE
static const struct {
	const char *parts;
	unsigned done;
	uint32_t route;
	uint16_t status;
	bool failed;
	double duration;
	int start, end; /* index of the part, or NONE */
	unsigned in_flight;
} rows[] = {
	/* forwards */
	{ "s", 0, 0, 0, false, 0, 0, 0, 1 },
	{ "sc", 1, 1, 200, false, 0.5, 0, 1, 0 },
	{ "scd", 1, 1, 200, false, 0.5, 0, 1, 0 },
	{ "snec", 1, 1, 200, true, 0.5, 0, 3, 0 },
	{ "sexdnc", 1, 1, 500, true, 0.5, 0, 2, 0 },
	{ "sx", 1, 1, 500, true, 0.5, 0, 1, 0 },
	{ "sNc", 1, 1, 200, true, 0.5, 0, 2, 0 },
	{ "scsc", 1, 1, 200, false, 0.5, 0, 1, 0 },
	{ "shc", 1, 1, 200, false, 0.5, 0, 2, 0 },
	{ "sh", 0, 0, 0, false, 0, 0, 0, 1 },
	/* backwards, as blocks are read from a file's end */
	{ "cs", 1, 1, 200, false, 0.5, 1, 0, 0 },
	{ "dcs", 1, 1, 200, false, 0.5, 2, 1, 0 },
	{ "dxes", 1, 1, 500, true, 0.5, 3, 1, 0 },
	{ "cnes", 1, 1, 200, true, 0.5, 3, 0, 0 },
	{ "chs", 1, 1, 200, false, 0.5, 2, 0, 0 },
	{ "ccs", 1, 1, 200, false, 0.5, 2, 0, 0 },
	{ "csd", 1, 1, 200, false, 0.5, 1, 0, 0 },
	/* a completion without a start waits, and counts when all is read */
	{ "c", 0, 0, 0, false, 0, 0, 0, 0 },
	{ "cF", 1, NO_ROUTE, 200, false, 0.5, NONE, 0, 0 },
	{ "cFs", 1, NO_ROUTE, 200, false, 0.5, NONE, 0, 0 },
	{ "dcF", 1, 1, 200, false, 0.5, NONE, 1, 0 },
	{ "Fc", 1, NO_ROUTE, 200, false, 0.5, NONE, 1, 0 },
	{ "Fsc", 1, 1, 200, false, 0.5, 1, 2, 0 },
	{ "sFc", 1, 1, 200, false, 0.5, 0, 2, 0 },
	{ "FOc", 0, 0, 0, false, 0, 0, 0, 0 },
	{ "FOcs", 1, 1, 200, false, 0.5, 3, 2, 0 },
	/* a duration without status is an end only when nothing better comes */
	{ "sd", 0, 0, 0, false, 0, 0, 0, 0 },
	{ "sdF", 1, 1, 0, false, 0.25, 0, 1, 0 },
	{ "sdFc", 1, 1, 0, false, 0.25, 0, 1, 0 },
	{ "d", 0, 0, 0, false, 0, 0, 0, 0 },
	{ "deF", 1, 1, 0, true, 0.25, NONE, 0, 0 },
	{ "Fsd", 0, 0, 0, false, 0, 0, 0, 0 },
	{ "Fsdc", 1, 1, 200, false, 0.5, 1, 3, 0 },
	{ "FsdT", 1, 1, 0, false, 0.25, 1, 2, 1 },
	{ "FsdTc", 1, 1, 0, false, 0.25, 1, 2, 1 },
	{ "sdT", 0, 0, 0, false, 0, 0, 0, 1 },
	/* whole in one record */
	{ "o", 1, 2, 200, false, 0.5, NONE, 0, 0 },
	{ "oo", 1, 2, 200, false, 0.5, NONE, 0, 0 },
	{ "so", 1, 1, 200, false, 0.5, 0, 1, 0 },
	{ "os", 1, 2, 200, false, 0.5, NONE, 0, 0 },
	/* records that only carry the id say nothing */
	{ "nNh", 0, 0, 0, false, 0, 0, 0, 0 },
	{ "nNhF", 0, 0, 0, false, 0, 0, 0, 0 },
};

static void
feed(struct requests *t, const char *letters)
{
	for (unsigned i = 0; letters[i]; i++) {
		struct request_part p = part_of(letters[i], i);

		if (letters[i] == 'F')
			requests_flush(t);
		else if (letters[i] == 'O')
			requests_expect_older(t);
		else
			requests_add(t, &p);
	}
}

START_TEST(sequences)
{
	struct collected got = { 0 };
	struct requests *t = requests_new(16, collect, &got);
	int start = rows[_i].start, end = rows[_i].end;

	feed(t, rows[_i].parts);
	ck_assert_uint_eq(got.n, rows[_i].done);
	ck_assert_uint_eq(requests_in_flight(t, INT64_MIN), rows[_i].in_flight);
	ck_assert_uint_eq(requests_lost(t), 0);
	if (got.n) {
		ck_assert_uint_eq(got.last.id_hash, 0xabcdef);
		ck_assert_uint_eq(got.last.route, rows[_i].route);
		ck_assert_uint_eq(got.last.status, rows[_i].status);
		ck_assert_int_eq(got.last.failed, rows[_i].failed);
		ck_assert_double_eq(got.last.duration, rows[_i].duration);
		ck_assert_uint_eq(got.last.start_record, (uint64_t)(start + 1));
		ck_assert_int_eq(got.last.start_time, start == NONE ? TIME_NONE : start * 10000000);
		ck_assert_uint_eq(got.last.end_record, (uint64_t)(end + 1));
		ck_assert_int_eq(got.last.end_time, end * 10000000);
	}
	/* Nothing that was counted is counted again. */
	requests_flush(t);
	requests_flush(t);
	ck_assert_uint_le(got.n, 1);
	requests_free(t);
}
END_TEST

static const struct {
	struct request_part part;
	bool counts, failed;
} alone_rows[] = {
	{ { .route = 4, .status = 200, .duration = 0.1 }, true, false },
	{ { .route = 4, .status = 502, .duration = -1 }, true, true },
	{ { .route = ROUTE_NONE, .status = 400, .duration = -1 }, true, false },
	{ { .route = 4, .duration = 0.1 }, true, false },
	{ { .route = 4, .duration = 0.1, .failed = true }, true, true },
	{ { .route = ROUTE_NONE, .duration = 0.1 }, false, false },
	{ { .route = 4, .duration = -1, .start = true }, false, false },
};

START_TEST(parts_without_an_id)
{
	struct collected got = { 0 };
	struct requests *t = requests_new(16, collect, &got);
	struct request_part p = alone_rows[_i].part;

	p.record = 5;
	p.time = 17;
	requests_add(t, &p);
	requests_add(t, &p);
	ck_assert_uint_eq(got.n, alone_rows[_i].counts ? 2 : 0);
	if (got.n) {
		ck_assert_int_eq(got.last.failed, alone_rows[_i].failed);
		ck_assert_uint_eq(got.last.end_record, 5);
		ck_assert_int_eq(got.last.end_time, 17);
		ck_assert_int_eq(got.last.start_time, TIME_NONE);
		ck_assert_double_eq(got.last.duration, p.duration);
	}
	ck_assert_uint_eq(requests_in_flight(t, INT64_MIN), 0);
	requests_free(t);
}
END_TEST

static void
add(struct requests *t, uint64_t id, int64_t time, char letter)
{
	struct request_part p = part_of(letter, 0);

	p.id_hash = id;
	p.time = time;
	requests_add(t, &p);
}

START_TEST(in_flight_since)
{
	struct collected got = { 0 };
	struct requests *t = requests_new(100, collect, &got);

	for (int i = 1; i <= 10; i++)
		add(t, (uint64_t)i, i * NSEC, 's');
	ck_assert_uint_eq(requests_in_flight(t, 0), 10);
	ck_assert_uint_eq(requests_in_flight(t, 4 * NSEC), 7);
	add(t, 8, 11 * NSEC, 'c');
	ck_assert_uint_eq(requests_in_flight(t, 4 * NSEC), 6);
	requests_flush(t);
	ck_assert_uint_eq(requests_in_flight(t, 4 * NSEC), 6);
	ck_assert_uint_eq(got.n, 1);
	requests_free(t);
}
END_TEST

START_TEST(what_leaves_the_table)
{
	struct collected got = { 0 };
	struct requests *t = requests_new(8, collect, &got);

	add(t, 1, 0, 's');                 /* lost */
	add(t, 2, 0, 'c');                 /* counts without a path */
	add(t, 3, 0, 's'), add(t, 3, 0, 'd'); /* counts with what it has */
	add(t, 4, 0, 's'), add(t, 4, 0, 'c'); /* is done */
	ck_assert_uint_eq(got.n, 1);
	for (uint64_t id = 10; id < 14; id++)
		add(t, id, 0, 's');
	ck_assert_uint_eq(requests_lost(t), 0);
	add(t, 20, 0, 's');
	ck_assert_uint_eq(requests_lost(t), 1);
	add(t, 21, 0, 's');
	ck_assert_uint_eq(got.n, 2);
	ck_assert_uint_eq(got.last.route, ROUTE_NONE);
	add(t, 22, 0, 's');
	ck_assert_uint_eq(got.n, 3);
	ck_assert_double_eq(got.last.duration, 0.25);
	add(t, 4, 0, 'c');
	ck_assert_uint_eq(got.n, 3);
	add(t, 23, 0, 's');
	ck_assert_uint_eq(got.n, 3);
	ck_assert_uint_eq(requests_lost(t), 1);
	ck_assert_uint_eq(requests_in_flight(t, 0), 8);
	requests_free(t);
}
END_TEST

/* Parts shuffled in groups of REACH, which the table holds: each request counts once, with its
 * path. */
START_TEST(many_in_any_order)
{
	enum { N = 50000, REACH = 400 };
	static const char *const kinds[] = { "sc", "scd", "sec", "snnxd", "cs" };
	static struct request_part parts[N * 5];
	struct demo_rand r = { 8 + (uint64_t)_i };
	struct collected got = { 0 };
	struct requests *t = requests_new(_i ? 1024 : 1000, collect, &got);
	size_t n = 0;

	for (uint64_t id = 1; id <= N; id++) {
		const char *kind = kinds[demo_rand_below(&r, ARRAY_SIZE(kinds))];

		for (unsigned i = 0; kind[i]; i++) {
			parts[n] = part_of(kind[i], i);
			parts[n].id_hash = id * (_i == 1 ? 4096 : 0x9e3779b97f4a7c15u);
			parts[n++].time = (int64_t)id * NSEC / 100;
		}
	}
	for (size_t i = 0; i < n; i++) {
		size_t left = REACH - i % REACH, j = i + demo_rand_below(&r, (unsigned)left);
		struct request_part p = parts[i];

		if (j < n) {
			parts[i] = parts[j];
			parts[j] = p;
		}
	}
	for (size_t i = 0; i < n; i++) {
		unsigned before = got.n;

		requests_add(t, &parts[_i == 2 ? n - 1 - i : i]);
		ck_assert(got.n == before || got.last.route == 1);
	}
	ck_assert_uint_eq(got.n, N);
	ck_assert_uint_eq(requests_lost(t), 0);
	ck_assert_uint_eq(requests_in_flight(t, INT64_MIN), 0);
	requests_free(t);
}
END_TEST

static Suite *
request_suite(void)
{
	Suite *s = suite_create("request");
	TCase *tc = tcase_create("request");

	suite_add_tcase(s, tc);
	tcase_add_loop_test(tc, sequences, 0, ARRAY_SIZE(rows));
	tcase_add_loop_test(tc, parts_without_an_id, 0, ARRAY_SIZE(alone_rows));
	tcase_add_test(tc, in_flight_since);
	tcase_add_test(tc, what_leaves_the_table);
	tcase_add_loop_test(tc, many_in_any_order, 0, 3);
	return s;
}

int
main(void)
{
	return unit_run(request_suite());
}
