#include "config.h"

#include "core/alloc.h"

#include <malloc.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LARGE = 256 << 10 };

static void (*oom_hook)(void);

void
alloc_init(void)
{
	mallopt(M_MMAP_THRESHOLD, LARGE); /* also keeps glibc from raising it with every block that is freed */
}

void
alloc_set_hook(void (*hook)(void))
{
	oom_hook = hook;
}

static void *
checked(void *p, size_t n)
{
	if (p || !n)
		return p;
	if (oom_hook)
		oom_hook();
	fprintf(stderr, "tailboard: out of memory (%zu bytes wanted)\n", n);
	exit(4);
}

void *
xmalloc(size_t n)
{
	return checked(malloc(n ? n : 1), n);
}

void *
xcalloc(size_t n, size_t size)
{
	return checked(calloc(n ? n : 1, size ? size : 1), n * size);
}

void *
xrealloc(void *p, size_t n)
{
	return checked(realloc(p, n ? n : 1), n);
}

void *
xreallocarray(void *p, size_t n, size_t size)
{
	return checked(reallocarray(p, n ? n : 1, size ? size : 1), size && n > SIZE_MAX / size ? SIZE_MAX : n * size);
}

char *
xstrndup(const char *s, size_t n)
{
	char *copy = xmalloc(n + 1);

	if (n)
		memcpy(copy, s, n);
	copy[n] = '\0';
	return copy;
}

char *
xstrdup(const char *s)
{
	return xstrndup(s, strlen(s));
}

char *
xasprintf(const char *fmt, ...)
{
	va_list ap;
	char *s = NULL;

	va_start(ap, fmt);
	int n = vasprintf(&s, fmt, ap);
	va_end(ap);
	return n < 0 ? checked(NULL, 1) : s;
}
