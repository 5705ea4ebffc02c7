/*
 * command: the table of commands as data.
 *
 * Only names and words; what a command does belongs to the screen and the
 * panes.
 */
#include "config.h"

#include "tui/command.h"

const struct command_info command_info[CMD_COUNT] = {
	[CMD_NONE] = { "none", GROUP_VIEW, "nothing: takes a key's command away" },
#define X(id, name, group, what) [CMD_##id] = { name, GROUP_##group, what },
	COMMANDS(X)
#undef X
};

const char *const command_group_title[GROUP_COUNT] = {
#define X(id, title) [GROUP_##id] = title,
	COMMAND_GROUPS(X)
#undef X
};

enum command
command_by_name(struct span name)
{
	for (int c = CMD_NONE + 1; c < CMD_COUNT; c++)
		if (span_eq_str(name, command_info[c].name))
			return c;
	return CMD_NONE;
}
