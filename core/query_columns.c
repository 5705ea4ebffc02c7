/*
 * query_columns: see query_columns.h.
 *
 * Times, levels and formats are columns. Names (logger, the route of a request)
 * are numbers of the block's tables: each test is asked once per name. Status,
 * duration and request id stand in the sparse list of parts; that a record has
 * no part says that it has none of them, but for what ROW_ODD and ROW_PATH own up to.
 */
#include "config.h"

#include "core/query_columns.h"

#include "core/alloc.h"

#include <stdlib.h>

#ifdef __x86_64__
#include <emmintrin.h>
#endif

static void
clear_bit(uint64_t *bits, uint32_t i)
{
	bits[i / 64] &= ~(UINT64_C(1) << i % 64);
}

static void
set_verdict(struct query_bits *out, uint32_t i, unsigned verdict)
{
	(verdict == ROWS_YES ? rows_set : clear_bit)(out->yes, i);
	(verdict >= ROWS_MAYBE ? rows_set : clear_bit)(out->may, i);
}

/* ---- columns ----------------------------------------------------------------------- */

static void
rows_time(struct query *q, struct test *t, const struct query_rows *w, const uint64_t *live,
	  struct query_bits *out)
{
	const int64_t *time = w->block->time + w->from;
	uint32_t n = w->to - w->from;

	(void)q;
	(void)live;
	for (uint32_t at = 0; at < n; at += 64) {
		uint64_t bits = 0;

		for (uint32_t i = at; i < n && i < at + 64; i++)
			bits |= (uint64_t)(time[i] >= t->from && time[i] <= t->to) << (i - at);
		out->yes[at / 64] = out->may[at / 64] = bits;
	}
}

#ifdef __x86_64__
/* Of 64 rows, those whose level is in the set. */
static uint64_t
levels_in(const uint8_t *level, unsigned set)
{
	uint64_t bits = 0;

	for (int i = 0; i < 64; i += 16) {
		__m128i v = _mm_loadu_si128((const void *)(level + i)), in = _mm_setzero_si128();

		for (unsigned left = set; left; left &= left - 1)
			in = _mm_or_si128(in, _mm_cmpeq_epi8(v, _mm_set1_epi8((char)__builtin_ctz(left))));
		bits |= (uint64_t)(uint16_t)_mm_movemask_epi8(in) << i;
	}
	return bits;
}
#else
static uint64_t
levels_in(const uint8_t *level, unsigned set)
{
	uint64_t bits = 0;

	for (int i = 0; i < 64; i++)
		bits |= (uint64_t)(set >> level[i] & 1) << i;
	return bits;
}
#endif

static void
rows_level(struct query *q, struct test *t, const struct query_rows *w, const uint64_t *live,
	   struct query_bits *out)
{
	const uint8_t *level = w->block->level + w->from;
	uint32_t n = w->to - w->from, words = rows_words(w);

	(void)q;
	(void)live;
	for (uint32_t i = 0; i < n / 64; i++)
		out->yes[i] = levels_in(level + i * 64, t->levels);
	if (n % 64)
		out->yes[words - 1] = 0;
	for (uint32_t i = n / 64 * 64; i < n; i++)
		out->yes[words - 1] |= (uint64_t)(t->levels >> level[i] & 1) << i % 64;
	memcpy(out->may, out->yes, words * sizeof *out->yes);
}

/* ---- names ------------------------------------------------------------------------- */

/* What the test says of a record of which only what `probe` holds is known. */
static unsigned
ask(struct query *q, struct test *t)
{
	return test_class[t->kind].match(q, t, &q->probe) ? ROWS_YES : ROWS_NO;
}

static void
clear_probe(struct query *q)
{
	record_reset(&q->probe);
	q->probe.is_parsed = true; /* there is nothing to be parsed */
	q->probe.logger = q->probe.source = q->probe.request = SPAN_NONE;
	q->probe.format = NULL;
	memset(q->probe.parsed.field, 0, sizeof q->probe.parsed.field);
}

