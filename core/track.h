/*
 * track: one of the sources that search --follow prints, how much of it is
 * history, and what was said of it on standard error.
 */
#ifndef CORE_TRACK_H
#define CORE_TRACK_H

#include "core/lane.h"

/* A line for a person: what, and why or NULL. */
typedef void track_complain(const char *what, const char *why);

struct track {
	struct lane lane;
	struct source *source; /* borrowed */
	track_complain *complain;
	uint64_t end;        /* of what is history: an offset in the first file */
	bool history;        /* not yet read up to there */
	bool more;           /* there is something to read */
	int64_t opened;      /* when the file was last written to before it was opened, ns; 0: it is not open */
	uint64_t grown;      /* when bytes were last read, ms as told */
	uint64_t told_lost;
	unsigned told_gaps;
	int told_error;
};

/* The source is not open yet. NULL is no format. */
struct track *track_new(struct source *s, const struct format *only, track_complain *complain);
void track_free(struct track *t);

/*
 * Look at the source again, which has changed: opens it. `history`: what is in it is history, or with
 * `only_new` not wanted at all; else it came just now.
 */
void track_look(struct track *t, bool history, bool only_new);

/* Read some, and see whether the history ends there. `now` is the loop's, ms. */
void track_pull(struct track *t, uint64_t now);

/* The time of its next complete record; false: there is none. */
bool track_next(struct track *t, int64_t *time);

/* When its last record, which may go on, counts as complete, ms as told; 0: there is no such. */
uint64_t track_settles_at(const struct track *t);

/* Nothing can come of it any more: a stream that nobody can write to. */
bool track_is_over(const struct track *t);

#endif
