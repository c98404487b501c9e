/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The deadline arithmetic of the CLINT driver: single cases, then a long random
 * run against a model that keeps every time in 64 bits.
 *
 * LINK: chips/src/clint.c
 */
#include "chip_check.h"
#include "chips/clint.h"

#include <stdbool.h>
#include <stdlib.h>

#define COMPARE 0x4000u
#define TIME 0xbff8u
#define HORIZON (1ull << 30)
#define NONE UINT64_MAX

static uint64_t device[0xc000 / 8];
static struct clint clint;
static unsigned fired_count;

static void fired(struct alarm_client *client)
{
	(void)client;
	fired_count++;
}

static const struct alarm_client_ops client_ops = {.fired = fired};
static struct alarm_client client = {.ops = &client_ops};

static void time_set(uint64_t now)
{
	pair_set(device, TIME, now);
}

static uint64_t time_get(void)
{
	return pair_get(device, TIME);
}

static uint64_t compare_get(void)
{
	return pair_get(device, COMPARE);
}

static void start_at(uint64_t now)
{
	pair_set(device, COMPARE, 0);
	time_set(now);
	clint_init(&clint, (uintptr_t)device, 10000000);
	clint.alarm.client = &client;
	fired_count = 0;
}

static void alarm_set(uint32_t reference, uint32_t delta)
{
	clint.alarm.ops->set(&clint.alarm, reference, delta);
}

/* Goes from one timer interrupt to the next until the alarm fires; the time then. */
static uint64_t run_until_fired(void)
{
	for (int turn = 0; turn < 16 && fired_count == 0; turn++) {
		if (time_get() < compare_get())
			time_set(compare_get());
		clint_interrupt(&clint);
	}
	return fired_count == 1 ? time_get() : 0;
}

static void test_init(void)
{
	start_at(0x1fffffff0ull);
	CHECK(compare_get() == 0x1fffffff0ull + HORIZON);
	CHECK(clint.alarm.frequency_hz == 10000000);
	CHECK(clint.alarm.ops->now(&clint.alarm) == 0xfffffff0u);
	CHECK(!clint_slice_expired(&clint));
}

static void test_alarm_case(uint64_t now, uint32_t reference, uint32_t delta, uint64_t due)
{
	start_at(now);
	alarm_set(reference, delta);
	CHECK(fired_count == 0);
	CHECK(compare_get() <= due);
	CHECK(run_until_fired() == due);
	time_set(due + 5 * HORIZON);
	clint_interrupt(&clint);
	CHECK(fired_count == 1);
}

static void test_alarm(void)
{
	test_alarm_case(1000, 1000, 500, 1500);
	test_alarm_case(1000, 900, 500, 1400);
	/* The reference plus delta is reached, passed, or the reference lies ahead. */
	test_alarm_case(1000, 900, 100, 1000);
	test_alarm_case(1000, 900, 50, 1000);
	test_alarm_case(1000, 1000, 0, 1000);
	test_alarm_case(1000, 1001, 500, 1000);
	/* The low word wraps between reference, now and deadline. */
	test_alarm_case(0x7fffffff0ull, 0xffffffe0u, 0x100, 0x8000000e0ull);
	test_alarm_case(0x800000010ull, 0xffffffe0u, 0x100, 0x8000000e0ull);
	test_alarm_case(0x800000010ull, 0xffffffe0u, 0x20, 0x800000010ull);
	/* Farther than the compare reaches in one go. */
	test_alarm_case(1000, 1000, 0x40000000u, 1000 + 0x40000000ull);
	test_alarm_case(1000, 1000, 0x80000000u, 1000 + 0x80000000ull);
	test_alarm_case(1000, 1000, UINT32_MAX, 1000 + 0xffffffffull);
	test_alarm_case(0x5fffffff0ull, 0xffffffefu, UINT32_MAX, 0x6ffffffeeull);
}

static void test_disarm(void)
{
	start_at(1000);
	alarm_set(1000, 10);
	time_set(2000); /* expired, and not serviced yet */
	clint.alarm.ops->disarm(&clint.alarm);
	clint_interrupt(&clint);
	CHECK(fired_count == 0);
	CHECK(compare_get() > 2000);
}

