/*
 * saved_filter: see saved_filter.h.
 *
 * libconfig writes a tree, not a text: comments would be lost. So the place for the
 * setting is looked for in the text, by the few rules that tell comments, strings and
 * braces apart, and what came of it is given to libconfig before it replaces the file.
 */
#include "config.h"

#include "core/saved_filter.h"

#include "core/alloc.h"
#include "core/query.h"
#include "core/strbuf.h"

#include <ctype.h>
#include <errno.h>
#include <libconfig.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { NAME_MAX_LEN = 32, FILE_MOST = 1 << 20 };

static struct saved {
	char *name;  /* with its @ */
	char *query;
} *saved;
static size_t n_saved, saved_cap;
static char *file;

/* ---- in memory --------------------------------------------------------------------- */

static struct saved *
find(struct span name)
{
	for (size_t i = 0; i < n_saved; i++)
		if (span_eq_str(name, saved[i].name + 1))
			return &saved[i];
	return NULL;
}

static bool
is_name(struct span name)
{
	bool good = name.n && name.n <= NAME_MAX_LEN && isalpha((unsigned char)name.p[0]);

	for (size_t i = 0; i < name.n; i++)
		good = good && (isalnum((unsigned char)name.p[i]) || name.p[i] == '-' || name.p[i] == '_');
	return good;
}

/* Whether a query is one, and has something to say. */
static int
check(struct span query, struct err *err)
{
	struct query *q = query_compile(query, 0, err);
	bool empty = q && query_is_empty(q);

	query_free(q);
	if (empty)
		return err_set(err, -1, 0, "it is empty");
	return q ? 0 : -1;
}

int
saved_filter_set(struct span name, struct span query, struct err *err)
{
	if (!is_name(name))
		return err_set(err, -1, 0, "\"%.*s\" is no name: a letter, then letters, digits, - and _",
			       SPAN_FMT(span_head(name, 40)));
	if (check(query, err))
		return -1;
	struct saved *s = find(name);
	char *before = s ? s->query : NULL;

	if (!s) {
		ARRAY_GROW(saved, n_saved, saved_cap);
		s = &saved[n_saved++];
		s->name = xasprintf("@%.*s", SPAN_FMT(name));
	}
	s->query = xstrndup(query.p, query.n);
	if (!check(span_str(s->name), err)) {
		free(before);
		return 0;
	}
	/* It holds itself. */
	free(s->query);
	s->query = before;
	if (!before)
		free(saved[--n_saved].name);
	return -1;
}

struct span
saved_filter(struct span name)
{
	const struct saved *s = find(name);

	return s ? span_str(s->query) : SPAN_NONE;
}

const char *
saved_filter_name(size_t i)
{
	return i < n_saved ? saved[i].name : NULL;
}

void
saved_filter_file(const char *path)
{
	free(file);
	file = strchr(path, '/') ? xstrdup(path) : xasprintf("./%s", path);
}

/* ---- the text of a config file ------------------------------------------------------- */

/* Past blanks and comments. */
static size_t
skip_blanks(struct span s, size_t i)
{
	while (i < s.n) {
		struct span rest = span_from(s, i);
		bool block = span_starts(rest, SPAN_LIT("/*"));

		if (isspace((unsigned char)s.p[i])) {
			i++;
		} else if (block) {
			for (i += 2; i < s.n && !span_starts(span_from(s, i), SPAN_LIT("*/")); i++)
				;
			i = i + 2 < s.n ? i + 2 : s.n;
		} else if (s.p[i] == '#' || span_starts(rest, SPAN_LIT("//"))) {
			while (i < s.n && s.p[i] != '\n')
				i++;
		} else {
			break;
		}
	}
	return i;
}

/* Past one word, string or sign. */
static size_t
skip_token(struct span s, size_t i)
{
	size_t start = i;

	if (s.p[i] == '"') {
		for (i++; i < s.n && s.p[i] != '"'; i++)
			i += s.p[i] == '\\';
		return i < s.n ? i + 1 : s.n;
	}
	while (i < s.n && (isalnum((unsigned char)s.p[i]) || strchr("-_*.@", s.p[i])))
		i++;
	return i > start ? i : start + 1;
}

/* Where the value of a setting begins, among those of the braces that i is in; 0: it is not there. */
static size_t
find_setting(struct span s, size_t i, struct span name)
{
	int depth = 0;

	for (i = skip_blanks(s, i); i < s.n && depth >= 0;) {
		size_t end = skip_token(s, i), next = skip_blanks(s, end);

		if (!depth && span_eq(span_of(s.p + i, end - i), name) && next < s.n &&
		    (s.p[next] == ':' || s.p[next] == '='))
			return next + 1;
		depth += s.p[i] == '{' || s.p[i] == '(' || s.p[i] == '[';
		depth -= s.p[i] == '}' || s.p[i] == ')' || s.p[i] == ']';
		i = next;
	}
	return 0;
}

/* Past the strings that stand there. */
static size_t
skip_strings(struct span s, size_t i)
{
	for (size_t at = skip_blanks(s, i); at < s.n && s.p[at] == '"'; at = skip_blanks(s, i))
		i = skip_token(s, at);
	return i;
}

