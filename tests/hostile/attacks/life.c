/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Taking the processor, restarting, ending at the worst moment. */
#include "hostile.h"

static uint8_t buffer[64];
static volatile uint32_t upcalls;

static void counted(uint32_t a, uint32_t b, uint32_t c, uint32_t data)
{
	(void)a;
	(void)b;
	(void)c;
	(void)data;
	upcalls++;
}

ATTACK(spin, GOES_ON, "keeps the processor for ever")
{
	for (;;)
		__asm__ volatile("");
}

ATTACK(spin_in_calls, GOES_ON, "makes system calls for ever")
{
	for (;;)
		command(DRIVER_LED, 0, 0, 0);
}

ATTACK(spin_in_yields, GOES_ON, "asks for upcalls for ever, without waiting")
{
	for (;;)
		sys(SYSCALL_YIELD, YIELD_NO_WAIT, 0, 0, 0);
}

ATTACK(spin_in_brk, GOES_ON, "moves its break up and down for ever")
{
	for (;;) {
		memop(MEMOP_BRK, memory(MEMOP_GRANT_START));
		memop(MEMOP_SBRK, (uint32_t)-256);
	}
}

ATTACK(spin_in_upcalls, GOES_ON, "lets an upcall cause the next one for ever")
{
	subscribe(DRIVER_CONSOLE, 1, (uint32_t)(uintptr_t)counted, 0);
	for (;;) {
		command(DRIVER_CONSOLE, 1, 0, 0);
		sys(SYSCALL_YIELD, YIELD_WAIT, 0, 0, 0);
	}
}

static void recurses(uint32_t a, uint32_t b, uint32_t c, uint32_t data)
{
	command(DRIVER_CONSOLE, 1, 0, 0);
	sys(SYSCALL_YIELD, YIELD_WAIT, 0, 0, 0);
	counted(a, b, c, data);
}

ATTACK(upcalls_nest, FAULTS, "yields within every upcall until its stack is used up")
{
	subscribe(DRIVER_CONSOLE, 1, (uint32_t)(uintptr_t)recurses, 0);
	command(DRIVER_CONSOLE, 1, 0, 0);
	sys(SYSCALL_YIELD, YIELD_WAIT, 0, 0, 0);
	succeeded("its stack has no end");
}

ATTACK(restart_storm, GOES_ON, "restarts itself for ever")
{
	mark(3);
	restart();
}

ATTACK(restart_storm_busy, GOES_ON, "restarts itself for ever, each time with everything under way")
{
	mark(3);
	allow_rw(DRIVER_RNG, 0, at(buffer), sizeof(buffer));
	allow_rw(DRIVER_CONSOLE, 1, at(buffer), sizeof(buffer));
	allow_ro(DRIVER_CONSOLE, 1, at("\n"), 1);
	command(DRIVER_RNG, 1, sizeof(buffer), 0);
	command(DRIVER_CONSOLE, 2, sizeof(buffer), 0);
	command(DRIVER_CONSOLE, 1, 1, 0);
	command(DRIVER_ALARM, 5, 10, 0);
	command(DRIVER_BUTTON, 1, 0, 0);
	restart();
}

ATTACK(exit_busy, GOES_ON, "ends for good with everything under way")
{
	allow_rw(DRIVER_RNG, 0, at(buffer), sizeof(buffer));
	allow_rw(DRIVER_CONSOLE, 1, at(buffer), sizeof(buffer));
	allow_ro(DRIVER_CONSOLE, 1, at("text\n"), 5);
	command(DRIVER_RNG, 1, sizeof(buffer), 0);
	command(DRIVER_CONSOLE, 2, sizeof(buffer), 0);
	command(DRIVER_CONSOLE, 1, sizeof(buffer), 0);
	command(DRIVER_ALARM, 5, 1000, 0);
	quit();
}

/* Nothing of the life before may reach this one: no bytes, no upcalls. */
static void second_life(void)
{
	subscribe(DRIVER_ALARM, 0, (uint32_t)(uintptr_t)counted, 0);
	subscribe(DRIVER_CONSOLE, 1, (uint32_t)(uintptr_t)counted, 0);
	subscribe(DRIVER_CONSOLE, 2, (uint32_t)(uintptr_t)counted, 0);
	subscribe(DRIVER_RNG, 0, (uint32_t)(uintptr_t)counted, 0);
	spin_ms(50);
	for (uint32_t i = 0; i < 10; i++)
		sys(SYSCALL_YIELD, YIELD_NO_WAIT, 0, 0, 0);
	must(upcalls == 0, "an upcall of the life before came");
	for (uint32_t i = 0; i < sizeof(buffer); i++)
		must(buffer[i] == 0, "a driver wrote to a buffer of the life before");
	for (uint32_t driver = 0; driver < 2; driver++)
		must(allow_rw(DRIVER_CONSOLE, driver, 0, 0).r[2] == 0, "a buffer is still shared");
}

ATTACK(restart_busy, ENDS, "restarts with everything under way: nothing reaches its next life")
{
	if (marked(3))
		return second_life();
	mark(3);
	allow_rw(DRIVER_RNG, 0, at(buffer), sizeof(buffer));
	allow_rw(DRIVER_CONSOLE, 1, at(buffer), sizeof(buffer));
	allow_ro(DRIVER_CONSOLE, 1, at("text\n"), 5);
	command(DRIVER_RNG, 1, sizeof(buffer), 0);
	command(DRIVER_CONSOLE, 2, sizeof(buffer), 0);
	command(DRIVER_CONSOLE, 1, sizeof(buffer), 0);
	command(DRIVER_ALARM, 5, command(DRIVER_ALARM, 1, 0, 0).r[1] / 100, 0);
	restart();
}

ATTACK(restart_fresh, ENDS, "restarts: memory, break and grants are as at the first start")
{
	const uint32_t heap = memop(MEMOP_SBRK, 0).r[1];

	for (uint32_t i = 0; i < sizeof(buffer); i++)
		must(buffer[i] == 0, "memory kept its content");
	must(subscribe(DRIVER_ALARM, 0, (uint32_t)(uintptr_t)counted, 99).r[2] == 0,
	     "a subscription outlived its process");
	must(allow_rw(DRIVER_CONSOLE, 1, at(buffer), 4).r[2] == 0, "a buffer outlived its process");
	must(memop(MEMOP_SBRK, 512).r[1] == heap, "sbrk");
	for (uint32_t i = 0; i < 512; i++) {
		must(*(volatile uint8_t *)(uintptr_t)(heap + i) == 0, "the heap kept its content");
		write_byte(heap + i, 0xEE);
	}
	for (uint32_t i = 0; i < sizeof(buffer); i++)
		buffer[i] = 0xEE;
	if (marked(3))
		return;
	mark(3);
	restart();
}
