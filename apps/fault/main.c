/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Does what a process must not: it says so, and then reads memory that belongs
 * to the kernel. The kernel stops it, and other processes go on.
 */
#include <stdio.h>

#include "detent/memory.h"

int main(void)
{
	uintptr_t foreign = memory_ram().end - sizeof(uint32_t);
	uint32_t value;

	printf("fault: reading the kernel's memory at 0x%08x\n", (unsigned int)foreign);
	value = *(const volatile uint32_t *)foreign;
	printf("fault: read 0x%08x: there is no isolation!\n", (unsigned int)value);
	return 1;
}
