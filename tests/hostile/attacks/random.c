/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * Random system calls, their arguments biased to what is interesting. Left out is only what would
 * end the attack early: exiting, waiting for what never comes, and having drivers write over the
 * attack's own stack and data.
 */
#include "hostile.h"

enum { CALLS = 65536, ARENA = 512 };

static uint8_t arena[ARENA];
static uint32_t state, heap;

static uint32_t any(uint32_t below)
{
	return random_next(&state) % below;
}

static const uint32_t numbers[] = {
	0,          1,          2,          3,          4,          5,          6,          7,
	8,          15,         16,         31,         32,         33,         63,         64,
	127,        128,        255,        256,        1023,       4095,       4096,       65535,
	0x7FFFFFFF, 0x80000000, 0x80000001, 0xFFFFFF00, 0xFFFFFFFC, 0xFFFFFFFE, 0xFFFFFFFF,
};

static uint32_t place(void)
{
	switch (any(14)) {
	case 0:
		return given.kernel_text;
	case 1:
		return given.kernel_data;
	case 2:
		return given.kernel_bss;
	case 3:
		return given.kernel_stack;
	case 4:
		return given.witness_ram;
	case 5:
		return given.witness_flash;
	case 6:
		return memory(MEMOP_RAM_START);
	case 7:
		return memory(MEMOP_RAM_END);
	case 8:
		return memory(MEMOP_FLASH_START);
	case 9:
		return memory(MEMOP_FLASH_END);
	case 10:
		return memory(MEMOP_GRANT_START);
	case 11:
		return memop(MEMOP_SBRK, 0).r[1];
	case 12:
		return given.uart;
	default:
		return at(arena) + any(ARENA);
	}
}

static uint32_t argument(void)
{
	switch (any(8)) {
	case 0:
		return random_next(&state);
	case 1:
	case 2:
		return numbers[any(sizeof(numbers) / sizeof(numbers[0]))];
	case 3:
		return place() + any(9) - 4;
	case 4:
		return place();
	default:
		return any(20);
	}
}

static uint32_t driver(void)
{
	static const uint32_t known[] = {DRIVER_ALARM,  DRIVER_CONSOLE, DRIVER_LED,
					 DRIVER_BUTTON, DRIVER_RNG,     DRIVER_LOW_LEVEL_DEBUG};

	return any(16) == 0 ? argument() : known[any(6)];
}

/* A buffer that a driver may write: in the arena, or surely not this process's own. */
static uint32_t safe_buffer(uint32_t base)
{
	uint32_t start = memory(MEMOP_RAM_START), end = memory(MEMOP_RAM_END);

	return base + 4096 >= start && base < end ? at(arena) + base % (ARENA / 2) : base;
}

static void random_allow(uint32_t class_number)
{
	uint32_t base = argument(), length = argument();

	if (class_number != SYSCALL_ALLOW_RO) {
		base = safe_buffer(base);
		if (base - at(arena) < ARENA)
			length %= ARENA / 2;
	}
	sys(class_number, driver(), any(4) == 0 ? argument() : any(3), base, length);
}

static void random_command(void)
{
	uint32_t which = driver(), number = any(4) == 0 ? argument() : any(8);

	/* What it prints would be most of the time: a little of it is enough. */
	if ((which == DRIVER_LOW_LEVEL_DEBUG || (which == DRIVER_CONSOLE && number == 1)) &&
	    any(256) != 0)
		number = 77;
	command(which, number, argument(), argument());
}

static void random_memop(void)
{
	uint32_t number = any(16), value = argument();

	if (number == MEMOP_BRK && value < heap)
		value = memory(MEMOP_GRANT_START) + any(3) - 2;
	if (number == MEMOP_SBRK && (int32_t)value < 0 && (int32_t)value > -65536)
		value = 0 - value;
	memop(number, value);
}

static void random_flag(void)
{
	uint32_t flag = argument();

	sys(SYSCALL_YIELD, any(8) == 0 ? 3 + any(1000) : YIELD_NO_WAIT, safe_buffer(flag),
	    argument(), 0);
}

static void nothing(uint32_t a, uint32_t b, uint32_t c, uint32_t data)
{
	(void)a;
	(void)b;
	(void)c;
	(void)data;
}

static void random_subscribe(void)
{
	uint32_t function = argument();

	if (function - memory(MEMOP_FLASH_START) <
	    memory(MEMOP_FLASH_END) - memory(MEMOP_FLASH_START))
		function = (uint32_t)(uintptr_t)nothing;
	subscribe(driver(), any(4) == 0 ? argument() : any(4), any(2) == 0 ? function : 0,
		  argument());
}

static void random_call(void)
{
	switch (any(10)) {
	case 0:
		random_flag();
		break;
	case 1:
		random_subscribe();
		break;
	case 2:
		random_allow(SYSCALL_ALLOW_RW);
		break;
	case 3:
		random_allow(SYSCALL_ALLOW_RO);
		break;
	case 4:
		random_allow(SYSCALL_ALLOW_UR);
		break;
	case 5:
		random_memop();
		break;
	case 6:
		sys(SYSCALL_EXIT, 2 + argument() % 0xFFFFFFF0, argument(), argument(), argument());
		break;
	default:
		random_command();
		break;
	}
}

/* The parameter is the seed: docs/hostile.md says how to try others. */
ATTACK(random, ENDS, "makes 65536 random system calls")
{
	state = given.parameter;
	heap = memop(MEMOP_SBRK, 0).r[1];
	for (uint32_t i = 0; i < CALLS; i++)
		random_call();
	for (uint32_t number = 0; number < 3; number++) {
		allow_rw(DRIVER_CONSOLE, number, 0, 0);
		allow_ro(DRIVER_CONSOLE, number, 0, 0);
		subscribe(DRIVER_CONSOLE, number, 0, 0);
	}
}
