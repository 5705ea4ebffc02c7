# A test is one line in a list below: for the name NAME automake builds NAME.c by itself and links it
# with LDADD. A test of more than one file sets tests_NAME_SOURCES.

# Unit tests: Check, one file per module.
unit_tests = \
	%reldir%/t_base \
	%reldir%/t_canvas \
	%reldir%/t_chart \
	%reldir%/t_clock \
	%reldir%/t_columns \
	%reldir%/t_config \
	%reldir%/t_cooler \
	%reldir%/t_demo \
	%reldir%/t_engine \
	%reldir%/t_explain \
	%reldir%/t_encoding \
	%reldir%/t_export \
	%reldir%/t_field \
	%reldir%/t_format \
	%reldir%/t_format_json \
	%reldir%/t_grams \
	%reldir%/t_hit_levels \
	%reldir%/t_home \
	%reldir%/t_hops \
	%reldir%/t_inputs \
	%reldir%/t_intern \
	%reldir%/t_joiner \
	%reldir%/t_json \
	%reldir%/t_json_index \
	%reldir%/t_json_shapes \
	%reldir%/t_keymap \
	%reldir%/t_lane \
	%reldir%/t_layout \
	%reldir%/t_lens \
	%reldir%/t_level \
	%reldir%/t_lineedit \
	%reldir%/t_listnav \
	%reldir%/t_logname \
	%reldir%/t_match \
	%reldir%/t_marks \
	%reldir%/t_mask \
	%reldir%/t_needle \
	%reldir%/t_osc52 \
	%reldir%/t_outlet \
	%reldir%/t_pane_detail \
	%reldir%/t_pane_filters \
	%reldir%/t_pane_help \
	%reldir%/t_pane_levels \
	%reldir%/t_pane_log \
	%reldir%/t_pane_requests \
	%reldir%/t_pane_sources \
	%reldir%/t_pane_timeline \
	%reldir%/t_path_words \
	%reldir%/t_pen \
	%reldir%/t_prompt \
	%reldir%/t_query \
	%reldir%/t_rates \
	%reldir%/t_record \
	%reldir%/t_request \
	%reldir%/t_ring \
	%reldir%/t_rollup \
	%reldir%/t_route \
	%reldir%/t_route_groups \
	%reldir%/t_silence \
	%reldir%/t_sketch \
	%reldir%/t_siblings \
	%reldir%/t_source \
	%reldir%/t_source_archive \
	%reldir%/t_source_child \
	%reldir%/t_source_cut \
	%reldir%/t_source_errors \
	%reldir%/t_source_rotate \
	%reldir%/t_statusbar \
	%reldir%/t_tally \
	%reldir%/t_theme \
	%reldir%/t_timestamp \
	%reldir%/t_timestamp_order \
	%reldir%/t_traceback \
	%reldir%/t_units \
	%reldir%/t_utf8 \
	%reldir%/t_view_find \
	%reldir%/t_view_numbers \
	%reldir%/t_watch \
	%reldir%/t_wrap

# Fuzz targets. In an ordinary build each replays %reldir%/corpus/<name after fuzz_>/ as a test.
fuzz_targets = \
	%reldir%/fuzz_err \
	%reldir%/fuzz_format \
	%reldir%/fuzz_joiner \
	%reldir%/fuzz_json \
	%reldir%/fuzz_mask \
	%reldir%/fuzz_query \
	%reldir%/fuzz_query_grammar \
	%reldir%/fuzz_route \
	%reldir%/fuzz_shapes \
	%reldir%/fuzz_text \
	%reldir%/fuzz_timestamp

# End-to-end tests: executable Python scripts that print TAP, named e2e_*.py.
e2e_tests = \
	%reldir%/e2e_bench.py \
	%reldir%/e2e_cli.py \
	%reldir%/e2e_demo.py \
	%reldir%/e2e_export.py \
	%reldir%/e2e_filters.py \
	%reldir%/e2e_follow.py \
	%reldir%/e2e_history.py \
	%reldir%/e2e_narrow.py \
	%reldir%/e2e_query.py \
	%reldir%/e2e_screen.py \
	%reldir%/e2e_search.py \
	%reldir%/e2e_search_follow.py \
	%reldir%/e2e_sources.py \
	%reldir%/e2e_store.py \
	%reldir%/e2e_streams.py \
	%reldir%/e2e_terminal.py \
	%reldir%/e2e_truth.py

