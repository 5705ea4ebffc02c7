/*
 * options.c: two tables and the loop that reads argv by them. An option is
 * `--name VALUE`, `--name=VALUE` or `-x VALUE`; options may stand anywhere.
 * `--` begins a command whose output is read; or, before a word that begins with
 * a dash, and where the query of a search is still to come, it ends the options.
 *
 * The loop runs twice: first for the options that decide what comes before
 * the command line (EARLY: --config and what asks for no work at all), then,
 * over the settings of the config file, for all of them.
 */
#include "config.h"

#include "core/options.h"

#include "core/alloc.h"
#include "core/units.h"

#include <stdlib.h>

enum { LIVE = 1 << RUN_LIVE, REPORT = 1 << RUN_REPORT, SEARCH = 1 << RUN_SEARCH, EXPLAIN = 1 << RUN_EXPLAIN,
       DEMO = 1 << RUN_DEMO, SCREEN = LIVE | DEMO, ALL = LIVE | REPORT | SEARCH | EXPLAIN | DEMO };

static const struct command_line {
	const char *name, *synopsis, *what;
} commands[RUN_COUNT] = {
	[RUN_LIVE] = { "", "[OPTION]... [FILE|DIR|GLOB|-]... [-- COMMAND...]", "live dashboard" },
	[RUN_REPORT] = { "report", "[OPTION]... FILE...", "the dashboard once, as text or JSON" },
	[RUN_SEARCH] = { "search", "[OPTION]... QUERY FILE...", "matching records" },
	[RUN_EXPLAIN] = { "explain", "[OPTION]... FILE", "how each line is read, and why" },
	[RUN_DEMO] = { "demo", "[OPTION]...", "the dashboard over a generated live workload" },
};

/* ---- values ----------------------------------------------------------------------- */

static const char *
set_size(struct options *o, const char *v)
{
	if (!units_parse_size(span_str(v), &o->engine.memory) || o->engine.memory < (16 << 20))
		return "a size of at least 16M, such as 512M or 2G";
	return NULL;
}

static const char *
set_history(struct options *o, const char *v)
{
	char *end;
	unsigned long n = strtoul(v, &end, 10);

	if (!strcmp(v, "all"))
		n = HISTORY_MAX;
	else if (*end || !*v || *v == '-' || n > HISTORY_MAX)
		return "a number from 0 to 1024, or all";
	o->engine.history = (unsigned)n;
	return NULL;
}

static const char *
set_threads(struct options *o, const char *v)
{
	char *end;
	unsigned long n = strtoul(v, &end, 10);

	if (*end || !*v || n > 64)
		return "a number from 0 to 64";
	o->engine.threads = (unsigned)n;
	return NULL;
}

static const char *
set_window(struct options *o, const char *v)
{
	if (!units_parse_duration(span_str(v), &o->window) || o->window < NSEC)
		return "a duration of at least a second, such as 15m, 1h or 7d";
	return NULL;
}

static const char *
set_slow(struct options *o, const char *v)
{
	int64_t ns;

	if (!units_parse_duration(span_str(v), &ns) || ns < 0)
		return "seconds or a duration, such as 1.0 or 500ms";
	o->engine.slow = (double)ns / NSEC;
	return NULL;
}

static const char *
set_format(struct options *o, const char *v)
{
	o->engine.format = format_by_name(v);
	return o->engine.format ? NULL : "the name of a format (tailboard explain shows them)";
}

static const char *
set_output(struct options *o, const char *v)
{
	static const char *const names[] = {
		[OUTPUT_TEXT] = "text", [OUTPUT_JSON] = "json", [OUTPUT_RAW] = "raw", [OUTPUT_CSV] = "csv",
	};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (!strcmp(v, names[i]) && (o->run == RUN_SEARCH || i <= OUTPUT_JSON)) {
			o->output = (enum output)i;
			return NULL;
		}
	return o->run == RUN_SEARCH ? "text, json, raw or csv" : "text or json";
}

static const char *
set_by(struct options *o, const char *v)
{
	o->by_minute = !strcmp(v, "minute");
	return o->by_minute || !strcmp(v, "hour") ? NULL : "hour or minute";
}

