/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The time of loans, on a clock that stands still, wraps, and interrupts late.
 *
 * LINK: capsules/src/loan_timer.c tests/unit/fake_kernel.c tests/unit/fake_devices.c
 */
#include "capsules/loan_timer.h"
#include "fake_kernel.h"
#include "test.h"

#include <string.h>

enum { SLOTS = 4 };

/* A loan as the kernel and the test know it; instants are on a clock that does not wrap. */
struct fake_loan {
	uint32_t id; /* 0: none is live in this slot */
	bool timed;
	uint64_t warn, end;
	unsigned int warned, ended;
	uint32_t ticks_told;
};

static struct fake_alarm hardware;
static struct loan_timer timer;
static struct loan_timer_entry entries[SLOTS];
static struct fake_loan loans[SLOTS];
static uint32_t generation;
static uint64_t clock_now;
static bool early;

static uint64_t instant(void)
{
	return clock_now + (uint32_t)(hardware.now - (uint32_t)clock_now);
}

/* ---- the kernel ---- */

uint32_t loan_slots(const struct cap_loans *cap)
{
	(void)cap;
	return SLOTS;
}

bool loan_inspect(const struct cap_loans *cap, struct loan_id id, struct loan_info *info)
{
	(void)cap;
	*info = (struct loan_info){.id = id};
	return loans[loan_id_slot(id)].id == id.raw;
}

enum error loan_expire(const struct cap_loans *cap, struct loan_id id)
{
	struct fake_loan *loan = &loans[loan_id_slot(id)];

	(void)cap;
	TEST_EQUAL(loan->id, id.raw);
	early = early || !loan->timed || instant() < loan->end;
	loan->id = 0;
	loan->timed = false;
	loan->ended++;
	return E_OK;
}

static void near(struct loan_timer_client *client, struct loan_id id, uint32_t ticks)
{
	struct fake_loan *loan = &loans[loan_id_slot(id)];

	(void)client;
	TEST_EQUAL(loan->id, id.raw);
	early = early || instant() < loan->warn;
	TEST_EQUAL(ticks, loan->end - instant());
	loan->warned++;
	loan->ticks_told = ticks;
}

static const struct loan_timer_client_ops client_ops = {.near = near};
static struct loan_timer_client client = {.ops = &client_ops};

/* ---- steps ---- */

static void start(uint32_t now)
{
	fake_reset();
	clock_now = now;
	early = false;
	memset(loans, 0, sizeof(loans));
	fake_alarm_init(&hardware, now);
	loan_timer_init(&timer, &(struct loan_timer_config){&hardware.alarm, NULL, entries, SLOTS});
}

static void pass(uint64_t ticks)
{
	fake_alarm_pass(&hardware, ticks);
	clock_now += ticks;
}

static void pass_late(uint32_t ticks)
{
	fake_alarm_pass_late(&hardware, ticks);
	clock_now += ticks;
	fake_alarm_pass(&hardware, 0);
}

/* Time in which no interrupt is served, as in a system call. */
static void pass_unserved(uint32_t ticks)
{
	hardware.now += ticks;
	clock_now += ticks;
	hardware.remaining -= hardware.remaining < ticks ? hardware.remaining : ticks;
}

static void make(uint32_t slot)
{
	generation++;
	loans[slot] = (struct fake_loan){.id = generation * 256 + slot};
}

static void set(uint32_t slot, uint32_t ticks)
{
	struct fake_loan *loan = &loans[slot];

	loan->timed = ticks != 0;
	loan->end = clock_now + ticks;
	loan->warn = loan->end - ticks / 4;
	loan_timer_set(&timer, (struct loan_id){loan->id}, ticks, &client);
}

static void lend(uint32_t slot, uint32_t ticks)
{
	make(slot);
	set(slot, ticks);
}

/* ---- tests ---- */

static void warns_and_ends(void)
{
	start(0xFFFFFFF0);
	lend(1, 100);
	pass(74);
	TEST_EQUAL(loans[1].warned, 0);
	pass(1);
	TEST_EQUAL(loans[1].warned, 1);
	TEST_EQUAL(loans[1].ticks_told, 25);
	pass(24);
	TEST_EQUAL(loans[1].ended, 0);
	pass(1);
	TEST_EQUAL(loans[1].ended, 1);
	TEST_EQUAL(loans[1].warned, 1);
	TEST_CHECK(!hardware.armed);
}

