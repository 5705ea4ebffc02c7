#include "config.h"

#include "core/intake.h"

enum {
	READ_BYTES = 64 << 10,
	SEAL_BYTES = 1 << 20,
	SNIFF_BYTES = 64 << 10,
};

void
intake_init(struct intake *in, struct source *s, const struct format *only, const struct intake_ops *ops, void *arg)
{
	*in = (struct intake){ .source = s, .ops = ops, .arg = arg };
	joiner_init(&in->joiner, &s->memory, only);
}

void
intake_release(struct intake *in)
{
	joiner_release(&in->joiner);
}

static void
begin(struct intake *in, uint64_t pos, struct source_file *file)
{
	in->block = block_new(in->source->id, pos, file ? source_file_ref(file) : NULL);
	joiner_start(&in->joiner, in->block, 0);
	in->ops->begun(in->arg, in->block);
}

/* Seal the open block; the bytes that are not records yet go into the next one. */
static void
roll(struct intake *in)
{
	struct block *old = in->block;
	struct span rest = span_of(old->bytes + in->joiner.framed, old->len - in->joiner.framed);

	begin(in, old->pos + in->joiner.framed, old->home.file);
	if (rest.n) {
		memcpy(block_room(in->block, rest.n), rest.p, rest.n);
		in->block->len = rest.n;
	}
	old->len -= rest.n;
	if (in->joiner.skipping)
		old->len = old->offset[old->n - 1] + old->size[old->n - 1];
	block_seal(old, in->joiner.fallback);
	in->ops->grown(in->arg, old);
}

/* No more bytes will come to this block. */
static void
end(struct intake *in)
{
	if (!in->block)
		return;
	joiner_finish(&in->joiner);
	block_seal(in->block, in->joiner.fallback);
	in->ops->grown(in->arg, in->block);
	in->block = NULL;
}

static void
sniff(struct intake *in, struct span bytes)
{
	if (in->sniffed >= SNIFF_BYTES)
		return;
	in->sniffed += bytes.n;
	format_sniff(&in->source->memory, bytes);
	in->joiner.parser.memory = in->source->memory;
}

/* The rest of a line that was cut is not kept. */
static void
drop_skipped(struct intake *in)
{
	if (in->block->n) {
		roll(in);
		return;
	}
	in->block->pos += in->block->len;
	in->block->len = 0;
	joiner_restart(&in->joiner);
}

static void
feed(struct intake *in, size_t n)
{
	sniff(in, span_of(in->block->bytes + in->block->len, n));
	in->block->len += n;
	while (joiner_feed(&in->joiner, SEAL_BYTES))
		roll(in);
	if (in->joiner.skipping && in->block->len >= SEAL_BYTES)
		drop_skipped(in);
	in->ops->grown(in->arg, in->block);
}

bool
intake_pull(struct intake *in, size_t limit, int64_t now, bool finish)
{
	struct source *s = in->source;

	in->joiner.fallback = in->joiner.parser.time.yearless_ref = now;
	for (size_t taken = 0; taken < limit;) {
		size_t n = 0;

		if (!in->block)
			begin(in, source_pos(s, s->offset), s->stream ? NULL : s->file);
		char *room = block_room(in->block, READ_BYTES);

		switch (source_next(s, room, READ_BYTES, &n, now)) {
		case SOURCE_DATA:
			feed(in, n);
			taken += n;
			break;
		case SOURCE_IDLE:
			if (finish)
				end(in);
			return false;
		case SOURCE_ROTATED:
		case SOURCE_TRUNCATED:
			end(in);
			break;
		case SOURCE_CLOSED:
			end(in);
			return false;
		}
	}
	/* A rotation is not to be missed for what there is to read. */
	source_glance(s, now);
	return true;
}
