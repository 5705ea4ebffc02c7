/*
 * color: what of a theme's colours a terminal can show.
 *
 * Pure arithmetic on the colours of tui/style.h (COLOR_DEFAULT, 0..255,
 * COLOR_RGB | rrggbb); knows no terminal.
 */
#ifndef TUI_COLOR_H
#define TUI_COLOR_H

#include <stdint.h>

/* rrggbb of a colour, for the palette as xterm has it; COLOR_DEFAULT is taken for white. */
uint32_t color_rgb(int32_t color);

/*
 * The number to hand to a terminal of `colors` colours: -1 for COLOR_DEFAULT;
 * 0..7, 0..15 or 0..255, the nearest there is; beyond 256 (direct colour) the
 * RGB value itself, where 0..7 stay numbers of the palette. Colours keep their
 * hue when there are few: a pale red becomes red, not white. Where there are
 * only eight, bright black is -1, for plain black would not be seen.
 */
int color_nearest(int32_t color, int colors);

#endif