static const char *
set_level(struct options *o, const char *v)
{
	o->level = v;
	return level_parse(span_str(v)) ? NULL : "a level: DEBUG, INFO, WARNING, ERROR or CRITICAL";
}

static const char *
set_number(uint64_t *to, const char *v)
{
	char *end;

	*to = strtoull(v, &end, 10);
	return *end || !*v || *v == '-' || !*to ? "a number above 0" : NULL;
}

static const char *
set_context(struct options *o, const char *v)
{
	return set_number(&o->context, v) || o->context > 10000 ? "a number from 1 to 10,000" : NULL;
}

static const char *set_limit(struct options *o, const char *v) { return set_number(&o->limit, v); }
static const char *set_page(struct options *o, const char *v) { return set_number(&o->page, v); }
static const char *set_page_size(struct options *o, const char *v) { return set_number(&o->page_size, v); }

#define TEXT_SETTER(field)                                                     \
	static const char *set_##field(struct options *o, const char *v)       \
	{                                                                      \
		o->field = v;                                                  \
		return *v ? NULL : "a value";                                  \
	}
TEXT_SETTER(config)
TEXT_SETTER(zone)
TEXT_SETTER(since)
TEXT_SETTER(until)
TEXT_SETTER(theme)
TEXT_SETTER(keys)
TEXT_SETTER(text)
TEXT_SETTER(module)
TEXT_SETTER(user)
TEXT_SETTER(request)

static const char *
set_fields(struct options *o, const char *v)
{
	struct span rest = span_str(v);
	ptrdiff_t comma;

	free(o->fields);
	o->fields = xcalloc(rest.n + 1, sizeof *o->fields);
	o->n_fields = 0;
	do {
		comma = span_chr(rest, ',');
		struct span name = span_trim(comma < 0 ? rest : span_head(rest, (size_t)comma));

		if (!name.n)
			return "names with commas between them, such as time,status,http.url";
		o->fields[o->n_fields++] = name;
		rest = span_from(rest, (size_t)comma + 1);
	} while (comma >= 0);
	return NULL;
}

static const char *set_no_color(struct options *o, const char *v) { (void)v; o->color = false; return NULL; }
static const char *set_ascii(struct options *o, const char *v) { (void)v; o->ascii = true; return NULL; }
static const char *set_no_mouse(struct options *o, const char *v) { (void)v; o->mouse = false; return NULL; }
static const char *set_tail(struct options *o, const char *v) { (void)v; o->engine.tail_only = true; return NULL; }
static const char *set_count(struct options *o, const char *v) { (void)v; o->count = true; return NULL; }
static const char *set_follow(struct options *o, const char *v) { (void)v; o->follow = true; return NULL; }
static const char *set_dedup(struct options *o, const char *v) { (void)v; o->dedup = true; return NULL; }
static const char *set_mask(struct options *o, const char *v) { (void)v; o->mask = true; return NULL; }
static const char *set_secrets(struct options *o, const char *v) { (void)v; o->engine.secrets = true; return NULL; }
static const char *set_help(struct options *o, const char *v) { (void)v; o->help = true; return NULL; }
static const char *set_version(struct options *o, const char *v) { (void)v; o->version = true; return NULL; }

enum {
	EARLY = 1 << RUN_COUNT, /* read before the config file */
	SETTING = EARLY << 1,   /* may stand in the config file */
	SEEN = SETTING << 1,    /* there it is meant for the screen only: a report has all of its input */
	BESIDE = SEEN << 1,     /* its value there is a file, seen from the config file's folder */
};

