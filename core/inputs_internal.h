/* The inside of the inputs, for inputs*.c only. */
#ifndef CORE_INPUTS_INTERNAL_H
#define CORE_INPUTS_INTERNAL_H

#include "core/hops.h"
#include "core/inputs.h"

struct arg;

struct item {
	struct inputs *in;
	struct source *s;
	struct hops hops;
	uv_poll_t *poll; /* of a stream, once it was read empty */
	bool started;    /* a stream that was told of once */
	bool armed;      /* its descriptor is polled now */
	int polled_fd;   /* of `poll`: a command that is started again has another one */
};

struct inputs {
	uv_loop_t *loop;
	const struct inputs_ops *ops;
	void *arg;
	struct watch *watch; /* NULL: not following, or no inotify */
	uv_timer_t *tick;    /* NULL: not following */
	uv_prepare_t *before_sleep;
	struct arg *args;
	size_t n_args, args_cap;
	struct item **items;
	size_t n, cap;
	bool ticking, look_at_all; /* what the watch wants during a tick is done at its end, once */
	char *waiting;
	int no_watch;        /* errno of why there is no inotify */
	struct child **children;
	size_t n_children, children_cap;
};

/* ---- inputs.c ---- */
/* The last `parts` components of a path; all of it when it has fewer. */
const char *inputs_path_tail(const char *path, unsigned parts);
/* A source that nobody was told of yet; it has no name. */
struct item *inputs_new_item(struct inputs *in, const char *path);

/* ---- inputs_stream.c ---- */
/* Before the loop sleeps: poll the streams that were read empty. */
void inputs_arm_streams(uv_prepare_t *handle);
/* Close a handle on the heap; the memory goes when the loop has closed it. NULL is fine. */
void inputs_close_handle(void *h);

#endif
