# `make bench`: tailboard beside other programs, and its parts by themselves; see bench/bench.py. The helpers
# are built by `make check` too, so that a change that breaks them is seen at once.
bench_helpers = \
	%reldir%/gen \
	%reldir%/inproc \
	%reldir%/run \
	%reldir%/writer

check_PROGRAMS += $(bench_helpers)
%canon_reldir%_gen_LDADD = libcore.a $(CORE_LIBS)
%canon_reldir%_inproc_LDADD = libtui.a libcore.a $(CORE_LIBS)
%canon_reldir%_run_LDADD =
%canon_reldir%_writer_LDADD = libcore.a $(CORE_LIBS)

EXTRA_DIST += \
	%reldir%/ask.py \
	%reldir%/bench.py \
	%reldir%/cost.py \
	%reldir%/count.py \
	%reldir%/duckdb.mjs \
	%reldir%/frugal.py \
	%reldir%/growing.py \
	%reldir%/live.py \
	%reldir%/lnav-format.json \
	%reldir%/load.py \
	%reldir%/machine.py \
	%reldir%/peers.py \
	%reldir%/table.py \
	%reldir%/terminal.py

BENCH_BYTES = 400M
BENCH_RUNS = 3
BENCH_FLAGS =

.PHONY: bench
bench: all $(bench_helpers)
	$(PYTHON3) $(srcdir)/%reldir%/bench.py --build . --bytes $(BENCH_BYTES) --runs $(BENCH_RUNS) $(BENCH_FLAGS)

# The logs that it made.
clean-local:
	rm -rf bench-data
