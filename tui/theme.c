/*
 * theme: a theme's text made into a look for every role.
 *
 * libconfig reads the text; what is checked here is that every word in it is
 * known, so that a typing mistake is a message with a line and not a colour
 * that silently stays away. What a role leaves open is filled in from its
 * parent at the end, so drawing never asks about parents.
 *
 * Does not know what the terminal can show (tui/color.h).
 */
#include "config.h"

#include "tui/theme.h"

#include "core/alloc.h"
#include "core/embedded.h"
#include "core/settings.h"
#include "core/strbuf.h"

#include <errno.h>
#include <libconfig.h>
#include <stdio.h>
#include <stdlib.h>

struct reader {
	struct theme *theme;
	const char *where;
	struct err *err;
};

static const char *const color_names[] = {
	"black", "red", "green", "yellow", "blue", "magenta", "cyan", "white",
	"bright-black", "bright-red", "bright-green", "bright-yellow",
	"bright-blue", "bright-magenta", "bright-cyan", "bright-white",
	NULL,
};

static const struct {
	const char *name;
	uint8_t attr;
} attr_names[] = {
	{ "bold", ATTR_BOLD },
	{ "dim", ATTR_DIM },
	{ "underline", ATTR_UNDERLINE },
	{ "reverse", ATTR_REVERSE },
	{ "italic", ATTR_ITALIC },
};

static const char *
word_at(size_t i, const void *words)
{
	return ((const char *const *)words)[i];
}

static const char *
role_at(size_t i, const void *unused)
{
	(void)unused;
	return i < ROLE_COUNT ? role_info[i].name : NULL;
}

static const char *
theme_at(size_t i, const void *unused)
{
	(void)unused;
	return theme_name(i);
}

static int
unknown(const struct reader *r, const config_setting_t *s, const char *what, const char *word,
	const char *nearest)
{
	return err_set(r->err, EINVAL, 0, "%s:%d: unknown %s \"%s\"%s%s%s", r->where,
		       config_setting_source_line(s), what, word, nearest ? " (did you mean " : "",
		       nearest ? nearest : "", nearest ? "?)" : ""),
	       -1;
}

static int
expected(const struct reader *r, const config_setting_t *s, const char *what)
{
	return err_set(r->err, EINVAL, 0, "%s:%d: %s has to be %s", r->where,
		       config_setting_source_line(s), config_setting_name(s), what),
	       -1;
}

static bool
parse_hex(const char *word, int32_t *color)
{
	char *end;

	if (word[0] != '#' || strlen(word) != 7 || strspn(word + 1, "0123456789abcdefABCDEF") != 6)
		return false;
	*color = COLOR_RGB | (int32_t)strtol(word + 1, &end, 16);
	return true;
}

static int
read_color_word(const struct reader *r, const config_setting_t *s, int32_t *color)
{
	const char *word = config_setting_get_string(s);

	if (strcmp(word, "default") == 0) {
		*color = COLOR_DEFAULT;
		return 0;
	}
	for (int i = 0; color_names[i]; i++)
		if (strcmp(word, color_names[i]) == 0) {
			*color = i;
			return 0;
		}
	if (parse_hex(word, color))
		return 0;
	return unknown(r, s, "colour", word, err_nearest(word, word_at, color_names));
}

static int
read_color(const struct reader *r, const config_setting_t *s, int32_t *color)
{
	if (config_setting_type(s) == CONFIG_TYPE_STRING)
		return read_color_word(r, s, color);
	if (config_setting_type(s) != CONFIG_TYPE_INT || config_setting_get_int(s) < 0 ||
	    config_setting_get_int(s) > 255)
		return expected(r, s, "a colour's name, \"#rrggbb\" or a number from 0 to 255");
	*color = config_setting_get_int(s);
	return 0;
}

