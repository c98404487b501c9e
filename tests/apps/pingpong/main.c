/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * What a switch between two processes costs. Load it twice, and nothing else.
 *
 * Both processes set their alarms to the same moments. At each, the one that
 * the kernel runs first reads the clock and yields, and the other one reads the
 * clock when its upcall begins. At the end each prints a line a round:
 *
 *	pingpong: ROUND ENTERED LEFT
 *
 * in ticks. Of the two lines of a round, the switch took the later ENTERED less
 * the earlier LEFT, less one read of the clock (bench's alarm_now). A delay that
 * grows with the round spreads the readings evenly within a tick, so that the
 * mean over all rounds is finer than a tick.
 */
#include <stdio.h>

#include "detent/alarm.h"
#include "detent/syscall.h"

enum {
	ROUNDS = 128,
	FIRST_MS = 500, /* after reset: both have started by then */
	PERIOD_MS = 5,
};

static uint32_t entered[ROUNDS + 1];
static uint32_t left[ROUNDS];
static uint32_t number;

/* The first thing in an upcall is the clock. */
static void fired(uint32_t now, uint32_t due, uint32_t arg2, void *context)
{
	entered[number] = alarm_now();
	(void)now;
	(void)due;
	(void)arg2;
	(void)context;
}

static void delay(uint32_t turns)
{
	while (turns-- > 0)
		__asm__ volatile("nop\n nop\n nop");
}

static void set_for(uint32_t due)
{
	uint32_t now = alarm_now();

	alarm_set(now, due - now);
}

int main(void)
{
	uint32_t hertz = 0;
	uint32_t next;

	if (alarm_frequency(&hertz) != E_OK) {
		printf("pingpong: no alarm driver\n");
		return 1;
	}
	subscribe(DRIVER_ALARM, 0, (struct subscription){fired, NULL}, NULL);
	next = hertz / 1000 * FIRST_MS;
	set_for(next);
	for (number = 0; number < ROUNDS; number++) {
		yield();
		next += hertz / 1000 * PERIOD_MS;
		set_for(next);
		delay(7 * number);
		left[number] = alarm_now();
	}
	yield();
	for (uint32_t i = 0; i < ROUNDS; i++)
		printf("pingpong: %u %u %u\n", (unsigned int)i, (unsigned int)entered[i],
		       (unsigned int)left[i]);
	printf("pingpong: done\n");
	return 0;
}
