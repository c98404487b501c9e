/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * What the chip driver tests share: a check that counts, and peripherals made
 * of plain memory. Such a peripheral reads back what was last written to it;
 * the test plays the device between the calls.
 */
#ifndef CHIP_CHECK_H
#define CHIP_CHECK_H

#include <stdint.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

static unsigned chip_checks;
static unsigned chip_failures;

#define CHECK(condition)                                                                           \
	do {                                                                                       \
		chip_checks++;                                                                     \
		if (!(condition)) {                                                                \
			chip_failures++;                                                           \
			fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);            \
		}                                                                                  \
	} while (0)

/* The exit status of a test, with one line of result. */
static inline int chip_result(const char *name)
{
	printf("%s: %u checks, %u failed\n", name, chip_checks, chip_failures);
	return chip_failures == 0 && chip_checks != 0 ? 0 : 1;
}

static inline uint32_t word_get(const void *base, uint32_t offset)
{
	return *(const volatile uint32_t *)(const void *)((const char *)base + offset);
}

static inline void word_set(void *base, uint32_t offset, uint32_t value)
{
	*(volatile uint32_t *)(void *)((char *)base + offset) = value;
}

static inline uint64_t pair_get(const void *base, uint32_t offset)
{
	return (uint64_t)word_get(base, offset + 4) << 32 | word_get(base, offset);
}

static inline void pair_set(void *base, uint32_t offset, uint64_t value)
{
	word_set(base, offset, (uint32_t)value);
	word_set(base, offset + 4, (uint32_t)(value >> 32));
}

/* True where `doomed` ends its process by the kernel's trap instruction. */
static inline int chip_traps(void (*doomed)(void))
{
	int status = 0;
	pid_t child = fork();

	if (child == 0) {
		doomed();
		_exit(0);
	}
	if (child < 0 || waitpid(child, &status, 0) != child)
		return 0;
	return WIFSIGNALED(status);
}

#endif
