/*
 * hops: walks a path as the kernel does, name by name, and notes where it
 * could come to lead elsewhere:
 *
 *	/mnt/logs/app.log -> ..data/app.log, ..data -> ..2025_09
 *
 *	{ /mnt/logs, app.log } { /mnt/logs, ..data } { /mnt/logs/..2025_09, app.log }
 *
 * Plain folders on the way are no hops: when one is renamed, the folders below
 * it are not where they were, and the watch finds that by itself.
 */
#include "config.h"

#include "core/hops.h"

#include "core/alloc.h"
#include "core/strbuf.h"

#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LINKS_MAX = 40 }; /* as in the kernel */

static void
hops_clear(struct hops *h)
{
	for (size_t i = 0; i < h->n; i++) {
		free(h->v[i].dir);
		free(h->v[i].name);
	}
	h->n = 0;
	free(h->end);
	h->end = NULL;
	h->direct = false;
}

void
hops_release(struct hops *h)
{
	hops_clear(h);
	free(h->v);
	*h = (struct hops)HOPS_INIT;
}

bool
hops_has(const struct hops *h, const char *dir, const char *name)
{
	for (size_t i = 0; i < h->n; i++)
		if (strcmp(h->v[i].name, name) == 0 && strcmp(h->v[i].dir, dir) == 0)
			return true;
	return false;
}

/* The folder reached so far; it is kept without the slash of the root. */
static const char *
folder(const struct strbuf *at)
{
	return at->n ? at->p : "/";
}

static void
add_hop(struct hops *h, const struct strbuf *at, struct span name)
{
	ARRAY_GROW(h->v, h->n, h->cap);
	h->v[h->n++] = (struct hop){ xstrdup(folder(at)), xstrndup(name.p, name.n) };
}

static void
cut_to(struct strbuf *b, size_t n)
{
	b->n = n;
	if (b->p)
		b->p[n] = '\0';
}

static size_t
parent_length(const struct strbuf *at)
{
	const char *slash = at->n ? strrchr(at->p, '/') : NULL;

	return slash ? (size_t)(slash - at->p) : 0;
}

/* Put the link's target in front of what is left of the path. */
static bool
follow_link(const char *link, struct strbuf *at, size_t parent, char **rest)
{
	char target[PATH_MAX];
	ssize_t n = readlink(link, target, sizeof target - 1);

	if (n <= 0)
		return false;
	target[n] = '\0';
	char *joined = xasprintf("%s/%s", target, *rest);

	free(*rest);
	*rest = joined;
	cut_to(at, target[0] == '/' ? 0 : parent);
	return true;
}

/* Take the first name off the path; the span points into it. */
static struct span
take_name(char *rest, char **after)
{
	rest += strspn(rest, "/");
	size_t n = strcspn(rest, "/");

	*after = rest + n;
	return span_of(rest, n);
}

/* One name further: false at the end of the way. */
static bool
step(struct hops *h, struct strbuf *at, char **rest, unsigned *links)
{
	char *after;
	struct span name = take_name(*rest, &after);
	size_t parent = at->n;
	struct stat st;

	if (!name.n || span_eq_str(name, ".") || span_eq_str(name, "..")) {
		if (span_eq_str(name, ".."))
			cut_to(at, parent_length(at));
		memmove(*rest, after, strlen(after) + 1);
		return name.n;
	}
	bool last = !after[strspn(after, "/")];
	struct strbuf next = STRBUF_INIT;

	strbuf_addf(&next, "%s/%.*s", at->n ? at->p : "", SPAN_FMT(name));
	int missing = lstat(next.p, &st);
	bool link = !missing && S_ISLNK(st.st_mode);

	if (missing || link || last)
		add_hop(h, at, name);
	memmove(*rest, after, strlen(after) + 1);
	if (link)
		missing = ++*links > LINKS_MAX || !follow_link(next.p, at, parent, rest);
	else if (!missing)
		cut_to(at, 0), strbuf_add(at, strbuf_span(&next));
	strbuf_release(&next);
	h->direct = !missing && !*links;
	if (missing)
		*links = LINKS_MAX + 1;
	return !missing;
}

void
hops_walk(struct hops *h, const char *path)
{
	struct strbuf at = STRBUF_INIT;
	char *rest = xstrdup(path);
	unsigned links = 0;

	hops_clear(h);
	while (step(h, &at, &rest, &links))
		;
	if (links <= LINKS_MAX)
		h->end = xstrdup(folder(&at));
	free(rest);
	strbuf_release(&at);
}
