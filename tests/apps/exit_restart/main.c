/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Asks to be restarted. A started process must find its memory as new; only a
 * clock tells the starts apart, so it ends once that says 100 ms.
 */
#include <stdio.h>

#include "detent/alarm.h"
#include "detent/syscall.h"

enum { FRESH = 0x1234, STALE = 0x4321 };

static int initialised = FRESH;
static int zeroed;

int main(void)
{
	uint32_t hertz = 1;

	if (initialised != FRESH || zeroed != 0) {
		printf("exit_restart: memory is stale\n");
		return 2;
	}
	initialised = STALE;
	zeroed = STALE;
	if (alarm_frequency(&hertz) != E_OK)
		return 3;
	printf("exit_restart: started at %u ms\n", (unsigned int)(alarm_now() / (hertz / 1000)));
	if (alarm_now() / (hertz / 10) >= 1) {
		printf("exit_restart: ending with status 7\n");
		process_exit(7);
	}
	for (uint32_t start = alarm_now(); alarm_now() - start < hertz / 40;) {
	}
	printf("exit_restart: restarting\n");
	process_restart(5);
}
