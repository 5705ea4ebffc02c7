/*
 * inputs_stream: sources whose descriptor says when to look at them again, and
 * the commands that some of them are the output of.
 *
 * A stream's descriptor is polled for one event at a time and again only
 * after the source was read empty, so that a reader who takes its time does
 * not make the loop spin. That is noticed just before the loop sleeps.
 */
#include "config.h"

#include "core/inputs_internal.h"

#include "core/alloc.h"
#include "core/strbuf.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* ---- streams ----------------------------------------------------------------------- */

static void
on_stream(uv_poll_t *poll, int status, int events)
{
	struct item *it = poll->data;

	(void)status;
	(void)events;
	uv_poll_stop(poll);
	it->armed = false;
	it->in->ops->changed(it->in->arg, it->s);
}

static void
free_handle(uv_handle_t *h)
{
	free(h);
}

void
inputs_close_handle(void *h)
{
	if (h)
		uv_close(h, free_handle);
}

static void
disarm(struct item *it)
{
	inputs_close_handle(it->poll);
	it->poll = NULL;
	it->armed = false;
}

/* What cannot be polled (a file on standard input) is never idle before its end. */
static void
arm(struct item *it)
{
	if (it->poll && it->polled_fd != it->s->file->fd)
		disarm(it);
	if (!it->poll) {
		it->poll = xmalloc(sizeof *it->poll);
		if (uv_poll_init(it->in->loop, it->poll, it->s->file->fd) < 0) {
			free(it->poll);
			it->poll = NULL;
			return;
		}
		it->poll->data = it;
		it->polled_fd = it->s->file->fd;
	}
	it->armed = uv_poll_start(it->poll, UV_READABLE, on_stream) == 0;
}

void
inputs_arm_streams(uv_prepare_t *handle)
{
	struct inputs *in = handle->data;

	for (size_t i = 0; i < in->n; i++) {
		struct item *it = in->items[i];

		if (!source_is_pipe(it->s) || it->s->state != SOURCE_OPEN || it->armed)
			continue;
		if (!it->started) {
			it->started = true;
			in->ops->changed(in->arg, it->s);
		}
		if (it->s->state == SOURCE_OPEN && it->s->idle)
			arm(it);
	}
}

/* ---- commands ---------------------------------------------------------------------- */

static char *
command_line(char *const *argv)
{
	struct strbuf b = STRBUF_INIT;

	for (size_t i = 0; argv[i]; i++)
		strbuf_addf(&b, "%s%s", i ? " " : "", argv[i]);
	return b.p;
}

static void
note_end(struct source *s)
{
	int error = child_error(s->child);

	if (error || child_end(s->child))
		source_note(s, error ? strerror(error) : child_end(s->child));
}

/* It ended or was started anew: its sources may have another pipe, and what is known of them is another thing. */
static void
on_child(void *arg, struct child *c)
{
	struct inputs *in = arg;

	for (size_t i = 0; i < in->n; i++) {
		struct item *it = in->items[i];

		if (it->s->child != c)
			continue;
		disarm(it);
		source_revive(it->s);
		note_end(it->s);
		in->ops->changed(in->arg, it->s);
	}
}

static void
add_output(struct inputs *in, struct child *c, unsigned end, char *const *argv)
{
	const char *name = inputs_path_tail(argv[0], 1);
	char *line = command_line(argv);
	char *path = xasprintf("-- %s%s", line, end == CHILD_ERR ? " (stderr)" : "");
	struct item *it = inputs_new_item(in, path);

	it->s->child = c;
	it->s->child_end = end;
	it->s->stream = true;
	free(it->s->name);
	it->s->name = xasprintf("%s%s", name, end == CHILD_ERR ? " stderr" : "");
	in->ops->added(in->arg, it->s);
	free(path);
	free(line);
}

void
inputs_add_command(struct inputs *in, char *const *argv)
{
	struct child *c = child_new(in->loop, argv, on_child, in);

	ARRAY_GROW(in->children, in->n_children, in->children_cap);
	in->children[in->n_children++] = c;
	for (unsigned end = 0; end < CHILD_ENDS; end++)
		add_output(in, c, end, argv);
}

int
inputs_restart(struct inputs *in, const struct source *s, struct err *err)
{
	(void)in;
	if (!s->child) {
		err_set(err, EINVAL, 0, "%s is no command: it cannot be started again", s->name);
		return -1;
	}
	child_restart(s->child);
	return 0;
}

void
inputs_stop_commands(struct inputs *in)
{
	for (size_t i = 0; i < in->n_children; i++)
		child_stop(in->children[i]);
}

bool
inputs_command_runs(const struct inputs *in)
{
	for (size_t i = 0; i < in->n_children; i++)
		if (child_running(in->children[i]))
			return true;
	return false;
}
