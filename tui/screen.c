/*
 * screen: the frame of everything.
 *
 *	key -> prompt | menu | keymap -> command -> pane | common commands -> effects
 *	frame: ask (update) -> draw panes into the grid -> first and last row
 *
 * What is asked for depends on what can have changed. The log follows in every
 * frame; numbers are asked for once a second, so that a table stands still
 * while it is read and costs little; while nothing arrives they are asked for
 * now and then, for the window moves on with the clock. A command that
 * changes what is looked at asks for everything.
 */
#include "config.h"

#include "tui/screen_internal.h"

#include "core/alloc.h"
#include "core/mask.h"
#include "core/utf8.h"
#include "tui/hints.h"
#include "tui/statusbar.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#define NUMBERS_NS NSEC
#define LOADING_NS (NSEC / 4)
#define IDLE_NS (10 * NSEC)
#define SLACK_NS (NSEC / 20) /* a timer may fire a little early */

/* A table may keep what it has for a second: it is asked that often again after the last news. */
enum { WHEEL_ROWS = 3, SETTLE_ROUNDS = 2 };

static const struct pane_ops *const slot_ops[SLOT_PANES] = {
	[SLOT_TIMELINE] = &pane_timeline, [SLOT_LEVELS] = &pane_levels, [SLOT_REQUESTS] = &pane_requests,
	[SLOT_LOG] = &pane_log,           [SLOT_SOURCES] = &pane_sources,
	[SLOT_FILTERS] = &pane_filters,   [SLOT_DETAIL] = &pane_detail,
	[SLOT_HELP] = &pane_help,
};

struct screen *
screen_new(struct engine *e, const struct screen_options *o)
{
	struct screen *s = xcalloc(1, sizeof *s);

	s->engine = e;
	s->o = *o;
	lens_init(&s->lens, e, o->window);
	mask_set_ascii(o->ascii);
	engine_set_masking(e, true);
	for (int i = 0; i < SLOT_PANES; i++)
		s->pane[i] = pane_new(slot_ops[i], &s->lens);
	pane_help_set(s->pane[SLOT_HELP], o->keys);
	prompt_init(&s->prompt);
	snprintf(s->theme, sizeof s->theme, "%s", o->theme);
	s->wish.zoomed = SLOT_NONE;
	s->editing = SIZE_MAX;
	grid_init(&s->grid, 0, 0, o->ascii);
	s->grid.tones = o->tones;
	s->focus = SLOT_LOG;
	s->pane[SLOT_LOG]->focused = true;
	return s;
}

void
screen_free(struct screen *s)
{
	if (!s)
		return;
	screen_export_stop(s);
	for (int i = 0; i < SLOT_PANES; i++)
		pane_free(s->pane[i]);
	lens_release(&s->lens);
	prompt_release(&s->prompt);
	path_words_release(&s->paths);
	menu_release(&s->menu);
	grid_release(&s->grid);
	free(s->search_before);
	free(s);
}

void
screen_message(struct screen *s, bool error, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(s->message, sizeof s->message, fmt, ap);
	va_end(ap);
	s->message_error = error;
}

bool
screen_work(struct screen *s, int64_t deadline)
{
	bool looked = screen_find_work(s, deadline);

	return screen_export_work(s, deadline) || looked;
}

void
screen_stale(struct screen *s)
{
	s->stale = true;
}

/*
 * A line that comes alone is seen at once; of a flood nobody reads thirty
 * frames a second, and over a slow connection they cost. What does not follow
 * changes with the numbers, once a second.
 */
int64_t
screen_pace(const struct screen *s)
{
	static const struct {
		double rate; /* records a second, up to */
		int64_t ms;
	} paces[] = { { 20, 40 }, { 60, 100 }, { 200, 250 }, { 1000, 500 } };
	bool follows = !s->lens.paused && s->layout.rect[SLOT_LOG].w && pane_log_follows(s->pane[SLOT_LOG]);
	size_t i = 0;

	if (s->status.loading < 1)
		return LOADING_NS;
	if (!follows)
		return NUMBERS_NS / 2;
	while (i < ARRAY_SIZE(paces) - 1 && paces[i].rate < s->status.rate)
		i++;
	return paces[i].ms * (NSEC / 1000);
}

/* ---- where things are ---- */

