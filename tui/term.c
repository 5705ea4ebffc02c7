/*
 * term: curses, kept behind a grid.
 *
 *	grid (what is to be seen) --changed cells--> stdscr --curses' own diff--> bytes
 *	     shadow (what was drawn last)
 *
 * The shadow makes an unchanged screen free: curses is asked only when a cell
 * differs. A role becomes ink, attributes and a colour pair, once when the theme
 * is set; there are four inks a role, for letters and for bars, under the
 * cursor and elsewhere (tui/pen.h). Output that curses has no word for (synchronized updates, drag
 * reports, the clipboard) is written to the same descriptor between curses'
 * own writes, which are complete after every doupdate().
 */
#include "config.h"

#include "tui/term.h"

#include "core/alloc.h"
#include "core/utf8.h"
#include "tui/osc52.h"
#include "tui/pen.h"
#include "tui/rescue.h"

#include <curses.h>
#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <term.h>
#include <time.h>
#include <unistd.h>

enum {
	PAIRS_MAX = 256,
	SYNC_CELLS = 120,          /* fewer changed cells than this are not seen to tear */
	DOUBLE_CLICK_MS = 400,
	WCHARS_MAX = 6,
};

/* A pen in curses' terms. */
struct ink {
	attr_t attrs;
	int pair;
};

static struct {
	SCREEN *screen;       /* NULL: not open */
	FILE *in, *out;       /* stdin and stdout, or /dev/tty opened by us */
	int colors;
	bool default_colors;  /* the terminal's own fore- and background can be asked for */
	bool utf8, mouse, modern;
	bool drag_due;        /* curses turns its own mouse reports on when it takes the screen again */
	struct theme theme;
	struct ink inks[ROLE_COUNT][2][2]; /* [..][1][..]: under the cursor; [..][..][1]: ATTR_SOLID */
	struct { int fg, bg; } pairs[PAIRS_MAX];
	int pairs_n;
	struct grid shadow;
	bool stale;           /* the shadow says nothing */
	int cursor_x, cursor_y;
	struct { int x, y; int64_t ms; } click;
} term;

/* ---- entering and leaving ---- */

static void
send(struct span bytes)
{
	while (bytes.n) {
		ssize_t n = write(fileno(term.out), bytes.p, bytes.n);

		if (n < 0 && errno == EAGAIN)
			poll(&(struct pollfd){ .fd = fileno(term.out), .events = POLLOUT }, 1, 1000);
		else if (n < 0 && errno != EINTR)
			return;
		else if (n > 0)
			bytes = span_from(bytes, (size_t)n);
	}
}

/* Widths have to be Unicode's for curses and for wcwidth even where the locale is not UTF-8. */
static void
set_locale(void)
{
	setlocale(LC_CTYPE, "");
	term.utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
	if (!term.utf8 && !setlocale(LC_CTYPE, "C.UTF-8"))
		setlocale(LC_CTYPE, "en_US.UTF-8");
}

static int
open_stream(FILE **f, FILE *standard, const char *mode, struct err *err)
{
	*f = isatty(fileno(standard)) ? standard : fopen("/dev/tty", mode);
	if (!*f)
		return err_set(err, errno, 0, "no terminal: /dev/tty: %s", strerror(errno)), -1;
	return 0;
}

static void
close_streams(void)
{
	if (term.in && term.in != stdin)
		fclose(term.in);
	if (term.out && term.out != stdout)
		fclose(term.out);
	term.in = term.out = NULL;
}

/* A capability, NULL when the terminal does not have it. */
static const char *
capability(const char *name)
{
	const char *s = tigetstr(name);

	return s && s != (const char *)-1 ? s : NULL;
}

static int
check_terminal(struct err *err)
{
	const char *name = getenv("TERM");
	const char *can = "tailboard needs a terminal that can move the cursor "
			  "(try TERM=xterm-256color)";
	int found = 0;

	if (!name || !*name)
		return err_set(err, ENOTTY, 0, "TERM is not set: %s", can), -1;
	if (setupterm(name, fileno(term.out), &found) != OK || found != 1)
		return err_set(err, ENOTTY, 0, "TERM is %s, which is not known here: %s", name, can), -1;
	bool moves = capability("cup") != NULL;

	del_curterm(cur_term);
	if (!moves)
		return err_set(err, ENOTTY, 0, "TERM is %s: %s", name, can), -1;
	return 0;
}

