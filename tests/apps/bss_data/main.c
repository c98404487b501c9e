/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * What the start must have put in order: data, zeroed data, constants, pointers
 * in data and in constants, constructors, malloc, and the C library's errno.
 */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef int operation(int);

struct named {
	const char *name;
	operation *run;
	int *counter;
};

static int counters[3] = {10, 20, 30};
static uint8_t zeroes[256];
static uint64_t wide = 0x0123456789abcdefu;
static const uint32_t table[4] = {1, 10, 100, 1000};
static int constructed;
static unsigned int failed;

static int twice(int value)
{
	return 2 * value;
}

static int negated(int value)
{
	return -value;
}

static struct named writable[] = {
	{"twice", twice, &counters[0]},
	{"negated", negated, &counters[2]},
};
static const struct named constant[] = {
	{"negated", negated, &counters[1]},
	{"twice", twice, NULL},
};
static char *const text = (char[]){"text"};
static void *self = &self;

__attribute__((constructor)) static void construct(void)
{
	constructed = counters[0] + 1;
}

static void expect(const char *what, int passed)
{
	if (passed)
		return;
	printf("bss_data: wrong: %s\n", what);
	failed++;
}

static int all_equal(const uint8_t *bytes, size_t length, uint8_t value)
{
	for (size_t i = 0; i < length; i++) {
		if (bytes[i] != value)
			return 0;
	}
	return 1;
}

static void check_static(void)
{
	expect("data", counters[0] == 10 && counters[1] == 20 && counters[2] == 30);
	expect("wide data", wide == 0x0123456789abcdefu);
	expect("zeroed data", all_equal(zeroes, sizeof(zeroes), 0));
	expect("constants", table[0] + table[1] + table[2] + table[3] == 1111);
	expect("constructor", constructed == 11);
	expect("string in data", strcmp(text, "text") == 0);
	expect("pointer to itself", self == (void *)&self);
	expect("pointers in data", strcmp(writable[1].name, "negated") == 0 &&
					   writable[0].run(4) == 8 && *writable[1].counter == 30);
	expect("pointers in constants", strcmp(constant[1].name, "twice") == 0 &&
						constant[0].run(4) == -4 &&
						*constant[0].counter == 20 && !constant[1].counter);
}

static void check_malloc(void)
{
	uint8_t *first = malloc(200);
	uint8_t *second = malloc(100);

	expect("malloc", first && second && first != second);
	if (!first || !second)
		return;
	memset(first, 0x11, 200);
	memset(second, 0x22, 100);
	expect("blocks are apart", all_equal(first, 200, 0x11) && all_equal(second, 100, 0x22));
	free(first);
	first = calloc(10, 15);
	expect("calloc", first && all_equal(first, 150, 0));
	free(first);
	errno = 0;
	first = malloc(1u << 20);
	expect("malloc of too much", !first && errno == ENOMEM);
	expect("a block outlives that", all_equal(second, 100, 0x22));
	free(second);
}

int main(void)
{
	check_static();
	check_malloc();
	printf("bss_data: %u failed\n", failed);
	return failed == 0 ? 0 : 1;
}
