/*
 * key: the codes of keys. A character is its code point; Enter is '\r', Tab
 * '\t', Escape 0x1b, Space ' ', Ctrl-X the control character. The rest lie
 * beyond Unicode.
 */
#ifndef TUI_KEY_H
#define TUI_KEY_H

#include <stdint.h>

enum {
	KEYC_NONE = 0,
	KEYC_BASE = 0x110000,
	KEYC_UP, KEYC_DOWN, KEYC_LEFT, KEYC_RIGHT, KEYC_HOME, KEYC_END, KEYC_PPAGE, KEYC_NPAGE,
	KEYC_BACKSPACE, KEYC_DELETE, KEYC_INSERT, KEYC_BTAB, KEYC_F1, /* .. F12 follow */
	KEYC_F12 = KEYC_F1 + 11,
	KEYC_MOUSE, KEYC_RESIZE, /* no keys, but they arrive in the same stream */
	KEYC_HANGUP,             /* the terminal is gone */
};

static inline uint32_t
key_ctrl(char letter)
{
	return (uint32_t)letter & 0x1f;
}

#endif
