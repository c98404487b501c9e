/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* RISC-V: privileged instructions and registers, and stack pointers that point nowhere good. */
#include "hostile.h"

#define WRITES_CSR(name, number)                                                                   \
	ATTACK(csr_write_##name, FAULTS, "writes the register " #name)                             \
	{                                                                                          \
		__asm__ volatile("csrw " #number ", %0" ::"r"(-1));                                \
		succeeded("the write came back");                                                  \
	}

#define READS_CSR(name, number)                                                                    \
	ATTACK(csr_read_##name, FAULTS, "reads the register " #name)                               \
	{                                                                                          \
		uint32_t value;                                                                    \
                                                                                                   \
		__asm__ volatile("csrr %0, " #number : "=r"(value));                               \
		succeeded("the read came back");                                                   \
	}

#define EXECUTES(name, instruction, text)                                                          \
	ATTACK(name, FAULTS, text)                                                                 \
	{                                                                                          \
		__asm__ volatile(".option push\n.option arch, +zicsr, +zifencei\n" instruction     \
				 "\n.option pop" ::                                                \
					 : "memory");                                              \
		succeeded("the instruction came back");                                            \
	}

WRITES_CSR(mstatus, 0x300)
READS_CSR(mstatus, 0x300)
WRITES_CSR(mtvec, 0x305)
WRITES_CSR(mie, 0x304)
WRITES_CSR(mepc, 0x341)
WRITES_CSR(mscratch, 0x340)
READS_CSR(mscratch, 0x340)
WRITES_CSR(mcounteren, 0x306)
WRITES_CSR(pmpcfg0, 0x3A0)
WRITES_CSR(pmpaddr0, 0x3B0)
READS_CSR(pmpaddr3, 0x3B3)
WRITES_CSR(mseccfg, 0x747)
WRITES_CSR(sstatus, 0x100)
WRITES_CSR(satp, 0x180)
READS_CSR(mhartid, 0xF14)
READS_CSR(cycle, 0xC00)
READS_CSR(time, 0xC01)
READS_CSR(instret, 0xC02)
WRITES_CSR(fcsr, 0x003)
EXECUTES(mret, "mret", "returns from a trap that it is not in, to machine mode")
EXECUTES(sret, "sret", "returns from a trap that it is not in, to supervisor mode")
EXECUTES(dret, ".word 0x7B200073", "leaves a debug mode that it is not in")
EXECUTES(sfence, ".word 0x12000073", "flushes translations")
EXECUTES(ebreak, "ebreak", "runs into a breakpoint")
EXECUTES(semihosting, ".option norvc\n.balign 16\nslli x0, x0, 0x1f\nebreak\nsrai x0, x0, 7",
	 "calls the debugger of the host")
EXECUTES(undefined, ".word 0", "executes a word of zeroes")
EXECUTES(undefined_ones, ".word 0xFFFFFFFF", "executes a word of ones")
EXECUTES(floating_point, ".word 0x00000053", "uses the floating-point registers")
EXECUTES(floating_store, ".word 0x00052027", "stores a floating-point register")
EXECUTES(vector, ".word 0x0D007057", "uses the vector registers")

ATTACK(wait_for_interrupt, EITHER, "waits for an interrupt")
{
	for (uint32_t i = 0; i < 3; i++)
		__asm__ volatile("wfi");
}

ATTACK(fences, EITHER, "executes every fence")
{
	__asm__ volatile("fence\nfence.tso\n.word 0x0000100F" ::: "memory");
}

ATTACK(mode_after_interrupts, FAULTS,
       "is interrupted many times, then looks whether it is privileged")
{
	spin_ms(60);
	sleep_ms(5);
	for (uint32_t i = 0; i < 1000; i++)
		command(DRIVER_LED, 0, 0, 0);
	__asm__ volatile("csrw 0x340, zero");
	succeeded("it is privileged");
}

ATTACK(atomic_kernel, FAULTS, "exchanges a word of the kernel's memory atomically")
{
	__asm__ volatile("amoswap.w a0, a0, (%0)" ::"r"(given.kernel_data & ~3u) : "a0", "memory");
	succeeded("the exchange came back");
}

ATTACK(reserve_kernel, FAULTS, "reserves a word of the kernel's memory")
{
	__asm__ volatile("lr.w a0, (%0)\nsc.w a0, a0, (%0)" ::"r"(given.kernel_data & ~3u)
			 : "a0", "memory");
	succeeded("the reservation came back");
}

ATTACK(reserve_other, EITHER, "stores conditionally to the witness's memory after a reservation")
{
	uint32_t own = 0, failed;

	__asm__ volatile("lr.w a0, (%1)\nsc.w %0, a0, (%2)"
			 : "=&r"(failed)
			 : "r"(&own), "r"(given.witness_ram)
			 : "a0", "memory");
	must(failed != 0, "the store was done");
}

static uint32_t bad_stack(uint32_t index)
{
	const uint32_t list[] = {
		0,
		1,
		3,
		0xFFFFFFFF,
		0xFFFFFFF0,
		0x80000000,
		FAR,
		given.kernel_text,
		given.kernel_data,
		given.kernel_stack,
		given.kernel_stack_end,
		given.witness_ram + 64,
		memory(MEMOP_RAM_START),
		memory(MEMOP_RAM_START) + 4,
		memory(MEMOP_RAM_END),
		memory(MEMOP_GRANT_START),
		memory(MEMOP_FLASH_START),
		given.uart,
		given.end_register,
	};

	return list[index];
}

enum { BAD_STACKS = 19 };

/* A system call with sp, gp, tp and ra wrong. Answers with the first two result registers. */
static uint32_t call_on(uint32_t stack, uint32_t class_number, uint32_t a, uint32_t b, uint32_t c)
{
	register uint32_t a0 __asm__("a0") = a;
	register uint32_t a1 __asm__("a1") = b;
	register uint32_t a2 __asm__("a2") = c;
	register uint32_t a3 __asm__("a3") = 0;
	register uint32_t a4 __asm__("a4") = class_number;
	register uint32_t s2 __asm__("s2") = stack;

	__asm__ volatile("mv s3, sp\nmv s4, gp\nmv s5, tp\nmv s6, ra\n"
			 "mv sp, s2\nmv gp, s2\nmv tp, s2\nmv ra, s2\n"
			 "ecall\n"
			 "bne sp, s2, 1f\nbne gp, s2, 1f\nbne tp, s2, 1f\nbeq ra, s2, 2f\n"
			 "1: li s2, 0xBAD\n2:\n"
			 "mv sp, s3\nmv gp, s4\nmv tp, s5\nmv ra, s6"
			 : "+r"(a0), "+r"(a1), "+r"(a2), "+r"(a3), "+r"(a4), "+r"(s2)
			 :
			 : "s3", "s4", "s5", "s6", "a5", "a6", "a7", "t0", "t1", "t2", "t3", "t4",
			   "t5", "t6", "memory");
	uint32_t answer = a0, after = s2;

	must(after == stack, "a register changed over a system call");
	return answer;
}

ATTACK(stack_pointer_calls, ENDS,
       "makes each class of system call with its stack pointer elsewhere")
{
	for (uint32_t i = 0; i < BAD_STACKS; i++) {
		uint32_t stack = bad_stack(i);

		must(call_on(stack, SYSCALL_COMMAND, DRIVER_LED, 0, 0) == SYSCALL_SUCCESS_U32,
		     "command");
		must(call_on(stack, SYSCALL_MEMOP, MEMOP_RAM_START, 0, 0) == SYSCALL_SUCCESS_U32,
		     "memop");
		must(call_on(stack, SYSCALL_SUBSCRIBE, DRIVER_ALARM, 0, 0) == SYSCALL_SUCCESS_2_U32,
		     "sub");
		must(call_on(stack, SYSCALL_ALLOW_RW, DRIVER_CONSOLE, 1, 0) ==
			     SYSCALL_SUCCESS_2_U32,
		     "rw");
		must(call_on(stack, SYSCALL_ALLOW_RO, DRIVER_CONSOLE, 1, 0) ==
			     SYSCALL_SUCCESS_2_U32,
		     "ro");
		must(call_on(stack, SYSCALL_EXIT, 77, 0, 0) == SYSCALL_FAILURE, "exit");
		call_on(stack, SYSCALL_YIELD, YIELD_NO_WAIT, 0, 0);
		call_on(stack, SYSCALL_YIELD, 99, 0, 0);
	}
}

ATTACK(stack_pointer_waits, ENDS, "waits for an upcall with its stack pointer elsewhere")
{
	for (uint32_t i = 0; i < BAD_STACKS; i++) {
		uint32_t stack = bad_stack(i);

		command(DRIVER_ALARM, 5, 1000, 0);
		call_on(stack, SYSCALL_YIELD, YIELD_WAIT_FOR, DRIVER_ALARM, 0);
	}
}

/* Counts down with all registers that C code may not expect to keep at one value. */
static void spin_on(uint32_t stack)
{
	register uint32_t s2 __asm__("s2") = stack;
	register uint32_t s3 __asm__("s3") = 12000000;

	__asm__ volatile(
		"mv s4, sp\nmv s5, gp\nmv s6, tp\nmv s7, ra\n"
		"mv sp, s2\nmv gp, s2\nmv tp, s2\nmv ra, s2\n"
		"mv t0, s2\nmv t1, s2\nmv t6, s2\nmv a7, s2\n"
		"1: addi s3, s3, -1\nbnez s3, 1b\n"
		"xor s3, sp, s2\nxor gp, gp, s2\nor s3, s3, gp\nxor tp, tp, s2\nor s3, s3, tp\n"
		"xor ra, ra, s2\nor s3, s3, ra\nxor t0, t0, s2\nor s3, s3, t0\n"
		"xor t1, t1, s2\nor s3, s3, t1\nxor t6, t6, s2\nor s3, s3, t6\n"
		"xor a7, a7, s2\nor s3, s3, a7\n"
		"mv sp, s4\nmv gp, s5\nmv tp, s6\nmv ra, s7"
		: "+r"(s2), "+r"(s3)
		:
		: "s4", "s5", "s6", "s7", "a7", "t0", "t1", "t6", "memory");
	uint32_t changed = s3;

	must(changed == 0, "a register changed over an interrupt");
}

/* TRD104 gives the class the low eight bits; 0x100 is the kernel's own for "no class". */
ATTACK(class_beyond_a_byte, ENDS, "sets bits of the class register above the eight that count")
{
	must(sys(0x102, DRIVER_CONSOLE, 0, 0, 0).r[0] == SYSCALL_SUCCESS, "a command");
	must(sys(0x100, 9, 0, 0, 0).r[0] == 9, "a yield that does not exist");
	must(sys(0xFFFFFF05, MEMOP_RAM_START, 0, 0, 0).r[1] == memory(MEMOP_RAM_START), "memop");
}

ATTACK(class_511, FAULTS, "makes a system call of class 255 with a bit more")
{
	sys(0x1FF, 1, 2, 3, 4);
	succeeded("it came back");
}

ATTACK(stack_pointer_interrupts, ENDS, "is interrupted with its stack pointer elsewhere")
{
	for (uint32_t i = 0; i < BAD_STACKS; i += 3)
		spin_on(bad_stack(i));
}

ATTACK(restart_registers, ENDS, "restarts with its registers full: they are empty in its next life")
{
	uint32_t left;

	__asm__ volatile("or %0, s8, s9\nor %0, %0, s10\nor %0, %0, s11" : "=r"(left));
	must(left == 0, "registers outlived their process");
	if (marked(3))
		return;
	mark(3);
	__asm__ volatile("li s8, -1\nli s9, -1\nli s10, -1\nli s11, -1\n"
			 "li a4, 6\nli a0, 1\nli a1, 0\necall" ::
				 : "s8", "s9", "s10", "s11", "a0", "a1", "a2", "a3", "a4",
				   "memory");
}
