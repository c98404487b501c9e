/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Processes with a part in the tests of policies, schedulers and former faults: no attacks. */
#include "hostile.h"

enum { PRINT = 2, TURNS = 5, TURN_MS = 12, ROUNDS = 20, FIRST = 6, PERIOD_MS = 3 };

/* Works for five times more than a timeslice and says so without giving the processor away. */
ATTACK(worker, ENDS, "parameter: milliseconds to sleep first")
{
	if (given.parameter > 1)
		sleep_ms(given.parameter);
	for (uint32_t turn = 0; turn < TURNS; turn++) {
		spin_ms(TURN_MS);
		command(DRIVER_LOW_LEVEL_DEBUG, PRINT, turn, 0);
	}
}

/* How long after its alarm a process runs, at worst, once the scheduler knows it. */
ATTACK(latency, ENDS, "")
{
	uint32_t hz = command(DRIVER_ALARM, 1, 0, 0).r[1], worst = 0;

	for (uint32_t round = 0; round < ROUNDS; round++) {
		uint32_t due = command(DRIVER_ALARM, 5, hz / 1000 * PERIOD_MS, 0).r[1];

		wait_for(DRIVER_ALARM, 0);

		uint32_t late = command(DRIVER_ALARM, 2, 0, 0).r[1] - due;

		if (round >= FIRST && late > worst)
			worst = late;
	}
	say_number("worst latency, us: ", worst / (hz / 1000000));
}

/* Faults in each of its lives. */
ATTACK(faults, FAULTS, "parameter: milliseconds to live")
{
	sleep_ms(given.parameter);
	(void)read_word(given.kernel_text);
	succeeded("the read came back");
}

static bool absent(struct answer answer)
{
	return (answer.r[0] == SYSCALL_FAILURE || answer.r[0] == SYSCALL_FAILURE_2_U32) &&
	       answer.r[1] == E_NODEVICE;
}

/* May use its console and perhaps its alarm, and of the LEDs only commands 0 and 1. */
ATTACK(narrow, ENDS, "")
{
	must(has_driver(DRIVER_LED), "LEDs are not there");
	must(command(DRIVER_LED, 1, 0, 0).r[0] == SYSCALL_SUCCESS, "LED on");
	must(absent(command(DRIVER_LED, 2, 0, 0)), "LED off");
	must(absent(command(DRIVER_LED, 3, 0, 0)), "LED toggle");
	must(absent(command(DRIVER_LED, 64, 0, 0)), "LED command 64");
	must(absent(command(DRIVER_LED, 65, 0, 0)), "LED command 65");
	must(absent(command(DRIVER_LED, 0xFFFFFFFF, 0, 0)), "LED command -1");
	must(absent(command(DRIVER_BUTTON, 0, 0, 0)), "buttons");
	must(absent(subscribe(DRIVER_BUTTON, 0, 0, 0)), "subscribe to buttons");
	must(absent(allow_rw(DRIVER_RNG, 0, 0, 0)), "share with the RNG");
	must(absent(command(DRIVER_RNG, 1, 0, 0)), "random bytes");
	must(absent(command(DRIVER_LOW_LEVEL_DEBUG, 1, 7, 0)), "low-level debug");
	if (has_driver(DRIVER_ALARM))
		sleep_ms(1);
	must(memop(MEMOP_SBRK, 16).r[0] == SYSCALL_SUCCESS_U32, "memop is not filtered");
#ifdef __riscv
	must(absent(sys(0x102, DRIVER_LED, 2, 0, 0)), "a class with more than eight bits");
	must(absent(sys(0x80000002, DRIVER_BUTTON, 0, 0, 0)), "a class with its top bit set");
#endif
}

/* The very first use of the driver is to wait for it. */
ATTACK(wait_first, GOES_ON, "")
{
	wait_for(DRIVER_BUTTON, 0);
	say("woken");
}

static volatile uint32_t presses;

static void pressed(uint32_t button, uint32_t down, uint32_t nothing, uint32_t data)
{
	(void)button;
	(void)down;
	(void)nothing;
	(void)data;
	presses++;
}

/* Wants to know of a button; the test holds it meanwhile. */
ATTACK(deaf, ENDS, "")
{
	subscribe(DRIVER_BUTTON, 0, (uint32_t)(uintptr_t)pressed, 0);
	command(DRIVER_BUTTON, 1, 0, 0);
	say("listens");
	while (presses < 5)
		sys(SYSCALL_YIELD, YIELD_WAIT, 0, 0, 0);
	say_number("heard ", presses);
	sys(SYSCALL_YIELD, YIELD_WAIT, 0, 0, 0);
	say("one more");
}

static void is_zero(uint32_t from, uint32_t to)
{
	for (uint32_t address = from; address < to; address += 4)
		must(read_word(address) == 0, "memory kept what another process left");
}

static void fill(uint32_t from, uint32_t to)
{
	for (uint32_t address = from; address < to; address += 4)
		write_word(address, 0x5EC0E75E);
}

/* Finds all of its memory empty, and leaves it full. At the start crt0 had a stack of its own. */
ATTACK(fresh, GOES_ON, "")
{
	uint32_t start = memory(MEMOP_RAM_START) + 256, heap = memop(MEMOP_SBRK, 0).r[1];
	uint32_t end = memory(MEMOP_GRANT_START) & ~3u;

	while (memop(MEMOP_BRK, end).r[0] != SYSCALL_SUCCESS)
		end -= 4;
	is_zero(start, start + 256);
	is_zero(heap, end);
	fill(start, start + 256);
	fill(heap, end);
	say("memory is fresh");
	wait_for(DRIVER_CONSOLE, 2);
}

/* Some writes to the console, of which none may be starved by other writers. */
ATTACK(writer, GOES_ON, "")
{
	for (uint32_t line = 0;; line++)
		say_number(given.parameter == 1   ? "writer a "
			   : given.parameter == 2 ? "writer b "
						  : "writer c ",
			   line);
}

static uint32_t window(uint32_t number, uint32_t index)
{
	struct answer answer = memop(number, index);

	must(answer.r[0] == SYSCALL_SUCCESS_U32, "no such window");
	return answer.r[1];
}

ATTACK(looks, FAULTS, "parameter: where the first of its two windows begins")
{
	uint32_t start = window(MEMOP_WINDOW_START, 0), length = window(MEMOP_WINDOW_LENGTH, 0);

	must(window(MEMOP_WINDOWS, 0) == 2 && start == given.parameter, "the windows");
	must(window(MEMOP_WINDOW_START, 1) == start + length, "the second window");
	must(window(MEMOP_WINDOW_TYPE, 0) == 1 && window(MEMOP_WINDOW_TYPE, 1) == 2, "types");
	must(memop(MEMOP_WINDOW_START, 2).r[0] == SYSCALL_FAILURE, "a third window");
	say_number("window ", read_word(start));
	say_number("window ", read_word(start + length));
	say_number("window ", read_word(start + length + window(MEMOP_WINDOW_LENGTH, 1) - 4));
	write_word(start, 1);
	succeeded("the write came back");
}

ATTACK(blind, FAULTS, "parameter: an address in the windows of another")
{
	must(memop(MEMOP_WINDOWS, 0).r[0] == SYSCALL_FAILURE, "it has windows");
	sleep_ms(20);
	(void)read_word(given.parameter);
	succeeded("the read came back");
}
