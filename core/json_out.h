/*
 * json_out: text of logs as JSON strings for jansson, which takes UTF-8 only.
 */
#ifndef CORE_JSON_OUT_H
#define CORE_JSON_OUT_H

#include "core/span.h"

#include <jansson.h>

/* A new string; bytes that are not UTF-8 become U+FFFD. The caller owns it. */
json_t *json_out_text(struct span s);

#endif