static int
read_attr(const struct reader *r, const config_setting_t *s, struct look *look)
{
	static const char *const words[] = {
		"fg", "bg", "bold", "dim", "underline", "reverse", "italic", NULL,
	};
	const char *name = config_setting_name(s);

	for (size_t i = 0; i < ARRAY_SIZE(attr_names); i++) {
		if (strcmp(name, attr_names[i].name) != 0)
			continue;
		if (config_setting_type(s) != CONFIG_TYPE_BOOL)
			return expected(r, s, "true or false");
		if (config_setting_get_bool(s))
			look->attrs |= attr_names[i].attr;
		look->attrs_set = true;
		return 0;
	}
	return unknown(r, s, "part of a role", name, err_nearest(name, word_at, words));
}

static int
read_look(const struct reader *r, const config_setting_t *s, struct look *look)
{
	if (!config_setting_is_group(s))
		return expected(r, s, "a group, as { fg = \"red\"; bold = true; }");
	for (int i = 0; i < config_setting_length(s); i++) {
		const config_setting_t *part = config_setting_get_elem(s, (unsigned)i);
		const char *name = config_setting_name(part);
		int failed = strcmp(name, "fg") == 0   ? read_color(r, part, &look->fg)
			     : strcmp(name, "bg") == 0 ? read_color(r, part, &look->bg)
						       : read_attr(r, part, look);

		if (failed)
			return -1;
	}
	return 0;
}

static int
read_roles(const struct reader *r, const config_setting_t *s)
{
	if (!config_setting_is_group(s))
		return expected(r, s, "a group");
	for (int i = 0; i < config_setting_length(s); i++) {
		const config_setting_t *part = config_setting_get_elem(s, (unsigned)i);
		const char *name = config_setting_name(part);
		int role = 0;

		while (role < ROLE_COUNT && strcmp(role_info[role].name, name) != 0)
			role++;
		if (role == ROLE_COUNT)
			return unknown(r, part, "role", name, err_nearest(name, role_at, NULL));
		if (read_look(r, part, &r->theme->look[role]))
			return -1;
	}
	return 0;
}

static int
read_string(const struct reader *r, const config_setting_t *s, char *out, size_t size)
{
	if (config_setting_type(s) != CONFIG_TYPE_STRING)
		return expected(r, s, "a string");
	snprintf(out, size, "%s", config_setting_get_string(s));
	return 0;
}

static int
read_name(const struct reader *r, const config_setting_t *s)
{
	return read_string(r, s, r->theme->name, sizeof r->theme->name);
}

static int
read_title(const struct reader *r, const config_setting_t *s)
{
	return read_string(r, s, r->theme->title, sizeof r->theme->title);
}

static int
read_background(const struct reader *r, const config_setting_t *s)
{
	char word[8] = "";

	if (read_string(r, s, word, sizeof word))
		return -1;
	if (strcmp(word, "dark") != 0 && strcmp(word, "light") != 0 && strcmp(word, "any") != 0)
		return expected(r, s, "\"dark\", \"light\" or \"any\"");
	r->theme->light = strcmp(word, "light") == 0;
	return 0;
}

static const struct {
	const char *name;
	int (*read)(const struct reader *r, const config_setting_t *s);
} settings[] = {
	{ "name", read_name },
	{ "title", read_title },
	{ "background", read_background },
	{ "roles", read_roles },
};

static int
read_setting(const struct reader *r, const config_setting_t *s)
{
	static const char *const words[] = { "name", "title", "background", "roles", NULL };
	const char *name = config_setting_name(s);

	for (size_t i = 0; i < ARRAY_SIZE(settings); i++)
		if (strcmp(name, settings[i].name) == 0)
			return settings[i].read(r, s);
	return unknown(r, s, "setting", name, err_nearest(name, word_at, words));
}

/* Complete a look from its parent's, which is completed first; NORMAL is its own parent. */
static void
resolve(struct theme *t, enum role role)
{
	static const struct look plain = { COLOR_DEFAULT, COLOR_DEFAULT, 0, true };
	enum role parent = role_info[role].parent;
	struct look *look = &t->look[role];
	const struct look *from = &plain;

	if (parent != role) {
		resolve(t, parent);
		from = &t->look[parent];
	}
	if (look->fg == COLOR_UNSET && role >= ROLE_ANSI_RED && role <= ROLE_ANSI_CYAN)
		look->fg = 1 + role - ROLE_ANSI_RED; /* the palette's own */
	if (look->fg == COLOR_UNSET)
		look->fg = from->fg;
	if (look->bg == COLOR_UNSET)
		look->bg = from->bg;
	if (!look->attrs_set)
		look->attrs = from->attrs;
	look->attrs_set = true;
}

