/* The inside of export, for export*.c only. */
#ifndef CORE_EXPORT_INTERNAL_H
#define CORE_EXPORT_INTERNAL_H

#include "core/export.h"

#include <stdio.h>

/* ---- export_file.c ---- */

struct export_file {
	FILE *f;
	char path[PATH_MAX];
};
/* A new file for `path` (see export_records); 0, or -1 and err. */
int export_file_open(struct export_file *file, const char *path, enum export_kind kind, int64_t now, struct err *err);
/* 0; or -1 and err, and the file is gone. */
int export_file_close(struct export_file *file, struct err *err);
void export_file_remove(struct export_file *file);

/* ---- export_errors.c ---- */

/* Errors that are alike: the same logger, and the same exception or shape of message. */
struct error_group {
	char logger[64], title[160]; /* title: the exception, or the first message */
	uint64_t count;
	int64_t first, last;
	enum level level;
	uint64_t sample;             /* the newest of them */
	uint64_t key;
};
struct error_groups {
	struct error_group *v; /* owned; the most frequent first */
	size_t n, cap;
	uint64_t errors;
	bool cut;              /* older errors were not looked at */
};
/* Of the engine's filter, in the timeframe. */
void error_groups(struct engine *e, const struct timeframe *t, bool mask, struct error_groups *out);
void error_groups_release(struct error_groups *g);

#endif
