/*
 * hints: the last row while nobody types.
 *
 * A table has the words that are shorter than the table of commands has them,
 * and the pairs of commands that are one hint ("e/E error"). What a pane offers
 * comes first, what works everywhere behind it, and help always has its room.
 */
#include "config.h"

#include "tui/hints.h"

#include "core/alloc.h"
#include "core/utf8.h"

enum { GAP = 2 };

static const struct hint {
	enum command command, also;
	const char *word;
	enum command key; /* the one whose key it is where the hint is shown; NONE: its own */
} hints[] = {
	{ CMD_UP, CMD_DOWN, "move", CMD_NONE },
	{ CMD_LEFT, CMD_RIGHT, "move", CMD_NONE },
	{ CMD_OPEN, CMD_NONE, "open", CMD_NONE },
	{ CMD_BACK, CMD_NONE, "back", CMD_NONE },
	{ CMD_LAST, CMD_NONE, "newest", CMD_NONE },
	{ CMD_PANE_NEXT, CMD_NONE, "pane", CMD_NONE },
	{ CMD_ZOOM_PANE, CMD_NONE, "full", CMD_NONE },
	{ CMD_SORT_REVERSE, CMD_NONE, "reverse", CMD_NONE },
	{ CMD_SEARCH, CMD_NONE, "search", CMD_NONE },
	{ CMD_SEARCH_NEXT, CMD_SEARCH_PREVIOUS, "hit", CMD_NONE },
	{ CMD_NEXT_ERROR, CMD_PREVIOUS_ERROR, "error", CMD_NONE },
	{ CMD_NEXT_WARNING, CMD_PREVIOUS_WARNING, "warning", CMD_NONE },
	{ CMD_MARK, CMD_NEXT_MARK, "mark", CMD_NONE },
	{ CMD_LEVEL_DOWN, CMD_LEVEL_UP, "level", CMD_NONE },
	{ CMD_TIME_IN, CMD_TIME_OUT, "zoom", CMD_NONE },
	{ CMD_WINDOW_EARLIER, CMD_WINDOW_LATER, "shift", CMD_NONE },
	{ CMD_SELECT, CMD_NONE, "mark a stretch", CMD_NONE },
	{ CMD_EXCLUDE, CMD_NONE, "hide", CMD_NONE },
	{ CMD_FILTER_POP, CMD_NONE, "drop filter", CMD_NONE },
	{ CMD_FILTER_TOGGLE, CMD_NONE, "on/off", CMD_PAUSE },
	{ CMD_FILTER_EDIT, CMD_NONE, "edit", CMD_NEXT_ERROR },
	{ CMD_FILTER_DROP, CMD_NONE, "drop", CMD_NONE },
	{ CMD_FILTER_CLEAR, CMD_NONE, "drop all", CMD_NONE },
	{ CMD_SOURCES, CMD_NONE, "sources", CMD_NONE },
	{ CMD_HELP, CMD_NONE, "help", CMD_NONE },
};

static const enum command everywhere[] = { CMD_PANE_NEXT, CMD_ZOOM_PANE, CMD_NONE };

static struct hint
hint_of(enum command c)
{
	for (size_t i = 0; i < ARRAY_SIZE(hints); i++)
		if (hints[i].command == c || hints[i].also == c)
			return hints[i];
	return (struct hint){ c, CMD_NONE, command_info[c].name, CMD_NONE };
}

int
hint_draw(struct canvas *c, int x, const char *key, const char *word)
{
	x += canvas_text(c, x, 0, -1, ROLE_HINT_KEY, span_str(key)) + 1;
	return x + canvas_text(c, x, 0, -1, ROLE_HINT, span_str(word)) + GAP;
}

/* "e/E" */
static void
hint_keys(const struct keymap *k, const struct hint *h, struct strbuf *out)
{
	keymap_keys(k, h->key != CMD_NONE ? h->key : h->command, 1, out);
	if (h->also == CMD_NONE)
		return;
	if (out->n)
		strbuf_char(out, '/');
	keymap_keys(k, h->also, 1, out);
}

/* Returns the column behind it; nothing is drawn when it would reach `end` or has no key. */
static int
draw_command(struct canvas *c, int x, int end, const struct keymap *k, enum command command)
{
	struct strbuf keys = STRBUF_INIT;
	struct hint h = hint_of(command);

	hint_keys(k, &h, &keys);
	int w = (int)text_width(strbuf_span(&keys)) + 1 + (int)strlen(h.word);

	if (keys.n && x + w <= end)
		x = hint_draw(c, x, keys.p, h.word);
	strbuf_release(&keys);
	return x;
}

/* In the list before `end` (NULL: at all), by itself or as the other of a pair. */
static bool
has(const enum command *list, const enum command *end, enum command c)
{
	for (; list && list != end && *list != CMD_NONE; list++)
		if (hint_of(*list).command == hint_of(c).command)
			return true;
	return false;
}

static int
draw_commands(struct canvas *c, int x, int end, const struct hint_line *h, const enum command *list)
{
	for (const enum command *at = list; at && *at != CMD_NONE; at++) {
		bool drawn = *at == CMD_HELP || has(list, at, *at) || (h->back && *at == CMD_BACK) ||
			     (list == everywhere && has(h->commands, NULL, *at));

		if (!drawn)
			x = draw_command(c, x, end, h->keys, *at);
	}
	return x;
}

/* "All › 10:42 › ERROR": the last steps that have room. */
static int
draw_trail(struct canvas *c, int x, int max, const struct hint_line *h)
{
	const char *sep = c->grid->ascii ? " > " : " › ";
	int need = 3;
	size_t first = h->n_trail;

	while (first > 0 && need + 3 + (int)text_width(span_str(h->trail[first - 1])) <= max)
		need += 3 + (int)text_width(span_str(h->trail[--first]));
	if (first == h->n_trail)
		first--;
	const char *start = !first ? "All" : c->grid->ascii ? ".." : "…";

	x += canvas_text(c, x, 0, -1, ROLE_DIM, span_str(start));
	for (size_t i = first; i < h->n_trail; i++) {
		enum role role = i + 1 == h->n_trail ? ROLE_BRIGHT : ROLE_NORMAL;

		x += canvas_text(c, x, 0, -1, ROLE_DIM, span_str(sep));
		x += canvas_text(c, x, 0, max, role, span_str(h->trail[i]));
	}
	return x + 3;
}

void
hints_draw(struct canvas *c, const struct hint_line *h)
{
	struct strbuf help = STRBUF_INIT;
	int x = 1, end = c->w - 1;

	keymap_keys(h->keys, CMD_HELP, 1, &help);
	if (help.n)
		end -= (int)help.n + (int)strlen(" help") + GAP;
	if (h->n_trail)
		x = draw_trail(c, x, c->w / 2, h);
	if (h->back)
		x = draw_command(c, x, end, h->keys, CMD_BACK);
	x = draw_commands(c, x, end, h, h->first);
	x = draw_commands(c, x, end, h, h->commands);
	x = draw_commands(c, x, end, h, everywhere);
	draw_command(c, x, c->w, h->keys, CMD_HELP);
	strbuf_release(&help);
}

void
message_draw(struct canvas *c, const char *text, bool error)
{
	canvas_text(c, 1, 0, c->w - 2, error ? ROLE_MESSAGE_ERROR : ROLE_NORMAL, span_str(text));
}