/* Terminals that know no more than their terminfo entry says, and may print what they do not know. */
static bool
is_modern(const char *name)
{
	static const char *const old[] = { "linux", "vt", "ansi", "cons", "cygwin", "sun", "wy" };

	for (size_t i = 0; i < ARRAY_SIZE(old); i++)
		if (span_starts(span_str(name), span_str(old[i])))
			return false;
	return true;
}

/* Capabilities may ask for pauses, "$<20>", which a modern terminal does not need. */
static void
add_without_padding(struct strbuf *out, const char *s)
{
	for (; s && *s; s++) {
		const char *end = s[0] == '$' && s[1] == '<' ? strchr(s, '>') : NULL;

		if (end)
			s = end;
		else
			strbuf_char(out, *s);
	}
}

static const char sync_on[] = "\033[?2026h", sync_off[] = "\033[?2026l";
static const char drag_on[] = "\033[?1002h", drag_off[] = "\033[?1002l";

static void
arm_rescue(const struct termios *modes)
{
	static const char *const last[] = { "sgr0", "op", "cnorm", "rmkx", "rmcup" };
	struct strbuf bytes = STRBUF_INIT;

	if (term.modern)
		strbuf_str(&bytes, sync_off);
	if (term.mouse)
		strbuf_addf(&bytes, "%s\033[?1006;1000l", drag_off);
	for (size_t i = 0; i < ARRAY_SIZE(last); i++)
		add_without_padding(&bytes, capability(last[i]));
	if (!capability("rmcup"))
		strbuf_str(&bytes, "\r\n");
	rescue_arm(fileno(term.out), modes, strbuf_span(&bytes));
	strbuf_release(&bytes);
	alloc_set_hook(term_restore);
}

/* curses takes these signals when nobody has; they are the loop's. */
static const int loop_signals[] = { SIGINT, SIGTERM, SIGTSTP, SIGWINCH };

static SCREEN *
new_screen(void)
{
	struct sigaction before[ARRAY_SIZE(loop_signals)];

	set_escdelay(25);
	for (size_t i = 0; i < ARRAY_SIZE(loop_signals); i++)
		sigaction(loop_signals[i], NULL, &before[i]);
	SCREEN *screen = newterm(NULL, term.out, term.in);

	for (size_t i = 0; i < ARRAY_SIZE(loop_signals); i++)
		sigaction(loop_signals[i], &before[i], NULL);
	return screen;
}

static void
set_modes(void)
{
	raw();
	noecho();
	nonl();
	intrflush(stdscr, FALSE);
	keypad(stdscr, TRUE);
	nodelay(stdscr, TRUE);
	leaveok(stdscr, TRUE);
	curs_set(0);
}

static void
set_colors(bool wanted)
{
	term.colors = 0;
	term.pairs_n = 0;
	if (!wanted || !has_colors() || start_color() != OK)
		return;
	term.default_colors = use_default_colors() == OK;
	term.colors = COLORS;
}

static void
set_mouse(bool wanted)
{
	term.mouse = wanted && capability("kmous");
	if (!term.mouse)
		return;
	mouseinterval(0);
	mousemask(BUTTON1_PRESSED | BUTTON1_RELEASED | BUTTON1_CLICKED | BUTTON4_PRESSED | BUTTON5_PRESSED |
			  REPORT_MOUSE_POSITION,
		  NULL);
	if (term.modern)
		send(span_str(drag_on));
}

