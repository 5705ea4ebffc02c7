/*
 * explain_files: the command `tailboard explain FILE...`.
 *
 * Files are read from their beginning to their end by the same intake that
 * reads what is appended to a followed file, block by block; a block is
 * looked at when it is sealed, and freed. What a file speaks is learnt from
 * its first and last bytes beforehand, as the engine does.
 */
#include "config.h"

#include "core/explain_kinds.h"
#include "core/explain_marks.h"
#include "core/headless.h"
#include "core/inputs.h"
#include "core/intake.h"

#include "core/alloc.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	SNIFF_BYTES = 64 << 10,
	PULL_BYTES = 1 << 20,
	PIPE_WIDTH = 100,
};

struct explainer {
	const struct options *o;
	size_t width;
	bool bold, failed;
	unsigned sources;         /* read so far */
	struct format_counts sum; /* of all of them */
};

/* One source being read. */
struct reading {
	const struct options *o;
	struct intake intake;
	struct parser parser; /* to look at records with */
	struct kinds kinds;
	struct block *open;   /* the block that grows; owned */
};

/* ---- blocks -------------------------------------------------------------------------- */

static void
look_at(struct reading *reading, struct block *b)
{
	struct record r = { .parser = &reading->parser };

	reading->parser.memory = reading->intake.source->memory;
	for (uint32_t row = 0; row < b->n; row++)
		if (engine_counts(&reading->o->engine, b->time[row]) && block_record(b, row, &r))
			kinds_add(&reading->kinds, &r);
	reading->kinds.counts.lines_in_all += b->lines;
	reading->kinds.counts.cut += b->cut;
	record_release(&r);
}

static void
on_begun(void *arg, struct block *b)
{
	struct reading *reading = arg;

	reading->open = b;
}

static void
on_grown(void *arg, struct block *b)
{
	struct reading *reading = arg;

	if (!b->sealed)
		return;
	look_at(reading, b);
	if (reading->open == b)
		reading->open = NULL;
	block_free(b);
}

static const struct intake_ops intake_ops = { on_begun, on_grown };

/* ---- sources ------------------------------------------------------------------------- */

static void
sniff(struct source *s)
{
	uint64_t size = source_size(s);
	size_t n = size < SNIFF_BYTES ? (size_t)size : SNIFF_BYTES;
	uint64_t at[2] = { 0, size - n };
	char *buf = xmalloc(SNIFF_BYTES);

	for (int i = 0; i < 2; i++) {
		ssize_t got = pread(s->file->fd, buf, n, (off_t)at[i]);

		if (got > 0)
			format_sniff(&s->memory, span_of(buf, (size_t)got));
	}
	free(buf);
}

/* The time that records without one get, and the newest time that a stamp without a year can mean. */
static int64_t
begin_file(struct reading *reading, struct source *s)
{
	struct stat st;
	int64_t mtime = fstat(s->file->fd, &st) ? clock_now() : st.st_mtim.tv_sec * NSEC + st.st_mtim.tv_nsec;

	sniff(s);
	reading->intake.sniffed = SNIFF_BYTES;
	reading->intake.joiner.parser.memory = s->memory;
	reading->intake.joiner.parser.time.yearless_ref = mtime;
	reading->parser.time.yearless_ref = mtime;
	return mtime;
}

/* Read a source to its end; a stream is waited for. */
static void
read_all(struct reading *reading, struct source *s)
{
	int64_t time = s->stream ? clock_now() : begin_file(reading, s);

	while (intake_pull(&reading->intake, PULL_BYTES, time, !s->stream) ||
	       (s->stream && !s->broken && s->state == SOURCE_OPEN)) {
		struct pollfd p = { .fd = s->file->fd, .events = POLLIN };

		if (s->stream && s->idle)
			poll(&p, 1, -1);
	}
	if (s->broken && s->state == SOURCE_OPEN)
		intake_pull(&reading->intake, PULL_BYTES, time, true);
}

static void
print_reading(struct explainer *e, struct reading *reading)
{
	struct source *s = reading->intake.source;
	struct strbuf out = STRBUF_INIT, name = STRBUF_INIT;

	strbuf_str(&name, "== ");
	marks_text(span_str(s->name), e->width, &name);
	explain_title(name.p, e->bold, &out);
	strbuf_char(&out, '\n');
	kinds_print(&reading->kinds, e->o->engine.format ? NULL : &s->memory, e->bold, &out);
	fwrite(out.p, 1, out.n, stdout);
	strbuf_release(&name);
	strbuf_release(&out);
	format_counts_sum(&e->sum, &reading->kinds.counts);
}

static void
explain_source(struct explainer *e, struct source *s)
{
	struct reading reading = { .o = e->o };

	intake_init(&reading.intake, s, e->o->engine.format, &intake_ops, &reading);
	parser_init(&reading.parser);
	reading.parser.only = e->o->engine.format;
	kinds_init(&reading.kinds, e->width);
	read_all(&reading, s);
	print_reading(e, &reading);
	block_free(reading.open);
	kinds_release(&reading.kinds);
	parser_release(&reading.parser);
	intake_release(&reading.intake);
}

static void
on_added(void *arg, struct source *s)
{
	struct explainer *e = arg;

	e->sources++;
	if (source_open(s) >= 0)
		explain_source(e, s);
	if (s->state != SOURCE_FAILED && s->state != SOURCE_WAITING && !s->broken)
		return;
	e->failed = true;
	fprintf(stderr, "tailboard: %s: %s\n", s->path,
		s->note ? s->note : s->error ? strerror(s->error) : "no such file");
}

/* Everything is read when it is added. */
static void
on_changed(void *arg, struct source *s)
{
	(void)arg;
	(void)s;
}

static const struct inputs_ops inputs_ops = { .added = on_added, .changed = on_changed };

/* ---- the command --------------------------------------------------------------------- */

static void
look_at_terminal(struct explainer *e)
{
	const char *no_color = getenv("NO_COLOR");
	struct winsize size;

	e->width = PIPE_WIDTH;
	if (!isatty(STDOUT_FILENO))
		return;
	e->bold = !no_color || !*no_color;
	if (!ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) && size.ws_col)
		e->width = size.ws_col;
}

static int
add_inputs(struct inputs *in, const struct options *o)
{
	struct err err = { 0 };

	for (size_t i = 0; i < o->n_inputs; i++)
		if (inputs_add(in, o->inputs[i], &err)) {
			fprintf(stderr, "tailboard: %s\n", err.msg);
			return EXIT_USAGE;
		}
	return EXIT_FINE;
}

int
headless_explain(struct options *o)
{
	struct explainer e = { .o = o };
	struct err err = { 0 };
	uv_loop_t loop;
	int status;

	if (!o->n_inputs) {
		fputs("tailboard: explain needs a file, a folder, a glob or - (see tailboard explain --help)\n",
		      stderr);
		return EXIT_USAGE;
	}
	look_at_terminal(&e);
	uv_loop_init(&loop);
	struct inputs *in = inputs_new(&loop, false, &inputs_ops, &e, &err);

	status = add_inputs(in, o);
	inputs_free(in);
	uv_run(&loop, UV_RUN_DEFAULT); /* the handles close */
	uv_loop_close(&loop);
	if (status == EXIT_FINE && e.sources) {
		struct strbuf out = STRBUF_INIT;

		explain_title("== in all", e.bold, &out);
		format_counts_print(&e.sum, &out);
		fwrite(out.p, 1, out.n, stdout);
		strbuf_release(&out);
	}
	if (e.failed)
		status = EXIT_INPUT;
	return fflush(stdout) || ferror(stdout) ? EXIT_INPUT : status;
}
