/*
 * inputs: arguments become sources; the watch, the tick and the streams'
 * descriptors say when to look at a source again.
 *
 *	arg "/srv/logs" (folder)  --> source 0 /srv/logs/app.log
 *	                          --> source 1 /srv/logs/error.log
 *	arg "/var/log/nginx.log"  --> source 2
 *
 * Sources are never dropped: what was shown stays countable. A path leads
 * over hops (hops.h) whose folders are watched; an event is matched against
 * the hops of arguments (is there something new?) and of sources (look at it
 * again). Everything is looked at once a second as well, which finds what no
 * event told.
 *
 * A stream's descriptor is polled for one event at a time and again only
 * after the source was read empty, so that a reader who takes its time does
 * not make the loop spin. That is noticed just before the loop sleeps.
 */
#include "config.h"

#include "core/inputs_internal.h"

#include "core/alloc.h"
#include "core/expand.h"
#include "core/logname.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { TICK_MS = 1000 };

struct arg {
	struct expand expand;
	struct hops hops; /* of the folder */
	bool rescan;      /* no event tells of all that comes: list it again at each tick */
	size_t found;
};

/* ---- names ------------------------------------------------------------------------- */

const char *
inputs_path_tail(const char *path, unsigned parts)
{
	const char *p = path + strlen(path);

	for (; p > path; p--)
		if (p[-1] == '/' && --parts == 0)
			return p;
	return path;
}

static bool
tail_is_shared(const struct inputs *in, const struct source *s, unsigned parts)
{
	const char *tail = inputs_path_tail(s->path, parts);

	for (size_t i = 0; i < in->n; i++) {
		const struct source *o = in->items[i]->s;

		if (o != s && !o->child && strcmp(inputs_path_tail(o->path, parts), tail) == 0)
			return true;
	}
	return false;
}

static void
set_name(const struct inputs *in, struct source *s)
{
	unsigned parts = 1;

	while (inputs_path_tail(s->path, parts) != s->path && tail_is_shared(in, s, parts))
		parts++;
	free(s->name);
	s->name = xstrdup(strcmp(s->path, "-") == 0 ? "stdin" : inputs_path_tail(s->path, parts));
}

/* Name a new source, and those anew that end like it. */
static void
name_sources(const struct inputs *in, struct source *fresh)
{
	const char *tail = inputs_path_tail(fresh->path, 1);

	for (size_t i = 0; i < in->n; i++) {
		struct source *s = in->items[i]->s;

		if (!s->child && strcmp(inputs_path_tail(s->path, 1), tail) == 0)
			set_name(in, s);
	}
}

/* ---- sources ----------------------------------------------------------------------- */

/* Watch the folders on the way; 0, or errno of why one cannot be. */
static int
watch_hops(struct inputs *in, struct hops *h, const char *path)
{
	int error = in->no_watch;

	hops_walk(h, path);
	for (size_t i = 0; in->watch && i < h->n; i++) {
		int r = watch_dir(in->watch, h->v[i].dir);

		error = r < 0 ? -r : error;
	}
	return error;
}

static void
item_watch(struct item *it)
{
	struct source *s = it->s;

	if (!it->in->tick || s->child || strcmp(s->path, "-") == 0)
		return;
	int error = watch_hops(it->in, &it->hops, s->path);

	s->polled = error != 0;
	s->watch_note = error ? watch_why(error) : NULL;
}

static bool
is_known(const struct inputs *in, const char *path)
{
	for (size_t i = 0; i < in->n; i++)
		if (strcmp(in->items[i]->s->path, path) == 0)
			return true;
	return false;
}

static bool
is_followed(const struct inputs *in, dev_t dev, ino_t ino)
{
	for (size_t i = 0; i < in->n; i++) {
		const struct source *s = in->items[i]->s;
		struct stat st;

		if (s->file && s->file->dev == dev && s->file->ino == ino)
			return true;
		if (!s->file && stat(s->path, &st) == 0 && st.st_dev == dev && st.st_ino == ino)
			return true;
	}
	return false;
}

static bool
was_read(const struct inputs *in, const char *path)
{
	return in->ops->was_read && in->ops->was_read(in->arg, path);
}

