/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "detent/timer.h"

#include <stddef.h>

#include "detent/alarm.h"
#include "detent/syscall.h"

/*
 * The alarm is set for at most this many ticks ahead, so that the 64-bit clock
 * is read at least twice in a turn of the 32-bit counter.
 */
#define LONGEST_WAIT_TICKS 0x80000000u

static struct {
	struct timer *first; /* by due time, the earliest first */
	uint64_t now;        /* ticks; the low half is what the counter last read */
	uint64_t start;      /* ticks */
	uint32_t hertz;      /* 0: not yet known */
} timers;

static uint64_t clock_read(void)
{
	timers.now += (uint32_t)(alarm_now() - (uint32_t)timers.now);
	return timers.now;
}

static void arm(void)
{
	uint64_t now;
	uint64_t wait;

	if (!timers.first)
		return;
	now = clock_read();
	wait = timers.first->due > now ? timers.first->due - now : 0;
	if (wait > LONGEST_WAIT_TICKS)
		wait = LONGEST_WAIT_TICKS;
	alarm_set((uint32_t)now, (uint32_t)wait);
}

static void insert(struct timer *timer)
{
	struct timer **link = &timers.first;

	while (*link && (*link)->due <= timer->due)
		link = &(*link)->next;
	timer->next = *link;
	timer->set = true;
	*link = timer;
}

static void take_out(struct timer *timer)
{
	struct timer **link = &timers.first;

	while (*link && *link != timer)
		link = &(*link)->next;
	if (*link)
		*link = timer->next;
	timer->set = false;
}

/*
 * `now` is read once: a timer that sets itself anew for a due time in the past
 * must not keep this loop from ending. A function may sleep in here, which
 * arms the alarm for itself and comes here again.
 */
static void run_due(uint32_t counter, uint32_t due, void *context)
{
	uint64_t now = clock_read();

	(void)counter;
	(void)due;
	(void)context;
	while (timers.first && timers.first->due <= now) {
		struct timer *timer = timers.first;

		take_out(timer);
		if (timer->period) {
			timer->due += timer->period;
			if (timer->due <= now)
				timer->due = now + timer->period;
			insert(timer);
		}
		timer->fired(timer, timer->context);
	}
	arm();
}

static enum error clock_start(void)
{
	enum error error;
	uint32_t hertz = 0;

	if (timers.hertz)
		return E_OK;
	error = alarm_frequency(&hertz);
	if (error != E_OK)
		return error;
	if (hertz == 0)
		return E_FAIL;
	error = alarm_subscribe(run_due, NULL);
	if (error != E_OK)
		return error;
	timers.hertz = hertz;
	timers.now = alarm_now();
	timers.start = timers.now;
	return E_OK;
}

/* Rounded up. In two parts, so that no 64-bit division is needed. */
static uint64_t ticks_of(uint32_t ms)
{
	uint32_t seconds = ms / 1000;
	uint32_t rest = ms % 1000;
	uint32_t part = rest * (timers.hertz / 1000) + (rest * (timers.hertz % 1000) + 999) / 1000;

	return (uint64_t)seconds * timers.hertz + part;
}

static enum error set(struct timer *timer, uint32_t ms, bool periodic)
{
	enum error error = clock_start();
	uint64_t ticks;

	if (error != E_OK)
		return error;
	if (timer->set)
		take_out(timer);
	ticks = ticks_of(ms);
	timer->due = clock_read() + ticks;
	timer->period = periodic ? ticks : 0;
	insert(timer);
	arm();
	return E_OK;
}

enum error timer_after_ms(struct timer *timer, uint32_t ms, timer_fired *fired, void *context)
{
	timer->fired = fired;
	timer->context = context;
	return set(timer, ms, false);
}

enum error timer_every_ms(struct timer *timer, uint32_t ms, timer_fired *fired, void *context)
{
	if (ms == 0)
		return E_INVAL;
	timer->fired = fired;
	timer->context = context;
	return set(timer, ms, true);
}

void timer_cancel(struct timer *timer)
{
	if (!timer->set)
		return;
	take_out(timer);
	if (timers.first)
		arm();
	else
		alarm_stop();
}

static void woke(struct timer *timer, void *context)
{
	bool *awake = context;

	(void)timer;
	*awake = true;
}

enum error sleep_ms(uint32_t ms)
{
	bool awake = false;
	struct timer timer = {0};
	enum error error = timer_after_ms(&timer, ms, woke, &awake);

	if (error != E_OK)
		return error;
	while (!*(volatile bool *)&awake)
		yield();
	return E_OK;
}

uint64_t timer_now_ms(void)
{
	if (clock_start() != E_OK)
		return 0;
	return (clock_read() - timers.start) * 1000 / timers.hertz;
}
