/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Loads, stores and jumps to what the process does not own. */
#include "hostile.h"

enum { MARK = 0x0BADF00D };

static uint8_t buffer[64];

static void read_from(uint32_t address)
{
	say_number("reads ", address);
	(void)read_word(address);
	succeeded("the read came back");
}

static void write_to(uint32_t address)
{
	say_number("writes ", address);
	write_word(address, MARK);
	succeeded("the write came back");
}

static void jump_to(uint32_t address)
{
	say_number("jumps to ", address);
	jump(address);
	succeeded("the jump came back");
}

ATTACK(read_kernel_text, FAULTS, "reads the kernel's code")
{
	read_from(given.kernel_text);
}

ATTACK(read_kernel_rodata, FAULTS, "reads the kernel's constants")
{
	read_from(given.kernel_rodata);
}

ATTACK(read_kernel_data, FAULTS, "reads the kernel's variables")
{
	read_from(given.kernel_data);
}

ATTACK(read_kernel_bss, FAULTS, "reads the process table's neighbourhood")
{
	read_from(given.kernel_bss + 64);
}

ATTACK(read_kernel_stack, FAULTS, "reads the kernel's stack")
{
	read_from(given.kernel_stack_end - 16);
}

ATTACK(write_kernel_text, FAULTS, "writes to the kernel's code")
{
	write_to(given.kernel_text);
}

ATTACK(write_kernel_rodata, FAULTS, "writes to the kernel's constants")
{
	write_to(given.kernel_rodata);
}

ATTACK(write_kernel_data, FAULTS, "writes to the kernel's variables")
{
	write_to(given.kernel_data);
}

ATTACK(write_kernel_bss, FAULTS, "writes to the process table's neighbourhood")
{
	write_to(given.kernel_bss + 64);
}

ATTACK(write_kernel_stack, FAULTS, "writes to the kernel's stack")
{
	write_to(given.kernel_stack_end - 16);
}

ATTACK(jump_kernel_text, FAULTS, "jumps to the kernel's code")
{
	jump_to(given.kernel_text);
}

ATTACK(jump_kernel_data, FAULTS, "jumps to the kernel's variables")
{
	jump_to(given.kernel_data);
}

ATTACK(jump_kernel_stack, FAULTS, "jumps to the kernel's stack")
{
	jump_to(given.kernel_stack);
}

/* Its last words, which the suite puts there: a return to the caller, and MARK. */
ATTACK(jump_own_footers, FAULTS, "reads its own footers, then jumps to code in them")
{
	uint32_t end = sys(SYSCALL_MEMOP, MEMOP_FLASH_END, 0, 0, 0).r[1];

	must(read_word(end - 4) == MARK, "its footers read wrong");
	must(subscribe(DRIVER_ALARM, 0, end - 8, 0).r[1] == E_INVAL,
	     "an upcall goes to its footers");
	jump_to(end - 8);
}

ATTACK(read_other_ram, FAULTS, "reads the witness's RAM")
{
	read_from(given.witness_ram);
}

ATTACK(write_other_ram, FAULTS, "writes to the witness's RAM")
{
	write_to(given.witness_ram);
}

ATTACK(jump_other_ram, FAULTS, "jumps to the witness's RAM")
{
	jump_to(given.witness_ram);
}

ATTACK(read_other_flash, FAULTS, "reads the witness's flash")
{
	read_from(given.witness_flash);
}

ATTACK(write_other_flash, FAULTS, "writes to the witness's flash")
{
	write_to(given.witness_flash);
}

ATTACK(jump_other_flash, FAULTS, "jumps to the witness's flash")
{
	jump_to(given.witness_flash + 128);
}

ATTACK(read_other_after_switch, FAULTS,
       "reads the witness's RAM just after the witness ran: its regions must be gone")
{
	for (uint32_t i = 0; i < 5; i++)
		sleep_ms(7);
	spin_ms(40);
	read_from(given.witness_ram + 64);
}

ATTACK(write_other_after_switch, FAULTS,
       "writes to the witness's RAM just after the witness ran: its regions must be gone")
{
	sleep_ms(23);
	sys(SYSCALL_YIELD, YIELD_NO_WAIT, 0, 0, 0);
	write_to(given.witness_ram + 64);
}

