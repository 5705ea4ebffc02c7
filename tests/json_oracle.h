/*
 * json_oracle: is the scanner right? jansson is asked the same.
 *
 * Compared are texts that begin with '{'. Left out is what the two are meant
 * to differ in:
 *   - bytes that are not UTF-8 (jansson refuses them), and NUL (which it loses after a number),
 *   - \u escapes of surrogates and of NUL (jansson refuses lone ones, and NUL in keys),
 *   - numbers beyond a double (jansson refuses them),
 *   - NaN and Infinity (only we take them),
 *   - nesting deeper than JSON_MAX_DEPTH (jansson goes deeper).
 * The members are compared too, where no key occurs twice: values of strings
 * and numbers, and the kinds of the others.
 */
#ifndef TESTS_JSON_ORACLE_H
#define TESTS_JSON_ORACLE_H

#include "core/span.h"

enum oracle_answer { ORACLE_AGREES, ORACLE_LEFT_OUT, ORACLE_WRONG };

enum oracle_answer json_oracle(struct span text);

#endif
