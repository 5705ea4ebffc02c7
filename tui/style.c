/*
 * style: the table of roles as data, and which role a level has.
 *
 * What a role looks like is a theme's business (tui/theme.h); what a terminal
 * makes of it is tui/term.c's.
 */
#include "config.h"

#include "tui/style.h"

const struct role_info role_info[ROLE_COUNT] = {
#define X(id, name, parent, what) [ROLE_##id] = { name, ROLE_##parent, what },
	ROLES(X)
#undef X
};

static const enum role level_roles[LEVEL_COUNT] = {
	[LEVEL_NONE] = ROLE_NORMAL,
	[LEVEL_TRACE] = ROLE_TRACE,
	[LEVEL_DEBUG] = ROLE_DEBUG,
	[LEVEL_INFO] = ROLE_INFO,
	[LEVEL_WARNING] = ROLE_WARNING,
	[LEVEL_ERROR] = ROLE_ERROR,
	[LEVEL_CRITICAL] = ROLE_CRITICAL,
};

enum role
role_of_level(enum level level)
{
	return level_roles[level];
}
