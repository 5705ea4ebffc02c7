/*
 * Fuzzes the joiner, blocks and the look at a record with a file of log lines:
 * once in one piece into one block, as history is loaded, and once in small
 * pieces into small blocks, as a file grows.
 *
 * Checked: both give the same records; no byte is lost, for between two
 * records there are only line ends, blank lines and the rests of cut lines;
 * lines and cuts are counted right. Then every record is looked at.
 *
 * Cut lines need more bytes than a corpus should hold: "\xff\xff" and a byte N
 * around 64 stand for N times 16 KiB of "~".
 */
#include "config.h"

#include "core/joiner.h"

#include "core/alloc.h"
#include "tests/fuzz.h"

#include <stdlib.h>

enum { BLOCKS = 4096, STRETCH = LINE_MAX_BYTES / 64, STRETCHES = 2, LOOKED_AT = 64 << 10 };

#define NOW (INT64_C(1757412000) * NSEC)

/* Where times come twice; being a rule, it needs no zone file. */
static const char zone[] = "CET-1CEST,M3.5.0,M10.5.0/3";

/* The records of one way in. */
struct taken {
	struct block *blocks[BLOCKS];
	size_t n;
	unsigned lines, cut, broken;
};

static void
start(struct joiner *j)
{
	joiner_init(j, NULL, NULL);
	j->parser.time.yearless_ref = j->fallback = NOW;
}

static void
begin(struct joiner *j, struct taken *t, uint64_t pos)
{
	FUZZ_ASSERT(t->n < BLOCKS);
	t->blocks[t->n++] = block_new(0, pos, NULL);
	joiner_start(j, t->blocks[t->n - 1], 0);
}

static void
append(struct block *b, struct span bytes)
{
	if (bytes.n)
		memcpy(block_room(b, bytes.n), bytes.p, bytes.n);
	b->len += bytes.n;
}

/* The block is full: what is no record yet goes into another. */
static void
roll(struct joiner *j, struct taken *t)
{
	struct block *old = j->block;
	struct span rest = span_of(old->bytes + j->framed, old->len - j->framed);

	FUZZ_ASSERT(old->n);
	begin(j, t, old->pos + j->framed);
	append(j->block, rest);
	old->len -= rest.n;
	block_seal(old, NOW);
}

/* Pieces of up to `most` bytes, blocks of `target`; with SIZE_MAX all at once. */
static void
take(struct span text, size_t most, size_t target, struct taken *t)
{
	struct joiner j;
	size_t i = 0;

	*t = (struct taken){ .n = 0 };
	start(&j);
	begin(&j, t, 0);
	while (text.n) {
		struct span piece = span_head(text, most == SIZE_MAX ? most : 1 + i++ * 7 % most);

		append(j.block, piece);
		while (joiner_feed(&j, target))
			roll(&j, t);
		FUZZ_ASSERT(j.skipping || j.block->len - j.framed <= LINE_MAX_BYTES);
		text = span_from(text, piece.n);
	}
	joiner_finish(&j);
	FUZZ_ASSERT(j.framed == j.block->len);
	block_seal(j.block, NOW);
	joiner_release(&j);
	for (i = 0; i < t->n; i++) {
		block_check(t->blocks[i]);
		t->lines += t->blocks[i]->lines;
		t->cut += t->blocks[i]->cut;
		t->broken += t->blocks[i]->broken;
	}
}

static void
free_taken(struct taken *t)
{
	for (size_t i = 0; i < t->n; i++)
		block_free(t->blocks[i]);
}

/* ---- both ways give the same ---- */

static void
check_same_row(const struct block *a, uint32_t x, const struct block *b, uint32_t y)
{
	FUZZ_ASSERT(a->pos + a->offset[x] == b->pos + b->offset[y] && a->size[x] == b->size[y]);
	FUZZ_ASSERT(a->time[x] == b->time[y] && a->flags[x] == b->flags[y]);
	FUZZ_ASSERT(a->format[x] == b->format[y] && a->level[x] == b->level[y]);
	FUZZ_ASSERT(span_eq(intern_name(&a->loggers, a->logger[x]), intern_name(&b->loggers, b->logger[y])));
}

static void
check_same(const struct block *whole, const struct taken *pieces)
{
	uint32_t row = 0, parts = 0;

	for (size_t i = 0; i < pieces->n; i++) {
		const struct block *b = pieces->blocks[i];

		for (uint32_t k = 0; k < b->n; k++) {
			FUZZ_ASSERT(row < whole->n);
			check_same_row(whole, row++, b, k);
		}
		parts += b->n_parts;
	}
	FUZZ_ASSERT(row == whole->n && parts == whole->n_parts);
	FUZZ_ASSERT(pieces->lines == whole->lines && pieces->cut == whole->cut && pieces->broken == whole->broken);
}

/* ---- every byte is accounted for ---- */

