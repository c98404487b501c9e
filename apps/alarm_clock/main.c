/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Two timers at once: one ticks every second, the other rings once after five.
 * The process then goes on ticking.
 */
#include <stdio.h>

#include "detent/syscall.h"
#include "detent/timer.h"

enum { TICK_MS = 1000, RING_MS = 5000 };

static void ticked(struct timer *timer, void *context)
{
	unsigned int *seconds = context;

	(void)timer;
	(*seconds)++;
	printf("alarm_clock: %u s\n", *seconds);
}

static void rang(struct timer *timer, void *context)
{
	const unsigned int *seconds = context;

	(void)timer;
	printf("alarm_clock: ring! (after %u ticks)\n", *seconds);
}

int main(void)
{
	static struct timer tick;
	static struct timer ring;
	static unsigned int seconds;
	enum error error = timer_every_ms(&tick, TICK_MS, ticked, &seconds);

	if (error == E_OK)
		error = timer_after_ms(&ring, RING_MS + TICK_MS / 2, rang, &seconds);
	if (error != E_OK) {
		printf("alarm_clock: no timer: %s\n", error_text(error));
		return 1;
	}
	printf("alarm_clock: set\n");
	for (;;)
		yield();
}