static void
add_string(struct strbuf *out, struct span text)
{
	strbuf_char(out, '"');
	for (size_t i = 0; i < text.n; i++) {
		unsigned char c = (unsigned char)text.p[i];

		if (c < ' ' || c == 0x7f)
			strbuf_addf(out, "\\x%02x", c);
		else
			strbuf_addf(out, c == '"' || c == '\\' ? "\\%c" : "%c", c);
	}
	strbuf_char(out, '"');
}

/* The text with the filter in it. */
static void
put_filter(struct span text, struct span name, struct span query, struct strbuf *out)
{
	size_t group = find_setting(text, 0, SPAN_LIT("filters")), open = group ? skip_blanks(text, group) : 0;
	bool there = open && open < text.n && text.p[open] == '{';
	size_t value = there ? find_setting(text, open + 1, name) : 0;

	if (value) {
		strbuf_add(out, span_head(text, value));
		strbuf_char(out, ' ');
		add_string(out, query);
		strbuf_add(out, span_from(text, skip_strings(text, value)));
		return;
	}
	strbuf_add(out, there ? span_head(text, open + 1) : text);
	if (!there)
		strbuf_addf(out, "%s%sfilters: {", text.n && text.p[text.n - 1] != '\n' ? "\n" : "", text.n ? "\n" : "");
	strbuf_addf(out, "\n\t%.*s = ", SPAN_FMT(name));
	add_string(out, query);
	strbuf_char(out, ';');
	strbuf_add(out, there ? span_from(text, open + 1) : SPAN_LIT("\n};\n"));
}

/* Whether libconfig reads the filter out of the text. */
static bool
holds(const char *text, const char *dir, const char *name, const char *query)
{
	const config_setting_t *group;
	const char *value = NULL;
	config_t config;

	config_init(&config);
	config_set_include_dir(&config, dir);
	bool good = config_read_string(&config, text) && (group = config_lookup(&config, "filters")) &&
		    config_setting_lookup_string(group, name, &value) && strcmp(value, query) == 0;

	config_destroy(&config);
	return good;
}

/* ---- the file ------------------------------------------------------------------------- */

/* All of it; an empty text where it is not there. -errno. */
static int
read_all(const char *path, struct strbuf *out, mode_t *mode)
{
	FILE *f = fopen(path, "re");
	struct stat st;
	char piece[4096];
	size_t n;

	*mode = 0600;
	if (!f)
		return errno == ENOENT ? 0 : -errno;
	if (fstat(fileno(f), &st) == 0)
		*mode = st.st_mode & 0777;
	errno = 0;
	while ((n = fread(piece, 1, sizeof piece, f)) > 0 && out->n < FILE_MOST)
		strbuf_add(out, span_of(piece, n));
	int rc = ferror(f) ? -errno : !feof(f) ? -EFBIG : 0;

	fclose(f);
	return rc;
}

/* The folders on the way to a file. */
static void
make_folders(const char *path)
{
	char *dir = xstrdup(path);

	for (char *slash = strchr(dir + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		mkdir(dir, 0700);
		*slash = '/';
	}
	free(dir);
}

/* Replace it by a new one. -errno. */
static int
replace(const char *path, struct span text, mode_t mode)
{
	char *temporary = xasprintf("%s.XXXXXX", path);
	int fd = mkstemp(temporary), rc = 0;

	if (fd < 0) {
		rc = -errno;
		free(temporary);
		return rc;
	}
	FILE *f = fdopen(fd, "w");

	if (fwrite(text.p, 1, text.n, f) != text.n || fflush(f) || fchmod(fd, mode) || fsync(fd))
		rc = -errno;
	if (fclose(f) && !rc)
		rc = -errno;
	if (!rc && rename(temporary, path))
		rc = -errno;
	if (rc)
		unlink(temporary);
	free(temporary);
	return rc;
}

static int
write_to(const char *path, const char *name, const char *query, struct err *err)
{
	struct strbuf old = STRBUF_INIT, text = STRBUF_INIT;
	char *dir = xstrdup(path);
	mode_t mode;
	int rc = read_all(path, &old, &mode);

	*strrchr(dir, '/') = '\0';
	if (!rc) {
		put_filter(strbuf_span(&old), span_str(name), span_str(query), &text);
		if (holds(text.p, dir, name, query))
			rc = replace(path, strbuf_span(&text), mode);
		else
			rc = -EINVAL;
	}
	if (rc)
		err_set(err, -1, 0, "%s: %s", path,
			rc == -EINVAL ? "there is no place for a filter in it, write it there yourself" : strerror(-rc));
	free(dir);
	strbuf_release(&old);
	strbuf_release(&text);
	return rc;
}

const char *
saved_filter_write(const char *name, const char *query, struct err *err)
{
	char real[PATH_MAX];

	if (!file) {
		err_set(err, -1, 0, "there is no config file to save it in");
		return NULL;
	}
	if (saved_filter_set(span_str(name), span_str(query), err))
		return NULL;
	make_folders(file);
	/* A link to a file elsewhere stays one. */
	return write_to(realpath(file, real) ? real : file, name, query, err) ? NULL : file;
}
