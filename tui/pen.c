/*
 * pen: fitting a look to its place (under the cursor, in a bar) and then to
 * the colours there are.
 */
#include "config.h"

#include "tui/pen.h"

#include "tui/color.h"

enum { BRIGHT_BLACK = 8 };

/* A tint behind the row needs a colour that is what the theme means; reverse is for all others. */
static bool
cursor_has_tint(const struct theme *t, int colors)
{
	int32_t bg = t->look[ROLE_CURSOR].bg;

	return colors && bg != t->look[ROLE_NORMAL].bg && (colors >= 256 || !(bg & COLOR_RGB));
}

/* Letters: a role that has its own background, or is in reverse already, is underlined instead. */
static void
put_under_cursor(const struct theme *t, struct look *look, int colors)
{
	const struct look *cursor = &t->look[ROLE_CURSOR];
	bool tint = cursor_has_tint(t, colors), own = look->bg != t->look[ROLE_NORMAL].bg;

	if (tint ? own : look->attrs & ATTR_REVERSE)
		look->attrs |= ATTR_UNDERLINE;
	else if (tint)
		look->bg = cursor->bg;
	look->attrs |= cursor->attrs;
	if (tint)
		return;
	look->attrs = (look->attrs | ATTR_REVERSE) & ~ATTR_DIM;
	/* In reverse, what is dim would be a dark hole in the bar. */
	if (color_nearest(look->fg, colors) == BRIGHT_BLACK)
		look->fg = COLOR_DEFAULT;
}

/* Bars: what is a background or reversed about a role becomes their colour. */
static void
make_solid(const struct theme *t, struct look *look)
{
	int32_t bg = t->look[ROLE_NORMAL].bg;

	if (look->bg != bg && !(look->attrs & ATTR_REVERSE))
		look->fg = look->bg;
	look->bg = bg;
	/* A line under an area is not seen; less light is. */
	if (look->attrs & ATTR_UNDERLINE)
		look->attrs |= ATTR_DIM;
	look->attrs &= ~(ATTR_REVERSE | ATTR_UNDERLINE);
}

struct pen
pen_for(const struct theme *t, enum role role, bool under, bool solid, int colors)
{
	struct look look = t->look[role];

	if (solid)
		make_solid(t, &look);
	/* A bar in reverse would be its own negative: it is tinted or stays. */
	if (under && !solid)
		put_under_cursor(t, &look, colors);
	else if (under && cursor_has_tint(t, colors))
		look.bg = t->look[ROLE_CURSOR].bg;
	if (!colors)
		return (struct pen){ COLOR_DEFAULT, COLOR_DEFAULT, look.attrs };
	int fg = color_nearest(look.fg, colors);

	/* A grey that the terminal does not have. */
	if (look.fg != COLOR_DEFAULT && fg == COLOR_DEFAULT && !(look.attrs & ATTR_REVERSE))
		look.attrs |= ATTR_DIM;
	return (struct pen){ fg, color_nearest(look.bg, colors), look.attrs };
}
