/*
 * source_archive: gzip and zstd, told by their first bytes and decoded as they
 * come, in bounded memory. A member (gzip) or frame (zstd) may follow another.
 */
#ifndef CORE_SOURCE_ARCHIVE_H
#define CORE_SOURCE_ARCHIVE_H

#include "core/span.h"

enum archive_kind {
	ARCHIVE_NONE,
	ARCHIVE_UNSURE, /* too few bytes to tell */
	ARCHIVE_GZIP,
	ARCHIVE_ZSTD,
};

/* What begins with these bytes. */
enum archive_kind archive_kind(struct span head);
/* "gzip", "zstd". */
const char *archive_name(enum archive_kind kind);
/* The formats that this build reads, for people: "gzip, zstd", "none". */
const char *archive_names(void);

struct archive;

/* NULL when this build does not read the format. */
struct archive *archive_new(enum archive_kind kind);
void archive_free(struct archive *a); /* NULL is fine */

/* Where the next encoded bytes go, *n at most; archive_fed says how many did. Call when archive_decode wants more. */
char *archive_room(struct archive *a, size_t *n);
void archive_fed(struct archive *a, size_t n);

/* Decode into out, at most cap bytes. 0: it wants more encoded bytes, or failed. */
size_t archive_decode(struct archive *a, char *out, size_t cap);

/* All that was fed is decoded and a member ends here: an end of the file here is right. */
bool archive_whole(const struct archive *a);
/* Why it cannot go on; NULL while it can. */
const char *archive_error(const struct archive *a);

#endif
