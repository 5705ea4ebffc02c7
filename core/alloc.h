/*
 * alloc: memory that is there, or the program ends.
 *
 * Memory pressure is handled long before this, by the byte budget of the
 * ring. When malloc fails all the same, the hook restores the terminal, one
 * line says what happened, and the process exits with status 4.
 */
#ifndef CORE_ALLOC_H
#define CORE_ALLOC_H

#include <stddef.h>

void *xmalloc(size_t n);
void *xcalloc(size_t n, size_t size);
void *xrealloc(void *p, size_t n);
void *xreallocarray(void *p, size_t n, size_t size);
char *xstrdup(const char *s);
char *xstrndup(const char *s, size_t n);
/* A formatted string on the heap; the caller owns it. */
char *xasprintf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/*
 * To be called before anything else: what is large is mapped by itself, so that a
 * block that goes gives its memory back at once, and the ceiling is the process's.
 */
void alloc_init(void);

/* Called once, before the message, when memory runs out. */
void alloc_set_hook(void (*hook)(void));

/*
 * Make room for one more element in a growing array: `v` the array, `n` the
 * elements in use, `cap` its capacity. Doubles, so that appends are O(1)
 * amortised.
 */
#define ARRAY_GROW(v, n, cap)                                                  \
	do {                                                                   \
		if ((n) >= (cap)) {                                            \
			(cap) = (cap) ? (cap) * 2 : 8;                         \
			(v) = xreallocarray((v), (cap), sizeof *(v));          \
		}                                                              \
	} while (0)

#define ARRAY_SIZE(a) (sizeof(a) / sizeof *(a))

#endif
