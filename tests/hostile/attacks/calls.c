/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* System calls with arguments that they must refuse, or bear. */
#include "hostile.h"

static uint8_t buffer[64];

/* Addresses that are not this process's RAM; each with 16 bytes behind it. */
static uint32_t foreign(uint32_t index)
{
	const uint32_t end = memory(MEMOP_RAM_END), start = memory(MEMOP_RAM_START);
	const uint32_t edge = memop(MEMOP_SBRK, 0).r[1];
	const uint32_t list[] = {
		given.kernel_text,
		given.kernel_rodata,
		given.kernel_data,
		given.kernel_bss,
		given.kernel_stack,
		given.kernel_stack_end - 16,
		given.witness_ram,
		given.witness_ram + 64,
		given.uart,
		given.timer,
		given.interrupt_controller,
		given.end_register,
		start - 16,
		start - 1,
		start - 15,
		edge - 15,
		edge - 1,
		edge,
		edge + 64,
		memory(MEMOP_GRANT_START),
		memory(MEMOP_GRANT_START) - 15,
		end - 16,
		end - 8,
		end,
		end + 64,
		1,
		FAR,
		0x7FFFFFFF,
		0x80000000,
		0xFFFFFFFF,
		0xFFFFFFF0,
		0xFFFFFFF8,
		0xE000ED94,
	};

	return index < sizeof(list) / sizeof(list[0]) ? list[index] : 0;
}

static bool refused(const struct answer *answer, uint32_t error, uint32_t third, uint32_t fourth)
{
	return answer->r[0] == SYSCALL_FAILURE_2_U32 && answer->r[1] == error &&
	       answer->r[2] == third && answer->r[3] == fourth;
}

static void allow_foreign(uint32_t class_number, uint32_t driver, uint32_t number)
{
	uint32_t address;

	for (uint32_t i = 0; (address = foreign(i)) != 0; i++) {
		struct answer answer = sys(class_number, driver, number, address, 16);

		if (!refused(&answer, E_INVAL, address, 16)) {
			say_number("allowed ", address);
			succeeded("memory of others can be shared");
		}
	}
}

ATTACK(allow_rw_foreign, ENDS, "shares memory of others, read-write")
{
	allow_foreign(SYSCALL_ALLOW_RW, DRIVER_CONSOLE, 1);
}

ATTACK(allow_ro_foreign, ENDS, "shares memory of others, read-only")
{
	allow_foreign(SYSCALL_ALLOW_RO, DRIVER_CONSOLE, 1);
}

ATTACK(allow_ro_other_flash, ENDS, "shares the witness's flash and the edges of its own, read-only")
{
	const uint32_t start = memory(MEMOP_FLASH_START), end = memory(MEMOP_FLASH_END);
	const uint32_t bad[] = {given.witness_flash,
				given.witness_flash + 4,
				start - 1,
				start - 8,
				end - 15,
				end - 1,
				end};

	for (uint32_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct answer answer = allow_ro(DRIVER_CONSOLE, 1, bad[i], 16);

		must(refused(&answer, E_INVAL, bad[i], 16), "flash of others can be shared");
	}
	must(allow_ro(DRIVER_CONSOLE, 1, end - 16, 16).r[0] == SYSCALL_SUCCESS_2_U32,
	     "the end of its own flash cannot be shared");
}

ATTACK(allow_rw_own_flash, ENDS, "shares its own flash read-write")
{
	const uint32_t start = memory(MEMOP_FLASH_START);

	for (uint32_t offset = 0; offset < 256; offset += 64) {
		struct answer answer = allow_rw(DRIVER_CONSOLE, 1, start + offset, 16);

		must(refused(&answer, E_INVAL, start + offset, 16), "flash was shared for writing");
	}
}