int
term_open(const struct term_options *o, struct err *err)
{
	struct termios modes;

	set_locale();
	if (open_stream(&term.in, stdin, "re", err) || open_stream(&term.out, stdout, "we", err) ||
	    check_terminal(err))
		goto fail;
	tcgetattr(fileno(term.out), &modes);
	term.screen = new_screen();
	if (!term.screen) {
		err_set(err, ENOTTY, 0, "the terminal %s could not be set up", getenv("TERM"));
		goto fail;
	}
	term.modern = is_modern(getenv("TERM"));
	set_modes();
	set_colors(o->color);
	set_mouse(o->mouse);
	arm_rescue(&modes);
	grid_init(&term.shadow, 0, 0, false);
	term.cursor_x = -1;
	term_redraw();
	theme_load(&term.theme, "mono", NULL);
	term_theme(&term.theme);
	return 0;
fail:
	close_streams();
	return -1;
}

static void
leave_screen(void)
{
	if (term.mouse && term.modern)
		send(span_str(drag_off));
	endwin();
}

void
term_close(void)
{
	if (!term.screen)
		return;
	/* term_restore() may have been here before: the terminal is no longer ours then. */
	bool ours = rescue_disarm();

	alloc_set_hook(NULL);
	if (ours)
		leave_screen();
	delscreen(term.screen);
	term.screen = NULL;
	grid_release(&term.shadow);
	close_streams();
}

void
term_restore(void)
{
	rescue_now();
}

/* ---- size ---- */

void
term_size(int *w, int *h)
{
	getmaxyx(stdscr, *h, *w);
}

void
term_resized(void)
{
	struct winsize size;

	if (ioctl(fileno(term.out), TIOCGWINSZ, &size) == 0 && size.ws_row && size.ws_col)
		resize_term(size.ws_row, size.ws_col);
	term_redraw();
}

bool
term_utf8(void)
{
	return term.utf8;
}

int
term_colors(void)
{
	return term.colors;
}

/* ---- colours ---- */

static int
pair_of(int fg, int bg)
{
	if (!term.default_colors) {
		fg = fg < 0 ? COLOR_WHITE : fg;
		bg = bg < 0 ? COLOR_BLACK : bg;
	}
	for (int i = 0; i < term.pairs_n; i++)
		if (term.pairs[i].fg == fg && term.pairs[i].bg == bg)
			return i + 1;
	if ((fg < 0 && bg < 0) || term.pairs_n == PAIRS_MAX || term.pairs_n + 1 >= COLOR_PAIRS ||
	    init_extended_pair(term.pairs_n + 1, fg, bg) != OK)
		return 0;
	term.pairs[term.pairs_n].fg = fg;
	term.pairs[term.pairs_n].bg = bg;
	return ++term.pairs_n;
}

static attr_t
curses_attrs(uint8_t attrs)
{
	static const attr_t bits[] = { A_BOLD, A_DIM, A_UNDERLINE, A_REVERSE, A_ITALIC };
	attr_t out = A_NORMAL;

	for (size_t i = 0; i < ARRAY_SIZE(bits); i++)
		if (attrs & 1u << i)
			out |= bits[i];
	return out;
}

void
term_theme(const struct theme *t)
{
	term.theme = *t;
	if (!term.colors)
		theme_load(&term.theme, "mono", NULL);
	term.pairs_n = 0;
	for (int i = 0; i < ROLE_COUNT * 4; i++) {
		struct pen pen = pen_for(&term.theme, i / 4, i & 2, i & 1, term.colors);

		term.inks[i / 4][i >> 1 & 1][i & 1] = (struct ink){
			curses_attrs(pen.attrs), term.colors ? pair_of(pen.fg, pen.bg) : 0,
		};
	}
	term_redraw();
}

/* ---- drawing ---- */

static bool
same_cell(const struct cell *a, const struct cell *b)
{
	return a->role == b->role && a->attrs == b->attrs && a->under == b->under && a->behind == b->behind &&
	       strcmp(a->text, b->text) == 0;
}

/* The characters of a cell; a terminal that cannot show them gets a question mark. */
static void
wide_text(const struct cell *c, wchar_t out[WCHARS_MAX])
{
	struct span s = span_str(c->text);
	size_t n = 0, len;

	for (; s.n && n < WCHARS_MAX - 1; s = span_from(s, len))
		out[n++] = (wchar_t)utf8_decode(s, &len);
	out[n] = L'\0';
	if (!term.utf8 && (out[0] >= 0x80 || n > 1))
		wcscpy(out, out[0] >= 0x80 ? L"?" : (wchar_t[]){ out[0], 0 });
}