struct item *
inputs_new_item(struct inputs *in, const char *path)
{
	struct item *it = xcalloc(1, sizeof *it);

	ARRAY_GROW(in->items, in->n, in->cap);
	it->in = in;
	it->s = source_new((unsigned)in->n, path, path);
	in->items[in->n++] = it;
	return it;
}

static void
add_source(struct inputs *in, const char *path, bool fixed)
{
	struct item *it = inputs_new_item(in, path);

	it->s->fixed = fixed;
	name_sources(in, it->s);
	/* Watched before it is read, so that nothing falls in between. */
	item_watch(it);
	in->ops->added(in->arg, it->s);
}

static void
add_file(struct inputs *in, const char *path)
{
	struct stat st;

	if (is_known(in, path) || (stat(path, &st) == 0 && is_followed(in, st.st_dev, st.st_ino)) ||
	    was_read(in, path))
		return;
	add_source(in, path, logname_is_rotated(inputs_path_tail(path, 1)));
}

/* ---- arguments --------------------------------------------------------------------- */

/* A copy that a rotation makes is met before the log stands at its path again. */
static bool
is_copy_of_known(const struct inputs *in, const char *path)
{
	const char *name = inputs_path_tail(path, 1);
	char *base = logname_base(name);
	char *log = base ? xasprintf("%.*s%s", (int)(name - path), path, base) : NULL;
	bool known = log && is_known(in, log);

	free(base);
	free(log);
	return known;
}

/* Make sources of what was found and is new; releases the list. */
static void
adopt(struct inputs *in, struct arg *a, struct found_list *l)
{
	for (size_t i = 0; i < l->n; i++) {
		const struct found *f = &l->v[i];

		if (is_known(in, f->path) || is_followed(in, f->dev, f->ino) ||
		    was_read(in, f->path) || is_copy_of_known(in, f->path) || !logname_is_text(f->path))
			continue;
		a->found++;
		add_source(in, f->path, false);
	}
	found_list_release(l);
}

static void
arg_list(struct inputs *in, struct arg *a)
{
	struct found_list l = { NULL, 0, 0 };

	expand_list(&a->expand, &l);
	adopt(in, a, &l);
}

/* Watch the way to the folder, and the folder. */
static void
arg_watch(struct inputs *in, struct arg *a)
{
	if (!in->tick)
		return;
	a->rescan = watch_hops(in, &a->hops, a->expand.dir) || a->expand.deep;
	if (in->watch && a->hops.end)
		a->rescan |= watch_dir(in->watch, a->hops.end) < 0;
}

/* A name in the argument's folder, or on the way to it. */
static void
arg_event(struct inputs *in, struct arg *a, const char *dir, const char *name)
{
	if (hops_has(&a->hops, dir, name)) {
		arg_watch(in, a);
		arg_list(in, a);
	}
	if (a->hops.end && strcmp(a->hops.end, dir) == 0) {
		struct found_list l = { NULL, 0, 0 };

		expand_name(&a->expand, name, &l);
		adopt(in, a, &l);
	}
}

/* ---- what the watch and the clock say ---------------------------------------------- */

static void
look_at(struct item *it)
{
	struct source *s = it->s;
	bool busy = source_is_pipe(s) && s->state == SOURCE_OPEN;

	if (!busy && (s->state != SOURCE_ENDED || source_revive(s)))
		it->in->ops->changed(it->in->arg, s);
}

static void
look_at_all(struct inputs *in, bool list)
{
	for (size_t i = 0; i < in->n_args; i++) {
		arg_watch(in, &in->args[i]);
		if (list || in->args[i].rescan)
			arg_list(in, &in->args[i]);
	}
	for (size_t i = 0; i < in->n; i++) {
		item_watch(in->items[i]);
		look_at(in->items[i]);
	}
}

static void
on_watch(void *arg, const char *dir, const char *name)
{
	struct inputs *in = arg;

	if (!name) {
		in->look_at_all = true;
		if (!in->ticking)
			look_at_all(in, true);
		return;
	}
	for (size_t i = 0; i < in->n_args; i++)
		arg_event(in, &in->args[i], dir, name);
	for (size_t i = 0; i < in->n; i++) {
		struct item *it = in->items[i];

		if (!hops_has(&it->hops, dir, name))
			continue;
		if (!it->hops.direct)
			item_watch(it);
		look_at(it);
	}
}