ATTACK(allow_wraps, ENDS, "shares ranges whose end wraps over the end of the address space")
{
	const uint32_t base = at(buffer);
	const uint32_t length[] = {
		0xFFFFFFFF, 0u - base,  1u - base,  0xFFFFFFFF - base + 1 + 64,
		0x80000000, 0x7FFFFFFF, 0xFFFFFFF0, memory(MEMOP_GRANT_START) - base + 1};

	for (uint32_t i = 0; i < sizeof(length) / sizeof(length[0]); i++) {
		struct answer rw = allow_rw(DRIVER_CONSOLE, 1, base, length[i]);
		struct answer ro = allow_ro(DRIVER_CONSOLE, 1, base, length[i]);

		must(refused(&rw, E_INVAL, base, length[i]), "a wrapping buffer was shared");
		must(refused(&ro, E_INVAL, base, length[i]), "a wrapping buffer was shared");
	}
}

ATTACK(allow_nothing, ENDS, "shares zero bytes anywhere, and has drivers use them")
{
	uint32_t address;

	for (uint32_t i = 0; (address = foreign(i)) != 0; i++) {
		must(allow_rw(DRIVER_CONSOLE, 1, address, 0).r[0] == SYSCALL_SUCCESS_2_U32,
		     "zero bytes were refused");
		must(allow_ro(DRIVER_CONSOLE, 1, address, 0).r[0] == SYSCALL_SUCCESS_2_U32,
		     "zero bytes were refused");
		command(DRIVER_CONSOLE, 1, 0xFFFFFFFF, 0);
		must(wait_for(DRIVER_CONSOLE, 1).r[0] == 0, "something was written");
		must(command(DRIVER_CONSOLE, 2, 0xFFFFFFFF, 0).r[0] < SYSCALL_SUCCESS,
		     "nothing can be read into");
	}
}

ATTACK(allow_break_edge, ENDS, "shares the last byte below its break, and one more")
{
	const uint32_t edge = memop(MEMOP_SBRK, 0).r[1];
	struct answer beyond = allow_rw(DRIVER_CONSOLE, 1, edge - 1, 2);

	must(refused(&beyond, E_INVAL, edge - 1, 2), "a byte above the break was shared");
	must(allow_rw(DRIVER_CONSOLE, 1, edge - 1, 1).r[0] == SYSCALL_SUCCESS_2_U32,
	     "the last byte cannot be shared");
	must(allow_rw(DRIVER_CONSOLE, 1, edge, 0).r[0] == SYSCALL_SUCCESS_2_U32,
	     "nothing cannot be shared");
}

ATTACK(allow_then_shrink, ENDS, "shares memory, then takes it away with brk and sbrk")
{
	const uint32_t heap = memop(MEMOP_SBRK, 256).r[1];

	must(allow_rw(DRIVER_CONSOLE, 1, heap, 256).r[0] == SYSCALL_SUCCESS_2_U32, "no allow");
	must(memop(MEMOP_BRK, heap).r[0] == SYSCALL_FAILURE, "shared memory left the process");
	must(memop(MEMOP_SBRK, (uint32_t)-1).r[0] == SYSCALL_FAILURE,
	     "shared memory left the process");
	must(memop(MEMOP_SBRK, 0x80000000).r[0] == SYSCALL_FAILURE,
	     "shared memory left the process");
	allow_rw(DRIVER_CONSOLE, 1, 0, 0);
	must(memop(MEMOP_BRK, heap).r[0] == SYSCALL_FAILURE, "memory once shared left the process");
	must(memop(MEMOP_SBRK, 64).r[1] == heap + 256, "the break moved");
}

ATTACK(allow_aliased, ENDS, "shares one buffer with three drivers, read-write, at the same time")
{
	allow_rw(DRIVER_CONSOLE, 1, at(buffer), sizeof(buffer));
	allow_ro(DRIVER_CONSOLE, 1, at(buffer), sizeof(buffer));
	allow_rw(DRIVER_RNG, 0, at(buffer), sizeof(buffer));
	for (uint32_t i = 0; i < 20; i++) {
		command(DRIVER_CONSOLE, 2, sizeof(buffer), 0);
		command(DRIVER_RNG, 1, sizeof(buffer), 0);
		for (uint32_t k = 0; k < sizeof(buffer); k++)
			buffer[k] = '.';
		buffer[sizeof(buffer) - 1] = '\n';
		command(DRIVER_CONSOLE, 1, 0, 0);
		wait_for(DRIVER_CONSOLE, 1);
		if (has_driver(DRIVER_RNG))
			wait_for(DRIVER_RNG, 0);
		command(DRIVER_CONSOLE, 3, 0, 0);
	}
}

