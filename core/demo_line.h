/*
 * demo_line: the shapes of the demo's lines.
 *
 * Each function puts one record into the log at time `t` (ns since 1970).
 * Times are written as the services of such a shop write them: local time,
 * without a zone but in the access log.
 */
#ifndef CORE_DEMO_LINE_H
#define CORE_DEMO_LINE_H

#include "core/demo_log.h"
#include "core/demo_rand.h"
#include "core/demo_text.h"

/* A request, as far as its lines need it. */
struct demo_request {
	char id[37];
	char ip[16];
	char path[64];
	const struct demo_route *route;
	const struct demo_fault *fault;
	const char *agent;
	unsigned user; /* 0: not signed in */
	unsigned size; /* of the response */
	unsigned took; /* microseconds */
};

/* Microseconds as seconds, whatever decimal point the user's locale has. */
#define DEMO_SECONDS "%u.%06u"
#define DEMO_SECONDS_OF(us) (us) / 1000000, (us) % 1000000

/* A JSON record of the application; `fields` is a format for members after the message. */
void demo_line_json(struct demo_log *l, int64_t t, const char *logger, const char *level,
	const char *message, const char *fields, ...) __attribute__((format(printf, 6, 7)));
/* The exception of a failed request, with its traceback. */
void demo_line_failure(struct demo_log *l, int64_t t, const struct demo_request *r);
/* Django's verbose text; `traceback` may be NULL. */
void demo_line_text(struct demo_log *l, int64_t t, const char *level, const char *module,
	unsigned pid, const char *message, const char *traceback);
/* An access line of the server in front, for a file it serves itself; the duration last in microseconds. */
void demo_line_access(struct demo_log *l, int64_t t, const struct demo_request *by, const char *path, int status,
	unsigned size, unsigned took);
/* celery's; `process` as in ForkPoolWorker-1, `traceback` may be NULL. */
void demo_line_celery(struct demo_log *l, int64_t t, const char *level, const char *process,
	const char *message, const char *traceback);

/* Replace b by the text with its digits drawn (see demo_text.h). */
void demo_line_digits(struct strbuf *b, const char *text, struct demo_rand *r);

#endif
