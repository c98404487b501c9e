/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The four functions that a freestanding compiler expects to find (GCC manual,
 * "Standards"). Compiled so that their loops are not turned into calls of
 * themselves.
 */
#include "lib/compiler.h"

#include <stddef.h>
#include <stdint.h>

void *memcpy(void *restrict destination, const void *restrict source, size_t length);
void *memmove(void *destination, const void *source, size_t length);
void *memset(void *destination, int value, size_t length);
int memcmp(const void *left, const void *right, size_t length);

struct MAY_ALIAS word {
	uint32_t value;
};

enum { WORD = sizeof(struct word), RUN = 8 };

static size_t misalignment(const void *pointer)
{
	return (size_t)((uintptr_t)pointer % WORD);
}

void *memset(void *destination, int value, size_t length)
{
	uint8_t *to = destination;
	uint8_t byte = (uint8_t)value;
	uint32_t pattern = UINT32_C(0x01010101) * byte;

	while (length > 0 && misalignment(to) != 0) {
		*to++ = byte;
		length--;
	}
	for (; length >= RUN * WORD; length -= RUN * WORD) {
		struct word *words = (struct word *)(void *)to;

		words[0].value = pattern;
		words[1].value = pattern;
		words[2].value = pattern;
		words[3].value = pattern;
		words[4].value = pattern;
		words[5].value = pattern;
		words[6].value = pattern;
		words[7].value = pattern;
		to += RUN * WORD;
	}
	while (length-- > 0)
		*to++ = byte;
	return destination;
}

void *memcpy(void *restrict destination, const void *restrict source, size_t length)
{
	uint8_t *to = destination;
	const uint8_t *from = source;

	if (misalignment(to) == 0 && misalignment(from) == 0) {
		for (; length >= WORD; length -= WORD) {
			((struct word *)(void *)to)->value =
				((const struct word *)(const void *)from)->value;
			to += WORD;
			from += WORD;
		}
	}
	while (length-- > 0)
		*to++ = *from++;
	return destination;
}

void *memmove(void *destination, const void *source, size_t length)
{
	uint8_t *to = destination;
	const uint8_t *from = source;

	if ((uintptr_t)to - (uintptr_t)from >= length)
		return memcpy(destination, source, length);
	while (length-- > 0)
		to[length] = from[length];
	return destination;
}

int memcmp(const void *left, const void *right, size_t length)
{
	const uint8_t *a = left;
	const uint8_t *b = right;

	for (; length > 0; length--, a++, b++)
		if (*a != *b)
			return *a < *b ? -1 : 1;
	return 0;
}
