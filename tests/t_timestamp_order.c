/*
 * Unit tests of what the place of a stamp in its file decides: which of two
 * instants a repeated time is, and the year of a stamp without one.
 */
#include "config.h"

#include "core/timestamp.h"

#include "core/alloc.h"
#include "core/joiner.h"
#include "core/view.h"
#include "tests/stamps.h"
#include "tests/unit.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define SECOND NSEC
#define MINUTE (60 * NSEC)

static void
set_zone(const char *zone)
{
	struct err err;

	ck_assert_msg(clock_set_zone(zone, &err) == 0, "%s", err.msg);
}

START_TEST(a_repeated_time_follows_the_record_before)
{
	int64_t first = repeats[_i].first, second = repeats[_i].second, shift = second - first, t;
	struct timestamp_reader r;

	set_zone(repeats[_i].zone);
	timestamp_init(&r);
	ck_assert(timestamp_parse(&r, span_str(repeats[_i].text), &t));
	ck_assert_int_eq(t, first);
	/* nothing before, long before, just before, the same time */
	ck_assert_int_eq(timestamp_in_order(&r, TIME_NONE, t), first);
	ck_assert_int_eq(timestamp_in_order(&r, first - 86400 * SECOND, t), first);
	ck_assert_int_eq(timestamp_in_order(&r, first - SECOND, t), first);
	ck_assert_int_eq(timestamp_in_order(&r, first, t), first);
	/* a little disorder, and records of another day */
	ck_assert_int_eq(timestamp_in_order(&r, first + 30 * SECOND, t), first);
	ck_assert_int_eq(timestamp_in_order(&r, first + 86400 * SECOND, t), first);
	/* the hour has begun again, and goes on */
	ck_assert_int_eq(timestamp_in_order(&r, second - SECOND, t), second);
	ck_assert_int_eq(timestamp_in_order(&r, second, t), second);
	ck_assert_int_eq(timestamp_in_order(&r, second + MINUTE, t), second);
	/* the next stamp of the same hour, by what was found */
	ck_assert_int_eq(timestamp_in_order(&r, second - shift / 3, t), second);
}
END_TEST

START_TEST(times_that_come_once_are_never_moved)
{
	struct timestamp_reader r;
	int64_t t;

	set_zone("Europe/Berlin");
	timestamp_init(&r);
	ck_assert(timestamp_parse(&r, SPAN_LIT("2025-10-25 02:05:00"), &t));
	ck_assert_int_eq(timestamp_in_order(&r, t + 50 * MINUTE, t), t);
	ck_assert(timestamp_parse(&r, SPAN_LIT("2025-03-30 02:05:00"), &t));
	ck_assert_int_eq(timestamp_in_order(&r, t + 50 * MINUTE, t), t);
	ck_assert(timestamp_parse(&r, SPAN_LIT("2025-10-26 03:05:00"), &t));
	ck_assert_int_eq(timestamp_in_order(&r, t + 50 * MINUTE, t), t);
}
END_TEST

/* A night in Berlin. The times of each row are UTC, of 26 October 2025. */
static const struct {
	const char *zone, *civil, *utc;
} nights[] = {
	{ "Europe/Berlin", "01:30 01:59 02:00 02:20 02:45 02:59 02:00 02:15 02:59 03:00 03:30",
	  "23:30 23:59 00:00 00:20 00:45 00:59 01:00 01:15 01:59 02:00 02:30" },
	/* a record of the first hour that was written late */
	{ "Europe/Berlin", "02:58 02:59 02:00 02:59 02:00 02:01 03:00",
	  "00:58 00:59 01:00 00:59 01:00 01:01 02:00" },
	/* disorder before and after the step */
	{ "Europe/Berlin", "02:10 02:09 02:55 02:54 02:02 02:01 02:31 02:30 03:01",
	  "00:10 00:09 00:55 00:54 01:02 01:01 01:31 01:30 02:01" },
	/* a long pause in the second hour */
	{ "Europe/Berlin", "02:50 02:05 02:50 03:10", "00:50 01:05 01:50 02:10" },
	/* a late record after the hour is over */
	{ "Europe/Berlin", "02:50 02:05 03:01 02:58 03:02", "00:50 01:05 02:01 01:58 02:02" },
	/* one pass only: nothing says that it was the second */
	{ "Europe/Berlin", "01:50 02:10 02:50 03:10", "23:50 00:10 00:50 02:10" },
	{ "Europe/Berlin", "02:20 02:30 02:20 02:40", "00:20 00:30 00:20 00:40" },
	/* where the clock stays as it is, a step back is disorder */
	{ "Asia/Seoul", "11:50 11:59 11:00 11:10", "02:50 02:59 02:00 02:10" },
};

