/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Tests of a host test program. Each runs in a process of its own with a fresh
 * kernel, a time limit of 60 s, and cannot disturb the others.
 *
 *	HOST_TEST(says_hello)
 *	{
 *		...
 *		TEST_CHECK(...);
 *	}
 */
#ifndef HOST_TEST_H
#define HOST_TEST_H

#include <stdbool.h>
#include <stdint.h>

typedef void host_test_body(void);

struct host_test {
	const char *name;
	host_test_body *body;
	int signal; /* that must end it; 0: none */
	struct host_test *next;
};

void host_test_register(struct host_test *test);

/* Print file and line where the condition does not hold; the test goes on, and fails. */
bool host_test_check(bool holds, const char *text, const char *file, int line);
bool host_test_equal(uint64_t is, uint64_t wanted, const char *text, const char *file, int line);
bool host_test_text(const char *is, const char *wanted, const char *file, int line);

#define HOST_TEST_ENDED_BY(test_name, signal_number)                                               \
	static void test_name(void);                                                               \
	static __attribute__((constructor)) void register_##test_name(void)                        \
	{                                                                                          \
		static struct host_test test = {#test_name, test_name, signal_number, 0};          \
                                                                                                   \
		host_test_register(&test);                                                         \
	}                                                                                          \
	static void test_name(void)

#define HOST_TEST(test_name) HOST_TEST_ENDED_BY(test_name, 0)

#define TEST_CHECK(condition) host_test_check(!!(condition), #condition, __FILE__, __LINE__)
#define TEST_EQUAL(is, wanted)                                                                     \
	host_test_equal((uint64_t)(is), (uint64_t)(wanted), #is " == " #wanted, __FILE__, __LINE__)

/* Compares texts. */
#define TEST_TEXT(is, wanted) host_test_text((is), (wanted), __FILE__, __LINE__)

#endif
