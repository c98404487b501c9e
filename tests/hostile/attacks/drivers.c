/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Drivers: absurd lengths and times, buffers that change under them, floods. */
#include "hostile.h"

enum { CONSOLE_WRITE = 1, CONSOLE_READ = 2, CONSOLE_ABORT = 3, ALARM_NOW = 2 };

static uint8_t buffer[64];
static uint8_t before[16], middle[16], after[16];
static volatile uint32_t upcalls;

static void counted(uint32_t a, uint32_t b, uint32_t c, uint32_t data)
{
	(void)a;
	(void)b;
	(void)c;
	(void)data;
	upcalls++;
}

static void fill(uint8_t *bytes, uint32_t length, uint8_t value)
{
	for (uint32_t i = 0; i < length; i++)
		bytes[i] = value;
}

ATTACK(console_write_absurd, ENDS, "writes four gigabytes out of a buffer of 64 bytes")
{
	fill(buffer, sizeof(buffer), '-');
	buffer[63] = '\n';
	allow_ro(DRIVER_CONSOLE, 1, at(buffer), sizeof(buffer));
	must(command(DRIVER_CONSOLE, CONSOLE_WRITE, 0xFFFFFFFF, 0).r[0] == SYSCALL_SUCCESS,
	     "write");
	must(wait_for(DRIVER_CONSOLE, 1).r[0] == sizeof(buffer),
	     "more than the buffer was written");
}

ATTACK(console_write_swapped, ENDS, "takes its buffer back, or shrinks it, while it is written")
{
	fill(buffer, sizeof(buffer), '-');
	for (uint32_t i = 0; i < 64; i++) {
		buffer[63] = '\n';
		allow_ro(DRIVER_CONSOLE, 1, at(buffer), sizeof(buffer));
		command(DRIVER_CONSOLE, CONSOLE_WRITE, 64, 0);
		allow_ro(DRIVER_CONSOLE, 1, at(buffer) + 63 - i, i % 3 == 0 ? 0 : 1);
		command(DRIVER_CONSOLE, CONSOLE_WRITE, i, 0);
		wait_for(DRIVER_CONSOLE, 1);
	}
	allow_ro(DRIVER_CONSOLE, 1, 0, 0);
	sleep_ms(5);
	subscribe(DRIVER_CONSOLE, 1, 0, 0);
}

ATTACK(console_read_absurd, ENDS, "reads four gigabytes into a buffer of 16 bytes, many times")
{
	for (uint32_t i = 0; i < 100; i++) {
		allow_rw(DRIVER_CONSOLE, 1, at(middle), sizeof(middle));
		command(DRIVER_CONSOLE, CONSOLE_READ, 0xFFFFFFFF, 0);
		must(command(DRIVER_CONSOLE, CONSOLE_READ, 1, 0).r[0] == SYSCALL_FAILURE,
		     "two reads");
		command(DRIVER_CONSOLE, CONSOLE_ABORT, 0, 0);
		must((int32_t)wait_for(DRIVER_CONSOLE, 2).r[0] != 0, "a read that was ended");
	}
	allow_rw(DRIVER_CONSOLE, 1, 0, 0);
	for (uint32_t i = 0; i < sizeof(before); i++)
		must(before[i] == 0 && after[i] == 0, "memory beside the buffer changed");
}

ATTACK(rng_absurd, ENDS, "wants four gigabytes of random bytes in a buffer of 16 bytes")
{
	fill(before, sizeof(before), 0x11);
	fill(after, sizeof(after), 0x22);
	if (!has_driver(DRIVER_RNG))
		return;
	for (uint32_t i = 0; i < 50; i++) {
		allow_rw(DRIVER_RNG, 0, at(middle), sizeof(middle));
		command(DRIVER_RNG, 1, 0xFFFFFFFF, 0);
		must(wait_for(DRIVER_RNG, 0).r[1] == sizeof(middle),
		     "more than the buffer was filled");
	}
	for (uint32_t i = 0; i < sizeof(before); i++)
		must(before[i] == 0x11 && after[i] == 0x22, "memory beside the buffer changed");
}

ATTACK(rng_shrunk, ENDS, "shrinks its buffer, and moves it, while random bytes come")
{
	if (!has_driver(DRIVER_RNG))
		return;
	for (uint32_t i = 0; i < 64; i++) {
		allow_rw(DRIVER_RNG, 0, at(buffer), sizeof(buffer));
		command(DRIVER_RNG, 1, sizeof(buffer), 0);
		allow_rw(DRIVER_RNG, 0, at(buffer) + 32, i % 32);
		fill(buffer, 32, 0);
		wait_for(DRIVER_RNG, 0);
		for (uint32_t k = 0; k < 32; k++)
			must(buffer[k] == 0, "memory that was taken back changed");
	}
}

