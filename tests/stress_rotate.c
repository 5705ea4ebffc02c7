/*
 * Stress of the tailer: several processes write numbered lines while their log
 * is rotated again and again, in every style there is, and `tailboard search
 * --follow` must print each line exactly once, in order per writer. TAP on
 * stdout.
 *
 *	writer 0 --\                        tailboard       this process
 *	writer 1 ---+-> app.log, rotated -> search --follow -> pipe -> check
 *	rotator  --/         ^----- shared memory: epoch, counts -----^
 *
 * An epoch is the time between two rotations; each line says in which its
 * writer opened the file. Where a style can lose files by its nature (what is
 * deleted, or pushed out behind ten backups, before anybody looked), the
 * rotator waits for the reader to have seen a line of an epoch that is not
 * too far back. A reader that stalls has the tailer hold the files.
 *
 * copytruncate holds the writers from the end of its copy to the cut, but for
 * one style, which loses what they write in between: there no line may be
 * missing that a copy has, and the tailer may not tell of more bytes than are
 * missing (it cannot tell of those that nobody saw).
 *
 * Arguments: "long" for 1,000 rotations in all at 50,000 lines a second, words of
 * a style's name to run those only. The program under test is $TAILBOARD.
 */
#include "config.h"

#include "tests/stress.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct shared *shared;
static char folder[] = "/tmp/stress_rotate.XXXXXX";

void
die(const char *what)
{
	printf("Bail out! %s: %s\n", what, strerror(errno));
	exit(99);
}

void
nap(long ms)
{
	nanosleep(&(struct timespec){ ms / 1000, ms % 1000 * 1000000 }, NULL);
}

int64_t
now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * INT64_C(1000) + t.tv_nsec / 1000000;
}

/* ---- who writes ------------------------------------------------------------------------- */

struct writer {
	int number, fd, epoch;
	unsigned long lines;
	off_t size;
};

static void
reopen(struct writer *w)
{
	if (w->fd >= 0)
		close(w->fd);
	w->epoch = atomic_load(&shared->epoch);
	w->fd = open("app.log", O_WRONLY | O_APPEND | O_CREAT, 0644);
	if (w->fd < 0)
		die("app.log");
	w->size = 0;
}

static void
write_line(struct writer *w)
{
	char line[128];
	int n = snprintf(line, sizeof line, "2025-09-09 10:00:00,000 INFO stress.w%d: epoch %06d line %09lu\n", w->number,
			 w->epoch, w->lines);

	pthread_rwlock_rdlock(&shared->gate);
	if (write(w->fd, line, (size_t)n) != n)
		die("write");
	pthread_rwlock_unlock(&shared->gate);
	w->size += n;
	atomic_store(&shared->written[w->number], ++w->lines);
}

static void
wait_for_reader(int behind)
{
	int64_t end = now_ms() + PATIENCE_MS;

	while (atomic_load(&shared->seen) < atomic_load(&shared->epoch) - behind && now_ms() < end)
		nap(1);
}

/* Each writer learns of a rotation at a time of its own: some write on into the old file. */
static void
run_writer(const struct style *style, int number, int rate, int rotations)
{
	struct writer w = { .number = number, .fd = -1 };
	int64_t start = now_ms(), limit = rate / 40 * 60; /* a fortieth of a second's bytes, about */

	reopen(&w);
	while (!atomic_load(&shared->stop)) {
		unsigned long due = (unsigned long)((now_ms() - start) * rate / 1000);

		for (; w.lines < due && !atomic_load(&shared->stop); write_line(&w)) {
			if (style->by_writer && w.size > limit) {
				int epoch = atomic_load(&shared->epoch) + 1;

				wait_for_reader(style->behind);
				style->rotate(epoch);
				atomic_store(&shared->epoch, epoch);
				reopen(&w);
				if (epoch == rotations)
					atomic_store(&shared->stop, true);
			}
			if (w.epoch != atomic_load(&shared->epoch) && w.lines % (7 + 31 * (unsigned)number) == 0)
				reopen(&w);
		}
		nap(1);
	}
	_exit(0);
}

