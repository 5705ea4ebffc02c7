/*
 * home.c
 *
 *   bytes of the block   0 ............ 16K ............ 32K ............ n
 *   prints               [ page 0      ][ page 1        ][ page 2         ]
 *   frames               [ frame 0: 128K                                  ]
 *
 * Reads are of whole pages, or of whole frames where the bytes are compressed:
 * a fingerprint and a frame can only be checked and opened as a whole.
 */
#include "config.h"

#include "core/home.h"

#include "core/alloc.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#ifdef HAVE_ZSTD
#include <zstd.h>
#endif

enum {
	SAMPLE_EVERY = 512,
	PACK_LEVEL = 1, /* of JSON lines a ninth is left, at 0.8 GB/s; lz4 leaves a fifth, at 1.1 */
};

static size_t
pieces(size_t n, size_t each)
{
	return (n + each - 1) / each;
}

/* ---- fingerprints ---------------------------------------------------------------- */

static uint32_t
page_print(struct span page)
{
	uint64_t h = page.n * UINT64_C(0x9e3779b97f4a7c15), v;

	for (size_t i = 0; i + sizeof v <= page.n; i += SAMPLE_EVERY) {
		memcpy(&v, page.p + i, sizeof v);
		h = (h ^ v) * UINT64_C(0xff51afd7ed558ccd);
		h ^= h >> 32;
	}
	if (page.n >= sizeof v) {
		memcpy(&v, page.p + page.n - sizeof v, sizeof v);
		h = (h ^ v) * UINT64_C(0xff51afd7ed558ccd);
	}
	return (uint32_t)(h >> 32);
}

/* Whether pages of the block that begin at `from` have the fingerprints that were taken. */
static bool
pages_hold(const struct home *h, size_t from, struct span bytes)
{
	for (size_t page = from / HOME_PAGE; bytes.n; page++) {
		struct span one = span_head(bytes, HOME_PAGE);

		if (page_print(one) != h->prints[page])
			return false;
		bytes = span_from(bytes, one.n);
	}
	return true;
}

void
home_in_file(struct home *h, uint64_t offset, struct span bytes)
{
	size_t n = pieces(bytes.n, HOME_PAGE);

	h->offset = offset;
	h->n = bytes.n;
	h->prints = xreallocarray(NULL, n + 1, sizeof *h->prints);
	h->memory = (n + 1) * sizeof *h->prints;
	for (size_t i = 0; i < n; i++)
		h->prints[i] = page_print(span_head(span_from(bytes, i * HOME_PAGE), HOME_PAGE));
}

void
home_release(struct home *h)
{
	source_file_unref(h->file);
	free(h->prints);
	free(h->packed);
	free(h->frame_end);
	*h = (struct home){ 0 };
}

/* ---- compressed ------------------------------------------------------------------- */

#ifdef HAVE_ZSTD

bool
home_pack(struct home *h, struct span bytes)
{
	size_t frames = pieces(bytes.n, HOME_FRAME), at = 0, cap = ZSTD_compressBound(HOME_FRAME);
	uint32_t *ends = xreallocarray(NULL, frames + 1, sizeof *ends);
	char *out = xmalloc(bytes.n + cap);
	ZSTD_CCtx *ctx = ZSTD_createCCtx();
	bool good = ctx != NULL;

	for (size_t i = 0; good && i < frames; i++) {
		struct span frame = span_head(span_from(bytes, i * HOME_FRAME), HOME_FRAME);
		size_t n = ZSTD_compressCCtx(ctx, out + at, cap, frame.p, frame.n, PACK_LEVEL);

		good = !ZSTD_isError(n) && at + n < bytes.n;
		at += good ? n : 0;
		ends[i] = (uint32_t)at;
	}
	ZSTD_freeCCtx(ctx);
	if (!good) {
		free(out);
		free(ends);
		return false;
	}
	home_release(h);
	*h = (struct home){ .packed = xrealloc(out, at + 1), .frame_end = ends, .n = bytes.n,
			    .memory = at + 1 + (frames + 1) * sizeof *ends };
	return true;
}

static bool
unpack(const struct home *h, size_t from, size_t n, char *buf)
{
	for (size_t i = from / HOME_FRAME; n; i++) {
		size_t start = i ? h->frame_end[i - 1] : 0, want = n < HOME_FRAME ? n : HOME_FRAME;
		size_t got = ZSTD_decompress(buf, want, h->packed + start, h->frame_end[i] - start);

		if (got != want)
			return false;
		buf += want;
		n -= want;
	}
	return true;
}

#else

bool
home_pack(struct home *h, struct span bytes)
{
	(void)h;
	(void)bytes;
	return false;
}

static bool
unpack(const struct home *h, size_t from, size_t n, char *buf)
{
	(void)h;
	(void)from;
	(void)n;
	(void)buf;
	return false;
}

#endif

/* ---- reading ------------------------------------------------------------------------ */

static bool
read_file(int fd, uint64_t offset, size_t n, char *buf)
{
	for (size_t got = 0; got < n;) {
		ssize_t r = pread(fd, buf + got, n - got, (off_t)(offset + got));

		if (r < 0 && errno == EINTR)
			continue;
		if (r <= 0)
			return false;
		got += (size_t)r;
	}
	return true;
}

bool
home_is_in(const struct home *h, int fd)
{
	char page[HOME_PAGE];
	size_t n = h->n < HOME_PAGE ? h->n : HOME_PAGE;

	return h->prints && n && read_file(fd, h->offset, n, page) && page_print(span_of(page, n)) == h->prints[0];
}

static bool
fetch(const struct home *h, size_t from, size_t n, char *buf)
{
	if (h->packed)
		return unpack(h, from, n, buf);
	return h->file && h->file->fd >= 0 && read_file(h->file->fd, h->offset + from, n, buf) &&
	       pages_hold(h, from, span_of(buf, n));
}

bool
home_read(const struct home *h, size_t from, size_t n, struct loan *loan)
{
	size_t each = h->packed ? HOME_FRAME : HOME_PAGE;
	size_t start = from / each * each, end = pieces(from + n, each) * each;

	if (end > h->n)
		end = h->n;
	if (end - start > loan->cap) {
		free(loan->buf);
		loan->cap = end - start;
		loan->buf = xmalloc(loan->cap);
	}
	if (!fetch(h, start, end - start, loan->buf)) {
		loan_release(loan);
		return false;
	}
	loan->from = start;
	loan->n = end - start;
	return true;
}

void
loan_release(struct loan *loan)
{
	free(loan->buf);
	*loan = (struct loan){ 0 };
}