static void on_tick(uv_timer_t *tick);

static void
schedule(struct inputs *in)
{
	uv_timer_start(in->tick, on_tick, TICK_MS - uv_now(in->loop) % TICK_MS, 0);
}

static void
on_tick(uv_timer_t *tick)
{
	struct inputs *in = tick->data;

	in->ticking = true;
	in->look_at_all = false;
	if (in->watch)
		watch_tick(in->watch);
	in->ticking = false;
	look_at_all(in, in->look_at_all);
	schedule(in);
}

/* ---- from outside ------------------------------------------------------------------ */

int
inputs_add(struct inputs *in, const char *arg, struct err *err)
{
	struct expand x;

	if (strcmp(arg, "-") == 0) {
		if (!is_known(in, "-"))
			add_source(in, "-", false);
		return 0;
	}
	if (expand_init(&x, arg, err) < 0)
		return -1;
	if (x.kind == EXPAND_FILE) {
		add_file(in, x.path);
		expand_release(&x);
		return 0;
	}
	ARRAY_GROW(in->args, in->n_args, in->args_cap);
	struct arg *a = &in->args[in->n_args++];

	*a = (struct arg){ .expand = x, .hops = HOPS_INIT };
	arg_watch(in, a);
	arg_list(in, a);
	return 0;
}

size_t
inputs_count(const struct inputs *in)
{
	return in->n;
}

struct source *
inputs_get(const struct inputs *in, size_t i)
{
	return in->items[i]->s;
}

static const char *
why_waiting(const struct expand *x)
{
	if (x->error && x->error != ENOENT)
		return strerror(x->error);
	if (x->error)
		return "not there yet, waiting";
	return x->kind == EXPAND_GLOB ? "no file matches yet, waiting" : "no log files yet, waiting";
}

const char *
inputs_waiting(struct inputs *in)
{
	for (size_t i = 0; i < in->n_args; i++) {
		const struct arg *a = &in->args[i];

		if (a->found)
			continue;
		free(in->waiting);
		in->waiting = xasprintf("%s: %s", a->expand.text, why_waiting(&a->expand));
		return in->waiting;
	}
	return NULL;
}

struct inputs *
inputs_new(uv_loop_t *loop, bool follow, const struct inputs_ops *ops, void *arg, struct err *err)
{
	struct inputs *in = xcalloc(1, sizeof *in);
	struct err why = { 0 };

	in->loop = loop;
	in->ops = ops;
	in->arg = arg;
	in->before_sleep = xmalloc(sizeof *in->before_sleep);
	uv_prepare_init(loop, in->before_sleep);
	in->before_sleep->data = in;
	uv_prepare_start(in->before_sleep, inputs_arm_streams);
	uv_unref((uv_handle_t *)in->before_sleep);
	if (!follow)
		return in;
	in->watch = watch_new(loop, on_watch, in, &why);
	in->no_watch = in->watch ? 0 : why.code;
	if (!in->watch && err)
		*err = why;
	in->tick = xmalloc(sizeof *in->tick);
	uv_timer_init(loop, in->tick);
	in->tick->data = in;
	schedule(in);
	return in;
}

static void
item_free(struct item *it)
{
	inputs_close_handle(it->poll);
	hops_release(&it->hops);
	source_free(it->s);
	free(it);
}

void
inputs_free(struct inputs *in)
{
	if (!in)
		return;
	watch_free(in->watch);
	inputs_close_handle(in->tick);
	inputs_close_handle(in->before_sleep);
	for (size_t i = 0; i < in->n; i++)
		item_free(in->items[i]);
	free(in->items);
	for (size_t i = 0; i < in->n_args; i++) {
		hops_release(&in->args[i].hops);
		expand_release(&in->args[i].expand);
	}
	free(in->args);
	for (size_t i = 0; i < in->n_children; i++)
		child_free(in->children[i]);
	free(in->children);
	free(in->waiting);
	free(in);
}