/* A bar of one role with the colour of another behind it. */
static int
tone_pair(enum role role, enum role behind)
{
	return pair_of(pen_for(&term.theme, role, false, true, term.colors).fg,
		       pen_for(&term.theme, behind, false, true, term.colors).fg);
}

static void
draw_cell(const struct grid *g, int x, int y)
{
	const struct cell *c = &g->cells[(size_t)y * (size_t)g->w + (size_t)x];
	bool under = c->under == ROLE_CURSOR, solid = c->attrs & ATTR_SOLID;
	const struct ink *ink = &term.inks[c->role][under][solid];
	wchar_t text[WCHARS_MAX];
	cchar_t cell;

	if (!c->text[0] && term.utf8)
		return;
	wide_text(c, text);
	/* The right half of what became a question mark. */
	if (!text[0])
		wcscpy(text, L" ");
	int pair = c->behind && term.colors ? tone_pair(c->role, c->behind) : ink->pair;

	setcchar(&cell, text, ink->attrs | curses_attrs(c->attrs), 0, &pair);
	mvadd_wchnstr(y, x, &cell, 1);
}

/* Copy what differs from the shadow; returns how many cells did. */
static int
copy_changed(const struct grid *g)
{
	int w = g->w < COLS ? g->w : COLS, h = g->h < LINES ? g->h : LINES, changed = 0;

	for (int y = 0; y < h; y++)
		for (int x = 0; x < w; x++) {
			size_t at = (size_t)y * (size_t)g->w + (size_t)x;

			if (!term.stale && same_cell(&g->cells[at], &term.shadow.cells[at]))
				continue;
			draw_cell(g, x, y);
			changed++;
		}
	memcpy(term.shadow.cells, g->cells, (size_t)g->w * (size_t)g->h * sizeof *g->cells);
	return changed;
}

static bool
place_cursor(int x, int y)
{
	if (x < 0)
		x = y = -1;
	if (x == term.cursor_x && y == term.cursor_y)
		return false;
	if ((x < 0) != (term.cursor_x < 0)) {
		leaveok(stdscr, x < 0);
		curs_set(x >= 0);
	}
	term.cursor_x = x;
	term.cursor_y = y;
	return true;
}

void
term_draw(const struct grid *g, int cursor_x, int cursor_y)
{
	if (g->w != term.shadow.w || g->h != term.shadow.h) {
		grid_resize(&term.shadow, g->w, g->h);
		term_redraw();
	}
	if (term.stale)
		clearok(curscr, TRUE);
	int changed = copy_changed(g);
	bool moved = place_cursor(cursor_x, cursor_y), sync = term.modern && changed >= SYNC_CELLS;

	term.stale = false;
	if (!changed && !moved)
		return;
	if (cursor_x >= 0)
		move(cursor_y, cursor_x);
	wnoutrefresh(stdscr);
	if (sync)
		send(span_str(sync_on));
	doupdate();
	if (sync)
		send(span_str(sync_off));
	if (term.drag_due)
		send(span_str(drag_on));
	term.drag_due = false;
}

void
term_redraw(void)
{
	term.stale = true;
}

/* ---- stopping, copying ---- */

void
term_suspend(void)
{
	struct sigaction stop = { .sa_handler = SIG_DFL }, before;
	sigset_t set, mask;

	leave_screen();
	sigemptyset(&stop.sa_mask);
	sigaction(SIGTSTP, &stop, &before);
	sigemptyset(&set);
	sigaddset(&set, SIGTSTP);
	pthread_sigmask(SIG_UNBLOCK, &set, &mask);
	/* The whole job, as the terminal does it: a shell sees a pipeline stop only when all of it has. */
	kill(0, SIGTSTP);
	pthread_sigmask(SIG_SETMASK, &mask, NULL);
	sigaction(SIGTSTP, &before, NULL);
	term.drag_due = term.mouse && term.modern;
	term_resized();
}

void
term_copy(struct span text)
{
	struct strbuf bytes = STRBUF_INIT;

	if (!term.modern)
		return;
	osc52_add(&bytes, text);
	send(strbuf_span(&bytes));
	strbuf_release(&bytes);
}

