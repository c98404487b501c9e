/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Calls itself until the stack is used up. The stack is at the start of the
 * process's RAM, so that the first byte too many is a fault and not a variable.
 */
#include <stdio.h>
#include <string.h>

static volatile unsigned int deepest;
static volatile unsigned int bottom = ~0u;

static unsigned int descend(unsigned int depth)
{
	volatile char frame[32];

	frame[0] = (char)depth;
	deepest = depth;
	if (depth == bottom)
		return depth;
	return descend(depth + 1) + (unsigned int)frame[0];
}

int main(void)
{
	static char guard[64];

	memset(guard, 0x5a, sizeof(guard));
	printf("stack_overflow: going down\n");
	printf("stack_overflow: came back from %u: nothing stopped it!\n", descend(0));
	return guard[0];
}
