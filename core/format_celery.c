/*
 * celery's worker and beat:
 *
 *   [2025-09-08 21:48:00,219: INFO/MainProcess] Task shop.tasks.mail[9f0c...] received
 *   [2025-09-08 21:48:01,320: INFO/ForkPoolWorker-2] Task a.b.mail[9f0c...] succeeded in 1.1s: None
 *   [2025-09-08 21:48:01,320: WARNING/ForkPoolWorker-2] shop.tasks.mail[9f0c...]: text of the task
 *
 * The message is kept whole; task, its id, its state and how long it ran are
 * fields. The duration is a function's, not a request's.
 */
#include "config.h"

#include <ctype.h>

#include "core/format_rows.h"
#include "core/parsed.h"
#include "core/scan.h"

/* "name[id]" at the cursor: a dotted name and an id of hex digits and dashes. */
static bool
take_task(struct scan *sc)
{
	struct span rest = scan_rest(sc);
	size_t n = 0, id;

	while (n < rest.n && (isalnum((unsigned char)rest.p[n]) || rest.p[n] == '.' ||
			      rest.p[n] == '_' || rest.p[n] == '-'))
		n++;
	if (!n || n >= rest.n || rest.p[n] != '[')
		return false;
	for (id = n + 1; id < rest.n && (isxdigit((unsigned char)rest.p[id]) || rest.p[id] == '-');)
		id++;
	if (id < n + 9 || id >= rest.n || rest.p[id] != ']')
		return false;
	scan_set(sc, FIELD_TASK, span_head(rest, n));
	scan_set(sc, FIELD_TASK_ID, span_of(rest.p + n + 1, id - n - 1));
	sc->at += id + 1;
	return true;
}

/* "succeeded in 1.10s: result" */
static void
take_runtime(struct scan *sc)
{
	size_t from = sc->at;
	struct span text;
	double seconds;

	if (!scan_text(sc, "succeeded in ") || !scan_to(sc, ':', &text) || text.n < 2 ||
	    text.p[text.n - 1] != 's' || !parsed_number(span_head(text, text.n - 1), &seconds)) {
		sc->at = from;
		return;
	}
	parsed_duration(sc->p, sc->out, text, seconds);
	sc->out->flags |= PARSED_FUNCTION;
}

/* What happened to the task: the first word behind its id. */
static void
take_state(struct scan *sc)
{
	static const char *const states[] = {
		"received", "succeeded", "retry", "raised", "rejected", "ignored", "revoked",
	};

	for (size_t i = 0; i < sizeof states / sizeof *states; i++) {
		struct span state = span_str(states[i]);

		if (!span_starts(scan_rest(sc), state))
			continue;
		scan_set(sc, FIELD_EVENT, span_head(scan_rest(sc), state.n));
		take_runtime(sc);
		return;
	}
}

/* "Scheduler: Sending due task nightly (shop.tasks.nightly)" */
static void
take_due(struct scan *sc)
{
	struct span name, entry;

	if (scan_to(sc, '(', &entry) && scan_to(sc, ')', &name))
		scan_set(sc, FIELD_TASK, name);
}

static void
take_details(struct scan *sc)
{
	if (scan_text(sc, "Task ")) {
		if (take_task(sc) && scan_blanks(sc))
			take_state(sc);
	} else if (scan_text(sc, "Received task: ")) {
		take_task(sc);
	} else if (scan_text(sc, "Scheduler: Sending due task ")) {
		take_due(sc);
	} else {
		take_task(sc);
	}
}

static bool
celery_parse(struct parser *p, struct span line, struct parsed *out)
{
	struct scan sc = { p, out, line, 0 };
	struct span process;

	if (!scan_text(&sc, "[") || !scan_time(&sc) || !scan_text(&sc, ": ") || !scan_level(&sc) ||
	    !scan_text(&sc, "/") || !scan_to(&sc, ']', &process))
		return false;
	scan_set(&sc, FIELD_THREAD, process);
	scan_message(&sc);
	take_details(&sc);
	p->miss = NULL;
	return true;
}

static const char *const celery_samples[] = {
	"[2025-09-08 21:48:00,219: INFO/MainProcess] Task a.b[9f0c36ea-81b0] received",
	"[2025-09-08 21:48:01,320: INFO/F-2] Task a.b[9f0c36ea-81b0] succeeded in 1.10s: None",
	"[2025-09-08 21:48:01,320: INFO/M] Scheduler: Sending due task nightly (a.nightly)",
	NULL,
};

const struct format format_celery = {
	.id = FORMAT_CELERY,
	.name = "celery",
	.title = "celery worker and beat",
	.multiline = true,
	.first = "[",
	.parse = celery_parse,
	.samples = celery_samples,
};
