/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * An application with an allocator of its own: it defines malloc() and its
 * kin, and takes memory from the kernel until there is none.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "detent/memory.h"

enum { ALIGNMENT = 16 };

static unsigned int calls;

/* Gives, and never takes back. */
void *malloc(size_t size)
{
	void *start;

	calls++;
	if (memory_extend((ptrdiff_t)((size + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1)), &start) !=
	    E_OK)
		return NULL;
	return start;
}

void free(void *block)
{
	(void)block;
}

int main(void)
{
	char *copy = malloc(6);
	unsigned int blocks = 0;
	bool zero = true;

	if (!copy)
		return 1;
	memcpy(copy, "hello", 6);
	/* The console's share of this memory is taken now, while there is some. */
	printf("own_malloc: starting\n");
	for (const uint8_t *block = malloc(128); block; block = malloc(128)) {
		blocks++;
		for (unsigned int i = 0; i < 128; i++)
			zero = zero && block[i] == 0;
	}
	printf("own_malloc: %s, %s blocks, %s, %s calls\n", copy, blocks > 3 ? "enough" : "few",
	       zero ? "zero" : "dirty", calls == blocks + 2 ? "own" : "other");
	return 0;
}