static void
run_rotator(const struct style *style, int rotations, int pause)
{
	for (int epoch = 1; epoch <= rotations; epoch++) {
		nap(pause);
		wait_for_reader(style->behind);
		style->rotate(epoch);
		atomic_store(&shared->epoch, epoch);
	}
	nap(pause);
	atomic_store(&shared->stop, true);
	_exit(0);
}

/* ---- one style ----------------------------------------------------------------------------- */

static void
reset_shared(void)
{
	pthread_rwlockattr_t attr;

	memset(shared, 0, sizeof *shared);
	pthread_rwlockattr_init(&attr);
	pthread_rwlockattr_setpshared(&attr, PTHREAD_PROCESS_SHARED);
	pthread_rwlockattr_setkind_np(&attr, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP);
	pthread_rwlock_init(&shared->gate, &attr);
}

static void
enter_folder(void)
{
	strcpy(folder + sizeof folder - 7, "XXXXXX");
	if (!mkdtemp(folder) || chdir(folder))
		die(folder);
}

static void
remove_folder(void)
{
	char command[64];

	snprintf(command, sizeof command, "rm -rf '%s'", folder);
	if (chdir("/") || system(command))
		die(command);
}

static void
spawn(const struct style *style, int rate, int rotations)
{
	for (int i = 0; i < style->writers; i++)
		if (fork() == 0)
			run_writer(style, i, rate / style->writers, rotations);
	if (!style->by_writer && fork() == 0)
		run_rotator(style, rotations, 25);
}

static bool
run_style(const struct style *style, const char *program, int rate, int rotations)
{
	static struct tailer t;

	reset_shared();
	enter_folder();
	if (style_links(style))
		style->rotate(0);
	else
		make_file("app.log");
	fflush(stdout);
	tailer_start(&t, style, program);
	int64_t start = now_ms();

	spawn(style, rate, rotations);
	for (int64_t stalled = start; !atomic_load(&shared->stop); tailer_read(&t, 20))
		if (style->stall && now_ms() > stalled + style->stall) {
			nap(style->stall);
			stalled = now_ms();
		}
	int64_t end = now_ms() + PATIENCE_MS, written = now_ms() - start + 1;

	while (!tailer_is_complete(&t) && now_ms() < end && !(style->loses && now_ms() > end - PATIENCE_MS + 2000))
		tailer_read(&t, 20);
	while (tailer_read(&t, 50))
		;
	tailer_stop(&t);
	while (wait(NULL) > 0)
		;
	printf("# %s: %d rotations, %lu lines, %lu a second\n", style->name, atomic_load(&shared->epoch), t.total,
	       t.total * 1000 / (unsigned long)written);
	remove_folder();
	return t.wrong == 0;
}

static bool
is_chosen(const struct style *style, int argc, char **argv)
{
	bool any = false;

	for (int i = 1; i < argc; i++) {
		if (!strcmp(argv[i], "long"))
			continue;
		any = true;
		if (strstr(style->name, argv[i]))
			return true;
	}
	return !any;
}

int
main(int argc, char **argv)
{
	const char *program = getenv("TAILBOARD");
	bool whole = argc > 1 && !strcmp(argv[1], "long");
	int failed = 0, number = 0;

	shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED || !program)
		die("the program under test is to be in TAILBOARD");
	signal(SIGPIPE, SIG_IGN);
	for (int i = 0; i < n_styles; i++) {
		if (!is_chosen(&styles[i], argc, argv))
			continue;
		bool good = run_style(&styles[i], program, whole ? 50000 : 20000, whole ? 112 : 16);

		failed += !good;
		printf("%sok %d - %s\n", good ? "" : "not ", ++number, styles[i].name);
		fflush(stdout);
	}
	printf("1..%d\n", number);
	return failed > 0;
}