/* Of a field that a record does not have, or has without a text: sure where it comes to the same. */
static unsigned
ask_nothing(struct query *q, struct test *t, enum field a, enum field b)
{
	unsigned absent, empty[2];

	if (t->subject.alias)
		return ROWS_MAYBE;
	clear_probe(q);
	absent = ask(q, t);
	q->probe.parsed.field[a] = span_str("");
	empty[0] = ask(q, t);
	q->probe.parsed.field[a] = SPAN_NONE;
	q->probe.parsed.field[b] = span_str("");
	empty[1] = ask(q, t);
	return absent == empty[0] && absent == empty[1] ? absent : ROWS_MAYBE;
}

/* The test's verdict of name number `i` of a table, ROWS_UNASKED at first. */
static uint8_t *
verdict_of(struct query *q, struct test *t, uint32_t i)
{
	if (t->visit != q->visit) {
		if (t->n_verdicts)
			memset(t->verdicts, ROWS_UNASKED, t->n_verdicts);
		t->visit = q->visit;
	}
	if (i >= t->n_verdicts) {
		uint32_t n = (i + 1) * 2;

		t->verdicts = xrealloc(t->verdicts, n);
		memset(t->verdicts + t->n_verdicts, ROWS_UNASKED, n - t->n_verdicts);
		t->n_verdicts = n;
	}
	return &t->verdicts[i];
}

static void
rows_source(struct query *q, struct test *t, const struct query_rows *w, const uint64_t *live,
	    struct query_bits *out)
{
	uint8_t *verdict = verdict_of(q, t, 0);

	(void)live;
	if (*verdict == ROWS_UNASKED) {
		clear_probe(q);
		q->probe.source = w->source;
		*verdict = (uint8_t)ask(q, t);
	}
	rows_fill(out, rows_words(w), *verdict);
}

static void
rows_format(struct query *q, struct test *t, const struct query_rows *w, const uint64_t *live,
	    struct query_bits *out)
{
	(void)live;
	for (uint32_t row = w->from; row < w->to; row++) {
		uint8_t *verdict = verdict_of(q, t, w->block->format[row]);

		if (*verdict == ROWS_UNASKED) {
			clear_probe(q);
			q->probe.format = format_get(w->block->format[row]);
			*verdict = (uint8_t)ask(q, t);
		}
		set_verdict(out, row - w->from, *verdict);
	}
}

static unsigned
ask_logger(struct query *q, struct test *t, const struct block *b, uint32_t number)
{
	struct span name = intern_name(&b->loggers, number);

	if (number >= b->loggers.n)
		return ROWS_MAYBE;
	if (!name.n)
		return ask_nothing(q, t, FIELD_LOGGER, FIELD_LOGGER);
	clear_probe(q);
	q->probe.logger = name;
	return ask(q, t);
}

static void
rows_logger(struct query *q, struct test *t, const struct query_rows *w, const uint64_t *live,
	    struct query_bits *out)
{
	const struct block *b = w->block;

	(void)live;
	for (uint32_t row = w->from; row < w->to; row++) {
		uint8_t *verdict = verdict_of(q, t, b->logger[row]);

		if (*verdict == ROWS_UNASKED)
			*verdict = (uint8_t)ask_logger(q, t, b, b->logger[row]);
		set_verdict(out, row - w->from, *verdict);
	}
}

/* ---- parts ------------------------------------------------------------------------- */

/* What rows without a part say: no format read them, they have a flag that makes them odd, or neither. */
struct partless {
	unsigned raw, plain, odd, flag;
};

static void
fill_partless(const struct query_rows *w, struct query_bits *out, struct partless say)
{
	const struct block *b = w->block;

	rows_fill(out, rows_words(w), say.plain);
	if (say.raw == say.plain && say.odd == say.plain)
		return;
	for (uint32_t row = w->from; row < w->to; row++) {
		if (b->format[row] == FORMAT_RAW)
			set_verdict(out, row - w->from, say.raw);
		else if (b->flags[row] & say.flag)
			set_verdict(out, row - w->from, say.odd);
	}
}

static const struct part *
parts_end(const struct query_rows *w, const struct part *p)
{
	const struct part *end = w->block->parts + w->block->n_parts;

	while (p < end && p->row < w->to)
		p++;
	return p;
}

static void
rows_measure(struct query *q, struct test *t, const struct query_rows *w, const uint64_t *live,
	     struct query_bits *out)
{
	const struct part *p = block_parts_from(w->block, w->from), *end = parts_end(w, p);
	bool is_status = t->subject.field == FIELD_STATUS;
	unsigned other = t->subject.alias ? ROWS_MAYBE : ROWS_NO;

