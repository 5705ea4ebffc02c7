/*
 * view: plain values, the only door between the engine and the screen.
 *
 * Each function fills a struct that the caller owns; text in it is copied
 * into the struct's own buffer (view_text) or points to what lives as long as the engine
 * (names of levels, formats, sources). Nothing here changes the engine, but
 * that selections are brought up to date for the records that are asked for.
 */
#ifndef CORE_VIEW_H
#define CORE_VIEW_H

#include "core/engine.h"
#include "core/rates.h"

/* The stretch of log time that is looked at. */
struct timeframe {
	int64_t from, to; /* [from, to) */
	bool live;        /* its right edge moves with the clock */
};

/*
 * The timeframe of `window` ns that ends at `edge`, or, with TIME_NONE, at the
 * newest record; at the wall clock `now` while records arrive live.
 */
struct timeframe view_timeframe(const struct engine *e, int64_t window, int64_t edge, int64_t now);

/* ---- status line ------------------------------------------------------ */

enum { VIEW_RATES = RATES_SECONDS };
struct view_status {
	unsigned sources, waiting, failed;
	unsigned silent;              /* sources that spoke while they were watched, and do not any more */
	double rate;                  /* records a second, over the last few seconds of receipt */
	uint32_t rates[VIEW_RATES];   /* records received in each of the last seconds, newest last */
	uint64_t records;             /* taken in since the start */
	uint64_t held, evicted;
	int64_t evicted_to;           /* newest time evicted */
	uint64_t memory, log_bytes;   /* held, and what it is of */
	uint64_t unparsed, cut;
	uint64_t lost;                /* bytes gone before they were read */
	unsigned gaps;                /* times that more may be gone, nobody can say how much */
	uint64_t slow;                /* requests slower than --slow, in all */
	double slow_limit;
	double loading;               /* 0..1 of the history that is there; 1 when all is read */
	int64_t reach;                /* while history is read: the numbers are of everything from here on */
	uint64_t behind;              /* bytes that stand in files and are not read yet, history apart */
	int64_t oldest, newest;       /* of the records that were counted; TIME_NONE: none */
	uint64_t in_flight;
	char message[320];            /* a source that is missing or unreadable, "" when all is well */
	int64_t silent_since;         /* when the last one to fall silent did; 0: none is silent */
	char silence[160];            /* what to say of it: "app.log silent for 4m, usually 12/s" */
};
void view_status(struct engine *e, int64_t now, struct view_status *out);

/* ---- errors over time --------------------------------------------------- */

struct view_timeline {
	int64_t from, step;  /* ns */
	size_t n;            /* buckets */
	uint32_t *count;     /* owned; count[i * LEVEL_COUNT + level] */
	uint64_t total[LEVEL_COUNT];
	bool filtered;       /* counts only what the filter lets through */
	int64_t gone_to;     /* records up to this time were evicted, TIME_NONE: none */
};
/* n buckets of `step` that end at or after `to`, aligned to whole steps of local time. */
void view_timeline(struct engine *e, int64_t to, int64_t step, size_t n, struct view_timeline *out);
void view_timeline_release(struct view_timeline *v);

/* ---- levels ------------------------------------------------------------- */

struct view_levels {
	uint64_t count[LEVEL_COUNT];
	uint64_t total;
	bool filtered;
};
void view_levels(struct engine *e, const struct timeframe *t, struct view_levels *out);

/* ---- requests ------------------------------------------------------------- */

enum view_sort { SORT_ROUTE, SORT_COUNT, SORT_ERRORS, SORT_AVG, SORT_P50, SORT_P95, SORT_P99, SORT_MAX, SORT_COLUMNS };
struct view_route {
	char method[12];
	char route[256];     /* "" for requests whose path is not known */
	uint32_t id;         /* names the route while the engine lives */
	uint64_t count;
	double per_minute, error_percent;
	double avg, p50, p95, p99, max; /* seconds */
	uint32_t trend[16];  /* p95 in ms over the sixteenths of the timeframe */
};
struct view_requests {
	struct view_route *rows; /* owned */
	size_t n;
	uint64_t count, slow, failed; /* in the timeframe */
	double p95;
	bool filtered; /* only requests that the filter's records belong to, as far as these are held */
	bool partial;  /* not all of these yet, or only the newest */
	struct timeframe frame;
};
void view_requests(struct engine *e, const struct timeframe *t, enum view_sort sort, bool reverse,
		   struct view_requests *out);