/* `set` returns NULL, or what was expected instead. */
static const struct option_row {
	const char *name;
	char letter;
	const char *value; /* NULL: takes none */
	unsigned runs;     /* the commands that have it; EARLY, SETTING... */
	const char *(*set)(struct options *o, const char *v);
	const char *what;
} rows[] = {
	{ "since", 0, "TIME", ALL & ~DEMO, set_since, "count from TIME on: 2025-09-09T10:00, -2h, yesterday" },
	{ "until", 0, "TIME", ALL & ~DEMO, set_until, "count up to TIME" },
	{ "window", 'w', "SPAN", SCREEN | REPORT | SETTING | SEEN, set_window, "the stretch of time shown: 15m, 1h, 7d (screen: 60m)" },
	{ "tz", 0, "ZONE", ALL | SETTING, set_zone, "zone of times that have none, and of those shown" },
	{ "format", 0, "NAME", ALL & ~DEMO, set_format, "read every line as this format" },
	{ "slow", 0, "SECONDS", SCREEN | REPORT | SETTING, set_slow, "a request longer than this is slow (1.0)" },
	{ "history", 0, "N", LIVE | REPORT | SEARCH | SETTING | SEEN, set_history,
	  "read N rotated copies of each log too (screen: all that fit)" },
	{ "memory", 'm', "SIZE", ALL | SETTING, set_size, "ceiling of memory (1G, at most a quarter of RAM)" },
	{ "threads", 0, "N", ALL | SETTING, set_threads, "workers that read history; 0: none (number of cores)" },
	{ "config", 0, "FILE", ALL | EARLY, set_config, "configuration file, in place of the user's own" },
	{ "output", 'o', "KIND", REPORT | SEARCH, set_output, "text or json; search also raw and csv" },
	{ "fields", 0, "NAMES", SEARCH, set_fields, "only these of each record: time,level,user_id,http.url" },
	{ "mask", 0, NULL, REPORT | SEARCH, set_mask, "mask passwords, tokens, keys and card numbers" },
	{ "secrets", 0, NULL, REPORT, set_secrets, "count the records that hold secrets, by logger" },
	{ "by", 0, "UNIT", REPORT, set_by, "minute: add counts by minute to those by hour" },
	{ "text", 'q', "TEXT", SEARCH, set_text, "message contains TEXT, ignoring case" },
	{ "level", 0, "LEVEL", SEARCH, set_level, "exactly this level" },
	{ "module", 0, "NAME", SEARCH, set_module, "exactly this logger" },
	{ "user", 0, "ID", SEARCH, set_user, "this user_id" },
	{ "request", 0, "ID", SEARCH, set_request, "this request_id" },
	{ "limit", 'n', "N", SEARCH, set_limit, "the last N records that match" },
	{ "context", 'C', "N", SEARCH, set_context, "with N records of the same source before and after each" },
	{ "page", 0, "N", SEARCH, set_page, "the Nth page of the matches (1 is the first)" },
	{ "page-size", 0, "N", SEARCH, set_page_size, "records a page (100; without pages: all)" },
	{ "count", 'c', NULL, SEARCH, set_count, "only how many there are" },
	{ "follow", 'f', NULL, SEARCH, set_follow, "go on with what comes, until told to end (--since now: only that)" },
	{ "dedup", 0, NULL, SEARCH, set_dedup, "fold records that were written twice, and count them" },
	{ "theme", 0, "NAME", SCREEN | SETTING, set_theme, "colours: default dark light high-contrast mono, a file" },
	{ "keys", 0, "FILE", SCREEN | SETTING | BESIDE, set_keys, "key bindings on top of the defaults" },
	{ "no-color", 0, NULL, SCREEN, set_no_color, "no colours (NO_COLOR does the same)" },
	{ "ascii", 0, NULL, SCREEN, set_ascii, "draw with ASCII only" },
	{ "no-mouse", 0, NULL, SCREEN, set_no_mouse, "leave the mouse to the terminal" },
	{ "tail", 0, NULL, LIVE, set_tail, "only the end of each file, no history" },
	{ "help", 'h', NULL, ALL | EARLY, set_help, "this help" },
	{ "version", 'V', NULL, ALL | EARLY, set_version, "version and libraries" },
};

/* ---- reading argv -------------------------------------------------------------------- */

const char *
options_name(size_t i)
{
	return i < ARRAY_SIZE(rows) ? rows[i].name : NULL;
}

const char *
options_command(size_t i)
{
	return i + 1 < RUN_COUNT ? commands[i + 1].name : NULL;
}

static const char *
name_at(size_t i, const void *arg)
{
	(void)arg;
	return options_name(i);
}