ATTACK(allow_numbers, ENDS, "uses allow numbers that drivers do not have")
{
	static const uint32_t driver[] = {DRIVER_ALARM, DRIVER_CONSOLE, DRIVER_LED, DRIVER_BUTTON,
					  DRIVER_LOW_LEVEL_DEBUG};
	static const uint32_t number[] = {2,   3,   4,          7,          31,
					  255, 256, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF};

	for (uint32_t i = 0; i < 50; i++) {
		uint32_t d = driver[i / 10], n = number[i % 10];
		struct answer rw = allow_rw(d, n, at(buffer), 4);
		struct answer ro = allow_ro(d, n, at(buffer), 4);
		struct answer ur = sys(SYSCALL_ALLOW_UR, d, n, at(buffer), 4);
		struct answer up = subscribe(d, n == 2 ? 3 : n, 0, 4);

		must(rw.r[0] == SYSCALL_FAILURE_2_U32, "an allow number that no driver has");
		must(ro.r[0] == SYSCALL_FAILURE_2_U32, "an allow number that no driver has");
		must(ur.r[0] == SYSCALL_FAILURE_2_U32, "an allow number that no driver has");
		must(up.r[0] == SYSCALL_FAILURE_2_U32, "a subscribe number that no driver has");
	}
}

ATTACK(absent_drivers, ENDS, "calls drivers that are not there")
{
	static const uint32_t driver[] = {0x7,        0x10002,    0x30000,   0x40002,
					  0x7FFFFFFF, 0x80000000, 0xFFFFFFFF};

	for (uint32_t i = 0; i < sizeof(driver) / sizeof(driver[0]); i++) {
		struct answer c = command(driver[i], 0, 1, 2);
		struct answer s = subscribe(driver[i], 0, 3, 4);
		struct answer a = allow_rw(driver[i], 0, 5, 6);
		struct answer o = allow_ro(driver[i], 0, 7, 8);

		must(c.r[0] == SYSCALL_FAILURE && c.r[1] == E_NODEVICE, "command");
		must(refused(&s, E_NODEVICE, 3, 4), "subscribe");
		must(refused(&a, E_NODEVICE, 5, 6), "allow-rw");
		must(refused(&o, E_NODEVICE, 7, 8), "allow-ro");
	}
}

ATTACK(subscribe_foreign, ENDS, "subscribes functions that are not in its flash")
{
	const uint32_t start = memory(MEMOP_FLASH_START), end = memory(MEMOP_FLASH_END);
	const uint32_t more[] = {start - 1,
				 start - 2,
				 end - 1,
				 end,
				 end + 2,
				 given.witness_flash,
				 given.witness_flash + 128,
				 at(buffer),
				 memory(MEMOP_RAM_START)};
	uint32_t address;

	for (uint32_t i = 0; (address = foreign(i)) != 0; i++) {
		struct answer answer = subscribe(DRIVER_ALARM, 0, address, 7);

		must(refused(&answer, E_INVAL, address, 7), "a function of others was subscribed");
	}
	for (uint32_t i = 0; i < sizeof(more) / sizeof(more[0]); i++) {
		struct answer answer = subscribe(DRIVER_ALARM, 0, more[i], 7);

		must(refused(&answer, E_INVAL, more[i], 7), "a function of others was subscribed");
	}
	sleep_ms(1);
}

static void upcall_at(uint32_t function)
{
	must(subscribe(DRIVER_ALARM, 0, function, 0).r[0] == SYSCALL_SUCCESS_2_U32, "subscribe");
	command(DRIVER_ALARM, 5, 1, 0);
	sys(SYSCALL_YIELD, YIELD_WAIT, 0, 0, 0);
}

