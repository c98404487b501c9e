/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Checks for unit tests. A test is one program: its main() runs the checks and
 * returns test_end("name"). A failed check prints file and line; the program goes
 * on, and its exit status is 1.
 */
#ifndef TEST_H
#define TEST_H

#include <stdint.h>
#include <stdio.h>

static unsigned long test_checks;
static unsigned long test_failures;

enum { TEST_FAILURES_SHOWN = 20 };

static inline int test_check(int ok, const char *text, const char *file, int line)
{
	test_checks++;
	if (ok)
		return 1;
	if (++test_failures <= TEST_FAILURES_SHOWN)
		printf("%s:%d: failed: %s\n", file, line, text);
	return 0;
}

static inline void test_equal(unsigned long long is, unsigned long long wanted, const char *text,
			      const char *file, int line)
{
	if (!test_check(is == wanted, text, file, line) && test_failures <= TEST_FAILURES_SHOWN)
		printf("\tis %llu (0x%llx), wanted %llu (0x%llx)\n", is, is, wanted, wanted);
}

#define TEST_CHECK(condition) test_check(!!(condition), #condition, __FILE__, __LINE__)

#define TEST_EQUAL(is, wanted)                                                                     \
	test_equal((unsigned long long)(is), (unsigned long long)(wanted), #is " == " #wanted,     \
		   __FILE__, __LINE__)

/* Numbers that look random and are the same in every run (xorshift32). */
static inline uint32_t test_random(uint32_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 17;
	*state ^= *state << 5;
	return *state;
}

/* The same, with a random number of bits. */
static inline uint32_t test_random_bits(uint32_t *state)
{
	uint32_t shift = test_random(state) % 32;

	return test_random(state) >> shift;
}

static inline int test_end(const char *name)
{
	if (test_failures == 0 && test_checks != 0)
		printf("%s: %lu checks passed\n", name, test_checks);
	else
		printf("%s: %lu of %lu checks failed\n", name, test_failures, test_checks);
	return test_failures != 0 || test_checks == 0;
}

#endif
