/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Many timers at once: they must fire in order of their due times, none early,
 * a periodic one without drift, a cancelled one not at all, and setting and
 * sleeping inside of one must work.
 */
#include <stdbool.h>
#include <stdio.h>

#include "detent/alarm.h"
#include "detent/syscall.h"
#include "detent/timer.h"

enum { COUNT = 8, PERIOD_MS = 30, PERIODS = 10 };

struct entry {
	struct timer timer;
	uint32_t ms;
	uint32_t fired_ms;
};

static const uint32_t delays_ms[COUNT] = {70, 10, 50, 0, 30, 90, 20, 60};

static struct entry entries[COUNT];
static unsigned int fired;
static unsigned int failed;
static uint32_t last_ms;

static void expect(const char *what, bool passed)
{
	if (passed)
		return;
	printf("multi_alarm: wrong: %s\n", what);
	failed++;
}

static void entry_fired(struct timer *timer, void *context)
{
	struct entry *entry = context;

	entry->fired_ms = (uint32_t)timer_now_ms();
	expect("timer handed over", timer == &entry->timer);
	expect("order", entry->ms >= last_ms);
	last_ms = entry->ms;
	fired++;
}

static void check_many(void)
{
	uint32_t start = (uint32_t)timer_now_ms();

	for (unsigned int i = 0; i < COUNT; i++) {
		entries[i].ms = delays_ms[i];
		timer_after_ms(&entries[i].timer, delays_ms[i], entry_fired, &entries[i]);
	}
	timer_cancel(&entries[4].timer);
	while (fired < COUNT - 1)
		yield();
	for (unsigned int i = 0; i < COUNT; i++) {
		if (i == 4)
			expect("cancelled timer", entries[i].fired_ms == 0);
		else
			expect("not early", entries[i].fired_ms - start >= entries[i].ms);
	}
}

static unsigned int periods;

static void period_fired(struct timer *timer, void *context)
{
	(void)context;
	if (++periods == PERIODS)
		timer_cancel(timer);
}

static void check_periodic(void)
{
	struct timer timer = {0};
	uint32_t start = (uint32_t)timer_now_ms();
	uint32_t elapsed;

	timer_every_ms(&timer, PERIOD_MS, period_fired, NULL);
	while (periods < PERIODS)
		yield();
	elapsed = (uint32_t)timer_now_ms() - start;
	expect("ten periods take their time",
	       elapsed >= PERIODS * PERIOD_MS - 1 && elapsed < PERIODS * PERIOD_MS + PERIOD_MS);
	sleep_ms(2 * PERIOD_MS);
	expect("cancelled inside itself", periods == PERIODS);
}

static void nested_fired(struct timer *timer, void *context)
{
	unsigned int *stage = context;

	(*stage)++;
	if (*stage == 1) {
		sleep_ms(15);
		timer_after_ms(timer, 5, nested_fired, context);
	}
}

static void check_nested(void)
{
	unsigned int stage = 0;
	struct timer timer = {0};

	timer_after_ms(&timer, 5, nested_fired, &stage);
	while (*(volatile unsigned int *)&stage < 2)
		yield();
	expect("set anew inside itself", stage == 2);
}

int main(void)
{
	uint32_t start;

	check_many();
	check_periodic();
	check_nested();
	start = (uint32_t)timer_now_ms();
	sleep_ms(0);
	sleep_ms(25);
	expect("sleep", (uint32_t)timer_now_ms() - start >= 25);
	printf("multi_alarm: %u failed\n", failed);
	return failed == 0 ? 0 : 1;
}
