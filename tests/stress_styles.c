/*
 * stress_styles.c: how logs are rotated.
 */
#include "config.h"

#include "tests/stress.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

void
make_file(const char *name)
{
	int fd = open(name, O_WRONLY | O_CREAT | O_EXCL | O_APPEND, 0644);

	if (fd < 0)
		die(name);
	close(fd);
}

/* app.log.9 to app.log.10, and so on. */
static void
shift_names(int from)
{
	char old[32], new[32];

	for (int i = BACKUPS - 1; i >= from; i--) {
		snprintf(old, sizeof old, i ? "app.log.%d" : "app.log", i);
		snprintf(new, sizeof new, "app.log.%d", i + 1);
		rename(old, new);
	}
}

static void
rotate_shifting(int epoch)
{
	(void)epoch;
	shift_names(0);
	make_file("app.log");
}

static void
rotate_counting_up(int epoch)
{
	char name[32];

	snprintf(name, sizeof name, "app.log.%d", epoch);
	rename("app.log", name);
	make_file("app.log");
	snprintf(name, sizeof name, "app.log.%d", epoch - BACKUPS);
	unlink(name);
}

static void
copy_to(const char *name, int fd, bool locked)
{
	static char buf[1 << 16];
	int to = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0644);
	ssize_t n;

	if (to < 0)
		die(name);
	while ((n = read(fd, buf, sizeof buf)) > 0)
		if (write(to, buf, (size_t)n) != n)
			die(name);
	if (locked) {
		pthread_rwlock_wrlock(&shared->gate);
		while ((n = read(fd, buf, sizeof buf)) > 0)
			if (write(to, buf, (size_t)n) != n)
				die(name);
	}
	close(to);
}

static void
rotate_copytruncate(int epoch)
{
	int fd = open("app.log", O_RDWR);

	(void)epoch;
	shift_names(1);
	copy_to("app.log.1", fd, true);
	if (ftruncate(fd, 0))
		die("ftruncate");
	pthread_rwlock_unlock(&shared->gate);
	close(fd);
}

/* As logrotate does it. All copies are kept. */
static void
rotate_copytruncate_at_once(int epoch)
{
	char name[32];
	int fd = open("app.log", O_RDWR);

	snprintf(name, sizeof name, "app.log.%d", epoch);
	copy_to(name, fd, false);
	if (ftruncate(fd, 0))
		die("ftruncate");
	close(fd);
}

static void
rotate_recreating(int epoch)
{
	(void)epoch;
	unlink("app.log");
	make_file("app.log");
}

/* A container is replaced: a new folder, a new file, and the link goes there. */
static void
rotate_swapping_links(int epoch)
{
	char name[32];

	snprintf(name, sizeof name, "container%d", epoch);
	mkdir(name, 0755);
	snprintf(name, sizeof name, "container%d/out.log", epoch);
	make_file(name);
	if (symlink(name, "link") || rename("link", "app.log"))
		die("symlink");
	snprintf(name, sizeof name, "container%d/out.log", epoch - 1);
	unlink(name);
	snprintf(name, sizeof name, "container%d", epoch - 1);
	rmdir(name);
}

const struct style styles[] = {
	{ "one process, rename by size, ten backups", rotate_shifting, 1, BACKUPS - 3, true, false, 0 },
	{ "several processes, rename and create, ten backups", rotate_shifting, 4, BACKUPS - 3, false, false, 0 },
	{ "several processes, names that count up", rotate_counting_up, 3, BACKUPS - 3, false, false, 0 },
	{ "several processes, copytruncate", rotate_copytruncate, 3, BACKUPS - 3, false, false, 0 },
	{ "several processes, delete and recreate", rotate_recreating, 3, 0, false, false, 0 },
	{ "several processes, containers that are replaced", rotate_swapping_links, 2, 0, false, false, 0 },
	{ "copytruncate that loses lines", rotate_copytruncate_at_once, 3, BACKUPS - 3, false, true, 0 },
	{ "several processes, a reader that stalls", rotate_shifting, 3, HELD_FILES, false, false, 500 },
	{ "several processes, copytruncate, a reader that stalls", rotate_copytruncate, 3, HELD_FILES, false, false, 500 },
};
const int n_styles = sizeof styles / sizeof *styles;

bool
style_links(const struct style *style)
{
	return style->rotate == rotate_swapping_links;
}
