/* The inside of the report, for report*.c only. */
#ifndef CORE_REPORT_INTERNAL_H
#define CORE_REPORT_INTERNAL_H

#include "core/report.h"

/* A time in ISO 8601, null for TIME_NONE. */
json_t *report_time(int64_t t);
/* The section "ingest". */
json_t *report_ingest(struct engine *e, int64_t now);
/* Mask every text in the report. */
void report_mask(json_t *report);
/* The section "secrets". */
json_t *report_secrets(struct engine *e);

#endif
