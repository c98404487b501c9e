/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Writes to its own flash, which it may only read. */
#include <stdio.h>

static const int constant = 1;

int main(void)
{
	printf("write_flash: writing to 0x%08x\n", (unsigned int)(size_t)&constant);
	*(volatile int *)(size_t)&constant = 2;
	printf("write_flash: came back\n");
	return 1;
}