ATTACK(read_own_grants, FAULTS, "reads the kernel's part of its own RAM, at its start")
{
	read_from(memory(MEMOP_GRANT_START));
}

ATTACK(read_own_grants_end, FAULTS, "reads the kernel's part of its own RAM, at its end")
{
	read_from(memory(MEMOP_RAM_END) - 4);
}

ATTACK(write_own_grants, FAULTS, "writes to the kernel's part of its own RAM, at its start")
{
	write_to(memory(MEMOP_GRANT_START));
}

ATTACK(write_own_grants_end, FAULTS, "writes to the table of its grants")
{
	write_to(memory(MEMOP_RAM_END) - 4);
}

ATTACK(jump_own_grants, FAULTS, "jumps to the kernel's part of its own RAM")
{
	jump_to(memory(MEMOP_GRANT_START));
}

ATTACK(write_new_grant, FAULTS,
       "opens all of its RAM, makes the kernel take a grant of it, and writes there")
{
	uint32_t before = memory(MEMOP_GRANT_START);

	write_word(memop(MEMOP_SBRK, 0).r[1] - 4, MARK);
	must(subscribe(DRIVER_BUTTON, 0, 0, 0).r[0] == SYSCALL_SUCCESS_2_U32, "no grant to be had");
	must(memory(MEMOP_GRANT_START) < before, "the grant lies elsewhere");
	write_to(memory(MEMOP_GRANT_START) + 8);
}

ATTACK(read_across_grants, FAULTS, "reads a word that begins in its RAM and ends in its grants")
{
	uint32_t end = memory(MEMOP_GRANT_START);

	if (memop(MEMOP_BRK, end).r[0] == SYSCALL_SUCCESS)
		(void)read_word(end - 4);
	say_number("reads ", end - 2);
	if (read_word(end - 2) != MARK)
		succeeded("the read came back");
}

ATTACK(write_across_grants, FAULTS, "writes a word that begins in its RAM and ends in its grants")
{
	uint32_t end = memory(MEMOP_GRANT_START);

	if (memop(MEMOP_BRK, end).r[0] == SYSCALL_SUCCESS)
		write_word(end - 4, MARK);
	write_to(end - 2);
}

ATTACK(read_below_ram, FAULTS, "reads a word that ends with the first bytes of its RAM")
{
	read_from(memory(MEMOP_RAM_START) - 2);
}

ATTACK(read_behind_flash, FAULTS, "reads a word that begins in its flash and ends behind it")
{
	read_from(memory(MEMOP_FLASH_END) - 2);
}

ATTACK(read_before_flash, FAULTS, "reads a word that ends with the first bytes of its flash")
{
	read_from(memory(MEMOP_FLASH_START) - 2);
}

ATTACK(write_own_flash, FAULTS, "writes to its own code")
{
	write_to(at((const void *)(uintptr_t)address_of(attack)) & ~3u);
}

ATTACK(write_own_header, FAULTS, "writes to its own TBF header, to be taken for another")
{
	write_to(memory(MEMOP_FLASH_START) + 8);
}

#ifdef __arm__
static const uint16_t return_code[] = {0x4770}; /* bx lr */
#else
static const uint16_t return_code[] = {0x8082}; /* ret */
#endif

static void write_code(uint32_t address)
{
	*(volatile uint16_t *)(uintptr_t)address = return_code[0];
}

ATTACK(execute_stack, FAULTS, "executes code that it wrote to its stack")
{
	uint32_t code[4];

	write_code(at(code));
	jump_to(at(code));
}

ATTACK(execute_data, FAULTS, "executes code that it wrote to its data")
{
	write_code(at(buffer));
	jump_to(at(buffer));
}

ATTACK(execute_heap, FAULTS, "executes code that it wrote to fresh heap")
{
	uint32_t heap = memop(MEMOP_SBRK, 64).r[1];

	write_code((heap + 3) & ~3u);
	jump_to((heap + 3) & ~3u);
}

ATTACK(modify_itself, FAULTS, "replaces an instruction of its own in flash")
{
	write_code(address_of(attack_execute_data));
	attack_execute_data();
	succeeded("its code changed");
}

ATTACK(read_null, FAULTS, "reads address 0")
{
	read_from(0);
}

ATTACK(write_null, FAULTS, "writes address 0")
{
	write_to(0);
}

