/*
 * settings: see settings.h.
 *
 * libconfig reads the text into a tree. What is checked here is that every
 * word in it is known and of the right kind, so that a typing mistake is a
 * message with a line and not a setting that silently stays away. Fields are
 * read before formats, whose groups may be named by a user's own keys.
 */
#include "config.h"

#include "core/settings.h"

#include "core/alloc.h"
#include "core/field.h"
#include "core/format_user.h"
#include "core/mask.h"
#include "core/saved_filter.h"

#include <errno.h>
#include <libconfig.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

struct reader {
	const char *path;
	const char *(*name)(size_t i, const void *arg);
	struct settings *settings;
	struct err *err;
};

/* ---- mistakes ------------------------------------------------------------------------ */

static const char *
file_of(const struct reader *r, const config_setting_t *s)
{
	const char *file = config_setting_source_file(s);

	return file ? file : r->path;
}

static int __attribute__((format(printf, 3, 4)))
mistake(const struct reader *r, const config_setting_t *s, const char *fmt, ...)
{
	char text[sizeof r->err->msg];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	return err_set(r->err, -1, 0, "%s:%u: %s", file_of(r, s), config_setting_source_line(s),
		       text);
}

/* `context` is what stands before the message, such as "formats.myapp: ". */
static int
unknown(const struct reader *r, const config_setting_t *s, const char *context, const char *what,
	const char *(*names)(size_t i, const void *arg))
{
	const char *word = config_setting_name(s), *near = err_nearest(word, names, r);

	return mistake(r, s, "%sunknown %s \"%s\"%s%s%s", context, what, word,
		       near ? " (did you mean " : "", near ? near : "", near ? "?)" : "");
}

/* ---- fields ---------------------------------------------------------------------------- */

static const char *
field_at(size_t i, const void *arg)
{
	(void)arg;
	return i < FIELD_COUNT ? field_info[i].name : NULL;
}

static int
read_key(const struct reader *r, const config_setting_t *s, const char *name, enum field f)
{
	const char *key = config_setting_get_string(s);

	if (!key)
		return mistake(r, s, "fields.%s: expected \"KEY\" or [ \"KEY\", \"KEY\" ]", name);
	if (!field_add_key(f, span_str(key)))
		return mistake(r, s, "fields.%s: a key is empty, too long, or one too many", name);
	return 0;
}

static int
read_field(const struct reader *r, const config_setting_t *s)
{
	const char *name = config_setting_name(s);
	enum field f = field_by_name(span_str(name));

	if (f == FIELD_OTHER)
		return unknown(r, s, "fields: ", "field", field_at);
	if (!config_setting_is_array(s) && !config_setting_is_list(s))
		return read_key(r, s, name, f);
	for (int i = 0; i < config_setting_length(s); i++)
		if (read_key(r, config_setting_get_elem(s, (unsigned)i), name, f))
			return -1;
	return 0;
}

static int
read_fields(const struct reader *r, const config_setting_t *s)
{
	if (!config_setting_is_group(s))
		return mistake(r, s, "fields: expected a group: fields: { user_id = \"uid\"; };");
	for (int i = 0; i < config_setting_length(s); i++)
		if (read_field(r, config_setting_get_elem(s, (unsigned)i)))
			return -1;
	return 0;
}

/* ---- formats --------------------------------------------------------------------------- */

/* The parts of a format, those that may be at fault by their enum format_fault. */
enum { PART_MULTILINE = FAULT_SAMPLE + 1, PART_COUNT };
static const struct part {
	const char *name;
	int type;
	const char *expected;
	bool optional;
} parts[PART_COUNT] = {
	[FAULT_NAME] = { "name", CONFIG_TYPE_STRING, "text in quotes", false },
	[FAULT_PATTERN] = { "pattern", CONFIG_TYPE_STRING, "text in quotes", false },
	[FAULT_SAMPLE] = { "sample", CONFIG_TYPE_STRING, "text in quotes", false },
	[PART_MULTILINE] = { "multiline", CONFIG_TYPE_BOOL, "true or false", true },
};

static const char *
part_at(size_t i, const void *arg)
{
	(void)arg;
	return i + 1 < PART_COUNT ? parts[i + 1].name : NULL;
}

static int
read_part(const struct reader *r, const char *context, const config_setting_t *s,
	  const config_setting_t *found[PART_COUNT])
{
	for (int i = 1; i < PART_COUNT; i++) {
		if (strcmp(parts[i].name, config_setting_name(s)) != 0)
			continue;
		if (config_setting_type(s) != parts[i].type)
			return mistake(r, s, "%s%s: expected %s", context, parts[i].name,
				       parts[i].expected);
		found[i] = s;
		return 0;
	}
	return unknown(r, s, context, "setting", part_at);
}

