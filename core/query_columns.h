/*
 * query_columns: what columns, names and parts of a block say of a test, for
 * query_rows alone.
 */
#ifndef CORE_QUERY_COLUMNS_H
#define CORE_QUERY_COLUMNS_H

#include "core/query_internal.h"
#include "core/query_rows.h"

enum verdict_of_rows { ROWS_UNASKED, ROWS_NO, ROWS_MAYBE, ROWS_YES };

/* What can be said of the live rows; bits of others may be anything. The test's `negate` is not looked at. */
typedef void rows_fn(struct query *q, struct test *t, const struct query_rows *w, const uint64_t *live,
		     struct query_bits *out);

/* The one that needs no bytes; NULL where the test asks for them. */
rows_fn *query_column(const struct test *t);

static inline uint32_t
rows_words(const struct query_rows *w)
{
	return (w->to - w->from + 63) / 64;
}

static inline void
rows_fill(struct query_bits *out, uint32_t words, unsigned verdict)
{
	memset(out->yes, verdict == ROWS_YES ? 0xff : 0, words * sizeof *out->yes);
	memset(out->may, verdict >= ROWS_MAYBE ? 0xff : 0, words * sizeof *out->may);
}

static inline void
rows_set(uint64_t *bits, uint32_t i)
{
	bits[i / 64] |= UINT64_C(1) << i % 64;
}

#endif
