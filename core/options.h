/*
 * options: the command line, out of two tables: commands and options. The
 * tables feed parsing, the config file's plain settings, --help, and the "did
 * you mean" of a mistake; a test holds the man page and the completions
 * against them.
 */
#ifndef CORE_OPTIONS_H
#define CORE_OPTIONS_H

#include "core/engine.h"
#include "core/err.h"
#include "core/record_out.h"
#include "core/settings.h"
#include "core/strbuf.h"

enum run {
	RUN_LIVE,
	RUN_REPORT,
	RUN_SEARCH,
	RUN_EXPLAIN,
	RUN_DEMO,
	RUN_COUNT,
};

struct options {
	enum run run;
	struct engine_options engine;
	int64_t window;       /* ns; TIME_NONE when not said */
	const char *zone, *theme, *keys;
	bool color, ascii, mouse;
	enum output output;
	bool by_minute;
	bool mask;            /* secrets in what is printed */
	/* search */
	const char *text, *level, *module, *user, *request;
	uint64_t limit, page, page_size; /* 0: not said */
	uint64_t context;     /* records around each; 0: none */
	bool count, follow, dedup;
	struct span *fields;  /* owned array, borrowed text; of --fields */
	size_t n_fields;
	bool help, version;
	const char *config;   /* --config, NULL: the user's own file */
	struct settings settings; /* owned; zone, theme and keys may borrow from it */
	const char *since, *until; /* read once the zone is set */
	const char **inputs;  /* owned array of borrowed strings */
	size_t n_inputs;
	char *const *command; /* what follows `--`: a command whose output is read, or NULL; borrowed */
};

/*
 * Read argv (argv[0] is skipped). 0; or -1 and err, one line that names the
 * option and what was expected. The config file is read before, so that its
 * settings are the defaults; its fields and formats take effect for the whole
 * process. Values are checked, the zone is set, times are resolved against
 * `now`. With `help` or `version` nothing but argv was read.
 */
int options_parse(struct options *o, int argc, char **argv, int64_t now, struct err *err);
void options_release(struct options *o);

/* The help of a command, at most a screenful. */
void options_help(enum run run, struct strbuf *out);

/* Rows of the tables, for tests: the long names of options, of settings and of commands, NULL past the end. */
const char *options_name(size_t i);
const char *options_setting(size_t i);
const char *options_command(size_t i);

#endif
