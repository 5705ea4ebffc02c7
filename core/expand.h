/*
 * expand: what one argument of the command line stands for: a file, the log
 * files in a folder, or the matches of a glob.
 */
#ifndef CORE_EXPAND_H
#define CORE_EXPAND_H

#include "core/err.h"

#include <stdbool.h>
#include <sys/types.h>

enum expand_kind { EXPAND_FILE, EXPAND_FOLDER, EXPAND_GLOB };

struct expand {
	enum expand_kind kind;
	char *text; /* as given */
	char *path; /* absolute */
	char *dir;  /* the folder, or the glob's folder before the first wildcard; of a file its path */
	bool deep;  /* a glob with a wildcard in a folder's name: `dir` does not see all matches come */
	int error;  /* errno of reading the folder last time, or 0 */
};

/* A regular file that fits. */
struct found {
	char *path;
	dev_t dev;
	ino_t ino;
	bool link; /* the path is a symbolic link */
};

struct found_list {
	struct found *v;
	size_t n, cap;
};

/* 0; or -1 and err for what no file can be called, x is not filled then. */
int expand_init(struct expand *x, const char *arg, struct err *err);
void expand_release(struct expand *x);

/*
 * All that fits now, by path. A link is left out when what it leads to is in
 * the list itself. Nothing for a file. The caller releases the list.
 */
void expand_list(struct expand *x, struct found_list *out);

/* The same for one name that turned up in the argument's `dir`. */
void expand_name(const struct expand *x, const char *name, struct found_list *out);

void found_list_release(struct found_list *l);

#endif
