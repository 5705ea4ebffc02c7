#include "config.h"

#include "core/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { WORD_MAX = 63 };

int
err_set(struct err *e, int code, size_t pos, const char *fmt, ...)
{
	if (!e)
		return code;
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(e->msg, sizeof e->msg, fmt, ap);
	va_end(ap);
	e->code = code;
	e->pos = pos;
	return code;
}

/* Levenshtein's distance, one row at a time. */
static size_t
distance(const char *a, const char *b)
{
	size_t n = strlen(b), row[WORD_MAX + 1];

	if (n > WORD_MAX)
		return WORD_MAX;
	for (size_t j = 0; j <= n; j++)
		row[j] = j;
	for (size_t i = 0; a[i]; i++) {
		size_t diagonal = row[0];

		row[0] = i + 1;
		for (size_t j = 1; j <= n; j++) {
			size_t best = diagonal + (a[i] != b[j - 1]);

			diagonal = row[j];
			if (row[j] + 1 < best)
				best = row[j] + 1;
			if (row[j - 1] + 1 < best)
				best = row[j - 1] + 1;
			row[j] = best;
		}
	}
	return row[n];
}

const char *
err_nearest(const char *word, const char *(*next)(size_t i, const void *arg), const void *arg)
{
	size_t best = strlen(word) / 3 + 1;
	const char *found = NULL, *candidate;

	for (size_t i = 0; (candidate = next(i, arg)); i++) {
		size_t d = distance(word, candidate);

		if (d <= best && (d < best || !found)) {
			best = d;
			found = candidate;
		}
	}
	return found;
}
