/*
 * export: what is looked at, into a file: the records of the filter, a table, or
 * the whole moment as a report in Markdown.
 *
 * Files are new, and readable by their owner only. A name that is taken gets -2,
 * -3 and so on. A file that could not be written to its end is removed.
 */
#ifndef CORE_EXPORT_H
#define CORE_EXPORT_H

#include "core/record_out.h"
#include "core/view.h"

#include <limits.h>

enum export_kind { EXPORT_REPORT, EXPORT_RAW, EXPORT_JSON, EXPORT_CSV, EXPORT_KINDS };
/* As they are typed: md raw json csv. EXPORT_KINDS when a word is none of them. */
extern const char *const export_kind_name[EXPORT_KINDS];
enum export_kind export_kind_of(struct span word);

enum export_table { TABLE_LEVELS, TABLE_REQUESTS, TABLE_SOURCES, TABLE_LOGGERS, TABLE_STATUS, TABLE_COUNT };

/* What is looked at. Borrowed. */
struct export_what {
	struct timeframe frame;      /* of numbers; records are the filter's */
	const char *filter;          /* as one query, "": none */
	const char *const *inputs;   /* as they were given to the program */
	size_t n_inputs;
	int64_t now;
	bool mask;                   /* secrets (mask.h) */
};

struct export_done {
	char path[PATH_MAX]; /* of the file */
	uint64_t rows;       /* records, or rows of the table */
};

/*
 * The records of the engine's filter, in merged order, in steps. `path`: a file or
 * a folder; NULL: a name of its own in the working folder. NULL and err when there can be no such file.
 */
struct export *export_records(struct engine *e, enum export_kind kind, const struct export_what *w, const char *path,
			      struct err *err);
/* true while there is more to do. What is taken in meanwhile is not waited for. */
bool export_step(struct export *x, int64_t deadline);
uint64_t export_written(const struct export *x);
/* The file is complete: 0, or -1 and err. Frees x. */
int export_end(struct export *x, struct export_done *done, struct err *err);
/* The file goes. Frees x. */
void export_cancel(struct export *x);

/* A table as CSV or JSON; the report. 0, or -1 and err. */
int export_table(struct engine *e, enum export_table table, enum export_kind kind, const struct export_what *w,
		 const char *path, struct export_done *done, struct err *err);
int export_report(struct engine *e, const struct export_what *w, const char *path, struct export_done *done,
		  struct err *err);

/* The report's text, appended to out. */
void export_report_text(struct engine *e, const struct export_what *w, struct strbuf *out);

#endif
