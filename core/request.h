/*
 * request: joins the records of one request by its request_id, so that a
 * request counts once.
 *
 * Middleware logs a request in several records: "Request started" has method
 * and path, "Request completed" has status and duration and nothing else,
 * "Slow request detected" and "Request failed with exception" repeat the
 * duration. Rules: a part without duration starts (or adds to) a request; a
 * part with a status and a duration completes it; a part with a duration and
 * no status is a repetition, and completes the request only if no completion comes
 * (counted when it leaves the table, or at requests_flush). A part without an
 * id is a request by itself when it has a duration and a path, or is an access line.
 * Parts may come in any order, because files are read from their end backwards.
 * The table is bounded; what leaves it unfinished is counted.
 */
#ifndef CORE_REQUEST_H
#define CORE_REQUEST_H

#include "core/clock.h"
#include "core/span.h"

#define ROUTE_NONE UINT32_MAX

/* What one record says of its request. */
struct request_part {
	uint64_t id_hash;   /* span_hash of the request id, 0 when it has none */
	uint64_t record;    /* id of the record */
	int64_t time;       /* of the record, UTC ns */
	uint32_t route;     /* engine's number, or ROUTE_NONE */
	uint16_t status;    /* 0: none */
	bool failed;        /* carries an exception, or level ERROR and above */
	bool start;         /* a start: has a path but neither status nor duration */
	double duration;    /* seconds, negative: none */
};

/* A request as it is counted. */
struct request {
	uint64_t id_hash;
	uint64_t start_record, end_record; /* 0: none */
	int64_t start_time, end_time;      /* TIME_NONE: not known */
	uint32_t route;
	uint16_t status;
	bool failed;       /* status >= 500, or an exception */
	double duration;
};

struct requests;

/* Called once for every finished request, from within the calls below; it must not call them. */
typedef void request_done(void *arg, const struct request *q);
struct requests *requests_new(size_t limit, request_done *done, void *arg);
void requests_free(struct requests *t);

/*
 * Parts of the same id are one request, however long after: what repeats a finished one is
 * dropped, until `limit` younger requests have pushed it out. A completion that has a route of
 * its own waits for nothing.
 */
void requests_add(struct requests *t, const struct request_part *part);
/* The same for each of them in turn, but faster; best some tens at a time. */
void requests_add_all(struct requests *t, const struct request_part *parts, size_t n);

/*
 * Nothing older will come (all is read): finish what waits for its start. Starts without an end
 * stay in flight. From now on a completion whose start is not known counts at once, without a
 * route.
 */
void requests_flush(struct requests *t);
/*
 * The opposite, and how a table begins: older parts may come, and completions wait for their
 * start until the next flush.
 */
void requests_expect_older(struct requests *t);

/* What is known of a request by the hash of its id, until the next call that adds; NULL when it left the table. */
const struct request *requests_find(const struct requests *t, uint64_t id_hash);

/* Requests that began at or after `since` and have not ended. Walks back to the oldest of them. */
uint64_t requests_in_flight(const struct requests *t, int64_t since);
/* Starts that left the table without an end. */
uint64_t requests_lost(const struct requests *t);

#endif