static void test_slice(void)
{
	start_at(0xfffffff0ull);
	clint_slice_start(&clint, 0x20);
	CHECK(compare_get() == 0x100000010ull);
	time_set(0x10000000full);
	CHECK(!clint_slice_expired(&clint));
	clint_interrupt(&clint); /* for nothing */
	CHECK(!clint_slice_expired(&clint));
	CHECK(compare_get() == 0x100000010ull);
	time_set(0x100000010ull);
	CHECK(clint_slice_expired(&clint)); /* before it is serviced ... */
	clint_interrupt(&clint);
	CHECK(clint_slice_expired(&clint)); /* ... and after */
	CHECK(compare_get() > 0x100000010ull + HORIZON / 2);
	time_set(0x900000000ull);
	CHECK(clint_slice_expired(&clint));
	clint_slice_stop(&clint);
	CHECK(!clint_slice_expired(&clint));
	CHECK(fired_count == 0);
}

static void test_both(void)
{
	start_at(1000);
	alarm_set(1000, 700);
	clint_slice_start(&clint, 300);
	CHECK(compare_get() == 1300);
	time_set(1300);
	clint_interrupt(&clint);
	CHECK(clint_slice_expired(&clint) && fired_count == 0);
	CHECK(compare_get() == 1700);
	clint_slice_start(&clint, 1000);
	CHECK(compare_get() == 1700);
	time_set(1700);
	clint_interrupt(&clint);
	CHECK(!clint_slice_expired(&clint) && fired_count == 1);
	CHECK(compare_get() == 2300);
	/* A deadline withdrawn costs one interrupt at most. */
	clint_slice_stop(&clint);
	time_set(2300);
	clint_interrupt(&clint);
	CHECK(!clint_slice_expired(&clint) && fired_count == 1);
	CHECK(compare_get() == 2300 + HORIZON);
}

struct model {
	uint64_t alarm; /* NONE: none */
	uint64_t slice; /* NONE: none */
	bool expired;
	unsigned fired;
};

static void model_advance(struct model *model, uint64_t step)
{
	uint64_t now = time_get() + step;

	time_set(now);
	/* The interrupt is pending whenever a deadline has passed. */
	CHECK(compare_get() <= now || (model->alarm > now && model->slice > now));
	if (model->slice <= now) {
		model->slice = NONE;
		model->expired = true;
	}
	CHECK(clint_slice_expired(&clint) == model->expired);
	if (compare_get() > now)
		return;
	if (model->alarm <= now) {
		model->alarm = NONE;
		model->fired++;
	}
	clint_interrupt(&clint);
	CHECK(compare_get() > now);
	CHECK(fired_count == model->fired);
	CHECK(clint_slice_expired(&clint) == model->expired);
}

static uint32_t any(void)
{
	return (uint32_t)rand() << 16 ^ (uint32_t)rand();
}

static void model_step(struct model *model)
{
	uint64_t now = time_get();
	uint32_t delta = any() >> (rand() % 32);
	uint32_t age = any() >> (rand() % 32);

	switch (rand() % 6) {
	case 0:
		alarm_set((uint32_t)now - age, delta);
		model->alarm = age < delta ? now + (delta - age) : now;
		break;
	case 1:
		clint.alarm.ops->disarm(&clint.alarm);
		model->alarm = NONE;
		break;
	case 2:
		delta = delta % ((1u << 30) + 1);
		clint_slice_start(&clint, delta);
		model->slice = now + delta;
		model->expired = false;
		break;
	case 3:
		clint_slice_stop(&clint);
		model->slice = NONE;
		model->expired = false;
		break;
	default:
		/* A running process is interrupted on time; a kernel is late a little. */
		if (rand() % 2 == 0 && compare_get() > now)
			model_advance(model, compare_get() - now);
		else
			model_advance(model, (any() >> (rand() % 32)) % (1u << 29));
	}
}

static void test_random(void)
{
	struct model model = {.alarm = NONE, .slice = NONE};

	srand(1);
	start_at(0xffff0000ull);
	for (int step = 0; step < 300000; step++)
		model_step(&model);
	CHECK(model.fired > 10000);
	CHECK(time_get() > 1ull << 34);
}

int main(void)
{
	test_init();
	test_alarm();
	test_disarm();
	test_slice();
	test_both();
	test_random();
	return chip_result("chip_clint");
}