void view_requests_release(struct view_requests *v);

/* ---- who has how many ------------------------------------------------------ */

/* Records by logger, source, class of status ("4xx"); requests by method and route. */
enum view_by { BY_LOGGER, BY_SOURCE, BY_STATUS, BY_METHOD, BY_ROUTE, BY_COUNT };
struct view_count {
	char name[256];
	bool other;          /* those without a name, or beyond what is told apart: `name` is "" */
	uint64_t count;
	uint64_t errors;     /* ERROR and worse; 5xx; requests that failed */
};
struct view_breakdown {
	struct view_count *rows; /* owned; those that have most first, other ones last */
	size_t n;
	uint64_t count, errors;  /* of all rows */
	bool filtered;           /* counts only what the filter lets through; requests are never filtered */
};
void view_breakdown(struct engine *e, const struct timeframe *t, enum view_by by, struct view_breakdown *out);
void view_breakdown_release(struct view_breakdown *v);

/* ---- log ------------------------------------------------------------------ */

struct view_row {
	uint64_t id;
	struct place place;
	int64_t time;
	bool own_time;
	bool hit;            /* the search has it */
	enum level level;
	const char *format;
	unsigned source;
	char logger[48];
	struct span text;    /* message and what else is worth a line; in the view's buffer */
	double duration;     /* seconds, negative: none */
	uint32_t more_lines; /* that belong to it */
};
struct view_log {
	struct view_row *rows; /* owned; in merged order */
	size_t n;
	uint64_t matched, total; /* records the filter has, records held */
	uint64_t hits;           /* records the search has */
	bool counting;           /* matched and hits may still grow */
	bool at_end;             /* no record follows the last row */
	struct strbuf text;      /* owned: the rows' text */
};
/*
 * Rows around a place: at most `before` that stand before it and at most
 * `after` that stand after it (a record at the place itself counts as after
 * when `inclusive`).
 */
void view_log(struct engine *e, struct place at, bool inclusive, size_t before, size_t after,
	      struct view_log *out);
void view_log_release(struct view_log *v);

/* What a walk looks for. */
enum view_find { FIND_HIT, FIND_ERROR, FIND_WARNING };
enum view_found { FOUND_NONE, FOUND, FOUND_LATER };
/*
 * The next such record after (direction +1) or before (-1) a place. LATER: the deadline
 * (clock_mono ns) came before records were looked at that may be it; the same call goes on,
 * for what is looked at stays known. Hits are the search's, whatever the filter.
 */
enum view_found view_find(struct engine *e, struct place from, enum view_find what, int direction, int64_t deadline,
			  struct place *out);

/* The stretch [from, to) of time of the records that the filter has, as far as is known; false: none. */
bool view_span(struct engine *e, int64_t *from, int64_t *to);

struct view_hits {
	int64_t from, to, step;
	size_t n;            /* parts of `step` ns, the last one to the end */
	uint32_t *count;     /* owned; hits in each, as far as is known; NULL: nothing is searched for */
	uint64_t total;
};
/* The search's hits with a time of their own, in n parts of [from, to). */
void view_hits(struct engine *e, int64_t from, int64_t to, size_t n, struct view_hits *out);
void view_hits_release(struct view_hits *v);
/* The part that a time is in, or nearest to; v->n is not 0. */
size_t view_hits_part(const struct view_hits *v, int64_t t);

/* ---- one record -------------------------------------------------------------- */