# Modules that the scripts import, and the folders that tests read.
EXTRA_DIST += \
	%reldir%/corpus \
	%reldir%/dashboard.py \
	%reldir%/data \
	%reldir%/drawn \
	%reldir%/loglines.py \
	%reldir%/make_stamps.py \
	%reldir%/query_reference.py \
	%reldir%/tap.py \
	%reldir%/terminal.py

check_LIBRARIES += %reldir%/libtest.a
%canon_reldir%_libtest_a_SOURCES = \
	%reldir%/fuzz.h \
	%reldir%/golden.h \
	%reldir%/json_oracle.c \
	%reldir%/json_oracle.h \
	%reldir%/source_script.h \
	%reldir%/stamps.h \
	%reldir%/two_ways.c \
	%reldir%/two_ways.h \
	%reldir%/unit.h

AM_CPPFLAGS += $(CHECK_CFLAGS)
LDADD = %reldir%/libtest.a libtui.a libcore.a $(CORE_LIBS) $(CHECK_LIBS) $(FUZZ_ENGINE)

# Those in which workers take part, for a build with --enable-tsan.
threaded_tests = \
	%reldir%/t_cooler \
	%reldir%/t_engine \
	%reldir%/t_match \
	%reldir%/t_ring \
	%reldir%/e2e_export.py \
	%reldir%/e2e_follow.py \
	%reldir%/e2e_store.py

TESTS =
EXTRA_DIST += $(e2e_tests)

check-threads:
	$(MAKE) $(AM_MAKEFLAGS) check TESTS="$(threaded_tests)"

if FUZZING
# libFuzzer brings its own main, which leaves no room for other test programs.
noinst_PROGRAMS = $(fuzz_targets)
else
check_PROGRAMS += $(fuzz_targets)
TESTS += $(fuzz_targets)

# Log rotation under load; "make stress" is the long form.
stress_tests = %reldir%/stress_rotate
%canon_reldir%_stress_rotate_SOURCES = %reldir%/stress.h %reldir%/stress_reader.c %reldir%/stress_rotate.c \
	%reldir%/stress_styles.c
%canon_reldir%_stress_rotate_LDADD =
check_PROGRAMS += $(stress_tests)
TESTS += $(stress_tests)

stress: tailboard$(EXEEXT) $(stress_tests)
	TAILBOARD='$(abs_top_builddir)/tailboard$(EXEEXT)' %reldir%/stress_rotate long

%canon_reldir%_libtest_a_SOURCES += %reldir%/fuzz_replay.c
if HAVE_CHECK
check_PROGRAMS += $(unit_tests)
TESTS += $(unit_tests)
%canon_reldir%_libtest_a_SOURCES += %reldir%/golden.c %reldir%/source_script.c %reldir%/unit.c
# Reads fail when a test says so.
%canon_reldir%_t_source_errors_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=preadv
endif
endif

if HAVE_PYTHON3
TESTS += $(e2e_tests)
endif

TEST_EXTENSIONS = .py
PY_LOG_COMPILER = $(PYTHON3)
LOG_DRIVER = env AM_TAP_AWK='$(AWK)' $(SHELL) $(top_srcdir)/build-aux/tap-driver.sh
PY_LOG_DRIVER = $(LOG_DRIVER)

# TAILBOARD is the program under test; fixtures are under $srcdir/tests/data ($srcdir is set by
# automake, and relative). Tests start in the top of the build. A person's own config file has no say.
AM_TESTS_ENVIRONMENT = \
	XDG_CONFIG_HOME='$(abs_top_builddir)/tests/no-config'; export XDG_CONFIG_HOME; \
	TAILBOARD='$(abs_top_builddir)/tailboard$(EXEEXT)'; export TAILBOARD; \
	CK_TAP_LOG_FILE_NAME=-; export CK_TAP_LOG_FILE_NAME; \
	PYTHONDONTWRITEBYTECODE=1; export PYTHONDONTWRITEBYTECODE; \
	ASAN_OPTIONS="$${ASAN_OPTIONS-detect_leaks=1}"; export ASAN_OPTIONS; \
	UBSAN_OPTIONS="$${UBSAN_OPTIONS-print_stacktrace=1}"; export UBSAN_OPTIONS;

# The last word, after automake's summary.
check-local: check-TESTS
if FUZZING
	@echo "Unit tests and corpus replay were skipped: this is a build with --enable-fuzzing."
else
if !HAVE_CHECK
	@echo "Unit tests were skipped for the lack of Check (Debian package: check)."
	@echo "Install it and run configure again."
endif
endif
if !HAVE_PYTHON3
	@echo "End-to-end tests were skipped for the lack of python3."
endif
