/*
 * export_file.c: a new file, and only a new one.
 */
#include "config.h"

#include "core/export_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { NAMES_MOST = 1000 }; /* that are tried */

const char *const export_kind_name[EXPORT_KINDS] = {
	[EXPORT_REPORT] = "md", [EXPORT_RAW] = "raw", [EXPORT_JSON] = "json", [EXPORT_CSV] = "csv",
};

static const char *const endings[EXPORT_KINDS] = {
	[EXPORT_REPORT] = "md", [EXPORT_RAW] = "log", [EXPORT_JSON] = "json", [EXPORT_CSV] = "csv",
};

enum export_kind
export_kind_of(struct span word)
{
	enum export_kind k = 0;

	while (k < EXPORT_KINDS && !span_eq_str(word, export_kind_name[k]))
		k++;
	return k;
}

/* "tailboard-20250909-104207.md" */
static void
own_name(enum export_kind kind, int64_t now, struct strbuf *out)
{
	struct civil c;

	clock_civil(now, &c);
	strbuf_addf(out, "tailboard-%04d%02d%02d-%02d%02d%02d.%s", c.year, c.month, c.day, c.hour, c.minute, c.second,
		    endings[kind]);
}

static void
choose_name(const char *path, enum export_kind kind, int64_t now, struct strbuf *out)
{
	struct stat st;
	bool folder = path && stat(path, &st) == 0 && S_ISDIR(st.st_mode);

	if (path)
		strbuf_str(out, path);
	if (folder && out->p[out->n - 1] != '/')
		strbuf_char(out, '/');
	if (folder || !path)
		own_name(kind, now, out);
}

/* The name, from the second try on with its number before the ending. */
static void
nth_name(struct span name, int n, char out[PATH_MAX])
{
	size_t dot = name.n;

	while (dot && name.p[dot - 1] != '.' && name.p[dot - 1] != '/')
		dot--;
	if (dot < 2 || name.p[dot - 1] == '/' || name.p[dot - 2] == '/')
		dot = name.n + 1;
	if (n == 1)
		snprintf(out, PATH_MAX, "%.*s", SPAN_FMT(name));
	else
		snprintf(out, PATH_MAX, "%.*s-%d%.*s", (int)dot - 1, name.p, n, SPAN_FMT(span_from(name, dot - 1)));
}

int
export_file_open(struct export_file *file, const char *path, enum export_kind kind, int64_t now, struct err *err)
{
	struct strbuf name = STRBUF_INIT;
	int fd = -1;

	choose_name(path, kind, now, &name);
	for (int n = 1; fd < 0 && n <= NAMES_MOST; n++) {
		nth_name(strbuf_span(&name), n, file->path);
		fd = open(file->path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
		if (fd < 0 && errno != EEXIST)
			break;
	}
	strbuf_release(&name);
	file->f = fd < 0 ? NULL : fdopen(fd, "w");
	return file->f ? 0 : err_set(err, -1, 0, "cannot write %.200s: %s", file->path, strerror(errno));
}

void
export_file_remove(struct export_file *file)
{
	fclose(file->f);
	unlink(file->path);
}

int
export_file_close(struct export_file *file, struct err *err)
{
	bool failed = fflush(file->f) || ferror(file->f);
	int why = failed && !errno ? EIO : errno;

	if (fclose(file->f) && !failed) {
		failed = true;
		why = errno;
	}
	if (!failed)
		return 0;
	unlink(file->path);
	return err_set(err, -1, 0, "cannot write %.180s: %s (it was removed)", file->path, strerror(why));
}
