/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * An application that has no part in another's flash (tests/apps/opensk_store): not by its
 * driver, and not by reading where it is, for which it faults.
 */
#include <stdio.h>

#include "detent/syscall.h"

enum { PLACE = 0x22800000, ERASE = 3, PAGE = 4096 };

int main(void)
{
	uintptr_t count = 0;
	unsigned int failed = 0;

	failed += memop(MEMOP_WINDOWS, 0, &count) != E_NOSUPPORT;
	failed += command_done(DRIVER_KEY_VALUE, ERASE, PLACE, PAGE) != E_NOSUPPORT;
	printf("opensk_stranger: %u failed, reading\n", failed);
	printf("opensk_stranger: came back with %08lx\n",
	       (unsigned long)*(const volatile uint32_t *)PLACE);
	return 0;
}
