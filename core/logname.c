/*
 * logname: tables of name endings, and the shape of a rotation's suffix: a
 * '.' or '-' followed by digits and what dates are written with.
 */
#include "config.h"

#include "core/logname.h"

#include "core/alloc.h"
#include "core/source_archive.h"

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
	".so", ".c", ".h", ".go", ".rs", ".sh", ".pos", ".offset", ".tar", ".tgz", ".tar.gz", ".tar.zst",
	".tar.xz", ".tar.bz2", ".zip", NULL
};
static const char *const copy_endings[] = {
	".gz", ".zst", ".xz", ".bz2", ".lz4", ".zip", ".Z", ".old", ".bak", "~", NULL
};

/* Length of the ending that the name has, 0: none of them. */
static size_t
ends_with(struct span name, const char *const *endings)
{
	for (; *endings; endings++) {
		size_t n = strlen(*endings);

		if (name.n >= n && strncasecmp(name.p + name.n - n, *endings, n) == 0)
			return n;
	}
	return 0;
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

struct span
logname_plain(const char *name)
{
	struct span s = span_str(name);

	return span_head(s, s.n - ends_with(s, copy_endings));
}

/* app.log of app-2025-09-09.log; NULL when no number stands before the extension. */
static char *
without_key(struct span name)
{
	size_t stem_n = name.n;

	while (stem_n && name.p[stem_n - 1] != '.')
		stem_n--;
	if (stem_n < 2)
		return NULL;
	struct span stem = span_head(name, stem_n - 1), bare = without_suffix(stem);

	return bare.n == stem.n ? NULL : xasprintf("%.*s%.*s", SPAN_FMT(bare), SPAN_FMT(span_from(name, stem.n)));
}

char *
logname_base(const char *name)
{
	struct span plain = logname_plain(name), base = without_suffix(plain);
	char *inner = base.n < plain.n ? NULL : without_key(plain);

	if (inner)
		return inner;
	return base.n < strlen(name) ? xstrndup(base.p, base.n) : NULL;
}

bool
logname_has_current(const char *dir, const char *name)
{
	char *base = logname_base(name);
	char *current = base ? xasprintf("%s/%s", dir, base) : NULL;
	bool there = current && access(current, F_OK) == 0;

	free(base);
	free(current);
	return there;
}

/* What stands between `head` and `tail` in a name when it is a number or a date; or SPAN_NONE. */
static struct span
key_between(struct span name, struct span head, struct span tail)
{
	if (name.n < head.n + tail.n + 2 || name.n - head.n - tail.n >= LOGNAME_KEY ||
	    !span_eq(span_head(name, head.n), head) || !span_eq(span_from(name, name.n - tail.n), tail))
		return SPAN_NONE;
	struct span key = span_of(name.p + head.n, name.n - head.n - tail.n);

	if (!strchr(".-_", key.p[0]))
		return SPAN_NONE;
	for (size_t i = 1; i < key.n; i++)
		if (!strchr("0123456789.-_:T", key.p[i]))
			return SPAN_NONE;
	return key;
}

struct span
logname_key(const char *base, const char *name)
{
	const char *dot = strrchr(base, '.');
	struct span key = key_between(span_str(name), span_str(base), SPAN_NONE);

	if (!key.n && dot && dot > base)
		key = key_between(span_str(name), span_of(base, (size_t)(dot - base)), span_str(dot));
	return key;
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
	return n <= 0 || archive_kind(span_of(head, (size_t)n)) > ARCHIVE_UNSURE || !is_binary(span_of(head, (size_t)n));
}
