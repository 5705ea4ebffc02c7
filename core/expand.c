/*
 * expand: tells files, folders and globs apart, and lists the last two.
 *
 * What is there decides first: a file whose name holds a '*' is a file. What
 * is not there is a glob when it has wildcards, a folder when it ends in a
 * slash, and a file otherwise. Whether a file was seen before is not known
 * here.
 */
#include "config.h"

#include "core/expand.h"

#include "core/alloc.h"
#include "core/logname.h"
#include "core/strbuf.h"

#include <dirent.h>
#include <errno.h>
#include <fnmatch.h>
#include <glob.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define WILDCARDS "*?["

/* Without doubled slashes, "." and a slash at the end; ".." stays, it may follow a link. */
static char *
absolute(const char *path)
{
	char cwd[PATH_MAX];
	struct strbuf b = STRBUF_INIT;
	char *whole = path[0] == '/' || !getcwd(cwd, sizeof cwd) ? xstrdup(path)
								 : xasprintf("%s/%s", cwd, path);
	char *save;

	for (char *part = strtok_r(whole, "/", &save); part; part = strtok_r(NULL, "/", &save))
		if (strcmp(part, ".") != 0)
			strbuf_addf(&b, "/%s", part);
	if (!b.n)
		strbuf_char(&b, '/');
	free(whole);
	return b.p;
}

static char *
glob_dir(const char *path)
{
	size_t n = strcspn(path, WILDCARDS);

	while (n > 1 && path[n - 1] != '/')
		n--;
	return xstrndup(path, n > 1 ? n - 1 : 1);
}

static const char *
last_part(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static char *
join(const char *dir, const char *name)
{
	return xasprintf("%s/%s", strcmp(dir, "/") == 0 ? "" : dir, name);
}

static enum expand_kind
kind_of(const char *arg)
{
	struct stat st;

	if (stat(arg, &st) == 0)
		return S_ISDIR(st.st_mode) ? EXPAND_FOLDER : EXPAND_FILE;
	if (strpbrk(arg, WILDCARDS))
		return EXPAND_GLOB;
	return arg[strlen(arg) - 1] == '/' ? EXPAND_FOLDER : EXPAND_FILE;
}

static int
check(const char *arg, struct err *err)
{
	const char *bracket = strrchr(arg, '[');

	if (!arg[0])
		return err_set(err, EINVAL, 0, "a file name is empty");
	if (strlen(arg) >= PATH_MAX)
		return err_set(err, ENAMETOOLONG, 0, "%.40s...: the name is too long", arg);
	if (bracket && !strchr(bracket, ']') && access(arg, F_OK) != 0)
		return err_set(err, EINVAL, (size_t)(bracket - arg), "%s: \"[\" is not closed", arg);
	return 0;
}

int
expand_init(struct expand *x, const char *arg, struct err *err)
{
	if (check(arg, err))
		return -1;
	*x = (struct expand){ .kind = kind_of(arg), .text = xstrdup(arg), .path = absolute(arg) };
	x->dir = x->kind == EXPAND_GLOB ? glob_dir(x->path) : xstrdup(x->path);
	x->deep = x->kind == EXPAND_GLOB && strchr(x->path + strcspn(x->path, WILDCARDS), '/');
	return 0;
}

void
expand_release(struct expand *x)
{
	free(x->text);
	free(x->path);
	free(x->dir);
}

void
found_list_release(struct found_list *l)
{
	for (size_t i = 0; i < l->n; i++)
		free(l->v[i].path);
	free(l->v);
}

/* Add it if it is a file; takes the path. */
static void
found_add(struct found_list *l, char *path)
{
	struct stat st;

	if (stat(path, &st) || !S_ISREG(st.st_mode)) {
		free(path);
		return;
	}
	struct found f = { .path = path, .dev = st.st_dev, .ino = st.st_ino };

	f.link = lstat(path, &st) == 0 && S_ISLNK(st.st_mode);
	ARRAY_GROW(l->v, l->n, l->cap);
	l->v[l->n++] = f;
}

/* Whether a match is the history of another: app.log.1 where the glob matches app.log too. */
static bool
is_history(const struct expand *x, const char *path)
{
	const char *name = last_part(path);
	char *base = logname_base(name);
	char *log = base ? xasprintf("%.*s%s", (int)(name - path), path, base) : NULL;
	bool history = log && fnmatch(x->path, log, FNM_PERIOD | FNM_PATHNAME) == 0 && access(log, F_OK) == 0;

	free(base);
	free(log);
	return history;
}

static bool
wants(const struct expand *x, const char *name, const char *path)
{
	if (x->kind == EXPAND_FOLDER)
		return logname_is_log(name) && !logname_has_current(x->dir, name);
	return x->kind == EXPAND_GLOB && !x->deep && fnmatch(last_part(x->path), name, FNM_PERIOD) == 0 &&
	       !is_history(x, path);
}

void
expand_name(const struct expand *x, const char *name, struct found_list *out)
{
	char *path = join(x->dir, name);

	if (wants(x, name, path))
		found_add(out, path);
	else
		free(path);
}

static void
list_folder(struct expand *x, struct found_list *out)
{
	DIR *d = opendir(x->dir);
	struct dirent *e;

	x->error = d ? 0 : errno;
	while (d && (e = readdir(d)))
		expand_name(x, e->d_name, out);
	if (d)
		closedir(d);
}

static void
list_glob(const struct expand *x, struct found_list *out)
{
	glob_t g;

	if (glob(x->path, GLOB_NOSORT, NULL, &g) == 0)
		for (size_t i = 0; i < g.gl_pathc; i++)
			if (!is_history(x, g.gl_pathv[i]))
				found_add(out, xstrdup(g.gl_pathv[i]));
	globfree(&g);
}

static int
by_path(const void *a, const void *b)
{
	return strcmp(((const struct found *)a)->path, ((const struct found *)b)->path);
}

/* current.log -> app-2025.log is swapped one day; the file itself stays what it is. */
static bool
gives_way(const struct found_list *l, const struct found *f)
{
	for (size_t i = 0; f->link && i < l->n; i++)
		if (!l->v[i].link && l->v[i].dev == f->dev && l->v[i].ino == f->ino)
			return true;
	return false;
}

static void
drop_links(struct found_list *l)
{
	size_t kept = 0;

	for (size_t i = 0; i < l->n; i++) {
		struct found f = l->v[i];

		if (!gives_way(l, &f)) {
			l->v[i] = l->v[kept];
			l->v[kept++] = f;
		}
	}
	while (l->n > kept)
		free(l->v[--l->n].path);
}

void
expand_list(struct expand *x, struct found_list *out)
{
	if (x->kind == EXPAND_FOLDER)
		list_folder(x, out);
	else if (x->kind == EXPAND_GLOB)
		list_glob(x, out);
	drop_links(out);
	if (out->n)
		qsort(out->v, out->n, sizeof *out->v, by_path);
}
