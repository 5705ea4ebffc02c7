/*
 * report: the dashboard once, as JSON or text.
 */
#ifndef CORE_REPORT_H
#define CORE_REPORT_H

#include "core/engine.h"
#include "core/strbuf.h"

#include <jansson.h>

struct report_options {
	bool by_minute; /* add statistics.by_minute */
	bool mask;      /* mask secrets (mask.h) */
	bool secrets;   /* add "secrets" */
};

/*
 * Everything the engine counted, in the shape that the manual documents. Call
 * when the engine is loaded. The caller owns the object.
 */
json_t *report_json(struct engine *e, const struct report_options *o, int64_t now);

/* The same as text for people, appended to out. Log text in it is made safe to show. */
void report_text(const json_t *report, struct strbuf *out);

#endif