/* The file's name without folders and suffix, for a theme that has no name of its own. */
static void
name_from(struct theme *t, const char *where)
{
	const char *slash = strrchr(where, '/'), *base = slash ? slash + 1 : where;

	snprintf(t->name, sizeof t->name, "%.*s", (int)strcspn(base, "."), base);
}

static int
read_config(struct theme *t, const config_t *config, const char *where, struct err *err)
{
	struct theme fresh = { .light = false };
	struct reader r = { &fresh, where, err };
	const config_setting_t *root = config_root_setting(config);

	name_from(&fresh, where);
	for (int role = 0; role < ROLE_COUNT; role++)
		fresh.look[role] = (struct look){ COLOR_UNSET, COLOR_UNSET, 0, false };
	for (int i = 0; i < config_setting_length(root); i++)
		if (read_setting(&r, config_setting_get_elem(root, (unsigned)i)))
			return -1;
	for (int role = 0; role < ROLE_COUNT; role++)
		resolve(&fresh, role);
	*t = fresh;
	return 0;
}

static int
syntax_error(const config_t *config, const char *where, struct err *err)
{
	return err_set(err, EINVAL, 0, "%s:%d: %s", where, config_error_line(config),
		       config_error_text(config)),
	       -1;
}

int
theme_parse(struct theme *t, const char *text, const char *where, struct err *err)
{
	config_t config;
	int failed;

	config_init(&config);
	if (config_read_string(&config, text))
		failed = read_config(t, &config, where, err);
	else
		failed = syntax_error(&config, where, err);
	config_destroy(&config);
	return failed;
}

static int
load_file(struct theme *t, FILE *f, const char *path, struct err *err)
{
	config_t config;
	int failed;

	config_init(&config);
	if (config_read(&config, f))
		failed = read_config(t, &config, path, err);
	else
		failed = syntax_error(&config, path, err);
	config_destroy(&config);
	fclose(f);
	return failed;
}

const char *
theme_name(size_t i)
{
	size_t n = 0;

	while (n < i && embedded_themes[n].name)
		n++;
	return embedded_themes[n].name;
}

static char *
own_theme_path(const char *name)
{
	char *file = xasprintf("themes/%s.theme", name), *path = settings_path(file);

	free(file);
	return path;
}

static int
no_such_theme(const char *name, struct err *err)
{
	const char *nearest = err_nearest(name, theme_at, NULL);
	struct strbuf names = STRBUF_INIT;

	for (size_t i = 0; theme_name(i); i++)
		strbuf_addf(&names, "%s%s", i ? ", " : "", theme_name(i));
	if (nearest)
		err_set(err, ENOENT, 0, "unknown theme \"%s\" (did you mean %s?)", name, nearest);
	else
		err_set(err, ENOENT, 0, "unknown theme \"%s\" (there are: %s)", name, names.p);
	strbuf_release(&names);
	return -1;
}

static int
load_shipped(struct theme *t, const char *name, struct err *err)
{
	char where[64];

	for (const struct embedded *e = embedded_themes; e->name; e++) {
		if (strcmp(e->name, name) != 0)
			continue;
		snprintf(where, sizeof where, "themes/%s.theme", name);
		return theme_parse(t, e->text, where, err);
	}
	return no_such_theme(name, err);
}

int
theme_load(struct theme *t, const char *name, struct err *err)
{
	bool is_path = strchr(name, '/') || span_ends(span_str(name), SPAN_LIT(".theme"));
	char *path = is_path ? xstrdup(name) : own_theme_path(name);
	FILE *f = fopen(path, "re");
	int failed;

	if (f)
		failed = load_file(t, f, path, err);
	else if (is_path || errno != ENOENT)
		failed = err_set(err, errno, 0, "%s: %s", path, strerror(errno)) ? -1 : 0;
	else
		failed = load_shipped(t, name, err);
	free(path);
	return failed;
}
