/*
 * request_names: which request a record belongs to, for who looks at records
 * once, in the order they come, and keeps none.
 */
#ifndef CORE_REQUEST_NAMES_H
#define CORE_REQUEST_NAMES_H

#include "core/block.h"

struct request_names;

struct request_names *request_names_new(void);
void request_names_free(struct request_names *n);

/*
 * "GET /orders/<int>/": what the record says, else the request that its id names, as far as earlier
 * records said; SPAN_NONE where that is not known. Call it for each record once. Good until the next call.
 */
struct span request_names_take(struct request_names *n, const struct block *b, uint32_t row);

#endif
