/*
 * joiner.c: see joiner.h. The block's bytes are looked at in place:
 *
 *   bytes:  [ records ......... | whole lines not yet framed | piece of a line ]
 *                               ^ framed                     ^ searched .. len
 *
 * Not done here: reading, sealing, moving the rest into the next block; that
 * is whoever feeds.
 */
#include "config.h"

#include "core/joiner.h"

#define QUOTED_APART (30 * 24 * 3600 * NSEC)

void
joiner_init(struct joiner *j, const struct format_memory *memory, const struct format *only)
{
	memset(j, 0, sizeof *j);
	parser_init(&j->parser);
	if (memory)
		j->parser.memory = *memory;
	j->parser.only = only;
	j->time = j->fallback = TIME_NONE;
}

void
joiner_release(struct joiner *j)
{
	parser_release(&j->parser);
}

void
joiner_start(struct joiner *j, struct block *b, size_t at)
{
	j->block = b;
	j->framed = j->searched = at;
	j->goes_on = false;
}

void
joiner_restart(struct joiner *j)
{
	j->framed = j->searched = 0;
}

static bool
is_blank(struct span line)
{
	return span_trim(line).n == 0;
}

/* The time of a record: its own, else that of the one before it, else what is said to stand in. */
static int64_t
time_of(struct joiner *j, const struct parsed *parsed, unsigned *flags)
{
	if (parsed->time != TIME_NONE) {
		*flags |= ROW_OWN_TIME;
		j->timed = true;
		j->time = parsed->naive ? timestamp_in_order(&j->parser.time, j->time, parsed->time) :
					  parsed->time;
	}
	return j->time != TIME_NONE ? j->time : j->fallback;
}

static void
start_record(struct joiner *j, struct span line, const struct format *f, const struct parsed *parsed, bool cut)
{
	struct block *b = j->block;
	unsigned flags = cut ? ROW_CUT : 0;

	if (parsed->flags & PARSED_BROKEN) {
		flags |= ROW_BROKEN;
		b->broken++;
	}
	int64_t time = time_of(j, parsed, &flags);

	block_add(b, (uint32_t)(line.p - b->bytes), (uint32_t)line.n, time, flags, f, parsed);
	j->goes_on = f->multiline && !cut;
}

static bool
continues(const struct joiner *j, struct span line)
{
	const struct block *b = j->block;

	return j->goes_on && (size_t)(line.p + line.n - b->bytes) - b->offset[b->n - 1] <= RECORD_MAX_BYTES;
}

/*
 * A line that another format would start a record with, but of a time far from
 * the open record's, was pasted or forged into its message.
 */
static bool
is_quoted(const struct joiner *j, const struct format *f, const struct parsed *parsed)
{
	const struct block *b = j->block;

	if (parsed->time == TIME_NONE || j->time == TIME_NONE || b->format[b->n - 1] == f->id)
		return false;
	int64_t apart = parsed->time > j->time ? parsed->time - j->time : j->time - parsed->time;

	return apart > QUOTED_APART;
}

/* Take in one line (without its end). false: the block should end before it. */
static bool
take_line(struct joiner *j, struct span line, bool cut, bool full)
{
	struct block *b = j->block;
	struct parsed parsed;
	const struct format *f = format_detect(&j->parser, line, &parsed);
	bool goes_on = continues(j, line);

	if (f && goes_on && is_quoted(j, f, &parsed))
		f = NULL;
	if (f || !goes_on) {
		if (full && b->n)
			return false;
		b->lines++;
		if (f || !is_blank(line))
			start_record(j, line, f ? f : format_get(FORMAT_RAW), &parsed, cut);
		else
			j->goes_on = false;
		return true;
	}
	b->lines++;
	block_extend(b, (uint32_t)(line.p + line.n - b->bytes));
	return true;
}

static struct span
without_cr(const char *p, size_t n)
{
	return span_of(p, n && p[n - 1] == '\r' ? n - 1 : n);
}

/* Drop the rest of a cut line; true when its end was found. */
static bool
skip_line(struct joiner *j)
{
	struct block *b = j->block;
	ptrdiff_t nl = span_chr(span_of(b->bytes + j->framed, b->len - j->framed), '\n');

	j->searched = j->framed = nl < 0 ? b->len : j->framed + (size_t)nl + 1;
	j->skipping = nl < 0;
	return nl >= 0;
}

/* A line without end has grown past the limit: its head becomes a record. */
static bool
cut_line(struct joiner *j, bool full)
{
	struct block *b = j->block;

	if (!take_line(j, span_of(b->bytes + j->framed, LINE_MAX_BYTES), true, full))
		return false;
	b->cut++;
	j->goes_on = false;
	j->skipping = true;
	j->framed = j->searched = b->len;
	return true;
}

/* From `searched` on; -1 when it has not come yet. */
static ptrdiff_t
find_line_end(struct joiner *j)
{
	struct block *b = j->block;
	struct span rest = span_of(b->bytes + j->searched, b->len - j->searched);
	ptrdiff_t nl = j->searched == j->framed ? format_frame(&j->parser, rest) : -1;

	return nl >= 0 ? nl : span_chr(rest, '\n');
}

bool
joiner_feed(struct joiner *j, size_t target)
{
	struct block *b = j->block;

	for (;;) {
		bool full = j->framed >= target;

		if (j->skipping && !skip_line(j))
			return false;
		ptrdiff_t nl = find_line_end(j);

		if (nl < 0) {
			j->searched = b->len;
			if (b->len - j->framed <= LINE_MAX_BYTES)
				return false;
			if (!cut_line(j, full))
				return true;
			continue;
		}
		size_t end = j->searched + (size_t)nl;

		if (end - j->framed > LINE_MAX_BYTES) {
			if (!take_line(j, span_of(b->bytes + j->framed, LINE_MAX_BYTES), true, full))
				return true;
			b->cut++;
			j->goes_on = false;
		} else if (!take_line(j, without_cr(b->bytes + j->framed, end - j->framed), false, full)) {
			return true;
		}
		j->framed = j->searched = end + 1;
	}
}

void
joiner_finish(struct joiner *j)
{
	struct block *b = j->block;
	size_t n = b->len - j->framed;

	if (n && !j->skipping) {
		size_t kept = n > LINE_MAX_BYTES ? LINE_MAX_BYTES : n;

		take_line(j, without_cr(b->bytes + j->framed, kept), kept < n, false);
	}
	j->framed = j->searched = b->len;
	j->goes_on = j->skipping = false;
}

ptrdiff_t
joiner_find_start(struct parser *p, struct span bytes)
{
	ptrdiff_t nl = span_chr(bytes, '\n');

	while (nl >= 0) {
		size_t at = (size_t)nl + 1;
		ptrdiff_t next = span_chr(span_from(bytes, at), '\n');
		struct parsed parsed;

		if (next < 0)
			return -1;
		if (format_detect(p, without_cr(bytes.p + at, (size_t)next), &parsed))
			return (ptrdiff_t)at;
		nl = (ptrdiff_t)at + next;
	}
	return -1;
}