ATTACK(jump_null, FAULTS, "jumps to address 0")
{
	jump_to(0);
}

ATTACK(read_end_of_space, FAULTS, "reads the last word of the address space")
{
	read_from(0xFFFFFFFC);
}

ATTACK(jump_end_of_space, FAULTS, "jumps to the last word of the address space")
{
	jump_to(0xFFFFFFF0 & ~1u);
}

ATTACK(read_nothing, FAULTS, "reads where no memory is")
{
	read_from(FAR);
}

ATTACK(write_nothing, FAULTS, "writes where no memory is")
{
	write_to(FAR);
}

ATTACK(jump_nothing, FAULTS, "jumps to where no memory is")
{
	jump_to(FAR);
}

ATTACK(run_off_flash, FAULTS, "runs over the end of its flash")
{
	jump_to(memory(MEMOP_FLASH_END));
}

ATTACK(read_uart, FAULTS, "reads a register of the serial port")
{
	read_from(given.uart);
}

ATTACK(write_uart, FAULTS, "writes to the serial port")
{
	write_to(given.uart);
}

ATTACK(read_timer, FAULTS, "reads a register of the timer")
{
	read_from(given.timer);
}

ATTACK(write_timer, FAULTS, "writes to the timer")
{
	write_to(given.timer);
}

ATTACK(read_interrupts, FAULTS, "reads a register of the interrupt controller")
{
	read_from(given.interrupt_controller);
}

ATTACK(write_interrupts, FAULTS, "writes to the interrupt controller")
{
	write_to(given.interrupt_controller);
}

ATTACK(end_everything, FAULTS, "writes to the register that ends or resets the machine")
{
	say_number("writes ", given.end_register);
	write_word(given.end_register, given.parameter);
	succeeded("the write came back");
}

/* A process may touch what lies between break and grants where the hardware is coarse. */
ATTACK(above_break, EITHER, "fills what is above its break, then takes it: it must be all zero")
{
	uint32_t edge = memop(MEMOP_SBRK, 0).r[1];
	uint32_t end = memory(MEMOP_GRANT_START);
	uint32_t first = (edge + 3) & ~3u;

	for (uint32_t address = first; address + 4 <= end; address += 4) {
		write_word(address, MARK);
		if ((address & 0xFF) != 0)
			continue;
		if (memop(MEMOP_BRK, address + 4).r[0] != SYSCALL_SUCCESS)
			return; /* higher than this hardware can express */
		must(read_word(address) == 0, "memory above the break kept its content");
	}
}

ATTACK(above_break_returned, ENDS, "gives memory back and takes it again: it must be all zero")
{
	uint32_t edge = memop(MEMOP_SBRK, 256).r[1];

	for (uint32_t i = 0; i < 256; i++)
		write_byte(edge + i, 0xEE);
	memop(MEMOP_SBRK, (uint32_t)-256);
	memop(MEMOP_SBRK, 256);
	for (uint32_t i = 0; i < 256; i++)
		must(*(volatile uint8_t *)(uintptr_t)(edge + i) == 0, "memory kept its content");
}

static uint32_t depth(uint32_t level)
{
	volatile uint32_t here[16];

	here[0] = level;
	return depth(level + here[0] % 2) + here[0];
}

ATTACK(stack_overflow, FAULTS, "calls itself for ever: its stack leaves its memory downwards")
{
	say_number("ends ", depth(1));
	succeeded("it came back");
}

ATTACK(sweep_writes, FAULTS, "writes upwards from its heap until it is stopped")
{
	for (uint32_t address = (memop(MEMOP_SBRK, 0).r[1] + 3) & ~3u;; address += 4) {
		if (address >= memory(MEMOP_RAM_END))
			succeeded("nothing stopped it within its own RAM");
		if (address >= memory(MEMOP_GRANT_START))
			say("reached its grants");
		write_word(address, MARK);
		if (address >= memory(MEMOP_GRANT_START))
			succeeded("it wrote to its grants");
	}
}

ATTACK(sweep_down, FAULTS, "writes downwards from its stack until it is stopped")
{
	for (uint32_t address = memory(MEMOP_RAM_START);; address -= 4) {
		write_word(address, 0);
		if (address < memory(MEMOP_RAM_START))
			succeeded("it wrote below its RAM");
	}
}
