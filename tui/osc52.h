/*
 * osc52: the escape sequence that puts a text into the clipboard of the
 * terminal, which may be at the other end of an SSH connection.
 */
#ifndef TUI_OSC52_H
#define TUI_OSC52_H

#include "core/strbuf.h"

/* Terminals refuse sequences that are longer than about 100 kB. */
enum { OSC52_MAX = 74994 };

/* Append the sequence for the text, cut to OSC52_MAX bytes. */
void osc52_add(struct strbuf *out, struct span text);

#endif
