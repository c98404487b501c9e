/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Never yields and never calls the kernel again: others must run nevertheless. */
#include <stdio.h>

int main(void)
{
	printf("preempt: spinning\n");
	for (;;)
		__asm__ volatile("");
}