/* The UTC times of a block's records, "HH:MM HH:MM". */
static void
list_times(const struct block *b, struct strbuf *out)
{
	for (uint32_t i = 0; i < b->n; i++) {
		int minutes = (int)(b->time[i] / MINUTE % 1440);

		strbuf_addf(out, "%s%02d:%02d", out->n ? " " : "", minutes / 60, minutes % 60);
	}
}

/* The UTC times of the records of a text that grows by and by: where the pieces end does not matter. */
static void
join_times(struct span rest, struct strbuf *out)
{
	struct block *b = block_new(0, 0, NULL);
	struct joiner j;

	joiner_init(&j, NULL, NULL);
	joiner_start(&j, b, 0);
	for (; rest.n; rest = span_from(rest, 77)) {
		struct span piece = span_head(rest, 77);

		memcpy(block_room(b, piece.n), piece.p, piece.n);
		b->len += piece.n;
		joiner_feed(&j, SIZE_MAX);
	}
	joiner_finish(&j);
	block_seal(b, 0);
	list_times(b, out);
	joiner_release(&j);
	block_free(b);
}

START_TEST(file_order_places_the_repeated_hour)
{
	struct strbuf text = STRBUF_INIT, got = STRBUF_INIT;

	set_zone(nights[_i].zone);
	for (struct span times = span_str(nights[_i].civil); times.n; times = span_from(times, 6))
		strbuf_addf(&text, "INFO 2025-10-26 %.5s:30,250 views 17771 139626 message\n", times.p);
	join_times(strbuf_span(&text), &got);
	ck_assert_str_eq(got.p, nights[_i].utc);
	strbuf_release(&text);
	strbuf_release(&got);
}
END_TEST

/* A line of which an instant is known, 50 minutes late behind a naive one of 02:55; naive times beside it say nothing. */
static const char *const zoned[] = {
	"2025-10-26T00:05:00Z INFO x: y\n",
	"2025-10-26 02:05:00+02:00 INFO x: y\n",
	"{\"levelname\": \"INFO\", \"message\": \"y\", \"time\": 1761437100}\n",
	"{\"levelname\": \"INFO\", \"message\": \"y\", \"time\": \"1761437100.5\"}\n",
	"{\"log\": \"INFO 2025-10-26 02:05:00,120 views 1 2 y\\n\", \"stream\": \"stdout\", "
	"\"time\": \"2025-10-26T00:05:00.123456789Z\"}\n",
};

START_TEST(times_with_a_zone_are_never_moved)
{
	struct strbuf text = STRBUF_INIT, got = STRBUF_INIT;

	set_zone("Europe/Berlin");
	strbuf_addf(&text, "INFO 2025-10-26 02:55:00,250 views 17771 139626 message\n%s", zoned[_i]);
	join_times(strbuf_span(&text), &got);
	ck_assert_str_eq(got.p, "00:55 00:05");
	strbuf_release(&text);
	strbuf_release(&got);
}
END_TEST

/* ---- years ---- */

static char path[64];

/* A file of these bytes, last written then. */
static void
write_file(const char *text, const char *mtime)
{
	struct timestamp_reader r;
	int64_t t;
	int fd;

	strcpy(path, "/tmp/tailboard-test-XXXXXX");
	fd = mkstemp(path);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	timestamp_init(&r);
	ck_assert(timestamp_parse(&r, span_str(mtime), &t));
	struct timespec times[2] = { { t / NSEC, t % NSEC }, { t / NSEC, t % NSEC } };

	ck_assert_int_eq(futimens(fd, times), 0);
	close(fd);
}

/* The times and lines of all records. */
static void
list_rows(struct engine *e, struct strbuf *out)
{
	struct view_log v;
	char time[64];

	view_log(e, PLACE_FIRST, true, 0, 100, &v);
	for (size_t i = 0; i < v.n; i++)
		strbuf_addf(out, "%s %.*s\n", clock_format(v.rows[i].time, CLOCK_DATE_MINUTE, time, sizeof time),
			    SPAN_FMT(v.rows[i].text));
	view_log_release(&v);
}

