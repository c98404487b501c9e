/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Cortex-M: special registers, system control space, exception frames and stack pointers. */
#include "hostile.h"

enum { PAGE = 1024, MARK = 0x0BADF00D };

enum {
	SCB_VTOR = 0xE000ED08,
	SCB_ICSR = 0xE000ED04,
	SCB_AIRCR = 0xE000ED0C,
	SCB_CPACR = 0xE000ED88,
	MPU_CTRL = 0xE000ED94,
	SYSTICK = 0xE000E010,
	STIR = 0xE000EF00,
	DWT = 0xE0001000,
	CONTROL_NPRIV = 1,
};

static uint8_t buffer[64] __attribute__((aligned(8)));

#define PROBES(name, address, text)                                                                \
	ATTACK(read_##name, FAULTS, "reads " text)                                                 \
	{                                                                                          \
		(void)read_word(address);                                                          \
		succeeded("the read came back");                                                   \
	}                                                                                          \
	ATTACK(write_##name, FAULTS, "writes to " text)                                            \
	{                                                                                          \
		write_word(address, 0x05FA0004);                                                   \
		succeeded("the write came back");                                                  \
	}

PROBES(vtor, SCB_VTOR, "the address of the vector table")
PROBES(icsr, SCB_ICSR, "the pending exceptions")
PROBES(aircr, SCB_AIRCR, "the register that resets the chip")
PROBES(cpacr, SCB_CPACR, "the rights to the coprocessors")
PROBES(mpu, MPU_CTRL, "the MPU")
PROBES(systick, SYSTICK, "the timeslice timer")
PROBES(cycle_counter, DWT + 4, "the cycle counter")
PROBES(bit_band, 0x22000000, "bits of the RAM, by their alias")

ATTACK(write_stir, FAULTS, "triggers an interrupt by software")
{
	write_word(STIR, 0);
	succeeded("the write came back");
}

static uint32_t control(void)
{
	uint32_t value;

	__asm__ volatile("mrs %0, control" : "=r"(value));
	return value;
}

/* Whether this process is privileged, by the one register that says so. */
static void must_be_unprivileged(void)
{
	must((control() & CONTROL_NPRIV) != 0, "it is privileged");
}

#define WRITES_SPECIAL(name, text)                                                                 \
	ATTACK(msr_##name, EITHER, "writes " text)                                                 \
	{                                                                                          \
		__asm__ volatile("msr " #name ", %0\nisb" ::"r"(0) : "memory");                    \
		must_be_unprivileged();                                                            \
		__asm__ volatile("msr " #name ", %0\nisb" ::"r"(0xF0) : "memory");                 \
		must_be_unprivileged();                                                            \
		spin_ms(25);                                                                       \
		must_be_unprivileged();                                                            \
	}

WRITES_SPECIAL(msp, "the kernel's stack pointer")
WRITES_SPECIAL(basepri, "the mask of interrupts, BASEPRI")

ATTACK(msr_control, ENDS, "makes itself privileged by CONTROL")
{
	__asm__ volatile("msr control, %0\nisb" ::"r"(2) : "memory");
	must_be_unprivileged();
	__asm__ volatile("msr control, %0\nisb" ::"r"(0) : "memory");
	must_be_unprivileged();
	spin_ms(25);
	must_be_unprivileged();
}

ATTACK(disable_interrupts, GOES_ON, "disables all interrupts and faults, then spins")
{
	__asm__ volatile("cpsid i\ncpsid f\nmsr primask, %0\nmsr faultmask, %0\nisb" ::"r"(1)
			 : "memory");
	for (;;)
		__asm__ volatile("");
}

ATTACK(mode_after_exceptions, FAULTS,
       "looks whether any exception left it privileged, then uses it")
{
	for (uint32_t i = 0; i < 100; i++) {
		command(DRIVER_LED, 0, 0, 0);
		must_be_unprivileged();
		sys(SYSCALL_YIELD, YIELD_NO_WAIT, 0, 0, 0);
		must_be_unprivileged();
	}
	sleep_ms(5);
	must_be_unprivileged();
	spin_ms(60);
	must_be_unprivileged();
	(void)read_word(SCB_ICSR);
	succeeded("the read came back");
}

#define EXECUTES(name, end, instruction, text)                                                     \
	ATTACK(name, end, text)                                                                    \
	{                                                                                          \
		__asm__ volatile(instruction ::: "r0", "r1", "r2", "r3", "r12", "memory");         \
		succeeded("it came back");                                                         \
	}

EXECUTES(svc_9, FAULTS, "svc 9", "makes a system call of class 9")
EXECUTES(svc_127, FAULTS, "svc 127", "makes a system call of class 127")
EXECUTES(svc_254, FAULTS, "svc 254", "makes a system call of class 254")
EXECUTES(breakpoint, FAULTS, "bkpt 1", "runs into a breakpoint")
EXECUTES(undefined, FAULTS, "udf 7", "executes an undefined instruction")
EXECUTES(undefined_wide, FAULTS, "udf.w 77", "executes a wide undefined instruction")
EXECUTES(exc_return_f1, FAULTS, "mvn r0, #0xE\nbx r0", "branches to EXC_RETURN 0xFFFFFFF1")
EXECUTES(exc_return_f9, FAULTS, "mvn r0, #6\nbx r0", "branches to EXC_RETURN 0xFFFFFFF9")
EXECUTES(exc_return_fd, FAULTS, "mvn r0, #2\nbx r0", "branches to EXC_RETURN 0xFFFFFFFD")
EXECUTES(exc_return_e9, FAULTS, "mvn r0, #0x16\nbx r0", "branches to EXC_RETURN 0xFFFFFFE9")
EXECUTES(exc_return_popped, FAULTS, "mvn r0, #2\npush {r0}\npop {pc}",
	 "pops EXC_RETURN 0xFFFFFFFD into the program counter")
EXECUTES(exc_return_loaded, FAULTS, "mvn r0, #2\npush {r0}\nldr pc, [sp], #4",
	 "loads EXC_RETURN 0xFFFFFFFD into the program counter")
EXECUTES(fnc_return, FAULTS, "mvn r0, #0\nmovw r1, #0xFFFF\nmovt r1, #0xFEFF\nbx r1",
	 "branches to FNC_RETURN 0xFEFFFFFF")
EXECUTES(no_thumb_bit, FAULTS, "mov r0, pc\nbic r0, #1\nbx r0", "branches without the Thumb bit")
EXECUTES(floating_point, EITHER,
	 ".inst.w 0xEE300A00\nb 1f\n1:", "uses the floating-point registers")
EXECUTES(floating_move, FAULTS, ".inst.w 0xEE100A10", "reads a floating-point register")
EXECUTES(coprocessor, FAULTS, ".inst.w 0xEE000710", "uses a coprocessor")
EXECUTES(store_kernel_many, FAULTS, "movs r0, #0\nmovt r0, #0x2000\nstmia r0, {r1, r2, r3, r12}",
	 "stores four registers at once to the start of the RAM")

ATTACK(semihosting, FAULTS, "asks the host to end the emulator")
{
	register uint32_t r0 __asm__("r0") = 0x18;
	register uint32_t r1 __asm__("r1") = 0x20026;

	__asm__ volatile("bkpt 0xAB" : "+r"(r0) : "r"(r1) : "memory");
	succeeded("it came back");
}

static uint32_t bad_stack(uint32_t index)
{
	const uint32_t list[] = {
		0,
		given.kernel_stack_end,
		given.kernel_data + 32,
		given.witness_ram + 64,
		memory(MEMOP_RAM_START),
		memory(MEMOP_RAM_START) + 16,
		memory(MEMOP_RAM_END),
		memory(MEMOP_GRANT_START),
		memory(MEMOP_GRANT_START) + 16,
		memory(MEMOP_FLASH_START) + 64,
		given.uart,
		MPU_CTRL,
		0xFFFFFFFC,
		FAR,
		memory(MEMOP_RAM_END) + 32,
		memory(MEMOP_GRANT_START) + 32,
	};

	return list[index];
}

/* The frame of an SVC goes below the stack pointer. */
static void call_on(uint32_t stack)
{
	say_number("stack pointer ", stack);
	__asm__ volatile(
		"mov r4, sp\nmov sp, %0\nmovs r0, #2\nmovs r1, #0\nsvc 2\nmov sp, r4" ::"r"(stack)
		: "r0", "r1", "r2", "r3", "r4", "r12", "memory");
	succeeded("the call came back");
}

static void spin_on(uint32_t stack)
{
	say_number("stack pointer ", stack);
	__asm__ volatile(
		"mov r4, sp\nmov sp, %0\nldr r0, =12000000\n1: subs r0, #1\nbne 1b\nmov sp, r4" ::
			"r"(stack)
		: "r0", "r4", "memory");
	succeeded("nothing noticed");
}

#define STACKS(name, index, where)                                                                 \
	ATTACK(svc_stack_##name, FAULTS, "makes a system call with its stack pointer at " where)   \
	{                                                                                          \
		call_on(bad_stack(index));                                                         \
	}                                                                                          \
	ATTACK(irq_stack_##name, FAULTS, "is interrupted with its stack pointer at " where)        \
	{                                                                                          \
		spin_on(bad_stack(index));                                                         \
	}

STACKS(null, 0, "0")
STACKS(kernel, 1, "the end of the kernel's stack")
STACKS(kernel_data, 2, "the kernel's variables")
STACKS(other, 3, "the witness's RAM")
STACKS(bottom, 4, "the start of its RAM: the frame lies below")
STACKS(across_bottom, 5, "its RAM plus 16: the frame lies half below")
STACKS(top, 6, "the end of its grants")
STACKS(across_grants, 8, "its grants plus 16")
STACKS(flash, 9, "its flash")
STACKS(uart, 10, "the serial port")
STACKS(mpu, 11, "the MPU's registers")
STACKS(end_of_space, 12, "the end of the address space")
STACKS(nothing, 13, "where no memory is")
STACKS(behind, 14, "behind its RAM")
STACKS(grants, 15, "32 bytes into its grants")

ATTACK(stack_unaligned, EITHER, "makes system calls with an odd stack pointer")
{
	for (uint32_t i = 1; i < 8; i++)
		__asm__ volatile(
			"mov r4, sp\nsub r0, r4, %0\nmov sp, r0\nmovs r0, #2\nmovs r1, #0\nsvc 2\n"
			"mov sp, r4" ::"r"(i)
			: "r0", "r1", "r2", "r3", "r4", "r12", "memory");
}

ATTACK(stack_taken_away, FAULTS, "moves its break below its stack within a system call")
{
	uint32_t edge = memop(MEMOP_SBRK, 1024).r[1];
	register uint32_t r0 __asm__("r0") = MEMOP_BRK;
	register uint32_t r1 __asm__("r1") = edge;

	/* The hardware may be coarse: go on until the frame is out of reach. */
	__asm__ volatile("mov r4, sp\nmov sp, %2\nsvc 5\nmov sp, r4"
			 : "+r"(r0), "+r"(r1)
			 : "r"(memory(MEMOP_GRANT_START))
			 : "r2", "r3", "r4", "r12", "memory");
	(void)read_word(given.kernel_data);
	succeeded("the read came back");
}

/*
 * A driver writes over the frame of the yield that it ends: what the keyboard gives becomes program
 * counter and status of this process. Nothing of it may make it privileged.
 */
static void yield_with_frame_shared(void)
{
	uint32_t stack;

	__asm__ volatile("mov %0, sp" : "=r"(stack));
	allow_rw(DRIVER_CONSOLE, 1, stack - 64, 64);
	command(DRIVER_CONSOLE, 2, 64, 0);
	__asm__ volatile("movs r0, #2\nmovs r1, #1\nmovs r2, #2\nsvc 0" ::
				 : "r0", "r1", "r2", "r3", "r12", "lr", "memory");
	must_be_unprivileged();
}

ATTACK(frame_overwritten, EITHER, "has its exception frame overwritten by what is typed")
{
	say("type");
	yield_with_frame_shared();
	(void)read_word(SCB_ICSR);
	succeeded("it is privileged");
}

static void upcall_forging(uint32_t a, uint32_t b, uint32_t c, uint32_t data)
{
	uint32_t stack;

	(void)a;
	(void)b;
	(void)c;
	(void)data;
	__asm__ volatile("mov %0, sp" : "=r"(stack));
	/* Whatever frame is below or above: privileged return, handler mode, odd flags. */
	for (uint32_t i = 0; i < 24; i++)
		write_word(stack - 96 + 4 * i, i % 2 == 0 ? 0xFFFFFFF1 : 0x0100000B);
	sys(SYSCALL_YIELD, YIELD_NO_WAIT, 0, 0, 0);
}

ATTACK(frame_forged, EITHER, "writes exception frames around its stack from within an upcall")
{
	subscribe(DRIVER_ALARM, 0, (uint32_t)(uintptr_t)upcall_forging, 0);
	for (uint32_t i = 0; i < 10; i++) {
		command(DRIVER_ALARM, 5, 1, 0);
		sys(SYSCALL_YIELD, YIELD_WAIT, 0, 0, 0);
		must_be_unprivileged();
	}
}

ATTACK(unaligned_words, EITHER, "reads and writes words at odd addresses, several at once")
{
	for (uint32_t i = 1; i < 4; i++) {
		write_word(at(buffer) + i, i);
		must(read_word(at(buffer) + i) == i, "a word changed");
	}
	__asm__ volatile("ldmia %0, {r1, r2}" ::"r"(buffer + 1) : "r1", "r2");
}

/*
 * QEMU's Arm processors compare only the first byte of an access with a region that ends
 * inside of a page of theirs, hardware compares every byte. So the break goes where a
 * page ends, which read_across_grants and write_across_grants cannot choose.
 */
static uint32_t break_at_page_end(void)
{
	uint32_t end = memory(MEMOP_GRANT_START) & ~(uint32_t)(PAGE - 1);

	must(memop(MEMOP_BRK, end).r[0] == SYSCALL_SUCCESS, "the break does not move");
	write_word(end - 4, MARK);
	return end - 2;
}

ATTACK(read_across_break, FAULTS, "reads a word that begins below its break and ends behind it")
{
	uint32_t address = break_at_page_end();

	say_number("reads ", address);
	(void)read_word(address);
	succeeded("the read came back");
}

ATTACK(write_across_break, FAULTS, "writes a word that begins below its break and ends behind it")
{
	uint32_t address = break_at_page_end();

	say_number("writes ", address);
	write_word(address, MARK);
	succeeded("the write came back");
}