struct view_field {
	struct span key, value; /* in the record's buffer; unescaped */
	enum field id;
};
struct view_record {
	uint64_t id;
	struct place place;
	int64_t time;
	bool own_time;
	enum level level;
	const char *format, *format_title;
	const char *source;
	struct span logger, message;
	struct span raw;           /* all of its bytes */
	struct span traceback;     /* continuation lines or exc_info, unescaped; empty: none */
	struct view_field *fields; /* owned */
	size_t n;
	struct strbuf text;        /* owned: all text above */
};
/* false when the record is gone. Secrets are masked where the engine masks them, but in what is as it is. */
bool view_record(struct engine *e, uint64_t id, struct view_record *out);
bool view_record_as_is(struct engine *e, uint64_t id, struct view_record *out);
void view_record_release(struct view_record *v);
/* How it was read and why, as lines of at most `width` columns, safe to show. false when it is gone. */
bool view_explain(struct engine *e, uint64_t id, size_t width, struct strbuf *out);

/* ---- secrets -------------------------------------------------------------------- */

struct view_secret {
	char logger[64];    /* "": none */
	const char *rule;   /* of the groups of mask.h */
	uint64_t records;   /* of the logger that hold such a secret; one may hold several kinds */
};
struct view_secrets {
	struct view_secret *rows; /* owned; most records first */
	size_t n;
	uint64_t looked, records; /* looked at so far, and how many of these hold a secret */
	bool counting;            /* more of what is held is still to be looked at */
};
/* The first call begins to look, which goes on with engine_step(). */
void view_secrets(struct engine *e, struct view_secrets *out);
void view_secrets_release(struct view_secrets *v);

/* ---- filters ---------------------------------------------------------------------- */

/*
 * How many of the records held query i of engine_census() has, as far as is known;
 * false: it is not counted to the end, or records have come since.
 */
bool view_census(const struct engine *e, size_t i, uint64_t *count);

/* ---- sources ------------------------------------------------------------------ */

enum { VIEW_SOURCE_NAME = 256 };
struct view_source {
	unsigned id;
	char name[VIEW_SOURCE_NAME];
	const char *path;
	enum source_state state;
	int error;           /* errno, 0: none */
	bool stream, missing, polled; /* as in source.h */
	bool closed;         /* by a person */
	bool broken;         /* what was read is not all there is: `note` says why */
	bool command;        /* what a command writes: engine_restart() */
	bool ended_badly;    /* the command ended by itself, other than with status 0: see `note` */
	char note[96];       /* what else is to be known of its state: "exited 1"; "": nothing */
	const char *watch_note; /* why it is polled; NULL when it is not */
	double loading;      /* 0..1 of its history; 1 when all is read */
	/* Of all that was read, held or not. */
	uint64_t bytes, lines, records, cut;
	uint64_t by_level[LEVEL_COUNT];
	uint64_t errors;     /* ERROR and worse */
	char formats[96];    /* names, the most frequent first */
	uint64_t held, held_bytes, memory; /* records, bytes of log, and what they take in memory */
	uint64_t lag;        /* bytes of the file behind what was read */
	uint64_t lost;       /* bytes gone before they were read */
	unsigned gaps;       /* times that more may be gone */
	unsigned rotations, truncations;
	double rate;         /* records a second, over the last few seconds of receipt */
	uint32_t rates[VIEW_RATES]; /* records received in each of the last seconds, newest last */
	double usual;        /* records a second; 0: not known yet */
	bool silent;         /* for longer than is usual (silence.h) */
	int64_t newest;      /* log time of its newest record, TIME_NONE: none has one */
	int64_t last_read;   /* wall clock of its last bytes, 0: never */
};
struct view_sources {
	struct view_source *v; /* owned; by id */
	size_t n;
};
void view_sources(struct engine *e, int64_t now, struct view_sources *out);
void view_sources_release(struct view_sources *v);
/* One word for how it is: "following", "reading 43%", "silent"; at most 12 columns, into buf; returns buf. */
const char *view_source_state(const struct view_source *v, char *buf, size_t n);
/* Names by id; returns how many there are, at most max. */
size_t view_source_names(struct engine *e, char (*out)[VIEW_SOURCE_NAME], size_t max);
/* Why nothing is shown: folders without logs, files that are not there; "" when there are records. */
void view_empty_reason(struct engine *e, char *buf, size_t n);

#endif
