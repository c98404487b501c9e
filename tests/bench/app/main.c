/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Makes every system call of the bench a few times, for tests/bench/trace.py to
 * count instructions in QEMU's log. It first says where the traps are:
 *	trace: at NAME ADDRESS
 * Two of it at once make the switches: each waits for an alarm that becomes due
 * while the other one computes.
 */
#include <stdio.h>

#include "detent.h"

enum {
	CALLS = 12,
	SWITCHES = 40,
	TURN_NS = 8, /* of the loop that computes, where an instruction takes 1 ns */
};

typedef void op_function(const uintptr_t words[5], uint32_t count);

#define OPERATION(name)                                                                            \
	op_function op_##name;                                                                     \
	extern const char op_##name##_trap[]

OPERATION(yield_wait);
OPERATION(yield_no_wait);
OPERATION(subscribe);
OPERATION(null_command);
OPERATION(alarm_set);
OPERATION(allow_rw);
OPERATION(allow_ro);
OPERATION(memop);

static uint8_t buffer[32];
static volatile uint32_t fired_count;
static uint32_t due_ticks, spin_turns;

/* The first instruction of this is where an upcall arrives. */
static void fired(uint32_t now, uint32_t due, uint32_t unused, void *context)
{
	(void)now;
	(void)due;
	(void)unused;
	(void)context;
	fired_count = fired_count + 1;
}

static void tell(const char *name, uintptr_t address)
{
	printf("trace: at %s 0x%08x\n", name, (unsigned int)(address & ~(uintptr_t)1));
}

static void tell_all(void)
{
	tell("yield_wait", (uintptr_t)op_yield_wait_trap);
	tell("yield_no_wait", (uintptr_t)op_yield_no_wait_trap);
	tell("subscribe", (uintptr_t)op_subscribe_trap);
	tell("null_command", (uintptr_t)op_null_command_trap);
	tell("alarm_set", (uintptr_t)op_alarm_set_trap);
	tell("allow_rw", (uintptr_t)op_allow_rw_trap);
	tell("allow_ro", (uintptr_t)op_allow_ro_trap);
	tell("memop", (uintptr_t)op_memop_trap);
	tell("upcall", (uintptr_t)fired);
}

#define WORDS(class, a, b, c, d)                                                                   \
	((const uintptr_t[5]){(uintptr_t)(a), (uintptr_t)(b), (uintptr_t)(c), (uintptr_t)(d),      \
			      class})

static void wait_for_alarm(uint32_t ticks)
{
	op_alarm_set(WORDS(SYSCALL_COMMAND, DRIVER_ALARM, 5, ticks, 0), 1);
	op_yield_wait(WORDS(SYSCALL_YIELD, YIELD_WAIT, 0, 0, 0), 1);
}

static void call_all(void)
{
	op_null_command(WORDS(SYSCALL_COMMAND, DRIVER_ALARM, 0, 0, 0), CALLS);
	op_yield_no_wait(WORDS(SYSCALL_YIELD, YIELD_NO_WAIT, 0, 0, 0), CALLS);
	op_memop(WORDS(SYSCALL_MEMOP, MEMOP_RAM_START, 0, 0, 0), CALLS);
	op_allow_rw(WORDS(SYSCALL_ALLOW_RW, DRIVER_CONSOLE, 1, buffer, sizeof(buffer)), CALLS);
	op_allow_ro(WORDS(SYSCALL_ALLOW_RO, DRIVER_CONSOLE, 1, buffer, sizeof(buffer)), CALLS);
	op_subscribe(WORDS(SYSCALL_SUBSCRIBE, DRIVER_ALARM, 0, fired, 1), CALLS);
	for (uint32_t i = 0; i < CALLS; i++)
		wait_for_alarm(due_ticks);
}

static void switch_about(void)
{
	for (uint32_t i = 0; i < SWITCHES; i++) {
		wait_for_alarm(due_ticks);
		for (volatile uint32_t turn = 0; turn < spin_turns; turn++) {
		}
	}
}

/* An alarm of about 10 us, and three times as long to compute. */
static enum error choose_times(void)
{
	uint32_t hertz;
	enum error error = alarm_frequency(&hertz);

	if (error != E_OK)
		return error;
	due_ticks = hertz / 100000 + 2;
	spin_turns = (uint32_t)(3ull * due_ticks * 1000000000u / hertz / TURN_NS);
	return E_OK;
}

int main(void)
{
	if (choose_times() != E_OK) {
		printf("trace: no alarm driver\n");
		return 1;
	}
	tell_all();
	call_all();
	switch_about();
	printf("trace: done\n");
	return 0;
}
