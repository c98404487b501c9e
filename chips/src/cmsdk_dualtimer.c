/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "chips/cmsdk_dualtimer.h"

#include "chips/mmio.h"

struct timer_registers {
	struct rw32 load; /* a write starts from there */
	struct ro32 value;
	struct rw32 control;
	struct wo32 interrupt_clear;
	struct ro32 raw_interrupt;
	struct ro32 masked_interrupt;
	struct rw32 background_load;
	uint32_t reserved;
};

struct cmsdk_dualtimer_registers {
	struct timer_registers counter;
	struct timer_registers countdown;
};

REGISTER_AT(struct timer_registers, background_load, 0x18);
REGISTER_AT(struct cmsdk_dualtimer_registers, countdown, 0x20);

enum {
	CONTROL_ONE_SHOT = 1 << 0,
	CONTROL_32_BITS = 1 << 1,
	CONTROL_PRESCALE_16 = 1 << 2,
	CONTROL_INTERRUPT = 1 << 5,
	CONTROL_ENABLE = 1 << 7,

	CONTROL_COUNTER = CONTROL_32_BITS | CONTROL_PRESCALE_16 | CONTROL_ENABLE,
	CONTROL_COUNTDOWN = CONTROL_32_BITS | CONTROL_PRESCALE_16 | CONTROL_ONE_SHOT |
			    CONTROL_INTERRUPT | CONTROL_ENABLE,
};

static struct cmsdk_dualtimer *from_alarm(struct alarm *alarm)
{
	return CONTAINER_OF(alarm, struct cmsdk_dualtimer, alarm);
}

/* The hardware counts down. */
static uint32_t counter_now(const struct cmsdk_dualtimer *timer)
{
	return ~timer->registers->counter.value.read;
}

static void countdown_stop(struct cmsdk_dualtimer *timer)
{
	timer->registers->countdown.control.rw = 0;
	timer->registers->countdown.interrupt_clear.write = 1;
}

static uint32_t ticks_left(const struct cmsdk_dualtimer *timer)
{
	uint32_t elapsed = counter_now(timer) - timer->reference;

	return elapsed < timer->delta ? timer->delta - elapsed : 0;
}

/* An alarm that is due fires at the next tick, so that it does by interrupt. */
static void countdown_start(struct cmsdk_dualtimer *timer)
{
	uint32_t ticks = ticks_left(timer);

	countdown_stop(timer);
	timer->registers->countdown.load.rw = ticks == 0 ? 1 : ticks;
	timer->registers->countdown.control.rw = CONTROL_COUNTDOWN;
}

static uint32_t now(const struct alarm *alarm)
{
	const struct cmsdk_dualtimer *timer =
		CONTAINER_OF_CONST(alarm, struct cmsdk_dualtimer, alarm);

	return counter_now(timer);
}

static void set(struct alarm *alarm, uint32_t reference, uint32_t delta)
{
	struct cmsdk_dualtimer *timer = from_alarm(alarm);

	timer->reference = reference;
	timer->delta = delta;
	timer->armed = true;
	countdown_start(timer);
}

static void disarm(struct alarm *alarm)
{
	struct cmsdk_dualtimer *timer = from_alarm(alarm);

	timer->armed = false;
	countdown_stop(timer);
}

/*
 * The two timers divide the clock independently, so the countdown may end up to a
 * tick before its time.
 */
void cmsdk_dualtimer_interrupt(struct cmsdk_dualtimer *timer)
{
	countdown_stop(timer);
	if (!timer->armed)
		return;
	if (ticks_left(timer) != 0) {
		countdown_start(timer);
		return;
	}
	timer->armed = false;
	timer->alarm.client->ops->fired(timer->alarm.client);
}

static const struct alarm_ops ops = {
	.now = now,
	.set = set,
	.disarm = disarm,
};

void cmsdk_dualtimer_init(struct cmsdk_dualtimer *timer, uintptr_t base, uint32_t clock_hz)
{
	*timer = (struct cmsdk_dualtimer){
		.alarm.ops = &ops,
		.alarm.frequency_hz = clock_hz / CMSDK_DUALTIMER_PRESCALE,
		.registers = (struct cmsdk_dualtimer_registers *)base,
	};
	countdown_stop(timer);
	timer->registers->counter.control.rw = 0;
	timer->registers->counter.load.rw = UINT32_MAX;
	timer->registers->counter.control.rw = CONTROL_COUNTER;
}