static struct engine *
open_engine(uv_loop_t *loop, bool follow)
{
	struct engine_options o;
	struct err err;

	engine_options_init(&o);
	o.threads = 0;
	o.follow = follow;
	struct engine *e = engine_new(loop, &o);

	ck_assert_int_eq(engine_add(e, path, &err), 0);
	while (!engine_loaded(e))
		uv_run(loop, UV_RUN_ONCE);
	return e;
}

static const struct {
	const char *zone, *mtime, *lines, *rows;
} files[] = {
	{ "UTC", "2026-01-02 08:00:00",
	  "Nov 30 10:00:00 web app[1]: a\nDec 31 23:59:59 web app[1]: b\nJan  1 00:00:01 web app[1]: c\n"
	  "Jan  2 07:59:59 web app[1]: d\n",
	  "2025-11-30 10:00 a\n2025-12-31 23:59 b\n2026-01-01 00:00 c\n2026-01-02 07:59 d\n" },
	/* the stamps are of a zone east of ours: they are ahead of the file */
	{ "UTC", "2026-01-01 20:00:00", "Dec 31 23:00:00 web app[1]: a\nJan  2 05:00:00 web app[1]: b\n",
	  "2025-12-31 23:00 a\n2026-01-02 05:00 b\n" },
	{ "Asia/Seoul", "2025-01-01 00:30:00", "Dec 31 23:59:00 web app[1]: a\nJan  1 00:20:00 web app[1]: b\n",
	  "2024-12-31 23:59 a\n2025-01-01 00:20 b\n" },
	{ "UTC", "2025-03-10 00:00:00", "Feb 29 12:00:00 web app[1]: a\n", "2024-02-29 12:00 a\n" },
};

START_TEST(years_come_from_the_file)
{
	struct strbuf got = STRBUF_INIT;
	uv_loop_t loop;

	set_zone(files[_i].zone);
	write_file(files[_i].lines, files[_i].mtime);
	uv_loop_init(&loop);
	struct engine *e = open_engine(&loop, false);

	list_rows(e, &got);
	ck_assert_str_eq(got.p, files[_i].rows);
	engine_free(e);
	uv_loop_close(&loop);
	strbuf_release(&got);
	unlink(path);
}
END_TEST

/* What is appended is of now, however old the file was when it was opened. */
START_TEST(years_go_on_while_a_file_is_followed)
{
	struct view_status st = { .records = 0 };
	struct strbuf got = STRBUF_INIT;
	uv_loop_t loop;
	struct civil now;
	char line[80], want[80];

	set_zone("UTC");
	write_file("Dec 31 23:59:59 web app[1]: old\n", "2020-01-02 00:00:00");
	uv_loop_init(&loop);
	struct engine *e = open_engine(&loop, true);
	clock_civil(clock_now(), &now);
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	FILE *f = fopen(path, "a");

	snprintf(line, sizeof line, "%.3s %2d %02d:%02d:00 web app[1]: new\n", months + 3 * (now.month - 1), now.day,
		 now.hour, now.minute);
	fputs(line, f);
	fclose(f);
	for (int64_t give_up = clock_mono() + 10 * NSEC; st.records < 2 && clock_mono() < give_up;) {
		uv_run(&loop, UV_RUN_ONCE);
		view_status(e, clock_now(), &st);
	}
	list_rows(e, &got);
	snprintf(want, sizeof want, "2019-12-31 23:59 old\n%04d-%02d-%02d %02d:%02d new\n", now.year, now.month,
		 now.day, now.hour, now.minute);
	ck_assert_str_eq(got.p, want);
	engine_free(e);
	uv_loop_close(&loop);
	strbuf_release(&got);
	unlink(path);
}
END_TEST

static Suite *
suite(void)
{
	Suite *s = suite_create("timestamp_order");
	TCase *c = tcase_create("timestamp_order");

	tcase_set_timeout(c, 30);
	tcase_add_loop_test(c, a_repeated_time_follows_the_record_before, 0, ARRAY_SIZE(repeats));
	tcase_add_test(c, times_that_come_once_are_never_moved);
	tcase_add_loop_test(c, times_with_a_zone_are_never_moved, 0, ARRAY_SIZE(zoned));
	tcase_add_loop_test(c, file_order_places_the_repeated_hour, 0, ARRAY_SIZE(nights));
	tcase_add_loop_test(c, years_come_from_the_file, 0, ARRAY_SIZE(files));
	tcase_add_test(c, years_go_on_while_a_file_is_followed);
	suite_add_tcase(s, c);
	return s;
}

int
main(void)
{
	return unit_run(suite());
}
