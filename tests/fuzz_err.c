/*
 * Fuzzes err_nearest, which sees every word that a user mistypes. The input
 * is lines: the first is the word, the others are the candidates.
 */
#include "config.h"

#include "core/err.h"

#include "core/alloc.h"
#include "core/span.h"
#include "tests/fuzz.h"

#include <stdlib.h>

struct words {
	char **v;
	size_t n, cap;
};

static const char *
candidate(size_t i, const void *arg)
{
	const struct words *words = arg;

	return i + 1 < words->n ? words->v[i + 1] : NULL;
}

static struct words
split(struct span text)
{
	struct words words = { NULL, 0, 0 };

	for (;;) {
		ptrdiff_t end = span_chr(text, '\n');
		struct span line = end < 0 ? text : span_head(text, (size_t)end);

		ARRAY_GROW(words.v, words.n, words.cap);
		words.v[words.n++] = xstrndup(line.p, line.n);
		if (end < 0)
			return words;
		text = span_from(text, (size_t)end + 1);
	}
}

/* The longest word that err_nearest compares; of longer ones it only promises not to crash. */
enum { COMPARED = 63 };

static void
check_answer(const struct words *words, const char *found)
{
	bool offered = false, exact = false;

	for (size_t i = 1; i < words->n; i++) {
		offered |= found == words->v[i];
		exact |= strcmp(words->v[0], words->v[i]) == 0;
	}
	FUZZ_ASSERT(!found || offered);
	if (exact && strlen(words->v[0]) <= COMPARED)
		FUZZ_ASSERT(found && strcmp(found, words->v[0]) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct words words = split(span_of((const char *)data, size));

	check_answer(&words, err_nearest(words.v[0], candidate, &words));
	for (size_t i = 0; i < words.n; i++)
		free(words.v[i]);
	free(words.v);
	return 0;
}