static const struct option_row *
find_row(const char *arg, size_t n)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		if (arg[0] == '-' ? strlen(rows[i].name) == n - 1 && !strncmp(rows[i].name, arg + 1, n - 1)
				  : n == 1 && rows[i].letter == arg[0])
			return &rows[i];
	}
	return NULL;
}

static int
unknown_option(const char *arg, size_t n, struct err *err)
{
	char *name = xstrndup(arg + 2, n > 2 ? n - 2 : 0);
	const char *near = n > 3 ? err_nearest(name, name_at, NULL) : NULL;

	free(name);
	if (near)
		return err_set(err, -1, 0, "unknown option %.*s (did you mean --%s?)", (int)n, arg, near);
	return err_set(err, -1, 0, "unknown option %.*s (see --help)", (int)n, arg);
}

/* One option, when one of its bits is in `which`; *i moves past its value. */
static int
take_option(struct options *o, unsigned which, int argc, char **argv, int *i, struct err *err)
{
	const char *arg = argv[*i], *equals = strchr(arg, '=');
	size_t n = equals ? (size_t)(equals - arg) : strlen(arg);
	const struct option_row *row = find_row(arg + 1, n - 1);
	const char *value = equals ? equals + 1 : NULL;

	if (!row)
		return unknown_option(arg, n, err);
	if (!(row->runs & 1u << o->run))
		return err_set(err, -1, 0, "--%s is no option of tailboard%s%s", row->name,
			       o->run ? " " : "", commands[o->run].name);
	if (!row->value && equals)
		return err_set(err, -1, 0, "--%s takes no value", row->name);
	if (row->value && !value) {
		if (*i + 1 >= argc)
			return err_set(err, -1, 0, "--%s needs a value: %s", row->name, row->value);
		value = argv[++*i];
	}
	const char *expected = row->runs & which ? row->set(o, value) : NULL;

	if (expected)
		return err_set(err, -1, 0, "--%s \"%s\": expected %s", row->name, value, expected);
	return 0;
}

/* Whether `--` before this word begins a command. */
static bool
begins_command(const struct options *o, const char *word)
{
	bool flags = o->text || o->level || o->module || o->user || o->request || o->follow;

	if (!word || word[0] == '-' || !(1u << o->run & (LIVE | REPORT | SEARCH)))
		return false;
	return o->run != RUN_SEARCH || o->n_inputs || flags;
}

static int
read_argv(struct options *o, unsigned which, int argc, char **argv, struct err *err)
{
	bool only_inputs = false;

	o->n_inputs = 0;
	o->command = NULL;
	for (int i = o->run == RUN_LIVE ? 1 : 2; i < argc && !o->command; i++) {
		bool dashes = !strcmp(argv[i], "--");

		if (dashes && begins_command(o, argv[i + 1]))
			o->command = argv + i + 1;
		else if (dashes && !only_inputs)
			only_inputs = true;
		else if (only_inputs || argv[i][0] != '-' || !argv[i][1])
			o->inputs[o->n_inputs++] = argv[i];
		else if (take_option(o, which, argc, argv, &i, err))
			return -1;
	}
	return 0;
}

/* ---- the config file ----------------------------------------------------------------- */

const char *
options_setting(size_t i)
{
	for (size_t row = 0; row < ARRAY_SIZE(rows); row++)
		if (rows[row].runs & SETTING && i-- == 0)
			return rows[row].name;
	return NULL;
}

static const char *
setting_at(size_t i, const void *arg)
{
	(void)arg;
	return options_setting(i);
}

static char *
beside(const struct options *o, char *path)
{
	char *joined = path[0] == '/' ? NULL : xasprintf("%s/%s", o->settings.dir, path);

	if (!joined)
		return path;
	free(path);
	return joined;
}

/* A setting is read for all commands, those that have no such option too. */
static int
apply_setting(struct options *o, struct setting *s, struct err *err)
{
	const struct option_row *row = rows;

	while (strcmp(row->name, s->name) != 0)
		row++;
	if (row->runs & SEEN && !(SCREEN & 1u << o->run))
		return 0;
	if (row->runs & BESIDE)
		s->text = beside(o, s->text);
	const char *expected = row->set(o, s->text);

	if (expected)
		return err_set(err, -1, 0, "%s: %s \"%s\": expected %s", s->where, s->name, s->text, expected);
	return 0;
}

