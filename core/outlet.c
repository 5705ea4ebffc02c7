/*
 * outlet.c: a pipe that poll() calls writable takes PIPE_BUF bytes without
 * blocking, so that much is written at a time, after a look each.
 *
 * The loop does not watch the descriptor itself, because libuv would make it
 * non-blocking, for everybody who has it. It watches an epoll descriptor that
 * has it as its only member:
 *
 *	loop -> uv_poll -> epoll descriptor -> fd
 *
 * With nothing to write that one is asked for errors only, which tells when the reader
 * goes. Regular files are no members of epoll: they are always writable.
 */
#include "config.h"

#include "core/outlet.h"

#include "core/alloc.h"
#include "core/strbuf.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

struct outlet {
	int fd, epoll;        /* epoll: -1 for a regular file */
	uv_poll_t *poll;      /* NULL for a regular file */
	struct strbuf buf;
	size_t written;       /* of buf */
	bool closed, asked;   /* asked: `drained` is due */
	const struct outlet_ops *ops;
	void *arg;
};

static void
watch_for(struct outlet *o, uint32_t events)
{
	struct epoll_event ev = { .events = events };

	if (o->poll)
		epoll_ctl(o->epoll, EPOLL_CTL_MOD, o->fd, &ev);
	o->asked = events != 0;
}

static void
close_with(struct outlet *o, int error)
{
	o->closed = true;
	if (o->poll)
		uv_poll_stop(o->poll);
	o->ops->closed(o->arg, error);
}

static void
on_ready(uv_poll_t *poll, int status, int events)
{
	struct outlet *o = poll->data;
	struct epoll_event ev;

	(void)status;
	(void)events;
	if (epoll_wait(o->epoll, &ev, 1, 0) <= 0)
		return;
	if (ev.events & (EPOLLERR | EPOLLHUP)) {
		close_with(o, EPIPE);
		return;
	}
	if (o->asked && outlet_flush(o) && !o->closed)
		o->ops->drained(o->arg);
}

struct outlet *
outlet_new(uv_loop_t *loop, int fd, const struct outlet_ops *ops, void *arg)
{
	struct outlet *o = xcalloc(1, sizeof *o);
	struct epoll_event ev = { .events = 0 };

	*o = (struct outlet){ .fd = fd, .ops = ops, .arg = arg, .epoll = epoll_create1(EPOLL_CLOEXEC) };
	if (o->epoll < 0 || epoll_ctl(o->epoll, EPOLL_CTL_ADD, fd, &ev) < 0)
		return o;
	o->poll = xmalloc(sizeof *o->poll);
	uv_poll_init(loop, o->poll, o->epoll);
	o->poll->data = o;
	uv_poll_start(o->poll, UV_READABLE, on_ready);
	return o;
}

static void
free_handle(uv_handle_t *h)
{
	free(h);
}

void
outlet_free(struct outlet *o)
{
	if (!o)
		return;
	if (o->poll)
		uv_close((uv_handle_t *)o->poll, free_handle);
	if (o->epoll >= 0)
		close(o->epoll);
	strbuf_release(&o->buf);
	free(o);
}

void
outlet_put(struct outlet *o, struct span s)
{
	if (!o->closed)
		strbuf_add(&o->buf, s);
}

static bool
writable(const struct outlet *o)
{
	struct pollfd p = { .fd = o->fd, .events = POLLOUT };

	return !o->poll || poll(&p, 1, 0) > 0;
}

bool
outlet_flush(struct outlet *o)
{
	size_t most = o->poll ? PIPE_BUF : SSIZE_MAX;

	while (!o->closed && o->written < o->buf.n && writable(o)) {
		size_t n = o->buf.n - o->written;
		ssize_t done = write(o->fd, o->buf.p + o->written, n < most ? n : most);

		if (done < 0 && errno == EAGAIN)
			break;
		if (done >= 0)
			o->written += (size_t)done;
		else if (errno != EINTR)
			close_with(o, errno);
	}
	bool all = o->written == o->buf.n;

	if (all) {
		strbuf_clear(&o->buf);
		o->written = 0;
	}
	if (!o->closed && o->asked != !all)
		watch_for(o, all ? 0 : EPOLLOUT);
	return all;
}

size_t
outlet_waiting(const struct outlet *o)
{
	return o->closed ? 0 : o->buf.n - o->written;
}