static int
add_format(const struct reader *r, const char *context, const config_setting_t *s)
{
	const config_setting_t *found[PART_COUNT] = { NULL };
	struct err err = { 0 };

	for (int i = 0; i < config_setting_length(s); i++)
		if (read_part(r, context, config_setting_get_elem(s, (unsigned)i), found))
			return -1;
	for (int i = 1; i < PART_COUNT; i++)
		if (!found[i] && !parts[i].optional)
			return mistake(r, s, "%sit has no %s", context, parts[i].name);
	struct format_spec spec = {
		.name = config_setting_get_string(found[FAULT_NAME]),
		.pattern = config_setting_get_string(found[FAULT_PATTERN]),
		.sample = config_setting_get_string(found[FAULT_SAMPLE]),
		.multiline = true,
	};
	if (found[PART_MULTILINE])
		spec.multiline = config_setting_get_bool(found[PART_MULTILINE]);
	int fault = format_user_add(&spec, &err);

	if (!fault)
		return 0;
	return mistake(r, found[fault], "%s%s: %s", context, parts[fault].name, err.msg);
}

static int
read_format(const struct reader *r, const config_setting_t *s, int place)
{
	const char *name = NULL;
	char context[96];

	if (!config_setting_is_group(s))
		return mistake(r, s,
			       "formats: expected groups: formats: ( { name = \"myapp\"; ... } );");
	if (config_setting_lookup_string(s, "name", &name))
		snprintf(context, sizeof context, "formats.%.64s: ", name);
	else
		snprintf(context, sizeof context, "formats[%d]: ", place);
	return add_format(r, context, s);
}

static int
read_formats(const struct reader *r, const config_setting_t *s)
{
	if (!config_setting_is_list(s))
		return mistake(r, s,
			       "formats: expected a list: formats: ( { name = \"myapp\"; ... } );");
	for (int i = 0; i < config_setting_length(s); i++)
		if (read_format(r, config_setting_get_elem(s, (unsigned)i), i))
			return -1;
	return 0;
}

/* ---- masking --------------------------------------------------------------------------- */

/* A text, or each of several, given to `add`. */
static int
each_text(const struct reader *r, const config_setting_t *s, int (*add)(struct span text, struct err *err))
{
	bool several = config_setting_is_array(s) || config_setting_is_list(s);
	int n = several ? config_setting_length(s) : 1;

	for (int i = 0; i < n; i++) {
		const config_setting_t *one = several ? config_setting_get_elem(s, (unsigned)i) : s;
		const char *text = config_setting_get_string(one);
		struct err err = { 0 };

		if (!text)
			return mistake(r, one, "mask.%s: expected \"TEXT\" or [ \"TEXT\", \"TEXT\" ]",
				       config_setting_name(s));
		if (add(span_str(text), &err))
			return mistake(r, one, "mask.%s: %s", config_setting_name(s), err.msg);
	}
	return 0;
}

static int
read_mask_keys(const struct reader *r, const config_setting_t *s)
{
	return each_text(r, s, mask_add_key);
}

static int
read_mask_patterns(const struct reader *r, const config_setting_t *s)
{
	return each_text(r, s, mask_add_pattern);
}

static int
read_mask_emails(const struct reader *r, const config_setting_t *s)
{
	if (config_setting_type(s) != CONFIG_TYPE_BOOL)
		return mistake(r, s, "mask.emails: expected true or false");
	mask_set_emails(config_setting_get_bool(s));
	return 0;
}

static const struct choice {
	const char *name;
	int (*read)(const struct reader *r, const config_setting_t *s);
} mask_choices[] = {
	{ "keys", read_mask_keys },
	{ "patterns", read_mask_patterns },
	{ "emails", read_mask_emails },
};

static const char *
mask_choice_at(size_t i, const void *arg)
{
	(void)arg;
	return i < ARRAY_SIZE(mask_choices) ? mask_choices[i].name : NULL;
}

static int
read_mask_choice(const struct reader *r, const config_setting_t *s)
{
	for (size_t i = 0; i < ARRAY_SIZE(mask_choices); i++)
		if (strcmp(mask_choices[i].name, config_setting_name(s)) == 0)
			return mask_choices[i].read(r, s);
	return unknown(r, s, "mask: ", "setting", mask_choice_at);
}

static int
read_mask(const struct reader *r, const config_setting_t *s)
{
	if (!config_setting_is_group(s))
		return mistake(r, s, "mask: expected a group: mask: { keys = [ \"iban\" ]; };");
	for (int i = 0; i < config_setting_length(s); i++)
		if (read_mask_choice(r, config_setting_get_elem(s, (unsigned)i)))
			return -1;
	return 0;
}

/* ---- filters --------------------------------------------------------------------------- */

static int
read_filters(const struct reader *r, const config_setting_t *s)
{
	if (!config_setting_is_group(s))
		return mistake(r, s, "filters: expected a group: filters: { slow = \"duration>1s\"; };");
	for (int i = 0; i < config_setting_length(s); i++) {
		const config_setting_t *one = config_setting_get_elem(s, (unsigned)i);
		const char *name = config_setting_name(one), *query = config_setting_get_string(one);
		struct err err = { 0 };

		if (!query)
			return mistake(r, one, "filters.%s: expected a query in quotes", name);
		if (saved_filter_set(span_str(name), span_str(query), &err))
			return mistake(r, one, "filters.%s: %s", name, err.msg);
	}
	return 0;
}

