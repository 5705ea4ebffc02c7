/*
 * span: bytes that somebody else owns.
 *
 * A span borrows; it is valid as long as the memory it points into. It is
 * not NUL-terminated and may hold any byte. An absent value has p == NULL
 * (an empty value has p != NULL and n == 0).
 */
#ifndef CORE_SPAN_H
#define CORE_SPAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

struct span {
	const char *p;
	size_t n;
};

#define SPAN_NONE ((struct span){ NULL, 0 })
#define SPAN_LIT(s) ((struct span){ (s), sizeof(s) - 1 })
/* For printf("%.*s", SPAN_FMT(s)). */
#define SPAN_FMT(s) (int)(s).n, (s).p

static inline struct span
span_of(const char *p, size_t n)
{
	return (struct span){ p, n };
}

static inline struct span
span_str(const char *s)
{
	return (struct span){ s, s ? strlen(s) : 0 };
}

/* The part from `from` (clamped to the length) to the end. */
static inline struct span
span_from(struct span s, size_t from)
{
	if (from > s.n)
		from = s.n;
	return (struct span){ s.p + from, s.n - from };
}

/* At most the first n bytes. */
static inline struct span
span_head(struct span s, size_t n)
{
	return (struct span){ s.p, n < s.n ? n : s.n };
}

static inline bool
span_eq(struct span a, struct span b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

static inline bool
span_eq_str(struct span a, const char *s)
{
	return span_eq(a, span_str(s));
}

/* Equal but for ASCII case. */
static inline bool
span_caseeq_str(struct span a, const char *s)
{
	return a.n == strlen(s) && strncasecmp(a.p, s, a.n) == 0;
}

static inline bool
span_starts(struct span a, struct span prefix)
{
	return a.n >= prefix.n && (prefix.n == 0 || memcmp(a.p, prefix.p, prefix.n) == 0);
}

static inline bool
span_ends(struct span a, struct span suffix)
{
	return a.n >= suffix.n &&
	       (suffix.n == 0 || memcmp(a.p + a.n - suffix.n, suffix.p, suffix.n) == 0);
}

/* Index of the first c, or -1. */
static inline ptrdiff_t
span_chr(struct span s, char c)
{
	const char *at = s.n ? memchr(s.p, c, s.n) : NULL;

	return at ? at - s.p : -1;
}

/* Without spaces and tabs at either end. */
static inline struct span
span_trim(struct span s)
{
	while (s.n && (*s.p == ' ' || *s.p == '\t'))
		s.p++, s.n--;
	while (s.n && (s.p[s.n - 1] == ' ' || s.p[s.n - 1] == '\t'))
		s.n--;
	return s;
}

/* Eight bytes at a time, each mixed in by a multiplication; for tables, not for adversaries. */
static inline uint64_t
span_hash(struct span s)
{
	const uint64_t factor = 0x9e3779b97f4a7c15u;
	uint64_t h = (s.n + 1) * factor, word = 0;

	for (; s.n > 8; s.p += 8, s.n -= 8) {
		memcpy(&word, s.p, 8);
		h = (h ^ word) * factor;
		h ^= h >> 32;
	}
	if (s.n >= 4) {
		uint32_t head, tail;

		memcpy(&head, s.p, 4);
		memcpy(&tail, s.p + s.n - 4, 4);
		word = (uint64_t)head << 32 | tail;
	} else {
		word = 0;
		for (size_t i = 0; i < s.n; i++)
			word = word << 8 | (unsigned char)s.p[i];
	}
	h = (h ^ word) * factor;
	h = (h ^ h >> 32) * 0xbf58476d1ce4e5b9u;
	return h ^ h >> 29;
}

#endif