	(void)q;
	(void)live;
	fill_partless(w, out, (struct partless){ ROWS_NO, other, ROWS_MAYBE, ROW_ODD });
	for (; p < end; p++) {
		double value = is_status ? p->status : p->duration;

		if (is_status ? value > 0 : value >= 0)
			set_verdict(out, p->row - w->from,
				    value >= t->low && value <= t->high ? ROWS_YES : ROWS_NO);
	}
}

static void
rows_id(struct query *q, struct test *t, const struct query_rows *w, const uint64_t *live,
	struct query_bits *out)
{
	const struct part *p = block_parts_from(w->block, w->from), *end = parts_end(w, p);
	uint64_t wanted = span_hash(strbuf_span(&t->value));
	unsigned other = t->subject.alias ? ROWS_MAYBE : ROWS_NO;

	(void)q;
	(void)live;
	fill_partless(w, out, (struct partless){ ROWS_NO, other, other, 0 });
	for (; p < end; p++)
		if (p->id_hash)
			set_verdict(out, p->row - w->from, p->id_hash == wanted ? ROWS_MAYBE : ROWS_NO);
}

/* A record that names its method has it in the name of its route: "GET /x/". */
static unsigned
ask_own_name(struct query *q, struct test *t, struct span name)
{
	ptrdiff_t blank = span_chr(name, ' ');

	if (t->subject.field == FIELD_METHOD && (blank <= 0 || span_chr(name, '\\') >= 0))
		return ROWS_MAYBE;
	clear_probe(q);
	q->probe.request = name;
	return ask(q, t);
}

static unsigned
ask_request(struct query *q, struct test *t, const struct query_rows *w, const struct part *p, unsigned nameless)
{
	if (p->route != INTERN_NONE) {
		uint8_t *verdict = verdict_of(q, t, p->route);

		if (*verdict == ROWS_UNASKED)
			*verdict = (uint8_t)ask_own_name(q, t, intern_name(&w->block->routes, p->route));
		return *verdict;
	}
	if (t->subject.field == FIELD_METHOD)
		return ROWS_MAYBE;
	struct span name = p->id_hash && w->request ? w->request(w->arg, w->block, p) : SPAN_NONE;

	if (span_chr(name, ' ') < 0)
		return nameless;
	clear_probe(q);
	q->probe.request = name;
	return ask(q, t);
}

static void
rows_request(struct query *q, struct test *t, const struct query_rows *w, const uint64_t *live,
	     struct query_bits *out)
{
	const struct part *p = block_parts_from(w->block, w->from), *end = parts_end(w, p);
	bool is_route = t->subject.field == FIELD_ROUTE;
	unsigned nameless = is_route ? ask_nothing(q, t, FIELD_ROUTE, FIELD_PATH) : ROWS_MAYBE;

	(void)live;
	fill_partless(w, out, (struct partless){ nameless, nameless, ROWS_MAYBE, ROW_PATH });
	for (; p < end; p++)
		set_verdict(out, p->row - w->from, ask_request(q, t, w, p, nameless));
}

/* ---- which is which ------------------------------------------------------------------ */

static rows_fn *
column_of_field(const struct test *t)
{
	switch (t->subject.field) {
	case FIELD_LOGGER:
		return rows_logger;
	case FIELD_STATUS:
	case FIELD_DURATION:
		return t->kind == TEST_NUMBER ? rows_measure : NULL;
	case FIELD_REQUEST_ID:
		return t->kind == TEST_TEXT && !t->glob && !t->numeric && t->value.n ? rows_id : NULL;
	case FIELD_ROUTE:
	case FIELD_METHOD:
		return rows_request;
	default:
		return NULL;
	}
}

rows_fn *
query_column(const struct test *t)
{
	static rows_fn *const by_subject[] = {
		[SUBJECT_KEY] = NULL, [SUBJECT_SOURCE] = rows_source, [SUBJECT_FORMAT] = rows_format,
	};

	if (t->kind == TEST_TIME)
		return rows_time;
	if (t->kind == TEST_LEVEL)
		return rows_level;
	if (t->kind == TEST_WORD || t->kind == TEST_REGEX)
		return NULL;
	return t->subject.kind == SUBJECT_FIELD ? column_of_field(t) : by_subject[t->subject.kind];
}