/* A quarter of three ticks is no tick: nothing is told before the end. */
static void the_shortest_ones_are_not_warned(void)
{
	start(0);
	lend(0, 3);
	lend(1, 4);
	pass(4);
	TEST_EQUAL(loans[0].warned, 0);
	TEST_EQUAL(loans[0].ended, 1);
	TEST_EQUAL(loans[1].warned, 1);
	TEST_EQUAL(loans[1].ended, 1);
}

/* Another loan's time is set while the warning of the first one is due but was not served. */
static void setting_another_loses_no_warning(void)
{
	start(0);
	lend(0, 100);
	pass_unserved(80);
	lend(1, 1000);
	pass(0);
	TEST_EQUAL(loans[0].warned, 1);
	TEST_EQUAL(loans[0].ticks_told, 20);
	pass(20);
	TEST_EQUAL(loans[0].ended, 1);
	TEST_EQUAL(loans[1].ended, 0);
}

/* The same, where the end is due: it comes by interrupt, not from inside the call. */
static void setting_another_ends_nothing_at_once(void)
{
	start(0);
	lend(0, 100);
	pass_unserved(120);
	make(1);
	set(1, 1000);
	TEST_EQUAL(loans[0].ended, 0);
	pass(0);
	TEST_EQUAL(loans[0].ended, 1);
	pass(999);
	TEST_EQUAL(loans[1].ended, 0);
	pass(1);
	TEST_EQUAL(loans[1].ended, 1);
}

static void late_interrupts_end_without_a_warning(void)
{
	start(0);
	lend(0, 100);
	pass_late(500);
	TEST_EQUAL(loans[0].warned, 0);
	TEST_EQUAL(loans[0].ended, 1);
}

static void what_is_set_anew_counts(void)
{
	start(0);
	lend(0, 100);
	pass(90);
	set(0, 100);
	pass(99);
	TEST_EQUAL(loans[0].ended, 0);
	TEST_EQUAL(loans[0].warned, 2);
	set(0, 0);
	pass(0x200000000);
	TEST_EQUAL(loans[0].ended, 0);
	TEST_CHECK(!hardware.armed);
}

/* One that ended otherwise is forgotten, and does not end its slot's next one. */
static void a_slot_is_used_again(void)
{
	start(0);
	lend(2, 100);
	pass(10);
	make(2);
	pass(200);
	TEST_EQUAL(loans[2].ended, 0);
	TEST_EQUAL(loans[2].warned, 0);
}

static uint32_t some_ticks(uint32_t *random)
{
	return test_random_bits(random) + 1;
}

static void step(uint32_t *random)
{
	uint32_t slot = test_random(random) % SLOTS;

	if (test_random(random) % 3 == 0)
		pass_unserved(test_random(random) % 300);
	if (loans[slot].id == 0 || test_random(random) % 4 == 0)
		lend(slot, some_ticks(random));
	else if (test_random(random) % 4 == 0)
		set(slot, test_random(random) % 5 == 0 ? 0 : some_ticks(random));
	if (test_random(random) % 2 == 0)
		pass(some_ticks(random) >> (test_random(random) % 32));
	else
		pass_late(test_random(random) % 0x20000000 >> (test_random(random) % 32));
}

static void against_a_model(void)
{
	uint32_t random = 77;
	unsigned long missed = 0, unwarned = 0;

	start(0xF0000000);
	for (int round = 0; round < 200000; round++) {
		step(&random);
		for (int i = 0; i < SLOTS; i++) {
			const struct fake_loan *loan = &loans[i];

			if (loan->id == 0 || !loan->timed)
				continue;
			missed += loan->end <= clock_now;
			unwarned += loan->warn != loan->end && loan->warn <= clock_now &&
				    loan->warned == 0;
		}
	}
	TEST_EQUAL(missed, 0);
	TEST_EQUAL(unwarned, 0);
	TEST_CHECK(!early);
}

int main(void)
{
	warns_and_ends();
	the_shortest_ones_are_not_warned();
	setting_another_loses_no_warning();
	setting_another_ends_nothing_at_once();
	late_interrupts_end_without_a_warning();
	what_is_set_anew_counts();
	a_slot_is_used_again();
	against_a_model();
	return test_end("capsule_loan_timer");
}
