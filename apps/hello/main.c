/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Says hello on the console, and ends. */
#include <stdio.h>

int main(void)
{
	printf("Hello from a process!\n");
	return 0;
}