/* ---- keys ---- */

int
term_fd(void)
{
	return fileno(term.in);
}

static const struct {
	int curses;
	uint32_t key;
} key_codes[] = {
	{ KEY_UP, KEYC_UP },         { KEY_DOWN, KEYC_DOWN },           { KEY_LEFT, KEYC_LEFT },
	{ KEY_RIGHT, KEYC_RIGHT },   { KEY_HOME, KEYC_HOME },           { KEY_END, KEYC_END },
	{ KEY_PPAGE, KEYC_PPAGE },   { KEY_NPAGE, KEYC_NPAGE },         { KEY_DC, KEYC_DELETE },
	{ KEY_IC, KEYC_INSERT },     { KEY_BACKSPACE, KEYC_BACKSPACE }, { KEY_BTAB, KEYC_BTAB },
	{ KEY_ENTER, '\r' },         { KEY_RESIZE, KEYC_RESIZE },       { KEY_FIND, KEYC_HOME },
	{ KEY_SELECT, KEYC_END },    { KEY_A1, KEYC_HOME },             { KEY_A3, KEYC_PPAGE },
	{ KEY_C1, KEYC_END },        { KEY_C3, KEYC_NPAGE },
};

static uint32_t
key_of_code(int code)
{
	for (size_t i = 0; i < ARRAY_SIZE(key_codes); i++)
		if (key_codes[i].curses == code)
			return key_codes[i].key;
	if (code >= KEY_F(1) && code <= KEY_F(12))
		return KEYC_F1 + (uint32_t)(code - KEY_F(1));
	return KEYC_NONE;
}

static int64_t
now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static bool
is_double_click(int x, int y)
{
	int64_t now = now_ms();
	bool twice = x == term.click.x && y == term.click.y && now - term.click.ms < DOUBLE_CLICK_MS;

	term.click.x = x;
	term.click.y = y;
	/* A third click begins anew. */
	term.click.ms = twice ? now - DOUBLE_CLICK_MS : now;
	return twice;
}

static uint32_t
read_mouse(struct term_mouse *m)
{
	MEVENT e;

	if (getmouse(&e) != OK)
		return KEYC_NONE;
	*m = (struct term_mouse){
		.x = e.x,
		.y = e.y,
		.press = e.bstate & (BUTTON1_PRESSED | BUTTON1_CLICKED), /* clicked: both came in one read */
		.release = e.bstate & (BUTTON1_RELEASED | BUTTON1_CLICKED),
		.wheel_up = e.bstate & BUTTON4_PRESSED,
		.wheel_down = e.bstate & BUTTON5_PRESSED,
		.drag = e.bstate & REPORT_MOUSE_POSITION,
	};
	m->double_click = m->press && is_double_click(e.x, e.y);
	bool known = m->press || m->release || m->wheel_up || m->wheel_down || m->drag;

	return known ? KEYC_MOUSE : KEYC_NONE;
}

/* Nothing to read: for now, or because the other end is gone? */
static uint32_t
nothing_or_hangup(void)
{
	struct pollfd p = { .fd = fileno(term.in), .events = POLLIN };
	int waiting = 0;

	if (poll(&p, 1, 0) <= 0)
		return KEYC_NONE;
	if (p.revents & (POLLHUP | POLLERR | POLLNVAL))
		return KEYC_HANGUP;
	/* Readable, but with nothing in it: the end of the file. */
	return ioctl(p.fd, FIONREAD, &waiting) < 0 || !waiting ? KEYC_HANGUP : KEYC_NONE;
}

uint32_t
term_key(struct term_mouse *mouse)
{
	for (;;) {
		wint_t c = 0;
		int kind = get_wch(&c);
		uint32_t key = c;

		if (kind == ERR)
			return nothing_or_hangup();
		if (kind == KEY_CODE_YES)
			key = c == KEY_MOUSE ? read_mouse(mouse) : key_of_code((int)c);
		else if (c == 0x7f || c == '\b')
			key = KEYC_BACKSPACE;
		if (key != KEYC_NONE)
			return key;
	}
}
