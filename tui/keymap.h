/*
 * keymap: keys to commands. The defaults are a text (data/default.keys,
 * compiled in) in the form a person's own file has: `KEY command` a line, #
 * comments; later lines win; `KEY none` unbinds.
 */
#ifndef TUI_KEYMAP_H
#define TUI_KEYMAP_H

#include "core/err.h"
#include "core/strbuf.h"
#include "tui/command.h"

struct keymap;

struct keymap *keymap_new(void); /* with the defaults */
void keymap_free(struct keymap *k);
/*
 * Read more bindings; `where` is for messages: "keys:3: ...". 0, or -1 and
 * err, which is about the first wrong line; the lines before it count.
 */
int keymap_parse(struct keymap *k, const char *text, const char *where, struct err *err);
int keymap_load(struct keymap *k, const char *path, struct err *err);

enum command keymap_find(const struct keymap *k, uint32_t key);
/*
 * The keys of a command as people read them, "j Down", at most `max` of them,
 * in the order of the file; appended to out.
 */
void keymap_keys(const struct keymap *k, enum command c, int max, struct strbuf *out);
/* Append the name of a key: "Space", "Enter", "C-l", "PgUp", "/". */
void key_name(uint32_t key, struct strbuf *out);
/* The key of a name, KEYC_NONE when it is none; key_name's inverse. */
uint32_t key_by_name(struct span name);

#endif