void
screen_layout(struct screen *s)
{
	layout_compute(&s->layout, s->w, s->h, &s->wish);
	s->wanted = true;
}

void
screen_resize(struct screen *s, int w, int h)
{
	s->w = w;
	s->h = h;
	grid_resize(&s->grid, w, h);
	screen_layout(s);
}

/* A pane that has no room gets the whole screen, until another one is gone to. */
void
screen_focus(struct screen *s, int slot)
{
	if (s->lent && slot < SLOT_DETAIL) {
		s->wish.zoomed = SLOT_NONE;
		s->lent = false;
	}
	if (slot == SLOT_REQUESTS || slot == SLOT_FILTERS)
		s->wish.filters = slot == SLOT_FILTERS; /* they share their room */
	s->focus = slot;
	for (int i = 0; i < SLOT_PANES; i++)
		s->pane[i]->focused = i == slot;
	if (s->wish.zoomed != SLOT_NONE && slot < SLOT_DETAIL)
		s->wish.zoomed = slot;
	screen_layout(s);
	if (!s->layout.too_small && !s->layout.rect[slot].w && slot < SLOT_DETAIL) {
		s->wish.zoomed = slot;
		s->lent = true;
		screen_layout(s);
	}
}

static struct canvas
slot_canvas(struct screen *s, int slot)
{
	struct canvas whole = canvas_whole(&s->grid);
	const struct rect *r = &s->layout.rect[slot];

	return canvas_sub(&whole, r->x, r->y, r->w, r->h);
}

/* ---- keys ---- */

int
screen_ask_again(struct screen *s, int slot)
{
	s->again |= 1u << slot;
	return EFFECT_REDRAW;
}

/* What a pane changed of itself is nothing to the others. */
static int
pane_effects(struct screen *s, int slot, int effects)
{
	if (effects > 0 && effects & EFFECT_UPDATE)
		effects = (effects & ~EFFECT_UPDATE) | screen_ask_again(s, slot);
	return effects;
}

static int
pane_command(struct screen *s, int slot, enum command c)
{
	struct pane *p = s->pane[slot];

	return pane_effects(s, slot, p->ops->command ? p->ops->command(p, c) : -1);
}

static int
follow_up(struct screen *s, int effects)
{
	if (effects & EFFECT_RELAYOUT)
		screen_layout(s);
	if (effects & EFFECT_UPDATE)
		s->wanted = true;
	return effects;
}

int
screen_command(struct screen *s, enum command c)
{
	bool always = c == CMD_QUIT || c == CMD_SUSPEND || c == CMD_REDRAW;
	const struct pane *p = s->pane[s->wish.help ? SLOT_HELP : s->focus];
	int effects = -1;

	if (p->ops->meaning)
		c = p->ops->meaning(c);

	if (s->layout.too_small && !always)
		return EFFECT_NONE;
	if (c != CMD_BACK && c != CMD_NONE)
		screen_find_stop(s);
	if (!always)
		effects = pane_command(s, s->wish.help ? SLOT_HELP : s->focus, c);
	if (effects < 0)
		effects = screen_common_command(s, c);
	return effects;
}

static void ask(struct screen *s, int64_t now, int64_t mono);

int
screen_key(struct screen *s, uint32_t key)
{
	bool said = s->message[0] != '\0';
	int effects;

	/* Keys that arrive together: this one is meant for what the one before it made of the screen. */
	if (s->wanted || s->again)
		ask(s, s->lens.now, s->mono);
	s->message[0] = '\0';
	s->telling_silence = false;
	if (s->prompt.open)
		effects = screen_prompt_key(s, key);
	else if (s->menu.open)
		effects = screen_menu_key(s, key);
	else
		effects = screen_command(s, keymap_find(s->o.keys, key));
	if (said || s->message[0])
		effects |= EFFECT_REDRAW;
	return follow_up(s, effects);
}

static int
wheel(struct screen *s, int slot, enum command c)
{
	int effects = 0;

	for (int i = 0; i < WHEEL_ROWS; i++) {
		int e = pane_command(s, slot, c);

		effects |= e < 0 ? 0 : e;
	}
	return effects;
}

