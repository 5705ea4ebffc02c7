/*
 * track.c: a lane, and where the source stood when following began.
 *
 *	file   [ history ......... end ][ new ...
 *
 * What is only wanted from now on begins with the line that was being written.
 */
#include "config.h"

#include "core/track.h"

#include "core/alloc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	PULL_BYTES = 128 << 10,
	/* A record that may go on, and does not for so long, is complete: tracebacks come in pieces more often. */
	QUIET_MSEC = 10, ERROR_QUIET_MSEC = 100,
};

struct track *
track_new(struct source *s, const struct format *only, track_complain *complain)
{
	struct track *t = xcalloc(1, sizeof *t);

	t->source = s;
	t->complain = complain;
	lane_init(&t->lane, s, only);
	return t;
}

void
track_free(struct track *t)
{
	lane_release(&t->lane);
	free(t);
}

/* ---- what is said of it ------------------------------------------------------------ */

static void
tell_error(struct track *t)
{
	const struct source *s = t->source;
	int error = s->state == SOURCE_FAILED || s->state == SOURCE_WAITING ? s->error : 0;

	if (error && error != t->told_error)
		t->complain(s->path, s->state == SOURCE_WAITING ? "not there yet, waiting" : strerror(error));
	t->told_error = error;
}

static void
tell_losses(struct track *t)
{
	const struct source *s = t->source;
	char why[96];

	if (s->lost != t->told_lost) {
		snprintf(why, sizeof why, "%llu bytes were cut off before they were read",
			 (unsigned long long)(s->lost - t->told_lost));
		t->complain(s->path, why);
	}
	if (s->gaps != t->told_gaps)
		t->complain(s->path, "files may have been rotated away unread");
	t->told_lost = s->lost;
	t->told_gaps = s->gaps;
}

/* ---- opening and reading ------------------------------------------------------------ */

/* Where the unfinished last line of a file begins, its end when there is none. */
static uint64_t
last_line(const struct source *s, uint64_t size)
{
	char buf[4096];

	for (uint64_t end = size; end > 0;) {
		size_t n = end < sizeof buf ? (size_t)end : sizeof buf;
		ssize_t got = pread(s->file->fd, buf, n, (off_t)(end - n));
		const char *nl = got == (ssize_t)n ? memrchr(buf, '\n', n) : NULL;

		if (nl)
			return end - n + (uint64_t)(nl - buf) + 1;
		end -= n;
	}
	return 0;
}

static void
open_source(struct track *t, bool history, bool only_new)
{
	struct source *s = t->source;
	struct stat st;

	if (source_open(s) || s->stream || !history)
		return;
	source_sniff(s);
	t->lane.intake.joiner.parser.memory = s->memory;
	t->opened = fstat(s->file->fd, &st) ? 0 : st.st_mtim.tv_sec * NSEC + st.st_mtim.tv_nsec;
	t->end = source_size(s);
	if (only_new)
		s->offset = last_line(s, t->end);
	t->history = s->offset < t->end;
}

void
track_look(struct track *t, bool history, bool only_new)
{
	if (t->source->state == SOURCE_WAITING || t->source->state == SOURCE_FAILED)
		open_source(t, history, only_new);
	tell_error(t);
	t->more = t->source->state == SOURCE_OPEN;
}

/* Its last record is complete if the file was quiet before it was opened. */
static void
end_history(struct track *t)
{
	t->history = false;
	if (clock_now() - t->opened > ERROR_QUIET_MSEC * INT64_C(1000000))
		lane_settle(&t->lane);
}

void
track_pull(struct track *t, uint64_t now)
{
	struct source *s = t->source;
	uint64_t bytes = s->bytes;

	t->more = lane_pull(&t->lane, PULL_BYTES, t->history && t->opened ? t->opened : clock_now());
	if (t->history && (!t->more || s->generation || s->offset >= t->end))
		end_history(t);
	if (s->bytes != bytes)
		t->grown = now;
	tell_error(t);
	tell_losses(t);
}

bool
track_next(struct track *t, int64_t *time)
{
	uint32_t row;
	const struct block *b = lane_next(&t->lane, &row);

	if (b)
		*time = b->time[row];
	return b != NULL;
}

uint64_t
track_settles_at(const struct track *t)
{
	if (!lane_pending(&t->lane))
		return 0;
	return t->grown + (lane_patient(&t->lane) ? ERROR_QUIET_MSEC : QUIET_MSEC);
}

bool
track_is_over(const struct track *t)
{
	const struct source *s = t->source;
	struct stat st;

	if (s->child)
		return s->state != SOURCE_OPEN;
	return s->state == SOURCE_ENDED && (stat(s->path, &st) || !S_ISFIFO(st.st_mode));
}