/* ---- the file -------------------------------------------------------------------------- */

/* In the order in which they are read. */
static const struct section {
	const char *name;
	int (*read)(const struct reader *r, const config_setting_t *s);
} sections[] = {
	{ "fields", read_fields },
	{ "formats", read_formats },
	{ "mask", read_mask },
	{ "filters", read_filters },
};

static const char *
setting_at(size_t i, const void *reader)
{
	const struct reader *r = reader;

	return i < ARRAY_SIZE(sections) ? sections[i].name
					: r->name(i - ARRAY_SIZE(sections), NULL);
}

/* The value as it would be typed, or NULL; the caller owns it. */
static char *
value_text(const config_setting_t *s)
{
	switch (config_setting_type(s)) {
	case CONFIG_TYPE_STRING:
		return xstrdup(config_setting_get_string(s));
	case CONFIG_TYPE_INT:
	case CONFIG_TYPE_INT64:
		return xasprintf("%lld", config_setting_get_int64(s));
	case CONFIG_TYPE_FLOAT:
		return xasprintf("%.9g", config_setting_get_float(s));
	default:
		return NULL;
	}
}

static int
read_plain(const struct reader *r, const config_setting_t *s)
{
	struct settings *to = r->settings;
	char *text = value_text(s);

	if (!text)
		return mistake(r, s, "%s: expected text in quotes, or a number",
			       config_setting_name(s));
	ARRAY_GROW(to->v, to->n, to->cap);
	to->v[to->n++] = (struct setting){
		.name = xstrdup(config_setting_name(s)),
		.text = text,
		.where = xasprintf("%s:%u", file_of(r, s), config_setting_source_line(s)),
	};
	return 0;
}

static int
read_setting(const struct reader *r, const config_setting_t *s)
{
	for (size_t i = 0; setting_at(i, r); i++)
		if (strcmp(setting_at(i, r), config_setting_name(s)) == 0)
			return i < ARRAY_SIZE(sections) ? 0 : read_plain(r, s);
	return unknown(r, s, "", "setting", setting_at);
}

static int
read_tree(const struct reader *r, const config_t *config)
{
	const config_setting_t *root = config_root_setting(config), *s;

	for (int i = 0; i < config_setting_length(root); i++)
		if (read_setting(r, config_setting_get_elem(root, (unsigned)i)))
			return -1;
	for (size_t i = 0; i < ARRAY_SIZE(sections); i++)
		if ((s = config_setting_get_member(root, sections[i].name)) &&
		    sections[i].read(r, s))
			return -1;
	return 0;
}

static int
read_file(const struct reader *r, FILE *f)
{
	config_t config;
	int failed;

	config_init(&config);
	config_set_include_dir(&config, r->settings->dir);
	if (config_read(&config, f)) {
		failed = read_tree(r, &config);
	} else {
		const char *file = config_error_file(&config);

		failed = err_set(r->err, -1, 0, "%s:%d: %s", file ? file : r->path,
				 config_error_line(&config), config_error_text(&config));
	}
	config_destroy(&config);
	return failed;
}

/* libconfig ends the program when it cannot read what it is given: a folder is refused before. */
static FILE *
open_file(const char *path)
{
	FILE *f = fopen(path, "re");
	struct stat st;

	if (f && fstat(fileno(f), &st) == 0 && S_ISDIR(st.st_mode)) {
		fclose(f);
		errno = EISDIR;
		return NULL;
	}
	return f;
}

char *
settings_path(const char *file)
{
	const char *config = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");

	if (config && config[0] == '/')
		return xasprintf("%s/tailboard/%s", config, file);
	return xasprintf("%s/.config/tailboard/%s", home ? home : "", file);
}

static char *
folder_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? xstrndup(path, (size_t)(slash - path) + (slash == path)) : xstrdup(".");
}

int
settings_load(struct settings *s, const char *path, const char *(*name)(size_t i, const void *arg),
	      struct err *err)
{
	char *own = path ? NULL : settings_path("tailboard.conf");
	struct reader r = { path ? path : own, name, s, err };
	FILE *f = open_file(r.path);
	int failed = 0;

	*s = (struct settings){ .dir = NULL };
	saved_filter_file(r.path);
	if (f) {
		s->dir = folder_of(r.path);
		failed = read_file(&r, f);
		fclose(f);
	} else if (path || (errno != ENOENT && errno != ENOTDIR)) {
		failed = err_set(err, -1, 0, "%s: %s", r.path, strerror(errno));
	}
	free(own);
	return failed;
}

void
settings_release(struct settings *s)
{
	for (size_t i = 0; i < s->n; i++) {
		free(s->v[i].name);
		free(s->v[i].text);
		free(s->v[i].where);
	}
	free(s->v);
	free(s->dir);
	*s = (struct settings){ .dir = NULL };
}