static struct span
line_at(struct span text, size_t at)
{
	struct span rest = span_from(text, at);
	ptrdiff_t nl = span_chr(rest, '\n');

	return nl < 0 ? rest : span_head(rest, (size_t)nl);
}

static bool
is_blank(struct span line)
{
	if (line.n && line.p[line.n - 1] == '\r')
		line.n--;
	return span_trim(line).n == 0;
}

/* From the end of a record, within its last line, to the start of the next record. */
static void
check_gap(struct span text, size_t at, size_t end, bool first)
{
	if (!first) {
		struct span left = line_at(text, at);
		size_t line = at;

		while (line && text.p[line - 1] != '\n')
			line--;
		FUZZ_ASSERT(!left.n || span_eq(left, SPAN_LIT("\r")) || at - line == LINE_MAX_BYTES);
		at += left.n + 1;
	}
	while (at < end) {
		struct span line = line_at(text, at);

		FUZZ_ASSERT(is_blank(span_head(line, LINE_MAX_BYTES)));
		at += line.n + 1;
	}
	FUZZ_ASSERT(at == end || end == text.n);
}

static void
check_accounts(struct span text, const struct block *b)
{
	unsigned lines = 0, cut = 0;
	size_t at = 0;

	for (uint32_t i = 0; i < b->n; at = b->offset[i] + b->size[i], i++)
		check_gap(text, at, b->offset[i], i == 0);
	check_gap(text, at, text.n, b->n == 0);
	for (at = 0; at < text.n; lines++) {
		struct span line = line_at(text, at);

		cut += line.n > LINE_MAX_BYTES;
		at += line.n + 1;
	}
	FUZZ_ASSERT(lines == b->lines && cut == b->cut);
}

/* ---- a look at every record ---- */

static void
heard(void *arg, const struct keyvalue *kv)
{
	uint64_t *sum = arg;

	FUZZ_ASSERT(kv->key.p && !kv->escaped);
	*sum += span_hash(kv->key) + span_hash(kv->value);
}

static uint64_t
look_at_fields(struct record *r)
{
	uint64_t sum = 0;

	for (enum field f = 0; f <= FIELD_COUNT; f++)
		sum += (f + 1) * span_hash(record_field(r, f));
	return sum;
}

/* Asking twice, and for something else in between, gives the same answers. */
static void
look_at(struct record *r)
{
	uint64_t told = 0, again = 0, fields = look_at_fields(r);
	enum value_kind kind;

	record_each(r, heard, &told);
	record_key(r, SPAN_LIT("a.b"), &kind);
	FUZZ_ASSERT(fields == look_at_fields(r));
	record_each(r, heard, &again);
	FUZZ_ASSERT(told == again);
	FUZZ_ASSERT(record_first_line(r).n + record_rest(r).n <= record_text(r).n);
}

static void
look_at_all(struct block *b)
{
	struct parser parser;
	struct record r = { .source = SPAN_LIT("app.log"), .parser = &parser };

	parser_init(&parser);
	parser.time.yearless_ref = NOW;
	for (uint32_t i = 0; i < b->n; i++)
		if (block_record(b, i, &r) && r.bytes.n <= LOOKED_AT)
			look_at(&r);
	record_release(&r);
	parser_release(&parser);
}

/* ---- */

static bool
is_stretch(struct span s)
{
	return s.n > 2 && span_starts(s, SPAN_LIT("\xff\xff")) && s.p[2] >= 63 && s.p[2] <= 65;
}

/* The input with its stretches drawn out. */
static struct span
draw_out(struct span input, struct strbuf *out)
{
	int stretches = 0;

	strbuf_reserve(out, input.n);
	while (input.n) {
		bool stretch = is_stretch(input) && stretches++ < STRETCHES;
		size_t n = stretch ? (size_t)input.p[2] * STRETCH : 1;

		strbuf_reserve(out, n);
		memset(out->p + out->n, stretch ? '~' : input.p[0], n);
		out->n += n;
		input = span_from(input, stretch ? 3 : 1);
	}
	return strbuf_span(out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct taken whole, pieces;
	struct strbuf drawn = STRBUF_INIT;
	struct span text = draw_out(span_of((const char *)data, size), &drawn);
	/* Sizes that differ from input to input, and do not make too many pieces of a long one. */
	uint64_t dice = span_hash(span_of((const char *)data, size));
	size_t most = 1 + dice % 97 + text.n / 32, target = 1 + (dice >> 16) % 1000;
	struct err err;

	FUZZ_ASSERT(clock_set_zone(zone, &err) == 0);
	take(text, SIZE_MAX, SIZE_MAX, &whole);
	take(text, most, target, &pieces);
	check_same(whole.blocks[0], &pieces);
	check_accounts(text, whole.blocks[0]);
	look_at_all(whole.blocks[0]);
	free_taken(&whole);
	free_taken(&pieces);
	strbuf_release(&drawn);
	return 0;
}
