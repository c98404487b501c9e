/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Counts what a system call costs, from the trap to the next instruction. Time
 * is the alarm's counter; in QEMU with `-icount shift=0` one nanosecond is one
 * instruction. The loop around the call is measured too, and taken off.
 *
 * A line an operation:
 *	bench: NAME COUNT calls TICKS ticks NS ns each
 */
#include <stdio.h>

#include "detent.h"

enum { CALLS = 10000, WAITS = 1000 };

void loop_empty(const uintptr_t words[5], uint32_t count);
#if defined(__riscv)
void loop_trap(const uintptr_t words[5], uint32_t count);
#else
void loop_trap_0(const uintptr_t words[5], uint32_t count);
void loop_trap_1(const uintptr_t words[5], uint32_t count);
void loop_trap_2(const uintptr_t words[5], uint32_t count);
void loop_trap_3(const uintptr_t words[5], uint32_t count);
void loop_trap_4(const uintptr_t words[5], uint32_t count);
void loop_trap_5(const uintptr_t words[5], uint32_t count);

static void loop_trap(const uintptr_t words[5], uint32_t count)
{
	static void (*const loops[])(const uintptr_t *, uint32_t) = {
		loop_trap_0, loop_trap_1, loop_trap_2, loop_trap_3, loop_trap_4, loop_trap_5,
	};

	loops[words[4]](words, count);
}
#endif

static uint8_t buffer[32];
static uint32_t hertz;

static void report(const char *name, uint32_t calls, uint32_t ticks)
{
	uint64_t ns = (uint64_t)ticks * 1000000000u / hertz / calls;

	printf("bench: %s %u calls %u ticks %u ns each\n", name, (unsigned int)calls,
	       (unsigned int)ticks, (unsigned int)ns);
}

static void ignore(uint32_t arg0, uint32_t arg1, uint32_t arg2, void *context)
{
	(void)arg0;
	(void)arg1;
	(void)arg2;
	(void)context;
}

/* `words` are the four arguments and the class. */
static void measure(const char *name, const uintptr_t words[5])
{
	uint32_t start = alarm_now();
	uint32_t empty;
	uint32_t full;

	loop_empty(words, CALLS);
	empty = alarm_now() - start;
	start = alarm_now();
	loop_trap(words, CALLS);
	full = alarm_now() - start;
	report(name, CALLS, full > empty ? full - empty : 0);
}

#define MEASURE(name, class, a, b, c, d)                                                           \
	measure(name, (const uintptr_t[]){(uintptr_t)(a), (uintptr_t)(b), (uintptr_t)(c),          \
					  (uintptr_t)(d), class})

/* An alarm that is due when it is set: no time passes but the kernel's. */
static void measure_alarm_upcall(void)
{
	uint32_t start;

	subscribe(DRIVER_ALARM, 0, (struct subscription){ignore, NULL}, NULL);
	start = alarm_now();
	for (uint32_t i = 0; i < WAITS; i++) {
		command(DRIVER_ALARM, 6, start - 2, 1);
		yield();
	}
	report("alarm_upcall", WAITS, alarm_now() - start);
	subscribe(DRIVER_ALARM, 0, (struct subscription){NULL, NULL}, NULL);
}

static void measure_alarm_wait_for(void)
{
	uint32_t start = alarm_now();

	for (uint32_t i = 0; i < WAITS; i++) {
		command(DRIVER_ALARM, 6, start - 2, 1);
		yield_wait_for(DRIVER_ALARM, 0);
	}
	report("alarm_wait_for", WAITS, alarm_now() - start);
}

int main(void)
{
	if (alarm_frequency(&hertz) != E_OK) {
		printf("bench: no alarm driver\n");
		return 1;
	}
	printf("bench: %u ticks a second\n", (unsigned int)hertz);
	MEASURE("null_command", SYSCALL_COMMAND, DRIVER_ALARM, 0, 0, 0);
	MEASURE("null_command_console", SYSCALL_COMMAND, DRIVER_CONSOLE, 0, 0, 0);
	MEASURE("null_command_rng", SYSCALL_COMMAND, DRIVER_RNG, 0, 0, 0);
	MEASURE("missing_driver", SYSCALL_COMMAND, 0x7ffffff0, 0, 0, 0);
	MEASURE("alarm_now", SYSCALL_COMMAND, DRIVER_ALARM, 2, 0, 0);
	MEASURE("memop_ram_start", SYSCALL_MEMOP, MEMOP_RAM_START, 0, 0, 0);
	MEASURE("yield_no_wait", SYSCALL_YIELD, YIELD_NO_WAIT, 0, 0, 0);
	MEASURE("yield_no_wait_flag", SYSCALL_YIELD, YIELD_NO_WAIT, buffer, 0, 0);
	MEASURE("allow_rw", SYSCALL_ALLOW_RW, DRIVER_CONSOLE, 1, buffer, sizeof(buffer));
	MEASURE("allow_ro", SYSCALL_ALLOW_RO, DRIVER_CONSOLE, 1, buffer, sizeof(buffer));
	MEASURE("subscribe", SYSCALL_SUBSCRIBE, DRIVER_ALARM, 0, ignore, 1);
	measure_alarm_upcall();
	measure_alarm_wait_for();
	printf("bench: done\n");
	return 0;
}
