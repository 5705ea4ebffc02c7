/*
 * report: the dashboard once, as JSON or text.
 */
#ifndef CORE_REPORT_H
#define CORE_REPORT_H

#include "core/engine.h"
#include "core/strbuf.h"

#include <jansson.h>

/*
 * Everything the engine counted, in the shape that the manual documents. Call
 * when the engine is loaded. `by_minute` adds statistics.by_minute. The caller
 * owns the object.
 */
json_t *report_json(struct engine *e, bool by_minute, int64_t now);

/* The same as text for people, appended to out. Log text in it is made safe to show. */
void report_text(const json_t *report, struct strbuf *out);

#endif
