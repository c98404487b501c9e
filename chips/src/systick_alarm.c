/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "chips/systick_alarm.h"

#include "arm/nvic.h"
#include "arm/scs.h"
#include "lib/compiler.h"
#include "trusted/chip.h"

enum {
	RELOAD_MIN = 63,    /* shorter periods could end before they are set up */
	RESTART_TICKS = 12, /* from reading the counter to its new start */
};

enum slice {
	SLICE_STOPPED,
	SLICE_RUNNING,
	SLICE_EXPIRED,
};

static struct {
	struct alarm alarm;
	uint32_t base;   /* the time when the period began */
	uint32_t reload; /* the period has one tick more; the next has SYSTICK_TICKS_MAX */
	uint32_t reference, delta;
	uint32_t slice_deadline;
	uint32_t ticks_per_microsecond;
	bool armed;
	uint8_t slice; /* enum slice */
} timer;

/* The period has ended, and the next is running. */
static bool has_wrapped(void)
{
	return arm_systick_fired || (SCS_SCB->icsr & ICSR_PENDSTSET) != 0;
}

static uint32_t now_ticks(void)
{
	bool wrapped;
	uint32_t count;

	do {
		wrapped = has_wrapped();
		count = SCS_SYSTICK->cvr;
	} while (has_wrapped() != wrapped);
	if (!wrapped)
		return count == 0 ? timer.base : timer.base + (timer.reload - count);
	if (count == 0)
		return timer.base + timer.reload;
	return timer.base + timer.reload + 1 + (SYSTICK_TICKS_MAX - count);
}

static void flags_clear(void)
{
	SCS_SCB->icsr = ICSR_PENDSTCLR;
	arm_systick_fired = false;
}

/* A reload value counts from the next period on, so the one after is set now already. */
static void period_start(uint32_t reload)
{
	timer.base = now_ticks() + RESTART_TICKS;
	timer.reload = reload;
	SCS_SYSTICK->rvr = reload;
	SCS_SYSTICK->cvr = 0;
	flags_clear();
	while (SCS_SYSTICK->cvr == 0) {
	}
	SCS_SYSTICK->rvr = SYSTICK_TICKS_MAX;
}

static uint32_t alarm_rest(uint32_t now)
{
	uint32_t elapsed = now - timer.reference;

	return elapsed < timer.delta ? timer.delta - elapsed : 0;
}

static uint32_t slice_rest(uint32_t now)
{
	uint32_t rest = timer.slice_deadline - now;

	return (int32_t)rest > 0 ? rest : 0;
}

/* Ticks until something is due. */
static uint32_t nearest(uint32_t now)
{
	uint32_t rest = SYSTICK_TICKS_MAX;

	if (timer.armed && alarm_rest(now) < rest)
		rest = alarm_rest(now);
	if (timer.slice == SLICE_RUNNING && slice_rest(now) < rest)
		rest = slice_rest(now);
	return rest;
}

/* Shortens the period where it would end too late. One that ends too early does no harm. */
static void deadlines_changed(void)
{
	uint32_t now = now_ticks();
	uint32_t rest = nearest(now);

	if (rest >= timer.base + timer.reload - now && !has_wrapped())
		return;
	if (has_wrapped() && rest == SYSTICK_TICKS_MAX)
		return;
	period_start(rest < RELOAD_MIN ? RELOAD_MIN : rest);
}

void systick_alarm_interrupt(void)
{
	bool due;

	if (has_wrapped()) {
		timer.base += timer.reload + 1;
		timer.reload = SYSTICK_TICKS_MAX;
		flags_clear();
	}
	due = timer.armed && alarm_rest(now_ticks()) == 0;
	if (due)
		timer.armed = false;
	if (timer.slice == SLICE_RUNNING && slice_rest(now_ticks()) == 0)
		timer.slice = SLICE_EXPIRED;
	deadlines_changed();
	if (due)
		timer.alarm.client->ops->fired(timer.alarm.client);
}

void chip_timeslice_start(uint32_t microseconds)
{
	timer.slice_deadline = now_ticks() + microseconds * timer.ticks_per_microsecond;
	timer.slice = SLICE_RUNNING;
	deadlines_changed();
}

void chip_timeslice_stop(void)
{
	timer.slice = SLICE_STOPPED;
}

bool chip_timeslice_expired(void)
{
	if (timer.slice == SLICE_RUNNING)
		return has_wrapped() && slice_rest(now_ticks()) == 0;
	return timer.slice == SLICE_EXPIRED;
}

static uint32_t now(const struct alarm *alarm)
{
	(void)alarm;
	return now_ticks();
}

static void set(struct alarm *alarm, uint32_t reference, uint32_t delta)
{
	(void)alarm;
	timer.reference = reference;
	timer.delta = delta;
	timer.armed = true;
	deadlines_changed();
}

static void disarm(struct alarm *alarm)
{
	(void)alarm;
	timer.armed = false;
}

static const struct alarm_ops ops = {
	.now = now,
	.set = set,
	.disarm = disarm,
};

struct alarm *systick_alarm_init(uint32_t frequency_hz)
{
	timer.alarm.ops = &ops;
	timer.alarm.frequency_hz = frequency_hz;
	timer.ticks_per_microsecond = frequency_hz / 1000000u;
	timer.reload = SYSTICK_TICKS_MAX;
	SCS_SYSTICK->rvr = SYSTICK_TICKS_MAX;
	SCS_SYSTICK->cvr = 0;
	SCS_SYSTICK->csr = SYSTICK_RUN;
	nvic_enable_systick();
	return &timer.alarm;
}