ATTACK(upcall_into_header, EITHER, "has an upcall delivered into its TBF header")
{
	upcall_at(memory(MEMOP_FLASH_START));
}

ATTACK(upcall_odd, EITHER, "has an upcall delivered to an odd address")
{
	upcall_at(address_of(attack) + 3);
}

ATTACK(upcall_at_end, FAULTS, "has an upcall delivered to the last two bytes of its code")
{
	const uint32_t start = memory(MEMOP_FLASH_START);
	uint32_t function = memory(MEMOP_FLASH_END) - 2;

	/* Nothing in its footers is taken. */
	while (function > start && subscribe(DRIVER_ALARM, 0, function, 0).r[1] == E_INVAL)
		function -= 2;
	upcall_at(function);
}

ATTACK(yield_flag_kernel, ENDS, "has the flag of yield-no-wait written to the kernel's memory")
{
	uint32_t address;

	for (uint32_t i = 0; (address = foreign(i)) != 0; i++)
		sys(SYSCALL_YIELD, YIELD_NO_WAIT, address, 0, 0);
	for (address = given.kernel_data; address < given.kernel_data + 512; address++)
		sys(SYSCALL_YIELD, YIELD_NO_WAIT, address, 0, 0);
	for (address = given.kernel_stack; address < given.kernel_stack_end; address += 3)
		sys(SYSCALL_YIELD, YIELD_NO_WAIT, address, 0, 0);
	for (address = given.kernel_bss; address < given.kernel_bss + 2048; address++)
		sys(SYSCALL_YIELD, YIELD_NO_WAIT, address, 0, 0);
	must(has_driver(DRIVER_CONSOLE), "the kernel's memory changed");
}

ATTACK(yield_flag_other, ENDS, "has the flag of yield-no-wait written to the witness's memory")
{
	const uint32_t start = memory(MEMOP_RAM_START), size = memory(MEMOP_RAM_END) - start;

	for (uint32_t offset = 0; offset < 8 * KIB; offset += 7) {
		uint32_t address = given.witness_ram + offset;

		/* Its own memory may begin there. */
		if (address - start >= size)
			sys(SYSCALL_YIELD, YIELD_NO_WAIT, address, 0, 0);
		sys(SYSCALL_YIELD, YIELD_NO_WAIT, given.witness_flash + offset, 0, 0);
	}
}

ATTACK(yield_flag_grants, ENDS, "has the flag of yield-no-wait written to its own grants")
{
	uint32_t end = memory(MEMOP_RAM_END);

	sleep_ms(1);
	for (uint32_t address = memory(MEMOP_GRANT_START); address < end; address++)
		sys(SYSCALL_YIELD, YIELD_NO_WAIT, address, 0, 0);
	sleep_ms(1);
	must(has_driver(DRIVER_CONSOLE), "its grants changed");
}

ATTACK(yield_flag_flash, ENDS, "has the flag of yield-no-wait written to its own flash")
{
	const uint32_t address = at((const void *)(uintptr_t)address_of(attack_yield_flag_kernel));
	const uint32_t before = read_word(address & ~3u);

	for (uint32_t i = 0; i < 4; i++)
		sys(SYSCALL_YIELD, YIELD_NO_WAIT, (address & ~3u) + i, 0, 0);
	must(read_word(address & ~3u) == before, "its flash changed");
}

ATTACK(yield_flag_own, ENDS, "has the flag of yield-no-wait written to its own RAM, one byte of it")
{
	buffer[0] = buffer[1] = buffer[2] = 0xEE;
	sys(SYSCALL_YIELD, YIELD_NO_WAIT, at(&buffer[1]), 0, 0);
	must(buffer[0] == 0xEE && buffer[1] == 0 && buffer[2] == 0xEE, "more than a byte changed");
}

ATTACK(wait_for_absent_driver, GOES_ON, "waits for an upcall of a driver that is not there")
{
	wait_for(0x7777, 0);
	succeeded("it was woken");
}