ATTACK(alarm_extremes, ENDS, "sets alarms of no time, of all time and of times long gone")
{
	static const uint32_t times[] = {0, 1, 2, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFE, 0xFFFFFFFF};

	for (uint32_t i = 0; i < 7; i++) {
		uint32_t now = command(DRIVER_ALARM, ALARM_NOW, 0, 0).r[1];

		command(DRIVER_ALARM, 5, times[i], 0);
		for (uint32_t k = 0; k < 7; k++) {
			command(DRIVER_ALARM, 6, now + times[k], times[i]);
			command(DRIVER_ALARM, 6, times[k], times[i]);
		}
		command(DRIVER_ALARM, 3, 0, 0);
		subscribe(DRIVER_ALARM, 0, 0, 0);
		sleep_ms(1);
	}
}

ATTACK(alarm_flood, ENDS, "sets and stops its alarm thirty thousand times without a yield")
{
	subscribe(DRIVER_ALARM, 0, (uint32_t)(uintptr_t)counted, 0);
	for (uint32_t i = 0; i < 30000; i++)
		command(DRIVER_ALARM, i % 3 == 0 ? 3 : 5, i % 2, 0);
	for (uint32_t i = 0; i < 1000; i++)
		sys(SYSCALL_YIELD, YIELD_NO_WAIT, 0, 0, 0);
	must(upcalls > 0 && upcalls <= 4, "more upcalls were kept than the driver has places for");
}

ATTACK(console_flood, ENDS, "finishes ten thousand writes without a yield")
{
	allow_ro(DRIVER_CONSOLE, 1, 0, 0);
	subscribe(DRIVER_CONSOLE, 1, (uint32_t)(uintptr_t)counted, 0);
	for (uint32_t i = 0; i < 10000; i++)
		command(DRIVER_CONSOLE, CONSOLE_WRITE, 0, 0);
	for (uint32_t i = 0; i < 1000; i++)
		sys(SYSCALL_YIELD, YIELD_NO_WAIT, 0, 0, 0);
	must(upcalls > 0 && upcalls <= 4, "more upcalls were kept than the driver has places for");
}

ATTACK(flood_does_not_starve, ENDS, "floods one upcall: another one of its own still gets through")
{
	allow_ro(DRIVER_CONSOLE, 1, 0, 0);
	subscribe(DRIVER_CONSOLE, 1, (uint32_t)(uintptr_t)counted, 0);
	command(DRIVER_ALARM, 5, 100, 0);
	for (uint32_t i = 0; i < 20000; i++)
		command(DRIVER_CONSOLE, CONSOLE_WRITE, 0, 0);
	wait_for(DRIVER_ALARM, 0);
	must(upcalls == 0, "a wait for one event ran the upcall of another");
}

ATTACK(debug_flood, ENDS, "floods the kernel's log")
{
	for (uint32_t i = 0; i < 3000; i++)
		command(DRIVER_LOW_LEVEL_DEBUG, 3, i, 0xFFFFFFFF);
	sleep_ms(50);
}

/* Short lines: what they say is not the point, and the test has to read it all. */
ATTACK(console_hog, GOES_ON, "writes to the console as fast as it goes, for ever")
{
	static const char line[] = "###\n";

	allow_ro(DRIVER_CONSOLE, 1, at(line), sizeof(line) - 1);
	for (;;) {
		command(DRIVER_CONSOLE, CONSOLE_WRITE, sizeof(line) - 1, 0);
		wait_for(DRIVER_CONSOLE, 1);
	}
}

ATTACK(rng_hog, GOES_ON, "wants random bytes for ever, and reads the console besides")
{
	for (;;) {
		allow_rw(DRIVER_RNG, 0, at(buffer), sizeof(buffer));
		allow_rw(DRIVER_CONSOLE, 1, at(buffer), sizeof(buffer));
		command(DRIVER_CONSOLE, CONSOLE_READ, sizeof(buffer), 0);
		command(DRIVER_RNG, 1, sizeof(buffer), 0);
		if (has_driver(DRIVER_RNG))
			wait_for(DRIVER_RNG, 0);
	}
}

ATTACK(led_garbage, ENDS, "switches LEDs and buttons that are not there")
{
	static const uint32_t index[] = {4,  5,   31,  32,         33,         63,
					 64, 255, 256, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF};

	for (uint32_t i = 0; i < 12; i++)
		for (uint32_t number = 1; number < 5; number++) {
			must(command(DRIVER_LED, number, index[i], 0).r[0] == SYSCALL_FAILURE,
			     "LED");
			must(command(DRIVER_BUTTON, number, index[i], 0).r[0] == SYSCALL_FAILURE,
			     "button");
		}
}
