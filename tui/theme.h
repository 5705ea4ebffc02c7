/*
 * theme: what each role looks like. Text files in themes/ (libconfig), the
 * shipped ones compiled in and installed; a person's own are found by path
 * or in $XDG_CONFIG_HOME/tailboard/themes.
 *
 *	name = "dusk";
 *	title = "After work";
 *	background = "dark";            # or "light", "any"
 *	roles: {
 *		error = { fg = "#ff6b68"; bold = true; };
 *		cursor = { bg = 236; };
 *	};
 *
 * A colour is "default", a name of the palette ("red", "bright-red"), a number
 * of it (0..255), or "#rrggbb". What a role does not say is its parent's (the
 * table in tui/style.h): fg and bg each by itself, the attributes (bold, dim,
 * underline, reverse, italic) together.
 */
#ifndef TUI_THEME_H
#define TUI_THEME_H

#include "core/err.h"
#include "tui/style.h"

struct theme {
	char name[32];
	char title[64];
	bool light;                   /* made for a light background */
	struct look look[ROLE_COUNT]; /* resolved: every look is complete */
};

/*
 * By name or path (a name with a slash, or that ends in ".theme"). A person's
 * own theme comes before a shipped one of the same name. 0; or -1 and err
 * ("themes/x.theme:12: ..." or the names there are), *t as it was.
 */
int theme_load(struct theme *t, const char *name, struct err *err);
/* From text; `where` is for messages, and the name of a theme that does not say its own. */
int theme_parse(struct theme *t, const char *text, const char *where, struct err *err);
/* The names of the shipped themes, for completion and `T`: NULL past the end. */
const char *theme_name(size_t i);

#endif
