/*
 * utf8: characters out of bytes that may be anything, and what of them may
 * reach a terminal.
 *
 * Everything of a log that is shown goes through text_next(): control
 * characters (C0, DEL, C1), bidirectional and other invisible controls, and
 * bytes that are not UTF-8 come out as visible, harmless glyphs.
 */
#ifndef CORE_UTF8_H
#define CORE_UTF8_H

#include "core/span.h"

#include <stdio.h>

#define UTF8_INVALID UINT32_MAX

/*
 * The code point at the start of s and the bytes it takes in *len (at least 1
 * when s is not empty). UTF8_INVALID with *len 1 for a byte that starts no
 * valid shortest-form sequence, surrogates included.
 */
uint32_t utf8_decode(struct span s, size_t *len);

/* Append-style encoder: bytes written to out (at most 4). */
size_t utf8_encode(uint32_t cp, char out[4]);

/* Columns of a code point: 0 for combining, 1, or 2; agrees with wcwidth. -1 never. */
int utf8_width(uint32_t cp);

/* One thing to draw. */
struct glyph {
	char utf8[32]; /* a base character and what combines with it, or a visible stand-in such as "^[" or "<9c>" */
	uint8_t n;     /* bytes */
	uint8_t width; /* columns */
	bool escaped;  /* it is a stand-in */
};

/*
 * Take the next glyph off the front of s; false at its end. Stand-ins: C0 as
 * ^X (tab as one blank), DEL as ^?, C1 and bidi controls and other invisible
 * format characters as <200e>-style hex, invalid bytes as <hh>, LF as "↵".
 */
bool text_next(struct span *s, struct glyph *g);

/* Write text as it may go to a terminal: through text_next, but for line ends, which are kept. */
void text_write(FILE *out, struct span s);

/* Columns of a text drawn through text_next. */
size_t text_width(struct span s);

/* Unicode simple case folding of one code point (Latin, Greek, Cyrillic, ... through towlower). */
uint32_t utf8_fold(uint32_t cp);

/*
 * Skips an ANSI escape sequence (CSI ... final, OSC ... BEL/ST, ESC x) at the
 * start of s: its length, or 0 when there is none.
 */
size_t ansi_skip(struct span s);

#endif