static int
click(struct screen *s, int slot, const struct term_mouse *m)
{
	const struct rect *r = &s->layout.rect[slot];
	struct pane *p = s->pane[slot];

	if (slot != SLOT_HELP && slot != s->focus)
		screen_focus(s, slot);
	int effects = p->ops->click ? p->ops->click(p, m->x - r->x, m->y - r->y, m->double_click) : -1;

	effects = pane_effects(s, slot, effects);
	if (m->double_click && effects >= 0)
		effects |= screen_command(s, CMD_OPEN);
	return EFFECT_REDRAW | (effects < 0 ? 0 : effects);
}

int
screen_mouse(struct screen *s, const struct term_mouse *m)
{
	int slot = layout_at(&s->layout, m->x, m->y), effects = EFFECT_NONE;

	if (slot == SLOT_NONE || s->prompt.open || s->menu.open)
		return effects;
	screen_find_stop(s);
	if (m->wheel_up || m->wheel_down)
		effects = wheel(s, slot, m->wheel_up ? CMD_UP : CMD_DOWN);
	else if (m->press || m->double_click)
		effects = click(s, slot, m);
	return follow_up(s, effects);
}

/* ---- asking ---- */

static void
ask_pane(struct screen *s, int slot)
{
	const struct rect *r = &s->layout.rect[slot];

	if (r->w)
		s->pane[slot]->ops->update(s->pane[slot], r->w, r->h);
}

static void
ask_log(struct screen *s)
{
	struct view_row row;

	ask_pane(s, SLOT_LOG);
	bool beside = s->wish.detail && s->layout.detail_beside;

	if (beside && pane_log_current(screen_log(s), &row) && row.id != s->detail_of) {
		s->detail_of = row.id;
		pane_detail_show(s->pane[SLOT_DETAIL], row.id);
	}
	ask_pane(s, SLOT_DETAIL);
}

static void
ask_numbers(struct screen *s)
{
	const struct rect *r = &s->layout.rect[SLOT_TIMELINE];

	ask_pane(s, SLOT_TIMELINE);
	ask_pane(s, SLOT_LEVELS);
	if (s->layout.levels_strip && r->w)
		s->pane[SLOT_LEVELS]->ops->update(s->pane[SLOT_LEVELS], r->w, r->h);
	ask_pane(s, SLOT_REQUESTS);
	ask_pane(s, SLOT_SOURCES);
	if (!s->menu.open) /* which has other things counted */
		ask_pane(s, SLOT_FILTERS);
	ask_pane(s, SLOT_HELP);
}

/* A source that has fallen silent is told when it does; how long it has been grows until a key is pressed. */
static void
tell_silence(struct screen *s)
{
	const struct view_status *st = &s->status;

	if (st->silent_since > s->silence_told || (s->telling_silence && st->silent)) {
		s->silence_told = st->silent_since;
		s->telling_silence = true;
		screen_message(s, false, "%s", st->silence);
	} else if (s->telling_silence) {
		s->telling_silence = false;
		s->message[0] = '\0';
	}
}

/* Trouble with a source is told when it is new. */
static void
ask_status(struct screen *s, int64_t now)
{
	view_status(s->engine, now, &s->status);
	tell_silence(s);
	if (!strcmp(s->status.message, s->told))
		return;
	memcpy(s->told, s->status.message, sizeof s->told);
	if (s->told[0])
		screen_message(s, true, "%s", s->told);
}

static void
ask(struct screen *s, int64_t now, int64_t mono)
{
	s->mono = mono;
	uint64_t version = engine_version(s->engine);
	bool news = version != s->version || s->stale;
	int64_t pace = s->status.loading < 1 ? LOADING_NS : NUMBERS_NS;
	bool due = s->wanted || mono - s->numbers_at >= pace - SLACK_NS;

	lens_advance(&s->lens, now);
	if (due) {
		ask_status(s, now);
		s->numbers_at = mono;
	}
	if (s->prompt.open)
		screen_prompt_note(s);
	if (s->menu.open)
		menu_count(&s->menu, &s->lens);
	bool numbers = s->wanted ||
		       (!s->lens.paused && due && (news || s->settling || mono - s->refreshed_at >= IDLE_NS));

	if (numbers) {
		s->settling = news || s->wanted ? SETTLE_ROUNDS : s->settling - (s->settling > 0);
		ask_numbers(s);
		s->refreshed_at = mono;
	} else if (due && !s->lens.paused) {
		ask_pane(s, SLOT_SOURCES); /* silence grows while nothing arrives */
	}
	/* A held screen still tells what a search finds out. */
	bool finds = s->stale && s->lens.search;

	if (finds && due && !numbers)
		ask_pane(s, SLOT_TIMELINE);
	if (s->wanted || (news && !s->lens.paused) || finds || s->again & (1u << SLOT_LOG | 1u << SLOT_DETAIL))
		ask_log(s);
	if (news && !numbers && !s->menu.open)
		ask_pane(s, SLOT_FILTERS); /* counts go on while the screen is held */
	for (int i = 0; i < SLOT_PANES; i++)
		if (!numbers && s->again & 1u << i && i != SLOT_LOG && i != SLOT_DETAIL)
			ask_pane(s, i);
	/* News that the numbers have not seen yet stay news. */
	s->stale = news && !due;
	s->wanted = false;
	s->again = 0;
	s->version = version;
}

