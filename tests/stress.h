/*
 * The parts of the rotation stress: what all processes share (stress_rotate.c),
 * the styles of rotation (stress_styles.c), and who reads what the tailer
 * prints (stress_reader.c).
 */
#ifndef TESTS_STRESS_H
#define TESTS_STRESS_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

enum {
	WRITERS_MAX = 4,
	BACKUPS = 10,
	HELD_FILES = 40,     /* a tailer that waits holds as many, at least */
	LINE_SIZE = 68,      /* bytes of each line */
	PATIENCE_MS = 30000,
	LINES_MOST = 1 << 20, /* of a writer */
};

struct shared {
	atomic_int epoch;      /* rotations done */
	atomic_int seen;       /* the newest epoch of which a line was printed */
	atomic_bool stop;
	atomic_ulong written[WRITERS_MAX];
	pthread_rwlock_t gate; /* held for writing while nobody may write */
};

extern struct shared *shared;

struct style {
	const char *name;
	void (*rotate)(int epoch);
	int writers;
	int behind; /* epochs that the reader may be behind */
	bool by_writer; /* the only writer rotates by size */
	bool loses;     /* by its nature */
	int stall;      /* the reader takes nothing for so long every now and then, ms */
};
extern const struct style styles[];
extern const int n_styles;

/* Why it cannot go on; the test run ends. */
void die(const char *what) __attribute__((noreturn));
void nap(long ms);
int64_t now_ms(void);

void make_file(const char *name);
/* The log is a link, and this makes the first file. */
bool style_links(const struct style *style);

struct tailer {
	pid_t pid;
	int out;
	char buf[1 << 16];
	size_t n;
	unsigned long next[WRITERS_MAX];
	unsigned long total, wrong;
	bool ready;
	const struct style *style;
	unsigned char *missing[WRITERS_MAX]; /* by number */
	unsigned long n_missing, told; /* lines; bytes */
};

/* Start it on app.log in the current folder, and wait until it follows that. */
void tailer_start(struct tailer *t, const struct style *style, const char *program);
/* Take what it prints, and check it; whether something came within that time. */
bool tailer_read(struct tailer *t, int ms);
/* All that was written was printed. */
bool tailer_is_complete(const struct tailer *t);
/* End it, and check what is left to be checked; t->wrong says how often something was wrong. */
void tailer_stop(struct tailer *t);

#endif
