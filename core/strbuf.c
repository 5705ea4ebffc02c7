#include "config.h"

#include "core/strbuf.h"

#include "core/alloc.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void
strbuf_release(struct strbuf *b)
{
	free(b->p);
	*b = (struct strbuf)STRBUF_INIT;
}

void
strbuf_clear(struct strbuf *b)
{
	b->n = 0;
	if (b->p)
		b->p[0] = '\0';
}

void
strbuf_reserve(struct strbuf *b, size_t more)
{
	size_t want = b->n + more + 1;

	if (want <= b->cap)
		return;
	b->cap = want > b->cap * 2 ? want : b->cap * 2;
	b->p = xrealloc(b->p, b->cap);
}

void
strbuf_add(struct strbuf *b, struct span s)
{
	strbuf_reserve(b, s.n);
	if (s.n)
		memcpy(b->p + b->n, s.p, s.n);
	b->n += s.n;
	b->p[b->n] = '\0';
}

void
strbuf_str(struct strbuf *b, const char *s)
{
	strbuf_add(b, span_str(s));
}

void
strbuf_char(struct strbuf *b, char c)
{
	strbuf_add(b, span_of(&c, 1));
}

void
strbuf_addf(struct strbuf *b, const char *fmt, ...)
{
	va_list ap, again;

	strbuf_reserve(b, 0);
	va_start(ap, fmt);
	va_copy(again, ap);
	int n = vsnprintf(b->p + b->n, b->cap - b->n, fmt, ap);
	va_end(ap);
	if (n > 0 && (size_t)n >= b->cap - b->n) {
		strbuf_reserve(b, (size_t)n);
		vsnprintf(b->p + b->n, (size_t)n + 1, fmt, again);
	}
	b->n += n > 0 ? (size_t)n : 0;
	va_end(again);
}
