/*
 * color: fitting colours to a terminal.
 *
 * The 256 colours are 16 of the terminal's own (taken as xterm has them), a
 * 6 x 6 x 6 cube with the steps 0 95 135 175 215 255, and 24 greys 8 18 ... 238.
 * RGB goes to the nearest of cube and greys, never to the first 16, which every
 * terminal colours as it likes. With 8 or 16, distance would turn pale hues
 * into white, so the choice is made by hue (six of them) and lightness.
 */
#include "config.h"

#include "tui/color.h"

#include "tui/style.h"

#include <stdlib.h>

enum { CUBE = 16, GREYS = 232, GREY_STEPS = 24 };

static const uint32_t palette[16] = {
	0x000000, 0xcd0000, 0x00cd00, 0xcdcd00, 0x0000ee, 0xcd00cd, 0x00cdcd, 0xe5e5e5,
	0x7f7f7f, 0xff0000, 0x00ff00, 0xffff00, 0x5c5cff, 0xff00ff, 0x00ffff, 0xffffff,
};
static const int cube_steps[6] = { 0, 95, 135, 175, 215, 255 };

static int
channel(uint32_t rgb, int i)
{
	return rgb >> (16 - 8 * i) & 0xff;
}

static uint32_t
rgb_of_index(int n)
{
	if (n < CUBE)
		return palette[n];
	if (n >= GREYS)
		return (uint32_t)(8 + 10 * (n - GREYS)) * 0x010101;
	n -= CUBE;
	return (uint32_t)(cube_steps[n / 36] << 16 | cube_steps[n / 6 % 6] << 8 | cube_steps[n % 6]);
}

uint32_t
color_rgb(int32_t color)
{
	if (color < 0)
		return 0xffffff;
	return color & COLOR_RGB ? (uint32_t)color & 0xffffff : rgb_of_index(color & 0xff);
}

static int
distance(uint32_t a, uint32_t b)
{
	static const int weight[3] = { 3, 4, 2 }; /* the eye sees green best, blue least */
	int sum = 0;

	for (int i = 0; i < 3; i++) {
		int d = channel(a, i) - channel(b, i);

		sum += weight[i] * d * d;
	}
	return sum;
}

static int
nearest_step(int v)
{
	int best = 0;

	for (int i = 1; i < 6; i++)
		if (abs(cube_steps[i] - v) < abs(cube_steps[best] - v))
			best = i;
	return best;
}

static int
nearest_of_256(uint32_t rgb)
{
	int r = channel(rgb, 0), g = channel(rgb, 1), b = channel(rgb, 2);
	int cube = CUBE + 36 * nearest_step(r) + 6 * nearest_step(g) + nearest_step(b);
	int step = ((r + g + b) / 3 - 3) / 10;
	int grey = GREYS + (step < 0 ? 0 : step >= GREY_STEPS ? GREY_STEPS - 1 : step);

	return distance(rgb_of_index(grey), rgb) < distance(rgb_of_index(cube), rgb) ? grey : cube;
}

static int
nearest_of_few(uint32_t rgb, int colors)
{
	int max = 0, min = 255, bits = 0;

	for (int i = 0; i < 3; i++) {
		int v = channel(rgb, i);

		max = v > max ? v : max;
		min = v < min ? v : min;
	}
	if (max < 0x20 || max - min < max / 4) {
		static const int greys[] = { 0, 8, 7, 15 };
		int grey = greys[max < 0x40 ? 0 : max < 0xa0 ? 1 : max < 0xf0 ? 2 : 3];

		return colors >= 16 ? grey : grey == 8 ? COLOR_DEFAULT : grey & 7;
	}
	/* A channel (red 1, green 2, blue 4) is in where it is nearer the strongest than the weakest. */
	for (int i = 0; i < 3; i++)
		bits |= (2 * channel(rgb, i) > max + min) << i;
	return bits | (colors >= 16 && max >= 0xd8 ? 8 : 0);
}

int
color_nearest(int32_t color, int colors)
{
	if (color < 0)
		return COLOR_DEFAULT;
	if (colors > 256 && color >= 8)
		/* 1 to 7 would be colours of the palette there. */
		return color_rgb(color) < 8 ? 0 : (int)color_rgb(color);
	if (color < colors && color < 256)
		return color;
	if (color < 16)
		return color == 8 ? COLOR_DEFAULT : color & 7;
	return colors >= 256 ? nearest_of_256(color_rgb(color)) : nearest_of_few(color_rgb(color), colors);
}