static int
read_settings(struct options *o, struct err *err)
{
	if (settings_load(&o->settings, o->config, setting_at, err))
		return -1;
	for (size_t i = 0; i < o->settings.n; i++)
		if (apply_setting(o, &o->settings.v[i], err))
			return -1;
	return 0;
}

/* ---- the whole -------------------------------------------------------------------------- */

static int
resolve(const char *name, const char *text, int64_t now, int64_t *t, struct err *err)
{
	if (text && !timestamp_human(span_str(text), now, t))
		return err_set(err, -1, 0, "--%s \"%s\": expected a time: 2025-09-09T10:00, 10:30, -2h, today, yesterday",
			       name, text);
	return 0;
}

/* The zone is checked last; a mistake is told with the place where it stands. */
static int
use_zone(const struct options *o, struct err *err)
{
	struct err why = { 0 };

	if (!clock_set_zone(o->zone, &why))
		return 0;
	for (size_t i = 0; i < o->settings.n; i++)
		if (o->settings.v[i].text == o->zone)
			return err_set(err, -1, 0, "%s: %s", o->settings.v[i].where, why.msg);
	return err_set(err, -1, 0, "%s", why.msg);
}

static void
set_defaults(struct options *o)
{
	const char *no_color = getenv("NO_COLOR");

	*o = (struct options){
		.window = TIME_NONE, .zone = "local", .color = !no_color || !*no_color, .mouse = true,
	};
	engine_options_init(&o->engine);
}

int
options_parse(struct options *o, int argc, char **argv, int64_t now, struct err *err)
{
	set_defaults(o);
	o->inputs = xcalloc((size_t)argc + 1, sizeof *o->inputs);
	for (int c = RUN_LIVE + 1; c < RUN_COUNT && argc > 1; c++)
		if (!strcmp(argv[1], commands[c].name))
			o->run = (enum run)c;
	o->engine.history = o->run == RUN_LIVE ? HISTORY_MAX : 0;
	if (read_argv(o, EARLY, argc, argv, err))
		return -1;
	if (o->help || o->version)
		return 0;
	if (read_settings(o, err) || read_argv(o, ALL, argc, argv, err) || use_zone(o, err))
		return -1;
	if (resolve("since", o->since, now, &o->engine.since, err) ||
	    resolve("until", o->until, now, &o->engine.until, err))
		return -1;
	if (o->context && (o->output == OUTPUT_CSV || o->follow))
		return err_set(err, -1, 0, "--context is for text, raw and json, without --follow");
	if (o->n_fields && o->output == OUTPUT_RAW)
		return err_set(err, -1, 0, "--fields is for text, json and csv: raw is the whole record");
	return 0;
}

void
options_release(struct options *o)
{
	settings_release(&o->settings);
	free(o->inputs);
	free(o->fields);
	o->inputs = NULL;
	o->fields = NULL;
}

/* ---- help ------------------------------------------------------------------------------- */

static void
help_row(const struct option_row *row, struct strbuf *out)
{
	struct strbuf left = STRBUF_INIT;

	if (row->letter)
		strbuf_addf(&left, "-%c, ", row->letter);
	strbuf_addf(&left, "--%s%s%s", row->name, row->value ? " " : "", row->value ? row->value : "");
	strbuf_addf(out, "  %-22s %s\n", left.p, row->what);
	strbuf_release(&left);
}

void
options_help(enum run run, struct strbuf *out)
{
	strbuf_addf(out, "tailboard%s%s %s\n%s\n\n", run ? " " : "", commands[run].name, commands[run].synopsis,
		    run ? commands[run].what : "A live dashboard over the logs of Django and the services around it.");
	if (run == RUN_LIVE) {
		for (int c = RUN_LIVE + 1; c < RUN_COUNT; c++)
			strbuf_addf(out, "  tailboard %-8s %-33s %s\n", commands[c].name, commands[c].synopsis, commands[c].what);
		strbuf_str(out, "\n");
	}
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (rows[i].runs & 1u << run)
			help_row(&rows[i], out);
}
