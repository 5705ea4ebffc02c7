/*
 * path_words: lists the folder that the word names up to its last slash, and
 * keeps the names that go on like the rest. What is kept begins as it was typed.
 */
#include "config.h"

#include "tui/path_words.h"

#include "core/alloc.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { WORDS_MAX = 1000 };

char *
path_words_home(struct span path)
{
	const char *home = getenv("HOME");
	bool at_home = home && path.n && path.p[0] == '~' && (path.n == 1 || path.p[1] == '/');

	return at_home ? xasprintf("%s%.*s", home, SPAN_FMT(span_from(path, 1))) : xstrndup(path.p, path.n);
}

static bool
is_folder(const char *folder, const char *name)
{
	char *path = xasprintf("%s/%s", folder, name);
	struct stat st;
	bool yes = stat(path, &st) == 0 && S_ISDIR(st.st_mode);

	free(path);
	return yes;
}

static void
add(struct path_words *p, struct span typed, const char *folder, const char *name)
{
	ARRAY_GROW(p->v, p->n, p->cap);
	p->v[p->n++] = xasprintf("%.*s%s%s", SPAN_FMT(typed), name, is_folder(folder, name) ? "/" : "");
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

void
path_words_find(struct path_words *p, struct span word)
{
	size_t typed = word.n;

	path_words_release(p);
	while (typed > 0 && word.p[typed - 1] != '/')
		typed--;
	struct span start = span_from(word, typed);
	char *folder = typed ? path_words_home(span_head(word, typed)) : xstrdup(".");
	DIR *dir = opendir(folder);

	for (struct dirent *d; dir && p->n < WORDS_MAX && (d = readdir(dir));) {
		/* Names that begin with a dot are listed when a dot was typed, those of the two folders never. */
		bool wanted = d->d_name[0] != '.' || (start.n && strspn(d->d_name, ".") != strlen(d->d_name));

		if (wanted && span_starts(span_str(d->d_name), start))
			add(p, span_head(word, typed), folder, d->d_name);
	}
	if (dir)
		closedir(dir);
	if (p->n)
		qsort(p->v, p->n, sizeof *p->v, by_name);
	free(folder);
}

void
path_words_release(struct path_words *p)
{
	while (p->n)
		free(p->v[--p->n]);
	free(p->v);
	*p = (struct path_words){ 0 };
}
