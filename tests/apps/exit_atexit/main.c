/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* exit() runs what atexit() was given, and flushes, before the status 42. */
#include <stdio.h>
#include <stdlib.h>

static void last(void)
{
	printf("last");
}

static void first(void)
{
	printf("first, ");
}

int main(void)
{
	if (atexit(last) != 0 || atexit(first) != 0)
		return 1;
	printf("exit_atexit: main, ");
	exit(42);
}
