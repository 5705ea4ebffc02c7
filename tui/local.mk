# The screen without the terminal: what the tests link. One line per file, alphabetical.
noinst_LIBRARIES += libtui.a

libtui_a_SOURCES = \
	%reldir%/canvas.c \
	%reldir%/canvas.h \
	%reldir%/chart.c \
	%reldir%/chart.h \
	%reldir%/color.c \
	%reldir%/color.h \
	%reldir%/columns.c \
	%reldir%/columns.h \
	%reldir%/command.c \
	%reldir%/command.h \
	%reldir%/hit_marks.c \
	%reldir%/hit_marks.h \
	%reldir%/hints.c \
	%reldir%/hints.h \
	%reldir%/key.h \
	%reldir%/keymap.c \
	%reldir%/keymap.h \
	%reldir%/layout.c \
	%reldir%/layout.h \
	%reldir%/lens.c \
	%reldir%/lens.h \
	%reldir%/lens_filters.c \
	%reldir%/lineedit.c \
	%reldir%/lineedit.h \
	%reldir%/listnav.c \
	%reldir%/listnav.h \
	%reldir%/marks.c \
	%reldir%/marks.h \
	%reldir%/menu.c \
	%reldir%/menu.h \
	%reldir%/osc52.c \
	%reldir%/osc52.h \
	%reldir%/pager.c \
	%reldir%/pager.h \
	%reldir%/pane.c \
	%reldir%/pane.h \
	%reldir%/pane_detail.c \
	%reldir%/pane_detail.h \
	%reldir%/pane_draw.c \
	%reldir%/pane_draw.h \
	%reldir%/pane_filters.c \
	%reldir%/pane_filters.h \
	%reldir%/pane_help.c \
	%reldir%/pane_help.h \
	%reldir%/pane_levels.c \
	%reldir%/pane_levels.h \
	%reldir%/pane_log.c \
	%reldir%/pane_log.h \
	%reldir%/pane_log_draw.c \
	%reldir%/pane_requests.c \
	%reldir%/pane_requests.h \
	%reldir%/pane_sources.c \
	%reldir%/pane_sources.h \
	%reldir%/pane_timeline.c \
	%reldir%/pane_timeline.h \
	%reldir%/pane_timeline_draw.c \
	%reldir%/path_words.c \
	%reldir%/path_words.h \
	%reldir%/pen.c \
	%reldir%/pen.h \
	%reldir%/prompt.c \
	%reldir%/prompt.h \
	%reldir%/request_columns.c \
	%reldir%/request_columns.h \
	%reldir%/rescue.c \
	%reldir%/rescue.h \
	%reldir%/screen.c \
	%reldir%/screen.h \
	%reldir%/screen_commands.c \
	%reldir%/screen_export.c \
	%reldir%/screen_filters.c \
	%reldir%/screen_internal.h \
	%reldir%/screen_narrow.c \
	%reldir%/screen_prompt.c \
	%reldir%/screen_search.c \
	%reldir%/screen_sources.c \
	%reldir%/screen_time.c \
	%reldir%/source_card.c \
	%reldir%/source_card.h \
	%reldir%/source_columns.c \
	%reldir%/source_columns.h \
	%reldir%/statusbar.c \
	%reldir%/statusbar.h \
	%reldir%/style.c \
	%reldir%/style.h \
	%reldir%/theme.c \
	%reldir%/theme.h \
	%reldir%/wrap.c \
	%reldir%/wrap.h

# The program: term.c is the only file that sees curses, dashboard.c the only one that uses it.
bin_PROGRAMS += tailboard

tailboard_SOURCES = \
	%reldir%/dashboard.c \
	%reldir%/dashboard.h \
	%reldir%/main.c \
	%reldir%/term.c \
	%reldir%/term.h
tailboard_CPPFLAGS = $(AM_CPPFLAGS) $(NCURSESW_CFLAGS)
tailboard_LDADD = libtui.a libcore.a $(CORE_LIBS) $(NCURSESW_LIBS)