ATTACK(wait_for_absent_number, GOES_ON, "waits for an upcall that its driver does not have")
{
	wait_for(DRIVER_CONSOLE, 0xFFFFFFFF);
	succeeded("it was woken");
}

ATTACK(unknown_yield, ENDS, "yields in ways that do not exist: they return at once")
{
	for (uint32_t number = 3; number < 40; number++)
		sys(SYSCALL_YIELD, number, given.kernel_data, given.kernel_data, given.kernel_data);
	sys(SYSCALL_YIELD, 0xFFFFFFFF, 0, 0, 0);
	sys(SYSCALL_YIELD, 0x80000001, 0, 0, 0);
}

ATTACK(unknown_class_8, FAULTS, "makes a system call of class 8")
{
	sys(8, 1, 2, 3, 4);
	succeeded("it came back");
}

ATTACK(unknown_class_200, FAULTS, "makes a system call of class 200")
{
	sys(200, 1, 2, 3, 4);
	succeeded("it came back");
}

ATTACK(unknown_class_255, FAULTS, "makes a system call of class 255")
{
	sys(255, 1, 2, 3, 4);
	succeeded("it came back");
}

ATTACK(unknown_exit, ENDS, "exits in ways that do not exist: they fail and it goes on")
{
	for (uint32_t number = 2; number < 20; number++) {
		struct answer answer = sys(SYSCALL_EXIT, number, 0, 0, 0);

		must(answer.r[0] == SYSCALL_FAILURE && answer.r[1] == E_NOSUPPORT, "exit");
	}
	must(sys(SYSCALL_EXIT, 0xFFFFFFFF, 0, 0, 0).r[0] == SYSCALL_FAILURE, "exit");
}

ATTACK(memop_garbage, ENDS, "calls memops that do not exist, and those that do with any argument")
{
	for (uint32_t number = 12; number < 100; number++) {
		struct answer answer = memop(number, given.kernel_data);

		must(answer.r[0] == SYSCALL_FAILURE && answer.r[1] == E_NOSUPPORT, "memop");
	}
	must(memop(0xFFFFFFFF, 0).r[0] == SYSCALL_FAILURE, "memop");
	must(memop(0x80000000, 0).r[0] == SYSCALL_FAILURE, "memop");
	for (uint32_t i = 0; i < 33; i++) {
		must(memop(MEMOP_FLASH_REGION_START, foreign(i)).r[0] == SYSCALL_FAILURE, "region");
		must(memop(MEMOP_FLASH_REGION_END, foreign(i)).r[0] == SYSCALL_FAILURE, "region");
	}
}

ATTACK(brk_extremes, ENDS, "moves its break to everywhere it must not be")
{
	const uint32_t edge = memop(MEMOP_SBRK, 0).r[1];
	uint32_t address;

	for (uint32_t i = 0; (address = foreign(i)) != 0; i++) {
		bool inside =
			address >= memory(MEMOP_RAM_START) && address <= memory(MEMOP_GRANT_START);

		if (!inside)
			must(memop(MEMOP_BRK, address).r[0] == SYSCALL_FAILURE, "brk");
	}
	must(memop(MEMOP_BRK, 0).r[0] == SYSCALL_FAILURE, "brk 0");
	must(memop(MEMOP_BRK, memory(MEMOP_GRANT_START) + 1).r[0] == SYSCALL_FAILURE, "brk + 1");
	must(memop(MEMOP_SBRK, 0x80000000).r[0] == SYSCALL_FAILURE, "sbrk lowest");
	must(memop(MEMOP_SBRK, 0x7FFFFFFF).r[0] == SYSCALL_FAILURE, "sbrk highest");
	must(memop(MEMOP_SBRK, 0u - edge).r[0] == SYSCALL_FAILURE, "sbrk to 0");
	must(memop(MEMOP_SBRK, memory(MEMOP_RAM_START) - edge - 1).r[0] == SYSCALL_FAILURE,
	     "sbrk below");
	must(memop(MEMOP_SBRK, memory(MEMOP_GRANT_START) - edge + 1).r[0] == SYSCALL_FAILURE,
	     "sbrk above");
	must(memop(MEMOP_SBRK, 0).r[1] == edge, "the break moved");
}

