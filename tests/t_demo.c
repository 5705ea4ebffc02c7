/* Unit tests of core/demo: what the traffic looks like, and that nothing of it stays behind. */
#include "config.h"

#include "core/demo.h"

#include "core/alloc.h"
#include "core/clock.h"
#include "core/demo_log.h"
#include "core/demo_sim.h"
#include "core/strbuf.h"
#include "tests/unit.h"

#include <dirent.h>
#include <errno.h>
#include <jansson.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define START (INT64_C(1757368800) * NSEC) /* 2025-09-08 22:00:00 UTC */
#define HOUR (3600 * NSEC)
#define FIRST_TIME "2025-09-08 22:00:00,000"
#define LAST_TIME "2025-09-08 23:00:00,000"
#define TIME_LEN (sizeof FIRST_TIME - 1)

/* A folder for one test. */
static char folder[64];

static void
set_up(void)
{
	setenv("TZ", "UTC", 1);
	tzset();
	snprintf(folder, sizeof folder, "/tmp/t_demo-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
}

static void
remove_files(const char *dir)
{
	DIR *d = opendir(dir);
	struct dirent *e;

	while (d && (e = readdir(d)) != NULL)
		unlinkat(dirfd(d), e->d_name, 0);
	if (d)
		closedir(d);
}

static void
tear_down(void)
{
	remove_files(folder);
	rmdir(folder);
}

static bool
exists(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0;
}

static void
read_log(const char *dir, enum demo_file file, struct strbuf *b)
{
	char *path = xasprintf("%s/%s", dir, demo_log_name(file));
	FILE *f = fopen(path, "r");
	char chunk[65536];
	size_t n;

	strbuf_clear(b);
	ck_assert_msg(f != NULL, "%s is missing", path);
	while ((n = fread(chunk, 1, sizeof chunk, f)) > 0)
		strbuf_add(b, span_of(chunk, n));
	fclose(f);
	free(path);
}

/* The next line without its newline, which must be there; SPAN_NONE at the end. */
static struct span
next_line(struct span *rest)
{
	ptrdiff_t end = span_chr(*rest, '\n');
	struct span line;

	if (rest->n == 0)
		return SPAN_NONE;
	ck_assert_msg(end >= 0, "a line without an end: %.*s", SPAN_FMT(span_head(*rest, 80)));
	line = span_head(*rest, (size_t)end);
	*rest = span_from(*rest, (size_t)end + 1);
	return line;
}

/* The lines of b that hold `text`. */
static size_t
count_lines(const struct strbuf *b, const char *text)
{
	struct span rest = strbuf_span(b), line;
	size_t n = 0;

	while ((line = next_line(&rest)).p != NULL)
		n += memmem(line.p, line.n, text, strlen(text)) != NULL;
	return n;
}

/* An hour of traffic; the caller frees both. */
static struct demo_sim *
run_hour(uint64_t seed, struct demo_log **log)
{
	struct demo_sim *sim;

	*log = demo_log_new(folder);
	sim = demo_sim_new(*log, seed, 4.0, START);
	ck_assert_int_eq(demo_sim_advance(sim, START + HOUR), 0);
	return sim;
}

static void
write_hour(uint64_t seed)
{
	struct demo_log *log;

	remove_files(folder);
	demo_sim_free(run_hour(seed, &log));
	demo_log_free(log);
}

/* Times as asctime has them compare as text. */
static void
check_time(struct span time, char last[TIME_LEN + 1])
{
	ck_assert_uint_eq(time.n, TIME_LEN);
	ck_assert_msg(memcmp(time.p, FIRST_TIME, TIME_LEN) >= 0, "early: %.*s", SPAN_FMT(time));
	ck_assert_msg(memcmp(time.p, LAST_TIME, TIME_LEN) <= 0, "late: %.*s", SPAN_FMT(time));
	ck_assert_msg(memcmp(time.p, last, TIME_LEN) >= 0, "%.*s after %s", SPAN_FMT(time), last);
	memcpy(last, time.p, TIME_LEN);
}

/* A request is started before anything else is said of it, and ends once. */
static void
check_request(json_t *open, json_t *record)
{
	const char *id = json_string_value(json_object_get(record, "request_id"));
	const char *message = json_string_value(json_object_get(record, "message"));

	if (strcmp(message, "Request started") == 0) {
		ck_assert_ptr_null(json_object_get(open, id));
		ck_assert(json_is_string(json_object_get(record, "path")));
		json_object_set_new(open, id, json_true());
	} else if (strcmp(message, "Request completed") == 0) {
		ck_assert_msg(json_is_true(json_object_get(open, id)), "%s never started", id);
		ck_assert(json_is_real(json_object_get(record, "duration")));
		json_object_set_new(open, id, json_false());
	}
}

START_TEST(application_records_are_json_in_order_of_time)
{
	char last[TIME_LEN + 1] = "";
	struct strbuf b = STRBUF_INIT;
	json_t *open = json_object();
	struct span rest, line;
	size_t n = 0;

	write_hour(7);
	read_log(folder, DEMO_APPLICATION, &b);
	for (rest = strbuf_span(&b); (line = next_line(&rest)).p != NULL; n++) {
		json_error_t e;
		json_t *record = json_loadb(line.p, line.n, JSON_REJECT_DUPLICATES, &e);

		ck_assert_msg(record != NULL, "%s: %.*s", e.text, SPAN_FMT(line));
		check_time(span_str(json_string_value(json_object_get(record, "asctime"))), last);
		check_request(open, record);
		json_decref(record);
	}
	ck_assert_uint_gt(n, 10000);
	json_decref(open);
	strbuf_release(&b);
}
END_TEST

START_TEST(failed_requests_carry_their_traceback)
{
	struct strbuf b = STRBUF_INIT;
	struct span rest, line;
	size_t n = 0;

	write_hour(7);
	read_log(folder, DEMO_APPLICATION, &b);
	for (rest = strbuf_span(&b); (line = next_line(&rest)).p != NULL;) {
		json_t *record = json_loadb(line.p, line.n, 0, NULL);
		const char *text = json_string_value(json_object_get(record, "exc_info"));

		if (text) {
			json_t *type = json_object_get(record, "exception_type");

			ck_assert_ptr_eq(strstr(text, "Traceback (most recent "), text);
			ck_assert_ptr_nonnull(strstr(strrchr(text, '\n'), json_string_value(type)));
			n++;
		}
		json_decref(record);
	}
	ck_assert_uint_gt(n, 20);
	strbuf_release(&b);
}
END_TEST

/* Where the time stands in the first line of a record of the text logs. */
static struct span
time_of(enum demo_file file, struct span line)
{
	ptrdiff_t before = span_chr(line, file == DEMO_CELERY ? '[' : ' ');
	struct span rest = span_from(line, (size_t)before + 1);

	return span_starts(rest, SPAN_LIT("2025-")) ? span_head(rest, TIME_LEN) : SPAN_NONE;
}

static const enum demo_file text_logs[] = { DEMO_SERVICES, DEMO_CELERY };

START_TEST(text_records_are_in_order_of_time)
{
	enum demo_file file = text_logs[_i];
	char last[TIME_LEN + 1] = "";
	struct strbuf b = STRBUF_INIT;
	size_t records = 0, continued = 0;
	struct span rest, line;

	write_hour(7);
	read_log(folder, file, &b);
	for (rest = strbuf_span(&b); (line = next_line(&rest)).p != NULL;) {
		struct span time = time_of(file, line);

		if (time.p)
			check_time(time, last);
		*(time.p ? &records : &continued) += 1;
	}
	ck_assert_uint_gt(records, 1000);
	ck_assert_uint_gt(continued, 5);
	strbuf_release(&b);
}
END_TEST

START_TEST(access_lines_are_of_files)
{
	struct strbuf b = STRBUF_INIT;
	size_t lines = 0;
	struct span rest, line;

	write_hour(7);
	read_log(folder, DEMO_ACCESS, &b);
	for (rest = strbuf_span(&b); (line = next_line(&rest)).p != NULL; lines++) {
		char *text = xstrndup(line.p, line.n);
		char path[64];
		unsigned status, size, us, hour;

		ck_assert_msg(sscanf(text, "%*s - - [08/Sep/2025:%2u:%*2u:%*2u +0000] \"GET %63s "
			"HTTP/1.1\" %u %u \"-\" \"%*[^\"]\" %u", &hour, path, &status, &size, &us) == 5,
			"%s", text);
		ck_assert_msg(strchr(path, '.') && !strchr(path, '#'), "%s", path);
		ck_assert(status >= 200 && status < 600 && us > 0);
		free(text);
	}
	ck_assert_uint_gt(lines, 1000);
	strbuf_release(&b);
}
END_TEST

/* The levels of an hour, in parts of a hundred thousand records. */
static const struct {
	const char *level;
	size_t least, most;
} mix[] = {
	{ "\"levelname\": \"INFO\"", 88000, 96000 },
	{ "\"levelname\": \"DEBUG\"", 1000, 4000 },
	{ "\"levelname\": \"WARNING\"", 2000, 7000 },
	{ "\"levelname\": \"ERROR\"", 300, 2000 },
};

START_TEST(levels_are_mixed_as_in_life)
{
	struct strbuf b = STRBUF_INIT;
	size_t share;

	write_hour(7);
	read_log(folder, DEMO_APPLICATION, &b);
	share = count_lines(&b, mix[_i].level) * 100000 / count_lines(&b, "");
	ck_assert_msg(share >= mix[_i].least && share <= mix[_i].most, "%s: %zu", mix[_i].level,
		share);
	strbuf_release(&b);
}
END_TEST

START_TEST(a_seed_makes_the_same_hour)
{
	struct strbuf first[DEMO_FILES] = { STRBUF_INIT }, again = STRBUF_INIT;

	write_hour(7);
	for (int f = 0; f < DEMO_FILES; f++)
		read_log(folder, f, &first[f]);
	write_hour(7);
	for (int f = 0; f < DEMO_FILES; f++) {
		read_log(folder, f, &again);
		ck_assert(span_eq(strbuf_span(&first[f]), strbuf_span(&again)));
	}
	write_hour(8);
	for (int f = 0; f < DEMO_FILES; f++) {
		read_log(folder, f, &again);
		ck_assert(!span_eq(strbuf_span(&first[f]), strbuf_span(&again)));
		strbuf_release(&first[f]);
	}
	strbuf_release(&again);
}
END_TEST

static bool
application_says(const char *text)
{
	struct strbuf b = STRBUF_INIT;
	bool said;

	read_log(folder, DEMO_APPLICATION, &b);
	said = count_lines(&b, text) > 0;
	strbuf_release(&b);
	return said;
}

/* What somebody sees who has just started to look. */
START_TEST(incidents_come_soon_in_a_show)
{
	struct demo_log *log;
	struct demo_sim *sim = run_hour(7, &log);

	demo_log_close(log);
	remove_files(folder);
	demo_sim_show(sim);
	ck_assert_int_eq(demo_sim_advance(sim, START + HOUR + 20 * NSEC), 0);
	ck_assert(application_says("Connection pool exhausted"));
	ck_assert(!application_says("Deploying release"));
	ck_assert_int_eq(demo_sim_advance(sim, START + HOUR + 90 * NSEC), 0);
	ck_assert(application_says("Deploying release"));
	ck_assert(application_says("Booting worker with pid"));
	demo_sim_free(sim);
	demo_log_free(log);
}
END_TEST

START_TEST(a_jump_of_the_clock_is_not_filled)
{
	struct demo_log *log;
	struct demo_sim *sim = run_hour(7, &log);

	demo_log_close(log);
	remove_files(folder);
	ck_assert_int_eq(demo_sim_skip(sim, START + 48 * HOUR), 0);
	ck_assert_int_eq(demo_sim_now(sim), START + 48 * HOUR);
	ck_assert_int_eq(demo_sim_advance(sim, START + 48 * HOUR + 10 * NSEC), 0);
	ck_assert(application_says("2025-09-10 22:00:0"));
	ck_assert(!application_says("2025-09-09 "));
	demo_sim_free(sim);
	demo_log_free(log);
}
END_TEST

START_TEST(large_files_are_rotated_and_old_ones_go)
{
	static const char *const kept[] = { "celery.log", "celery.log.1" };
	struct demo_log *log = demo_log_new(folder);
	off_t total = 0;
	struct stat st;

	for (int i = 0; i < 30; i++) {
		struct strbuf b = STRBUF_INIT;

		for (int k = 0; k < 10000; k++)
			strbuf_str(&b, "a line of fifty characters, as lines go in a test\n");
		demo_log_put(log, DEMO_CELERY, i, &b);
		ck_assert_int_eq(demo_log_write(log, i), 0);
	}
	for (size_t i = 0; i < ARRAY_SIZE(kept); i++) {
		char *path = xasprintf("%s/%s", folder, kept[i]);

		ck_assert_int_eq(stat(path, &st), 0);
		ck_assert_int_eq(st.st_size % 50, 0);
		total += st.st_size;
		ck_assert_int_eq(unlink(path), 0);
		free(path);
	}
	ck_assert_int_le(total, 10 * 1000 * 1000);
	ck_assert_int_eq(rmdir(folder), 0);
	demo_log_free(log);
}
END_TEST

START_TEST(a_folder_that_is_gone_is_an_error)
{
	struct demo_log *log = demo_log_new("/nonexistent/t_demo");
	struct demo_sim *sim = demo_sim_new(log, 7, 4.0, START);

	ck_assert_int_eq(demo_sim_advance(sim, START + HOUR), -ENOENT);
	demo_sim_free(sim);
	demo_log_free(log);
}
END_TEST

/* Wait until `done(arg)`, at most 20 s. */
static bool
wait_until(bool (*done)(const char *arg), const char *arg)
{
	const struct timespec turn = { .tv_nsec = 10000000 };

	for (int i = 0; i < 2000; i++) {
		if (done(arg))
			return true;
		nanosleep(&turn, NULL);
	}
	return false;
}

static off_t
application_size(const char *dir)
{
	char *path = xasprintf("%s/%s", dir, demo_log_name(DEMO_APPLICATION));
	struct stat st = { .st_size = 0 };

	stat(path, &st);
	free(path);
	return st.st_size;
}

static off_t size_before;

static bool
application_grew(const char *dir)
{
	return application_size(dir) > size_before;
}

static bool
is_gone(const char *path)
{
	return !exists(path);
}

static const struct demo_options small = { .seed = 3, .rate = 5 };

START_TEST(a_demo_writes_history_goes_on_and_leaves_nothing)
{
	struct err err = { 0, 0, "" };
	struct demo *d = demo_start(&small, &err);
	struct stat st;
	char *dir;

	ck_assert_msg(d != NULL, "%s", err.msg);
	dir = xstrdup(demo_dir(d));
	ck_assert_int_eq(stat(dir, &st), 0);
	ck_assert_int_eq(st.st_mode & 0777, 0700);
	ck_assert_int_gt(application_size(dir), 1000000);
	for (int round = 0; round < 2; round++) {
		size_before = application_size(dir);
		ck_assert(wait_until(application_grew, dir));
	}
	demo_stop(d);
	ck_assert(!exists(dir));
	ck_assert_int_eq(waitpid(-1, NULL, WNOHANG), -1);
	ck_assert_int_eq(errno, ECHILD);
	free(dir);
}
END_TEST

/* The only child of this process, as /proc has it; 0: none. */
static pid_t
find_child(void)
{
	DIR *proc = opendir("/proc");
	struct dirent *e;
	pid_t found = 0;

	while (found == 0 && (e = readdir(proc)) != NULL) {
		char *path = xasprintf("/proc/%s/stat", e->d_name);
		FILE *f = fopen(path, "r");
		int pid, parent;

		if (f && fscanf(f, "%d (%*[^)]) %*c %d", &pid, &parent) == 2 && parent == getpid())
			found = pid;
		if (f)
			fclose(f);
		free(path);
	}
	closedir(proc);
	return found;
}

/* A child that was asked to end by somebody else has removed the folder itself. */
START_TEST(a_demo_can_be_stopped_after_its_child_ended)
{
	struct demo *d = demo_start(&small, NULL);
	char *dir = xstrdup(demo_dir(d));
	pid_t child = find_child();

	ck_assert_int_gt(child, 0);
	ck_assert_int_eq(kill(child, SIGTERM), 0);
	ck_assert(wait_until(is_gone, dir));
	demo_stop(d);
	ck_assert_int_eq(find_child(), 0);
	free(dir);
}
END_TEST

/* Neither the terminal nor anything else that the parent has open. */
START_TEST(the_child_holds_nothing_of_its_parent)
{
	struct demo *d = demo_start(&small, NULL);
	pid_t child = find_child();

	size_before = application_size(demo_dir(d));
	ck_assert(wait_until(application_grew, demo_dir(d)));
	ck_assert_int_eq(getsid(child), child);
	for (int fd = 0; fd < 3; fd++) {
		char *path = xasprintf("/proc/%d/fd/%d", (int)child, fd), to[64] = "";

		ck_assert_int_gt(readlink(path, to, sizeof to - 1), 0);
		ck_assert_str_eq(to, "/dev/null");
		free(path);
	}
	demo_stop(d);
}
END_TEST

static _Noreturn void
hold_a_demo(int out)
{
	struct demo *d = demo_start(&small, NULL);
	const char *dir = d ? demo_dir(d) : "";

	if (write(out, dir, strlen(dir) + 1) < 0)
		_exit(1);
	for (;;)
		pause();
}

/* The test adopts the orphan, so that it can see it end. */
START_TEST(a_killed_parent_leaves_nothing)
{
	char dir[256] = "";
	int fds[2], status;
	pid_t parent;

	ck_assert_int_eq(prctl(PR_SET_CHILD_SUBREAPER, 1), 0);
	ck_assert_int_eq(pipe(fds), 0);
	parent = fork();
	ck_assert_int_ge(parent, 0);
	if (parent == 0)
		hold_a_demo(fds[1]);
	ck_assert_int_gt(read(fds[0], dir, sizeof dir - 1), 1);
	ck_assert(exists(dir));
	ck_assert_int_eq(kill(parent, SIGKILL), 0);
	ck_assert_int_eq(waitpid(parent, NULL, 0), parent);
	ck_assert(wait_until(is_gone, dir));
	ck_assert_int_gt(waitpid(-1, &status, 0), 0);
	ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	ck_assert_int_eq(waitpid(-1, NULL, 0), -1);
	close(fds[0]);
	close(fds[1]);
}
END_TEST

START_TEST(no_room_for_a_folder_is_said)
{
	struct err err = { 0, 0, "" };

	setenv("TMPDIR", "/nonexistent", 1);
	ck_assert_ptr_null(demo_start(&small, &err));
	ck_assert_int_eq(err.code, ENOENT);
	ck_assert_ptr_nonnull(strstr(err.msg, "/nonexistent"));
	demo_stop(NULL);
}
END_TEST

static Suite *
demo_suite(void)
{
	Suite *s = suite_create("demo");
	TCase *traffic = tcase_create("traffic"), *process = tcase_create("process");

	tcase_add_checked_fixture(traffic, set_up, tear_down);
	tcase_set_timeout(traffic, 60);
	tcase_add_test(traffic, application_records_are_json_in_order_of_time);
	tcase_add_test(traffic, failed_requests_carry_their_traceback);
	tcase_add_loop_test(traffic, text_records_are_in_order_of_time, 0, ARRAY_SIZE(text_logs));
	tcase_add_test(traffic, access_lines_are_of_files);
	tcase_add_loop_test(traffic, levels_are_mixed_as_in_life, 0, ARRAY_SIZE(mix));
	tcase_add_test(traffic, a_seed_makes_the_same_hour);
	tcase_add_test(traffic, incidents_come_soon_in_a_show);
	tcase_add_test(traffic, a_jump_of_the_clock_is_not_filled);
	tcase_add_test(traffic, large_files_are_rotated_and_old_ones_go);
	tcase_add_test(traffic, a_folder_that_is_gone_is_an_error);
	suite_add_tcase(s, traffic);
	tcase_set_timeout(process, 60);
	tcase_add_test(process, a_demo_writes_history_goes_on_and_leaves_nothing);
	tcase_add_test(process, a_demo_can_be_stopped_after_its_child_ended);
	tcase_add_test(process, the_child_holds_nothing_of_its_parent);
	tcase_add_test(process, a_killed_parent_leaves_nothing);
	tcase_add_test(process, no_room_for_a_folder_is_said);
	suite_add_tcase(s, process);
	return s;
}

int
main(void)
{
	return unit_run(demo_suite());
}