/* ---- drawing ---- */

static void
draw_too_small(struct screen *s)
{
	struct canvas c = canvas_whole(&s->grid);
	char text[80];

	snprintf(text, sizeof text, "tailboard needs %d x %d; this is %d x %d", LAYOUT_MIN_W,
		 LAYOUT_MIN_H, s->w, s->h);
	int x = (s->w - (int)strlen(text)) / 2;

	canvas_text(&c, x > 0 ? x : 0, s->h / 2, -1, ROLE_NORMAL, span_str(text));
}

static void
draw_status(struct screen *s)
{
	struct canvas c = slot_canvas(s, SLOT_STATUS);

	status_draw(&c, &(struct status_line){
		.status = &s->status, .now = s->lens.now, .window = s->lens.window, .edge = s->lens.edge,
		.live = s->lens.frame.live, .paused = s->lens.paused,
		.arrived = s->status.records - s->lens.paused_at, .secrets_shown = !engine_masks(s->engine),
		.unfiltered = s->lens.unfiltered,
	});
}

static void
draw_pane(struct screen *s, int slot)
{
	struct canvas c = slot_canvas(s, slot);

	if (!c.w)
		return;
	s->pane[slot]->ops->draw(s->pane[slot], &c);
	/* Between the title and its figure. */
	if (slot == SLOT_TIMELINE && s->layout.levels_strip)
		pane_levels_strip(s->pane[SLOT_LEVELS], &c, 24, 0, c.w - 24 - 10);
}

static void
draw_hints(struct screen *s, struct canvas *c)
{
	const struct pane *p = s->pane[s->wish.help ? SLOT_HELP : s->focus];
	static const enum command searching[] = { CMD_SEARCH_NEXT, CMD_NONE };
	bool finds = s->lens.search && (s->focus == SLOT_LOG || s->focus == SLOT_DETAIL) && !s->wish.help;
	const char **trail = xcalloc(s->lens.n_steps + 1, sizeof *trail);

	for (size_t i = 0; i < s->lens.n_steps; i++)
		trail[i] = s->lens.steps[i].label;
	hints_draw(c, &(struct hint_line){
		.trail = trail, .n_trail = s->lens.n_steps, .first = finds ? searching : NULL,
		.commands = p->ops->hints, .keys = s->o.keys,
		.back = s->lens.n_steps || s->wish.help || s->wish.detail || s->wish.zoomed != SLOT_NONE ||
			(s->focus == SLOT_TIMELINE && pane_timeline_marks(s->pane[SLOT_TIMELINE])),
	});
	free(trail);
}

/* Returns the column of the cursor, -1 for none. */
static int
draw_last_row(struct screen *s)
{
	struct canvas c = slot_canvas(s, SLOT_HINTS);

	if (s->prompt.open)
		return prompt_draw(&s->prompt, &c);
	if (s->menu.open)
		menu_draw(&s->menu, &c);
	else if (s->message[0])
		message_draw(&c, s->message, s->message_error);
	else
		draw_hints(s, &c);
	return -1;
}

const struct grid *
screen_frame(struct screen *s, int64_t now, int64_t mono, int *cursor_x, int *cursor_y)
{
	ask(s, now, mono);
	grid_clear(&s->grid);
	*cursor_x = -1;
	*cursor_y = s->h - 1;
	if (s->layout.too_small) {
		draw_too_small(s);
		return &s->grid;
	}
	draw_status(s);
	for (int i = 0; i < SLOT_PANES; i++)
		draw_pane(s, i);
	*cursor_x = draw_last_row(s);
	return &s->grid;
}