ATTACK(brk_below_itself, EITHER, "moves its break below its own stack")
{
	memop(MEMOP_BRK, memory(MEMOP_RAM_START));
	allow_ro(DRIVER_CONSOLE, 1, memory(MEMOP_RAM_START), 4);
}

ATTACK(brk_storm, ENDS, "moves its break ten thousand times and writes to all that is below it")
{
	uint32_t edge = memop(MEMOP_SBRK, 0).r[1];
	uint32_t room = memory(MEMOP_GRANT_START) - edge;
	uint32_t seed = 0x1234567;

	for (uint32_t i = 0; i < 10000; i++) {
		uint32_t wanted = random_next(&seed) % (room + 1);

		if (memop(MEMOP_BRK, edge + wanted).r[0] != SYSCALL_SUCCESS || wanted == 0)
			continue; /* not every break can be expressed by every hardware */
		write_byte(edge + wanted - 1, (uint8_t)i);
		write_byte(edge + random_next(&seed) % wanted, (uint8_t)i);
	}
}

/* The highest break that the hardware can express; there may be room for a grant above it. */
static void take_all(void)
{
	uint32_t end = memory(MEMOP_GRANT_START);

	while (memop(MEMOP_BRK, end).r[0] != SYSCALL_SUCCESS)
		end--;
}

/* Memory was taken from what is above the break, or the call was refused for want of it. */
static void must_fit(const struct answer *answer)
{
	bool refused_for_memory = answer->r[0] < SYSCALL_SUCCESS && answer->r[1] == E_NOMEM;

	must(refused_for_memory || answer->r[0] >= SYSCALL_SUCCESS, "another error than no memory");
	must(memory(MEMOP_GRANT_START) >= memop(MEMOP_SBRK, 0).r[1], "a grant in its own memory");
}

ATTACK(grant_exhaustion, ENDS,
       "takes all of its RAM, then uses every driver: no memory, for it alone")
{
	struct answer answer;

	take_all();
	for (uint32_t i = 0; i < 3; i++) {
		answer = subscribe(DRIVER_BUTTON, 0, 0, 0);
		must_fit(&answer);
		answer = command(DRIVER_BUTTON, 1, 0, 0);
		must_fit(&answer);
		answer = command(DRIVER_ALARM, 5, 1000, 0);
		must_fit(&answer);
		if (!has_driver(DRIVER_RNG))
			continue;
		answer = allow_rw(DRIVER_RNG, 0, at(buffer), 4);
		must_fit(&answer);
	}
}

ATTACK(wait_without_memory, GOES_ON,
       "takes all of its RAM, then waits for a driver it has no grant of")
{
	take_all();
	wait_for(DRIVER_BUTTON, 0);
	succeeded("it was woken");
}

ATTACK(debug_lies, FAULTS, "tells the kernel that its stack and heap are the kernel's, then faults")
{
	memop(MEMOP_STACK_TOP, given.kernel_stack_end);
	memop(MEMOP_HEAP_START, 0xFFFFFFFF);
	(void)read_word(given.kernel_data);
	succeeded("the read came back");
}

ATTACK(command_garbage, ENDS, "calls every command of every driver with any argument")
{
	static const uint32_t driver[] = {DRIVER_ALARM,  DRIVER_CONSOLE, DRIVER_LED,
					  DRIVER_BUTTON, DRIVER_RNG,     DRIVER_LOW_LEVEL_DEBUG};

	for (uint32_t i = 0; i < 6; i++)
		for (uint32_t number = 0; number < 70; number++)
			for (uint32_t k = 0; k < 33; k += 5)
				command(driver[i],
					driver[i] == DRIVER_LOW_LEVEL_DEBUG ? number + 4 : number,
					foreign(k), foreign(33 - k));
	for (uint32_t i = 0; i < 6; i++)
		command(driver[i], 0xFFFFFFFF, 0xFFFFFFFF, 0xFFFFFFFF);
}
