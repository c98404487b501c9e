/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Says when it was started: tests/bench/credentials.py. */
#include <stdio.h>

#include "detent.h"

int main(void)
{
	uint32_t now = alarm_now();
	uint32_t hertz = 0;

	if (alarm_frequency(&hertz) != E_OK)
		return 1;
	printf("started after %u ticks at %u Hz\n", (unsigned int)now, (unsigned int)hertz);
	return 0;
}
