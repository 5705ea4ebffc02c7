/*
 * logname: tables of name endings, and the shape of a rotation's suffix: a
 * '.' or '-' followed by digits and what dates are written with.
 */
#include "config.h"

#include "core/logname.h"

#include "core/alloc.h"
#include "core/span.h"

#include <ctype.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

enum { NUL_SHARE = 64 }; /* more than one byte in so many: binary */

static const char *const log_endings[] = {
	".log", ".json", ".jsonl", ".ndjson", ".txt", ".out", ".err", NULL
};
/* Endings of files that have "log" in their name for another reason. */
static const char *const other_endings[] = {
	".py", ".pyc", ".md", ".rst", ".html", ".css", ".js", ".conf", ".cfg", ".ini", ".toml",
	".yml", ".yaml", ".pid", ".lock", ".sock", ".swp", ".tmp", ".db", ".sqlite", ".sqlite3",
	".so", ".c", ".h", ".go", ".rs", ".sh", ".pos", ".offset", NULL
};
static const char *const copy_endings[] = {
	".gz", ".zst", ".xz", ".bz2", ".lz4", ".zip", ".Z", ".old", ".bak", "~", NULL
};

static bool
ends_with(struct span name, const char *const *endings)
{
	for (; *endings; endings++) {
		size_t n = strlen(*endings);

		if (name.n >= n && strncasecmp(name.p + name.n - n, *endings, n) == 0)
			return true;
	}
	return false;
}

/* The name without a rotation's suffix; the whole name when it has none. */
static struct span
without_suffix(struct span name)
{
	size_t n = name.n;

	while (n && (isdigit((unsigned char)name.p[n - 1]) || strchr(".-_:", name.p[n - 1])))
		n--;
	struct span suffix = span_from(name, n);

	if (!n || suffix.n < 2 || !strchr(".-", suffix.p[0]) ||
	    !isdigit((unsigned char)name.p[name.n - 1]))
		return name;
	return span_head(name, n);
}

bool
logname_is_rotated(const char *name)
{
	struct span s = span_str(name);

	return ends_with(s, copy_endings) || without_suffix(s).n < s.n;
}

bool
logname_has_current(const char *dir, const char *name)
{
	struct span whole = span_str(name);
	const char *dot = strrchr(name, '.');
	size_t stem_n = dot ? (size_t)(dot - name) : whole.n;
	struct span stem = without_suffix(span_head(whole, stem_n));

	if (!dot || stem.n == stem_n)
		return false;
	char *current = xasprintf("%s/%.*s%s", dir, SPAN_FMT(stem), dot);
	bool there = access(current, F_OK) == 0;

	free(current);
	return there;
}

bool
logname_is_log(const char *name)
{
	struct span s = span_str(name);

	if (name[0] == '.')
		return false;
	if (ends_with(s, log_endings) || strcmp(name, "messages") == 0)
		return true;
	return strcasestr(name, "log") && !ends_with(s, other_endings);
}

/* A log may hold a stray NUL (a write that a crash cut short); a binary file is full of them. */
static bool
is_binary(struct span head)
{
	size_t nuls = 0;

	for (size_t i = 0; i < head.n; i++)
		nuls += head.p[i] == '\0';
	return nuls > head.n / NUL_SHARE;
}

bool
logname_is_text(const char *path)
{
	char head[4096];
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

	if (fd < 0)
		return true;
	ssize_t n = pread(fd, head, sizeof head, 0);

	close(fd);
	return n <= 0 || !is_binary(span_of(head, (size_t)n));
}
