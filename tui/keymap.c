/*
 * keymap: a list of (key, command), in the order in which keys were bound.
 *
 * Some seventy entries, looked up once a key press: a list that is walked is
 * enough, and its order is the order in which help shows the keys. A key is in
 * it at most once.
 */
#include "config.h"

#include "tui/keymap.h"

#include "core/alloc.h"
#include "core/embedded.h"
#include "core/utf8.h"
#include "tui/key.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

struct binding {
	uint32_t key;
	enum command command;
};

struct keymap {
	struct binding *bindings; /* owned */
	size_t n, cap;
};

static const struct {
	const char *name;
	uint32_t key;
} key_names[] = {
	{ "Up", KEYC_UP },         { "Down", KEYC_DOWN },       { "Left", KEYC_LEFT },
	{ "Right", KEYC_RIGHT },   { "Home", KEYC_HOME },       { "End", KEYC_END },
	{ "PgUp", KEYC_PPAGE },    { "PgDn", KEYC_NPAGE },      { "Insert", KEYC_INSERT },
	{ "Delete", KEYC_DELETE }, { "Backspace", KEYC_BACKSPACE }, { "S-Tab", KEYC_BTAB },
	{ "Enter", '\r' },         { "Tab", '\t' },             { "Esc", 0x1b },
	{ "Space", ' ' },          { "Hash", '#' },             { "F1", KEYC_F1 },
	{ "F2", KEYC_F1 + 1 },     { "F3", KEYC_F1 + 2 },       { "F4", KEYC_F1 + 3 },
	{ "F5", KEYC_F1 + 4 },     { "F6", KEYC_F1 + 5 },       { "F7", KEYC_F1 + 6 },
	{ "F8", KEYC_F1 + 7 },     { "F9", KEYC_F1 + 8 },       { "F10", KEYC_F1 + 9 },
	{ "F11", KEYC_F1 + 10 },   { "F12", KEYC_F12 },
};

static const char *
key_name_at(size_t i, const void *unused)
{
	(void)unused;
	return i < ARRAY_SIZE(key_names) ? key_names[i].name : NULL;
}

static const char *
command_name_at(size_t i, const void *unused)
{
	(void)unused;
	return i < CMD_COUNT ? command_info[i].name : NULL;
}

void
key_name(uint32_t key, struct strbuf *out)
{
	char utf8[4];

	for (size_t i = 0; i < ARRAY_SIZE(key_names); i++)
		if (key_names[i].key == key) {
			strbuf_str(out, key_names[i].name);
			return;
		}
	if (key < 0x20)
		strbuf_addf(out, "C-%c", (char)tolower((int)key + 0x40));
	else if (key < KEYC_BASE)
		strbuf_add(out, span_of(utf8, utf8_encode(key, utf8)));
}

uint32_t
key_by_name(struct span name)
{
	size_t len;
	uint32_t cp = utf8_decode(name, &len);

	for (size_t i = 0; i < ARRAY_SIZE(key_names); i++)
		if (span_caseeq_str(name, key_names[i].name))
			return key_names[i].key;
	if (name.n == 3 && span_starts(span_head(name, 2), SPAN_LIT("C-")) &&
	    isalpha((unsigned char)name.p[2]))
		return key_ctrl(name.p[2]);
	if (!name.n || len != name.n || cp == UTF8_INVALID || cp <= ' ' || cp == 0x7f)
		return KEYC_NONE;
	return cp;
}

static void
set_binding(struct keymap *k, uint32_t key, enum command command)
{
	size_t i = 0;

	while (i < k->n && k->bindings[i].key != key)
		i++;
	if (i < k->n) {
		memmove(&k->bindings[i], &k->bindings[i + 1], (k->n - i - 1) * sizeof *k->bindings);
		k->n--;
	}
	if (command == CMD_NONE)
		return;
	ARRAY_GROW(k->bindings, k->n, k->cap);
	k->bindings[k->n++] = (struct binding){ key, command };
}

static int
unknown(struct err *err, const char *where, int line, const char *what, struct span word,
	const char *(*next)(size_t i, const void *arg))
{
	char *copy = xstrndup(word.p, word.n < 40 ? word.n : 40);
	const char *nearest = err_nearest(copy, next, NULL);

	if (nearest)
		err_set(err, EINVAL, 0, "%s:%d: unknown %s \"%s\" (did you mean %s?)", where, line, what,
			copy, nearest);
	else
		err_set(err, EINVAL, 0, "%s:%d: unknown %s \"%s\"", where, line, what, copy);
	free(copy);
	return -1;
}

static struct span
first_word(struct span s)
{
	size_t n = 0;

	while (n < s.n && s.p[n] != ' ' && s.p[n] != '\t')
		n++;
	return span_head(s, n);
}

static int
parse_line(struct keymap *k, struct span line, const char *where, int number, struct err *err)
{
	line = span_trim(line);
	if (!line.n || line.p[0] == '#')
		return 0;
	struct span name = first_word(line), rest = span_trim(span_from(line, name.n));
	uint32_t key = key_by_name(name);
	enum command command = command_by_name(rest);

	if (key == KEYC_NONE)
		return unknown(err, where, number, "key", name, key_name_at);
	if (!rest.n)
		return err_set(err, EINVAL, 0, "%s:%d: expected a command after the key", where, number),
		       -1;
	if (command == CMD_NONE && !span_eq_str(rest, command_info[CMD_NONE].name))
		return unknown(err, where, number, "command", rest, command_name_at);
	set_binding(k, key, command);
	return 0;
}

int
keymap_parse(struct keymap *k, const char *text, const char *where, struct err *err)
{
	for (int number = 1; *text; number++) {
		size_t n = strcspn(text, "\n"), kept = n && text[n - 1] == '\r' ? n - 1 : n;

		if (parse_line(k, span_of(text, kept), where, number, err))
			return -1;
		text += text[n] ? n + 1 : n;
	}
	return 0;
}

int
keymap_load(struct keymap *k, const char *path, struct err *err)
{
	struct strbuf text = STRBUF_INIT;
	FILE *f = fopen(path, "re");
	char part[4096];
	size_t n;
	int failed;

	if (!f)
		return err_set(err, errno, 0, "%s: %s", path, strerror(errno)), -1;
	while ((n = fread(part, 1, sizeof part, f)))
		strbuf_add(&text, span_of(part, n));
	if (ferror(f)) {
		err_set(err, errno, 0, "%s: %s", path, strerror(errno));
		failed = -1;
	} else {
		failed = keymap_parse(k, text.p ? text.p : "", path, err);
	}
	strbuf_release(&text);
	fclose(f);
	return failed;
}

struct keymap *
keymap_new(void)
{
	struct keymap *k = xcalloc(1, sizeof *k);

	keymap_parse(k, embedded_keys.text, "default.keys", NULL);
	return k;
}

void
keymap_free(struct keymap *k)
{
	if (!k)
		return;
	free(k->bindings);
	free(k);
}

enum command
keymap_find(const struct keymap *k, uint32_t key)
{
	for (size_t i = 0; i < k->n; i++)
		if (k->bindings[i].key == key)
			return k->bindings[i].command;
	return CMD_NONE;
}

void
keymap_keys(const struct keymap *k, enum command c, int max, struct strbuf *out)
{
	int shown = 0;

	for (size_t i = 0; i < k->n && shown < max; i++) {
		if (k->bindings[i].command != c)
			continue;
		if (shown++)
			strbuf_char(out, ' ');
		key_name(k->bindings[i].key, out);
	}
}
