/*
 * embedded: the text files that are compiled in, so that the program works
 * without its data folder.
 *
 * build-aux/embed.sh writes the definitions at build time from themes/ and
 * data/. Each text is static, NUL-terminated, and exactly the file's bytes;
 * it is read by the same parser as the user's own file.
 */
#ifndef CORE_EMBEDDED_H
#define CORE_EMBEDDED_H

#include <stddef.h>

struct embedded {
	const char *name; /* the file's name without its suffix: "default" */
	const char *text;
	size_t size; /* bytes of text, without the NUL */
};

extern const struct embedded embedded_themes[]; /* ends with name NULL */
extern const struct embedded embedded_keys;     /* data/default.keys */

#endif
