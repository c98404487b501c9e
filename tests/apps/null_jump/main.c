/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Jumps to an address outside of its flash and RAM. */
#include <stdio.h>

#include "detent/memory.h"

typedef void function(void);

int main(void)
{
	uintptr_t target = memory_ram().end;

	printf("null_jump: jumping to 0x%08x\n", (unsigned int)target);
	((function *)target)();
	printf("null_jump: came back\n");
	return 1;
}
