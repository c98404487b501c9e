/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * The ten applications of the soak test. They are built as those of the hostile suite are and none
 * of them ends; docs/hostile.md says what is checked.
 */
#include "hostile.h"

enum { WORDS = 256, REPORT_MS = 50 };

static uint32_t words[WORDS];
static uint8_t buffer[32];

static void pause_ms(uint32_t ms)
{
	uint32_t hz = command(DRIVER_ALARM, 1, 0, 0).r[1];

	command(DRIVER_ALARM, 5, hz / 1000 * ms, 0);
	wait_for(DRIVER_ALARM, 0);
}

/* Tells the time, and that its memory is what it was. */
ATTACK(keeper, GOES_ON, "")
{
	uint32_t per_ms = command(DRIVER_ALARM, 1, 0, 0).r[1] / 1000;
	uint32_t before = command(DRIVER_ALARM, 2, 0, 0).r[1], ticks = 0, ms = 0;

	for (uint32_t i = 0; i < WORDS; i++)
		words[i] = i * 40503;
	for (;;) {
		pause_ms(REPORT_MS);

		uint32_t now = command(DRIVER_ALARM, 2, 0, 0).r[1];

		ticks += now - before;
		before = now;
		ms += ticks / per_ms;
		ticks %= per_ms;
		for (uint32_t i = 0; i < WORDS; i++)
			must(words[i] == i * 40503, "the keeper's memory changed");
		say_number("soak ms ", ms);
	}
}

/* So that the processor is never idle, and time is what instructions take. */
ATTACK(spinner, GOES_ON, "")
{
	for (;;)
		__asm__ volatile("");
}

static void start_everything(void)
{
	allow_rw(DRIVER_CONSOLE, 1, at(buffer), sizeof(buffer));
	command(DRIVER_CONSOLE, 2, sizeof(buffer), 0);
	allow_rw(DRIVER_RNG, 0, at(buffer), sizeof(buffer));
	command(DRIVER_RNG, 1, sizeof(buffer), 0);
	subscribe(DRIVER_BUTTON, 0, 0, 0);
	command(DRIVER_BUTTON, 1, 0, 0);
	command(DRIVER_ALARM, 5, 20000, 0);
	memop(MEMOP_BRK, memory(MEMOP_GRANT_START) & ~1023u);
}

ATTACK(restarter, GOES_ON, "")
{
	start_everything();
	for (uint32_t i = 0; i < sizeof(buffer); i++)
		must(buffer[i] == 0 || has_driver(DRIVER_RNG), "memory kept its content");
	pause_ms(4);
	restart();
}

ATTACK(faulter, GOES_ON, "")
{
	start_everything();
	pause_ms(3);
	write_word(given.kernel_text, 0);
	succeeded("the write came back");
}

ATTACK(random_user, GOES_ON, "")
{
	for (;;) {
		allow_rw(DRIVER_RNG, 0, at(buffer), sizeof(buffer));
		if (command(DRIVER_RNG, 1, sizeof(buffer), 0).r[0] == SYSCALL_SUCCESS)
			wait_for(DRIVER_RNG, 0);
		pause_ms(2);
	}
}

ATTACK(printer, GOES_ON, "")
{
	for (uint32_t line = 0;; line++) {
		if (line % 16 == 0)
			say_number("soak line ", line);
		command(DRIVER_CONSOLE, 1, 0, 0);
		wait_for(DRIVER_CONSOLE, 1);
		pause_ms(1);
	}
}

ATTACK(setter, GOES_ON, "")
{
	for (;;) {
		for (uint32_t i = 0; i < 50; i++)
			command(DRIVER_ALARM, i % 3 == 0 ? 3 : 5, i, 0);
		subscribe(DRIVER_ALARM, 0, 0, 0);
		pause_ms(3);
	}
}

ATTACK(breaker, GOES_ON, "")
{
	uint32_t seed = 99, edge = memop(MEMOP_SBRK, 0).r[1];

	for (;;) {
		uint32_t wanted = edge + random_next(&seed) % (memory(MEMOP_GRANT_START) - edge);

		if (memop(MEMOP_BRK, wanted).r[0] == SYSCALL_SUCCESS && wanted > edge)
			write_byte(wanted - 1, 1);
		if (wanted % 16 == 0)
			pause_ms(1);
	}
}

static volatile uint32_t set_upcalls, got_upcalls;

static void got(uint32_t a, uint32_t b, uint32_t c, uint32_t data)
{
	(void)a;
	(void)b;
	(void)c;
	must(data == 0xDA7A, "user data");
	got_upcalls++;
}

/* Every alarm gives exactly one upcall. */
ATTACK(counter, GOES_ON, "")
{
	subscribe(DRIVER_ALARM, 0, (uint32_t)(uintptr_t)got, 0xDA7A);
	for (;;) {
		set_upcalls++;
		command(DRIVER_ALARM, 5, 5000, 0);
		while (got_upcalls < set_upcalls)
			sys(SYSCALL_YIELD, YIELD_WAIT, 0, 0, 0);
		must(got_upcalls == set_upcalls, "an upcall came twice");
	}
}

/* Ends for good at once; the operator starts it again and again. */
ATTACK(ender, ENDS, "")
{
	start_everything();
	pause_ms(5);
}
