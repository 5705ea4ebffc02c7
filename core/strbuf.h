/*
 * strbuf: a string that grows. Owns its bytes; always NUL-terminated once
 * something was added.
 */
#ifndef CORE_STRBUF_H
#define CORE_STRBUF_H

#include "core/span.h"

struct strbuf {
	char *p;
	size_t n, cap;
};

#define STRBUF_INIT { NULL, 0, 0 }

void strbuf_release(struct strbuf *b);
void strbuf_clear(struct strbuf *b);
/* Room for `more` further bytes and the NUL. */
void strbuf_reserve(struct strbuf *b, size_t more);
void strbuf_add(struct strbuf *b, struct span s);
void strbuf_str(struct strbuf *b, const char *s);
void strbuf_char(struct strbuf *b, char c);
void strbuf_addf(struct strbuf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

static inline struct span
strbuf_span(const struct strbuf *b)
{
	return span_of(b->p ? b->p : "", b->n);
}

#endif
