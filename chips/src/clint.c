/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "chips/clint.h"

#include "chips/mmio.h"
#include "lib/compiler.h"

#include <stddef.h>

/* The two words of a 64-bit register. */
struct clint_compare {
	struct rw32 low;
	struct rw32 high;
};

struct clint_time {
	struct ro32 low;
	struct ro32 high;
};

REGISTER_AT(struct clint_compare, low, 0);
REGISTER_AT(struct clint_compare, high, 4);
REGISTER_AT(struct clint_time, low, 0);
REGISTER_AT(struct clint_time, high, 4);

#define COMPARE_OFFSET 0x4000u
#define TIME_OFFSET 0xbff8u

#define NEVER UINT64_MAX
#define HORIZON (1u << 30)

/* Reads again when the low word wrapped between the two halves. */
static uint64_t time_now(const struct clint *clint)
{
	const struct clint_time *time = clint->time_register;
	uint32_t high;
	uint32_t low;

	do {
		high = time->high.read;
		low = time->low.read;
	} while (high != time->high.read);
	return (uint64_t)high << 32 | low;
}

static uint32_t time_low(const struct clint *clint)
{
	return clint->time_register->low.read;
}

static bool before(uint32_t a, uint32_t b)
{
	return (int32_t)(a - b) < 0;
}

/*
 * A half-written compare may match for a moment. That is harmless: interrupts
 * are off in machine mode, and clint_interrupt() trusts the time alone.
 */
static void compare_write(struct clint *clint, uint64_t deadline)
{
	clint->compare = (uint32_t)deadline;
	clint->compare_register->high.rw = (uint32_t)(deadline >> 32);
	clint->compare_register->low.rw = (uint32_t)deadline;
}

/* `deadline` is at most HORIZON from now, and may have passed meanwhile. */
static NOINLINE void compare_set(struct clint *clint, uint32_t deadline)
{
	uint64_t now = time_now(clint);
	uint32_t rest = deadline - (uint32_t)now;

	compare_write(clint, before(deadline, (uint32_t)now) ? now : now + rest);
}

void clint_slice_start(struct clint *clint, uint32_t ticks)
{
	uint32_t deadline = time_low(clint) + ticks;

	clint->slice_deadline = deadline;
	clint->slice = CLINT_SLICE_RUNNING;
	if (before(deadline, clint->compare))
		compare_set(clint, deadline);
}

void clint_slice_stop(struct clint *clint)
{
	clint->slice = CLINT_SLICE_STOPPED;
}

bool clint_slice_expired(const struct clint *clint)
{
	if (clint->slice == CLINT_SLICE_RUNNING)
		return !before(time_low(clint), clint->slice_deadline);
	return clint->slice == CLINT_SLICE_EXPIRED;
}

void clint_interrupt(struct clint *clint)
{
	uint64_t now = time_now(clint);
	uint64_t ahead = HORIZON;
	bool due = clint->alarm_deadline <= now;

	if (due)
		clint->alarm_deadline = NEVER;
	else if (clint->alarm_deadline - now < ahead)
		ahead = clint->alarm_deadline - now;
	if (clint->slice == CLINT_SLICE_RUNNING) {
		uint32_t rest = clint->slice_deadline - (uint32_t)now;

		if (!before((uint32_t)now, clint->slice_deadline))
			clint->slice = CLINT_SLICE_EXPIRED;
		else if (rest < ahead)
			ahead = rest;
	}
	compare_write(clint, now + ahead);
	if (due)
		clint->alarm.client->ops->fired(clint->alarm.client);
}

static struct clint *from_alarm(struct alarm *alarm)
{
	return CONTAINER_OF(alarm, struct clint, alarm);
}

static uint32_t clint_now(const struct alarm *alarm)
{
	const struct clint *clint = CONTAINER_OF_CONST(alarm, struct clint, alarm);

	return time_low(clint);
}

static void clint_set(struct alarm *alarm, uint32_t reference, uint32_t delta)
{
	struct clint *clint = from_alarm(alarm);
	uint64_t now = time_now(clint);
	uint32_t elapsed = (uint32_t)now - reference;
	uint32_t rest = elapsed < delta ? delta - elapsed : 0;
	uint64_t deadline = now + rest;

	clint->alarm_deadline = deadline;
	if (rest < HORIZON && before((uint32_t)deadline, clint->compare))
		compare_write(clint, deadline);
}

static void clint_disarm(struct alarm *alarm)
{
	from_alarm(alarm)->alarm_deadline = NEVER;
}

static const struct alarm_ops ops = {
	.now = clint_now,
	.set = clint_set,
	.disarm = clint_disarm,
};

void clint_init(struct clint *clint, uintptr_t base, uint32_t frequency_hz)
{
	clint->alarm.ops = &ops;
	clint->alarm.client = NULL;
	clint->alarm.frequency_hz = frequency_hz;
	clint->compare_register = (struct clint_compare *)(base + COMPARE_OFFSET);
	clint->time_register = (const struct clint_time *)(base + TIME_OFFSET);
	clint->alarm_deadline = NEVER;
	clint->slice = CLINT_SLICE_STOPPED;
	compare_write(clint, time_now(clint) + HORIZON);
}
