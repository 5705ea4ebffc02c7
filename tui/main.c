/*
 * main: reads the command line and runs one of the commands.
 */
#include "config.h"

#include "core/alloc.h"
#include "core/demo.h"
#include "core/headless.h"
#include "tui/dashboard.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static int
usage_error(const char *msg)
{
	fprintf(stderr, "tailboard: %s\n", msg);
	return EXIT_USAGE;
}

static int
print_help(enum run run)
{
	struct strbuf out = STRBUF_INIT;

	options_help(run, &out);
	fputs(out.p, stdout);
	strbuf_release(&out);
	return EXIT_FINE;
}

static int
run_screen(const struct options *o, const char *const *inputs, size_t n)
{
	return dashboard_run(&(struct dashboard_options){
		.engine = &o->engine, .inputs = inputs, .n_inputs = n, .command = o->command, .window = o->window, .theme = o->theme,
		.keys = o->keys, .color = o->color, .ascii = o->ascii, .mouse = o->mouse,
	});
}

static int
run_live(struct options *o)
{
	static const char *const standard_input[] = { "-" };

	if (o->n_inputs || o->command)
		return run_screen(o, o->inputs, o->n_inputs);
	if (!isatty(STDIN_FILENO))
		return run_screen(o, standard_input, 1);
	return usage_error("name a log file, a folder of logs or a glob, or try: tailboard demo (see --help)");
}

static int
run_demo(struct options *o)
{
	struct err err = { 0 };

	if (o->n_inputs)
		return usage_error("demo takes no files");
	struct demo *demo = demo_start(&(struct demo_options){ .now_ns = clock_now() }, &err);

	if (!demo)
		return usage_error(err.msg);
	const char *dir = demo_dir(demo);
	int status = run_screen(o, &dir, 1);

	demo_stop(demo);
	return status;
}

static int (*const runs[RUN_COUNT])(struct options *o) = {
	[RUN_LIVE] = run_live,
	[RUN_DEMO] = run_demo,
	[RUN_REPORT] = headless_report,
	[RUN_SEARCH] = headless_search,
	[RUN_EXPLAIN] = headless_explain,
};

int
main(int argc, char **argv)
{
	struct options o;
	struct err err = { 0 };
	int status;

	alloc_init();
	setlocale(LC_ALL, "");
	setlocale(LC_NUMERIC, "C"); /* what is read and printed has decimal points */
	if (options_parse(&o, argc, argv, clock_now(), &err))
		status = usage_error(err.msg);
	else if (o.help)
		status = print_help(o.run);
	else if (o.version)
		status = headless_version();
	else
		status = runs[o.run](&o);
	options_release(&o);
	return status;
}
