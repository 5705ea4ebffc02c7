/*
 * query_rows: see query_rows.h.
 *
 * A test says of each row no, maybe or yes; two bits hold that, so AND, OR and
 * NOT are the words' own:
 *
 *	        no  maybe  yes         AND  yes & yes, may & may
 *	yes     0   0      1           OR   yes | yes, may | may
 *	may     0   1      1           NOT  ~may, ~yes
 *
 * Children are asked cheapest first, and only about the rows that are still
 * open: an AND ends where none may match, an OR where all do. Of words, the bytes
 * of neighbouring rows are searched in one go.
 */
#include "config.h"

#include "core/query_columns.h"

#include "core/grams.h"

/* ---- bytes ------------------------------------------------------------------------- */

static uint32_t
next_of(const uint64_t *bits, uint32_t from, uint32_t n, uint64_t flip)
{
	while (from < n) {
		uint64_t word = (bits[from / 64] ^ flip) >> from % 64;

		if (word) {
			from += (uint32_t)__builtin_ctzll(word);
			return from < n ? from : n;
		}
		from = (from / 64 + 1) * 64;
	}
	return n;
}

/* Of rows [i, end), which stand together, those whose bytes hold the needle. */
static void
find_in_run(const struct needle *n, const struct query_rows *w, uint32_t i, uint32_t end, uint64_t *bits)
{
	const uint32_t *offset = w->block->offset + w->from, *size = w->block->size + w->from;
	size_t at = offset[i] - w->base, start, past;
	struct span hay = span_head(w->bytes, offset[end - 1] + size[end - 1] - w->base);

	while (needle_find(n, hay, at, &start, &past)) {
		while (i < end && offset[i] + size[i] - w->base <= start)
			i++;
		if (i == end)
			return;
		size_t row = offset[i] - w->base, row_end = row + size[i];

		if (start >= row && past <= row_end) {
			rows_set(bits, i);
			at = row_end;
		} else {
			at = start < row ? row : start + 1;
		}
		if (at == row_end && ++i == end)
			return;
	}
}

/* The live rows whose bytes hold the needle. */
static void
find_rows(const struct needle *n, const struct query_rows *w, const uint64_t *live, uint64_t *bits)
{
	uint32_t rows = w->to - w->from, end;

	for (uint32_t i = next_of(live, 0, rows, 0); i < rows; i = next_of(live, end, rows, 0)) {
		end = next_of(live, i, rows, ~UINT64_C(0));
		find_in_run(n, w, i, end, bits);
	}
}

static bool
is_ruled_out(const struct needle *n, const uint8_t *grams)
{
	return grams && !n->folded && !grams_may_hold(grams, span_of(n->text, n->n));
}

/* Where one of the guards stands the test may hold, elsewhere not. */
static void
rows_guard(struct query *q, struct test *t, const struct query_rows *w, const uint64_t *live,
	   struct query_bits *out)
{
	uint32_t words = rows_words(w);
	bool any = !t->n_guards;

	(void)q;
	rows_fill(out, words, ROWS_NO);
	for (size_t i = 0; i < t->n_guards; i++) {
		if (is_ruled_out(&t->guards[i], w->grams))
			continue;
		any = any || !w->bytes.p;
		if (w->bytes.p)
			find_rows(&t->guards[i], w, live, out->may);
	}
	if (any)
		memcpy(out->may, live, words * sizeof *live);
}

static void
rows_word(struct query *q, struct test *t, const struct query_rows *w, const uint64_t *live,
	  struct query_bits *out)
{
	uint32_t words = rows_words(w);

	if (!t->plain) {
		rows_guard(q, t, w, live, out);
		if (w->bytes.p)
			find_rows(&t->needle, w, out->may, out->yes);
		return;
	}
	rows_fill(out, words, ROWS_NO);
	if (is_ruled_out(&t->needle, w->grams))
		return;
	if (!w->bytes.p) {
		memcpy(out->may, live, words * sizeof *live);
		return;
	}
	find_rows(&t->needle, w, live, out->yes);
	memcpy(out->may, out->yes, words * sizeof *out->yes);
}

/* ---- the tree ---------------------------------------------------------------------- */

static rows_fn *
rows_of(const struct test *t)
{
	rows_fn *column = query_column(t);

	return column ? column : t->kind == TEST_WORD ? rows_word : rows_guard;
}

static void
negate(struct query_bits *out, const uint64_t *live, uint32_t words)
{
	for (uint32_t i = 0; i < words; i++) {
		uint64_t yes = out->yes[i];

		out->yes[i] = live[i] & ~out->may[i];
		out->may[i] = live[i] & ~yes;
	}
}

static void
ask_test(struct query *q, struct test *t, const struct query_rows *w, const uint64_t *live, struct query_bits *out)
{
	uint32_t words = rows_words(w);

	rows_of(t)(q, t, w, live, out);
	for (uint32_t i = 0; i < words; i++) {
		out->yes[i] &= live[i];
		out->may[i] &= live[i];
	}
	if (t->negate)
		negate(out, live, words);
}

static void ask_node(struct query *q, const struct node *n, const struct query_rows *w, const uint64_t *live,
		     struct query_bits *out);

/* AND: all are asked about what may still match. OR: about what does not match yet. */
static void
ask_list(struct query *q, const struct node *n, const struct query_rows *w, const uint64_t *live,
	 struct query_bits *out)
{
	uint32_t words = rows_words(w);
	struct query_bits one;
	uint64_t open[ROWS_WORDS], any = 1;
	bool all = n->kind == NODE_AND;

	memcpy(open, live, words * sizeof *open);
	rows_fill(out, words, ROWS_NO);
	if (all) {
		memcpy(out->yes, live, words * sizeof *live);
		memcpy(out->may, live, words * sizeof *live);
	}
	for (size_t i = 0; i < n->n && any; i++) {
		ask_node(q, n->plan[i], w, open, &one);
		any = 0;
		for (uint32_t k = 0; k < words; k++) {
			out->yes[k] = all ? out->yes[k] & one.yes[k] : out->yes[k] | one.yes[k];
			out->may[k] = all ? out->may[k] & one.may[k] : out->may[k] | one.may[k];
			open[k] = all ? out->may[k] : live[k] & ~out->yes[k];
			any |= open[k];
		}
	}
}

static void
ask_node(struct query *q, const struct node *n, const struct query_rows *w, const uint64_t *live,
	 struct query_bits *out)
{
	if (n->kind == NODE_TEST) {
		ask_test(q, n->test, w, live, out);
	} else if (n->kind == NODE_NOT) {
		ask_node(q, n->child[0], w, live, out);
		negate(out, live, rows_words(w));
	} else {
		ask_list(q, n, w, live, out);
	}
}

void
query_visit(struct query *q)
{
	q->visit++;
}

void
query_rows(struct query *q, const struct query_rows *rows, const uint64_t live[ROWS_WORDS], struct query_bits *out)
{
	if (q->root) {
		ask_node(q, q->root, rows, live, out);
		return;
	}
	memcpy(out->yes, live, rows_words(rows) * sizeof *live);
	memcpy(out->may, live, rows_words(rows) * sizeof *live);
}
