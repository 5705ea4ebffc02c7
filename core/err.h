/*
 * err: what went wrong in something a person wrote (a query, an option, a
 * config file), and where.
 *
 * Owned by the caller, filled by the function that fails. System calls
 * return -errno instead.
 */
#ifndef CORE_ERR_H
#define CORE_ERR_H

#include <stddef.h>

struct err {
	int code;      /* 0: no error */
	size_t pos;    /* byte in the text that was read, where that makes sense */
	char msg[256]; /* one line, says what was expected */
};

/* Fill e (which may be NULL) and return code, so that `return err_set(...)` reads well. */
int err_set(struct err *e, int code, size_t pos, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

/*
 * The candidate nearest to `word` (edit distance, at most a third of its
 * length), or NULL: for "did you mean". `next` is called with 0, 1, ... and
 * returns NULL at the end.
 */
const char *err_nearest(const char *word, const char *(*next)(size_t i, const void *arg), const void *arg);

#endif
