/*
 * fuzz: what every fuzz target defines.
 *
 * With --enable-fuzzing libFuzzer calls it; otherwise fuzz_replay.c does,
 * with the files of the target's corpus. It returns 0, and aborts when it
 * finds something wrong.
 */
#ifndef TESTS_FUZZ_H
#define TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Stays in the program whatever NDEBUG says. */
#define FUZZ_ASSERT(condition)                                                 \
	do {                                                                   \
		if (!(condition))                                              \
			__builtin_trap();                                      \
	} while (0)

#endif
