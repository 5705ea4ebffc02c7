/*
 * fuzz_replay: the main() of a fuzz target where libFuzzer does not bring
 * its own, so that `make check` runs what fuzzing found.
 *
 * It feeds the files given as arguments to the target; without arguments all
 * files of $srcdir/tests/corpus/NAME, NAME being the program's name after
 * "fuzz_". Each file is one TAP result, printed after the target returned: a
 * crash ends the run short of its plan, which the TAP driver reports.
 */
#include "config.h"

#include "core/alloc.h"
#include "tests/fuzz.h"

#include <errno.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * The file's bytes in a block of exactly that size, so that AddressSanitizer
 * sees a read past the end. The caller frees it. NULL with errno set.
 */
static uint8_t *
load(const char *path, size_t *size)
{
	FILE *f = fopen(path, "rb");
	uint8_t *data = NULL;
	long n = -1;

	if (!f)
		return NULL;
	if (fseek(f, 0, SEEK_END) == 0 && (n = ftell(f)) >= 0 && fseek(f, 0, SEEK_SET) == 0) {
		data = xmalloc((size_t)n);
		*size = fread(data, 1, (size_t)n, f);
	}
	if (data && *size != (size_t)n) {
		free(data);
		data = NULL;
	}
	fclose(f);
	return data;
}

static void
replay(size_t number, const char *path)
{
	size_t size = 0;
	uint8_t *data = load(path, &size);

	if (data) {
		LLVMFuzzerTestOneInput(data, size);
		printf("ok %zu - %s\n", number, path);
	} else {
		printf("not ok %zu - %s: %s\n", number, path, strerror(errno));
	}
	fflush(stdout);
	free(data);
}

static void
replay_all(char **paths, size_t n)
{
	printf("1..%zu\n", n);
	fflush(stdout);
	for (size_t i = 0; i < n; i++)
		replay(i + 1, paths[i]);
}

static char *
corpus_pattern(const char *program)
{
	const char *name = strstr(program, "fuzz_"), *next;
	const char *srcdir = getenv("srcdir");

	while (name && (next = strstr(name + 1, "fuzz_")))
		name = next;
	return xasprintf("%s/tests/corpus/%s/*", srcdir ? srcdir : ".",
			 name ? name + strlen("fuzz_") : program);
}

int
main(int argc, char **argv)
{
	if (argc > 1) {
		replay_all(argv + 1, (size_t)argc - 1);
		return EXIT_SUCCESS;
	}
	char *pattern = corpus_pattern(argv[0]);
	glob_t found;
	int missing = glob(pattern, 0, NULL, &found);

	if (missing)
		printf("1..1\nnot ok 1 - no corpus: %s\n", pattern);
	else
		replay_all(found.gl_pathv, found.gl_pathc);
	globfree(&found);
	free(pattern);
	return EXIT_SUCCESS;
}
