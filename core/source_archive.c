/*
 * source_archive: a window of encoded bytes in front of a library's decoder.
 *
 *	file --read--> [ 64 KiB window ] --decoder--> bytes of a log
 *
 * A codec is three functions over the library's own state; both libraries take
 * any amount and give any amount, so nothing else is kept. zstd may ask for a
 * window of up to 128 MiB (its own limit), gzip for 32 KiB.
 *
 * After a gzip member, zeros are padding (tapes, block devices); anything else
 * that is no member is an error, as what follows would be lost in silence.
 */
#include "config.h"

#include "core/source_archive.h"

#include "core/alloc.h"

#include <stdlib.h>
#ifdef HAVE_ZLIB
#include <zlib.h>
#endif
#ifdef HAVE_ZSTD
#include <zstd.h>
#endif

enum { WINDOW_BYTES = 64 << 10 };

struct codec;

struct archive {
	const struct codec *codec;
	void *state;        /* the library's */
	bool between;       /* no member is begun */
	const char *error;
	size_t at, end;     /* what is left in the window */
	char window[WINDOW_BYTES];
};

struct codec {
	const char *name;
	struct span magic;
	void *(*open)(void); /* NULL: not in this build */
	void (*close)(void *state);
	/* Decode from the window; what was written, 0 when it wants more. Sets between and error. */
	size_t (*decode)(struct archive *a, char *out, size_t cap);
};

static const char no_memory[] = "not enough memory to decode it";

/* ---- gzip ------------------------------------------------------------------------------ */

#ifdef HAVE_ZLIB
static void *
gzip_open(void)
{
	z_stream *z = xcalloc(1, sizeof *z);

	if (inflateInit2(z, 16 + MAX_WBITS) == Z_OK)
		return z;
	free(z);
	return NULL;
}

static void
gzip_close(void *state)
{
	inflateEnd(state);
	free(state);
}

static void
skip_padding(struct archive *a)
{
	while (a->at < a->end && a->window[a->at] == '\0')
		a->at++;
}

static void
gzip_result(struct archive *a, z_stream *z, int r)
{
	if (r == Z_STREAM_END) {
		a->between = true;
		inflateReset(z);
	} else if (r == Z_MEM_ERROR) {
		a->error = no_memory;
	} else if (r != Z_OK && r != Z_BUF_ERROR) {
		a->error = z->msg ? z->msg : "no gzip data";
	}
}

static size_t
gzip_decode(struct archive *a, char *out, size_t cap)
{
	z_stream *z = a->state;

	if (a->between)
		skip_padding(a);
	if (a->between && a->at == a->end)
		return 0;
	a->between = false;
	z->next_in = (Bytef *)a->window + a->at;
	z->avail_in = (uInt)(a->end - a->at);
	z->next_out = (Bytef *)out;
	z->avail_out = (uInt)cap;
	int r = inflate(z, Z_NO_FLUSH);

	a->at = a->end - z->avail_in;
	gzip_result(a, z, r);
	return cap - z->avail_out;
}
#else
#define gzip_open NULL
#define gzip_close NULL
#define gzip_decode NULL
#endif

/* ---- zstd ------------------------------------------------------------------------------ */

#ifdef HAVE_ZSTD
static void *
zstd_open(void)
{
	return ZSTD_createDStream();
}

static void
zstd_close(void *state)
{
	ZSTD_freeDStream(state);
}

static size_t
zstd_decode(struct archive *a, char *out, size_t cap)
{
	ZSTD_inBuffer in = { a->window, a->end, a->at };
	ZSTD_outBuffer to = { out, cap, 0 };

	if (a->between && a->at == a->end)
		return 0;
	size_t r = ZSTD_decompressStream(a->state, &to, &in);

	a->at = in.pos;
	if (ZSTD_isError(r))
		a->error = ZSTD_getErrorName(r);
	else
		a->between = r == 0;
	return to.pos;
}
#else
#define zstd_open NULL
#define zstd_close NULL
#define zstd_decode NULL
#endif

/* ---- both ------------------------------------------------------------------------------ */

static const struct codec codecs[] = {
	[ARCHIVE_GZIP] = { "gzip", { "\x1f\x8b\x08", 3 }, gzip_open, gzip_close, gzip_decode },
	[ARCHIVE_ZSTD] = { "zstd", { "\x28\xb5\x2f\xfd", 4 }, zstd_open, zstd_close, zstd_decode },
};

enum archive_kind
archive_kind(struct span head)
{
	enum archive_kind kind = ARCHIVE_NONE;

	for (size_t i = ARCHIVE_GZIP; i < ARRAY_SIZE(codecs); i++) {
		struct span magic = codecs[i].magic;
		size_t n = head.n < magic.n ? head.n : magic.n;

		if (n && memcmp(head.p, magic.p, n) != 0)
			continue;
		if (n == magic.n)
			return (enum archive_kind)i;
		kind = ARCHIVE_UNSURE;
	}
	return kind;
}

const char *
archive_name(enum archive_kind kind)
{
	return codecs[kind].name;
}

const char *
archive_names(void)
{
	bool gzip = codecs[ARCHIVE_GZIP].open, zstd = codecs[ARCHIVE_ZSTD].open;

	return gzip && zstd ? "gzip, zstd" : gzip ? "gzip" : zstd ? "zstd" : "none";
}

struct archive *
archive_new(enum archive_kind kind)
{
	const struct codec *codec = &codecs[kind];

	if (!codec->open)
		return NULL;
	struct archive *a = xmalloc(sizeof *a);

	a->codec = codec;
	a->state = codec->open();
	a->between = true;
	a->error = a->state ? NULL : no_memory;
	a->at = a->end = 0;
	return a;
}

void
archive_free(struct archive *a)
{
	if (!a)
		return;
	if (a->state)
		a->codec->close(a->state);
	free(a);
}

char *
archive_room(struct archive *a, size_t *n)
{
	memmove(a->window, a->window + a->at, a->end - a->at);
	a->end -= a->at;
	a->at = 0;
	*n = sizeof a->window - a->end;
	return a->window + a->end;
}

void
archive_fed(struct archive *a, size_t n)
{
	a->end += n;
}

size_t
archive_decode(struct archive *a, char *out, size_t cap)
{
	size_t n = 0;

	/* A member may hold nothing, or end where the window does. */
	while (!n && !a->error) {
		size_t at = a->at;

		n = a->codec->decode(a, out, cap);
		if (a->at == at)
			break;
	}
	return n;
}

bool
archive_whole(const struct archive *a)
{
	return a->between && a->at == a->end && !a->error;
}

const char *
archive_error(const struct archive *a)
{
	return a->error;
}
