/*
 * settings: the user's config file (libconfig).
 *
 *	slow = 0.5;                                  # plain settings: defaults of options
 *	fields: { user_id = [ "uid", "account" ]; }; # more keys for a field (core/field.h)
 *	formats: ( { name = "myapp"; pattern = "..."; sample = "..."; } );  # core/format_user.h
 *	mask: { keys = [ "iban" ]; emails = true; }; # what is secret (core/mask.h)
 *	filters: { slow = "duration>1s"; };          # queries with names (core/saved_filter.h)
 *
 * Fields, formats, masking and filters take effect at once, for the whole process; the plain
 * settings are handed on as text. data/tailboard.conf shows every setting.
 */
#ifndef CORE_SETTINGS_H
#define CORE_SETTINGS_H

#include "core/err.h"

struct setting {
	char *name, *text; /* owned; a number as it would be typed */
	char *where;       /* owned; "FILE:LINE" */
};

struct settings {
	char *dir;         /* owned; the folder that the file is in, NULL when there was none */
	struct setting *v; /* owned, in the order of the file */
	size_t n, cap;
};

/*
 * Read a file; path NULL: the user's own, which need not be there. `name`
 * gives the plain settings that may stand in it, NULL past the end. 0; or -1
 * and err ("FILE:LINE: what is wrong"). Once, before any thread; release
 * after both.
 */
int settings_load(struct settings *s, const char *path,
		  const char *(*name)(size_t i, const void *arg), struct err *err);
void settings_release(struct settings *s);

/*
 * The path of a file in the user's folder ($XDG_CONFIG_HOME/tailboard or
 * ~/.config/tailboard). Owned by the caller.
 */
char *settings_path(const char *file);

#endif
